"""Both sides of a resident's identity card, and of a residence permit, which is laid out alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.codes import NATIONS, SEX
from app.core.days import iso
from app.core.identity import read_cert
from app.core.names import read_name, tidy_name
from app.core.reading.dates import days_in
from app.core.reading.numbers import kind_of, number_print, read_number
from app.core.reading.prints import CLEAR, Print, is_rare, joined, reading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.readings import Reading

_NATIONS: Final = {name.removesuffix("族"): code for code, name in NATIONS.items() if name.endswith("族")}
_SEX: Final = {word: code for code, word in SEX.items()}
_NAME: Final = re.compile("^姓?名")
_SEX_PRINTED: Final = re.compile("(?:性?别|^性)[:.]?([男女])|^([男女])民?族")
_NATION_PRINTED: Final = re.compile(f"民?族[:.]?({'|'.join(sorted(_NATIONS, key=len, reverse=True))})族?$")
_ADDRESS: Final = re.compile("^(?:住址|住|址)")
_NUMBER: Final = re.compile("公民|身份号码|证件号码")
_PORTRAIT: Final = 0.68
"""Share of the width right of which only the portrait is."""
_LONG: Final = "长期"
_TERM: Final = re.compile(r"有效期限?|期限")
_ISSUER: Final = re.compile(r"签发机关|发机关|签发机|机关")
_SPAN: Final = 2
_VERY_CLEAR: Final = 0.97
"""One figure may turn the end of one term into that of another, so each has to be read beyond doubt."""
YEARS: Final = (5, 10, 20)
"""How long a card is valid (居民身份证法 art. 5); 长期 from 46 years of age on."""


def read_front(rows: Sequence[Print], today: dt.date | None = None) -> list[Reading]:
    """Return what the side with the portrait says. A name is never certain: nothing on the card could say that it is right."""
    close = [row.close() for row in rows]
    number = number_print(close)
    birth_at, birth, birth_print = _birth(close)
    sex, sex_print = _sex(close)
    found: list[Reading] = []
    kind = kind_of(number.plain.upper(), today) if number else ""
    cert = read_cert(kind, number.plain.upper(), today) if number and kind else None
    name = _name(close)
    if name is not None:
        found.append(read_person(name))
    if sex:
        agrees = cert is not None and cert.sex == sex
        found.append(reading("sex", sex_print, sex, certain=agrees and sex_print.least >= CLEAR))
    nation, nation_print = _nation(close)
    if nation:
        found.append(reading("nation", nation_print, nation, certain=nation_print.least >= CLEAR))
    if birth is not None:
        agrees = cert is not None and cert.birth == birth
        found.append(reading("birth", birth_print, iso(birth), certain=agrees and birth_print.least >= CLEAR))
    address = _address(close, birth_at, number)
    if address:
        found.append(reading("address", address))
    if number is not None:
        found.append(read_number("cert_number", number, birth, sex, today))
    return found


def read_back(rows: Sequence[Print]) -> list[Reading]:
    """Return what the side with the emblem says: who issued it, and until when it is valid.

    The last day is certain when it lies 5, 10 or 20 years after the first one, which is printed beside it; 长期 never, for nothing bears it out.
    """
    found: list[Reading] = []
    for row in (one.close() for one in rows):
        issuer = _ISSUER.search(row.plain)
        if issuer and len(row) > issuer.end():
            found.append(reading("issuer", row.cut(issuer.end())))
            continue
        until = _until(row)
        if until is not None and not any(one.name == "cert_until" for one in found):
            found.append(until)
    return found


def read_person(name: Print) -> Reading:
    """Return a name: rare characters are as unsure as faint ones, for the engine knows few of them."""
    value = tidy_name(name.text)
    doubted = {char for char, glyph in zip(name.text, name.glyphs, strict=True) if glyph.score < CLEAR or is_rare(char)}
    return reading("name", name, value, unsure=tuple(at for at, char in enumerate(value) if char in doubted))


def _name(rows: Sequence[Print]) -> Print | None:
    for row in rows:
        hit = _NAME.search(row.plain)
        name = row.cut(hit.end()) if hit else Print()
        if name and read_name(name.text).ok:
            return name
    return None


def _sex(rows: Sequence[Print]) -> tuple[str, Print]:
    for row in rows:
        hit = _SEX_PRINTED.search(row.plain)
        if hit:
            which = 1 if hit[1] else _SPAN
            return _SEX[hit[which]], row.cut(*hit.span(which))
    return "", Print()


def _nation(rows: Sequence[Print]) -> tuple[str, Print]:
    for row in rows:
        hit = _NATION_PRINTED.search(row.plain)
        if hit:
            return _NATIONS[hit[1]], row.cut(*hit.span(1))
    return "", Print()


def _birth(rows: Sequence[Print]) -> tuple[int, dt.date | None, Print]:
    """Return in which row the day of birth is printed, the day, and its print; the row alone where the day cannot be read."""
    for at, row in enumerate(rows):
        days = [one for one in days_in(row.plain) if one.plain] if "年" in row.plain else []
        if len(days) == 1:
            return at, days[0].day, row.cut(days[0].start, days[0].end)
    return next((at for at, row in enumerate(rows) if re.match("出生|.?生\\d", row.plain)), -1), None, Print()


def _address(rows: Sequence[Print], birth_at: int, number: Print | None) -> Print:
    """Return the address: what stands below the birth and above the number, left of the portrait."""
    labelled = next((at for at, row in enumerate(rows) if _ADDRESS.search(row.plain)), -1)
    first = labelled if labelled >= 0 else birth_at + 1
    if first <= 0:
        return Print()
    parts = []
    for row in rows[first:]:
        if _NUMBER.search(row.plain) or (number is not None and row.box[1] + row.box[3] / 2 > number.box[1]):
            break
        part = Print(tuple(one for one in row.glyphs if one.box[0] < _PORTRAIT))
        hit = _ADDRESS.search(part.plain)
        parts.append(part.cut(hit.end() if hit else 0))
    return joined(parts, "")


def _until(row: Print) -> Reading | None:
    text = row.plain
    days = days_in(text)
    if text.endswith(_LONG) and (days or _TERM.search(text)):
        at = days[0].start if days else text.rfind(_LONG)
        return reading("cert_until", row.cut(at), _LONG)
    if len(days) == _SPAN:
        first, last = days
        whole = row.cut(first.start, last.end)
        agree = first.plain and last.plain and last.day in _ends(first.day)
        return reading("cert_until", whole, iso(last.day), certain=agree and whole.least >= _VERY_CLEAR)
    return None


def _ends(first: dt.date) -> set[dt.date]:
    """Return the days on which a card issued that day may end. One of 29 February ends on the 28th or on 1 March."""
    ends = set()
    for years in YEARS:
        for month, day in (
            ((first.month, first.day), (2, 28), (3, 1)) if (first.month, first.day) == (2, 29) else ((first.month, first.day),)
        ):
            try:
                ends.add(first.replace(first.year + years, month, day))
            except ValueError:
                continue
    return ends
