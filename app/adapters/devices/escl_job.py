"""One eSCL scan job: asked for, fetched page by page, and ended on the scanner whatever happens."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.adapters.devices import escl_jpeg
from app.adapters.devices.driver import BUSY, COVER, DENIED, EMPTY, HUNG, JAM, SPOILT, STOPPED
from app.adapters.devices.escl_line import POLL, CancelledError, Limits, WireError
from app.adapters.devices.escl_xml import Capabilities, Status, XmlError, settings, status
from app.core.errors import DeviceError
from app.services.ports import Feed

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.adapters.devices.escl_wire import Reply, Wire
    from app.services.ports import ScanWish

NOT_A_PAGE = "扫描仪送来的不是扫描的页。看它面板上的提示，再扫一次"
_MOST_PAGES = 1000
_RETRY = 2.0
_FAULTS = {
    "ScannerAdfJam": JAM,
    "ScannerAdfHatchOpen": COVER,
    "ScannerAdfMispick": "扫描仪没有把纸拉进去。把纸理齐放好，从没扫的那一页接着扫",
    "ScannerAdfMultipickDetected": "扫描仪一次进了两张纸。把纸分开放好，从没扫的那一页接着扫",
    "ScannerAdfDuplexPageTooShort": "这张纸太短，进纸器扫不了双面。改扫单面，或放到玻璃板上扫",
    "ScannerAdfDuplexPageTooLong": "这张纸太长，进纸器扫不了双面。改扫单面，或放到玻璃板上扫",
    "ScannerAdfInputTrayFailed": "进纸器的纸盘没有放好。放好再扫",
    "ScannerAdfInputTrayOverloaded": "进纸器里的纸太多。拿掉一些再扫",
}


@dataclass(frozen=True, slots=True)
class Limiting:
    """How long a scanner gets for what, in seconds. A page may wait for a lamp to warm up, and a weak network may carry it slowly."""

    short: Limits = field(default_factory=lambda: Limits(connect=3, answer=6, idle=3, total=8))
    job: Limits = field(default_factory=lambda: Limits(answer=30, total=40))
    page: Limits = field(default_factory=lambda: Limits(answer=75, idle=15, total=240, size=96 << 20))
    ending: Limits = field(default_factory=lambda: Limits(connect=0.4, answer=0.4, idle=0.2, total=0.5))
    busy: float = 30.0
    not_ready: float = 90.0
    grace: float = 0.5
    """How long a cancelled scan waits for the name of the job that it must end."""


def no_paper(problem: DeviceError) -> bool:
    """Whether a scan ended because there was no paper."""
    return problem.sentence == EMPTY


def asked_status(wire: Wire, limiting: Limiting) -> Status | None:
    """Return a scanner's status, None when it does not say."""
    try:
        reply = wire.ask("GET", f"{wire.place.root}/ScannerStatus", limiting.short)
        return status(reply.body) if reply.status == 200 else None  # noqa: PLR2004 - HTTP
    except CancelledError:
        raise
    except (WireError, XmlError):
        return None


