"""A line of tokens into text runs: neighbours in one face are one run, so that they are copied as one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters.documents.setting import MM
from app.adapters.documents.tokens import BOX, GAP, HAN, LATIN, RULE

if TYPE_CHECKING:
    from app.adapters.documents.ink import Ink
    from app.adapters.documents.setting import Paragraph, Role
    from app.adapters.documents.tokens import Token

_HEAVY: Final = 0.022
_WIDE: Final = 0.9
_OPENING: Final = frozenset("（《「『【〔“")
_OVER_EDGE: Final = 0.45
_TOUCH: Final = 0.001
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
        run = _Run(self._ink, base, size, role)
        for at, token in enumerate(tokens):
            if not at and token.text in _OPENING and token.width > _WIDE:
                x -= _OVER_EDGE * em  # an opening bracket's ink stands at the edge
            if token.kind == HAN:
                run.han(token, x, extra)
            elif token.kind == LATIN:
                run.latin(token, x)
            elif token.kind != GAP:
                run.flush()
                if token.kind == BOX:
                    self._box(x, base, size, ticked=token.text == "☑")
                elif token.kind == RULE:
                    y = base + _UNDER * em
                    self._ink.line(x, y, x + token.width * em, y, _HAIR)
            x += (token.width + extra) * em
        run.flush()

    def _box(self, x: float, base: float, size: float, *, ticked: bool) -> None:
        em = size / MM
        side, left, bottom = 0.8 * em, x + 0.1 * em, base + 0.06 * em
        if not self._bare:
            self._ink.rectangle(left, bottom - side, side, side, max(_HAIR, 0.045 * em) if size > _LARGE else _HAIR)
        if ticked:
            points = ((0.16, 0.52), (0.42, 0.2), (0.92, 0.98))
            self._ink.path([(left + px * side, bottom - py * side) for px, py in points], 0.11 * em)


class _Run:
    """The run of Han being gathered on a line."""

    def __init__(self, ink: Ink, base: float, size: float, role: Role) -> None:
        self._ink, self._base, self._size, self._role = ink, base, size, role
        self._text: list[str] = []
        self._first: Token | None = None
        self._x = self._next = self._extra = 0.0

    def han(self, token: Token, x: float, extra: float) -> None:
        first = self._first
        if first is None or token.font != first.font or token.heavy != first.heavy or abs(self._next - x) > _TOUCH:
            self.flush()
            self._first, self._x, self._extra = token, x, extra
        self._text.append(token.text)
        # A squeezed mark is drawn full width, so the next character cannot be in its run.
        full = max(token.width, 1.0) if token.width == 0.5 else token.width  # noqa: PLR2004 (see tokens._shared)
        self._next = x + (full + extra) * self._size / MM

    def latin(self, token: Token, x: float) -> None:
        self.flush()
        self._draw(x, token.text, token, 0)

    def flush(self) -> None:
        if self._first is not None:
            self._draw(self._x, "".join(self._text), self._first, self._extra)
        self._first, self._text = None, []

    def _draw(self, x: float, text: str, token: Token, extra: float) -> None:
        weight = max(self._role.weight, _HEAVY if token.heavy else 0)
        self._ink.text(
            x, self._base, text, token.font, self._size, grey=self._role.grey, weight=weight, spacing=extra * self._size
        )
