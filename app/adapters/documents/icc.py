"""A minimal sRGB profile: PDF/A wants the meaning of colours inside the file."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import Final

_KNEE: Final = 0.04045
_STEPS: Final = 64
_SIZE: Final = 128


@cache
def srgb() -> bytes:
    """Return an ICC 2.1 display profile of sRGB (IEC 61966-2-1 primaries adapted to D50, its curve in 64 steps)."""
    linear = [
        value / 12.92 if value <= _KNEE else ((value + 0.055) / 1.055) ** 2.4
        for value in (i / (_STEPS - 1) for i in range(_STEPS))
    ]
    curve = b"curv\0\0\0\0" + struct.pack(f">L{_STEPS}H", _STEPS, *(round(65535 * value) for value in linear))
    name = b"sRGB\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">L", len(name)) + name + bytes(78),
        b"cprt": b"text\0\0\0\0CC0\0",
        b"wtpt": _xyz(0.95045, 1, 1.08905),
        b"rXYZ": _xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _xyz(0.14307, 0.06061, 0.71410),
    }
    start = _SIZE + 4 + 12 * (len(tags) + 3)
    table, body = struct.pack(">L", len(tags) + 3), b""
    for tag, data in tags.items():
        table += tag + struct.pack(">LL", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    for tag in (b"rTRC", b"gTRC", b"bTRC"):
        table += tag + struct.pack(">LL", start + len(body), len(curve))
    body += curve + b"\0" * (-len(curve) % 4)
    header = struct.pack(">L4xL", start + len(body), 0x02100000) + b"mntrRGB XYZ " + struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    header += b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header + bytes(_SIZE - len(header)) + table + body


@cache
def packed() -> bytes:
    """Return the profile as a zlib stream."""
    return zlib.compress(srgb(), 9)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)
