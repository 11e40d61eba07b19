"""Finding a character that cannot be typed: one line of what is known about it, the characters it fits, and the chosen one large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.core.character_finder import MOST
from app.ui import theme
from app.ui.kit.dialogs import Dialog, part_height
from app.ui.kit.fields import Field
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPainter, QShowEvent
    from PySide6.QtWidgets import QWidget

    from app.core.character_finder import Glyph

WIDE: Final = 820
_SIDE: Final = 196
_AIR: Final = 56
_ROWS: Final = 5
_LEAST_ROWS: Final = 3
_OTHERS: Final = 150
"""Logical px of what stands around the characters."""
_QUIET_MS: Final = 150
_HOW: Final = "用空格隔开，说得越多越准。读音 yun 或 yun1，部件 文武贝，笔画 16，编码 U+8D5F"
_NONE: Final = "没有这样的字。少说一样，或换一个部件"
_READY: Final = "键入你知道的"
_LOADING: Final = "正在取字表，键入的不会丢"
_Index = QModelIndex | QPersistentModelIndex
_EMPTY = QModelIndex()


class _Glyphs(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: Sequence[Glyph] = ()

    def put(self, found: Sequence[Glyph]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: _Index = _EMPTY) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        glyph = self.found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return glyph.char
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{glyph.char} {' '.join(glyph.readings)} {glyph.strokes} 画"
        return None


class _Cell(QStyledItemDelegate):
    """One character in its square; the chosen one has the ground and the edge of a chosen thing."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return _cell()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look = theme.current()
        rect: QRect = option.rect.adjusted(2, 2, -2, -2)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, look.color("focus_fill" if focused else "accent_tint"))
            painter.setPen(QPen(look.color("accent"), 2 if focused else 1))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.setPen(look.color("ink"))
        painter.setFont(look.font(look.size("glyph_found")))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index.data()))


def _cell() -> QSize:
    side = theme.current().size("glyph_cell")
    return QSize(side, side)


class CharactersDialog(Dialog):
    """What is asked, what fits, and the chosen one large. ``asked(text)`` some moments after typing; ``picked(char)`` when one is taken."""

    asked = Signal(str)
    picked = Signal(str)

    def __init__(self, parent: QWidget, where: str) -> None:
        """Make the dialog; ``where`` is the field the character goes into, in words."""
        self.field = Field("找字·读音、部件、笔画或编码", placeholder="yun 文武贝", leading="search")
        self.view = QListView()
        self.view.setAccessibleName("找到的字")
        self._model = _Glyphs(self.view)
        self._dress(parent)
        self.large = Text("", "glyph", centre=True)
        self.large.setFixedHeight(theme.current().size("glyph_large") + _AIR)
        self._said = Text("", "strong", centre=True)
        self._parts = Text("", "small", wrap=True, width=_SIDE - 20)
        self._code = Text("", "small", centre=True)
        self.line = Text(_LOADING, "small")
        side = column(
            column(self.large, role="sheet"), 8, self._said, 4, self._code, 8, self._parts, ..., width=_SIDE, pad=(16, 0, 0, 0)
        )
        body = column(self.field, 4, Text(_HOW, "small"), 10, row((column(self.view, ...), 1), side), 6, self.line)
        super().__init__(
            parent, "找字", "", f"放进「{where}」", "不找了", body=body, width=min(WIDE, parent.window().width() - 16)
        )
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(lambda: self.asked.emit(self.field.value()))
        self.field.edited.connect(lambda _text: self._quiet.start())
        self.view.selectionModel().currentChanged.connect(lambda _now, _before: self._look())
        self.view.doubleClicked.connect(lambda _index: self.confirm())
        for one in (self.field, self.view):
            one.installEventFilter(self)
        self.acted.connect(lambda _reason: self.picked.emit(self.chosen()))
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """Stand in the line."""
        super().showEvent(event)
        self.field.setFocus()

    def _dress(self, parent: QWidget) -> None:
        view = self.view
        view.setModel(self._model)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setItemDelegate(_Cell(view))
        view.setFlow(QListView.Flow.LeftToRight)
        view.setWrapping(True)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setUniformItemSizes(True)
        view.setGridSize(_cell())
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        cell = _cell().height()
        view.setFixedHeight(part_height(parent, _ROWS * cell, _OTHERS, _LEAST_ROWS * cell) // cell * cell + 4)

    def ready(self) -> None:
        """Take note that the table is there."""
        self.line.put(_READY)
        self.asked.emit(self.field.value())

    def show_found(self, found: Sequence[Glyph], asked: str) -> None:
        """Show what fits, the best one chosen; an answer to an older line is dropped."""
        if asked != self.field.value():
            return
        theme.ensure_rare("".join(one.char for one in found))
        self._model.put(found)
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus if found else Qt.FocusPolicy.NoFocus)
        if found:
            self.view.setCurrentIndex(self._model.index(0))
        said = f"头 {MOST} 个，再说一样就少了" if len(found) == MOST else f"{len(found)} 个字"
        self.line.put(said if found else _NONE if asked.strip() else _READY)
        self._look()

    def chosen(self) -> str:
        """Return the chosen character, '' for none."""
        at = self.view.currentIndex().row()
        return self._model.found[at].char if 0 <= at < len(self._model.found) else ""

    def confirm(self) -> None:
        """Take the chosen character, once there is one."""
        if self.chosen():
            super().confirm()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes; ↓ goes from the line into the characters, typing there goes on in the line."""
        if event.type() == QEvent.Type.KeyPress and self._key(watched, event):  # type: ignore[arg-type]  # the type says it
            return True
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.field.composing:
            self.confirm()
            return True
        if watched is self.field and event.key() == Qt.Key.Key_Down and self._model.found:
            self.view.setFocus()
            return True
        if watched is self.view and (event.key() == Qt.Key.Key_Backspace or event.text().strip()):
            self.field.setFocus()
            self.field.end(False)
            if event.key() == Qt.Key.Key_Backspace:
                self.field.backspace()
            else:
                self.field.insert(event.text())
            return True
        return False

    def _look(self) -> None:
        char = self.chosen()
        glyph = next((one for one in self._model.found if one.char == char), None)
        self.act.setEnabled(glyph is not None)
        self.large.put(char)
        self._said.put("、".join(glyph.readings) or "没有读音" if glyph else "")
        self._code.put(f"{glyph.strokes} 画·{glyph.code}" if glyph else "")
        self._parts.put(f"里面有 {' '.join(glyph.parts)}" if glyph and glyph.parts else "")
