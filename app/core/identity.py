"""Identity documents: which kinds there are, and what a number says about itself.

Numbers of the resident family follow GB 11643-1999 (area 6, birth 8, order 3 with odd for men, check character by ISO 7064
MOD 11-2). A number is never refused for its area code: retired codes stay with their bearers for life. The shapes of the other
kinds are public knowledge but not verified against a standard, so they are read leniently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.core.areas import area_name
from app.core.characters import fold, is_han, plain_dashes
from app.core.days import day_of, iso

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

__all__ = ["CERT_KINDS", "CertKind", "CertReading", "age_on", "area_name", "check_character", "is_hmt", "read_cert"]

RESIDENT_DIGITS = 18
OLD_RESIDENT_DIGITS = 15
AREA_DIGITS = 6
HMT_AREAS = ("810000", "820000", "830000")
"""Area codes of residence permits for people of Hong Kong, Macao and Taiwan."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class CertKind:
    """A kind of document. ``digits``: lengths a number may have, empty where it is open. ``derives``: birth and sex stand in it.

    ``noun`` is what a sentence calls the number; ``hint`` is shown in the empty field.
    """

    code: str
    name: str
    noun: str
    digits: tuple[int, ...] = ()
    derives: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CertReading:
    """What a typed number is. ``problem`` is one sentence, empty when ``ok`` and for an empty field; ``partial``: simply too short yet.

    ``number`` is upper case without spaces and dashes; ``sex`` is a code of GB/T 2261.1 (1, 2) or empty; ``area`` is a hint only.
    ``problem_id`` is one of kind, chars, length, old15, date, future, check.
    """

    kind: str
    number: str
    ok: bool = False
    birth: date | None = None
    sex: str = ""
    area: str = ""
    problem: str = ""
    problem_id: str = ""
    partial: bool = False


_KINDS = (
    CertKind("01", "居民身份证", "身份证号", (18,), derives=True, hint="18 位"),
    CertKind("17", "港澳台居民居住证", "居住证号", (18,), derives=True, hint="18 位，81、82 或 83 开头"),
    CertKind("07", "外国人永久居留身份证", "永久居留证号", (18, 15), hint="新版 18 位，9 开头；旧版 3 个字母加 12 位数字"),
    CertKind("04", "港澳居民来往内地通行证", "通行证号", (9, 11), hint="H 或 M 加 8 位数字"),
    CertKind("06", "台湾居民来往大陆通行证", "通行证号", (8, 10, 11), hint="8 位数字"),
    CertKind("08", "护照", "护照号", hint="字母和数字"),
    CertKind("16", "中国护照", "护照号", (9, 8), hint="字母加数字，共 9 位"),
    CertKind("02", "军官证", "证件号", hint="照证件填，可有汉字"),
    CertKind("90", "社会保障卡", "社保卡号", hint="照卡面填"),
    CertKind("99", "其他证件", "证件号", hint="照证件填"),
)
CERT_KINDS: Mapping[str, CertKind] = MappingProxyType({kind.code: kind for kind in _KINDS})
"""The kinds a counter offers, in the order of the list; codes of psn_cert_type."""

_OTHER = CertKind("", "证件", "证件号")


@lru_cache(maxsize=8)  # one look at a case asks ten times for the same two numbers
def read_cert(kind: str, text: str, today: date | None = None) -> CertReading:
    """Read a document number as typed so far. With ``today``, a birth date after it is a problem. A kind not offered is read openly."""
    known = CERT_KINDS.get(kind, _OTHER)
    keeps_dashes = known.code in {"", "02", "99"}
    number = "".join(plain_dashes(fold(text)).split()).upper()
    number = number if keeps_dashes else number.replace("-", "")
    reading = CertReading(kind, number)
    if not number:
        return replace(reading, partial=True)
    return _READERS.get(kind, _open)(reading, known, today)


def age_on(birth: date, day: date) -> int:
    """Return full years of age (周岁) on a day; born on 29 February, one is a year older on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def check_character(first17: str) -> str:
    """Return the check character of 17 digits: ISO 7064 MOD 11-2 as GB 11643 uses it."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def is_hmt(number: str) -> bool:
    """Whether this begins like a residence permit for people of Hong Kong, Macao or Taiwan."""
    return number[:AREA_DIGITS] in HMT_AREAS


