"""The worker seen from the program: started when first needed, watched, killed when it hangs, and started anew."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from app.adapters.child import Child, ChildLostError
from app.adapters.recognition.models import folder
from app.core.errors import DeviceError
from app.core.readings import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FLAG: Final = "--recognition-worker"
"""First argument of the frozen program when it is to be the process that reads."""
ABSENT: Final = "这台电脑没有装识读，照旧键入"
BROKEN: Final = "识读的程序停了。先键入；要再识读，重新点一次"
HUNG: Final = "识读等了太久，停了。先键入；要再识读，重新点一次"
UNREADABLE: Final = "这张图读不出来。先键入，或重拍这一页"
PATIENCE: Final = 20.0
"""Seconds a page may take."""
_START: Final = 40.0
"""Seconds the models may take to load, on an old computer with everything else starting too."""
_TICK: Final = 0.05


def command() -> list[str]:
    """Return what starts the worker; its folder is added behind. Frozen, the program itself is the interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    return [sys.executable, "-P", "-m", "app.adapters.recognition.worker"]


class RecogniserClient:
    """The port ``Recogniser``. Calls may come from any thread; one is served at a time, and one that waits for its turn can be cancelled.

    ``run``: another worker; ``patience`` and ``start``: seconds for a page and for loading.
    """

    def __init__(self, run: Sequence[str] = (), *, patience: float = PATIENCE, start: float = _START) -> None:
        self._given = tuple(run)
        self._patience = patience
        self._start = start
        self._one = threading.Lock()
        self._child: Child | None = None
        self._ready = False
        self._nth = 0
        self._closed = threading.Event()

    def why_not(self) -> str:
        """Return why nothing can be read; '' when it can."""
        return "" if self._given or folder() is not None else ABSENT

    def warm(self) -> None:
        """Start the worker and load its models. Nothing happens where they are loaded, or while a page is read."""
        if self.why_not() or not self._one.acquire(blocking=False):
            return
        try:
            self._ask({"do": "warm"}, b"", self._closed.is_set)
        finally:
            self._one.release()

    def lines(self, picture: bytes, turn: int, cancelled: Callable[[], bool], *, seal: bool = False) -> tuple[Line, ...]:
        """Return the lines on a page; see the port."""
        why = self.why_not()
        if why:
            raise DeviceError(why, "no models")

        def stopped() -> bool:
            return self._closed.is_set() or cancelled()

        while not self._one.acquire(timeout=_TICK):
            if stopped():
                return ()
        try:
            answer = self._ask({"do": "lines", "turn": turn, "seal": seal}, picture, stopped)
        finally:
            self._one.release()
        return () if answer is None else _lines(answer["lines"])

    def close(self) -> None:
        """End the worker and every call that waits for it. Later calls read nothing."""
        self._closed.set()
        with self._one:
            self._end()

    def _ask(
        self, request: dict[str, Any], picture: bytes, stopped: Callable[[], bool], *, again: bool = True
    ) -> dict[str, Any] | None:
        """Send a request and return its answer, None when it was stopped. Whatever goes wrong costs the process."""
        if stopped():
            return None
        self._nth += 1
        nth = self._nth
        try:
            child = self._started()
            # A process that hangs reads nothing, and a picture is larger than a pipe.
            threading.Thread(target=_send, args=(child, {**request, "nth": nth}, picture), daemon=True).start()
            answer = self._answer(child, nth, stopped)
        except ChildLostError as lost:
            rested = self._child is not None and self._child.went
            self._end()
            if rested and again:  # it went for want of work in this very moment
                return self._ask(request, picture, stopped, again=False)
            raise DeviceError(BROKEN, str(lost)) from lost
        except DeviceError:
            self._end()
            raise
        if answer is None:
            # It stops by itself at the next line of print; what it still says of this page is passed over.
            threading.Thread(target=_send, args=(child, {"do": "cancel", "nth": nth}, b""), daemon=True).start()
            return None
        if answer["is"] == "unreadable":
            raise DeviceError(UNREADABLE, answer["detail"])
        return answer

    def _answer(self, child: Child, nth: int, stopped: Callable[[], bool]) -> dict[str, Any] | None:
        end = time.monotonic() + self._patience + (0 if self._ready else self._start)
        while not stopped():
            frame = child.frame(_TICK)
            if frame is None:
                if time.monotonic() > end:
                    raise DeviceError(HUNG, f"silent for {self._patience} s")
                continue
            answer = frame[0]
            if answer.get("is") == "crash":
                raise DeviceError(BROKEN, str(answer.get("detail")))
            self._ready = True
            if answer.get("nth") == nth:
                return answer
        return None

    def _started(self) -> Child:
        if self._child is not None and not self._child.alive:
            self._end()
        if self._child is None:
            self._child = Child(self._given or command(), "reading", low=True)
        return self._child

    def _end(self) -> None:
        child, self._child, self._ready = self._child, None, False
        if child is not None:
            child.end(0)


def _send(child: Child, message: dict[str, Any], picture: bytes) -> None:
    with suppress(OSError, ValueError):  # it is gone, which the answer's side says
        child.send(message, picture)


def _lines(found: Sequence[Any]) -> tuple[Line, ...]:
    return tuple(Line(text, score, tuple(box), tuple(chars)) for text, score, box, chars in found)
