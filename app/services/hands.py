"""What the network lane works with while it moves the queue."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from app.services.ports import Desk
    from app.services.ports.transfer import Place, Places, Sealer

T = TypeVar("T")


class Ask(Protocol):
    """Runs a short step on the local lane, where the store lives, and waits for it: returns what it returned, raises what it raised."""

    def __call__(self, step: Callable[[Desk], T], /) -> T:
        """Do it."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``phase``: seal or send; ``at`` of ``count`` submissions, from 0; bytes of the one under way; the place's name."""

    phase: str
    at: int
    count: int
    done_bytes: int = 0
    all_bytes: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Hands:
    """The lanes' meeting point. ``told`` is called on the network lane; setting ``stop`` ends a run between two objects, losing nothing.

    ``heard`` is called on the network lane with a place that answered and the counter's name on the wire: whoever reads the office's answers
    does it there (:func:`app.services.uplink.listen`). ``held`` names the application whose form may still be signed, '' for none: it is
    sealed later, unless it is asked for by its id. ``chance`` in 0 … 1 spreads the waits.
    """

    ask: Ask
    sealer: Sealer
    places: Places
    stop: threading.Event
    told: Callable[[Progress], None] = lambda _progress: None
    heard: Callable[[Place, str], None] | None = None
    held: Callable[[], str] = str
    chance: Callable[[], float] = random.random

    def tell(self, phase: str, at: int, count: int, done: int = 0, size: int = 0, place: str = "") -> None:
        """Say how far it is."""
        self.told(Progress(phase, at, count, done, size, place))
