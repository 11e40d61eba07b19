"""The quality gate: what can be seen to be wrong with a page, and whether red that may be a seal is on it.

All of it is advice. Every figure is a threshold of ``resources/quality.toml``; nothing here knows one by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from app.core.quality import SEAL, Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.adapters.imaging.outline import Pixels
    from app.adapters.imaging.thresholds import Gate

WORK_SIDE: Final = 1600
"""Long side, in pixels, at which ink and sharpness are looked at: A4 at 137 dots per inch."""

_COLOUR_SIDE: Final = 800
#: A picture this small shows no paper's print, and is too small for what follows.
_LEAST_SIDE: Final = 160
_TILES: Final = 8
_PAPER_TILES: Final = 24
_WHITE: Final = 255.0
_BAND: Final = 0.03
_SPREAD: Final = 16


@dataclass(frozen=True, slots=True)
class _Page:
    """A page ready to be looked at: light 0–255, the same as if the paper were evenly white, that without noise, what is ink (1), colour."""

    light: Pixels
    even: Pixels
    calm: Pixels
    ink: Pixels
    paper: float
    colour: Pixels | None
    scale: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen on a page, and what it is compared with other pages by."""

    spots: tuple[Spot, ...]
    likeness: str


def judge(
    light: Pixels, colour: Pixels | None, gate: Gate, *, scale: float, dpi: int, cut: Sequence[str] | None = None
) -> Verdict:
    """Return what was seen on a page.

    ``light``: the page in grey, ``scale`` times its true size; ``colour``: the same in BGR at any size, None for a grey picture.
    ``dpi``: dots per inch at true size, 0 when unknown. ``cut``: sides on which the page is known to run out of the picture; None when its
    edges are not known, so that its print is looked at there.
    """
    if min(light.shape) < _LEAST_SIDE:
        return Verdict((Spot("coarse"),), _likeness(light))
    page = _prepared(light, colour, gate, scale)
    return Verdict(_spots(page, gate, dpi, cut), _likeness(page.even))


def _spots(page: _Page, gate: Gate, dpi: int, cut: Sequence[str] | None) -> tuple[Spot, ...]:
    found = [_side_spot("cut", side) for side in cut or ()]
    if page.paper < gate.dark_paper:
        found.append(Spot("dark"))
    elif _blank(page, gate):
        return (Spot("washed") if _faint(page, gate) else Spot("blank"), *found)
    else:
        found += _washed(page, gate) or _blurred(page, gate)
        found += _glare(page, gate)
        found += _covered(page, gate)
        if cut is None:
            found += _strokes_cut(page, gate)
        if not any(spot.what == "cut" for spot in found):  # margins that are not there tell nothing
            found += _upside_down(page, gate)
    if _coarse(page, gate, dpi):
        found.append(Spot("coarse"))
    found += _seals(page, gate)
    return tuple(found)


