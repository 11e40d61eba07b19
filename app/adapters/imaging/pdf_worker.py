"""The process that draws PDF pages. It reads requests on its standard input and answers on its standard output, until either ends.

It is run by its path and imports nothing of this program, so that it starts quickly and a file that breaks it breaks nothing else. A
request is a byte (1: scans may be handed over, 0: draw all), 8 bytes of length and the file. The answers are lines of JSON:
``{"left": [scripts, attachments, signatures]}``, ``{"page": [width, height, dpi]}`` followed by its pixels (BGR, rows without gaps) or
``{"scan": [width, height, dpi, length]}`` followed by its JPEG …, ``{"end": true}``, or ``{"refused": [why, number]}``.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

import pypdfium2 as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A medical record is rarely above 60 pages; 200 rendered pages are about 100 MB.
MAX_PAGES = 200
DPI = 200
#: Inches. Cards and receipts carry smaller print: pages with a long side under 150 mm are rendered finer.
SMALL_PAGE = 5.9
SMALL_DPI = 300
#: A3 at 300 dpi. A page of 14,400 points (5 m, the format's limit) would be 1.6 billion pixels at 200 dpi.
MAX_PAGE_PIXELS = 17_400_000
#: What drawing may take of memory, where the system can hold it to that (not Windows).
MAX_MEMORY = 900 * 2**20

#: Whatever changes how a scan's JPEG is shown. Dictionaries of pictures stand in clear in every PDF; a false find costs time only.
_CHANGING = re.compile(
    rb"/(SMask|Mask|ImageMask|SMaskInData|Decode|ColorTransform|OCProperties|Group|Encrypt|UserUnit|Alternates)[^A-Za-z]"
)
_PLAIN_SPACES = {pdfium.raw.FPDF_COLORSPACE_DEVICEGRAY, pdfium.raw.FPDF_COLORSPACE_DEVICERGB}
#: How far, of the page, a scan may be off its edges and still fill it.
_OFF = 0.005
#: And how much finer one way than the other, as faxes are, it may be.
_OBLONG = 0.02
_POINTS_PER_INCH = 72
_CHANNELS = 3


def answers(data: bytes, scans: bool) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the answers to one file, each with the bytes that follow it (empty for all but pages). ``scans``: need not be drawn."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = {pdfium.raw.FPDF_ERR_PASSWORD: "password", pdfium.raw.FPDF_ERR_SECURITY: "security"}
        yield {"refused": [locked.get(error.err_code, "broken"), 0]}, b""
        return
    try:
        document.init_forms()
        count = len(document)
        if not 0 < count <= MAX_PAGES:
            yield {"refused": ["pages", count]}, b""
            return
        scripts = pdfium.raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or b"/JavaScript" in data
        left = [int(scripts), document.count_attachments(), pdfium.raw.FPDF_GetSignatureCount(document)]
        yield {"left": left}, b""
        scans = scans and not left[2] and not _CHANGING.search(data)
        for index in range(count):
            yield from _page(document, index, scans)
        yield {"end": True}, b""
    except pdfium.PdfiumError:
        yield {"refused": ["broken", 0]}, b""
    except MemoryError:
        yield {"refused": ["heavy", 0]}, b""
    finally:
        document.close()


def drawn_dpi(long_side: float) -> int:
    """Return with how many dots per inch a page of so many inches is drawn."""
    return SMALL_DPI if long_side < SMALL_PAGE else DPI


def _page(document: pdfium.PdfDocument, index: int, scans: bool) -> Iterator[tuple[dict[str, Any], Any]]:
    page = document[index]
    try:
        width, height = page.get_size()
        if not (width >= 1 and height >= 1):
            yield {"refused": ["size", index + 1]}, b""
            return
        scan = _scan(page, width, height) if scans else None
        if scan is not None:
            yield scan
            return
        dpi = drawn_dpi(max(width, height) / _POINTS_PER_INCH)
        scale = min(dpi / _POINTS_PER_INCH, (MAX_PAGE_PIXELS / (width * height)) ** 0.5)
        bitmap = page.render(scale=scale, prefer_bgrx=False)
        try:
            yield {"page": [bitmap.width, bitmap.height, max(1, round(scale * _POINTS_PER_INCH))]}, _rows(bitmap)
        finally:
            bitmap.close()
    finally:
        page.close()


def _scan(page: pdfium.PdfPage, width: float, height: float) -> tuple[dict[str, Any], bytes] | None:
    """Return the JPEG that is all there is on this page, fills it, lies upright and is fine enough; None when anything is otherwise."""
    raw = pdfium.raw
    if raw.FPDFPage_CountObjects(page) != 1 or raw.FPDFPage_GetAnnotCount(page) or page.get_rotation():
        return None
    (picture,) = page.get_objects(max_depth=1)
    if not isinstance(picture, pdfium.PdfImage) or not _is_shown_plainly(picture):
        return None
    a, b, c, d, e, f = picture.get_matrix().get()
    left, bottom, right, top = page.get_bbox()
    off = (a - width, d - height, b, c, e - left, f - bottom, right - left - width, top - bottom - height)
    told = picture.get_metadata()
    across, down = told.width / width * _POINTS_PER_INCH, told.height / height * _POINTS_PER_INCH
    fills = all(abs(each) <= _OFF * max(width, height) for each in off) and abs(across - down) <= _OBLONG * across
    fine = across >= (1 - _OFF) * drawn_dpi(max(width, height) / _POINTS_PER_INCH)
    if not fills or not fine or told.width * told.height > MAX_PAGE_PIXELS:
        return None
    data = bytes(picture.get_data(decode_simple=False))
    return {"scan": [told.width, told.height, round(across), len(data)]}, data


def _is_shown_plainly(picture: pdfium.PdfImage) -> bool:
    """Whether the page shows just what the JPEG shows: in its own colours, all of it, nothing through it."""
    raw = pdfium.raw
    told = picture.get_metadata()
    return (
        picture.get_filters() == ["DCTDecode"]
        and told.colorspace in _PLAIN_SPACES
        and told.bits_per_pixel in {8, 24}
        and raw.FPDFPageObj_CountMarks(picture) <= 0
        and not raw.FPDFPageObj_HasTransparency(picture)
        and raw.FPDFClipPath_CountPaths(raw.FPDFPageObj_GetClipPath(picture)) <= 0
    )


def _rows(bitmap: pdfium.PdfBitmap) -> memoryview | bytes:
    """Return the bitmap's pixels as BGR without gaps between the rows."""
    pixels = memoryview(
        ctypes.cast(bitmap.buffer, ctypes.POINTER(ctypes.c_ubyte * (bitmap.stride * bitmap.height))).contents
    ).cast("B")
    used = bitmap.width * bitmap.n_channels
    if bitmap.stride == used and bitmap.n_channels == _CHANNELS:
        return pixels
    rows = (bytes(pixels[at * bitmap.stride : at * bitmap.stride + used]) for at in range(bitmap.height))
    if bitmap.n_channels == _CHANNELS:
        return b"".join(rows)
    flat = b"".join(rows)
    made = bytearray(bitmap.width * bitmap.height * _CHANNELS)
    for channel in range(_CHANNELS):
        made[channel::_CHANNELS] = flat[channel % bitmap.n_channels :: bitmap.n_channels]
    return bytes(made)


def _serve(requests: BinaryIO, out: BinaryIO) -> None:
    while len(asked := requests.read(9)) == 9:  # noqa: PLR2004 - as said above
        length = int.from_bytes(asked[1:])
        data = requests.read(length)
        if len(data) < length:
            return
        for told, pixels in answers(data, asked[0] == 1):
            out.write(json.dumps(told).encode() + b"\n")
            out.write(pixels)
            out.flush()


if __name__ == "__main__":
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass
    _serve(sys.stdin.buffer, sys.stdout.buffer)
