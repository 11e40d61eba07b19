"""Reading print from pictures. It lives in a process of its own: killed without loss, and never in the window's memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.readings import Line


class Recogniser(Protocol):
    """Reads lines of print. Every method may be called from any one thread at a time that is not the window's."""

    def why_not(self) -> str:
        """Return in words why nothing can be read on this computer, '' when it can. Asks for nothing and starts nothing."""
        ...

    def warm(self) -> None:
        """Start the process and load its models, so that the first page does not wait. DeviceError when it does not start."""
        ...

    def lines(self, picture: bytes, turn: int, cancelled: Callable[[], bool], *, seal: bool = False) -> tuple[Line, ...]:
        """Return the lines on an upright page from top to bottom.

        ``picture`` is a JPEG or PNG file, ``turn`` the degrees clockwise that set it upright. ``seal``: read under red stamps too. Empty when
        ``cancelled`` (asked at least five times a second). DeviceError when the process dies, hangs or takes over 20 s; the next call
        starts it anew.
        """
        ...

    def close(self) -> None:
        """End the process, if one runs."""
        ...


class NoRecogniser:
    """Reads nothing: recognition is not there, or was switched off."""

    def __init__(self, why: str = "这台电脑没有装识读，照旧键入") -> None:
        self._why = why

    def why_not(self) -> str:
        """Return why nothing is read."""
        return self._why

    def warm(self) -> None:
        """Do nothing."""

    def lines(self, _picture: bytes, _turn: int, _cancelled: Callable[[], bool], *, seal: bool = False) -> tuple[Line, ...]:  # noqa: ARG002
        """Read nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""


NOTHING_RECOGNISED: Final = NoRecogniser()
