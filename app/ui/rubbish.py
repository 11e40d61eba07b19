"""Cyclic garbage is collected on the GUI thread alone.

Python collects on whichever thread happens to allocate, and what it finds may be a widget or a timer of Qt: taken apart on the local lane while the
GUI thread delivers events, it ends the process (SIGSEGV, met in tests that opened many windows). What is reference counted goes at once, as ever.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
WHOLE_EVERY = 120
"""Looks between two collections of everything: a minute. What was there at the start is frozen, so even that stays short."""


class Rubbish(QObject):
    """Takes collecting over from Python until it is gone. Make it on the GUI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what is young, as Python would have by now; once a minute everything."""
        self._looks += 1
        young, middle, _old = gc.get_count()
        first, second, _third = gc.get_threshold()
        if self._looks >= WHOLE_EVERY:
            self._looks = 0
            gc.collect()
        elif young > first:
            gc.collect(1 if middle > second else 0)
