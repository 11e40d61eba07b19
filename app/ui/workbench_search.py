"""The one search field: card reader, receipt scanner and typing all land here, and the focus never has to leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal

from app.ui.kit import Field

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

PAUSE = 120  # ms after the last key before the store is asked
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


class SearchField(Field):
    """``asked(text)``: search now (after a pause in typing, or at once on Enter); '' when the field was emptied.

    ``stepped(by)`` moves the row, ``entered()`` is Enter: open, once what stands here was found.
    """

    asked = Signal(str)
    stepped = Signal(int)
    entered = Signal()

    def __init__(
        self, name: str = "查找", placeholder: str = "扫回执，或键入证件号、姓名、姓名首字母", *, big: bool = True
    ) -> None:
        super().__init__(name, placeholder=placeholder, big=big, leading="search")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.ask)
        self.edited.connect(self._typed)

    def question(self) -> str:
        """Return what is asked, without the spaces around it."""
        return self.value().strip()

    def ask(self) -> None:
        """Ask now instead of after the pause."""
        self._timer.stop()
        self.asked.emit(self.question())

    def wipe(self) -> None:
        """Empty the field and go back to the list."""
        self.put("")
        self.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move rows, open and empty; all else is typing."""
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.composing:
            self.entered.emit()
        elif plain and key == Qt.Key.Key_Escape and self.value():
            self.wipe()
        else:
            super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        if text.strip():
            self._timer.start()
        else:
            self.ask()
