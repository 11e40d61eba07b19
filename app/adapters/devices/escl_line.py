"""A connection that is watched while it waits: nothing blocks longer than a tenth of a second, so that ``cancelled`` is asked all along."""

from __future__ import annotations

import errno
import io
import ipaddress
import queue
import selectors
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

POLL = 0.1
"""Seconds between two looks at ``cancelled``."""
PIECE = 1 << 18


class WireError(Exception):
    """A request that brought nothing that can be used."""


class LostError(WireError):
    """No connection, or one that broke."""


class SilentError(WireError):
    """Connected, and no answer or no end of it in time."""


class GarbledError(WireError):
    """An answer that is no HTTP, or larger than can be."""


class PinError(WireError):
    """Another certificate than the one remembered."""


class CancelledError(WireError):
    """Whoever asked does not want it any more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one request may take, in seconds, and how large its answer may be, in bytes."""

    connect: float = 4.0
    answer: float = 10.0
    idle: float = 10.0
    total: float = 20.0
    size: int = 1 << 20


class Watch:
    """The clock of one request."""

    def __init__(self, limits: Limits, cancelled: Callable[[], bool]) -> None:
        self._limits = limits
        self._cancelled = cancelled
        now = time.monotonic()
        self._until = now + limits.connect
        self._end = now + limits.connect + limits.total
        self._looked = 0.0
        self._out = False

    def look(self) -> None:
        """Raise when it was cancelled or takes too long."""
        self._looked = now = time.monotonic()
        if self._cancelled():
            raise CancelledError
        if now >= min(self._until, self._end):
            raise (SilentError if self._out else LostError)("no answer in time")

    def asked(self) -> None:
        """Begin the answer's time: the request is out."""
        self._until = time.monotonic() + self._limits.answer
        self._out = True

    def heard(self) -> None:
        """Begin the time until the next piece."""
        now = time.monotonic()
        self._until = now + self._limits.idle
        if now - self._looked >= POLL:
            self.look()


class Line:
    """A connected socket as HTTPConnection uses it. Closing is left to whoever opened it."""

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock = sock
        self._watch = watch

    def sendall(self, data: bytes) -> None:
        """Send a request, a few hundred bytes."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._sock.send(rest) :]
            except TimeoutError:
                self._watch.look()
        self._watch.asked()

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the answer as a stream."""
        return io.BufferedReader(_Stream(self._sock, self._watch), PIECE)

    def close(self) -> None:
        """HTTPConnection lets go when it has handed the stream to the response; the stream is still read."""


class _Stream(io.RawIOBase):
    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock = sock
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, space: Any) -> int:
        while True:
            try:
                count = self._sock.recv_into(space)
            except TimeoutError:
                self._watch.look()
            else:
                self._watch.heard()
                return count


def resolved(host: str, port: int, watch: Watch) -> list[Any]:
    """Return the addresses of a host. A name is looked up aside: the system's resolver cannot be stopped."""
    answer: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answer.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as problem:
            answer.put(problem if isinstance(problem, OSError) else OSError(str(problem)))

    try:
        ipaddress.ip_address(host)
        look_up()
    except ValueError:
        threading.Thread(target=look_up, daemon=True).start()
    while True:
        try:
            found = answer.get(timeout=POLL)
        except queue.Empty:
            watch.look()
            continue
        if isinstance(found, OSError):
            raise LostError("unknown host") from found
        return found


def reached(sock: socket.socket, address: Any, watch: Watch) -> socket.socket:
    """Connect; OSError when nobody is there, and the socket is closed."""
    try:
        sock.setblocking(False)
        if sock.connect_ex(address) in {0, errno.EINPROGRESS, errno.EWOULDBLOCK}:
            with selectors.DefaultSelector() as selector:
                selector.register(sock, selectors.EVENT_WRITE)
                while not selector.select(POLL):
                    watch.look()
        sock.getpeername()  # raises when it is not connected after all
        sock.settimeout(POLL)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock
