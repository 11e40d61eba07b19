"""A field that knows likely answers and takes any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QStringListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView, QScrollArea

from app.core.characters import fold
from app.ui import theme
from app.ui.kit.fields import Field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent

MOST = 8
"""How many suggestions are in sight at once."""

_PITCH = 32
_EDGE = 10


class SuggestField(Field):
    """A :class:`Field` with a list of suggestions: those that hold what was typed stand below it, ↓ shows all of them.

    Nothing is filled in by itself: ↑ ↓ choose a row, Enter takes it, Esc closes the list. The list is a part of the window and
    never has the focus, so that an input method stays where it is. A suggestion that was taken is ``edited`` like typed text.
    """

    def __init__(self, name: str, suggestions: Iterable[str] = (), *, width: int = 0, placeholder: str = "") -> None:
        super().__init__(name, width=width, placeholder=placeholder)
        self._names: tuple[str, ...] = ()
        self._shown = QStringListModel(self)
        self._list: QListView | None = None
        self.edited.connect(lambda _text: self._offer(all_of_them=False))
        self.set_suggestions(suggestions)

    def set_suggestions(self, suggestions: Iterable[str]) -> None:
        """Offer these."""
        self._names = tuple(dict.fromkeys(suggestions))
        theme.ensure_rare("".join(self._names))

    def suggestions(self) -> tuple[str, ...]:
        """Return everything that may be offered."""
        return self._names

    def offered(self) -> tuple[str, ...]:
        """Return what stands in the list now, nothing while it is closed."""
        return tuple(self._shown.stringList()) if self._list is not None and self._list.isVisible() else ()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list and take from it; an input method's own keys never get here."""
        key, open_ = event.key(), bool(self.offered())
        at = self._list.currentIndex() if self._list is not None and open_ else QModelIndex()
        if key == Qt.Key.Key_Down and not open_ and self._names:
            self._offer(all_of_them=True)
        elif open_ and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif open_ and key == Qt.Key.Key_Escape:
            self.close_list()
        elif at.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.composing:
            self._take(at)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list: what was typed stands."""
        super().focusOutEvent(event)
        self.close_list()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close the list with the page."""
        super().hideEvent(event)
        self.close_list()

    def close_list(self) -> None:
        """Close the list, if it is open."""
        if self._list is not None:
            self._list.hide()

    def _offer(self, *, all_of_them: bool) -> None:
        typed = _plain(self.text())
        found = [name for name in self._names if all_of_them or (typed and typed in _plain(name))]
        if not found or (found == [self.text()] and not all_of_them) or not self.isVisible():
            self.close_list()
            return
        view = self._view()
        self._shown.setStringList(found)
        view.setCurrentIndex(QModelIndex())
        height = min(len(found), MOST) * _PITCH + _EDGE
        below = self.mapTo(self.window(), QPoint(0, self.height() + 2))
        above = self.mapTo(self.window(), QPoint(0, -height - 2))
        fits = below.y() + height <= self.window().height()
        view.setGeometry(below.x(), below.y() if fits else max(0, above.y()), self.width(), height)
        view.show()
        view.raise_()

    def _view(self) -> QListView:
        if self._list is not None and self._list.parent() is self.window():
            return self._list
        view = QListView(self.window())
        view.setProperty("role", "suggest")
        view.setModel(self._shown)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setAccessibleName(f"{self.accessibleName()} 可选")
        view.clicked.connect(self._take)
        self.destroyed.connect(view.deleteLater)
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.verticalScrollBar().valueChanged.connect(view.hide)
        self._list = view
        return view

    def _step(self, by: int) -> None:
        if self._list is not None:
            last = self._shown.rowCount() - 1
            at = self._list.currentIndex().row()
            self._list.setCurrentIndex(self._shown.index(max(0, min(last, at + by)), 0))

    def _take(self, index: QModelIndex) -> None:
        text = str(index.data())
        self.close_list()
        if text != self.text():
            self.setText(text)
            self.edited.emit(text)
        self.close_list()


def _plain(text: str) -> str:
    return "".join(fold(text).lower().split())
