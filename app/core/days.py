"""Days as people write them, and the law's way of counting months back. A day is a :class:`datetime.date`, text only at the door."""

from __future__ import annotations

import calendar
import re
from datetime import date

from app.core.characters import fold

EARLIEST_YEAR = 1800
"""Nothing a counter handles is older; it keeps a half-typed year such as 0202 from being a day."""

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

_SHAPES = (
    re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})"),
    re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})()(\d{2})(\d{2})"),
)


def parse_day(text: str) -> date | None:
    """Read 2026-01-19, 2026-1-19, 20260119, 2026.1.19, 2026/1/19 or 2026年1月19日; None when it is not a whole, existing day.

    Full-width digits and spaces anywhere do not matter.
    """
    compact = "".join(fold(text).split()).replace("。", ".")
    for shape in _SHAPES:
        found = shape.fullmatch(compact)
        if found:
            return day_of(int(found[1]), int(found[3]), int(found[4]))
    return None


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day, or None when the calendar has no such day."""
    if year < EARLIEST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_before(day: date, months: int) -> date:
    """Return the same day of the month so many months before, else that month's last day (Civil Code art. 202)."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def iso(day: date) -> str:
    """Write a day for a field or a file: 2026-03-05."""
    return day.isoformat()


def words(day: date, weekday: bool = False) -> str:
    """Write a day for people: 2026 年 3 月 5 日, with 周四 behind it when the weekday matters."""
    text = f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{text} {WEEKDAYS[day.weekday()]}" if weekday else text
