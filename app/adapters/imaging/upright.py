"""Which way up a page lies, by the direction of its print: lines are found, and a small network says of each whether it stands on its head.

The network is PP-OCR's own (``resources/models``), run by OpenCV. It knows 0 from 180 degrees only; lying or standing print is told by
where lines are. No answer wherever lines are few or do not agree.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.adapters.imaging.outline import Pixels
    from app.adapters.imaging.thresholds import Gate

OVER: Final = 180
MODEL: Final = "models/ch_ppocr_mobile_v2.0_cls_mobile.onnx"
#: What it was trained on, in three channels. 128 wide takes a quarter less time, and then it is sure of wrong lines now and then.
_HIGH: Final = 48
_WIDE: Final = 192
_MOST_VOTES: Final = 8
#: As most pages are upright, so many lines on end are enough to believe it.
_PLAIN: Final = 2
#: Characters are brought to about this many pixels; every size below is meant at that scale.
_GLYPH: Final = 10
_HALVED: Final = (7, 13)
_INK_BELOW: Final = 217
_RULE: Final = 41
_GAP: Final = 7
_LINE: Final = (7, 40)
#: Up to so many pixels cannot hold more pieces than 16 bits can number, which is twice as quick.
_FEW: Final = 250_000
#: Lines are looked for in this part of the height first; most pages are upright, and then that is all.
_BAND: Final = (0.15, 0.6)


@dataclass(frozen=True, slots=True)
class Lying:
    """The turn clockwise (0, 90, 180, 270) with which a page stands upright; 0 also where nothing can be told. ``sure``: beyond doubt."""

    turn: int = 0
    sure: bool = False


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of print that run from left to right. ``weight``: their lengths in their own heights; ``boxes``: x, y, w, h, ink on ``ink``."""

    picture: Pixels
    ink: Any
    boxes: Any
    scale: float

    @property
    def weight(self) -> float:
        return float((self.boxes[:, 2] / self.boxes[:, 3]).sum())


def lying(even: Pixels, gate: Gate) -> Lying:
    """Return how a page lies. ``even``: the page in grey with evenly white paper, at working size."""
    small, scale = _scaled(even)
    if small is None:
        return Lying()
    height = small.shape[0]
    band = slice(int(_BAND[0] * height), int(_BAND[1] * height))
    rows = slice(int(band.start * scale), int(band.stop * scale))
    first = _lines(even[rows], small[band], scale)
    if first.weight >= gate.upright_enough and next(_votes(first), 1.0) <= 1 - gate.upright_vote:
        return Lying()
    level = _lines(even, small, scale)
    standing = _lines(_quarter(even), _quarter(small), scale)
    one, other = sorted((level, standing), key=lambda lines: lines.weight)
    if other.weight < gate.upright_axis * one.weight:
        return Lying()
    over = upright = 0
    for vote in _votes(other):
        over += vote >= gate.upright_vote
        upright += vote <= 1 - gate.upright_vote
        if other is level and upright == _PLAIN and not over:
            return Lying()
    # A picture turned by a quarter shows upright lines where that quarter was missing.
    turn, most, least = (OVER, over, upright) if over > upright else (0, upright, over)
    turn = (turn + (90 if other is standing else 0)) % 360
    if most >= gate.upright_sure and not least:
        return Lying(turn, sure=bool(turn))
    return Lying(turn) if most >= gate.upright_doubt * (1 + least) else Lying()


