"""Who looked a second time at what was accepted, and what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.adapters.store.database import rows, value
from app.core.second_look import Look, Sighting, Verdict, returned_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

_COLUMNS = "application, revision, at, who, verdict, note"
_ACCEPTED = "coalesce(nullif(a.record ->> '$.accepted_as', 0), a.revision)"
"""The revision it was accepted as (:func:`app.core.second_look.accepted_as`)."""

_CORRECTED = "coalesce(nullif(a.record ->> '$.mends.since', 0), a.record ->> '$.mends.revision')"
"""The same of the version that a draft mends."""


def stands(db: Database, application: str) -> int:
    """Return the revision an application was accepted as; 0 while it is not accepted."""
    sql = f"SELECT {_ACCEPTED} FROM applications a WHERE a.id = ? AND a.accepted_at <> ''"  # noqa: S608 - our own words
    return int(value(db, sql, (application,)) or 0)


def gone(db: Database, application: str) -> bool:
    """Whether a queued application left the counter already."""
    return bool(
        value(db, "SELECT 1 FROM outbox WHERE application = ? AND (copied_at <> '' OR received_at <> '')", (application,))
    )


def keep(db: Database, look: Look) -> None:
    """Keep a look, inside the caller's transaction; what was sent back needs somebody, and no more once it was passed."""
    db.execute(f"INSERT INTO looks ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", tuple(_values(look)))  # noqa: S608
    if look.verdict is Verdict.RETURNED:
        sql = "UPDATE outbox SET needs_you = ? WHERE application = ? AND needs_you = ''"
        db.execute(sql, (returned_words(look.note), look.application))
    else:
        notes = rows(db, "SELECT note FROM looks WHERE application = ? AND verdict = 'returned'", (look.application,))
        said = json.dumps([returned_words(one["note"]) for one in notes])
        sql = "UPDATE outbox SET needs_you = '' WHERE application = ? AND needs_you IN (SELECT value FROM json_each(?))"
        db.execute(sql, (look.application, said))


def of(db: Database, application: str) -> list[Look]:
    """Return every look at an application, oldest first."""
    found = rows(db, f"SELECT {_COLUMNS} FROM looks WHERE application = ? ORDER BY id", (application,))  # noqa: S608
    return [_look(one) for one in found]


def sightings(db: Database, ids: Sequence[str]) -> list[Sighting]:
    """Return the accepted ones among these with the newest look, and those that are being corrected after one sent them back."""
    sql = f"""SELECT a.id, a.region, a.region_version, {_ACCEPTED} AS accepted_as, a.accepted_at,
            l.application, l.revision, l.at, l.who, l.verdict, l.note
        FROM json_each(?) wanted JOIN applications a ON a.id = wanted.value
        LEFT JOIN looks l ON l.id = (SELECT max(id) FROM looks WHERE application = a.id AND revision <= {_ACCEPTED})
        WHERE a.accepted_at <> ''
        OR (a.state IN ('draft', 'waiting') AND l.verdict = 'returned' AND l.revision = {_CORRECTED})"""  # noqa: S608 - our own words
    return [_sighting(one) for one in rows(db, sql, (json.dumps(list(ids)),))]


def _sighting(found: dict[str, Any]) -> Sighting:
    """Return a row of :func:`sightings`; a draft stands for the version that it corrects."""
    look = _look(found) if found["verdict"] else None
    accepted_as = found["accepted_as"] if found["accepted_at"] or look is None else look.revision
    plain = {name: found[name] for name in ("id", "region", "region_version", "accepted_at")}
    own = look is not None and look.revision == accepted_as
    before = look if look is not None and not own and look.verdict is Verdict.RETURNED else None
    return Sighting(**plain, accepted_as=accepted_as, look=look if own else None, before=before)


def sent_back(db: Database, application: str) -> bool:
    """Whether the newest look at an accepted version sent it back."""
    found = sightings(db, [application])
    return any(one.accepted_at and one.look is not None and one.look.verdict is Verdict.RETURNED for one in found)


def _values(look: Look) -> tuple[str | int, ...]:
    return look.application, look.revision, look.at, look.who, look.verdict.value, look.note


def _look(found: dict[str, Any]) -> Look:
    plain = ("application", "revision", "at", "who", "note")
    return Look(**{name: found[name] for name in plain}, verdict=Verdict(found["verdict"]))
