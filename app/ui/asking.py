"""What the window asks of the open desk for its lists, and what the workbench says about today's promise.

Nothing here is needed before the door is open; the window imports it then, so that the first paint does not wait for it.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.answer import Supplement
from app.core.application import State
from app.core.days import words
from app.core.pinyin import initials
from app.core.second_look import sent_back
from app.core.workdays import Calendar, explain
from app.services import call_list, history, outcomes, renewals
from app.services.finalise import promised
from app.services.ports import Queue
from app.ui.workbench_found import About

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from app.services.ports import Desk, Entry

LISTS: dict[str, dict[str, Any]] = {
    "drafts": {"states": (State.DRAFT,)},
    "received": {"states": (State.SENT,)},
    "here": {"queue": Queue.HERE},
    "copied": {"queue": Queue.COPIED},
    "needs_you": {"queue": Queue.NEEDS_YOU},
}
"""Which entries stand in each list of the workbench that is one question; the others are in :func:`listed`."""

_MOST_SENT_BACK = 100
_NO_DAY = "9"


def warm() -> None:
    """Bring what the first case and the first search by initials would wait for (pypinyin's tables, 100 ms). For the lane."""
    for name in ("ulid", "app.services.intake", "app.services.history", "app.services.printing"):
        importlib.import_module(name)
    initials("窗口")


def listed(desk: Desk, name: str, today: dt.date) -> Sequence[Entry]:
    """Return the entries of a list of the workbench, those that want somebody first on top. For the lane."""
    day = today.isoformat()
    special: dict[str, Callable[[], Sequence[Entry]]] = {
        "today": lambda: desk.store.entries(day=day),
        "waiting": lambda: _waiting(desk),
        "supplement": lambda: _sent_back(desk),
        "deferred": desk.store.deferred_due,
        "renewals": lambda: renewals.due(desk),
        "overdue": lambda: desk.store.overdue(day),
        "untold": desk.store.untold_entries,
    }
    found = special[name]() if name in special else desk.store.entries(**LISTS[name])
    return call_list.called(desk, found) if name in call_list.TITLES else found


def _waiting(desk: Desk) -> list[Entry]:
    return sorted(desk.store.entries(states=(State.WAITING,)), key=lambda one: (one.deadline or _NO_DAY, one.told_at))


def _sent_back(desk: Desk) -> list[Entry]:
    """Return what the office sent back, with what it asks and by when, the first to be mended on top."""
    found = []
    for entry in desk.store.entries(states=(State.SUPPLEMENT,), limit=_MOST_SENT_BACK):
        out = outcomes.outcome(desk, entry.id)
        said = out.answer.content if out is not None else None
        if isinstance(said, Supplement):
            words = "；".join(one.problem for one in said.faults)
            found.append(replace(entry, deadline=said.until, lacking=len(said.faults), lacks=words))
        else:
            found.append(entry)
    return sorted(found, key=lambda one: one.deadline or _NO_DAY)


def notes(desk: Desk, today: dt.date) -> dict[str, tuple[str, str]]:
    """Return a sentence and its tone for the work-lists that have more to say than their count. For the lane."""
    day = today.isoformat()
    said: dict[str, tuple[str, str]] = {}
    waiting = [one.deadline for one in desk.store.entries(states=(State.WAITING,)) if one.deadline]
    if late := sum(one <= day for one in waiting):
        only = all(one == day for one in waiting if one <= day)
        said["waiting"] = (f"{late} 件{'今天到期' if only else '到期了'}", "warn")
    if owing := len(desk.store.deferred_due(day)):
        said["deferred"] = (f"{owing} 件到期了", "warn")
    if back := sum(sent_back(one.note) for one in desk.store.entries(queue=Queue.NEEDS_YOU)):
        said["needs_you"] = (f"{back} 件主管退回", "bad")
    return said


def around(desk: Desk, entry: Entry) -> About:
    """Return what is known around a found row: the same person's other applications, and what happened to this one. For the lane.

    Looking at a row is not opening it: nothing is noted.
    """
    others = desk.store.same_person(entry.cert_number) if entry.cert_number else ()
    kept = tuple(one for one in others if one.id != entry.id and one.state is not State.VOID)
    return About(entry.id, kept, tuple(history.history(desk, entry.id)))


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
        # No line ends within a date.
        day = words(promise.day, weekday=True).replace(" ", "\u00a0")
        lines.append(f"今天受理的，{desk.region.limit.workdays} 个工作日到 {day}。")
        why = explain(desk.calendar, today, promise.day)
        if why:
            lines.append(f"其间 {why}。")
    missing = _unknown_year(desk.calendar, today)
    if missing and not (promise is not None and promise.provisional):
        lines.append(f"{missing} 年放假安排没有公布，到期日落进那年的件会标「暂推算」。")
    return lines


def _unknown_year(calendar: Calendar, today: dt.date) -> int:
    return next((year for year in (today.year, today.year + 1) if not calendar.knows(year)), 0)
