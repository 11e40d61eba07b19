"""How this computer stands, as short rows on the workbench: icon, what, how, and at most one thing to press."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.kit import Button, Icon, Text, empty, fill, row
from app.ui.kit.bare import Bare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.kit.layouts import Item


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One row. ``tone``: good, warn, bad; ``action`` names its button, '' for none; ``key`` stands on the button."""

    id: str
    tone: str
    label: str
    value: str
    action: str = ""
    key: str = ""


class StatusRows(Bare):
    """The rows. ``acted(id)`` when a row's button was pressed."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[StatusRow, ...] = ()
        self._box = QVBoxLayout(self)
        fill(self._box, (Text("本机", "strong"),), pad=(16, 14, 16, 10))
        self._lines = QVBoxLayout()
        fill(self._lines, ())
        self._box.addLayout(self._lines)
        self.setVisible(False)

    def rows(self) -> tuple[StatusRow, ...]:
        """Return what is shown."""
        return self._rows

    def put(self, rows: Sequence[StatusRow]) -> None:
        """Show these rows; nothing is built anew when they say the same."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        empty(self._lines)
        for one in self._rows:
            self._lines.addWidget(self._line(one))
        self.setVisible(bool(self._rows))

    def _line(self, one: StatusRow) -> QWidget:
        shown = "" if one.tone == "good" else one.tone
        icon = Icon(theme.TONE_ICONS[one.tone], one.tone, 16)
        value = Text(one.value, "small", tone=shown, elide=True)
        parts: list[Item] = [icon, Text(one.label), (value, 1)]
        if one.action:
            button = Button(one.action, "small", key=one.key)
            button.setObjectName(f"status-{one.id}")
            button.setAccessibleName(f"{one.label}·{one.action}")
            button.clicked.connect(partial(self.acted.emit, one.id))
            parts.append(button)
        line = row(*parts, gap=9, height=36 if one.action else 32)
        line.setAccessibleName(f"{one.label} {theme.TONE_WORDS[one.tone]} {one.value}")
        return line
