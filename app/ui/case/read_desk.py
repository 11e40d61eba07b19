"""Pages into values: each page that comes is read beside the work, what it says waits in empty fields, and one dialog confirms it all.

Nothing here holds the clerk: typing goes on, what is typed is never overwritten, and without recognition everything is as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.core import sources
from app.core.application import Disease, get
from app.core.errors import AppError
from app.core.readings import NAMES, Looks
from app.services import originals, read_pages, recognition
from app.services.read_pages import ReadPage
from app.ui import keys
from app.ui.case.read_dialog import ReadDialog
from app.ui.case.read_rows import Crops, cut, row_of
from app.ui.kit.messages import MessageBar
from app.ui.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.application import Application
    from app.core.findings import Finding
    from app.core.readings import Reading
    from app.core.region import DiseaseEntry
    from app.services.ports import Capture, Desk
    from app.ui.case.case_page import CasePage
    from app.ui.case.session import CaseSession


class ReadDesk(QObject):
    """Serves one case page. ``bar`` says how much was read and waits; ``stands()`` when that changed, ``confirmed()`` once a person looked."""

    stands = Signal()
    confirmed = Signal()

    def __init__(self, desk: Desk, lane: Lane, page: CasePage, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._case = desk, lane, page
        self._own: Lane | None = None
        self._session: CaseSession | None = None
        self._asked: set[str] = set()
        self._done: set[str] = set()
        self._fresh: set[str] = set()
        self._read: dict[str, Crops] = {}
        self._off = "还没问过"
        self._gone = False
        self.bar = MessageBar()
        self.bar.clear()
        self.bar.acted.connect(self._act)
        box = page.layout()
        if isinstance(box, QVBoxLayout):
            box.insertWidget(1, self.bar)
        self._move = ("", "", "")
        self._keys = keys.bind(page, "read", self.open)
        page.step_shown.connect(self._elsewhere)
        self._tell()

    def attach(self, session: CaseSession) -> None:
        """Read the pages of this case from now on; what it already held is read for comparison, and fills nothing."""
        if self._session is not None:
            self._session.changed.disconnect(self._changed)
        self._session = session
        self._asked, self._done, self._fresh, self._read = set(), set(), set(), {}
        self._move = ("", "", "")
        session.doubts = self._doubts
        old = {original for _, original, _ in read_pages.wanted(session.application)}
        session.changed.connect(self._changed)
        desk = self._desk
        self._lane.run(lambda: recognition.why_not(desk), then=lambda why: self._begin(session, why, old), owner=self)
        self._tell()

    def rest(self) -> None:
        """Read nothing more."""
        self._gone = True
        if self._own is not None:
            self._own.stop()
            self._own = None

    @property
    def on(self) -> bool:
        """Whether pages are read here."""
        return not self._off

    @property
    def waiting(self) -> int:
        """How many pages are still to be read."""
        return len(self._asked - self._done)

    # reading
    def _begin(self, session: CaseSession, why: str, old: set[str]) -> None:
        if self._session is session:
            self._off = why
            self._look(session, old)
            self._tell()

    def _changed(self) -> None:
        session = self._session
        if session is not None:
            self._look(session, set())
            self._tell()

    def _look(self, session: CaseSession, old: set[str]) -> None:
        if self._off or self._gone or not session.editable:
            return
        for requirement, original, turn in read_pages.wanted(session.application):
            if original not in self._asked:
                self._asked.add(original)
                if original not in old:
                    self._fresh.add(original)
                self._fetch(session, requirement, original, turn)

    def _fetch(self, session: CaseSession, requirement: str, original: str, turn: int) -> None:
        store = self._desk.store
        self._lane.run(
            lambda: store.capture(original),
            then=lambda capture: self._send(session, requirement, original, turn, capture),
            failed=lambda _problem: self._arrived(session, original, None),
            owner=self,
        )

    def _send(self, session: CaseSession, requirement: str, original: str, turn: int, capture: Capture | None) -> None:
        if capture is None or self._gone:
            self._arrived(session, original, None)
        if capture is None or self._session is not session or self._gone:
            return
        desk, region, application = self._desk, session.state.region, session.application

        def left() -> bool:
            return self._gone or self._session is not session

        def work() -> Crops | None:
            if left():
                return None
            try:
                reading = recognition.read(desk, capture.data, turn, read_pages.expected(region, requirement), left)
            except AppError:
                return None  # typing goes on; the next page starts the process anew
            if left():
                return None
            owner = read_pages.whose(application, region, requirement, reading)
            page = ReadPage(original, requirement, owner, reading)
            return Crops(page, recognition.suggestions(region, reading), cut(desk, capture, turn, page, region))

        self._lane_of_its_own().run(work, then=lambda found: self._arrived(session, original, found), owner=self)

    def _lane_of_its_own(self) -> Lane:
        if self._own is None:
            self._own = Lane(self)
            self._own.crashed.connect(self._lane.crashed)
        return self._own

    def _arrived(self, session: CaseSession, original: str, found: Crops | None) -> None:
        if self._session is not session:
            return
        self._done.add(original)
        if found is None:
            return
        page, before = found.page, session.application
        self._read[page.original] = found
        if page.original in self._fresh:
            session.replace(read_pages.fill(before, session.state.region, page))
        if session.application is before:
            session.look_again()
        self._suggest(session, found)
        self._tell()

    def _doubts(self, application: Application) -> tuple[Finding, ...]:
        return read_pages.doubts(application, [one.page for one in self._here(application)])

    def _here(self, application: Application) -> list[Crops]:
        """Return what was read of pages that still lie where they lay when they were read."""
        there = {(requirement, original) for requirement, original, _ in read_pages.wanted(application)}
        return [one for one in self._read.values() if (one.page.requirement, one.page.original) in there]

    # saying
    def _suggest(self, session: CaseSession, found: Crops) -> None:
        """Offer another slot for a page that looks like another paper's."""
        page, wanted = found.page, found.hints.requirements
        if page.original not in self._fresh or page.reading.looks is Looks.UNKNOWN:
            return
        needed = {need.requirement.id for need in session.state.needs}
        better = next((one for one in wanted if one in needed), "")
        if wanted and page.requirement not in wanted and better:
            self._move = (page.original, page.requirement, better)

    def _tell(self) -> None:
        session = self._session
        rows = self._paths(session) if session is not None and session.editable else []
        for shortcut in self._keys:
            shortcut.setEnabled(bool(rows))
        if session is not None and self._moves(session):
            original, _, target = self._move
            looks = NAMES.get(self._read[original].page.reading.looks, "")
            name = next((n.requirement.name for n in session.state.needs if n.requirement.id == target), target)
            self.bar.say("accent", f"刚收的这页像是{looks}", f"换到「{name}」")
        elif (entry := self._disease(session)) is not None:
            self.bar.say("accent", f"诊断上写的像是「{entry.name}」，和申请人说的一样再选", f"选「{entry.name}」")
        elif rows:
            self.bar.say("accent", f"从原件读出 {len(rows)} 项，还没核对。虚线框的就是", "对着原图核对", keys.cap("read"))
        else:
            self.bar.clear()
        self.stands.emit()

    def _elsewhere(self, _step: str) -> None:
        """Ask no longer where the last page belongs: it was looked at and left where it is."""
        self._move = ("", "", "")
        self._tell()

    def _disease(self, session: CaseSession | None) -> DiseaseEntry | None:
        """Return the disease to offer: on its own step, while none is chosen."""
        if session is None or not session.editable or self._case.step != "disease":
            return None
        if any(one.name.strip() for one in session.application.diseases):
            return None
        return next((entry for one in self._here(session.application) for entry in one.hints.diseases), None)

    def _moves(self, session: CaseSession) -> bool:
        original, requirement, _ = self._move
        return bool(original) and any(page.original == original for page in session.application.paper(requirement).pages)

    def _act(self) -> None:
        session = self._session
        if session is not None and self._moves(session):
            original, requirement, target = self._move
            self._move = ("", "", "")
            at = next(i for i, page in enumerate(session.application.paper(requirement).pages) if page.original == original)
            self._asked.discard(original)
            self._done.discard(original)
            self._read.pop(original, None)
            session.edit_pages(lambda one: originals.transfer(one, requirement, at, target))
            self._tell()
        elif session is not None and (entry := self._disease(session)) is not None:
            session.edit("diseases", (Disease(entry.name, entry.code),))
        else:
            self.open()

    # confirming
    def _paths(self, session: CaseSession) -> list[tuple[str, Crops, Reading]]:
        """Return what waits for a person's word and was read off a page that is here."""
        waiting = {one.path for one in sources.unconfirmed(session.application) if one.kind == sources.CAMERA}
        found: dict[str, tuple[str, Crops, Reading]] = {}
        for crops in self._here(session.application):
            for path in recognition.values(session.state.region, crops.page.reading, crops.page.whose, crops.page.requirement):
                reading = recognition.reading_of(crops.page.reading, path)
                if path in waiting and path not in found and reading is not None:
                    found[path] = (path, crops, reading)
        return list(found.values())

    def open(self) -> ReadDialog | None:
        """Show every value that waits beside the piece of the picture it came from; None where nothing waits."""
        session = self._session
        if session is None or not session.editable:
            return None
        rows = [row_of(session.application, *one) for one in self._paths(session)]
        if not rows:
            return None
        dialog = ReadDialog(self._case, rows)
        dialog.confirmed.connect(lambda values: self._confirm(session, values))
        dialog.open()
        return dialog

    def _confirm(self, session: CaseSession, values: Mapping[str, str]) -> None:
        for path, text in values.items():
            if text != get(session.application, path):
                session.edit(path, text)
            else:
                session.confirm(path)
        self.confirmed.emit()
