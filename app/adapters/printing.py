"""The office's printer through CUPS: exactly the bytes that were previewed, at true size."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

from app.core.errors import AppError

_ASK_SECONDS: Final = 3
_PRINT_SECONDS: Final = 30
_MOST_COPIES: Final = 20
_KEPT: Final = "文件已经存好，可以稍后再印。"


class CupsPrinter:
    """Prints with ``lp`` on the default printer, or on ``printer`` when one is named (:class:`app.services.ports.Printer`)."""

    def __init__(self, printer: str = "") -> None:
        self._printer = printer

    def available(self) -> bool:
        """Whether there is a printer to print on; a few milliseconds, no longer than three seconds."""
        if shutil.which("lp") is None or (lpstat := shutil.which("lpstat")) is None:
            return False
        if self._printer:
            return self._asks([lpstat, "-p", self._printer]).returncode == 0
        # Without a default, lpstat says "no system default destination" and still ends with 0; only the destinations tell.
        return bool(self._asks([lpstat, "-e"]).stdout.strip()) and self._default_is_set(lpstat)

    def print(self, pdf: bytes, title: str, copies: int = 1) -> None:
        """Send these bytes at true size on A4. AppError says in one sentence what stands in the way and what to do.

        ``title`` is shown in the printer's queue and holds no personal data. Raises ValueError for fewer than 1 or more than 20 copies.
        """
        if not 1 <= copies <= _MOST_COPIES:
            raise ValueError(f"{copies} copies")
        lp = shutil.which("lp")
        if lp is None:
            raise AppError(f"这台电脑没有装打印服务（CUPS），先装好再打印。{_KEPT}", "lp not found")
        command = [lp, "-o", "print-scaling=none", "-o", "media=A4", "-t", title, "-n", str(copies)]
        if self._printer:
            command += ["-d", self._printer]
        try:
            done = subprocess.run(  # noqa: S603 (a fixed program, no shell, the title is one argument)
                [*command, "--", "-"], input=pdf, capture_output=True, timeout=_PRINT_SECONDS, check=False, env=_english()
            )
        except subprocess.TimeoutExpired as error:
            raise AppError(
                f"打印服务 {_PRINT_SECONDS} 秒没有回应，看看打印机开没开、线插好没有，再按一次打印。{_KEPT}", "lp timed out"
            ) from error
        except OSError as error:
            raise AppError(f"打印服务启动不了，找信息科看看。{_KEPT}", repr(error)) from error
        if done.returncode:
            raise AppError(_why(done.stderr.decode(errors="replace")), f"lp ended with {done.returncode}")

    def _default_is_set(self, lpstat: str) -> bool:
        return ":" in self._asks([lpstat, "-d"]).stdout

    def _asks(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603 (a fixed program, no shell)
                command, capture_output=True, text=True, timeout=_ASK_SECONDS, check=False, env=_english()
            )
        except (OSError, subprocess.TimeoutExpired):
            return subprocess.CompletedProcess(command, 1, "", "")


def _english() -> dict[str, str]:
    """Return the environment in which lp answers in the words read below."""
    return {**os.environ, "LC_ALL": "C"}


def _why(said: str) -> str:
    """Return the sentence for what lp said."""
    words = said.lower()
    if "no default destination" in words:
        return f"还没有选默认打印机，在系统的打印机设置里设一台，再按一次打印。{_KEPT}"
    if "does not exist" in words or "unknown destination" in words or "invalid destination" in words:
        return f"设定的打印机找不到了，在系统的打印机设置里看看名字，再按一次打印。{_KEPT}"
    if "not accepting" in words or "rejecting" in words:
        return f"打印机暂停接收任务，在系统的打印机设置里恢复它，再按一次打印。{_KEPT}"
    if "connect" in words or "scheduler" in words or "unable to" in words:
        return f"打印服务没有启动，找信息科启动 CUPS，再按一次打印。{_KEPT}"
    return f"打印机没有收下这份文件，看看打印机有没有报警，再按一次打印。{_KEPT}"
