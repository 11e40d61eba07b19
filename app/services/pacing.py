"""A place that is not given more than so much a second, and that is left in the middle of an object when the clerk stops it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.services.ports.transfer import StoppedError, freely

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from app.services.ports.transfer import Body, Pace, Place, Stat

_A_SECOND = 8
"""Pieces that a limit is cut into: the line is never taken for longer than an eighth of a second at a time."""


class Paced:
    """Fulfils :class:`app.services.ports.transfer.Place` over another one; ``kilobytes`` a second, 0 without a limit.

    It holds inside an object, but for S3: there a body goes at once and the time it may take is waited for behind it. Once ``stop``
    is set a put raises StoppedError within a second, also in the middle of a body.
    """

    def __init__(self, place: Place, kilobytes: int, stop: threading.Event) -> None:
        self._place = place
        self._rate = kilobytes * 1024
        self._stop = stop
        self._free_at = 0.0

    @property
    def streams(self) -> bool:
        """Whether the place sends a body piece by piece."""
        return self._place.streams

    def put(self, path: str, data: bytes | Body, pace: Pace = freely, digest: str = "") -> None:
        """Write an object as fast as it may go."""
        self._place.put(path, data, lambda left: self._next(left, pace), digest)

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object only where nothing stands."""
        return self._place.commit(path, data)

    def stat(self, path: str) -> Stat | None:
        """Return an object's size."""
        return self._place.stat(path)

    def read(self, path: str) -> bytes | None:
        """Return an object's bytes."""
        return self._place.read(path)

    def names(self, folder: str) -> Sequence[str]:
        """Return the objects under a folder."""
        return self._place.names(folder)

    def begin(self, folder: str) -> Mapping[str, Stat]:
        """Begin to fill a folder."""
        return self._place.begin(folder)

    def settle(self, folder: str) -> Mapping[str, Stat]:
        """Give what was put there its name."""
        return self._place.settle(folder)

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._place.remove(path)

    def close(self) -> None:
        """Let go of connections."""
        self._place.close()

    def _next(self, left: int, pace: Pace) -> int:
        piece = pace(left)
        if piece and self._rate:
            self._stop.wait(max(0.0, self._free_at - time.monotonic()))
            piece = min(piece, max(1, self._rate // _A_SECOND))
            self._free_at = max(self._free_at, time.monotonic()) + piece / self._rate
        if self._stop.is_set():
            raise StoppedError
        return piece
