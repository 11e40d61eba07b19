"""The machine around the store: time, disk, pictures, papers, printer, other media."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.core.application import Application
    from app.core.region import Region
    from app.services.ports.store import Store
    from app.services.ports.values import Capture, Counter, Exported, Rendered, Space


class Clock(Protocol):
    """The only source of time. May be called anywhere."""

    def now(self) -> dt.datetime:
        """Return the local wall time, without a zone."""
        ...


class Uptime(Protocol):
    """How long this computer has been running: a clock that nobody can set."""

    def running(self) -> tuple[str, float]:
        """Return the name of this run of the computer, and its age in seconds, sleep included where the system counts it."""
        ...


class Disk(Protocol):
    """The disk that holds the store, and the ballast file on it that is let go when nothing else fits. AppError when it cannot be asked."""

    def space(self) -> Space:
        """Return how much is free. Quick enough for every original."""
        ...

    def hold(self) -> None:
        """Make the ballast file whole, really occupying its size; nothing happens where it does not fit."""
        ...

    def release(self) -> int:
        """Remove the ballast file and return how many bytes that gave back."""
        ...


class Imaging(Protocol):
    """Files into pages, safely."""

    def pages(
        self, data: bytes, name: str, *, formats: Sequence[str], max_bytes: int | None, dropped: Callable[[str], None]
    ) -> list[Capture]:
        """Decode a file into pages that fit the region's rules. RefusedFileError says in one sentence why a file cannot be taken.

        ``name`` is the bare file name (its ending is compared with the content). ``dropped`` hears what was left behind (scripts,
        attachments), in words.
        """
        ...

    def turned(self, capture: Capture, degrees: int) -> bytes:
        """Return the page's bytes turned clockwise by 90, 180 or 270; unchanged bytes for 0."""
        ...

    def preview(self, capture: Capture, max_side: int) -> bytes:
        """Return a JPEG or PNG of the page no larger than this many pixels, for the screen."""
        ...


class Printery(Protocol):
    """Documents out of an application."""

    def render(
        self, kind: str, edition: str, application: Application, region: Region, counter: Counter, *, moment: str
    ) -> Rendered:
        """Draw ``form`` or ``receipt``.

        ``edition`` is normal, letter or large; ``moment`` is the ISO time printed on it. The same input gives the same bytes.
        """
        ...

    def recovery_sheet(self, code: str, counter: Counter) -> bytes:
        """Draw the recovery code on one A4 page, to be sealed and locked away."""
        ...

    def picture(self, pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
        """Return page (from 0) as width, height and BGRA bytes on white, for preview."""
        ...


class Printer(Protocol):
    """The office's printer."""

    def available(self) -> bool:
        """Whether something can print here."""
        ...

    def print(self, pdf: bytes, title: str, copies: int = 1) -> None:
        """Send exactly these bytes at true size; AppError says what to do when it fails. ``title`` holds no personal data."""
        ...


class Exporter(Protocol):
    """Accepted applications as folders on another medium."""

    def export(self, store: Store, ids: Sequence[str], folder: Path, who: str) -> Exported:
        """Write each application whole or not at all and mark it as copied. AppError when the folder itself cannot be used."""
        ...
