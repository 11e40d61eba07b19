"""What is wrong at a page's edges: it runs out of the picture, or something reaches in over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from app.adapters.imaging.sheet import averaged, percentile
from app.core.quality import Spot

if TYPE_CHECKING:
    from app.adapters.imaging.sheet import Page
    from app.adapters.imaging.thresholds import Gate

_BAND: Final = 0.03
#: Long side at which something thick is looked for.
_SIDE: Final = 300


def covered(page: Page, gate: Gate) -> list[Spot]:
    """Find something thick that reaches in from the edge over a page that is paper elsewhere: a finger, a pen, another sheet."""
    if page.colour is None:
        return []
    half = averaged(page.colour, max(1, max(page.colour.shape[:2]) // _SIDE))
    shrink = min(1.0, _SIDE / max(half.shape[:2]))
    # Less than half is left to go, which needs no averaging.
    small = cv2.medianBlur(cv2.resize(half, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_LINEAR), 3)
    small = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    height, width = small.shape[:2]
    paper = [percentile(np.ascontiguousarray(small[..., at]), 50) for at in range(3)]
    away = cv2.transform(cv2.absdiff(small, np.array((*paper, 0.0))), np.array(((0.5, 1.0, 1.0),), np.float32))
    other = cv2.threshold(away, gate.covered_difference, 1, cv2.THRESH_BINARY)[1]
    if 1 - float(other.mean()) < gate.paper_share:
        return []
    thick = max(3, int(gate.covered_thick * min(height, width)))
    core = cv2.erode(cv2.copyMakeBorder(other, thick, thick, thick, thick, cv2.BORDER_REPLICATE), _disc(thick))
    solid = cv2.dilate(core, _disc(thick))[thick:-thick, thick:-thick]
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(solid))
    found = []
    for x, y, w, h, area in stats[1:count].tolist():
        touches = x <= 1 or y <= 1 or x + w >= width - 1 or y + h >= height - 1
        whole_side = w >= 0.6 * width or h >= 0.6 * height
        if touches and not whole_side and area >= gate.covered_area * height * width:
            found.append(Spot("covered", x / width, y / height, w / width, h / height))
    return found[:3]


def _disc(size: int) -> Any:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def strokes_cut(page: Page, gate: Gate) -> list[Spot]:
    """Count strokes that run into each edge; many on one side mean that text goes on outside. A shadow or frame is one stroke."""
    found = []
    for side, strip in (
        ("top", page.ink[:3]),
        ("bottom", page.ink[-3:]),
        ("left", page.ink[:, :3].T),
        ("right", page.ink[:, -3:].T),
    ):
        line = strip.all(axis=0).astype(np.int8)
        starts = int((np.diff(line) == 1).sum())
        if starts >= gate.cut_strokes and float(line.mean()) < 0.5:  # noqa: PLR2004 - mostly ink is no text
            found.append(side_spot("cut", side))
    return found


def side_spot(what: str, side: str) -> Spot:
    """Return a spot along one side of the page: top, bottom, left or right."""
    return {
        "top": Spot(what, 0.0, 0.0, 1.0, _BAND),
        "bottom": Spot(what, 0.0, 1 - _BAND, 1.0, _BAND),
        "left": Spot(what, 0.0, 0.0, _BAND, 1.0),
        "right": Spot(what, 1 - _BAND, 0.0, _BAND, 1.0),
    }[side]
