"""Whether the computer's clock can be believed, so that no paper promises a date from a clock that went wrong (★48).

What was seen last (wall time, and how long the computer had been running) is held against now. While the computer runs, its
running time says what the wall clock should show; across a restart only the order of things is known, and a gap is judged without the
days on which nobody works.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.days import words

if TYPE_CHECKING:
    from app.core.workdays import Calendar

BACK = dt.timedelta(minutes=2)
"""A clock may be set back by so much, as time servers do, before it is doubted."""

AHEAD = dt.timedelta(hours=36)
"""So much longer than a night: a clock further ahead than that, days off not counted, is doubted."""

LONGEST_GAP_DAYS = 400
"""Days off are counted one by one up to here; beyond it no computer simply stood still."""


class Doubt(StrEnum):
    """What is wrong with the clock."""

    NONE = ""
    BACK = "back"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Reading:
    """A look at the clocks. ``boot`` names the run of the computer, ``running`` is its age in seconds, sleep included."""

    wall: dt.datetime
    boot: str
    running: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the clock is doubted: ``was`` is what it should at least show, ``now`` what it shows."""

    doubt: Doubt
    was: dt.datetime
    now: dt.datetime

    @property
    def sentence(self) -> str:
        """Say what happened and what to do; empty for a clock nobody doubts."""
        if self.doubt is Doubt.NONE:
            return ""
        verb = "退到了" if self.doubt is Doubt.BACK else "跳到了"
        was, now = self.was, self.now
        if was.date() == now.date():
            return f"电脑时钟从 {was:%H:%M} {verb} {now:%H:%M}，先核对日期和时间"
        return f"电脑时钟从 {was.month} 月 {was.day} 日{verb} {words(now.date())}，先核对日期"


def judge(seen: Reading | None, now: Reading, calendar: Calendar) -> Verdict:
    """Hold the clock against what was seen last; nothing seen yet is no doubt."""
    if seen is None:
        return Verdict(Doubt.NONE, now.wall, now.wall)
    same_run = bool(now.boot) and seen.boot == now.boot and now.running >= seen.running
    try:
        was = seen.wall + dt.timedelta(seconds=now.running - seen.running) if same_run else seen.wall
    except OverflowError:
        was = seen.wall
    if now.wall < was - BACK:
        return Verdict(Doubt.BACK, was, now.wall)
    gap = now.wall - was
    if gap > AHEAD and gap - _off(was, now.wall, calendar) > AHEAD:
        return Verdict(Doubt.AHEAD, was, now.wall)
    return Verdict(Doubt.NONE, was, now.wall)


def _off(start: dt.datetime, end: dt.datetime, calendar: Calendar) -> dt.timedelta:
    """Return the whole days between two times on which nobody works."""
    days = (end.date() - start.date()).days
    if days > LONGEST_GAP_DAYS:
        return dt.timedelta()
    between = (start.date() + dt.timedelta(days=n) for n in range(1, days))
    return dt.timedelta(days=sum(not calendar.is_workday(day) for day in between))
