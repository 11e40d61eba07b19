"""A social-security card: whose it is, the number of the person, and its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.names import read_name
from app.core.reading.id_card import read_person
from app.core.reading.numbers import number_print, read_number
from app.core.reading.prints import Print, reading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.readings import Reading

_NAME: Final = re.compile("^姓名?")
_CARD_LABEL: Final = re.compile("卡号|社保卡号")
_CARD: Final = re.compile(r"(?<![0-9A-Z])[A-Z]{0,2}[0-9]{7,10}(?![0-9A-Z])")
_BELOW: Final = 3.0
"""A value stands below its label by at most so many heights of a line."""


def read_social(rows: Sequence[Print], today: dt.date | None = None) -> list[Reading]:
    """Return what the card says. Its own number has no check and a name no second print, so neither is ever certain."""
    close = [row.close() for row in rows]
    found: list[Reading] = []
    name = _labelled(close)
    if name is not None:
        found.append(read_person(name))
    number = number_print(close)
    if number is not None:
        found.append(read_number("social_number", number, None, "", today, alone=True))
    card = _card(close)
    if card is not None:
        found.append(reading("card_number", card, card.plain.upper(), unsure=card.unsure()))
    return found


def _labelled(rows: Sequence[Print]) -> Print | None:
    """Return the name behind its label, or in the row below it."""
    for at, row in enumerate(rows):
        hit = _NAME.search(row.plain)
        if hit is None:
            continue
        below = rows[at + 1] if at + 1 < len(rows) and len(row) == hit.end() else Print()
        if below and below.box[1] - row.box[1] > _BELOW * row.box[3]:
            below = Print()
        for name in (row.cut(hit.end()), below):
            if name and read_name(name.text).ok and not any(char.isdigit() for char in name.text):
                return name
    return None


def _card(rows: Sequence[Print]) -> Print | None:
    """Return the card's own number: the one that stands at its label, else the only one there is."""
    found = []
    for at, row in enumerate(rows):
        for hit in _CARD.finditer(row.plain.upper()):
            near = _CARD_LABEL.search(row.plain) or (at > 0 and _CARD_LABEL.search(rows[at - 1].plain))
            found.append((bool(near), row.cut(*hit.span())))
    for wanted in (True, False):
        these = [one for near, one in found if near is wanted]
        if these:
            return these[0] if len(these) == 1 else None
    return None
