"""From lines of print to values: what a page is, and what it says. Pure; the engine that reads the lines is behind the port ``Recogniser``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.reading.id_card import read_back, read_front
from app.core.reading.looks import look
from app.core.reading.paper import read_paper
from app.core.reading.prints import rows
from app.core.reading.social_card import read_social
from app.core.readings import NOTHING_READ, Looks, PageReading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.reading.prints import Print
    from app.core.readings import Line, Reading

__all__ = ["CARDS", "read_lines"]

CARDS: Final = frozenset({Looks.ID_FRONT, Looks.ID_BACK, Looks.SOCIAL_CARD})
_KEY: Final = {
    Looks.ID_FRONT: "cert_number",
    Looks.ID_BACK: "cert_until",
    Looks.SOCIAL_CARD: "social_number",
}
"""What has to be on a page before it is taken for what was expected; on a paper anything."""


def read_lines(lines: Sequence[Line], expecting: Looks = Looks.UNKNOWN, today: dt.date | None = None) -> PageReading:
    """Return what these lines say. What the page itself looks like counts more than what was expected.

    ``today``: days after it are no days of issue, and no births.
    """
    if not lines:
        return NOTHING_READ
    found = rows(lines)
    looks = look(found)
    readings = _values(found, looks or expecting, today)
    if not looks and expecting:
        key = _KEY.get(expecting)
        if any(one.name == key for one in readings) if key else readings:
            looks = expecting
        else:
            readings = []
    return PageReading(looks, tuple(readings), tuple(lines))


def _values(found: Sequence[Print], looks: Looks, today: dt.date | None) -> list[Reading]:
    match looks:
        case Looks.UNKNOWN:
            return []
        case Looks.ID_FRONT:
            return read_front(found, today)
        case Looks.ID_BACK:
            return read_back(found)
        case Looks.SOCIAL_CARD:
            return read_social(found, today)
    return read_paper(found, looks, today)
