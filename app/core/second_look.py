"""A second pair of eyes (第二人复核): which accepted applications somebody else looks at before they leave the counter, and what keeps one.

Drawn by the application's id, which is given before anything is typed: nobody at the counter chooses which one it is, and every
computer draws the same. A look counts for one accepted version; a form that is signed afterwards leaves that version what it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.core.answer_findings import content
from app.core.application import Asked, Mends

if TYPE_CHECKING:
    from app.core.application import Application
    from app.core.region import SecondLook

_ALL: Final = 100
_SENT_BACK: Final = "主管退回："


class Verdict(StrEnum):
    """What came of it.

    PASSED: looked at and sound. RETURNED: back to whoever took it, it stays here. RELEASED: a supervisor let it go unseen, with a reason.
    LAPSED: the region's days were over and nobody had looked.
    """

    PASSED = "passed"
    RETURNED = "returned"
    RELEASED = "released"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an accepted version (``revision``: the one it was accepted as). ``at``: local ISO; ``note``: why, in the supervisor's words."""

    application: str
    revision: int
    at: str
    who: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An accepted application as far as a look is concerned: its region, when and as which revision, the newest look at that one.

    ``before``: the look that sent back a former version, None where there is none or somebody looked since.
    """

    id: str
    region: str
    region_version: str
    accepted_as: int
    accepted_at: str
    look: Look | None = None
    before: Look | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an accepted application stays at the counter: ``note`` of whoever sent it back, '' where nobody looked yet.

    ``rule``: what the region wants; None where a supervisor looked without being asked to.
    """

    sighting: Sighting
    rule: SecondLook | None
    note: str = ""

    @property
    def returned(self) -> bool:
        """Whether somebody looked and sent it back."""
        return self.sighting.look is not None

    @property
    def corrected(self) -> bool:
        """Whether it was sent back, accepted again since, and nobody looked at it after that."""
        return not self.returned and self.sighting.before is not None

    @property
    def fact(self) -> str:
        """Say it."""
        if self.corrected and self.sighting.before is not None:
            return f"{returned_words(self.sighting.before.note)}。改过了，主管还没再看"
        return returned_words(self.note) if self.returned else "抽到第二人复核，主管还没看"

    @property
    def way(self) -> str:
        """Say the way out."""
        if self.returned:
            return "在工作台「需处理」里打开改，再受理一次；没有要改的，请主管在「日终复核」里再看"
        days = self.rule.workdays if self.rule is not None else None
        later = f"，满 {days} 个工作日没人看也照常送" if days else ""
        return f"主管在「管理」的「日终复核」里看过就送{later}"


def accepted_as(application: Application) -> int:
    """Return the revision that an accepted application was accepted as."""
    return application.accepted_as or application.revision


def drawn(application_id: str, rule: SecondLook | None) -> bool:
    """Whether this one is looked at twice."""
    if rule is None:
        return False
    return int.from_bytes(hashlib.sha256(application_id.encode()).digest()) % _ALL < rule.percent


def hold(sighting: Sighting, rule: SecondLook | None) -> Hold | None:
    """Return what keeps an accepted application here, or None."""
    look = sighting.look
    if look is not None:
        return Hold(sighting, rule, look.note) if look.verdict is Verdict.RETURNED else None
    return Hold(sighting, rule) if sighting.before is not None or drawn(sighting.id, rule) else None


def returned_words(note: str) -> str:
    """Return what the lists say of one that was sent back."""
    return f"{_SENT_BACK}{note}"


def sent_back(words: str) -> bool:
    """Whether what a list says of an application is that a supervisor sent it back."""
    return words.startswith(_SENT_BACK)


def reopened(application: Application, look: Look) -> Application:
    """Return the next version of an accepted application that a supervisor sent back: a draft at its answers, with what is to be corrected.

    ValueError when it is not accepted, or when it was another version that was sent back.
    """
    acceptance = application.acceptance
    if acceptance is None or look.verdict is not Verdict.RETURNED or look.revision != accepted_as(application):
        raise ValueError("not sent back")
    asked = (Asked("", look.note, was=content(application)),)
    mends = Mends(acceptance, application.revision, 0, look.at, "", asked, application.accepted_as, look.who)
    return application.again(mends, "answers")


def corrects(application: Application) -> Mends | None:
    """Return what a draft corrects that a supervisor sent back; None for every other application."""
    mends = application.mends
    return mends if mends is not None and mends.who and application.acceptance is None else None
