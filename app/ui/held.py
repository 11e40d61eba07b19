"""What the watchdog saw (:mod:`app.ui.watchdog`): one hold of the GUI thread, and how it is told. Names and places in the code only, never a value."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import Final

from app.core.errors import AppError

WINDOW: Final = "window"
"""The holder where Qt itself computes: layout, style, painting."""

_TOLD = 3
_log = logging.getLogger("app.watchdog")

Place = tuple[str, int, str]
"""File from the root of the sources, line, function. Never a value: a stack of these may be logged."""
Stack = tuple[Place, ...]
"""The outermost first."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold that was too long. ``ms`` of CPU; ``scale`` says how much slower the machine was than the reference."""

    ms: float
    scale: float
    holder: str
    """The outermost function of the program, as ``app/ui/queue.py:Queue.show``, or :data:`WINDOW`."""
    after: str
    """Who was seen at work before it: what the window then computes is often of its making."""
    stacks: tuple[tuple[Stack, int], ...]
    """Each with how often it was seen, the most seen first."""

    @property
    def fair_ms(self) -> float:
        """What it would have taken on the reference machine."""
        return self.ms / self.scale

    def __str__(self) -> str:
        """Tell it as a failed test does."""
        times = f"{self.fair_ms:.0f} ms of CPU ({self.ms:.0f} where all took {self.scale:.2f} times the reference)"
        lines = [f"{self.holder} held the GUI thread for {times}" + (f", after {self.after}" if self.after else "")]
        for stack, seen in self.stacks[:_TOLD]:
            lines += [f"  {seen} looks:", *(f"    {file}:{line} {name}" for file, line, name in stack)]
        return "\n".join(lines)


class HeldError(AppError):
    """How a hold gets into the log, which writes no text but an error's detail. Never raised."""


def log(hold: Hold) -> None:
    """Note the hold and where it was seen most in the program's log, and all of it on the console of whoever develops."""
    sys.stderr.write(f"{hold}\n")
    stack = " > ".join(f"{file}:{line}:{name}" for file, line, name in (hold.stacks[0][0] if hold.stacks else ()))
    error = HeldError("", f"{hold.holder}: {stack}")
    _log.warning("window.held", extra={"figures": {"ms": round(hold.ms), "scale": round(hold.scale, 2)}}, exc_info=error)
