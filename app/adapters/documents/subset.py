"""The part of a font that one document uses, as a Type0 font with Identity-H codes.

A character's code is its place in the order of first use, so text is encoded while it is drawn, and one font serves a whole
document (256-glyph pieces are larger and slower). ToUnicode is written in UTF-16, so that names beyond U+FFFF can be copied.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from array import array
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from app.adapters.documents.truetype import numbers

if TYPE_CHECKING:
    from app.adapters.documents.truetype import Face

_SHORT_LOCA: Final = 0x20000
_BFCHAR: Final = 100
_MAGIC: Final = 0xB1B0AFBA
_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange"
)
_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


class Subset:
    """Characters of one face in the order of their first use."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._glyphs = [0]
        self._chars = [""]
        self._codes: dict[str, bytes] = {}

    @property
    def characters(self) -> str:
        """The characters by code, from 1."""
        return "".join(self._chars)

    def encode(self, text: str) -> bytes:
        """Return the text's codes, two bytes each. Every character must be in the face."""
        codes = self._codes
        try:
            return b"".join([codes[char] for char in text])
        except KeyError:
            return b"".join([codes.get(char) or self._add(char) for char in text])

    def _add(self, char: str) -> bytes:
        code = len(self._glyphs).to_bytes(2, "big")
        self._glyphs.append(self.face.glyph(char))
        self._chars.append(char)
        self._codes[char] = code
        return code

    @property
    def tagged_name(self) -> str:
        """The font's name with the six letters that mark this subset (ISO 32000-1, 9.6.4)."""
        digest = hashlib.sha256(self.characters.encode()).digest()
        return "".join(chr(65 + byte % 26) for byte in digest[:6]) + "+" + self.face.name

    def widths(self) -> list[int]:
        """Return the width of each code, thousandths of an em."""
        return [round(self.face.advance(glyph) * self.face.per_mille) for glyph in self._glyphs]

    def to_unicode(self) -> bytes:
        """Return the CMap that gives every code its character."""
        lines = [_HEAD]
        for start in range(1, len(self._chars), _BFCHAR):
            part = self._chars[start : start + _BFCHAR]
            lines.append(f"{len(part)} beginbfchar")
            lines += [f"<{start + i:04X}> <{char.encode('utf-16-be').hex().upper()}>" for i, char in enumerate(part)]
            lines.append("endbfchar")
        return "\n".join([*lines, _TAIL]).encode()

    def program(self) -> bytes:
        """Return the font program: a TrueType file with these glyphs only."""
        glyphs, outlines = self._closure()
        face = self.face
        glyf = b"".join(outlines)
        offsets = array("I", accumulate(map(len, outlines), initial=0))
        long = len(glyf) >= _SHORT_LOCA
        metrics = array("H", [value for glyph in glyphs for value in (face.advance(glyph), face.bearing(glyph))])
        count = struct.pack(">H", len(glyphs))
        tables = dict[str, bytes](face.extra)
        tables.update(
            {
                "glyf": glyf,
                "head": face.head[:8] + bytes(4) + face.head[12:50] + struct.pack(">h", long) + face.head[52:],
                "hhea": face.hhea[:34] + count + face.hhea[36:],
                "hmtx": _big_endian(metrics),
                "loca": _big_endian(offsets if long else array("H", (offset >> 1 for offset in offsets))),
                "maxp": face.maxp[:4] + count + face.maxp[6:],
            }
        )
        return _file(tables)

    def _closure(self) -> tuple[list[int], list[bytes]]:
        """Return glyphs and outlines, with the parts of composite glyphs added behind and renumbered."""
        glyphs, outlines = list(self._glyphs), []
        place: dict[int, int] = {}
        for glyph in glyphs:  # grows while it is walked
            data, parts = self.face.outline(glyph)
            if parts:
                place = place or {known: at for at, known in reversed(list(enumerate(glyphs)))}
                renumbered = bytearray(data)
                for at, part in parts:
                    if part not in place:
                        place[part] = len(glyphs)
                        glyphs.append(part)
                    struct.pack_into(">H", renumbered, at, place[part])
                data = bytes(renumbered)
            outlines.append(data)
        return glyphs, outlines


def _big_endian(values: array[int]) -> bytes:
    if sys.byteorder == "little":
        values.byteswap()
    return values.tobytes()


def _checksum(data: bytes) -> int:
    return sum(numbers("I", data)) & 0xFFFFFFFF


def _file(tables: dict[str, bytes]) -> bytes:
    """Return a font file of these tables, sorted, padded and with checksums."""
    tags = sorted(tables)
    power = len(tags).bit_length() - 1
    padded = [tables[tag] + b"\0" * (-len(tables[tag]) & 3) for tag in tags]
    starts = list(accumulate(map(len, padded), initial=12 + 16 * len(tags)))
    sums = [_checksum(data) for data in padded]
    header = struct.pack(">L4H", 0x10000, len(tags), 16 << power, power, 16 * len(tags) - (16 << power))
    header += b"".join(
        struct.pack(">4sLLL", tag.encode(), total, start, len(tables[tag]))
        for tag, total, (start, _) in zip(tags, sums, pairwise(starts), strict=True)
    )
    adjustment = (_MAGIC - _checksum(header) - sum(sums)) & 0xFFFFFFFF
    head = tags.index("head")
    padded[head] = padded[head][:8] + struct.pack(">L", adjustment) + padded[head][12:]
    return header + b"".join(padded)
