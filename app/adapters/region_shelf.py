"""Kept versions of regions as folders beside the data; see :class:`app.services.ports.regions.Shelf`.

::

    region-versions/sichuan-panzhihua/2026-12/region.toml …

How they are written, and how the second copy of the store takes them along: :mod:`app.adapters.version_folders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters import version_folders
from app.adapters.regions import folder_files, region_from
from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.core.region import Region

FOLDER = version_folders.FOLDER


class RegionShelf:
    """Fulfils :class:`app.services.ports.regions.Shelf`. ``bases``: folders of regions, the one that wins first.

    ``faults`` says what is wrong with a region's papers, file by file.
    """

    def __init__(self, data_dir: Path, bases: Sequence[Path], faults: Callable[[Region], Sequence[str]]) -> None:
        self._root = data_dir / FOLDER
        self._bases = tuple(bases)
        self._faults = faults

    def base(self, region: str) -> dict[str, bytes]:
        """Return the folder that came with the program, or the one that wins over it."""
        found = self.folder(region)
        return folder_files(found) if found else {}

    def folder(self, region: str) -> Path | None:
        """Return where :meth:`base` reads from."""
        return next((one / region for one in self._bases if (one / region / "region.toml").is_file()), None)

    def region(self, id_: str, files: Mapping[str, bytes]) -> Region:
        """Return the region that these files make."""
        return region_from({name: _giving(data) for name, data in files.items()}, id_)

    def faults(self, region: Region) -> Sequence[str]:
        """Return what is wrong with a region's own papers."""
        return self._faults(region)

    def versions(self, region: str) -> list[str]:
        """Return the versions that are kept of a region."""
        try:
            return [one.name for one in version_folders.whole(self._root / region)]
        except OSError as error:
            raise _failed(error) from error

    def files(self, region: str, version: str) -> dict[str, bytes]:
        """Return the folder of a kept version."""
        try:
            return version_folders.files(self._root / region / version)
        except OSError as error:
            raise _failed(error) from error

    def keep(self, region: str, version: str, files: Mapping[str, bytes]) -> None:
        """Keep a version under its name, whole or not at all."""
        try:
            version_folders.put(self._root / region / version, files)
        except OSError as error:
            raise _failed(error) from error


def _giving(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def _failed(error: OSError) -> AppError:
    return AppError(
        "统筹区资料的文件夹读写不了，刚才这一步没有做。看一下硬盘空间和权限，再来一次", f"region-versions: {error.strerror}"
    )
