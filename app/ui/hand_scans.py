"""What a scanner at the keyboard does in the window: receipts, covers and notices open their case, an e-voucher is noted as shown, the rest is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.core.scanned import Scan, ScanKind
from app.ui.wedge import Wedge
from app.ui.workbench import WorkbenchPage

if TYPE_CHECKING:
    from app.core.application import Application
    from app.ui.case.card_desk import CardDesk
    from app.ui.case.session import CaseSession
    from app.ui.main_window import MainWindow

SAYS: Final = {
    ScanKind.DIVIDER: "这是隔页上的码，和纸一起扫才有用，没有填进去",
    ScanKind.VOUCHER: "这是医保电子凭证的码，没有留下。先开一件申请，再扫",
    ScanKind.ADDRESS: "这个码是个网址，不是回执，也不是电子凭证，没有填进去",
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a case said before a row of letters began."""

    session: CaseSession | None = None
    application: Application | None = None


class HandScans(QObject):
    """Serves one window, from its first frame on."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.wedge = Wedge(window, self.scanned, self._mark, self._back)

    def scanned(self, scan: Scan) -> None:
        """Do what a code is there for."""
        session, at_case = self._session(), self._window.current == "case"
        if scan.kind is ScanKind.CASE:
            if not (at_case and session is not None and scan.code in _codes(session.application)):
                self._window.tab.emit("workbench")
                self._bench().look_for(scan.code)
            return
        if scan.kind is ScanKind.VOUCHER and at_case:
            self._desk().show_voucher()
        elif at_case:
            self._desk().say("warn", SAYS[scan.kind])
        elif self._window.current == "workbench":
            self._bench().say("warn", SAYS[scan.kind])

    def _mark(self) -> _Mark | None:
        """Return how the case on screen stands; None behind the lock, where a passphrase is typed."""
        if self._window.bare or self._window.desk is None:
            return None
        session = self._session() if self._window.current == "case" else None
        return _Mark(session, session.application if session is not None else None)

    def _back(self, mark: object) -> None:
        if isinstance(mark, _Mark) and mark.session is not None and mark.application is not None:
            # A page that was stored between two letters stays: only what letters can change goes back.
            mark.session.replace(replace(mark.application, papers=mark.session.application.papers))

    def _session(self) -> CaseSession | None:
        return self._window.case_page().session if self._window.has("case") else None

    def _desk(self) -> CardDesk:
        from app.ui.case.card_desk import CardDesk  # noqa: PLC0415 - loaded with the first case

        return next(iter(self._window.case_page().findChildren(CardDesk)))

    def _bench(self) -> WorkbenchPage:
        page = self._window.page("workbench")
        assert isinstance(page, WorkbenchPage)  # noqa: S101 - narrows for the type checker; the window's table says so
        return page


def _codes(application: Application) -> tuple[str, ...]:
    accepted = application.acceptance
    return (application.id, accepted.number) if accepted is not None else (application.id,)
