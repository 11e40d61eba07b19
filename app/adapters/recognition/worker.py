"""The process that reads: ``python -m app.adapters.recognition.worker FOLDER``. It ends when the program ends, or after a while without work.

Takes ``{"do": warm|lines|cancel, "nth": n, "turn": 0, "seal": false}`` with the picture behind it, and answers
``{"is": ready|lines|unreadable|crash, "nth": n, …}`` (:mod:`app.adapters.frames`). Pictures stay in memory; nothing is written and no network asked.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import sys
import threading
import time
import traceback
from typing import IO, TYPE_CHECKING, Any, Final

from app.adapters import frames
from app.adapters.child import take_pipes
from app.adapters.recognition.models import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.adapters.recognition.engine import Engine

IDLE: Final = 600.0
"""Seconds without work after which the process goes and gives its memory back."""
_NICE: Final = 10
_LAST_RESORT: Final = 1.0
"""Seconds the models get to come to an end when the program is gone."""


def main(arguments: list[str]) -> int:
    """Serve until the other side closes. ``arguments``: the process's own folder."""
    pipes = take_pipes()
    if hasattr(os, "nice"):
        os.nice(_NICE)
    serve(_load, pipes, arguments[0])
    return 0


def _load() -> Engine:
    from app.adapters.recognition.engine import Engine, threads  # noqa: PLC0415 - a second's work, told as ours when it fails

    return Engine(threads())


def serve(load: Callable[[], Engine], pipes: tuple[IO[bytes], IO[bytes]], folder: str, idle: float = IDLE) -> None:
    """Answer the requests of one pipe in the other until the other side closes, or nothing came for ``idle`` seconds."""
    _Worker(load, *pipes, folder).run(idle)


class _Worker:
    def __init__(self, load: Callable[[], Engine], requests: IO[bytes], answers: IO[bytes], folder: str) -> None:
        self._load = load
        self._requests = requests
        self._answers = answers
        self._folder = folder
        self._engine: Engine | None = None
        self._work: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        self._let_go = 0
        """Requests up to this number are wanted no more."""

    def run(self, idle: float) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            while (item := self._work.get(timeout=idle)) is not None:
                self._answer(*item)
        except (OSError, queue.Empty):
            pass  # nobody reads any more, or nothing to do
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _listen(self) -> None:
        try:
            while (frame := frames.read(self._requests)) is not None:
                if frame[0]["do"] == "cancel":
                    self._let_go = frame[0]["nth"]
                else:
                    self._work.put(frame)
        except (OSError, frames.FrameError):
            pass
        self._let_go = sys.maxsize
        self._work.put(None)
        time.sleep(_LAST_RESORT)
        shutil.rmtree(self._folder, ignore_errors=True)
        if sys.platform != "win32" and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def _answer(self, request: dict[str, Any], picture: bytes) -> None:
        nth = request["nth"]
        try:
            answer = self._do(request, picture)
        except Exception:  # noqa: BLE001 - whatever the libraries raise is told, and the program decides
            answer = {"is": "crash", "detail": traceback.format_exc(limit=-6)}
        frames.write(self._answers, {**answer, "nth": nth})

    def _do(self, request: dict[str, Any], picture: bytes) -> dict[str, Any]:
        if self._engine is None:
            self._engine = self._load()
        if request["do"] == "warm":
            return {"is": "ready"}
        try:
            found = self._engine.lines(picture, request["turn"], lambda: self._let_go >= request["nth"], seal=request["seal"])
        except UnreadableError as wrong:
            return {"is": "unreadable", "detail": str(wrong)}
        return {"is": "lines", "lines": [[one.text, one.score, one.box, one.chars] for one in found]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
