"""The characters that can be shown and printed, read from ``resources/characters`` (its README says where they come from)."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING

from app.core.character_finder import Characters, Glyph
from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE = "characters.txt.xz"


def load_characters(resources: Path) -> Characters:
    """Return all of them; half a second of work. AppError when the file is missing or not what was shipped."""
    try:
        with lzma.open(resources / "characters" / FILE, "rt", encoding="utf-8") as rows:
            return Characters(_glyphs(rows))
    except (OSError, lzma.LZMAError, ValueError, EOFError) as error:
        raise AppError("程序文件不全：找字用的字表读不出来。重新安装程序，已存的内容不受影响", type(error).__name__) from error


def _glyphs(rows: Iterable[str]) -> Iterator[Glyph]:
    for row in rows:
        char, strokes, parts = row.rstrip("\n").split("\t")
        yield Glyph(char[0], int(strokes), parts, listed=char.endswith("+"))
