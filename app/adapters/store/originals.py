"""Pages as they came (原件): never altered, the data apart from the thumbnail, both apart from what describes them."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.adapters.store.database import row, rows, value
from app.core.errors import StoreError
from app.services.ports import Capture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from sqlite_utils import Database

    from app.core.application import Application


@contextmanager
def digests(captures: Iterable[Capture]) -> Iterator[list[Future[str]]]:
    """Make the SHA-256 of each of these pages on a thread, in this order: while one is stored, the next is hashed."""
    beside = ThreadPoolExecutor(1)
    try:
        yield [beside.submit(_digest, one.data) for one in captures]
    finally:
        beside.shutdown(cancel_futures=True)


def add(db: Database, application: str, requirement: str, capture: Capture, digest: Future[str], source: str, at: str) -> str:
    """Store a page inside the caller's transaction and return its id. ``digest``: the page's, from :func:`digests`."""
    from ulid import ULID  # noqa: PLC0415 - 70 ms that the first paint of the window must not wait for

    id_ = str(ULID())
    # SQLite copies the bytes while they are hashed; what they belong to comes last, and is asked for at the end of the transaction.
    db.execute("PRAGMA defer_foreign_keys=ON")
    db.execute("INSERT INTO original_data (original, data) VALUES (?, ?)", (id_, capture.data))
    db.execute("INSERT INTO thumbnails (original, jpeg) VALUES (?, ?)", (id_, capture.thumbnail))
    db.execute(
        """INSERT INTO originals
            (id, application, requirement, media, width, height, dpi, shrunk, source, bytes, digest, added_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            id_,
            application,
            requirement,
            capture.media,
            capture.width,
            capture.height,
            capture.dpi,
            int(capture.shrunk),
            source,
            len(capture.data),
            digest.result(),
            at,
        ),
    )
    return id_


def read(db: Database, id_: str) -> Capture | None:
    """Return a page, or None. StoreError when its bytes are not the ones that were stored."""
    found = row(
        db,
        """SELECT d.data, o.media, o.width, o.height, o.dpi, t.jpeg AS thumbnail, o.shrunk, o.digest
            FROM originals o JOIN original_data d ON d.original = o.id JOIN thumbnails t ON t.original = o.id
            WHERE o.id = ?""",
        (id_,),
    )
    if found is None:
        return None
    if _digest(found["data"]) != found.pop("digest"):
        raise StoreError("有一页原件的内容和存入时不一样了。重新拍这一页；再出现就告诉管理员", f"original {id_}: digest")
    return Capture(**{**found, "shrunk": bool(found["shrunk"])})


def thumbnails(db: Database, ids: Sequence[str]) -> dict[str, bytes]:
    """Return the thumbnails of those pages that exist."""
    sql = "SELECT original, jpeg FROM thumbnails WHERE original IN (SELECT value FROM json_each(?))"
    return {found["original"]: found["jpeg"] for found in rows(db, sql, (json.dumps(list(ids)),))}


def media(db: Database, ids: Sequence[str]) -> dict[str, str]:
    """Return the media types of these pages, those that exist."""
    found = db.execute("SELECT id, media FROM originals WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
    return dict(found.fetchall())


def shown(application: Application) -> tuple[str, ...]:
    """Return the ids of all pages the application shows, in order."""
    return tuple(page.original for paper in application.papers for page in paper.pages)


def used(application: Application) -> tuple[str, ...]:
    """Return the ids of all captures the application needs: the pages it shows, and the pictures as they came of those cut out."""
    pages = [page for paper in application.papers for page in paper.pages]
    return tuple(id_ for page in pages for id_ in (page.original, page.whole) if id_)


def size(db: Database, ids: Iterable[str]) -> int:
    """Return the bytes of these pages together."""
    wanted = json.dumps(list(ids))
    return int(
        value(db, "SELECT coalesce(sum(bytes), 0) FROM originals WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    )


def missing(db: Database, application: Application) -> tuple[str, ...]:
    """Return the ids the application needs that are not stored for it."""
    sql = "SELECT id FROM originals WHERE application = ?"
    stored = {found["id"] for found in rows(db, sql, (application.id,))}
    return tuple(id_ for id_ in used(application) if id_ not in stored)


def drop_unused(db: Database, application: Application, also: Iterable[str] = ()) -> None:
    """Delete this application's captures that neither it nor ``also`` names any more, inside the caller's transaction."""
    db.execute(
        "DELETE FROM originals WHERE application = ? AND id NOT IN (SELECT value FROM json_each(?))",
        (application.id, json.dumps([*used(application), *also])),
    )


def loose(db: Database, application: str, needed: Iterable[str], before: str) -> tuple[str, ...]:
    """Return this application's captures added before then (ISO) that are not among those needed."""
    found = rows(
        db,
        """SELECT id FROM originals WHERE application = ? AND added_at < ?
            AND id NOT IN (SELECT value FROM json_each(?))""",
        (application, before, json.dumps(list(needed))),
    )
    return tuple(one["id"] for one in found)


def owners(db: Database) -> tuple[tuple[str, str], ...]:
    """Return (application, its state) of every application that has pages; no state for one that was never stored."""
    found = rows(
        db,
        """SELECT DISTINCT o.application, coalesce(a.state, '') AS state
            FROM originals o LEFT JOIN applications a ON a.id = o.application""",
    )
    return tuple((one["application"], one["state"]) for one in found)


def delete(db: Database, id_: str) -> None:
    """Delete one page, inside the caller's transaction."""
    db.execute("DELETE FROM originals WHERE id = ?", (id_,))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
