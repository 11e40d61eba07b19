"""Writing the second copy: reads the store on the local lane in small steps, writes to the other disk on a lane of its own.

So a slow stick never holds up a draft. A run starts a moment after each acceptance, every few minutes, and when somebody asks; one that
did not come about is tried again by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.services import second_copy
from app.services.second_copy import CopyStanding
from app.ui.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.errors import AppError
    from app.services.ports import Batch, CopyMark, CopyWriter, Desk, Restored

T = TypeVar("T")

EVERY_MS = 5 * 60_000
AGAIN_MS = 60_000
"""After a run that did not come about (a pulled disk, a full one)."""

SOON_MS = 1100
"""After an acceptance: the receipt is printed first, and the copy's second is then surely a later one."""


class CopyRunner(QObject):
    """Keeps the second copy in step for the open desk.

    Signals: ``stands(CopyStanding)`` after each run and each look; ``busy(str)`` with words while it does what was asked for, empty when it is done;
    ``said(tone, sentence)`` answers what somebody asked for.
    """

    stands = Signal(object)
    busy = Signal(str)
    said = Signal(str, str)

    def __init__(self, parent: QObject, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._lane = lane
        self._desk = desk
        self._own = Lane(self)
        self._own.crashed.connect(lane.crashed)
        self._writer: CopyWriter | None = None
        self._working = ""
        self._next: Callable[[], None] | None = None
        self._asked = False
        self._stopped = False
        self._folder = ""
        self.standing = CopyStanding("open", "")
        self._every = self._timer(EVERY_MS, single=False)
        self._later = self._timer(AGAIN_MS, single=True)
        self._soon = self._timer(SOON_MS, single=True)
        self._every.start()
        self.look()
        self._soon.start()

    def take(self, desk: Desk) -> None:
        """Serve another clerk's desk over the same store."""
        self._desk = desk
        self.look()

    def stop(self) -> None:
        """Stop for good. A run under way is undone by the copy itself."""
        for timer in (self._every, self._later, self._soon):
            timer.stop()
        writer, self._writer = self._writer, None
        if writer is not None:
            self._there(writer.abandon, None)
        self._stopped = True
        self._own.stop()

    def accepted(self) -> None:
        """Write what was just accepted, in a moment."""
        self._soon.start()

    def look(self) -> None:
        """Say how it stands, without writing."""
        desk = self._desk
        self._here(lambda: second_copy.standing(desk.store, desk.clock.now()), self._tell)

    def run(self, *, asked: bool = False) -> None:
        """Bring the copy up to date. ``asked``: somebody wants it now, also where a copy was before and is none any more."""
        if self._stopped:
            return
        if self._working:
            # Whoever asked meanwhile is answered, also when the clock's own run comes up after them.
            self._next = self._next if self._next is not None and not asked else lambda: self.run(asked=asked)
            return
        self._start("正在写第二份备份", asked=asked)
        self._open(lambda writer: self._there(lambda: writer.begin(anew=asked), self._read))

    def check(self) -> None:
        """Prove that the copy can be restored; takes as long as reading all of it, and holds up nobody."""
        if self._stopped:
            return
        if self._working:
            self._next = self.check
            return
        self._start("正在做恢复检查", asked=True)
        self._open(lambda writer: self._there(writer.check, self._checked))

    def choose(self, folder: str) -> None:
        """Send the copy to this folder from now on, and write it at once."""
        desk = self._desk
        self._here(
            lambda: second_copy.choose(desk, folder),
            lambda _none: self.run(asked=True),
            lambda problem: self.said.emit("bad", problem.sentence),
        )

    # one run, step by step
    def _start(self, words: str, *, asked: bool) -> None:
        self._working, self._asked = words, asked
        self._later.stop()
        if asked:  # what runs by itself takes nobody's sentence away
            self.busy.emit(words)

    def _open(self, then: Callable[[CopyWriter], None]) -> None:
        desk = self._desk

        def work() -> tuple[str, CopyWriter | None]:
            counter = desk.store.counter()
            folder = counter.second_copy if counter else ""
            return folder, desk.store.copy_into(Path(folder)) if folder else None

        def opened(found: tuple[str, CopyWriter | None]) -> None:
            self._folder, self._writer = found
            if self._writer is None:
                self._end()
            else:
                then(self._writer)

        self._here(work, opened)

    def _here(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[AppError], None] | None = None) -> None:
        """Do a step on the local lane; after :meth:`stop` nothing more is done."""
        if not self._stopped:
            self._lane.run(work, then=then, failed=failed or self._broke, owner=self)

    def _there(self, work: Callable[[], T], then: Callable[[T], None] | None) -> None:
        """Do a step on the other disk's lane; after :meth:`stop` nothing more is done."""
        if not self._stopped:
            self._own.run(work, then=then, failed=self._broke, owner=self)

    def _read(self, mark: CopyMark) -> None:
        desk = self._desk

        def work() -> tuple[Batch, str]:
            return desk.store.changes(mark), desk.clock.now().isoformat(timespec="seconds")

        self._here(work, self._write)

    def _write(self, found: tuple[Batch, str]) -> None:
        writer, (batch, at) = self._writer, found
        if writer is None:
            return
        then = self._read if batch.tally is None else self._written
        self._there(lambda: writer.write(batch, at), then)

    def _written(self, mark: CopyMark) -> None:
        desk, folder = self._desk, self._folder

        def work() -> CopyStanding:
            second_copy.written(desk, folder, mark)
            return second_copy.standing(desk.store, desk.clock.now())

        def kept(standing: CopyStanding) -> None:
            self._tell(standing)
            if self._asked:
                self.said.emit("good", f"第二份备份 {mark.at[11:16]} 已写入，和本机一样")
            self._end()

        self._here(work, kept)

    def _checked(self, found: Restored) -> None:
        desk = self._desk

        def said(words: str) -> None:
            self.said.emit("good", words)
            self._end()
            self.look()

        self._here(lambda: second_copy.checked(desk, found), said)

    def _broke(self, problem: AppError) -> None:
        desk, folder, writer = self._desk, self._folder, self._writer
        if writer is not None:
            self._there(writer.abandon, None)

        def work() -> CopyStanding:
            second_copy.not_written(desk, folder, problem.sentence)
            return second_copy.standing(desk.store, desk.clock.now())

        self._here(work, self._tell, lambda _problem: None)
        if self._asked:
            self.said.emit("bad", problem.sentence)
        self._later.start()
        self._end()

    def _end(self) -> None:
        self._working, self._writer = "", None
        self.busy.emit("")
        following, self._next = self._next, None
        if following is not None:
            following()

    def _tell(self, standing: CopyStanding) -> None:
        self.standing = standing
        self.stands.emit(standing)

    def _timer(self, ms: int, *, single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(ms)
        timer.setSingleShot(single)
        timer.timeout.connect(self.run)
        return timer
