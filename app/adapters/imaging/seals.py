"""Red on a page that may be a seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from app.core.quality import SEAL, Spot

if TYPE_CHECKING:
    from app.adapters.imaging.sheet import Page
    from app.adapters.imaging.thresholds import Gate


def seals(page: Page, gate: Gate) -> list[Spot]:
    """Find red about as high as wide: a seal's ring, or red print, which is why the clerk looks all the same."""
    if page.colour is None:
        return []
    hsv = cv2.cvtColor(page.colour, cv2.COLOR_BGR2HSV)
    least = (int(gate.seal_saturation), 50)
    red = cv2.bitwise_or(cv2.inRange(hsv, (0, *least), (10, 255, 255)), cv2.inRange(hsv, (165, *least), (180, 255, 255)))
    if not cv2.countNonZero(red):
        return []
    red = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    height, width = red.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(red)
    found = []
    for x, y, w, h, area in stats[1:count].tolist():
        round_ = 0.6 < w / h < 1.7  # noqa: PLR2004 - a ring or an oval, not a line of print
        if round_ and min(w, h) >= gate.seal_side * min(height, width) and area >= gate.seal_fill * w * h:
            found.append((int(area), Spot(SEAL, x / width, y / height, w / width, h / height)))
    return [spot for _, spot in sorted(found, key=lambda pair: -pair[0])[:3]]
