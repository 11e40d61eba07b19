"""A driver in a process of its own, seen from the program: it may crash, hang or be killed, and costs one sentence."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.adapters.child import Child, ChildLostError
from app.adapters.devices.driver import BROKEN, HUNG
from app.core.errors import DeviceError
from app.services.ports.devices import Abilities, Feed, Scanner, ScanWish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FLAG = "--device-worker"
"""First argument of the frozen program when it is to be a driver's process."""
_LIMITS = {"found": 12.0, "at": 12.0, "abilities": 20.0, "pressed": 10.0}
"""Seconds a request may take altogether. A scan has no such limit, only silence and patience."""
_LET_GO = 0.8
"""Seconds between a cancel and the end of a process that does not follow it."""
_TICK = 0.1


def command(driver: str) -> list[str]:
    """Return what starts a driver's process; its folder is added behind. Frozen, the program itself is the interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG, driver]
    return [sys.executable, "-P", "-m", "app.adapters.devices.worker", driver]


def _never() -> bool:
    return False


class DriverClient:
    """One driver, its process started when first needed and kept until it fails, is killed or :meth:`close`.

    Every call may come from any thread; one is served at a time. ``silence``: seconds without a sign of life, ``patience``: seconds
    without a page while a scan lives, after which the process is killed and :data:`HUNG` raised.
    """

    def __init__(self, driver: str, *, run: Sequence[str] = (), silence: float = 30.0, patience: float = 180.0) -> None:
        self.name = driver
        self._command = [*(run or command(driver))]
        self._silence = silence
        self._patience = patience
        self._one = threading.Lock()
        self._process: Child | None = None
        self._last_found: tuple[Scanner, ...] = ()

    def found(self, cancelled: Callable[[], bool] = _never) -> Sequence[Scanner]:
        """Return the scanners of this driver; those of last time while it scans. DeviceError when it cannot be asked."""
        if not self._one.acquire(blocking=False):
            return self._last_found
        try:
            value = self._call({"do": "found"}, cancelled)
        finally:
            self._one.release()
        self._last_found = tuple(Scanner(**one) for one in value or ())
        return self._last_found

    def at(self, address: str) -> Scanner:
        """Return the scanner at a typed address."""
        with self._one:
            return Scanner(**self._call({"do": "at", "address": address}))

    def abilities(self, id_: str) -> Abilities:
        """Ask a scanner what it can do."""
        with self._one:
            value = self._call({"do": "abilities", "id": id_})
        feeds = tuple(Feed(feed) for feed in value["feeds"])
        return Abilities(**{**value, "feeds": feeds, "dpis": tuple(value["dpis"])})

    def pressed(self, id_: str) -> bool:
        """Whether the scanner's button was pressed; False while the driver is at something else."""
        if not self._one.acquire(blocking=False):
            return False
        try:
            return bool(self._call({"do": "pressed", "id": id_}))
        finally:
            self._one.release()

    def scan(self, id_: str, wish: ScanWish, page: Callable[[bytes], None], cancelled: Callable[[], bool] = _never) -> None:
        """Scan as ``Scanners.scan`` says. The sentence of a DeviceError also says how many pages came before it."""
        came = 0

        def take(data: bytes) -> None:
            nonlocal came
            page(data)
            came += 1

        with self._one:
            try:
                self._call({"do": "scan", "id": id_, "wish": asdict(wish)}, cancelled, take)
            except DeviceError as problem:
                kept = f"。前面 {came} 页已收好" if came else ""
                raise DeviceError(problem.sentence + kept, problem.detail) from problem

    def close(self) -> None:
        """End the process. Safe to call twice; a later call starts another one."""
        with self._one:
            self._end(_LET_GO)

    def _call(
        self,
        request: dict[str, Any],
        cancelled: Callable[[], bool] = _never,
        page: Callable[[bytes], None] | None = None,
    ) -> Any:
        """Send a request and serve its answers. None when it was cancelled. The process is fit for another one afterwards, or gone."""
        process = self._ready()
        grace: float | None = _LET_GO
        try:
            process.send(request)
            value = self._serve(process, request["do"], cancelled, page)
            grace = None
        except _LostError:
            grace = 0
            raise
        except DeviceError:
            grace = None
            raise
        except (OSError, ChildLostError) as broken:
            grace = 0
            raise _LostError(BROKEN, f"{self.name}: {broken}") from broken
        finally:
            # Whatever it is at now, nobody waits for it. Not hung but unwanted (a page found no room): it may let go of the paper.
            if grace is not None:
                self._end(grace)
        return value

    def _serve(self, process: Child, do: str, cancelled: Callable[[], bool], page: Callable[[bytes], None] | None) -> Any:
        begun = heard = paged = time.monotonic()
        stop_at = None
        while True:
            frame = process.frame(_TICK)
            now = time.monotonic()
            if stop_at is None and cancelled():
                process.send({"do": "cancel"})
                stop_at = now + _LET_GO
            if frame is None and stop_at is not None and now > stop_at:
                self._end(0)
                return None
            if frame is None:
                late = now - begun > _LIMITS[do] if do in _LIMITS else now - paged > self._patience
                if late or now - heard > self._silence:
                    raise _LostError(HUNG, f"{self.name}: {do}, silent {now - heard:.0f} s, no page {now - paged:.0f} s")
                continue
            message, blob = frame
            if message["is"] == "answer":
                return message["value"]
            if message["is"] == "page" and page:
                if stop_at is None:
                    page(blob)
                process.send({"do": "next"})
                paged = time.monotonic()
            self._raise_problem(message)
            heard = time.monotonic()

    def _raise_problem(self, message: dict[str, Any]) -> None:
        if message["is"] == "problem":
            raise DeviceError(message["sentence"], message["detail"])
        if message["is"] == "crash":
            raise _LostError(BROKEN, f"{self.name}: {message['detail']}")

    def _ready(self) -> Child:
        if self._process and not self._process.alive:
            self._end(0)
        if not self._process:
            try:
                self._process = Child(self._command, "device")
            except ChildLostError as problem:
                raise DeviceError(BROKEN, str(problem)) from problem
        return self._process

    def _end(self, grace: float) -> None:
        process, self._process = self._process, None
        if process:
            process.end(grace)


class _LostError(DeviceError):
    """The process is of no use any more."""
