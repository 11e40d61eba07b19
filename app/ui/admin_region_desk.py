"""What the region's papers need of the machine: how they stand, and another version on one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import clerks, region_versions

if TYPE_CHECKING:
    from app.services.ports import Desk
    from app.services.region_versions import Standing
    from app.ui.admin_region import RegionSection
    from app.ui.lane import Lane


class RegionDesk(QObject):
    """Serves one clerk's desk.

    Signals: ``used(Desk)``: this desk begins new drafts with another version; ``said(tone, sentence)``; ``noted()`` when the left column may
    have something else to say.
    """

    used = Signal(object)
    said = Signal(str, str)
    noted = Signal()

    def __init__(self, parent: QObject, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._lane, self._desk = lane, desk
        self._page: RegionSection | None = None

    def serve(self, page: RegionSection) -> None:
        """Wire the section."""
        self._page = page
        page.use_wanted.connect(self._use)

    def read(self) -> None:
        """Read how it stands and show it."""
        desk, page = self._desk, self._page
        if page is None:
            return

        def show(found: tuple[Standing, bool]) -> None:
            page.put(found[0], boss=found[1])
            self.noted.emit()

        self._lane.run(
            lambda: (region_versions.standing(desk), clerks.is_supervisor(desk)),
            then=show,
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=page,
        )

    def _use(self, version: str) -> None:
        desk = self._desk
        self._lane.run(
            lambda: region_versions.use(desk, version),
            then=self.used.emit,
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=self,
        )
