"""How a text of the applicant's screen is said: numbers in groups, dates and sums as people say them.

Only for the ear: the screen keeps its figures. Voices read «2026-03-05» and «13900004821» in a dozen ways, most of them useless, so nothing
but words reaches them. In numbers that are called out digit by digit 1 is 幺 (yāo), as at every counter and on every telephone in China:
一 (yī) and 七 (qī) sound alike to old ears and over a bad loudspeaker, and the applicant is asked whether the number is right. In years,
dates, sums and counts it stays 一. The sign in a year is 零, since not every voice knows 〇.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

_DIGITS: Final = "零一二三四五六七八九"
_CALLED: Final = "零幺二三四五六七八九"
_SMALL: Final = ("", "十", "百", "千")
_LARGE: Final = ("", "万", "亿")
_MOST: Final = 10**12
_WEEKDAYS: Final = "一二三四五六日"
_UNITS: Final = "个件份张页次样项年月天日位遍种步条分元岁名家号小时"
_PAIRED: Final = "个件份张页次样项年天位遍种步条名家"
"""Measure words before which 2 is 两: 两份, but 二月, 二号."""

_NARROW: Final = str.maketrans("０１２３４５６７８９：．", "0123456789:.")
_LETTER_X: Final = "艾克斯"

_DATE = re.compile(
    r"(?<![\d-])(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*[,，]?\s*(?:周|星期)([一二三四五六日]))?", re.ASCII
)
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])", re.ASCII)
_MONTH = re.compile(r"(?<![\d-])(\d{4})\s*年(?:\s*(\d{1,2})\s*月)?", re.ASCII)
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])", re.ASCII)
_UNTIL = re.compile(r"(?<=[点分])\s*[-–—~～]+\s*(?=[零一二两三四五六七八九十])")
_ACCEPTANCE = re.compile(r"(?<![\w-])([A-Z]{1,6})([0-9A-Z]{2})-(\d{6})-(\d{4,9})-(\d)(?![\w-])", re.ASCII)
_CERTIFICATE = re.compile(r"(?<![\w-])(\d{6})\s?(\d{4})\s?(\d{4})\s?(\d{3}[0-9Xx])(?![\w-])", re.ASCII)
_MASKED = re.compile(r"[0-9Xx]*(?:\s?[*＊]+\s?)+([0-9Xx]+)", re.ASCII)
_MOBILE = re.compile(r"(?<![\w-])(1\d{2})[\s-]?(\d{4})[\s-]?(\d{4})(?![\w-])", re.ASCII)
_LANDLINE = re.compile(r"(?<![\w-])(0\d{2,3})[-\s](\d{7,8})(?![\w-])", re.ASCII)
_SUM = re.compile(r"(?<![\d.])(\d[\d,]*)(?:\.(\d{1,2}))?\s*元", re.ASCII)
_PERCENT = re.compile(r"(?<![\d.])(\d+)(?:\.(\d+))?\s*[%％]", re.ASCII)
_COUNT = re.compile(rf"(?<![\d.A-Za-z-])(\d{{1,8}})\s*(?=[{_UNITS}])", re.ASCII)
_DECIMAL = re.compile(r"(?<![\d.A-Za-z-])(\d+)\.(\d+)(?![\d.])", re.ASCII)
_RUN = re.compile(r"\d+", re.ASCII)
_CLOSED = re.compile(r"(?<=[一-鿿，。])\s+(?=[一-鿿])")
_ENDS = re.compile(r"(?<=[。！？；?!;\n])")
_SHORT = 4
"""Digits: a longer run is a number that is called out, not a quantity."""


def called(digits: str) -> str:
    """Return a number as it is called out, digit by digit, 1 as 幺; an X at the end of a certificate number as its letter's name."""
    return "".join(_LETTER_X if one in "Xx" else _CALLED[int(one)] for one in digits)


def phone(number: str) -> str:
    """Return a telephone number in the groups it is known by: 139 0000 4821, area code first, a short one whole. Other signs are dropped."""
    digits = "".join(one for one in number if one in "0123456789")
    if found := _MOBILE.fullmatch(digits):
        return "，".join(map(called, found.groups()))
    if digits.startswith("0") and len(digits) in {10, 11, 12}:
        head = 3 if digits[1] in "12" else 4
        return f"{called(digits[:head])}，{_grouped(digits[head:])}"
    return _grouped(digits)


def certificate(number: str) -> str:
    """Return an identity number as people say it: place, year, day of birth, the last four."""
    found = _CERTIFICATE.fullmatch(number.strip())
    return (
        "，".join(map(called, found.groups())) if found else _grouped("".join(one for one in number if one in "0123456789Xx"))
    )


def acceptance(number: str) -> str:
    """Return an acceptance number in its groups, letters one by one."""
    found = _ACCEPTANCE.fullmatch(number.strip())
    if found is None:
        return aloud(number)
    prefix, counter, day, sequence, check = found.groups()
    letters = " ".join(prefix)
    head = " ".join(_CALLED[int(one)] if one in "0123456789" else one for one in counter)
    return "，".join((f"{letters} {head}", called(day), called(sequence), called(check)))


def date(day: dt.date, *, weekday: bool = True) -> str:
    """Return a day as people say it: 二零二六年三月五日，星期四."""
    said = f"{_year(day.year)}年{number(day.month)}月{number(day.day)}日"
    return f"{said}，星期{_WEEKDAYS[day.weekday()]}" if weekday else said


