"""What a WebDAV server is asked over one kept connection: folders, names, and bodies out of their files through one small buffer.

OpenDAL's MOVE has no ``Overwrite: F`` and each asks questions first; its way to its own threads and back takes longer than a small answer,
and it takes a body only whole. Standard library.
"""

from __future__ import annotations

import base64
import http.client
import selectors
import ssl
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from app.adapters.transfer.links import SECONDS, cut, netloc
from app.adapters.transfer.patience import LOOK
from app.services.ports.transfer import freely

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from app.adapters.transfer.links import Account, Link
    from app.services.ports.transfer import Body, Pace

FRESH = 1.0
"""Seconds for which a connection that has just answered is one that the server has not left: the shortest keep-alive in use is longer."""
PATIENCE = SECONDS * 3
"""Seconds for an answer; a body has more by its size."""
_SLOWEST = 8 * 1024
_TAKEN = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}


class Mover:
    """One connection, made when first needed; belongs to one thread at a time. PlaceError when there is no answer.

    ``pace`` is asked while waiting, too, and what it raises passes.
    """

    def __init__(self, link: Link, account: Account) -> None:
        parts = urlsplit(link.url)
        self._link = link
        self._host = f"{parts.scheme}://{netloc(link)}"
        self._base = quote(unquote(parts.path), safe="/-_.~!$&'()*+,;=:@").rstrip("/")
        token = base64.b64encode(f"{account.user}:{account.secret}".encode()).decode()
        self._own = {"Authorization": f"Basic {token}"} if account.user else {}
        self._connection: http.client.HTTPConnection | None = None
        self._answered = 0.0

    def move(self, source: str, target: str, *, over: bool, once: bool = False) -> int:
        """Move an object, or a folder (with its slash), and return the status; ``once``: never asked twice."""
        headers = {"Destination": self._host + self._target(target), "Overwrite": "T" if over else "F"}
        if once and time.monotonic() - self._answered > FRESH:
            self.close()  # a connection that the server has just left would make it doubtful whether it was heard
        return self._asked("MOVE", source, headers, freely, once=once).status

    def make(self, folder: str, pace: Pace) -> int:
        """Make a folder and return the status."""
        return self._asked("MKCOL", f"{folder}/", {}, pace).status

    def missing(self, path: str) -> bool:
        """Whether the server says that nothing has a name (a folder's with its slash)."""
        return self._asked("PROPFIND", path, {"Depth": "0"}, freely).status == HTTPStatus.NOT_FOUND

    def length(self, path: str) -> int | None:
        """Return how many bytes an object has, None when the server does not say."""
        answer = self._asked("HEAD", path, {}, freely)
        told = answer.getheader("Content-Length", "")
        return int(told) if answer.status == HTTPStatus.OK and told.isdecimal() else None

    def put(self, path: str, data: bytes | Body, pace: Pace) -> int:
        """Write a body, each piece when ``pace`` allows it, and return the status. AppError when it is not what was sealed."""
        return self._asked("PUT", path, {"Content-Length": str(len(data))}, pace, data).status

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
            self._connection = None

    def _target(self, path: str) -> str:
        return f"{self._base}/{quote(path, safe='/-_.~')}"

    def _asked(
        self, method: str, path: str, headers: dict[str, str], pace: Pace, body: bytes | Body = b"", *, once: bool = False
    ) -> http.client.HTTPResponse:
        kept, self._connection = self._connection, None
        connection = kept or self._made()
        try:
            answer = self._answer(connection, method, path, headers, pace, body)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if kept is None or once or isinstance(error, TimeoutError):
                raise cut(self._link, method) from error
            # A server that closed a resting connection without a word is not in trouble.
            return self._asked(method, path, headers, pace, body)
        except BaseException:
            connection.close()
            raise
        self._connection, self._answered = connection, time.monotonic()
        return answer

    def _answer(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        headers: dict[str, str],
        pace: Pace,
        body: bytes | Body,
    ) -> http.client.HTTPResponse:
        seconds = PATIENCE + len(body) / _SLOWEST
        connection.request(method, self._target(path), headers=headers | self._own)
        whole = _sent(connection.sock, body, pace, seconds)
        _answering(connection.sock, pace, seconds)
        answer = connection.getresponse()
        answer.read()
        if not whole:
            connection.close()
            if answer.status in _TAKEN:
                raise http.client.HTTPException("taken before it was there")
        return answer

    def _made(self) -> http.client.HTTPConnection:
        link = self._link
        if link.secure:
            return http.client.HTTPSConnection(link.host, link.port, timeout=PATIENCE, context=link.context())
        return http.client.HTTPConnection(link.host, link.port, timeout=PATIENCE)


def _sent(sock: socket.socket, body: bytes | Body, pace: Pace, seconds: float) -> bool:
    """Send a body; False when the server answered, or left, before it had all of it. TimeoutError when it takes no piece for so long."""
    sock.settimeout(LOOK)
    try:
        for piece in _pieces(body, pace):
            left, end = piece, time.monotonic() + seconds
            while left:
                went = 0
                with suppress(TimeoutError):
                    went = sock.send(left)
                left = left[went:]
                if left:
                    pace(0)
                # Of TLS there is something to read that is no answer.
                if not went and not isinstance(sock, ssl.SSLSocket) and _heard(sock, 0):
                    return False
                if time.monotonic() > end:
                    raise TimeoutError
    except ConnectionError:
        return False
    finally:
        sock.settimeout(PATIENCE)
    return True


def _pieces(body: bytes | Body, pace: Pace) -> Iterator[memoryview]:
    if not isinstance(body, bytes):
        yield from body.pieces(pace)
        return
    left = memoryview(body)
    while left:
        size = pace(len(left))
        yield left[:size]
        left = left[size:]


def _answering(sock: socket.socket, pace: Pace, seconds: float) -> None:
    """Wait until a server begins to answer; its TLS may speak first. TimeoutError when it does not; what ``pace`` raises passes."""
    end = time.monotonic() + seconds
    while not _heard(sock, LOOK):
        pace(0)
        if time.monotonic() > end:
            raise TimeoutError


def _heard(sock: socket.socket, seconds: float) -> bool:
    with selectors.DefaultSelector() as answers:
        answers.register(sock, selectors.EVENT_READ)
        return bool(answers.select(seconds))
