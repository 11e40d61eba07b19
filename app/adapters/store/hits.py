"""Which applications a question finds, as fast among a million as among a thousand.

Going through the keys of an index takes a tenth of a microsecond each, reading an application's row or asking for one key forty, for its page
has to be decrypted. So keys are collected and intersected first, each way within a bound; rows are read for what will be shown. A part that
meets its bound is common (one surname, one digit): then the newest stand for all, and more of the question narrows them down. No answer
is ever short or empty because of a bound: if the bounded one does not fill the list, the rarest part is read to its end.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cached_property
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

MOST = 20_000
"""So many are read of a part that may be not so very common."""

MORE = 8
"""So many times as many are read next, as long as that is not all of any part."""

RUN = 50
"""So many words are gone through in their order sooner than one key is asked for, which may take a page of its own."""

TEXT_RUN = 400
"""So many matches of a phrase are gone through sooner than one row is read."""

FIRST = 100
"""So many matches of one part are held against the others first; how many of them hold says how many more are wanted."""

GROWTH = 8
"""So many times as many as were held against the others are held against them next, at most: a day's numbers lie together."""

FEW = 1_000
"""What is held by so many is asked whether it holds the next part, which is then not read."""

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


@dataclass
class _Part:
    """What was read of all ways to one part of the question; of how many keys it was ``asked`` whether they hold it, and how many did."""

    reads: list[_Read]
    asked: int = 0
    held: int = 0

    @cached_property
    def keys(self) -> set[int]:
        return set().union(*(read.keys for read in self.reads))

    @property
    def all(self) -> bool:
        return all(read.all for read in self.reads)

    @property
    def share(self) -> float:
        """The share of all applications that holds it, as far as it was asked."""
        return (self.held + 1) / (self.asked + 1)


def found(db: Database, text: str, limit: int) -> set[int]:
    """Return the keys of the applications that a question finds, at least ``limit`` of them if there are so many."""
    exact = search.exact(db, text)
    if exact is not None:
        return {exact}
    times = 1 + limit // MOST_TEXTS
    paired = times * PAIRED
    # What is rarer as a rule comes first: Chinese, then what is longer.
    asked = sorted(search.parts(text), key=lambda ways: (ways[0].word.isascii(), -len(ways[0].word)))
    if len(asked) < 2:  # noqa: PLR2004 - nothing to hold against each other
        return _Part([_begun(db, way, times) for ways in asked for way in ways]).keys
    parts: list[_Part] = []
    for ways in asked:
        few = any(part.all and len(part.keys) <= FEW for part in parts)
        beside = few or (bool(parts) and len(ways[0].word) <= SHORT)
        parts.append(_Part([_begun(db, way, paired if way.phrase else 0 if beside else times) for way in ways]))
    keys = _narrowed(db, parts, limit)
    if len(keys) >= limit or any(part.all for part in parts):
        return keys
    # All of it is common, and rare together: the part that takes the least is read to its end.
    most = MOST
    while True:
        for part in sorted(parts, key=lambda part: part.share):
            wider = replace(part, reads=[read if read.all else _read(db, read.way, most) for read in part.reads])
            if wider.all:
                return _narrowed(db, [wider, *(other for other in parts if other is not part)], limit)
        most *= MORE


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


def _begun(db: Database, way: search.Way, times: int) -> _Read:
    """Read a way up to its bound, ``times`` as much; for 0 nothing is read, and each key asked for by itself."""
    if not times:
        return _Read(way, set(), math.inf)
    read = _read(db, way, times * (MOST_TEXTS if way.phrase else MOST_WORDS))
    if read.all or way.phrase:
        return read
    return read._replace(keys={*read.keys, *_recent(db, way), *_probed(db, _waiting(db), [way])})


def _read(db: Database, way: search.Way, most: int) -> _Read:
    """Read at most so many of a way: of a phrase the newest, of words the first."""
    sql, asked = _asked(way)
    order = "ORDER BY rowid DESC" if way.phrase else ""
    keys = _keys(db, f"{sql} {order} LIMIT ?", (*asked, most))
    return _Read(way, set(keys), 0 if len(keys) < most else min(keys) if way.phrase else math.inf)


def _asked(way: search.Way) -> tuple[str, tuple[str, ...]]:
    """Return the question for the keys of a way, and what is asked."""
    if way.phrase:
        return f"SELECT rowid AS key FROM {way.place} WHERE {way.place} MATCH ?", (way.match,)  # noqa: S608 - one of two names
    return "SELECT application AS key FROM finders WHERE kind = ? AND value >= ? AND value < ?", way.reach


def _keys(db: Database, sql: str, params: Sequence[object]) -> list[int]:
    """Return the keys that a question finds, in one text: a row for each takes Python three times as long."""
    found: list[int] = json.loads(value(db, f"SELECT json_group_array(key) FROM ({sql})", tuple(params)))  # noqa: S608 - our own
    return found


