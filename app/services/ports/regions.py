"""The versions of a region (统筹区资料) that are kept on this computer, so that a draft goes on under the rules it was started with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.core.region import Region

Files = dict[str, bytes]
"""A region's folder: name to bytes, TOML and the official blanks it names."""


class Shelf(Protocol):
    """Folders of former and coming versions, each whole under its name or not there. AppError when the disk does not do it.

    What a folder holds is not believed for lying there: :class:`app.services.region_versions.Editions` compares its digest.
    """

    def base(self, region: str) -> Files:
        """Return the folder that came with the program, or that was laid beside the data and wins; nothing when there is none."""
        ...

    def folder(self, region: str) -> Path | None:
        """Return where :meth:`base` reads from, for whoever watches it; None when there is none."""
        ...

    def region(self, id_: str, files: Mapping[str, bytes]) -> Region:
        """Return the region that these files make. RegionError names every mistake."""
        ...

    def faults(self, region: Region) -> Sequence[str]:
        """Return what is wrong with a region's own papers, by file; nothing when all of them can be laid out."""
        ...

    def versions(self, region: str) -> Sequence[str]:
        """Return the versions that are kept of a region."""
        ...

    def files(self, region: str, version: str) -> Files:
        """Return the folder of a kept version, nothing when there is none."""
        ...

    def keep(self, region: str, version: str, files: Mapping[str, bytes]) -> None:
        """Keep a version; one that says something else and stands under this name goes. Killed in between, the next call makes it good."""
        ...
