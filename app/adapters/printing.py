"""The office's printers through CUPS: exactly the bytes that were previewed, at true size."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from app.adapters import cups_words
from app.core.errors import AppError
from app.services.ports import PrinterInfo
from app.services.printing import KEPT, MOST_COPIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

_ASK_SECONDS: Final = 3.0
_PRINT_SECONDS: Final = 30.0
_REST_SECONDS: Final = 2.0
_SLICE: Final = 0.2
_LOOK_EVERY: Final = 0.4
_LONG_EDGE: Final = {"Duplex": "DuplexNoTumble", "sides": "two-sided-long-edge"}
"""How a PPD and an IPP printer name printing on both sides, bound at the long edge (``lpoptions -l``)."""


class CupsPrinter:
    """Prints with ``lp`` (:class:`app.services.ports.Printer`), on ``printer`` when one is named.

    Its methods may be called on any thread; :meth:`rest` ends the others.
    """

    def __init__(self, printer: str = "") -> None:
        self._printer = printer
        self._closing = threading.Event()
        self._rests_at = 0.0
        self._sided: dict[str, bool] = {}

    def available(self) -> bool:
        """Whether there is a printer to print on."""
        if shutil.which("lp") is None:
            return False
        if self._printer:
            return self._ask("lpstat", "-p", self._printer)[0] == 0
        return bool(self._names())

    def printers(self) -> tuple[PrinterInfo, ...]:
        """Return every printer with what is wrong with it, the default first."""
        chosen = self._default()
        told = cups_words.blocks(self._ask("lpstat", "-l", "-p")[1])
        rejecting = self._rejecting()

        def info(name: str) -> PrinterInfo:
            trouble = cups_words.trouble(cups_words.alerts_of(told.get(name, ())))
            return PrinterInfo(name, name == chosen, trouble or ("不收新任务" if name in rejecting else ""))

        return tuple(sorted(map(info, self._names()), key=lambda one: not one.default))

    def print(self, pdf: bytes, title: str, copies: int = 1, *, printer: str = "", two_sided: bool = False) -> str:
        """Send these bytes at true size on A4 and return the job's name."""
        if not 1 <= copies <= MOST_COPIES:
            raise ValueError(f"{copies} copies")
        if shutil.which("lp") is None:
            raise AppError(f"这台电脑没有装打印服务（CUPS），先装好再打印。{KEPT}", "lp not found")
        name = printer or self._printer or self._only()
        options = ["-o", "print-scaling=none", "-o", "media=A4", "-o", "collate=true", "-t", title, "-n", str(copies)]
        if name:
            options += ["-d", name]
        if two_sided and self._prints_both_sides(name or self._default()):
            options += ["-o", "sides=two-sided-long-edge"]
        try:
            code, out, said = self._run(["lp", *options, "--", "-"], pdf, _PRINT_SECONDS)
        except subprocess.TimeoutExpired as error:
            seconds = round(_PRINT_SECONDS)
            raise AppError(
                f"打印服务 {seconds} 秒没有回应，看看打印机开没开、线插好没有，再按一次打印。{KEPT}", "lp timed out"
            ) from error
        except OSError as error:
            raise AppError(f"打印服务启动不了，找信息科看看。{KEPT}", repr(error)) from error
        if code:
            # Without its service lp says that there is no default, which would send people to choose one.
            raise AppError(cups_words.refused(said if self._serves() else "scheduler"), f"lp ended with {code}")
        # lp answers like this: request id is Laser-12 (1 file(s))
        _, _, rest = out.partition("request id is ")
        return rest.split(" ", 1)[0].strip()

    def follow(self, job: str, seconds: float) -> str:
        """Look at a job until it is out, or until the time is over."""
        printer = job.rpartition("-")[0]
        if not printer:
            return ""
        end = time.monotonic() + seconds
        last = "还没印完，打印服务也没有回应。文件已经存好，看看打印机，没出来再按一次打印。"
        while True:
            code, told, _ = self._ask("lpstat", "-l", "-W", "not-completed", "-o", printer)
            here = cups_words.blocks(told).get(job)
            if code == 0 and here is None:
                # lpstat says the same of a job that was printed and of one that somebody cancelled (2.4.2): it is no longer waiting.
                return ""
            if here is not None:
                machine = cups_words.blocks(self._ask("lpstat", "-l", "-p", printer)[1]).get(printer, ())
                last = cups_words.waiting(cups_words.alerts_of(here), cups_words.alerts_of(machine))
            left = end - time.monotonic()
            if left <= 0 or self._closing.wait(min(_LOOK_EVERY, left)):
                return last

    def rest(self) -> None:
        """Follow nothing more; a program of CUPS that hangs is ended within moments, one that works gets two seconds more."""
        self._rests_at = time.monotonic() + _REST_SECONDS
        self._closing.set()

    # what CUPS knows
    def _serves(self) -> bool:
        return self._ask("lpstat", "-r")[1].strip().endswith("is running")

    def _names(self) -> list[str]:
        return self._ask("lpstat", "-e")[1].split()

    def _default(self) -> str:
        # "system default destination: Laser"; without one lpstat says so in words without a colon and still ends with 0.
        return self._ask("lpstat", "-d")[1].partition(": ")[2].strip()

    def _only(self) -> str:
        """Return the printer that stands alone where nobody set a default; empty when the system's own choice counts."""
        if self._default():
            return ""
        names = self._names()
        return names[0] if len(names) == 1 else ""

    def _rejecting(self) -> set[str]:
        told = self._ask("lpstat", "-a")[1].splitlines()
        return {line.split(" ", 1)[0] for line in told if " not accepting requests " in line}

    def _prints_both_sides(self, name: str) -> bool:
        """Whether a printer can print on both sides; asked once, since a network printer answers slowly."""
        if not name:
            return False
        if name not in self._sided:
            code, told, _ = self._ask("lpoptions", "-p", name, "-l")
            options = (line.partition(":") for line in told.splitlines())
            able = {head.partition("/")[0]: [one.lstrip("*") for one in choices.split()] for head, _, choices in options}
            if code:
                return False
            self._sided[name] = any(choice in able.get(option, ()) for option, choice in _LONG_EDGE.items())
        return self._sided[name]

    def _ask(self, program: str, *arguments: str) -> tuple[int, str, str]:
        """Return how a program ended and what it said; 1 and nothing when it cannot be asked or does not answer in time."""
        if shutil.which(program) is None:
            return 1, "", ""
        try:
            return self._run([program, *arguments], b"", _ASK_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            return 1, "", ""

    def _run(self, command: list[str], given: bytes, seconds: float) -> tuple[int, str, str]:
        """Run a program no longer than this. OSError, TimeoutExpired."""
        end = time.monotonic() + seconds
        with subprocess.Popen(  # noqa: S603 - a fixed program, no shell, the title is one argument
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_english()
        ) as running:
            try:
                out, said = _in_slices(running, partial(self._time_is_over, end), given)
            except BaseException:
                running.kill()
                raise
        return running.returncode, out.decode(errors="replace"), said.decode(errors="replace")

    def _time_is_over(self, end: float) -> bool:
        return time.monotonic() > (min(end, self._rests_at) if self._closing.is_set() else end)


def _in_slices(running: subprocess.Popen[bytes], over: Callable[[], bool], given: bytes) -> tuple[bytes, bytes]:
    """Wait for a program in short steps, so that it can be ended when the window closes."""
    # Asked for again, `communicate` refuses what is to be given, or leaves the rest of it.
    stdin, running.stdin = running.stdin, None
    threading.Thread(target=_give, args=(stdin, given), daemon=True).start()
    while True:
        try:
            return running.communicate(timeout=_SLICE)
        except subprocess.TimeoutExpired:
            if over():
                raise


def _give(stdin: IO[bytes], given: bytes) -> None:
    """Give a program all that it takes; one that ended takes nothing more."""
    with suppress(OSError), stdin:
        stdin.write(given)


def _english() -> dict[str, str]:
    """Return the environment in which CUPS answers in the words read here."""
    return {**os.environ, "LC_ALL": "C"}
