"""The opened store (ports.Store): each method one transaction, each failure of the machine one sentence."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.store import (
    applications,
    audit,
    changes,
    handover,
    inbox,
    integrity,
    originals,
    outbox,
)
from app.adapters.store.answering import Answering
from app.adapters.store.backup import SecondCopy, Secret
from app.adapters.store.boarding import Boarding
from app.adapters.store.database import checkpoint, connect, opened_with, row, told, transaction, vacuum
from app.adapters.store.handing import Handing
from app.adapters.store.lacking import Lacking
from app.adapters.store.looking import Looking
from app.adapters.store.rating import Rating
from app.adapters.store.reminding import Reminding
from app.adapters.store.retaining import Retaining
from app.adapters.store.sending import Sending
from app.adapters.store.staffing import Staffing
from app.core.application import Application, State
from app.core.errors import DamagedError, StoreError
from app.core.numbering import parse_number
from app.services.ports import (
    AuditEntry,
    Batch,
    Capture,
    Clock,
    CopyMark,
    CopyRecord,
    Counts,
    Entry,
    Mended,
    Queue,
    Rendered,
    Saved,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlite_utils import Database


_STEP = 64
"""Pages of 16 KB given back at once when the store shrinks: 1 MB in the WAL."""

_NOT_OPEN = "这件已经不是草稿，内容不能再改。要改就按补正另办"


class SqlStore(Staffing, Answering, Sending, Retaining, Handing, Lacking, Reminding, Boarding, Looking, Rating):
    """One counter's store over an opened, migrated connection. It belongs to the thread that opened it.

    ``release`` lets go of what guards the file; it is called once, when the store is closed.
    """

    def __init__(self, db: Database, clock: Clock, release: Callable[[], None]) -> None:
        super().__init__(db, clock)
        self._release = release
        self._unfolded = False

    def close(self) -> None:
        """Checkpoint and close. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        try:
            # What cannot be checkpointed now stays in the WAL, whole, and is read at the next opening.
            with suppress(StoreError), told():
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._db.close()
        finally:
            self._release()

    def change(self, change: Callable[[Database], Database]) -> None:
        """Let the vault put another connection in the place of this one (a new data key)."""
        self._db = change(self._db)

    def swap(self, db: Database) -> None:
        """Go on with this connection after a change that did not come about."""
        self._db = db

    # applications
    def save_draft(self, application: Application, who: str) -> Saved:
        """Upsert the whole draft as it stands and return its new revision, one above the stored one.

        The audit gets a row when the draft is created, when its state changes and when somebody else goes on with it, not for
        each keystroke. StoreError when the stored application is not a draft any more; ValueError for a value that is none.
        """
        if application.state not in applications.OPEN:
            raise ValueError("only drafts are saved; finalise and discard_draft change the state")
        with transaction(self._db):
            before = applications.standing(self._db, application.id)
            if before and before["state"] not in applications.OPEN:
                raise StoreError(_NOT_OPEN, f"application {application.id} is {before['state']}")
            handover.refuse_given(before)
            revision, at = (before["revision"] if before else 0) + 1, self._now()
            applications.write(self._db, replace(application, revision=revision), at=at, who=who)
            if before is None:
                self._note(who, "create", application.id)
            elif before["state"] != application.state:
                self._note(who, "state", application.id, application.state.value)
            elif before["saved_by"] != who:
                self._note(who, "continue", application.id)
        return Saved(revision, at)

    def application(self, id_: str) -> Application | None:
        """Return the application as last stored."""
        with told():
            return applications.read(self._db, id_)

    def entries(
        self, *, states: Sequence[State] = (), queue: Queue | None = None, day: str = "", limit: int = 500
    ) -> list[Entry]:
        """Return a list, last touched first. ``day``: only those accepted on this ISO day; no states means all, void ones too."""
        with told():
            return applications.entries(self._db, states, queue, day, limit)

    def search(self, text: str, limit: int = 50) -> list[Entry]:
        """Find by name, initials, ID number or its tail, phone tail, acceptance number; every part must match."""
        with told():
            return applications.found(self._db, text, limit, self._now()[:4])

    def counts(self, day: str) -> Counts:
        """Count what the workbench shows; drafts include those waiting for papers."""
        with told():
            return applications.counts(self._db, day)

    def discard_draft(self, id_: str, who: str, reason: str) -> None:
        """Mark a draft VOID with a reason; it and its pages are kept. StoreError without a reason, or when it is no draft any more."""
        if not reason.strip():
            raise StoreError("写一句为什么作废，这件没有动", f"application {id_}: no reason")
        with transaction(self._db):
            before = applications.standing(self._db, id_)
            if before is None or before["state"] not in applications.OPEN:
                raise StoreError("这件不是草稿，不能这样作废", f"application {id_}")
            handover.refuse_given(before)
            applications.discard(self._db, id_, reason, self._now())
            self._note(who, "void", id_)

    def next_sequence(self, day: str) -> int:
        """Return the next acceptance sequence of this ISO day, from 1; the same number until :meth:`finalise` uses it."""
        with told():
            return applications.next_sequence(self._db, day)

    def finalise(self, application: Application, documents: Sequence[Rendered], who: str) -> None:
        """Make a draft READY in one transaction: acceptance, documents, outbox row, sequence used, audit row, unneeded captures dropped.

        The pictures as they came (:attr:`Page.whole`) end here. Stored at one revision above the last draft. StoreError when it is no draft any more, when the number is borne by
        another application, or when a page it shows is not stored; ValueError when it has no well-formed acceptance number.
        """
        number = parse_number(application.acceptance.number) if application.acceptance else None
        if number is None:
            raise ValueError("finalise needs an acceptance with a well-formed number")
        with transaction(self._db):
            before = applications.standing(self._db, application.id)
            if before and before["state"] not in applications.OPEN:
                raise StoreError("这件已经受理过，没有再受理一次", f"application {application.id} is {before['state']}")
            handover.refuse_given(before)
            if applications.taken(self._db, str(number), application.id):
                raise StoreError(f"受理编号 {number} 已经用过。再受理一次，会换下一个编号", "number taken")
            application = application.without_wholes()
            if originals.missing(self._db, application):
                raise StoreError(
                    "有一页原件没有存下。到材料一步看哪一页空着，重新拍那一页", f"application {application.id}: pages"
                )
            revision, at = (before["revision"] if before else 0) + 1, self._now()
            applications.write(self._db, replace(application, state=State.READY, revision=revision), at=at, who=who)
            applications.use_sequence(self._db, number.day.isoformat(), number.sequence)
            outbox.put_documents(self._db, application.id, revision, documents, at)
            outbox.enqueue(self._db, application.id, revision, at, who)
            originals.drop_unused(self._db, application, inbox.kept_pages(self._db, application.id))
            self._note(who, "finalise", application.id, str(number))

    # originals
    def add_capture(self, application_id: str, requirement: str, capture: Capture, source: str) -> str:
        """Store one page and return its id (ULID). The application itself may still be unsaved."""
        return self.add_captures(application_id, [(requirement, capture)], source)[0]

    def add_captures(self, application_id: str, pages: Sequence[tuple[str, Capture]], source: str) -> tuple[str, ...]:
        """Store these pages, each with its requirement and in a transaction of its own, and return their ids in this order."""
        ids = []
        with originals.digests(capture for _, capture in pages) as digests:
            for (requirement, capture), digest in zip(pages, digests, strict=True):
                with transaction(self._db):
                    handover.refuse_given(applications.standing(self._db, application_id))
                    id_ = originals.add(self._db, application_id, requirement, capture, digest, source, self._now())
                    self._note("", "original", application_id, id_)
                self._unfolded = True
                ids.append(id_)
        return tuple(ids)

    def fold(self) -> None:
        """Bring the pages that came into the store file, while nobody waits: the WAL has had them whole since they were stored.

        About 2 ms a MB. Nothing where none came since, or after :meth:`close`.
        """
        if self._unfolded and not self._closed:
            self._unfolded = False
            with told():
                self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def capture(self, id_: str) -> Capture | None:
        """Return a stored page with its thumbnail. StoreError when its bytes changed since it was stored."""
        with told():
            return originals.read(self._db, id_)

    def thumbnails(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the thumbnails of these pages, those that exist."""
        with told():
            return originals.thumbnails(self._db, ids)

    def drop_loose(self, who: str, *, spare: Sequence[str], before: str) -> int:
        """Delete pages that no application shows, and return how many; see :class:`app.services.ports.Store`.

        Each page is a transaction of its own with the WAL cut behind it: deleting overwrites, which takes as much room in the WAL.
        """
        dropped = 0
        with told():
            owners = originals.owners(self._db)
        for application, state in owners:
            if application in spare or state not in {"", *applications.OPEN}:
                continue
            # A record that cannot be read says nothing about which pages it shows.
            with suppress(StoreError), told():
                stored = applications.read(self._db, application)
                shown = originals.used(stored) if stored else ()
                shown += inbox.kept_pages(self._db, application)
                for id_ in originals.loose(self._db, application, shown, before):
                    with transaction(self._db):
                        originals.delete(self._db, id_)
                        self._note(who, "drop_page", application, id_)
                    checkpoint(self._db)
                    dropped += 1
        return dropped

    def shrink(self) -> None:
        """Give what was deleted back to the disk, in small steps, each with the WAL cut behind it."""
        checkpoint(self._db)
        left, before = vacuum(self._db, _STEP), -1
        while left and left != before:
            left, before = vacuum(self._db, _STEP), left

    # documents and queue
    def documents(self, application_id: str) -> dict[str, Rendered]:
        """Return the finished documents by kind (form, receipt)."""
        with told():
            return outbox.documents(self._db, application_id)

    def keep_documents(self, application_id: str, documents: Sequence[Rendered], who: str) -> None:
        """Store documents handed over outside of acceptance; the newest of a kind counts. StoreError when there is no such application."""
        with transaction(self._db):
            if applications.standing(self._db, application_id) is None:
                raise StoreError("这件还没有存下，文书没有存。等存好再打印", f"application {application_id}")
            outbox.add_documents(self._db, application_id, documents, self._now())
            self._note(who, "document", application_id, " ".join(f"{one.kind} {one.digest[:8]}" for one in documents))

    def keep_print_size(self, application_id: str, size: str) -> None:
        """Remember in which print this applicant is given papers; what is handed over does not change by it."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE applications SET record = json_set(record, '$.print_size', ?) WHERE id = ?", (size, application_id)
            )

    def mark_copied(self, ids: Sequence[str], where: str, who: str) -> None:
        """Note that these were exported whole; where is a folder's name without personal data. Ids not queued are passed over."""
        with transaction(self._db):
            at = self._now()
            for id_ in ids:
                if outbox.copied(self._db, id_, where, at, who):
                    self._note(who, "copy", id_, where)

    # audit
    def note(self, who: str, act: str, subject: str = "", what: str = "") -> None:
        """Append one audit row (view, print, export, unlock …)."""
        with transaction(self._db):
            self._note(who, act, subject, what)

    def audit(self, limit: int = 1000, subject: str = "") -> list[AuditEntry]:
        """Return the newest audit rows first; with a subject (an application's id) only those about it."""
        with told():
            return audit.newest(self._db, limit, subject)

    def audit_lines(self, after: int = 0, limit: int = 1000) -> list[str]:
        """Return audit rows beyond a link as lines of JSON, oldest first."""
        with told():
            return audit.lines(self._db, after, limit)

    def verify_audit(self) -> int:
        """Return how many links hold; StoreError names the first broken one."""
        with told():
            return audit.verify(self._db)

    def audit_head(self, accepted: str = "") -> tuple[int, str]:
        """Return number and SHA-256 (hex) of the newest audit link, or of the one that accepted this application; (0, "") if none."""
        with told():
            return audit.head(self._db, accepted)

    # second copy and damage
    def changes(self, mark: CopyMark) -> Batch:
        """Return the next rows that a copy standing at this mark lacks, at most about 8 MB or 20 ms of them."""
        with told():
            return changes.batch(self._db, mark)

    def copy_into(self, folder: Path) -> SecondCopy:
        """Return the way to the second copy in this folder, for another thread."""
        path, key = opened_with(self._db)
        record = self.copy_record()
        return SecondCopy(Secret(key, path.parent), folder, made=bool(record.at) and record.folder == str(folder))

    def copy_record(self) -> CopyRecord:
        """Return what is remembered of the second copy."""
        with told():
            found = row(self._db, "SELECT folder, at, checked_at, problem FROM second_copy")
        return CopyRecord(**found) if found else CopyRecord()

    def keep_copy_record(self, record: CopyRecord) -> None:
        """Remember how the second copy stands; not in the audit."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO second_copy (one, folder, at, checked_at, problem) VALUES (1, ?, ?, ?, ?)",
                (record.folder, record.at, record.checked_at, record.problem),
            )

    def verify(self) -> tuple[int, int]:
        """Read every page and every audit link; return how many of each. DamagedError or StoreError says what does not hold."""
        return integrity.check(self._db), self.verify_audit()

    def mend(self) -> Mended:
        """Look through the store, keep what can be read, take the rest from the second copy, and go on with that.

        Takes as long as copying the whole store. DamagedError when not even the schema can be read.
        """
        path, key = opened_with(self._db)
        folder = ""
        # Two places know the folder: either may be the one that is hit.
        with suppress(StoreError):
            folder = self.copy_record().folder
        with suppress(StoreError):
            counter = self.counter()
            folder = counter.second_copy if counter and counter.second_copy else folder
        place = Path(folder) / Secret(key, path.parent).name() / path.name if folder else None
        copy = place if place and place.is_file() else None
        try:
            integrity.check(self._db)
        except DamagedError:
            db = self._db
            with suppress(Exception):  # a damaged file may not take its WAL back
                db.close()
            try:
                report = integrity.mend(path, key, copy)
            finally:
                self._db = connect(path, key)
        else:
            report = integrity.fill(self._db, copy)
        self.note("", "mend", "", f"hit {len(report.affected)}, other {report.other_lost}, copy {int(report.copy_used)}")
        return report
