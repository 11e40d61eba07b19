"""The opened store (ports.Store): each method one transaction, each failure of the machine one sentence."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app.adapters.store import applications, audit, originals, outbox, settings
from app.adapters.store.database import told, transaction
from app.core.application import Application, State
from app.core.errors import StoreError
from app.core.numbering import parse_number
from app.services.ports import AuditEntry, Capture, Clock, Counter, Counts, Entry, Queue, Rendered, Saved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlite_utils import Database

_NOT_OPEN = "这件已经不是草稿，内容不能再改。要改就按补正另办"


class SqlStore:
    """One counter's store over an opened, migrated connection. It belongs to the thread that opened it.

    ``release`` lets go of what guards the file; it is called once, when the store is closed.
    """

    def __init__(self, db: Database, clock: Clock, release: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._release = release
        self._closed = False

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

    # settings
    def counter(self) -> Counter | None:
        """Return this counter, or None before the first start was finished."""
        with told():
            return settings.counter(self._db)

    def set_counter(self, counter: Counter) -> None:
        """Store the counter."""
        with transaction(self._db):
            settings.set_counter(self._db, counter)
            self._note("", "counter", "", counter.code)

    def setting(self, name: str) -> str:
        """Return a setting, empty when it was never set."""
        with told():
            return settings.setting(self._db, name)

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting. The audit gets its name, never its value."""
        with transaction(self._db):
            settings.set_setting(self._db, name, value)
            self._note("", "setting", "", name)

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
            return applications.found(self._db, text, limit)

    def counts(self, day: str) -> Counts:
        """Count what the workbench shows; drafts include those waiting for papers."""
        with told():
            return applications.counts(self._db, day)

    def discard_draft(self, id_: str, who: str, reason: str) -> None:
        """Mark a draft VOID with a reason; it and its pages are kept. StoreError when it is no draft any more or not there."""
        with transaction(self._db):
            before = applications.standing(self._db, id_)
            if before is None or before["state"] not in applications.OPEN:
                raise StoreError("这件不是草稿，不能这样作废", f"application {id_}")
            applications.discard(self._db, id_, reason, self._now())
            self._note(who, "void", id_)

    def next_sequence(self, day: str) -> int:
        """Return the next acceptance sequence of this ISO day, from 1; the same number until :meth:`finalise` uses it."""
        with told():
            return applications.next_sequence(self._db, day)

    def finalise(self, application: Application, documents: Sequence[Rendered], who: str) -> None:
        """Make a draft READY in one transaction: acceptance, documents, outbox row, sequence used, audit row, unused pages dropped.

        Stored at one revision above the last draft. StoreError when it is no draft any more, when the number is borne by
        another application, or when a page it shows is not stored; ValueError when it has no well-formed acceptance number.
        """
        number = parse_number(application.acceptance.number) if application.acceptance else None
        if number is None:
            raise ValueError("finalise needs an acceptance with a well-formed number")
        with transaction(self._db):
            before = applications.standing(self._db, application.id)
            if before and before["state"] not in applications.OPEN:
                raise StoreError("这件已经受理过，没有再受理一次", f"application {application.id} is {before['state']}")
            if applications.taken(self._db, str(number), application.id):
                raise StoreError(f"受理编号 {number} 已经用过。再受理一次，会换下一个编号", "number taken")
            if originals.missing(self._db, application):
                raise StoreError(
                    "有一页原件没有存下。到材料一步看哪一页空着，重新拍那一页", f"application {application.id}: pages"
                )
            revision, at = (before["revision"] if before else 0) + 1, self._now()
            applications.write(self._db, replace(application, state=State.READY, revision=revision), at=at, who=who)
            applications.use_sequence(self._db, number.day.isoformat(), number.sequence)
            outbox.put_documents(self._db, application.id, revision, documents, at)
            outbox.enqueue(self._db, application.id, revision, at, who)
            originals.drop_unused(self._db, application)
            self._note(who, "finalise", application.id, str(number))

    # originals
    def add_capture(self, application_id: str, requirement: str, capture: Capture, source: str) -> str:
        """Store one page and return its id (ULID). The application itself may still be unsaved."""
        with transaction(self._db):
            id_ = originals.add(self._db, application_id, requirement, capture, source, self._now())
            self._note("", "original", application_id, id_)
        return id_

    def capture(self, id_: str) -> Capture | None:
        """Return a stored page with its thumbnail. StoreError when its bytes changed since it was stored."""
        with told():
            return originals.read(self._db, id_)

    def thumbnails(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the thumbnails of these pages, those that exist."""
        with told():
            return originals.thumbnails(self._db, ids)

    # documents and queue
    def documents(self, application_id: str) -> dict[str, Rendered]:
        """Return the finished documents by kind (form, receipt)."""
        with told():
            return outbox.documents(self._db, application_id)

    def mark_copied(self, ids: Sequence[str], where: str, who: str) -> None:
        """Note that these were exported whole; where is a folder's name without personal data. Ids not queued are passed over."""
        with transaction(self._db):
            at = self._now()
            for id_ in ids:
                if outbox.copied(self._db, id_, where, at):
                    self._note(who, "copy", id_, where)

    # audit
    def note(self, who: str, act: str, subject: str = "", what: str = "") -> None:
        """Append one audit row (view, print, export, unlock …)."""
        with transaction(self._db):
            self._note(who, act, subject, what)

    def audit(self, limit: int = 1000) -> list[AuditEntry]:
        """Return the newest audit rows first."""
        with told():
            return audit.newest(self._db, limit)

    def verify_audit(self) -> int:
        """Return how many links hold; StoreError names the first broken one."""
        with told():
            return audit.verify(self._db)

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")

    def _note(self, who: str, act: str, subject: str = "", what: str = "") -> None:
        audit.append(self._db, AuditEntry(self._now(), who, act, subject, what))
