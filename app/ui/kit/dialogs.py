"""Dialogs, for what cannot be taken back and for a reason that must be written. Esc is always the safe answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.kit.buttons import Button
from app.ui.kit.fields import Field
from app.ui.kit.form import MessageLine
from app.ui.kit.layouts import column, fill
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent


class Dialog(QDialog):
    """A question with two answers, or a fact with one way on. Open it with ``open()``; it deletes itself when closed.

    ``title`` asks, ``text`` says what stays and what goes, ``act`` and ``stay`` are verbs; an empty ``act`` leaves ``stay`` alone. With ``reason`` (a placeholder) a line must be
    written before it acts. ``body`` is any further widget. Ctrl Enter acts, Esc stays; Enter alone does nothing.

    Signals: ``acted(reason)``, and Qt's ``rejected()``.
    """

    acted = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        act: str,
        stay: str,
        *,
        danger: bool = False,
        reason: str = "",
        value: str = "",
        body: QWidget | None = None,
        width: int = 428,
    ) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._must = bool(reason)
        self.reason = Field(f"{title}·理由", placeholder=reason)
        self.reason.put(value)
        self.reason.setVisible(bool(reason))
        self.message = MessageLine()
        self.act = Button(act, "danger" if danger else "primary", key=keys.cap("confirm"))
        self.act.setVisible(bool(act))
        self.stay = Button(stay, "plain" if act else "primary", key=keys.cap("close"))
        answers = QFrame()
        fill(QHBoxLayout(answers), (..., self.stay, self.act), gap=8)
        inner = width - 46
        head = Text(title, "h2", wrap=True, width=inner)
        said = Text(text, "body2", wrap=True, width=inner)
        said.setVisible(bool(text))
        sheet = column(head, 8, said, 12, self.reason, 2, self.message, body, 14, answers, pad=22, role="dialog")
        fill(QVBoxLayout(self), (sheet,))
        self.setFixedWidth(width)
        self.act.clicked.connect(self.confirm)
        self.stay.clicked.connect(self.reject)
        keys.bind(self, "confirm", self.confirm)

    def confirm(self) -> None:
        """Act, once the reason stands there; otherwise say what is missing."""
        reason = self.reason.value().strip()
        if self._must and not reason:
            self.message.say("bad", "写一句理由再继续")
            self.reason.setFocus()
            return
        self.accept()
        self.acted.emit(reason)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand in the middle of the window, the focus on the reason or on the safe answer."""
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            middle = window.mapToGlobal(window.rect().center())
            self.adjustSize()
            self.move(middle.x() - self.width() // 2, middle.y() - self.height() // 2)
        (self.reason if self._must else self.stay).setFocus(Qt.FocusReason.OtherFocusReason)