def _likeness(even: Pixels) -> str:
    """Return the signs of the page's 8 × 8 lowest cosine coefficients as 16 hex digits (:func:`app.core.quality.alike`)."""
    factor = max(1, min(even.shape) // 256)
    small = cv2.resize(_averaged(even, factor), (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    bits = (cv2.dct(small)[:8, :8] > 0).ravel()
    bits[0] = False
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _prepared(light: Pixels, colour: Pixels | None, gate: Gate, scale: float) -> _Page:
    even, background = _even(light)
    if colour is not None:
        colour = _averaged(colour, max(1, max(colour.shape[:2]) // _COLOUR_SIDE))
        if (shrink := _COLOUR_SIDE / max(colour.shape[:2])) < 1:
            colour = np.asarray(cv2.resize(colour, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    # Where it is at most this: `ink_below` itself is paper.
    ink = cv2.threshold(even, gate.ink_below - 1, 1, cv2.THRESH_BINARY_INV)[1]
    return _Page(light, even, cv2.medianBlur(even, 3), ink, float(np.percentile(background, 75)), colour, scale)


def _even(light: Pixels) -> tuple[Pixels, Pixels]:
    """Return the page with its paper made evenly white, and the small picture of its paper alone."""
    height, width = light.shape
    small = _averaged(light, _SPREAD)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), 5)
    paper = cv2.morphologyEx(paper, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    large = cv2.resize(np.maximum(paper, 1), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(light, large, scale=_WHITE), np.uint8), np.asarray(paper, np.uint8)


def _averaged(picture: Pixels, factor: int) -> Pixels:
    """Return the picture smaller by a whole factor; a rest at the right and bottom is left out, which makes it ten times quicker."""
    height, width = picture.shape[:2]
    whole = picture[: height // factor * factor, : width // factor * factor]
    return np.asarray(cv2.resize(whole, (width // factor, height // factor), interpolation=cv2.INTER_AREA), np.uint8)


def _blank(page: _Page, gate: Gate) -> bool:
    height, width = page.ink.shape
    rim = int(gate.blank_edge * min(height, width)) or 1
    inner = page.ink[rim:-rim, rim:-rim]
    grey = np.ascontiguousarray(page.light[rim:-rim:4, rim:-rim:4])
    low, high = _percentile(grey, 2), _percentile(grey, 98)
    return float(inner.mean()) <= gate.blank_share and low >= gate.even_paper * high


def _faint(page: _Page, gate: Gate) -> bool:
    """Whether an apparently blank page carries writing too pale to be ink."""
    calm = cv2.medianBlur(page.even, 5)
    rim = max(2, int(0.03 * min(calm.shape)))
    return float((calm[rim:-rim, rim:-rim] < 255 - gate.washed_contrast / 4).mean()) > gate.washed_ink


def _washed(page: _Page, gate: Gate) -> list[Spot]:
    darkest = _percentile(page.calm[::2], 0.3)
    return [Spot("washed")] if _WHITE - darkest < gate.washed_contrast else []


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


def _blurred(page: _Page, gate: Gate) -> list[Spot]:
    """Look at the steepest slope of light in each tile with ink: sharp print falls from paper to ink within two pixels.

    The median filter takes noise away that would pass for sharpness.
    """
    slopes = [cv2.convertScaleAbs(slope, alpha=1 / 8) for slope in cv2.spatialGradient(page.calm)]
    soft, sharp = [], []
    for row, column, rows, columns in _tiles(page.calm.shape):
        ink = page.ink[rows, columns]
        if cv2.countNonZero(ink) < gate.tile_ink * ink.size:
            continue
        contrast = _WHITE - _percentile(page.calm[rows, columns][::2], 0.5)
        if contrast < gate.tile_contrast:
            continue
        both = [_percentile(slope[rows, columns][::2], 99.5) / contrast for slope in slopes]
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


def _percentile(values: Any, share: float) -> float:
    """Return a percentile of bytes, by counting."""
    counts = np.cumsum(cv2.calcHist([values], [0], None, [256], [0, 256]))
    return float(np.searchsorted(counts, share / 100 * counts[-1]))


def _boxes(tiles: list[tuple[int, int]]) -> list[tuple[float, float, float, float]]:
    """Return boxes around tiles that touch each other, largest first, at most four."""
    mask = np.zeros((_TILES, _TILES), np.uint8)
    for row, column in tiles:
        mask[row, column] = 1
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes = sorted((stats[at] for at in range(1, count)), key=lambda box: -int(box[4]))[:4]
    return [(int(x) / _TILES, int(y) / _TILES, int(w) / _TILES, int(h) / _TILES) for x, y, w, h, _ in boxes]


def _glare(page: _Page, gate: Gate) -> list[Spot]:
    """Find spots burnt out above the plane that the paper's brightness follows: a lamp's reflection, not a bright paper."""
    small = _averaged(page.light, max(1, max(page.light.shape) // 400))
    if int((small >= gate.glare_least).sum()) < gate.glare_area * small.size:
        return []
    height, width = small.shape
    high, wide = height // _PAPER_TILES, width // _PAPER_TILES
    tiled = small[: high * _PAPER_TILES, : wide * _PAPER_TILES].reshape(_PAPER_TILES, high, _PAPER_TILES, wide)
    lights = np.sort(tiled.transpose(0, 2, 1, 3).reshape(_PAPER_TILES**2, -1), axis=1)
    bright = lights[:, int(0.7 * lights.shape[1])].astype(np.float64)
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
    ys, xs = np.mgrid[0:height, 0:width]
    paper = plane[0] * (ys * _PAPER_TILES / height - 0.5) + plane[1] * (xs * _PAPER_TILES / width - 0.5) + plane[2]
    burnt = ((small >= gate.glare_least) & (small > paper + gate.glare_above)).astype(np.uint8)
    burnt = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return [Spot("glare", *box) for box in _blobs(burnt, gate.glare_area)]


def _blobs(mask: Any, least: float, most: int = 3) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the largest blobs that cover at least this share of the mask."""
    height, width = mask.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    large = sorted((box for box in stats[1:count] if box[4] >= least * height * width), key=lambda box: -int(box[4]))[:most]
    return [(int(x) / width, int(y) / height, int(w) / width, int(h) / height) for x, y, w, h, _ in large]


def _covered(page: _Page, gate: Gate) -> list[Spot]:
    """Find something thick that reaches in from the edge over a page that is paper elsewhere: a finger, a pen, another sheet."""
    if page.colour is None:
        return []
    shrink = min(1.0, 300 / max(page.colour.shape[:2]))
    small = cv2.medianBlur(cv2.resize(page.colour, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), 3)
    small = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    height, width = small.shape[:2]
    paper = [_percentile(np.ascontiguousarray(small[..., at]), 50) for at in range(3)]
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


def _strokes_cut(page: _Page, gate: Gate) -> list[Spot]:
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
            found.append(_side_spot("cut", side))
    return found


def _upside_down(page: _Page, gate: Gate) -> list[Spot]:
    """Compare where lines begin and end: print begins at one margin and ends anywhere; turned over, it is the other way round."""
    height, width = page.ink.shape
    rim = max(2, int(0.03 * width))
    ink = page.ink[rim:-rim, rim:-rim]
    lines = np.diff(np.concatenate(((0,), cv2.reduce(ink, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel() > 2, (0,))))  # noqa: PLR2004
    ends = []
    for first, last in zip(np.flatnonzero(lines == 1), np.flatnonzero(lines == -1), strict=True):
        if 0.005 * height <= last - first <= 0.04 * height:  # a line of print, no rule, no picture
            inked = np.flatnonzero(ink[first:last].any(axis=0))
            ends.append((inked[0], inked[-1]))
    if len(ends) < gate.upside_lines:
        return []
    left, right = np.percentile(np.abs(ends - np.median(ends, axis=0)), 60, axis=0)
    return [Spot("upside_down")] if (left - right) / width > gate.upside_ragged else []


def _side_spot(what: str, side: str) -> Spot:
    return {
        "top": Spot(what, 0, 0, 1, _BAND),
        "bottom": Spot(what, 0, 1 - _BAND, 1, _BAND),
        "left": Spot(what, 0, 0, _BAND, 1),
        "right": Spot(what, 1 - _BAND, 0, _BAND, 1),
    }[side]


def _coarse(page: _Page, gate: Gate, dpi: int) -> bool:
    """Whether print has too few dots: by the resolution where it is known, else by the height of what looks like characters."""
    if dpi:
        return dpi < gate.coarse_dpi
    count, _, stats, _ = cv2.connectedComponentsWithStats(page.ink, connectivity=8)
    width, height = stats[1:count, 2], stats[1:count, 3]
    like = (height >= 4) & (width >= 2) & (width < 3 * height) & (height < 4 * width) & (height < page.ink.shape[0] // 12)  # noqa: PLR2004
    if like.sum() < 40:  # noqa: PLR2004 - too little to tell
        return False
    return float(np.percentile(height[like], 60)) / page.scale < gate.coarse_glyph


def _seals(page: _Page, gate: Gate) -> list[Spot]:
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
