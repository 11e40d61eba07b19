"""A drawn signature put into its box on a finished document, and where that box is.

The signed edition is the very file that was shown with an addition behind it (an incremental update, ISO 32000-1 §7.5.6): its first bytes
are the document that was signed, so the digest the signature names can be counted again from the file itself. The strokes with their times
travel in the page's piece dictionary (§14.5), where a reader that does not know them leaves them alone.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.adapters.documents.preview import PDFIUM
from app.core.errors import AppError
from app.core.signature import FULL_PRESSURE, Signature, SignatureError, dump, fitted, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.signature import Stroke

_MM: Final = 72 / 25.4
_LABEL: Final = re.compile(r"申请人(?:（代办人）)?签名[:：]|(?<![师员])签名[:：]")
_PIECE: Final = re.compile(rb"/Filter /FlateDecode /Shown (\d+) /Length (\d+)\n>>\nstream\n")
_PAGE: Final = re.compile(rb"(?m)^(\d+) 0 obj\n(<<\n/Contents (\d+ 0 R) .*?)\nendobj", re.DOTALL)
_TRAILER: Final = 400
_A4_HEIGHT: Final = 841.89
_LINE_SHARE: Final = 0.2
"""How much of a character's box lies below the line."""
_DATE_MM: Final = 10.0
"""Blank of the year, which no character stands for."""
_MARGIN_MM: Final = 20.0
_GAP: Final = 1.0
_UNDER, _OVER = 2.5, 11.0
"""How far below and above its line a name may reach, mm: the row of a signature box is at least 20 mm high."""
_WIDEST: Final = 38.0
_NARROWEST: Final = 12.0
_PEN: Final = 0.45
_LIGHTEST: Final = 0.6
"""Width of the pen in mm, and how much of it is left at no pressure."""


@dataclass(frozen=True, slots=True)
class SignBox:
    """Where the applicant signs: page from 0, mm from the top left corner of the sheet."""

    page: int
    x: float
    y: float
    width: float
    height: float


def sign_box(pdf: bytes) -> SignBox | None:
    """Return the applicant's signature box of a document, None when it has none. Found by its words, so it is where the paper says."""
    import pypdfium2  # noqa: PLC0415 - 40 ms, and most cases are signed on paper

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for number, page in enumerate(document):
                found = _on_page(page, number)
                if found is not None:
                    return found
        finally:
            document.close()
    return None


def signed(pdf: bytes, signature: Signature) -> bytes:
    """Return the document with the strokes drawn into the applicant's box.

    AppError when it has no such box, ValueError when the signature names another document or the file is none of ours.
    """
    if hashlib.sha256(pdf).hexdigest() != signature.document:
        raise ValueError("another document was signed")
    box = sign_box(pdf)
    if box is None:
        raise AppError("这份文书上没有申请人签名的地方。改用打印后手写签")
    return _appended(pdf, box.page, _content(signature.strokes, box, _height(pdf, box.page)), signature)


def signature_of(pdf: bytes) -> Signature | None:
    """Return the signature a signed document carries, None when there is none or the document before it is not the one that was signed."""
    found = _PIECE.search(pdf)
    if found is None:
        return None
    shown, length = int(found.group(1)), int(found.group(2))
    try:
        signature = load(zlib.decompress(pdf[found.end() : found.end() + length]))
    except (zlib.error, SignatureError):
        return None
    return signature if hashlib.sha256(pdf[:shown]).hexdigest() == signature.document else None


def _on_page(page: object, number: int) -> SignBox | None:
    text = page.get_textpage()  # type: ignore[attr-defined]
    try:
        # Asked for one by one: the text as a whole has line ends that no character stands for.
        count = text.count_chars()
        chars = [text.get_text_range(at, 1) for at in range(count)]
        whole = "".join(char[:1] or " " for char in chars)
        label = _LABEL.search(whole)
        if label is None:
            return None
        _, bottom, right, top = text.get_charbox(label.end() - 1, loose=True)
        high = page.get_height()  # type: ignore[attr-defined]
        base = bottom + (top - bottom) * _LINE_SHARE
        # The room ends at the next word on the same line.
        nexts = [
            box[0]
            for at in range(label.end(), count)
            if not whole[at].isspace() and _beside(box := text.get_charbox(at, loose=True), right, bottom, top)
        ]
        wide = page.get_width()  # type: ignore[attr-defined]
        room = (min(nexts) - right) / _MM - 2 * _GAP - _DATE_MM if nexts else (wide - right) / _MM - _MARGIN_MM
    finally:
        text.close()
    width = max(_NARROWEST, min(_WIDEST, room))
    return SignBox(number, right / _MM + _GAP, (high - base) / _MM - _OVER, width, _OVER + _UNDER)


