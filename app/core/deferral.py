"""Acceptance although some papers come later (容缺受理): which may, what the applicant is told of them, and when they came.

Only where the region's source allows it, and only the papers it lists. Elsewhere nothing of this exists.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core.application import Deferred, Mends, State
from app.core.checks.materials import came
from app.core.days import parse_day
from app.core.paper_extras import Defect, PaperExtras
from app.core.paper_notice import brought, where_of

if TYPE_CHECKING:
    import datetime as dt

    from app.core.application import Application
    from app.core.region import Region, Requirement

BRINGS: Final = (State.READY, State.SENT)
"""Where an accepted application stands while its deferred papers can still be taken in: the office has not decided."""


def may_come_later(region: Region, requirement: Requirement) -> bool:
    """Whether the region allows this paper to come after acceptance."""
    return region.deferral is not None and requirement.id in region.deferral.papers and not requirement.made_here


def fixed(application: Application, region: Region, due: str, at: str) -> tuple[Deferred, ...]:
    """Return what an acceptance at this local time (ISO) leaves owed, and what it took in of what was owed before.

    ``due``: ISO day for what is deferred now, '' where the region states no days; an older promise keeps its day.
    """
    names = {one.id: one.name for one in region.requirements if may_come_later(region, one)}
    found = []
    for one in application.deferred:
        here, promised = came(application.paper(one.requirement)), bool(one.name)
        if one.came_at or (promised and not here):
            found.append(one)
        elif promised:
            found.append(replace(one, came_at=at))
        elif not here and one.requirement in names:
            found.append(Deferred(one.requirement, names[one.requirement], due))
    return tuple(found)


def until(application: Application) -> str:
    """Return the earliest day (ISO) by which something is owed, '' where none was stated."""
    return min((one.due for one in application.owed if one.due), default="")


def days_left(due: str, today: dt.date) -> int | None:
    """Return how many days are left until then, negative when it is past; None without a day."""
    day = parse_day(due)
    return (day - today).days if day else None


def promise(application: Application, region: Region) -> PaperExtras:
    """Return what the paper says that both sides sign: each paper that comes later, how and where to get it, by when."""
    known = {one.id: one for one in region.requirements}
    papers = [known[one.requirement] for one in application.owed if one.requirement in known]
    return PaperExtras(
        tuple(Defect(one.name, "受理后补。", brought(one), where_of(one), one.id) for one in papers), until(application)
    )


def reopened(application: Application, at: str) -> Application:
    """Return the next version of an accepted application, a draft to take in what it owes. ValueError when it owes nothing."""
    acceptance = application.acceptance
    if acceptance is None or not application.owed:
        raise ValueError("nothing is owed")
    mends = Mends(acceptance, application.revision, 0, at, until(application), (), application.accepted_as)
    return application.again(mends, "materials")


def brings(application: Application) -> bool:
    """Whether this is such a draft: nobody asked for anything to be mended, it only takes in what was owed."""
    mends = application.mends
    return mends is not None and application.acceptance is None and not mends.asked


def took_in(application: Application) -> bool:
    """Whether a draft that takes in what was owed holds any of it by now."""
    return any(came(application.paper(one.requirement)) for one in application.owed)
