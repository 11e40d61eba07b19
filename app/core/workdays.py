"""Working days and due dates.

The day of acceptance does not count, the next is day one (Civil Code art. 201). A working day is Monday to Friday without a
holiday, or a weekend day the State Council made a working day (调休).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.statutory import SATURDAY, floor

_DAY = timedelta(days=1)
_NAMES_MONTH = re.compile(r"\d+ [年月]")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Published holidays and working weekends of the years in ``years``.

    Other years are reckoned by the holidays the law names (:mod:`app.core.statutory`) and make a date provisional.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]

    def knows(self, year: int) -> bool:
        """Whether the year's arrangement is published and here."""
        return year in self.years

    def is_holiday(self, day: date) -> bool:
        """Whether the day belongs to a holiday, weekends within one included."""
        return day in self.holidays or (not self.knows(day.year) and day not in self.workdays and day in floor(day.year))

    def is_workday(self, day: date) -> bool:
        """Whether the office works on this day."""
        if day in self.workdays:
            return True
        return day.weekday() < SATURDAY and not self.is_holiday(day)


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row that are not what the weekday says: a holiday (``closed``) or a working weekend."""

    first: date
    last: date
    closed: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a time limit. ``provisional``: it counts through a year without published holidays.

    ``skipped`` are the holidays and working weekends on the way, for :func:`tell`.
    """

    day: date
    provisional: bool
    skipped: tuple[Run, ...] = ()


def due(calendar: Calendar, start: date, workdays: int) -> Due:
    """Return the day on which so many working days after ``start`` end. Raises ValueError for a negative number."""
    if workdays < 0:
        raise ValueError("a time limit cannot be negative")
    day, left = start, workdays
    while left:
        day += _DAY
        left -= calendar.is_workday(day)
    return Due(day, provisional=_provisional(calendar, start, day), skipped=notable(calendar, start, day))


def workdays_between(calendar: Calendar, start: date, end: date) -> int:
    """Return how many working days lie after ``start`` up to and including ``end``; negative when ``end`` is before."""
    if end < start:
        return -workdays_between(calendar, end, start)
    return sum(calendar.is_workday(start + _DAY * offset) for offset in range(1, (end - start).days + 1))


def notable(calendar: Calendar, start: date, end: date) -> tuple[Run, ...]:
    """Return the holidays that take a weekday, and the working weekends, after ``start`` up to ``end``, in order of time.

    A holiday that began before ``start`` or goes on behind ``end`` is given whole, as people know it.
    """
    runs: list[Run] = []
    day = start + _DAY
    while day <= end:
        if calendar.is_holiday(day):
            run = _around(calendar, day)
            if any((run.first + _DAY * at).weekday() < SATURDAY for at in range((run.last - run.first).days + 1)):
                runs.append(run)
            day = run.last
        elif day.weekday() >= SATURDAY and calendar.is_workday(day):
            runs.append(Run(day, day, closed=False))
        day += _DAY
    return tuple(runs)


def tell(runs: tuple[Run, ...], base: date) -> str:
    """Say the runs in words: 2 月 15–23 日放假，14、28 日上班. ``base`` gives the year that need not be said."""
    said = _Said(base.year)
    parts = []
    for closed, verb in ((True, "放假"), (False, "上班")):
        days = [said.run(run) for run in runs if run.closed is closed]
        if days:
            # A day that names its own month ends the list of days before it: 9 月 25–27 日、10 月 1–7 日.
            listed = "、".join(f"日、{text}" if at and _NAMES_MONTH.match(text) else text for at, text in enumerate(days))
            parts.append(listed.replace("、日、", " 日、") + f" 日{verb}")
    return "，".join(parts)


def explain(calendar: Calendar, start: date, end: date) -> str:
    """Say what made the count longer or shorter than the weeks suggest, and what is not sure about it; empty when nothing did."""
    parts = [tell(notable(calendar, start, end), start)]
    unknown = [year for year in range(start.year, end.year + 1) if not calendar.knows(year)]
    if _provisional(calendar, start, end):
        years = "、".join(map(str, unknown))
        parts.append(f"{years} 年放假安排没有公布，暂按法定假日推算")
    return "；".join(part for part in parts if part)


def _provisional(calendar: Calendar, start: date, end: date) -> bool:
    return any(not calendar.knows(year) for year in range(start.year, end.year + 1)) and end > start


def _around(calendar: Calendar, day: date) -> Run:
    first = last = day
    while calendar.is_holiday(first - _DAY):
        first -= _DAY
    while calendar.is_holiday(last + _DAY):
        last += _DAY
    return Run(first, last, closed=True)


class _Said:
    """Remembers the year and month last said, so that neither is said twice."""

    def __init__(self, year: int) -> None:
        self._year, self._month = year, 0

    def run(self, run: Run) -> str:
        text = self._day(run.first)
        if run.last == run.first:
            return text
        if (run.last.year, run.last.month) != (run.first.year, run.first.month):
            return f"{text} 日–{self._day(run.last)}"
        return f"{text}–{run.last.day}"

    def _day(self, day: date) -> str:
        text = str(day.day)
        if day.year != self._year:
            text = f"{day.year} 年 {day.month} 月 {text}"
        elif day.month != self._month:
            text = f"{day.month} 月 {text}"
        self._year, self._month = day.year, day.month
        return text
