"""The one-time notice (一次性告知): given with everything at once, kept with the case, and looked at again when the person comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core.application import State
from app.core.checks import check, step_of
from app.core.errors import AppError
from app.core.paper_notice import gaps, key_of
from app.core.waiting import next_notice, standing
from app.core.workdays import due
from app.services import clock_guard
from app.services.printing import usual

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.application import Application
    from app.core.region import Region
    from app.services.papers import Sheet
    from app.services.ports import Desk

NOTICE: Final = "notice"
NOTHING: Final = "没有要申请人补的，不用打一次性告知书"
INCOMPLETE: Final = "notice.incomplete"
_ROWS: Final = 10_000


def until(desk: Desk, region: Region) -> str:
    """Return by which day (ISO) somebody told today comes back; '' where the region states no days."""
    days = region.comeback.workdays
    return due(desk.calendar, desk.clock.now().date(), days).day.isoformat() if days else ""


def among(kinds: Iterable[str]) -> bool:
    """Whether the one-time notice is among papers by their stored names."""
    return any(usual(kind) == NOTICE for kind in kinds)


def give(desk: Desk, application: Application, sheets: Sequence[Sheet]) -> Application:
    """Park a case with the notice that is about to be printed, in one transaction; returns it as stored, WAITING.

    The same notice again on the same day is a reprint: nothing is counted. AppError when there is nothing to tell, when the case is no
    draft any more, or when a paper cannot be printed in full; nothing was stored then.
    """
    for sheet in sheets:
        if sheet.document.problems:
            raise AppError(f"{sheet.title}：{sheet.document.problems[0].rstrip('。')}。还没有打印")
    region, now = desk.region_of(application), desk.clock.now()
    findings = check(application, region, now.date())
    if not gaps(findings, application, region):
        raise AppError(NOTHING)
    told = next_notice(application, region, findings, now, desk.clerk, until(desk, region))
    before = application.waiting
    if (
        before is not None
        and application.state is State.WAITING
        and (before.gaps, before.given_at[:10]) == (told.gaps, told.given_at[:10])
    ):
        return application
    unsaid = dict.fromkeys(key_of(finding) for finding in standing(application, region, findings).unsaid)
    documents = [sheet.document for sheet in sheets if usual(sheet.document.kind) == NOTICE]
    parked = desk.store.park(replace(application, waiting=told), documents, desk.clerk, unsaid=tuple(unsaid))
    clock_guard.after_save(desk)
    return parked


def come_back(desk: Desk, application: Application) -> Application:
    """Return a case that waited as it is opened again: at its first gap, the papers before the answers.

    What the notice did not name although it stood in the way that day is noted in the audit, once for each notice.
    """
    if application.state is not State.WAITING or application.waiting is None:
        return application
    region = desk.region_of(application)
    stands = standing(application, region, check(application, region, desk.clock.now().date()))
    unsaid = dict.fromkeys(key_of(finding) for finding in stands.unsaid)
    if unsaid:
        note = f"{application.waiting.nth} {' '.join(unsaid)}"
        rows = desk.store.audit(_ROWS, subject=application.id)
        if not any(row.act == INCOMPLETE and row.what == note for row in rows):
            desk.store.note(desk.clerk, INCOMPLETE, application.id, note)
    steps = [step_of(gap.field) for gap in stands.open]
    steps += [finding.step for finding in (*stands.expired, *stands.unsaid)]
    step = "materials" if "materials" in steps else next(iter(steps), "answers")
    return replace(application, step=step)
