"""The encrypted store of one counter, its key slots and its second copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from app.core.application import Application, State
    from app.services.ports.values import (
        AuditEntry,
        Batch,
        Capture,
        Clerk,
        CopyMark,
        CopyRecord,
        Counter,
        Counts,
        Entry,
        Mended,
        Parcel,
        Queue,
        Rendered,
        Restored,
        Role,
        Saved,
    )


class Store(Protocol):
    """The encrypted store of one counter, opened. Each method is one transaction; StoreError when the machine fails.

    It belongs to the thread that opened it.
    """

    def close(self) -> None:
        """Checkpoint and close. Safe to call twice."""
        ...

    # settings
    def counter(self) -> Counter | None:
        """Return this counter, or None before the first start was finished."""
        ...

    def set_counter(self, counter: Counter) -> None:
        """Store the counter."""
        ...

    def setting(self, name: str) -> str:
        """Return a setting, empty when it was never set."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        ...

    def keep(self, name: str, value: str) -> None:
        """Store a reading of the program's own (last-seen time): a setting nobody made, so not in the audit."""
        ...

    # people
    def clerks(self) -> list[Clerk]:
        """Return everybody who works or worked here, active ones first, in the order they were added."""
        ...

    def add_clerk(self, name: str, role: Role, who: str) -> None:
        """Add somebody, or let a stopped one work again in this role. StoreError when the name is at work already."""
        ...

    def stop_clerk(self, name: str, who: str) -> None:
        """Note that somebody works here no more; nothing is deleted. StoreError for the last active supervisor."""
        ...

    def set_role(self, name: str, role: Role, who: str) -> None:
        """Give somebody another role. StoreError when no active supervisor would be left."""
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

    def mark_copied(self, ids: Sequence[str], where: str, who: str) -> None:
        """Note that these were exported whole; where is a folder's name without personal data."""
        ...

    def sender(self, application_id: str) -> str:
        """Return who copied an accepted application out first, '' while nobody did."""
        ...

    # handover
    def hand_over(self, id_: str, to: str, folder: Path, who: str) -> Parcel:
        """Write a draft with its pages and its journal into an encrypted file, and mark it as given to ``to``.

        From then on it can be looked at here and not changed. AppError when the folder does not take the file; then nothing changed.
        """
        ...

    def take_in(self, file: Path, code: str, region: str, who: str) -> Application:
        """Take a handed-over draft in: it belongs to this counter now. WrongSecretError for a wrong code.

        StoreError when the file is not whole, is of another region, was taken in before, or its application is this counter's already.
        """
        ...

    def take_back(self, id_: str, reason: str, who: str) -> None:
        """Make a draft that was given away this counter's own again, with a reason. StoreError when it was not given away."""
        ...

    def handed(self, id_: str) -> str:
        """Return to whom a draft was given, in words; '' while it is this counter's own."""
        ...

    def journal(self, id_: str) -> list[AuditEntry]:
        """Return what other counters noted about an application before it came here, oldest first; ``who`` names the counter too."""
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


class CopyWriter(Protocol):
    """The second copy in one folder. It belongs to the thread that calls :meth:`begin`; CopyError says what to do.

    Whatever happens in between, the copy stays what it was after the last finished run.
    """

    def begin(self, *, anew: bool) -> CopyMark:
        """Open the copy and return where it stands; ``anew``: make one where there was one before and none is now."""
        ...

    def write(self, batch: Batch, at: str) -> CopyMark:
        """Write changed rows; with the last ones compare the counts and make all of it durable."""
        ...

    def abandon(self) -> None:
        """Close the copy; what was not finished is undone. Safe to call twice."""
        ...

    def check(self) -> Restored:
        """Restore the copy into a folder beside the store, read everything back, compare, and remove the folder."""
        ...


class Vault(Protocol):
    """The key slots beside the store. WrongSecretError when nothing opens."""

    def exists(self) -> bool:
        """Whether a store was set up in this data directory."""
        ...

    def clerks(self) -> list[str]:
        """Return the clerk names that have a slot."""
        ...

    def create(self, clerk: str, passphrase: str) -> tuple[str, Store]:
        """Make the data key, the clerk's slot, the recovery slot and the empty store.

        Returns the recovery code, shown once, and the opened store. Interrupted half-way, nothing exists.
        """
        ...

    def open(self, clerk: str, passphrase: str) -> Store:
        """Open the store with a clerk's passphrase (argon2id, 200–350 ms)."""
        ...

    def open_with_recovery(self, code: str) -> Store:
        """Open the store with the printed recovery code; case, dashes and O/0, I/L/1 do not matter."""
        ...

    def check(self, clerk: str, passphrase: str) -> None:
        """Make sure that this is a clerk's passphrase, while the store is open already."""
        ...

    def check_recovery(self, code: str) -> None:
        """Make sure that this is the recovery code, while the store is open already."""
        ...

    def wait(self, clerk: str) -> int:
        """Return the seconds this clerk has to wait before a passphrase is looked at; it survives a restart."""
        ...

    def ways(self, clerk: str) -> tuple[bool, str]:
        """Return whether a clerk has a passphrase, and until which day a one-time code (ISO), '' for none."""
        ...

    def open_with_once(self, clerk: str, code: str, passphrase: str) -> Store:
        """Open the store with a one-time code and set the clerk's passphrase in the same act; the code is gone then."""
        ...

    def check_once(self, clerk: str, code: str) -> None:
        """Make sure that this one-time code is this clerk's and not over, without using it up."""
        ...

    def use_once(self, clerk: str, code: str, passphrase: str) -> bytes:
        """Set a clerk's passphrase by a one-time code while the store is open; the code is gone then. Returns the data key."""
        ...

    def set_passphrase(self, clerk: str, old: str, new: str) -> None:
        """Change a clerk's own passphrase."""
        ...

    def set_by_recovery(self, clerk: str, code: str, new: str) -> None:
        """Set a clerk's passphrase by the recovery code."""
        ...

    def make_once(self, by: str, passphrase: str, clerk: str, until: dt.date) -> str:
        """Make a one-time code for a clerk, by somebody's own passphrase; it works to the end of the day ``until``."""
        ...

    def make_recovery(self, by: str, passphrase: str) -> str:
        """Make a new recovery code in place of the printed one, by somebody's own passphrase."""
        ...

    def remove(self, clerk: str) -> None:
        """Take away every way in that a clerk has."""
        ...

    def rekey(self, store: Store, by: str, passphrase: str) -> str:
        """Give the store a new data key; return the new recovery code. Only ``by`` keeps a way in. A kill leaves all or nothing."""
        ...
