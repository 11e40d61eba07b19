"""The way in: first day, lock, unlocking, and warming up while the passphrase is typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.errors import AppError, WrongSecretError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from app.core.region import Region
    from app.core.workdays import Calendar
    from app.services.door import Door, FirstDay
    from app.services.ports import Clock, Desk
    from app.services.setup import Answers
    from app.ui.door.first_run import FirstRunPage
    from app.ui.door.lock import LockPage
    from app.ui.lane import Lane
    from app.ui.prebuild import Prebuild
    from app.ui.shell import Shell


@dataclass(frozen=True, slots=True)
class Arrival:
    """What stands behind the door: the regions to choose from on the first day (then there is a calendar), else who may open."""

    regions: Mapping[str, Region] = field(default_factory=dict)
    problems: Sequence[str] = ()
    clerks: Sequence[str] = ()
    calendar: Calendar | None = None


class WayIn(QObject):
    """The pages before the work, ``first`` and ``lock``, in ``shell``.

    ``opened(desk, recovery code)``: a clerk is in, the code '' unless that was used. ``made(desk)``: the first day made a store; its page
    still shows the recovery code. ``done()``: the first day is over. ``ahead()`` makes what stands behind the lock, slice by slice.
    """

    opened = Signal(object, str)
    made = Signal(object)
    done = Signal()

    def __init__(self, shell: Shell, lane: Lane, door: Door, clock: Clock, ahead: Callable[[], Iterator[None]]) -> None:
        super().__init__(shell)
        self._shell = shell
        self._lane = lane
        self._door = door
        self._clock = clock
        self._desk: Desk | None = None
        self._make_ahead = ahead
        self._ahead: Prebuild | None = None
        shell.add("first", self._make_first)
        shell.add("lock", self._make_lock)

    def begin(self) -> None:
        """Look behind the door: the first day, or who may open."""
        door = self._door

        def look() -> Arrival:
            first = door.first_time()
            if first:
                return Arrival(*door.regions(), calendar=door.calendar())
            return Arrival(clerks=door.clerks())

        self._lane.run(look, then=self._arrive, failed=lambda problem: self.lock.say(problem.sentence), owner=self._shell)

    @property
    def hurried(self) -> bool:
        """Whether somebody waits for what is made behind the lock."""
        return self._ahead is not None and self._ahead.hurried

    @property
    def warmed(self) -> bool:
        """Whether all is made that can be made behind the lock."""
        return self._ahead is not None and self._ahead.over

    @property
    def lock(self) -> LockPage:
        """The page of the lock."""
        return self._shell.page("lock")  # type: ignore[return-value]

    @property
    def _first(self) -> FirstRunPage:
        return self._shell.page("first")  # type: ignore[return-value]

    def close(self, why: str, note: str) -> None:
        """Show the lock over the work. ``why`` says why it was not the clerk who locked, ``note`` what is safe behind it."""
        page = self.lock
        page.set_locked(locked=True, why=why)
        page.set_note(note)
        self._shell.open("lock")
        self._lane.run(self._door.clerks, then=page.set_clerks, owner=self._shell)

    def _arrive(self, found: Arrival) -> None:
        self.lock.set_busy(busy=False)
        if found.calendar is not None:
            page = self._first
            page.set_regions(found.regions, found.problems)
            page.set_calendar(max(found.calendar.years), found.calendar)
            self._shell.open("first")
        else:
            self.lock.set_clerks(found.clerks)
            self.lock.entered()
        self._warm()

    def _warm(self) -> None:
        """Bring what the workbench will want while a passphrase is typed: on the lane what has no widgets, the rest in quiet moments."""
        from app.ui.prebuild import Prebuild  # noqa: PLC0415

        door = self._door

        def work() -> None:
            from app.ui import asking  # noqa: PLC0415

            door.warm()
            asking.warm()

        self._lane.run(work, owner=self._shell)
        self._ahead = Prebuild(self._shell, self._make_ahead())

    def _make_first(self) -> FirstRunPage:
        from app.ui.door.first_run import FirstRunPage  # noqa: PLC0415 - only on the first day

        page = FirstRunPage(self._clock.now)
        page.finished_answers.connect(self._set_up)
        page.print_code.connect(self._print_code)
        page.done.connect(self.done)
        return page

    def _set_up(self, answers: Answers) -> None:
        page, door = self._first, self._door

        def made(day: FirstDay) -> None:
            self._desk = day.desk
            self._hurry(lambda: told(day))

        def told(day: FirstDay) -> None:
            self.made.emit(day.desk)
            page.show_recovery_code(day.recovery_code)

        self._hurry()
        self._lane.run(
            lambda: door.set_up(answers),
            then=made,
            failed=lambda problem: page.say(problem.sentence),
            owner=page,
            broken=lambda: page.set_busy(busy=False),
        )

    def _print_code(self, code: str) -> None:
        from app.ui.print_work import print_code  # noqa: PLC0415

        page = self._first
        if self._desk is None:
            return
        print_code(
            self._desk,
            self._lane,
            code,
            owner=page,
            done=lambda: page.say("已送到打印机。拿到纸，封好，放进柜子", "good"),
            failed=lambda sentence: page.say(f"{sentence}。也可以抄在纸上"),
        )

    def _make_lock(self) -> LockPage:
        from app.ui.door.lock import LockPage  # noqa: PLC0415

        page, door = LockPage(), self._door
        page.unlock.connect(lambda clerk, passphrase: self._unlock(lambda: door.unlock(clerk, passphrase)))
        page.recover.connect(lambda clerk, code: self._unlock(lambda: door.recover(clerk, code), code))
        page.claimed.connect(lambda clerk, code, new: self._unlock(lambda: door.claim(clerk, code, new)))
        page.once.connect(self._check_once)
        return page

    def _unlock(self, opening: Callable[[], Desk], recovery: str = "") -> None:
        page = self.lock
        page.set_busy(busy=True)

        def opened(desk: Desk) -> None:
            self._hurry(lambda: enter(desk))

        def enter(desk: Desk) -> None:
            page.set_busy(busy=False)
            self.opened.emit(desk, recovery)

        self._hurry()
        self._lane.run(opening, then=opened, failed=self._refused, owner=page, broken=lambda: page.set_busy(busy=False))

    def _hurry(self, then: Callable[[], None] | None = None) -> None:
        """Make what is left to make behind the lock, while the store is being opened; ``then`` go on."""
        if self._ahead is not None:
            self._ahead.hurry(then)
        elif then is not None:
            then()

    def _check_once(self, clerk: str, code: str) -> None:
        page, door = self.lock, self._door
        self._lane.run(
            lambda: door.check_once(clerk, code),
            then=lambda _none: page.ask_new(code),
            failed=self._refused,
            owner=page,
            broken=lambda: page.set_busy(busy=False),
        )

    def _refused(self, problem: AppError) -> None:
        page = self.lock
        page.set_busy(busy=False)
        page.say(problem.sentence)
        if isinstance(problem, WrongSecretError) and problem.wait:
            page.set_wait(problem.wait)
