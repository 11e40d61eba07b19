"""A folder, a share or a stick as a place: temporary file, fsync, rename, fsync of the directory.

A stick is pulled at the worst moment: nothing half written ever has its final name, and a mount point that lost its disk is noticed by
its device number before anything is written into the empty folder underneath.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from app.adapters.durable import sync_folder
from app.services.ports.transfer import PlaceError, Stat, Trouble, freely

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.ports.transfer import Body, Pace

PART = ".part"
_LOOSE = 4 << 20


class FolderPlace:
    """Fulfils :class:`app.services.ports.transfer.Place` in an existing folder. PlaceError when it is not there."""

    streams = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._device = folder.stat().st_dev
        except OSError as error:
            raise told(error) from error

    def put(self, path: str, data: bytes | Body, pace: Pace = freely, digest: str = "") -> None:  # noqa: ARG002 - nobody checks it here
        """Write an object under a temporary name, make it durable, and rename it over what stood there."""
        try:
            target, part = self._draft(path, bytes(data), pace)
            self._check()
            part.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            raise told(error) from error

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object only where nothing stands: a hard link, and an exclusive file where links are not known (FAT)."""
        try:
            target, part = self._draft(path, data, freely)
            self._check()
            done = _take_name(part, target)
            with suppress(OSError):
                part.unlink(missing_ok=True)
            sync_folder(target.parent)
        except OSError as error:
            raise told(error) from error
        return done

    def stat(self, path: str) -> Stat | None:
        """Return an object's size."""
        try:
            return Stat(self._path(path).stat().st_size)
        except (FileNotFoundError, NotADirectoryError):
            self._there()
            return None
        except OSError as error:
            raise told(error) from error

    def read(self, path: str) -> bytes | None:
        """Return an object's bytes."""
        try:
            return self._path(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self._there()
            return None
        except OSError as error:
            raise told(error) from error

    def names(self, folder: str) -> list[str]:
        """Return the objects under a folder; what is still being written has no name yet."""
        return sorted(self.sizes(folder))

    def sizes(self, folder: str) -> dict[str, Stat]:
        """Return the same with their sizes."""
        top = self._path(folder)
        try:
            files = (path for path in top.rglob("*") if path.is_file() and not path.name.endswith(PART))
            return {path.relative_to(self._folder).as_posix(): Stat(path.stat().st_size) for path in files}
        except (FileNotFoundError, NotADirectoryError):
            self._there()
            return {}
        except OSError as error:
            raise told(error) from error

    def begin(self, folder: str) -> dict[str, Stat]:
        """Return what stands under a folder."""
        return self.sizes(folder)

    def settle(self, folder: str) -> dict[str, Stat]:
        """Return what stands under a folder now: each object has had its name since it was put."""
        return self.sizes(folder)

    def remove(self, path: str) -> None:
        """Remove an object, and the folders it leaves empty."""
        target = self._path(path)
        try:
            target.unlink(missing_ok=True)
            with suppress(OSError):  # not empty, or gone already
                for parent in target.parents:
                    if parent == self._folder:
                        break
                    parent.rmdir()
        except OSError as error:
            raise told(error) from error

    def close(self) -> None:
        """Do nothing: no file is held open."""

    def _path(self, path: str) -> Path:
        target = self._folder.joinpath(*path.split("/"))
        if ".." in path.split("/") or path.startswith("/"):
            raise ValueError(path)
        return target

    def _draft(self, path: str, data: bytes, pace: Pace) -> tuple[Path, Path]:
        target = self._path(path)
        self._check()
        if not target.parent.is_dir():
            missing = [target.parent, *(p for p in target.parent.parents if p != self._folder and self._folder in p.parents)]
            target.parent.mkdir(parents=True, exist_ok=True)
            for made in missing:
                sync_folder(made.parent)
        part = target.with_name(f"{target.name}.{os.getpid()}{PART}")
        part.unlink(missing_ok=True)
        try:
            _write(part, data, pace)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return target, part

    def _check(self) -> None:
        """Raise when a stick was pulled: its mount point stays behind as an empty folder on the disk underneath."""
        if self._folder.stat().st_dev != self._device:
            raise OSError(errno.ENODEV, "place moved to another device")

    def _there(self) -> None:
        """Tell "no such object" from "the whole place is gone"."""
        try:
            self._check()
        except OSError as error:
            raise told(error) from error


def _write(part: Path, data: bytes, pace: Pace) -> None:
    """Write a new file durably. A slow stick is waited for a few megabytes at a time, so that it can be left in between."""
    left, loose = memoryview(data), 0
    with part.open("xb", buffering=0) as file:
        while left:
            written = file.write(left[: pace(len(left))])
            left, loose = left[written:], loose + written
            if loose >= _LOOSE:
                os.fsync(file.fileno())
                loose = 0
        os.fsync(file.fileno())


def _take_name(part: Path, target: Path) -> bool:
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK}:
            raise
    else:
        return True
    # FAT and some shares know no links. Only one counter writes its own markers, so looking first is enough.
    if target.exists():
        return False
    part.rename(target)
    return True


def told(error: OSError) -> PlaceError:
    """Return what went wrong with a folder or stick, as a sentence."""
    detail = f"folder: {error.strerror}"
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return PlaceError(Trouble.SPACE, "那边放不下了，没放完的不算数，件还在本机。腾出空间，或换一个 U 盘", detail)
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return PlaceError(
            Trouble.PERMISSION, "那边写不进去，件还在本机。看一下 U 盘的写保护开关，或换一个文件夹", detail, retry=False
        )
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.ESTALE}:
        return PlaceError(Trouble.GONE, "找不到那个文件夹或 U 盘，件还在本机。插好 U 盘，或重新选文件夹", detail)
    return PlaceError(Trouble.GONE, "那边读写中断了，没放完的不算数，件还在本机。插好 U 盘再来一次", detail)
