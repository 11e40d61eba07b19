"""The documents of an accepted application: which of them to print, which one is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.services.printing import TITLES
from app.ui.kit.choices import Check
from app.ui.kit.layouts import fill, restyle
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from app.services.ports import Rendered

KINDS = ("form", "receipt", "receipt-large")
_FOR = {"form": "存档", "receipt": "交申请人", "receipt-large": "交申请人"}


class PaperRow(QFrame):
    """One document: a tick to print it. ``looked()`` when it was clicked or focused, ``ticked()`` when its tick changed."""

    looked = Signal()
    ticked = Signal()

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.setProperty("role", "choice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.kind = kind
        self.pages = 0
        self.check = Check(TITLES[kind], name=f"打印·{TITLES[kind]}")
        self.check.ticked.connect(self.ticked)
        self._note = Text("", "small", right=True)
        fill(QHBoxLayout(self), (self.check, ..., self._note), pad=(15, 3, 20, 3))
        self.put(0)

    def put(self, pages: int) -> None:
        """Say how many pages it has; 0 while it is not there yet."""
        self.pages = pages
        self.check.setEnabled(bool(pages))
        self._note.put(f"1 份 {pages} 页·{_FOR[self.kind]}" if pages else "正在取")

    def set_current(self, *, current: bool) -> None:
        """Mark as the one that is looked at."""
        restyle(self, on=current)
        self.check.setAccessibleDescription("下面正看着这份" if current else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the whole row show its document."""
        if event.button() == Qt.MouseButton.LeftButton and self.pages:
            self.looked.emit()


class PaperList(QFrame):
    """The documents. ↑ ↓ choose the one to look at, Space ticks. ``looked(kind)``, ``ticked()``."""

    looked = Signal(str)
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = {kind: PaperRow(kind) for kind in KINDS}
        fill(QVBoxLayout(self), tuple(self.rows.values()), pad=(0, 4, 0, 4))
        self.current = ""
        for kind, row in self.rows.items():
            row.looked.connect(lambda kind=kind: self.look(kind))
            row.ticked.connect(self.ticked)
            row.check.installEventFilter(self)

    def put(self, documents: Iterable[Rendered]) -> None:
        """Show which documents are there."""
        pages = {document.kind: document.pages for document in documents}
        for kind, row in self.rows.items():
            row.put(pages.get(kind, 0))
            row.setVisible(not pages or kind in pages)

    def tick(self, kinds: Sequence[str]) -> None:
        """Tick exactly these."""
        for kind, row in self.rows.items():
            row.check.put(kind in kinds)

    def chosen(self) -> list[str]:
        """Return the ticked kinds that are there, in printing order."""
        return [kind for kind, row in self.rows.items() if row.check.value() and row.pages]

    def sheets(self) -> int:
        """Return how many pages the ticked ones have."""
        return sum(self.rows[kind].pages for kind in self.chosen())

    def mark(self, kind: str) -> None:
        """Mark the one that is looked at."""
        self.current = kind
        for one, row in self.rows.items():
            row.set_current(current=one == kind)

    def look(self, kind: str) -> None:
        """Look at a document because a person chose it."""
        if kind != self.current:
            self.mark(kind)
            self.looked.emit(kind)

    def focus_current(self) -> None:
        """Stand in the document that is looked at."""
        if self.current:
            self.rows[self.current].check.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus, and let the arrows go from document to document."""
        kind = next((kind for kind, row in self.rows.items() if row.check is watched), "")
        if kind and event.type() == QEvent.Type.FocusIn and self.rows[kind].pages:
            self.look(kind)
        if kind and event.type() == QEvent.Type.KeyPress:
            return self._key(kind, cast("QKeyEvent", event))
        return False

    def _key(self, kind: str, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if not steps:
            return False
        there = [one for one, row in self.rows.items() if row.pages]
        to = there.index(kind) + steps if kind in there else -1
        if 0 <= to < len(there):
            self.rows[there[to]].check.setFocus(Qt.FocusReason.OtherFocusReason)
        return True
