"""Messages that stay until their cause is gone, and empty places that say what would be here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from app.ui import theme
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import fill, restyle
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class MessageBar(QFrame):
    """The one message bar: pushes content down, never floats, never leaves by itself. Hidden while it has nothing to say.

    ``acted()`` when its button was pressed. Tones: bad warn good accent open.
    """

    acted = Signal()

    def __init__(self, tone: str = "accent", text: str = "", action: str = "", key: str = "") -> None:
        super().__init__()
        self.setProperty("role", "message")
        self._icon = Icon("", "accent", 18)
        self._text = Text("", wrap=True)
        self._button = Button("", "small")
        self._button.clicked.connect(self.acted)
        fill(QHBoxLayout(self), (self._icon, (self._text, 1), self._button), gap=10, pad=(14, 7, 8, 7))
        self.setMinimumHeight(42)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.say(tone, text, action, key)

    def say(self, tone: str, text: str, action: str = "", key: str = "") -> None:
        """Show a sentence, with at most one button."""
        restyle(self, tone=tone)
        self._icon.put(theme.TONE_ICONS[tone], tone)
        self._text.put(text)
        self._button.put(action, key)
        self._button.setVisible(bool(action))
        self.setAccessibleName(f"{theme.TONE_WORDS[tone]} {text}")
        self.setVisible(bool(text))

    def clear(self) -> None:
        """Hide: the cause is gone."""
        self.setVisible(False)

    def text(self) -> str:
        """Return the sentence, '' while hidden."""
        return "" if self.isHidden() else self._text.full()


class EmptyState(Bare):
    """What stands where a list would be: icon, title, one sentence, at most one button (signal ``acted()``)."""

    acted = Signal()

    def __init__(self, icon: str, title: str, text: str = "", action: str = "", key: str = "") -> None:
        super().__init__()
        self._icon = Icon(icon, "ink3", 36)
        self._title = Text(title, "h2", centre=True)
        self._text = Text(text, "body2", centre=True, wrap=True, width=420)
        self._button = Button(action, key=key)
        self._button.clicked.connect(self.acted)
        box = QVBoxLayout(self)
        fill(box, (...,), gap=12, pad=24)
        for widget in (self._icon, self._title, self._text, self._button):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self.say(title, text, action, key)

    def say(self, title: str, text: str = "", action: str = "", key: str = "") -> None:
        """Say something else."""
        self._title.put(title)
        self._text.put(text)
        self._text.setVisible(bool(text))
        self._button.put(action, key)
        self._button.setVisible(bool(action))


class Skeleton(Bare):
    """The grey rows of a list that is being read: they appear only after 300 ms and are drawn once."""

    def __init__(self, rows: int = 5, pitch: int = 54) -> None:
        super().__init__()
        self._rows, self._pitch, self._seen = rows, pitch, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(300)
        self._timer.timeout.connect(self._appear)
        self.setAccessibleName("正在读")

    def start(self) -> None:
        """Begin to wait."""
        self._seen = False
        self._timer.start()
        self.update()

    def _appear(self) -> None:
        self._seen = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows."""
        del event
        if not self._seen:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("sunken"))
        for at in range(self._rows):
            y = at * self._pitch + self._pitch / 2 - 6
            for left, width in ((0.02, 0.2), (0.28 - at % 2 * 0.04, 0.36), (0.82, 0.14)):
                painter.drawRoundedRect(QRectF(self.width() * left, y, self.width() * width, 12), 3, 3)
