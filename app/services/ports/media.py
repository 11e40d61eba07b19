"""Media that come and go: sticks, cards, disks on a cable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Medium:
    """A medium that is plugged in: what people call it, the folder in which it shows, and whether it can be written to."""

    name: str
    folder: Path
    writable: bool = True


class MediaWatch(Protocol):
    """Media being watched."""

    def stop(self) -> None:
        """Look no more; returns at once. A call that is under way may still end after it."""
        ...


class MediaWatching(Protocol):
    """Begins to watch which media are plugged in. Nothing on them is opened."""

    def __call__(self, told: Callable[[tuple[Medium, ...]], None]) -> MediaWatch:
        """Watch until stopped. ``told`` comes on a thread of its own, at once with what is there, then with each change.

        The one that came last stands last, and the same is never told twice in a row. A computer that cannot be asked tells of none.
        """
        ...


class _Nobody:
    """Watches nothing."""

    def stop(self) -> None:
        """Do nothing."""


def no_media(told: Callable[[tuple[Medium, ...]], None]) -> MediaWatch:  # noqa: ARG001 - there is nothing to tell
    """Tell of none: where nobody looks for media."""
    return _Nobody()
