"""Serial ports: those of this computer, and one of them as a port to a security module."""

from __future__ import annotations

import errno
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from app.adapters.cards.link import GoneError

if TYPE_CHECKING:
    from collections.abc import Iterator

RATES: Final = (115200, 9600, 57600, 38400, 19200)
"""Bits in a second, 8N1: the one every reader comes with, then those to which some are set."""
BUSY: Final = "读卡器的串口被别的程序占着，关掉那个程序；会自己再试"
DENIED: Final = "这个账号不能用串口，让管理员放行；会自己再试"
ABSENT: Final = "读卡器没有接上，插上会自己接着读"
MOST: Final = 32
"""Ports that are looked at: a terminal server may show hundreds."""
_CHUNK: Final = 4096
_STEP_S: Final = 0.05


class SerialPort:
    """A port over pyserial. ``name`` as the system calls it: COM3, /dev/ttyUSB0."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._port: Any = None
        self._at = self._tried = 0

    def open(self) -> None:
        """Open at the speed that served last."""
        import serial  # noqa: PLC0415 - when a reader is looked for

        try:
            self._port = serial.Serial(self._name, RATES[self._at], timeout=_STEP_S, write_timeout=1, exclusive=True)
        except Exception as problem:  # noqa: BLE001 - a port that goes while it is opened raises whatever the system has
            raise GoneError(_why(problem)) from None

    def close(self) -> None:
        """Close it."""
        port, self._port = self._port, None
        if port is not None:
            with suppress(Exception):  # an unplugged adapter may raise anything here, and there is nothing left to lose
                port.close()

    def clear(self) -> None:
        """Throw away what came."""
        with self._held() as port:
            port.reset_input_buffer()

    def write(self, octets: bytes) -> None:
        """Send."""
        with self._held() as port:
            port.write(octets)

    def read(self, seconds: float) -> bytes:
        """Wait for the first byte, then take what is there."""
        end = time.monotonic() + seconds
        with self._held() as port:
            while True:
                first = bytes(port.read(1))
                if first:
                    return first + bytes(port.read(min(port.in_waiting, _CHUNK)))
                if time.monotonic() >= end:
                    return b""

    def retune(self) -> bool:
        """Go on to the next speed."""
        self._at = (self._at + 1) % len(RATES)
        self._tried = (self._tried + 1) % len(RATES)
        with self._held() as port:
            port.baudrate = RATES[self._at]
        return self._tried != 0

    @contextmanager
    def _held(self) -> Iterator[Any]:
        """Give the open port; whatever an adapter raises that was pulled out becomes OSError."""
        if self._port is None:
            raise OSError(errno.ENODEV, "closed")
        try:
            yield self._port
        except OSError:
            raise
        except Exception as problem:  # noqa: BLE001 - termios has an error of its own
            raise OSError(errno.ENODEV, type(problem).__name__) from None


def names() -> list[tuple[str, str]]:
    """Return the serial ports of this computer: name, and what a reader at it is called."""
    from serial.tools import list_ports  # noqa: PLC0415

    return [(str(one.device), called(str(one.name or one.device))) for one in list(list_ports.comports())[:MOST]]


def called(name: str) -> str:
    """Return what a reader at a port is called."""
    return f"身份证读卡器（{name.rpartition('/')[2]}）"


def _why(problem: Exception) -> str:
    """Say why a port cannot be opened. pyserial puts the system's error into its own, on Windows only into the words."""
    code, words = getattr(problem, "errno", None), str(problem)
    if code in {errno.EACCES, errno.EPERM}:
        return DENIED
    if code in {errno.EBUSY, errno.EAGAIN} or "PermissionError" in words or "exclusively lock" in words:
        return BUSY
    return ABSENT
