"""Making a page rectangular and its lines level."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from app.adapters.imaging.outline import Pixels, Points
    from app.adapters.imaging.thresholds import PageRules

#: Long sides in inches by shape (ISO 216 A4; ISO/IEC 7810 ID-1) and how far a seen shape may be off.
A4_LONG: Final = 297 / 25.4
CARD_LONG: Final = 85.6 / 25.4
_CARD_SHAPE: Final = 85.6 / 53.98
_A_SHAPE: Final = 2**0.5
_CLEAR_SKEW: Final = 1.25
_NEARLY: Final = 0.1
#: Points of ink by which lines are told; more say nothing new.
_ENOUGH_INK: Final = 30_000
#: A page is cut a hair inside its edge, so that no sliver of the desk comes along.
_INWARD: Final = 0.006


def flat(picture: Pixels, corners: Points) -> Pixels:
    """Return the page inside these corners (pixels) as a rectangle, at most as fine as A4 at 300 or a card at 600 dots per inch.

    Colour comes back in four channels (the last means nothing), as from :func:`level`.
    """
    corners = corners + (corners.mean(axis=0) - corners) * _INWARD
    top, right, bottom, left = (float(np.linalg.norm(corners[a] - corners[b])) for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)))
    wide, high = max(top, bottom), max(left, right)
    inches, finest = (CARD_LONG, 600) if looks_like_card(wide, high) else (A4_LONG, 300)
    wide, high = _true_shape(wide, high)
    shrink = min(1.0, inches * finest / max(wide, high))
    width, height = max(16, round(wide * shrink)), max(16, round(high * shrink))
    target = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    left_top = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 1, 0)
    right_bottom = np.ceil(corners.max(axis=0)).astype(int) + 2
    around = _quick(picture[left_top[1] : right_bottom[1], left_top[0] : right_bottom[0]])
    matrix = cv2.getPerspectiveTransform(np.asarray(corners - left_top, np.float32), target)
    return np.asarray(cv2.warpPerspective(around, matrix, (width, height), flags=cv2.INTER_LINEAR), np.uint8)


def looks_like_card(width: float, height: float) -> bool:
    """Whether this shape is nearer to a bank card than to A4."""
    shape = max(width, height) / max(1.0, min(width, height))
    return abs(shape - _CARD_SHAPE) < abs(shape - _A_SHAPE)


def _true_shape(width: float, height: float) -> tuple[float, float]:
    """Return the size with the shape of A4 or a card where it nearly has that: a camera held aslant shortens one side."""
    long, short = max(width, height), min(width, height)
    true = _CARD_SHAPE if looks_like_card(width, height) else _A_SHAPE
    if abs(long / short / true - 1) > _NEARLY:
        return width, height
    long, short = max(long, short * true), max(long, short * true) / true
    return (long, short) if width > height else (short, long)


def dots_per_inch(width: int, height: int) -> int:
    """Return the resolution of a page that was cut out, if it is A4 or a card; a guess, never for a claim of fineness."""
    inches = CARD_LONG if looks_like_card(width, height) else A4_LONG
    return round(max(width, height) / inches)


def skew(grey: Pixels, rules: PageRules) -> float:
    """Return by how many degrees the lines rise to the right (up to ±8); 0.0 when they are level or cannot be told.

    The angle at which the rows' ink is most unequal; it has to be clearly more unequal than at 0.
    """
    scale = min(1.0, 1000 / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    rim = max(2, int(0.03 * min(ink.shape)))
    ys, xs = np.nonzero(ink[rim:-rim, rim:-rim])
    if len(ys) < rules.least_ink:
        return 0.0
    if len(ys) > _ENOUGH_INK:
        chosen = np.random.default_rng(0).choice(len(ys), _ENOUGH_INK, replace=False)
        ys, xs = ys[chosen], xs[chosen]
    ys, xs = ys.astype(np.float32), xs.astype(np.float32)
    # Lines that rise to the left begin above the first row.
    room = math.ceil(ink.shape[1] * math.sin(math.radians(rules.most_skew + 1))) + 0.5

    def unequal(degrees: float) -> float:
        angle = math.radians(degrees)
        rows = ys * np.float32(math.cos(angle)) + (xs * np.float32(math.sin(angle)) + np.float32(room))
        return float((np.diff(np.bincount(rows.astype(np.intp))) ** 2).sum())

    limit = rules.most_skew
    coarse = max(np.arange(-limit, limit + 0.01, 0.5), key=unequal)
    fine = float(max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=unequal))
    if abs(fine) < rules.least_skew or abs(coarse) >= limit or unequal(fine) < _CLEAR_SKEW * unequal(0.0):
        return 0.0
    return fine


def level(picture: Pixels, degrees: float) -> Pixels:
    """Return the page turned so that lines rising by this angle lie level; the corners that appear are white paper."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    white = (255, 255, 255, 255)
    return np.asarray(
        cv2.warpAffine(_quick(picture), matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=white), np.uint8
    )


def _quick(picture: Pixels) -> Pixels:
    """Return a colour picture in four channels, which OpenCV warps in half the time of three."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), np.uint8) if picture.ndim == 3 else picture  # noqa: PLR2004
