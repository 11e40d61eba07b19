"""Finding a character that no input method offers: by reading, parts, strokes or code point, all in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from app.core.characters import fold, is_han
from app.core.pinyin import spelled, syllables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MOST: Final = 120
"""Characters shown at most: who sees more goes on typing instead of looking."""
_FIRST_PLANE: Final = 0xFFFF
_CODE: Final = re.compile(r"(?:u\+?|0x)([0-9a-f]{4,6})", re.IGNORECASE)
_GB: Final = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)
_READING: Final = re.compile(r"[a-zü]{1,6}[1-5]?", re.IGNORECASE)
_STROKES: Final = re.compile(r"\d{1,2}")


class Glyph(NamedTuple):
    """A character: ``strokes`` (0 when unknown), every part inside it, and whether it stands in 通用规范汉字表."""

    char: str
    strokes: int = 0
    parts: str = ""
    listed: bool = False

    @property
    def code(self) -> str:
        """Return its code point: U+8D5F."""
        return f"U+{ord(self.char):04X}"

    @property
    def readings(self) -> tuple[str, ...]:
        """Return how it is read, with tones; empty where nobody wrote it down."""
        return spelled(self.char)


class Characters:
    """All characters that can be shown and printed. Offers them in one order: listed ones first, rare planes last, then by strokes."""

    def __init__(self, glyphs: Iterable[Glyph]) -> None:
        self._glyphs = sorted(glyphs, key=lambda one: (not one.listed, ord(one.char) > _FIRST_PLANE, one.strokes, one.char))
        self._at = {one.char: at for at, one in enumerate(self._glyphs)}
        self._read: dict[str, list[int]] = {}
        for at, one in enumerate(self._glyphs):
            for syllable in syllables(one.char):
                self._read.setdefault(syllable, []).append(at)

    def __len__(self) -> int:
        """Return how many characters there are."""
        return len(self._glyphs)

    def of(self, char: str) -> Glyph | None:
        """Return what is known of a character; None for one that cannot be shown here."""
        at = self._at.get(char)
        return None if at is None else self._glyphs[at]

    def find(self, asked: str, most: int = MOST) -> tuple[Glyph, ...]:
        """Return the characters that everything in the line is true of, best first, at most ``most``; () for a line that says nothing.

        Words are parted by spaces: ``yun`` or ``yun1`` is a reading (a beginning is enough), ``文武贝`` are parts, ``16`` are strokes, ``U+3106C``
        and ``9839F731`` (GB 18030) are one character each.
        """
        words = _words(asked)
        found: Collection[int] = range(len(self._glyphs)) if words else ()
        for word in words:
            found = self._matching(word, found)
        return tuple(self._glyphs[at] for at in sorted(found)[:most])

    def _matching(self, word: str, among: Collection[int]) -> Collection[int]:
        coded = _coded(word)
        if coded:
            return [at for at in (self._at.get(coded, -1),) if at in among]
        if is_han(word):
            return [at for at in among if word in self._glyphs[at].parts or word == self._glyphs[at].char]
        if _STROKES.fullmatch(word):
            return [at for at in among if self._glyphs[at].strokes == int(word)]
        if _READING.fullmatch(word):
            return self._said(word.lower().replace("ü", "v")) & set(among)
        return ()

    def _said(self, asked: str) -> set[int]:
        exact = self._read.get(asked)
        if exact is not None:
            return set(exact)
        return {at for said, these in self._read.items() if said.startswith(asked) for at in these}


def _words(asked: str) -> list[str]:
    """Part a line into words; parts may stand together (文武贝) and beside a reading (yun文)."""
    found: list[str] = []
    for word in fold(asked).split():
        if _coded(word):
            found.append(word)
        else:
            found += [word for word in re.split(r"([^\x00-\xffü])", word) if word.strip()]
    return found


def _coded(word: str) -> str:
    """Return the character whose code this is, '' for none."""
    unicode = _CODE.fullmatch(word)
    if unicode:
        code = int(unicode[1], 16)
        char = chr(code) if code <= 0x10FFFF else ""  # noqa: PLR2004 - the last code point
        return char if char and is_han(char) else ""
    if _GB.fullmatch(word):
        try:
            char = bytes.fromhex(word).decode("gb18030")
        except UnicodeDecodeError:
            return ""
        return char if len(char) == 1 and is_han(char) else ""
    return ""
