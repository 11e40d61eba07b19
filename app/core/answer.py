"""The office's answers (审核结果) as values.

Each names the submission it answers (application, revision, digest), counts the office's answers to one counter without gaps, and says
what the office says: no date here is ever worked out, and what the office did not write stays empty. :mod:`app.core.answer_json` has
their one written form. What is sealed for the way is in :mod:`app.core.answer_wire`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from app.core.paper_extras import Defect, Outcome, PaperExtras


@dataclass(frozen=True, slots=True)
class Receipt:
    """The office holds the submission whole (已送达)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The office took it on under its official ``number``."""

    number: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to be mended, in words for the applicant: what is wrong, how to mend it, where.

    ``field`` is a dotted path of the application (``diseases.0.diagnosed_on``), ``requirement`` the id of a paper; one of them, or neither
    for the application as a whole. ``page`` counts the paper's pages from 1, 0 for all of it.
    """

    problem: str
    remedy: str = ""
    where: str = ""
    field: str = ""
    requirement: str = ""
    page: int = 0

    @property
    def path(self) -> str:
        """The path of what mends it, '' for the application as a whole."""
        return f"papers.{self.requirement}" if self.requirement else self.field


@dataclass(frozen=True, slots=True)
class Supplement:
    """Sent back to be mended (需补正): every fault at once. ``until``: ISO day, '' where the office set none."""

    faults: tuple[Fault, ...]
    until: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """Approved (通过). All dates are ISO days as the office wrote them, '' where it wrote none.

    ``begins``: the first day of the benefit; ``ends``: its last day; ``review_by``: before when to come again.
    """

    begins: str = ""
    ends: str = ""
    review_by: str = ""
    number: str = ""
    disease: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused (不通过): the office's own code for the reason, the reason, what the applicant can do, and how to disagree, in its words."""

    reason: str
    code: str = ""
    appeal: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """The office has two submissions that cannot both be meant. ``other``: the digest of the one it got first."""

    other: str
    reason: str = ""


Content: TypeAlias = Receipt | Accepted | Supplement | Approved | Refused | Conflict

KINDS: Final[dict[str, type[Content]]] = {
    "received": Receipt,
    "accepted": Accepted,
    "supplement": Supplement,
    "approved": Approved,
    "refused": Refused,
    "conflict": Conflict,
}
_NAMES: Final = {made: name for name, made in KINDS.items()}

DECISIONS: Final = frozenset({"supplement", "approved", "refused"})
"""Kinds that say how an application came out, and move its state."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``seq`` counts from 1; 0 for one that was only heard by telephone. ``at``: local time, ISO to the second.

    ``digest``: of the submission it answers (SHA-256 of its tagmanifest), '' where it was only heard.
    """

    counter: str
    seq: int
    application: str
    revision: int
    digest: str
    at: str
    by: str
    content: Content

    @property
    def kind(self) -> str:
        """A key of :data:`KINDS`."""
        return _NAMES[type(self.content)]

    @property
    def heard(self) -> bool:
        """Whether nobody signed for it: a clerk wrote down what was said on the telephone."""
        return self.seq == 0


def summary(content: Content) -> str:
    """Say an answer in one line for a list, without anything about a person."""
    match content:
        case Receipt():
            return "已送达"
        case Accepted(number):
            return f"经办机构已受理，正式编号 {number}"
        case Supplement(faults, until):
            return f"补 {len(faults)} 处" + (f"，补齐期限 {until}" if until else "")
        case Approved(begins, ends):
            since = f"{begins} 起享受" if begins else "已通过，起始日没写，问经办机构"
            return since + (f"，到 {ends}" if ends else "")
        case Refused(reason):
            return reason
        case Conflict(_, reason):
            return reason or "经办机构收到两份对不上的，打电话核对"


def on_paper(answer: Answer, names: dict[str, str] | None = None) -> PaperExtras:
    """Return what the letter or the notice to the applicant says of an answer. ``names``: of requirements and fields by path."""
    named, content = names or {}, answer.content
    match content:
        case Supplement(faults, until):
            defects = tuple(
                Defect(named.get(one.path, "") or "申请", one.problem, one.remedy, one.where, one.requirement) for one in faults
            )
            outcome = Outcome("supplement", decided_on=answer.at[:10], steps=tuple(d.remedy for d in defects if d.remedy))
            return PaperExtras(defects, until, outcome)
        case Approved():
            return PaperExtras(
                outcome=Outcome(
                    "approved",
                    decided_on=answer.at[:10],
                    disease=content.disease,
                    begins=content.begins,
                    review_by=content.review_by or content.ends,
                    reason=content.note,
                )
            )
        case Refused():
            steps = (*content.steps, content.appeal) if content.appeal else content.steps
            return PaperExtras(outcome=Outcome("refused", decided_on=answer.at[:10], reason=content.reason, steps=steps))
        case _:
            raise ValueError(f"no paper for {answer.kind}")
