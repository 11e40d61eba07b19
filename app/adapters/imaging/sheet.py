"""A page made ready to be looked at: its paper evenly white, its ink apart, and what is counted on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from app.adapters.imaging.outline import Pixels
    from app.adapters.imaging.thresholds import Gate

WHITE: Final = 255.0
_COLOUR_SIDE: Final = 800
_SPREAD: Final = 16


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready to be looked at: light 0–255, the same as if the paper were evenly white, that without noise, what is ink (1), colour."""

    light: Pixels
    even: Pixels
    calm: Pixels
    ink: Pixels
    paper: float
    colour: Pixels | None
    scale: float


def prepared(light: Pixels, colour: Pixels | None, gate: Gate, scale: float) -> Page:
    """Return a page (grey, and BGR at any size) made ready to be looked at; ``scale`` as of :func:`app.adapters.imaging.judging.judge`."""
    even, background = _even(light)
    if colour is not None:
        colour = averaged(colour, max(1, max(colour.shape[:2]) // _COLOUR_SIDE))
        if (shrink := _COLOUR_SIDE / max(colour.shape[:2])) < 1:
            colour = np.asarray(cv2.resize(colour, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    # Where it is at most this: `ink_below` itself is paper.
    ink = cv2.threshold(even, gate.ink_below - 1, 1, cv2.THRESH_BINARY_INV)[1]
    return Page(light, even, cv2.medianBlur(even, 3), ink, float(np.percentile(background, 75)), colour, scale)


def _even(light: Pixels) -> tuple[Pixels, Pixels]:
    """Return the page with its paper made evenly white, and the small picture of its paper alone."""
    height, width = light.shape
    small = averaged(light, _SPREAD)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), 5)
    paper = cv2.morphologyEx(paper, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    large = cv2.resize(np.maximum(paper, 1), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(light, large, scale=WHITE), np.uint8), np.asarray(paper, np.uint8)


def averaged(picture: Pixels, factor: int) -> Pixels:
    """Return the picture smaller by a whole factor; a rest at the right and bottom is left out, which makes it ten times quicker."""
    height, width = picture.shape[:2]
    whole = picture[: height // factor * factor, : width // factor * factor]
    return np.asarray(cv2.resize(whole, (width // factor, height // factor), interpolation=cv2.INTER_AREA), np.uint8)


def percentile(values: Any, share: float) -> float:
    """Return a percentile of bytes, by counting."""
    counts = np.cumsum(cv2.calcHist([values], [0], None, [256], [0, 256]))
    return float(np.searchsorted(counts, share / 100 * counts[-1]))
