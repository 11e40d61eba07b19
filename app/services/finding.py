"""Finding an application by whatever came into the one box: typed, scanned at the keyboard, or as a code in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.errors import AppError
from app.core.scanned import elsewhere, number_in, rest_of
from app.services.originals import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Desk, Entry

MOST: Final = 50
NOTHING_READ: Final = "图里没有认出回执或封面上的码。放平、拍清楚再来一次，或键入编号"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. ``scanned``: it was one acceptance number, so the one hit opens by itself; ``elsewhere`` says where it is if not here."""

    entries: tuple[Entry, ...]
    scanned: bool = False
    elsewhere: str = ""


def find(desk: Desk, text: str) -> Found:
    """Find by name, initials, tails of numbers, acceptance number, or what an input method left of a scanned one."""
    number = number_in(text)
    if number:
        entries = tuple(one for one in desk.store.search(number, MOST) if one.number == number)
        where = "" if entries else elsewhere(number, desk.region.number_prefix, desk.counter.code)
        return Found(entries, scanned=True, elsewhere=where)
    rest = rest_of(text)
    if rest:
        hits = tuple(one for one in desk.store.search(rest, MOST) if one.number.endswith(rest))
        if hits:
            return Found(hits, scanned=len(hits) == 1)
    return Found(tuple(desk.store.search(text, MOST)))


def codes_of(desk: Desk, files: Sequence[tuple[str, bytes]]) -> str:
    """Return the first acceptance number that a code on these pictures says, '' where none can be read. Nothing is stored."""
    for name, data in files:
        try:
            pages = desk.imaging.pages(
                data, name, formats=FORMATS, max_bytes=None, dropped=lambda _words: None, find_page=False
            )
        except AppError:
            continue
        for page in pages:
            number = next((found for code in desk.imaging.codes(page) if (found := number_in(code))), "")
            if number:
                return number
    return ""
