"""The papers of a case between the store, the screen and the printer: what a moment offers, its pictures, printing, saving as files.

Every job carries the session it belongs to, so papers that arrive after the clerk went on to another case are left aside.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import offers, papers, printing, signing
from app.services.papers import Sheet
from app.services.signed_back import FORM_SCAN
from app.ui.case.finished_page import FinishedPage
from app.ui.case.finished_words import SIGNED_GOES, next_words
from app.ui.case.how_dialog import HowDialog
from app.ui.case.sign_dialog import SignDialog
from app.ui.print_work import PrintWork

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.application import Application
    from app.core.errors import AppError
    from app.core.signature import Stroke
    from app.services.offers import Offer
    from app.services.ports import Desk, Goes, Rendered
    from app.services.printing import Wish
    from app.ui.case.case_page import CasePage
    from app.ui.case.finished_panel import PrintPanel
    from app.ui.case.paper_view import PaperView
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

    Ask = Callable[[Desk, Application], tuple[Offer, ...]]
    First = Callable[[Sequence[Sheet], Callable[[], None], Callable[[str], None]], None]

_KEPT = 4
"""Papers that can be on screen at once, each in its own view."""
_NOT_DRAWN = "这份文书没有画出来。再选一次"


class PapersDesk(QObject):
    """Serves the papers of one case page: the finished step, and whatever panel is handed to :meth:`serve`.

    Signal: ``signed(application_id)`` once a name drawn on the screen is with its application.
    """

    signed = Signal(str)

    def __init__(self, desk: Desk, lane: Lane, case: CasePage, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._case = desk, lane, case
        self.work = PrintWork(desk, lane, self)
        self._pdfs: dict[str, bytes] = {}
        self._first_look = ""
        self._resting = False
        self.elsewhere: Callable[[CaseSession, Rendered], bool] = lambda _session, _form: False
        """Asked when a form is to be signed on a screen; True when it is signed on another one than the clerk's."""

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
        self.serve(page.panel, lambda: self._case.session, offers.after_acceptance)
        page.panel.offers_wanted.connect(self.fetch)
        page.sign_wanted.connect(self.sign)

    def fetch(self) -> None:
        """Bring the papers of the accepted case, where it is now, and whether something prints here."""
        session, page, desk = self._case.session, self._finished(), self._desk
        if session is None or session.application.acceptance is None or self._resting:
            return

        def show(found: tuple[Offer, ...]) -> None:
            if self._case.session is session and self._case.step == "finished":
                kind, self._first_look = self._first_look, ""
                page.show_offers(found, look=kind)

        def stands() -> str:
            # As it is stored: a form that was signed meanwhile goes out as a version of its own.
            application = desk.store.application(session.application.id) or session.application
            sent = desk.store.spooled(ids=(application.id,), waiting=False)
            return next_words(application, sent[-1] if sent else None)

        def told(words: str) -> None:
            if self._case.session is session:
                page.set_next(words)

        self.bring(page.panel, session, offers.after_acceptance, show)
        self._lane.run(stands, then=told, owner=page)
        self.work.available(lambda there: page.set_printer(available=there), page)

    # signing
    def sign(self) -> None:
        """Let the form of the accepted case be signed on a screen: the applicant's where that one is on, else the clerk's."""
        session, page, desk = self._case.session, self._finished(), self._desk
        if session is None or session.application.acceptance is None:
            return
        id_ = session.application.id

        def show(found: dict[str, Rendered]) -> None:
            form = found.get(signing.FORM)
            if self._case.session is not session or form is None or self.elsewhere(session, form):
                return
            dialog = SignDialog(page, "代办人" if session.application.by_agent else "申请人")
            self.wire_paper(dialog.paper)
            dialog.signed.connect(lambda *written: self.keep_name(session, form, *written))
            dialog.open()
            self.show(dialog.paper, form)

        self._lane.run(
            lambda: desk.store.documents(id_),
            then=show,
            failed=lambda problem: page.message.say("bad", problem.sentence),
            owner=page,
        )

    def keep_name(
        self,
        session: CaseSession,
        form: Rendered,
        strokes: tuple[Stroke, ...],
        width: int,
        height: int,
        ended: Callable[[AppError | None], None] = lambda _problem: None,
    ) -> None:
        """Put a written name under the form that was shown. ``ended`` hears None once it is kept, or why it was not, AnotherFormError among it."""
        page, desk, application = self._finished(), self._desk, session.application

        def kept(made: tuple[Rendered, Goes]) -> None:
            self.signed.emit(application.id)
            if self._case.session is session:
                page.message.say("good", f"签名已放进申请表，没签的那份也留着{SIGNED_GOES[made[1]]}")
                self.fetch()
            ended(None)

        def failed(problem: AppError) -> None:
            if self._case.session is session:
                page.message.say("bad", problem.sentence)
            ended(problem)

        self._lane.run(
            lambda: signing.sign(desk, application, form.digest, strokes, width, height), then=kept, failed=failed, owner=page
        )

    # a panel
    def serve(self, panel: PrintPanel, current: Callable[[], CaseSession | None], ask: Ask, first: First | None = None) -> None:
        """Print and save what this panel offers; ``first`` does what has to be done before papers leave, and then lets them go."""
        self.wire_paper(panel.paper)

        def look(kind: str) -> None:
            here = panel.case

            def show(sheets: tuple[Sheet, ...]) -> None:
                if (panel.case, panel.papers.current) == (here, kind):
                    self.show(panel.paper, sheets[0].document)

            if panel.offer(kind) is not None:
                self._drawn(panel, current(), [kind], show)

        panel.look_wanted.connect(look)
        panel.draw_wanted.connect(lambda kinds: self._drawn(panel, current(), kinds))
        panel.print_wanted.connect(lambda kinds: self._print(panel, current(), kinds, first))
        panel.save_wanted.connect(lambda kinds, folder: self._save(panel, current(), kinds, folder, first))
        panel.large_chosen.connect(lambda large: self._keep_size(current(), large=large))
        panel.how_wanted.connect(lambda: self._how(panel, current(), ask))

    def bring(
        self,
        owner: QObject,
        session: CaseSession,
        ask: Ask,
        show: Callable[[tuple[Offer, ...]], None],
        failed: tuple[Callable[[str], None], str] | None = None,
    ) -> None:
        """Ask what a session offers. ``failed``: who hears why it did not come, and what to say when it is our own bug."""
        if self._resting:
            return
        desk, application = self._desk, session.application
        if failed is None:
            self._lane.run(lambda: ask(desk, application), then=show, owner=owner)
            return
        self._lane.run(
            lambda: ask(desk, application),
            then=show,
            failed=lambda problem: failed[0](problem.sentence),
            broken=lambda: failed[0](failed[1]),
            owner=owner,
        )

    def _drawn(
        self,
        panel: PrintPanel,
        session: CaseSession | None,
        kinds: Sequence[str],
        then: Callable[[tuple[Sheet, ...]], None] = lambda _sheets: None,
    ) -> None:
        """Hand on these papers, at once where all were drawn. What is looked at is what prints: the panel keeps these very bytes."""
        asked = tuple(offer for offer in panel.offers if offer.kind in kinds)
        there = panel.sheets(kinds)
        if len(there) == len(asked):
            then(there)
            return
        if session is None or self._resting:
            return
        desk, application, here = self._desk, session.application, panel.case

        def take(made: tuple[Offer, ...]) -> None:
            panel.take(asked, made)
            # Where another asking was quicker, its papers may be on screen already.
            kept = panel.sheets(kinds) if panel.case == here else ()
            then(kept if len(kept) == len(asked) else tuple(one.sheet for one in made if isinstance(one.sheet, Sheet)))

        def failed(sentence: str) -> None:
            if panel.case == here:
                panel.say("bad", sentence)

        self._lane.run(
            lambda: tuple(offers.draw(desk, application, offer) for offer in asked),
            then=take,
            failed=lambda problem: failed(problem.sentence),
            broken=lambda: failed(_NOT_DRAWN),
            owner=panel,
        )

    def _print(self, panel: PrintPanel, session: CaseSession | None, kinds: list[str], first: First | None) -> None:
        if session is not None:
            self._drawn(panel, session, kinds, lambda sheets: self._print_these(panel, session, kinds, sheets, first))

    def _print_these(
        self, panel: PrintPanel, session: CaseSession, kinds: list[str], sheets: tuple[Sheet, ...], first: First | None
    ) -> None:
        id_, here = session.application.id, panel.case

        def mine(act: Callable[[], None]) -> None:
            if panel.case == here:
                act()

        def done(_taken: object) -> None:
            mine(lambda: panel.printed(kinds))

        def stuck(words: str) -> None:
            mine(lambda: panel.stuck(words))

        def failed(sentence: str) -> None:
            mine(lambda: panel.say("bad", sentence))

        def go() -> None:
            self.work.print(id_, lambda: sheets, owner=panel, done=done, failed=failed, stuck=stuck)

        (first or _at_once)(sheets, go, failed)

    def _save(self, panel: PrintPanel, session: CaseSession | None, kinds: list[str], folder: str, first: First | None) -> None:
        if session is not None:
            self._drawn(panel, session, kinds, lambda sheets: self._save_these(panel, session, folder, sheets, first))

    def _save_these(
        self, panel: PrintPanel, session: CaseSession, folder: str, sheets: tuple[Sheet, ...], first: First | None
    ) -> None:
        desk, id_ = self._desk, session.application.id

        def work() -> tuple[str, ...]:
            papers.keep(desk, id_, sheets)
            return printing.save_documents(desk, id_, [sheet.document for sheet in sheets], Path(folder))

        def go() -> None:
            self._lane.run(
                work,
                then=lambda names: panel.say("good", f"已存成 PDF：{'、'.join(names)}"),
                failed=lambda problem: panel.say("bad", problem.sentence),
                owner=panel,
            )

        (first or _at_once)(sheets, go, lambda sentence: panel.say("bad", sentence))

    def _keep_size(self, session: CaseSession | None, *, large: bool) -> None:
        """Remember with the case in which print its applicant is given papers: with the draft, or beside what was accepted."""
        size = "large" if large else "normal"
        if session is None or session.application.print_size == size:
            return
        if session.editable:
            session.edit("print_size", size)
        elif session.application.acceptance is not None:
            desk, id_ = self._desk, session.application.id
            session.show(replace(session.application, print_size=size))
            self._lane.run(lambda: desk.store.keep_print_size(id_, size), owner=self)

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
        self.work.printers(dialog.set_printers, dialog)

    def _finished(self) -> FinishedPage:
        page = self._case.page("finished")
        assert isinstance(page, FinishedPage)  # noqa: S101 - narrows for the type checker; the page table says so
        return page


def _at_once(_sheets: Sequence[Sheet], go: Callable[[], None], _failed: Callable[[str], None]) -> None:
    go()
