"""The part of a font that one document uses, as a Type0 font with Identity-H codes.

A character's code is its place in the order of first use, so text is encoded while it is drawn, and one font serves a whole
document (256-glyph pieces are larger and slower). ToUnicode is written in UTF-16, so that names beyond U+FFFF can be copied.

A document's unchanging words (:class:`Steady`) come first and are deflated once: deflating the outlines anew for each document was a
third of all it costs. Only characters of the layout and the region are among them, never those of a case.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from array import array
from functools import lru_cache
from itertools import accumulate, groupby, islice
from typing import TYPE_CHECKING, Final

from app.adapters.documents.truetype import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.adapters.documents.truetype import Face

_SHORT_LOCA: Final = 0x20000
_RANGE: Final = 64
_MAGIC: Final = 0xB1B0AFBA
_ZLIB: Final = b"\x78\x01"
_LEVEL: Final = 6
EM: Final = 1000
"""How wide a glyph is that W does not name, thousandths of an em."""
_BEST: Final = 9
_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange"
)
_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


class Steady:
    """The first characters of a subset, with their outlines deflated: what every document of a layout shows."""

    def __init__(self, face: Face, characters: str) -> None:
        self.chars, self.glyphs = [""], [0]
        self.codes: dict[str, bytes] = {}
        outlines = [face.outline(0)[0]]
        for char in dict.fromkeys(characters):
            glyph = face.glyph(char)
            outline, parts = face.outline(glyph)
            if glyph and not parts:  # a composite's parts come behind all others, so it cannot be settled here
                self.codes[char] = len(self.glyphs).to_bytes(2, "big")
                self.chars.append(char)
                self.glyphs.append(glyph)
                outlines.append(outline)
        self.said = [_said(char) for char in self.chars]
        self.mapped = max(1, len(self.chars) // _RANGE * _RANGE)
        self.map = "\n".join([_HEAD, *_blocks(self.said, 1, self.mapped), ""]).encode()
        self.packed_map = _deflated(self.map, _BEST)
        self.widths = _widths(face, self.glyphs, 0)
        self.ends = array("I", accumulate(map(len, outlines), initial=0))
        self.halves = array("H", (end >> 1 & 0xFFFF for end in self.ends))
        """Half of each, as a short loca has them; said only in fonts that are short enough."""
        self.metrics = _metrics(face, self.glyphs)
        self.data = b"".join(outlines)
        self.sum = _checksum(self.data)
        self.packed = _deflated(self.data, _BEST)


class Subset:
    """Characters of one face in the order of their first use, behind the steady ones."""

    def __init__(self, face: Face, steady: Steady | None = None) -> None:
        self.face = face
        self._steady = steady or _none(face)
        self._glyphs = list(self._steady.glyphs)
        self._chars = list(self._steady.chars)
        self._codes = dict(self._steady.codes)

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

    def widths(self) -> str:
        """Return the widths that are not an em, in thousandths of it, as the W of a font says them (ISO 32000-1, 9.7.4.3)."""
        known = len(self._steady.glyphs)
        return f"[{self._steady.widths} {_widths(self.face, self._glyphs[known:], known)}]"

    def to_unicode(self) -> bytes:
        """Return the CMap that gives every code its character, as a zlib stream."""
        steady, known = self._steady, len(self._steady.chars)
        said = steady.said + [_said(char) for char in self._chars[known:]]
        rest = "\n".join([*_blocks(said, steady.mapped, len(said)), _TAIL]).encode()
        return _joined((steady.map, steady.packed_map), rest)

    def program(self) -> tuple[int, bytes]:
        """Return the font program, a TrueType file with these glyphs only: its length, and its bytes as a zlib stream."""
        header, rest = self._file()
        steady = self._steady
        return len(header) + len(steady.data) + len(rest), _joined((steady.data, steady.packed), rest, header)

    def _file(self) -> tuple[bytes, bytes]:
        """Return what stands before the steady outlines in the file, and what stands behind them."""
        glyphs, outlines = self._closure()
        face, steady = self.face, self._steady
        glyf = b"".join(outlines)
        ends = list(accumulate(map(len, outlines), initial=steady.ends[-1]))[1:]
        long = len(steady.data) + len(glyf) >= _SHORT_LOCA
        offsets = steady.ends + array("I", ends) if long else steady.halves + array("H", [end >> 1 for end in ends])
        count = struct.pack(">H", len(glyphs))
        tables = dict[str, bytes](face.extra)
        tables.update(
            {
                "head": face.head[:8] + bytes(4) + face.head[12:50] + struct.pack(">h", long) + face.head[52:],
                "hhea": face.hhea[:34] + count + face.hhea[36:],
                "hmtx": steady.metrics + _metrics(face, glyphs[len(steady.glyphs) :]),
                "loca": _big_endian(offsets),
                "maxp": face.maxp[:4] + count + face.maxp[6:],
            }
        )
        return _file(tables, steady, glyf)

    def _closure(self) -> tuple[list[int], list[bytes]]:
        """Return all glyphs, and the outlines behind the steady ones, with the parts of composites added behind and renumbered."""
        glyphs, outlines = list(self._glyphs), []
        place: dict[int, int] = {}
        for glyph in islice(glyphs, len(self._steady.glyphs), None):  # grows while it is walked
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


def _metrics(face: Face, glyphs: list[int]) -> bytes:
    """Return the lines of hmtx for these glyphs."""
    return _big_endian(array("H", [value for glyph in glyphs for value in (face.advance(glyph), face.bearing(glyph))]))


def _big_endian(values: array[int]) -> bytes:
    if sys.byteorder == "little":
        values.byteswap()
    return values.tobytes()


def _checksum(data: bytes) -> int:
    return sum(numbers("I", data)) & 0xFFFFFFFF


def _said(char: str) -> str:
    return f"<{char.encode('utf-16-be').hex()}>"


def _blocks(said: list[str], start: int, end: int) -> Iterator[str]:
    """Yield the lines of a CMap for these codes: ranges, which say a code once for many characters and never cross its first byte."""
    while start < end:
        stop = min(end, (start // _RANGE + 1) * _RANGE)
        yield f"1 beginbfrange\n<{start:04x}> <{stop - 1:04x}> [{' '.join(said[start:stop])}]\nendbfrange"
        start = stop


def _widths(face: Face, glyphs: list[int], first: int) -> str:
    """Return what W says of these glyphs, whose codes begin with ``first``: most are an em wide and need no word."""
    told = []
    for wide, run in groupby(enumerate(glyphs, first), lambda one: round(face.advance(one[1]) * face.per_mille)):
        if wide != EM:
            codes = [code for code, _ in run]
            told.append(f"{codes[0]} {codes[-1]} {wide}")
    return " ".join(told)


def _joined(steady: tuple[bytes, bytes], rest: bytes, header: bytes = b"") -> bytes:
    """Return a zlib stream of a header, a steady piece (itself, and deflated) and the rest."""
    data, packed = steady
    total = zlib.adler32(rest, zlib.adler32(data, zlib.adler32(header)))
    start = _deflated(header, _LEVEL) if header else b""
    return b"".join((_ZLIB, start, packed, _deflated(rest, _LEVEL, end=True), total.to_bytes(4, "big")))


@lru_cache(maxsize=4)
def _none(face: Face) -> Steady:
    """Return the start of a subset of which nothing is known yet."""
    return Steady(face, "")


def _deflated(data: bytes, level: int, *, end: bool = False) -> bytes:
    """Return a piece of a deflate stream that leans on no piece before it; ``end``: the last one."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FINISH if end else zlib.Z_SYNC_FLUSH)


