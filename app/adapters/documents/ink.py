"""Drawing operators of one page. Everything comes in millimetres from the top left corner; the file counts points from the bottom left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters.documents.boxes import PAGE_HEIGHT
from app.adapters.documents.setting import MM
from app.adapters.documents.subset import Subset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.adapters.documents.fonts import Fonts

_ROUND: Final = 0.5522847498
"""How far the handles of a quarter circle stand, in radii."""


class Shelf:
    """The subsets of one document, by the short names its pages use."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self.subsets: dict[str, Subset] = {}
        self._names: dict[str, str] = {}

    def encode(self, font: str, text: str) -> tuple[str, str]:
        """Return the short name of the font and the text's codes as hex digits."""
        name = self._names.get(font)
        if name is None:
            name = self._names[font] = f"F{len(self._names) + 1}"
            self.subsets[name] = Subset(self._fonts.face(font))
        return name, self.subsets[name].encode(text)


class Ink:
    """The operators of one page, with the graphics state kept so that nothing is said twice."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._out: list[str] = []
        self._state: dict[str, str] = {}
        self._type: tuple[str, float, float, float, float] | None = None

    @property
    def content(self) -> str:
        """The page's content stream."""
        return "\n".join(self._out)

    def _set(self, key: str, operator: str) -> None:
        if self._state.get(key) != operator:
            self._state[key] = operator
            self._out.append(operator)

    def text(
        self, x: float, y: float, text: str, font: str, size: float, *, grey: float = 0, weight: float = 0, spacing: float = 0
    ) -> None:
        """Draw a run. ``size`` and ``spacing`` (after every character) in points, ``weight`` of the stroke in em."""
        name, codes = self._shelf.encode(font, text)
        asked = (name, size, grey, weight, spacing)
        if asked != self._type or weight or grey:
            self._type = asked
            self._set("fill", f"{grey:g} g")
            if weight:
                self._stroke(weight * size / MM, grey)
            self._set("font", f"/{name} {size:g} Tf")
            self._set("render", f"{2 if weight else 0} Tr")
            self._set("spacing", f"{spacing:.4g} Tc")
        self._out.append(f"BT {x * MM:.3f} {(PAGE_HEIGHT - y) * MM:.3f} Td <{codes}> Tj ET")

    def _stroke(self, width: float, grey: float, dash: str = "[] 0 d", cap: str = "0 J") -> None:
        self._set("stroke", f"{grey:g} G")
        self._set("width", f"{width * MM:.4g} w")
        self._set("dash", dash)
        self._set("cap", cap)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float) -> None:
        """Draw a line with square ends, so that corners close."""
        self._stroke(width, 0, cap="2 J")
        self._out.append(f"{x1 * MM:.3f} {(PAGE_HEIGHT - y1) * MM:.3f} m {x2 * MM:.3f} {(PAGE_HEIGHT - y2) * MM:.3f} l S")

    def rectangle(self, x: float, y: float, width: float, height: float, weight: float) -> None:
        """Draw an empty rectangle."""
        self._stroke(weight, 0)
        self._out.append(f"{x * MM:.3f} {(PAGE_HEIGHT - y - height) * MM:.3f} {width * MM:.3f} {height * MM:.3f} re S")

    def path(self, points: Iterable[tuple[float, float]], weight: float) -> None:
        """Draw a stroke through points, with round ends and joints."""
        self._stroke(weight, 0, cap="1 J")
        self._set("join", "1 j")
        steps = [f"{x * MM:.3f} {(PAGE_HEIGHT - y) * MM:.3f} {'l' if at else 'm'}" for at, (x, y) in enumerate(points)]
        self._out.append(" ".join(steps) + " S")
        self._set("join", "0 j")

    def circle(self, x: float, y: float, radius: float, weight: float, grey: float) -> None:
        """Draw a dashed circle around its centre: where a seal goes."""
        self._stroke(weight, grey, dash="[3 3] 0 d")
        cx, cy, r = x * MM, (PAGE_HEIGHT - y) * MM, radius * MM
        h = r * _ROUND
        quarters = (
            (cx + r, cy + h, cx + h, cy + r, cx, cy + r),
            (cx - h, cy + r, cx - r, cy + h, cx - r, cy),
            (cx - r, cy - h, cx - h, cy - r, cx, cy - r),
            (cx + h, cy - r, cx + r, cy - h, cx + r, cy),
        )
        curves = " ".join(" ".join(f"{value:.3f}" for value in quarter) + " c" for quarter in quarters)
        self._out.append(f"{cx + r:.3f} {cy:.3f} m {curves} S")

    def fill(self, rectangles: Iterable[tuple[float, float, float, float]]) -> None:
        """Fill black rectangles (x, y, width, height) as one path."""
        self._set("fill", "0 g")
        self._type = None
        steps = [f"{x * MM:.3f} {(PAGE_HEIGHT - y - h) * MM:.3f} {w * MM:.3f} {h * MM:.3f} re" for x, y, w, h in rectangles]
        self._out.append(" ".join([*steps, "f"]))