def _beside(box: tuple[float, float, float, float], right: float, bottom: float, top: float) -> bool:
    """Whether a character stands further right on the same line."""
    return box[0] > right and box[1] < top and box[3] > bottom


def _height(pdf: bytes, page: int) -> float:
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    return float(boxes[page][1]) if page < len(boxes) else _A4_HEIGHT


def _content(strokes: Sequence[Stroke], box: SignBox, page_height: float) -> bytes:
    """Return page content: round pen, black, each stroke a path; thinner where less was pressed."""
    parts = ["q 0 G 1 J 1 j"]
    for stroke, curve in zip(strokes, fitted(strokes, box.width, box.height), strict=True):
        pressed = [point.pressure for point in stroke if point.pressure >= 0]
        share = _LIGHTEST + (1 - _LIGHTEST) * sum(pressed) / len(pressed) / FULL_PRESSURE if pressed else 1.0
        places = [((box.x + x) * _MM, page_height - (box.y + y) * _MM) for x, y in curve]
        if len(places) == 1:
            places *= 2  # a dot is a line of no length with round ends
        first, *rest = (f"{x:.2f} {y:.2f}" for x, y in places)
        parts.append(f"{_PEN * share * _MM:.3f} w {first} m " + " ".join(f"{place} l" for place in rest) + " S")
    parts.append("Q")
    return "\n".join(parts).encode("ascii")


def _appended(pdf: bytes, page: int, content: bytes, signature: Signature) -> bytes:
    """Return the file with the drawing as one more content stream on a page. ValueError for a file this program did not write."""
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", pdf)
    size = re.search(rb"/Size (\d+)", pdf[-_TRAILER:])
    pages = list(_PAGE.finditer(pdf))
    if start is None or size is None or page >= len(pages) or _PIECE.search(pdf):
        raise ValueError("not a document of ours, or signed already")
    number, body, old = pages[page].group(1, 2, 3)
    first = int(size.group(1))
    stamp = ("D:" + "".join(char for char in signature.signed_at if char.isdigit())).encode("ascii")
    more = b" /LastModified (%s) /PieceInfo << /Chuangkou << /LastModified (%s) /Private %d 0 R >> >>\n>>" % (
        stamp,
        stamp,
        first + 1,
    )
    body = body.replace(b"/Contents " + old, b"/Contents [ %s %d 0 R ]" % (old, first), 1)
    drawing, strokes = zlib.compress(content, 9), zlib.compress(dump(signature).encode("ascii"), 9)
    objects = (
        (int(number), body.removesuffix(b"\n>>") + more),
        (first, _stream(b"", drawing)),
        (first + 1, _stream(b"/Shown %d " % len(pdf), strokes)),
    )
    out = bytearray(pdf)
    places = []
    for name, text in objects:
        places.append((name, len(out)))
        out += b"%d 0 obj\n%s\nendobj\n" % (name, text)
    at = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<<\n%s\n/Size %d\n/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n" % (_trailer(pdf), first + 2, start.group(1), at)
    return bytes(out)


def _stream(entries: bytes, packed: bytes) -> bytes:
    return b"<<\n/Filter /FlateDecode %s/Length %d\n>>\nstream\n%s\nendstream" % (entries, len(packed), packed)


def _trailer(pdf: bytes) -> bytes:
    """Return the last trailer's entries that stay."""
    last = pdf[pdf.rindex(b"trailer") :]
    found = [re.search(pattern, last, re.DOTALL) for pattern in (rb"/ID\s*\[.*?\]", rb"/Info \d+ 0 R", rb"/Root \d+ 0 R")]
    return b"\n".join(one.group(0) for one in found if one is not None)
