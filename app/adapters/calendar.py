"""The holiday calendar: what the chinese-calendar package knows, and over it the year files an office imports.

A year file is TOML: ``[[year]]`` with ``year = 2027``, ``holidays = ["2027-01-01", …]``, ``workdays = ["2027-02-20", …]`` and
``source = "…"`` (the notice's name and number). A year in a file replaces what the package says of it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.core.days import iso, parse_day
from app.core.errors import AppError
from app.core.statutory import SATURDAY, named_days
from app.core.workdays import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_KEYS = ("year", "holidays", "workdays", "source")
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_DECEMBER, _LATE = 12, 21


class CalendarError(AppError):
    """A year file that cannot be used. ``problems`` each name file, key and remedy."""

    def __init__(self, sentence: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, "; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Year:
    """One year's arrangement as a file states it."""

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    source: str


def load_calendar(overlay_dir: Path | None = None) -> Calendar:
    """Return the package's calendar with the year files (``*.toml``) of a folder laid over it; no folder means none.

    Raises CalendarError with every problem of every file.
    """
    years: dict[int, Year] = {}
    problems: list[str] = []
    for file in sorted(overlay_dir.glob("*.toml")) if overlay_dir else ():
        found, wrong = read_years(file)
        problems += wrong
        for year in found:
            if year.year in years:
                problems.append(f"{file.name}：year：{year.year} 年在另一个文件里已有，两处留一处")
            years[year.year] = year
    if problems:
        raise CalendarError(f"年历文件有 {len(problems)} 处要改：{problems[0]}", tuple(problems))
    return overlaid(builtin(), years.values())


def builtin() -> Calendar:
    """Return what the chinese-calendar package knows: 2004 to the last year published before its release."""
    from chinese_calendar import constants  # noqa: PLC0415 - the start of the program does not wait for it

    holidays, workdays = frozenset(constants.holidays), frozenset(constants.workdays)
    return Calendar(holidays, workdays, frozenset(day.year for day in holidays))


def overlaid(calendar: Calendar, years: Iterable[Year]) -> Calendar:
    """Return the calendar in which these years say what they say, and nothing else about them holds."""
    # In order of time: a notice may change the last days of the December before.
    for year in sorted(years, key=lambda year: year.year):
        holidays = {day for day in calendar.holidays if day.year != year.year} - year.workdays | year.holidays
        workdays = {day for day in calendar.workdays if day.year != year.year} - year.holidays | year.workdays
        calendar = Calendar(frozenset(holidays), frozenset(workdays), calendar.years | {year.year})
    return calendar


def read_years(file: Path) -> tuple[list[Year], list[str]]:
    """Read one year file into years and problems; each problem names file, key and remedy."""
    try:
        document = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError:
        return [], [f"{file.name}：读不出来，看一看文件在不在、能不能打开"]
    except UnicodeDecodeError:
        return [], [f"{file.name}：不是 UTF-8 文字，另存为 UTF-8 再放进来"]
    except tomllib.TOMLDecodeError as error:
        return [], [f"{file.name}：不是 TOML 写法（{error}），照说明改这一行"]
    tables = document.get("year")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        return [], [f"{file.name}：year：没有 [[year]] 段，每年写一段"]
    years, problems = [], []
    for at, table in enumerate(tables, start=1):
        year, wrong = _read_year(table, f"{file.name}：第 {at} 个 [[year]]")
        problems += wrong
        if year is not None and not wrong:
            years.append(year)
    return years, problems


def _read_year(table: Mapping[str, Any], where: str) -> tuple[Year | None, list[str]]:
    problems = [f"{where}：{key}：不认识的键，删去或改成 {'、'.join(_KEYS)}" for key in table if key not in _KEYS]
    year, source = table.get("year"), table.get("source")
    if type(year) is not int or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None, [*problems, f"{where}：year：写四位年份，如 year = 2027"]
    if not isinstance(source, str) or not source.strip():
        problems.append(f"{where}：source：写明出处，如通知的名称和文号")
    holidays = _days(table.get("holidays"), f"{where}：holidays", year, problems)
    workdays = _days(table.get("workdays", []), f"{where}：workdays", year, problems)
    problems += [f"{where}：workdays：{iso(day)} 在 holidays 里也有，两处留一处" for day in sorted(holidays & workdays)]
    problems += [
        f"{where}：workdays：{iso(day)} 本来就是周一到周五，只写上班的周末"
        for day in sorted(workdays)
        if day.weekday() < SATURDAY
    ]
    if holidays:
        missing = [day for day in named_days(year) if day not in holidays]
        problems += [f"{where}：holidays：缺 {iso(day)}，这天是法定假日，对照通知补上" for day in missing]
    return Year(year, holidays, workdays, str(source).strip()), problems


def _days(value: Any, where: str, year: int, problems: list[str]) -> frozenset[date]:
    if not isinstance(value, list):
        problems.append(f'{where}：写成一列日期，如 ["{year}-01-01"]')
        return frozenset()
    days: set[date] = set()
    for item in value:
        day = _day(item)
        if day is None:
            problems.append(f"{where}：{item!s} 不是日期，写成 {year}-01-01 的样子")
        elif not _belongs(day, year):
            problems.append(f"{where}：{iso(day)} 不在 {year} 年，挪到那一年的段里")
        elif day in days:
            problems.append(f"{where}：{iso(day)} 写了两遍，留一遍")
        else:
            days.add(day)
    return frozenset(days)


def _day(item: Any) -> date | None:
    if isinstance(item, datetime):
        return None
    return item if isinstance(item, date) else parse_day(item) if isinstance(item, str) else None


def _belongs(day: date, year: int) -> bool:
    """Tell whether a notice for the year may name the day: late December too, for New Year's sake (as those for 2008 and 2023 did)."""
    return day.year == year or (day.year == year - 1 and day.month == _DECEMBER and day.day >= _LATE)
