"""The quality gate: what can be seen to be wrong with a page, which way up it lies, and whether red that may be a seal is on it.

All of it is advice. Every figure is a threshold of ``resources/quality.toml``; nothing here knows one by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.adapters.imaging import edges, legible, upright
from app.adapters.imaging.seals import seals
from app.adapters.imaging.sheet import averaged, prepared
from app.adapters.imaging.sides import card_side
from app.core.quality import Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.adapters.imaging.outline import Pixels
    from app.adapters.imaging.thresholds import Gate

WORK_SIDE: Final = 1600
"""Long side, in pixels, at which ink and sharpness are looked at: A4 at 137 dots per inch."""

#: A picture this small shows no paper's print, and is too small for what follows.
_LEAST_SIDE: Final = 160


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen on a page, what it is compared with other pages by, and the turn (clockwise) with which it surely stands upright."""

    spots: tuple[Spot, ...]
    likeness: str
    turn: int = 0


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
    page = prepared(light, colour, gate, scale)
    found = [edges.side_spot("cut", side) for side in cut or ()]
    turn = 0
    if page.paper < gate.dark_paper:
        found.append(Spot("dark"))
    elif legible.blank(page, gate):
        return Verdict((Spot("washed" if legible.faint(page, gate) else "blank"), *found), _likeness(page.even))
    else:
        found += legible.washed(page, gate) or legible.blurred(page, gate)
        found += legible.glare(page, gate)
        found += edges.covered(page, gate)
        if cut is None:
            found += edges.strokes_cut(page, gate)
        found += card_side(page, gate)
        lies = upright.lying(page.even, gate)
        turn = lies.turn if lies.sure else 0
        if lies.turn and not lies.sure:
            found.append(Spot("upside_down" if lies.turn == upright.OVER else "sideways"))
    if legible.coarse(page, gate, dpi):
        found.append(Spot("coarse"))
    return Verdict((*found, *seals(page, gate)), _likeness(page.even), turn)


def _likeness(even: Pixels) -> str:
    """Return the signs of the page's 8 × 8 lowest cosine coefficients as 16 hex digits (:func:`app.core.quality.alike`)."""
    factor = max(1, min(even.shape) // 256)
    small = cv2.resize(averaged(even, factor), (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    bits = (cv2.dct(small)[:8, :8] > 0).ravel()
    bits[0] = False
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"
