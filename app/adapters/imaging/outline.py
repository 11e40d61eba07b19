"""Where the page lies in a picture: four corners in a photo, or the card on a scanner's glass.

A page is told from a table printed on it by its border: on nearly all of it, what lies outside has another colour than what lies
inside. A page that fills the picture has no border and is not found, which costs nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.adapters.imaging import faint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.adapters.imaging.thresholds import PageRules
    from app.core.quality import Outline

Pixels = NDArray[Any]
Points = NDArray[Any]

# The window paints on one core while a page is looked at on another.
cv2.setNumThreads(1 if (os.cpu_count() or 1) < 4 else 2)  # noqa: PLR2004

_CORNERS: Final = 4
_CLOSER: Final = (0.015, 0.02, 0.03, 0.045, 0.06)
_PROBES: Final = 24
_SIDES: Final = ("top", "right", "bottom", "left")


@dataclass(frozen=True, slots=True)
class Found:
    """A page in a picture: its corners as fractions, clockwise from the top left, and the sides on which it runs out of the picture."""

    corners: Points
    cut: tuple[str, ...] = ()

    @property
    def outline(self) -> Outline:
        """The corners as plain numbers."""
        return tuple((float(x), float(y)) for x, y in self.corners)


def in_photo(small: Pixels, rules: PageRules) -> Found | None:
    """Return the page in a photo (BGR, at most about 800 pixels); None when no page stands out from what it lies on."""
    height, width = small.shape[:2]
    lab = cv2.cvtColor(cv2.medianBlur(small, 5), cv2.COLOR_BGR2LAB)
    best: tuple[float, Points] | None = None
    for mask in _masks(lab):
        outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:3]:
            area = cv2.contourArea(outline)
            if not rules.least_area * width * height <= area:
                break
            corners = _four_corners(outline)
            if corners is None:
                continue
            score = _shape_score(corners, outline, width, height, rules)
            if score > rules.least_score and (best is None or score > best[0]) and _stands_out(lab, corners, rules):
                best = score, corners
        if best is not None and best[0] > rules.good_score:
            break
    corners = best[1] if best is not None else _on_white(lab, rules)
    if corners is None:
        return None
    return Found(corners / np.array((width, height), np.float32), _cut_sides(corners, width, height))


def _on_white(lab: Pixels, rules: PageRules) -> Points | None:
    """Return the corners of a page that stands out from its desk by its shadow alone."""
    height, width = lab.shape[:2]
    enclosed = faint.mask(cv2.GaussianBlur(lab[..., 0], (5, 5), 0))
    outlines, _ = cv2.findContours(enclosed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    # Two sides in one stroke are enough: the other two are looked for along its hull.
    hulls = sorted((cv2.convexHull(outline) for outline in outlines), key=cv2.contourArea, reverse=True)
    for hull in hulls[:3]:
        if cv2.contourArea(hull) < rules.least_area * width * height:
            break
        rough = _four_corners(hull)
        corners = None if rough is None else faint.refined(lab, rough, rules)
        if corners is not None and _shape_score(corners, corners, width, height, rules) > rules.least_score:
            return corners
    return None


def on_glass(small: Pixels, rules: PageRules) -> Found | None:
    """Return the card or small paper that alone lies on a scanner's glass (BGR); None when the page fills it or there is more than one.

    The lid may be white or black; the paper must differ from it all over, so that a text block is not taken for a card.
    """
    height, width = small.shape[:2]
    lab = cv2.cvtColor(cv2.medianBlur(small, 3), cv2.COLOR_BGR2LAB)
    lid = np.median(_rim(lab, max(2, min(width, height) // 100)), axis=0)
    away = cv2.transform(cv2.absdiff(lab, np.array((*lid, 0.0))), np.ones((1, 3), np.float32))
    mask = cv2.threshold(away, rules.lid_difference, 1, cv2.THRESH_BINARY)[1]
    whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    largest = max(outlines, key=cv2.contourArea)
    box = cv2.minAreaRect(largest)
    area = max(1.0, box[1][0] * box[1][1])
    if (
        not rules.least_on_glass <= area / (width * height) <= rules.most_on_glass
        or cv2.contourArea(largest) < rules.fill * area
    ):
        return None
    # The edge is blurred, and half of the blur lies outside.
    corners = _ordered(cv2.boxPoints((box[0], (box[1][0] - 1, box[1][1] - 1), box[2])))
    inside = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(inside, np.rint(corners).astype(np.int32), 1)
    grown = cv2.dilate(inside, np.ones((9, 9), np.uint8))
    if float(mask[inside > 0].mean()) < rules.fill or int(mask[grown == 0].sum()) > rules.most_outside * width * height:
        return None
    return Found(corners / np.array((width, height), np.float32), _cut_sides(corners, width, height))


def in_frame(width: int, height: int, bgra: bytes, rules: PageRules) -> Outline:
    """Return the corners of the page in a camera's frame; empty when none is seen or the frame is not what was said."""
    if width < _CORNERS or height < _CORNERS or len(bgra) < width * height * 4:
        return ()
    frame = np.frombuffer(bgra, np.uint8, width * height * 4).reshape(height, width, 4)
    step = max(1, max(width, height) // 480)
    small = cv2.cvtColor(np.ascontiguousarray(frame[::step, ::step]), cv2.COLOR_BGRA2BGR)
    found = in_photo(small, rules)
    return found.outline if found else ()


def _masks(lab: Pixels) -> Iterator[Pixels]:
    """Yield what may be paper: brighter than its surroundings, enclosed by edges, or of another tint."""
    light = cv2.GaussianBlur(lab[..., 0], (5, 5), 0)
    square = np.ones((9, 9), np.uint8)
    yield cv2.morphologyEx(cv2.threshold(light, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1], cv2.MORPH_CLOSE, square)
    edges = cv2.dilate(cv2.Canny(light, 30, 90), np.ones((3, 3), np.uint8))
    yield cv2.morphologyEx(edges, cv2.MORPH_CLOSE, square)
    tint = cv2.GaussianBlur(lab[..., 2], (5, 5), 0)
    for flag in (cv2.THRESH_BINARY, cv2.THRESH_BINARY_INV):
        yield cv2.morphologyEx(cv2.threshold(tint, 0, 255, flag + cv2.THRESH_OTSU)[1], cv2.MORPH_CLOSE, square)


def _four_corners(outline: Any) -> Points | None:
    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, True)
    for closer in _CLOSER:
        corners = cv2.approxPolyDP(hull, closer * around, True)
        if len(corners) == _CORNERS:
            return _ordered(corners.reshape(_CORNERS, 2))
    return None


