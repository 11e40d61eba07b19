"""Days as they stand on cards and papers: 2026年10月28日, 2026-10-28, 20261028, 二〇二六年十月二十八日, and what a machine makes of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.characters import plain_dashes
from app.core.days import day_of

if TYPE_CHECKING:
    import datetime as dt

_HAN: Final = {char: str(at) for at, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "元": "1"}
_LIKE: Final = str.maketrans("OoQDIlｌ|ZSB", "00001111258")
"""Letters that a machine puts in the place of figures."""
_FIGURE: Final = r"[0-9OoQDIl|ZSB]"
_DAY: Final = rf"({_FIGURE}{{1,2}})"
# A time of day may stand right behind: 2026-10-2814:30.
_END: Final = rf"(?!{_FIGURE})|(?={_FIGURE}{{1,2}}\s*:)"
_SHAPES: Final = (
    re.compile(rf"(?<!\d)({_FIGURE}{{4}}|\d\d)\s*年\s*{_DAY}\s*月\s*{_DAY}\s*(?:[日号曰口]|(?!\d))"),
    re.compile(rf"(?<![0-9A-Za-z.])({_FIGURE}{{4}})\s*([-./])\s*{_DAY}\s*\2\s*({_FIGURE}{{2}}|{_FIGURE})(?:{_END})"),
    re.compile(r"(?<![0-9A-Za-z.\-])((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?![0-9A-Za-z\-]|\.\d)"),
    re.compile(
        r"([〇零○一二三四五六七八九0]{4})\s*年\s*([〇零元一二三四五六七八九十]{1,3})\s*月\s*([一二三四五六七八九十]{1,3})\s*[日号曰]"
    ),
)
_SHORT_YEAR: Final = 2


@dataclass(frozen=True, slots=True)
class Written:
    """A day found in a text, from ``start`` to ``end``. ``plain``: it was written so, with nothing guessed: no letter for a figure, no century."""

    day: dt.date
    start: int
    end: int
    plain: bool = True


def days_in(text: str) -> list[Written]:
    """Return every existing day in a folded text, from left to right."""
    text = plain_dashes(text).replace("。", ".")
    found: list[Written] = []
    for shape in _SHAPES:
        for hit in shape.finditer(text):
            parts = [part for part in hit.groups() if part not in {"-", ".", "/"}]
            written = _written(parts, hit)
            if written and not any(one.start < written.end and written.start < one.end for one in found):
                found.append(written)
    return sorted(found, key=lambda one: one.start)


def _written(parts: list[str], hit: re.Match[str]) -> Written | None:
    plain = all(part.isdigit() and part.isascii() for part in parts) or all(not part.isascii() for part in parts)
    year, month, number = (_number(part) for part in parts)
    if len(parts[0]) == _SHORT_YEAR:
        year, plain = year + 2000, False
    day = day_of(year, month, number)
    return None if day is None else Written(day, *hit.span(), plain)


def _number(part: str) -> int:
    """Return the value of figures, of 二〇二六, or of 二十八; 0 for what is none."""
    if part.isascii():
        digits = part.translate(_LIKE)
        return int(digits) if digits.isdigit() else 0
    tens, ten, ones = part.partition("十")
    if ten:
        return int(_HAN.get(tens, "1")) * 10 + int(_HAN.get(ones, "0"))
    return int("".join(_HAN.get(char, char) for char in part))
