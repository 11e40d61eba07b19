"""Red stamps: where they are on a page, and the print under them.

Ink lets a share of each colour through, and two inks multiply. How much of a point is stamp says its hue; divided out of the red, in which a stamp is
nearly as light as paper, only the black print is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

Area = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""

_LOOK: Final = 500
"""Longest side in pixels on which stamps are looked for."""
_REDDER: Final = 40
"""By how much red is above green and blue in a stamp's ink, of 255."""
_LEAST, _MOST = 0.05, 0.6
"""A stamp's width as a share of the page's: smaller is a printed mark, larger a tinted card."""
_INK: Final = 0.04
"""Least share of the area that is ink: a ring alone has 0.1, a few red figures of a report less."""
_MOST_STAMPS: Final = 3
_FULL: Final = 20
"""The percentile, from the darkest green on, at which a stamp's ink is full and no print lies in it."""
_BLACK, _WHITE = 0.05, 0.8
"""Shares of the paper's lightness that become black and white: what is left of a stamp's edges lies above."""


def areas(pixels: Pixels) -> list[Area]:
    """Return where stamps are, the largest first; at most three."""
    share = min(1.0, _LOOK / max(pixels.shape[:2]))
    small = np.asarray(cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    ink = _red(small).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found: list[tuple[int, Area]] = []
    for left, top, width, height, _ in stats[1:count]:
        wide, high = width / small.shape[1], height / small.shape[1]
        filled = ink[top : top + height, left : left + width].mean()
        if min(wide, high) > _LEAST and max(wide, high) < _MOST and filled > _INK:
            area = (int(left / share), int(top / share), int(width / share), int(height / share))
            found.append((int(width * height), area))
    return [area for _, area in sorted(found, reverse=True)[:_MOST_STAMPS]]


def around(area: Area, width: int, height: int) -> Area:
    """Return the part of the page to read again: the stamp, and so much to its sides that the lines under it are whole."""
    left, top, wide, high = area
    first, last = max(0, left - wide), min(width, left + 2 * wide)
    upper, lower = max(0, top - high // 5), min(height, top + high + high // 5)
    return first, upper, last - first, lower - upper


def without_red(pixels: Pixels) -> Pixels:
    """Return the picture without the ink of its stamps, in grey."""
    paper = np.maximum(1.0, np.percentile(pixels.reshape(-1, 3), 80, axis=0))
    light = pixels.astype(np.float32) / paper.astype(np.float32)
    red, other = light[..., 2], (light[..., 0] + light[..., 1]) / 2
    ink = _red(pixels)
    clear = red
    if ink.any():
        others = other[ink]
        full = others <= np.percentile(others, _FULL)
        stamp_red, stamp_other = float(np.median(red[ink][full])), float(np.median(others[full]))
        hue = other / np.maximum(red, 1 / 255)
        # hue = (1 - m(1 - stamp_other)) / (1 - m(1 - stamp_red)), solved for m, the share of stamp in a point.
        share = (1 - hue) / np.maximum((1 - stamp_other) - hue * (1 - stamp_red), 0.05)
        clear = red / np.maximum(1 - np.clip(share, 0, 1) * (1 - stamp_red), 0.3)
    level = np.clip((clear - _BLACK) * (255 / (_WHITE - _BLACK)), 0, 255).astype(np.uint8)
    return np.repeat(level[..., None], 3, axis=2)


def _red(pixels: Pixels) -> Mask:
    blue, green, red = (channel.astype(np.int16) for channel in cv2.split(pixels))
    return np.asarray(red - np.maximum(blue, green) > _REDDER)
