"""A place that is not asked for more than so much a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from app.services.ports.transfer import Place, Stat


class Paced:
    """Fulfils :class:`app.services.ports.transfer.Place` over another one, with a pause after each object; cut short by ``stop``.

    ``kilobytes`` a second on average, 0 without a limit: a single object goes as fast as the line is.
    """

    def __init__(self, place: Place, kilobytes: int, stop: threading.Event) -> None:
        self._place = place
        self._rate = kilobytes * 1024
        self._stop = stop

    def put(self, path: str, data: bytes) -> None:
        """Write an object, then wait."""
        begun = time.monotonic()
        self._place.put(path, data)
        self._wait(len(data), begun)

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

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._place.remove(path)

    def close(self) -> None:
        """Let go of connections."""
        self._place.close()

    def _wait(self, size: int, begun: float) -> None:
        left = size / self._rate - (time.monotonic() - begun) if self._rate else 0.0
        if left > 0:
            self._stop.wait(left)
