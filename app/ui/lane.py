"""The local lane: one worker thread on which the store, imaging and printing live, first come first served.

Work gets nothing but what it closes over, never a widget; the answer comes back on the GUI thread:
``lane.run(lambda: store.counts(day), then=self.show_counts, failed=self.say)``.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from shiboken6 import isValid

from app.core.errors import AppError, DamagedError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


REST_S = 0.5
"""After so long without work the lane does what can wait (:meth:`Lane.at_rest`)."""


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    then: Callable[[Any], None] | None
    failed: Callable[[AppError], None] | None
    broken: Callable[[], None] | None
    owners: tuple[QObject, ...]
    result: Any = None
    error: Exception | None = None

    def let_go(self) -> None:
        """Forget everything, on the GUI thread: the worker holds its last job until the next, and must not be the one that ends a timer of Qt."""
        self.work = _nothing
        self.then = self.failed = self.broken = self.result = self.error = None
        self.owners = ()


def _nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class _Asked:
    work: Callable[[], Any]
    answer: Future[Any]


class _Worker(QThread):
    """Takes jobs until it meets None."""

    finished_one = Signal()
    met_damage = Signal()

    def __init__(self, jobs: queue.SimpleQueue[_Job | _Asked | None], done: deque[_Job], parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._done = done
        self.turned = threading.Condition()
        self.rest: Callable[[], None] = _nothing

    def run(self) -> None:
        """Do one job after another; what a job raises travels back with it."""
        patience: float | None = None
        while True:
            try:
                job = self._jobs.get(timeout=patience)
            except queue.Empty:
                self._answer(_Asked(self.rest, Future()))
                patience = None
                continue
            if job is None:
                return
            patience = REST_S
            if isinstance(job, _Asked):
                self._answer(job)
                continue
            try:
                job.result = job.work()
            except Exception as error:  # noqa: BLE001  # the GUI thread decides: AppError or our bug
                job.error = error
            with self.turned:
                self._done.append(job)
                self.turned.notify_all()
            self.finished_one.emit()

    def _answer(self, job: _Asked) -> None:
        try:
            job.answer.set_result(job.work())
        except Exception as error:  # noqa: BLE001  # whoever asked decides
            if isinstance(error, DamagedError):
                self.met_damage.emit()
            job.answer.set_exception(error)


class Lane(QObject):
    """One worker thread. Make it on the GUI thread, :meth:`stop` it before the application ends.

    Signals: ``crashed(Exception)`` is our bug, in the work or in a callback, for the crash dialog; ``troubled(AppError)`` is the
    machine failing in work that was given no ``failed``; ``busy(bool)`` when there is work under way and when there is none; ``damaged()`` when work
    met a place in the store that cannot be read, whoever hears the error itself.
    """

    crashed = Signal(object)
    troubled = Signal(object)
    busy = Signal(bool)
    damaged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[_Job | _Asked | None] = queue.SimpleQueue()
        self._done: deque[_Job] = deque()
        self._pending = 0
        self._stopped = False
        self._gate = threading.Lock()
        self._worker = _Worker(self._jobs, self._done, self)
        self._worker.finished_one.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._worker.met_damage.connect(self.damaged, Qt.ConnectionType.QueuedConnection)
        self._worker.start()

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        owner: QObject | None = None,
        broken: Callable[[], None] | None = None,
    ) -> None:
        """Queue ``work``; call ``then`` with what it returned, or ``failed`` with the AppError it raised, on the GUI thread.

        ``broken`` is called when the work ended in a bug of ours, before :attr:`crashed` tells it: whoever waits stops waiting.
        None is called once ``owner``, or the widget whose bound methods they are, was deleted; the work is done all the same.
        Call on the GUI thread. RuntimeError after :meth:`stop`.
        """
        if self._stopped:
            raise RuntimeError("the lane was stopped")
        bound = (owner, *(getattr(call, "__self__", None) for call in (then, failed, broken)))
        self._pending += 1
        if self._pending == 1:
            self.busy.emit(True)
        self._jobs.put(_Job(work, then, failed, broken, tuple(o for o in bound if isinstance(o, QObject))))

    def ask(self, work: Callable[[], T]) -> Future[T]:
        """Queue a short step from another thread, which waits for the answer itself; nothing is delivered on the GUI thread.

        RuntimeError after :meth:`stop`; what was asked before is still done.
        """
        answer: Future[T] = Future()
        with self._gate:
            if self._stopped:
                raise RuntimeError("the lane was stopped")
            self._jobs.put(_Asked(work, answer))
        return answer

    def at_rest(self, work: Callable[[], None]) -> None:
        """Have this done, unasked and unanswered, whenever there was work and then none for :data:`REST_S`. What it raises is dropped."""
        self._worker.rest = work

    @property
    def pending(self) -> int:
        """How many jobs were queued whose answer has not been delivered yet."""
        return self._pending

    @property
    def stopped(self) -> bool:
        """Whether it takes no more work."""
        return self._stopped

    def drain(self, timeout_ms: int = 10_000) -> bool:
        """Let everything queued run, deliver every answer (and what these queue in turn), and return whether all was done in time.

        Blocks the GUI thread: for closing only.
        """
        end = time.monotonic() + timeout_ms / 1000
        while self._pending:
            with self._worker.turned:
                left = end - time.monotonic()
                if not self._done and (left <= 0 or not self._worker.turned.wait(left)):
                    return False
            self._deliver()
        return True

    def stop(self, timeout_ms: int = 10_000) -> bool:
        """Take no more work, let the queue run empty without delivering answers, end the thread. Safe to call twice."""
        with self._gate:
            if not self._stopped:
                self._stopped = True
                self._jobs.put(None)
        return self._worker.wait(timeout_ms)

    @Slot()
    def _deliver(self) -> None:
        # drain() may have delivered the answer that this wake-up announced.
        if not self._done:
            return
        job = self._done.popleft()
        self._pending -= 1
        try:
            self._answer(job)
        except Exception as error:  # noqa: BLE001  # a callback's bug must not swallow the answers behind it
            self.crashed.emit(error)
        job.let_go()
        if not self._pending:
            self.busy.emit(False)

    def _answer(self, job: _Job) -> None:
        if isinstance(job.error, DamagedError):
            self.damaged.emit()
        if isinstance(job.error, AppError):
            if not job.failed:
                if not isinstance(job.error, DamagedError):  # damage is said once, with its way out
                    self.troubled.emit(job.error)
            elif all(map(isValid, job.owners)):
                job.failed(job.error)
        elif job.error:
            if job.broken and all(map(isValid, job.owners)):
                job.broken()
            self.crashed.emit(job.error)
        elif job.then and all(map(isValid, job.owners)):
            job.then(job.result)
