"""The encrypted store of one counter, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.services.ports.store_parts import (
    Answering,
    Boarding,
    Handing,
    Lacking,
    Looking,
    Rating,
    Reminding,
    Retaining,
    Sending,
    Staffing,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.core.application import Application, State
    from app.services.ports.values import (
        AuditEntry,
        Batch,
        Capture,
        CopyMark,
        CopyRecord,
        Counts,
        Entry,
        Mended,
        Queue,
        Rendered,
        Saved,
    )
    from app.services.ports.vault import CopyWriter


class Store(Staffing, Answering, Sending, Retaining, Handing, Lacking, Reminding, Boarding, Looking, Rating, Protocol):
    """The encrypted store of one counter, opened. Each method is one transaction; StoreError when the machine fails.

    It belongs to the thread that opened it.
    """

    def close(self) -> None:
        """Checkpoint and close. Safe to call twice."""
        ...

    # applications
    def save_draft(self, application: Application, who: str) -> Saved:
        """Upsert the whole draft as it stands, with its search keys; an application that is not a draft any more is refused."""
        ...

    def application(self, id_: str) -> Application | None:
        """Return the application as last stored."""
        ...

    def entries(
        self, *, states: Sequence[State] = (), queue: Queue | None = None, day: str = "", limit: int = 500
    ) -> list[Entry]:
        """Return a list, last touched first. ``day``: only those accepted on this ISO day."""
        ...

    def search(self, text: str, limit: int = 50) -> list[Entry]:
        """Find by name, pinyin initials, ID number or its tail, phone tail, acceptance number; every part between spaces matches."""
        ...

    def counts(self, day: str) -> Counts:
        """Count what the workbench shows."""
        ...

    def discard_draft(self, id_: str, who: str, reason: str) -> None:
        """Mark a draft VOID with a reason; it is kept."""
        ...

    def next_sequence(self, day: str) -> int:
        """Return the next acceptance sequence of this ISO day, from 1; the same number until :meth:`finalise` uses it."""
        ...

    def finalise(self, application: Application, documents: Sequence[Rendered], who: str) -> None:
        """In one transaction: READY with its acceptance, documents, outbox row, sequence used, audit row, unused captures dropped."""
        ...

    # originals
    def add_capture(self, application_id: str, requirement: str, capture: Capture, source: str) -> str:
        """Store one page and return its id (ULID). ``source``: file, drop, paste."""
        ...

    def add_captures(self, application_id: str, pages: Sequence[tuple[str, Capture]], source: str) -> tuple[str, ...]:
        """Store these pages, each with its requirement and whole or not at all, and return their ids in this order.

        Where one cannot be stored, those before it stay, like a page that was taken off its paper.
        """
        ...

    def fold(self) -> None:
        """Take the pages that came to where they stay, when nobody waits for anything; they are safe before it, too."""
        ...

    def capture(self, id_: str) -> Capture | None:
        """Return a stored page with its thumbnail."""
        ...

    def thumbnails(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the thumbnails of these pages, those that exist."""
        ...

    def drop_loose(self, who: str, *, spare: Sequence[str], before: str) -> int:
        """Delete pages that no application shows, and return how many; page by page, so that it works on a full disk.

        Looks only at drafts and at pages whose application was never stored. Not touched: ``spare`` (applications in somebody's hands,
        where a removal can still be undone), pages added at or after ``before`` (ISO local time), void and accepted applications, and
        drafts whose record cannot be read.
        """
        ...

    def shrink(self) -> None:
        """Give what was deleted back to the disk, in small steps. A kill in between loses nothing."""
        ...

    # documents and queue
    def documents(self, application_id: str) -> dict[str, Rendered]:
        """Return the finished documents by kind (form, receipt)."""
        ...

    def keep_documents(self, application_id: str, documents: Sequence[Rendered], who: str) -> None:
        """Store documents handed over outside of acceptance (a notice, a letter); the newest of a kind counts."""
        ...

    def keep_print_size(self, application_id: str, size: str) -> None:
        """Remember in which print this applicant is given papers (``large``, ``normal``); the same revision, and not in the audit."""
        ...

    def mark_copied(self, ids: Sequence[str], where: str, who: str) -> None:
        """Note that these were exported whole; where is a folder's name without personal data."""
        ...

    # audit
    def note(self, who: str, act: str, subject: str = "", what: str = "") -> None:
        """Append one audit row (view, print, export, unlock …)."""
        ...

    def audit(self, limit: int = 1000, subject: str = "") -> list[AuditEntry]:
        """Return the newest audit rows first; with a subject (an application's id) only those about it."""
        ...

    def audit_lines(self, after: int = 0, limit: int = 1000) -> list[str]:
        """Return audit rows beyond a link as lines of JSON: seq, at, who, act, subject, what, and hash in hex, oldest first."""
        ...

    def verify_audit(self) -> int:
        """Return how many links hold; StoreError names the first broken one."""
        ...

    def audit_head(self, accepted: str = "") -> tuple[int, str]:
        """Return number and SHA-256 (hex) of the newest audit link, or of the one that accepted this application; (0, "") if none."""
        ...

    # second copy and damage
    def changes(self, mark: CopyMark) -> Batch:
        """Return the next rows that a copy standing at this mark lacks, at most about 8 MB or 20 ms of them."""
        ...

    def copy_into(self, folder: Path) -> CopyWriter:
        """Return the way to the second copy in this folder, for another thread."""
        ...

    def copy_record(self) -> CopyRecord:
        """Return what is remembered of the second copy."""
        ...

    def keep_copy_record(self, record: CopyRecord) -> None:
        """Remember how the second copy stands; not in the audit."""
        ...

    def mend(self) -> Mended:
        """Look through a damaged store row by row, keep what can be read, take the rest from the second copy, and go on with that."""
        ...
