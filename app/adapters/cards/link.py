"""What a watched place is to the thread that watches it: something that opens, says whether a card lies there, and reads it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from app.core.errors import DeviceError

if TYPE_CHECKING:
    from app.core.cards import Card


class GoneError(DeviceError):
    """The reader itself went: closed, unplugged, taken by another program. It has to be opened anew."""


class LiftedError(DeviceError):
    """The card was lifted before all of it was read. It is read by itself when it lies there again."""


class Presence(Enum):
    """What lies on a reader."""

    NOTHING = "nothing"
    NEW = "new"
    """A card was found that was not read yet, or that the reader does not know any more."""
    SAME = "same"
    """The card that was read still lies there."""


class CardLink(Protocol):
    """A reader. Each call lasts some seconds at most; DeviceError with a sentence for what can be tried again, GoneError for what is over."""

    def open(self) -> None:
        """Open it."""
        ...

    def close(self) -> None:
        """Close it; never raises, may be called twice."""
        ...

    def look(self, *, lying: bool) -> Presence:
        """Say what lies there. ``lying``: a card was read and was there a moment ago."""
        ...

    def read(self) -> Card:
        """Read the card that lies there."""
        ...


class Port(Protocol):
    """A two-way stream of bytes to a security module. All but the first two raise OSError when it went away."""

    def open(self) -> None:
        """Open it; GoneError with a sentence when that cannot be."""
        ...

    def close(self) -> None:
        """Close it; never raises."""
        ...

    def clear(self) -> None:
        """Throw away what came and was not read."""
        ...

    def write(self, octets: bytes) -> None:
        """Send."""
        ...

    def read(self, seconds: float) -> bytes:
        """Return what came, waiting for the first byte at most so long."""
        ...

    def retune(self) -> bool:
        """Go on to the next speed, as nothing but garbage or silence came; False once all were tried, and then it is the first one's turn again."""
        ...
