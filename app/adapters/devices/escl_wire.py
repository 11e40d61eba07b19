"""One HTTP request to a scanner: bounded in time and size, and over TLS only with the certificate it had before.

Each request has a connection of its own, as printers like it. Printers sign their own certificates and let them run out: the
fingerprint remembered at first use stands in for an authority.
"""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.adapters.devices.escl_line import PIECE, GarbledError, Limits, Line, LostError, PinError, Watch, reached, resolved

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message

    from app.adapters.devices.escl_address import Place


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. ``whole`` is False when the connection ended before its announced length."""

    status: int
    headers: Message
    body: bytes
    whole: bool


class Wire:
    """Requests to one place. ``pin`` is the SHA-256 its certificate must have; None takes any and ``seen`` tells which it was."""

    def __init__(self, place: Place, pin: str | None, cancelled: Callable[[], bool]) -> None:
        self.place = place
        self.seen = ""
        self._pin = pin
        self._cancelled = cancelled

    def ask(
        self, method: str, path: str, limits: Limits, body: bytes | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Reply:
        """Send one request and return the whole answer; WireError when there is none. ``cancelled`` may differ for this one."""
        watch = Watch(limits, cancelled or self._cancelled)
        with closing(self._connect(watch)) as sock:
            line = http.client.HTTPConnection(self.place.host.partition("%")[0], self.place.port)
            line.sock = Line(sock, watch)  # all that HTTPConnection uses of a socket
            headers = {"Connection": "close", "Accept-Encoding": "identity", "User-Agent": "chuangkou"}
            if body is not None:
                headers["Content-Type"] = "text/xml"
            try:
                line.request(method, path, body, headers)
                with line.getresponse() as response:
                    return _read(response, limits.size)
            except (http.client.BadStatusLine, http.client.IncompleteRead) as problem:
                lost = isinstance(problem, http.client.RemoteDisconnected | http.client.IncompleteRead)
                raise (LostError if lost else GarbledError)(type(problem).__name__) from problem
            except (http.client.HTTPException, ValueError) as problem:
                raise GarbledError(type(problem).__name__) from problem
            except OSError as problem:
                raise LostError(type(problem).__name__) from problem

    def _connect(self, watch: Watch) -> socket.socket:
        watch.look()
        failed: OSError | None = None
        for family, kind, protocol, _, address in resolved(self.place.host, self.place.port, watch):
            try:
                sock = reached(socket.socket(family, kind, protocol), address, watch)
            except OSError as problem:
                failed = problem
                continue
            try:
                return self._secured(sock, watch) if self.place.secure else sock
            except BaseException:
                sock.close()
                raise
        raise LostError(type(failed).__name__) from failed

    def _secured(self, plain: socket.socket, watch: Watch) -> socket.socket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the fingerprint is what is verified
        context.set_ciphers("DEFAULT:@SECLEVEL=1")  # 1024-bit keys of older printers
        name = None if ":" in self.place.host or self.place.host.replace(".", "").isdigit() else self.place.host
        sock = context.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
        try:
            while True:
                try:
                    sock.do_handshake()
                    break
                except TimeoutError:
                    watch.look()
            self._compare(sock)
        except OSError as problem:
            sock.close()
            raise LostError(type(problem).__name__) from problem
        except BaseException:
            sock.close()
            raise
        watch.heard()
        return sock

    def _compare(self, sock: ssl.SSLSocket) -> None:
        self.seen = hashlib.sha256(sock.getpeercert(binary_form=True) or b"").hexdigest()
        if self._pin is not None and self.seen != self._pin:
            raise PinError(self.place.shown)


def _read(response: http.client.HTTPResponse, size: int) -> Reply:
    """Read an answer up to ``size`` bytes. A body cut short is still handed over: a page may be whole without its announced rest."""
    if (response.length or 0) > size:
        raise GarbledError("too large")
    pieces: list[bytes] = []
    held, whole = 0, True
    try:
        while piece := response.read(PIECE):
            pieces.append(piece)
            held += len(piece)
            if held > size:
                raise GarbledError("too large")
        whole = not response.length
    except http.client.IncompleteRead as problem:
        pieces.append(problem.partial)
        whole = False
    except OSError:
        if not pieces:
            raise
        whole = False
    return Reply(response.status, response.headers, b"".join(pieces), whole)
