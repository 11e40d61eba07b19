"""From a diagnosis as a doctor wrote it to entries of a region's catalogue. A suggestion only: which entry applies, a person says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.characters import fold
from app.core.disease_search import DiseaseIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.region import DiseaseEntry

MOST: Final = 5
_PARTS: Final = re.compile(r"[;；,，。、及和或/()]|合并|并发|伴")
_LEAST: Final = 3
"""Characters that a run has to have in common with a name before it suggests it, where neither holds the other."""
_SHARE: Final = 0.6
_LEAST_NAME: Final = 2


def named_in(diagnosis: str, entries: Iterable[DiseaseEntry]) -> tuple[DiseaseEntry, ...]:
    """Return the entries that a diagnosis names, in its order, at most five.

    An entry is named where its name, an alias or one of the parts of its name stands in the diagnosis, where an item of the diagnosis stands in its
    name, or where they share most of the name.
    """
    text = _plain(diagnosis)
    items = [one for one in map(_plain, _PARTS.split(fold(diagnosis))) if len(one) >= _LEAST_NAME]
    catalogue = list(entries)
    holding = _holding(items, catalogue)
    found: list[tuple[int, int, int, DiseaseEntry]] = []
    for at, entry in enumerate(catalogue):
        place = _place(text, entry)
        if place is None and entry in holding:
            place = (text.find(items[holding[entry]]), 0)
        if place is not None:
            found.append((place[0], -place[1], at, entry))
    return tuple(entry for *_, entry in sorted(found, key=lambda one: one[:3])[:MOST])


def _holding(items: list[str], catalogue: list[DiseaseEntry]) -> dict[DiseaseEntry, int]:
    """Return the entries in whose name an item stands, with the first such item."""
    index = DiseaseIndex(catalogue)
    holding: dict[DiseaseEntry, int] = {}
    for at, item in enumerate(items):
        if len(item) >= _LEAST and not item.isascii():
            for hit in index.search(item):
                holding.setdefault(hit.entry, at)
    return holding


def _place(text: str, entry: DiseaseEntry) -> tuple[int, int] | None:
    """Return where the diagnosis names the entry, and with how many characters."""
    best: tuple[int, int] | None = None
    for name in (entry.name, *entry.aliases):
        whole = _plain(name)
        parts = [one for one in map(_plain, _PARTS.split(fold(name))) if len(one) >= _LEAST_NAME]
        for wanted in (whole, *(one for one in parts if len(one) >= _LEAST)):
            at = text.find(wanted)
            if at >= 0 and (best is None or len(wanted) > best[1]):
                best = (at, len(wanted))
        run = _common(text, whole)
        if best is None and len(run) >= _LEAST and len(run) >= _SHARE * len(whole):
            best = (text.find(run), len(run))
    return best


def _common(one: str, other: str) -> str:
    """Return the longest run of characters that both have."""
    best = ""
    for start in range(len(other)):
        while start + len(best) < len(other) and other[start : start + len(best) + 1] in one:
            best = other[start : start + len(best) + 1]
    return best


def _plain(text: str) -> str:
    return re.sub(r"[\s()]", "", fold(text)).lower()
