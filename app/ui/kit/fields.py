"""Fields one types in. What was typed stays as typed; only the picture of it at rest is grouped or written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QInputMethodEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStyleOptionFrame

from app.ui import theme
from app.ui.kit.icons import icon
from app.ui.kit.layouts import restyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent

_STATES = {"bad": "error", "warn": "warn"}


class Field(QLineEdit):
    """One line. ``name`` is its accessible name: section and label (``代办人·姓名``).

    Signals: ``edited(str)`` when a person changed it, with the whole text; ``left()`` when the focus went on;
    ``told(tone, text)`` when the message below it should change (:class:`~app.ui.kit.FormRow` listens).

    ``numeric`` spaces the digits; ``group`` (such as ``masks.group_cert``) makes the text that is painted while nobody types in it.
    """

    edited = Signal(str)
    left = Signal()
    told = Signal(str, str)

    def __init__(
        self,
        name: str,
        *,
        width: int = 0,
        placeholder: str = "",
        numeric: bool = False,
        big: bool = False,
        group: Callable[[str], str] | None = None,
        leading: str = "",
    ) -> None:
        super().__init__()
        self._source = ""
        self._finding = ("", "")
        self._told = ("", "")
        self._group = group
        self.composing = False
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setProperty("state", "")
        self.setProperty("numeric", numeric)
        self.setProperty("big", big)
        if width:
            self.setFixedWidth(width)
        if leading:
            self.addAction(icon(leading, "ink2", 18), QLineEdit.ActionPosition.LeadingPosition)
        self.textEdited.connect(self._typed)

    # data in
    def put(self, value: str) -> None:
        """Show a value. The caret stays when it is the text that already stands here."""
        if value != self.text():
            theme.ensure_rare(value)
            self.setText(value)
            if not self.hasFocus():
                self.setCursorPosition(0)

    def value(self) -> str:
        """Return the text as typed."""
        return self.text()

    def set_source(self, source: str, tip: str = "") -> None:
        """Say where the value came from: ``card`` (tinted), ``copied`` (dashed, to be confirmed), ``fixed`` (not to be changed), or ''."""
        self._source = source
        self.setReadOnly(source == "fixed")
        self.setToolTip(tip)
        self._restate()

    def set_finding(self, tone: str, text: str = "") -> None:
        """Show a finding (``bad``, ``warn``) with its sentence, or none ('').

        While the field is being typed in nothing new is shouted: it appears on leaving. One that is taken away goes at once.
        """
        self._finding = (tone, text)
        self.setAccessibleDescription(text)
        if self.hasFocus() and not self._told[0]:
            return
        self._tell()

    def shown_finding(self) -> tuple[str, str]:
        """Return tone and sentence that are shown now."""
        return self._told

    # behaviour
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether an input method is composing: its Enter is not ours."""
        self.composing = bool(event.preeditString())
        # Before the line is laid out: Qt keeps the glyphs of a laid out line, also the empty boxes.
        theme.ensure_rare(event.preeditString() + event.commitString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the finding that was held back while typing."""
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            return
        self.composing = False
        self.deselect()
        self.setCursorPosition(0)
        self._tell()
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the grouped text while nobody types here."""
        shown = self.at_rest()
        if shown == self.text() or self.hasFocus():
            super().paintEvent(event)
            return
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - a class of 10 ms that the first paint does not need

        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QPainter(self)
        style = self.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        box = style.subElementRect(QStyle.SubElement.SE_LineEditContents, option, self).adjusted(2, 0, -2, 0)
        painter.setFont(self.font())
        painter.setPen(self.palette().text().color())
        fitted = QFontMetrics(self.font()).elidedText(shown, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitted)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Stand at the end when the focus did not come by Tab or a click."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.OtherFocusReason, Qt.FocusReason.ShortcutFocusReason):
            self.end(False)

    def at_rest(self) -> str:
        """Return what is painted while the field has no focus."""
        return self._group(self.text()) if self._group and self.text() else self.text()

    def _typed(self, text: str) -> None:
        theme.ensure_rare(text)
        self.edited.emit(text)

    def _tell(self) -> None:
        if self._finding != self._told:
            self._told = self._finding
            self._restate()
            self.told.emit(*self._finding)

    def _restate(self) -> None:
        restyle(self, state=_STATES.get(self._told[0], self._source))


class DateField(Field):
    """A date typed in any usual way (20260119, 2026.1.19, 2026年1月19日), painted as 2026-01-19 at rest.

    ``words`` (such as 长期) may stand instead of a date. The value stays as typed; :meth:`day` reads it.
    """

    def __init__(self, name: str, *, width: int = 140, placeholder: str = "", words: tuple[str, ...] = ()) -> None:
        super().__init__(name, width=width, placeholder=placeholder, numeric=True, group=self._written)
        self._words = words

    def _written(self, text: str) -> str:
        from app.core import days  # noqa: PLC0415 - the tables behind it take 10 ms, and the lock has no date

        day = None if text.strip() in self._words else days.parse_day(text)
        return days.iso(day) if day else text


class TextArea(QPlainTextEdit):
    """Several lines. Enter makes a line; Tab or Ctrl Enter goes on, Shift Enter back. Same signals and setters as :class:`Field`."""

    edited = Signal(str)
    left = Signal()
    told = Signal(str, str)

    def __init__(self, name: str, *, lines: int = 3, width: int = 0, placeholder: str = "") -> None:
        super().__init__()
        self._finding = ("", "")
        self._told = ("", "")
        self.composing = False
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(lines * 22 + 18)
        if width:
            self.setFixedWidth(width)
        self.textChanged.connect(self._typed)

    def put(self, value: str) -> None:
        """Show a value; nothing is emitted."""
        if value != self.toPlainText():
            theme.ensure_rare(value)
            self.blockSignals(True)
            self.setPlainText(value)
            self.blockSignals(False)

    def value(self) -> str:
        """Return the text as typed."""
        return self.toPlainText()

    def set_finding(self, tone: str, text: str = "") -> None:
        """Show a finding, or none; a new one appears on leaving the field."""
        self._finding = (tone, text)
        self.setAccessibleDescription(text)
        if self.hasFocus() and not self._told[0]:
            return
        self._tell()

    def shown_finding(self) -> tuple[str, str]:
        """Return tone and sentence that are shown now."""
        return self._told

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether an input method is composing."""
        self.composing = bool(event.preeditString())
        theme.ensure_rare(event.preeditString() + event.commitString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Ctrl Enter and Shift Enter to the page, which goes on and back with them."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the finding that was held back while typing."""
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            return
        self.composing = False
        self._tell()
        self.left.emit()

    def _typed(self) -> None:
        text = self.toPlainText()
        theme.ensure_rare(text)
        self.edited.emit(text)

    def _tell(self) -> None:
        if self._finding != self._told:
            self._told = self._finding
            restyle(self, state=_STATES.get(self._told[0], ""))
            self.told.emit(*self._finding)
