"""Loads the models that read print once a case is open and nobody waits: the first page is then read as quickly as the second."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from app.core.errors import AppError

if TYPE_CHECKING:
    from app.services.ports import Desk
    from app.ui.lane import Lane

AFTER_MS: Final = 5000
"""Behind the opening of a case: what the case itself needs is made by then."""


class ReadingWarm(QObject):
    """Make it on the GUI thread; :meth:`soon` each time a case is opened. Costs the window nothing: the work is another process's."""

    def __init__(self, parent: QObject, lane: Lane) -> None:
        super().__init__(parent)
        self._lane = lane
        self._desk: Desk | None = None
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._ask)

    def soon(self, desk: Desk) -> None:
        """Load the models in a while, where recognition is there and switched on."""
        self._desk = desk
        self._timer.start()

    def rest(self) -> None:
        """Load nothing any more: the window is closing."""
        self._timer.stop()
        self._desk = None

    def _ask(self) -> None:
        from app.services.recognition import why_not  # noqa: PLC0415 - not needed for the first paint

        desk = self._desk
        if desk is not None:
            self._lane.run(lambda: why_not(desk), then=lambda why: None if why else _warm(desk), owner=self)


def _warm(desk: Desk) -> None:
    def work() -> None:
        with suppress(AppError):  # said when a page is to be read
            desk.recogniser.warm()

    threading.Thread(target=work, name="warm", daemon=True).start()
