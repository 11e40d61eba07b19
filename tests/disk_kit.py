"""A disk that really runs full: a small tmpfs."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

full = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None, reason="needs root to mount a small tmpfs"
)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A folder that holds so many bytes and no more."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no tmpfs can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, leave: int) -> None:
    """Fill the disk to the last byte, but for what is to be left; again with another number as often as one likes."""
    with (folder / "filler").open("ab") as file:
        held = file.seek(0, os.SEEK_END)
        wanted = max(0, held + shutil.disk_usage(folder).free - leave)
        os.ftruncate(file.fileno(), min(held, wanted))
        if wanted > held:
            os.posix_fallocate(file.fileno(), held, wanted - held)


def loosen(folder: Path) -> None:
    """Give all of it back."""
    (folder / "filler").unlink(missing_ok=True)
