"""The workbench: one search field that has the focus, the work-lists, and what was begun."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout

from app.core.masks import COVERED
from app.ui import keys, lists
from app.ui.kit import Button, EmptyState, ListTable, Skeleton, Text, column, fill, row, rule
from app.ui.shell import PageBase
from app.ui.workbench_lists import LISTS, WorkLists
from app.ui.workbench_search import SearchField
from app.ui.workbench_side import Bench, Detail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.core.masks import Veil
    from app.core.region import Region
    from app.services.ports import Counts, Entry
    from app.ui.status_rows import StatusRow

NARROW = 1180  # logical px: below this there is no side panel, its content stands under the lists
MOST_FOUND = 50  # how many the store answers at most
_SLIM = 1080
_EMPTY = {
    "drafts": ("file-text", "没有草稿", "按 F5 开始一件新申请。键入的每一项都随手存下，没有保存按钮。"),
    "here": ("laptop", "没有等着报送的件", "受理一件，就在这里等导出。"),
    "copied": ("hard-drive-upload", "没有已导出的件", "到「待报送」按 Ctrl E，导出到文件夹。"),
    "needs_you": ("circle-check", "没有需处理的件", "经办机构退回的件会列在这里。"),
    "today": ("inbox", "今天还没有受理", "受理的件会列在这里。"),
}
_KNOWS = "认得姓名、姓名首字母、证件后四位、电话尾号、受理编号。\n空格隔开，每段都要对上。"


class WorkbenchPage(PageBase):
    """The page of the workbench.

    Signals: ``new_wanted()`` (F5), ``open_wanted(id)``, ``list_wanted(name)`` with drafts, here, copied, needs_you or today (answer
    with :meth:`set_entries`), ``search_wanted(text)`` (answer with :meth:`set_results`), ``status_acted(row id)`` when a row about this computer was pressed. ``hand_wanted(id)``
    to give a draft to another counter, ``back_wanted(id, to whom it was given)``, ``read_wanted()`` for a parcel. ``now`` is the clock's.
    """

    tab_name = "workbench"
    new_wanted = Signal()
    open_wanted = Signal(str)
    list_wanted = Signal(str)
    search_wanted = Signal(str)
    hand_wanted = Signal(str)
    back_wanted = Signal(str, str)
    read_wanted = Signal()
    status_acted = Signal(str)

    def __init__(self, now: Callable[[], dt.datetime] = dt.datetime.now) -> None:
        super().__init__()
        self._now = now
        self._list = LISTS[0].id
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._found: tuple[str, tuple[Entry, ...]] | None = None
        self._open_when_found = False
        self._kinds: dict[str, str] = {}
        self._veil = COVERED
        self._resume: Entry | None = None
        self._rows = {
            "drafts": lists.RowMaker(lists.draft_line),
            "accepted": lists.RowMaker(lists.accepted_line),
            "found": lists.RowMaker(lists.found_line),
        }
        self._narrow = False
        self.search = SearchField()
        self.new_button = Button("新申请", "primary", key=keys.cap("new"), icon="id-card", big=True)
        self.work_lists = WorkLists()
        self.bench = Bench()
        self.detail = Detail()
        self._title, self._note, self._tip = Text("", "h2"), Text("", "small"), Text("", "cap", elide=True)
        self._build_tables()
        self._side = column(self.bench, ..., role="side", width=268)
        head = row((self.search, 1), self.new_button, gap=12, pad=(16, 14))
        band = row(self._title, self._note, ..., self._tip, gap=12, pad=(16, 0), role="band", height=44)
        main = column(head, rule(), band, (self._stack, 1), self.detail)
        main.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        fill(QHBoxLayout(self), (self.work_lists, (main, 1), self._side))
        self._connect()
        self._show()

    def _build_tables(self) -> None:
        self._tables = {
            "drafts": ListTable("草稿", lists.DRAFT_COLUMNS),
            "accepted": ListTable("已受理的件", lists.ACCEPTED_COLUMNS),
            "found": ListTable("查找结果", lists.FOUND_COLUMNS),
        }
        self._empty = EmptyState("inbox", "")
        self._wait = Skeleton()
        self._stack = QStackedWidget()
        for widget in (*self._tables.values(), self._wait):
            self._stack.addWidget(widget)
        self._hollow = QFrame()
        self._hollow.setProperty("role", "page")
        self._hollow_box = QVBoxLayout(self._hollow)
        fill(self._hollow_box, ((self._empty, 1),))
        self._stack.addWidget(self._hollow)
        for table in self._tables.values():
            table.opened.connect(self.open_wanted)
            table.selected.connect(lambda _key: self._show_detail())

    def _connect(self) -> None:
        self.search.asked.connect(self._asked)
        self.search.entered.connect(self._entered)
        self.search.stepped.connect(self._step)
        self.new_button.clicked.connect(self.new_wanted)
        self.work_lists.chosen.connect(self.choose)
        self.bench.resumed.connect(self.open_wanted)
        self.bench.machine.acted.connect(self.status_acted)
        self.detail.opened.connect(self._open_row)
        self.detail.handed.connect(self._hand_over)
        self.detail.wanted_back.connect(self._take_back)
        keys.bind(self, "hand_over", self._hand_over)
        keys.bind(self, "read_in", self.read_wanted.emit)
        keys.bind(self, "new", self.new_wanted.emit)
        keys.bind(self, "later", self.bench.go)

    # data in
    def set_counts(self, counts: Counts) -> None:
        """Show how many each list holds."""
        self.work_lists.put(counts)
        self.hints_changed.emit()

    def set_entries(self, list_name: str, entries: Sequence[Entry]) -> None:
        """Show a list, or keep it for when it is opened."""
        self._entries[list_name] = tuple(entries)
        if list_name == self._list and self._found is None:
            self._show()

    def set_results(self, text: str, entries: Sequence[Entry]) -> None:
        """Show what was found; an answer to an older question is dropped."""
        if text.strip() != self.search.question() or not text.strip():
            return
        wanted, self._open_when_found = self._open_when_found, False
        if self._found is None or self._found[0] != text.strip():
            self._tables["found"].put(())
        self._found = (text.strip(), tuple(entries))
        self._show()
        if wanted and len(entries) == 1:
            self.table.open_current()

    def set_resume(self, entry: Entry | None) -> None:
        """Show the draft that can be gone on with by F10."""
        self._resume = entry
        self.bench.resume(entry, self._veil)
        self.hints_changed.emit()

    def set_veil(self, veil: Veil) -> None:
        """Show names and numbers covered, or whole."""
        if veil != self._veil:
            self._veil = veil
            self.bench.resume(self._resume, veil)
            self._show()

    def set_status(self, rows: Sequence[StatusRow]) -> None:
        """Show how this computer stands."""
        self.bench.status(rows)

    def set_policy(self, lines: Sequence[str]) -> None:
        """Show the sentences about time limits and holidays."""
        self.bench.policy(lines)

    def set_region(self, region: Region) -> None:
        """Show the region's data, and name the kinds of application as it does."""
        self._kinds = {kind.code: kind.name for kind in region.kinds}
        self.bench.region(region)
        self._show()

    # the page
    @property
    def table(self) -> ListTable:
        """The list that is on screen, or would be if it held anything."""
        if self._found is not None:
            return self._tables["found"]
        return self._tables["drafts" if self._list == "drafts" else "accepted"]

    @property
    def current_list(self) -> str:
        """The name of the open work-list."""
        return self._list

    def choose(self, list_name: str) -> None:
        """Open a work-list, and ask for what is in it."""
        changed = list_name != self._list
        self._list = list_name
        self._found = None
        self._open_when_found = False
        self.search.put("")
        if changed:
            self._tables["accepted"].put(())
        self._show()
        self.search.setFocus()
        self.list_wanted.emit(list_name)

    def focus_search(self) -> None:
        """Stand in the search field with what is in it selected: what F3 does from anywhere."""
        self.search.setFocus()
        self.search.selectAll()

    def entered(self) -> None:
        """Take the focus and ask for the open list again."""
        now = self._now()
        self.work_lists.set_day(f"{now.month} 月 {now.day} 日")
        self.focus_search()
        self.list_wanted.emit(self._list)
        if self.search.question():
            self.search.ask()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        told = [keys.hint("rows"), keys.hint("open"), keys.hint("search"), keys.hint("new")]
        told += (
            [keys.hint("close", "清空")]
            if self.search.value()
            else [keys.KeyHint(f"Alt 1–{len(self.work_lists.shown())}", "换清单")]
        )
        told += [keys.hint("later", "继续")] if self.bench.has_draft() else []
        return [*told, keys.hint("help")]

    def right_hints(self) -> list[keys.KeyHint]:
        """Say what stands at the right of the foot."""
        return [keys.hint("lock")]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the side panel's content under the lists where there is no room beside them."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            if narrow:
                self.work_lists.take(self.bench)
            else:
                box = self._side.layout()
                if isinstance(box, QVBoxLayout):
                    box.insertWidget(0, self.bench)
            self._side.setVisible(not narrow)
        low = WorkLists.is_low(self.height())
        self.work_lists.fold(slim=self.width() < _SLIM, low=low)
        self.detail.low(low=low)
        self._tables["accepted"].setColumnHidden(4, self.width() < _SLIM)
        self._tables["found"].setColumnHidden(5, self.width() < _SLIM)

    # what happens
    def _step(self, by: int) -> None:
        self.table.step(by)

    def _open_row(self) -> None:
        self.table.open_current()

    def _asked(self, text: str) -> None:
        if text:
            self.search_wanted.emit(text)
        else:
            self._found = None
            self._open_when_found = False
            self._show()
        self.hints_changed.emit()

    def _entered(self) -> None:
        """Enter opens what was asked for. A scanner's Enter comes before the answer: then the only hit opens by itself."""
        text = self.search.question()
        if text and (self._found is None or self._found[0] != text):
            self._open_when_found = True
            self.search.ask()
        else:
            self.table.open_current()

    def _show(self) -> None:
        today = self._now().date()
        if self._found is not None:
            text, entries = self._found
            self._say(f"查找「{text}」", f"{len(entries)} 件" if entries else "", "空格隔开，每段都要对上" if entries else "")
            if len(entries) >= MOST_FOUND:
                self._say(f"查找「{text}」", f"先列 {len(entries)} 件", "再多键一个字，会少一些")
            self.table.put(self._rows["found"](entries, today, text, self._veil))
            self._empty.say(f"没找到「{text}」", _KNOWS)
        else:
            entries = self._entries.get(self._list, ())
            work = next(work for work in LISTS if work.id == self._list)
            self._say(work.name, f"{len(entries)} 件" if entries else "", "")
            rows = self._rows["drafts" if self._list == "drafts" else "accepted"]
            self.table.put(rows(entries, today, self._kinds, self._veil))
            _icon, title, text = _EMPTY[self._list]
            self._empty.say(title, text)
        self.work_lists.set_current("" if self._found is not None else self._list)
        waiting = self._found is None and self._list not in self._entries
        if waiting and self._stack.currentWidget() is not self._wait:
            self._wait.start()
        self._stack.setCurrentWidget(self._wait if waiting else self.table if entries else self._hollow)
        self._show_detail()

    def _say(self, title: str, note: str, tip: str) -> None:
        self._title.put(title)
        self._note.put(note)
        self._tip.put(tip)

    def _row(self) -> Entry | None:
        entries = self._found[1] if self._found is not None else self._entries.get(self._list, ())
        key = self.table.current()
        return next((entry for entry in entries if entry.id == key), None)

    def _hand_over(self) -> None:
        entry = self._row()
        if entry is not None and lists.is_open(entry) and not entry.handed:
            self.hand_wanted.emit(entry.id)

    def _take_back(self) -> None:
        entry = self._row()
        if entry is not None and entry.handed:
            self.back_wanted.emit(entry.id, entry.handed)

    def _show_detail(self) -> None:
        entries = self._found[1] if self._found is not None else self._entries.get(self._list, ())
        key = self.table.current()
        self.detail.put(
            next((entry for entry in entries if entry.id == key), None), self._now().date(), self._kinds, self._veil
        )
