"""Papers that come after acceptance: the accepted case is opened again at them, as its next version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import deferral
from app.ui.case.session import CaseSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.application import Application
    from app.services.ports import Desk
    from app.ui.case.case_page import CasePage
    from app.ui.lane import Lane


class LateDesk(QObject):
    """Serves the band of one case page. ``attach`` has a new session served; ``opened()`` once the next version is on screen."""

    opened = Signal()

    def __init__(self, desk: Desk, lane: Lane, case: CasePage, attach: Callable[[CaseSession], None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._case, self._attach = desk, lane, case, attach
        case.gaps.bring.connect(self.bring)

    def bring(self) -> None:
        """Open the case in hand to take in what it owes."""
        session, case, desk = self._case.session, self._case, self._desk
        if session is None or session.given or session.held or not session.application.owed:
            return
        id_ = session.application.id

        def show(draft: Application) -> None:
            if case.session is session:
                fresh = CaseSession(desk, self._lane, draft, case)
                self._attach(fresh)
                case.open_case(fresh)
                self.opened.emit()

        self._lane.run(
            lambda: deferral.bring(desk, id_),
            then=show,
            failed=lambda problem: case.message.say("warn", problem.sentence),
            owner=case,
        )
