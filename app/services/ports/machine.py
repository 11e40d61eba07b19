"""The machine around the store: time, disk, pictures, papers, printer, other media."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.core.paper_extras import NOTHING_MORE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.core.application import Application
    from app.core.office_sheets import OfficeSheet
    from app.core.paper_extras import PaperExtras
    from app.core.quality import Outline
    from app.core.region import Region
    from app.core.signature import Signature
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
        self,
        data: bytes,
        name: str,
        *,
        formats: Sequence[str],
        max_bytes: int | None,
        dropped: Callable[[str], None],
        find_page: bool = True,
    ) -> list[Capture]:
        """Decode a file into pages that fit the region's rules, each judged on its final bytes (``Capture.spots``).

        ``name`` is the bare file name (its ending is compared with the content). ``formats`` names what is handed over: TIFF and HEIC
        come in as JPG. ``dropped`` hears what was left behind (scripts, attachments), in words. With ``find_page`` a page or card in a
        photo is cut out and made rectangular, a scan is straightened up to 8° and freed of the empty glass around it; the picture as it
        came is then ``Capture.untouched``. Where nothing is found, a sound upright JPEG or PNG that fits keeps its own bytes.
        RefusedFileError says in one sentence why a file cannot be taken.
        """
        ...

    def outline(self, width: int, height: int, bgra: bytes) -> Outline:
        """Return the corners of the page in a live camera picture, clockwise from the top left; empty when none is seen.

        ``bgra``: 4 bytes a pixel, rows without gaps. Quick (under 15 ms at 1280 × 720) and may be called on any thread.
        """
        ...

    def codes(self, capture: Capture) -> tuple[str, ...]:
        """Return what the QR codes and Code 128 on a page say, each text once; empty when none can be read. However the page lies."""
        ...

    def large_codes(self, capture: Capture) -> tuple[str, ...]:
        """Return what the large QR codes on a page say: a cover's or a divider's (46 mm on A4), not a receipt's or a form's. Quick."""
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
        self,
        kind: str,
        edition: str,
        application: Application,
        region: Region,
        counter: Counter,
        *,
        moment: str,
        more: PaperExtras = NOTHING_MORE,
    ) -> Rendered:
        """Draw a document of :data:`app.core.region_words.DOCUMENTS`.

        ``edition`` is normal, letter or large; ``moment`` is the ISO time printed on it; ``more`` what it says beyond the application.
        The same input gives the same bytes. ValueError for a paper that does not exist yet or not here.
        """
        ...

    def warm(self) -> None:
        """Bring what the first paper and its first picture would wait for, while nobody waits."""
        ...

    def recovery_sheet(self, code: str, counter: Counter) -> bytes:
        """Draw the recovery code on one A4 page, to be sealed and locked away."""
        ...

    def office_sheet(self, sheet: OfficeSheet, edition: str, region: Region, counter: Counter, *, moment: str) -> Rendered:
        """Draw a paper about no single case (:mod:`app.core.office_sheets`); ``moment`` is ISO. ValueError for an edition it does not have."""
        ...

    def signed(self, pdf: bytes, signature: Signature) -> bytes:
        """Return a document with a drawn signature in the applicant's box: its own bytes, with strokes and times behind them.

        AppError when the paper has no such box, ValueError when the signature names other bytes.
        """
        ...

    def check_code(self, pdf: bytes) -> str:
        """Return the 校验码 that stands in the foot of a document of ours, '' when none does."""
        ...

    def code(self, text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
        """Return a text's QR code for a screen: modules along a side, and the dark runs as (column, row, length). No quiet zone."""
        ...

    def bound(self, pages: Sequence[Capture], title: str, moment: str) -> bytes:
        """Return page pictures as one document for long keeping, each as large as A4 lets it; ``title`` names nobody."""
        ...

    def picture(self, pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
        """Return page (from 0) as width, height and BGRA bytes on white, for preview."""
        ...


class Signatures(Protocol):
    """Signatures: the office's under its answers, the counter's under what it sends. Quick, and without the store."""

    def make(self) -> str:
        """Return a new Ed25519 private key as PEM (PKCS8)."""
        ...

    def public(self, private: str) -> str:
        """Return the public line (``ssh-ed25519 AAAA…``) of a private key in PEM."""
        ...

    def sign(self, data: bytes, private: str, namespace: str) -> str:
        """Return the armoured signature (SSHSIG) of these bytes for this namespace, by a private key in PEM."""
        ...

    def key(self, text: str) -> str:
        """Return a pasted public key as one line of OpenSSH (``ssh-ed25519 AAAA…``), without its comment. AppError when it is none."""
        ...

    def fingerprint(self, key: str) -> str:
        """Return what people compare a key by: ``SHA256:`` and 43 characters, as ``ssh-keygen -l`` says it."""
        ...

    def verify(self, data: bytes, armored: bytes, key: str, namespace: str) -> bool:
        """Whether this key signed these bytes for this namespace (SSHSIG). A signature that cannot be read is none."""
        ...


class Exporter(Protocol):
    """Accepted applications as folders on another medium."""

    def export(self, store: Store, ids: Sequence[str], folder: Path, who: str) -> Exported:
        """Write each application whole or not at all and mark it as copied. AppError when the folder itself cannot be used."""
        ...


class Sheets(Protocol):
    """Tables for a spreadsheet."""

    def book(self, title: str, rows: Sequence[Sequence[str | int | float]]) -> bytes:
        """Return a workbook (.xlsx) of one sheet; the first row is its head, '' an empty cell."""
        ...
