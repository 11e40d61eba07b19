"""How a region's kept versions lie beside a store: one folder each, whole or not there.

A folder is made under ``.part`` and gets its name when every byte is durable. One that has to go gets ``.gone`` first. The second copy of the
store takes them along and a restore brings them back: nothing in them is about anybody, and the store knows each by its digest.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from app.adapters.durable import sync_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "region-versions"
_PART, _GONE = ".part", ".gone"


def bring(source: Path, target: Path) -> None:
    """Copy to another data folder each kept version that it lacks or has otherwise, whole or not at all; none is taken away there. OSError."""
    if not (source / FOLDER).is_dir():
        return
    for region in sorted(one for one in (source / FOLDER).iterdir() if one.is_dir()):
        for version in whole(region):
            here, there = files(version), target / FOLDER / region.name / version.name
            if here and here != files(there):
                put(there, here)


def kept(data_dir: Path, region: str, version: str) -> dict[str, bytes]:
    """Return the folder of a version that is kept beside a store, empty when there is none. OSError."""
    return files(data_dir / FOLDER / region / version)


def whole(region: Path) -> list[Path]:
    """Return the folders of a region's versions that are whole, by name; none where there is no such region. OSError."""
    try:
        return sorted(one for one in region.iterdir() if one.is_dir() and not one.name.endswith((_PART, _GONE)))
    except FileNotFoundError:
        return []


def files(version: Path) -> dict[str, bytes]:
    """Return a version's files by name, empty when there is none. OSError."""
    try:
        return {path.name: path.read_bytes() for path in sorted(version.iterdir())}
    except FileNotFoundError:
        return {}


def put(target: Path, content: Mapping[str, bytes]) -> None:
    """Write a version under its name, in place of what stands there. OSError."""
    part = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_native_id()}{_PART}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        part.mkdir()
        for name, data in content.items():
            write_private(part / name, data)
        sync_folder(part)
        if target.exists():
            target.rename(target.with_name(f"{target.name}{_GONE}"))
        part.rename(target)
        sync_folder(target.parent)
        _sweep(target.parent)
    finally:
        with suppress(OSError):
            shutil.rmtree(part, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Throw away what a kill left: nothing under these names was ever believed."""
    for one in folder.iterdir():
        if one.name.endswith((_PART, _GONE)):
            shutil.rmtree(one)
