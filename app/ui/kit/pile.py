"""Widgets on one place, of which one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.bare import Bare

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent


class Pile(Bare):
    """A stack that asks only what it shows for its size.

    QStackedLayout asks every widget, also those out of sight, whenever one label of one of them changes: with the six pages of a case
    that was a third of what a key cost. What lies below neither widens the window nor is laid out until it is shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: QWidget | None = None
        self._least = QSize()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def keep(self, widget: QWidget) -> None:
        """Take a widget below what is shown; nothing changes on screen."""
        if widget.parentWidget() is not self:
            widget.hide()
            widget.setParent(self)

    def show_only(self, widget: QWidget, make_room: Callable[[], None] = lambda: None) -> None:
        """Show a widget, taking it when it is new, in the place of the one that was shown.

        ``make_room`` is called between the two, when nothing is shown: what changes the size of the pile then lays out neither of them.
        """
        self.keep(widget)
        before, self._shown = self._shown, widget
        if before is widget:
            make_room()
            return
        focus = self.focusWidget()
        if before is not None and focus is not None and before.isAncestorOf(focus):
            # Hiding it would hand the focus to whatever comes next in the order of Tab.
            focus.clearFocus()
        # Where the window holds its updates back, asking for it here too would outlast the window's.
        quiet = not self.updatesEnabled()
        if not quiet:
            self.setUpdatesEnabled(False)
        if before is not None:
            before.hide()
        make_room()
        widget.setGeometry(self.rect())
        widget.show()
        if not quiet:
            self.setUpdatesEnabled(True)
        self._ask()

    def drop(self, widget: QWidget) -> None:
        """Show this widget no more; whoever made it deletes it."""
        if self._shown is widget:
            self._shown = None
        widget.hide()

    def shown(self) -> QWidget | None:
        """Return what is shown, None while there is nothing."""
        return self._shown

    def minimumSizeHint(self) -> QSize:
        """Return the least size of what is shown, in logical px."""
        if self._shown is None:
            return QSize(0, 0)
        least, hint = self._shown.minimumSize(), self._shown.minimumSizeHint()
        return QSize(least.width() or hint.width(), least.height() or hint.height())

    def sizeHint(self) -> QSize:
        """Return the least size: a pile takes the room it is given."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the place."""
        super().resizeEvent(event)
        if self._shown is not None:
            self._shown.setGeometry(self.rect())

    def event(self, event: QEvent) -> bool:
        """Pass on that what is shown needs another room, and nothing else that changes in it."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._ask()
        return super().event(event)

    def _ask(self) -> None:
        least = self.minimumSizeHint()
        if least != self._least:
            self._least = least
            self.updateGeometry()
