"""Words on the screen: labels by role, key caps, chips and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from app.ui import theme
from app.ui.kit.bare import Bare
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import fill, restyle

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.ui.keys import KeyHint


class Text(QLabel):
    """A label. ``role``: h1 h2 name strong medium body body2 label small small_ink cap num date huge number link mark msg.

    Plain text only, so that a name can never be read as markup. ``wrap`` keeps every line visible at any width; ``elide`` shortens
    one line with … and keeps the whole in the tooltip (never for a fact that is needed).
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        *,
        tone: str = "",
        wrap: bool = False,
        elide: bool = False,
        right: bool = False,
        centre: bool = False,
        width: int = 0,
    ) -> None:
        super().__init__()
        self._full = ""
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        across = Qt.AlignmentFlag.AlignLeft
        if right or centre:
            across = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignHCenter
        self.setAlignment(across | Qt.AlignmentFlag.AlignVCenter)
        if width:
            self.setFixedWidth(width)
        if elide:
            self.setMinimumWidth(0)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.put(text)

    def put(self, text: str, tone: str | None = None) -> None:
        """Show another text, and another tone when one is given."""
        if tone is not None:
            restyle(self, tone=tone)
        if text == self._full:
            if text != self.text():
                self._fit()
            return
        theme.ensure_rare(text)
        self._full = text
        self.setText(text)
        self._fit()
        if self._elide:
            self.updateGeometry()

    def full(self) -> str:
        """Return the whole text, elided or not."""
        return self._full

    def sizeHint(self) -> QSize:
        """Return the size of the whole text, so that eliding never feeds on itself."""
        if not self._elide:
            return super().sizeHint()
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._full) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return nearly nothing for a text that may be shortened."""
        return QSize(24, super().minimumSizeHint().height()) if self._elide else super().minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the last line of a wrapped text, and the end mark of a shortened one."""
        super().resizeEvent(event)
        if (self._elide or self.wordWrap()) and event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew: the style sheet's font comes when the text gets its place in a window."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._full:
            self._fit()

    def _fit(self) -> None:
        if self._elide and self.width() > 0:
            shown = QFontMetrics(self.font()).elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
            if shown != self.text():
                self.setText(shown)
            self.setToolTip("" if shown == self._full else self._full)
        elif self.wordWrap():
            # A tight layout would cut the last line of a wrapped label: its height follows its width.
            # QLabel counts its own minimum into that height, so the old one goes first.
            self.setMinimumHeight(0)
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


class KeyCap(QLabel):
    """The cap of a key, 19 px high. Foot bars and lists only."""

    def __init__(self, cap: str) -> None:
        super().__init__(cap)
        self.setProperty("role", "key")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class HintLabel(Bare):
    """A key cap and what the key does."""

    def __init__(self, hint: KeyHint) -> None:
        super().__init__()
        self._cap, self._word = KeyCap(hint.cap), Text(hint.word, "small")
        fill(QHBoxLayout(self), (self._cap, self._word), gap=6)
        self.setAccessibleName(f"{hint.word} {hint.cap}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def put(self, hint: KeyHint) -> None:
        """Show another key in the same place."""
        self._cap.setText(hint.cap)
        self._word.put(hint.word)
        self.setAccessibleName(f"{hint.word} {hint.cap}")
        self.adjustSize()


class Chip(QFrame):
    """A small fact in a box, 22 px high. ``tone``: neutral, bad, warn, good, accent or open."""

    def __init__(self, text: str, tone: str = "neutral", icon: str = "") -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self._icon = Icon(icon, _ink(tone), 14)
        self._text = Text(text, "chip_text", tone=tone)
        fill(QHBoxLayout(self), (self._icon, self._text), gap=5, pad=(8, 0))
        self.setFixedHeight(theme.current().size("chip"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.put(text, tone, icon)

    def put(self, text: str, tone: str = "neutral", icon: str = "") -> None:
        """Show something else in the same place."""
        restyle(self, tone=tone)
        self._text.put(text, tone)
        self._icon.put(icon, _ink(tone))
        self._icon.setVisible(bool(icon))
        self.setAccessibleName(text)


def _ink(tone: str) -> str:
    return "ink2" if tone == "neutral" else tone


class Verdict(Chip):
    """缺 疑 妥 知 未 待: icon, word and colour; any two of them may be lost. ``tone``: bad warn good accent open wait."""

    def __init__(self, tone: str, text: str = "") -> None:
        super().__init__(text or theme.TONE_WORDS[tone], tone, theme.TONE_ICONS[tone])

    def say(self, tone: str, text: str = "") -> None:
        """Show another verdict; without a text the tone's own word."""
        self.put(text or theme.TONE_WORDS[tone], tone, theme.TONE_ICONS[tone])
