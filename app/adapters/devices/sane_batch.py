"""One run of ``scanimage``, page by page, without a file: each page comes through a named pipe as it is scanned.

scanimage writes ``N.pnm.part`` and renames it when the page is whole. A pipe of that name, made before, takes its place: nothing of
an applicant's papers is ever on a disk, the bytes tell that the scanner moves, and after the last page nothing is left but an empty folder.
"""

from __future__ import annotations

import io
import os
import queue
import re
import select
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from PIL import Image

from app.adapters.devices.driver import HUNG, SPOILT
from app.core.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

_POLL = 0.1
_CHUNK = 1 << 20
_PIPE = 1 << 20
_AHEAD = 3
"""Whole pages that may wait while one is stored; then the scanner waits. An A4 page in colour at 300 dpi is 26 MB."""
_LET_GO = 0.6
"""Seconds scanimage gets to stop the paper by itself."""
_F_SETPIPE_SZ = 1031
_HEAD = re.compile(rb"^P([456])\s(?:#[^\n]*\n)*(\d+)\s+(\d+)\s(?:(\d+)\s)?")
_MOST_PIXELS = 20_000 * 40_000
_TOLD = re.compile(rb"sane_(?:start|read): (.+)\n")
_REASONS = {
    b"Operation not supported": 1,
    b"Operation was cancelled": 2,
    b"Device busy": 3,
    b"Invalid argument": 4,
    b"Document feeder jammed": 6,
    b"Document feeder out of documents": 7,
    b"Scanner cover is open": 8,
    b"Error during device I/O": 9,
    b"Out of memory": 10,
    b"Access to resource has been denied": 11,
}
"""What ``sane_strstatus`` calls each status (SANE 1.1, section 4.2.7)."""


@dataclass(slots=True)
class _Run:
    """What the reading thread and the one that hands pages over tell each other."""

    process: subprocess.Popen[bytes]
    folder: Path
    pages: queue.Queue[bytes | None] = field(default_factory=lambda: queue.Queue(_AHEAD))
    said: bytes = b""
    stop: threading.Event = field(default_factory=threading.Event)
    moved: float = 0.0
    broken: bool = False
    bug: Exception | None = None


def command(*arguments: str) -> list[str]:
    """Return a command line for scanimage that dies with this process, where the system can see to it."""
    guard = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    return [*guard, "scanimage", *arguments]


