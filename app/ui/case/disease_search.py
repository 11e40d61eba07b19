"""Looking a disease up: one field, and the list below it in the page itself, so that nothing is hidden and the focus is never trapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.core.disease_search import NO_SPAN, DiseaseIndex, Hit
from app.ui import keys, theme
from app.ui.kit.fields import Field
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import column, fill, restyle, row
from app.ui.kit.table import Cell, Column, Line, ListTable
from app.ui.kit.text import KeyCap, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from app.core.region import DiseaseEntry

ROWS = 6
_HEIGHT = 38
_COLUMNS = (Column("病种", 226), Column("首字母", 112), Column("代码", 84), Column("说明"))


class SearchField(Field):
    """The search field. ↑ ↓ move the row, Enter takes it; without text Enter goes to the next field like everywhere."""

    stepped = Signal(int)
    taken = Signal()
    focused = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the arrows and a meant Enter; an input method never gets here while it composes."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if step and plain:
            self.stepped.emit(step)
        elif enter and plain and not self.composing and self.meant():
            self.taken.emit()
        else:
            super().keyPressEvent(event)

    def meant(self) -> bool:
        """Whether Enter means the row: something was typed, or a row was chosen by the arrows."""
        return bool(self.text().strip()) or bool(self.property("picked"))

    def focusInEvent(self, event: object) -> None:
        """Say that the list is wanted."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.focused.emit(True)

    def focusOutEvent(self, event: object) -> None:
        """Say that the list may go."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.focused.emit(False)


class FreeRow(QFrame):
    """The last row, always there: 目录里没有，自填病种名."""

    accessible_role = "Button"
    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_HEIGHT)
        self.setProperty("role", "choice")
        self._text = Text("", "link")
        fill(
            QHBoxLayout(self),
            (Icon("pencil", "accent", 14), (self._text, 1), KeyCap(keys.cap("free_text"))),
            gap=9,
            pad=(13, 0, 12, 0),
        )
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.put("", on=False)

    def put(self, typed: str, *, on: bool) -> None:
        """Show what would be filled in, and whether the row is the current one."""
        text = f"目录里没有：自填「{typed}」" if typed else "目录里没有：自填病种名"
        self._text.put(text)
        self.setAccessibleName(text)
        restyle(self, on=on)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class DiseaseSearch(QObject):
    """Field and list for a catalogue. ``chosen(entry)`` when a disease was taken, ``free(text)`` for one that is not in it.

    ``field`` and ``count`` stand in a form's row; ``box`` is the list, ``indent`` px from the left, to stand below it.
    """

    chosen = Signal(object)
    free = Signal(str)

    def __init__(self, catalogue: tuple[DiseaseEntry, ...], indent: int, parent: QObject) -> None:
        super().__init__(parent)
        self._index = DiseaseIndex(catalogue)
        self._hits: tuple[Hit, ...] = ()
        self._on_free = False
        self.field = SearchField("病种·查病种", width=420)
        self.count = Text("", "small")
        self._list = ListTable("相符的病种", _COLUMNS, two_lines=False)
        self._list.horizontalHeader().hide()
        self._list.verticalHeader().setDefaultSectionSize(_HEIGHT)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.clicked.connect(lambda _index: self._take_row())
        self._free = FreeRow()
        self._free.clicked.connect(self.take_free)
        frame = column(self._list, self._free, pad=1, role="sheet")
        self.box = row(indent, (frame, 1))
        self.field.edited.connect(self._typed)
        self.field.stepped.connect(self._step)
        self.field.taken.connect(self.take)
        self.field.focused.connect(self._show_list)
        self.look()
        self.box.hide()

    def look(self) -> None:
        """Search for what stands in the field."""
        typed = self.field.text().strip()
        self._hits = self._index.search(typed)
        self._list.put([_line(at, hit) for at, hit in enumerate(self._hits)])
        self._list.setFixedHeight(min(len(self._hits), ROWS) * _HEIGHT)
        self._list.setVisible(bool(self._hits))
        self._set_free(on=bool(typed) and not self._hits)
        self._list.scrollToTop()
        # Without a word nothing is meant yet: Enter then goes on instead of taking the first of the list.
        self._list.set_current("0" if typed and self._hits else "")
        total = len(self._index)
        self.count.put(f"{len(self._hits)} 个相符·共 {total} 个" if typed else f"共 {total} 个")
        self._tell()

    def draw_ahead(self) -> None:
        """Draw the list once where nobody sees it: what its letters need is made then, and not at the first visit."""
        self.box.show()
        self.box.grab()
        self.box.hide()

    def take(self) -> None:
        """Take the current row."""
        if self._on_free:
            self.take_free()
        else:
            self._take_row()

    def take_free(self) -> None:
        """Leave the catalogue with what was typed."""
        name = self._name()
        self._clear()
        self.free.emit(name)

    def _name(self) -> str:
        """Return what was typed if it can be a disease's name: letters and digits that found something were only meant to find."""
        typed = self.field.text().strip()
        return "" if self._hits and typed.isascii() else typed

    def hits(self) -> tuple[Hit, ...]:
        """Return what is listed."""
        return self._hits

    def _take_row(self) -> None:
        key = self._list.current()
        if key:
            entry = self._hits[int(key)].entry
            self._clear()
            self.chosen.emit(entry)

    def _clear(self) -> None:
        self.field.put("")
        self.field.setProperty("picked", False)
        self.look()
        self.box.hide()

    def _typed(self, _text: str) -> None:
        self.field.setProperty("picked", False)
        self.look()
        self.box.show()

    def _step(self, by: int) -> None:
        self.field.setProperty("picked", True)
        self.box.show()
        last = len(self._hits) - 1
        at = int(self._list.current() or -1)
        if self._on_free:
            self._set_free(on=by > 0 or not self._hits)
        elif by > 0 and at == last:
            self._set_free(on=True)
        else:
            self._list.step(by)
        self._tell()

    def _set_free(self, *, on: bool) -> None:
        self._on_free = on
        if on:
            self._list.clearSelection()
            self._list.set_current("")
        elif self._hits and not self._list.current():
            self._list.set_current(str(len(self._hits) - 1))
        self._free.put(self._name(), on=on)

    def _show_list(self, focused: bool) -> None:
        self.box.setVisible(focused or bool(self.field.text().strip()))

    def _tell(self) -> None:
        """Say the current row to a screen reader: the focus stays in the field."""
        key = self._list.current()
        name = "自填病种名" if self._on_free else self._hits[int(key)].entry.name if key else ""
        self.field.setAccessibleDescription(f"{self.count.full()}，现在是{name}" if name else self.count.full())


def _line(at: int, hit: Hit) -> Line:
    entry = hit.entry
    theme.ensure_rare(entry.name)
    name = f"{entry.name}（{hit.alias}）" if hit.alias else entry.name
    marks = [hit.name_span] if hit.name_span != NO_SPAN else []
    if hit.alias:
        marks.append((len(entry.name) + 1 + hit.alias_span[0], len(entry.name) + 1 + hit.alias_span[1]))
    told = "·".join(part for part in (entry.review, entry.group, entry.note) if part)
    return Line(
        str(at),
        (
            Cell(text=name, medium=True, mark=_pairs(*marks)),
            Cell(text=hit.initials, color="ink2", mark=_pairs(hit.initials_span)),
            Cell(text=entry.code, color="ink2", mark=_pairs(hit.code_span)),
            Cell(text=told, color="ink2"),
        ),
    )


def _pairs(*spans: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return half-open spans as the (start, length) a cell wants."""
    return tuple((start, end - start) for start, end in spans if end > start)
