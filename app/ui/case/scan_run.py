"""One scan under way, seen from both sides: the device lane hands pages over and waits, the GUI thread stores them and lets it go on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from app.services.stacks import Stack
    from app.ui.case.session import CaseSession

_TICK_S = 0.05


class ScannedPage:
    """A page on its way from the device to the store. ``keep()`` once it is in safe hands, or was refused."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._kept = threading.Event()

    def keep(self) -> None:
        """Let the scanner go on."""
        self._kept.set()

    def wait(self, seconds: float) -> bool:
        """Return whether it was kept within so many seconds."""
        return self._kept.wait(seconds)


class ScanRun(QObject):
    """``session`` and ``requirement`` are where the pages go, also when the clerk went on to another case meanwhile.

    ``stack`` says where the next page goes; None for a page that is taken again, whose original is ``again``. ``passed`` counts sheets that
    came after the cover of another case and were not taken. Signal: ``arrived(ScannedPage)``, from the
    device lane to the GUI thread.
    """

    arrived = Signal(object)

    def __init__(self, session: CaseSession, requirement: str, again: str, parent: QObject, stack: Stack | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.requirement = requirement
        self.again = again
        self.stack = stack
        self.came = 0
        self.counts: dict[str, int] = {}
        self.passed = 0
        self.sentences: list[str] = []
        self.refused = False
        self._stopped = threading.Event()
        self._left = threading.Event()

    # on the device lane
    def hand_over(self, data: bytes) -> None:
        """Give a page to be stored, and come back when it is. Nobody waits any more once the run was left."""
        if self._left.is_set():
            return
        page = ScannedPage(data)
        self.arrived.emit(page)
        while not page.wait(_TICK_S) and not self._left.is_set():
            pass

    def stopped(self) -> bool:
        """Whether the paper should stop."""
        return self._stopped.is_set()

    # on the GUI thread
    def stop(self) -> None:
        """Stop the paper; pages under way are still stored."""
        self._stopped.set()

    def leave(self) -> None:
        """Wait for nothing more that the device does."""
        self._stopped.set()
        self._left.set()
