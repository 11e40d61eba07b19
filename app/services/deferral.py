"""Papers that come after acceptance (容缺): promised when it is accepted, taken in as its next version when they are brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core import deferral
from app.core.application import State
from app.core.errors import AppError, StoreError
from app.core.workdays import due

if TYPE_CHECKING:
    import datetime as dt

    from app.core.application import Application
    from app.core.region import Region
    from app.services.ports import Desk

_TOO_LATE: Final = {
    State.SUPPLEMENT: "市局退回要补正。在「结果」里打开补正，后补的材料一起放进去",
    State.APPROVED: "市局已经通过这件，后补的材料收下后按市局的要求另交",
    State.REFUSED: "市局答复不通过，后补的材料不用再收",
}


def due_day(desk: Desk, region: Region, day: dt.date) -> str:
    """Return by when (ISO) what is deferred on this day comes, '' where the region states no number of working days."""
    days = region.deferral.workdays if region.deferral else None
    return due(desk.calendar, day, days).day.isoformat() if days else ""


def bring(desk: Desk, application_id: str) -> Application:
    """Open an accepted application again to take in what it owes: its next version, a draft at its materials.

    It keeps its id, its acceptance number and its promised day. AppError says why it cannot be opened so.
    """
    application = desk.store.application(application_id)
    if application is None:
        raise StoreError("这件申请不在本机。到办这件的窗口去找", f"bring {application_id}")
    if application.state in _TOO_LATE:
        raise AppError(_TOO_LATE[application.state], f"bring {application.state}")
    if application.acceptance is None or not application.owed:
        raise AppError("这件没有后补的材料", f"bring {application_id}")
    at = desk.clock.now().isoformat(timespec="seconds")
    return desk.store.reopen_owing(deferral.reopened(application, at), desk.clerk)