def _file(tables: dict[str, bytes], steady: Steady, glyf: bytes) -> tuple[bytes, bytes]:
    """Return a font file of these tables and the outlines, sorted in its directory and with checksums, but for the steady outlines.

    These stand right behind the directory, so that they are one piece of the file that is the same in every document.
    """
    sizes = {"glyf": len(steady.data) + len(glyf)} | {tag: len(data) for tag, data in tables.items()}
    sums = {"glyf": (steady.sum + _checksum(glyf)) & 0xFFFFFFFF}
    padded = {tag: data + b"\0" * (-len(data) & 3) for tag, data in tables.items()}
    sums |= {tag: _checksum(data) for tag, data in padded.items()}
    power = len(sizes).bit_length() - 1
    starts, at = {}, 12 + 16 * len(sizes)
    for tag, size in sizes.items():
        starts[tag] = at
        at += size + (-size & 3)
    header = struct.pack(">L4H", 0x10000, len(sizes), 16 << power, power, 16 * len(sizes) - (16 << power))
    header += b"".join(struct.pack(">4sLLL", tag.encode(), sums[tag], starts[tag], sizes[tag]) for tag in sorted(sizes))
    adjustment = (_MAGIC - _checksum(header) - sum(sums.values())) & 0xFFFFFFFF
    head = padded["head"]
    padded["head"] = head[:8] + struct.pack(">L", adjustment) + head[12:]
    return header, glyf + b"".join(padded.values())
