"""Scanners for the materials step: which one takes which paper, its own button, and the dialog where it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core import dividers
from app.services import devices
from app.services.ports import ScanWish
from app.ui.case.scan_dialog import ScanDialog
from app.ui.print_work import print_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.devices import Remembered
    from app.services.ports import Abilities, Desk, Scanner
    from app.ui.case.materials_page import MaterialsPage
    from app.ui.case.scan_work import ScanWork
    from app.ui.case.session import CaseSession
    from app.ui.lane import Lane

EVERY_MS = 1000
"""How often the scanner's own button is asked for, while the materials are on screen and nothing else is asked of the device."""


class ScanDesk(QObject):
    """Answers the page's wishes about scanners and starts the work."""

    def __init__(self, desk: Desk, lane: Lane, work: ScanWork, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._work = desk, lane, work
        self._page: MaterialsPage | None = None
        self._current: Callable[[], CaseSession | None] = lambda: None
        self._default: Remembered | None = None
        self._used: tuple[str, Scanner, ScanWish] | None = None
        self._able: dict[str, Abilities] = {}
        self._watch_folder: Callable[[str], None] = lambda _path: None
        self.dialog: ScanDialog | None = None
        self._poll = QTimer(self)
        self._poll.setInterval(EVERY_MS)
        self._poll.timeout.connect(self._ask_button)
        work.took.connect(self._took)

    def serve(
        self, page: MaterialsPage, current: Callable[[], CaseSession | None], watch_folder: Callable[[str], None]
    ) -> None:
        """Serve this page; ``current`` answers which session it shows, ``watch_folder`` hears another folder to watch."""
        self._page, self._current, self._watch_folder = page, current, watch_folder
        page.scan_wanted.connect(self.scan)
        page.scan_stop.connect(self._work.stop)
        page.scanner_wanted.connect(lambda requirement: self.choose(requirement, scan=not page.scans.ready))
        desk = self._desk
        self._lane.run(lambda: devices.remembered(desk), then=self._know, owner=page)
        self._poll.start()

    def rest(self) -> None:
        """Ask for nothing more."""
        self._poll.stop()

    # scanning
    def scan(self, requirement: str, index: int) -> None:
        """Scan with the scanner remembered for this paper, or let one be chosen."""
        desk, session, page = self._desk, self._current(), self._page
        if self._work.busy and page is not None:
            page.say(requirement, ("上一件还在扫。扫完，这件再按 F6",), "accent")
            return

        def begin(found: Remembered | None) -> None:
            if session is None or self._current() is not session:
                return
            if found is None:
                self.choose(requirement, index, scan=True)
            else:
                self._start(session, requirement, index, found.scanner, found.wish)

        self._lane.run(lambda: devices.remembered(desk, requirement), then=begin, owner=self)

    def _start(self, session: CaseSession, requirement: str, index: int, scanner: Scanner, wish: ScanWish) -> None:
        self._used = (requirement, scanner, wish)
        self._work.start(session, requirement, index, scanner, wish)

    def _took(self) -> None:
        """Remember what served, once a run: with the first page."""
        used, self._used = self._used, None
        if used is not None:
            self._remember(*used)

    def _remember(self, requirement: str, scanner: Scanner, wish: ScanWish) -> None:
        desk = self._desk

        def work() -> Remembered | None:
            devices.remember(desk, requirement, scanner, wish)
            return devices.remembered(desk)

        self._lane.run(work, then=self._know, owner=self)

    def _know(self, found: Remembered | None) -> None:
        self._default = found
        if self._page is not None:
            self._page.set_scanner(found is not None)
        if found is not None:
            self._learn(found.scanner, lambda _can: None)

    def _learn(self, scanner: Scanner, then: Callable[[Abilities], None]) -> None:
        """Ask a scanner what it can do, once."""
        known = self._able.get(scanner.id)
        if known is not None:
            then(known)
            return
        scanners = self._desk.scanners

        def learned(can: Abilities) -> None:
            self._able[scanner.id] = can
            then(can)

        # One that does not answer is asked again when it is needed.
        self._work.device().run(lambda: scanners.abilities(scanner), then=learned, failed=lambda _problem: None, owner=self)

    # its own button
    def _ask_button(self) -> None:
        found, page = self._default, self._page
        session = self._current()
        if found is None or page is None or session is None or not page.isVisible() or not session.editable:
            return
        can = self._able.get(found.scanner.id)
        if can is None or not can.button or self._work.busy or not self._work.idle or self.dialog is not None:
            return
        scanners = self._desk.scanners

        def pressed(*, was: bool) -> None:
            if was and self._current() is session and not self._work.busy:
                here = next_slot(session, page.current)
                if here:
                    self.scan(here, -1)

        self._work.device().run(
            lambda: scanners.pressed(found.scanner),
            then=lambda was: pressed(was=was),
            failed=lambda _problem: None,
            owner=page,
        )

    # the dialog
    def choose(self, requirement: str, index: int = -1, *, scan: bool) -> None:
        """Let a scanner be chosen for this paper; with ``scan`` it is used at once."""
        desk, page, session = self._desk, self._page, self._current()
        if page is None or session is None or self.dialog is not None:
            return

        def show(found: tuple[Remembered | None, devices.WatchedPlace | None]) -> None:
            if self.dialog is None and self._current() is session:
                self._open(session, requirement, index, *found, scan=scan)

        self._lane.run(lambda: (devices.remembered(desk, requirement), devices.watched(desk)), then=show, owner=page)

    def _open(
        self,
        session: CaseSession,
        requirement: str,
        index: int,
        found: Remembered | None,
        place: devices.WatchedPlace | None,
        *,
        scan: bool,
    ) -> None:
        page = self._page
        if page is None:
            return
        names = {need.id: need.requirement.name for need in session.state.needs}
        dialog = self.dialog = ScanDialog(
            page,
            names.get(requirement, "材料"),
            found.scanner if found else None,
            found.wish if found else ScanWish(),
            place.path if place else "",
            "用这台扫" if scan else "用这台",
        )

        def taken(scanner: Scanner, wish: ScanWish) -> None:
            self._remember(requirement, scanner, wish)
            if scan and self._current() is session:
                self._start(session, requirement, index, scanner, wish)

        dialog.taken.connect(taken)
        dialog.looked.connect(self._look)
        dialog.typed.connect(self._type)
        dialog.asked.connect(lambda scanner: self._learn(scanner, lambda can: self._tell(scanner, can)))
        dialog.folder.connect(self._watch_folder)
        dialog.dividers.connect(lambda: self._print_dividers(session))
        dialog.finished.connect(self._closed)
        dialog.open()
        dialog.looking()
        self._look()
        if found is not None:
            self._learn(found.scanner, lambda can: self._tell(found.scanner, can))

    def _print_dividers(self, session: CaseSession) -> None:
        dialog, region = self.dialog, session.state.region
        if dialog is not None:
            print_sheet(
                self._desk,
                self._lane,
                lambda: dividers.sheet(region),
                "normal",
                region=region,
                owner=dialog,
                done=lambda: dialog.said("已送到打印机"),
                failed=lambda sentence: dialog.said(sentence, "warn"),
            )

    def _closed(self) -> None:
        self.dialog = None

    def _look(self) -> None:
        scanners, dialog = self._desk.scanners, self.dialog

        def found(there: Sequence[Scanner]) -> None:
            if self.dialog is not None and self.dialog is dialog:
                self.dialog.found(there)

        self._work.device().run(scanners.found, then=found, failed=lambda _problem: found(()), owner=self)

    def _type(self, address: str) -> None:
        scanners, dialog = self._desk.scanners, self.dialog
        if dialog is not None:
            self._work.device().run(
                lambda: scanners.at(address),
                then=lambda scanner: dialog.add(scanner, choose=True),
                failed=lambda problem: dialog.refuse(problem.sentence),
                owner=dialog,
            )

    def _tell(self, scanner: Scanner, can: Abilities) -> None:
        if self.dialog is not None:
            self.dialog.set_abilities(scanner, can)


def next_slot(session: CaseSession, current: str) -> str:
    """Return where a page goes that comes by itself: the next paper that nothing came for, else the one in hand, '' for neither."""
    state = session.state
    needs = [need for need in state.needs if not need.requirement.made_here]
    found = devices.next_requirement(needs, state.application, current)
    return found or (current if any(need.id == current for need in needs) else "")
