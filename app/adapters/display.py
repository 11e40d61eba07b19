"""Whether a display server really answers, asked over its own socket: Qt aborts the process when it finds none."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATIENCE = 1.0  # seconds for a display server to answer
_X_UNIX = "/tmp/.X11-unix/X"  # noqa: S108 - the X server's own address, not a temporary file of ours
# Families of an authority entry (Xauth.h): any address; this very host, by name.
_WILD = 0xFFFF
_LOCAL = 0x0100


def wayland_answers(env: Mapping[str, str]) -> bool:
    """Return whether the socket that ``WAYLAND_DISPLAY`` names accepts a connection."""
    name = env.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    path = Path(env.get("XDG_RUNTIME_DIR", "/nowhere")) / name
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_PATIENCE)
        line.connect(str(path))
        return True
    return False


def x_answers(env: Mapping[str, str]) -> bool:
    """Return whether the X server of ``DISPLAY`` accepts our greeting, with the key from ``XAUTHORITY`` where there is one."""
    host, colon, rest = env.get("DISPLAY", "").rpartition(":")
    number = rest.split(".")[0]
    if not colon or not number.isdecimal():
        return False
    with suppress(OSError), _connect_x(host, number) as line:
        line.settimeout(_PATIENCE)
        line.sendall(_greeting(*_key(env, line, number)))
        return line.recv(1) == b"\x01"
    return False


def _connect_x(host: str, number: str) -> socket.socket:
    """Return a connection as libxcb makes it: the local socket, or TCP when a host stands before the colon."""
    if host not in {"", "unix"} and not host.endswith("/unix"):
        return socket.create_connection((host.strip("[]"), 6000 + int(number)), timeout=_PATIENCE)
    # The abstract name first, as the server offers it even where /tmp is private.
    for address in (f"\0{_X_UNIX}{number}", f"{_X_UNIX}{number}"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_PATIENCE)
        try:
            line.connect(address)
        except OSError:
            line.close()
            continue
        return line
    raise ConnectionRefusedError(number)


def _greeting(name: bytes, key: bytes) -> bytes:
    """Return the X11 connection set-up request, protocol 11.0, little-endian (X Window System Protocol, chapter 8)."""
    sizes = b"".join(size.to_bytes(2, "little") for size in (11, 0, len(name), len(key), 0))
    return b"l\0" + sizes + b"".join(part + b"\0" * (-len(part) % 4) for part in (name, key))


def _key(env: Mapping[str, str], line: socket.socket, number: str) -> tuple[bytes, bytes]:
    """Return name and data of the entry that libXau would take for this display, or nothing.

    An entry is: family, then address, display number, name and data, each with its length before it, all big-endian.
    """
    path = env.get("XAUTHORITY") or str(Path(env.get("HOME", "/nowhere")) / ".Xauthority")
    try:
        data = Path(path).read_bytes()
    except OSError:
        return b"", b""
    local = line.family == socket.AF_UNIX or line.getpeername()[0] in {"127.0.0.1", "::1"}
    own = socket.gethostname().encode()
    at = 0
    while at + 2 <= len(data):
        family = int.from_bytes(data[at : at + 2], "big")
        at += 2
        fields = []
        for _ in range(4):
            size = int.from_bytes(data[at : at + 2], "big")
            fields.append(data[at + 2 : at + 2 + size])
            at += 2 + size
        address, display, name, key = fields
        # A remote server's entry is known by its display number alone: names and addresses are libxcb's business.
        fits = family == _WILD or ((family == _LOCAL) is local and (not local or address == own))
        if fits and display in {b"", number.encode()}:
            return name, key
    return b"", b""
