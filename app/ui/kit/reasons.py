"""A line for a reason, with the common ones at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.ui import keys
from app.ui.kit.fields import Field
from app.ui.kit.layouts import row
from app.ui.kit.text import KeyCap, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class ReasonField(Field):
    """A :class:`Field`; Alt ↓ puts the ``common`` reasons into it, one after the other. ``often`` is the line that says so."""

    def __init__(self, name: str, placeholder: str, common: tuple[str, ...] = ()) -> None:
        super().__init__(name, placeholder=placeholder)
        self._common = common
        self.often = row(KeyCap(keys.cap("list")), (Text(f"常用：{'·'.join(common)}", "small", wrap=True), 1), gap=8)
        self.often.setVisible(bool(common))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Alt ↓; all else is typing."""
        down = event.key() == Qt.Key.Key_Down and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if down and self._common and not self.composing:
            now = self.value()
            self.put(
                self._common[(self._common.index(now) + 1) % len(self._common)] if now in self._common else self._common[0]
            )
        else:
            super().keyPressEvent(event)
