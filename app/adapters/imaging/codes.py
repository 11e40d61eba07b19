"""Codes on a page: what the QR and Code 128 on paper of ours say."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from app.adapters.imaging import raster
from app.adapters.imaging.kinds import kind_of

if TYPE_CHECKING:
    from PIL import Image

    from app.services.ports import Capture

_FINER: Final = 2
_COARSE: Final = 1800
"""Long side in pixels below which modules are so small that a larger picture reads better: A4 at 150 dpi."""
_SMALL: Final = 1200
"""Long side in pixels that the large codes of a cover or a divider are read at: their modules are 1.5 mm, six pixels of A4 at 100 dpi."""
_LARGE: Final = 0.13
"""Least side of a large code as a share of the page's long side. On A4 a cover and a divider have 46 mm (0.155), a receipt 33 (0.11), a form 22."""


def codes(capture: Capture) -> tuple[str, ...]:
    """Return what the page's QR codes and Code 128 say, each text once, in the order they were found; empty when none can be read.

    The page is looked at first, larger where it is coarse, then the picture as it came.
    """
    for one in (capture, capture.untouched):
        if one is None:
            continue
        with raster.told():
            grey = raster.plain(raster.decode(one.data, kind_of(one.data))).convert("L")
            found = _read(grey)
            if not found and max(grey.size) < _COARSE:
                found = _read(grey.resize((grey.width * _FINER, grey.height * _FINER)))
        if found:
            return found
    return ()


def large_codes(capture: Capture) -> tuple[str, ...]:
    """Return what the page's large QR codes say: those that a cover or a divider bears, and no other paper of ours."""
    # Late: nothing else in the program reads codes.
    import zxingcpp  # noqa: PLC0415

    kind = kind_of(capture.data)
    with raster.told():
        picture = raster.decode(capture.data, kind, (_SMALL, _SMALL))
        grey = raster.scaled(raster.plain(picture).convert("L"), (_SMALL, _SMALL))
        formats: Any = [zxingcpp.BarcodeFormat.QRCode]
        found = zxingcpp.read_barcodes(grey, formats=formats)
    least = _LARGE * max(grey.size)
    return tuple(dict.fromkeys(code.text for code in found if _side(code.position) >= least))


def _side(position: Any) -> float:
    corners = position.top_left, position.top_right, position.bottom_right
    return min(math.dist((a.x, a.y), (b.x, b.y)) for a, b in pairwise(corners))


def _read(grey: Image.Image) -> tuple[str, ...]:
    import zxingcpp  # noqa: PLC0415

    # A stamp over a code leaves one way of telling ink from paper where the other is lost.
    for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram):
        formats: Any = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]
        found = zxingcpp.read_barcodes(grey, formats=formats, binarizer=binarizer)
        if found:
            return tuple(dict.fromkeys(code.text for code in found))
    return ()
