"""What opens an accepted case again as its next version: papers that come late, and what a supervisor sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import deferral, second_look
from app.ui.case.session import CaseSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.application import Application
    from app.core.second_look import Look
    from app.services.ports import Desk
    from app.ui.case.case_page import CasePage
    from app.ui.lane import Lane


class LateDesk(QObject):
    """Serves the band of one case page. ``attach`` has a new session served; ``opened()`` once the next version is on screen."""

    opened = Signal()

    def __init__(self, desk: Desk, lane: Lane, case: CasePage, attach: Callable[[CaseSession], None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._case, self._attach = desk, lane, case, attach
        self._look: tuple[CaseSession, Look] | None = None
        case.gaps.bring.connect(self.bring)

    def look(self, session: CaseSession) -> None:
        """Find out whether a supervisor sent this case back, and say so over it."""
        self._look = None
        self._case.gaps.sent_back(None)
        desk, application = self._desk, session.application
        if application.acceptance is None or session.given:
            return

        def show(look: Look | None) -> None:
            if look is not None and self._case.session is session and session.application.revision == application.revision:
                self._look = session, look
                self._case.gaps.sent_back(look)

        # What keeps it from being read is said where the list of what was sent back is read.
        self._lane.run(
            lambda: second_look.sent_back(desk, application), then=show, failed=lambda _problem: None, owner=self._case
        )

    def bring(self) -> None:
        """Open the case in hand to take in what it owes, or to correct what was sent back; both where both are so."""
        session, case, desk = self._case.session, self._case, self._desk
        if session is None or session.given or session.held:
            return
        sent_back = self._look is not None and self._look[0] is session
        if not sent_back and not session.application.owed:
            return
        id_, opens = session.application.id, second_look.correct if sent_back else deferral.bring

        def show(draft: Application) -> None:
            if case.session is session:
                fresh = CaseSession(desk, self._lane, draft, case)
                self._attach(fresh)
                case.open_case(fresh)
                self.opened.emit()

        self._lane.run(
            lambda: opens(desk, id_),
            then=show,
            failed=lambda problem: case.message.say("warn", problem.sentence),
            owner=case,
        )
