"""Text set into a box: the largest size that fits wins, one line before two; the rest goes to the annex, never to a size nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from app.adapters.documents import breaking
from app.adapters.documents.tokens import GAP, LATIN, Token, split, tail, width

if TYPE_CHECKING:
    from app.adapters.documents.fonts import Fonts

Paragraph = tuple[Token, ...]

MM: Final = 72 / 25.4
"""Points in a millimetre."""
_INK: Final = 1.08
_TIGHT: Final = 1.16
_STEP: Final = 0.5
_SLACK: Final = 0.01
_OVERHANG: Final = 0.6
_BETWEEN: Final = 0.125
_SHORTEST: Final = 2


class Role(NamedTuple):
    """A type role. ``size`` and ``min`` in points, ``lead`` in sizes, ``track`` and ``weight`` in em, ``grey`` 0 black to 1 white."""

    font: str = "song"
    size: float = 10.5
    min: float = 0
    lead: float = 1.5
    track: float = 0
    weight: float = 0
    grey: float = 0


class Line(NamedTuple):
    """One set line: ``left`` em in, ``inner`` when the paragraph goes on below (it may be justified), ``paragraph`` counts from 0."""

    tokens: Paragraph
    left: float
    inner: bool
    paragraph: int

    @property
    def overhang(self) -> float:
        """Width in em beyond which the line would leave the box: closing marks may stand in the margin."""
        return width(self.tokens) - tail(self.tokens) + self.left


class SetText(NamedTuple):
    """Text broken into lines at one size. ``rest``: what goes to the annex; ``fits`` False: it does not fit at all."""

    lines: tuple[Line, ...]
    size: float
    lead: float
    rest: tuple[Paragraph, ...] = ()
    fits: bool = True

    @property
    def height(self) -> float:
        """Height of the ink, mm."""
        return ((len(self.lines) - 1) * self.lead + _INK) * self.size / MM if self.lines else 0


class Box(NamedTuple):
    """Where text goes: ``width`` mm, ``height`` mm or None when the box grows; first and other lines indented in em."""

    width: float
    height: float | None = None
    indent: float = 0
    hang: float = 0


class Setter:
    """Sets paragraphs into boxes."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts

    def fit(self, paragraphs: tuple[Paragraph, ...], role: Role, box: Box, how: tuple[str, ...]) -> SetText:
        """Return the text at the largest size that fits. ``how``: shrink, wrap, annex; shrink named first means a short value."""
        short = how[:1] == ("shrink",)
        sizes = _sizes(role) if "shrink" in how else [role.size]
        for size in sizes:
            em = box.width * MM / size
            if short and len(paragraphs) == 1 and width(paragraphs[0], role.track) <= em:
                return self.set(paragraphs, role, size, Box(box.width))
            if "wrap" in how or len(paragraphs) > 1:
                lead = _TIGHT if short and box.height is not None else role.lead
                text = self.set(paragraphs, role, size, box, lead=lead, evenly=short)
                if _inside(text, box):
                    return text
        if "annex" in how and box.height is not None:
            return _cut(self.set(paragraphs, role, role.size, box), role, box.height)
        text = self.set(paragraphs, role, sizes[-1], box)
        wide = any(width(line.tokens) > box.width * MM / text.size + _OVERHANG for line in text.lines)
        high = box.height is not None and text.height > box.height + _SLACK
        return SetText(text.lines, text.size, text.lead, fits=not (wide or high))

    def set(
        self, paragraphs: tuple[Paragraph, ...], role: Role, size: float, box: Box, *, lead: float = 0, evenly: bool = False
    ) -> SetText:
        """Break the text at this size, whether it fits or not."""
        em = box.width * MM / size
        out: list[Line] = []
        for number, whole in enumerate(paragraphs):
            paragraph = self._breakable(whole, em)
            if width(paragraph, role.track) + box.indent > em + 1e-6:
                broken = breaking.lines(paragraph, em, box.indent, box.hang)
                if evenly and len(broken) == _SHORTEST:
                    broken = breaking.even(paragraph, em) or broken
            else:
                broken = [paragraph]
            last = len(broken) - 1
            out += [Line(line, box.hang if at else box.indent, at < last, number) for at, line in enumerate(broken)]
        return SetText(tuple(out), size, lead or role.lead)

    def _breakable(self, paragraph: Paragraph, em: float) -> Paragraph:
        """Return the paragraph in which a number wider than the box may break anywhere."""
        if all(token.width <= em for token in paragraph):
            return paragraph
        return tuple(one for token in paragraph for one in (split(token, self._fonts) if token.kind == LATIN else (token,)))


def _sizes(role: Role) -> list[float]:
    least = role.min or role.size
    return [role.size - _STEP * step for step in range(int((role.size - least) / _STEP) + 1)]


def _inside(text: SetText, box: Box) -> bool:
    if box.height is not None and text.height > box.height + _SLACK:
        return False
    em = box.width * MM / text.size
    return all(line.overhang <= em + _SLACK for line in text.lines)


def _cut(text: SetText, role: Role, height: float) -> SetText:
    """Keep what fits, less one line for the pointer to the annex; turn where a paragraph ends if one ends nearby."""
    keep = int((height * MM / text.size - _INK) / text.lead)
    keep = max(1, min(keep, len(text.lines) - _SHORTEST))
    paragraphs = [line.paragraph for line in text.lines]
    keep = next((at for at in range(keep, max(keep - 4, 1), -1) if paragraphs[at] != paragraphs[at - 1]), keep)
    rest: dict[int, list[Token]] = {}
    for line in text.lines[keep:]:
        before = rest.setdefault(line.paragraph, [])
        if before and line.tokens and before[-1].kind == LATIN == line.tokens[0].kind:
            before.append(Token("", GAP, role.font, _BETWEEN))
        before += line.tokens
    return SetText(text.lines[:keep], text.size, text.lead, tuple(tuple(one) for one in rest.values()))
