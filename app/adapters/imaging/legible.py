"""Whether what stands on a page can be read: blank, washed out, blurred, in glare, or with too few dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from app.adapters.imaging.sheet import WHITE, averaged, percentile
from app.core.quality import Spot

if TYPE_CHECKING:
    from app.adapters.imaging.sheet import Page
    from app.adapters.imaging.thresholds import Gate

_TILES: Final = 8
_PAPER_TILES: Final = 24


def blank(page: Page, gate: Gate) -> bool:
    """Whether there is next to no ink on even paper; dust at the rim does not count."""
    height, width = page.ink.shape
    rim = int(gate.blank_edge * min(height, width)) or 1
    inner = page.ink[rim:-rim, rim:-rim]
    grey = np.ascontiguousarray(page.light[rim:-rim:4, rim:-rim:4])
    low, high = percentile(grey, 2), percentile(grey, 98)
    return float(inner.mean()) <= gate.blank_share and low >= gate.even_paper * high


def faint(page: Page, gate: Gate) -> bool:
    """Whether an apparently blank page carries writing too pale to be ink."""
    calm = cv2.medianBlur(page.even, 5)
    rim = max(2, int(0.03 * min(calm.shape)))
    return float((calm[rim:-rim, rim:-rim] < 255 - gate.washed_contrast / 4).mean()) > gate.washed_ink


def washed(page: Page, gate: Gate) -> list[Spot]:
    """Tell ink that hardly differs from its paper."""
    darkest = percentile(page.calm[::2], 0.3)
    return [Spot("washed")] if WHITE - darkest < gate.washed_contrast else []


def _tiles(shape: tuple[int, ...], count: int = _TILES) -> list[tuple[int, int, slice, slice]]:
    height, width = shape[:2]
    return [
        (
            row,
            column,
            slice(row * height // count, (row + 1) * height // count),
            slice(column * width // count, (column + 1) * width // count),
        )
        for row in range(count)
        for column in range(count)
    ]


def blurred(page: Page, gate: Gate) -> list[Spot]:
    """Look at the steepest slope of light in each tile with ink: sharp print falls from paper to ink within two pixels.

    The median filter takes noise away that would pass for sharpness.
    """
    slopes = [cv2.convertScaleAbs(slope, alpha=1 / 8) for slope in cv2.spatialGradient(page.calm)]
    soft, sharp = [], []
    for row, column, rows, columns in _tiles(page.calm.shape):
        ink = page.ink[rows, columns]
        if cv2.countNonZero(ink) < gate.tile_ink * ink.size:
            continue
        contrast = WHITE - percentile(page.calm[rows, columns][::2], 0.5)
        if contrast < gate.tile_contrast:
            continue
        both = [percentile(slope[rows, columns][::2], 99.5) / contrast for slope in slopes]
        sharp.append(both)
        if max(both) < gate.blur_slope:
            soft.append((row, column))
    if not sharp:
        return []
    if float(np.percentile(np.array(sharp), 75, axis=0).min()) < gate.blur_slope:
        return [Spot("blur")]  # smeared in one direction all over: moved, or out of focus
    if len(soft) < max(2, gate.blur_tiles * len(sharp)):
        return []
    return [Spot("blur", *box) for box in _boxes(soft)]


def _boxes(tiles: list[tuple[int, int]]) -> list[tuple[float, float, float, float]]:
    """Return boxes around tiles that touch each other, largest first, at most four."""
    mask = np.zeros((_TILES, _TILES), np.uint8)
    for row, column in tiles:
        mask[row, column] = 1
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes = sorted((stats[at] for at in range(1, count)), key=lambda box: -int(box[4]))[:4]
    return [(int(x) / _TILES, int(y) / _TILES, int(w) / _TILES, int(h) / _TILES) for x, y, w, h, _ in boxes]


def glare(page: Page, gate: Gate) -> list[Spot]:
    """Find spots burnt out above the plane that the paper's brightness follows: a lamp's reflection, not a bright paper."""
    small = averaged(page.light, max(1, max(page.light.shape) // 400))
    if int((small >= gate.glare_least).sum()) < gate.glare_area * small.size:
        return []
    height, width = small.shape
    high, wide = height // _PAPER_TILES, width // _PAPER_TILES
    tiled = small[: high * _PAPER_TILES, : wide * _PAPER_TILES].reshape(_PAPER_TILES, high, _PAPER_TILES, wide)
    lights = tiled.transpose(0, 2, 1, 3).reshape(_PAPER_TILES**2, -1)
    most = int(0.7 * lights.shape[1])
    bright = np.partition(lights, most, axis=1)[:, most].astype(np.float64)
    rows, columns = np.divmod(np.arange(_PAPER_TILES**2), _PAPER_TILES)
    places = np.c_[rows, columns, np.ones(len(bright))]
    kept = bright >= np.percentile(bright, 30)
    plane = np.zeros(3)
    for _ in range(4):
        plane = np.linalg.lstsq(places[kept], bright[kept], rcond=None)[0]
        off = np.abs(bright - places @ plane)
        kept = off <= max(6.0, 1.5 * float(np.median(off)))
        if kept.sum() < 12:  # noqa: PLR2004 - three unknowns
            return []
    down = plane[0] * (np.arange(height) * _PAPER_TILES / height - 0.5) + plane[2] + gate.glare_above
    across = plane[1] * (np.arange(width) * _PAPER_TILES / width - 0.5)
    paper = np.add.outer(down.astype(np.float32), across.astype(np.float32))
    burnt = ((small >= gate.glare_least) & (small > paper)).astype(np.uint8)
    burnt = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return [Spot("glare", *box) for box in _blobs(burnt, gate.glare_area)]


def _blobs(mask: Any, least: float, most: int = 3) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the largest blobs that cover at least this share of the mask."""
    height, width = mask.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    large = sorted((box for box in stats[1:count] if box[4] >= least * height * width), key=lambda box: -int(box[4]))[:most]
    return [(int(x) / width, int(y) / height, int(w) / width, int(h) / height) for x, y, w, h, _ in large]


def coarse(page: Page, gate: Gate, dpi: int) -> bool:
    """Whether print has too few dots: by the resolution where it is known, else by the height of what looks like characters."""
    if dpi:
        return dpi < gate.coarse_dpi
    count, _, stats, _ = cv2.connectedComponentsWithStats(page.ink, connectivity=8)
    width, height = stats[1:count, 2], stats[1:count, 3]
    like = (height >= 4) & (width >= 2) & (width < 3 * height) & (height < 4 * width) & (height < page.ink.shape[0] // 12)  # noqa: PLR2004
    if like.sum() < 40:  # noqa: PLR2004 - too little to tell
        return False
    return float(np.percentile(height[like], 60)) / page.scale < gate.coarse_glyph
