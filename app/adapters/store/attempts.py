"""Wrong passphrases at the door: each clerk waits 2, 4, 8 … 60 seconds from the third on, also after a restart.

``store.attempts.json`` beside the key file holds how often each clerk was wrong since last right, and nothing about when: a wait is
counted by the machine's monotonic clock, and starting the program starts it anew. So no clock that is set back or forward shortens it.
A file that went away while this program runs is kept in memory; one that went away between two starts is taken as the longest wait for
everybody, because any opening leaves both it and the lock file behind. A folder without a lock file was just restored, and owes nothing.

This slows down somebody who guesses at this window. Somebody who can copy or change the files of this folder is not stopped by it: he
takes the key file along and guesses elsewhere, where argon2id and the passphrase are all that stands in the way.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from app.adapters.durable import sync_folder, write_private
from app.core.errors import WrongSecretError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST_WAIT = 3
"""Wrong attempts before one has to wait: a slip of the finger is no attack."""
LONGEST = 60
_MOST = FIRST_WAIT + 5
_ALL = "*"

_waits: dict[tuple[str, str], tuple[int, float]] = {}
"""(file, clerk) → wrong attempts, end of the wait on the monotonic clock: what this process knows, whatever happens to the file."""


def wait_after(wrong: int) -> int:
    """Return the seconds to wait after so many wrong attempts."""
    return min(LONGEST, 2 ** (wrong - FIRST_WAIT + 1)) if wrong >= FIRST_WAIT else 0


class Attempts:
    """The counts of one data folder. OSError when the folder cannot be written."""

    def __init__(self, path: Path, tick: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._tick = tick

    def begin(self, *, fresh: bool) -> None:
        """Make sure there is a file. ``fresh``: no program ever worked in this folder, so a missing one was not taken away."""
        if not self._path.exists():
            self._write({} if fresh else {_ALL: _MOST})

    def wait(self, clerk: str) -> int:
        """Return the whole seconds this clerk still waits."""
        wrong, end = self._known(clerk)
        left = end - self._tick()
        return min(wait_after(wrong), int(left) + 1) if left > 0 else 0

    def check(self, clerk: str) -> None:
        """Let a clerk try, or raise WrongSecretError with the seconds that are left."""
        left = self.wait(clerk)
        if left:
            raise WrongSecretError("连着几次不对，要等一等", "waiting", wait=left)

    def wrong(self, clerk: str) -> int:
        """Count a wrong attempt, on disk before it is told, and return the seconds to wait."""
        count = min(self._known(clerk)[0] + 1, _MOST)
        self._know(clerk, count)
        self._write(self._read() | {clerk: count})
        return wait_after(count)

    def right(self, clerk: str) -> int:
        """Forget a clerk's wrong attempts; return how many there were. What was owed for a missing file is paid with it."""
        count = self._known(clerk)[0]
        counts = self._read()
        if count or counts.keys() & {clerk, _ALL}:
            self._write({name: wrong for name, wrong in counts.items() if name not in {clerk, _ALL}})
        _waits[str(self._path), clerk] = (0, 0.0)
        return count

    def _known(self, clerk: str) -> tuple[int, float]:
        """Return count and end of wait; what the file says beyond what this process knows begins to count now."""
        known = _waits.get((str(self._path), clerk))
        if known is None:
            counts = self._read()
            known = self._know(clerk, max(counts.get(clerk, 0), counts.get(_ALL, 0)))
        return known

    def _know(self, clerk: str, count: int) -> tuple[int, float]:
        known = (count, self._tick() + wait_after(count) if wait_after(count) else 0.0)
        _waits[str(self._path), clerk] = known
        return known

    def _read(self) -> dict[str, int]:
        """Return the counts; a file that is gone or unreadable counts as the longest wait."""
        try:
            counts = json.loads(self._path.read_bytes())
            return {str(name): min(max(int(wrong), 0), _MOST) for name, wrong in counts.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {_ALL: _MOST}

    def _write(self, counts: dict[str, int]) -> None:
        draft = self._path.with_name(self._path.name + ".next")
        write_private(draft, json.dumps(counts, ensure_ascii=False).encode())
        draft.replace(self._path)
        sync_folder(self._path.parent)
