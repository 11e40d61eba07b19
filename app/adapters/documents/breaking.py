"""Where lines break: kinsoku, no orphan characters at the end, and two even lines for names."""

from __future__ import annotations

from typing import Final

from app.adapters.documents.tokens import GAP, HAN, LATIN, NEVER_FIRST, Token, tail, width

Line = tuple[Token, ...]

_SLACK: Final = 1e-6
_FEW: Final = 2
_NARROWER: Final = (0.5, 1, 1.5, 2, 3)
_LIKED: Final = dict.fromkeys("·、）　", 9.0) | dict.fromkeys("，；。", 12.0)
"""How much more uneven two lines may be, in em, to break after such a mark."""
_BEFORE_BRACKET: Final = 9.0
_BEFORE_FIGURES: Final = 3.0


def lines(paragraph: Line, em: float, first: float = 0, hang: float = 0) -> list[Line]:
    """Break a paragraph to lines of ``em``; the first is indented by ``first``, the others by ``hang``.

    A last line of one or two characters is avoided by breaking a little earlier.
    """
    broken = _greedy(paragraph, em, first, hang)
    for less in _NARROWER:
        if len(broken) < _FEW or sum(token.kind != GAP and token.text not in NEVER_FIRST for token in broken[-1]) > _FEW:
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
    """Return two lines of much the same length, rather broken after a mark, before a bracket or before a number; None when two do not do."""
    best: tuple[float, int] | None = None
    total, used = width(paragraph), 0.0
    for at in range(1, len(paragraph)):
        used += paragraph[at - 1].width
        if paragraph[at].glued or max(used, total - used) > em:
            continue
        cost = abs(2 * used - total) - _liked(paragraph[at - 1], paragraph[at])
        if best is None or cost < best[0]:
            best = cost, at
    if best is None:
        return None
    end = start = best[1]
    while end and paragraph[end - 1].kind == GAP:
        end -= 1
    while paragraph[start].kind == GAP:
        start += 1
    return [paragraph[:end], paragraph[start:]]


def _liked(last: Token, first: Token) -> float:
    """Return how welcome a break between these two is: a word is not torn where a mark or a number is near."""
    bracket = _BEFORE_BRACKET if first.text == "（" else 0
    figures = _BEFORE_FIGURES if last.kind == HAN and (first.kind == LATIN or (first.kind == GAP and not first.text)) else 0
    return max(bracket, figures, _LIKED.get(last.text, 0))
