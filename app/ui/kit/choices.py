"""Choices: one of few (Segments), one of many (Combo), yes or no (Check). None of them takes anything by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QStyleOptionButton

from app.ui import theme
from app.ui.kit.bare import Bare
from app.ui.kit.icons import icon, pixmap
from app.ui.kit.layouts import empty, fill, restyle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QWheelEvent

# Codes and the words shown for them, in order.
Choices = tuple[tuple[str, str], ...]


def _pairs(choices: Iterable[tuple[str, str]]) -> Choices:
    return tuple((str(code), str(word)) for code, word in choices)


class Segments(Bare):
    """One of few (at most five), all in sight. ← → choose; an unmade choice has none on. ``name``: section and label.

    Signals: ``chosen(code)`` when a person chose; ``told(tone, text)`` for the message below.
    """

    accessible_role = "Grouping"
    chosen = Signal(str)
    told = Signal(str, str)

    def __init__(self, name: str, choices: Iterable[tuple[str, str]] = (), *, width: int = 0) -> None:
        super().__init__()
        self._name = name
        self._width = width
        self._choices: Choices = ()
        self._buttons: list[QPushButton] = []
        self._value = ""
        self._finding = ("", "")
        self._box = QHBoxLayout(self)
        fill(self._box, ())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these (code, word) pairs; the chosen code stays chosen when it is among them."""
        pairs = _pairs(choices)
        if pairs == self._choices:
            return
        self._choices = pairs
        empty(self._box)
        self._buttons = [self._button(code, word, at) for at, (code, word) in enumerate(pairs)]
        for button in self._buttons:
            self._box.addWidget(button)
        self._show()

    def put(self, value: str) -> None:
        """Show a code as chosen; an unknown or empty one leaves the choice unmade."""
        if value != self._value:
            self._value = value
            self._show()

    def value(self) -> str:
        """Return the chosen code, empty while unmade."""
        return self._value if any(code == self._value for code, _ in self._choices) else ""

    def set_finding(self, tone: str, text: str = "") -> None:
        """Pass a finding's sentence to the message line below."""
        if (tone, text) != self._finding:
            self._finding = (tone, text)
            self.setAccessibleDescription(text)
            self.told.emit(tone, text)

    def shown_finding(self) -> tuple[str, str]:
        """Return tone and sentence that are shown now."""
        return self._finding

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows; everything else belongs to the page."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -99, Qt.Key.Key_End: 99}
        step = steps.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space and self._choices and not self.value():
            self._choose(0)
        elif step and self._choices and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            last = len(self._choices) - 1
            # Before anything is chosen the arrows come in from outside: → to the first, ← to the last.
            at = self._at() if self.value() else (-1 if step in (1, -99) else last + 1)
            self._choose(max(0, min(last, at + step)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Highlight where the arrows stand."""
        super().focusInEvent(event)
        self._show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the highlighter away."""
        super().focusOutEvent(event)
        self._show()

    def _at(self) -> int:
        return next((at for at, (code, _) in enumerate(self._choices) if code == self._value), -1)

    def _button(self, code: str, word: str, at: int) -> QPushButton:
        theme.ensure_rare(word)
        button = QPushButton(word, self)
        button.setAutoDefault(False)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setProperty("kind", "segment")
        last = len(self._choices) - 1
        button.setProperty("seg", "only" if last == 0 else "first" if at == 0 else "last" if at == last else "mid")
        button.setAccessibleName(f"{self._name} {word}")
        button.setIconSize(QSize(14, 14))
        if self._width:
            button.setFixedWidth(self._width)
        else:
            # Wide enough for the chosen look, whose Latin letters are wider: choosing then moves nothing.
            fonts = (theme.current().font("body", medium=medium) for medium in (False, True))
            button.setFixedWidth(max(QFontMetrics(font).horizontalAdvance(word) for font in fonts) + 41)
        button.clicked.connect(lambda: self._clicked(code))
        return button

    def _clicked(self, code: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(next(at for at, (c, _) in enumerate(self._choices) if c == code))

    def _choose(self, at: int) -> None:
        code = self._choices[at][0]
        changed = code != self._value
        self._value = code
        self._show()
        if changed:
            self.chosen.emit(code)

    def _show(self) -> None:
        at, focus = self._at(), self.hasFocus()
        for i, (button, (_, word)) in enumerate(zip(self._buttons, self._choices, strict=True)):
            on = i == at
            button.setChecked(on)
            said = f" {word}" if on else word
            if said != button.text():
                # Qt lays the form out again for each icon it is given, the same one too.
                button.setText(said)
                button.setIcon(icon("check", "accent", 14) if on else QIcon())
            # Not "cursor": that is a property of every widget, and the style sheet would never see ours.
            restyle(button, here=focus and i == max(at, 0))
        word = self._choices[at][1] if at >= 0 else "未选"
        self.setAccessibleName(f"{self._name}：{word}")


class Combo(QComboBox):
    """One of many. Alt ↓ opens the list; the wheel never changes it by accident. Signals as :class:`Segments`."""

    chosen = Signal(str)
    told = Signal(str, str)

    def __init__(
        self, name: str, choices: Iterable[tuple[str, str]] = (), *, width: int = 0, placeholder: str = "按 Alt ↓ 选"
    ) -> None:
        super().__init__()
        self._choices: Choices = ()
        self._finding = ("", "")
        self._source = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        if width:
            self.setFixedWidth(width)
        self.activated.connect(lambda at: self.chosen.emit(self._choices[at][0]))
        self.currentIndexChanged.connect(lambda at: restyle(self, unmade=at < 0))
        restyle(self, unmade=True)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these (code, word) pairs; the chosen code stays chosen when it is among them."""
        pairs = _pairs(choices)
        if pairs == self._choices:
            return
        value = self.value()
        self._choices = pairs
        self.clear()
        for code, word in pairs:
            theme.ensure_rare(word)
            self.addItem(word, code)
        self.setCurrentIndex(-1)
        self.put(value)

    def put(self, value: str) -> None:
        """Show a code as chosen; an unknown or empty one leaves the choice unmade."""
        self.setCurrentIndex(next((at for at, (code, _) in enumerate(self._choices) if code == value), -1))

    def value(self) -> str:
        """Return the chosen code, empty while unmade."""
        at = self.currentIndex()
        return self._choices[at][0] if 0 <= at < len(self._choices) else ""

    def set_finding(self, tone: str, text: str = "") -> None:
        """Show a finding at the box and pass its sentence to the message line below."""
        if (tone, text) != self._finding:
            self._finding = (tone, text)
            self.setAccessibleDescription(text)
            self._restate()
            self.told.emit(tone, text)

    def set_source(self, source: str, tip: str = "") -> None:
        """Say where the choice came from, as :meth:`Field.set_source`."""
        self._source = source
        self.setToolTip(tip)
        self._restate()

    def shown_finding(self) -> tuple[str, str]:
        """Return tone and sentence that are shown now."""
        return self._finding

    def _restate(self) -> None:
        restyle(self, state={"bad": "error", "warn": "warn"}.get(self._finding[0], self._source))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll instead."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arrow, sharp at every scale and without an image file."""
        super().paintEvent(event)
        painter = QPainter(self)
        tint = "ink2" if self.isEnabled() else "ink3"
        painter.drawPixmap(
            self.width() - 26, (self.height() - 16) // 2, pixmap("chevron-down", tint, 16, self.devicePixelRatioF(), 2.2)
        )


class Check(QCheckBox):
    """Yes or no; the whole row is the target. ``name`` is the accessible name when the words beside the box are not enough.

    Signals: ``ticked(bool)`` when a person changed it; ``told`` as in :class:`Segments`.
    """

    ticked = Signal(bool)
    told = Signal(str, str)

    def __init__(self, text: str, *, name: str = "") -> None:
        super().__init__(text.replace("&", "&&"))
        self._finding = ("", "")
        self.setAccessibleName(name or text)
        self.clicked.connect(self.ticked)

    def put(self, value: bool) -> None:
        """Show it ticked or not; nothing is emitted."""
        self.setChecked(bool(value))

    def value(self) -> bool:
        """Return whether it is ticked."""
        return self.isChecked()

    def set_finding(self, tone: str, text: str = "") -> None:
        """Pass a finding's sentence to the message line below."""
        if (tone, text) != self._finding:
            self._finding = (tone, text)
            self.setAccessibleDescription(text)
            self.told.emit(tone, text)

    def shown_finding(self) -> tuple[str, str]:
        """Return tone and sentence that are shown now."""
        return self._finding

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tick."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - a class of 10 ms that the first paint does not need

        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        tick = pixmap("check", "on_accent", 14, self.devicePixelRatioF(), 2.6)
        painter.drawPixmap(box.center().x() - 6, box.center().y() - 6, tick)
