"""The queue: everything that was accepted here, where it is, and the way out on a folder or a stick."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from app.core.masks import COVERED, Veil
from app.services.ports import Queue
from app.ui import keys, lists
from app.ui.kit import Button, Column, EmptyState, ListTable, MessageBar, Text, column, fill, row, rule
from app.ui.queue_detail import QueueDetail
from app.ui.queue_link import LinkBar, ProgressStrip
from app.ui.queue_rows import Queued, line
from app.ui.queue_stick import Stick, StickBar
from app.ui.queue_tabs import QueueTab, QueueTabs
from app.ui.queue_words import EMPTY, report_words, round_words
from app.ui.shell import PageBase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.core.second_look import Hold
    from app.services.hands import Progress
    from app.services.ports import Entry
    from app.services.ports.transfer import Spooled
    from app.services.sealed_answers import ReadIn
    from app.services.sync import Round
    from app.ui.kit import Line
    from app.ui.sending import Uplink

_TABS = (
    QueueTab("all", "全部", "layers"),
    QueueTab(Queue.HERE, "在本机", "laptop"),
    QueueTab(Queue.COPIED, "已导出", "hard-drive-upload"),
    QueueTab(Queue.RECEIVED, "已送达", "circle-check"),
    QueueTab(Queue.NEEDS_YOU, "需处理", "octagon-x", "bad"),
)
_ROOM = 1080  # logical px: below this the table leaves out two columns
_SLIM_DETAIL = 300


def ask_folder(parent: QWidget, title: str, start: str = "") -> str:
    """Ask for a folder with the desktop's own dialog, beginning at one; '' when none was chosen."""
    return QFileDialog.getExistingDirectory(parent, title, start)


