"""Moving the queue: one loop for the timer, "send now" and a stick (DESIGN.md, "One application's journey", 5 and 6).

It runs on the network lane. The store belongs to the local lane and is touched through ``hands.ask`` only, in short steps, so that typing
is stored in between. Cut at any moment (the window closed, the power gone) the next run goes on where it was: a bag that is whole is
taken up, half ones are thrown away, and what was delivered is found delivered.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.outbox import Way, next_try, say, way
from app.core.places import PlaceKind, PlaceSettings
from app.services import places, second_look
from app.services.hands import Ask, Hands, Progress
from app.services.sealing import SPOOL, seal_due
from app.services.sending import Sending, Try

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.services.ports import Desk
    from app.services.ports.transfer import Spooled

__all__ = ["Ask", "Hands", "LinkState", "Progress", "Round", "Stuck", "Try", "again", "run", "seal_due", "stuck", "to_stick"]


@dataclass(frozen=True, slots=True)
class LinkState:
    """The truth about the way to the office: when it was last tried, which places, what each said, when the next try is.

    ``tried_at`` None: never since the program was started. ``next_at`` None: nothing waits. ``failures`` in a row make the waits longer.
    """

    tried_at: dt.datetime | None = None
    tries: tuple[Try, ...] = ()
    next_at: dt.datetime | None = None
    failures: int = 0

    @property
    def answered(self) -> bool:
        """Whether a place answered as it should."""
        return any(not one.trouble for one in self.tries)

    @property
    def last(self) -> Try | None:
        """The place that was asked last."""
        return self.tries[-1] if self.tries else None


@dataclass(frozen=True, slots=True)
class Round:
    """What a run did. ``delivered`` and ``aside`` are ids of applications; ``problem``: what kept it from sealing, or ended a stick.

    ``left`` counts what was tried or due and did not get through, ``held`` what stays for a second look.
    """

    sealed: int = 0
    delivered: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    left: int = 0
    link: LinkState = field(default_factory=LinkState)
    problem: str = ""
    stopped: bool = False
    held: int = 0


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why one application does not get through: the reason, the way out, and what to say on the telephone ('' when nobody is rung)."""

    sentence: str
    way: Way
    call: str


def run(hands: Hands, link: LinkState, *, now: bool = False) -> Round:
    """Seal what waits, then send it to the first place that answers, top-down; all others get what is left of it.

    ``now``: also what waits for its next time. ``link`` is what the last run said. StoreError when the store fails; whatever the network
    does is in the answer.
    """
    made = seal_due(hands)
    forget_spent(hands)
    at, due, later, ways = hands.ask(lambda desk: _due(desk, now=now))
    way_ = Sending(hands, due, later)
    tries: list[Try] = []
    for settings in ways:
        unheard = hands.heard is not None and all(one.trouble for one in tries)
        if hands.stop.is_set() or not (way_.left or unheard):
            break
        tries.append(way_.through(settings))
    new = replace(link, tried_at=at, tries=tuple(tries)) if tries else link
    if tries:
        failures = 0 if new.answered else link.failures + 1
        new = replace(new, failures=failures, next_at=_next(hands, at, failures))
    return Round(
        made.count,
        tuple(way_.delivered),
        (*made.aside, *way_.aside),
        len(way_.left),
        new,
        made.problem,
        hands.stop.is_set(),
        made.held,
    )


def to_stick(hands: Hands, folder: Path, ids: Sequence[str] = ()) -> Round:
    """Put sealed submissions on a stick or into a folder: these, or all that wait. The same bags and markers as online, and a note.

    Pulled at any moment, what has its marker is whole. What is on it counts as copied out and is still sent online where there is a place.
    """
    made = seal_due(hands, ids)
    lines = hands.ask(lambda desk: _free(desk, desk.store.spooled(ids=ids, waiting=not ids)))
    way_ = Sending(hands, lines, (), online=False)
    said = way_.through(PlaceSettings(PlaceKind.FOLDER, folder.name, str(folder)))
    problem = said.sentence if said.trouble else way_.refusal or made.problem
    aside = (*made.aside, *way_.aside)
    return Round(made.count, tuple(way_.delivered), aside, len(way_.left), LinkState(), problem, hands.stop.is_set(), made.held)


def forget_spent(hands: Hands) -> None:
    """Remove the bags that the office signed for, digest by digest; what cannot be removed now is removed next time."""
    spent, spool = hands.ask(lambda desk: (desk.store.spent(), desk.data_dir / SPOOL))
    for one in spent:
        with suppress(AppError):
            hands.sealer.forget(spool / one.bag)
            hands.ask(_forgetting(one.submission.sequence))


def _forgetting(sequence: int) -> Callable[[Desk], None]:
    return lambda desk: desk.store.forget_bag(sequence)


def again(desk: Desk, ids: Sequence[str]) -> None:
    """Have these sealed or sent again with the next run, whatever they waited for."""
    desk.store.send_again(ids, desk.clerk)


def stuck(desk: Desk, application: str) -> Stuck | None:
    """Return why an application does not get through, or None when nothing is known to keep it."""
    rows = desk.store.spooled(ids=(application,), waiting=False)
    for one in rows:
        if one.trouble:
            at = dt.datetime.fromisoformat(one.tried_at or one.sealed_at)
            return Stuck(one.last_answer, way(one.trouble), say(one.trouble, desk.counter.name, at))
    return None


def _due(desk: Desk, *, now: bool) -> tuple[dt.datetime, list[Spooled], list[Spooled], tuple[PlaceSettings, ...]]:
    """Return the time, what is due, what may go along once something gets through, and where to."""
    at, ways = desk.clock.now(), places.places(desk)
    if not ways:
        return at, [], [], ()
    waiting, moment = _free(desk, desk.store.spooled()), at.isoformat(timespec="seconds")
    due = [one for one in waiting if now or one.next_at <= moment]
    later = [one for one in waiting if not now and one.next_at > moment and not one.refusals]
    return at, due, later, ways


def _free(desk: Desk, sealed: Sequence[Spooled]) -> list[Spooled]:
    """Return those that nobody sent back since they were sealed."""
    kept = second_look.kept(desk, [one.submission.application for one in sealed])
    return [one for one in sealed if one.submission.application not in kept]


def _next(hands: Hands, at: dt.datetime, failures: int) -> dt.datetime | None:
    """Return when to try again: by the link's own patience when nothing answered, else when the first one that waits is due."""
    if failures:
        return next_try(failures, at, hands.chance())
    times = [one.next_at for one in hands.ask(lambda desk: _free(desk, desk.store.spooled()))]
    return dt.datetime.fromisoformat(max(min(times), at.isoformat())) if times else None
