"""Lists of what comes up again: ends of benefits, promised days, the same person, what was opened last. No question reads a whole table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.adapters.store import applications, search
from app.adapters.store.database import rows, value
from app.services.ports import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from app.services.ports import Entry

MOST_COUNTED = 999
"""Counts of lists that grow without end stop here: nobody calls more people in a day."""

_LOOKED_BACK = 400
"""So many audit rows are looked through for what was opened last."""

# Renewed: a later application of the same person that renews, for the same disease or for one not chosen yet.
_RENEWED = """SELECT 1 FROM applications b INDEXED BY applications_renewing
    WHERE b.kind = 'renewal' AND b.state <> 'void' AND upper(b.cert_number) = upper(a.cert_number) AND b.key > a.key
    AND (instr(a.diseases, b.diseases) > 0 OR instr(b.diseases, a.diseases) > 0)"""
_ENDING = f"""a.state = 'approved' AND a.expires >= :first AND a.expires <= :last
    AND (a.cert_number = '' OR NOT EXISTS ({_RENEWED}))"""
_BY_END = "applications a INDEXED BY applications_expires"
_OWED = "a.due <> '' AND a.state IN ('ready', 'sent') AND a.due <= :day"
_BY_PROMISE = "applications a INDEXED BY applications_owed"


def same_person(db: Database, cert_number: str, limit: int) -> list[Entry]:
    """Return every application under this certificate number as it is compared in a search."""
    cert = search.fold(cert_number)
    if not cert:
        return []
    keys = "SELECT application FROM finders WHERE kind = 'cert' AND value = :cert LIMIT 200"
    sql = f"{applications.ENTRY} WHERE a.key IN ({keys}) ORDER BY a.touched DESC LIMIT :limit"
    return applications.listed(db, sql, {"cert": cert, "limit": limit})


def renewals(db: Database, first: str, last: str, limit: int) -> list[Entry]:
    """Return what ends between two days and is not being renewed, by the day."""
    keys = f"SELECT a.key FROM {_BY_END} WHERE {_ENDING} ORDER BY a.expires LIMIT :limit"  # noqa: S608 - our own words
    sql = f"{applications.ENTRY} WHERE a.key IN ({keys}) ORDER BY a.expires, a.key"
    return applications.listed(db, sql, {"first": first, "last": last, "limit": limit})


def overdue(db: Database, day: str, limit: int) -> list[Entry]:
    """Return what the office owes by this day, by the promised day."""
    keys = f"SELECT a.key FROM {_BY_PROMISE} WHERE {_OWED} ORDER BY a.due LIMIT :limit"  # noqa: S608 - our own words
    sql = f"{applications.ENTRY} WHERE a.key IN ({keys}) ORDER BY a.due, a.key"
    return applications.listed(db, sql, {"day": day, "limit": limit})


def opened(db: Database, limit: int) -> list[Entry]:
    """Return what was opened, begun or gone on with last; each once."""
    sql = """SELECT subject FROM (SELECT seq, act, subject FROM audit ORDER BY seq DESC LIMIT ?)
        WHERE act IN ('view', 'create', 'continue', 'finalise') AND subject <> '' ORDER BY seq DESC"""
    ids = list(dict.fromkeys(found[0] for found in db.execute(sql, (_LOOKED_BACK,)).fetchall()))[:limit]
    sql = f"{applications.ENTRY} WHERE a.id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - our own words
    found = {entry.id: entry for entry in applications.listed(db, sql, {"ids": json.dumps(ids)})}
    return [found[id_] for id_ in ids if id_ in found]


def untold(db: Database, limit: int) -> list[Entry]:
    """Return what was decided and nobody heard, the last one that moved first."""
    sql = f"""{applications.ENTRY} WHERE a.untold = 1 AND a.state IN ('supplement', 'approved', 'refused', 'draft', 'waiting')
        ORDER BY a.touched DESC LIMIT :limit"""
    return applications.listed(db, sql, {"limit": limit})


def told_rows(db: Database, ids: Sequence[str]) -> list[AuditEntry]:
    """Return what the audit says of attempts to tell somebody, oldest first: out of the index of subjects, one application at a time."""
    sql = """SELECT audit.at, audit.who, audit.act, audit.subject, audit.what FROM json_each(?) wanted
        CROSS JOIN audit ON audit.subject = wanted.value AND audit.act = 'told' ORDER BY audit.seq"""
    return [AuditEntry(**one) for one in rows(db, sql, (json.dumps(list(ids)),))]


def unreckoned(db: Database, limit: int) -> list[str]:
    """Return approvals nobody looked at, out of an index that holds only these."""
    sql = "SELECT id FROM applications INDEXED BY applications_unreckoned WHERE state = 'approved' AND expires = '' LIMIT ?"
    return [found[0] for found in db.execute(sql, (limit,)).fetchall()]


def counted(db: Database, day: str, first: str, last: str) -> dict[str, int]:
    """Return how many end, and how many the office owes; no more than :data:`MOST_COUNTED` of each."""
    most = {"most": MOST_COUNTED}
    ending = f"SELECT count(*) FROM (SELECT 1 FROM {_BY_END} WHERE {_ENDING} LIMIT :most)"  # noqa: S608 - our own words
    owed = f"SELECT count(*) FROM (SELECT 1 FROM {_BY_PROMISE} WHERE {_OWED} LIMIT :most)"  # noqa: S608 - our own words
    return {
        "renewals": value(db, ending, {"first": first, "last": last, **most}),
        "overdue": value(db, owed, {"day": day, **most}),
    }
