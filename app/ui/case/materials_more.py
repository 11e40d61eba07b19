"""The strip under the slots that says in words what is out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.ui.keys import KeyHint
from app.ui.kit.layouts import fill
from app.ui.kit.text import HintLabel, Text, Verdict

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from app.ui.case.materials_view import SlotView


class More(QFrame):
    """The strip that names the first slot out of sight. ``pressed()`` when it was clicked."""

    accessible_role = "Button"
    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "more")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(36)
        self._name = Text("", "medium", elide=True)
        self._verdict = Verdict("wait")
        words = (Text("下面还有", "cap"), self._name, self._verdict, ..., HintLabel(KeyHint("↓", "往下")))
        fill(QHBoxLayout(self), words, gap=10, pad=(20, 0, 16, 0))

    def put(self, view: SlotView) -> None:
        """Name a slot."""
        self._name.put(view.label)
        self._verdict.setVisible(bool(view.verdict))
        if view.verdict:
            self._verdict.say(view.tone, view.verdict)
        self.setAccessibleName(f"下面还有 {view.label} {view.verdict}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go down."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()
