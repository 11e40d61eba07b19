"""What the window asks of the open desk for its lists, and what the workbench says about today's promise.

Nothing here is needed before the door is open; the window imports it then, so that the first paint does not wait for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from app.core.application import State
from app.core.days import words
from app.core.pinyin import initials
from app.core.workdays import Calendar, explain
from app.services.finalise import promised
from app.services.ports import Queue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.services.ports import Desk, Entry

LISTS: dict[str, dict[str, Any]] = {
    "drafts": {"states": (State.DRAFT, State.WAITING)},
    "here": {"queue": Queue.HERE},
    "copied": {"queue": Queue.COPIED},
    "needs_you": {"queue": Queue.NEEDS_YOU},
}
"""Which entries stand in each list of the workbench; ``today`` depends on the day."""


def warm() -> None:
    """Bring what the first case and the first search by initials would wait for (pypinyin's tables, 100 ms). For the lane."""
    for name in ("ulid", "app.services.intake", "app.services.history", "app.services.printing"):
        importlib.import_module(name)
    initials("窗口")


def listed(desk: Desk, name: str, today: dt.date) -> Sequence[Entry]:
    """Return the entries of a list of the workbench. For the lane."""
    return desk.store.entries(day=today.isoformat()) if name == "today" else desk.store.entries(**LISTS[name])


def latest_draft(desk: Desk) -> Entry | None:
    """Return the draft that was worked on last. For the lane."""
    return next(iter(desk.store.entries(states=(State.DRAFT,), limit=1)), None)


def queued(desk: Desk) -> list[Entry]:
    """Return everything in the queue, by what waits for whom. For the lane."""
    return [entry for queue in Queue for entry in desk.store.entries(queue=queue)]


def policy_lines(desk: Desk, today: dt.date) -> list[str]:
    """Say what somebody accepted today would be promised, and what the calendar does not know yet."""
    lines = []
    promise = promised(desk, desk.region, today)
    if promise is None:
        lines.append("来源没有写办理时限：回执上写「以经办机构告知为准」。")
    else:
        lines.append(f"今天受理的，{desk.region.limit.workdays} 个工作日到 {words(promise.day, weekday=True)}。")
        why = explain(desk.calendar, today, promise.day)
        if why:
            lines.append(f"其间 {why}。")
    missing = _unknown_year(desk.calendar, today)
    if missing and not (promise is not None and promise.provisional):
        lines.append(f"{missing} 年放假安排没有公布，到期日落进那年的件会标「暂推算」。")
    return lines


def _unknown_year(calendar: Calendar, today: dt.date) -> int:
    return next((year for year in (today.year, today.year + 1) if not calendar.knows(year)), 0)
