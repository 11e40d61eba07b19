"""Moving the queue from the window: when the loop of :mod:`app.services.sync` runs, and what the window knows of it.

One run at a time, beside the window; what is asked for meanwhile follows. Closing tells the run to stop and waits for nothing: a run bears
being cut off anywhere. Locking changes nothing: what was accepted goes on its way also while nobody stands at the counter.
"""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.core.submission import answer
from app.services import answers, places, sync
from app.services.hands import Ask, Hands, Progress
from app.services.sync import LinkState, Round
from app.ui.errands import Errands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.core.errors import AppError
    from app.services.answers import ReadIn
    from app.services.ports import Desk
    from app.services.ports.transfer import Place
    from app.ui.lane import Lane

T = TypeVar("T")

TICK_MS = 15_000
"""How often it is looked whether a try is due: a computer that slept is awake again at the next look."""

SOON_MS = 1500
"""After an acceptance: its receipt is printed first."""

HELD_MS = 10 * 60_000
"""How long what was accepted waits for its form to be signed while nobody leaves its last page: print, sign, scan, and some."""

FRESH = dt.timedelta(minutes=35)
"""How long an answer proves that there is a way: a little more than the longest wait."""

LISTEN = dt.timedelta(minutes=30)
"""How long the office's answers are not asked for when nothing else goes that way."""


class _OverError(Exception):
    """The window closes: the run ends where it is."""


@dataclass(frozen=True, slots=True)
class Uplink:
    """How the way to the office stands. ``places``: how many are set up; ``sealed``: whether there is an office key to seal to."""

    places: int = 0
    sealed: bool = False
    link: LinkState = field(default_factory=LinkState)
    busy: bool = False
    counter: str = ""

    @property
    def sends(self) -> bool:
        """Whether anything can be sent at all."""
        return self.sealed and self.places > 0

    def online(self, now: dt.datetime) -> bool:
        """Whether a place answered lately, and the last try is that answer."""
        at = self.link.tried_at
        return at is not None and self.link.answered and abs(now - at) < FRESH


