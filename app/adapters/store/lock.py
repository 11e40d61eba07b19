"""One program for one store: an operating-system lock on a file beside it, gone with the process however it ends."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from app.core.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

BUSY = "这台电脑上已经开着一个窗口程序，用的是同一份数据。切换到那个窗口接着办，或关掉它再开"


class StoreLock:
    """The lock of one data folder, held from construction to :meth:`release`.

    Raises StoreError when another program holds it or the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError("数据文件夹写不进去。换一个文件夹，或让管理员给写入权限", f"lock: {error.strerror}") from error
        try:
            _take(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}:
                raise StoreError(BUSY, "store.lock is held") from error
            raise StoreError("数据文件夹所在的盘不能加锁。把数据放到这台电脑自己的硬盘上", f"lock: {error.strerror}") from error
        self._handle: int | None = handle

    def release(self) -> None:
        """Let the next program in. Safe to call twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _take(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - does not exist on Windows

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
