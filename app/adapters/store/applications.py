"""Applications as rows: the whole record as JSON, and beside it the columns that lists, counts and search need."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from app.adapters.store import followups, hits, originals, search, telling
from app.adapters.store.database import row, rows, value
from app.adapters.store.tallies import tallies
from app.core.application import Application, State
from app.core.characters import fold
from app.core.errors import StoreError
from app.core.record import from_record, to_record
from app.core.renewal import window
from app.services.ports import Counts, Entry, Queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

OPEN = (State.DRAFT, State.WAITING)
"""States in which an application is still being written."""

ENTRY = """SELECT a.id, coalesce(a.number, '') AS number, a.state, o.status AS queue, a.name, a.cert_number, a.phone, a.sex, a.birth,
    a.by_agent, a.kind, a.diseases, a.step, a.region, a.author, a.updated_at, a.accepted_at, a.due, a.due_provisional,
    a.pages, a.bytes, iif(a.note <> '', a.note, coalesce(o.needs_you, '')) AS note, a.handed, a.told_at, a.deadline, a.lacking,
    a.lacks, iif(a.state = 'approved' AND a.expires <> '-', a.expires, '') AS expires, a.reckoned,
    coalesce(o.received_at, '') AS received_at
    FROM applications a LEFT JOIN outbox o ON o.application = a.id"""

# Drafts first, then what still waits for somebody here, then what is gone, former years, void last.
_RANK = """CASE
    WHEN a.state = 'draft' THEN 0 WHEN a.state = 'waiting' THEN 1 WHEN a.state = 'void' THEN 9
    WHEN o.status = 'needs_you' THEN 2 WHEN o.status = 'here' THEN 3 WHEN o.status = 'copied' THEN 4
    WHEN a.state IN ('approved', 'refused') AND a.accepted_at < :year THEN 7 WHEN o.status = 'received' THEN 5 ELSE 6 END"""

_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_OWING = "a.lacking > 0 AND a.state NOT IN ('draft', 'waiting', 'void', 'refused')"

_COLUMNS = (
    "id",
    "revision",
    "state",
    "region",
    "region_version",
    "kind",
    "by_agent",
    "step",
    "author",
    "name",
    "cert_number",
    "phone",
    "sex",
    "birth",
    "diseases",
    "number",
    "accepted_at",
    "due",
    "due_provisional",
    "pages",
    "bytes",
    "created_at",
    "updated_at",
    "saved_by",
    "touched",
    "told_at",
    "deadline",
    "lacking",
    "lacks",
    "record",
)
_UPSERT = (
    f"INSERT INTO applications ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + c for c in _COLUMNS)}) ON CONFLICT (id) DO UPDATE SET "  # noqa: S608 - our own column names
    + ", ".join(f"{c} = excluded.{c}" for c in _COLUMNS if c not in {"id", "created_at"})
    + " RETURNING key"
)


def standing(db: Database, id_: str) -> dict[str, Any] | None:
    """Return how an application stands: state, revision, who stored it last, to whom it was given; None when it was never stored."""
    return row(db, "SELECT state, revision, saved_by, handed FROM applications WHERE id = ?", (id_,))


def write(db: Database, application: Application, *, at: str, who: str) -> None:
    """Store the application whole, with its columns and search keys, inside the caller's transaction."""
    key = value(db, _UPSERT, _row(db, application, at, who))
    search.index(db, key, application)


def read(db: Database, id_: str) -> Application | None:
    """Return an application as last stored. StoreError when its record cannot be read by this program."""
    found = row(db, "SELECT record, state, revision FROM applications WHERE id = ?", (id_,))
    if found is None:
        return None
    try:
        application = from_record(json.loads(found["record"]))
    except ValueError as error:
        raise StoreError(
            "这件申请的记录读不出来，别的件不受影响。用第二副本里的这一件，或把程序升级", f"record {id_}"
        ) from error
    return replace(application, state=State(found["state"]), revision=found["revision"])


def discard(db: Database, id_: str, reason: str, at: str) -> None:
    """Mark a draft void, inside the caller's transaction. The reason stays with the row, not in the audit: it is free text."""
    db.execute(
        "UPDATE applications SET state = 'void', note = ?, updated_at = ?, touched = ? WHERE id = ?",
        (_stored(reason), at, _touch(db), id_),
    )


def move(db: Database, id_: str, state: State, at: str) -> None:
    """Let an application stand elsewhere, inside the caller's transaction."""
    db.execute(
        "UPDATE applications SET state = ?, updated_at = ?, touched = ? WHERE id = ?", (state.value, at, _touch(db), id_)
    )


