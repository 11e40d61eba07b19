"""日终 in the administration: what was accepted today, what of it is still open, and the second pair of eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from app.core.second_look import Verdict
from app.services.end_of_day import Case, EndOfDay
from app.ui import keys, lists
from app.ui.kit import Button, Cell, Chip, Column, EmptyState, Line, ListTable, Text, column, fill, row, rule, scroller

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

SIDE, SLIM = 300, 250
_NARROW = 900
_VERDICTS = {
    Verdict.PASSED: ("没问题", "good", "circle-check"),
    Verdict.RELEASED: ("已放行", "", "send"),
    Verdict.LAPSED: ("到期没看，已放行", "warn", "triangle-alert"),
    Verdict.RETURNED: ("已退回", "warn", "undo-2"),
}


class EndOfDaySection(QFrame):
    """Signals: ``open_wanted(id)``, ``pass_wanted(id)``, ``return_wanted(id)``, ``release_wanted(id)``, ``approve_wanted([id])``."""

    open_wanted = Signal(str)
    pass_wanted = Signal(str)
    return_wanted = Signal(str)
    release_wanted = Signal(str)
    approve_wanted = Signal(list)

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self.standing = EndOfDay()
        self._marked: set[str] = set()
        self._about = Text("", "small", elide=True)
        self.all_button = Button("全勾上")
        self.approve_button = Button("批准勾上的", "primary", key=keys.cap("on"))
        band = row(
            Text("日终复核", "h2"), (self._about, 1), self.all_button, self.approve_button, gap=12, pad=(16, 0), height=54
        )
        columns = (
            Column("", 44),
            Column("受理编号", 176),
            Column("申请人", 120, most=230),
            Column("还没完的", 0),
            Column("复核", 158),
        )
        self.table = ListTable("今天受理的", columns)
        self._none = EmptyState("circle-check", "今天还没有受理过的件", "受理一件，它就列在这里，收工前看一遍。")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        main = column(band, rule(), (self._stack, 1))
        self._side = self._build_side()
        fill(QHBoxLayout(self), ((main, 1), self._side))
        self._connect()
        self.put(self.standing)

    def _build_side(self) -> QWidget:
        self._number, self.chip = Text("", "strong"), Chip("")
        self._by, self._why, self._way = Text("", "small", wrap=True), Text("", "body", wrap=True), Text("", "small", wrap=True)
        self._open = Text("", "body", wrap=True)
        self.open_button = Button("打开这件", key=keys.cap("open"))
        self.pass_button = Button("看过·没问题", "primary", key=keys.cap("confirm"))
        self.return_button = Button("退回经办", key=keys.cap("reason"))
        self.release_button = Button("不看，放行")
        self._not = Text("", "small", wrap=True)
        body = column(
            column(row(self._number, ..., gap=10), row(self.chip, ...), self._by, gap=6, pad=(16, 14)),
            rule(),
            column(Text("还没完的", "strong"), self._open, gap=6, pad=(16, 14)),
            rule(),
            column(
                Text("复核", "strong"),
                self._why,
                self._way,
                4,
                row(self.open_button, ...),
                row(self.pass_button, ...),
                row(self.return_button, ...),
                row(self.release_button, ...),
                self._not,
                gap=8,
                pad=(16, 14),
            ),
            ...,
        )
        return column((scroller(body), 1), role="side", width=SIDE)

    def _connect(self) -> None:
        self.table.selected.connect(lambda _key: self._tell())
        self.table.opened.connect(self.open_wanted)
        self.all_button.clicked.connect(self.mark_all)
        self.approve_button.clicked.connect(self.approve)
        self.open_button.clicked.connect(self.table.open_current)
        self.pass_button.clicked.connect(self.pass_current)
        self.return_button.clicked.connect(self.return_current)
        self.release_button.clicked.connect(lambda: self.release_wanted.emit(self.table.current()))
        keys.bind(self, "confirm", self.pass_current)
        keys.bind(self, "reason", self.return_current)
        keys.bind(self, "on", self.approve)

    # data in
    def put(self, standing: EndOfDay) -> None:
        """Show the list; what is marked stays marked while it can be approved."""
        self.standing = standing
        self._marked &= {one.id for one in standing.cases if self._may_mark(one)}
        self._show()

    # the section
    def note(self) -> tuple[str, str]:
        """Return what the left column says of it, and in which tone."""
        if held := self.standing.held:
            return f"{held} 件等复核", "warn"
        count = len(self.standing.cases)
        return (f"今天 {count} 件", "") if count else ("今天还没有", "")

    def focus(self) -> None:
        """Stand in the list."""
        self.table.setFocus()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        if not self.standing.boss or not self.standing.cases:
            return [keys.hint("open")] if self.standing.cases else []
        told = [keys.hint("open"), keys.hint("tick", "勾上"), keys.hint("confirm", "没问题"), keys.hint("reason", "退回经办")]
        return [*told, keys.hint("on", "批准勾上的")]

    def marked(self) -> list[str]:
        """Return what is marked, in the order of the list."""
        return [one.id for one in self.standing.cases if one.id in self._marked]

    def mark_all(self) -> None:
        """Mark all that can be approved, or none when all are."""
        able = {one.id for one in self.standing.cases if self._may_mark(one)}
        self._marked = set() if able == self._marked else able
        self._show()

    def approve(self) -> None:
        """Want all that is marked approved."""
        if self.approve_button.isEnabled() and self._marked and self.standing.boss:
            self.approve_wanted.emit(self.marked())

    def pass_current(self) -> None:
        """Want the current one noted as looked at and sound."""
        if self.pass_button.isVisibleTo(self) and self.pass_button.isEnabled():
            self.pass_wanted.emit(self.table.current())

    def return_current(self) -> None:
        """Want the current one sent back to whoever took it."""
        if self.return_button.isVisibleTo(self):
            self.return_wanted.emit(self.table.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Mark the current row with the space bar; the list leaves it to us."""
        one = self._case()
        if event.key() == Qt.Key.Key_Space and one is not None and self._may_mark(one):
            self._marked ^= {one.id}
            self._show()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the side and leave out the name where there is no room."""
        super().resizeEvent(event)
        self._side.setFixedWidth(SLIM if self.width() < _NARROW else SIDE)
        self.table.setColumnHidden(2, self.width() < _NARROW)
        for at, width in ((0, 28), (1, 164), (4, 88)) if self.width() < _NARROW else ((0, 44), (1, 176), (4, 158)):
            self.table.setColumnWidth(at, width)
        self.all_button.setVisible(self.standing.boss and self.width() >= _NARROW)

    # inside
    def _case(self) -> Case | None:
        return next((one for one in self.standing.cases if one.id == self.table.current()), None)

    def _may_mark(self, one: Case) -> bool:
        return self.standing.boss and not one.settled and (not one.own or self.standing.alone)

    def _show(self) -> None:
        standing = self.standing
        today = self._now().date()
        self.table.put([self._line(one, today) for one in standing.cases])
        self._stack.setCurrentWidget(self.table if standing.cases else self._none)
        self._about.put(standing.wanted or "统筹区没有要求复核，主管愿意看就看")
        self.all_button.setVisible(standing.boss and self.width() >= _NARROW)
        self.approve_button.setVisible(standing.boss)
        self.approve_button.put(f"批准勾上的 {len(self._marked)} 件" if self._marked else "批准勾上的")
        self.approve_button.setEnabled(bool(self._marked))
        self.approve_button.set_kind("primary" if self._marked else "plain")
        self.pass_button.set_kind("plain" if self._marked else "primary")
        self._tell()

    def _line(self, one: Case, today: dt.date) -> Line:
        on = one.id in self._marked
        mark = Cell(text="", icon="check", tone="accent") if on else Cell(text="")
        name = Cell(text=lists.name(one.entry), sub=lists.diseases(one.entry))
        taken = f"{'已勾，' if on else ''}{lists.exactly(one.entry.accepted_at, today)} {one.entry.author}"
        number = Cell(text=one.entry.number, sub=taken, medium=True)
        if one.hold is not None or one.open:
            left = Cell(text=one.open[0] if one.open else "没有了", sub="；".join(one.open[1:]))
        else:
            left = Cell(text="没有了", color="ink3")
        return Line(one.id, (mark, number, name, left, _looked(one, today)))

    def _tell(self) -> None:
        one = self._case()
        self._side.setVisible(one is not None)
        if one is None:
            return
        boss, today = self.standing.boss, self._now().date()
        looked = _looked(one, today)
        self._number.put(one.entry.number)
        self.chip.put(looked["text"], looked.get("tone", "") or "neutral", looked.get("icon", ""))
        self._by.put(f"{lists.name(one.entry)}，{one.entry.author}经办" + ("，就是自己" if one.own else ""))
        self._open.put("；".join(one.open) if one.open else "没有了")
        self._why.put(_why(one, today))
        self._way.put(_waits(one, today))
        self._way.setVisible(bool(self._way.full()))
        mine = one.own and not self.standing.alone
        for button in (self.pass_button, self.return_button):
            button.setVisible(boss and not mine)
        self.pass_button.setVisible(boss and not mine and not one.settled)
        self.release_button.setVisible(boss and one.hold is not None)
        self._not.put(self._refusal(one, mine=mine))
        self._not.setVisible(bool(self._not.full()))

    def _refusal(self, one: Case, *, mine: bool) -> str:
        if not self.standing.boss:
            return "复核由主管做。锁定，让主管用自己的口令打开。"
        if mine:
            return "自己经办的件不能自己复核，请另一位主管看。"
        if one.own:
            return "这里只有一个人，自己复核会记明是一个人。"
        if not one.settled and not one.seen:
            return "还没有打开看过。先按 Enter 打开看一遍。"
        return ""


def _looked(one: Case, today: dt.date) -> Cell:
    if one.hold is not None and not one.hold.returned:
        sub = f"等到 {lists.day(one.until, today)}" if one.until else ("看过了，没记" if one.seen else "")
        return Cell(text="改过，等再看" if one.hold.corrected else "等复核", sub=sub, icon="circle-dashed", tone="warn")
    if one.look is not None:
        word, tone, icon = _VERDICTS[one.look.verdict]
        return Cell(text=word, sub=one.look.note or one.look.who, icon=icon, tone=tone)
    return Cell(text="没有抽到", color="ink3")


def _waits(one: Case, today: dt.date) -> str:
    if one.hold is None:
        return ""
    if one.hold.returned:
        return "经办人改好或问清以后，再看一遍。"
    return f"到 {lists.day(one.until, today)}没人看，第二天照常送。" if one.until else "没人看就一直留在本机，不会丢。"


def _why(one: Case, today: dt.date) -> str:
    if one.hold is not None:
        return f"{one.hold.fact}。"
    if one.look is None:
        return "没有抽到，不看也照常送。"
    word, _, _ = _VERDICTS[one.look.verdict]
    told = "，".join(part for part in (lists.exactly(one.look.at, today), one.look.who, word) if part)
    return f"{told}。{one.look.note}"
