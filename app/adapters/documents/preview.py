"""A page of a finished PDF as pixels, so that what is seen is what will be printed."""

from __future__ import annotations

import ctypes
import math
import sys
import threading
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PDFIUM = threading.Lock()
"""Pdfium may be in one thread at a time: previews are drawn on the local lane, the Windows printer's pages on the printer's."""
_POINTS_PER_INCH = 72
_FINE_DPI: Final = 150
"""Pdfium draws no line thinner than a pixel. Below this a hairline and the stroke that makes a rare character bold would swallow what stands
between them, so a small picture is drawn this fine and averaged: 10 ms instead of 4 for a form 382 pixels wide."""
_LIBRARIES: Final = {"win32": "pdfium.dll", "darwin": "libpdfium.dylib"}
# Of fpdfview.h.
_BGRA: Final = 4
_ANNOTATIONS: Final = 1
_HANDLE, _INT = ctypes.c_void_p, ctypes.c_int
_CALLS: Final = {
    "FPDF_InitLibraryWithConfig": (None, _HANDLE),
    "FPDF_LoadMemDocument64": (_HANDLE, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p),
    "FPDF_GetPageCount": (_INT, _HANDLE),
    "FPDF_LoadPage": (_HANDLE, _HANDLE, _INT),
    "FPDF_GetPageWidthF": (ctypes.c_float, _HANDLE),
    "FPDF_GetPageHeightF": (ctypes.c_float, _HANDLE),
    "FPDFBitmap_CreateEx": (_HANDLE, _INT, _INT, _INT, _HANDLE, _INT),
    "FPDF_RenderPageBitmap": (None, _HANDLE, _HANDLE, *[_INT] * 6),
    "FPDFBitmap_Destroy": (None, _HANDLE),
    "FPDF_ClosePage": (None, _HANDLE),
    "FPDF_CloseDocument": (None, _HANDLE),
}


class UnreadableError(Exception):
    """What pdfium cannot draw."""


def picture(pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
    """Return width, height and BGRA bytes of a page (from 0) on white. IndexError for a page that is not there, UnreadableError for no PDF."""
    with PDFIUM, _document(pdf) as document, _page(document, page) as sheet:
        finer = max(1, round(_FINE_DPI / dpi))
        width, height, pixels = _drawn(sheet, finer * dpi / _POINTS_PER_INCH)
    return _averaged(width, height, pixels, finer) if finer > 1 else (width, height, pixels)


def pictures(pdf: bytes, dpi: float) -> Iterator[tuple[int, int, bytes]]:
    """Return every page as :func:`picture` does, one at a time."""
    page = 0
    while True:
        try:
            one = picture(pdf, page, dpi)
        except IndexError:
            return
        yield one
        page += 1


@cache
def library() -> ctypes.CDLL:
    """Return pypdfium2's pdfium, ready. Whoever asks holds :data:`PDFIUM`.

    Called directly: pypdfium2 describes all of its 450 functions to Python first, 35 ms and 3 MB that the idle window would keep. Both may be there.
    """
    spec = find_spec("pypdfium2_raw")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypdfium2_raw", name="pypdfium2_raw")
    found = ctypes.CDLL(str(Path(spec.origin).with_name(_LIBRARIES.get(sys.platform, "libpdfium.so"))))
    for name, (answer, *wanted) in _CALLS.items():
        call = getattr(found, name)
        call.restype, call.argtypes = answer, wanted
    found.FPDF_InitLibraryWithConfig(None)
    return found


@contextmanager
def _document(pdf: bytes) -> Iterator[int]:
    document = library().FPDF_LoadMemDocument64(pdf, len(pdf), None)
    if not document:
        raise UnreadableError(f"{len(pdf)} bytes")
    try:
        yield document
    finally:
        library().FPDF_CloseDocument(document)


@contextmanager
def _page(document: int, page: int) -> Iterator[int]:
    if not 0 <= page < library().FPDF_GetPageCount(document):
        raise IndexError(page)
    sheet = library().FPDF_LoadPage(document, page)
    if not sheet:
        raise UnreadableError(f"page {page}")
    try:
        yield sheet
    finally:
        library().FPDF_ClosePage(sheet)


def _drawn(sheet: int, scale: float) -> tuple[int, int, bytes]:
    pdfium = library()
    width = math.ceil(pdfium.FPDF_GetPageWidthF(sheet) * scale)
    height = math.ceil(pdfium.FPDF_GetPageHeightF(sheet) * scale)
    # An opaque white ground: pdfium keeps the fourth byte opaque; of BGRx it is not defined and would have to be written here.
    pixels = bytearray(b"\xff") * (4 * width * height)
    ground = (ctypes.c_char * len(pixels)).from_buffer(pixels)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, _BGRA, ground, 4 * width)
    try:
        pdfium.FPDF_RenderPageBitmap(bitmap, sheet, 0, 0, width, height, 0, _ANNOTATIONS)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return width, height, bytes(pixels)


def _averaged(width: int, height: int, pixels: bytes, by: int) -> tuple[int, int, bytes]:
    from PIL import Image  # noqa: PLC0415 - a printer's pages do without

    # Four plain bands: of RGBA Pillow would weigh the colours by the fourth, which is opaque everywhere.
    small = Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1).reduce(by)
    return (*small.size, small.tobytes())
