"""Notices that nobody is at the window: no key, no click, no movement for so many minutes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_MS = 5000
_SIGNS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


def awake() -> float:
    """Return seconds on a clock nobody can set, which goes on while the computer sleeps where there is such a one."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class IdleWatch(QObject):
    """``idle()`` once, when nobody did anything for ``minutes``; again only after somebody did. 0 minutes switches it off.

    Keys and the mouse come to a window once each; what an input method commits comes to the field with the focus alone. So it listens
    there and not on the application, where each of a thousand events a key causes would cross into Python: 1 to 3 ms a key.
    """

    idle = Signal()

    def __init__(self, parent: QObject, tick: Callable[[], float] = awake) -> None:
        super().__init__(parent)
        self._tick = tick
        self._last = tick()
        self._told = False
        self._field: QObject | None = None
        self.minutes = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QCoreApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._listen)
            app.focusObjectChanged.connect(self._follow)
            self._listen()
            self._follow(app.focusObject())

    def set_minutes(self, minutes: int) -> None:
        """Wait so long from now on."""
        self.minutes = minutes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember when somebody last did something; nothing is held back."""
        del watched
        if event.type() in _SIGNS:
            self._last = self._tick()
            self._told = False
        return False

    def look(self) -> None:
        """Compare the clock, and find windows that opened without taking the focus."""
        self._listen()
        if self.minutes and not self._told and self._tick() - self._last >= self.minutes * 60:
            self._told = True
            self.idle.emit()

    def _listen(self, _window: QObject | None = None) -> None:
        for window in QGuiApplication.topLevelWindows():
            window.installEventFilter(self)  # a second time changes nothing

    def _follow(self, field: QObject | None) -> None:
        before, self._field = self._field, field
        if before is not None and isValid(before) and not before.isWindowType():
            before.removeEventFilter(self)
        if field is not None:
            field.installEventFilter(self)
