"""An official blank under a page, at its own size: drawn to dots once, so that a file of any make keeps PDF/A.

A blank may come with fonts that are not embedded, transparency or colours of no known meaning; as dots it has none of these. 300 dpi is
what an office printer shows of a line, and the blank's greys are kept in 16 steps.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.adapters.documents.preview import PDFIUM

if TYPE_CHECKING:
    from numpy.typing import NDArray

DPI: Final = 300
_POINTS: Final = 72
_MM: Final = 72 / 25.4
_A4_MM: Final = (210.0, 297.0)
_OFF_MM: Final = 1.0
_STEP: Final = 17  # 256 shades in 16 steps
_COLOURED: Final = 24


@dataclass(frozen=True, slots=True)
class Blank:
    """One page as dots: ``width`` and ``height`` in pixels, packed (Flate) in 4 bits of grey or 3 × 8 of colour; ``size`` in points."""

    name: str
    width: int
    height: int
    size: tuple[float, float]
    grey: bool
    packed: bytes

    def entries(self) -> dict[str, Any]:
        """Return the entries of its image stream."""
        return {
            "Type": "/XObject",
            "Subtype": "/Image",
            "Width": self.width,
            "Height": self.height,
            "BitsPerComponent": 4 if self.grey else 8,
            "ColorSpace": "/DeviceGray" if self.grey else "/DeviceRGB",
            "Filter": "/FlateDecode",
            "Interpolate": "false",
        }


@lru_cache(maxsize=8)
def blank(pdf: bytes) -> Blank:
    """Return the first page of an official blank. ValueError, in Chinese words, when it is no PDF or not A4."""
    with PDFIUM:
        dots, size = _dots(pdf)
    red, green, blue = (dots[:, :, channel] for channel in range(3))
    apart = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    grey = int(apart.max()) < _COLOURED
    if grey:
        flat = _stepped(green)
        flat = np.pad(flat, ((0, 0), (0, flat.shape[1] % 2)), constant_values=15)
        raw = (flat[:, 0::2] << 4 | flat[:, 1::2]).tobytes()
    else:
        raw = (_stepped(dots) * _STEP).tobytes()
    name = "blank-" + hashlib.sha256(pdf).hexdigest()[:16]
    return Blank(name, dots.shape[1], dots.shape[0], size, grey, zlib.compress(raw, 9))


def _stepped(shades: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the nearest of the 16 steps of each shade."""
    return np.asarray([(shade + _STEP // 2) // _STEP for shade in range(256)], np.uint8)[shades]


def _dots(pdf: bytes) -> tuple[NDArray[np.uint8], tuple[float, float]]:
    """Return the first page as RGB dots and its size in points. The caller holds pdfium's lock."""
    import pypdfium2  # noqa: PLC0415 - 40 ms, and most regions have no blank

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise ValueError("不是能读的 PDF，重新导出一份") from None
    try:
        page = document[0]
        across, high = page.get_size()
        if abs(across / _MM - _A4_MM[0]) > _OFF_MM or abs(high / _MM - _A4_MM[1]) > _OFF_MM:
            raise ValueError(f"是 {across / _MM:.0f}×{high / _MM:.0f} 毫米，要 A4 竖放（210×297），重新导出")
        bitmap = page.render(scale=DPI / _POINTS, rev_byteorder=True, fill_color=(255, 255, 255, 255))
        try:
            dots = np.array(bitmap.to_numpy()[:, :, :3])
        finally:
            bitmap.close()
    finally:
        document.close()
    return dots, (across, high)
