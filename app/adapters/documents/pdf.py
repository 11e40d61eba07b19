"""A PDF/A-2b file out of pages of drawing operators and subset fonts (ISO 32000-1, ISO 19005-2).

Written here because what matters on these papers (one Type0 subset per face, right ToUnicode beyond U+FFFF, the same bytes for
the same input, XMP in step with Info) has to be patched into a general library, and costs less than the patches.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.adapters.documents.subset import Subset

A4: Final = (595.276, 841.89)
_SYMBOLIC: Final = 4
_STEM: Final = 80
_SRGB_KNEE: Final = 0.04045
_LEVEL: Final = 1  # of zlib: level 6 takes half as long again for seven per cent less
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreatorTool>{creator}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{creator}</pdf:Producer><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """What the file says about itself. ``moment`` is ISO local time to the second; nothing here may name a person."""

    title: str
    moment: str
    creator: str = "窗口 Chuangkou"


def write(pages: Sequence[str], fonts: Mapping[str, Subset], about: About) -> bytes:
    """Return the file. ``pages`` hold drawing operators in points on A4; ``fonts`` by the name the operators use."""
    body = _Objects()
    catalog, tree, resources = body.reserve(), body.reserve(), body.reserve()
    names = " ".join(f"/{name} {_font(body, subset)} 0 R" for name, subset in fonts.items())
    body.set(resources, f"<</Font <<{names}>> /ProcSet [/PDF /Text]>>")
    kids = []
    for content in pages:
        stream = body.stream("", content.encode("ascii"))
        kids.append(
            body.add(
                f"<</Type /Page /Parent {tree} 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Resources {resources} 0 R /Contents {stream} 0 R>>"
            )
        )
    body.set(tree, f"<</Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}]>>")
    profile = body.stream("/N 3 ", _srgb())
    intent = (
        f"<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile {profile} 0 R>>"
    )
    text = _XMP.format(title=escape(about.title), creator=escape(about.creator), date=about.moment[:19])
    metadata = body.stream("/Type /Metadata /Subtype /XML ", text.encode(), packed=False)
    body.set(
        catalog,
        f"<</Type /Catalog /Pages {tree} 0 R /Lang (zh-CN) /Metadata {metadata} 0 R /OutputIntents [{intent}]"
        " /ViewerPreferences <</DisplayDocTitle true /PrintScaling /None>>>>",
    )
    stamp = "D:" + "".join(char for char in about.moment[:19] if char.isdigit())
    title, creator = _hex(about.title), _hex(about.creator)
    info = body.add(f"<</Title {title} /Creator {creator} /Producer {creator} /CreationDate ({stamp}) /ModDate ({stamp})>>")
    return body.file(catalog, info)


class _Objects:
    """Numbered objects of one file."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def reserve(self) -> int:
        self._objects.append(b"")
        return len(self._objects)

    def set(self, number: int, value: str) -> None:
        self._objects[number - 1] = value.encode("latin1")

    def add(self, value: str) -> int:
        number = self.reserve()
        self.set(number, value)
        return number

    def stream(self, entries: str, data: bytes, *, packed: bool = True) -> int:
        if packed:
            entries, data = entries + "/Filter /FlateDecode ", zlib.compress(data, _LEVEL)
        number = self.reserve()
        # PDF/A wants an end of line before endstream that Length does not count.
        self._objects[number - 1] = f"<<{entries}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"
        return number

    def file(self, catalog: int, info: int) -> bytes:
        parts, offsets = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"], []
        at = len(parts[0])
        for number, value in enumerate(self._objects, 1):
            part = b"%d 0 obj\n" % number + value + b"\nendobj\n"
            offsets.append(at)
            at += len(part)
            parts.append(part)
        identity = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        size = len(offsets) + 1
        parts.append(
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer\n<</Size {size} /Root {catalog} 0 R /Info {info} 0 R /ID [<{identity}> <{identity}>]>>\n"
            f"startxref\n{at}\n%%EOF\n".encode()
        )
        return b"".join(parts)


def _hex(text: str) -> str:
    return "<FEFF" + text.encode("utf-16-be").hex().upper() + ">"


def _font(body: _Objects, subset: Subset) -> int:
    """Add a Type0 font and return its number."""
    face, name = subset.face, subset.tagged_name
    program = subset.program()
    file = body.stream(f"/Length1 {len(program)} ", program)
    scale = face.per_mille
    box = " ".join(str(round(edge * scale)) for edge in face.box)
    descriptor = body.add(
        f"<</Type /FontDescriptor /FontName /{name} /Flags {_SYMBOLIC} /FontBBox [{box}] /ItalicAngle 0"
        f" /Ascent {round(face.ascent * scale)} /Descent {round(face.descent * scale)}"
        f" /CapHeight {round(face.cap_height * scale)} /StemV {_STEM} /FontFile2 {file} 0 R>>"
    )
    widths = " ".join(map(str, subset.widths()))
    descendant = body.add(
        f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name}"
        " /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
        f" /FontDescriptor {descriptor} 0 R /DW 1000 /W [0 [{widths}]] /CIDToGIDMap /Identity>>"
    )
    unicode = body.stream("", subset.to_unicode())
    return body.add(
        f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
        f" /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R>>"
    )


@cache
def _srgb() -> bytes:
    """Return a minimal ICC 2.1 display profile of sRGB (IEC 61966-2-1 primaries adapted to D50, its curve in 64 steps)."""

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    steps = 64
    linear = [
        value / 12.92 if value <= _SRGB_KNEE else ((value + 0.055) / 1.055) ** 2.4
        for value in (i / (steps - 1) for i in range(steps))
    ]
    curve = b"curv\0\0\0\0" + struct.pack(f">L{steps}H", steps, *(round(65535 * value) for value in linear))
    name = b"sRGB\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">L", len(name)) + name + bytes(78),
        b"cprt": b"text\0\0\0\0CC0\0",
        b"wtpt": xyz(0.95045, 1, 1.08905),
        b"rXYZ": xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": xyz(0.14307, 0.06061, 0.71410),
    }
    start = 128 + 4 + 12 * (len(tags) + 3)
    table, body = struct.pack(">L", len(tags) + 3), b""
    for tag, data in tags.items():
        table += tag + struct.pack(">LL", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    for tag in (b"rTRC", b"gTRC", b"bTRC"):
        table += tag + struct.pack(">LL", start + len(body), len(curve))
    body += curve + b"\0" * (-len(curve) % 4)
    header = struct.pack(">L4xL", start + len(body), 0x02100000) + b"mntrRGB XYZ " + struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    header += b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header + bytes(128 - len(header)) + table + body
