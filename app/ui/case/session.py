"""The case in the clerk's hands: applies each answer, recomputes what follows, and stores every change within a second.

No widget knows the store; no store call runs on the GUI thread. A change is on its way to disk 400 ms after the last keystroke,
at the latest 800 ms after the first one that is not stored, and at once when a field is left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.core import same_person, sources
from app.core.application import Application, Paper, State
from app.core.checks import check
from app.core.notice import NO_NOTICE, told
from app.core.requirements import needs
from app.services import intake, originals
from app.services import same_person as people
from app.services.finalise import promised
from app.ui.case.state import CaseState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from app.core.errors import AppError
    from app.core.findings import Finding
    from app.core.notice import Notice
    from app.core.region import Region
    from app.core.same_person import Known
    from app.core.workdays import Due
    from app.services.ports import Desk
    from app.ui.lane import Lane

QUIET_MS = 400
LONGEST_MS = 800
AGAIN_MS = 2000


class CaseSession(QObject):
    """One open application.

    Signals: ``changed()`` after each edit, and once the same person's other applications are known; ``saved`` with the local time once it is on disk; ``trouble`` with a
    sentence while it cannot be stored (it tries again by itself and keeps everything in memory).
    """

    changed = Signal()
    saved = Signal(str)
    trouble = Signal(str)

    def __init__(
        self, desk: Desk, lane: Lane, application: Application, parent: QObject | None = None, *, given: str = ""
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lane = lane
        self.given = given
        """To whom it was given, in words: then it is only looked at here."""
        self.held = False
        """While it is being accepted: what is accepted is what was stored, so nothing may be answered meanwhile."""
        self.doubts: Callable[[Application], tuple[Finding, ...]] = lambda _application: ()
        """What papers that were read say against the application."""
        self._known: tuple[Known, ...] = ()
        self._asked = ""
        self._dirty = False
        self._saving = 0
        self._holder: QObject | None = None
        self._kept = self._reopened = application.revision > 0
        self._undo: list[tuple[Paper, ...]] = []
        self._quiet = self._timer(QUIET_MS)
        self._latest = self._timer(LONGEST_MS)
        self._retry = self._timer(AGAIN_MS)
        self.last_saved = ""
        self._place: tuple[tuple[object, ...], tuple[Due | None, Notice]] = ((), (None, NO_NOTICE))
        self.state = self._look(application)

    @property
    def application(self) -> Application:
        """The application as it stands."""
        return self.state.application

    @property
    def editable(self) -> bool:
        """Whether it may still be changed here: an accepted application is only looked at."""
        return not self.given and self.application.state in {State.DRAFT, State.WAITING}

    def release(self) -> None:
        """Stay only until all is stored, and as long as somebody works with it: another case is on the counter."""
        self._holder = self._holder or self.parent()
        if self._holder is not None and isValid(self._holder):
            # What is dirty but worth nothing (a blank case) is stored by nobody.
            unstored = self._saving or (self._dirty and self._worth_keeping())
            self.setParent(self._holder if unstored else None)  # None gives it to Python

    def edit(self, path: str, value: Any) -> None:
        """Take one answer. Who says that a seal is there is noted with it."""
        head, _, rest = path.partition(".")
        if head == "papers" and rest.endswith(".sealed"):
            self.replace(originals.attest(self.application, rest.partition(".")[0], self._desk.clerk, sealed=bool(value)))
        else:
            self.replace(intake.answer(self.application, path, value))

    def open_step(self, step: str) -> bool:
        """Note which step is open; return whether that changed anything, and so was told by ``changed``."""
        before = self.application
        self.replace(replace(before, step=step))
        return self.application is not before

    def edit_pages(self, change: Callable[[Application], Application]) -> None:
        """Change pages of papers so that :meth:`undo` brings them back."""
        before = self.application.papers
        self.replace(change(self.application))
        if self.application.papers != before:
            self._undo.append(before)

    def undo(self) -> bool:
        """Bring back the papers as they were before the last change of pages. False when there is nothing to bring back.

        Answers given about a paper since then (dates, ticks) stay; only 已看 goes and comes with the first and the last page.
        """
        if not self._undo:
            return False
        before = {paper.requirement: paper for paper in self._undo.pop()}
        application = self.application
        for paper in application.papers:
            was = before.get(paper.requirement, Paper(paper.requirement))
            seen = paper.seen if bool(was.pages) is bool(paper.pages) else was.seen
            application = application.with_paper(replace(paper, pages=was.pages, seen=seen))
        self.replace(application)
        return True

    @property
    def can_undo(self) -> bool:
        """Whether a change of pages can be taken back."""
        return bool(self._undo)

    def reason(self, finding: str, text: str) -> None:
        """Note why a doubtful thing is accepted."""
        self.replace(self.application.with_reason(finding, text))

    def confirm(self, path: str) -> bool:
        """Note that a person says the copied value at a path is right; False where nothing had to be confirmed."""
        before = self.application
        self.replace(sources.confirm(before, path))
        return self.application != before

    def look_up(self) -> None:
        """Ask for the same person's other applications once the certificate number is whole. Never waits."""
        number = people.number_of(self.application, self.state.today) if self.editable else ""
        if number == self._asked:
            return
        self._asked = number
        if not number:
            self._know(number, ())
            return
        desk, own = self._desk, self.application.id
        self._lane.run(
            lambda: people.known(desk, number, own),
            then=lambda found: self._know(number, found),
            failed=lambda _problem: self._ask_again(number),
            owner=self,
        )

    def look_again(self) -> None:
        """Find anew what follows from the application: something beside it changed."""
        self.state = self._look(self.application)
        self.changed.emit()

    def forget(self, other: str) -> None:
        """Leave another application of the same person out of account: it was voided."""
        self._known = tuple(one for one in self._known if one.id != other)
        self.look_again()

    def _know(self, number: str, found: tuple[Known, ...]) -> None:
        if number == self._asked and found != self._known:
            self._known = found
            self.look_again()

    def _ask_again(self, number: str) -> None:
        if number == self._asked:
            self._asked = ""

    def replace(self, application: Application) -> None:
        """Take a new value of the application, if it is one."""
        if application == self.application or not self.editable or self.held:
            return
        if application.read_back and _answers_of(application) != _answers_of(self.application):
            # What was read to the applicant is no longer what stands there.
            application = replace(application, read_back=False)
        self.state = self._look(application)
        self._dirty = True
        self._quiet.start()
        if not self._latest.isActive():
            self._latest.start()
        self._settle()
        self.changed.emit()
        self.look_up()

    def show(self, application: Application) -> None:
        """Show the application as the store has it now (after acceptance); nothing of it is unsaved."""
        self._halt()
        self._dirty = False
        self.state = self._look(application)
        self.changed.emit()

    def flush(self) -> None:
        """Send what is not stored yet to the store now. It is on disk once the lane has run."""
        self._halt()
        application = self.application
        if not self._dirty or not self.editable or not self._worth_keeping():
            return
        self._dirty, self._kept = False, True
        self._saving += 1
        desk, again, self._reopened = self._desk, self._reopened, False
        self._lane.run(
            lambda: intake.save(desk, application, reopened=again),
            then=self._stored,
            failed=self._not_stored,
            owner=self,
            broken=self._still_dirty,
        )

    def _stored(self, answer: tuple[Application, Any]) -> None:
        _, saved = answer
        self._saving -= 1
        self.last_saved = saved.at
        self._settle()
        self.saved.emit(saved.at)

    def _not_stored(self, problem: AppError) -> None:
        self._saving -= 1
        if not self.editable:
            self._settle()
            return
        self._dirty = True
        self._retry.start()
        self.trouble.emit(f"{problem.sentence}。已填的都在，每 2 秒再存一次")

    def _still_dirty(self) -> None:
        self._saving -= 1
        self._dirty = True

    def _worth_keeping(self) -> bool:
        """Whether it is to be stored: what was stored once is stored again even when all of it was taken back."""
        return self._kept or intake.worth_keeping(self.application, self.state.region)

    def _settle(self) -> None:
        """Hold on to what is not stored, or let go of what is, once another case is on the counter."""
        if self._holder is not None:
            self.release()

    def _look(self, application: Application) -> CaseState:
        today = self._desk.clock.now().date()
        region = self._desk.region_of(application)
        wanted = needs(application, region, today)
        promise, notice = self._of_place(region, today)
        return CaseState(
            application=application,
            region=region,
            findings=(
                *same_person.findings(application, self._known, today),
                *self.doubts(application),
                *check(application, region, today, wanted),
            ),
            needs=wanted,
            today=today,
            calendar=self._desk.calendar,
            promise=promise,
            notice=notice,
            known=self._known,
        )

    def _of_place(self, region: Region, today: dt.date) -> tuple[Due | None, Notice]:
        """Return what no answer changes: when the office would be done, and the notice. Found anew when the place or the day is another."""
        desk = self._desk
        asked = (region, today, desk.calendar, desk.notice, desk.counter)
        if asked != self._place[0]:
            notice = replace(desk.notice, parts=told(desk.notice, region, desk.counter))
            self._place = asked, (promised(desk, region, today), notice)
        return self._place[1]

    def _halt(self) -> None:
        for timer in (self._quiet, self._latest, self._retry):
            timer.stop()

    def _timer(self, ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(self.flush)
        return timer


def _answers_of(application: Application) -> Application:
    """Return the application without what changes when nobody answered anything."""
    return replace(application, read_back=False, step="", print_size="", revision=0)
