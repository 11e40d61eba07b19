"""What the workbench's page needs of the machine: counts, lists and searches, on the local lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui import asking
from app.ui.workbench import WorkbenchPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.services.ports import Desk
    from app.ui.lane import Lane


class WorkbenchDesk(QObject):
    """Serves one workbench page."""

    def __init__(self, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(window)
        self._lane = lane
        self._desk = desk
        self.page = WorkbenchPage(desk.clock.now)
        self.page.set_region(desk.region)
        self.page.set_policy(asking.policy_lines(desk, desk.clock.now().date()))
        self.page.list_wanted.connect(self._list)
        self.page.search_wanted.connect(self._search)

    def fill(self) -> None:
        """Count anew, and look for a draft to go on with; the page asks for its list itself."""
        desk, page, today = self._desk, self.page, self._desk.clock.now().date().isoformat()
        self._lane.run(lambda: desk.store.counts(today), then=page.set_counts, owner=page)
        self._lane.run(lambda: asking.latest_draft(desk), then=page.set_resume, owner=page)

    def _list(self, name: str) -> None:
        desk, page, today = self._desk, self.page, self._desk.clock.now().date()
        self._lane.run(
            lambda: asking.listed(desk, name, today), then=lambda entries: page.set_entries(name, entries), owner=page
        )

    def _search(self, text: str) -> None:
        desk, page = self._desk, self.page
        self._lane.run(lambda: desk.store.search(text), then=lambda entries: page.set_results(text, entries), owner=page)
