"""Two readings of one page into one: what was read under a stamp takes the place of what the stamp spoilt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.readings import Box, Line

_SAME: Final = 0.5
"""Of the smaller box, so much lies in the other one when both are the same line."""


def merged(plain: Sequence[Line], under: Sequence[Line], stamp: Box) -> list[Line]:
    """Return the lines of the page, with those read under a stamp where they say more, and without the stamp's own words."""
    taken = [one for one in under if _more(one, [other for other in plain if _shared(one.box, other.box) > _SAME])]
    kept = [
        one
        for one in plain
        if not any(_shared(one.box, other.box) > _SAME for other in taken)
        # What is not there without the red is the stamp's, and no word of the paper.
        and (not _inside(one.box, stamp) or any(_shared(one.box, other.box) > _SAME for other in under))
    ]
    return sorted((*kept, *taken), key=lambda one: (one.box[1] + one.box[3] / 2, one.box[0]))


def _more(line: Line, others: Sequence[Line]) -> bool:
    """Whether a line says more than all that it takes the place of."""
    return _weight(line) > sum(map(_weight, others))


def _weight(line: Line) -> float:
    return len("".join(line.text.split())) * line.score


def _inside(box: Box, stamp: Box) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return stamp[0] <= x <= stamp[0] + stamp[2] and stamp[1] <= y <= stamp[1] + stamp[3]


def _shared(one: Box, other: Box) -> float:
    """Return which share of the smaller box lies in the other."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (min(one[2] * one[3], other[2] * other[3]) or 1.0)
