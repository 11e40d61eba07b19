"""A line of tokens into text runs: neighbours in one face are one run, so that they are copied as one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters.documents.setting import MM
from app.adapters.documents.tokens import BOX, HAN, LATIN, RULE

if TYPE_CHECKING:
    from app.adapters.documents.ink import Ink
    from app.adapters.documents.setting import Paragraph, Role
    from app.adapters.documents.tokens import Token

_HEAVY: Final = 0.022
_WIDE: Final = 0.9
_OPENING: Final = frozenset("（《「『【〔“")
_OVER_EDGE: Final = 0.45
_SQUEEZED: Final = 0.5
"""Width in em of a mark that shares its em with the next one (tokens)."""
_LARGE: Final = 14.0
_HAIR: Final = 0.3
_UNDER: Final = 0.16


class Pen:
    """Draws lines of tokens on one page. ``bare``: an official blank lies below, which has the tick boxes."""

    def __init__(self, ink: Ink, *, bare: bool = False) -> None:
        self._ink, self._bare = ink, bare

    def line(self, tokens: Paragraph, x: float, base: float, size: float, role: Role, extra: float = 0) -> None:
        """Draw a line from ``x`` on its baseline, mm; ``extra`` em after every token."""
        em = size / MM
        if tokens and tokens[0].text in _OPENING and tokens[0].width > _WIDE:
            x -= _OVER_EDGE * em  # an opening bracket's ink stands at the edge

        run: list[str] = []  # the Han being gathered
        first, start, over = tokens[0] if tokens else None, x, False
        for token in tokens:
            text, kind, font, width, heavy, _ = token
            if run and first and (kind != HAN or over or font != first.font or heavy != first.heavy):
                self._draw(start, base, "".join(run), first, size, role, extra)
                run = []
            if kind == HAN:
                if not run:
                    first, start = token, x
                run.append(text)
                # A squeezed mark is drawn full width, so the next character cannot be in its run.
                over = width == _SQUEEZED
            elif kind == LATIN:
                self._draw(x, base, text, token, size, role, 0)
            elif kind == BOX:
                self._box(x, base, size, ticked=text == "☑")
            elif kind == RULE:
                y = base + _UNDER * em
                self._ink.line(x, y, x + width * em, y, _HAIR)
            x += (width + extra) * em
        if run and first:
            self._draw(start, base, "".join(run), first, size, role, extra)

    def _draw(self, x: float, base: float, text: str, like: Token, size: float, role: Role, extra: float) -> None:
        weight = max(role.weight, _HEAVY) if like.heavy else role.weight
        self._ink.text(x, base, text, like.font, size, grey=role.grey, weight=weight, spacing=extra * size)

    def _box(self, x: float, base: float, size: float, *, ticked: bool) -> None:
        em = size / MM
        side, left, bottom = 0.8 * em, x + 0.1 * em, base + 0.06 * em
        if not self._bare:
            self._ink.rectangle(left, bottom - side, side, side, max(_HAIR, 0.045 * em) if size > _LARGE else _HAIR)
        if ticked:
            points = ((0.16, 0.52), (0.42, 0.2), (0.92, 0.98))
            self._ink.path([(left + px * side, bottom - py * side) for px, py in points], 0.11 * em)
