"""Rows and columns written as they read: ``column(title, 12, form, ..., foot, pad=(28, 18, 28, 8))``.

An item is a widget, a number of pixels, ``...`` for a stretch, ``(widget, stretch)``, or None for nothing.
"""

from __future__ import annotations

from operator import itemgetter
from types import EllipsisType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.kit.bare import Bare, bare_edges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Item = QWidget | int | EllipsisType | tuple[QWidget, int] | None
Pad = int | tuple[int, int] | tuple[int, int, int, int]


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties and style this one widget again, only when one of them changed and it was styled before."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
        widget.update()


def fill(layout: QBoxLayout, items: tuple[Item, ...], gap: int = 0, pad: Pad = 0) -> None:
    """Put items into a box layout. ``pad``: all sides, (horizontal, vertical), or (left, top, right, bottom)."""
    layout.setSpacing(gap)
    layout.setContentsMargins(*_sides(pad))
    for item in items:
        if item is None:
            continue
        if isinstance(item, EllipsisType):
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, tuple):
            layout.addWidget(item[0], item[1])
        else:
            layout.addWidget(item)


def _sides(pad: Pad) -> tuple[int, int, int, int]:
    if isinstance(pad, int):
        return (pad, pad, pad, pad)
    return (pad[0], pad[1], pad[0], pad[1]) if len(pad) == 2 else pad  # noqa: PLR2004  # (horizontal, vertical)


def row(*items: Item, gap: int = 0, pad: Pad = 0, role: str = "plain", width: int = 0, height: int = 0) -> QWidget:
    """Return a frame with the items side by side. ``role`` is the style sheet's (``side``, ``band``, ``sheet`` …)."""
    frame = _frame(role)
    return _box(frame, QHBoxLayout(frame), items, gap, pad, (width, height))


def column(*items: Item, gap: int = 0, pad: Pad = 0, role: str = "plain", width: int = 0, height: int = 0) -> QWidget:
    """Return a frame with the items one under the other."""
    frame = _frame(role)
    return _box(frame, QVBoxLayout(frame), items, gap, pad, (width, height))


def _frame(role: str) -> QWidget:
    if role == "plain":
        return Bare()
    frame = QFrame()
    frame.setProperty("role", role)
    return frame


def _box(frame: QWidget, layout: QBoxLayout, items: tuple[Item, ...], gap: int, pad: Pad, size: tuple[int, int]) -> QWidget:
    fill(layout, items, gap, pad)
    if size[0]:
        frame.setFixedWidth(size[0])
    if size[1]:
        frame.setFixedHeight(size[1])
    return frame


def cap(layout: QLayout, width: int, most: int, pad: int) -> None:
    """Let what is in a widget of this width take no more than ``most`` px with its margins of ``pad``: on a wide screen eyes follow a form, not an edge."""
    sides, right = layout.contentsMargins(), pad + max(0, width - most)
    if sides.right() != right:
        layout.setContentsMargins(sides.left(), sides.top(), right, sides.bottom())


def rule(*, vertical: bool = False) -> QFrame:
    """Return a hairline."""
    line = QFrame()
    line.setProperty("role", "rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def scroller(widget: QWidget, *, ahead: bool = False) -> QScrollArea:
    """Return a frameless area that scrolls ``widget`` vertically; the area itself never takes the focus.

    ``ahead``: on a page that is built and styled before its first visit, the area takes its widget at once and fills the room it is given;
    elsewhere it takes it when it is styled itself, and wants the widget's size.
    """
    area = _Scroller(widget, fills=ahead)
    if ahead:
        area.take()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return area


class _Scroller(QScrollArea):
    """Measures its widget when it is styled itself, not before.

    A scroll area asks what it is given for its size at once, which styles everything in it; each frame that is put around the area
    afterwards would style all of it once more, and a page costs four times what it needs.
    """

    def __init__(self, widget: QWidget, *, fills: bool) -> None:
        super().__init__()
        bare_edges(self)
        self._fills = fills
        self._late: QWidget | None = widget
        widget.setParent(self.viewport())

    def take(self) -> None:
        """Take the widget, once."""
        if self._late is not None:
            widget, self._late = self._late, None
            self.setWidget(widget)
            widget.setAutoFillBackground(False)  # Qt turns it on, and only the style sheet would turn it off

    def event(self, event: QEvent) -> bool:
        """Take the widget as soon as the area has its place and its style."""
        if event.type() == QEvent.Type.Polish:
            self.take()
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Ask the widget, as every scroll area does; on a page, where the area fills what is left, nobody needs that and it is dear."""
        if self._fills:
            return self.minimumSizeHint()
        self.take()
        return super().sizeHint()

    def widget(self) -> QWidget | None:
        """Return what is scrolled."""
        return self._late or super().widget()


def stacked(stack: QStackedWidget, widgets: Iterable[QWidget]) -> Callable[[], None]:
    """Make these the widgets of a stack, in the order of Tab; the stack shows the first at the answer's call, once it stands in its place.

    A stack styles its first widget when it takes it, and each frame that is put around the stack afterwards would style it again.
    """
    taken = tuple(widgets)
    for widget in taken:
        widget.setParent(stack)

    def fill_in() -> None:
        for widget in taken:
            stack.addWidget(widget)

    return fill_in


def held(layout: QLayout) -> list[QWidget | QLayout]:
    """Return what a layout holds, in its order, widgets and layouts.

    Nobody asks ``itemAt``: PySide keeps each item it hands out for as long as the layout, also when Qt has long thrown the item away, and takes
    the next widget at that address for it.
    """
    around = layout.parentWidget()
    inside: list[QWidget | QLayout] = [one for one in layout.children() if isinstance(one, QLayout)]
    if around is not None:
        inside += [one for one in around.children() if isinstance(one, QWidget)]
    found = [(at, one) for one in inside if (at := layout.indexOf(one)) >= 0]
    return [one for _, one in sorted(found, key=itemgetter(0))]


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and delete the widgets."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
