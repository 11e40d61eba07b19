"""What the administration page needs of the machine: a desk for each of its sections, and what they all read at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.services import administration, clerks
from app.ui.admin import AdminPage
from app.ui.admin_people import PeopleStanding
from app.ui.admin_people_desk import PeopleDesk
from app.ui.admin_places_desk import PlacesDesk
from app.ui.admin_region_desk import RegionDesk
from app.ui.admin_settings_desk import SettingsDesk
from app.ui.board_desk import BoardDesk
from app.ui.end_of_day_desk import EndOfDayDesk
from app.ui.parcels_desk import ParcelsDesk
from app.ui.slices import at_once, made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.ports import AuditEntry, Desk
    from app.ui.errands import Errands
    from app.ui.lane import Lane


class AdminDesk(QObject):
    """Serves one clerk's desk. ``idle_set(minutes)`` when the setting is known or changed; ``moved()`` when a draft came, went or came back."""

    idle_set = Signal(int)
    moved = Signal()
    taken = Signal(str)

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, errands: Errands) -> None:
        super().__init__(window)
        self._window = window
        self._lane = lane
        self._desk = desk
        self._page: AdminPage | None = None
        self.staff = PeopleDesk(self, window, lane, desk)
        self.places = PlacesDesk(self, window, lane, desk, errands)
        self.settings = SettingsDesk(self, window, lane, desk)
        self.region = RegionDesk(self, lane, desk)
        self.parcels = ParcelsDesk(self, window, lane, desk)
        self.end_of_day = EndOfDayDesk(self, window, lane, desk)
        self.board = BoardDesk(self, window, lane, desk)
        self.staff.changed.connect(self.read)
        self.settings.idle_known.connect(self.idle_set)
        self.parcels.moved.connect(self.moved)
        self.parcels.taken.connect(self.taken)
        self.end_of_day.open_wanted.connect(self.taken)

    def make(self) -> AdminPage:
        """Return the page, wired."""
        page = self._page = AdminPage(self._desk.clock.now)
        at_once(made(page))
        page.fresh_wanted.connect(self.read)
        page.audit.file_wanted.connect(self._save_audit)
        self.staff.serve(page.people)
        self.places.serve(page.places)
        self.settings.serve(page.settings)
        self.region.serve(page.region)
        self.end_of_day.serve(page.end_of_day)
        self.board.serve(page.board)
        for desk in (self.staff, self.places, self.settings, self.region, self.end_of_day, self.board):
            desk.said.connect(page.say)
        for desk in (self.places, self.settings, self.region, self.end_of_day, self.board):
            desk.noted.connect(page.note_sections)
        return page

    def show(self, section: str, said: str = "") -> None:
        """Show a section of the page, which is on screen, and say what came of a wish."""
        if self._page is not None:
            self._page.choose(section)
            if said:
                self._page.say("good", said)

    def read(self) -> None:
        """Read how things stand and show it."""
        desk, page = self._desk, self._page
        if page is None:
            return

        def look() -> tuple[PeopleStanding, Sequence[AuditEntry]]:
            people = PeopleStanding(clerks.people(desk), desk.clerk, clerks.is_supervisor(desk))
            return people, administration.newest(desk)

        def show(found: tuple[PeopleStanding, Sequence[AuditEntry]]) -> None:
            people, entries = found
            page.put(people.me, boss=people.supervisor)
            page.people.put(people)
            page.audit.put(entries, boss=people.supervisor)
            page.note_sections()

        self._lane.run(look, then=show, owner=page)
        self.places.read()
        self.settings.read()
        self.region.read()
        self.end_of_day.read()

    def _save_audit(self) -> None:
        desk, page = self._desk, self._page
        folder = QFileDialog.getExistingDirectory(self._window, "操作记录存到哪个文件夹")
        if page is None or not folder:
            return

        def saved(_name: str) -> None:
            page.say("good", "操作记录已存成文件，连着每条的校验值")
            self.read()

        self._lane.run(
            lambda: administration.save_audit(desk, Path(folder)),
            then=saved,
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )
