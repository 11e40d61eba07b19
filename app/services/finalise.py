"""Finalise (受理): all checks at once; then the number, the papers, and one transaction that queues the application."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core import deferral
from app.core.answer_states import shown
from app.core.application import Acceptance, Application, State
from app.core.checks import check
from app.core.errors import AppError
from app.core.numbering import number
from app.core.paper_extras import NOTHING_MORE
from app.core.second_look import corrects
from app.core.workdays import Due, due
from app.services import clock_guard
from app.services.deferral import due_day

if TYPE_CHECKING:
    import datetime as dt

    from app.core.application import Mends
    from app.core.findings import Finding
    from app.core.region import Region
    from app.services.ports import Desk, Rendered

DOCUMENTS = (
    ("form", "form", "normal"),
    ("receipt", "receipt", "letter"),
    ("receipt-large", "receipt", "large"),
    ("materials", "materials", "normal"),
)
"""What acceptance makes: the stored name, the layout, the edition. The large receipt is for old eyes."""

PROMISE = (("conditional", "conditional", "letter"), ("conditional-large", "conditional", "large"))
"""What it makes beside them where papers come later: what is owed, by when, and the applicant's promise."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing was changed: these findings stand in the way, in the order of the form."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """Accepted and queued."""

    application: Application
    documents: tuple[Rendered, ...]


def promised(desk: Desk, region: Region, day: dt.date) -> Due | None:
    """When the office promises to be done with an application accepted on this day; None where the region names no limit."""
    limit = region.limit.workdays
    return due(desk.calendar, day, limit) if limit else None


def preview(desk: Desk, application: Application) -> Rendered:
    """Draw the application form as it stands, before there is a number."""
    moment = desk.clock.now().isoformat(timespec="seconds")
    return desk.printery.render("form", "normal", application, desk.region_of(application), desk.counter, moment=moment)


def finalise(desk: Desk, application: Application) -> Missing | Ready:
    """Check, number, print and queue an application, or say what is missing.

    Raises ClockDoubtError while today's date is in doubt, AppError when a document cannot be drawn in full or the machine fails; then
    nothing was changed.
    """
    clock_guard.require(desk)
    now, region = desk.clock.now(), desk.region_of(application)
    _still_wanted(desk, application)
    stops = tuple(f for f in check(application, region, now.date()) if f.stops)
    if stops:
        return Missing(stops)
    if deferral.brings(application) and not deferral.took_in(application):
        raise AppError("后补的材料一样还没放进来。放进来再受理；人没带来的，把这一版作废，原来受理的那件还在", "nothing came")
    moment = now.isoformat(timespec="seconds")
    accepted = replace(
        application.without_wholes(),
        mends=_mended(desk, application),
        state=State.READY,
        acceptance=_acceptance(desk, region, now, application.mends),
        deferred=deferral.fixed(application, region, due_day(desk, region, now.date()), moment),
    )
    made = [(one, NOTHING_MORE) for one in DOCUMENTS]
    made += [(one, deferral.promise(accepted, region)) for one in PROMISE if accepted.owed]
    documents = tuple(
        replace(desk.printery.render(what, edition, accepted, region, desk.counter, moment=moment, more=more), kind=kind)
        for (kind, what, edition), more in made
    )
    for document in documents:
        if document.problems:
            raise AppError(f"{document.problems[0].rstrip('。')}。还没有受理，已填的都在")
    desk.store.finalise(accepted, documents, desk.clerk)
    return Ready(accepted, documents)


def _still_wanted(desk: Desk, application: Application) -> None:
    """Refuse a next version of what the office has decided meanwhile."""
    mends = application.mends
    decided = shown(desk.store.answers(application.id), mends.revision, mends.since) if mends else None
    if decided and decided.kind == "supplement" and deferral.brings(application):
        raise AppError(
            f"市局 {decided.at[:10]} 退回这件要补正。把这一版作废，到「结果」里打开补正，后补的材料一起放进去",
            "sent back meanwhile",
        )
    if decided and decided.kind != "supplement":
        word = "通过了" if decided.kind == "approved" else "答复不通过"
        raise AppError(
            f"市局 {decided.at[:10]} 已经{word}这件，补正不用再报。把补正的草稿作废，就回到市局的结论", "decided meanwhile"
        )


def _mended(desk: Desk, application: Application) -> Mends | None:
    """Return what the accepted version mends for the office; what a supervisor of this counter wrote to a clerk is not handed over."""
    if corrects(application) is None:
        return application.mends
    former = desk.store.editions(application.id)
    return former[-1].mends if former else None


def _acceptance(desk: Desk, region: Region, now: dt.datetime, mends: Mends | None) -> Acceptance:
    """Return what is fixed now. What mends a version keeps its number and its date: no source lets the limit begin anew."""
    day = now.date()
    if mends:
        kept = mends.acceptance
        return replace(kept, accepted_at=now.isoformat(timespec="seconds"), clerk=desk.clerk)
    promise = promised(desk, region, day)
    return Acceptance(
        number=number(region.number_prefix, desk.counter.code, day, desk.store.next_sequence(day.isoformat())),
        accepted_at=now.isoformat(timespec="seconds"),
        due=promise.day.isoformat() if promise else "",
        due_provisional=promise.provisional if promise else False,
        clerk=desk.clerk,
        counter_code=desk.counter.code,
        counter_name=desk.counter.name,
    )
