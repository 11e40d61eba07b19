"""Finding a disease of the catalogue by what a clerk types: 汉字, initials, both mixed, an alias, or the beginning of a code.

A query matches a run of the name, each typed character standing for the character itself or for the initial of one of its
readings (t尿b finds 糖尿病). Brackets and marks of the name may be left out, Ⅱ may be typed as 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.characters import fold
from app.core.pinyin import initials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.region import DiseaseEntry

NO_SPAN = (0, 0)
_ROMAN = {"Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4", "Ⅴ": "5"}
_LETTERS = {"Ⅰ": "i", "Ⅱ": "ii", "Ⅲ": "iii", "Ⅳ": "iv", "Ⅴ": "v"}
_EXACT, _BEGINS, _INSIDE = range(3)
_BY_CODE, _BY_ALIAS = 1, 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A disease that was found, and why: half-open spans into ``entry.name``, ``initials``, ``entry.code`` and ``alias``.

    A span of (0, 0) is none. ``alias`` is empty unless it is what matched.
    """

    entry: DiseaseEntry
    initials: str
    name_span: tuple[int, int] = NO_SPAN
    initials_span: tuple[int, int] = NO_SPAN
    code_span: tuple[int, int] = NO_SPAN
    alias: str = ""
    alias_span: tuple[int, int] = NO_SPAN


class DiseaseIndex:
    """A catalogue made ready for searching; build it once for a region (a first build loads pypinyin, about 40 ms)."""

    def __init__(self, diseases: Iterable[DiseaseEntry]) -> None:
        self._rows = [
            (entry, _Text(entry.name), tuple(_Text(alias) for alias in entry.aliases), _plain(entry.code)) for entry in diseases
        ]

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, query: str) -> tuple[Hit, ...]:
        """Return what matches, best first: whole names before beginnings before the rest; codes among the beginnings, aliases last.

        Within a rank the earlier and the shorter name comes first, then the catalogue's order. An empty query finds everything.
        """
        wanted = _plain(query)
        if not wanted:
            return tuple(Hit(entry, name.initials) for entry, name, _, _ in self._rows)
        by_letters = wanted.isascii() and wanted.isalnum()
        found: list[tuple[tuple[int, int, int, int], Hit]] = []
        for at, (entry, name, aliases, code) in enumerate(self._rows):
            ranked = _row(wanted, entry, name, aliases, code, by_letters=by_letters)
            if ranked is not None:
                found.append(((*ranked[0], at), ranked[1]))
        return tuple(hit for _, hit in sorted(found, key=lambda pair: pair[0]))


def _row(
    wanted: str, entry: DiseaseEntry, name: _Text, aliases: tuple[_Text, ...], code: str, *, by_letters: bool
) -> tuple[tuple[int, int, int], Hit] | None:
    span = name.find(wanted)
    if span is not None:
        rank = (name.rank(span), span[0], len(entry.name))
        if by_letters:
            shown, letters = name.letters(wanted, span)
            return rank, Hit(entry, shown, initials_span=letters)
        return rank, Hit(entry, name.initials, name_span=span)
    if code and code.startswith(wanted):
        return (_BY_CODE, 0, len(entry.name)), Hit(entry, name.initials, code_span=(0, len(wanted)))
    for alias in aliases:
        span = alias.find(wanted)
        if span is not None:
            rank = (_BY_ALIAS + alias.rank(span), span[0], len(entry.name))
            return rank, Hit(entry, name.initials, alias=alias.text, alias_span=span)
    return None


class _Text:
    """A name with, for each of its characters, everything that may be typed for it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._options = tuple(_typed_for(char) for char in text)
        self._first = tuple(_initial(char) for char in text)
        self.initials = "".join(self._first)

    def find(self, wanted: str) -> tuple[int, int] | None:
        """Return the first run that the query spells, None when there is none."""
        for start, options in enumerate(self._options):
            if options == ("",):
                continue
            end = self._spell(wanted, start)
            if end:
                return (start, end)
        return None

    def rank(self, span: tuple[int, int]) -> int:
        """Return how good a run is: the whole, the beginning, or somewhere inside."""
        if span[0]:
            return _INSIDE
        return _EXACT if span[1] == len(self.text) else _BEGINS

    def letters(self, wanted: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
        """Return the initials with the run written as it was typed (second readings too), and where the run stands in them."""
        before = "".join(self._first[: span[0]])
        return before + wanted + "".join(self._first[span[1] :]), (len(before), len(before) + len(wanted))

    def _spell(self, wanted: str, at: int) -> int:
        """Return the end of the run that spells ``wanted`` from here, 0 when nothing does."""
        if not wanted:
            return at
        if at == len(self._options):
            return 0
        for option in self._options[at]:
            if wanted.startswith(option):
                end = self._spell(wanted[len(option) :], at + 1)
                if end:
                    return end
        return 0


def _plain(text: str) -> str:
    return "".join(fold(text).lower().split())


def _typed_for(char: str) -> tuple[str, ...]:
    """Return what may be typed for a character, itself first; an empty one where it may be left out."""
    itself = _plain(char)
    if char in _ROMAN:
        return (itself, _ROMAN[char], _LETTERS[char])
    if not itself.isalnum():
        return (itself, "") if itself else ("",)
    return tuple(dict.fromkeys((itself, *_readings(char))))


def _initial(char: str) -> str:
    if char in _ROMAN:
        return _ROMAN[char]
    readings = _readings(char)
    return readings[0] if readings else ""


def _readings(char: str) -> tuple[str, ...]:
    # A character in front keeps the first one from being read as a surname: 重 is z in a disease, c in a name.
    return tuple(dict.fromkeys(text[1:] for text in initials(f"一{char}") if len(text) > 1))
