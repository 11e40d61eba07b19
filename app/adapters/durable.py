"""Writing files so that after a power cut or a pulled stick the old or the new one is there whole."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedWriter
    from pathlib import Path

_CHUNK = 1 << 20


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable, where the place can: Windows and some network folders know no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make a file's content durable."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def begin_private(path: Path, data: bytes) -> BufferedWriter:
    """Write a file readable by its owner only and return it open. Its content is durable once somebody synced it; then it is closed."""
    binary: int = getattr(os, "O_BINARY", 0)  # Windows alone would change line ends
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | binary, 0o600)
    with ExitStack() as unless_whole:
        file = unless_whole.enter_context(os.fdopen(handle, "wb"))
        file.write(data)
        file.flush()
        unless_whole.pop_all()
    return file


def write_private(path: Path, data: bytes) -> None:
    """Write a file readable by its owner only, and make its content durable. The caller renames it into place."""
    with begin_private(path, data) as file:
        os.fsync(file.fileno())


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, and make its content durable; in pieces, so that a slow stick does not hold one call for long.

    FileExistsError when it is there.
    """
    with path.open("xb") as file:
        for at in range(0, len(data), _CHUNK):
            file.write(data[at : at + _CHUNK])
        file.flush()
        os.fsync(file.fileno())
