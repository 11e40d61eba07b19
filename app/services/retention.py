"""Clearing originals by rule: those of applications that the office holds, signed, after the region's days. Nothing else ever goes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.core.clock_guard import Doubt
from app.core.errors import AppError
from app.core.retention import LEAST, MOST, Purged, days_for, may_go, readable
from app.core.settings_all import RETENTION
from app.services import clock_guard
from app.services.clerks import require_supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.retention import Delivered
    from app.services.ports import Desk

DAYS = RETENTION
"""Setting of the counter, for regions that are silent: whole days, '' while nobody set it."""

PURGED_ON = "retention.looked"
"""The day the last look through found nothing more to clear, ISO."""

STEP = 8
"""Pages in one job of the local lane: somebody may start typing any moment."""


def purge(desk: Desk, limit: int | None = None) -> int:
    """Clear what may go, page by page, and return how many pages went; at most ``limit``.

    Killed at any moment, nothing is half said: that an application's originals go is in the audit before the first of them does, and the
    next call goes on. Nothing is begun while the clock is doubted.
    """
    gone, ripe = 0, _ripe(desk)
    while limit is None or gone < limit:
        if desk.store.purge_page():
            gone += 1
        elif (following := next(ripe, None)) is not None:
            one, days = following
            desk.store.begin_purge(one.id, days, desk.clerk)
        else:
            break
    return gone


def _ripe(desk: Desk) -> Iterator[tuple[Delivered, int]]:
    """Yield what may go now, with the days of its rule."""
    if clock_guard.look(desk).doubt is not Doubt.NONE:
        return
    now, setting = desk.clock.now(), desk.store.setting(DAYS)
    rules = [days_for(region, setting) for region in (None, *desk.regions.values())]
    shortest = min((days for days in rules if days is not None), default=None)
    if shortest is None:
        return
    before = (now.date() - dt.timedelta(days=shortest - 1)).isoformat()
    last: Delivered | None = None
    while some := desk.store.delivered(before, last):
        for one in some:
            days = days_for(desk.regions.get(one.region), setting)
            if days is not None and may_go(one, days, now):
                yield one, days
        last = some[-1]


def due(desk: Desk) -> bool:
    """Whether nobody looked through today."""
    return desk.store.setting(PURGED_ON) != desk.clock.now().date().isoformat()


def daily(desk: Desk) -> bool:
    """Do a step of the day's clearing when it is due; return whether there may be more to do."""
    if not due(desk):
        return False
    if purge(desk, STEP) == STEP:
        return True
    desk.store.keep(PURGED_ON, desk.clock.now().date().isoformat())
    return False


def purged(desk: Desk, application_id: str) -> Purged | None:
    """Return that an application's originals were cleared, for the place where their pictures would be."""
    return desk.store.purged(application_id)


def standing(desk: Desk) -> tuple[bool, str]:
    """Return whether the counter's region states the days itself, and the days that hold here, '' for none."""
    stated = desk.region.retention.days
    if stated is not None:
        return True, str(stated)
    setting = desk.store.setting(DAYS)
    return False, setting if readable(setting) else ""


def set_days(desk: Desk, text: str) -> str:
    """Set the counter's days where the region is silent; '' keeps originals again. AppError says what fits."""
    require_supervisor(desk)
    if desk.region.retention.days is not None:
        raise AppError(f"{desk.region.name}规定保留 {desk.region.retention.days} 天，本窗口不另设")
    text = text.strip()
    if text and not readable(text):
        raise AppError(f"写 {LEAST} 到 {MOST} 之间的整数，空着就一直保留")
    desk.store.make_settings({DAYS: text and str(int(text))}, desk.clerk, {PURGED_ON: ""})
    desk.store.note(desk.clerk, "retention", "", text and str(int(text)))
    return text
