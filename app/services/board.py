"""The office's board (办件情况): over which days, read out of the store, and saved as a table. Nobody is in any of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core import board
from app.core.errors import AppError
from app.services.clerks import is_supervisor, require_supervisor
from app.services.outside import write_new

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.core.board import Board
    from app.services.ports import Desk

SPANS: Final = {"week": "本周", "month": "本月", "before": "上月", "own": "自选"}
KINDS: Final = {"csv": "CSV", "xlsx": "Excel"}
MOST_DAYS: Final = 366
TITLE: Final = "办件情况"
_DAY: Final = dt.timedelta(days=1)
_FORMULA: Final = ("=", "+", "-", "@", "\t")
"""A text that begins so would be worked out by a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The board of some days, both counted. ``boss``: whoever is at the desk may save it."""

    first: dt.date
    last: dt.date
    board: Board
    boss: bool = False


def days_of(span: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of this week (from Monday), this month or the month before; not beyond today."""
    match span:
        case "week":
            return today - _DAY * today.weekday(), today
        case "before":
            last = today.replace(day=1) - _DAY
            return last.replace(day=1), last
        case _:
            return today.replace(day=1), today


def days_problem(first: dt.date | None, last: dt.date | None) -> str:
    """Say why these cannot be the first and last day of a board, or nothing."""
    if first is None or last is None:
        return "两头的日期都写上，比如 2026-02-01"
    if last < first:
        return "后一个日期早于前一个，对调一下"
    return f"一次最多看 {MOST_DAYS} 天，缩短一些" if (last - first).days >= MOST_DAYS else ""


def read(desk: Desk, first: dt.date, last: dt.date) -> Shown:
    """Count the days from ``first`` to ``last``."""
    dealt = desk.store.dealt(first.isoformat(), (last + _DAY).isoformat())
    return Shown(first, last, board.board(dealt, first, last), is_supervisor(desk))


def save(desk: Desk, shown: Shown, folder: Path, kind: str) -> str:
    """Write the board as a table where the supervisor chose, ``kind`` of :data:`KINDS`; return the file's name.

    AppError when the place does not take it; a file that is there is not overwritten.
    """
    require_supervisor(desk)
    rows = board.table(shown.board)
    data = desk.sheets.book(TITLE, rows) if kind == "xlsx" else _csv(rows)
    name = f"board-{desk.counter.code}-{shown.first:%Y%m%d}-{shown.last:%Y%m%d}.{kind}"
    try:
        write_new(folder / name, [data])
    except FileExistsError:
        raise AppError(f"那里已有 {name}，没有覆盖。换一个文件夹") from None
    except OSError as problem:
        raise AppError("这个文件夹写不进去，表格没有存。换一个文件夹", type(problem).__name__) from problem
    desk.store.note(desk.clerk, "board_export", "", name)
    return name


def _csv(rows: Sequence[Sequence[str | int | float]]) -> bytes:
    """Return UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: str | float) -> str | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
