"""A driver in a process of its own, seen from the program: it may crash, hang or be killed, and costs one sentence."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import app
from app.adapters.devices import frames
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
_spawning = threading.Lock()


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
        self._process: _Process | None = None
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
        except OSError as broken:
            grace = 0
            raise _LostError(BROKEN, f"{self.name}: {broken}") from broken
        finally:
            # Whatever it is at now, nobody waits for it. Not hung but unwanted (a page found no room): it may let go of the paper.
            if grace is not None:
                self._end(grace)
        return value

    def _serve(self, process: _Process, do: str, cancelled: Callable[[], bool], page: Callable[[bytes], None] | None) -> Any:
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

    def _ready(self) -> _Process:
        if self._process and not self._process.alive:
            self._end(0)
        if not self._process:
            self._process = _Process(self._command)
        return self._process

    def _end(self, grace: float) -> None:
        process, self._process = self._process, None
        if process:
            process.end(grace)


class _LostError(DeviceError):
    """The process is of no use any more."""


class _Process:
    """A worker, the thread that reads what it says, and its folder. :meth:`end` leaves nothing of them."""

    def __init__(self, run: Sequence[str]) -> None:
        self._folder = tempfile.mkdtemp(prefix="chuangkou-device-")
        top = str(Path(app.__file__).resolve().parents[1])
        known = os.environ.get("PYTHONPATH", "")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(part for part in (top, known) if part),
            "TMPDIR": self._folder,
        }
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows
        try:
            # One at a time: on Windows a process started meanwhile would inherit the other's ends of the pipes.
            with _spawning:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [*run, self._folder],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    start_new_session=True,
                    creationflags=flags,
                )
        except OSError as problem:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise DeviceError(BROKEN, str(problem)) from problem
        self._frames: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="device", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - PIPE above
        frames.write(self._process.stdin, message)

    def frame(self, seconds: float) -> tuple[dict[str, Any], bytes] | None:
        """Return the next message, None when there is none yet. _LostError when there will be none."""
        try:
            frame = self._frames.get(timeout=seconds)
        except queue.Empty:
            return None
        if frame is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            raise _LostError(BROKEN, f"{self._process.args!r} ended with {self._process.returncode}")
        return frame

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - PIPE above
        with suppress(OSError, ValueError, frames.FrameError):
            while (frame := frames.read(self._process.stdout)) is not None:
                self._frames.put(frame)
        self._frames.put(None)

    def end(self, grace: float) -> None:
        """Close its input, wait ``grace`` seconds for it to go, kill it with all it started, and clear up."""
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        if sys.platform == "win32":
            self._process.kill()
        else:
            # Also when it is gone: what it started shares its group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(2)
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)
