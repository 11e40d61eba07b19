"""A driver's process: ``python -m app.adapters.devices.worker sane FOLDER``. It ends when the program that started it ends.

Reads ``{"do": found|at|abilities|scan|pressed|next|cancel, …}`` and answers with ``{"is": alive|page|answer|problem|crash, …}``
(:mod:`app.adapters.frames`). FOLDER is the process's own for temporary things without personal data; it goes when the process
does.
"""

from __future__ import annotations

import importlib
import os
import queue
import shutil
import signal
import sys
import threading
import time
import traceback
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

from app.adapters import frames
from app.adapters.child import take_pipes
from app.core.errors import DeviceError
from app.services.ports.devices import Feed, ScanWish

if TYPE_CHECKING:
    from app.adapters.devices.driver import Driver

_LAST_RESORT = 2.0
"""Seconds a driver gets to let go of its device when the program is gone."""
_ALIVE_EVERY = 0.25


def main(arguments: list[str]) -> int:
    """Serve the driver ``arguments[0]`` with the folder ``arguments[1]``."""
    name, folder = arguments
    pipes = take_pipes()  # before a driver's library can write into them
    serve(importlib.import_module(f"app.adapters.devices.{name}").driver(), pipes, folder)
    return 0


def serve(driver: Driver, pipes: tuple[IO[bytes], IO[bytes]], folder: str) -> None:
    """Answer the requests of one pipe in the other until the other side closes."""
    _Worker(driver, *pipes, folder).run()


class _Worker:
    def __init__(self, driver: Driver, requests: IO[bytes], answers: IO[bytes], folder: str) -> None:
        self._driver = driver
        self._requests = requests
        self._answers = answers
        self._folder = folder
        self._work: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._cancel = threading.Event()
        self._next = threading.Event()
        self._gone = threading.Event()
        self._alive_at = 0.0
        self._one_writer = threading.Lock()  # a library may call back on a thread of its own

    def run(self) -> None:
        """Do one request after another on this thread; another one listens meanwhile."""
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            while (request := self._work.get()) is not None:
                self._answer(request)
        except OSError:
            pass  # nobody reads any more
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _listen(self) -> None:
        try:
            while (frame := frames.read(self._requests)) is not None:
                self._take(frame[0])
        except (OSError, frames.FrameError):
            pass
        self._gone.set()
        self._cancel.set()
        self._next.set()
        self._work.put(None)
        time.sleep(_LAST_RESORT)
        # Only a driver that hangs is still here. What it started goes with it.
        shutil.rmtree(self._folder, ignore_errors=True)
        if sys.platform != "win32" and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def _take(self, request: dict[str, Any]) -> None:
        if request["do"] == "cancel":
            self._cancel.set()
            self._next.set()
        elif request["do"] == "next":
            self._next.set()
        else:
            self._cancel.clear()
            self._work.put(request)

    def _answer(self, request: dict[str, Any]) -> None:
        try:
            value = self._do(request)
        except DeviceError as problem:
            self._send({"is": "problem", "sentence": problem.sentence, "detail": problem.detail})
        except Exception:  # noqa: BLE001  # a driver's bug is told like its crash: the others go on
            self._send({"is": "crash", "detail": traceback.format_exc(limit=-6)})
        else:
            self._send({"is": "answer", "value": value})

    def _do(self, request: dict[str, Any]) -> Any:
        do, driver = request["do"], self._driver
        if do == "found":
            return [asdict(scanner) for scanner in driver.found(self._cancelled)]
        if do == "at":
            return asdict(driver.at(request["address"]))
        if do == "abilities":
            return asdict(driver.abilities(request["id"]))
        if do == "pressed":
            return driver.pressed(request["id"])
        wish = request["wish"]
        driver.scan(request["id"], ScanWish(**{**wish, "feed": Feed(wish["feed"])}), self._emit, self._cancelled)
        return None

    def _cancelled(self) -> bool:
        now = time.monotonic()
        if now - self._alive_at >= _ALIVE_EVERY:
            self._alive_at = now
            self._send({"is": "alive"})
        return self._cancel.is_set()

    def _emit(self, page: bytes) -> None:
        """Hand a page over and wait until it is taken: the other side answers each one, also when it wants no more."""
        self._next.clear()
        self._send({"is": "page"}, page)
        while not (self._next.wait(1.0) or self._gone.is_set()):
            pass

    def _send(self, message: dict[str, Any], blob: bytes = b"") -> None:
        with self._one_writer:
            frames.write(self._answers, message, blob)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
