"""QR codes and bar codes as runs of dark modules. A code holds the acceptance number and nothing else."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Any, Final

MODULE: Final = 0.4
"""Width in mm of a bar code's narrowest bar, whatever its length: 0.38 is the least a blurred 200 dpi scan still tells apart."""

Run = tuple[int, int, int]
"""Column, row, and how many dark modules from there."""


@lru_cache(maxsize=16)
def qr(text: str) -> tuple[int, tuple[Run, ...]]:
    """Return the number of modules along a side, and the dark runs. Error correction M; no quiet zone."""
    # Late: a form without a number has no code.
    import zxingcpp  # noqa: PLC0415

    image: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(
        scale=1, add_quiet_zones=False
    )
    side: int = image.shape[1]
    flat = bytes(image)
    runs: list[Run] = []
    for row in range(side):
        column = 0
        for dark, group in groupby(flat[row * side : (row + 1) * side], key=lambda value: value == 0):
            length = sum(1 for _ in group)
            if dark:
                runs.append((column, row, length))
            column += length
    return side, tuple(runs)


@lru_cache(maxsize=16)
def code128(text: str) -> tuple[int, tuple[Run, ...]]:
    """Return how many modules a Code 128 is wide, and its bars in one row; no quiet zones."""
    import zxingcpp  # noqa: PLC0415

    image: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=1, add_quiet_zones=False)
    across: int = image.shape[1]
    bars: list[Run] = []
    at = 0
    for dark, group in groupby(bytes(image)[:across], key=lambda value: value == 0):
        length = sum(1 for _ in group)
        if dark:
            bars.append((at, 0, length))
        at += length
    return across, tuple(bars)
