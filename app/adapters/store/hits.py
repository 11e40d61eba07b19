"""Which applications a question finds, as fast among a million as among a thousand.

Reading keys out of an index takes half a microsecond each, reading an application's row forty, for its page has to be decrypted. So keys
are collected and intersected first, each way within a bound; rows are read for what will be shown. A part that meets its bound is common
(one surname, one digit): then the newest stand for all, and more of the question narrows them down. No answer is ever short or empty
because of a bound: if the bounded one does not fill the list, everything is looked through.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from app.adapters.store import search
from app.adapters.store.database import value

if TYPE_CHECKING:
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

RANKED = 120
"""So many hits are put in order exactly."""


class _Read(NamedTuple):
    """What was read of one way, and whether that is all of it."""

    way: search.Way
    keys: set[int]
    all: bool


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
    asked = search.parts(text)
    paired = PAIRED if len(asked) > 1 else 1
    parts = [_Part([_read(db, way, times * (paired if way.phrase else 1)) for way in ways]) for ways in asked]
    if len(parts) < 2:  # noqa: PLR2004 - nothing to hold against each other
        return parts[0].keys if parts else set()
    keys = _narrowed(db, parts, limit)
    if len(keys) >= limit or any(part.all for part in parts):
        return keys
    # All of it is common, and rare together. One of the parts may be not so very common.
    parts = [
        _Part(
            [
                read if read.all else _read(db, read.way, times * PAIRED * WIDER if read.way.phrase else times * WIDER)
                for read in part.reads
            ]
        )
        for part in parts
    ]
    if any(part.all for part in parts):
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


def _read(db: Database, way: search.Way, times: int = 1) -> _Read:
    """Read a way up to its bound, ``times`` as much, or all of it for 0."""
    most = (MOST_TEXTS if way.phrase else MOST_WORDS) * times or -1
    if way.phrase:
        sql = f"SELECT rowid FROM {way.place} WHERE {way.place} MATCH ? ORDER BY rowid DESC LIMIT ?"  # noqa: S608 - one of two names
        keys = {key for (key,) in db.execute(sql, (way.match, most)).fetchall()}
    else:
        sql = "SELECT application FROM finders WHERE kind = ? AND value >= ? AND value < ? LIMIT ?"
        read = db.execute(sql, (*way.reach, most)).fetchall()
        keys = {key for (key,) in read}
        if len(read) == most:
            return _Read(way, keys | _recent(db, way) | _holding_word(db, _waiting(db), way), all=False)
    return _Read(way, keys, all=len(keys) != most)


def _recent(db: Database, way: search.Way) -> set[int]:
    newest = value(db, "SELECT max(key) FROM applications") or 0
    sql = """SELECT application FROM finders INDEXED BY finders_application
        WHERE application > ? AND kind = ? AND value >= ? AND value < ? ORDER BY application DESC LIMIT 100"""
    return {key for (key,) in db.execute(sql, (newest - RECENT, *way.reach)).fetchall()}


def _narrowed(db: Database, parts: list[_Part], limit: int) -> set[int]:
    """Return what holds every part, out of what was read of the rarest: the newest first, ``limit`` and some more, or all."""
    rarest = min(parts, key=lambda part: (not part.all, len(part.keys)))
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
    """Return those of the keys that hold a part as well. What was read whole is known; words are asked for sooner than texts."""
    held: set[int] = set()
    for read in sorted(part.reads, key=lambda read: (not read.all, read.way.phrase)):
        left = keys - held
        if read.all:
            held |= left & read.keys
        elif left:
            held |= _holding_text(db, left, read.way) if read.way.phrase else _holding_word(db, left, read.way)
    return held


def _holding_word(db: Database, keys: set[int], way: search.Way) -> set[int]:
    sql = """SELECT application FROM finders INDEXED BY finders_application
        WHERE application IN (SELECT value FROM json_each(?)) AND kind = ? AND value >= ? AND value < ?"""
    return {key for (key,) in db.execute(sql, (json.dumps(list(keys)), *way.reach)).fetchall()}


def _holding_text(db: Database, keys: set[int], way: search.Way) -> set[int]:
    if len(keys) > FEW:
        sql = f"SELECT rowid FROM {way.place} WHERE {way.place} MATCH ? AND rowid BETWEEN ? AND ?"  # noqa: S608 - one of two names
        return keys & {key for (key,) in db.execute(sql, (way.match, min(keys), max(keys))).fetchall()}
    # Asking FTS5 for one row takes 200 µs, five times as long as reading it.
    sql = "SELECT key, found_by FROM applications WHERE key IN (SELECT value FROM json_each(?))"
    read = db.execute(sql, (json.dumps(list(keys)),)).fetchall()
    return {key for key, source in read if way.in_text(source)}
