"""Telephone numbers as an office can dial them: mobile, landline with its area code, and numbers abroad.

Only shapes are judged. Mobile prefixes are issued faster than any table follows, so 1[3-9] and nine more digits is all that is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.core.characters import fold, plain_dashes

MOBILE_DIGITS = 11
_SHORTEST_LANDLINE = 10

_EXTENSION = r"(?:(?:-|转|,|#|\*)+(\d{1,6}))?"
_LANDLINE = re.compile(rf"(0(?:10|2\d|[3-9]\d\d))-?(\d{{7,8}}){_EXTENSION}")
_ABROAD = re.compile(r"(?:\+|00)(?!86)([1-9]\d{6,14})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """What a typed number is. ``number``: digits of a mobile, 0937-2612345 or 0937-2612345-801 for a landline, +852… abroad.

    ``problem`` is one sentence, empty when ``ok`` and for an empty field; ``problem_id`` is chars, length, prefix or area.
    ``partial``: simply too short yet.
    """

    number: str
    ok: bool = False
    problem: str = ""
    problem_id: str = ""
    mobile: bool = False
    partial: bool = False


def read_phone(text: str) -> PhoneReading:
    """Read a telephone number as typed so far; spaces, dashes, brackets, full-width digits and +86 do not matter."""
    bare = "".join(plain_dashes(fold(text)).split()).replace("(", "").replace(")", "-")
    bare = re.sub(r"^(?:\+|00)86-?|^86-?(?=1\d{10}$)", "", bare).strip("-")
    digits = bare.replace("-", "")
    if not bare:
        return PhoneReading("", partial=True)
    if digits.startswith("0") and not digits.startswith("00"):
        return _landline(bare)
    if bare.startswith(("+", "00")):
        return _abroad(digits)
    return _mobile(digits)


def _landline(bare: str) -> PhoneReading:
    found = _LANDLINE.fullmatch(bare)
    if found:
        return PhoneReading("-".join(part for part in found.groups() if part), ok=True)
    strange = _strange(bare)
    reading = PhoneReading(bare)
    if strange:
        return replace(reading, problem_id="chars", problem=f"电话里有「{strange}」：只填数字")
    have = len(bare.replace("-", ""))
    partial = have < _SHORTEST_LANDLINE
    return replace(reading, problem_id="length", problem="固话是区号加 7 或 8 位号码：对一对位数", partial=partial)


def _abroad(digits: str) -> PhoneReading:
    found = _ABROAD.fullmatch(digits)
    if found:
        return PhoneReading("+" + found[1], ok=True)
    strange = _strange(digits.removeprefix("+"))
    if strange:
        return PhoneReading(digits, problem_id="chars", problem=f"电话里有「{strange}」：只填数字")
    return PhoneReading(
        digits,
        problem_id="length",
        problem="境外号码是 + 加国家或地区码和号码：对一对位数",
        partial=len(digits) < MOBILE_DIGITS,
    )


def _mobile(digits: str) -> PhoneReading:
    reading = PhoneReading(digits, mobile=digits.startswith("1"))
    strange = _strange(digits)
    if strange:
        return replace(reading, problem_id="chars", problem=f"电话里有「{strange}」：只填数字")
    if _LOCAL.fullmatch(digits):
        return replace(reading, problem_id="area", problem=f"固话前面加上区号，这里只有 {len(digits)} 位号码")
    if digits[0] != "1" or digits[1:2] in {"0", "1", "2"}:
        return replace(
            reading, problem_id="prefix", problem="手机号 13 到 19 开头，固话 0 开头：看一看有没有听错", mobile=False
        )
    have = len(digits)
    if have != MOBILE_DIGITS:
        gap = f"少 {MOBILE_DIGITS - have} 位" if have < MOBILE_DIGITS else f"多 {have - MOBILE_DIGITS} 位"
        problem = f"手机号 {MOBILE_DIGITS} 位，这里 {have} 位：{gap}"
        return replace(reading, problem_id="length", problem=problem, partial=have < MOBILE_DIGITS)
    return replace(reading, ok=True)


def _strange(text: str) -> str:
    return next((char for char in text if char not in "0123456789-"), "")
