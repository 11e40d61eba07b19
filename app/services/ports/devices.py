"""Devices that turn paper into pictures. They live on a lane of their own: a slow or hung driver holds nobody up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


class Feed(StrEnum):
    """Where the paper lies. AUTO: the feeder when paper is in it, else the glass."""

    AUTO = "auto"
    GLASS = "glass"
    FEEDER = "feeder"


@dataclass(frozen=True, slots=True)
class Scanner:
    """A scanner that answers. ``id`` finds it again after a restart (an eSCL UUID or URL, a SANE name, a WIA device id).

    ``driver``: sane, escl or wia; ``name`` is what stands on its case; ``where`` tells two of a kind apart (an address, a port).
    """

    id: str
    driver: str
    name: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a scanner can do. ``dpis`` ascending; ``feeds`` without AUTO; ``button`` when its own button can be asked for."""

    feeds: tuple[Feed, ...]
    dpis: tuple[int, ...]
    duplex: bool = False
    colour: bool = True
    button: bool = False


@dataclass(frozen=True, slots=True)
class ScanWish:
    """How to scan. What the device cannot do becomes the nearest it can: ``dpi`` the next higher one, duplex one side."""

    feed: Feed = Feed.AUTO
    dpi: int = 200
    colour: bool = True
    duplex: bool = False


class Scanners(Protocol):
    """Every scanner of this computer and its network. DeviceError says in one sentence what the clerk can do."""

    def found(self) -> Sequence[Scanner]:
        """Look for scanners, at most some seconds. A driver that cannot be asked costs none of the others."""
        ...

    def at(self, address: str) -> Scanner:
        """Return the network scanner at a typed address (host, host:port or URL)."""
        ...

    def abilities(self, scanner: Scanner) -> Abilities:
        """Ask a scanner what it can do."""
        ...

    def scan(self, scanner: Scanner, wish: ScanWish, page: Callable[[bytes], None], cancelled: Callable[[], bool]) -> None:
        """Scan every sheet; hand each page over as a whole JPEG or PNG file before the next is asked for.

        Ends quietly when the feeder is empty after a page, or when ``cancelled`` (asked at least five times a second; the paper stops
        within a second). DeviceError for a jam, an open cover, no paper at all, a lost or hung device: pages handed over are good.
        """
        ...

    def pressed(self, scanner: Scanner) -> bool:
        """Whether the scanner's own button was pressed since last asked. False where it cannot be known."""
        ...


class NewFile(Protocol):
    """A finished file in a watched folder."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...

    def read(self) -> bytes:
        """Return its bytes. DeviceError when it is gone or cannot be read any more."""
        ...


class Watcher(Protocol):
    """A folder being watched."""

    def stop(self) -> None:
        """Look no more."""
        ...


class Watching(Protocol):
    """Begins to watch a folder for scanners that only write files. Nothing in it is ever moved, changed or removed."""

    def __call__(
        self,
        path: Path,
        seen: Iterable[str] | None,
        *,
        offer: Callable[[tuple[NewFile, ...]], None],
        keep: Callable[[frozenset[str]], None],
        trouble: Callable[[str], None],
    ) -> Watcher:
        """Watch until stopped. The callbacks come on a thread of its own.

        ``seen``: keys of files offered before, None the first time. ``offer``: finished new files. ``keep``: the keys to remember for the
        next start. ``trouble``: a sentence when the folder cannot be read, '' when it can be again.
        """
        ...
