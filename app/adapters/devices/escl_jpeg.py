"""A scanner's JPEG, kept byte for byte: whether it is whole, and its resolution written beside the picture where it is missing."""

from __future__ import annotations

import io
import struct
import warnings
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PIXELS = 160_000_000
"""A3 at 600 dpi is 70 million."""
_SOI, _EOI, _SOS = b"\xff\xd8", b"\xff\xd9", 0xDA
_APP0, _APP1, _APP14 = 0xE0, 0xE1, 0xEE
_FRAMES = frozenset((0xC0, 0xC1, 0xC2))
_LONE = frozenset((0x01, *range(0xD0, 0xD8)))


def whole(data: bytes) -> bool:
    """Whether this is a JPEG that decodes to its last line. It is decoded at an eighth of its size: every bit is still read.

    A picture cut inside and closed with an end mark is filled up by libjpeg with exact middle grey (zero coefficients), and no error
    is raised: a last line of nothing else says so.
    """
    if not data.startswith(_SOI) or data.rfind(_EOI, -65536) < 0:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return False
                picture.draft(picture.mode, (picture.width // 8, picture.height // 8))
                picture.load()
                last = picture.crop((0, picture.height - 1, picture.width, picture.height)).convert("L")
                if last.getextrema() == (128, 128):
                    return False
    except Exception:  # noqa: BLE001 - Pillow raises whatever its parsers raise, and each means the same here
        return False
    return True


def with_dpi(data: bytes, dpi: int) -> bytes:
    """Return the file with its resolution said, as it is when it says one or when saying it would change its colours.

    A JFIF header makes decoders read three components as YCbCr whatever an Adobe marker says (libjpeg, ``default_decompress_parms``), so
    none is added to files that are something else.
    """
    jfif, plain = None, False
    for marker, at, length in _segments(data):
        if marker == _APP0 and data[at : at + 5] == b"JFIF\0" and length >= 14:  # noqa: PLR2004 - the fixed part of JFIF 1.x
            jfif = at
        elif marker == _APP14 or (marker == _APP1 and data[at : at + 4] == b"Exif"):
            return data if jfif is None else _said(data, jfif, dpi)
        elif marker in _FRAMES and length >= 6:  # noqa: PLR2004
            ids = data[at + 6 : at + length : 3][: data[at + 5]]
            plain = ids in {b"\x01", b"\x01\x02\x03"}
    if jfif is not None:
        return _said(data, jfif, dpi)
    if not plain:
        return data
    return _SOI + b"\xff\xe0\x00\x10JFIF\x00\x01\x01" + struct.pack(">BHHBB", 1, dpi, dpi, 0, 0) + data[2:]


def _said(data: bytes, jfif: int, dpi: int) -> bytes:
    units, across, down = struct.unpack_from(">BHH", data, jfif + 7)
    if units in {1, 2} and across > 1 and down > 1:
        return data
    return data[: jfif + 7] + struct.pack(">BHH", 1, dpi, dpi) + data[jfif + 12 :]


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each marker segment before the picture itself: marker, where its content begins, how long that is."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill bytes before a marker
            at += 1
        elif marker in _LONE:
            at += 2
        else:
            length = int.from_bytes(data[at + 2 : at + 4], "big")
            if marker == _SOS or length < 2 or at + 2 + length > len(data):  # noqa: PLR2004 - the length counts itself
                return
            yield marker, at + 4, length - 2
            at += 2 + length