def _run(db: Database, keys: set[int], ways: Sequence[search.Way], most: int) -> set[int] | None:
    """Return those of the keys that a way finds, by going through all that they find; None when that is ``most`` or more."""
    asked = [_asked(way) for way in ways]
    union = " UNION ALL ".join(sql for sql, _ in asked)
    among, wanted = _among(keys)
    sql = f"SELECT count(*), json_group_array(key) FILTER (WHERE {among}) FROM (SELECT * FROM ({union}) LIMIT ?)"  # noqa: S608 - our own
    number, held = db.execute(sql, (*wanted, *(one for _, some in asked for one in some), most)).fetchone()
    return None if number == most else keys.intersection(json.loads(held))


def _among(keys: set[int]) -> tuple[str, tuple[str, ...]]:
    """Return a condition to meet only these keys; none for very many, which are known sooner here than by SQLite."""
    return ("TRUE", ()) if len(keys) > MOST else ("+key IN (SELECT value FROM json_each(?))", (json.dumps(sorted(keys)),))


def _newest(db: Database) -> int:
    return int(value(db, "SELECT max(key) FROM applications") or 0)


def _recent(db: Database, way: search.Way) -> list[int]:
    sql = """SELECT application AS key FROM finders INDEXED BY finders_application
        WHERE application > ? AND kind = ? AND value >= ? AND value < ? ORDER BY application DESC LIMIT 100"""
    return _keys(db, sql, (_newest(db) - RECENT, *way.reach))


def _narrowed(db: Database, parts: list[_Part], limit: int) -> set[int]:
    """Return what holds every part, out of what was read of the rarest: the newest first, ``limit`` and some more, or all."""
    rarest = min(parts, key=lambda part: (not part.all, part.all or not part.keys, len(part.keys)))
    others = [part for part in parts if part is not rarest]
    held: set[int] = set()
    newest = sorted(rarest.keys, reverse=True)
    at, some = 0, FIRST
    while at < len(newest) and len(held) < limit:
        left = set(newest[at : at + some])
        for part in sorted(others, key=lambda part: part.share):
            asked, left = left, _holding(db, left, part)
            part.asked += len(asked)
            part.held += len(left)
        held |= left
        at += some
        # As many as will fill the list if the rest is like these, and a quarter more; all that is left when that is most of it.
        some = min(at * GROWTH, 1 + (limit - len(held)) * at * 5 // (4 * (len(held) + 1)))
        some = some if some * 3 < (len(newest) - at) * 2 else len(newest)
    return held


def _holding(db: Database, keys: set[int], part: _Part) -> set[int]:
    """Return those of the keys that hold a part as well. What was read is known; words are asked for sooner than texts."""
    held: set[int] = set()
    for read in part.reads:
        held |= keys & read.keys
    words = [read.way for read in part.reads if not read.all and not read.way.phrase]
    if words:
        held |= _holding_word(db, keys - held, words, part.share * _newest(db))
    for read in part.reads:
        left = {key for key in keys - held if key < read.since} if read.way.phrase and not read.all else None
        if left:
            held |= _holding_text(db, left, read)
    return held


def _holding_word(db: Database, keys: set[int], ways: Sequence[search.Way], likely: float) -> set[int]:
    # What keys are asked for one by one lies on as many pages, a run of words side by side on few.
    most = len(keys) * RUN
    held = _run(db, keys, ways, most) if likely < most else None
    return _probed(db, keys, ways) if held is None else held


def _probed(db: Database, keys: set[int], ways: Sequence[search.Way]) -> set[int]:
    """Return those of the keys that a way finds, each asked for by itself."""
    # The plus signs keep SQLite from going through all words of each kind for the sake of the OR.
    any_way = " OR ".join("(+kind = ? AND +value >= ? AND +value < ?)" for _ in ways)
    sql = f"""SELECT application AS key FROM finders INDEXED BY finders_application
        WHERE application IN (SELECT value FROM json_each(?)) AND ({any_way})"""  # noqa: S608 - question marks only
    reaches = (bound for way in ways for bound in way.reach)
    return set(_keys(db, sql, (json.dumps(list(keys)), *reaches)))


def _holding_text(db: Database, keys: set[int], read: _Read) -> set[int]:
    way = read.way
    # As many as there will be from the oldest of these to what was read, told from how many were read since.
    between = (read.since - min(keys)) * len(read.keys) / (_newest(db) - read.since + 1)
    if between < len(keys) * TEXT_RUN:
        among, wanted = _among(keys)
        sql, asked = _asked(way)
        sql = f"SELECT key FROM ({sql} AND rowid BETWEEN ? AND ?) WHERE {among}"  # noqa: S608 - our own
        return keys.intersection(_keys(db, sql, (*asked, min(keys), max(keys), *wanted)))
    # Asking FTS5 for one row takes 200 µs, five times as long as reading it.
    sql = "SELECT key, found_by FROM applications WHERE key IN (SELECT value FROM json_each(?))"
    rows = db.execute(sql, (json.dumps(list(keys)),)).fetchall()
    return {key for key, source in rows if way.in_text(source)}
