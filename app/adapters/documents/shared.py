"""What every paper shares, from ``resources/layouts``: sizes, code words, named sections, the receipt's layout."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.errors import AppError
from app.core.region_words import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.core.region import Region

_TABLES: Final = frozenset({"parts", "codes", "tokens"})
"""Files of a layout folder that are no document."""


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


def over(common: Mapping[str, Any], own: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the shared sizes with what a region says of its own over them, table by table."""
    if not own:
        return common
    merged = dict(common)
    for key, value in own.items():
        inner = merged.get(key)
        merged[key] = over(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def kinds(region: Region, common: Shared) -> tuple[str, ...]:
    """Return the documents of a region in the order of a case; 容缺 only where the region allows it."""
    there = {"form", *common.layouts, *region.layouts}
    return tuple(
        kind for kind in DOCUMENTS if kind in there and kind not in _TABLES and (kind != "conditional" or region.deferral)
    )
