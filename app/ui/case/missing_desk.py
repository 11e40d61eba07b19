"""F7: everything the applicant has to mend on one paper, looked at, printed, and the case parked until the person comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.services import offers, waiting
from app.ui import keys
from app.ui.case.finished_words import is_old
from app.ui.case.papers_dialog import PapersDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.application import Application
    from app.core.errors import AppError
    from app.services.offers import Offer
    from app.services.papers import Sheet
    from app.services.ports import Desk
    from app.ui.case.case_page import CasePage
    from app.ui.case.papers_desk import PapersDesk
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

_WORDS: Final = "要补的一次说全：问题、怎么补、到哪里。两份，双方签名，一份交申请人，一份留存。"
_PARKS: Final = "打出来，这件就放到工作台「待补材料」，人回来接着办。"
_BROKEN: Final = "一次性告知书没有画出来，已填的都在"


class MissingDesk(QObject):
    """Serves F7 of one case page. ``busy`` says whether pages are still on their way into the case."""

    def __init__(self, desk: Desk, lane: Lane, case: CasePage, papers: PapersDesk, busy: Callable[[], bool]) -> None:
        super().__init__(papers)
        self._desk, self._lane, self._case, self._papers, self._busy = desk, lane, case, papers, busy
        self._asking = False
        keys.bind(case, "notice", self.open)

    def open(self) -> None:
        """Show the notice of the case in hand, or say that there is nothing to tell."""
        session, case = self._case.session, self._case
        if session is None or not session.editable or session.held or self._asking:
            return
        session.flush()
        self._asking = True

        def show(found: tuple[Offer, ...]) -> None:
            self._asking = False
            if case.session is not session or not case.isVisible():
                return
            if found:
                self._dialog(session, found)
            else:
                case.message.say("good", waiting.NOTHING)

        def failed(sentence: str) -> None:
            self._asking = False
            case.message.say("bad", sentence)

        self._papers.bring(case, session, offers.missing, show, (failed, _BROKEN))

    def _dialog(self, session: CaseSession, found: tuple[Offer, ...]) -> None:
        case, before = self._case, session.application.waiting
        again = f"这是第 {before.nth + 1} 次告知，会记下来。" if before is not None else ""
        dialog = PapersDialog(case, "一次性告知书", f"{_WORDS}{_PARKS}{again}")
        panel = dialog.panel
        self._papers.serve(panel, lambda: session, offers.missing, lambda *asked: self._give(session, dialog, *asked))
        panel.offers_wanted.connect(lambda: self._papers.bring(panel, session, offers.missing, panel.show_offers))
        panel.start(old=is_old(session.state), size=session.application.print_size)
        dialog.finished.connect(lambda _answer: self._leave(session) if dialog.parked else None)
        dialog.open()
        panel.show_offers(found)
        self._papers.work.available(dialog.set_printer, panel)

    def _give(
        self,
        session: CaseSession,
        dialog: PapersDialog,
        sheets: Sequence[Sheet],
        go_on: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        """Park the case before its notice prints; other papers print as they are."""
        if not waiting.among(sheet.document.kind for sheet in sheets):
            go_on()
            return
        if self._busy() or session.held:
            failed("原件还在收进来，收完再打")
            return
        session.flush()
        session.held = True
        desk, application = self._desk, session.application

        def parked(stored: Application) -> None:
            session.held = False
            session.show(stored)
            if isValid(dialog):
                dialog.parked = True
                dialog.stay.put("回工作台")
            else:
                self._leave(session)
            go_on()

        def refused(problem: AppError) -> None:
            session.held = False
            failed(problem.sentence)

        def broken() -> None:
            session.held = False
            failed(_BROKEN)

        self._lane.run(
            lambda: waiting.give(desk, application, sheets), then=parked, failed=refused, broken=broken, owner=session
        )

    def _leave(self, session: CaseSession) -> None:
        if self._case.session is session and self._case.isVisible():
            self._case.put_aside.emit()
