"""Readers of chip cards. They are watched on threads of their own: a card that lies there is read without anybody asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.cards import Card


@dataclass(frozen=True, slots=True)
class CardReader:
    """A reader. ``id`` finds it again after a restart (``serial:COM3``, ``usb:0400:c35a``, ``pcsc:NAME``); ``name`` is for people."""

    id: str
    name: str


class CardWatch(Protocol):
    """A reader being watched."""

    def again(self) -> None:
        """Read the card that lies there once more, as if it had just been put down."""
        ...

    def stop(self) -> None:
        """Look no more; returns at once."""
        ...


class CardReaders(Protocol):
    """Every card reader of this computer. DeviceError says in one sentence what the clerk can do."""

    def found(self, *, patient: bool = False) -> Sequence[CardReader]:
        """Look for readers, at most some seconds. Reads no card.

        ``patient``: what did not answer within the last minute is not asked again, for whoever looks time and again.
        """
        ...

    def lacking(self) -> Sequence[str]:
        """Return in words which kinds of reader this computer cannot serve and why (a library that is not installed)."""
        ...

    def watch(
        self,
        reader: CardReader,
        *,
        card: Callable[[Card], None],
        trouble: Callable[[str], None],
        gone: Callable[[], None],
    ) -> CardWatch:
        """Watch a reader until stopped. The callbacks come on a thread of its own.

        ``card``: a card was put down and read, once for each time it is put down. ``trouble``: a sentence when a card or the reader cannot be
        read, '' when it can be again; a card that is there is tried again by itself. ``gone``: the card was taken away.
        """
        ...


class NoCardReaders:
    """No reader can be served here."""

    def found(self, *, patient: bool = False) -> Sequence[CardReader]:  # noqa: ARG002
        """Find none."""
        return ()

    def lacking(self) -> Sequence[str]:
        """Lack nothing that could be named."""
        return ()

    def watch(
        self,
        reader: CardReader,
        *,
        card: Callable[[Card], None],  # noqa: ARG002
        trouble: Callable[[str], None],  # noqa: ARG002
        gone: Callable[[], None],  # noqa: ARG002
    ) -> CardWatch:
        """Refuse: there is nothing to watch."""
        raise ValueError(reader.id)


NO_CARD_READERS: Final = NoCardReaders()