def _scaled(even: Pixels) -> tuple[Pixels | None, float]:
    """Return the picture at a size where characters are about :data:`_GLYPH` high, and how much smaller it is. None without any print."""
    height, width = even.shape
    even = even[: height // 2 * 2, : width // 2 * 2]
    half = np.asarray(cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    glyph = _glyph(half)
    if not glyph:
        return None, 1.0
    if glyph < _HALVED[0]:
        return even, 1.0
    if glyph <= _HALVED[1]:
        return half, 2.0
    scale = 2 * glyph / _GLYPH
    size = (max(1, int(width / scale)), max(1, int(height / scale)))
    return np.asarray(cv2.resize(half, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def _glyph(half: Pixels) -> float:
    """Return how high characters are: of what is ink in the middle of the page, the thinner side that most of the ink has. 0: no print."""
    height, width = half.shape
    middle = half[height // 5 : height - height // 5, width // 5 : width - width // 5]
    pieces = _pieces(_ink(middle))
    sides = np.sort(pieces[:, 2:4], axis=1)
    like = (sides[:, 0] >= 3) & (sides[:, 0] <= 60) & (sides[:, 1] <= 40 * sides[:, 0]) & (pieces[:, 4] >= 6)  # noqa: PLR2004
    thin, inked = sides[like, 0], pieces[like, 4]
    if len(thin) < 5:  # noqa: PLR2004 - specks
        return 0.0
    order = np.argsort(thin, kind="stable")
    gone = np.cumsum(inked[order])
    return float(thin[order][np.searchsorted(gone, 0.4 * gone[-1])])


def _lines(picture: Pixels, small: Pixels, scale: float) -> _Lines:
    """Find lines of print: what touches once small gaps within a row are closed, long and as high as characters are.

    Upright rules are taken out first, for they tie the lines of a form together.
    """
    ink = _ink(small)
    rules = cv2.erode(ink, np.ones((_RULE, 1), np.uint8))
    if cv2.countNonZero(rules):
        ink = np.asarray(cv2.subtract(ink, cv2.dilate(rules, np.ones((_RULE, 3), np.uint8))), np.uint8)
    pieces = _pieces(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8)))
    _, _, width, height, inked = pieces.T
    like = (height >= _LINE[0]) & (height <= _LINE[1]) & (width >= 3 * height) & (inked >= 0.35 * width * height)
    return _Lines(picture, ink, pieces[like], scale)


def _ink(small: Pixels) -> Pixels:
    return np.asarray(cv2.threshold(small, _INK_BELOW, 1, cv2.THRESH_BINARY_INV)[1], np.uint8)


def _pieces(ink: Any) -> Any:
    kind = cv2.CV_16U if ink.size <= _FEW else cv2.CV_32S
    return cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=kind)[2][1:]


def _quarter(picture: Pixels) -> Pixels:
    return np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), np.uint8)


def _votes(lines: _Lines) -> Iterator[float]:
    """Yield for the clearest lines, best first, how surely each stands on its head (0 to 1)."""
    boxes = lines.boxes
    clear = np.minimum(boxes[:, 2] / boxes[:, 3], 5) * np.minimum(boxes[:, 3], 14)
    for at in np.argsort(-clear, kind="stable")[:_MOST_VOTES]:
        left, top, width, height = (int(value) for value in boxes[at][:4])
        if width > 5 * height:
            left, width = left + width // 2 - int(2.2 * height), int(4.4 * height)
        # Lines that rise are lower where only a part of them is taken.
        inked = np.flatnonzero(lines.ink[top : top + height, left : left + width].any(axis=1))
        top, height = top + int(inked[0]), int(inked[-1] - inked[0]) + 1
        rim = max(1, round(0.1 * height))
        sides = (top - rim, top + height + rim, left - rim, left + width + rim)
        upper, lower, first, last = (max(0, int(side * lines.scale)) for side in sides)
        yield _on_its_head(lines.picture[upper:lower, first:last])


#: A network holds what it works on, so one line at a time.
_ONE: Final = threading.Lock()


def _on_its_head(line: Pixels) -> float:
    height, width = line.shape
    wide = min(_WIDE, max(1, -(-_HIGH * width // height)))
    way = cv2.INTER_AREA if height > _HIGH else cv2.INTER_LINEAR
    given = np.zeros((1, 3, _HIGH, _WIDE), np.float32)
    given[0, :, :, :wide] = cv2.resize(line, (wide, _HIGH), interpolation=way).astype(np.float32) / 127.5 - 1
    with _ONE:
        network = _network()
        network.setInput(given)
        return float(network.forward()[0, 1])


@cache
def _network() -> Any:
    """Return the network, read when the first page is looked at (40 ms)."""
    from app.adapters.paths import resources  # noqa: PLC0415

    try:
        return cv2.dnn.readNetFromONNX(np.fromfile(resources() / MODEL, np.uint8))
    except (OSError, cv2.error) as error:
        raise AppError(
            "程序文件不全：看页面正倒的模型读不出。重新安装程序即可，已存的内容不受影响。", f"{MODEL}: {error}"
        ) from error
