"""The workbench: one search field that has the focus, the work-lists, and what was begun."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from app.core.application import State
from app.core.masks import COVERED
from app.services.call_list import TITLES
from app.ui import keys, lists
from app.ui import workbench_kinds as kinds
from app.ui.kit import column, fill, row, rule
from app.ui.shell import PageBase
from app.ui.workbench_drops import Drops
from app.ui.workbench_found import ALL, RANGES
from app.ui.workbench_hits import Hits
from app.ui.workbench_lists import LISTS, WorkLists
from app.ui.workbench_parts import Parts
from app.ui.workbench_tables import FOUND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent

    from app.core.masks import Veil
    from app.core.region import Region
    from app.services.ports import Counts, Entry
    from app.ui.kit import ListTable
    from app.ui.status_rows import StatusRow
    from app.ui.workbench_found import About

NARROW = 1180  # logical px: below this there is no side panel, its content stands under the lists
_AROUND_MS = 150  # a row that is passed over is not looked up
_SLIM = 1080
WIDE, _SIDE, _SIDE_WIDE = 1700, 268, 360


class WorkbenchPage(PageBase):
    """The page of the workbench.

    Signals: ``new_wanted()`` (F5), ``open_wanted(id)``, ``list_wanted(name)`` with drafts, here, copied, needs_you or today (answer
    with :meth:`set_entries`), ``search_wanted(text)`` (answer with :meth:`set_results`), ``status_acted(row id)`` when a row about this computer was pressed. ``hand_wanted(id)``
    to give a draft to another counter, ``back_wanted(id, to whom it was given)``, ``read_wanted()`` for a parcel. ``recent_wanted()`` (answer
    with :meth:`set_recent`); ``roll_wanted(name)`` to print a list for a round of calls, ``roll_saved(name)`` to save it as a PDF,
    ``call_wanted(Entry)`` to note a call; ``renew_wanted(id)`` to renew what ends,
    ``outcome_wanted(id)`` to tell a result; ``pictures_wanted(list)`` of paths or PNG bytes that may show a receipt's code,
    ``camera_wanted()`` to show it to the camera; ``export_wanted(id)`` for a void one; ``around_wanted(Entry)`` what is known around
    a found row (answer with :meth:`set_around`). ``now`` is the clock's; ``parts``: those that were made ahead.
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
    roll_saved = Signal(str)
    call_wanted = Signal(object)
    renew_wanted = Signal(str)
    outcome_wanted = Signal(str)
    pictures_wanted = Signal(list)
    camera_wanted = Signal()
    export_wanted = Signal(str)
    around_wanted = Signal(object)

    def __init__(self, now: Callable[[], dt.datetime] = dt.datetime.now, parts: Parts | None = None) -> None:
        super().__init__()
        self._now = now
        self._list = LISTS[0].id
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._found: Hits | None = None
        self._open_when_found = False
        self._kinds: dict[str, str] = {}
        self._veil = COVERED
        self._resume: Entry | None = None
        self._narrow = self._low = False
        parts = parts or Parts()
        self.search, self.new_button = parts.search, parts.new_button
        self.work_lists, self.bench, self.detail = parts.work_lists, parts.bench, parts.detail
        self.band, self.message, self.tables = parts.band, parts.message, parts.tables
        self.found_bar, self.found_foot, self.found_side = parts.found_bar, parts.found_foot, parts.found_side
        self.setAcceptDrops(True)
        self._drops = Drops(self)
        self._drops.given.connect(self.pictures_wanted)
        self._around = QTimer(self)
        self._around.setSingleShot(True)
        self._around.setInterval(_AROUND_MS)
        self._side = column(self.bench, ..., role="side", width=_SIDE)
        head = row((self.search, 1), self.new_button, gap=12, pad=(16, 14))
        main = QFrame()
        main.setProperty("role", "plain")
        main.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        fill(QHBoxLayout(self), (self.work_lists, (main, 1), self._side, self.found_side))
        # Once it has its place: what the tables hold is styled already, and would be again with each frame around it.
        middle = (self.message, self.band, self.found_bar, (self.tables, 1), self.found_foot, self.detail)
        fill(QVBoxLayout(main), (head, rule(), *middle))
        self.tables.fill_in()
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.search.asked.connect(self._asked)
        self.search.entered.connect(self._entered)
        self.search.stepped.connect(self._step)
        self.tables.opened.connect(self._opened)
        self.tables.selected.connect(self._show_detail)
        self.found_bar.chosen.connect(self._choose_range)
        self.found_foot.read_wanted.connect(self.read_wanted)
        self.found_foot.new_wanted.connect(self.new_wanted)
        self.found_side.opened.connect(self._open_row)
        self.found_side.handed.connect(self._hand_over)
        self.found_side.wanted_back.connect(self._take_back)
        self.found_side.exported.connect(self._export)
        self.found_side.other_opened.connect(self.open_wanted)
        self.found_side.renewed.connect(self.renew_wanted)
        self._around.timeout.connect(self._ask_around)
        self.new_button.clicked.connect(self.new_wanted)
        self.work_lists.chosen.connect(self.choose)
        self.bench.resumed.connect(self.open_wanted)
        self.bench.machine.acted.connect(self.status_acted)
        self.detail.opened.connect(self._open_row)
        self.detail.handed.connect(self._hand_over)
        self.detail.wanted_back.connect(self._take_back)
        self.detail.exported.connect(self._export)
        self.detail.looked.connect(lambda: self.open_wanted.emit(self.table.current()))
        self.detail.called.connect(self._called)
        self.band.rolled.connect(lambda: self.roll_wanted.emit(self._list))
        self.band.saved.connect(lambda: self.roll_saved.emit(self._list))
        self.message.acted.connect(self.message.clear)
        keys.bind(self, "roll", self.band.roll)
        keys.bind(self, "camera", self.camera_wanted.emit)
        keys.bind(self, "told", self._called)
        keys.bind(self, "close", self._wipe)
        keys.bind(self, "hand_over", self._hand_over)
        keys.bind(self, "export", self._export)
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
            self._found = Hits("", tuple(entries))
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
        wanted, self._open_when_found = self._open_when_found, False
        before = self._found
        if before is None or before.question != text.strip():
            self.tables.of(FOUND).put(())
            before = None
        self._found = Hits(text.strip(), tuple(entries), elsewhere, before.range if before else ALL)
        self._show()
        if wanted and len(entries) == 1:
            self.table.open_current()

    def set_around(self, about: About) -> None:
        """Show what is known around the selected found row; an answer about another one is dropped."""
        if self._asking and self.table.current() == about.id:
            self.found_side.around(about, self._now().date())

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
        return self.tables.of(FOUND if self._found is not None else self._kind())

    @property
    def _asking(self) -> bool:
        """Whether the answers to a question are shown."""
        return self._found is not None and bool(self._found.question)

    def _kind(self) -> str:
        kind = kinds.TABLE_OF.get(self._list, self._list)
        return kind if kind in kinds.TABLES else "accepted"

    @property
    def veil(self) -> Veil:
        """How names and numbers are shown."""
        return self._veil

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
        other = keys.KeyHint(f"Alt 1–{len(RANGES)}", "换范围") if self._asking else keys.KeyHint("Alt 1–0", "换清单")
        told += [keys.hint("close", "清空"), other] if self.search.value() else [other]
        told += [keys.hint("told", "记电话"), keys.hint("roll")] if self.band.printable else []
        told += [keys.hint("later", "继续")] if self.bench.has_draft() else []
        return [*told, keys.hint("help")]

    def right_hints(self) -> list[keys.KeyHint]:
        """Say what stands at the right of the foot."""
        return [keys.hint("lock")]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the side panel's content under the lists where there is no room beside them."""
        super().resizeEvent(event)
        self._side.setFixedWidth(_SIDE_WIDE if self.width() >= WIDE else _SIDE)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            if narrow:
                self.work_lists.take(self.bench)
            else:
                box = self._side.layout()
                if isinstance(box, QVBoxLayout):
                    box.insertWidget(0, self.bench)
        self._low = WorkLists.is_low(self.height())
        self.work_lists.fold(slim=self.width() < _SLIM, low=self._low)
        self.detail.low(low=self._low)
        self.tables.slim(on=self.width() < _SLIM)
        self.found_bar.slim(on=self.width() < _SLIM)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a scanner, or somebody who types, reach the field from wherever the focus is."""
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if plain and event.text().isprintable() and event.text().strip() and not self.search.hasFocus():
            self.search.put("")
            self.search.setFocus()
            self.search.keyPressEvent(event)
            return
        if event.matches(QKeySequence.StandardKey.Paste) and self._drops.paste():
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures: a receipt's photo opens its case."""
        if Drops.may(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look for a code in what was dropped."""
        self._drops.take(event.mimeData())
        event.acceptProposedAction()

    # what happens
    def _opened(self, key: str) -> None:
        """Do what a row of this list is there for."""
        wanted = {"renewals": self.renew_wanted, "untold": self.outcome_wanted}
        (self.open_wanted if self._found is not None else wanted.get(self._list, self.open_wanted)).emit(key)

    def _wipe(self) -> None:
        """Esc, from wherever the focus is: back to the list that a search stands over."""
        if self.search.value():
            self.search.wipe()
            self.search.setFocus()

    def _called(self) -> None:
        entry = self._row()
        if entry is not None and self.band.printable:
            self.call_wanted.emit(entry)

    def _step(self, by: int) -> None:
        self.table.step(by)

    def _open_row(self) -> None:
        self.table.open_current()

    def _asked(self, text: str) -> None:
        if text:
            self.search_wanted.emit(text)
        else:
            self._found, self._open_when_found = None, False
            self._show()
        self.hints_changed.emit()

    def _entered(self) -> None:
        """Enter opens what was asked for. A scanner's Enter comes before the answer: then the only hit opens by itself."""
        text = self.search.question()
        if text and (self._found is None or self._found.question != text):
            self._open_when_found = True
            self.search.ask()
        else:
            self.table.open_current()

    def _show(self) -> None:
        today = self._now().date()
        if self._found is not None:
            self._show_found(self._found, today)
        else:
            entries = self._entries.get(self._list, ())
            work = next(work for work in LISTS if work.id == self._list)
            self.band.put(work.name, f"{len(entries)} 件" if entries else "")
            _icon, title, text = kinds.EMPTY[self._list]
            self.tables.empty.say(title, text)
            waiting = self._list not in self._entries
            self.tables.put(self._kind(), entries, today, self._kinds, self._veil, waiting=waiting)
        self.work_lists.set_current("" if self._found is not None else self._list)
        printable = self._found is None and self._list in TITLES and bool(self._entries.get(self._list))
        if self.band.set_printable(on=printable):
            self.hints_changed.emit()
        self._arrange()
        self._show_detail()

    def _show_found(self, found: Hits, today: dt.date) -> None:
        """Show the answers to a question, or what was opened last while nothing is asked."""
        self.band.put(*found.head())
        self.found_bar.put(found.counts(today), found.range, found.words(), warn=found.many)
        self.tables.empty.say(f"没找到「{found.question}」", found.elsewhere or kinds.KNOWS)
        self.tables.put(FOUND, found.rows(today), today, found.question, self._veil)

    def _listed(self) -> tuple[Entry, ...]:
        """Return what is on screen: the open range of what was found, or the open list."""
        return self._found.rows(self._now().date()) if self._found is not None else self._entries.get(self._list, ())

    def _choose_range(self, id_: str) -> None:
        if self._found is not None:
            self._found = self._found.opening(id_, self._now().date())
            self._show()
            self.search.setFocus()

    def _arrange(self) -> None:
        """Give a search the whole width; the lists and what was begun come back with Esc."""
        asking, room = self._asking, not self._narrow
        if asking != self.work_lists.isHidden():
            self.work_lists.setVisible(not asking)
            self.hints_changed.emit()
        self.band.setVisible(not asking)
        self.found_bar.setVisible(asking)
        self.found_foot.setVisible(asking and not self._low)
        self._side.setVisible(room and not asking)
        self.found_side.setVisible(room and asking and self._row() is not None)

    def _row(self) -> Entry | None:
        key = self.table.current()
        return next((entry for entry in self._listed() if entry.id == key), None)

    def _hand_over(self) -> None:
        entry = self._row()
        if entry is not None and lists.is_open(entry) and not entry.handed:
            self.hand_wanted.emit(entry.id)

    def _export(self) -> None:
        entry = self._row()
        if entry is not None and entry.state is State.VOID:
            self.export_wanted.emit(entry.id)

    def _take_back(self) -> None:
        entry = self._row()
        if entry is not None and entry.handed:
            self.back_wanted.emit(entry.id, entry.handed)

    def _show_detail(self) -> None:
        entry, today, asking = self._row(), self._now().date(), self._found is not None
        if self._asking and not self._narrow:
            rows = self._listed()
            nth = next((at for at, one in enumerate(rows, 1) if entry is not None and one.id == entry.id), 0)
            self.detail.hide()
            self.found_side.put(entry, (nth, len(rows)), today, self._kinds, self._veil)
            self._around.start()
            return
        act = "" if asking else kinds.ACTS.get(self._list, "")
        self.detail.put(entry, today, self._kinds, self._veil, act=act, calls=not asking and self._list in TITLES)

    def _ask_around(self) -> None:
        entry = self._row()
        # A window that was closed meanwhile has nobody left to ask.
        if entry is not None and self._asking and self.isVisible():
            self.around_wanted.emit(entry)
