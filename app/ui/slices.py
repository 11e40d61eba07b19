"""Long work of the GUI thread, cut into slices of some milliseconds: what makes pages and dialogs yields between two of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint
from PySide6.QtGui import QPixmap, QRegion
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Iterator

STYLED: Final = 40
"""Widgets a slice."""

BAND: Final = 128
"""Logical px drawn a slice."""


class _Depth:
    now = 0


def at_once(work: Iterator[None]) -> None:
    """Do all of it now, for whoever waits. Between two slices the window paints and hears answers; keys and the mouse wait in their order.

    An answer that comes meanwhile may lead somewhere else, to the lock above all: the caller looks again where it stands.
    """
    _Depth.now += 1
    try:
        for _ in work:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    finally:
        _Depth.now -= 1


def breathe() -> None:
    """Let the window go on once, between two parts of what somebody waits for."""
    at_once(iter((None,)))


def under_way() -> bool:
    """Whether somebody waits in :func:`at_once`: nothing is built ahead then."""
    return _Depth.now > 0


def made(parts: object) -> Iterator[None]:
    """Make all that is a cached property of these parts."""
    for name, part in vars(type(parts)).items():
        if isinstance(part, cached_property):
            getattr(parts, name)
            yield


def styled(page: QWidget) -> Iterator[None]:
    """Let the style sheet be worked out for every widget of the page, some at a time."""
    for at, widget in enumerate(page.findChildren(QWidget), 1):
        if isValid(widget):
            widget.ensurePolished()
        if not at % STYLED:
            yield


def drawn(widget: QWidget) -> Iterator[None]:
    """Draw a widget that nobody sees, a band at a time: what was measured, laid out and shaped for that is not done again when it is shown."""
    picture = QPixmap(max(1, widget.width()), BAND)
    for top in range(0, widget.height(), BAND):
        yield
        if not isValid(widget) or widget.isVisible():
            return
        widget.render(picture, QPoint(), QRegion(0, top, widget.width(), BAND))
