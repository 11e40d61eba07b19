"""The card readers of this computer, looked for and watched beside the window; what lies on them waits here until a page takes it.

Nothing of it runs on the GUI thread: looking is an errand, and each reader has a thread of its own. A card that was put down while no page could take
it waits as long as it lies there.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.core.settings_all import CARD_READER, SETTINGS
from app.services.ports.cards import NO_CARD_READERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.core.cards import Card
    from app.core.errors import AppError
    from app.services.ports import Desk
    from app.services.ports.cards import CardReader, CardWatch
    from app.ui.errands import Errands
    from app.ui.lane import Lane

FIRST_MS = 1500
"""After the workbench is there: what a clerk waits for comes first."""
LOOK_MS = 10_000
OFF = "off"
ANY = "any"


@dataclass(frozen=True, slots=True)
class Lying:
    """A card on a reader. ``taken``: a page has done with it."""

    reader: str
    card: Card
    taken: bool = False


class CardKeeper(QObject):
    """Make it on the GUI thread, :meth:`begin` once somebody is in, :meth:`stop` before the window closes.

    Signals: ``came()`` when a card was put down and waits to be taken; ``changed()`` when readers or :attr:`trouble` changed.
    """

    came = Signal()
    changed = Signal()
    _heard = Signal()

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, errands: Errands) -> None:
        super().__init__(window)
        self._lane, self._desk, self._errands = lane, desk, errands
        self._wanted = ""
        self._readers: dict[str, tuple[CardReader, CardWatch]] = {}
        self._lying: dict[str, Lying] = {}
        self._troubles: dict[str, str] = {}
        self._words: deque[tuple[int, str, str, Card | str | None]] = deque()
        self._run = 0
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    # what the pages ask
    @property
    def readers(self) -> tuple[CardReader, ...]:
        """The readers that are watched, in the order they were found."""
        return tuple(reader for reader, _ in self._readers.values())

    @property
    def trouble(self) -> str:
        """What is wrong with a card or a reader, '' for nothing."""
        return next(iter(self._troubles.values()), "")

    def waiting(self) -> tuple[Card, ...]:
        """Return the cards that lie there and that no page has done with, the first put down first."""
        return tuple(one.card for one in self._lying.values() if not one.taken)

    def done(self, card: Card) -> None:
        """Take note that a page has done with a card: it is not offered again before it is put down again."""
        for id_, one in self._lying.items():
            if one.card is card:
                self._lying[id_] = replace(one, taken=True)

    def again(self) -> None:
        """Read what lies there once more, as if it had just been put down."""
        for _, watch in self._readers.values():
            watch.again()

    # running
    def begin(self) -> None:
        """Look for readers from now on; nothing when it does already, or where no reader can be served."""
        if self._desk.cards is not NO_CARD_READERS and not self._timer.isActive() and not self._looking:
            self._timer.start(FIRST_MS)

    def take(self, desk: Desk) -> None:
        """Go on for another clerk. The readers are the computer's."""
        self._desk = desk

    def choose(self) -> None:
        """Let another choice of reader hold: what is watched is let go of and looked for anew."""
        self._let_go()
        self._timer.start(0)

    def stop(self) -> None:
        """Look no more; nothing is waited for."""
        self._timer.stop()
        self._let_go()
        self._run += 1

    def _look(self) -> None:
        if self._lane.stopped:
            return
        desk, self._looking, run = self._desk, True, self._run
        self._lane.run(
            lambda: str(SETTINGS[CARD_READER].read(desk.store.setting(CARD_READER))),
            then=lambda wanted: self._find(wanted, run),
            failed=lambda _problem: self._rest(),
            owner=self,
        )

    def _find(self, wanted: str, run: int) -> None:
        self._wanted = wanted
        if wanted == OFF or run != self._run:
            self._rest()
            return
        cards = self._desk.cards
        self._errands.run(
            lambda: cards.found(patient=True),
            then=lambda found: self._found(found, run),
            failed=self._not_found,
            owner=self,
            broken=self._rest,
        )

    def _found(self, found: Sequence[CardReader], run: int) -> None:
        self._rest()
        if run != self._run:
            return
        before = self.readers
        for one in found:
            if one.id not in self._readers and self._wanted in {ANY, one.id.partition(":")[0]}:
                tell = partial(self._tell, run, one.id)
                watch = self._desk.cards.watch(
                    one, card=partial(tell, "card"), trouble=partial(tell, "trouble"), gone=partial(tell, "gone", None)
                )
                self._readers[one.id] = (one, watch)
        if self.readers != before:
            self.changed.emit()

    def _not_found(self, _problem: AppError) -> None:
        self._rest()

    def _rest(self) -> None:
        self._looking = False
        if self._wanted != OFF:
            self._timer.start(LOOK_MS)

    def _let_go(self) -> None:
        for _, watch in self._readers.values():
            watch.stop()
        self._run += 1
        self._readers.clear()
        self._lying.clear()
        self._troubles.clear()
        self.changed.emit()

    def _tell(self, run: int, reader: str, what: str, said: Card | str | None) -> None:
        """Take what a reader's thread says over to this one."""
        self._words.append((run, reader, what, said))
        with suppress(RuntimeError):  # the window is gone
            self._heard.emit()

    @Slot()
    def _hear(self) -> None:
        run, reader, what, said = self._words.popleft()
        if run != self._run:
            return
        if what == "trouble":
            self._troubles.pop(reader, None)
            if said:
                self._troubles[reader] = str(said)
            self.changed.emit()
        elif what == "gone":
            self._lying.pop(reader, None)
        elif said is not None and not isinstance(said, str):
            self._lying.pop(reader, None)
            self._lying[reader] = Lying(reader, said)
            self.came.emit()
