"""A folder into which a scanner writes: watched while the materials of a case are on screen, and at no other time.

What is written while somebody looks goes to the next paper by itself. What came while nobody looked may be another person's: it is only
offered.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.services import devices

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.devices import WatchedPlace
    from app.services.ports import Desk, NewFile, Watcher
    from app.ui.lane import Lane

BACKLOG_S = 3.0
"""What is offered so soon after the watching began lay there before."""


class FolderWatch(QObject):
    """Signals: ``came(files)`` for the case on screen; ``old(files)`` for what lay there before; ``trouble(sentence)``, '' when it is over."""

    came = Signal(tuple)
    old = Signal(tuple)
    trouble = Signal(str)
    _offered = Signal(int, tuple)
    _kept = Signal(int, frozenset)
    _troubled = Signal(int, str)

    def __init__(self, desk: Desk, lane: Lane, parent: QObject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._clock = desk, lane, clock
        self._watcher: Watcher | None = None
        self._path = ""
        self._run = 0
        self._began = 0.0
        self._wanted = False
        # From the watcher's thread to this one; what an old watcher still says is not heard.
        self._offered.connect(self._offer)
        self._kept.connect(self._keep)
        self._troubled.connect(lambda run, sentence: self.trouble.emit(sentence) if run == self._run else None)

    def set_on(self, *, on: bool) -> None:
        """Watch from now on, or no more."""
        if on == self._wanted:
            return
        self._wanted = on
        if on:
            desk = self._desk
            self._lane.run(lambda: devices.watched(desk), then=self._start, owner=self)
        else:
            self._stop()

    def choose(self, path: str) -> None:
        """Watch another folder, '' for none."""
        desk = self._desk
        self._stop()

        def work() -> WatchedPlace | None:
            devices.watch(desk, path)
            return devices.watched(desk)

        self._lane.run(work, then=self._start, owner=self)

    def _start(self, place: WatchedPlace | None) -> None:
        if place is None or not self._wanted or self._watcher is not None:
            return
        self._run += 1
        run = self._run
        self._path, self._began = place.path, self._clock()
        self._watcher = self._desk.watching(
            Path(place.path),
            place.seen,
            offer=lambda files: self._offered.emit(run, files),
            keep=lambda keys: self._kept.emit(run, keys),
            trouble=lambda sentence: self._troubled.emit(run, sentence),
        )

    def _stop(self) -> None:
        self._run += 1
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            # It waits for a look under way, and a share that went away takes its time.
            QThreadPool.globalInstance().start(watcher.stop)

    def _offer(self, run: int, files: tuple[NewFile, ...]) -> None:
        if run == self._run:
            before = self._clock() - self._began < BACKLOG_S
            (self.old if before else self.came).emit(files)

    def _keep(self, run: int, keys: frozenset[str]) -> None:
        if run == self._run:
            desk, path = self._desk, self._path
            self._lane.run(lambda: devices.mark_seen(desk, path, keys), owner=self)
