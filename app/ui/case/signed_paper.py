"""The paper of a signed form on its way in: a scanner, sheet by sheet, and what the codes on each say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.services import devices, signed_back
from app.services.originals import Incoming
from app.services.signed_back import FORM_SCAN
from app.ui.case.scan_run import ScannedPage, ScanRun
from app.ui.case.scan_work import HUNG, PATIENCE_MS
from app.ui.case.signed_scanner import scanner_choice

if TYPE_CHECKING:
    from app.services.devices import Remembered
    from app.services.ports import Desk, Scanner, ScanWish
    from app.services.signed_back import Reading, SignedPage
    from app.ui.case.scan_work import ScanWork
    from app.ui.case.session import CaseSession
    from app.ui.case.signed_dialog import SignedDialog
    from app.ui.lane import Lane


class SignedPaper(QObject):
    """Serves the dialog it was given last.

    Signal: ``over(pages, sentences)`` with a tuple of what was read and a tuple of what is to be said of it; not for a dialog that was
    closed meanwhile: that paper is in the tray, and nothing was promised.
    """

    over = Signal(tuple, tuple)

    def __init__(self, desk: Desk, lane: Lane, work: ScanWork, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._work = desk, lane, work
        self._dialog: SignedDialog | None = None
        self._session: CaseSession | None = None
        self._pages: tuple[SignedPage, ...] = ()
        self._run: ScanRun | None = None
        self._scanned_for: SignedDialog | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._leave)

    def serve(self, dialog: SignedDialog, session: CaseSession) -> None:
        """Serve this dialog from now on; the scanner is remembered for the session's counter."""
        self._dialog, self._session = dialog, session
        dialog.scan_wanted.connect(self.scan)
        dialog.stop_wanted.connect(self.stop)
        dialog.scanner_wanted.connect(lambda: self._choose(scan=False))

    def closed(self) -> None:
        """Serve nobody: the dialog was closed. Paper that runs is stopped."""
        self._dialog = None
        self.stop()

    def rest(self) -> None:
        """Ask no device any more: the window closes."""
        self._patience.stop()
        if self._run is not None:
            self._run.leave()

    @property
    def running(self) -> bool:
        """Whether paper runs."""
        return self._run is not None

    def scan(self) -> None:
        """Scan with the device remembered, or let one be chosen."""
        desk, dialog = self._desk, self._dialog
        if dialog is None:
            return
        if self._work.busy or self._run is not None:
            dialog.say("accent", "上一件还在扫。扫完再按 F6")
            return

        def begin(found: Remembered | None) -> None:
            if found is None:
                self._choose(scan=True)
            else:
                self._start(found.scanner, found.wish)

        self._lane.run(lambda: devices.remembered(desk, FORM_SCAN), then=begin, owner=dialog)

    def stop(self) -> None:
        """Stop the paper. What came stays."""
        if self._run is not None and not self._run.stopped():
            self._run.stop()
            self._patience.start()

    def _start(self, scanner: Scanner, wish: ScanWish) -> None:
        dialog, session = self._dialog, self._session
        if dialog is None or session is None or self._run is not None:
            return
        self._pages, self._scanned_for = (), dialog
        run = self._run = ScanRun(session, FORM_SCAN, "", self)
        run.arrived.connect(self._arrived)
        dialog.set_busy("正在扫…", scanning=True)
        scanners, desk = self._desk.scanners, self._desk

        def over(sentence: str) -> None:
            run.deleteLater()
            if self._run is run:
                self._over(sentence)
                if run.came:
                    self._lane.run(lambda: devices.remember(desk, FORM_SCAN, scanner, wish), owner=self)

        self._work.device().run(
            lambda: scanners.scan(scanner, wish, run.hand_over, run.stopped),
            then=lambda _none: over(""),
            failed=lambda problem: over(problem.sentence),
            owner=run,
            broken=lambda: over(""),
        )

    def _arrived(self, page: ScannedPage) -> None:
        run, desk = self._run, self._desk
        if run is None or run is not self.sender() or self._dialog is not self._scanned_for:
            page.keep()
            return

        def read(found: Reading) -> None:
            run.came += len(found.pages)
            run.sentences += found.refused
            if found.refused:
                run.stop()
            if self._dialog is not None and self._dialog is self._scanned_for:
                self._pages += found.pages
                self._dialog.set_busy(f"正在扫，已读 {len(self._pages)} 页", scanning=True)
            page.keep()

        def unread(sentence: str) -> None:
            run.sentences.append(sentence)
            run.stop()
            page.keep()

        self._lane.run(
            lambda: signed_back.read(desk, (Incoming(page.data, "", "scan"),)),
            then=read,
            failed=lambda problem: unread(problem.sentence),
            owner=run,
            broken=page.keep,
        )

    def _over(self, sentence: str) -> None:
        run, self._run = self._run, None
        self._patience.stop()
        if self._dialog is self._scanned_for and self._dialog is not None:
            said = tuple(run.sentences) if run else ()
            self.over.emit(self._pages, (*said, *([sentence] if sentence else [])))

    def _leave(self) -> None:
        """Leave a device behind that does not stop."""
        run = self._run
        if run is not None:
            run.leave()
            self._work.abandon()
            self._over(HUNG)
            run.deleteLater()

    def _choose(self, *, scan: bool) -> None:
        desk, dialog = self._desk, self._dialog
        if dialog is None:
            return

        def show(found: Remembered | None) -> None:
            choice = scanner_choice(dialog, "签好的申请表", found, desk.scanners, self._work.device, use=scan)
            choice.taken.connect(taken)
            choice.open()
            choice.looking()
            choice.looked.emit()

        def taken(scanner: Scanner, wish: ScanWish) -> None:
            self._lane.run(lambda: devices.remember(desk, FORM_SCAN, scanner, wish), owner=self)
            if scan:
                self._start(scanner, wish)

        self._lane.run(lambda: devices.remembered(desk, FORM_SCAN), then=show, owner=dialog)