class Job:
    """Scan jobs on one scanner, one after another. ``pages`` counts what was handed over."""

    def __init__(self, wire: Wire, caps: Capabilities, limiting: Limiting, cancelled: Callable[[], bool]) -> None:
        self._wire = wire
        self._caps = caps
        self._limiting = limiting
        self._cancelled = cancelled
        self._feed = Feed.GLASS
        self.pages = 0

    def run(self, feed: Feed, wish: ScanWish, emit: Callable[[bytes], None]) -> None:
        """Scan from glass (one page) or feeder (all). DeviceError, WireError; CancelledError with the job ended on the scanner."""
        self._feed = feed
        source = self._caps.source(feed, duplex=wish.duplex)
        if source is None:
            raise DeviceError(EMPTY, f"no {feed}")
        path = self._begin(settings(self._caps, source, feed, dpi=wish.dpi, colour=wish.colour))
        finished = False
        try:
            while self.pages < _MOST_PAGES and (page := self._next(path)) is not None:
                emit(escl_jpeg.with_dpi(page, source.dpi(wish.dpi)))
                self.pages += 1
                if feed is Feed.GLASS:
                    return  # some scan the glass again and again; the job is ended below
            finished = self.pages < _MOST_PAGES
        finally:
            if not finished:
                self._end(path)
        self._see_end(path)

    def _begin(self, body: bytes) -> str:
        """Ask for the job until the scanner is free; return its path."""
        root = self._wire.place.root
        until = time.monotonic() + self._limiting.busy
        while True:
            if self._cancelled():
                raise CancelledError
            reply = self._wire.ask("POST", f"{root}/ScanJobs", self._limiting.job, body, self._with_grace())
            if reply.status != 503:  # noqa: PLR2004 - HTTP
                break
            self._pause(reply, until, BUSY)
        if reply.status != 201:  # noqa: PLR2004 - HTTP
            raise self._diagnosed(reply)
        # The host it names is often one that only the scanner itself knows.
        path = urlsplit(reply.headers.get("Location", "")).path.rstrip("/")
        if not path.startswith("/") or not path.isascii() or not path.isprintable() or " " in path:
            raise DeviceError(STOPPED, "no job address")
        return path

    def _next(self, path: str) -> bytes | None:
        """Return the next page, None when there is none."""
        until = time.monotonic() + self._limiting.not_ready
        while True:
            reply = self._wire.ask("GET", f"{path}/NextDocument", self._limiting.page)
            if reply.status == 200:  # noqa: PLR2004 - HTTP
                break
            if reply.status == 404:  # noqa: PLR2004 - HTTP
                return None
            if reply.status != 503:  # noqa: PLR2004 - HTTP
                raise self._diagnosed(reply)
            self._pause(reply, until, HUNG)
        if escl_jpeg.whole(reply.body):
            return reply.body
        if reply.whole and not reply.body.startswith(b"\xff\xd8"):
            raise DeviceError(NOT_A_PAGE, f"{len(reply.body)} bytes")
        raise DeviceError(SPOILT, f"{len(reply.body)} bytes, whole={reply.whole}")

    def _see_end(self, path: str) -> None:
        """Tell a stack that ran out from one that stopped: some scanners answer a jam with the same 404."""
        now = asked_status(self._wire, self._limiting)
        done = now is not None and now.jobs.get(path.rpartition("/")[2]) == "Completed"
        if now is not None and not done and now.adf in _FAULTS:
            raise DeviceError(_FAULTS[now.adf], now.adf)
        if not self.pages:
            raise DeviceError(EMPTY if self._feed is Feed.FEEDER else STOPPED, "no page")

    def _diagnosed(self, reply: Reply) -> DeviceError:
        """Return what stands in the way, from the scanner's status after a refusal."""
        if reply.status in {401, 403}:
            return DeviceError(DENIED, str(reply.status))
        now = asked_status(self._wire, self._limiting)
        detail = f"{reply.status} {now.state} {now.adf}" if now else str(reply.status)
        if now is None:
            return DeviceError(STOPPED, detail)
        if now.adf in _FAULTS:
            return DeviceError(_FAULTS[now.adf], detail)
        if self.pages:
            return DeviceError(STOPPED, detail)
        if now.state == "Processing":
            return DeviceError(BUSY, detail)
        blind = not now.adf and not self._caps.sees_paper
        empty = self._feed is Feed.FEEDER and reply.status == 409 and (blind or now.adf == "ScannerAdfEmpty")  # noqa: PLR2004
        return DeviceError(EMPTY if empty else STOPPED, detail)

    def _pause(self, reply: Reply, until: float, sentence: str) -> None:
        """Wait as long as the scanner asks for, within reason; DeviceError with ``sentence`` when it has asked for too long."""
        said = reply.headers.get("Retry-After", "").strip()
        seconds = min(float(said), 10.0) if said.isascii() and said.isdecimal() and len(said) < 6 else _RETRY  # noqa: PLR2004
        now = time.monotonic()
        if now >= until:
            raise DeviceError(sentence, "503")
        again = min(now + max(seconds, POLL), until)
        while (rest := again - time.monotonic()) > 0:
            if self._cancelled():
                raise CancelledError
            time.sleep(min(POLL, rest))

    def _with_grace(self) -> Callable[[], bool]:
        """Return a ``cancelled`` that is late: the answer to the request names the job that has to be ended."""
        since: list[float] = []

        def late() -> bool:
            if self._cancelled() and not since:
                since.append(time.monotonic())
            return bool(since) and time.monotonic() - since[0] > self._limiting.grace

        return late

    def _end(self, path: str) -> None:
        with suppress(WireError):
            self._wire.ask("DELETE", path, self._limiting.ending, None, self._signs_of_life)

    def _signs_of_life(self) -> bool:
        self._cancelled()
        return False
