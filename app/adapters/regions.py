"""Region folders on disk: one folder of TOML for each place, read once at the start."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from app.adapters.paths import forms
from app.core.errors import RegionError
from app.core.region_parse import parse_region

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.core.region import Region


def shipped() -> Path:
    """Return the folder that holds the regions that came with the program."""
    return forms()


def load_region(folder: Path) -> Region:
    """Return the region of a folder. Raises RegionError naming every mistake by file, key and remedy."""
    place = _place(folder)
    return region_from({path.name: path.read_bytes for path in _files(folder, place)}, place)


def region_from(files: Mapping[str, Callable[[], bytes]], place: str) -> Region:
    """Return the region that these files make, by name; TOML is read, an official blank only where a layout names it.

    ``place`` is how the folder is called in messages; its last part must be the region's id. Raises RegionError naming every mistake.
    """
    tables: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    names = sorted(name for name in files if name.endswith(".toml"))
    try:
        for name in names:
            _read(files[name](), name.removesuffix(".toml"), f"{place}/{name}", tables, problems)
        _blanks(files, tables)
    except OSError as error:
        raise _unread(place, error) from error
    if not names:
        problem = f"{place}：文件夹里没有 .toml 文件。照 forms/README.md 建 region.toml、diseases.toml、requirements.toml。"
        raise RegionError(problem, (problem,))
    try:
        region = parse_region(tables, place)
    except RegionError as error:
        absent = tuple(f"{place}/{name}：没有这个文件" for name in names if name.removesuffix(".toml") not in tables)
        problems += [p for p in error.problems if not p.startswith(absent)] if absent else error.problems
        raise _refusal(place, problems) from error
    if problems:
        raise _refusal(place, problems)
    return region


def folder_files(folder: Path) -> dict[str, bytes]:
    """Return what belongs to a region folder: its TOML files and the official blanks they name. RegionError when it cannot be read."""
    place = _place(folder)
    found = {path.name: path for path in _files(folder, place)}
    tables: dict[str, dict[str, Any]] = {}
    try:
        texts = {name: path.read_bytes() for name, path in found.items() if name.endswith(".toml")}
        for name, data in texts.items():
            _read(data, name, name, tables, [])
        blanks = {name for table in tables.values() for name in _named(table).values()}
        return texts | {name: found[name].read_bytes() for name in sorted(blanks) if name in found}
    except OSError as error:
        raise _unread(place, error) from error


def _files(folder: Path, place: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unread(place, error) from error


def _unread(place: str, error: OSError) -> RegionError:
    return RegionError(f"统筹区文件夹「{place}」读不出来：看看磁盘和权限。", (error.strerror or type(error).__name__,))


def _refusal(place: str, problems: list[str]) -> RegionError:
    return RegionError(f"统筹区「{place}」用不了，有 {len(problems)} 处要改：{problems[0]}", tuple(problems))


def load_regions(root: Path) -> tuple[dict[str, Region], list[str]]:
    """Return every usable region under a folder by id, and the mistakes of those that are not. Files and hidden folders are passed over."""
    regions: dict[str, Region] = {}
    problems: list[str] = []
    if not root.is_dir():
        return regions, [f"{root.name}：没有这个文件夹。看看路径写得对不对。"]
    for folder in sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith((".", "_"))):
        try:
            region = load_region(folder)
        except RegionError as error:
            problems += error.problems
            continue
        taken = next((r.id for r in regions.values() if r.number_prefix == region.number_prefix), "")
        if taken:
            problems.append(
                f"{_place(folder)}/region.toml: number_prefix：「{region.number_prefix}」已经是 {taken} 的。改成别的大写字母。"
            )
            continue
        regions[region.id] = region
    return regions, problems


def check_folder(path: Path) -> list[str]:
    """Return the mistakes of one region folder, or of all under a folder of regions; empty when everything is in order."""
    if not path.is_dir():
        return [f"{path.name}：没有这个文件夹。看看路径写得对不对。"]
    if any(path.glob("*.toml")):
        try:
            load_region(path)
        except RegionError as error:
            return list(error.problems)
        return []
    regions, problems = load_regions(path)
    if not regions and not problems:
        return [f"{path.name}：里面没有统筹区文件夹。照 forms/README.md 建一个。"]
    return problems


def _blanks(files: Mapping[str, Callable[[], bytes]], tables: dict[str, dict[str, Any]]) -> None:
    """Put the bytes of official blanks where a layout names their files. A name without a file stays: reading the layout tells."""
    for table in tables.values():
        for page, name in _named(table).items():
            if name in files:
                table["background"][page] = files[name]()


def _named(table: dict[str, Any]) -> dict[str, str]:
    """Return the files that a layout names as its blanks, by page."""
    named = table.get("background")
    return {page: str(name) for page, name in named.items()} if isinstance(named, dict) else {}


def _place(folder: Path) -> str:
    """Return what the folder is called in messages: its own name after its parent's, never a whole path."""
    whole = folder.resolve()
    return f"{whole.parent.name}/{whole.name}" if whole.parent.name else whole.name


def _read(data: bytes, stem: str, place: str, tables: dict[str, dict[str, Any]], problems: list[str]) -> None:
    try:
        tables[stem] = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problems.append(f"{place}：不是 UTF-8 编码。用 UTF-8 另存一遍。")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{place}：TOML 写法不对（{error}）。照 forms/README.md 的例子改这一行。")
