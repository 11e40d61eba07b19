"""What a paper says beyond the application itself: what is missing, what the office decided, why somebody withdraws, which print it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.days import iso, parse_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.application import Application
    from app.core.region import Region

DECISIONS: Final[Mapping[str, str]] = {"approved": "已通过", "supplement": "需要补充材料", "refused": "未通过"}
"""What an office's answer can be, in the words of the letter."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing to be mended, in words for the applicant: 问题 · 怎么补 · 到哪里. ``requirement``: the paper's id, '' for an answer."""

    name: str
    problem: str
    remedy: str
    where: str = ""
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The office's answer as it came: nothing of it is worked out here.

    ``decision``: a key of :data:`DECISIONS`. Dates are ISO, empty where the office named none: ``decided_on``, ``begins`` (from when),
    ``review_by`` (before when to come again). ``steps``: what the applicant does now, one sentence each.
    """

    decision: str
    decided_on: str = ""
    disease: str = ""
    begins: str = ""
    review_by: str = ""
    reason: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperExtras:
    """What a paper needs besides the application; each field only where the paper speaks of it.

    ``defects``: of the one-time notice, the reasons sheet or the conditional acceptance, all of them at once. ``until``: ISO day by which
    to mend them, empty where nobody set one. ``reason``: of a withdrawal, in the applicant's words. ``reprint``: 0 for the first print,
    n for the nth one after it.
    """

    defects: tuple[Defect, ...] = ()
    until: str = ""
    outcome: Outcome | None = None
    reason: str = ""
    reprint: int = 0


NOTHING_MORE: Final = PaperExtras()

LISTS: Final[Mapping[str, frozenset[str]]] = {
    "defects": frozenset({"name", "problem", "remedy", "where"}),
    "steps": frozenset({"text"}),
}
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "supplement": frozenset({"count", "until", "code"}),
    "outcome": frozenset({"decision", "disease", "from", "until", "reason", "date", "appeal"}),
    "deferral": frozenset({"words", "late", "names"}),
    "withdrawal": frozenset({"reason"}),
    "print": frozenset({"mark", "count"}),
}


def extra_bindings(more: PaperExtras, region: Region, application: Application | None = None) -> dict[str, Any]:
    """Return what layouts bind to of this: the shape is :data:`FIELDS` and :data:`LISTS`. The application says which papers it owes."""
    outcome = more.outcome
    return {
        "defects": [
            {"name": one.name, "problem": one.problem, "remedy": one.remedy, "where": one.where} for one in more.defects
        ],
        "steps": [{"text": step} for step in outcome.steps] if outcome else [],
        "supplement": {"count": str(len(more.defects)) if more.defects else "", "until": _day(more.until)}
        | ({"code": _code(application)} if more.defects else {}),
        "outcome": {
            "decision": outcome.decision,
            "disease": outcome.disease.strip(),
            "from": _day(outcome.begins),
            "until": _day(outcome.review_by),
            "reason": outcome.reason.strip(),
            "date": _day(outcome.decided_on),
            # Who agrees needs no way to disagree, and a place that names none is not given one.
            "appeal": "" if outcome.decision == "approved" else region.fact("appeal").text.strip(),
        }
        if outcome
        else {},
        "deferral": {"words": region.deferral.words, "late": region.deferral.late, "names": _owed(application)}
        if region.deferral
        else {},
        "withdrawal": {"reason": more.reason.strip()},
        "print": {"mark": f"补打（第{more.reprint}次）" if more.reprint else "", "count": str(more.reprint or "")},
    }


def _code(application: Application | None) -> str:
    """Return what a scanner reads to open the case again: its number, before there is one its id. Neither says anything of anybody."""
    if application is None:
        return ""
    return application.acceptance.number if application.acceptance else application.id


def _owed(application: Application | None) -> str:
    return "、".join(one.name for one in application.owed) if application else ""


def _day(text: str) -> str:
    day = parse_day(text.partition("T")[0])
    return iso(day) if day else text.strip()