def _problem(reading: CertReading, problem_id: str, problem: str, *, partial: bool = False) -> CertReading:
    return replace(reading, problem_id=problem_id, problem=problem, partial=partial)


def _length(reading: CertReading, noun: str, want: int) -> CertReading:
    have = len(reading.number)
    gap = f"少 {want - have} 位" if have < want else f"多 {have - want} 位"
    return _problem(reading, "length", f"{noun} {want} 位，这里 {have} 位：{gap}", partial=have < want)


def _checked18(reading: CertReading, noun: str) -> CertReading | None:
    """Return what is wrong with 17 digits and a check character, dates aside; None when nothing is."""
    number = reading.number
    for at, char in enumerate(number[:RESIDENT_DIGITS], start=1):
        if at < RESIDENT_DIGITS and not _is_digit(char):
            return _problem(reading, "chars", f"{noun}前 17 位是数字，第 {at} 位是「{char}」：看一看有没有读错")
        if at == RESIDENT_DIGITS and not (_is_digit(char) or char == "X"):
            return _problem(reading, "chars", f"{noun}末位是数字或 X，这里是「{char}」：看一看有没有读错")
    if len(number) != RESIDENT_DIGITS:
        return _length(reading, noun, RESIDENT_DIGITS)
    return None


def _is_digit(char: str) -> bool:
    return char in "0123456789"


def _check(reading: CertReading) -> CertReading | None:
    if check_character(reading.number[:17]) != reading.number[17]:
        return _problem(reading, "check", "末位校验不符，看一看有没有读错")
    return None


def _resident(reading: CertReading, kind: CertKind, today: date | None) -> CertReading:
    number = reading.number
    other = _other_kind(number)
    if other:
        return _problem(reading, "kind", other)
    if len(number) == OLD_RESIDENT_DIGITS and all(map(_is_digit, number)):
        return _problem(reading, "old15", "15 位旧号已停用，用 18 位号", partial=True)
    return _family(reading, kind, today)


def _other_kind(number: str) -> str:
    """Say which kind of document this number belongs to, when it cannot be a resident's."""
    if is_hmt(number):
        return f"开头是 {number[:2]}：这是港澳台居民居住证号，改证件类型"
    if number.startswith("9"):
        return "开头是 9：这是外国人永久居留身份证号，改证件类型"
    if re.match(r"[A-Z]{3}\d", number):
        return "3 个字母开头：这是旧版外国人永久居留身份证号，改证件类型"
    if re.match(r"[HM]\d", number):
        return f"{number[0]} 开头：这是港澳居民来往内地通行证号，改证件类型"
    if re.match(r"[A-Z]{1,2}\d", number):
        return "字母开头：这像护照号，改证件类型"
    return ""


def _permit(reading: CertReading, kind: CertKind, today: date | None) -> CertReading:
    number = reading.number
    if len(number) >= AREA_DIGITS and not is_hmt(number):
        return _problem(reading, "kind", "居住证号以 810000、820000 或 830000 开头：看一看有没有读错，或改证件类型")
    return _family(reading, kind, today)


