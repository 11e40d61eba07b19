"""The queue: everything that was accepted here, where it is, and the way out on a folder or a stick."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QSizePolicy, QStackedWidget, QWidget

from app.core.masks import COVERED, Veil
from app.services.ports import Queue
from app.ui import keys, lists
from app.ui.kit import Button, Cell, Column, EmptyState, Icon, Line, ListTable, MessageBar, Text, column, fill, row, rule
from app.ui.queue_detail import QueueDetail
from app.ui.queue_tabs import QueueTab, QueueTabs
from app.ui.shell import PageBase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.ports import Entry

_TABS = (
    QueueTab("all", "全部", "layers"),
    QueueTab(Queue.HERE, "在本机", "laptop"),
    QueueTab(Queue.COPIED, "已导出", "hard-drive-upload"),
    QueueTab(Queue.RECEIVED, "已送达", "circle-check"),
    QueueTab(Queue.NEEDS_YOU, "需处理", "octagon-x", "bad"),
)
_EMPTY = {
    "all": ("还没有受理过的件", "受理一件，它就存在这里，没送达之前一直在。"),
    Queue.HERE: ("在本机的都导出过了", "要再导出某一件，到「已导出」选中它。"),
    Queue.COPIED: ("还没有导出过", "按 Ctrl E，把在本机的导出到文件夹。"),
    Queue.RECEIVED: ("还没有签收的件", "经办机构的回执读进来以后，会列在这里。"),
    Queue.NEEDS_YOU: ("没有需处理的件", "经办机构退回的件会列在这里。"),
}
_ROOM = 1080  # logical px: below this the table leaves out two columns
_SLIM_DETAIL = 300


def ask_folder(parent: QWidget, title: str) -> str:
    """Ask for a folder with the desktop's own dialog; '' when none was chosen."""
    return QFileDialog.getExistingDirectory(parent, title)


