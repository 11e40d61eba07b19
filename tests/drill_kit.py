"""Programs that are killed while they work.

A warm program (:class:`Warm`) is started once with everything loaded; it forks one worker for each life, so that a life costs what its
work costs. A worker says one line before and after each thing it does; the drill kills it after so many lines and a moment.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
_WHOLE = 4096
"""Bytes that a pipe takes at once or not at all."""


def many(short: int, long: int) -> int:
    return long if LONG else short


def dice(seed: int) -> random.Random:
    """The same short run each time; the long one differs from day to day and says by what."""
    if not LONG:
        return random.Random(seed)
    chosen = int(os.environ.get("CHUANGKOU_DRILL_SEED", time.time_ns() % 1_000_000))
    print(f"seed {chosen}")  # noqa: T201 - to run it again
    return random.Random(chosen)


def figure(record_property: Callable[[str, object], None], **figures: object) -> None:
    """Leave the one line that a drill is run for."""
    for name, one in figures.items():
        record_property(name, one)
    print(", ".join(f"{name} {one}" for name, one in figures.items()))  # noqa: T201 - the figures of the long run


def say(*words: Any) -> None:
    """Say one line, whole whatever happens next."""
    line = json.dumps(words).encode() + b"\n"
    if len(line) > _WHOLE:
        raise ValueError("a pipe may take half of this line")
    os.write(1, line)


class Warm:
    """A program with ``module`` loaded and warm, whose functions are the jobs. Use it in a ``with``."""

    def __init__(self, module: str) -> None:
        path = os.pathsep.join(map(str, (HERE.parent, HERE, HERE / "store", HERE / "services", HERE / "transfer")))
        # One thread only: a fork takes no other along.
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._program = subprocess.Popen(
            [sys.executable, Path(__file__), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **threads, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
            text=True,
        )
        self._pid = 0
        self._said: list[list[Any]] = []

    def __enter__(self) -> Self:
        try:
            assert self._hear() == ["ready"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(AssertionError):  # what went wrong was said already
            self.kill()
        self._program.stdin.close()
        self._program.wait()
        self._program.stdout.close()

    def begin(self, job: str, *args: object) -> None:
        """Let a worker begin."""
        self._said = []
        self._program.stdin.write(json.dumps([job, [str(arg) if isinstance(arg, Path) else arg for arg in args]]) + "\n")
        self._program.stdin.flush()
        what, self._pid = self._hear()
        assert what == "pid"

    def wait(self, lines: int) -> None:
        """Wait until the worker said so many lines."""
        for _ in range(lines):
            line = self._hear()
            assert line not in (["over"], ["broke"]), "the worker ended by itself"
            self._said.append(line)

    def short_life(self, rng: random.Random, job: str, *args: object, lines: int, seconds: float) -> bool:
        """As :meth:`life`, for a job that may come to its own end before; return whether it was killed."""
        self.begin(job, *args)
        for _ in range(rng.randrange(lines + 1)):
            line = self._hear()
            assert line != ["broke"], "the worker met an error of ours"
            if line == ["over"]:
                self._pid = 0
                return False
        time.sleep(rng.uniform(0, seconds))
        self.kill()
        return True

    def finish(self) -> list[list[Any]]:
        """Let the worker come to its own end; return all it said."""
        while (line := self._hear()) != ["over"]:
            assert line != ["broke"], "the worker met an error of ours"
            self._said.append(line)
        self._pid = 0
        return self._said

    def kill(self) -> list[list[Any]]:
        """Kill the worker; return all it said."""
        pid, self._pid = self._pid, 0
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            while (line := self._hear()) != ["over"]:
                assert line != ["broke"], "the worker met an error of ours"
                self._said.append(line)
        return self._said

    def life(self, rng: random.Random, job: str, *args: object, lines: int, seconds: float) -> list[list[Any]]:
        """Run a job, kill it after up to so many lines and up to so many seconds more; return all it said."""
        self.begin(job, *args)
        self.wait(rng.randrange(lines + 1))
        time.sleep(rng.uniform(0, seconds))
        return self.kill()

    def _hear(self) -> list[Any]:
        line = self._program.stdout.readline()
        if not line.endswith("\n"):
            raise AssertionError("the warm program ended by itself")
        heard: list[Any] = json.loads(line)
        return heard


def serve(module: str) -> None:
    """Fork a worker for each job asked for, until nobody asks any more."""
    jobs = importlib.import_module(module)
    jobs.warm()
    say("ready")
    for line in sys.stdin:
        job, args = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                say("pid", os.getpid())
                random.seed()
                getattr(jobs, job)(*args)
            except BaseException:  # noqa: BLE001 - whatever it was, the drill has to know
                traceback.print_exc()
                say("broke")
            os._exit(0)
        os.waitpid(pid, 0)
        say("over")


if __name__ == "__main__":
    # Jobs say their lines through the very module that serves them.
    sys.modules["drill_kit"] = sys.modules["__main__"]
    serve(sys.argv[1])
