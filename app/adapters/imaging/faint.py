"""A page on a desk about as light as itself, by the thin shadow that it throws: a drop of light along all four sides.

What is printed on a sheet is told apart: nothing printed is lighter than its paper, and no rule is followed by another tint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from app.adapters.imaging.outline import Pixels, Points
    from app.adapters.imaging.thresholds import PageRules

_CORNERS: Final = 4
_POINTS: Final = 40
#: How far from where a side seems to lie it is looked for, and how far out and in its surroundings are compared, in pixels of 800.
_REACH: Final = 30
_FAR: Final = 14
_NEAR: Final = 4
_WITHIN: Final = 3
#: Drops above this say nothing more: a printed line must not outweigh the rest of a side.
_ENOUGH: Final = 15.0
#: Of the least drop, so much must be seen at nearly every point.
_NEARLY: Final = 0.6
#: A frame in ink falls by more than this on all sides.
_INK: Final = 40.0


def mask(light: Pixels) -> Pixels:
    """Return what faint edges enclose."""
    edges = cv2.dilate(cv2.Canny(light, 10, 30), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.uint8)


def refined(lab: Pixels, corners: Points, rules: PageRules) -> Points | None:
    """Return the corners moved to where the light falls along the sides; None unless a shadow is seen on all four."""
    middle = corners.mean(axis=0)
    least = rules.least_side * max(lab.shape[:2])
    lines, shaded, faint = [], 0, False
    for at in range(_CORNERS):
        start, end = corners[at].astype(np.float64), corners[(at + 1) % _CORNERS].astype(np.float64)
        length = float(np.linalg.norm(end - start))
        if length < least:
            return None
        normal = np.array((end[1] - start[1], start[0] - end[0])) / length
        if float(np.dot(normal, (start + end) / 2 - middle)) < 0:
            normal = -normal
        side = _side(lab, start, end, normal, rules)
        if side is None:
            return None
        line, drop, back = side
        lines.append(line)
        shaded += back >= rules.faint_back
        faint = faint or drop < _INK
    if not faint or shaded < _CORNERS - 1:
        return None
    return _crossings(lines)


def _side(
    lab: Pixels, start: Points, end: Points, normal: Points, rules: PageRules
) -> tuple[tuple[Points, Points], float, float] | None:
    """Return a side's true ends, how much light falls there and how much comes back further out; None where it is no page's side."""
    along = np.linspace(0.06, 0.94, _POINTS)
    places = start + (end - start) * along[:, None]
    width = _REACH + _FAR
    spread = np.arange(-width, width + 1)
    at = places[:, None, :] + normal * spread[None, :, None]
    profiles = cv2.remap(
        lab, at[..., 0].astype(np.float32), at[..., 1].astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    profiles = profiles.astype(np.float64)
    inside = (at >= 0).all(axis=2) & (at[..., 0] < lab.shape[1]) & (at[..., 1] < lab.shape[0])
    light = profiles[..., 0]
    total = np.cumsum(np.pad(light, ((0, 0), (1, 0))), axis=1)
    here = np.arange(width - _REACH, width + _REACH + 1)
    drop = (total[:, here] - total[:, here - _WITHIN] - total[:, here + 1 + _WITHIN] + total[:, here + 1]) / _WITHIN
    bounded = np.clip(drop, 0, _ENOUGH)
    # A straight line through the profiles, by where it begins and where it ends.
    ends = np.arange(2 * _REACH + 1)
    track = np.rint(ends[:, None, None] * (1 - along) + ends[None, :, None] * along).astype(np.intp)
    sums = bounded[np.arange(_POINTS), track].mean(axis=2)
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    chosen = track[first, last]
    fall = drop[np.arange(_POINTS), chosen]
    column = here[chosen]
    rows = np.arange(_POINTS)
    if not inside[rows, column + _FAR].mean() >= rules.faint_share:
        return None
    within = np.median(profiles[rows, column - 2 * _NEAR], axis=0)
    beyond = np.median(profiles[rows, column + _FAR], axis=0)
    near = float(np.median(light[rows, column + _NEAR]))
    if (
        float(np.median(fall)) < rules.faint_drop
        or float((fall >= _NEARLY * rules.faint_drop).mean()) < rules.faint_share
        or float(np.abs(within - beyond).sum()) < rules.faint_apart
        or within[0] <= beyond[0]
    ):
        return None
    line = (start + normal * (first - _REACH), end + normal * (last - _REACH))
    return line, float(np.median(fall)), float(beyond[0]) - near


def _crossings(lines: list[tuple[Points, Points]]) -> Points | None:
    """Return where each side meets the one before it."""
    found = []
    for at in range(_CORNERS):
        (a, b), (c, d) = lines[at - 1], lines[at]
        system = np.stack((b - a, c - d), axis=1)
        if abs(float(np.linalg.det(system))) < 1:
            return None
        found.append(a + (b - a) * np.linalg.solve(system, c - a)[0])
    return np.array(found, np.float32)
