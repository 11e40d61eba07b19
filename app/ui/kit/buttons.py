"""Buttons. One primary a screen; the key stands after the word, three spaces apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QSizePolicy

from app.ui.kit.icons import icon as tinted
from app.ui.kit.layouts import restyle

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_TINTS = {"primary": "on_accent", "danger": "bad", "link": "accent"}


class Button(QPushButton):
    """A button. ``kind``: plain, primary, danger, small or link; ``key``: what its shortcut's cap says (``keys.cap("on")``).

    Listen to ``clicked``. The shortcut itself is bound with :func:`app.ui.keys.bind`. Enter presses it when it has the focus.
    """

    def __init__(self, text: str, kind: str = "plain", *, key: str = "", icon: str = "", big: bool = False) -> None:
        super().__init__()
        self._icon = icon
        self._key = key
        self.setAutoDefault(False)
        self.setProperty("kind", kind)
        self.setProperty("big", big)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.put(text)
        self._tint()

    def put(self, text: str, key: str | None = None) -> None:
        """Change the word, and the key when one is given."""
        self._key = self._key if key is None else key
        gap = "   " if self._key else ""
        self.setText(f"{' ' if self._icon else ''}{text.replace('&', '&&')}{gap}{self._key}")
        self.setAccessibleName(f"{text} {self._key}".strip())

    def set_kind(self, kind: str) -> None:
        """Make it primary, or no longer primary, when the screen's next act changes."""
        if kind != self.property("kind"):
            restyle(self, kind=kind)
            self._tint()
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the focused button; Qt does so in dialogs only."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.click()
        else:
            super().keyPressEvent(event)

    def _tint(self) -> None:
        if self._icon:
            self.setIcon(tinted(self._icon, _TINTS.get(str(self.property("kind")), "ink2")))
            self.setIconSize(QSize(16, 16))


class ToolButton(Button):
    """An icon alone, 32 × 32. ``name`` says what it does, to screen readers and in the tooltip with the key."""

    def __init__(self, icon: str, name: str, *, key: str = "") -> None:
        super().__init__("", "tool", icon=icon)
        self.setText("")
        self.rename(name, key)

    def rename(self, name: str, key: str = "") -> None:
        """Say something else."""
        self.setAccessibleName(f"{name} {key}".strip())
        self.setToolTip(f"{name}   {key}".strip())


class Toggle(Button):
    """A ledger mark (已看 已复印 留存 退还), 26 high: pressed it is green with a tick. Listen to ``toggled`` or ``clicked``."""

    def __init__(self, text: str, *, width: int = 0) -> None:
        super().__init__(text, "ledger")
        self.setCheckable(True)
        self.setFixedWidth(width or (78 if len(text) > 2 else 64))  # noqa: PLR2004  # two or three characters: DESIGN_UI §8
        self.toggled.connect(self._tick)

    def _tick(self, on: bool) -> None:
        self.setIcon(tinted("check", "good", 14) if on else QIcon())
        self.setIconSize(QSize(14, 14))
