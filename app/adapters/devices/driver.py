"""What a scanner driver is, and the sentences all drivers share.

A driver runs in a process of its own (:mod:`app.adapters.devices.worker`), on that process's main thread, one call at a time; it may
keep state between calls and may use whatever library it likes: when it crashes or hangs, only its process is lost. Its module
``app/adapters/devices/<name>.py`` has a function ``driver()`` that returns it and that imports nothing heavy before it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.ports import Abilities, Scanner, ScanWish

JAM = "扫描仪卡纸。取出卡住的纸，从卡住的那一页接着扫"
EMPTY = "进纸器里没有纸。放好纸再扫"
COVER = "扫描仪的盖子没合上。合上再扫"
BUSY = "扫描仪正被别的程序或别的电脑用着。等它停下再扫"
LOST = "扫描仪连不上了。看电源和连线，再扫一次"
ABSENT = "找不到这台扫描仪。看电源和连线，再找一次"
DENIED = "电脑不让用这台扫描仪。让管理员给这个用户扫描的权限"
HUNG = "扫描仪没有反应。关掉它的电源再打开，再扫一次"
STOPPED = "扫描仪自己停了。看它面板上的提示，再扫一次"
BROKEN = "扫描仪的程序停了。再扫一次；还不行，用文件或高拍仪收"
SPOILT = "扫描仪送来的一页不完整，没有收。再扫这一页"


class Driver(Protocol):
    """One way to reach scanners. Each call may raise DeviceError with one sentence; what else it raises is told as a crash.

    While it works a driver asks ``cancelled`` at least five times a second: that is its sign of life too. Silent for
    ``DriverClient.silence`` seconds it is killed; alive without a page for ``DriverClient.patience`` seconds as well. A driver that can
    see its own device stall says :data:`HUNG` earlier.
    """

    name: str
    """sane, escl or wia; ``Scanner.driver`` of each scanner it finds."""

    def found(self, cancelled: Callable[[], bool]) -> Sequence[Scanner]:
        """Look for scanners for at most some seconds; end early when ``cancelled``, with what was found until then."""
        ...

    def at(self, address: str) -> Scanner:
        """Return the scanner at a typed address. DeviceError where there is none, or where this driver has no addresses."""
        ...

    def abilities(self, id_: str) -> Abilities:
        """Ask the scanner with this ``Scanner.id`` what it can do. DeviceError when it does not answer."""
        ...

    def scan(self, id_: str, wish: ScanWish, emit: Callable[[bytes], None], cancelled: Callable[[], bool]) -> None:
        """Scan every sheet; give each page to ``emit`` as a whole JPEG or PNG file with its dpi, decoded once before it is believed.

        ``emit`` comes back when the page is in safe hands, so it may take a second. Returns when the feeder is empty after a page, or
        when ``cancelled`` (within a second, the job ended on the device too). The nearest thing the device can do is done. DeviceError:
        :data:`EMPTY` only when no page came at all; what was emitted is kept in every case, so a sentence need not say so.
        """
        ...

    def pressed(self, id_: str) -> bool:
        """Whether the scanner's own button was pressed since last asked; False where it cannot be known. Quick: asked each second."""
        ...
