"""One page, or two side by side: the one that is held and the one looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.case.materials_sheet import FIT, STEPS, Sheet
from app.ui.kit.bare import Bare
from app.ui.kit.layouts import column, fill
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.core.application import Page


class Pair(Bare):
    """``sheet`` shows the page looked at. A held page stands at its left and stays there while other pages are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet()
        self.other = Sheet()
        self._held: Page | None = None
        self._names = (Text("", "cap", elide=True), Text("", "cap", elide=True))
        self._left = column(self._band(self._names[0]), (self.other, 1))
        self._right_band = self._band(self._names[1])
        right = column(self._right_band, (self.sheet, 1))
        fill(QHBoxLayout(self), ((self._left, 1), (right, 1)), gap=1)
        self.let_go()

    @property
    def held(self) -> Page | None:
        """The page that is held, None for none."""
        return self._held

    def hold(self, page: Page, name: str, data: bytes, drawn: QImage | None = None) -> None:
        """Hold this page at the left; ``data`` and ``drawn`` as for the sheet, both empty while they are on their way."""
        self._held = page
        self._names[0].put(name)
        self.other.setAccessibleName(f"并排看着：{name}")
        if data or drawn is not None:
            self.other.show_bytes(data, page.turn, drawn)
        else:
            self.other.show_placeholder(None)
        self._left.show()
        self._right_band.show()

    def let_go(self) -> None:
        """Show one page again."""
        self._held = None
        self._left.hide()
        self._right_band.hide()

    def caption(self, name: str) -> None:
        """Name the page looked at."""
        self._names[1].put(name)

    def zoom_by(self, steps: int) -> None:
        """Zoom both."""
        for sheet in (self.sheet, self.other):
            sheet.zoom_by(steps)

    def zoom_fit(self) -> None:
        """Fit both to their width."""
        for sheet in (self.sheet, self.other):
            sheet.zoom_by(FIT - STEPS.index(sheet.zoom))

    @staticmethod
    def _band(text: Text) -> QWidget:
        return column(text, pad=(12, 5), role="band")
