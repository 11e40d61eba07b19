"""The end of the day: what was accepted and what of it is still open, for a supervisor to go through before the window closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services import clerks, second_look
from app.services.ports import Queue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.core.application import Application
    from app.core.second_look import Hold, Look
    from app.services.ports import Desk, Entry

_HERE = (Queue.HERE, Queue.NEEDS_YOU)
_PRINTS = 500


@dataclass(frozen=True, slots=True)
class Case:
    """One accepted application. ``look``: the newest look at this version; ``until``: the last day (ISO) it waits for one, '' for none.

    ``open``: what is left to do, in words. ``own``: whoever is at the desk took it; ``seen``: and opened it since.
    """

    entry: Entry
    hold: Hold | None = None
    look: Look | None = None
    until: str = ""
    open: tuple[str, ...] = ()
    own: bool = False
    seen: bool = False

    @property
    def id(self) -> str:
        """The application's id."""
        return self.entry.id

    @property
    def settled(self) -> bool:
        """Whether somebody looked and it may go."""
        return self.look is not None and self.hold is None


@dataclass(frozen=True, slots=True)
class EndOfDay:
    """The list: first what is held, then today's. ``boss``: a supervisor is at the desk; ``alone``: nobody else works here.

    ``wanted``: the region's words on second looks, '' where it does not want them.
    """

    cases: tuple[Case, ...] = ()
    boss: bool = False
    alone: bool = False
    wanted: str = ""

    @property
    def held(self) -> int:
        """How many stay at the counter until somebody looked."""
        return sum(one.hold is not None for one in self.cases)


def read(desk: Desk) -> EndOfDay:
    """Return what was accepted today, and of earlier days what is still held. What waited too long by the region's rule goes first."""
    today = desk.clock.now().date().isoformat()
    entries = {one.id: one for one in desk.store.entries(day=today)}
    waiting = {one.id: one for queue in _HERE for one in desk.store.entries(queue=queue)}
    holds = second_look.lapse(desk, second_look.kept(desk, [*entries, *(id_ for id_ in waiting if id_ not in entries)]))
    listed = {id_: (entries.get(id_) or waiting[id_]) for id_ in [*holds, *entries]}
    looks = {one.id: one.look for one in desk.store.sightings(list(listed))}
    rule = desk.region.second_look
    return EndOfDay(
        tuple(_case(desk, entry, holds.get(id_), looks.get(id_)) for id_, entry in listed.items()),
        clerks.is_supervisor(desk),
        second_look.alone(desk),
        rule.words if rule is not None else "",
    )


def waiting(desk: Desk) -> int:
    """Return how many wait for the supervisor at the desk to look; 0 for anybody else, and where the region does not want it."""
    if desk.region.second_look is None or not clerks.is_supervisor(desk):
        return 0
    ids = [one.id for queue in _HERE for one in desk.store.entries(queue=queue)]
    return sum(not one.returned for one in second_look.kept(desk, ids).values())


def _case(desk: Desk, entry: Entry, hold: Hold | None, look: Look | None) -> Case:
    application = desk.store.application(entry.id)
    if application is None:
        return Case(entry, hold, look)
    return Case(
        entry,
        hold,
        look,
        second_look.until(desk, hold) if hold is not None else "",
        tuple(_open(desk, entry, application)),
        second_look.own(desk, application),
        second_look.opened(desk, application),
    )


def _open(desk: Desk, entry: Entry, application: Application) -> Iterator[str]:
    prints = desk.store.audit(_PRINTS, entry.id)
    accepted = application.acceptance.accepted_at if application.acceptance else ""
    if not any(one.act == "print" and one.what.startswith("receipt") and one.at >= accepted for one in prints):
        yield "回执没打印"
    if names := _not_returned(desk, application):
        yield f"原件没退还：{'、'.join(names)}"
    if application.owed:
        yield f"后补没来：{'、'.join(one.name for one in application.owed)}"
    if entry.queue is Queue.HERE:
        yield "还没报送"


def _not_returned(desk: Desk, application: Application) -> Sequence[str]:
    """Return the papers whose original was seen and neither kept here nor given back."""
    region = desk.region_of(application)
    names = {one.id: one.name for one in region.requirements}
    return [
        names.get(one.requirement, one.requirement)
        for one in application.papers
        if one.seen and not one.kept and not one.returned
    ]
