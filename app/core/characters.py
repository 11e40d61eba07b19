"""What kind of character stands in a typed text, independent of how new Python's own Unicode tables are."""

from __future__ import annotations

import re
import unicodedata

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−﹣－"), "-")


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and marks as ASCII, and without unseen format characters.

    Han characters stay exactly as they are: compatibility forms in a name are the name.
    """
    return _UNSEEN.sub("", text).translate(_FULL_WIDTH)


def plain_dashes(text: str) -> str:
    """Return the text with every kind of dash as the ASCII hyphen."""
    return text.translate(_DASHES)


def is_han(char: str) -> bool:
    """Whether this is a Chinese character; extensions A to I, as planes 2 and 3 hold nothing else."""
    return bool(_HAN.fullmatch(char))


def is_private(char: str) -> bool:
    """Whether this is a self-made character (自造字), which another machine cannot show."""
    return bool(_PRIVATE.fullmatch(char))


def is_letter(char: str) -> bool:
    """Whether this is a letter of some script or a mark that belongs to one; Han included."""
    return is_han(char) or unicodedata.category(char)[0] in "LM"
