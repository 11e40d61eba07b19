"""What the workbench's page needs of the machine: counts, lists, searches, codes on pictures, on the local lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.services import finding, renewals
from app.services import renewing as renewal
from app.ui import asking, code_camera
from app.ui.workbench_calls import CallsDesk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.core.errors import AppError
    from app.services.finding import Found
    from app.services.ports import Desk, Entry
    from app.ui.lane import Lane
    from app.ui.workbench import WorkbenchPage

_PAUSE = 40
"""ms between two turns of work nobody waits for, so that what somebody waits for comes first."""


class WorkbenchDesk(QObject):
    """Serves one workbench page. ``case_wanted(Application)``: a case was begun out of another one."""

    case_wanted = Signal(object)

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, page: WorkbenchPage) -> None:
        super().__init__(window)
        self._lane = lane
        self._desk = desk
        self._window = window
        self.page = page
        self.page.set_region(desk.region)
        self.page.set_policy(asking.policy_lines(desk, desk.clock.now().date()))
        self.page.list_wanted.connect(self._list)
        self.page.search_wanted.connect(self._search)
        self.page.recent_wanted.connect(self._recent)
        self.page.around_wanted.connect(self._around)
        self._calls = CallsDesk(window, lane, desk, self.page)
        self._calls.noted.connect(lambda: self.page.list_wanted.emit(self.page.current_list))
        self.page.renew_wanted.connect(self._renew)
        self.page.pictures_wanted.connect(self._pictures)
        self.page.camera_wanted.connect(self._camera)
        self._begun: set[str] = set()
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(_PAUSE)
        self._looking.timeout.connect(self._look_through)

    def begin(self) -> None:
        """Ask for what the page shows first, before anybody else keeps the lane busy. When the page comes on screen nothing is asked twice."""
        self._list(self.page.current_list)
        self.fill()
        self._begun = {"list", "fill"}

    def fill(self) -> None:
        """Count anew, and look for a draft to go on with; the page asks for its list itself."""
        if self._under_way("fill"):
            return
        desk, page, today = self._desk, self.page, self._desk.clock.now().date()
        day = today.isoformat()
        self._lane.run(lambda: desk.store.counts(day), then=page.set_counts, owner=page)
        self._lane.run(lambda: asking.latest_draft(desk), then=page.set_resume, owner=page)
        self._lane.run(lambda: asking.notes(desk, today), then=page.set_notes, owner=page)
        self._looking.start()

    def _look_through(self) -> None:
        """Work out which approvals end when, a few at a time while nothing else is waiting; then count once more."""
        if self._lane.stopped:
            return
        desk, page, day = self._desk, self.page, self._desk.clock.now().date().isoformat()

        def work() -> tuple[bool, bool]:
            before = bool(desk.store.unreckoned(1))
            return before, before and renewals.look_through(desk)

        def done(what: tuple[bool, bool]) -> None:
            some, more = what
            if more:
                self._looking.start()
            elif some:
                self._lane.run(lambda: desk.store.counts(day), then=page.set_counts, owner=page)

        self._lane.run(work, then=done, failed=lambda _problem: None, owner=self)

    def _under_way(self, what: str) -> bool:
        """Return whether :meth:`begin` asked for this and nobody since."""
        under_way = what in self._begun
        self._begun.discard(what)
        return under_way

    def _list(self, name: str) -> None:
        if self._under_way("list"):
            return
        desk, page, today = self._desk, self.page, self._desk.clock.now().date()
        self._lane.run(
            lambda: asking.listed(desk, name, today), then=lambda entries: page.set_entries(name, entries), owner=page
        )

    def _search(self, text: str) -> None:
        desk, page = self._desk, self.page

        def show(found: Found) -> None:
            page.set_results(text, found.entries, scanned=found.scanned, elsewhere=found.elsewhere)

        self._lane.run(lambda: finding.find(desk, text), then=show, owner=page)

    def _recent(self) -> None:
        desk, page = self._desk, self.page
        self._lane.run(desk.store.opened, then=page.set_recent, owner=page)

    def _around(self, entry: Entry) -> None:
        desk, page = self._desk, self.page
        self._lane.run(
            lambda: asking.around(desk, entry),
            then=page.set_around,
            # Beside the row, and missed by nobody who did not ask for it.
            failed=lambda _problem: None,
            owner=page,
        )

    def _renew(self, id_: str) -> None:
        desk, page = self._desk, self.page
        self._lane.run(
            lambda: renewal.begin(desk, id_),
            then=self.case_wanted.emit,
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )

    # codes
    def _pictures(self, found: Sequence[Path | bytes]) -> None:
        desk, page = self._desk, self.page

        def work() -> str:
            files = [(one.name, one.read_bytes()) if not isinstance(one, bytes) else ("贴上的图.png", one) for one in found]
            return finding.codes_of(desk, files)

        self._lane.run(
            work, then=self._read, failed=self._unread, owner=page, broken=lambda: page.say("bad", finding.NOTHING_READ)
        )

    def _read(self, number: str) -> None:
        if number:
            self.page.look_for(number)
        else:
            self.page.say("warn", finding.NOTHING_READ)

    def _unread(self, problem: AppError) -> None:
        self.page.say("bad", problem.sentence)

    def _camera(self) -> None:
        desk = self._desk
        dialog = code_camera.open_camera(self._window, self._lane, lambda data: finding.codes_of(desk, [("高拍仪.jpg", data)]))
        if dialog is None:
            self.page.say("warn", code_camera.NO_MULTIMEDIA)
        else:
            dialog.read.connect(self.page.look_for)
