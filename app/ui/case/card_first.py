"""The card before the typing: F6 or the camera on the identity step take the card into its slot, what it says is confirmed, and the step goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.reading import CARDS
from app.services import read_pages
from app.ui import keys
from app.ui.case.materials_page import MaterialsPage
from app.ui.case.step import FormPage

if TYPE_CHECKING:
    from PySide6.QtGui import QShortcut

    from app.ui.case.case_page import CasePage
    from app.ui.case.read_desk import ReadDesk


class CardFirst(QObject):
    """Serves the identity step of one case page, where cards can be read at all."""

    def __init__(self, case: CasePage, read: ReadDesk) -> None:
        super().__init__(read)
        self._case, self._read = case, read
        self._keys: list[QShortcut] = []
        self._came = ""
        case.step_shown.connect(self._shown)
        read.stands.connect(self._look)
        read.confirmed.connect(self._back)

    def _shown(self, step: str) -> None:
        if step == "identity" and not self._keys:
            page = self._case.page(step)
            self._keys = [
                *keys.bind(page, "scan", lambda: self._take(camera=False)),
                *keys.bind(page, "camera", lambda: self._take(camera=True)),
            ]
        if step != "materials":
            self._came = ""
        self._look()

    def _look(self) -> None:
        on = bool(self._slot())
        for shortcut in self._keys:
            shortcut.setEnabled(on)
        page = self._case.page("identity") if self._keys else None
        if isinstance(page, FormPage):
            page.also((keys.hint("scan", "扫证件"), keys.hint("camera", "拍证件")) if on else ())

    def _slot(self) -> str:
        """Return the requirement the next card belongs to: the first one of the list without pages; '' where none is asked for."""
        session = self._case.session
        if session is None or not session.editable or not self._read.on:
            return ""
        state = session.state
        cards = [n for n in state.needs if read_pages.expected(state.region, n.requirement.id) in CARDS]
        empty = [n for n in cards if not state.application.paper(n.requirement.id).pages]
        return next((n.requirement.id for n in empty or cards), "")

    def _take(self, *, camera: bool) -> None:
        requirement, case = self._slot(), self._case
        if not requirement:
            return
        case.open_step("materials")
        page = case.page("materials")
        if case.step == "materials" and isinstance(page, MaterialsPage):
            self._came = "identity"
            page.focus_field(f"papers.{requirement}")
            (page.camera_wanted if camera else page.scan_wanted).emit(requirement, -1)

    def _back(self) -> None:
        if self._came and self._case.step == "materials":
            self._case.open_step(self._came)