def give(db: Database, id_: str, to: str, at: str) -> None:
    """Mark a draft as given to somebody else, or with '' as this counter's own again, inside the caller's transaction."""
    db.execute(
        "UPDATE applications SET handed = ?, updated_at = ?, touched = ? WHERE id = ?", (_stored(to), at, _touch(db), id_)
    )


def entries(db: Database, states: Sequence[State], queue: Queue | None, day: str, limit: int) -> list[Entry]:
    """Return a list, last touched first; no states means all. Of more than ``limit`` in a queue those queued last are taken."""
    params = {"limit": limit, "day": day, "after": day + "~", "queue": queue}
    params |= {f"state{at}": state.value for at, state in enumerate(states)}
    picked = " UNION ALL ".join(_picks(states, queue, day))
    sql = f"{ENTRY} WHERE a.key IN ({picked}) ORDER BY a.touched DESC LIMIT :limit"
    return [_entry(found) for found in rows(db, sql, params)]


def _picks(states: Sequence[State], queue: Queue | None, day: str) -> list[str]:
    """Return questions for the keys of a list, each answered out of one index in its order, or out of few rows."""
    if queue is not None or day:
        source, conditions, order = "applications a", [], "a.touched"
        if queue is not None:
            source = "outbox o JOIN applications a ON a.id = o.application"
            conditions.append("o.status = :queue")
            order = "o.rowid"
        if day:
            conditions.append("a.accepted_at >= :day AND a.accepted_at < :after AND a.accepted_at <> ''")
            order = "+a.touched"  # a day is few, and the index of days finds them
        if states:
            conditions.append(f"a.state IN ({', '.join(f':state{at}' for at in range(len(states)))})")
        held = " AND ".join(conditions)
        return [f"SELECT * FROM (SELECT a.key FROM {source} WHERE {held} ORDER BY {order} DESC LIMIT :limit)"]  # noqa: S608 - our own words
    kept = [f"WHERE state = :state{at}" for at in range(len(states))] or [""]
    return [f"SELECT * FROM (SELECT key FROM applications {one} ORDER BY touched DESC LIMIT :limit)" for one in kept]  # noqa: S608


def listed(db: Database, sql: str, params: dict[str, Any]) -> list[Entry]:
    """Return the rows of a question that begins with :data:`ENTRY`."""
    return [_entry(one) for one in rows(db, sql, params)]


def found(db: Database, text: str, limit: int, year: str = "") -> list[Entry]:
    """Return what a search finds: the one that a scanned code names, else drafts first, then by how far they are from done, last touched first.

    What was decided on before ``year`` (four digits) comes behind all that is of it. Of very many (:data:`hits.RANKED`) these are the ones that wait for somebody here, and the newest.
    """
    code = "".join(fold(text).split()).upper()
    if _ID.fullmatch(code):
        # What the one-time notice bears while there is no acceptance number.
        scanned = listed(db, f"{ENTRY} WHERE a.id = :id", {"id": code})
        if scanned:
            return scanned
    keys = hits.shown(db, hits.found(db, text, limit), limit)
    sql = f"{ENTRY} WHERE a.key IN (SELECT value FROM json_each(:keys)) ORDER BY {_RANK}, a.touched DESC LIMIT :limit"  # noqa: S608 - our own words
    return listed(db, sql, {"keys": json.dumps(keys), "limit": limit, "year": year})


def counts(db: Database, day: str) -> Counts:
    """Return what the workbench shows. Drafts are all that are still being written, waiting ones included."""
    today = value(
        db,
        "SELECT count(*) FROM applications WHERE accepted_at >= ? AND accepted_at < ? AND accepted_at <> ''",
        (day, day + "~"),
    )
    waiting = value(db, "SELECT count(*) FROM applications WHERE state = 'waiting'")
    owing = value(db, f"SELECT count(*) FROM applications a WHERE {_OWING}")  # noqa: S608 - our own words
    ending = window(date.fromisoformat(day))
    more = followups.counted(db, day, *ending) | tallies(db)
    received = more.pop("office")
    return Counts(today=today, waiting=waiting, deferred=owing, untold=telling.untold(db), received=received, **more)


def keep_expiry(db: Database, id_: str, day: str, *, reckoned: bool) -> None:
    """Remember when an approval ends ('' : nobody says), inside the caller's transaction. Only while it is approved."""
    db.execute(
        "UPDATE applications SET expires = ?, reckoned = ? WHERE id = ? AND state = 'approved'",
        (day or "-", int(reckoned), id_),
    )