def scan(
    arguments: tuple[str, ...],
    environment: Mapping[str, str],
    folder: Path,
    stall: float,
    cancelled: Callable[[], bool],
) -> Generator[bytes, None, tuple[int, str]]:
    """Yield each page as raw PNM, whole, while the next one is scanned. Ends with scanimage; SANE's status and the last words are the value returned.

    ``folder`` is made and removed. DeviceError (:data:`HUNG`) when nothing moves for ``stall`` seconds, (:data:`SPOILT`) when a page is
    told to be whole and is not. However it ends, scanimage has ended too.
    """
    folder.mkdir()
    for number in (1, 2):
        os.mkfifo(folder / f"{number}.pnm.part", 0o600)
    process = subprocess.Popen(  # noqa: S603 - no shell; a device name is one argument
        command(*arguments, "--format=pnm", "--batch=%d.pnm", "--batch-print"),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    run = _Run(process, folder, moved=time.monotonic())
    reader = threading.Thread(target=_read, args=(run,), daemon=True)
    reader.start()
    try:
        yield from _hand_over(run, stall, cancelled)
    finally:
        _end(run)
        reader.join()
        shutil.rmtree(folder, ignore_errors=True)
    return ended_with(process.returncode, run.said), " / ".join(run.said.decode("utf-8", "replace").splitlines()[-3:])


def ended_with(code: int, said: bytes) -> int:
    """Return SANE's status of a run: scanimage's exit code, or the reason it told before it was stopped by a signal.

    A backend whose own thread writes to a closed pipe while scanimage cleans up stops it so: it says "aborting", and its exit code is 0
    whatever happened (seen with SANE 1.1.1's test backend in up to a third of the runs that break).
    """
    told = _TOLD.findall(said)
    return _REASONS.get(told[-1].strip(), code) if told and code <= 0 else code


def _hand_over(run: _Run, stall: float, cancelled: Callable[[], bool]) -> Iterator[bytes]:
    while not cancelled():
        try:
            page = run.pages.get(timeout=_POLL)
        except queue.Empty:
            if time.monotonic() - run.moved > stall:
                raise DeviceError(HUNG, f"scanimage: nothing for {stall:.0f} s") from None
            continue
        if page is None:
            break
        yield page
    if run.bug:
        raise run.bug
    if run.broken and not cancelled():
        raise DeviceError(SPOILT, "scanimage told a page that is not whole")


def _end(run: _Run) -> None:
    """Stop scanimage: by itself, which ejects the paper, else by force."""
    run.stop.set()
    process = run.process
    for number, seconds in ((signal.SIGINT, _LET_GO), (signal.SIGKILL, None)):
        if process.poll() is None:
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
    process.wait()


def _read(run: _Run) -> None:
    """Read pages until scanimage ends; what it says tells which are whole."""
    output = run.process.stdout
    assert output is not None  # noqa: S101 - PIPE above
    os.set_blocking(output.fileno(), False)
    number = 1
    try:
        while True:
            data = _one(run, number, output)
            if data is None:
                break
            os.mkfifo(run.folder / f"{number + 2}.pnm.part", 0o600)
            if not _told(run, number, output):
                break
            if not whole(data):
                run.broken = True
                run.process.send_signal(signal.SIGINT)
                break
            _put(run, data)
            number += 1
    except Exception as bug:  # noqa: BLE001  # raised again where the pages are waited for
        run.bug = bug
        run.process.send_signal(signal.SIGINT)
    finally:
        _drain(run, output, number)
        output.close()
        _put(run, None)


def _one(run: _Run, number: int, output: IO[bytes]) -> bytes | None:
    """Read one page's pipe to its end; None when scanimage ended instead, or when nobody wants it any more."""
    pipe = os.open(run.folder / f"{number}.pnm.part", os.O_RDONLY | os.O_NONBLOCK)
    try:
        with suppress(OSError):  # a user's share of pipe memory may be used up: it goes slower
            _widen(pipe)
        data = bytearray()
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        while not run.stop.is_set():
            ended = run.process.poll() is not None  # before the look: what it wrote last is still read
            if not poll.poll(_POLL * 1000):
                _listen(run, output)
                if ended:
                    return None
                continue
            try:
                chunk = os.read(pipe, _CHUNK)
            except BlockingIOError:
                continue
            if not chunk:
                return bytes(data)
            data += chunk
            run.moved = time.monotonic()
        return None
    finally:
        os.close(pipe)


def _widen(pipe: int) -> None:
    import fcntl  # noqa: PLC0415 - not on Windows, where this module is only imported to be checked

    fcntl.fcntl(pipe, _F_SETPIPE_SZ, _PIPE)


def _told(run: _Run, number: int, output: IO[bytes]) -> bool:
    """Wait until scanimage says that this page is whole; False when it ends without."""
    line = re.compile(rb"(?<!\d)%d\.pnm\n" % number)  # other words stand before and between
    while not run.stop.is_set():
        ended = run.process.poll() is not None
        _listen(run, output)
        if line.search(run.said):
            run.moved = time.monotonic()
            return True
        if ended:
            return False
        select.select([output], [], [], _POLL)
        time.sleep(0.001)  # at its end stdout is always ready
    return False


def _listen(run: _Run, output: IO[bytes]) -> None:
    with suppress(BlockingIOError):
        while data := os.read(output.fileno(), 4096):
            run.said += data


def _put(run: _Run, page: bytes | None) -> None:
    """Queue a page, and wait while there are enough; nobody reads any more once ``stop`` is set."""
    while not run.stop.is_set():
        with suppress(queue.Full):
            run.pages.put(page, timeout=_POLL)
            run.moved = time.monotonic()
            return
        run.moved = time.monotonic()  # it is us who wait, not the scanner


def _drain(run: _Run, output: IO[bytes], number: int) -> None:
    """Let scanimage write into nothing until it ends, so that it can stop the paper."""
    pipes = []
    for each in (number, number + 1):
        with suppress(OSError):
            pipes.append(os.open(run.folder / f"{each}.pnm.part", os.O_RDONLY | os.O_NONBLOCK))
    try:
        while run.process.poll() is None:
            _listen(run, output)
            for pipe in pipes:
                with suppress(BlockingIOError):
                    os.read(pipe, _CHUNK)
            time.sleep(0.005)
    finally:
        for pipe in pipes:
            os.close(pipe)


def whole(data: bytes) -> bool:
    """Whether this is a PNM file with every pixel that its head announces."""
    shape = _shape(data)
    return shape is not None and len(data) - shape[0] == shape[1]


def _shape(data: bytes) -> tuple[int, int] | None:
    """Return where the pixels begin and how many bytes they are."""
    head = _HEAD.match(data)
    if not head:
        return None
    kind, width, height = head[1], int(head[2]), int(head[3])
    if not (width and height) or width * height > _MOST_PIXELS:
        return None
    if kind == b"4":
        # Two-level pictures have no highest value: what looked like one belongs to the pixels.
        begin = re.match(rb"^P4\s(?:#[^\n]*\n)*\d+\s+\d+\s", data)
        return (begin.end(), (width + 7) // 8 * height) if begin else None
    if head[4] is None:
        return None
    return head.end(), width * height * (3 if kind == b"6" else 1) * (2 if int(head[4]) > 255 else 1)  # noqa: PLR2004


def file(data: bytes, dpi: int) -> bytes:
    """Return a raw page as a file with its dpi (0: unknown): PNG for black and white, else JPEG. SPOILT when it cannot be read after all.

    JPEG at quality 95 with full colour: an A4 page at 300 dpi takes 0.12 s and 3 MB, where PNG takes 1.8 s and 15 MB for the same noise.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            kept = image if image.mode in {"1", "L", "RGB"} else image.convert("L")
            out = io.BytesIO()
            dots = {"dpi": (dpi, dpi)} if dpi else {}
            if kept.mode == "1":
                kept.save(out, "PNG", **dots)
            else:
                kept.save(out, "JPEG", quality=95, subsampling=0, **dots)
    except (OSError, ValueError, SyntaxError) as wrong:
        raise DeviceError(SPOILT, str(wrong)) from wrong
    return out.getvalue()
