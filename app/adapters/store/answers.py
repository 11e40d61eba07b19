"""What was handed over, what the office says it holds, and the originals that may go for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store import inbox, originals
from app.adapters.store.database import row, rows, value
from app.core.answer_states import same_version
from app.core.application import State
from app.core.retention import Delivered, Purged
from app.services.ports import Answered

if TYPE_CHECKING:
    from sqlite_utils import Database

    from app.core.received import Received

_MATCHES = """EXISTS (SELECT 1 FROM sent s
    WHERE s.application = o.application AND s.digest = o.received_digest AND s.revision = o.revision)"""
_PAGES = "EXISTS (SELECT 1 FROM originals p WHERE p.application = o.application)"


def sent(db: Database, application: str, digest: str, at: str, who: str) -> bool:
    """Note the digest of a whole hand-over, inside the caller's transaction; return whether it is a new one of a queued application."""
    cursor = db.execute(
        """INSERT INTO sent (application, digest, revision, at, who)
            SELECT application, ?, revision, ?, ? FROM outbox WHERE application = ? ON CONFLICT DO NOTHING""",
        (digest, at, who, application),
    )
    return cursor.rowcount == 1


def take(db: Database, answer: Received, at: str, who: str) -> Answered:
    """Apply a verified answer inside the caller's transaction, or say why not; nothing is changed then."""
    known = row(db, "SELECT application, revision, digest, at, given_by FROM answers WHERE seq = ?", (answer.seq,))
    said = {
        "application": answer.application,
        "revision": answer.revision,
        "digest": answer.digest,
        "at": answer.at,
        "given_by": answer.by,
    }
    if known is not None:
        return Answered.KNOWN if known == said else Answered.OTHER
    sealed = row(db, "SELECT body FROM inbox WHERE seq = ?", (answer.seq,))
    if sealed is not None:
        return Answered.OTHER  # the number was given to an answer that came sealed, and that one names another digest
    queued = row(db, "SELECT revision, received_at, received_digest FROM outbox WHERE application = ?", (answer.application,))
    if queued is None:
        return Answered.FOREIGN
    handed = "SELECT 1 FROM sent WHERE application = ? AND digest = ? AND revision = ?"
    same = same_version(answer.revision, queued["revision"], inbox.since(db, answer.application))
    if not same or not value(db, handed, (answer.application, answer.digest, answer.revision)):
        return Answered.DIFFERS
    db.execute(
        """INSERT INTO answers (seq, application, revision, digest, at, given_by, read_at, read_by)
            VALUES (:seq, :application, :revision, :digest, :at, :given_by, :read_at, :read_by)""",
        {**said, "seq": answer.seq, "read_at": at, "read_by": who},
    )
    if queued["received_at"] or queued["revision"] != answer.revision:
        # The first receipt stands: the days run from it. One for the version before the signed form came lets nothing go.
        return Answered.KNOWN
    db.execute(
        "UPDATE outbox SET received_at = ?, received_digest = ? WHERE application = ?",
        (answer.at, answer.digest, answer.application),
    )
    return Answered.TAKEN


def delivered(db: Database, before: str, after: Delivered | None, limit: int) -> list[Delivered]:
    """Return what the office received before then (ISO) and still has its originals here, longest first, beyond ``after``."""
    found = rows(
        db,
        f"""SELECT a.id, a.region, a.state, a.accepted_at, o.received_at, o.needs_you <> '' AS returned, {_MATCHES} AS sent
            FROM outbox o JOIN applications a ON a.id = o.application
            WHERE o.received_at <> '' AND o.purged_at = '' AND o.received_at < ? AND a.lacking = 0
            AND (o.received_at, o.application) > (?, ?) AND {_PAGES} ORDER BY o.received_at, o.application LIMIT ?""",  # noqa: S608 - a fixed text
        (before, after.received_at if after else "", after.id if after else "", limit),
    )
    return [
        Delivered(**{**one, "state": State(one["state"]), "returned": bool(one["returned"]), "sent": bool(one["sent"])})
        for one in found
    ]


def begin_purge(db: Database, id_: str, days: int, at: str) -> tuple[int, str] | None:
    """Note that an application's originals go, inside the caller's transaction; return how many pages and the digest they are held under.

    None when the store does not know it as received whole, whoever asks.
    """
    cursor = db.execute(
        f"""UPDATE outbox AS o SET purged_at = ?, purged_days = ?, purging = 1
            WHERE o.application = ? AND o.purged_at = '' AND o.received_at <> '' AND o.needs_you = '' AND {_MATCHES}
            AND {_PAGES}
            AND EXISTS (SELECT 1 FROM applications a WHERE a.id = o.application AND a.lacking = 0
                AND a.state NOT IN ('draft', 'waiting', 'supplement'))""",  # noqa: S608 - a fixed text
        (at, days, id_),
    )
    if cursor.rowcount != 1:
        return None
    db.execute("UPDATE applications SET bytes = 0 WHERE id = ?", (id_,))
    pages = int(value(db, "SELECT count(*) FROM originals WHERE application = ?", (id_,)))
    return pages, str(value(db, "SELECT received_digest FROM outbox WHERE application = ?", (id_,)))


def unfinished(db: Database) -> str:
    """Return an application whose originals are going and are not all gone; '' for none."""
    return str(value(db, "SELECT application FROM outbox WHERE purging = 1 LIMIT 1") or "")


def purge_page(db: Database, id_: str) -> bool:
    """Delete one page of an application whose originals are going, inside the caller's transaction; False and done when none was left."""
    one = value(
        db,
        """SELECT id FROM originals WHERE application = ?
            AND EXISTS (SELECT 1 FROM outbox WHERE application = originals.application AND purging = 1) LIMIT 1""",
        (id_,),
    )
    if one is None:
        db.execute("UPDATE outbox SET purging = 0 WHERE application = ?", (id_,))
        return False
    originals.delete(db, one)
    return True


def purged(db: Database, id_: str) -> Purged | None:
    """Return that an application's originals were cleared, or None."""
    found = row(db, "SELECT received_at, purged_days AS days FROM outbox WHERE application = ? AND purged_at <> ''", (id_,))
    return Purged(**found) if found else None
