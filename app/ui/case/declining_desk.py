"""Ctrl F7: why an application cannot be taken here today, chosen, looked at, printed. The draft stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.services import declining, offers
from app.ui import keys
from app.ui.case.causes_dialog import CausesDialog
from app.ui.case.finished_words import is_old
from app.ui.case.papers_dialog import PapersDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.application import Application
    from app.core.declining import Cause
    from app.services.offers import Offer
    from app.services.papers import Sheet
    from app.services.ports import Desk
    from app.ui.case.case_page import CasePage
    from app.ui.case.papers_desk import PapersDesk
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

_BROKEN: Final = "这张纸没有画出来，已填的都在"
_WORDS: Final = "两份，双方签名，一份交申请人，一份留存。草稿留在工作台。"


class DecliningDesk(QObject):
    """Serves the reasons sheet of one case page."""

    def __init__(self, desk: Desk, lane: Lane, case: CasePage, papers: PapersDesk) -> None:
        super().__init__(papers)
        self._desk, self._lane, self._case, self._papers = desk, lane, case, papers
        self._asking = False
        keys.bind(case, "decline", self.open)

    def open(self) -> None:
        """Offer the reasons of the case in hand."""
        session, desk = self._case.session, self._desk
        if session is None or not session.editable or session.held or self._asking:
            return
        application = session.application
        dialog = CausesDialog(self._case, declining.causes(desk, application))
        dialog.chosen.connect(lambda chosen: self._draw(session, tuple(chosen)))
        dialog.open()

    def _draw(self, session: CaseSession, chosen: tuple[Cause, ...]) -> None:
        case = self._case
        if case.session is not session:
            return
        session.flush()
        self._asking = True

        def ask(desk: Desk, application: Application) -> tuple[Offer, ...]:
            return offers.declined(desk, application, chosen)

        def show(found: tuple[Offer, ...]) -> None:
            self._asking = False
            if case.session is session and case.isVisible():
                self._dialog(session, chosen, ask, found)

        def failed(sentence: str) -> None:
            self._asking = False
            case.message.say("bad", sentence)

        self._papers.bring(case, session, ask, show, (failed, _BROKEN))

    def _dialog(
        self,
        session: CaseSession,
        chosen: tuple[Cause, ...],
        ask: Callable[[Desk, Application], tuple[Offer, ...]],
        found: tuple[Offer, ...],
    ) -> None:
        dialog = PapersDialog(self._case, "暂不能受理的原因", _WORDS, (declining.SHEET, "privacy"))
        panel = dialog.panel

        def first(sheets: Sequence[Sheet], go: Callable[[], None], failed: Callable[[str], None]) -> None:
            if not declining.among(sheet.document.kind for sheet in sheets):
                go()
                return
            desk, application = self._desk, session.application
            self._lane.run(
                lambda: declining.note(desk, application, chosen),
                then=lambda _none: go(),
                failed=lambda problem: failed(problem.sentence),
                owner=panel,
            )

        self._papers.serve(panel, lambda: session, ask, first)
        panel.offers_wanted.connect(lambda: self._papers.bring(panel, session, ask, panel.show_offers))
        panel.start(old=is_old(session.state))
        dialog.open()
        panel.show_offers(found)
        self._papers.work.available(dialog.set_printer, panel)
