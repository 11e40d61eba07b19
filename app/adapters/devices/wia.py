"""Windows scanners by Windows Image Acquisition 2. Written against its documentation; never run: there was no Windows and no device.

What is chosen and what is said is here and tested with hand-written items; :mod:`app.adapters.devices.wia_com` is what talks COM.
The drivers of scanners are many: what one refuses to be told is left as it stands, and the pages say what they really are.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from app.adapters.devices.driver import ABSENT, EMPTY
from app.adapters.devices.wia_items import WiaError, as_page, dpis_of, feeds_for, feeds_of, item_of, prepare
from app.adapters.devices.wia_words import COLOUR, DATATYPE, HANDLING_CAPABILITIES, PAPER_EMPTY, USUAL_DPIS, Can, sentence
from app.core.errors import DeviceError
from app.services.ports import Abilities, Feed, Scanner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.adapters.devices.wia_items import Item, Service
    from app.services.ports import ScanWish

_NO_ADDRESS = "这里只能写网络扫描仪的地址。接在电脑上的扫描仪，找一次就会出现"
_POLL = 0.1
_ENDING = 0.8
"""Seconds a stopped transfer gets to end."""


def driver() -> Wia:
    """Return the driver for a worker process."""
    return Wia(manager)


class Wia:
    """WIA scanners (driver.Driver)."""

    name = "wia"

    def __init__(self, service: Callable[[], Service]) -> None:
        self._made = service
        self._service: Service | None = None

    def found(self, cancelled: Callable[[], bool]) -> Sequence[Scanner]:  # noqa: ARG002 - an enumeration, over at once
        """List the scanners Windows knows."""
        try:
            return self._wia().devices()
        except WiaError as problem:
            raise _told(problem) from problem

    def at(self, address: str) -> Scanner:  # noqa: ARG002 - the protocol asks for it
        """There are no addresses here. DeviceError."""
        raise DeviceError(_NO_ADDRESS)

    def abilities(self, id_: str) -> Abilities:
        """Ask the driver what it lists."""
        try:
            root = self._wia().open(id_)
            feeds = feeds_of(root)
            items = [item_of(root, feed) for feed in feeds]
            dpis = {dpi for item in items for dpi in dpis_of(item)}
        except WiaError as problem:
            raise _told(problem, ABSENT) from problem
        colours = [item.choices(DATATYPE) for item in items]
        return Abilities(
            feeds,
            tuple(sorted(dpis)) or USUAL_DPIS,
            duplex=Feed.FEEDER in feeds and bool((root.read(HANDLING_CAPABILITIES) or 0) & Can.DUPLEX),
            colour=any(not choices or COLOUR in choices for choices in colours),
        )

    def scan(self, id_: str, wish: ScanWish, emit: Callable[[bytes], None], cancelled: Callable[[], bool]) -> None:
        """Scan; AUTO goes by the feeder's own sensor, and without one tries the feeder first."""
        try:
            root = self._wia().open(id_)
            first, then = feeds_for(root, wish.feed)
            pages, problem = self._run(root, first, wish, emit, cancelled)
            if not pages and then and (problem is None or problem.code == PAPER_EMPTY) and not cancelled():
                first = then
                pages, problem = self._run(root, then, wish, emit, cancelled)
        except WiaError as refused:
            raise _told(refused, ABSENT) from refused
        if cancelled() or (pages and problem is not None and problem.code == PAPER_EMPTY):
            return
        if problem is not None:
            raise _told(problem) from problem
        if not pages:
            raise DeviceError(EMPTY, f"no page from {first}")

    def pressed(self, id_: str) -> bool:  # noqa: ARG002 - the protocol asks for it
        """Never: WIA starts a program of its own for a button and cannot be asked."""
        return False

    def _wia(self) -> Service:
        if self._service is None:
            self._service = self._made()
        return self._service

    def _run(
        self, root: Item, feed: Feed, wish: ScanWish, emit: Callable[[bytes], None], cancelled: Callable[[], bool]
    ) -> tuple[int, WiaError | None]:
        """Scan one source; return how many pages came and what ended it. The transfer has a thread, so that this one can be asked."""
        item = item_of(root, feed)
        dpi = prepare(root, item, feed, wish)
        transfer = _Transfer(item)
        pages = 0
        try:
            while not cancelled():
                try:
                    got = transfer.ready.get(timeout=_POLL)
                except queue.Empty:
                    continue
                if isinstance(got, bytes):
                    emit(as_page(got, dpi))
                    pages += 1
                    transfer.taken.set()
                elif got is None or isinstance(got, WiaError):
                    return pages, got
                else:
                    raise got
            return pages, None
        finally:
            transfer.end(cancelled)


class _Transfer:
    """A download on a thread of its own. ``ready`` gets each file, then None or what ended it; ``taken`` lets the next one begin."""

    def __init__(self, item: Item) -> None:
        self.ready: queue.Queue[bytes | Exception | None] = queue.Queue(maxsize=1)
        self.taken = threading.Event()
        self._item = item
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self, cancelled: Callable[[], bool]) -> None:
        """Stop it; what comes after that is not kept. A driver that does not listen is left behind."""
        self._stop.set()
        if self._thread.is_alive():
            self._item.stop()
        for _ in range(round(_ENDING / _POLL)):
            if not self._thread.is_alive():
                return
            cancelled()
            with suppress(queue.Empty):
                self.ready.get(timeout=_POLL)

    def _run(self) -> None:
        end: Exception | None = None
        try:
            self._item.download(self._page, self._stop.is_set)
        except Exception as problem:  # noqa: BLE001 - told on the thread that asked
            end = problem
        self.ready.put(end)

    def _page(self, data: bytes) -> None:
        self.taken.clear()
        self.ready.put(data)
        while not (self._stop.is_set() or self.taken.wait(_POLL)):
            pass  # the next sheet is not pulled before this one is in safe hands


def _told(problem: WiaError, absent: str = "") -> DeviceError:
    return DeviceError(sentence(problem.code, absent), str(problem))


def manager() -> Service:
    """Return this computer's WIA service. DeviceError where there is none."""
    if os.name != "nt":
        raise DeviceError("这台电脑不是 Windows，用不了这一类扫描仪", sys.platform)
    sys.coinit_flags = 0  # type: ignore[attr-defined]  # COINIT_MULTITHREADED; comtypes reads it when it is imported
    from app.adapters.devices.wia_com import Manager  # noqa: PLC0415

    return Manager()
