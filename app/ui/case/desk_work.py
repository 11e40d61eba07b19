"""What a case needs of the machine: files into pages, documents into pictures, acceptance, printing. All of it on the local lane.

Every job carries the session it belongs to, so an answer that arrives after the clerk went on to another case still reaches the right one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import AppError, ClockDoubtError
from app.services import originals, printing
from app.services.disk import NO_ORIGINALS
from app.services.finalise import Missing, Ready, finalise, preview
from app.services.originals import Incoming
from app.ui.case.answers_page import AnswersPage
from app.ui.case.finished_page import FinishedPage
from app.ui.case.materials_page import MaterialsPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.application import Application
    from app.services.ports import Desk, Rendered
    from app.ui.case.case_page import CasePage
    from app.ui.case.paper_view import PaperView
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

PREVIEW_MS = 300
VIEWER_SIDE = 1600


class DeskWork(QObject):
    """Serves one case page.

    Signals: ``accepted(Ready)`` when an application was accepted and queued; ``date_doubted()`` when it was not because today's date
    must be confirmed first; ``disk_full()`` when originals were refused for want of room.
    """

    accepted = Signal(object)
    date_doubted = Signal()
    disk_full = Signal()

    def __init__(self, desk: Desk, lane: Lane, page: CasePage) -> None:
        super().__init__(page)
        self._desk = desk
        self._lane = lane
        self._page = page
        self._wired: set[str] = set()
        self._papers: dict[str, bytes] = {}
        self._documents: dict[str, Rendered] = {}
        self._busy = False
        self._taking = 0
        self._first_look = ""
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(PREVIEW_MS)
        self._redraw.timeout.connect(self._draw_form)
        page.accept.connect(self.accept)
        page.step_shown.connect(self._shown)

    def rest(self) -> None:
        """Draw nothing more: the window closes, and its lane with it."""
        self._redraw.stop()

    def attach(self, session: CaseSession) -> None:
        """Serve this session from now on."""
        self._documents.clear()
        self._papers.clear()
        session.changed.connect(self._changed)

    def look_at(self, kind: str) -> None:
        """Show this document first when the documents of the next accepted case arrive."""
        self._first_look = kind

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
        if self._taking:
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
            self.accepted.emit(result)
            if here:
                self._page.open_step("finished")
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
                self._wire_materials(self._materials())
            elif step == "answers":
                self._wire_paper(self._answers().paper)
            elif step == "finished":
                self._wire_finished(self._finished())
        if step == "answers":
            self._draw_form()
        elif step == "finished":
            self._fetch_documents()

    def _changed(self) -> None:
        if self._page.step == "answers":
            self._redraw.start()

    # materials
    def _wire_materials(self, page: MaterialsPage) -> None:
        page.files_given.connect(self._take_files)
        page.image_pasted.connect(
            lambda requirement, data: self._take(requirement, lambda: ([Incoming(bytes(data), "", "paste")], []))
        )
        page.turn_wanted.connect(lambda req, at, degrees: self._pages(lambda a: originals.turn(a, req, at, degrees)))
        page.move_wanted.connect(lambda req, at, to: self._pages(lambda a: originals.move(a, req, at, to)))
        page.remove_wanted.connect(lambda req, at: self._pages(lambda a: originals.remove(a, req, at)))
        page.transfer_wanted.connect(lambda req, at, target: self._pages(lambda a: originals.transfer(a, req, at, target)))
        page.undo_wanted.connect(self._undo)
        page.preview_wanted.connect(self._preview)
        page.thumbnails_wanted.connect(self._thumbnails)

    def _take_files(self, requirement: str, paths: list[str], source: str) -> None:
        self._take(requirement, lambda: _read_all([Path(path) for path in paths], source))

    def _take(self, requirement: str, incoming: Callable[[], tuple[list[Incoming], list[str]]]) -> None:
        session, page = self._page.session, self._materials()
        if session is None or not session.editable:
            return
        page.set_busy(requirement, "正在收进来…")
        self._taking += 1
        desk, application = self._desk, session.application

        def work() -> originals.Taken:
            files, unread = incoming()
            result = originals.take(desk, application, requirement, tuple(files))
            return replace(result, refused=(*unread, *result.refused))

        def done(sentences: tuple[str, ...] = (), tone: str = "bad") -> None:
            self._taking -= 1
            # Said on the case it belongs to, or not at all.
            if self._page.session is session:
                page.set_busy(requirement, "")
                page.set_can_undo(session.can_undo)
                page.say(requirement, sentences, tone)

        def taken(result: originals.Taken) -> None:
            if result.pages:
                session.edit_pages(lambda a: originals.place(a, requirement, result.pages))
                session.flush()
            done((*result.refused, *result.remarks), "bad" if result.refused else "accent")
            if NO_ORIGINALS in result.refused:
                self.disk_full.emit()

        self._lane.run(work, then=taken, failed=lambda problem: done((problem.sentence,)), owner=self, broken=done)

    def _pages(self, change: Callable[[Application], Application]) -> None:
        session = self._page.session
        if session is not None and session.editable:
            session.edit_pages(change)
            self._materials().set_can_undo(session.can_undo)

    def _undo(self) -> None:
        session = self._page.session
        if session is not None and session.editable:
            session.undo()
            self._materials().set_can_undo(session.can_undo)

    def _preview(self, original: str) -> None:
        desk, page = self._desk, self._materials()

        def look() -> bytes:
            capture = desk.store.capture(original)
            return desk.imaging.preview(capture, VIEWER_SIDE) if capture else b""

        self._lane.run(look, then=lambda data: page.set_preview(original, data), owner=page)

    def _thumbnails(self, ids: list[str]) -> None:
        desk, page = self._desk, self._materials()

        def show(found: dict[str, bytes]) -> None:
            for original, data in found.items():
                page.set_thumbnail(original, data)

        self._lane.run(lambda: desk.store.thumbnails(ids), then=show, owner=page)

    # documents
    def _draw_form(self) -> None:
        session = self._page.session
        if session is None or not session.editable:
            self._fetch_documents()
            return
        desk, application = self._desk, session.application

        def show(document: Rendered) -> None:
            if self._page.session is session:
                self._show_paper(self._answers().paper, document)

        self._lane.run(lambda: preview(desk, application), then=show, owner=self)

    def _fetch_documents(self) -> None:
        session = self._page.session
        if session is None or session.application.acceptance is None:
            return
        desk, id_ = self._desk, session.application.id

        def show(found: dict[str, Rendered]) -> None:
            if self._page.session is not session:
                return
            self._documents = found
            if self._page.step == "finished":
                self._finished().show_documents(tuple(found.values()))
                kind, self._first_look = self._first_look, ""
                if kind in found:
                    self._show_paper(self._finished().paper, found[kind])
            elif self._page.step == "answers" and "form" in found:
                self._show_paper(self._answers().paper, found["form"])

        self._lane.run(lambda: desk.store.documents(id_), then=show, owner=self)
        finished = self._finished()
        self._lane.run(desk.printer.available, then=lambda there: finished.set_printer(available=there), owner=finished)

    def _wire_finished(self, page: FinishedPage) -> None:
        self._wire_paper(page.paper)
        page.look_wanted.connect(
            lambda kind: self._show_paper(page.paper, self._documents[kind]) if kind in self._documents else None
        )
        page.print_wanted.connect(self._print)
        page.save_wanted.connect(self._save)

    def _print(self, kinds: list[str]) -> None:
        session, page, desk = self._page.session, self._finished(), self._desk
        if session is None:
            return
        documents, id_ = [self._documents[kind] for kind in kinds if kind in self._documents], session.application.id
        self._lane.run(
            lambda: printing.print_documents(desk, id_, documents),
            then=lambda _none: page.printed(kinds),
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )

    def _save(self, kinds: list[str], folder: str) -> None:
        session, page, desk = self._page.session, self._finished(), self._desk
        if session is None:
            return
        documents, id_ = [self._documents[kind] for kind in kinds if kind in self._documents], session.application.id
        self._lane.run(
            lambda: printing.save_documents(desk, id_, documents, Path(folder)),
            then=lambda names: page.say("good", f"已存成 PDF：{'、'.join(names)}"),
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )

    def _wire_paper(self, paper: PaperView) -> None:
        desk = self._desk

        def draw(digest: str, number: int, dpi: float) -> None:
            pdf = self._papers.get(digest)
            if pdf is not None:
                self._lane.run(
                    lambda: desk.printery.picture(pdf, number, dpi),
                    then=lambda got: paper.set_page(digest, number, *got),
                    owner=paper,
                )

        paper.page_wanted.connect(draw)

    def _show_paper(self, paper: PaperView, document: Rendered) -> None:
        self._papers = {document.digest: document.pdf}
        paper.put(document.digest, printing.TITLES.get(document.kind, ""), document.pages, document.problems)

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


def _read_all(paths: Sequence[Path], source: str) -> tuple[list[Incoming], list[str]]:
    """Read what can be read, and say one sentence for each of the others, which cost nobody else."""
    files: list[Incoming] = []
    unread: list[str] = []
    for path in paths:
        try:
            files.append(_read(path, source))
        except AppError as problem:
            unread.append(problem.sentence)
    return files, unread


def _read(path: Path, source: str) -> Incoming:
    """Read a file as it was given. AppError when it is a folder or went away."""
    if path.is_dir():
        raise AppError("这是文件夹。打开它，把里面的文件拖过来")
    try:
        return Incoming(path.read_bytes(), path.name, source)
    except OSError as problem:
        raise AppError("这个文件读不到了：U 盘拔了，或文件被移走。插好再放一次", type(problem).__name__) from problem