class QueuePage(PageBase):
    """The page of the queue.

    Signals: ``read_wanted(folder)`` for the office's receipts, ``export_wanted(folder, ids)``, ``export_stopped()`` (sending too),
    ``send_wanted()``, ``way_wanted(id, act)`` with the way out of what keeps one (:class:`app.core.outbox.Way`), ``open_wanted(id)``,
    ``print_wanted(id)``, ``selected(id)`` (answer with :meth:`set_history`) and ``document_wanted(id, kind)`` with form or receipt.
    """

    tab_name = "queue"
    read_wanted = Signal(str)
    export_wanted = Signal(str, list)
    export_stopped = Signal()
    send_wanted = Signal()
    way_wanted = Signal(str, str)
    open_wanted = Signal(str)
    print_wanted = Signal(str)
    document_wanted = Signal(str, str)
    selected = Signal(str)

    def __init__(
        self,
        now: Callable[[], dt.datetime] = dt.datetime.now,
        choose: Callable[[QWidget, str, str], str] = ask_folder,
    ) -> None:
        super().__init__()
        self._now, self.choose_folder = now, choose
        self._entries: tuple[Queued, ...] = ()
        self._uplink: Uplink | None = None
        self._stick: Stick | None = None
        self._offers = (False, False, False)
        self._tab: str = "all"
        self._busy = False
        self._rows = lists.RowMaker(self._line)
        self._veil = COVERED
        self.export_button = Button("导出到文件夹", "primary", key=keys.cap("export"), icon="hard-drive-upload")
        self.read_button = Button("读入回执", key=keys.cap("read_in"), icon="inbox")
        self.send_button = Button("现在联网送", key=keys.cap("send"), icon="send")
        self._aside = Text("没送达的一件也不会删", "body2")
        self.message = MessageBar()
        self.message.clear()
        self.tabs = QueueTabs(_TABS)
        self.table = ListTable("待报送", self._columns())
        self.detail = QueueDetail()
        self._empty = EmptyState("inbox", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.link = LinkBar()
        self.link.clear()
        self.stick = StickBar()
        self.progress = ProgressStrip()
        self.send_button.hide()
        head = row(
            *(Text("待报送", "h1"), self._aside, ..., self.read_button, self.export_button, self.send_button),
            gap=12,
            pad=(16, 14, 16, 10),
        )
        notes = column(self.link, self.stick, self.message, self.progress, gap=8, pad=(16, 0))
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
            Column("申请人", 150, most=230),
            Column("说明与下一步", 0),
            Column("受理日", 94),
            Column("到期", 94),
        )

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.choose)
        self.table.opened.connect(self.open_wanted)
        self.table.selected.connect(self._selected)
        self.export_button.clicked.connect(lambda: self._export(self._waiting()))
        self.read_button.clicked.connect(self._read_from)
        self.stick.copied.connect(self.export)
        self.stick.read.connect(self.read_in)
        self.send_button.clicked.connect(self.send)
        self.link.acted.connect(self.send)
        self.progress.stopped.connect(self.export_stopped)
        self.detail.acted.connect(self._way)
        self.detail.opened.connect(self.table.open_current)
        self.detail.exported.connect(lambda: self._export([self.table.current()]))
        self.detail.printed.connect(self.print_current)
        self.detail.looked.connect(lambda kind: self.document_wanted.emit(self.table.current(), kind))
        keys.bind(self, "export", self.export)
        keys.bind(self, "read_in", self.read_in)
        keys.bind(self, "send", self.send)
        keys.bind(self, "retry", self.send)
        keys.bind(self, "print", self.print_current)

    # data in
    def set_veil(self, veil: Veil) -> None:
        """Show names and numbers covered, or whole."""
        if veil != self._veil:
            self._veil = veil
            self._show()

    def set_entries(
        self,
        entries: Sequence[Entry],
        sent: Mapping[str, Spooled] | None = None,
        holds: Mapping[str, Hold] | None = None,
    ) -> None:
        """Show all that is queued, with what is known of each on its way, or of what keeps it, by its id; the tabs sort it out here.

        The current row stays.
        """
        before, found, kept = self.table.current(), sent or {}, holds or {}
        self._entries = tuple(
            Queued(entry, found.get(entry.id), kept.get(entry.id)) for entry in entries if entry.queue is not None
        )
        self._show()
        if before and before == self.table.current():
            # The row stayed, what happened to it did not: ask again.
            self.selected.emit(before)

    def set_uplink(self, uplink: Uplink) -> None:
        """Show how the way to the office stands; what cannot be done is not offered."""
        before, self._uplink = self._uplink, uplink
        self.link.put(uplink, self._now().date())
        self.send_button.setVisible(uplink.sends)
        self._enable()
        self._show_stick()
        if before is None or (before.sends, before.counter) != (uplink.sends, uplink.counter):
            self._show()
            self.hints_changed.emit()

    def set_stick(self, stick: Stick | None) -> None:
        """Offer what can be done with the stick that was plugged in last; None takes the offer away."""
        self._stick = stick
        self._show_stick()

    def set_progress(self, done: int, total: int, sentence: str) -> None:
        """Show how far the plain export is; a ``total`` of 0 hides it."""
        self._busy = total > 0
        self.progress.put(done, total, sentence)
        self._enable()
        self._show_stick()

    def set_sending(self, progress: Progress | None, *, stick: bool = False) -> None:
        """Show how far a run is, None when it is over."""
        if not self._busy:
            self.progress.tell(progress, stick=stick)

    def set_round(self, done: Round, folder: str, read: ReadIn | None = None) -> None:
        """Say what came of a run that somebody asked for; ``folder`` is the stick's name, '' for one over the network; ``read``: what it brought."""
        self.message.say(*round_words(done, folder, read))

    def set_report(self, written: int, skipped: int, failed: Sequence[str], folder: str) -> None:
        """Say what an export did. ``skipped``: those that lie there whole already; ``failed``: one sentence each."""
        self.set_progress(0, 0, "")
        self.message.say(*report_words(written, skipped, failed, folder))

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
        """Export everything that has not been exported yet: to the stick that is offered, else to a folder that is asked for."""
        if self._stick is not None and self.stick.copies:
            self.message.clear()
            self.export_wanted.emit(str(self._stick.folder), self._waiting())
        else:
            self._export(self._waiting())

    def send(self) -> None:
        """Send all that waits over the network now, where there is a place for it."""
        if self._uplink is not None and self._uplink.sends and not self._uplink.busy:
            self.message.clear()
            self.send_wanted.emit()

    def read_in(self) -> None:
        """Read what the office gave in: from the stick that is offered, else from the folder that it handed back."""
        if self._stick is not None and self.stick.reads:
            self.message.clear()
            self.read_wanted.emit(str(self._stick.folder))
        else:
            self._read_from()

    def print_current(self) -> None:
        """Ask for the selected application's papers to be printed."""
        if key := self.table.current():
            self.print_wanted.emit(key)

    def entered(self) -> None:
        """Stand in the list."""
        self.table.setFocus()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        told = [keys.hint("rows"), keys.hint("open"), keys.hint("export")]
        if self._uplink is not None and self._uplink.sends:
            told.append(keys.hint("send", "现在送"))
        told += [keys.hint("read_in", "读入回执"), keys.hint("print")]
        return [*told, keys.KeyHint(f"Alt 1–{len(_TABS)}", "换状态"), keys.hint("help")]

    def right_hints(self) -> list[keys.KeyHint]:
        """Say what stands at the right of the foot."""
        return [keys.hint("lock")]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the two dates and narrow the detail where there is no room."""
        super().resizeEvent(event)
        narrow = self.width() < _ROOM
        self.detail.setFixedWidth(_SLIM_DETAIL if narrow else 336)
        self._aside.setVisible(not narrow)
        self.table.setColumnHidden(4, narrow)
        self.table.setColumnHidden(5, narrow)

    # what happens
    def _waiting(self) -> list[str]:
        return [one.id for one in self._entries if one.entry.queue is Queue.HERE]

    def _show_stick(self) -> None:
        """Put the offer, and let each key stand on the one button that it presses."""
        sealed, busy = (self._uplink.sealed, self._uplink.busy) if self._uplink is not None else (False, False)
        self.stick.put(self._stick, len(self._waiting()), sealed=sealed, busy=busy or self._busy)
        offers = (sealed, self.stick.copies, self.stick.reads)
        if offers == self._offers:
            return
        self._offers = offers
        usual = "导出到 U 盘" if sealed else "导出到文件夹"
        self.export_button.set_kind("plain" if sealed or self.stick.copies else "primary")
        self.export_button.put(*(("导出到别处", "") if self.stick.copies else (usual, keys.cap("export"))))
        self.read_button.put(*(("从别处读入", "") if self.stick.reads else ("读入回执", keys.cap("read_in"))))

    def _start(self) -> str:
        return str(self._stick.folder) if self._stick is not None else ""

    def _read_from(self) -> None:
        if folder := self.choose_folder(self, "经办机构交回的文件夹在哪里", self._start()):
            self.message.clear()
            self.read_wanted.emit(folder)

    def _enable(self) -> None:
        busy = self._busy or (self._uplink is not None and self._uplink.busy)
        for button in (self.export_button, self.detail.export_button, self.send_button):
            button.setEnabled(not busy)

    def _way(self, act: str) -> None:
        id_ = self.table.current()
        if act == "export":
            self._export([id_])
        elif id_:
            self.way_wanted.emit(id_, act)

    def _export(self, ids: list[str]) -> None:
        if not self.export_button.isEnabled():
            return
        wanted = [id_ for id_ in ids if id_]
        if not wanted:
            self.message.say("accent", "在本机的都导出过了。要再导出某一件，选中它，按右边的「只导出这件」。")
            return
        if folder := self.choose_folder(self, f"导出 {len(wanted)} 件到哪个文件夹", self._start()):
            self.message.clear()
            self.export_wanted.emit(folder, wanted)

    def _selected(self, key: str) -> None:
        self._show_detail()
        if key:
            self.selected.emit(key)

    def _show(self) -> None:
        counts = {tab.id: sum(one.entry.queue == tab.id for one in self._entries) for tab in _TABS}
        self.tabs.put(counts | {"all": len(self._entries)}, self._tab)
        shown = [one for one in self._entries if self._tab in ("all", one.entry.queue)]
        sends = self._uplink is not None and self._uplink.sends
        self.table.put(self._rows(shown, self._now().date(), self._veil, sends))
        self._show_stick()
        title, text = EMPTY[self._tab]
        self._empty.say(title, text)
        self._stack.setCurrentWidget(self.table if shown else self._empty)
        self._show_detail()

    def _show_detail(self) -> None:
        key = self.table.current()
        one = next((one for one in self._entries if one.id == key), None)
        sends, counter = (self._uplink.sends, self._uplink.counter) if self._uplink is not None else (False, "")
        self.detail.put(one, self._now().date(), self._veil, counter=counter, sends=sends)

    @staticmethod
    def _line(one: Queued, today: dt.date, veil: Veil, sends: bool) -> Line:
        return line(one, today, veil, sends=sends)
