"""Why an application cannot be taken here today, as the applicant is told (暂不能受理): reasons a clerk chooses from, none decided here.

It is never a formal refusal: that is the office's alone. Only what the region's source states is offered, beside what the checks found
and what the clerk writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.paper_extras import Defect
from app.core.paper_notice import TOLD_BY_OFFICE, defect, gaps
from app.core.requirements import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.application import Application
    from app.core.findings import Finding
    from app.core.region import Region

ELSEWHERE: Final = "insured-elsewhere"
CATALOGUE: Final = "not-in-catalogue"
WRITTEN: Final = "written"


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason that can be chosen. ``id`` holds no personal data and stands in the audit: a field's path or a name of this module."""

    id: str
    told: Defect


def causes(findings: Iterable[Finding], application: Application, region: Region) -> tuple[Cause, ...]:
    """Return what may be chosen: what only another place can do first, then what the checks found, each with its way out."""
    found = []
    who = region.fact("who_may_apply").text.strip().rstrip("。")
    if who:
        problem = f"没有在{region.name}参保。这里可以申请的人：{who}。"
        found.append(Cause(ELSEWHERE, Defect("参保地", problem, "到参保地的医保经办机构问怎么申请。", "参保地的医保经办机构")))
    free = [one.name.strip() for one in application.diseases if one.name.strip() and entry_of(one, region) is None]
    if free and region.diseases:
        problem = f"「{'、'.join(free)}」不在{region.name}的门诊慢特病病种目录里。"
        found.append(
            Cause(CATALOGUE, Defect("申请病种", problem, "请医生看是不是目录里的病种；还想办的，问经办机构。", TOLD_BY_OFFICE))
        )
    return (*found, *(Cause(gap.field, defect(gap)) for gap in gaps(findings, application, region)))


def written(problem: str, remedy: str) -> Cause | None:
    """Return what the clerk wrote as a reason, None when nothing was written. A way out that nobody wrote is left to the office."""
    problem, remedy = (text.strip() for text in (problem, remedy))
    if not problem:
        return None
    ending = "" if problem.endswith(("。", "；")) else "。"
    return Cause(WRITTEN, Defect("其他", f"{problem}{ending}", remedy or "问经办机构怎么办。", TOLD_BY_OFFICE))