def _family(reading: CertReading, kind: CertKind, today: date | None) -> CertReading:
    """Read a number that carries area, birth, order and check."""
    number = reading.number
    reading = replace(reading, area=area_name(number))
    wrong = _checked18(reading, kind.noun)
    if wrong:
        return wrong
    birth = day_of(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    if birth is None:
        written = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        return _problem(reading, "date", f"出生日期 {written} 不存在：看一看第 7 到 14 位有没有读错")
    if today is not None and birth > today:
        return _problem(reading, "future", f"出生日期 {iso(birth)} 还没到：看一看第 7 到 14 位有没有读错")
    wrong = _check(reading)
    if wrong:
        return wrong
    return replace(reading, ok=True, birth=birth, sex="1" if int(number[16]) % 2 else "2")


def _foreign(reading: CertReading, kind: CertKind, _today: date | None) -> CertReading:
    """Read both editions of the card; the inside of the new number is not published, so birth and sex are typed by hand."""
    number = reading.number
    if number[0] == "9":
        return _checked18(reading, kind.noun) or _check(reading) or replace(reading, ok=True)
    if not number[0].isalpha() or not number.isascii():
        return _problem(reading, "kind", "新版号 9 开头，旧版号 3 个字母开头：看一看有没有读错，或改证件类型")
    if not re.fullmatch(r"[A-Z]{0,2}|[A-Z]{3}\d*", number):
        return _problem(reading, "chars", "旧版号是 3 个字母加 12 位数字：看一看有没有读错")
    if len(number) != OLD_RESIDENT_DIGITS:
        return _length(reading, f"旧版{kind.noun}", OLD_RESIDENT_DIGITS)
    return replace(reading, ok=True)


def _plain(reading: CertReading, noun: str, shortest: int, longest: int) -> CertReading:
    """Read letters and digits of a length between two limits."""
    number = reading.number
    strange = next((char for char in number if not (char.isascii() and char.isalnum())), "")
    if strange:
        return _problem(reading, "chars", f"{noun}只有字母和数字，这里有「{strange}」：看一看有没有读错")
    if shortest <= len(number) <= longest:
        return replace(reading, ok=True)
    if shortest == longest:
        return _length(reading, noun, shortest)
    side = f"至少 {shortest} 位" if len(number) < shortest else f"最多 {longest} 位"
    return _problem(reading, "length", f"{noun}{side}，这里 {len(number)} 位：对照证件看一看", partial=len(number) < shortest)


def _mainland_pass(reading: CertReading, kind: CertKind, _today: date | None) -> CertReading:
    """Hong Kong and Macao: a letter H or M with 8 digits, or 10 with the count of reissues; another shape passes when it is plain."""
    number = reading.number
    if not re.fullmatch(r"[HM]\d*", number):
        return _plain(reading, kind.noun, 8, 12)
    short, long = kind.digits
    if len(number) in kind.digits:
        return replace(reading, ok=True)
    return _length(reading, kind.noun, short if len(number) < long else long)


def _taiwan_pass(reading: CertReading, kind: CertKind, _today: date | None) -> CertReading:
    """Taiwan: 8 digits; older ones have 10 or 11 characters."""
    plain = _plain(reading, kind.noun, kind.digits[0], kind.digits[-1])
    between = plain.ok and len(plain.number) not in kind.digits
    return _length(reading, kind.noun, kind.digits[0]) if between else plain


def _passport(reading: CertReading, kind: CertKind, _today: date | None) -> CertReading:
    return _plain(reading, kind.noun, 5, 20)


def _chinese_passport(reading: CertReading, kind: CertKind, _today: date | None) -> CertReading:
    return _plain(reading, kind.noun, min(kind.digits), max(kind.digits))


def _card(reading: CertReading, kind: CertKind, _today: date | None) -> CertReading:
    """Social-security card: 6 to 32 letters and digits, no check digit is published."""
    return _plain(reading, kind.noun, 6, 32)


def _open(reading: CertReading, kind: CertKind, _today: date | None) -> CertReading:
    """Any other paper: letters, digits, Han and the few marks such numbers carry, at most 30."""
    number = reading.number
    strange = next(
        (char for char in number if not (is_han(char) or (char.isascii() and (char.isalnum() or char in "-/().")))), ""
    )
    if strange:
        return _problem(reading, "chars", f"{kind.noun}里有「{strange}」：照证件再填一遍")
    if len(number) > _OPEN_LONGEST:
        return _problem(reading, "length", f"{kind.noun}最多 {_OPEN_LONGEST} 位，这里 {len(number)} 位：对照证件看一看")
    return replace(reading, ok=True)


_OPEN_LONGEST = 30
_READERS: Mapping[str, Callable[[CertReading, CertKind, date | None], CertReading]] = {
    "01": _resident,
    "17": _permit,
    "07": _foreign,
    "04": _mainland_pass,
    "06": _taiwan_pass,
    "08": _passport,
    "16": _chinese_passport,
    "90": _card,
}
