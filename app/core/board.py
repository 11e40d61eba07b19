"""The office's board: how the days went, without a name, a number or a date of birth in it (per day and for all of them).

``first time``: accepted without a one-time notice before and never sent back since. A median of minutes counts only what was begun and
accepted on one day without a notice between: a case that waited for papers says nothing about how long one is worked at.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOP: Final = 8
"""So many papers are named among those that were missing most."""
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dealt:
    """One application without anybody in it. Local ISO times, '' where it did not happen: begun, told (its last notice), accepted.

    ``notices``: how many one-time notices; ``lacked``: the names of what the last one named; ``returned``: the office sent it back.
    """

    began: str
    accepted: str = ""
    told: str = ""
    notices: int = 0
    lacked: tuple[str, ...] = ()
    returned: bool = False

    @property
    def first_time(self) -> bool:
        """Whether one visit was enough."""
        return bool(self.accepted) and not self.notices and not self.returned

    @property
    def minutes(self) -> float | None:
        """How long it was worked at, None where that cannot be known."""
        if not self.accepted or self.notices or self.began[:10] != self.accepted[:10]:
            return None
        try:
            taken = dt.datetime.fromisoformat(self.accepted) - dt.datetime.fromisoformat(self.began)
        except ValueError:
            return None
        return max(0.0, taken.total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a day, or of all of them. ``complete``: percent accepted the first time; ``minutes``: the median; None without any."""

    day: str
    taken: int = 0
    told: int = 0
    complete: float | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """Every day from the first to the last, the whole, and the papers that were missing most with how often."""

    days: tuple[Figures, ...]
    whole: Figures
    missing: tuple[tuple[str, int], ...]


def board(dealt: Iterable[Dealt], first: dt.date, last: dt.date) -> Board:
    """Return the board of the days from ``first`` to ``last``, both counted; days on which nothing was done are there with zeros."""
    cases = tuple(dealt)
    days = [first + _DAY * at for at in range((last - first).days + 1)]
    span = {day.isoformat() for day in days}
    inside = [one for one in cases if one.accepted[:10] in span]
    told = [one for one in cases if one.told[:10] in span]
    missing = Counter(name for one in told for name in dict.fromkeys(one.lacked))
    return Board(
        tuple(_figures(day.isoformat(), cases) for day in days),
        _sum("", inside, len(told)),
        tuple(sorted(missing.items(), key=lambda found: (-found[1], found[0]))[:TOP]),
    )


def table(shown: Board) -> tuple[tuple[str | int | float, ...], ...]:
    """Return the board as rows with a head, for a file; an empty cell where there is no figure."""
    head = ("日期", "受理（件）", "一次办成（%）", "每件用时中位数（分钟）", "给了一次性告知（件）")
    rows = [
        (one.day or "合计", one.taken, _cell(one.complete), _cell(one.minutes), one.told) for one in (*shown.days, shown.whole)
    ]
    missing = [(name, count) for name, count in shown.missing]
    return (head, *rows, (), ("最常缺的材料", "次数"), *missing)


def _figures(day: str, cases: Sequence[Dealt]) -> Figures:
    return _sum(day, [one for one in cases if one.accepted[:10] == day], sum(one.told[:10] == day for one in cases))


def _sum(day: str, taken: Sequence[Dealt], told: int) -> Figures:
    import statistics  # noqa: PLC0415 - fractions and decimals, for those who open the board

    minutes = [found for one in taken if (found := one.minutes) is not None]
    return Figures(
        day,
        len(taken),
        told,
        round(100 * sum(one.first_time for one in taken) / len(taken), 1) if taken else None,
        round(statistics.median(minutes), 1) if minutes else None,
    )


def _cell(figure: float | None) -> float | str:
    return "" if figure is None else figure
