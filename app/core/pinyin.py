"""Initials of pinyin for search: what a clerk may type for a name or a disease (沈桂兰 → sgl).

A character with several readings gives several initials; the reading it has as a surname comes first.
"""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

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
    return tuple(said for said in _table().get(ord(char), "").split(",") if said)


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
    found = _pypinyin(char)
    plain = (unicodedata.normalize("NFD", syllable)[:1].lower() for syllable in found)
    return tuple(dict.fromkeys(letter for letter in plain if letter.isascii() and letter.isalpha()))


def _pypinyin(char: str) -> list[str]:
    """Ask pypinyin for all readings of one character."""
    _light()
    import pypinyin  # noqa: PLC0415 - only a search needs it

    found = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore", strict=False)
    return [str(syllable) for syllables in found for syllable in syllables]


def _table() -> Mapping[int, str]:
    """Return pypinyin's own table: readings with tones by code point, parted by commas."""
    _light()
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - only a search needs it

    return cast("Mapping[int, str]", PINYIN_DICT)


def _light() -> None:
    """Let pypinyin load without its phrase tables (36 ms and 12 MB instead of 239 and 58); it reads the two settings while it loads."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
