"""A security module at the other end of a port: asks, repeats, tries other speeds, and reads a card."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from app.adapters.cards import layouts, sam
from app.adapters.cards.link import GoneError, LiftedError, Presence
from app.adapters.cards.sam import Command, Parser
from app.core.errors import DeviceError

if TYPE_CHECKING:
    from app.adapters.cards.link import Port
    from app.adapters.cards.sam import Reply
    from app.core.cards import Card

SILENT: Final = "读卡器没有应答，看电源和线；会自己再试"
GARBLED: Final = "读卡器那头只有杂音，看线插紧没有；会自己再试"
PULLED: Final = "读卡器拔掉了，插上会自己接着读"
_TRIES: Final = 3
_SECONDS: Final = {Command.READ: 3.0, Command.MORE: 1.0}
"""How long a reply may take; reading itself takes a reader about a second."""
_USUAL: Final = 0.6


class SamLink:
    """A :class:`~app.adapters.cards.link.CardLink` over a port. ``patience`` scales every wait: 1 in the program."""

    def __init__(self, port: Port, patience: float = 1.0) -> None:
        self._port = port
        self._patience = patience
        self._parser = Parser()
        self._fresh = True

    def open(self) -> None:
        """Open the port."""
        self._port.open()
        self._fresh = True

    def close(self) -> None:
        """Close the port."""
        self._port.close()

    def answers(self, seconds: float) -> bool:
        """Whether a security module is there at all, at any speed; ``seconds`` for each."""
        try:
            while self._once(Command.MODULE, seconds) is None:
                if not self._port.retune():
                    return False
        except OSError:
            return False
        return True

    def look(self, *, lying: bool) -> Presence:
        """Look for a card. Readers find a card once: while one that was read lies there, most say that there is none, so it is asked itself."""
        found = self._ask(Command.FIND)
        if found.status == sam.FOUND:
            return Presence.NEW
        if found.status != sam.EMPTY:
            raise DeviceError(found.sentence)
        # Whoever used the reader before us may have found the card that lies there.
        known = (lying or self._fresh) and self._ask(Command.MORE).status in {sam.DONE, sam.NOTHING}
        self._fresh = False
        if not known:
            return Presence.NOTHING
        return Presence.SAME if lying else Presence.NEW

    def read(self) -> Card:
        """Select and read. A card that the reader knows already is not selected again, but read."""
        selected = self._ask(Command.SELECT)
        read = self._ask(Command.READ)
        if read.status != sam.DONE:
            wrong = selected if selected.status != sam.DONE else read
            raise (LiftedError if wrong.status in sam.TAKEN_AWAY else DeviceError)(wrong.sentence)
        text = sam.text_of(read.data)
        if text is None:
            raise LiftedError(sam.SAYS[0x41])
        card = layouts.card_of(text)
        if isinstance(card, str):
            raise DeviceError(card)
        return card

    def _ask(self, command: Command) -> Reply:
        """Ask until something whole comes back. DeviceError in words when nothing does."""
        seconds = _SECONDS.get(command, _USUAL) * self._patience
        heard: Reply | None = None
        try:
            for _ in range(_TRIES):
                heard = self._once(command, seconds) or heard
                if heard is not None and heard.status not in sam.ASK_AGAIN:
                    return heard
            while heard is None and self._port.retune():
                heard = self._once(command, seconds)
        except OSError:
            raise GoneError(PULLED) from None
        if heard is None:
            raise DeviceError(GARBLED if self._parser.noise or self._parser.broken else SILENT)
        return heard

    def _once(self, command: Command, seconds: float) -> Reply | None:
        self._port.clear()
        self._parser.clear()
        self._port.write(sam.request(command))
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            found = self._parser.feed(self._port.read(left))
            if found:
                return found[-1]
            if self._parser.broken:
                # It came, and came damaged: asking again is quicker than waiting.
                return None
        return None
