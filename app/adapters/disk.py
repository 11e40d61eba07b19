"""The disk that holds the store, and the ballast on it (:class:`app.services.ports.Disk`)."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.services.ports import Space

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BALLAST = "store.ballast"
SIZE = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class StoreDisk:
    """The disk of one data folder. ``size``: bytes of ballast kept there for the day when nothing else fits."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self._folder = folder
        self._ballast = folder / BALLAST
        self._size = size

    def space(self) -> Space:
        """Return how much is free."""
        with _told():
            usage = shutil.disk_usage(self._folder)
        held = 0
        with suppress(OSError):
            held = self._ballast.stat().st_size
        return Space(usage.free, usage.total, held)

    def hold(self) -> None:
        """Make the ballast file whole, really occupying its size; nothing is left where it does not fit."""
        try:
            if self._ballast.exists() and self._ballast.stat().st_size == self._size:
                return
            with self._ballast.open("wb") as file:
                self._occupy(file.fileno())
        except OSError as error:
            with suppress(OSError):
                self._ballast.unlink(missing_ok=True)
            if error.errno not in _FULL:
                raise AppError("数据文件夹写不进去。让管理员看一下权限和硬盘", f"ballast: {error.strerror}") from error

    def release(self) -> int:
        """Remove the ballast file and return how many bytes that gave back."""
        with _told():
            try:
                size = self._ballast.stat().st_size
                self._ballast.unlink()
            except FileNotFoundError:
                return 0
            return size

    def _occupy(self, handle: int) -> None:
        """Take the room: a file with holes would give nothing back."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, self._size)
        else:
            for at in range(0, self._size, _CHUNK):
                os.write(handle, bytes(min(_CHUNK, self._size - at)))
        os.fsync(handle)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AppError("硬盘问不到：数据文件夹不在了，或没有权限。让管理员看一下", f"disk: {error.strerror}") from error
