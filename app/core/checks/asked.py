"""What the office sent back (需补正), told at its field until what stands there has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.answer_findings import content, standing
from app.core.checks.findings import doubt, label_of, missing, step_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.application import Application, Asked, Mends
    from app.core.findings import Finding
    from app.core.region import Region

WHOLE: Final = "summary"
"""The field at which something is told that concerns the application as a whole."""


def check_asked(application: Application, region: Region) -> Iterator[Finding]:
    """Yield a finding for each thing asked that stands unchanged.

    A paper whose pages were taken is missing until there are others. An answer is doubtful, because it may be right as it stands; so is
    a paper that was only looked at, of which nothing here shows whether it is another one.
    """
    mends = application.mends
    if mends is None or application.acceptance is not None:
        return
    if mends.who:
        yield from _untouched(application, mends)
        return
    names = {f"papers.{one.id}": one.name for one in region.requirements}
    for at, one in enumerate(mends.asked):
        if one.field and standing(application, one.field) != one.was:
            continue
        field = one.field or WHOLE
        label = names.get(one.field) or label_of(one.field) or "整件"
        make = missing if _taken(application, one) else doubt
        otherwise = "换一份再放进来" if make is missing else "照原件改；没有错就写明理由"
        yield make(f"office.{mends.revision}.{at}", field, f"市局要补{label}：{one.problem}", one.remedy or otherwise, label)


def _untouched(application: Application, mends: Mends) -> Iterator[Finding]:
    """Yield a doubt while nothing at all was changed since a supervisor of this counter sent it back."""
    note = "；".join(one.problem for one in mends.asked)
    if any(one.was == content(application) for one in mends.asked):
        way = "改好了再受理；不用改的，写明为什么"
        yield doubt(f"look.{mends.revision}.untouched", WHOLE, f"主管退回：{note}", way, "复核")


def first_step(application: Application) -> str:
    """Return the intake step where the first thing asked is mended; the first step where nothing was asked."""
    mends = application.mends
    return step_of(mends.asked[0].field or WHOLE) if mends and mends.asked else "identity"


def _taken(application: Application, one: Asked) -> bool:
    return one.field.startswith("papers.") and bool(application.paper(one.field.partition(".")[2]).pages)
