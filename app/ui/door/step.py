"""What the steps of the first start have in common: a title, a form, problems at their fields, and hearing about every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.kit import EnterMoves, FormGrid, Text, fill, focus_first

if TYPE_CHECKING:
    from collections.abc import Mapping

LABEL = 108


class DoorStep(QFrame):
    """A step. ``changed()`` when something was typed or chosen; ``fields`` maps a field of ``Answers`` to its widget."""

    changed = Signal()

    def __init__(self, title: str, lead: str) -> None:
        super().__init__()
        self.fields: dict[str, QWidget] = {}
        self.form = FormGrid(LABEL)
        self.title, self.lead = Text(title, "h1"), Text(lead, "body2", wrap=True)
        self._box = QVBoxLayout(self)
        fill(self._box, (self.title, 6, self.lead, 18, self.form, ...), pad=(48, 34, 48, 20))
        self._moves = EnterMoves(self)

    def values(self) -> dict[str, str]:
        """Return what was answered here, by the names of ``Answers``."""
        return {}

    def show_problems(self, problems: Mapping[str, str]) -> bool:
        """Show the problems of this step's fields and stand in the first; return whether there is one."""
        first: QWidget | None = None
        for name, widget in self.fields.items():
            text = problems.get(name, "")
            self.tell(widget, "bad" if text else "", text)
            if text and first is None:
                first = widget
        if first is not None:
            first.setFocus()
        return first is not None

    def focus_first(self) -> None:
        """Stand in the first empty field."""
        focus_first(self)

    @staticmethod
    def tell(widget: QWidget, tone: str, text: str = "") -> None:
        """Show a finding at a field at once, even when the focus is in it."""
        widget.clearFocus()
        if hasattr(widget, "set_finding"):
            widget.set_finding(tone, text)
