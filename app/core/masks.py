"""What of a name and a number may stand on a screen that others can read, and how whole numbers are grouped for reading aloud.

Names: the first character stays; the last too when a single or first part has three or more (沈*兰, 欧*竹); of each further part
only the first (阿*提·买**); in Latin each word keeps its first letter (J*** S***). A two-character name never shows its second
(何*). Stars do not tell the length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.characters import is_han
from app.core.names import MIDDLE_DOT, tidy_name

_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_STARS = "****"
_SHORTEST_TAIL = 7
_SHORTEST_TWO_ENDS = 3


def mask_name(name: str) -> str:
    """Return the name for a list."""
    parts = [part for part in _VARIATION.sub("", tidy_name(name)).split(MIDDLE_DOT) if part]
    return MIDDLE_DOT.join(_mask_part(part, first=at == 0) for at, part in enumerate(parts))


def mask_cert(number: str) -> str:
    """Return a document number for a list: 5104 **** 0025; shorter ones show less, under 5 characters nothing."""
    bare = "".join(number.split())
    if not bare:
        return ""
    shown = next((ends for least, ends in ((15, (4, 4)), (8, (2, 2)), (5, (0, 2))) if len(bare) >= least), (0, 0))
    head, tail = bare[: shown[0]], bare[len(bare) - shown[1] :]
    return " ".join(part for part in (head, _STARS, tail) if part)


def mask_phone(number: str) -> str:
    """Return a telephone number for a list: 138 **** 1234; others show their last three digits."""
    bare = "".join(number.split())
    if not bare:
        return ""
    if re.fullmatch(r"1\d{10}", bare):
        return f"{bare[:3]} {_STARS} {bare[-4:]}"
    return f"{_STARS} {bare[-3:]}" if len(bare) >= _SHORTEST_TAIL else _STARS


@dataclass(frozen=True, slots=True)
class Veil:
    """How lists show people: covered, or whole (``on`` False) for as long as somebody needs it."""

    on: bool = True

    def name(self, name: str) -> str:
        """Return a name for a list."""
        return mask_name(name) if self.on else tidy_name(name)

    def cert(self, number: str) -> str:
        """Return a document number for a list."""
        return mask_cert(number) if self.on else group_cert(number)

    def phone(self, number: str) -> str:
        """Return a telephone number for a list."""
        return mask_phone(number) if self.on else group_phone(number)


COVERED, BARE = Veil(), Veil(on=False)


def group_cert(number: str) -> str:
    """Return a whole number in groups: 510402 19000101 998X for 18 characters, ABC 1234 5678 9012 for 15, others as they are."""
    bare = "".join(number.split())
    if re.fullmatch(r"\d{17}[\dX]", bare):
        return f"{bare[:6]} {bare[6:14]} {bare[14:]}"
    if re.fullmatch(r"[A-Z]{3}\d{12}", bare):
        return f"{bare[:3]} {bare[3:7]} {bare[7:11]} {bare[11:]}"
    return bare


def group_phone(number: str) -> str:
    """Return a whole telephone number in groups: 138 0000 1234; others as they are."""
    bare = "".join(number.split())
    return f"{bare[:3]} {bare[3:7]} {bare[7:]}" if re.fullmatch(r"1\d{10}", bare) else bare


def _mask_part(part: str, *, first: bool) -> str:
    if not is_han(part[0]):
        return " ".join(word[0] + "***" for word in part.split())
    if not first:
        return part[0] + "**"
    letters = part.replace(" ", "")
    return letters[0] + "*" + (letters[-1] if len(letters) >= _SHORTEST_TWO_ENDS else "")
