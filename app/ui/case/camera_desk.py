"""The document camera of the materials step: opened when it is asked for, closed with its dialog, its pictures straight into the slot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from app.services.originals import FORMATS, Incoming
from app.ui.case.camera_dialog import CameraDialog
from app.ui.case.camera_eye import CameraEye
from app.ui.case.camera_feed import NO_MULTIMEDIA, CameraFeed, multimedia
from app.ui.case.materials_input import choose_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.ports import Desk
    from app.ui.case.files_in import Reader
    from app.ui.case.materials_page import MaterialsPage
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

_SETTING = "camera"


class Taking(Protocol):
    """Stores pictures in a slot (:meth:`app.ui.case.materials_desk.MaterialsDesk.take`)."""

    def __call__(
        self, requirement: str, files: Sequence[Reader], again: str = "", then: Callable[[bool], None] | None = None
    ) -> None:
        """Take what is read here; ``then`` hears whether pages came."""
        ...


def _feed(parent: QObject) -> CameraFeed | None:
    return CameraFeed(parent) if multimedia() else None


class CameraDesk(QObject):
    """Opens the dialog for a slot. ``make_feed`` makes the live pictures, None where there can be none."""

    def __init__(
        self, desk: Desk, lane: Lane, parent: QObject, make_feed: Callable[[QObject], CameraFeed | None] = _feed
    ) -> None:
        super().__init__(parent)
        self._desk, self._lane = desk, lane
        self.make_feed = make_feed
        self._page: MaterialsPage | None = None
        self._current: Callable[[], CaseSession | None] = lambda: None
        self._take: Taking | None = None
        self._session: CaseSession | None = None
        self._requirement = self._again = ""
        self.dialog: CameraDialog | None = None
        self.feed: CameraFeed | None = None
        self.eye: CameraEye | None = None

    def serve(self, page: MaterialsPage, current: Callable[[], CaseSession | None], take: Taking) -> None:
        """Serve this page; ``current`` answers which session it shows."""
        self._page, self._current, self._take = page, current, take
        page.camera_wanted.connect(self.open)

    def open(self, requirement: str, index: int = -1) -> None:
        """Take pages into a slot, the first in the place of the page at ``index``."""
        session, page = self._current(), self._page
        if session is None or page is None or not session.editable or self.dialog is not None:
            return
        slot = page.list.slot(requirement)
        if slot is None:
            return
        pages = slot.view.pages
        self._session, self._requirement = session, requirement
        self._again = pages[index].original if 0 <= index < len(pages) else ""
        dialog = self.dialog = CameraDialog(page, slot.view.name, index + 1 if self._again else len(pages) + 1)
        dialog.shoot.connect(self._shoot)
        dialog.camera.connect(self._use)
        dialog.pictures.connect(self._choose)
        dialog.again.connect(self._set_again)
        dialog.finished.connect(self.close)
        dialog.open()
        self._begin(dialog)

    def close(self, *_result: object) -> None:
        """Let the camera go and close the dialog."""
        dialog, self.dialog = self.dialog, None
        feed, self.feed = self.feed, None
        eye, self.eye = self.eye, None
        if feed is not None:
            feed.close()
            feed.deleteLater()
        if eye is not None:
            eye.close()
            eye.deleteLater()
        if dialog is not None and dialog.isVisible():
            dialog.reject()

    # the camera
    def _begin(self, dialog: CameraDialog) -> None:
        feed = self.feed = self.make_feed(self)
        if feed is None:
            dialog.show_nothing(NO_MULTIMEDIA)
            return
        eye = self.eye = CameraEye(self._desk.imaging.outline, self)
        feed.frame.connect(eye.look)
        feed.cameras.connect(lambda _found: self._use(""))
        feed.lost.connect(dialog.lost)
        eye.seen.connect(dialog.see)
        eye.shot.connect(self._shot)
        eye.failed.connect(self._lane.crashed)
        desk = self._desk
        self._lane.run(lambda: desk.store.setting(_SETTING), then=self._start, owner=dialog)

    def _start(self, wanted: str) -> None:
        feed, dialog = self.feed, self.dialog
        if feed is not None and dialog is not None:
            dialog.set_cameras(feed.found(), feed.open(wanted))

    def _use(self, id_: str) -> None:
        """Show another camera and remember it; '' after one came or went."""
        self._start(id_)
        if id_:
            desk = self._desk
            self._lane.run(lambda: desk.store.keep(_SETTING, id_), owner=self)

    # pictures
    def _shoot(self) -> None:
        if self.dialog is not None and (self.eye is None or not self.eye.shoot()):
            self.dialog.came(well=False, flaw="")

    def _shot(self, jpeg: bytes) -> None:
        self._give([lambda: Incoming(jpeg, "", "camera")] if jpeg else [])

    def _choose(self) -> None:
        dialog, session = self.dialog, self._session
        if dialog is not None and session is not None:
            formats = session.state.region.files.formats or FORMATS

            def chosen(paths: list[str]) -> None:
                page, requirement = self._page, self._requirement
                self.close()
                if page is not None and self._current() is session:
                    page.files_given.emit(requirement, paths, "file")

            choose_files(dialog, "选拍好的照片", formats, chosen)

    def _give(self, files: Sequence[Reader]) -> None:
        if self._take is None or self._current() is not self._session:
            return
        again, self._again = self._again, ""
        self._take(self._requirement, files, again, self._taken)

    def _taken(self, came: bool) -> None:  # what the page hears
        dialog, session = self.dialog, self._session
        if dialog is None or session is None:
            return
        pages = session.application.paper(self._requirement).pages
        slot = self._page.list.slot(self._requirement) if self._page is not None else None
        if not came:
            dialog.came(well=False, flaw=slot.said() if slot is not None else "")
            return
        at = self._page.current_page if self._page is not None else len(pages) - 1
        mark = slot.view.marks[at] if slot is not None and 0 <= at < len(slot.view.marks) else None
        flaw = f"{mark.finding.title}。{mark.finding.todo}" if mark is not None and mark.finding.stops else ""
        self._last = pages[at].original if 0 <= at < len(pages) else ""
        dialog.came(well=True, flaw=flaw)

    _last = ""

    def _set_again(self, on: bool) -> None:  # a signal's value
        self._again = self._last if on else ""
