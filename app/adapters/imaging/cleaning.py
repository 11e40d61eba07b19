"""Taking everything out of a JPEG or PNG that is not the picture, without touching the picture.

Phones write the place of the photo, the owner's name and small copies of other pictures into a file; polyglots hide another file
behind its end. What stays is what decoders need: see ITU-T T.81 annex B for JPEG markers and ISO/IEC 15948 for PNG chunks.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Literal

_PREFIX = 0xFF
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_APPS = {*range(0xE0, 0xF0)}
_COMMENT = 0xFE
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"}
_ORIENTATION_TAG = 0x0112
_JFIF_BODY = 14
_FRAME_BODY = 6
_UPRIGHT = 1
#: An IFD0 holds a dozen entries; a forged count must not keep us reading.
_MOST_ENTRIES = 200


class NotCleanableError(Exception):
    """The file does not follow its own format closely enough to be taken apart. ``rest`` is what could be cleaned and all behind it."""

    def __init__(self, rest: bytes) -> None:
        super().__init__()
        self.rest = rest


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The picture alone. ``orientation`` is EXIF's 1 to 8; ``behind`` what stood behind the picture's end; ``frames`` above 1 moves."""

    data: bytes
    width: int
    height: int
    orientation: int = _UPRIGHT
    behind: bytes = b""
    frames: int = 1


def clean_jpeg(data: bytes) -> Cleaned:
    """Keep JFIF, the ICC profile, Adobe's colour note and the picture. NotCleanableError when markers do not follow each other."""
    out = bytearray(data[:2])
    size = (0, 0)
    orientation = _UPRIGHT
    at = 2
    while (end := _segment_end(data, at)) is not None:
        marker, body = data[at + 1], data[at + 4 : end]
        if marker == _EOI:
            if size == (0, 0):
                break
            return Cleaned(bytes(out) + data[at:end], *size, orientation, data[end:])
        if marker in _FRAMES and len(body) >= _FRAME_BODY:
            size = (int.from_bytes(body[3:5]), int.from_bytes(body[1:3]))
        if marker in _APPS:
            if marker == _APP1 and body.startswith(b"Exif\0\0"):
                orientation = exif_orientation(body[6:])
            out += _kept_app(marker, body)
        elif marker not in {_COMMENT, _PREFIX}:
            out += data[at:end]
        at = end
    raise NotCleanableError(bytes(out) + data[at:])


def _segment_end(data: bytes, at: int) -> int | None:
    """Return where the segment at this place ends (a scan includes its coded data); None when there is no sound one."""
    if at + 2 > len(data) or data[at] != _PREFIX or data[at + 1] in {0, _SOI}:
        return None
    marker = data[at + 1]
    if marker == _PREFIX:  # a fill byte
        return at + 1
    if marker in _STANDALONE or marker == _EOI:
        return at + 2
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
    if marker == _SOS and end <= len(data):
        found = _MARKER_IN_SCAN.search(data, end)
        return found.start() if found else None
    return end if at + 4 <= end <= len(data) else None


def _kept_app(marker: int, body: bytes) -> bytes:
    if marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= _JFIF_BODY:
        kept = body[:12] + b"\0\0"  # JFIF's own thumbnail may show more than the picture does
    elif (marker == _APP2 and body.startswith(b"ICC_PROFILE\0")) or (marker == _APP14 and body.startswith(b"Adobe")):
        kept = body
    else:
        return b""
    return bytes((_PREFIX, marker)) + (len(kept) + 2).to_bytes(2) + kept


def stating_dpi(jpeg: bytes, dpi: int) -> bytes:
    """Return a cleaned JPEG that states this resolution, if it begins as JFIF."""
    if jpeg[2:4] != bytes((_PREFIX, _APP0)) or jpeg[6:11] != b"JFIF\0":
        return jpeg
    return jpeg[:13] + b"\x01" + dpi.to_bytes(2) * 2 + jpeg[18:]


def clean_png(data: bytes) -> Cleaned:
    """Keep the chunks that say how pixels look. NotCleanableError when a chunk's length or checksum is wrong or the end is missing."""
    out = bytearray(_PNG_SIGNATURE)
    size, orientation, frames = (0, 0), _UPRIGHT, 1
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        kind, body, end = data[at + 4 : at + 8], data[at + 8 : at + 8 + length], at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            break
        if kind == b"IHDR" and size == (0, 0):
            size = (int.from_bytes(body[:4]), int.from_bytes(body[4:8]))
        elif kind == b"acTL":
            frames = max(1, int.from_bytes(body[:4]))
        elif kind == b"eXIf":
            orientation = exif_orientation(body)
        if kind in _PNG_KEPT:
            out += data[at:end]
        at = end
        if kind == b"IEND":
            return Cleaned(bytes(out), *size, orientation, data[end:], frames)
    raise NotCleanableError(bytes(out) + data[at:])


def exif_orientation(tiff: bytes) -> int:
    """Return EXIF's orientation (1 to 8) from a TIFF block; 1 (upright) when it is missing or makes no sense."""
    orders: dict[bytes, Literal["little", "big"]] = {b"II": "little", b"MM": "big"}
    order = orders.get(tiff[:2])
    if order is None:
        return _UPRIGHT

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], order)

    directory = number(4, 4)
    for entry in range(min(number(directory, 2), _MOST_ENTRIES)):
        at = directory + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION_TAG:
            value = number(at + 8, 2)
            return value if value in range(1, 9) else _UPRIGHT
    return _UPRIGHT
