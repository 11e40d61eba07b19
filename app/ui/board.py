"""办件情况 in the administration: the days as a table and two plain plots, the papers that were missing most. Nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.days import parse_day
from app.services.board import KINDS, SPANS, Shown, days_of, days_problem
from app.ui import keys
from app.ui.board_plot import BoardPlot, said
from app.ui.kit import (
    Button,
    Cell,
    Column,
    DateField,
    Line,
    ListTable,
    Segments,
    Text,
    column,
    empty,
    fill,
    row,
    rule,
    scroller,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from app.core.board import Figures

SIDE, SLIM = 300, 216
_NARROW, _WIDE, _LOW = 900, 1100, 520
_FEW = "没受理的日子，比率和用时空着，不算 0。"


class BoardSection(QFrame):
    """Signals: ``days_wanted(first, last)`` (answer with :meth:`put`), ``save_wanted(kind)`` with csv or xlsx."""

    days_wanted = Signal(object, object)
    save_wanted = Signal(str)

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self.shown: Shown | None = None
        self.span = Segments("办件情况·哪些天", SPANS.items())
        self.span.put("week")
        self.first, self.last = DateField("办件情况·从", width=120), DateField("办件情况·到", width=120)
        self.look_button = Button("看这几天")
        self._own = row(
            Text("从", "body2"), self.first, Text("到", "body2"), self.last, self.look_button, ..., gap=8, pad=(16, 0, 16, 10)
        )
        self._own.setVisible(False)
        self._problem = Text("", "small", tone="bad", wrap=True)
        self._problem.setVisible(False)
        self.save_button = Button("存成表格", key=keys.cap("export"), icon="file-text")
        self.csv_button = Button(f"存成 {KINDS['csv']}")
        band = row(Text("办件情况", "h2"), self.span, ..., gap=12, pad=(16, 0), height=54)
        self.plot = BoardPlot()
        columns = (
            Column("日期", 0),
            Column("受理", 84, right=True),
            Column("一次办成", 110, right=True),
            Column("用时中位数", 120, right=True),
            Column("一次性告知", 110, right=True),
        )
        self.days = ListTable("办件情况按天", columns, two_lines=False)
        main = column(band, self._own, column(self._problem, pad=(16, 0)), rule(), self.plot, rule(), (self.days, 1))
        self._side = self._build_side()
        fill(QHBoxLayout(self), ((main, 1), self._side))
        self.span.chosen.connect(self._chosen)
        self.look_button.clicked.connect(self.ask)
        self.save_button.clicked.connect(lambda: self.save("xlsx"))
        self.csv_button.clicked.connect(lambda: self.save("csv"))
        keys.bind(self, "export", lambda: self.save("xlsx"))
        self._show()

    def _build_side(self) -> QWidget:
        self._whole = Text("", "body", wrap=True)
        self._missing = QVBoxLayout()
        fill(self._missing, (), gap=6)
        box = QFrame()
        box.setLayout(self._missing)
        body = column(
            column(Text("合起来", "strong"), 6, self._whole, pad=(16, 14)),
            rule(),
            column(Text("最常缺的材料", "strong"), 8, box, pad=(16, 14)),
            rule(),
            column(
                row(self.save_button, ...),
                row(self.csv_button, ...),
                Text(_FEW, "small", wrap=True),
                Text("这里没有任何人的姓名和号码。", "small", wrap=True),
                gap=8,
                pad=(16, 14),
            ),
            ...,
        )
        return column((scroller(body), 1), role="side", width=SIDE)

    # data in
    def put(self, shown: Shown) -> None:
        """Show these days."""
        self.shown = shown
        self._show()

    def missing(self) -> list[str]:
        """Return what is read of the papers that were missing most."""
        return [f"{name} {count} 次" for name, count in self.shown.board.missing] if self.shown else []

    # the section
    def ask(self) -> None:
        """Want the chosen days counted, or say what keeps from it."""
        span = self.span.value()
        if span == "own":
            first, last = parse_day(self.first.value()), parse_day(self.last.value())
        else:
            first, last = days_of(span, self._now().date())
        problem = days_problem(first, last)
        self._problem.put(problem)
        self._problem.setVisible(bool(problem))
        if not problem:
            self.days_wanted.emit(first, last)

    def save(self, kind: str) -> None:
        """Want what is shown as a table."""
        if self.shown is not None and self.shown.boss:
            self.save_wanted.emit(kind)

    def note(self) -> tuple[str, str]:
        """Return what the left column says of it, and in which tone."""
        return "按天，没有姓名", ""

    def focus(self) -> None:
        """Stand at the choice of days, counted anew."""
        self.span.setFocus()
        if self.span.value() != "own" or self.shown is not None:
            self.ask()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        boss = self.shown is not None and self.shown.boss
        return [keys.hint("options", "换哪些天"), *([keys.hint("export", "存成表格")] if boss else [])]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the side and the plots where there is no room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._side.setFixedWidth(SLIM if narrow else SIDE)
        self.plot.low(low=self.height() < _LOW)
        for at, width in ((1, 68), (2, 80), (3, 88), (4, 88)) if narrow else ((1, 84), (2, 110), (3, 120), (4, 110)):
            # In a wide window the figures come nearer to their day.
            self.days.setColumnWidth(at, width + max(0, self.width() - _WIDE) // 8)

    # inside
    def _chosen(self, span: str) -> None:
        self._own.setVisible(span == "own")
        if span == "own":
            self.first.setFocus()
        else:
            self.ask()

    def _show(self) -> None:
        shown = self.shown
        for button in (self.save_button, self.csv_button):
            button.setVisible(shown is not None and shown.boss)
        empty(self._missing)
        if shown is None:
            self._whole.put("还没有数")
            return
        board = shown.board
        self.plot.put(board)
        self.days.put([_line(board.whole, "合计"), *(_line(one, _day(one.day)) for one in reversed(board.days))])
        self._whole.put(f"{said(board)}。")
        for name, count in board.missing:
            self._missing.addWidget(row((Text(name, "body", wrap=True), 1), Text(f"{count} 次", "medium"), gap=8))
        if not board.missing:
            self._missing.addWidget(Text("这几天没有给过一次性告知", "body2", wrap=True))


def _line(one: Figures, day: str) -> Line:
    whole = not one.day
    cells = (
        day,
        f"{one.taken} 件",
        "" if one.complete is None else f"{one.complete:g} %",
        "" if one.minutes is None else f"{one.minutes:g} 分钟",
        f"{one.told} 件",
    )
    color = "ink" if one.taken or one.told else "ink3"
    return Line(
        one.day or "whole", tuple(Cell(text=text, medium=whole, right=at > 0, color=color) for at, text in enumerate(cells))
    )


def _day(text: str) -> str:
    day = parse_day(text)
    return f"{day.month} 月 {day.day} 日 周{'一二三四五六日'[day.weekday()]}" if day else ""
