"""The papers of a case between the store, the screen and the printer: what a moment offers, its pictures, printing, saving as files.

Every job carries the session it belongs to, so papers that arrive after the clerk went on to another case are left aside.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services import offers, papers, printing, signing
from app.services.signed_back import FORM_SCAN
from app.ui import keys
from app.ui.case.finished_page import FinishedPage
from app.ui.case.finished_words import is_old
from app.ui.case.how_dialog import HowDialog
from app.ui.case.papers_dialog import PapersDialog
from app.ui.case.sign_dialog import SignDialog
from app.ui.print_work import PrintWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.application import Application
    from app.core.signature import Stroke
    from app.services.offers import Offer
    from app.services.ports import Desk, Rendered
    from app.services.printing import Wish
    from app.ui.case.case_page import CasePage
    from app.ui.case.finished_panel import PrintPanel
    from app.ui.case.paper_view import PaperView
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

    Ask = Callable[[Desk, Application], tuple[Offer, ...]]

_KEPT = 4
"""Papers that can be on screen at once, each in its own view."""


class PapersDesk(QObject):
    """Serves the papers of one case page: the finished step, and the dialog of F7 before it."""

    def __init__(self, desk: Desk, lane: Lane, case: CasePage, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._case = desk, lane, case
        self._work = PrintWork(desk, lane, self)
        self._pdfs: dict[str, bytes] = {}
        self._first_look = ""
        self._asking = False
        self._resting = False
        keys.bind(case, "notice", self.open_missing)

    def rest(self) -> None:
        """Ask for nothing more: the window closes."""
        self._resting = True

    # pictures
    def wire_paper(self, paper: PaperView) -> None:
        """Answer what this view asks for."""
        desk = self._desk

        def draw(digest: str, number: int, dpi: float) -> None:
            pdf = self._pdfs.get(digest)
            if pdf is not None:
                self._lane.run(
                    lambda: desk.printery.picture(pdf, number, dpi),
                    then=lambda got: paper.set_page(digest, number, *got),
                    owner=paper,
                )

        paper.page_wanted.connect(draw)

    def show(self, paper: PaperView, document: Rendered) -> None:
        """Show a document in a view that was wired."""
        self._pdfs[document.digest] = document.pdf
        while len(self._pdfs) > _KEPT:
            del self._pdfs[next(iter(self._pdfs))]
        title, drawn = printing.TITLES.get(document.kind, ""), document.kind != FORM_SCAN
        paper.put(document.digest, title, document.pages, document.problems, drawn=drawn)

    def forget(self) -> None:
        """Keep nothing of the case before."""
        self._pdfs.clear()

    # the finished step
    def look_at(self, kind: str) -> None:
        """Show this document first when the papers of the next accepted case arrive."""
        self._first_look = kind

    def wire_finished(self, page: FinishedPage) -> None:
        """Serve the finished step from now on."""
        self._serve(page.panel, lambda: self._case.session, offers.after_acceptance)
        page.panel.offers_wanted.connect(self.fetch)
        page.sign_wanted.connect(self._sign)

    def fetch(self) -> None:
        """Bring the papers of the accepted case, and whether something prints here."""
        session, page = self._case.session, self._finished()
        if session is None or session.application.acceptance is None or self._resting:
            return

        def show(found: tuple[Offer, ...]) -> None:
            if self._case.session is session and self._case.step == "finished":
                kind, self._first_look = self._first_look, ""
                page.show_offers(found, look=kind)

        self._fetch(page.panel, session, offers.after_acceptance, show)
        self._work.available(lambda there: page.set_printer(available=there), page)

    # signing
    def _sign(self) -> None:
        session, page, desk = self._case.session, self._finished(), self._desk
        if session is None or session.application.acceptance is None:
            return
        id_ = session.application.id

        def show(found: dict[str, Rendered]) -> None:
            form = found.get(signing.FORM)
            if self._case.session is not session or form is None:
                return
            dialog = SignDialog(page, "代办人" if session.application.by_agent else "申请人")
            self.wire_paper(dialog.paper)
            dialog.signed.connect(lambda *written: self._keep_name(session, form, *written))
            dialog.open()
            self.show(dialog.paper, form)

        self._lane.run(
            lambda: desk.store.documents(id_),
            then=show,
            failed=lambda problem: page.message.say("bad", problem.sentence),
            owner=page,
        )

    def _keep_name(self, session: CaseSession, form: Rendered, strokes: tuple[Stroke, ...], width: int, height: int) -> None:
        page, desk, application = self._finished(), self._desk, session.application

        def kept(_made: Rendered) -> None:
            if self._case.session is session:
                page.message.say("good", "签名已放进申请表；没签的那份也留着")
                self.fetch()

        self._lane.run(
            lambda: signing.sign(desk, application, form.digest, strokes, width, height),
            then=kept,
            failed=lambda problem: page.message.say("bad", problem.sentence),
            owner=page,
        )

    # before acceptance
    def open_missing(self) -> None:
        """F7: everything the applicant has to mend, on one paper, looked at first."""
        session, case = self._case.session, self._case
        if session is None or not session.editable or self._asking:
            return
        session.flush()
        self._asking = True

        def show(found: tuple[Offer, ...]) -> None:
            self._asking = False
            if case.session is not session or not case.isVisible():
                return
            if found:
                self._missing_dialog(session, found)
            else:
                case.message.say("good", "没有要申请人补的，不用打一次性告知书")

        def failed(sentence: str) -> None:
            self._asking = False
            case.message.say("bad", sentence)

        self._fetch(case, session, offers.missing, show, failed)

    def _missing_dialog(self, session: CaseSession, found: tuple[Offer, ...]) -> None:
        dialog = PapersDialog(
            self._case, "一次性告知书", "要补的一次说全：问题、怎么补、到哪里。两份，双方签名，一份交申请人，一份留存。"
        )
        panel = dialog.panel
        self._serve(panel, lambda: session, offers.missing)
        panel.offers_wanted.connect(lambda: self._fetch(panel, session, offers.missing, panel.show_offers))
        panel.start(old=is_old(session.state))
        dialog.open()
        panel.show_offers(found)
        self._work.available(dialog.set_printer, panel)

    # a panel
    def _serve(self, panel: PrintPanel, current: Callable[[], CaseSession | None], ask: Ask) -> None:
        self.wire_paper(panel.paper)

        def look(kind: str) -> None:
            offer = panel.offer(kind)
            if offer is not None:
                self.show(panel.paper, offer.sheet.document)

        panel.look_wanted.connect(look)
        panel.print_wanted.connect(lambda kinds: self._print(panel, current(), kinds))
        panel.save_wanted.connect(lambda kinds, folder: self._save(panel, current(), kinds, folder))
        panel.how_wanted.connect(lambda: self._how(panel, current(), ask))

    def _fetch(
        self,
        owner: QObject,
        session: CaseSession,
        ask: Ask,
        show: Callable[[tuple[Offer, ...]], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        if self._resting:
            return
        desk, application = self._desk, session.application
        if failed is None:
            self._lane.run(lambda: ask(desk, application), then=show, owner=owner)
            return
        self._lane.run(
            lambda: ask(desk, application),
            then=show,
            failed=lambda problem: failed(problem.sentence),
            broken=lambda: failed("一次性告知书没有画出来，已填的都在"),
            owner=owner,
        )

    def _print(self, panel: PrintPanel, session: CaseSession | None, kinds: list[str]) -> None:
        if session is None:
            return
        # What was looked at is what prints: these very bytes.
        sheets = panel.sheets(kinds)
        here = panel.case

        def mine(act: Callable[[], None]) -> None:
            if panel.case == here:
                act()

        def done(_taken: object) -> None:
            mine(lambda: panel.printed(kinds))

        def stuck(words: str) -> None:
            mine(lambda: panel.stuck(words))

        self._work.print(
            session.application.id,
            lambda: sheets,
            owner=panel,
            done=done,
            failed=lambda sentence: mine(lambda: panel.say("bad", sentence)),
            stuck=stuck,
        )

    def _save(self, panel: PrintPanel, session: CaseSession | None, kinds: list[str], folder: str) -> None:
        if session is None:
            return
        desk, id_, sheets = self._desk, session.application.id, panel.sheets(kinds)

        def work() -> tuple[str, ...]:
            papers.keep(desk, id_, sheets)
            return printing.save_documents(desk, id_, [sheet.document for sheet in sheets], Path(folder))

        self._lane.run(
            work,
            then=lambda names: panel.say("good", f"已存成 PDF：{'、'.join(names)}"),
            failed=lambda problem: panel.say("bad", problem.sentence),
            owner=panel,
        )

    # how things print
    def _how(self, panel: PrintPanel, session: CaseSession | None, ask: Ask) -> None:
        if session is None:
            return
        dialog = HowDialog(panel, panel.offers, papers.asked_for())

        def keep(wishes: dict[str, Wish]) -> None:
            desk, application = self._desk, session.application

            def work() -> tuple[Offer, ...]:
                for kind, wish in wishes.items():
                    printing.remember(desk, kind, wish)
                return ask(desk, application)

            self._lane.run(work, then=panel.show_offers, failed=lambda problem: panel.say("bad", problem.sentence), owner=panel)

        dialog.taken.connect(keep)
        dialog.open()
        dialog.focus_first()
        self._work.printers(dialog.set_printers, dialog)

    def _finished(self) -> FinishedPage:
        page = self._case.page("finished")
        assert isinstance(page, FinishedPage)  # noqa: S101 - narrows for the type checker; the page table says so
        return page
