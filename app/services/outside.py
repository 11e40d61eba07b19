"""Files that a clerk takes out of the program (PDFs, the audit): whole under their name, or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PART = ".part"


def write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that is not there yet. Killed, or broken off by a full or pulled stick, nothing stands under its name.

    FileExistsError when it is there, OSError when the place does not take it.
    """
    if path.exists():
        raise FileExistsError(path.name)
    draft = path.with_name(path.name + PART)
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
