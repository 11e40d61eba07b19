"""Finished documents and the queue: a row in the outbox is what "queued" means."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.adapters.store.database import damaged, rows, value
from app.services.ports import Rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database


def put_documents(db: Database, application: str, revision: int, documents: Sequence[Rendered], at: str) -> None:
    """Store finished documents, inside the caller's transaction."""
    for document in documents:
        db.execute(
            "INSERT INTO documents (application, kind, revision, pages, digest, made_at, pdf) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (application, document.kind, revision, document.pages, document.digest, at, document.pdf),
        )


def add_documents(db: Database, application: str, documents: Sequence[Rendered], at: str) -> None:
    """Store documents after those of their kind that are there, inside the caller's transaction; the same bytes again are not stored."""
    for document in documents:
        sql = "SELECT revision, digest FROM documents WHERE application = ? AND kind = ? ORDER BY revision DESC LIMIT 1"
        last = next(iter(rows(db, sql, (application, document.kind))), None)
        if last is None or last["digest"] != document.digest:
            put_documents(db, application, (last["revision"] if last else 0) + 1, (document,), at)


def documents(db: Database, application: str) -> dict[str, Rendered]:
    """Return the newest documents by kind. DamagedError when one is not what was stored: it must not be printed."""
    sql = "SELECT kind, pdf, pages, digest FROM documents WHERE application = ? ORDER BY revision"
    found = {one["kind"]: Rendered(**one) for one in rows(db, sql, (application,))}
    for kind, one in found.items():
        if hashlib.sha256(one.pdf).hexdigest() != one.digest:
            raise damaged(f"document {kind}: digest")
    return found


def enqueue(db: Database, application: str, revision: int, at: str, who: str) -> None:
    """Put an application in the queue, inside the caller's transaction; its next version in the place of the one that was sent back."""
    db.execute(
        """INSERT INTO outbox (application, revision, queued_at, queued_by) VALUES (?, ?, ?, ?)
            ON CONFLICT (application) DO UPDATE SET revision = excluded.revision, queued_at = excluded.queued_at,
            queued_by = excluded.queued_by, attempts = 0, last_answer = '', next_at = '', copied_at = '', copied_to = '',
            copied_by = '', received_at = '', received_digest = '', needs_you = '', purged_at = '', purged_days = 0, purging = 0""",
        (application, revision, at, who),
    )


def copied(db: Database, application: str, where: str, at: str, who: str) -> bool:
    """Note that an application was exported whole, and who did it first; return whether it was queued at all."""
    cursor = db.execute(
        "UPDATE outbox SET copied_at = ?, copied_to = ?, copied_by = iif(copied_by = '', ?, copied_by) WHERE application = ?",
        (at, where, who, application),
    )
    return cursor.rowcount == 1


def sender(db: Database, application: str) -> str:
    """Return who handed this revision of an application out first, '' while nobody did.

    Whoever was noted before the folder got its name, so that a program killed right after that leaves no second folder by somebody else.
    """
    noted = """SELECT s.who FROM sent s JOIN outbox o ON o.application = s.application AND o.revision = s.revision
        WHERE s.application = ? ORDER BY s.at LIMIT 1"""
    copied_by = "SELECT copied_by FROM outbox WHERE application = ?"
    return str(value(db, noted, (application,)) or value(db, copied_by, (application,)) or "")
