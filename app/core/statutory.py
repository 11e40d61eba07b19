"""The holidays the law itself names, for years whose arrangement is not published yet.

全国年节及纪念日放假办法 (2024 revision): New Year 1, Spring Festival 4 from its eve, Qingming 1, Labour 2, Dragon Boat 1,
Mid-Autumn 1, National Day 3; one that falls on a weekend is made up on a working day. Which working day is the State Council's
choice, and so is the shifting of weekends: what stands here is a floor and every date from it is provisional.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SATURDAY = 5
_DAY = timedelta(days=1)

MOVABLE: Mapping[int, tuple[date, date, date, date]] = MappingProxyType(
    {
        2027: (date(2027, 2, 6), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),
        2028: (date(2028, 1, 26), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)),
        2029: (date(2029, 2, 13), date(2029, 4, 4), date(2029, 6, 16), date(2029, 9, 22)),
        2030: (date(2030, 2, 3), date(2030, 4, 5), date(2030, 6, 5), date(2030, 9, 12)),
    }
)
"""Spring Festival's first day, Qingming, Dragon Boat and Mid-Autumn by year; computed with borax 4.1.3, whose dates for 2024–2026 are
those of the published arrangements.
"""


def named_days(year: int) -> tuple[date, ...]:
    """Return the days the law names, in order, weekends included; only the fixed ones where the lunar dates are not in the table."""
    days = [date(year, 1, 1), date(year, 5, 1), date(year, 5, 2), *(date(year, 10, day) for day in (1, 2, 3))]
    if year in MOVABLE:
        spring, *others = MOVABLE[year]
        days += [spring + _DAY * offset for offset in (-1, 0, 1, 2)]
        days += others
    return tuple(sorted(set(days)))


@cache
def floor(year: int) -> frozenset[date]:
    """Return the days off by law: the named ones, and for each on a weekend the next working day after its festival."""
    named = named_days(year)
    off = set(named)
    for day in named:
        if day.weekday() >= SATURDAY:
            instead = day
            while instead.weekday() >= SATURDAY or instead in off:
                instead += _DAY
            off.add(instead)
    return frozenset(off)
