"""A relay between a counter and a server that cuts connections when told to: after so many bytes, in either direction, without a word."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import closing, contextmanager, suppress

CHUNK = 4096
NOW = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() a reset: what was not delivered is lost, as when a cable is pulled."""


class Relay:
    """Listens on ``port`` and passes on to ``target``, which may change. ``budget()``: how many bytes a new connection lives, None for ever.

    ``bodies`` False: a PUT ends behind its headers.
    """

    def __init__(self, target: int, budget=lambda: None) -> None:
        self.target = target
        self.budget = budget
        self.bodies = True
        self.cuts = self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with closing(client):
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=10)
            except OSError:
                return
            with closing(server):
                self.connections += 1
                _Pair(self, client, server, self.budget()).run()


class _Pair:
    """One connection, both ways, until an end closes or its bytes are used up."""

    def __init__(self, relay: Relay, client: socket.socket, server: socket.socket, budget: int | None) -> None:
        self._relay = relay
        self._ends = (client, server)
        self._left = budget
        self._lock = threading.Lock()
        for one in self._ends:
            one.settimeout(None)
            # Without it each of SFTP's small questions waits 40 ms for an acknowledgement.
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self) -> None:
        client, server = self._ends
        back = threading.Thread(target=self._copy, args=(server, client), daemon=True)
        back.start()
        self._copy(client, server)
        back.join()

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                data, cut = self._allowed(data)
                target.sendall(data)
                if cut:
                    self._cut()
                    return
        for one in self._ends:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _allowed(self, data: bytes) -> tuple[bytes, bool]:
        if not self._relay.bodies and data.startswith(b"PUT "):
            return data[: data.index(b"\r\n\r\n") + 4], True
        if self._left is None:
            return data, False
        with self._lock:
            cut = len(data) >= self._left
            data = data[: self._left]
            self._left -= len(data)
        return data, cut

    def _cut(self) -> None:
        self._relay.cuts += 1
        for one in self._ends:
            with suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOW)
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay(target: int, budget=lambda: None):
    one = Relay(target, budget)
    try:
        yield one
    finally:
        one.close()
