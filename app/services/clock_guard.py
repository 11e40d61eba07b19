"""The clock held against what was seen last, at unlock, each minute, each save and each acceptance (rule: :mod:`app.core.clock_guard`).

While it is doubted nothing is accepted: the receipt would promise a date reckoned from it. Setting the computer's clock right ends
the doubt by itself; where the clock is right, the clerk says so with a reason.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from app.core.clock_guard import Doubt, Reading, Verdict, judge
from app.core.errors import AppError, ClockDoubtError, StoreError

if TYPE_CHECKING:
    from app.services.ports import Desk

SEEN, CONFIRMED = "clock.seen", "clock.confirmed"
"""Settings: the last reading nobody doubted, and the last confirmation with its reason."""

_MOMENT = dt.timedelta(seconds=20)
"""A draft is stored up to twice a second; each note of the time would wait for the disk once more."""


def look(desk: Desk) -> Verdict:
    """Judge the clock now. One that is not doubted becomes what was seen last; a doubted one changes nothing."""
    now = _now(desk)
    verdict = judge(_seen(desk), now, desk.calendar)
    if verdict.doubt is Doubt.NONE:
        _keep(desk, now)
    return verdict


def after_save(desk: Desk) -> None:
    """Note the time of a save, unless it was noted a moment ago. The save itself stands, whatever becomes of this."""
    with suppress(StoreError):
        now, seen = _now(desk), _seen(desk)
        if seen is None or not dt.timedelta() <= now.wall - seen.wall < _MOMENT:
            look(desk)


def require(desk: Desk) -> None:
    """Raise ClockDoubtError while the clock is doubted."""
    verdict = look(desk)
    if verdict.doubt is not Doubt.NONE:
        raise ClockDoubtError(verdict.sentence, f"clock {verdict.doubt}")


def confirm(desk: Desk, reason: str) -> None:
    """Take the clock as it stands, because the clerk checked today's date; noted in the audit with both times.

    The reason is free text, so it is kept beside the store's settings and not in the audit. Raises AppError without a reason.
    """
    if not reason.strip():
        raise AppError("写一句怎么核对的，比如：和手机对过")
    now = _now(desk)
    verdict = judge(_seen(desk), now, desk.calendar)
    was, shows = (moment.isoformat(timespec="minutes") for moment in (verdict.was, verdict.now))
    desk.store.keep(CONFIRMED, json.dumps({"was": was, "now": shows, "by": desk.clerk, "reason": reason.strip()}))
    desk.store.note(desk.clerk, "clock_confirmed", "", f"{was} > {shows}")
    _keep(desk, now)


def _now(desk: Desk) -> Reading:
    return Reading(desk.clock.now(), *desk.uptime.running())


def _seen(desk: Desk) -> Reading | None:
    text = desk.store.setting(SEEN)
    if not text:
        return None
    wall, boot, running = json.loads(text)
    return Reading(dt.datetime.fromisoformat(wall), boot, running)


def _keep(desk: Desk, now: Reading) -> None:
    desk.store.keep(SEEN, json.dumps([now.wall.isoformat(), now.boot, now.running]))
