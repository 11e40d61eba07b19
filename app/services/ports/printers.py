"""The office's printers: which there are, and a document on its way to one of them. On a lane of their own: a hung printer holds nobody up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class PrinterInfo:
    """A printer as the system names it. ``default``: what prints where nobody chose. ``trouble``: a sentence, empty when it is ready."""

    name: str
    default: bool = False
    trouble: str = ""


class Printer(Protocol):
    """What prints here. Nothing blocks longer than its method says."""

    def available(self) -> bool:
        """Whether something can print here. At most some seconds."""
        ...

    def printers(self) -> Sequence[PrinterInfo]:
        """Return every printer of this computer, the default first. At most some seconds; empty when the print service does not answer."""
        ...

    def print(self, pdf: bytes, title: str, copies: int = 1, *, printer: str = "", two_sided: bool = False) -> str:
        """Send exactly these bytes at true size on A4 and return the job's name, empty where there is none to follow.

        ``printer`` is a name of :meth:`printers`, empty for the default; ``two_sided`` counts where the printer can do it. ``title``
        holds no personal data. At most 30 seconds. AppError says what to do when it was not taken; ValueError for a number of copies
        outside 1 to 20.
        """
        ...

    def follow(self, job: str, seconds: float) -> str:
        """Wait until a job waits no longer, at most so long. '' then, or where it cannot be followed; else a sentence: what stands in the way."""
        ...

    def rest(self) -> None:
        """Follow nothing more and end soon what still hangs: the program closes."""
        ...
