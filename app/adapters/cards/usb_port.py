"""Readers on USB that speak the same frames over a pair of bulk endpoints (0400:C35A)."""

from __future__ import annotations

import errno
import time
from contextlib import suppress
from typing import Any, Final

from app.adapters.cards.link import GoneError

VENDOR: Final = 0x0400
PRODUCT: Final = 0xC35A
ID: Final = f"usb:{VENDOR:04x}:{PRODUCT:04x}"
NAME: Final = "身份证读卡器（USB）"
NO_LIBRARY: Final = "USB 读卡器：这台电脑少了 libusb，让管理员装上；接串口的照常用"
DENIED: Final = "这个账号不能用 USB 读卡器，让管理员放行 0400:C35A；会自己再试"
DRIVER: Final = "USB 读卡器的驱动这里用不了，让管理员换成 WinUSB；会自己再试"
ABSENT: Final = "读卡器没有接上，插上会自己接着读"
_CHUNK: Final = 4096
_KIND: Final = 0x03
_BULK: Final = 0x02
_INWARD: Final = 0x80
_GONE: Final = frozenset({errno.ENODEV, errno.EIO, errno.ENOENT, errno.EPIPE})
_STEP_MS: Final = 100
_EMPTY_READS: Final = 20


def usable() -> bool:
    """Whether this computer has what reaches USB."""
    import usb.backend.libusb1  # noqa: PLC0415 - when a reader is looked for

    return usb.backend.libusb1.get_backend() is not None


def there() -> bool:
    """Whether such a reader is plugged in. Nothing is sent to it."""
    import usb.core  # noqa: PLC0415

    try:
        return usb.core.find(idVendor=VENDOR, idProduct=PRODUCT) is not None
    except (usb.core.NoBackendError, usb.core.USBError):
        return False


class UsbPort:
    """A port over pyusb. ``device`` is asked for anew at each opening, since an address changes when a reader is plugged in again."""

    def __init__(self) -> None:
        self._device: Any = None
        self._out: Any = None
        self._in: Any = None

    def open(self) -> None:
        """Find the reader, claim it, and find its two endpoints."""
        import usb.core  # noqa: PLC0415

        try:
            device = usb.core.find(idVendor=VENDOR, idProduct=PRODUCT)
            if device is None:
                raise GoneError(ABSENT)
            with suppress(NotImplementedError):  # only Linux has a driver in the way
                if device.is_kernel_driver_active(0):
                    device.detach_kernel_driver(0)
            device.set_configuration()
            ends = list(device.get_active_configuration()[(0, 0)])
        except usb.core.NoBackendError:
            raise GoneError(NO_LIBRARY) from None
        except NotImplementedError:
            raise GoneError(DRIVER) from None
        except usb.core.USBError as problem:
            raise GoneError(DENIED if problem.errno in {errno.EACCES, errno.EPERM} else ABSENT) from None
        bulk = [one for one in ends if one.bmAttributes & _KIND == _BULK]
        self._out = next((one for one in bulk if not one.bEndpointAddress & _INWARD), None)
        self._in = next((one for one in bulk if one.bEndpointAddress & _INWARD), None)
        if self._out is None or self._in is None:
            raise GoneError(DRIVER)
        self._device = device

    def close(self) -> None:
        """Let go of it."""
        device, self._device, self._in, self._out = self._device, None, None, None
        if device is not None:
            import usb.util  # noqa: PLC0415

            with suppress(Exception):  # an unplugged reader may raise anything here, and there is nothing left to lose
                usb.util.dispose_resources(device)

    def clear(self) -> None:
        """Throw away what an earlier question left in the pipe."""
        for _ in range(_EMPTY_READS):
            if not self._take(1):
                return

    def write(self, octets: bytes) -> None:
        """Send."""
        if self._out is None:
            raise OSError(errno.ENODEV, "closed")
        self._out.write(octets, 1000)

    def read(self, seconds: float) -> bytes:
        """Wait for a packet."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            came = self._take(max(1, min(_STEP_MS, int(left * 1000))))
            if came:
                return came
        return b""

    def retune(self) -> bool:
        """There is only one speed."""
        return False

    def _take(self, milliseconds: int) -> bytes:
        """Return one packet, b'' when none came in time. OSError when the reader went; pyusb's own errors are such."""
        if self._in is None:
            raise OSError(errno.ENODEV, "closed")
        try:
            return bytes(self._in.read(_CHUNK, milliseconds))
        except OSError as problem:
            if problem.errno in _GONE:
                raise
            return b""
