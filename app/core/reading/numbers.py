"""Certificate numbers in print: found, checked, and mended where one character is wrong and only one other could stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.identity import RESIDENT_DIGITS, read_cert
from app.core.reading.prints import CLEAR, Print, reading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.readings import Reading

_RUN: Final = re.compile(r"[0-9A-Z]{17,30}")
_LEAST_FIGURES: Final = 14
_FAMILY: Final = ("01", "17")
"""Kinds of cards that carry birth, sex and check character in their number."""


def number_print(rows: Sequence[Print]) -> Print | None:
    """Return the print of the one number of 18 characters in these rows, None where there is none or there are several."""
    found = {one.plain.upper(): one for row in rows for one in _runs(row.close())}
    return next(iter(found.values())) if len(found) == 1 else None


def _runs(row: Print) -> list[Print]:
    found = []
    for hit in _RUN.finditer(row.plain.upper()):
        part = Print(row.glyphs[hit.start() : hit.end()])
        if len(part) == RESIDENT_DIGITS and sum(map(str.isdigit, hit[0])) >= _LEAST_FIGURES:
            found.append(part)
    return found


def kind_of(number: str, today: dt.date | None = None) -> str:
    """Return the kind of card this sound number belongs to (01, 17), '' for one that is not sound."""
    return next((kind for kind in _FAMILY if read_cert(kind, number, today).ok), "")


def read_number(
    name: str, found: Print, birth: dt.date | None, sex: str, today: dt.date | None = None, *, alone: bool = False
) -> Reading:
    """Return what the print says as a number.

    Certain: sound by its own check, an existing day of birth, each character clear, and the same birth (and sex, where it was read) as
    printed elsewhere on the card. ``alone``: the card prints neither, so the check must do. Where it is not sound it is repaired if exactly
    one replacement of one character is sound and agrees with the printed birth and sex, both read.
    """
    number = found.plain.upper()
    kind = kind_of(number, today)
    if kind:
        cert = read_cert(kind, number, today)
        agrees = (birth == cert.birth or (alone and birth is None)) and sex in {"", cert.sex}
        return reading(name, found, number, certain=agrees and found.least >= CLEAR, unsure=found.unsure())
    mended = _mended(number, birth, sex, today)
    if mended:
        at = next(at for at, (one, other) in enumerate(zip(number, mended, strict=True)) if one != other)
        return reading(name, found, mended, unsure=tuple(sorted({*found.unsure(), at})), repaired=True)
    return reading(name, found, number, unsure=found.unsure())


def _mended(number: str, birth: dt.date | None, sex: str, today: dt.date | None) -> str:
    """Return the only sound number one replacement away that fits birth and sex; '' where there is none, or more than one."""
    if birth is None or not sex:
        return ""
    wrong = [at for at, char in enumerate(number) if not (char.isdigit() or (char == "X" and at == RESIDENT_DIGITS - 1))]
    if len(wrong) > 1:
        return ""
    sound = set()
    for at in wrong or range(RESIDENT_DIGITS):
        for char in "0123456789X" if at == RESIDENT_DIGITS - 1 else "0123456789":
            other = number[:at] + char + number[at + 1 :]
            kind = kind_of(other, today)
            cert = read_cert(kind, other, today) if kind else None
            if cert is not None and (cert.birth, cert.sex) == (birth, sex):
                sound.add(other)
    return sound.pop() if len(sound) == 1 else ""
