"""What became of a one-time notice: which of the things it named are there now, and what stands in the way that it did not name.

Everything is told at once, so something that the notice did not name is our own doing, unless only time made it: a certificate that
was fresh that day and is not today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.application import Waiting
from app.core.checks import check
from app.core.days import parse_day
from app.core.paper_notice import gaps as gaps_of
from app.core.paper_notice import key_of, told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from app.core.application import Application, Gap
    from app.core.findings import Finding
    from app.core.region import Region


@dataclass(frozen=True, slots=True)
class Standing:
    """The gaps of a notice as they stand today: ``open`` and ``filled`` in the notice's order.

    ``expired``: what time made wrong since then; ``unsaid``: what the notice should have named and did not.
    """

    open: tuple[Gap, ...] = ()
    filled: tuple[Gap, ...] = ()
    expired: tuple[Finding, ...] = ()
    unsaid: tuple[Finding, ...] = ()

    @property
    def left(self) -> int:
        """How many things the applicant still has to bring or mend."""
        return len(self.open) + len(_keys(self.expired)) + len(_keys(self.unsaid))


def standing(application: Application, region: Region, findings: Iterable[Finding]) -> Standing:
    """Return how the notice of this application stands, by today's findings; empty while none was given."""
    waiting = application.waiting
    if waiting is None:
        return Standing()
    stops = [finding for finding in findings if told(finding)]
    there = {key_of(finding) for finding in stops}
    named = {gap.field for gap in waiting.gaps}
    others = [finding for finding in stops if key_of(finding) not in named]
    before = _that_day(application, region, waiting) if others else frozenset()
    return Standing(
        tuple(gap for gap in waiting.gaps if gap.field in there),
        tuple(gap for gap in waiting.gaps if gap.field not in there),
        tuple(finding for finding in others if finding.id not in before),
        tuple(finding for finding in others if finding.id in before),
    )


def next_notice(
    application: Application, region: Region, findings: Iterable[Finding], at: dt.datetime, by: str, until: str = ""
) -> Waiting:
    """Return what is kept of the notice that is given now. ValueError when there is nothing to tell."""
    found = gaps_of(findings, application, region)
    if not found:
        raise ValueError("nothing to tell")
    nth = application.waiting.nth + 1 if application.waiting else 1
    return Waiting(at.isoformat(timespec="seconds"), by, found, until, nth)


def told_day(waiting: Waiting) -> dt.date | None:
    """Return the day on which the notice was given."""
    return parse_day(waiting.given_at[:10])


def names(gaps: Iterable[Gap]) -> str:
    """Return what the gaps are called, in one line for lists; no personal data."""
    return "、".join(gap.name for gap in gaps)


def _that_day(application: Application, region: Region, waiting: Waiting) -> frozenset[str]:
    """Return what would have stood in the way on the day of the notice: what is not among it, only time brought."""
    day = told_day(waiting)
    if day is None:
        return frozenset()
    return frozenset(finding.id for finding in check(application, region, day) if finding.stops)


def _keys(findings: Iterable[Finding]) -> set[str]:
    return {key_of(finding) for finding in findings}
