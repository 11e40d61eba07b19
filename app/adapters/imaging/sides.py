"""Which side of an identity card a page shows: the emblem's red at the upper left, or the portrait's dark shape at the right.

Both are advice and either may stay unseen: where the card's shape, place or colours leave a doubt, nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.adapters.imaging.sheet import averaged, percentile
from app.core.quality import EMBLEM, PORTRAIT, Spot

if TYPE_CHECKING:
    from app.adapters.imaging.outline import Pixels
    from app.adapters.imaging.sheet import Page
    from app.adapters.imaging.thresholds import Gate

#: ISO/IEC 7810 ID-1.
_SHAPE: Final = 85.6 / 53.98
#: Long side at which a card is looked at.
_SIDE: Final = 400
_LEAST_LIGHT: Final = 60
#: Left, top, right, bottom of where each is on the card, as fractions of it.
_EMBLEM: Final = (0.04, 0.07, 0.31, 0.48)
_PORTRAIT: Final = (0.6, 0.07, 0.97, 0.77)
_ROUND: Final = (0.6, 1.7)


def card_side(page: Page, gate: Gate) -> list[Spot]:
    """Find the emblem or the portrait of an identity card that fills the page, whichever way up it lies; nothing when unsure."""
    height, width = page.even.shape
    if abs(max(height, width) / min(height, width) / _SHAPE - 1) > gate.card_off:
        return []
    dark = _dark(page, gate)
    if any(edge.any() for edge in (dark[0], dark[-1], dark[:, 0], dark[:, -1])):
        return []  # a finger, or the desk
    red = None if page.colour is None else _red(page.colour, gate)
    for turns in (0, 2) if width > height else (1, 3):
        place = _box(_PORTRAIT, turns)
        inside, rest = _shares(dark, place)
        if inside >= gate.portrait_area and rest <= gate.portrait_rest * inside:
            return [Spot(PORTRAIT, *_seen(dark, place))]
        place = _box(_EMBLEM, turns)
        if red is None or _shares(dark, place)[1] > gate.emblem_dark:
            continue
        inside, rest = _shares(red, place)
        if inside >= gate.emblem_area and rest <= gate.emblem_rest * inside:
            left, top, wide, high = _seen(red, place)
            across, down = wide * width, high * height
            if min(across, down) >= gate.emblem_side * min(width, height) and _ROUND[0] < across / down < _ROUND[1]:
                return [Spot(EMBLEM, left, top, wide, high)]
    return []


def _dark(page: Page, gate: Gate) -> Pixels:
    """Return where the card is dark all over (1), not in strokes."""
    small = averaged(page.even, max(1, max(page.even.shape) // _SIDE))
    dark = cv2.threshold(small, gate.ink_below - 1, 1, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(small, gate)), np.uint8)


def _red(colour: Pixels, gate: Gate) -> Pixels:
    """Return where the card is red (1), its paper being taken for white."""
    small = averaged(colour, max(1, max(colour.shape[:2]) // _SIDE))
    paper = [max(1.0, percentile(np.ascontiguousarray(small[..., at]), 75)) for at in range(3)]
    blue, green, red = cv2.split(small * (255.0 / np.array(paper, np.float32)))
    seen = (red - np.maximum(blue, green) >= gate.emblem_red * red) & (red >= _LEAST_LIGHT)
    return np.asarray(cv2.morphologyEx(seen.astype(np.uint8), cv2.MORPH_CLOSE, _square(small, gate)), np.uint8)


def _square(small: Pixels, gate: Gate) -> Pixels:
    size = max(3, round(gate.portrait_thick * min(small.shape[:2])))
    return np.ones((size, size), np.uint8)


_Box = tuple[float, float, float, float]


def _box(box: _Box, turns: int) -> _Box:
    """Return where a part of the card is once it lies turned by so many quarters anticlockwise."""
    for _ in range(turns):
        left, top, right, bottom = box
        box = (top, 1 - right, bottom, 1 - left)
    return box


def _within(mask: Pixels, box: _Box) -> tuple[int, int, Pixels]:
    height, width = mask.shape
    left, top, right, bottom = (round(side * size) for side, size in zip(box, (width, height) * 2, strict=True))
    return left, top, mask[top:bottom, left:right]


def _shares(mask: Pixels, box: _Box) -> tuple[float, float]:
    """Return how much of the card is marked inside the box, and outside it."""
    inside = cv2.countNonZero(np.ascontiguousarray(_within(mask, box)[2]))
    return inside / mask.size, (cv2.countNonZero(mask) - inside) / mask.size


def _seen(mask: Pixels, box: _Box) -> _Box:
    """Return left, top, width and height of what is marked inside the box, as fractions of the card."""
    height, width = mask.shape
    left, top, part = _within(mask, box)
    x, y, wide, high = cv2.boundingRect(np.ascontiguousarray(part))
    return (left + x) / width, (top + y) / height, wide / width, high / height
