"""The network lane: each errand on a thread of its own, which nobody waits for when the window closes.

A server that does not answer holds a call for ten seconds and more, and a window that waits for it would stand frozen at closing time.
What an errand does must therefore bear being cut off anywhere; sealing, sending and trying out are made so.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(slots=True)
class _Errand:
    work: Callable[[], Any]
    then: Callable[[Any], None]
    failed: Callable[[AppError], None]
    owner: QObject | None
    broken: Callable[[], None] | None
    result: Any = None
    error: Exception | None = None

    def let_go(self) -> None:
        """Forget everything, on the GUI thread: the errand's thread may end later, and must not be the one that ends a timer of Qt."""
        self.work = self.then = self.failed = _nothing
        self.owner = self.broken = self.result = self.error = None


def _nothing(*_answer: object) -> None:
    """Do nothing."""


class Errands(QObject):
    """Make it on the GUI thread. ``crashed(Exception)`` is our bug, in the work or in a callback."""

    crashed = Signal(object)
    _came = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._done: deque[_Errand] = deque()
        self._stopped = False
        self._came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[AppError], None],
        owner: QObject,
        broken: Callable[[], None] | None = None,
    ) -> None:
        """Do ``work`` beside the window; the answers as of :meth:`app.ui.lane.Lane.run`, none once ``owner`` is gone or after :meth:`stop`."""
        one = _Errand(work, then, failed, owner, broken)
        threading.Thread(target=self._work, args=(one,), name="errand", daemon=True).start()

    def stop(self) -> None:
        """Deliver no more answers; nothing is waited for."""
        self._stopped = True

    def _work(self, one: _Errand) -> None:
        try:
            one.result = one.work()
        except Exception as error:  # noqa: BLE001  # the GUI thread decides: AppError or our bug
            one.error = error
        self._done.append(one)
        with suppress(RuntimeError):  # the window is gone
            self._came.emit()

    @Slot()
    def _deliver(self) -> None:
        one = self._done.popleft()
        if self._stopped:
            return
        alive = one.owner is not None and isValid(one.owner)
        try:
            if isinstance(one.error, AppError):
                if alive:
                    one.failed(one.error)
            elif one.error is not None:
                if alive and one.broken is not None:
                    one.broken()
                self.crashed.emit(one.error)
            elif alive:
                one.then(one.result)
        except Exception as error:  # noqa: BLE001  # a callback's bug must not end in a console nobody sees
            self.crashed.emit(error)
        one.let_go()
