"""A page of a finished PDF as pixels, so that what is seen is what will be printed."""

from __future__ import annotations

_POINTS_PER_INCH = 72


def picture(pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
    """Return width, height and BGRA bytes of a page (from 0) on white. IndexError for a page that is not there."""
    # Late: pdfium takes 40 ms to load and nothing before the first preview needs it.
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= page < len(document):
            raise IndexError(page)
        bitmap = document[page].render(
            scale=dpi / _POINTS_PER_INCH, rev_byteorder=False, prefer_bgrx=True, fill_color=(255, 255, 255, 255)
        )
        try:
            width, height, stride = bitmap.width, bitmap.height, bitmap.stride
            data = bytes(bitmap.buffer)
        finally:
            bitmap.close()
    finally:
        document.close()
    line = width * 4
    if stride != line:
        data = b"".join(data[row * stride : row * stride + line] for row in range(height))
    # The fourth byte of pdfium's BGRx is not defined, and a reader of BGRA takes it for transparency.
    pixels = bytearray(data)
    pixels[3::4] = b"\xff" * (width * height)
    return width, height, bytes(pixels)
