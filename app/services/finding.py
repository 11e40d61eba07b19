"""Finding an application by whatever came into the one box: typed, scanned at the keyboard, or as a code in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.errors import AppError
from app.core.scanned import NOTICE_ELSEWHERE, elsewhere, id_in, number_in, rest_of
from app.services.originals import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Desk, Entry

MOST: Final = 200
"""Hits that are listed; of more than that, more of the question is wanted."""
NOTHING_READ: Final = "图里没有认出回执、封面或告知书上的码。放平、拍清楚再来一次，或键入编号"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. ``scanned``: it was the code of one case, so the one hit opens by itself; ``elsewhere`` says where it is if not here."""

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
    if id_ := id_in(text):
        entries = tuple(one for one in desk.store.search(id_, MOST) if one.id == id_)
        return Found(entries, scanned=True, elsewhere="" if entries else NOTICE_ELSEWHERE)
    rest = rest_of(text)
    if rest:
        hits = tuple(one for one in desk.store.search(rest, MOST) if one.number.endswith(rest))
        if hits:
            return Found(hits, scanned=len(hits) == 1)
    return Found(tuple(desk.store.search(text, MOST)))


def codes_of(desk: Desk, files: Sequence[tuple[str, bytes]]) -> str:
    """Return what the first code of a case on these pictures says, '' where none can be read. Nothing is stored.

    That is an acceptance number, or the id on a one-time notice that was given before there was one; :func:`find` knows both.
    """
    for name, data in files:
        try:
            pages = desk.imaging.pages(
                data, name, formats=FORMATS, max_bytes=None, dropped=lambda _words: None, find_page=False
            )
        except AppError:
            continue
        for page in pages:
            codes = desk.imaging.codes(page)
            found = next((said for read in (number_in, id_in) for code in codes if (said := read(code))), "")
            if found:
                return found
    return ""
