"""A PDF into page pictures. Whatever else it carries stays behind: scripts, attached files, layers of history.

Pages are drawn in a process of their own (:mod:`app.adapters.imaging.pdf_worker`): a page that draws for ever, or breaks the library, is
ended there and holds nothing here. The process stays for the next file and goes with this one.
"""

from __future__ import annotations

import atexit
import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.adapters.imaging.pdf_worker import MAX_PAGES
from app.core.errors import AppError, RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from numpy.typing import NDArray

#: Seconds the next page may take. A3 at 300 dpi full of pictures takes one on a slow computer; the first answer waits for the start too.
PAGE_SECONDS: Final = 5.0
START_SECONDS: Final = 20.0

_WORKER: Final = Path(__file__).with_name("pdf_worker.py")
_REFUSALS: Final = {
    "password": "这份 PDF 有密码，打不开。让对方给不带密码的，或直接扫描原件。",
    "security": "这份 PDF 的加密方式打不开。让对方给不加密的，或直接扫描原件。",
    "broken": "这份 PDF 坏了，打不开。让对方重发，或直接扫描原件。",
    "heavy": "这份 PDF 有一页太复杂，画不出来。打印出来再扫描，或让对方重新导出。",
}


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One rendered page, BGR on white, and the dots per inch it was rendered with."""

    pixels: NDArray[np.uint8]
    dpi: int


@dataclass(frozen=True, slots=True)
class PdfScan:
    """One page that is nothing but this JPEG (grey or RGB by the file), its size in pixels, and its dots per inch on the page."""

    data: bytes
    size: tuple[int, int]
    dpi: int


def pdf_pages(
    data: bytes, dropped: Callable[[str], None], *, seconds: float = PAGE_SECONDS, scans: bool = False
) -> Generator[PdfPage | PdfScan, None, None]:
    """Render the pages one by one. RefusedFileError when it is locked, broken, empty, has more than 200 pages, or one that takes too long.

    ``seconds``: how long each page may take. ``scans``: a page that is nothing but a scanner's JPEG is handed over as that.
    """
    with _ONE_AT_A_TIME:
        drawn = False
        try:
            _drawer.begin(data, scans)
            while (told := _drawer.next(seconds)) is not None:
                if "refused" in told:
                    drawn = told["refused"][0] != "heavy"
                    raise _refusal(*told["refused"])
                for words in _left_behind(*told.get("left", (0, 0, 0))):
                    dropped(words)
                if "page" in told:
                    width, height, dpi = told["page"]
                    yield PdfPage(np.frombuffer(told["body"], np.uint8).reshape(height, width, 3), dpi)
                if "scan" in told:
                    width, height, dpi, _ = told["scan"]
                    yield PdfScan(told["body"], (width, height), dpi)
            drawn = True
        finally:
            if not drawn:  # it may be in the middle of a page that nobody wants any more
                _drawer.end()


class _Drawer:
    """The process, its answers read by a thread so that waiting for one can end. Used under the lock only."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue(1)

    def begin(self, data: bytes, scans: bool) -> None:
        """Hand over a file. The process is started when there is none."""
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._start()
        process, answers = self._process, self._answers
        assert process is not None  # noqa: S101 - for the type checker
        threading.Thread(target=_converse, args=(process, data, scans, answers), daemon=True, name="pdf").start()
        self._patience = START_SECONDS

    def next(self, seconds: float) -> dict[str, Any] | None:
        """Return the next answer, None at the end of the file. RefusedFileError when it does not come in time or the process broke."""
        try:
            told = self._answers.get(timeout=max(seconds, self._patience))
        except queue.Empty:
            raise _refusal("heavy") from None
        self._patience = 0.0
        if "gone" in told:
            raise _refusal("heavy" if told["gone"] else "broken")
        return None if "end" in told else told

    def end(self) -> None:
        """Stop the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        with suppress(queue.Empty):  # the reader may be waiting to hand over one last answer
            self._answers.get_nowait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError, ValueError):
                    pipe.close()

    def _start(self) -> None:
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own file, no shell
                (sys.executable, "-I", str(_WORKER)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=flags,
            )
        except OSError as error:
            raise AppError("打不开画 PDF 的程序。重启电脑再试，或直接扫描原件。", type(error).__name__) from error
        self._answers = queue.Queue(1)


def _converse(process: subprocess.Popen[bytes], data: bytes, scans: bool, answers: queue.Queue[dict[str, Any]]) -> None:
    """Send one file and pass on what comes back, until its end or the process's."""
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None  # noqa: S101 - for the type checker
    assert stdout is not None  # noqa: S101
    try:
        stdin.write(bytes((scans,)) + len(data).to_bytes(8))
        stdin.write(data)
        stdin.flush()
        while line := stdout.readline():
            told = json.loads(line)
            if "page" in told:
                width, height, _ = told["page"]
                told["body"] = stdout.read(width * height * 3)
            if "scan" in told:
                told["body"] = stdout.read(told["scan"][3])
            answers.put(told)
            if "end" in told or "refused" in told:
                return
    except (OSError, ValueError):
        pass
    # Killed for its memory or by a fault of the library: the one is the page's weight, the other a broken file.
    with suppress(queue.Full):
        answers.put({"gone": process.poll() in {-9, -6}}, timeout=PAGE_SECONDS)


def _left_behind(scripts: int, attached: int, signed: int) -> list[str]:
    told = []
    if scripts:
        told.append("PDF 里的脚本没有收")
    if attached > 0:
        told.append(f"PDF 里夹带的 {attached} 个附件没有收")
    if signed > 0:
        told.append("PDF 的电子签名收成了图样，验证信息没有收")
    return told


def _refusal(why: str, number: int = 0) -> RefusedFileError:
    if why == "pages" and number == 0:
        return RefusedFileError("这份 PDF 里一页也没有。让对方重发，或直接扫描原件。")
    if why == "pages":
        return RefusedFileError(f"这份 PDF 有 {number} 页，一次最多 {MAX_PAGES} 页。只留要交的页，再加。")
    if why == "size":
        return RefusedFileError(f"这份 PDF 第 {number} 页没有大小，画不出来。让对方重新导出，或直接扫描原件。")
    return RefusedFileError(_REFUSALS[why], why)


#: One process, and one file in it at a time.
_ONE_AT_A_TIME = threading.Lock()
_drawer = _Drawer()
atexit.register(_drawer.end)
