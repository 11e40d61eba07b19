"""How this computer stands, as short rows on the workbench: icon, what, how, and at most one thing to press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.ui import theme
from app.ui.kit import Button, Icon, Text, fill
from app.ui.kit.bare import Bare

if TYPE_CHECKING:
    from collections.abc import Sequence

_USUAL = 2
"""The second copy and the self-test."""


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
    """The rows. ``acted(id)`` when a row's button was pressed. Lines that are there serve again; the usual ones are made before anything is known."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[StatusRow, ...] = ()
        self._made: list[_Line] = []
        self._box = QVBoxLayout(self)
        fill(self._box, (Text("本机", "strong"),), pad=(16, 14, 16, 10))
        self._lines = QVBoxLayout()
        fill(self._lines, ())
        self._box.addLayout(self._lines)
        self._more(_USUAL)
        self.setVisible(False)

    def rows(self) -> tuple[StatusRow, ...]:
        """Return what is shown."""
        return self._rows

    def put(self, rows: Sequence[StatusRow]) -> None:
        """Show these rows; nothing is touched when they say the same."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self._more(len(self._rows) - len(self._made))
        for line, one in zip(self._made, self._rows, strict=False):
            line.put(one)
        for at, line in enumerate(self._made):
            line.setVisible(at < len(self._rows))
        self.setVisible(bool(self._rows))

    def _more(self, count: int) -> None:
        for _ in range(count):
            line = _Line()
            line.acted.connect(self.acted)
            self._lines.addWidget(line)
            self._made.append(line)


class _Line(Bare):
    """One row of it."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._id = ""
        self._icon = Icon("", "ink2", 16)
        self._label = Text("")
        self._value = Text("", "small", elide=True)
        self._button = Button("", "small")
        self._button.clicked.connect(lambda: self.acted.emit(self._id))
        fill(QHBoxLayout(self), (self._icon, self._label, (self._value, 1), self._button), gap=9)

    def put(self, one: StatusRow) -> None:
        self._id = one.id
        self._icon.put(theme.TONE_ICONS[one.tone], one.tone)
        self._label.put(one.label)
        self._value.put(one.value, "" if one.tone == "good" else one.tone)
        self._button.put(one.action, one.key)
        self._button.setObjectName(f"status-{one.id}" if one.action else "")
        self._button.setAccessibleName(f"{one.label}·{one.action}")
        self._button.setVisible(bool(one.action))
        self.setFixedHeight(36 if one.action else 32)
        self.setAccessibleName(f"{one.label} {theme.TONE_WORDS[one.tone]} {one.value}")
