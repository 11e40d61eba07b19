"""Acceptance numbers: JQ03-261120-0007-7, unique without a network because the counter code is unique in its region.

Place, counter (two characters), day, sequence of that day, check digit. The check digit is Damm's (H. M. Damm, *Total
anti-symmetrische Quasigruppen*, 2004) over all characters, a letter counting as two digits (A 10 … Z 35). It was taken over ISO 7064
MOD 11,10 because it catches more while staying one digit that can be said on the telephone: every single wrong digit and every
swap of two neighbouring digits, the check digit included. A wrong letter is caught in 93 of 100 cases, as ten check digits cannot
tell 26 letters apart; tests/core/test_numbering.py counts it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.characters import fold, plain_dashes
from app.core.days import day_of

if TYPE_CHECKING:
    from datetime import date

CENTURY = 2000
_SEQUENCE_DIGITS = 4

# Damm's quasigroup of order 10: row is the interim digit, column the next digit.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_PREFIX, _COUNTER, _DATE, _SEQUENCE = r"([A-Z]{1,6})", r"([0-9A-Z]{2})", r"(\d{6})", r"(\d{4}|[1-9]\d{4,8})"
_DASHED = re.compile(rf"{_PREFIX}{_COUNTER}-{_DATE}-{_SEQUENCE}-(\d)", re.ASCII)
# Without dashes a counter code of two digits is tried first: that is how counters are numbered.
_COMPACT = (
    re.compile(rf"{_PREFIX}(\d\d){_DATE}{_SEQUENCE}(\d)", re.ASCII),
    re.compile(rf"{_PREFIX}([0-9A-Z]{{2}}){_DATE}{_SEQUENCE}(\d)", re.ASCII),
    re.compile(rf"([A-Z]{{1,6}}?)([0-9A-Z]{{2}}){_DATE}{_SEQUENCE}(\d)", re.ASCII),
)


@dataclass(frozen=True, slots=True)
class AcceptanceNumber:
    """An acceptance number in its parts. ``sequence`` counts from 1 on each day at each counter."""

    prefix: str
    counter: str
    day: date
    sequence: int

    @property
    def check(self) -> str:
        """The check digit."""
        return check_digit(f"{self.prefix}{self.counter}{self.day:%y%m%d}{self.sequence:0{_SEQUENCE_DIGITS}}")

    def __str__(self) -> str:
        return f"{self.prefix}{self.counter}-{self.day:%y%m%d}-{self.sequence:0{_SEQUENCE_DIGITS}}-{self.check}"


def number(prefix: str, counter: str, day: date, sequence: int) -> str:
    """Write an acceptance number; past 9999 on one day the sequence simply grows wider.

    Raises ValueError for a prefix other than 1–6 letters A–Z, a counter other than two of 0–9 A–Z, a sequence outside 1–999999999
    or a year outside 2000–2099.
    """
    if not re.fullmatch(_PREFIX, prefix) or not re.fullmatch(_COUNTER, counter):
        raise ValueError("place or counter code does not fit into an acceptance number")
    if not 1 <= sequence < 10**9 or not CENTURY <= day.year < CENTURY + 100:
        raise ValueError("sequence or day does not fit into an acceptance number")
    return str(AcceptanceNumber(prefix, counter, day, sequence))


def parse_number(text: str) -> AcceptanceNumber | None:
    """Read an acceptance number as typed or scanned: lower case, full-width, spaces and missing dashes do not matter.

    None when it is none or its check digit does not fit.
    """
    typed = "".join(plain_dashes(fold(text)).split()).upper()
    compact = typed.replace("-", "")
    shapes = [(_DASHED, typed), *((shape, compact) for shape in _COMPACT)]
    for shape, candidate in shapes:
        found = shape.fullmatch(candidate)
        read = _parts(found) if found else None
        if read:
            return read
    return None


def check_digit(payload: str) -> str:
    """Return the digit that stands behind these characters (0–9 A–Z)."""
    interim = 0
    for digit in "".join(str(int(char, 36)) for char in payload):
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def _parts(found: re.Match[str]) -> AcceptanceNumber | None:
    prefix, counter, written, sequence, check = found.groups()
    day = day_of(CENTURY + int(written[:2]), int(written[2:4]), int(written[4:]))
    if day is None or int(sequence) < 1:
        return None
    read = AcceptanceNumber(prefix, counter, day, int(sequence))
    return read if read.check == check else None
