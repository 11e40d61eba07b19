"""The workbench: one search field that has the focus, the work-lists, and what was begun."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout

from app.core.masks import COVERED
from app.services.call_list import TITLES
from app.ui import keys, lists
from app.ui import workbench_kinds as kinds
from app.ui.kit import Button, EmptyState, ListTable, MessageBar, Skeleton, Text, column, fill, row, rule
from app.ui.shell import PageBase
from app.ui.workbench_lists import LISTS, WorkLists
from app.ui.workbench_search import SearchField
from app.ui.workbench_side import Bench, Detail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent

    from app.core.masks import Veil
    from app.core.region import Region
    from app.services.ports import Counts, Entry
    from app.ui.case.materials_input import Pictures
    from app.ui.status_rows import StatusRow

NARROW = 1180  # logical px: below this there is no side panel, its content stands under the lists
MOST_FOUND = 50  # how many the store answers at most
_SLIM = 1080


class WorkbenchPage(PageBase):
    """The page of the workbench.

    Signals: ``new_wanted()`` (F5), ``open_wanted(id)``, ``list_wanted(name)`` with drafts, here, copied, needs_you or today (answer
    with :meth:`set_entries`), ``search_wanted(text)`` (answer with :meth:`set_results`), ``status_acted(row id)`` when a row about this computer was pressed. ``hand_wanted(id)``
    to give a draft to another counter, ``back_wanted(id, to whom it was given)``, ``read_wanted()`` for a parcel. ``recent_wanted()`` (answer
    with :meth:`set_recent`); ``roll_wanted(name)`` to print a list for a round of calls; ``renew_wanted(id)`` to renew what ends,
    ``outcome_wanted(id)`` to tell a result; ``pictures_wanted(list)`` of paths or PNG bytes that may show a receipt's code,
    ``camera_wanted()`` to show it to the camera. ``now`` is the clock's.
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
    recent_wanted = Signal()
    roll_wanted = Signal(str)
    renew_wanted = Signal(str)
    outcome_wanted = Signal(str)
    pictures_wanted = Signal(list)
    camera_wanted = Signal()

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
        self._elsewhere = ""
        self._taker: Pictures | None = None
        self._rows = {name: lists.RowMaker(made) for name, (_, _, made, _) in kinds.TABLES.items()}
        self._narrow = False
        self.search = SearchField()
        self.new_button = Button("新申请", "primary", key=keys.cap("new"), icon="id-card", big=True)
        self.work_lists = WorkLists()
        self.bench = Bench()
        self.detail = Detail()
        self._title, self._note, self._tip = Text("", "h2"), Text("", "small"), Text("", "cap", elide=True)
        self.roll_button = Button("打印名单", "small", key=keys.cap("roll"), icon="printer")
        self.message = MessageBar()
        self.setAcceptDrops(True)
        self._build_tables()
        self._side = column(self.bench, ..., role="side", width=268)
        head = row((self.search, 1), self.new_button, gap=12, pad=(16, 14))
        band = row(self._title, self._note, ..., self._tip, self.roll_button, gap=12, pad=(16, 0), role="band", height=44)
        main = column(head, rule(), self.message, band, (self._stack, 1), self.detail)
        main.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        fill(QHBoxLayout(self), (self.work_lists, (main, 1), self._side))
        self._connect()
        self._show()

    def _build_tables(self) -> None:
        self._tables = {name: ListTable(said, columns) for name, (said, columns, _, _) in kinds.TABLES.items()}
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
            table.opened.connect(self._opened)
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
        self.detail.looked.connect(lambda: self.open_wanted.emit(self.table.current()))
        self.roll_button.clicked.connect(self._roll)
        self.message.acted.connect(self.message.clear)
        self._roll_keys = keys.bind(self, "roll", self._roll)
        keys.bind(self, "camera", self.camera_wanted.emit)
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

    def set_notes(self, notes: Mapping[str, tuple[str, str]]) -> None:
        """Show what there is to say of some lists beside their count, as sentence and tone."""
        self.work_lists.say(notes)

    def set_recent(self, entries: Sequence[Entry]) -> None:
        """Show what was opened last, as long as nothing is asked."""
        if not self.search.question() and entries:
            self._found = ("", tuple(entries))
            self._show()

    def say(self, tone: str, sentence: str) -> None:
        """Say how something came out that was asked for here."""
        self.message.say(tone, sentence, "知道了")

    def look_for(self, number: str) -> None:
        """Look for an acceptance number that a code said, and open it."""
        self.search.put(number)
        self._open_when_found = True
        self.search.ask()

    def set_results(self, text: str, entries: Sequence[Entry], *, scanned: bool = False, elsewhere: str = "") -> None:
        """Show what was found; an answer to an older question is dropped.

        ``scanned``: the question was one acceptance number, so the one hit opens by itself; ``elsewhere``: where it is when it is not here.
        """
        if text.strip() != self.search.question() or not text.strip():
            return
        if scanned and len(entries) == 1:
            # Nothing stays behind that would open it again when the clerk comes back.
            self.search.put("")
            self._found, self._open_when_found = None, False
            self._show()
            self.open_wanted.emit(entries[0].id)
            return
        self._elsewhere = elsewhere
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
        return self._tables[self._kind()]

    def _kind(self) -> str:
        kind = kinds.TABLE_OF.get(self._list, self._list)
        return kind if kind in kinds.TABLES else "accepted"

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
        self.hints_changed.emit()
        if changed:
            self.table.put(())
            self.message.clear()
        self._show()
        self.search.setFocus()
        self.list_wanted.emit(list_name)

    def focus_search(self) -> None:
        """Stand in the search field with what is in it selected: what F3 does from anywhere."""
        self.search.setFocus()
        self.search.selectAll()
        if not self.search.question():
            self.recent_wanted.emit()

    def entered(self) -> None:
        """Take the focus and ask for the open list again."""
        now = self._now()
        self.work_lists.set_day(f"{now.month} 月 {now.day} 日")
        self.search.setFocus()
        self.search.selectAll()
        self.list_wanted.emit(self._list)
        if self.search.question():
            self.search.ask()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        act = "" if self._found is not None else kinds.ACTS.get(self._list, "")
        told = [keys.hint("rows"), keys.hint("open", act), keys.hint("search"), keys.hint("new")]
        told += [keys.hint("close", "清空")] if self.search.value() else [keys.KeyHint("Alt 1–0", "换清单")]
        told += [keys.hint("roll")] if not self.roll_button.isHidden() else []
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
        for name, (_, _, _, giving) in kinds.TABLES.items():
            for at in giving:
                self._tables[name].setColumnHidden(at, self.width() < _SLIM)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a scanner, or somebody who types, reach the field from wherever the focus is."""
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if plain and event.text().isprintable() and event.text().strip() and not self.search.hasFocus():
            self.search.put("")
            self.search.setFocus()
            self.search.keyPressEvent(event)
            return
        if event.matches(QKeySequence.StandardKey.Paste) and self._pasted():
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures: a receipt's photo opens its case."""
        if event.mimeData().hasImage() or any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look for a code in what was dropped."""
        self._pictures(event.mimeData())
        event.acceptProposedAction()

    # what happens
    def _pasted(self) -> bool:
        mime = QApplication.clipboard().mimeData()
        return not mime.hasText() and self._pictures(mime)

    def _pictures(self, mime: QMimeData) -> bool:
        """Ask for the codes on pictures; False when there are none."""
        from app.ui.case.materials_input import Pictures, files_of  # noqa: PLC0415 - when the first picture comes

        files = [Path(name) for name in files_of(mime)[: kinds.MOST_PICTURES]]
        if files:
            self.pictures_wanted.emit(files)
        elif mime.hasImage():
            if self._taker is None:
                self._taker = Pictures(self)
                self._taker.made.connect(lambda _none, png: self.pictures_wanted.emit([png]))
            self._taker.take("", mime)
        return bool(files) or mime.hasImage()

    def _opened(self, key: str) -> None:
        """Do what a row of this list is there for."""
        wanted = {"renewals": self.renew_wanted, "untold": self.outcome_wanted}
        (self.open_wanted if self._found is not None else wanted.get(self._list, self.open_wanted)).emit(key)

    def _roll(self) -> None:
        if not self.roll_button.isHidden():
            self.roll_wanted.emit(self._list)

    def _step(self, by: int) -> None:
        self.table.step(by)

    def _open_row(self) -> None:
        self.table.open_current()

    def _asked(self, text: str) -> None:
        if text:
            self.search_wanted.emit(text)
        else:
            self._found = None
            self._elsewhere = ""
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
            if not text:
                self._say(kinds.RECENT, f"{len(entries)} 件", "接着键入就是查找")
            else:
                self._say(
                    f"查找「{text}」", f"{len(entries)} 件" if entries else "", "空格隔开，每段都要对上" if entries else ""
                )
            if len(entries) >= MOST_FOUND:
                self._say(f"查找「{text}」", f"先列 {len(entries)} 件", "再多键一个字，会少一些")
            self.table.put(self._rows["found"](entries, today, text, self._veil))
            self._empty.say(f"没找到「{text}」", self._elsewhere or kinds.KNOWS)
        else:
            entries = self._entries.get(self._list, ())
            work = next(work for work in LISTS if work.id == self._list)
            self._say(work.name, f"{len(entries)} 件" if entries else "", "")
            self.table.put(self._rows[self._kind()](entries, today, self._kinds, self._veil))
            _icon, title, text = kinds.EMPTY[self._list]
            self._empty.say(title, text)
        self.work_lists.set_current("" if self._found is not None else self._list)
        printable = self._found is None and self._list in TITLES and bool(entries)
        if printable == self.roll_button.isHidden():
            self.roll_button.setVisible(printable)
            self.hints_changed.emit()
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
            next((entry for entry in entries if entry.id == key), None),
            self._now().date(),
            self._kinds,
            self._veil,
            act="" if self._found is not None else kinds.ACTS.get(self._list, ""),
        )
