"""The three faces of the papers and which of them has a character.

Song (宋) is the printed form, Hei (黑) is the case; the rare face covers what both lack. No one font has all names: U+3106C is in
Hei only, Extension A is not in the rare face, so a missing character is looked for in every direction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters.documents.truetype import Face
from app.core.errors import AppError

if TYPE_CHECKING:
    from pathlib import Path

    from app.adapters.documents.tokens import Token

HEI: Final = "hei"
SONG: Final = "song"
RARE: Final = "rare"
FILES: Final = {HEI: "NotoSansSC-Regular.ttf", SONG: "NotoSerifSC-Regular.ttf", RARE: "HanaMinB.ttf"}


_SHORT: Final = 4
_MOST: Final = 20_000
"""What is remembered of texts: characters and short figures, which say nothing of a person; and of how many."""


class Fonts:
    """Faces by role, opened when first asked for: the rare face at the first rare character only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faces: dict[str, Face] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._found: dict[tuple[str, str], tuple[str, float]] = {}
        self.tokens: dict[tuple[str, str, bool, bool], dict[str, Token]] = {}
        """Single characters as they are set, kept by :mod:`app.adapters.documents.tokens`."""

    def face(self, name: str) -> Face:
        """Return the face. AppError when its file is not there."""
        face = self._faces.get(name)
        if face is None:
            try:
                face = self._faces[name] = Face(self._folder / FILES[name])
            except OSError as error:
                raise AppError(
                    f"程序文件不全：找不到字体 {FILES[name]}。重新安装程序即可，已存的内容不受影响。", str(error)
                ) from error
        return face

    def has(self, name: str, text: str) -> bool:
        """Whether this face has every character."""
        glyph = self.face(name).glyph
        return all(glyph(char) for char in text)

    def resolve(self, name: str, text: str) -> tuple[str, float] | None:
        """Return the face that sets this text, the named one if it can, and the width in em; None when no face has it."""
        found = self._found.get((name, text))
        if found is None:
            face = name if self.has(name, text) else self.fallback(text)
            if face is None:
                return None
            found = face, self.width(face, text)
            if len(text) <= _SHORT:
                if len(self._found) >= _MOST:
                    self._found.clear()
                self._found[name, text] = found
        return found

    def fallback(self, text: str) -> str | None:
        """Return the first face that has every character, or None."""
        return next((name for name in (SONG, HEI, RARE) if self.has(name, text)), None)

    def width(self, name: str, text: str) -> float:
        """Return the width of the text in em."""
        widths = self._widths
        total = 0.0
        for char in text:
            one = widths.get((name, char))
            if one is None:
                face = self.face(name)
                one = widths[name, char] = face.advance(face.glyph(char)) * face.per_mille / 1000
            total += one
        return total

    @property
    def opened(self) -> tuple[str, ...]:
        """Which faces were opened so far."""
        return tuple(self._faces)
