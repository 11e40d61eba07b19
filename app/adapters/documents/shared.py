"""What every paper shares, from ``resources/layouts``: sizes, code words, named sections, the receipt's layout."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shared:
    """The parsed files; ``layouts`` holds the documents every region shares, by name."""

    tokens: Mapping[str, Any]
    codes: Mapping[str, Mapping[str, str]]
    parts: Mapping[str, Any]
    layouts: Mapping[str, Mapping[str, Any]]


def load_shared(resources: Path) -> Shared:
    """Return the shared files. AppError when the installation is incomplete."""
    folder = resources / "layouts"
    try:
        files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))}
        return Shared(files.pop("tokens"), files.pop("codes"), files.pop("parts"), files)
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise AppError("程序文件不全：版式文件读不出来。重新安装程序即可，已存的内容不受影响。", repr(error)) from error
