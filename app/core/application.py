"""The application as a value: what was answered, as it was typed.

A draft keeps text exactly as typed (half a date, nine digits of a phone number), because nothing typed may be lost.
Parsing is done by :mod:`app.core.identity`, :mod:`app.core.contact` and :mod:`app.core.days` wherever a meaning is needed, and
:mod:`app.core.checks` says what is missing or doubtful. Every change makes a new value; see :func:`put`.

Codes are those of the national platform (insutype, psn_cert_type, GB/T 2261.1 sex, GB/T 3304 nation), see :mod:`app.core.codes`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any

from app.core.quality import Spot  # noqa: TC001 - the record is built by its hints at run time


class State(StrEnum):
    """Where an application stands. "Queued" is not a state: it is the outbox row's existence."""

    DRAFT = "draft"
    WAITING = "waiting"
    READY = "ready"
    SENT = "sent"
    APPROVED = "approved"
    SUPPLEMENT = "supplement"
    REFUSED = "refused"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Applicant:
    """The insured person (参保人). ``birth`` and ``cert_until`` are ISO dates as typed; ``cert_until`` may be 长期."""

    name: str = ""
    cert_kind: str = "01"
    cert_number: str = ""
    cert_until: str = ""
    sex: str = ""
    birth: str = ""
    nation: str = ""
    phone: str = ""
    other_phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts for the applicant (代办人): the six AGNTER_* fields of the registration event."""

    name: str = ""
    relation: str = ""
    cert_kind: str = "01"
    cert_number: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Insurance:
    """What is known of the insurance at the counter.

    ``kind``: a code of the region (310, 390, flexible …). ``status``: ``unchecked`` cannot be checked offline, which is a state
    of its own; ``normal`` or ``problem`` as the applicant's own paper shows. ``voucher``: card, e_voucher or none.
    ``arrears``: the applicant's answer (no, yes, unsure), never a fact.
    """

    kind: str = ""
    status: str = "unchecked"
    place: str = ""
    voucher: str = ""
    card_number: str = ""
    arrears: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """Long-term residence elsewhere (异地居住). ``residence``: local, filed, unfiled."""

    residence: str = "local"
    place: str = ""
    filed_on: str = ""


@dataclass(frozen=True, slots=True)
class Disease:
    """One disease applied for. ``code`` is empty for free text and for catalogue entries without a code."""

    name: str = ""
    code: str = ""
    diagnosed_on: str = ""


@dataclass(frozen=True, slots=True)
class Care:
    """Institutions: where it was diagnosed, by whom, and where the applicant wants to be treated."""

    hospital: str = ""
    grade: str = ""
    doctor: str = ""
    designated: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paper. ``original`` names the stored capture, which is never altered; ``turn`` is 0, 90, 180 or 270 clockwise.

    ``spots`` were seen by imaging on the unturned page. ``likeness`` compares pages (hex, empty when unknown): two sides of a card
    differ. ``retakes`` counts how often this page was taken again because of a flaw. ``whole``: the stored capture of the picture as it came,
    where the page was cut out of it or straightened; kept until acceptance. ``whole_turn``: the turn with which that one stands upright.
    """

    original: str
    turn: int = 0
    spots: tuple[Spot, ...] = ()
    likeness: str = ""
    retakes: int = 0
    whole: str = ""
    whole_turn: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """What came for one requirement, and what happened to it at the counter (已看 已复印 留存 退还).

    ``attested_by``: the clerk who says that the seal is there; empty while ``sealed`` is not.
    """

    requirement: str
    option: str = ""
    issued_on: str = ""
    pages: tuple[Page, ...] = ()
    seen: bool = False
    copied: bool = False
    kept: bool = False
    returned: bool = False
    sealed: bool = False
    attested_by: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from when nobody typed it; a typed value has no source.

    ``kind``: a key of :data:`app.core.sources.KINDS` (card, camera, copied). ``value``: as it came, which what stands there now may no longer
    be. ``origin``: from what, in words without personal data (an acceptance number, a day). ``confirmed``: a person said that it is right.
    """

    path: str
    kind: str
    value: str = ""
    origin: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a doubtful thing (疑) was accepted all the same: the finding's id and the clerk's words."""

    finding: str
    text: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became fixed when the application was accepted.

    ``accepted_at`` is local time, ISO to the second. ``due`` is an ISO date, empty where the region names no limit;
    ``due_provisional`` when the date runs into a year whose holidays are not published.
    """

    number: str
    accepted_at: str
    due: str = ""
    due_provisional: bool = False
    clerk: str = ""
    counter_code: str = ""
    counter_name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing the office wants mended (需补正), in its words.

    ``field`` is the dotted path of what mends it, '' for the application as a whole. ``was``: a digest of what stood there when the draft
    was opened again; see :mod:`app.core.answer_findings`.
    """

    field: str
    problem: str
    remedy: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Mends:
    """That this version mends one the office sent back: its acceptance, the office's answer (``seq`` 0: by telephone), what it asks.

    ``until``: ISO day, '' where the office set none. ``revision``: the one handed over last, ``since``: the first that said the same, 0 for
    that very one. ``who``: the supervisor of this counter who sent it back before it left, '' where it was the office.
    """

    acceptance: Acceptance
    revision: int
    seq: int
    at: str
    until: str = ""
    asked: tuple[Asked, ...] = ()
    since: int = 0
    who: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing the applicant was told to mend (待补): what the one-time notice said of it, in its words.

    ``field``: ``papers.<requirement>`` for a paper, else the path of the answer. ``findings``: the ids it stood for that day.
    """

    field: str
    name: str
    problem: str
    remedy: str
    where: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """That the one-time notice was given: when (local, ISO to the second), by whom, what it named; ``nth`` counts the notices.

    ``until``: ISO day by which to come back, '' where the region states none.
    """

    given_at: str
    by: str
    gaps: tuple[Gap, ...] = ()
    until: str = ""
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Deferred:
    """A paper that may come after acceptance (容缺), under the name the region gives it.

    ``due``: ISO day fixed at acceptance, '' before it and where the region states no days. ``came_at``: the local time at which the
    version that brought it was accepted, '' while it is owed.
    """

    requirement: str
    name: str = ""
    due: str = ""
    came_at: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """One application. ``id`` is a ULID; ``revision`` counts stored versions of the draft, 0 before the first.

    ``notified``: the version of the notice on personal data that was told to the applicant, empty while it was not. ``waiting``: the
    last one-time notice, None while none was given. ``deferred``: papers that may come later.
    ``accepted_as``: the revision it was accepted as, where a signed form made it a later one since; 0 where none did.
    ``print_size``: ``large`` or ``normal`` once somebody chose for this applicant, else empty; it is not handed over.
    ``sources``: of values that came from a card, a picture or an earlier application.
    """

    id: str
    region: str
    region_version: str
    kind: str = "new"
    by_agent: bool = False
    applicant: Applicant = field(default_factory=Applicant)
    agent: Agent = field(default_factory=Agent)
    insurance: Insurance = field(default_factory=Insurance)
    remote: Remote = field(default_factory=Remote)
    diseases: tuple[Disease, ...] = ()
    care: Care = field(default_factory=Care)
    summary: str = ""
    papers: tuple[Paper, ...] = ()
    reasons: tuple[Reason, ...] = ()
    show_disease: bool = True
    notified: str = ""
    read_back: bool = False
    step: str = "identity"
    state: State = State.DRAFT
    author: str = ""
    started_at: str = ""
    acceptance: Acceptance | None = None
    mends: Mends | None = None
    revision: int = 0
    waiting: Waiting | None = None
    deferred: tuple[Deferred, ...] = ()
    accepted_as: int = 0
    print_size: str = ""
    sources: tuple[Source, ...] = ()

    def paper(self, requirement: str) -> Paper:
        """Return what has come for this requirement; an empty paper when nothing has."""
        return next((p for p in self.papers if p.requirement == requirement), Paper(requirement))

    def with_paper(self, paper: Paper) -> Application:
        """Return the application with this paper in the place of the one for its requirement."""
        if any(p.requirement == paper.requirement for p in self.papers):
            return replace(self, papers=tuple(paper if p.requirement == paper.requirement else p for p in self.papers))
        return replace(self, papers=(*self.papers, paper))

    def owes(self, requirement: str) -> Deferred | None:
        """Return that this paper may come later and has not come yet, or None."""
        return next((one for one in self.deferred if one.requirement == requirement and not one.came_at), None)

    def deferring(self, requirement: str, *, on: bool) -> Application:
        """Return the application with a paper that comes after acceptance, or not. What was promised at an acceptance stays."""
        known = any(one.requirement == requirement for one in self.deferred)
        if on:
            return self if known else replace(self, deferred=(*self.deferred, Deferred(requirement)))
        return replace(self, deferred=tuple(one for one in self.deferred if one.requirement != requirement or one.name))

    @property
    def owed(self) -> tuple[Deferred, ...]:
        """The papers that may come later and have not come yet."""
        return tuple(one for one in self.deferred if not one.came_at)

    def without_wholes(self) -> Application:
        """Return the application with the pictures as they came let go of: from acceptance on, a page is what it shows."""
        papers = tuple(
            replace(paper, pages=tuple(replace(page, whole="", whole_turn=0) if page.whole else page for page in paper.pages))
            for paper in self.papers
        )
        return replace(self, papers=papers)

    def reason_for(self, finding: str) -> str:
        """Return the clerk's reason for passing this finding, or nothing."""
        return next((r.text for r in self.reasons if r.finding == finding), "")

    def again(self, mends: Mends, step: str = "") -> Application:
        """Return the next version of an accepted application: a draft once more, for what ``mends`` names; ``step`` where it opens, '' where it was left."""
        return replace(
            self,
            state=State.DRAFT,
            acceptance=None,
            mends=mends,
            read_back=False,
            accepted_as=0,
            step=step or self.step,
            revision=self.revision + 1,
        )

    def with_reason(self, finding: str, text: str) -> Application:
        """Return the application with the reason set; an empty text takes it away."""
        kept = tuple(r for r in self.reasons if r.finding != finding)
        return replace(self, reasons=(*kept, Reason(finding, text)) if text.strip() else kept)


