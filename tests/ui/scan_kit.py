"""A scanner made by hand: it gives what a test laid into it, one sheet when the test lets it, and does what scanners do wrong."""

from __future__ import annotations

import threading
import time

from app.core.errors import DeviceError
from app.services.ports import Abilities, Feed, Scanner, ScanWish

ALPHA = Scanner("urn:uuid:alpha", "escl", "松石 A400", "192.0.2.11")
BETA = Scanner("test:0", "sane", "竹风 2", "USB")
EMPTY = "进纸器里没有纸。放好纸再扫"
JAM = "扫描仪卡纸。取出卡住的纸，从卡住的那一页接着扫。前面 1 页已收好"
LIMIT_S = 20


class FakeScanners:
    """The port ``Scanners``. ``paper`` holds sheets as bytes, and DeviceErrors that come in their turn.

    ``gate``: with one, a sheet is handed over only when the test lets it. ``hung``: the next scan does not come back before
    :meth:`let_go`. ``handed`` counts sheets that were handed over and came back, which is when the next is asked for.
    """

    def __init__(self, *paper: bytes | DeviceError) -> None:
        self.paper = list(paper)
        self.there = [ALPHA, BETA]
        self.can = Abilities((Feed.FEEDER, Feed.GLASS), (200, 300, 600), duplex=True)
        self.gate: threading.Semaphore | None = None
        self.hung = False
        self.presses = 0
        self.handed = 0
        self.asked: list[tuple[str, ScanWish]] = []
        self._released = threading.Event()

    def found(self):
        return self.there

    def at(self, address):
        if address != BETA.where and not address.startswith("192."):
            raise DeviceError("这个地址没有扫描仪应答。看地址和网线，再找一次")
        return Scanner(f"http://{address}/eSCL", "escl", "网络扫描仪", address)

    def abilities(self, scanner):
        return self.can

    def scan(self, scanner, wish, page, cancelled):
        self.asked.append((scanner.id, wish))
        if self.hung:
            self._released.wait(LIMIT_S)
            return
        came = 0
        while self.paper:
            if self.gate is not None:
                end = time.monotonic() + LIMIT_S
                while not self.gate.acquire(timeout=0.05):
                    if cancelled() or time.monotonic() > end:
                        return
            if cancelled():
                return
            sheet = self.paper.pop(0)
            if isinstance(sheet, DeviceError):
                raise sheet
            page(sheet)
            came += 1
            self.handed = came
        if not came:
            raise DeviceError(EMPTY)

    def pressed(self, scanner):
        pressed, self.presses = bool(self.presses), max(0, self.presses - 1)
        return pressed

    def let_go(self):
        self._released.set()

    def close(self):
        self.let_go()