class QueuePage(PageBase):
    """The page of the queue.

    Signals: ``export_wanted(folder, ids)``, ``export_stopped()``, ``open_wanted(id)``, ``print_wanted(id)``, ``selected(id)`` (answer
    with :meth:`set_history`) and ``document_wanted(id, kind)`` with form or receipt.
    """

    tab_name = "queue"
    export_wanted = Signal(str, list)
    export_stopped = Signal()
    open_wanted = Signal(str)
    print_wanted = Signal(str)
    document_wanted = Signal(str, str)
    selected = Signal(str)

    def __init__(
        self,
        now: Callable[[], dt.datetime] = dt.datetime.now,
        choose: Callable[[QWidget, str], str] = ask_folder,
    ) -> None:
        super().__init__()
        self._now, self.choose_folder = now, choose
        self._entries: tuple[Entry, ...] = ()
        self._tab: str = "all"
        self._busy = False
        self._rows = lists.RowMaker(_line)
        self._veil = COVERED
        self.export_button = Button("导出到文件夹", "primary", key=keys.cap("export"), icon="hard-drive-upload")
        self.message = MessageBar()
        self.message.clear()
        self.tabs = QueueTabs(_TABS)
        self.table = ListTable("待报送", self._columns())
        self.detail = QueueDetail()
        self._empty = EmptyState("inbox", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._progress = self._progress_strip()
        head = row(
            Text("待报送", "h1"), Text("没送达的一件也不会删", "body2"), ..., self.export_button, gap=12, pad=(16, 14, 16, 10)
        )
        notes = column(self.message, self._progress, gap=8, pad=(16, 0))
        main = column(head, notes, 8, self.tabs, rule(), (self._stack, 1))
        main.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        fill(QHBoxLayout(self), ((main, 1), self.detail))
        self._connect()
        self._show()

    @staticmethod
    def _columns() -> tuple[Column, ...]:
        return (
            Column("状态", 108),
            Column("受理编号", 176),
            Column("申请人", 150),
            Column("说明与下一步", 0),
            Column("受理日", 94),
            Column("到期", 94),
        )

    def _progress_strip(self) -> QWidget:
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName("导出进度")
        self._doing = Text("", elide=True)
        self.stop_button = Button("停下", "small")
        self.stop_button.clicked.connect(self.export_stopped)
        icon = Icon("hard-drive-upload", "accent", 18)
        strip = row(icon, (self._doing, 1), self._bar, self.stop_button, gap=10, pad=(14, 7, 8, 7), role="message", height=44)
        strip.hide()
        return strip

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.choose)
        self.table.opened.connect(self.open_wanted)
        self.table.selected.connect(self._selected)
        self.export_button.clicked.connect(self.export)
        self.detail.opened.connect(self.table.open_current)
        self.detail.exported.connect(lambda: self._export([self.table.current()]))
        self.detail.printed.connect(self.print_current)
        self.detail.looked.connect(lambda kind: self.document_wanted.emit(self.table.current(), kind))
        keys.bind(self, "export", self.export)
        keys.bind(self, "print", self.print_current)

    # data in
    def set_veil(self, veil: Veil) -> None:
        """Show names and numbers covered, or whole."""
        if veil != self._veil:
            self._veil = veil
            self._show()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show all that is queued; the tabs count and sort it out here. The current row stays."""
        before = self.table.current()
        self._entries = tuple(entry for entry in entries if entry.queue is not None)
        self._show()
        if before and before == self.table.current():
            # The row stayed, what happened to it did not: ask again.
            self.selected.emit(before)

    def set_progress(self, done: int, total: int, sentence: str) -> None:
        """Show how far the export is; a ``total`` of 0 hides it."""
        self._busy = total > 0
        self._progress.setVisible(self._busy)
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        self._doing.put(sentence or f"正在导出第 {min(done + 1, total)} 件，共 {total} 件")
        for button in (self.export_button, self.detail.export_button):
            button.setEnabled(not self._busy)

    def set_report(self, written: int, skipped: int, failed: Sequence[str], folder: str) -> None:
        """Say what an export did. ``skipped``: those that lie there whole already; ``failed``: one sentence each."""
        self.set_progress(0, 0, "")
        told = [f"导出了 {written} 件到「{folder}」。" if written else f"没有新的件写进「{folder}」。"]
        told += [f"{skipped} 件原来就在那里，没有动。"] if skipped else []
        told += [f"{len(failed)} 件没有导出，都还在本机：{'；'.join(one.rstrip('。') for one in failed)}。"] if failed else []
        told += ["导出的没有加密，盘要收好。"] if written and not failed else []
        self.message.say("warn" if failed else "good", "".join(told))

    def set_history(self, id_: str, history: Sequence[tuple[str, str]]) -> None:
        """Show what happened to the selected application, as (local ISO time, words)."""
        if id_ == self.table.current():
            self.detail.tell(history, self._now().date())

    def say(self, tone: str, sentence: str) -> None:
        """Show a sentence in the message bar (tones bad, warn, good, accent)."""
        self.message.say(tone, sentence)

    # the page
    def choose(self, tab: str) -> None:
        """Open a tab."""
        self._tab = tab
        self._show()
        self.table.setFocus()

    def export(self) -> None:
        """Export everything that has not been exported yet."""
        self._export([entry.id for entry in self._entries if entry.queue is Queue.HERE])

    def print_current(self) -> None:
        """Ask for the selected application's papers to be printed."""
        if key := self.table.current():
            self.print_wanted.emit(key)

    def entered(self) -> None:
        """Stand in the list."""
        self.table.setFocus()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        told = [keys.hint("rows"), keys.hint("open"), keys.hint("export"), keys.hint("print")]
        return [*told, keys.KeyHint(f"Alt 1–{len(_TABS)}", "换状态"), keys.hint("help")]

    def right_hints(self) -> list[keys.KeyHint]:
        """Say what stands at the right of the foot."""
        return [keys.hint("lock")]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the two dates and narrow the detail where there is no room."""
        super().resizeEvent(event)
        narrow = self.width() < _ROOM
        self.detail.setFixedWidth(_SLIM_DETAIL if narrow else 336)
        self.table.setColumnHidden(4, narrow)
        self.table.setColumnHidden(5, narrow)

    # what happens
    def _export(self, ids: list[str]) -> None:
        if self._busy:
            return
        wanted = [id_ for id_ in ids if id_]
        if not wanted:
            self.message.say("accent", "在本机的都导出过了。要再导出某一件，选中它，按右边的「只导出这件」。")
            return
        if folder := self.choose_folder(self, f"导出 {len(wanted)} 件到哪个文件夹"):
            self.message.clear()
            self.export_wanted.emit(folder, wanted)

    def _selected(self, key: str) -> None:
        self._show_detail()
        if key:
            self.selected.emit(key)

    def _show(self) -> None:
        counts = {tab.id: sum(entry.queue == tab.id for entry in self._entries) for tab in _TABS}
        self.tabs.put(counts | {"all": len(self._entries)}, self._tab)
        shown = [entry for entry in self._entries if self._tab in ("all", entry.queue)]
        today = self._now().date()
        self.table.put(self._rows(shown, today, self._veil))
        title, text = _EMPTY[self._tab]
        self._empty.say(title, text)
        self._stack.setCurrentWidget(self.table if shown else self._empty)
        self._show_detail()

    def _show_detail(self) -> None:
        key = self.table.current()
        entry = next((entry for entry in self._entries if entry.id == key), None)
        self.detail.put(entry, self._now().date(), self._veil)


def _line(entry: Entry, today: dt.date, veil: Veil = COVERED) -> Line:
    said, then = {
        Queue.HERE: ("等导出", f"{lists.exactly(entry.accepted_at, today)} 受理"),
        Queue.COPIED: ("已导出，等经办机构回执", "本机仍保留"),
        Queue.RECEIVED: ("经办机构已签收", ""),
        Queue.NEEDS_YOU: (entry.note or "经办机构退回", "下一步：打开这件，照退回的说法改"),
    }[entry.queue or Queue.HERE]
    size = lists.size(entry.bytes)
    then = "，".join(part for part in (then, size if entry.queue is not Queue.NEEDS_YOU else "") if part)
    return Line(
        entry.id,
        (
            lists.standing(entry).cell(),
            entry.number,
            Cell(text=lists.name(entry, veil), sub=lists.diseases(entry)),
            Cell(text=said, sub=then, medium=entry.queue is Queue.NEEDS_YOU),
            Cell(text=lists.day(entry.accepted_at, today)),
            lists.due_cell(entry, today),
        ),
    )
