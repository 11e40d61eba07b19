"""Widgets that the style sheet need not know, as they hold others or paint themselves.

Of each widget that it ever styled the style sheet keeps a hash with room for 48 entries, 7 KB, whatever its rules say, and asks all rules for it.
A third of the program's widgets have nothing of it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


class _Unasked(QObject):
    """Keeps from a widget the one event that has it styled; the widgets in it get theirs all the same."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stop the event that styles a widget, which comes once."""
        if event.type() is not QEvent.Type.Polish:
            return False
        watched.removeEventFilter(self)
        return True


_UNASKED = _Unasked()


def bare_edges(area: QAbstractScrollArea) -> None:
    """Keep the style sheet from the two frames that Qt puts around the bars of a scroll area."""
    for name in ("qt_scrollarea_hcontainer", "qt_scrollarea_vcontainer"):
        edge = area.findChild(QWidget, name)
        if edge is not None:
            edge.installEventFilter(_UNASKED)


class Bare(QWidget):
    """Holds other widgets, or paints itself without the style. No ``QFrame``: that asks for its edges by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.installEventFilter(_UNASKED)
