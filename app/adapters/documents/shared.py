"""What every paper shares, from ``resources/layouts``: sizes, code words, named sections, the receipt's layout."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.core.errors import AppError
from app.core.region_words import DOCUMENTS

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.region import Region

_TABLES: Final = frozenset({"parts", "codes", "tokens"})
"""Files of a layout folder that are no document."""


class Layouts(Mapping[str, Mapping[str, Any]]):
    """The documents every region shares, by name. Each file is parsed when it is first asked for: a case needs few of them."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self._parsed: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        """Return a layout as parsed. AppError when the file cannot be read."""
        found = self._parsed.get(name)
        if found is None:
            found = self._parsed[name] = _parsed(self._files[name])
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._files)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._files)


class Shared(NamedTuple):
    """The parsed files; ``layouts`` holds the documents every region shares, by name."""

    tokens: Mapping[str, Any]
    codes: Mapping[str, Mapping[str, str]]
    parts: Mapping[str, Any]
    layouts: Mapping[str, Mapping[str, Any]]


def load_shared(resources: Path) -> Shared:
    """Return the shared files. AppError when the installation is incomplete."""
    files = {path.stem: path for path in sorted((resources / "layouts").glob("*.toml"))}
    tokens, codes, parts = (_parsed(resources / "layouts" / f"{name}.toml") for name in ("tokens", "codes", "parts"))
    return Shared(tokens, codes, parts, Layouts({name: path for name, path in files.items() if name not in _TABLES}))


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
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
