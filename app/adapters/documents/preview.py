"""A page of a finished PDF as pixels, so that what is seen is what will be printed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PDFIUM = threading.Lock()
"""Pdfium may be in one thread at a time: previews are drawn on the local lane, the Windows printer's pages on the printer's."""
_POINTS_PER_INCH = 72


def picture(pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
    """Return width, height and BGRA bytes of a page (from 0) on white. IndexError for a page that is not there."""
    with PDFIUM:
        return _picture(pdf, page, dpi)


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


def _picture(pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
    # Late: pdfium takes 40 ms to load and nothing before the first preview needs it.
    import pypdfium2  # noqa: PLC0415
    from pypdfium2 import raw  # noqa: PLC0415

    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= page < len(document):
            raise IndexError(page)
        # With an opaque ground pdfium keeps the fourth byte opaque; of BGRx it is not defined and would have to be written here.
        bitmap = document[page].render(
            scale=dpi / _POINTS_PER_INCH, force_bitmap_format=raw.FPDFBitmap_BGRA, fill_color=(255, 255, 255, 255)
        )
        try:
            width, height, stride = bitmap.width, bitmap.height, bitmap.stride
            data = bytes(memoryview(bitmap.buffer))
        finally:
            bitmap.close()
    finally:
        document.close()
    line = width * 4
    if stride != line:
        data = b"".join(data[row * stride : row * stride + line] for row in range(height))
    return width, height, data
