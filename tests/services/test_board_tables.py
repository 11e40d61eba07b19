"""The board as files that a spreadsheet opens, and its spans."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from whole_kit import complete

from app.core.board import Board, Figures, table
from app.core.errors import AppError
from app.services import board, intake
from app.services.finalise import finalise

DAY = dt.date(2026, 2, 6)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [("week", "2026-02-02", "2026-02-06"), ("month", "2026-02-01", "2026-02-06"), ("before", "2026-01-01", "2026-01-31")],
)
def test_a_span_ends_today_at_the_latest(span, first, last):
    assert [day.isoformat() for day in board.days_of(span, DAY)] == [first, last]


def test_days_that_do_not_fit_say_what_to_write():
    assert board.days_problem(None, DAY).startswith("两头的日期")
    assert board.days_problem(DAY, dt.date(2026, 2, 1)).startswith("后一个")
    assert board.days_problem(dt.date(2025, 1, 1), DAY).startswith("一次最多")
    assert board.days_problem(DAY, DAY) == ""


def test_both_kinds_say_the_same_hold_nobody_and_overwrite_nothing(desk, tmp_path):
    finalise(desk, intake.save(desk, complete(desk))[0])
    shown = board.read(desk, dt.date(2026, 2, 5), DAY)
    names = [board.save(desk, shown, tmp_path, kind) for kind in board.KINDS]
    assert names == ["board-03-20260205-20260206.csv", "board-03-20260205-20260206.xlsx"]
    raw = (tmp_path / names[0]).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(tmp_path / names[1]).active
    cells = [["" if one is None else one for one in row] for row in sheet.iter_rows(values_only=True)]
    assert cells[:4] == [list(row) for row in table(shown.board)[:4]]
    assert rows[:4] == [[str(cell) for cell in row] for row in table(shown.board)[:4]]
    assert rows[3][:2] == ["合计", "1"]
    assert complete(desk).applicant.name not in raw.decode() + repr(cells)
    assert [e.what for e in desk.store.audit() if e.act == "board_export"] == names[::-1]
    with pytest.raises(AppError, match="没有覆盖"):
        board.save(desk, shown, tmp_path, "csv")


def test_a_name_that_looks_like_a_formula_stays_a_name(desk, tmp_path):
    shown = board.Shown(DAY, DAY, Board((), Figures(""), (("=1+1", 2),)))
    rows = (tmp_path / board.save(desk, shown, tmp_path, "csv")).read_text("utf-8-sig")
    assert "'=1+1,2" in rows
    sheet = openpyxl.load_workbook(tmp_path / board.save(desk, shown, tmp_path, "xlsx")).active
    assert [(cell.value, cell.data_type) for row in sheet for cell in row if cell.value == "=1+1"] == [("=1+1", "s")]
