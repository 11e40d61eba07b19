"""A reader watched on a thread of its own: about three looks a second, one word for each card that is put down, one sentence while something is wrong."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.adapters.cards.link import GoneError, LiftedError, Presence
from app.core.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.adapters.cards.link import CardLink
    from app.core.cards import Card

_log = logging.getLogger(__name__)

PAUSE_S: Final = 0.33
CLOSED_S: Final = 1.0
"""Between two attempts to open a reader that is not there."""
FORGET: Final = 30
"""Looks at an empty reader after which nothing more is said of a card that was lifted too soon, or that was asked for."""
EMPTY: Final = "读卡器上没有证件，平放上去自己会读"
STOPPED: Final = "读卡停下了，关上程序再开就好；先照证件填"
AGAIN: Final = "刚才那张没读全，再放一次"


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told what, on the watching thread; see :meth:`app.services.ports.cards.CardReaders.watch`."""

    card: Callable[[Card], None]
    trouble: Callable[[str], None]
    gone: Callable[[], None]


class Watching:
    """A :class:`~app.services.ports.cards.CardWatch`, from :meth:`start` on. ``ended`` is called on its thread when the reader was let go of."""

    def __init__(
        self,
        link: CardLink,
        told: Told,
        ended: Callable[[Watching], None],
        *,
        pause: float = PAUSE_S,
        closed: float = CLOSED_S,
    ) -> None:
        self._link = link
        self._told = told
        self._ended = ended
        self._pause, self._closed = pause, closed
        self._stop, self._again, self._wake = threading.Event(), threading.Event(), threading.Event()
        self._open = False
        self._lying: Card | None = None
        self._said = ""
        self._hint, self._hints = "", 0
        self._failures = 0

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name="cards", daemon=True).start()

    def again(self) -> None:
        """Read the card that lies there once more."""
        self._again.set()
        self._wake.set()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._wake.set()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._turn()
                self._wake.wait(self._pause if self._open else self._closed)
                self._wake.clear()
        except Exception as bug:
            # Its words may hold what was read: only its kind reaches the log.
            _log.error("cards.watch %s", type(bug).__name__)
            self._say(STOPPED)
            raise
        finally:
            self._lying = None
            self._link.close()
            self._ended(self)

    def _turn(self) -> None:
        try:
            if not self._open:
                self._link.open()
                self._open = True
            self._look()
            self._failures = 0
        except GoneError as problem:
            self._link.close()
            self._failures += not self._open
            opened, self._open = self._open, False
            self._take_away()
            # Another program, or our own last watch, may be about to let go of it: told when it is so twice.
            if opened or self._failures > 1:
                self._say(problem.sentence)
        except LiftedError as problem:
            self._hint, self._hints = AGAIN, FORGET
            self._say(problem.sentence)
        except DeviceError as problem:
            self._say(problem.sentence)

    def _look(self) -> None:
        again = self._again.is_set()
        self._again.clear()
        presence = self._link.look(lying=self._lying is not None)
        if presence is Presence.NOTHING:
            self._take_away()
            if again:
                self._hint, self._hints = EMPTY, FORGET
            self._hints = max(0, self._hints - 1)
            self._say(self._hint if self._hints else "")
            return
        if presence is Presence.SAME and not again:
            self._say("")
            return
        card = self._link.read()
        new = again or card != self._lying
        if new and not again:
            self._take_away()
        self._lying, self._hints = card, 0
        self._say("")
        if new and not self._stop.is_set():
            self._told.card(card)

    def _take_away(self) -> None:
        if self._lying is not None:
            self._lying = None
            self._told.gone()

    def _say(self, sentence: str) -> None:
        if sentence != self._said and not self._stop.is_set():
            self._said = sentence
            self._told.trouble(sentence)