def forget_expiry(db: Database, id_: str) -> None:
    """Have it looked at anew when the approval ends, inside the caller's transaction: the office said something else."""
    db.execute("UPDATE applications SET expires = '', reckoned = 0 WHERE id = ? AND expires <> ''", (id_,))


def next_sequence(db: Database, day: str) -> int:
    """Return the sequence after the last one used on this day."""
    return int(value(db, "SELECT last FROM numbers WHERE day = ?", (day,)) or 0) + 1


def use_sequence(db: Database, day: str, sequence: int) -> None:
    """Note that a sequence is used up, inside the caller's transaction. One that lies ahead takes those before it along."""
    db.execute(
        "INSERT INTO numbers (day, last) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET last = max(last, excluded.last)",
        (day, sequence),
    )


def taken(db: Database, number: str, id_: str) -> bool:
    """Return whether another application bears this number."""
    return bool(value(db, "SELECT 1 FROM applications WHERE number = ? AND id <> ?", (number, id_)))


def _touch(db: Database) -> int:
    return int(value(db, "SELECT coalesce(max(touched), 0) FROM applications")) + 1


def _row(db: Database, application: Application, at: str, who: str) -> dict[str, Any]:
    person, acceptance, pages = application.applicant, application.acceptance, originals.shown(application)
    numbered = acceptance or (application.mends.acceptance if application.mends else None)
    columns: dict[str, Any] = {
        "id": application.id,
        "revision": application.revision,
        "state": application.state.value,
        "region": application.region,
        "region_version": application.region_version,
        "kind": application.kind,
        "by_agent": int(application.by_agent),
        "step": application.step,
        "author": application.author,
        "name": person.name,
        "cert_number": person.cert_number,
        "phone": person.phone,
        "sex": person.sex,
        "birth": person.birth,
        "diseases": "、".join(disease.name for disease in application.diseases if disease.name),
        "number": numbered.number if numbered else None,
        "accepted_at": acceptance.accepted_at if acceptance else "",
        "due": acceptance.due if acceptance else "",
        "due_provisional": int(acceptance.due_provisional) if acceptance else 0,
        "pages": len(pages),
        "bytes": originals.size(db, pages) if pages else 0,
        "created_at": at,
        "updated_at": at,
        "saved_by": who,
        "touched": _touch(db),
        **_lacking(application),
        # ASCII JSON, so that even half a surrogate pair comes back as it was typed.
        "record": json.dumps(to_record(application), separators=(",", ":")),
    }
    return {name: _stored(entry) if isinstance(entry, str) else entry for name, entry in columns.items()}


def _lacking(application: Application) -> dict[str, Any]:
    """Return what a list says of papers still to come: of a notice that was given, or owed by an accepted application."""
    waiting = application.waiting
    if application.state is State.WAITING and waiting is not None:
        told, names = waiting.given_at, [gap.name for gap in waiting.gaps]
        return {"told_at": told, "deadline": waiting.until, "lacking": len(names), "lacks": "、".join(names)}
    owed = application.owed if application.acceptance is not None else ()
    deadline = min((one.due for one in owed if one.due), default="")
    return {"told_at": "", "deadline": deadline, "lacking": len(owed), "lacks": "、".join(one.name for one in owed)}


def deferred(db: Database, day: str, limit: int) -> list[Entry]:
    """Return accepted applications whose deferred papers have not come, the one due first on top, those without a day last."""
    until = "AND a.deadline <> '' AND a.deadline <= :day" if day else ""
    sql = f"""{ENTRY} WHERE {_OWING} {until}
        ORDER BY a.deadline = '', a.deadline, a.touched LIMIT :limit"""
    return [_entry(found) for found in rows(db, sql, {"day": day, "limit": limit})]


def _stored(text: str) -> str:
    """Return text as SQLite can keep it; half a surrogate pair becomes a question mark in the list's columns only."""
    return text.encode("utf-8", "replace").decode()


def _entry(found: dict[str, Any]) -> Entry:
    return Entry(
        **{
            **found,
            "state": State(found["state"]),
            "queue": Queue(found["queue"]) if found["queue"] else None,
            "by_agent": bool(found["by_agent"]),
            "due_provisional": bool(found["due_provisional"]),
            "reckoned": bool(found["reckoned"]),
        }
    )
