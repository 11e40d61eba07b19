"""What goes through the ports: plain values, whole and unmasked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.answer import Answer
    from app.core.application import State
    from app.core.quality import Spot


class Queue(StrEnum):
    """What the clerk sees of a queued application. There are no other states on screen."""

    HERE = "here"
    COPIED = "copied"
    RECEIVED = "received"
    NEEDS_YOU = "needs_you"


class Answered(StrEnum):
    """What became of an office's answer whose signature holds.

    TAKEN: it is delivered now. KNOWN: it was before. FOREIGN: no such application is queued here. DIFFERS: another revision or other
    bytes than were handed over here. OTHER: an answer of this number was read before, and it said something else. KEPT: it is here, and
    waits until every answer before it is.
    """

    TAKEN = "taken"
    KNOWN = "known"
    FOREIGN = "foreign"
    DIFFERS = "differs"
    OTHER = "other"
    KEPT = "kept"


class Goes(StrEnum):
    """How a form signed after acceptance reaches the office.

    ALONG: with its application, of which nothing was handed over yet. AGAIN: a whole new version follows the one that was handed over.
    STAYS: it is kept here alone, because the office decided, or holds two versions that clash, or the originals were cleared.
    """

    ALONG = "along"
    AGAIN = "again"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Letter:
    """An answer whose signature holds, with the bytes that were signed; ``where`` it came from, without personal data."""

    answer: Answer
    body: bytes
    signature: bytes
    where: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list. ``cert_number`` and ``name`` are whole here; lists mask them when they show them.

    ``queue`` is None while the application is not in the outbox. Dates are ISO strings, empty when not set. ``lacking`` and ``lacks``: how
    many papers are still to come and their names, of a case that waits (then ``told_at`` is when its notice was given) or of an accepted one
    with deferred papers; ``deadline`` by when, empty where the region states no days. ``expires``: the last day of an approval, ``reckoned``
    when nobody at the office said it. ``received_at``: when the office received it, by its own clock.
    ``called_at``, ``called``: when somebody was last rung up about it and how that came out (:class:`app.services.telling.How`), in lists that
    people are called from.
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
    handed: str = ""
    told_at: str = ""
    deadline: str = ""
    lacking: int = 0
    lacks: str = ""
    expires: str = ""
    reckoned: bool = False
    received_at: str = ""
    called_at: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many applications each list holds. ``today`` counts those accepted on the day asked for.

    ``drafts`` counts ``waiting`` ones too: those whose applicant was told what is missing. ``deferred``: accepted ones that still owe papers.
    ``received``: at the office and not decided; ``supplement``: sent back and not being mended. ``renewals``: approvals that end soon,
    ``overdue``: promised for today or before and not decided; ``untold``: decided and the applicant does not know; all three up to 999.
    """

    drafts: int = 0
    here: int = 0
    copied: int = 0
    needs_you: int = 0
    today: int = 0
    waiting: int = 0
    deferred: int = 0
    received: int = 0
    supplement: int = 0
    renewals: int = 0
    overdue: int = 0
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """A page ready to be stored: the bytes that will be handed over, what they are, and a thumbnail.

    ``media`` is ``image/jpeg`` or ``image/png``; ``dpi`` 0 when unknown; ``source_name`` never holds a path.
    ``thumbnail`` is a JPEG at most 248 px high. ``spots`` and ``likeness`` as in :class:`app.core.application.Page`. ``untouched``: the
    picture as it came where the page was cut out of it or straightened, None where nothing was changed. ``turn``: by how many degrees
    clockwise (0, 90, 180, 270) the picture has to be turned to stand upright, where that is certain; nothing was done to the bytes.
    """

    data: bytes
    media: str
    width: int
    height: int
    dpi: int
    thumbnail: bytes
    shrunk: bool = False
    spots: tuple[Spot, ...] = ()
    likeness: str = ""
    untouched: Capture | None = None
    turn: int = 0


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
class Call:
    """What was said to an applicant, in the clerk's own words. ``at``: local ISO; ``how``: a value of :class:`app.services.telling.How`."""

    at: str
    who: str
    how: str
    words: str


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


@dataclass(frozen=True, slots=True)
class Space:
    """The disk that holds the store, in bytes. ``held`` is the size of the ballast file, 0 when there is none."""

    free: int
    total: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What two copies of a store are compared by: rows of some tables, and the newest audit link (number and SHA-256)."""

    counts: Mapping[str, int]
    audit: int = 0
    audit_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Change:
    """One row as it stands after its change number ``seq``; ``values`` is None when the row is gone."""

    table: str
    key: Any
    seq: int
    values: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some changed rows, up to change number ``through``. ``tally`` comes with the last ones: the copy then equals the store."""

    changes: tuple[Change, ...]
    through: int
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class CopyMark:
    """Where a second copy stands: its change number, since when (ISO), its newest audit link; ``whole`` once it was complete."""

    seq: int = 0
    at: str = ""
    audit: int = 0
    audit_hash: bytes = b""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class CopyRecord:
    """What this computer remembers of its second copy: the folder, when it was last equal, and why not since.

    ``checked_at``: when restoring was last proved, or the copy first made.
    """

    folder: str = ""
    at: str = ""
    checked_at: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored or checked copy holds, all of it read back: when it was written, rows by table, audit links, originals."""

    at: str
    counts: Mapping[str, int]
    audit: int
    originals: int
    absent: tuple[str, ...] = ()
    """Versions of regions that the store knows and that are not beside the copy as they were kept."""


@dataclass(frozen=True, slots=True)
class Affected:
    """An application that a damaged place in the file hit. ``label``: number or masked name; ``lost``: what is gone for good, in words."""

    id: str
    label: str
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """What looking through a damaged store found. ``copy_used``: rows were taken from the second copy. ``kept``: the damaged file's name."""

    affected: tuple[Affected, ...]
    other_lost: int
    copy_used: bool
    kept: str


class Role(StrEnum):
    """What somebody may do here: a supervisor lets people in and out, changes settings, takes back what was handed over."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody who works or worked here. Times are local ISO; ``disabled_at`` empty while active, ``last_in`` the last unlocking."""

    name: str
    role: Role
    added_at: str
    disabled_at: str = ""
    last_in: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """Who made a setting, and when (local ISO)."""

    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Voided:
    """That an application was put aside for good: why, in the clerk's words, when (local ISO) and by whom."""

    reason: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A draft on its way to another counter: the file's name, and the code that opens it, told apart from the file and stored nowhere."""

    file: str
    code: str
