"""A process of our own beside the program, and the pipes to it: drivers and recognition run there, killable without loss."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import app
from app.adapters import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

_spawning = threading.Lock()


class ChildLostError(Exception):
    """The process did not start, or is of no use any more."""


class Child:
    """A process, the thread that reads what it says, and its folder, added behind ``run``. :meth:`end` leaves nothing of them.

    ``name`` is the thread's and begins the folder's name; ``low``: it gives way to the window when both want the processor. ChildLostError when it does not start.
    """

    def __init__(self, run: Sequence[str], name: str, *, low: bool = False) -> None:
        self._folder = tempfile.mkdtemp(prefix=f"chuangkou-{name}-")
        top = str(Path(app.__file__).resolve().parents[1])
        known = os.environ.get("PYTHONPATH", "")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(part for part in (top, known) if part),
            "TMPDIR": self._folder,
        }
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows
        if low:
            flags |= getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # elsewhere the process is nice by itself
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
            raise ChildLostError(str(problem)) from problem
        self._one_writer = threading.Lock()
        self._frames: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name=name, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id, also its group's where there are groups."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    @property
    def went(self) -> bool:
        """Whether it ended by itself and in order."""
        return self._process.poll() == 0

    def send(self, message: dict[str, Any], blob: bytes = b"") -> None:
        """Write one message; any thread may. OSError when nobody reads any more."""
        assert self._process.stdin is not None  # noqa: S101 - PIPE above
        with self._one_writer:
            frames.write(self._process.stdin, message, blob)

    def frame(self, seconds: float) -> tuple[dict[str, Any], bytes] | None:
        """Return the next message, None when there is none yet. ChildLostError when there will be none."""
        try:
            frame = self._frames.get(timeout=seconds)
        except queue.Empty:
            return None
        if frame is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            raise ChildLostError(f"{self._process.args!r} ended with {self._process.returncode}")
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
        if grace:
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
        # Not before: a thread may still be writing into a process that took nothing, and closing would wait for it.
        with suppress(OSError):
            self._process.stdin.close()
        self._reader.join(2)
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take stdin and stdout for messages, in the process itself, and leave nothing there: a library that prints would spoil a message."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for good; None under pythonw
    return requests, answers