def get(value: Any, path: str) -> Any:
    """Return what stands at a dotted path: ``applicant.phone``, ``diseases.0.name``, ``papers.diagnosis.issued_on``.

    Raises LookupError when the path does not exist.
    """
    for key in path.split("."):
        value = _step(value, key)
    return value


def put(value: Any, path: str, new: Any) -> Any:
    """Return a copy of the value in which the field at the dotted path is new. Raises LookupError for an unknown path."""
    key, _, rest = path.partition(".")
    inner = put(_step(value, key), rest, new) if rest else new
    if isinstance(value, tuple):
        at = _index(value, key)
        return (*value[:at], inner, *value[at + 1 :])
    if key not in _names(type(value)):  # type: ignore[arg-type]  # a class is hashable
        raise LookupError(path)
    return replace(value, **{key: inner})


def _index(items: tuple[Any, ...], key: str) -> int:
    """Position in a tuple: a number, or the requirement id of a paper."""
    for at, item in enumerate(items):
        if isinstance(item, Paper) and item.requirement == key:
            return at
    if key.isdigit() and int(key) < len(items):
        return int(key)
    raise LookupError(key)


def _step(value: Any, key: str) -> Any:
    if isinstance(value, tuple):
        return value[_index(value, key)]
    if key in _names(type(value)):  # type: ignore[arg-type]  # a class is hashable
        return getattr(value, key)
    raise LookupError(key)


@cache
def _names(kind: type) -> frozenset[str]:
    """Return the fields of a dataclass, none for anything else."""
    return frozenset(f.name for f in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else frozenset()
