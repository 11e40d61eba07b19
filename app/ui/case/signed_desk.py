"""The form that comes back signed in ink: whose the pages are, and that they are kept with their application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import signed_back
from app.services.ports import accepted
from app.services.signed_back import Whose, Wrong
from app.ui.case.files_in import read_all
from app.ui.case.signed_dialog import SignedDialog
from app.ui.case.signed_paper import SignedPaper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.application import Application
    from app.services.ports import Desk, Goes
    from app.services.signed_back import Finding, Reading, SignedPage
    from app.ui.case.finished_page import FinishedPage
    from app.ui.case.scan_work import ScanWork
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

STALE = "这是另一版，要重签：校验码和受理时存的不同。填得没错，就重打申请表，签好再扫"
MISTYPED = "编号末 4 位和这件不同。看纸上的受理编号，再填一次"


class SignedDesk(QObject):
    """Serves the signed form of one case page. Pages are held here until they are kept, so whatever goes wrong costs none.

    Signals: ``kept(application_id, number, pages, Goes)`` once they are with their application; ``lost(sentence)`` when they could not be
    kept and the dialog was closed meanwhile.
    """

    kept = Signal(str, str, int, object)
    lost = Signal(str)

    def __init__(self, desk: Desk, lane: Lane, work: ScanWork, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane = desk, lane
        self.paper = SignedPaper(desk, lane, work, self)
        self.paper.over.connect(self._came)
        self.dialog: SignedDialog | None = None
        self._session: CaseSession | None = None
        self._target: Application | None = None
        self._pages: tuple[SignedPage, ...] = ()
        self._group: tuple[SignedPage, ...] = ()
        self._elsewhere = ""

    def rest(self) -> None:
        """Ask no device any more: the window closes."""
        self.paper.rest()

    def open(self, page: FinishedPage, session: CaseSession) -> None:
        """Take the signed form of this session back."""
        desk, id_ = self._desk, session.application.id

        def show(kept: int) -> None:
            if self.dialog is not None or not page.isVisible():
                return
            self._session, self._target = session, session.application
            self._pages, self._group, self._elsewhere = (), (), ""
            dialog = self.dialog = SignedDialog(page, kept)
            self.paper.serve(dialog, session)
            dialog.files_wanted.connect(self._files)
            dialog.other_wanted.connect(self._to_other)
            dialog.given.connect(self._keep)
            dialog.finished.connect(self._closed)
            dialog.open()

        self._lane.run(
            lambda: signed_back.pages_kept(desk, id_),
            then=show,
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )

    # files
    def _files(self, paths: list[str]) -> None:
        desk, dialog = self._desk, self.dialog
        if dialog is None or not paths:
            return
        dialog.set_busy("正在读…")

        def work() -> tuple[Reading, list[str]]:
            files, unread = read_all([Path(path) for path in paths], "file")
            return signed_back.read(desk, files), unread

        def then(found: tuple[Reading, list[str]]) -> None:
            reading, unread = found
            self._group = reading.pages
            self._judge((*unread, *reading.refused))

        self._lane.run(work, then=then, failed=lambda one: self._told(one.sentence), owner=dialog, broken=self._idle)

    def _came(self, pages: tuple[SignedPage, ...], sentences: tuple[str, ...]) -> None:
        self._group = pages
        self._judge(sentences)

    # whose
    def _judge(self, sentences: Sequence[str] = ()) -> None:
        """Take the pages that came behind the others, if they are this application's; say what is wrong otherwise."""
        dialog, target, group, desk = self.dialog, self._target, self._group, self._desk
        if dialog is None or target is None:
            return
        if not group:
            self._idle()
            if sentences:
                dialog.say("bad", "；".join(sentences))
            return
        together = (*self._pages, *group)

        def then(found: Finding) -> None:
            self._idle()
            if found.whose is Whose.OTHER:
                # Pages of this case that are here already are kept first.
                self._elsewhere = "" if self._pages else found.elsewhere
                told = f"这是另一件（编号 {found.number}）的，没有收"
                if not found.elsewhere:
                    told += "。它不在这台电脑上，送到办那件的窗口"
                dialog.say("bad", told, "放到那一件" if self._elsewhere else "")
                return
            self._group = ()
            if len(together) > signed_back.MOST_PAGES:
                dialog.say("bad", f"一份最多 {signed_back.MOST_PAGES} 页，新来的没有收。只扫签了字的那几页")
                return
            self._pages = together
            self._show(found)
            if sentences:
                dialog.say("warn", "；".join(sentences))
            elif found.whose is Whose.UNREAD:
                dialog.say("warn", "码没有读出来。照纸上填编号和校验码的末 4 位")
            else:
                here = self._session is not None and target.id == self._session.application.id
                dialog.say("good", f"{'是这一件的' if here else f'会放到编号 {found.number} 那一件'}。再比一比页脚的校验码")

        dialog.set_busy("正在读…")
        self._lane.run(
            lambda: signed_back.find(desk, target, together),
            then=then,
            failed=lambda problem: self._told(problem.sentence),
            owner=dialog,
            broken=self._idle,
        )

    def _to_other(self) -> None:
        """File the pages with the application that their code names."""
        desk, dialog, id_ = self._desk, self.dialog, self._elsewhere
        if dialog is None or not id_:
            return
        dialog.set_busy("正在取那一件…")

        def then(got: tuple[Application | None, int]) -> None:
            found, kept = got
            if found is None or found.acceptance is None:
                self._told("那一件还没有受理，签好的页先放着")
                return
            self._target, self._elsewhere = found, ""
            self._judge((f"那一件以前扫回过 {kept} 页，收下新的就换掉",) if kept else ())

        self._lane.run(
            lambda: (desk.store.application(id_), signed_back.pages_kept(desk, id_)),
            then=then,
            failed=lambda problem: self._told(problem.sentence),
            owner=dialog,
            broken=self._idle,
        )

    # keeping
    def _keep(self, code: str, tail: str) -> None:
        desk, dialog, target, pages = self._desk, self.dialog, self._target, self._pages
        if dialog is None or target is None:
            return
        dialog.set_busy("正在收下…")

        def then(outcome: Goes | Wrong) -> None:
            if isinstance(outcome, Wrong):
                failed(STALE if outcome is Wrong.OTHER_EDITION else MISTYPED)
                return
            if self.dialog is dialog:
                dialog.accept()
            self.kept.emit(target.id, accepted(target).number, len(pages), outcome)

        def failed(sentence: str) -> None:
            if self.dialog is dialog:
                self._told(sentence)
            else:
                self.lost.emit(sentence)

        self._lane.run(
            lambda: signed_back.keep(desk, target, pages, code, tail),
            then=then,
            failed=lambda problem: failed(problem.sentence),
            owner=self,
            broken=self._idle,
        )

    # words
    def _show(self, found: Finding) -> None:
        if self.dialog is not None:
            thumbnails = [page.capture.thumbnail for page in self._pages]
            self.dialog.show_pages(thumbnails, unread=found.whose is Whose.UNREAD)

    def _idle(self) -> None:
        if self.dialog is not None:
            self.dialog.set_busy("")

    def _told(self, sentence: str) -> None:
        self._idle()
        if self.dialog is not None:
            self.dialog.say("bad", sentence)

    def _closed(self) -> None:
        self.dialog = None
        self.paper.closed()