def _ordered(corners: Any) -> Points:
    """Return the corners clockwise, beginning with the one nearest to the top left."""
    points = np.asarray(corners, np.float32).reshape(_CORNERS, 2)
    middle = points.mean(axis=0)
    around = points[np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))]
    return np.roll(around, -int(around.sum(axis=1).argmin()), axis=0)


def _shape_score(corners: Points, outline: Any, width: int, height: int, rules: PageRules) -> float:
    """How much like a page seen by a camera: opposite sides alike, outline filled, large."""
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    if sides.min() < rules.least_side * max(width, height):
        return 0.0
    alike = min(sides[0], sides[2]) / max(sides[0], sides[2]) * min(sides[1], sides[3]) / max(sides[1], sides[3])
    area = cv2.contourArea(corners)
    filled = min(1.0, cv2.contourArea(outline) / max(1.0, area)) * min(
        1.0, area / max(1.0, cv2.contourArea(cv2.convexHull(outline)))
    )
    return float(alike * filled * (0.7 + 0.3 * area / (width * height)))


def _stands_out(lab: Pixels, corners: Points, rules: PageRules) -> bool:
    """Whether at least three sides lie in the picture, and all but one of them part two colours along most of their length."""
    height, width = lab.shape[:2]
    middle = corners.mean(axis=0)
    reach = max(3.0, rules.probe * max(width, height))
    parts = 0
    for at in range(_CORNERS):
        start, end = corners[at], corners[(at + 1) % _CORNERS]
        along = np.linspace(0.08, 0.92, _PROBES, dtype=np.float32)[:, None]
        points = start + (end - start) * along
        normal = np.array((end[1] - start[1], start[0] - end[0])) / max(1e-3, float(np.linalg.norm(end - start)))
        if float(np.dot(normal, points.mean(axis=0) - middle)) < 0:
            normal = -normal
        outside = np.rint(points + normal * reach).astype(int)
        inside = np.rint(points - normal * reach).astype(int)
        there = (outside >= 0).all(axis=1) & (outside[:, 0] < width) & (outside[:, 1] < height)
        there &= (inside >= 0).all(axis=1) & (inside[:, 0] < width) & (inside[:, 1] < height)
        if there.sum() < _PROBES // 2:
            continue
        step = lab[inside[there, 1], inside[there, 0]].astype(np.int16) - lab[outside[there, 1], outside[there, 0]]
        apart = np.abs(step).sum(axis=1) > rules.border_difference
        parts += float(apart.mean()) >= rules.border_share
    return parts >= _CORNERS - 1


def _cut_sides(corners: Points, width: int, height: int) -> tuple[str, ...]:
    """Return the sides of the page that lie along the picture's edge: there it goes on outside."""
    near = 0.006 * max(width, height) + 1
    found = []
    for at, side in enumerate(_SIDES):
        ends = corners[[at, (at + 1) % _CORNERS]]
        edges = (ends[:, 0] <= near, ends[:, 1] <= near, ends[:, 0] >= width - 1 - near, ends[:, 1] >= height - 1 - near)
        if any(edge.all() for edge in edges):
            found.append(side)
    return tuple(found)


def _rim(picture: NDArray[Any], depth: int) -> NDArray[Any]:
    """Return the outermost pixels in one row."""
    parts = (picture[:depth], picture[-depth:], picture[:, :depth], picture[:, -depth:])
    return np.concatenate([part.reshape(-1, picture.shape[2]) for part in parts])
