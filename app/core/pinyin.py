"""Initials of pinyin for search: what a clerk may type for a name or a disease (沈桂兰 → sgl).

A character with several readings gives several initials; the reading it has as a surname comes first.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate, pairwise, product
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from app.core.characters import fold, is_han

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 8
"""How many strings of initials are given at most."""

SURNAMES: Mapping[str, str] = MappingProxyType(
    {
        "尉迟": "yuchi",
        "万俟": "moqi",
        "澹台": "tantai",
        "长孙": "zhangsun",
        "单于": "chanyu",
        "令狐": "linghu",
        "宿": "su",
        "单": "shan",
        "仇": "qiu",
        "解": "xie",
        "区": "ou",
        "查": "zha",
        "曾": "zeng",
        "朴": "piao",
        "盖": "ge",
        "任": "ren",
        "华": "hua",
        "乐": "yue",
        "折": "she",
        "覃": "qin",
        "召": "shao",
        "种": "chong",
        "重": "chong",
        "秘": "bi",
        "繁": "po",
        "员": "yun",
        "贠": "yun",
        "翟": "zhai",
        "缪": "miao",
        "郇": "xun",
        "黑": "he",
        "祭": "zhai",
        "能": "nai",
        "会": "gui",
        "都": "du",
        "卜": "bu",
        "佴": "nai",
        "隗": "wei",
        "句": "gou",
        "行": "xing",
    }
)
"""How surnames are read where the common reading differs or is in doubt."""


@lru_cache(maxsize=4096)
def initials(text: str) -> tuple[str, ...]:
    """Return the initials in lower case, most plausible first, at most :data:`MOST`; empty when nothing in the text has any.

    Latin letters and digits stand for themselves; a character without a known reading, or a mark, adds nothing.
    """
    readings = _readings("".join(fold(text).split()))
    # Fewest unusual readings first, so that the cap cuts off only far-fetched mixtures.
    ranked = sorted(_mixtures(readings), key=sum)
    found = ("".join(options[at] for options, at in zip(readings, mixture, strict=True)) for mixture in ranked)
    return tuple(dict.fromkeys(text for text in found if text))[:MOST]


_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_UMLAUT = "\u0308"


def spelled(char: str) -> tuple[str, ...]:
    """Return how one character is read, with tones (yūn), the usual reading first; empty where nobody wrote it down."""
    return tuple(said for said in _table().readings(ord(char)).split(",") if said)


def syllables(char: str) -> tuple[str, ...]:
    """Return the readings of one character as they are typed: without tone and with its figure (yun, yun1; lv for lü)."""
    return tuple(dict.fromkeys(typed for said in spelled(char) for typed in _typed(said)))


@lru_cache(maxsize=4096)
def _typed(said: str) -> tuple[str, str]:
    plain, tone = "", ""
    for letter in unicodedata.normalize("NFD", said):
        if letter == _UMLAUT:
            plain = f"{plain[:-1]}v"
        elif letter in _TONES:
            tone = _TONES[letter]
        elif letter.isalpha():
            plain += letter
    return plain, f"{plain}{tone}"


def _readings(text: str) -> list[tuple[str, ...]]:
    readings = [_letters(char) for char in text]
    for length in (2, 1):
        surname = SURNAMES.get(text[:length])
        if surname:
            said = _SYLLABLES.get(surname, (surname[0],))
            readings[:length] = [
                tuple(dict.fromkeys((letter, *rest))) for letter, rest in zip(said, readings[:length], strict=True)
            ]
            break
    return [options for options in readings if options]


_SYLLABLES = MappingProxyType(
    {
        "yuchi": ("y", "c"),
        "moqi": ("m", "q"),
        "tantai": ("t", "t"),
        "zhangsun": ("z", "s"),
        "chanyu": ("c", "y"),
        "linghu": ("l", "h"),
    }
)


def _mixtures(readings: list[tuple[str, ...]]) -> list[tuple[int, ...]]:
    """Return index tuples of readings; characters far behind keep their first reading, so that a long text stays cheap."""
    doubtful = [at for at, options in enumerate(readings) if len(options) > 1][:MOST]
    ranges = [range(min(len(options), 4)) if at in doubtful else range(1) for at, options in enumerate(readings)]
    return list(product(*ranges))


@lru_cache(maxsize=8192)
def _letters(char: str) -> tuple[str, ...]:
    if not is_han(char):
        return (char.lower(),) if char.isascii() and char.isalnum() else ()
    plain = (unicodedata.normalize("NFD", said)[:1].lower() for said in spelled(char))
    return tuple(dict.fromkeys(letter for letter in plain if letter.isascii() and letter.isalpha()))


_ENTRY = re.compile(r'"(\d+)":\s*"([^"\\]*)"')


class _Table(NamedTuple):
    """Readings by code point, parted by commas: for ``codes[at]``, which rise, what stands in ``said`` from ``starts[which[at]]`` to the next start."""

    codes: array[int]
    which: array[int]
    said: str
    starts: array[int]

    def readings(self, code: int) -> str:
        """Return the readings of a code point, empty where there are none."""
        at = bisect_left(self.codes, code)
        if at == len(self.codes) or self.codes[at] != code:
            return ""
        which = self.which[at]
        return self.said[self.starts[which] : self.starts[which + 1]]


@cache
def _table() -> _Table:
    """Read pypinyin's own table. The package itself would keep it as a dictionary of 12 MB; this is half of one."""
    package = find_spec("pypinyin")
    if package is None or package.submodule_search_locations is None:
        raise ModuleNotFoundError("pypinyin is not installed", name="pypinyin")
    codes, which, distinct = array("I"), array("H"), dict[str, int]()
    text = (Path(package.submodule_search_locations[0]) / "pinyin_dict.json").read_text("utf-8")
    # Entry by entry: what json would make of it all at once stays with this process for good.
    for entry in _ENTRY.finditer(text):
        codes.append(int(entry[1]))
        which.append(distinct.setdefault(entry[2], len(distinct)))
    if any(first >= second for first, second in pairwise(codes)):
        raise ValueError("pypinyin's table is not in the order of code points")
    return _Table(codes, which, "".join(distinct), array("I", accumulate(map(len, distinct), initial=0)))