def number(value: int) -> str:
    """Return a quantity from 0 to below 10^12 in words: 10 十, 105 一百零五, 20000 二万. ValueError beyond that."""
    if not 0 <= value < _MOST:
        raise ValueError("number")
    if value == 0:
        return "零"
    said, gap = "", False
    for at in range(len(_LARGE) - 1, -1, -1):
        group = value // 10 ** (4 * at) % 10**4
        if not group:
            gap = gap or bool(said)
            continue
        if said and (gap or group < 10**3):
            said += "零"
        said += _thousand(group) + _LARGE[at]
        gap = False
    return said.removeprefix("一") if said.startswith("一十") else said


def counted(value: int, unit: str) -> str:
    """Return a count with its measure word: 两份, 十二份, 二十岁."""
    paired = value == 2 and unit[:1] in tuple(_PAIRED)  # noqa: PLR2004  # 二 and 两 are the same number
    return ("两" if paired else number(value)) + unit


def age(years: int) -> str:
    """Return an age: 八十一岁."""
    return f"{number(years)}岁"


def amount(yuan: int, cents: int = 0) -> str:
    """Return a sum of money: 一千二百三十四元五角. ``cents`` 0 … 99."""
    jiao, fen = divmod(cents, 10)
    small = (f"{_DIGITS[jiao]}角" if jiao else "零" if fen and yuan else "") + (f"{_DIGITS[fen]}分" if fen else "")
    return f"{number(yuan)}元{small}" if yuan or not small else small


def aloud(text: str) -> str:
    """Return a text of the screen as it is said: every date, sum, telephone, certificate and acceptance number in it, and every other figure.

    No digit is left in it. Saying it again changes nothing.
    """
    said = _ACCEPTANCE.sub(lambda m: acceptance(m[0]), text.translate(_NARROW))
    said = _MASKED.sub(lambda m: f" 尾号{called(m[1])}", said).removeprefix(" ")
    said = _DATE.sub(_dated, said)
    said = _ISO.sub(_dated, said)
    said = _CERTIFICATE.sub(lambda m: certificate(m[0]), said)
    said = _MOBILE.sub(lambda m: phone(m[0]), said)
    said = _LANDLINE.sub(lambda m: phone(m[0]), said)
    said = _MONTH.sub(lambda m: f"{_year(int(m[1]), len(m[1]))}年" + (f"{number(int(m[2]))}月" if m[2] else ""), said)
    said = _UNTIL.sub("到", _CLOCK.sub(_clock, said))
    said = _SUM.sub(_summed, said)
    said = _PERCENT.sub(lambda m: f"百分之{_decimal(m[1], m[2] or '')}", said)
    said = _DECIMAL.sub(lambda m: _decimal(m[1], m[2]), said)
    said = _COUNT.sub(_counted, said)
    said = _RUN.sub(lambda m: _plain(m[0]), said)
    return _CLOSED.sub("", said)


def sentences(text: str) -> tuple[str, ...]:
    """Return a text in the pieces it is spoken in, so that a stop or a slower voice is heard at the next one. Nothing is lost but space."""
    return tuple(one for piece in _ENDS.split(text) if (one := piece.strip()))


def _counted(found: re.Match[str]) -> str:
    digits, before, unit = found[1], found.string[: found.start()].rstrip()[-1:], found.string[found.end()]
    if len(digits) > 1 and digits.startswith("0"):
        return called(digits)
    # The second one is 第二件, two of them are 两件.
    return counted(int(digits), "" if before == "第" else unit).removesuffix(unit)


def _summed(found: re.Match[str]) -> str:
    yuan = int(found[1].replace(",", ""))
    return amount(yuan, int((found[2] or "").ljust(2, "0"))) if yuan < _MOST else f"{_grouped(str(yuan))}元"


def _plain(digits: str) -> str:
    if len(digits) <= _SHORT and not (len(digits) > 1 and digits.startswith("0")):
        return number(int(digits))
    return _grouped(digits)


def _grouped(digits: str) -> str:
    """Call digits out in groups of four, what is over in the first one, up to five in one breath."""
    if len(digits) <= _SHORT + 1:
        return called(digits)
    first = len(digits) % _SHORT or _SHORT
    first = first if first > 1 else first + _SHORT
    return "，".join(called(one) for one in (digits[:first], *re.findall(r".{4}", digits[first:])))


def _thousand(value: int) -> str:
    said, gap = "", False
    for at in range(3, -1, -1):
        digit = value // 10**at % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _SMALL[at]
            gap = False
        else:
            gap = True
    return said


def _year(value: int, digits: int = 4) -> str:
    return "".join(_DIGITS[int(one)] for one in f"{value:0{digits}}")


def _dated(found: re.Match[str]) -> str:
    year, month, day = (int(one) for one in found.groups()[:3])
    said = f"{_year(year)}年{number(month)}月{number(day)}日"
    told = found[4] if found.re is _DATE else None
    return f"{said}，星期{told}" if told else said


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    said = f"{'两' if hour == 2 else number(hour)}点"  # noqa: PLR2004
    if minute:
        said += ("零" if minute < 10 else "") + f"{number(minute)}分"  # noqa: PLR2004
    return said


def _decimal(whole: str, part: str) -> str:
    said = number(int(whole)) if len(whole) <= 2 * _SHORT else _year(int(whole), len(whole))
    return f"{said}点{''.join(_DIGITS[int(one)] for one in part)}" if part else said
