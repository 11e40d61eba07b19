"""Personal names as they stand on documents: Han with rare characters, · between parts, Latin letters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.characters import fold, is_han, is_letter, is_private, plain_dashes

LONGEST = 50
"""psn_name of the national platform holds 50 characters."""

MIDDLE_DOT = "·"
_DOTS = "·•‧･・∙⋅●᛫.。"
_MARKS = " ·-'’.,"
_SHORT_HAN = 4


@dataclass(frozen=True, slots=True)
class NameReading:
    """What a typed name is. ``problem`` is one sentence, empty when ``ok`` and for an empty field; ids: short, length, chars, private."""

    name: str
    ok: bool = False
    problem: str = ""
    problem_id: str = ""


def tidy_name(text: str) -> str:
    """Return the name with one kind of dot between parts, one kind of space, and Han exactly as typed.

    Documents set short names wide (沈 桂 兰): up to four Han lose their spaces; longer ones keep a single one, which may part the name.
    """
    text = " ".join(plain_dashes(fold(text)).split())
    text = re.sub(rf"\s*([{re.escape(_DOTS)}])\s*", _dot, text)
    letters = text.replace(" ", "")
    if len(letters) <= _SHORT_HAN and letters and all(map(is_han, letters)):
        return letters
    return text


def read_name(text: str) -> NameReading:
    """Read a name as typed."""
    name = tidy_name(text)
    if not name:
        return NameReading("")
    problem_id, problem = _wrong(name)
    return NameReading(name, ok=not problem, problem=problem, problem_id=problem_id)


def _wrong(name: str) -> tuple[str, str]:
    for at, char in enumerate(name, start=1):
        if is_private(char):
            return "private", f"第 {at} 个字是自造字，换台机器就看不见：用「找字」找正式编码的字，没有就写大写拼音"
        if not (is_letter(char) or char in _MARKS):
            return "chars", f"姓名里有「{char}」：看一看是不是填错了格"
    if len(name) > LONGEST:
        return "length", f"姓名最多 {LONGEST} 个字，这里 {len(name)} 个：多 {len(name) - LONGEST} 个"
    if name[0] in _MARKS or name[-1] in _MARKS.replace(".", ""):
        return "short", "姓名头尾有标点：照证件补全"
    if sum(map(is_letter, name)) < 2:  # noqa: PLR2004 - a surname and a given name
        return "short", "姓名只有 1 个字：照证件补全"
    return "", ""


def _dot(found: re.Match[str]) -> str:
    """Between Han any dot is the middle dot; after a Latin initial a full stop is a full stop."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if found[1] == "." and not (is_han(before) and is_han(after)):
        return found[0]
    return MIDDLE_DOT
