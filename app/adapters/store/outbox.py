"""Finished documents and the queue: a row in the outbox is what "queued" means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store.database import rows, value
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


def documents(db: Database, application: str) -> dict[str, Rendered]:
    """Return the newest documents by kind."""
    sql = "SELECT kind, pdf, pages, digest FROM documents WHERE application = ? ORDER BY revision"
    return {found["kind"]: Rendered(**found) for found in rows(db, sql, (application,))}


def enqueue(db: Database, application: str, revision: int, at: str, who: str) -> None:
    """Put an application in the queue, inside the caller's transaction."""
    db.execute(
        "INSERT INTO outbox (application, revision, queued_at, queued_by) VALUES (?, ?, ?, ?)",
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
    """Return who exported an application first, '' while nobody did."""
    return str(value(db, "SELECT copied_by FROM outbox WHERE application = ?", (application,)) or "")
