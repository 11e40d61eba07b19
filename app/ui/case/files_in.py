"""Files on their way in: each is read, stored and shown before the next is opened, so that a drop of two hundred photos holds up no typing.

The store lives on the lane that all this runs on; between two files it stores what was typed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.errors import AppError
from app.services import originals, stacks
from app.services.originals import Incoming

if TYPE_CHECKING:
    from app.core.application import Application, Page
    from app.services.ports import Desk, NewFile
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

Reader = Callable[[], Incoming]
"""Reads one file, on the lane. AppError: one sentence, and the others still come."""

MOST_BYTES = 100 * 2**20
"""No file of pages is larger; a film dragged along by mistake is told before it fills the memory."""


class FilesIn(QObject):
    """Takes what these readers bring into one slot of one case, also when the clerk goes on to another.

    ``again``: the original whose place the first one takes. ``apart``: dividers among the pages say where those behind them go.
    Signals: ``progress(words)`` while it lasts; ``ended(sentences, tone, came)`` once, where ``came`` says whether there were pages.
    """

    progress = Signal(str)
    ended = Signal(tuple, str, bool)

    def __init__(
        self,
        desk: Desk,
        lane: Lane,
        session: CaseSession,
        requirement: str,
        readers: Sequence[Reader],
        *,
        again: str = "",
        apart: bool = False,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._session, self._requirement = desk, lane, session, requirement
        self._left, self._count, self._again = deque(readers), len(readers), again
        self._stack = stacks.stack(session.application, session.state.needs, requirement) if apart else None
        self._refused: list[str] = []
        self._remarks: list[str] = []
        self._came = False

    def start(self) -> None:
        """Take the next one, or say that all are taken."""
        if not self._left or not self._session.editable or (self._stack is not None and self._stack.halt):
            self._end()
            return
        reader, desk, application, stack = self._left.popleft(), self._desk, self._session.application, self._stack
        at = self._count - len(self._left)
        self.progress.emit(f"正在收进来，第 {at} 个，共 {self._count} 个…" if self._count > 1 else "正在收进来…")

        def work() -> originals.Taken:
            try:
                file = reader()
            except AppError as problem:
                return originals.Taken((), (problem.sentence,), stack=stack)
            return originals.take(desk, application, self._requirement, (file,), stack=stack)

        # The store failing is not this file's fault: the others would fail alike.
        self._lane.run(work, then=self._taken, failed=self._broke, owner=self, broken=self._end)

    def _taken(self, result: originals.Taken) -> None:
        parts = result.parts()
        if parts:
            self._session.edit_pages(lambda a: placed(a, parts, self._again))
            self._session.flush()
            self._came = True
        self._stack = result.stack
        self._refused += (one for one in result.refused if one not in self._refused)
        self._remarks += (one for one in result.remarks if one not in self._remarks)
        self.start()

    def _broke(self, problem: AppError) -> None:
        self._refused.append(problem.sentence)
        self._end()

    def _end(self) -> None:
        halt = self._stack.halt if self._stack is not None else ""
        said = (*self._refused, *self._remarks, *((halt,) if halt else ()))
        self.ended.emit(said, "bad" if self._refused else "warn" if halt else "accent", self._came)
        self.deleteLater()


def placed(application: Application, parts: Sequence[tuple[str, tuple[Page, ...]]], again: str) -> Application:
    """Put pages where they belong: in the place of the original ``again``, if it is still there, else behind the others of their paper."""
    for requirement, pages in parts:
        here = application.paper(requirement).pages
        at = next((at for at, page in enumerate(here) if page.original == again), -1) if again else -1
        if at >= 0:
            application = originals.retake(application, requirement, at, pages)
        else:
            application = originals.place(application, requirement, pages)
    return application


def readers(paths: Sequence[str], source: str) -> list[Reader]:
    """Return what reads these files as they were given."""
    return [partial(read, Path(path), source) for path in paths]


def read(path: Path, source: str) -> Incoming:
    """Read a file as it was given. AppError when it is a folder, too large, no file of pages at all, or went away."""
    if path.is_dir():
        raise AppError("这是文件夹。打开它，把里面的文件拖过来")
    try:
        if path.exists() and not path.is_file():
            # Whoever opens a pipe waits for its other end.
            raise AppError("这不是一个普通文件，读不了。另存成 JPG 或 PDF 再放")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise AppError("这个文件读不到了：U 盘拔了，或文件被移走。插好再放一次", type(problem).__name__) from problem
    if len(data) > MOST_BYTES:
        raise AppError("这个文件超过 100 MB，不像是材料。看看是不是拿错了；真是材料，拆成几份再放")
    return Incoming(data, path.name, source)


def read_all(paths: Sequence[Path], source: str) -> tuple[list[Incoming], list[str]]:
    """Read what can be read, and say one sentence for each of the others, which cost nobody else."""
    files: list[Incoming] = []
    unread: list[str] = []
    for path in paths:
        try:
            files.append(read(path, source))
        except AppError as problem:
            unread.append(problem.sentence)
    return files, unread


def read_new(file: NewFile) -> Incoming:
    """Read a file of a watched folder. AppError when it is gone."""
    return Incoming(file.read(), file.path.name, "scan")
