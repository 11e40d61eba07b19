"""A field for a passphrase: covered, with a button that shows it. What was typed leaves it as soon as it was used."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.ui.kit import Button, Field, fill
from app.ui.kit.bare import Bare


class SecretField(Bare):
    """``edited(str)`` as of :class:`~app.ui.kit.Field`. ``field`` is the field itself, for the focus and for its finding.

    Shown, the field takes an input method, so that a passphrase may be a Chinese sentence.
    """

    edited = Signal(str)

    def __init__(self, name: str, *, width: int = 0) -> None:
        super().__init__()
        self.field = Field(name, width=width)
        self.toggle = Button("显示")
        self.toggle.setFixedWidth(64)
        self.toggle.setAccessibleName(f"{name} 显示")
        self.toggle.clicked.connect(lambda: self.show_text(shown=self.field.echoMode() is QLineEdit.EchoMode.Password))
        self.field.edited.connect(self.edited)
        fill(QHBoxLayout(self), ((self.field, 0 if width else 1), self.toggle, ... if width else None), gap=8)
        self.setFocusProxy(self.field)
        self.show_text(shown=False)

    def show_text(self, *, shown: bool) -> None:
        """Show the text or cover it."""
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.toggle.put("遮住" if shown else "显示")
        self.toggle.setAccessibleName(f"{self.field.accessibleName()} {'遮住' if shown else '显示'}")

    def value(self) -> str:
        """Return what was typed."""
        return self.field.value()

    def wipe(self) -> None:
        """Empty it and cover it again."""
        self.field.clear()
        self.show_text(shown=False)
