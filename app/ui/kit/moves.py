"""Enter goes on, Shift Enter goes back, neither ever submits; and the focused field stays in sight."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLayout, QScrollArea, QWidget

from app.ui.kit.fields import Field, TextArea
from app.ui.kit.form import INPUTS, FormRow
from app.ui.kit.layouts import held

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.ui.kit.form import Input


class EnterMoves(QObject):
    """Install on a page: ``EnterMoves(page)``. Watches the page itself, where keys arrive that its fields left alone.

    Nothing is filtered at the fields, so an input method's composition is never touched; while one is composing, Enter is its own.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move on Enter that no widget of the page wanted."""
        if watched is self._page and event.type() == QEvent.Type.KeyPress:
            return self._key(cast("QKeyEvent", event))
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        focus = QApplication.focusWidget()
        if isinstance(focus, (Field, TextArea)) and focus.composing:
            return True
        pressed = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if pressed == Qt.KeyboardModifier.ControlModifier and not isinstance(focus, TextArea):
            return False
        if pressed & Qt.KeyboardModifier.AltModifier or not isinstance(focus, INPUTS):
            return False
        self.move(forward=not pressed & Qt.KeyboardModifier.ShiftModifier)
        return True

    def move(self, *, forward: bool = True) -> bool:
        """Focus the next (previous) field of the page, in reading order; return whether there was one."""
        focus = QApplication.focusWidget()
        if not isinstance(focus, INPUTS) or not self._page.isAncestorOf(focus):
            return False
        field = _next(self._page, focus, forward=forward)
        if field is None:
            # The last field's Enter still leaves a trace: its finding is told.
            return False
        field.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True


def _next(page: QWidget, widget: QWidget, *, forward: bool) -> Input | None:
    """Return the next (previous) field that can take the focus now; None at the end of the page, where the order starts again."""
    at: QWidget | None = widget
    while at is not None and at is not page:
        at = at.nextInFocusChain() if forward else at.previousInFocusChain()
        if isinstance(at, INPUTS) and _usable(page, at):
            return at
    return None


def _usable(page: QWidget, widget: QWidget) -> bool:
    """Whether a field of the page can take the focus now."""
    tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tab) and widget.isEnabled() and page.isAncestorOf(widget) and widget.isVisibleTo(page)


def fields_of(page: QWidget) -> list[Input]:
    """Return the page's fields that can take the focus now, in focus order."""
    found: list[Input] = []
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        if isinstance(widget, INPUTS) and _usable(page, widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def in_reading_order(*roots: QWidget) -> None:
    """Let Tab go through what these widgets hold as it is read: by their layouts, not by when each part was made."""
    stops = [stop for root in roots for stop in _stops(root)]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _stops(widget: QWidget) -> list[QWidget]:
    found = [widget] if widget.focusPolicy() & Qt.FocusPolicy.TabFocus else []
    layout = None if isinstance(widget, (*INPUTS, QAbstractScrollArea)) else widget.layout()
    if isinstance(widget, QScrollArea) and (inner := widget.widget()) is not None:
        return [*found, *_stops(inner)]
    return found + (_laid(layout) if layout is not None else [])


def _laid(layout: QLayout) -> list[QWidget]:
    return [stop for one in held(layout) for stop in (_laid(one) if isinstance(one, QLayout) else _stops(one))]


def focus_first(page: QWidget) -> bool:
    """Focus the first empty field, or the first field at all; what opening a page does when nothing is missing in particular."""
    fields = fields_of(page)
    target = next((field for field in fields if not field.value()), fields[0] if fields else None)
    if target is None:
        return False
    target.setFocus(Qt.FocusReason.OtherFocusReason)
    return True


def keep_in_sight(area: QScrollArea, widget: QWidget, margin: int = 72) -> None:
    """Scroll so that ``widget`` is at least ``margin`` px from the edges, then stop on the edge of a row: no row is cut at the top."""
    inner = area.widget()
    if inner is None or not inner.isAncestorOf(widget):
        return
    bar, view = area.verticalScrollBar(), area.viewport().height()
    room = min(margin, view // 3)
    at = widget.mapTo(inner, widget.rect().topLeft()).y()
    # Not QScrollArea.ensureWidgetVisible: it keeps the caret in sight, which is not yet where the focus goes.
    if at + widget.height() + room > bar.value() + view:
        bar.setValue(at + widget.height() + room - view)
    elif at - room < bar.value():
        bar.setValue(at - room)
    top = bar.value()
    if not top:
        return
    for row in inner.findChildren(FormRow):
        y = row.mapTo(inner, row.rect().topLeft()).y()
        if row.isVisible() and y < top < y + row.height() and not row.isAncestorOf(widget):
            below = y + row.height() + 4
            if at >= below:
                bar.setValue(below)
            return
