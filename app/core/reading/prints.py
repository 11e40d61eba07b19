"""Print with the confidence and the place of each character, so that a value cut out of it knows how sure it is and where it stood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from app.core.characters import fold, is_han
from app.core.readings import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.readings import Box, Line

CLEAR: Final = 0.9
"""From this confidence on a character counts as read; below it a person looks twice. Right ones of sound specimens lie above 0.98."""
_SAME_ROW: Final = 0.6
"""Lines stand in one row when their middles are no further apart than this share of the lower one's height."""
_TALLER: Final = 2.5
"""Print so many times as tall as its neighbour is a watermark or a stamp, and no part of the row."""
_NARROW: Final = 0.55
"""Width of a Latin letter or figure in Han characters."""
WIDE: Final = 8
"""Spaces at most, for a gap of as many heights of a line: what stands behind it has nothing to do with what stands before."""
_EDGES: Final = " :;,.，。；：、·-_|/\\'\"“”‘’"


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it was read."""

    char: str
    score: float
    box: Box


@dataclass(frozen=True, slots=True)
class Print:
    """Some characters in a row."""

    glyphs: tuple[Glyph, ...] = ()

    @property
    def text(self) -> str:
        """The characters as read."""
        return "".join(one.char for one in self.glyphs)

    @property
    def plain(self) -> str:
        """The characters for matching: full-width letters, figures and marks as ASCII; as long as :attr:`text`."""
        return fold(self.text)

    @property
    def score(self) -> float:
        """Their mean confidence, 0 of nothing."""
        return sum(one.score for one in self.glyphs) / len(self.glyphs) if self.glyphs else 0.0

    @property
    def least(self) -> float:
        """The confidence of the least sure letter or figure, 0 of nothing: a faint stroke between two days says nothing."""
        return min((one.score for one in self.glyphs if one.char.isalnum()), default=0.0)

    @property
    def box(self) -> Box:
        """Where they stand together."""
        boxes = [one.box for one in self.glyphs]
        if not boxes:
            return 0.0, 0.0, 0.0, 0.0
        left, top = min(one[0] for one in boxes), min(one[1] for one in boxes)
        right, bottom = max(one[0] + one[2] for one in boxes), max(one[1] + one[3] for one in boxes)
        return left, top, right - left, bottom - top

    def __len__(self) -> int:
        return len(self.glyphs)

    def __add__(self, other: Print) -> Print:
        return Print(self.glyphs + other.glyphs)

    def cut(self, start: int, end: int | None = None) -> Print:
        """Return a part, without spaces and marks around it."""
        part = self.glyphs[start:end]
        first = next((at for at, one in enumerate(part) if one.char not in _EDGES), len(part))
        last = next((at for at in range(len(part), first, -1) if part[at - 1].char not in _EDGES), first)
        return Print(part[first:last])

    def close(self) -> Print:
        """Return it without any space."""
        return Print(tuple(one for one in self.glyphs if not one.char.isspace()))

    def unsure(self) -> tuple[int, ...]:
        """Return the positions of characters worth a second look."""
        return tuple(at for at, one in enumerate(self.glyphs) if one.score < CLEAR)


def rows(lines: Iterable[Line]) -> list[Print]:
    """Return the lines as rows from top to bottom, what stands side by side joined with spaces as wide as the gap, eight at most."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if found and _beside(found[-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return [_row(sorted(row, key=lambda one: one.box[0])) for row in found]


def print_of(line: Line) -> Print:
    """Return a line as characters, each with its share of the line's box."""
    weights = [1.0 if is_han(char) or ord(char) > 0xFF else _NARROW for char in line.text]  # noqa: PLR2004 - Latin-1 is narrow
    left, top, width, height = line.box
    each = width / (sum(weights) or 1.0)
    glyphs, x = [], left
    for at, (char, weight) in enumerate(zip(line.text, weights, strict=True)):
        score = line.chars[at] if len(line.chars) == len(line.text) else line.score
        if fold(char):  # unseen marks would make text and plain of different length
            glyphs.append(Glyph(char, score, (x, top, each * weight, height)))
        x += each * weight
    return Print(tuple(glyphs))


def joined(parts: Sequence[Print], between: str = " ") -> Print:
    """Return the parts with a space (or nothing) between them, which stands nowhere and is sure."""
    glyphs: list[Glyph] = []
    for part in parts:
        if glyphs and part.glyphs:
            x, y, width, height = glyphs[-1].box
            glyphs += [Glyph(char, 1.0, (x + width, y, 0.0, height)) for char in between]
        glyphs += part.glyphs
    return Print(tuple(glyphs))


def label(*words: str) -> str:
    """Return a pattern for any of these words, however far apart their characters are set (姓    名)."""
    return "(?:" + "|".join(r"\s*".join(map(re.escape, word)) for word in words) + ")"


def reading(
    name: str,
    found: Print,
    value: str | None = None,
    *,
    certain: bool = False,
    unsure: tuple[int, ...] | None = None,
    repaired: bool = False,
) -> Reading:
    """Return a value read off this print. ``value``: where it is not the text itself; then positions are given or none."""
    if unsure is None:
        unsure = found.unsure() if value is None else ()
    left, top, width, height = found.box
    box = (round(left, 4), round(top, 4), round(width, 4), round(height, 4))
    return Reading(name, found.text if value is None else value, round(found.score, 3), box, certain, unsure, repaired)


def is_rare(char: str) -> bool:
    """Whether a Han character is outside the 3755 common ones of GB 2312: those the engine puts a look-alike in the place of."""
    if not is_han(char):
        return False
    try:
        return not 0xB0 <= char.encode("gb2312")[0] <= 0xD7  # noqa: PLR2004 - rows 16 to 55 are level one
    except UnicodeEncodeError:
        return True


def _row(lines: Sequence[Line]) -> Print:
    row = print_of(lines[0])
    for before, line in pairwise(lines):
        gap = (line.box[0] - before.box[0] - before.box[2]) / (line.box[3] or 1.0)
        row = joined([row, print_of(line)], " " * max(1, round(min(WIDE, max(0.0, gap)))))
    return row


def _middle(line: Line) -> float:
    return line.box[1] + line.box[3] / 2


def _beside(row: Sequence[Line], line: Line) -> bool:
    last = row[-1]
    low, high = sorted((last.box[3], line.box[3]))
    return high < _TALLER * low and abs(_middle(last) - _middle(line)) < _SAME_ROW * low
