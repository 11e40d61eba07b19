"""Which applications a question finds, as fast among a million as among a thousand.

Reading keys out of an index takes half a microsecond each, reading an application's row forty, for its page has to be decrypted. So keys
are collected and intersected first, each way within a bound; rows are read for what will be shown. A part that meets its bound is common
(one surname, one digit): then the newest stand for all, and more of the question narrows them down. No answer is ever short or empty
because of a bound: if the bounded one does not fill the list, everything is looked through.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from app.adapters.store import search
from app.adapters.store.database import value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

MOST_TEXTS = 500
"""Newest matches that are read of one phrase."""

PAIRED = 8
"""So many times as many where another part has to be held too."""

MOST_WORDS = 2_000
"""Matches that are read of one beginning; they come in the order of words, not of time."""

RECENT = 4_000
"""So many newest applications are looked through for a beginning that is commoner than that."""

WIDER = 5
"""So many times these bounds, before everything is read."""

SLICES = (0, 100, 300, 800, 1_800)
"""Matches of one part are held against the others in steps that grow."""

FEW = 1_000
"""So many rows are looked at one by one sooner than a common phrase is read to its end."""

SHORT = 2
"""A beginning of no more characters is common: beside another part, what holds it is asked and not read."""

RANKED = 120
"""So many hits are put in order exactly."""


class _Read(NamedTuple):
    """What was read of one way. ``since``: all that it finds from this key on is among it; 0 when all was read."""

    way: search.Way
    keys: set[int]
    since: float

    @property
    def all(self) -> bool:
        return not self.since


class _Part(NamedTuple):
    """What was read of all ways to one part of the question."""

    reads: list[_Read]

    @property
    def keys(self) -> set[int]:
        return set().union(*(read.keys for read in self.reads))

    @property
    def all(self) -> bool:
        return all(read.all for read in self.reads)


def found(db: Database, text: str, limit: int) -> set[int]:
    """Return the keys of the applications that a question finds, at least ``limit`` of them if there are so many."""
    exact = search.exact(db, text)
    if exact is not None:
        return {exact}
    times = 1 + limit // MOST_TEXTS
    # What is rarer as a rule comes first: Chinese, then what is longer.
    asked = sorted(search.parts(text), key=lambda ways: (ways[0].word.isascii(), -len(ways[0].word)))
    if len(asked) < 2:  # noqa: PLR2004 - nothing to hold against each other
        return _Part([_read(db, way, times) for ways in asked for way in ways]).keys
    parts: list[_Part] = []
    for ways in asked:
        few = any(part.all and len(part.keys) <= FEW for part in parts)
        beside = few or (bool(parts) and len(ways[0].word) <= SHORT)
        parts.append(
            _Part([_unread(way) if beside and not way.phrase else _read(db, way, times * _paired(way)) for way in ways])
        )
    keys = _narrowed(db, parts, limit)
    if len(keys) >= limit or any(part.all for part in parts):
        return keys
    # All of it is common, and rare together. One of the parts may be not so very common.
    parts.sort(key=lambda part: max(read.since for read in part.reads))
    for at, part in enumerate(parts):
        wider = [read if read.all else _read(db, read.way, times * _paired(read.way) * WIDER) for read in part.reads]
        parts[at] = _Part(wider)
        if parts[at].all:
            return _narrowed(db, parts, limit)
    every = (_Part([read if read.all else _read(db, read.way, 0) for read in part.reads]) for part in parts)
    return set.intersection(*(part.keys for part in every))


def shown(db: Database, keys: set[int], limit: int) -> list[int]:
    """Return those of the keys that are worth reading: all if they are few, else what waits for somebody, and the newest of the rest."""
    if len(keys) <= max(RANKED, limit):
        return list(keys)
    waiting = keys & _waiting(db)
    return [*sorted(waiting, reverse=True)[:limit], *sorted(keys - waiting, reverse=True)[:limit]]


def _waiting(db: Database) -> set[int]:
    """Return the keys of what is still being written or came back; both are few, and both lie in an index."""
    sql = """SELECT key FROM (SELECT key FROM applications WHERE state IN ('draft', 'waiting') LIMIT 1000)
        UNION ALL SELECT key FROM (SELECT a.key FROM outbox o JOIN applications a ON a.id = o.application
            WHERE o.status = 'needs_you' LIMIT 200)"""
    return {key for (key,) in db.execute(sql).fetchall()}


def _paired(way: search.Way) -> int:
    return PAIRED if way.phrase else 1


def _unread(way: search.Way) -> _Read:
    """Return a way of which each key is asked for by itself."""
    return _Read(way, set(), math.inf)


def _read(db: Database, way: search.Way, times: int = 1) -> _Read:
    """Read a way up to its bound, ``times`` as much, or all of it for 0."""
    most = (MOST_TEXTS if way.phrase else MOST_WORDS) * times or -1
    if way.phrase:
        sql = f"SELECT rowid FROM {way.place} WHERE {way.place} MATCH ? ORDER BY rowid DESC LIMIT ?"  # noqa: S608 - one of two names
        keys = {key for (key,) in db.execute(sql, (way.match, most)).fetchall()}
        return _Read(way, keys, min(keys) if len(keys) == most else 0)
    sql = "SELECT application FROM finders WHERE kind = ? AND value >= ? AND value < ? LIMIT ?"
    read = db.execute(sql, (*way.reach, most)).fetchall()
    keys = {key for (key,) in read}
    if len(read) == most:
        return _Read(way, keys | _recent(db, way) | _holding_word(db, _waiting(db), [way]), math.inf)
    return _Read(way, keys, 0)


def _recent(db: Database, way: search.Way) -> set[int]:
    newest = value(db, "SELECT max(key) FROM applications") or 0
    sql = """SELECT application FROM finders INDEXED BY finders_application
        WHERE application > ? AND kind = ? AND value >= ? AND value < ? ORDER BY application DESC LIMIT 100"""
    return {key for (key,) in db.execute(sql, (newest - RECENT, *way.reach)).fetchall()}


def _narrowed(db: Database, parts: list[_Part], limit: int) -> set[int]:
    """Return what holds every part, out of what was read of the rarest: the newest first, ``limit`` and some more, or all."""
    rarest = min(parts, key=lambda part: (not part.all, part.all or not part.keys, len(part.keys)))
    held: set[int] = set()
    newest = sorted(rarest.keys, reverse=True)
    for start, end in pairwise((*SLICES, max(len(newest), SLICES[-1]))):
        some = set(newest[start:end])
        for part in parts:
            some = some if part is rarest else _holding(db, some, part)
        held |= some
        if len(held) >= limit:
            break
    return held


def _holding(db: Database, keys: set[int], part: _Part) -> set[int]:
    """Return those of the keys that hold a part as well. What was read is known; words are asked for sooner than texts."""
    held: set[int] = set()
    for read in part.reads:
        held |= keys & read.keys
    words = [read.way for read in part.reads if not read.all and not read.way.phrase]
    if words:
        held |= _holding_word(db, keys - held, words)
    for read in part.reads:
        left = {key for key in keys - held if key < read.since} if read.way.phrase and not read.all else None
        if left:
            held |= _holding_text(db, left, read.way)
    return held


def _holding_word(db: Database, keys: set[int], ways: Sequence[search.Way]) -> set[int]:
    # The plus signs keep SQLite from going through all words of each kind for the sake of the OR.
    any_way = " OR ".join("(+kind = ? AND +value >= ? AND +value < ?)" for _ in ways)
    sql = f"""SELECT application FROM finders INDEXED BY finders_application
        WHERE application IN (SELECT value FROM json_each(?)) AND ({any_way})"""  # noqa: S608 - question marks only
    reaches = (bound for way in ways for bound in way.reach)
    return {key for (key,) in db.execute(sql, (json.dumps(list(keys)), *reaches)).fetchall()}


def _holding_text(db: Database, keys: set[int], way: search.Way) -> set[int]:
    if len(keys) > FEW:
        sql = f"SELECT rowid FROM {way.place} WHERE {way.place} MATCH ? AND rowid BETWEEN ? AND ?"  # noqa: S608 - one of two names
        return keys & {key for (key,) in db.execute(sql, (way.match, min(keys), max(keys))).fetchall()}
    # Asking FTS5 for one row takes 200 µs, five times as long as reading it.
    sql = "SELECT key, found_by FROM applications WHERE key IN (SELECT value FROM json_each(?))"
    read = db.execute(sql, (json.dumps(list(keys)),)).fetchall()
    return {key for key, source in read if way.in_text(source)}
