"""What the services need of the machine, as protocols. Adapters fulfil them; tests hold real and fake parts to the same contract.

Nothing here may be called on the GUI thread except where a docstring says so: the store, the printer and imaging live on the
local lane.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.core.application import Acceptance, Application, State
    from app.core.region import Region
    from app.core.workdays import Calendar


class Queue(StrEnum):
    """What the clerk sees of a queued application. There are no other states on screen."""

    HERE = "here"
    COPIED = "copied"
    RECEIVED = "received"
    NEEDS_YOU = "needs_you"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list. ``cert_number`` and ``name`` are whole here; lists mask them when they show them.

    ``queue`` is None while the application is not in the outbox. Dates are ISO strings, empty when not set.
    """

    id: str
    number: str
    state: State
    queue: Queue | None
    name: str
    cert_number: str
    phone: str
    sex: str
    birth: str
    by_agent: bool
    kind: str
    diseases: str
    step: str
    region: str
    author: str
    updated_at: str
    accepted_at: str
    due: str
    due_provisional: bool
    pages: int
    bytes: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many applications each list holds. ``today`` counts those accepted on the day asked for."""

    drafts: int = 0
    here: int = 0
    copied: int = 0
    received: int = 0
    needs_you: int = 0
    today: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """A page ready to be stored: the bytes that will be handed over, what they are, and a thumbnail.

    ``media`` is ``image/jpeg`` or ``image/png``; ``dpi`` 0 when unknown; ``source_name`` never holds a path.
    ``thumbnail`` is a JPEG at most 248 px high.
    """

    data: bytes
    media: str
    width: int
    height: int
    dpi: int
    thumbnail: bytes
    shrunk: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished document. ``problems`` names each field that did not fit or lacks a glyph: then it must not be printed.

    ``digest`` is the SHA-256 of ``pdf`` as hex.
    """

    kind: str
    pdf: bytes
    pages: int
    digest: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft on disk: the new revision and the local time, ISO to the second."""

    revision: int
    at: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the audit chain. ``what`` holds no personal data beyond the application's id."""

    at: str
    who: str
    act: str
    subject: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """This counter (窗口). ``code`` stands in every acceptance number and must be unique in the region."""

    region: str
    code: str
    name: str
    address: str = ""
    hours: str = ""
    phone: str = ""
    second_copy: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did: folder names written, those already there and whole, and a sentence for each that was not exported."""

    written: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    def __add__(self, other: Exported) -> Exported:
        return Exported(self.written + other.written, self.skipped + other.skipped, self.failed + other.failed)


class Clock(Protocol):
    """The only source of time. May be called anywhere."""

    def now(self) -> dt.datetime:
        """Return the local wall time, without a zone."""
        ...


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

    # documents and queue
    def documents(self, application_id: str) -> dict[str, Rendered]:
        """Return the finished documents by kind (form, receipt)."""
        ...

    def mark_copied(self, ids: Sequence[str], where: str, who: str) -> None:
        """Note that these were exported whole; where is a folder's name without personal data."""
        ...

    # audit
    def note(self, who: str, act: str, subject: str = "", what: str = "") -> None:
        """Append one audit row (view, print, export, unlock …)."""
        ...

    def audit(self, limit: int = 1000) -> list[AuditEntry]:
        """Return the newest audit rows first."""
        ...

    def verify_audit(self) -> int:
        """Return how many links hold; StoreError names the first broken one."""
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


class Imaging(Protocol):
    """Files into pages, safely."""

    def pages(
        self, data: bytes, name: str, *, formats: Sequence[str], max_bytes: int | None, dropped: Callable[[str], None]
    ) -> list[Capture]:
        """Decode a file into pages that fit the region's rules. RefusedFileError says in one sentence why a file cannot be taken.

        ``name`` is the bare file name (its ending is compared with the content). ``dropped`` hears what was left behind (scripts,
        attachments), in words.
        """
        ...

    def turned(self, capture: Capture, degrees: int) -> bytes:
        """Return the page's bytes turned clockwise by 90, 180 or 270; unchanged bytes for 0."""
        ...

    def preview(self, capture: Capture, max_side: int) -> bytes:
        """Return a JPEG or PNG of the page no larger than this many pixels, for the screen."""
        ...


class Printery(Protocol):
    """Documents out of an application."""

    def render(
        self, kind: str, edition: str, application: Application, region: Region, counter: Counter, *, moment: str
    ) -> Rendered:
        """Draw ``form`` or ``receipt``.

        ``edition`` is normal, letter or large; ``moment`` is the ISO time printed on it. The same input gives the same bytes.
        """
        ...

    def recovery_sheet(self, code: str, counter: Counter) -> bytes:
        """Draw the recovery code on one A4 page, to be sealed and locked away."""
        ...

    def picture(self, pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
        """Return page (from 0) as width, height and BGRA bytes on white, for preview."""
        ...


class Printer(Protocol):
    """The office's printer."""

    def available(self) -> bool:
        """Whether something can print here."""
        ...

    def print(self, pdf: bytes, title: str, copies: int = 1) -> None:
        """Send exactly these bytes at true size; AppError says what to do when it fails. ``title`` holds no personal data."""
        ...


class Exporter(Protocol):
    """Accepted applications as folders on another medium."""

    def export(self, store: Store, ids: Sequence[str], folder: Path, who: str) -> Exported:
        """Write each application whole or not at all and mark it as copied. AppError when the folder itself cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """All a service may use. Made by the composition root, handed to services, never to a widget's paint code."""

    store: Store
    vault: Vault
    imaging: Imaging
    printery: Printery
    printer: Printer
    exporter: Exporter
    clock: Clock
    calendar: Calendar
    regions: Mapping[str, Region]
    region: Region
    counter: Counter
    clerk: str
    data_dir: Path


def accepted(application: Application) -> Acceptance:
    """Return the acceptance of an application that has one. A missing one is our bug."""
    if application.acceptance is None:
        raise ValueError("not accepted yet")
    return application.acceptance
