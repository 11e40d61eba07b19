"""The sizes of the applicant's screen: ``[applicant]`` of tokens.toml, scaled so that 1366 × 768 fill it, and never below the norm's least."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from string import Template
from typing import Final

from app.ui import theme

_TEXTS: Final = ("note", "body", "lead", "title")
_NUMBERS: Final = ("number", "giant")
_SMALLEST: Final = 0.5
_FACE_HIGH: Final = 296
_BORDER, _FOCUS_BORDER = 2, 4


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in logical px for one size of window. ``factor``: 1 where the window is 1366 × 768; ``large``: larger letters.

    ``enlarged``: how much larger the clerk has the program drawn (1.5 for 150 %): a logical px is then as much larger, and the norm's least
    fewer of them. What the system enlarges for its monitor is none of this.
    """

    factor: float = 1.0
    large: bool = False
    enlarged: float = 1.0

    def size(self, name: str) -> int:
        """Return a size of ``[applicant]`` as it is here. Texts are never under 18 pt, numbers never under 30 pt, targets never under 60 px."""
        tokens = theme.current().groups["applicant"]
        wanted: float = tokens[name] * self.factor
        if name in _TEXTS:
            return int(max(round(wanted * (tokens["letters"] / 100 if self.large else 1)), self._least("text")))
        if name in _NUMBERS:
            return int(max(round(wanted), self._least("number")))
        if name == "target":
            return int(max(round(wanted), self._least("target")))
        return round(wanted)

    def _least(self, what: str) -> int:
        least: int = theme.current().groups["applicant"][f"least_{what}"]
        return math.ceil(least / self.enlarged)

    def px(self, length: float) -> int:
        """Return a length of the drawing as it is here."""
        return round(length * self.factor)

    def stylesheet(self) -> str:
        """Return the window's style sheet."""
        tokens = theme.current()
        target = self.size("target")
        values = {name: f"{self.size(name)}px" for name in (*_TEXTS, *_NUMBERS)} | dict(tokens.colors)
        values |= {
            "serif": ", ".join(f'"{family}"' for family in tokens.families(serif=True)),
            "r3": f"{self.px(tokens.groups['radius']['r3'])}px",
            "pad_in": f"{self.px(24)}px",
            "pad_focus": f"{self.px(24) - _FOCUS_BORDER + _BORDER}px",
            "face_high": f"{self.px(_FACE_HIGH)}px",
            "inner": f"{target - 2 * _BORDER}px",
            "inner_focus": f"{target - 2 * _FOCUS_BORDER}px",
        }
        return Template((tokens.resources / "style/applicant.qss.in").read_text("utf-8")).substitute(values)


def fitting(width: int, height: int, *, large: bool) -> Look:
    """Return the look that fills a window of this size in logical px."""
    tokens = theme.current().groups["applicant"]
    factor = max(min(width / tokens["wide"], height / tokens["high"]), _SMALLEST)
    return Look(factor, large, float(os.environ.get("QT_SCALE_FACTOR") or 1))
