"""The outcomes (结果): what the office decided, untold first, and what the clerk does with each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from app.core.masks import COVERED, Veil
from app.ui import keys, lists
from app.ui.kit import Button, Column, EmptyState, ListTable, MessageBar, Text, column, fill, row, rule
from app.ui.outcomes_body import Background
from app.ui.outcomes_detail import SLIM, WIDE, OutcomeDetail
from app.ui.outcomes_words import EMPTY, line
from app.ui.queue import ask_folder
from app.ui.queue_tabs import QueueTab, QueueTabs
from app.ui.shell import PageBase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QResizeEvent

    from app.services.telling import Decided

_TABS = (
    QueueTab("all", "全部", "layers"),
    QueueTab("untold", "没告知", "phone"),
    QueueTab("supplement", "需补正", "triangle-alert"),
    QueueTab("approved", "通过", "circle-check"),
    QueueTab("refused", "不通过", "octagon-x"),
)
_ROLL, _HEARD = "印未告知名单", "记电话答复"
_ROOM, _NARROW = 1200, 1080  # logical px: below these the detail is narrower, and the table leaves out a column
_COLUMNS = (
    Column("结论", 112),
    Column("申请人", 160, most=230),
    Column("市局怎么说", 0),
    Column("回来", 104),
    Column("告知", 132),
)


class OutcomesPage(PageBase):
    """The page of the outcomes.

    Signals: ``selected(id)`` (answer with :meth:`set_background`), ``read_wanted(folder)``, ``heard_wanted(id)``, ``mend_wanted(id, path)``,
    ``open_wanted(id)``, ``leave_wanted(id)``, ``reapply_wanted(id)``, ``print_wanted(id)``, ``told(id, how, words)``,
    ``names_wanted()``, ``roll_wanted()`` the list of those nobody told yet.
    """

    tab_name = "outcomes"
    selected = Signal(str)
    read_wanted = Signal(str)
    heard_wanted = Signal(str)
    mend_wanted = Signal(str, str)
    open_wanted = Signal(str)
    leave_wanted = Signal(str)
    reapply_wanted = Signal(str)
    print_wanted = Signal(str)
    told = Signal(str, str, str)
    names_wanted = Signal()
    roll_wanted = Signal()

    def __init__(
        self,
        now: Callable[[], dt.datetime] = dt.datetime.now,
        choose: Callable[[QWidget, str], str] = ask_folder,
    ) -> None:
        super().__init__()
        self._now, self.choose_folder = now, choose
        self._found: tuple[Decided, ...] = ()
        self._sought = ""
        self._about = Background()
        self._tab = "all"
        self._veil = COVERED
        self._rows = lists.RowMaker(line)
        self._count = Text("", "body2")
        self.read_button = Button("读入答复", key=keys.cap("read_in"), icon="inbox")
        self.roll_button = Button(_ROLL, icon="printer")
        self.heard_button = Button(_HEARD, key=keys.cap("heard"), icon="pencil")
        self.message, self.gap = MessageBar(), MessageBar()
        for bar in (self.message, self.gap):
            bar.clear()
        self.tabs = QueueTabs(_TABS)
        self.table = ListTable("结果", _COLUMNS)
        self.detail = OutcomeDetail()
        self._empty = EmptyState("inbox", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        head = row(
            Text("结果", "h1"),
            self._count,
            ...,
            self.roll_button,
            self.read_button,
            self.heard_button,
            gap=8,
            pad=(16, 14, 16, 10),
        )
        notes = column(self.gap, self.message, gap=8, pad=(16, 0))
        main = column(head, notes, 8, self.tabs, rule(), (self._stack, 1))
        main.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        fill(QHBoxLayout(self), ((main, 1), self.detail))
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.choose)
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda _key: self.go_on())
        self.read_button.clicked.connect(self.read_in)
        self.heard_button.clicked.connect(self.hear)
        self.roll_button.clicked.connect(self.roll_wanted)
        self.gap.acted.connect(self.read_in)
        detail = self.detail
        detail.mended.connect(self._mend)
        detail.opened.connect(self.go_on)
        detail.left.connect(lambda: self._with(self.leave_wanted))
        detail.reapplied.connect(self.reapply)
        detail.printed.connect(self.print_current)
        detail.told.connect(lambda how, words: self.told.emit(self.table.current(), how, words))
        detail.names_wanted.connect(self.names_wanted)
        keys.bind(self, "read_in", self.read_in)
        keys.bind(self, "heard", self.hear)
        keys.bind(self, "told", self.tell)
        keys.bind(self, "print", self.print_current)
        keys.bind(self, "new", self.reapply)

    # data in
    def set_veil(self, veil: Veil) -> None:
        """Show names and numbers covered, or whole."""
        if veil != self._veil:
            self._veil = veil
            self._show()

    def seek(self, id_: str) -> None:
        """Make this one current, now or as soon as it is listed."""
        self.choose("all")
        self._sought = "" if self.table.set_current(id_) else id_

    def set_outcomes(self, found: Sequence[Decided]) -> None:
        """Show these, in their order; the tabs count and sort them out here. The current row stays."""
        before, self._found = self._found, tuple(found)
        self._show()
        if self._sought and self.table.set_current(self._sought):
            self._sought = ""
        focused = self.window().focusWidget()
        if not before and found and (focused is None or self.isAncestorOf(focused)):
            # The list was not there when the page was entered.
            self.table.setFocus()
        self.hints_changed.emit()
        if key := self.table.current():
            # The row may have stayed, what is known of it may not.
            self.selected.emit(key)

    def set_background(self, about: Background) -> None:
        """Show what the selected application adds; one that came too late is left aside."""
        if about.id == self.table.current():
            self._about = about
            self._show_detail()

    def set_gap(self, sentence: str, number: int) -> None:
        """Say which answer is missing and what waits for it; '' when none does."""
        if sentence:
            more = f"{sentence}。先读 {number} 号，多半在上一只 U 盘里。"
            self.gap.say("warn", more, "读入答复", keys.cap("read_in"))
        else:
            self.gap.clear()

    def say(self, tone: str, sentence: str) -> None:
        """Show a sentence in the message bar (tones bad, warn, good, accent)."""
        self.message.say(tone, sentence)

    # the page
    def choose(self, tab: str) -> None:
        """Open a tab."""
        self._tab = tab
        self._show()
        self.table.setFocus()

    def current(self) -> Decided | None:
        """Return the selected outcome."""
        key = self.table.current()
        return next((one for one in self._found if one.id == key), None)

    def go_on(self) -> None:
        """Enter: mend what was sent back, look at what was decided."""
        one = self.current()
        if one is None:
            return
        if one.answer.kind == "supplement":
            self._mend("")
        else:
            self.open_wanted.emit(one.id)

    def read_in(self) -> None:
        """Read the office's answers in, from the folder or stick that it gave back."""
        if folder := self.choose_folder(self, "市局交回的文件夹在哪里"):
            self.message.clear()
            self.read_wanted.emit(folder)

    def hear(self) -> None:
        """Write down an answer that was heard by telephone."""
        self.heard_wanted.emit(self.table.current())

    def tell(self) -> None:
        """Note a call, as chosen."""
        if self.current() is not None:
            self.detail.tell()

    def reapply(self) -> None:
        """Begin a new application out of a refused one."""
        one = self.current()
        if one is not None and one.answer.kind == "refused":
            self.reapply_wanted.emit(one.id)

    def print_current(self) -> None:
        """Look at the paper for the applicant, then print it."""
        self._with(self.print_wanted)

    def entered(self) -> None:
        """Stand in the list."""
        self.table.setFocus()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here, for the selected row."""
        one = self.current()
        told = [keys.hint("rows")]
        if one is not None:
            supplement = one.answer.kind == "supplement"
            word = ("接着补" if one.mending else "开补正件") if supplement else "打开"
            told += [keys.hint("open", word), keys.hint("print", "印通知"), keys.hint("told", "记电话")]
            if one.answer.kind == "refused":
                told.append(keys.hint("new", "重新申请"))
            told.append(keys.hint("names"))
        return [*told, keys.hint("read_in", "读入答复"), keys.KeyHint(f"Alt 1–{len(_TABS)}", "换清单"), keys.hint("help")]

    def right_hints(self) -> list[keys.KeyHint]:
        """Say what stands at the right of the foot."""
        return [keys.hint("lock")]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the detail where there is no room."""
        super().resizeEvent(event)
        self.detail.setFixedWidth(SLIM if self.width() < _ROOM else WIDE)
        self.table.setColumnHidden(3, self.width() < _NARROW)
        self._count.setVisible(self.width() >= _NARROW)
        narrow = self.width() < _NARROW
        self.roll_button.put("印名单" if narrow else _ROLL)
        self.heard_button.put("记电话" if narrow else _HEARD)

    # what happens
    def _with(self, wanted: SignalInstance) -> None:
        if key := self.table.current():
            wanted.emit(key)

    def _mend(self, path: str) -> None:
        if key := self.table.current():
            self.mend_wanted.emit(key, path)

    def _selected(self, key: str) -> None:
        self._show_detail()
        self.hints_changed.emit()
        if key:
            self.selected.emit(key)

    def _show(self) -> None:
        untold = sum(not one.told.done for one in self._found)
        counts = {tab.id: sum(one.answer.kind == tab.id for one in self._found) for tab in _TABS}
        self.tabs.put(counts | {"all": len(self._found), "untold": untold}, self._tab)
        self._count.put(f"{len(self._found)} 件，没告知的 {untold} 件在前" if untold else f"{len(self._found)} 件")
        self.roll_button.setVisible(bool(untold))
        shown = [one for one in self._found if self._in_tab(one)]
        self.table.put(self._rows(shown, self._now().date(), self._veil))
        self._empty.say(*EMPTY[self._tab])
        self._stack.setCurrentWidget(self.table if shown else self._empty)
        self._show_detail()

    def _in_tab(self, one: Decided) -> bool:
        return self._tab in ("all", one.answer.kind) or (self._tab == "untold" and not one.told.done)

    def _show_detail(self) -> None:
        one = self.current()
        about = self._about if one is not None and self._about.id == one.id else Background()
        self.detail.put(one, about, self._now().date(), self._veil)