class Sender(QObject):
    """Serves the open desk.

    Signals: ``stands(Uplink)`` whenever that is known anew; ``progress(Progress or None)`` while a run goes and when it is over;
    ``ended(Round, str)`` with what was asked for: ``now``, ``stick`` or '' for the timer's own; ``answered(ReadIn)`` with what the office's
    answers at a place brought; ``refused(AppError)`` when the store failed under it.
    """

    stands = Signal(object)
    progress = Signal(object)
    ended = Signal(object, str)
    answered = Signal(object)
    refused = Signal(object)
    _told = Signal(object)
    _heard = Signal(object)

    def __init__(self, parent: QObject, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._lane = lane
        self._desk = desk
        self.errands = Errands(self)
        self.errands.crashed.connect(lane.crashed)
        self.uplink = Uplink(counter=desk.counter.name)
        self._halt = threading.Event()
        self._gate = threading.Lock()
        self._over = False
        self._next: Callable[[], None] | None = None
        self._begun = False
        self._told.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._ticks = self._timer(TICK_MS, self._tick, single=False)
        self._soon = self._timer(SOON_MS, self._accepted, single=True)
        self._held = ""
        self._patience = self._timer(HELD_MS, lambda: self.settled(self._held), single=True)
        self._ticks.start()
        self.look()

    def take(self, desk: Desk) -> None:
        """Serve another clerk's desk over the same store; a run under way goes on."""
        self._desk = desk
        self.look()

    def look(self) -> None:
        """Read anew what is set up; the first time, and when places came, try at once what waits."""
        desk = self._desk

        def seen(found: tuple[int, bool]) -> None:
            count, sealed = found
            begins = sealed and (not self._begun or count > self.uplink.places)
            self._begun = self._begun or sealed
            self._put(replace(self.uplink, places=count, sealed=sealed, counter=desk.counter.name))
            if begins:
                self._run("")

        # Places of a newer program are said where they are set up.
        self._lane.run(
            lambda: (len(places.places(desk)), places.ready(desk)), then=seen, failed=lambda _problem: None, owner=self
        )

    def accepted(self, id_: str = "") -> None:
        """Seal, and send if the way is open, what was just accepted, in a moment.

        ``id_``: this one only when it is :meth:`settled`, or when nobody settled it for a while; the one held before goes now.
        """
        self._held = id_
        if id_:
            self._patience.start()
        self._before_long()

    def settled(self, id_: str) -> None:
        """Let an application go: its form was signed, or whoever accepted it went on without."""
        if id_ == self._held:
            self._held = ""
            self._patience.stop()
        self._before_long()

    def _before_long(self) -> None:
        if self.uplink.sealed and not self._over:
            self._soon.start()

    def send_now(self) -> None:
        """Send all that waits, also what waits for its time."""
        self._held = ""
        self._run("now")

    def to_stick(self, folder: Path, ids: Sequence[str]) -> None:
        """Put these on a stick or into a folder, sealed."""
        wanted = tuple(ids)
        self._start("stick", lambda hands: sync.to_stick(hands, folder, wanted))

    def again(self, id_: str) -> None:
        """Have one sealed or sent again, whatever it waits for."""
        desk = self._desk
        self._lane.run(lambda: sync.again(desk, (id_,)), then=lambda _none: self._run("now"), owner=self)

    def halt(self) -> None:
        """Stop the run between two objects; nothing is lost."""
        self._next = None
        self._halt.set()

    def close(self) -> None:
        """Stop for good, waiting for nothing. From now on the store is not touched any more."""
        for timer in (self._ticks, self._soon, self._patience):
            timer.stop()
        with self._gate:
            self._over = True
        self.halt()
        self.errands.stop()

    # one run
    def _run(self, asked: str) -> None:
        link = self.uplink.link
        self._start(asked, lambda hands: sync.run(hands, link, now=asked == "now"))

    def _start(self, asked: str, work: Callable[[Hands], Round]) -> None:
        if self._over:
            return
        if self.uplink.busy:
            # Whoever asked is answered after this one; the timer's own run has nothing to add to it.
            self._next = (lambda: self._start(asked, work)) if asked else self._next
            return
        desk, self._halt = self._desk, threading.Event()
        ask = self._asker(desk)
        hands = Hands(ask, desk.sealer, desk.places, self._halt, self._tell, self._listener(ask), held=lambda: self._held)
        self._put(replace(self.uplink, busy=True))
        self.errands.run(
            lambda: self._guarded(work, hands),
            then=lambda done: self._done(done, asked),
            failed=self._broke,
            owner=self,
            broken=lambda: self._end(self.uplink.link),
        )

    @staticmethod
    def _guarded(work: Callable[[Hands], Round], hands: Hands) -> Round:
        try:
            return work(hands)
        except _OverError:
            return Round(stopped=True)

    def _asker(self, desk: Desk) -> Ask:
        def ask(step: Callable[[Desk], T]) -> T:
            with self._gate:
                if self._over:
                    raise _OverError
                answer = self._lane.ask(lambda: step(desk))
            return answer.result()

        return ask

    def _listener(self, ask: Ask) -> Callable[[Place, str], None]:
        hear = answers.hearing(ask, self._tell_answers)

        def heard(place: Place, counter: str) -> None:
            # Without the office's key the poll asks nothing, and a place that was asked nothing has not answered.
            if not ask(lambda desk: desk.store.setting(answers.KEY)):
                place.stat(answer(counter, 1))
            hear(place, counter)

        return heard

    def _tell(self, progress: Progress) -> None:
        with suppress(RuntimeError):  # on the network lane: the window may be gone
            self._told.emit(progress)

    def _tell_answers(self, read: ReadIn) -> None:
        with suppress(RuntimeError):
            self._heard.emit(read)

    def _hear(self, read: ReadIn) -> None:
        if not self._over and (read.taken or read.outcomes or read.refused or read.waiting or read.regions):
            self.answered.emit(read)

    def _tell_progress(self, progress: Progress) -> None:
        if self.uplink.busy:
            self.progress.emit(progress)

    def _done(self, done: Round, asked: str) -> None:
        self._end(self.uplink.link if asked == "stick" else done.link)
        self.ended.emit(done, asked)

    def _broke(self, problem: AppError) -> None:
        self._end(self.uplink.link)
        self.refused.emit(problem)

    def _end(self, link: LinkState) -> None:
        self._put(replace(self.uplink, link=link, busy=False))
        self.progress.emit(None)
        following, self._next = self._next, None
        if following is not None:
            following()

    # when
    def _tick(self) -> None:
        if not self.uplink.busy and self.uplink.sends and self._due(self._desk.clock.now()):
            self._run("")
        else:
            self.stands.emit(self.uplink)

    def _due(self, now: dt.datetime) -> bool:
        link = self.uplink.link
        if link.next_at is not None:
            # A clock that was set back must not put the next try off for a day.
            return now >= link.next_at or link.next_at - now > 2 * FRESH
        return link.tried_at is None or abs(now - link.tried_at) >= LISTEN

    def _accepted(self) -> None:
        link = self.uplink.link
        if self.uplink.busy:
            # The run under way looked for what is to be sealed before this one was there.
            self._next = self._next or self._accepted
        elif link.failures and not self._due(self._desk.clock.now()):
            # The way is known to be closed until then: only seal.
            self._start("", lambda hands: self._sealed(hands, link))
        else:
            self._run("")

    @staticmethod
    def _sealed(hands: Hands, link: LinkState) -> Round:
        made = sync.seal_due(hands)
        return Round(made.count, aside=made.aside, link=link, problem=made.problem, stopped=hands.stop.is_set())

    def _put(self, uplink: Uplink) -> None:
        self.uplink = uplink
        self.stands.emit(uplink)

    def _timer(self, ms: int, act: Callable[[], None], *, single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(ms)
        timer.setSingleShot(single)
        timer.timeout.connect(act)
        return timer
