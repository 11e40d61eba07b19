"""A TrueType font file, read only as far as a page needs: which glyph a character has, how wide it is, its outline bytes.

The file stays mapped and nothing is expanded up front, so that even a 30 MB font costs a few megabytes and milliseconds.
Read: ISO/IEC 14496-22 tables cmap (format 12), glyf, head, hhea, hmtx, loca, maxp, name, OS/2.
"""

from __future__ import annotations

import mmap
import struct
import sys
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_COPIED: Final[tuple[str, ...]] = ("cvt ", "fpgm", "prep")
_POSTSCRIPT_NAME: Final = 6
_UNICODE_PLATFORMS: Final = (0, 3)
_CMAP_ALL_PLANES: Final = 12
_CAP_HEIGHT_AT: Final = 88
# Flags of a composite glyph's components.
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x01, 0x08, 0x20, 0x40, 0x80


def numbers(typecode: str, data: bytes) -> array[int]:
    """Big-endian integers out of a font table; ``typecode`` H or I."""
    values = array(typecode, data)
    if sys.byteorder == "little":
        values.byteswap()
    return values


class Face:
    """One font file. Raises ValueError for a font without TrueType outlines or without a cmap of all planes (format 12)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        count = struct.unpack_from(">H", self._map, 4)[0]
        self._tables: dict[str, tuple[int, int]] = {}
        for i in range(count):
            tag, _, offset, length = struct.unpack_from(">4sLLL", self._map, 12 + 16 * i)
            self._tables[tag.decode("latin1")] = (offset, length)
        if "glyf" not in self._tables:
            raise ValueError(f"{path.name}: no TrueType outlines")
        self.head, self.hhea, self.maxp = self.table("head"), self.table("hhea"), self.table("maxp")
        units = struct.unpack_from(">H", self.head, 18)[0]
        self.per_mille: float = 1000 / units
        self.box: tuple[int, int, int, int] = struct.unpack_from(">4h", self.head, 36)
        self.ascent, self.descent = struct.unpack_from(">hh", self.hhea, 4)
        self.extra: dict[str, bytes] = {tag: self.table(tag) for tag in _COPIED if tag in self._tables}
        self.name = self._postscript_name(path.stem)
        os2 = self.table("OS/2")
        self.cap_height: int = struct.unpack_from(">h", os2, _CAP_HEIGHT_AT)[0] if len(os2) > _CAP_HEIGHT_AT else self.ascent
        self._advances, self._bearings = self._metrics(struct.unpack_from(">H", self.maxp, 4)[0])
        self._offsets = self._locations()
        self._starts, self._ends, self._firsts = self._characters(path.name)
        self._glyphs: dict[str, int] = {}
        self._outlines: dict[int, tuple[bytes, tuple[tuple[int, int], ...]]] = {}

    def table(self, tag: str) -> bytes:
        """Return the bytes of a table."""
        offset, length = self._tables[tag]
        return self._map[offset : offset + length]

    def glyph(self, char: str) -> int:
        """Return the glyph of a character; 0 when the font has none."""
        found = self._glyphs.get(char)
        if found is None:
            code = ord(char)
            at = bisect_right(self._starts, code) - 1
            found = self._firsts[at] + code - self._starts[at] if at >= 0 and code <= self._ends[at] else 0
            self._glyphs[char] = found
        return found

    def advance(self, glyph: int) -> int:
        """Return the width of a glyph in font units."""
        return self._advances[glyph]

    def bearing(self, glyph: int) -> int:
        """Return the left side bearing of a glyph in font units."""
        return self._bearings[glyph]

    def outline(self, glyph: int) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        """Return the outline padded to four bytes, and for a composite glyph its parts as (position of the number, glyph)."""
        found = self._outlines.get(glyph)
        if found is None:
            start = self._tables["glyf"][0]
            data = self._map[start + self._offsets[glyph] : start + self._offsets[glyph + 1]]
            found = self._outlines[glyph] = (data + b"\0" * (-len(data) & 3), _parts(data))
        return found

    def let_go(self) -> None:
        """Give back the memory that the file takes here as far as it was read; what is read again comes from the system's cache."""
        if sys.platform == "linux":
            self._map.madvise(mmap.MADV_DONTNEED)

    def _metrics(self, glyphs: int) -> tuple[array[int], array[int]]:
        full = struct.unpack_from(">H", self.hhea, 34)[0]
        raw = numbers("H", self.table("hmtx"))
        advances, bearings = raw[0 : 2 * full : 2], raw[1 : 2 * full : 2] + raw[2 * full :]
        advances.extend([advances[-1]] * (glyphs - full))
        return advances, bearings

    def _locations(self) -> array[int]:
        if struct.unpack_from(">h", self.head, 50)[0]:
            return numbers("I", self.table("loca"))
        return array("I", (2 * offset for offset in numbers("H", self.table("loca"))))

    def _characters(self, name: str) -> tuple[array[int], array[int], array[int]]:
        """Return the groups of the all-planes cmap: first characters, last characters, first glyphs."""
        data = self.table("cmap")
        for i in range(struct.unpack_from(">H", data, 2)[0]):
            offset = struct.unpack_from(">L", data, 8 + 8 * i)[0]
            if struct.unpack_from(">H", data, offset)[0] == _CMAP_ALL_PLANES:
                groups = struct.unpack_from(">L", data, offset + 12)[0]
                raw = numbers("I", data[offset + 16 : offset + 16 + 12 * groups])
                return raw[0::3], raw[1::3], raw[2::3]
        raise ValueError(f"{name}: no character map of all planes")

    def _postscript_name(self, fallback: str) -> str:
        data = self.table("name")
        count, strings = struct.unpack_from(">HH", data, 2)
        for i in range(count):
            platform, _, _, kind, length, offset = struct.unpack_from(">6H", data, 6 + 12 * i)
            if kind == _POSTSCRIPT_NAME:
                raw = data[strings + offset : strings + offset + length]
                return raw.decode("utf-16-be" if platform in _UNICODE_PLATFORMS else "latin1").replace(" ", "")
        return fallback


def _parts(outline: bytes) -> tuple[tuple[int, int], ...]:
    """Return the components of a composite glyph: where each number stands, and the number."""
    if len(outline) < 10 or not outline[0] & 0x80:  # noqa: PLR2004 (header of ten bytes; a negative contour count means composite)
        return ()
    parts, at, flags = [], 10, _MORE
    while flags & _MORE:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        parts.append((at + 2, glyph))
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return tuple(parts)
