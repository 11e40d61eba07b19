"""The process that draws PDF pages. It reads requests on its standard input and answers on its standard output, until either ends.

It is run by its path and imports nothing of this program, so that it starts quickly and a file that breaks it breaks nothing else. A
request is 8 bytes of length and the file; the answers are lines of JSON, a page followed by its pixels (BGR, rows without gaps):
``{"left": [scripts, attachments, signatures]}``, ``{"page": [width, height, dpi]}`` …, ``{"end": true}``, or ``{"refused": [why, number]}``.
"""

from __future__ import annotations

import ctypes
import json
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

import pypdfium2 as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A medical record is rarely above 60 pages; 200 rendered pages are about 100 MB.
MAX_PAGES = 200
DPI = 200
#: Cards and receipts carry smaller print: pages with a long side under 150 mm are rendered finer.
SMALL_PAGE_POINTS = 425.0
SMALL_DPI = 300
#: A3 at 300 dpi. A page of 14,400 points (5 m, the format's limit) would be 1.6 billion pixels at 200 dpi.
MAX_PAGE_PIXELS = 17_400_000
#: What drawing may take of memory, where the system can hold it to that (not Windows).
MAX_MEMORY = 900 * 2**20

_POINTS_PER_INCH = 72
_CHANNELS = 3


def answers(data: bytes) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the answers to one file, each with the pixels that follow it (empty for all but pages)."""
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
        for index in range(count):
            yield from _page(document, index)
        yield {"end": True}, b""
    except pdfium.PdfiumError:
        yield {"refused": ["broken", 0]}, b""
    except MemoryError:
        yield {"refused": ["heavy", 0]}, b""
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, index: int) -> Iterator[tuple[dict[str, Any], Any]]:
    page = document[index]
    try:
        width, height = page.get_size()
        if not (width >= 1 and height >= 1):
            yield {"refused": ["size", index + 1]}, b""
            return
        dpi = SMALL_DPI if max(width, height) < SMALL_PAGE_POINTS else DPI
        scale = min(dpi / _POINTS_PER_INCH, (MAX_PAGE_PIXELS / (width * height)) ** 0.5)
        bitmap = page.render(scale=scale, prefer_bgrx=False)
        try:
            yield {"page": [bitmap.width, bitmap.height, max(1, round(scale * _POINTS_PER_INCH))]}, _rows(bitmap)
        finally:
            bitmap.close()
    finally:
        page.close()


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
    while len(size := requests.read(8)) == 8:  # noqa: PLR2004 - as said above
        length = int.from_bytes(size)
        data = requests.read(length)
        if len(data) < length:
            return
        for told, pixels in answers(data):
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
