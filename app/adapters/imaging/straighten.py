"""Making a page rectangular and its lines level."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
_ROUGH_INK: Final = 10_000
#: Long side at which lines are levelled.
_SKEW_SIDE: Final = 1000
_WHITE: Final = 255
#: A page is cut a hair inside its edge, so that no sliver of the desk comes along.
_INWARD: Final = 0.006


@dataclass(frozen=True, slots=True)
class Way:
    """How a picture becomes another: where each place goes (3 × 3), the width and height of what comes, and the light of what lies outside."""

    matrix: NDArray[np.float64]
    size: tuple[int, int]
    around: int

    def rows(self, first: int, end: int) -> Way:
        """Return how only these rows of what comes are made."""
        raised = np.array(((1, 0, 0), (0, 1, -first), (0, 0, 1)), np.float64)
        return Way(raised @ self.matrix, (self.size[0], end - first), self.around)

    def of(self, picture: Pixels) -> Pixels:
        """Return what comes of a picture. Colour comes back in four channels, of which the last means nothing."""
        flags, around = cv2.INTER_LINEAR, (self.around,) * 4
        if np.array_equal(self.matrix[2], (0, 0, 1)):
            return np.asarray(
                cv2.warpAffine(_quick(picture), self.matrix[:2], self.size, flags=flags, borderValue=around), np.uint8
            )
        return np.asarray(
            cv2.warpPerspective(_quick(picture), self.matrix, self.size, flags=flags, borderValue=around), np.uint8
        )


def flat(corners: Points) -> Way:
    """Return how what lies inside these corners (pixels) becomes a rectangle, at most as fine as A4 at 300 or a card at 600 dots per inch."""
    corners = corners + (corners.mean(axis=0) - corners) * _INWARD
    top, right, bottom, left = (float(np.linalg.norm(corners[a] - corners[b])) for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)))
    wide, high = max(top, bottom), max(left, right)
    inches, finest = (CARD_LONG, 600) if looks_like_card(wide, high) else (A4_LONG, 300)
    wide, high = _true_shape(wide, high)
    shrink = min(1.0, inches * finest / max(wide, high))
    width, height = max(16, round(wide * shrink)), max(16, round(high * shrink))
    target = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(np.asarray(corners, np.float32), target), np.float64)
    return Way(matrix, (width, height), 0)


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
    scale = min(1.0, _SKEW_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR) if scale < 1 else grey
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    rim = max(2, int(0.03 * min(ink.shape)))
    dots = cv2.findNonZero(ink[rim:-rim, rim:-rim])
    if dots is None or len(dots) < rules.least_ink:
        return 0.0
    points = np.asarray(dots, np.float32).reshape(-1, 2)
    if len(points) > _ENOUGH_INK:
        points = points[np.random.default_rng(0).choice(len(points), _ENOUGH_INK, replace=False)]
    xs, ys = np.ascontiguousarray(points.T)
    # Lines that rise to the left begin above the first row.
    room = math.ceil(ink.shape[1] * math.sin(math.radians(rules.most_skew + 1))) + 0.5

    def unequal(degrees: float, step: int = 1) -> float:
        angle = math.radians(degrees)
        rows = ys[::step] * np.float32(math.cos(angle)) + (xs[::step] * np.float32(math.sin(angle)) + np.float32(room))
        return float((np.diff(np.bincount(rows.astype(np.intp))) ** 2).sum())

    limit, step = rules.most_skew, max(1, len(xs) // _ROUGH_INK)
    coarse = max(np.arange(-limit, limit + 0.01, 0.5), key=lambda degrees: unequal(degrees, step))
    fine = float(max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=unequal))
    if abs(fine) < rules.least_skew or abs(coarse) >= limit or unequal(fine) < _CLEAR_SKEW * unequal(0.0):
        return 0.0
    return fine


def level(size: tuple[int, int], degrees: float) -> Way:
    """Return how a picture of this size is turned so that lines rising by this angle lie level; the corners that appear are white paper."""
    matrix = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), -degrees, 1.0)
    return Way(np.vstack((matrix, (0, 0, 1))), size, _WHITE)


def _quick(picture: Pixels) -> Pixels:
    """Return a colour picture in four channels, which OpenCV warps in half the time of three."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), np.uint8) if picture.ndim == 3 else picture  # noqa: PLR2004
