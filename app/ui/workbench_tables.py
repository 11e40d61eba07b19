"""The middle of the workbench: the band over a list, one table for each kind of list, what stands there while nothing does, and while it is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from app.ui import keys, lists
from app.ui import workbench_kinds as kinds
from app.ui.kit import Button, EmptyState, ListTable, Skeleton, Text, fill, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Entry

FOUND = "found"


class ListBand(QFrame):
    """What stands over a list: its name, how many, and for a list that people are called from its two ways onto paper.

    ``rolled()`` to print it, ``saved()`` as a PDF.
    """

    rolled = Signal()
    saved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "band")
        self.setFixedHeight(44)
        self.title, self.note, self._tip = Text("", "h2"), Text("", "small"), Text("", "cap", elide=True)
        self.roll_button = Button("打印名单", "small", key=keys.cap("roll"), icon="printer")
        self.save_button = Button("存成 PDF", "small", icon="hard-drive-download")
        self.roll_button.clicked.connect(self.rolled)
        self.save_button.clicked.connect(self.saved)
        shown = (self.title, self.note, ..., self._tip, self.save_button, self.roll_button)
        fill(QHBoxLayout(self), shown, gap=12, pad=(16, 0))
        self.set_printable(on=False)

    def put(self, title: str, note: str, tip: str = "") -> None:
        """Name the list."""
        self.title.put(title)
        self.note.put(note)
        self._tip.put(tip)

    @property
    def printable(self) -> bool:
        """Whether people are called from this list, and there are any."""
        return not self.roll_button.isHidden()

    def set_printable(self, *, on: bool) -> bool:
        """Offer the ways onto paper or not; return whether that is new."""
        new = on != self.printable
        for button in (self.roll_button, self.save_button):
            button.setVisible(on)
        return new

    def roll(self) -> None:
        """Want it printed, where that is offered."""
        if self.printable:
            self.rolled.emit()


class WorkTables(QStackedWidget):
    """``opened(id)`` and ``selected()`` of the table on screen. A table is made when its kind of list is first asked for."""

    opened = Signal(str)
    selected = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tables: dict[str, ListTable] = {}
        self._slim = False
        self._rows = {name: lists.RowMaker(made) for name, (_, _, made, _) in kinds.TABLES.items()}
        self.empty = EmptyState("inbox", "")
        self._wait = Skeleton()
        self.hollow = QFrame()
        self.hollow.setProperty("role", "page")
        fill(QVBoxLayout(self.hollow), ((self.empty, 1),))
        self.fill_in = stacked(self, (self._made(next(iter(kinds.TABLES))), self._wait, self.hollow))

    def of(self, kind: str) -> ListTable:
        """Return the table of a kind of list; :data:`FOUND` for a search."""
        table = self._tables.get(kind)
        if table is None:
            before = next(reversed(self._tables.values()))
            table = self._made(kind)
            self.addWidget(table)
            self.setTabOrder(before, table)
        return table

    def _made(self, kind: str) -> ListTable:
        said, columns, _, giving = kinds.TABLES[kind]
        table = self._tables[kind] = ListTable(said, columns)
        table.opened.connect(self.opened)
        table.selected.connect(lambda _key: self.selected.emit())
        for at in giving:
            table.setColumnHidden(at, self._slim)
        return table

    def put(self, kind: str, entries: Sequence[Entry], *args: object, waiting: bool = False) -> None:
        """Show these rows; ``args`` go to the function that makes them. ``waiting``: they are still being read."""
        table = self.of(kind)
        table.put(self._rows[kind](entries, *args))
        if waiting and self.currentWidget() is not self._wait:
            self._wait.start()
        self.setCurrentWidget(self._wait if waiting else table if entries else self.hollow)

    def slim(self, *, on: bool) -> None:
        """Leave out the columns that give way in a slim window."""
        self._slim = on
        for name, table in self._tables.items():
            for at in kinds.TABLES[name][3]:
                table.setColumnHidden(at, on)
