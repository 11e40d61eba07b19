"""What the materials step needs of the machine: files, scans and photos into pages, pictures of pages for the screen.

Every job carries the session it belongs to, so pages that arrive after the clerk went on to another case still reach the right one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.services import originals, retention
from app.services.disk import NO_ORIGINALS
from app.services.originals import Incoming
from app.ui.case.camera_desk import CameraDesk
from app.ui.case.files_in import FilesIn, placed, read_new, readers
from app.ui.case.materials_sheet import TALLEST
from app.ui.case.scan_desk import ScanDesk, next_slot
from app.ui.case.scan_folder import FolderWatch
from app.ui.case.scan_work import ScanWork
from app.ui.case.thumbs import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.application import Application
    from app.services.ports import Desk, NewFile
    from app.ui.case.case_page import CasePage
    from app.ui.case.files_in import Reader
    from app.ui.case.materials_page import MaterialsPage
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

VIEWER_SIDE = 1600


class MaterialsDesk(QObject):
    """Serves the materials page of one case page. ``disk_full()``: originals were refused for want of room."""

    disk_full = Signal()

    def __init__(self, desk: Desk, lane: Lane, case: CasePage, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._case = desk, lane, case
        self._page: MaterialsPage | None = None
        self._taking = 0
        self._waiting: tuple[NewFile, ...] = ()
        self.work = ScanWork(desk, lane, placed, self)
        self.scans = ScanDesk(desk, lane, self.work, self)
        self.folder = FolderWatch(desk, lane, self)
        self.camera = CameraDesk(desk, lane, self)
        self.work.refused.connect(self._refused)

    def wire(self, page: MaterialsPage) -> None:
        """Serve this page from now on."""
        self._page = page
        self.work.serve(page, self._session)
        self.scans.serve(page, self._session, self.folder.choose)
        self.camera.serve(page, self._session, self.take)
        self.folder.came.connect(lambda files: self._came(files) if page.isVisible() else self._old(files))
        self.folder.old.connect(self._old)
        self.folder.trouble.connect(lambda sentence: self._tell(sentence, "warn"))
        page.files_given.connect(self._take_files)
        page.image_pasted.connect(lambda req, data: self.take(req, [lambda: Incoming(bytes(data), "", "paste")]))
        page.file_again.connect(lambda req, at, path, source: self._take_again(req, at, readers([path], source)))
        page.image_again.connect(lambda req, at, data: self._take_again(req, at, [lambda: Incoming(bytes(data), "", "paste")]))
        page.turn_wanted.connect(lambda req, at, degrees: self._pages(lambda a: originals.turn(a, req, at, degrees)))
        page.move_wanted.connect(lambda req, at, to: self._pages(lambda a: originals.move(a, req, at, to)))
        page.remove_wanted.connect(lambda req, at: self._pages(lambda a: originals.remove(a, req, at)))
        page.transfer_wanted.connect(lambda req, at, target: self._pages(lambda a: originals.transfer(a, req, at, target)))
        page.uncut_wanted.connect(lambda req, at: self._pages(lambda a: originals.uncut(a, req, at)))
        page.undo_wanted.connect(self._undo)
        page.waiting_wanted.connect(self._take_waiting)
        page.preview_wanted.connect(self._preview)
        page.bytes_wanted.connect(self._bytes)
        page.thumbnails_wanted.connect(self._thumbnails)

    def shown(self, *, on: bool) -> None:
        """Say whether the materials are on screen: the folder is watched only then, and the camera closes with them."""
        session = self._session()
        self.folder.set_on(on=on and session is not None and session.editable)
        self._waiting = ()
        if not on:
            self.camera.close()

    @property
    def busy(self) -> bool:
        """Whether pages are still on their way."""
        return bool(self._taking) or self.work.busy

    def rest(self) -> None:
        """Ask no device any more: the window closes."""
        self.folder.set_on(on=False)
        self.scans.rest()
        self.camera.close()
        self.work.close()

    # pages coming in
    def take(
        self,
        requirement: str,
        files: Sequence[Reader],
        again: str = "",
        then: Callable[[bool], None] | None = None,
        *,
        apart: bool = False,
    ) -> None:
        """Store what is read here, one after the other, and put it into a slot: behind its pages, or in the place of the original ``again``.

        ``then`` hears whether pages came. ``apart``: dividers among the pages say where those behind them go.
        """
        session, page = self._session(), self._page
        if session is None or page is None or not session.editable:
            return
        run = FilesIn(self._desk, self._lane, session, requirement, files, again=again, apart=apart, parent=self)

        def tell(words: str) -> None:
            if self._session() is session:
                page.set_busy(requirement, words)

        def done(sentences: tuple[str, ...], tone: str, came: bool) -> None:
            self._taking -= 1
            # Said on the case it belongs to, or not at all.
            if self._session() is session:
                page.set_busy(requirement, "")
                page.set_can_undo(session.can_undo)
                page.say(requirement, sentences, tone)
            if then is not None:
                then(came)
            self._refused(sentences)

        self._taking += 1
        run.progress.connect(tell)
        run.ended.connect(done)
        run.start()

    def _take_files(self, requirement: str, paths: list[str], source: str) -> None:
        self.take(requirement, readers(paths, source), apart=True)

    def _take_again(self, requirement: str, index: int, files: Sequence[Reader]) -> None:
        """Put what is read here in the place of a page, and say so: nothing was pressed that is named after it."""
        session, page = self._session(), self._page
        pages = session.application.paper(requirement).pages if session is not None else ()
        again = pages[index].original if 0 <= index < len(pages) else ""

        def tell(came: bool) -> None:
            if came and page is not None and self._session() is session:
                page.say_replaced(requirement, index)

        self.take(requirement, files, again, tell)

    def _refused(self, sentences: tuple[str, ...]) -> None:
        if NO_ORIGINALS in sentences:
            self.disk_full.emit()

    # a watched folder
    def _came(self, files: tuple[NewFile, ...]) -> None:
        session, page = self._session(), self._page
        if session is None or page is None:
            return
        here = next_slot(session, page.current)
        if here:
            self.take(here, [partial(read_new, file) for file in files], apart=True)

    def _old(self, files: tuple[NewFile, ...]) -> None:
        self._waiting = (*self._waiting, *files)
        self._tell(f"扫描文件夹里有 {len(self._waiting)} 个新文件，存的时候没在看这一步。是这位的才收", "accent", "waiting")

    def _take_waiting(self) -> None:
        files, self._waiting = self._waiting, ()
        if files:
            self._came(files)

    def _tell(self, sentence: str, tone: str, offer: str = "") -> None:
        page = self._page
        if page is not None and self._session() is not None:
            page.say(page.current, (sentence,) if sentence else (), tone, offer)

    # pages in hand
    def _pages(self, change: Callable[[Application], Application]) -> None:
        session, page = self._session(), self._page
        if session is not None and page is not None and session.editable:
            session.edit_pages(change)
            page.set_can_undo(session.can_undo)

    def _undo(self) -> None:
        session, page = self._session(), self._page
        if session is not None and page is not None and session.editable:
            session.undo()
            page.set_can_undo(session.can_undo)

    def _preview(self, original: str) -> None:
        desk, page, session = self._desk, self._page, self._session()
        if page is None or session is None:
            return
        id_ = session.application.id
        wide, turn = page.viewer.wanted()

        def look() -> tuple[bytes, QImage] | str:
            capture = desk.store.capture(original)
            gone = retention.purged(desk, id_) if capture is None else None
            if capture is None:
                return gone.sentence if gone else (b"", QImage())
            # A large page is decoded straight to what is looked at: a preview to zoom into takes ten times as long.
            large = max(capture.width, capture.height) > VIEWER_SIDE
            return b"" if large else capture.data, decode(capture.data, wide, wide * TALLEST, turn, exact=large)

        def show(found: tuple[bytes, QImage] | str) -> None:
            if isinstance(found, tuple):
                page.set_preview(original, *found, turn)
            elif self._session() is session:
                page.viewer.say_gone(found)

        self._lane.run(look, then=show, owner=page)

    def _bytes(self, original: str) -> None:
        """Bring what can be zoomed into."""
        desk, page = self._desk, self._page
        if page is None:
            return

        def look() -> bytes:
            capture = desk.store.capture(original)
            return desk.imaging.preview(capture, VIEWER_SIDE) if capture is not None else b""

        self._lane.run(look, then=lambda data: page.set_bytes(original, data), owner=page)

    def _thumbnails(self, ids: list[str]) -> None:
        desk, page = self._desk, self._page
        if page is None:
            return

        def show(found: dict[str, bytes]) -> None:
            for original, data in found.items():
                page.set_thumbnail(original, data)

        self._lane.run(lambda: desk.store.thumbnails(ids), then=show, owner=page)

    def _session(self) -> CaseSession | None:
        return self._case.session
