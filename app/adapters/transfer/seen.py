"""Which files were hashed here a moment ago, so that a bag that was just sealed is not hashed again to be sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import os
    from pathlib import Path

FRESH = 600.0
"""Seconds: within them a file that was not written since is read out of memory, not off the disk, and is what it was."""
_MANY = 1000


class State(NamedTuple):
    """Which file on the disk it is, and when it was written."""

    size: int
    changed: int
    number: int
    device: int

    @classmethod
    def of(cls, found: os.stat_result) -> State:
        """Return the state that the system tells of a file."""
        return cls(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)


class Seen:
    """Digests by file, each with the state in which the file had it."""

    def __init__(self) -> None:
        self._files: dict[Path, tuple[str, State, float]] = {}

    def note(self, path: Path, digest: str, state: State) -> None:
        """Keep that a file in this state has this digest."""
        now = time.monotonic()
        if len(self._files) >= _MANY:
            self._files = {one: kept for one, kept in list(self._files.items()) if now - kept[2] < FRESH}
        self._files[path] = (digest, state, now)

    def knows(self, path: Path, digest: str, state: State) -> bool:
        """Return whether the file had this digest and was not written since."""
        found = self._files.get(path)
        return found is not None and found[:2] == (digest, state) and time.monotonic() - found[2] < FRESH
