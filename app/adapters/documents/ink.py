"""One page on ReportLab's canvas. Everything comes in millimetres from the top left corner; the file counts points from the bottom left."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from app.adapters.documents import type0
from app.adapters.documents.boxes import PAGE_HEIGHT
from app.adapters.documents.setting import MM
from app.adapters.documents.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.adapters.documents.codes import Run
    from app.adapters.documents.fonts import Fonts
    from app.adapters.documents.pdf import ArchiveCanvas
    from app.adapters.documents.type0 import Type0Font

_FILL_THEN_STROKE: Final = 2
_ROUND: Final = 1
_SQUARE: Final = 2
_QUARTER: Final = 0.5522847498
"""How far the handles of a quarter circle stand, in radii."""


class _Stroke(NamedTuple):
    """How a line is drawn: ``width`` in mm, ``dash`` in points."""

    width: float
    grey: float = 0
    dash: tuple[float, ...] = ()
    end: int = 0


class _Run(NamedTuple):
    """A text run as it was asked for."""

    x: float
    y: float
    text: str
    font: str
    size: float
    grey: float
    weight: float
    spacing: float
    code: str = ""
    """As the page says it, when it says the same in every document of its kind."""


class Drawn(NamedTuple):
    """What was drawn between two moments, to be drawn again."""

    runs: list[_Run]
    lines: list[tuple[_Stroke, list[str]]]


class Ink:
    """Draws one page. Lines of one kind are gathered to one path and runs of one kind to one text object, lines below text.

    Coordinates are written to 1/100 point (4 µm) here. ReportLab would write them one by one in Python, at 3 µs each: on a form that is
    as long as all of layout and font together (tests/bench/test_bench_form.py measures it).
    """

    def __init__(self, canvas: ArchiveCanvas, fonts: Fonts) -> None:
        self._canvas, self._fonts = canvas, fonts
        self._lines: dict[_Stroke, list[str]] = {}
        self._square: dict[float, list[str]] = {}
        self._fills: list[str] = []
        self._runs: list[_Run] = []
        self._known: dict[str, Type0Font] = {}

    def text(
        self, x: float, y: float, text: str, font: str, size: float, *, grey: float = 0, weight: float = 0, spacing: float = 0
    ) -> None:
        """Draw a run. ``size`` and ``spacing`` (after every character) in points, ``weight`` of the stroke in em."""
        self._runs.append(_Run(x, y, text, font, size, grey, weight, spacing))

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float) -> None:
        """Draw a line with square ends, so that corners close."""
        lines = self._square.get(width)
        if lines is None:
            lines = self._square[width] = self._path(_Stroke(width, end=_SQUARE))
        lines.append(f"{x1 * MM:.2f} {(PAGE_HEIGHT - y1) * MM:.2f} m {x2 * MM:.2f} {(PAGE_HEIGHT - y2) * MM:.2f} l")

    def rectangle(self, x: float, y: float, width: float, height: float, weight: float) -> None:
        """Draw an empty rectangle."""
        self._path(_Stroke(weight)).append(_rectangle(x, y, width, height))

    def path(self, points: Iterable[tuple[float, float]], weight: float) -> None:
        """Draw a stroke through points, with round ends and joints."""
        first, *rest = points
        self._path(_Stroke(weight, end=_ROUND)).append(" ".join([_move(*first), *(_line(*point) for point in rest)]))

    def circle(self, x: float, y: float, radius: float, weight: float, grey: float) -> None:
        """Draw a dashed circle around its centre: where a seal goes."""
        right, left, up, down, h = x + radius, x - radius, y - radius, y + radius, radius * _QUARTER
        quarters = (
            ((right, y - h), (x + h, up), (x, up)),
            ((x - h, up), (left, y - h), (left, y)),
            ((left, y + h), (x - h, down), (x, down)),
            ((x + h, down), (right, y + h), (right, y)),
        )
        curves = [" ".join(_place(*point) for point in quarter) + " c" for quarter in quarters]
        self._path(_Stroke(weight, grey, (3, 3))).append(" ".join([_move(right, y), *curves]))

    def background(self, pdf: bytes) -> None:
        """Lay an official blank under the page, its top left corner on ours. ValueError when it cannot be used."""
        # Late: most regions have no blank, and numpy takes as long to load as a form to draw.
        from app.adapters.documents.blanks import blank  # noqa: PLC0415

        under = blank(pdf)
        canvas, across, high = self._canvas, *under.size
        canvas.lay(under.name, Stream(under.packed, under.entries(), packed=False), across, high)

    def modules(self, x: float, y: float, width: float, height: float, runs: tuple[Run, ...]) -> None:
        """Fill the dark modules of a code whose top left corner is given; one module is so wide and high."""
        corner = f"{width * MM:.4f} 0 0 {-height * MM:.4f} {_place(x, y)}"
        self._fills.append(f"q {corner} cm {_modules(runs)} f Q")

    def mark(self) -> tuple[int, dict[_Stroke, int]]:
        """Return the present moment, for :meth:`since`."""
        return len(self._runs), {stroke: len(code) for stroke, code in self._lines.items()}

    def since(self, mark: tuple[int, dict[_Stroke, int]]) -> Drawn:
        """Return the text and lines drawn since then. Runs of steady characters only are written out once for all."""
        count, before = mark
        runs = [run._replace(code=self._settled(run)) for run in self._runs[count:]]
        lines = ((stroke, code[before.get(stroke, 0) :]) for stroke, code in self._lines.items())
        return Drawn(runs, [(stroke, code) for stroke, code in lines if code])

    def again(self, drawn: Drawn) -> None:
        """Draw what was drawn before, on another page or in another document with the same steady characters."""
        self._runs += drawn.runs
        for stroke, code in drawn.lines:
            self._path(stroke).extend(code)

    def _settled(self, run: _Run) -> str:
        steady = self._canvas.steady.get(self._font(run.font).fontName)
        codes = [steady.codes.get(char) for char in run.text] if steady else [None]
        known = [code for code in codes if code]
        return _shown(run.x, run.y, b"".join(known)) if len(known) == len(codes) else ""

    def _path(self, stroke: _Stroke) -> list[str]:
        return self._lines.setdefault(stroke, [])

    def finish(self) -> None:
        """Write what was drawn and close the page."""
        code = list(self._fills)
        for stroke, lines in self._lines.items():
            code.append(_set(stroke))
            code += lines
            code.append("S")
        for (thickness, grey), runs in groupby(self._runs, lambda run: (run.weight * run.size, run.grey)):
            if thickness:
                code.append(_set(_Stroke(thickness / MM, grey)))
            self._write(runs, grey, thickness > 0, code)
        self._canvas.draw(code)
        self._canvas.showPage()

    def _font(self, name: str) -> Type0Font:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = type0.use(self._fonts.face(name))
        return found

    def _write(self, runs: Iterable[_Run], grey: float, heavy: bool, code: list[str]) -> None:
        """Write neighbouring runs as one text object. What it sets would stay set behind it, so it goes back to plain black."""
        document = self._canvas.document
        code.append("BT")
        if grey:
            code.append(f"{grey:g} g")
        if heavy:
            code.append(f"{_FILL_THEN_STROKE} Tr")
        name, size, spacing = "", 0.0, 0.0
        for run in runs:
            if run.size != size or run.font != name:
                name, size = run.font, run.size
                font = self._font(name)
                encode = font.subset(document).encode
                code.append(f"{font.getSubsetInternalName(0, document)} {size:g} Tf")
            if run.spacing != spacing:
                spacing = run.spacing
                code.append(f"{spacing:.6g} Tc")
            code.append(run.code or _shown(run.x, run.y, encode(run.text)))
        if heavy:
            code.append("0 Tr")
        if grey:
            code.append("0 g")
        if spacing:
            code.append("0 Tc")
        code.append("ET")


@lru_cache(maxsize=64)
def _set(stroke: _Stroke) -> str:
    """Return what sets a stroke; nothing of the last one is left."""
    dash = " ".join(map("{:g}".format, stroke.dash))
    join = _ROUND if stroke.end == _ROUND else 0
    return f"{stroke.width * MM:.6g} w {stroke.grey:g} G [{dash}] 0 d {stroke.end} J {join} j"


def _shown(x: float, y: float, codes: bytes) -> str:
    return f"1 0 0 1 {x * MM:.2f} {(PAGE_HEIGHT - y) * MM:.1f} Tm <{codes.hex()}> Tj"


@lru_cache(maxsize=16)
def _modules(runs: tuple[Run, ...]) -> str:
    return " ".join([f"{column} {row} {length} 1 re" for column, row, length in runs])


def _place(x: float, y: float) -> str:
    return f"{x * MM:.2f} {(PAGE_HEIGHT - y) * MM:.2f}"


def _move(x: float, y: float) -> str:
    return _place(x, y) + " m"


def _line(x: float, y: float) -> str:
    return _place(x, y) + " l"


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return f"{_place(x, y + height)} {width * MM:.2f} {height * MM:.2f} re"
