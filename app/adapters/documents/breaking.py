"""Where lines break: kinsoku, no orphan characters at the end, and two even lines for names."""

from __future__ import annotations

from typing import Final

from app.adapters.documents.tokens import GAP, NEVER_FIRST, Token, tail, width

Line = tuple[Token, ...]

_SLACK: Final = 1e-6
_FEW: Final = 2
_NARROWER: Final = (0.5, 1, 1.5, 2, 3)
_GOOD_ENDS: Final = frozenset("·，、；）　")
_GOOD_BREAK: Final = 9


def lines(paragraph: Line, em: float, first: float = 0, hang: float = 0) -> list[Line]:
    """Break a paragraph to lines of ``em``; the first is indented by ``first``, the others by ``hang``.

    A last line of one or two characters is avoided by breaking a little earlier.
    """
    broken = _greedy(paragraph, em, first, hang)
    for less in _NARROWER:
        if len(broken) < _FEW or sum(token.text not in NEVER_FIRST for token in broken[-1]) > _FEW:
            break
        again = _greedy(paragraph, em - less, first, hang)
        if len(again) == len(broken):
            broken = again
    return broken or [()]


def _greedy(paragraph: Line, em: float, first: float, hang: float) -> list[Line]:
    broken: list[Line] = []
    start = 0
    while start < len(paragraph):
        end = _end(paragraph, start, em - (hang if broken else first))
        last = end
        while last > start and paragraph[last - 1].kind == GAP:
            last -= 1
        broken.append(paragraph[start:last])
        start = end
        while start < len(paragraph) and paragraph[start].kind == GAP:
            start += 1
    return broken


def _end(paragraph: Line, start: int, room: float) -> int:
    """Return where the line that begins at ``start`` ends: the last allowed place that fits, or where it simply is full."""
    used, good, at = 0.0, 0, start
    while at < len(paragraph):
        used += paragraph[at].width
        if at > start and used > room + _SLACK and used - tail(paragraph[at : at + 1]) > room + _SLACK:
            break
        at += 1
        if at == len(paragraph) or not paragraph[at].glued:
            good = at
    return good if good > start else max(at, start + 1)


def even(paragraph: Line, em: float) -> list[Line] | None:
    """Return two lines of much the same length, rather broken after · or before a bracket; None when two do not do."""
    best: tuple[float, int] | None = None
    total, used = width(paragraph), 0.0
    for at in range(1, len(paragraph)):
        used += paragraph[at - 1].width
        if paragraph[at].glued or max(used, total - used) > em:
            continue
        liked = paragraph[at - 1].text in _GOOD_ENDS or paragraph[at].text == "（"
        cost = abs(2 * used - total) - (_GOOD_BREAK if liked else 0)
        if best is None or cost < best[0]:
            best = cost, at
    return [paragraph[: best[1]], paragraph[best[1] :]] if best else None
