"""What a case needs of the machine: documents into pictures, acceptance, printing. All of it on the local lane.

Every job carries the session it belongs to, so an answer that arrives after the clerk went on to another case still reaches the right one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import ClockDoubtError
from app.services import layouts
from app.services.finalise import Missing, Ready, finalise, preview
from app.ui.case import original_pictures
from app.ui.case.answers_page import AnswersPage
from app.ui.case.applicant_desk import ApplicantDesk
from app.ui.case.card_first import CardFirst
from app.ui.case.characters_desk import CharactersDesk
from app.ui.case.declining_desk import DecliningDesk
from app.ui.case.duplicate_desk import DuplicateDesk
from app.ui.case.finished_page import FinishedPage
from app.ui.case.finished_words import SIGNED_GOES
from app.ui.case.late_desk import LateDesk
from app.ui.case.layout_watch import LayoutWatch
from app.ui.case.materials_desk import MaterialsDesk
from app.ui.case.materials_page import MaterialsPage
from app.ui.case.missing_desk import MissingDesk
from app.ui.case.papers_desk import PapersDesk
from app.ui.case.read_desk import ReadDesk
from app.ui.case.signed_desk import SignedDesk

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.errors import AppError
    from app.services.layouts import Redrawn
    from app.services.ports import Desk, Goes, Rendered
    from app.ui.case.beside import Beside
    from app.ui.case.case_page import CasePage
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

PREVIEW_MS = 300


class DeskWork(QObject):
    """Serves one case page.

    Signals: ``accepted(Ready)`` when an application was accepted and queued; ``settled(id)`` when its form was signed, or its last page was
    left without; ``date_doubted()`` when it was not because today's date
    must be confirmed first; ``disk_full()`` when originals were refused for want of room.
    """

    accepted = Signal(object)
    settled = Signal(str)
    date_doubted = Signal()
    disk_full = Signal()

    def __init__(self, desk: Desk, lane: Lane, page: CasePage) -> None:
        super().__init__(page)
        self._desk = desk
        self._lane = lane
        self._page = page
        self._wired: set[str] = set()
        self._busy = False
        self._unsettled = ""
        self.materials = MaterialsDesk(desk, lane, page, self)
        self.materials.disk_full.connect(self.disk_full)
        self.papers = PapersDesk(desk, lane, page, self)
        self.papers.signed.connect(self._settle)
        self.missing = MissingDesk(desk, lane, page, self.papers, lambda: self.materials.busy)
        self.declining = DecliningDesk(desk, lane, page, self.papers)
        self.late = LateDesk(desk, lane, page, self.attach, self)
        self.same = DuplicateDesk(desk, lane, page, self)
        self.read = ReadDesk(desk, lane, page, self)
        CardFirst(page, self.read)
        self.characters = CharactersDesk(page, lane, desk.characters)
        self.applicant = ApplicantDesk(desk, lane, page, self.papers)
        self.signed = SignedDesk(desk, lane, self.materials.work, self)
        self.signed.kept.connect(self._signed_back)
        self.signed.lost.connect(lambda sentence: self._finished().message.say("bad", sentence))
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(PREVIEW_MS)
        self._redraw.timeout.connect(self._draw_form)
        self._layouts = LayoutWatch(self)
        self._layouts.changed.connect(self._edited_layout)
        page.accept.connect(self.accept)
        page.step_shown.connect(self._shown)

    def rest(self) -> None:
        """Draw nothing more: the window closes, and its lane with it."""
        self._redraw.stop()
        self._layouts.watch(None)
        self.applicant.rest()
        self.signed.rest()
        self.materials.rest()
        self.papers.rest()
        self.characters.rest()
        self.read.rest()

    def attach(self, session: CaseSession) -> None:
        """Serve this session from now on."""
        self.papers.forget()
        session.changed.connect(self._changed)
        self.same.attach(session)
        self.applicant.attach(session)
        self.read.attach(session)
        self.late.look(session)

    def look_at(self, kind: str) -> None:
        """Show this document first when the documents of the next accepted case arrive."""
        self.papers.look_at(kind)

    # acceptance
    def accept(self) -> None:
        """Finalise the case: everything stored first, then all checks, the papers and the queue."""
        session = self._page.session
        if session is None or not session.editable or self._busy:
            return
        answers = self._answers()
        if session.state.stops:
            answers.show_stops(session.state.stops)
            return
        if not session.application.read_back:
            answers.say("warn", "先念给申请人听，或一起看一遍，再勾上「没有要改的」")
            answers.focus_field("read_back")
            return
        if self.materials.busy:
            answers.say("warn", "原件还在收进来，收完再受理")
            return
        session.flush()
        self._busy = session.held = True
        answers.set_busy(busy=True)
        desk, application = self._desk, session.application
        self._lane.run(
            lambda: finalise(desk, application),
            then=lambda result: self._finalised(session, result),
            failed=lambda problem: self._not_finalised(session, problem),
            owner=self,
            broken=lambda: self._done(session),
        )

    def _finalised(self, session: CaseSession, result: Missing | Ready) -> None:
        self._done(session)
        here = self._page.session is session
        if isinstance(result, Ready):
            session.show(result.application)
            self._settle(self._unsettled)
            self._unsettled = result.application.id
            self.accepted.emit(result)
            if here:
                self._page.open_step("finished")
            else:
                self._left_finished()
        elif here:
            self._answers().show_stops(result.findings)

    def _not_finalised(self, session: CaseSession, problem: AppError) -> None:
        self._done(session)
        if self._page.session is session:
            self._answers().say("bad", problem.sentence)
        if isinstance(problem, ClockDoubtError):
            self.date_doubted.emit()

    def _done(self, session: CaseSession) -> None:
        self._busy = session.held = False
        self._answers().set_busy(busy=False)

    # steps
    def _shown(self, step: str) -> None:
        if step not in self._wired:
            self._wired.add(step)
            if step == "materials":
                self.materials.wire(self._materials())
            elif step == "answers":
                self.papers.wire_paper(self._answers().paper)
                self._bring_originals(self._answers().beside)
            elif step == "finished":
                self.papers.wire_finished(self._finished())
                self._bring_originals(self._finished().panel.beside)
                self._finished().back_wanted.connect(self._take_signed)
                self._finished().left.connect(self._left_finished)
        self.materials.shown(on=step == "materials")
        self._redraw.stop()
        self._watch_layouts()
        if step == "answers":
            self._draw_form()
        elif step == "finished":
            self.papers.fetch()

    def _changed(self) -> None:
        if self._page.step == "answers":
            self._redraw.start()

    def _bring_originals(self, beside: Beside) -> None:
        def here() -> str:
            return self._page.session.application.id if self._page.session is not None else ""

        original_pictures.serve(beside, self._desk, self._lane, here)

    # the signed form
    def _take_signed(self) -> None:
        session = self._page.session
        if session is not None and session.application.acceptance is not None:
            self.signed.open(self._finished(), session)

    def _settle(self, id_: str) -> None:
        """Say that nothing more is expected for an application before it goes to the office."""
        if id_:
            self._unsettled = "" if id_ == self._unsettled else self._unsettled
            self.settled.emit(id_)

    def _left_finished(self) -> None:
        self._settle(self._unsettled)

    def _signed_back(self, id_: str, number: str, pages: int, goes: Goes) -> None:
        self._settle(id_)
        session = self._page.session
        if session is None or self._page.step != "finished":
            return
        mine = session.application.id == id_
        where = "放进这一件" if mine else f"放到编号 {number} 那一件"
        self._finished().message.say("good", f"签好的 {pages} 页已{where}{SIGNED_GOES[goes]}")
        if mine:
            self.papers.fetch()

    # documents
    def _draw_form(self) -> None:
        session = self._page.session
        if session is None:
            return
        desk, application, editable = self._desk, session.application, session.editable

        def draw() -> Rendered | None:
            return preview(desk, application) if editable else desk.store.documents(application.id).get("form")

        def show(document: Rendered | None) -> None:
            if document is not None and self._page.session is session and self._page.step == "answers":
                self.papers.show(self._answers().paper, document)

        self._lane.run(draw, then=show, owner=self)

    def _watch_layouts(self) -> None:
        """Watch the files that the open preview is drawn by, while there is one."""
        session, desk = self._page.session, self._desk
        if session is None or not session.editable or self._page.step != "answers":
            self._layouts.watch(None)
            return
        application = session.application
        self._lane.run(lambda: layouts.folder(desk, application), then=self._found_layouts, owner=self)

    def _found_layouts(self, folder: Path | None) -> None:
        if self._page.step == "answers":
            self._layouts.watch(folder)

    def _edited_layout(self) -> None:
        session, desk = self._page.session, self._desk
        if session is None or not session.editable or self._page.step != "answers":
            return
        application, moment = session.application, desk.clock.now().isoformat(timespec="seconds")

        def show(drawn: Redrawn) -> None:
            if self._page.session is session and self._page.step == "answers":
                paper = self._answers().paper
                paper.tell("warn", drawn.problem)
                if drawn.document is not None:
                    self.papers.show(paper, drawn.document)

        self._lane.run(lambda: layouts.redraw(desk, application, moment), then=show, owner=self)

    def _materials(self) -> MaterialsPage:
        page = self._page.page("materials")
        assert isinstance(page, MaterialsPage)  # noqa: S101 - narrows for the type checker; the page table says so
        return page

    def _answers(self) -> AnswersPage:
        page = self._page.page("answers")
        assert isinstance(page, AnswersPage)  # noqa: S101
        return page

    def _finished(self) -> FinishedPage:
        page = self._page.page("finished")
        assert isinstance(page, FinishedPage)  # noqa: S101
        return page
