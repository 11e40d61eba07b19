"""A barcode scanner at the keyboard, told from a person by its rhythm: letters in a row faster than anybody types, Enter or Tab or nothing behind them.

The first letters of a row cannot be told apart and go where they would; what follows is held back. Once the row is whole and is a code of ours, or one
that must not be kept, none of it stays: the held letters are dropped and what stood there before the first comes back, its history of changes
gone with it. Any other row is handed on, at most a tenth of a second late. What an input method composes never comes by here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from app.core.scanned import Scan, read
from app.ui.kit.fields import Field, TextArea

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

GAP_MS = 80
"""Between two letters of a scanner: 16 on a slow USB keyboard, 32 for a capital letter, and on Windows what the window took for the one before. A person's
are seldom under 100, and one who is quicker only waits for :data:`PAUSE_MS`."""
LEAD = 3
"""Letters that nobody can tell from a person's."""
PAUSE_MS = 100
"""Silence after which a row without Enter is over."""
_ENDS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_QUIET = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock})


@dataclass(slots=True)
class _Row:
    """Letters that came in one rhythm, and what stood there before them."""

    text: str = ""
    at: int = 0
    held: list[QKeyEvent] = field(default_factory=list)
    widget: QWidget | None = None
    before: str = ""
    mark: object = None


class Wedge(QObject):
    """Listens at the window's handle, where each key comes by once, before any widget has it.

    ``scanned`` is given what a row was. ``mark`` is asked what stands before a row, None where nothing may be held back; ``back`` brings that back.
    """

    def __init__(
        self,
        window: QWidget,
        scanned: Callable[[Scan], None],
        mark: Callable[[], object],
        back: Callable[[object], None],
    ) -> None:
        super().__init__(window)
        self._scanned, self._mark, self._back = scanned, mark, back
        self._row = _Row()
        self._passing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._over)
        self._window = window
        window.installEventFilter(self)
        self._listen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold back what looks like a scan; everything else goes its way, in the order it came."""
        if watched is self._window:
            if event.type() == QEvent.Type.WinIdChange:
                self._listen()
            return False
        if self._passing:
            return False
        if event.type() == QEvent.Type.KeyPress:
            return self._pressed(cast("QKeyEvent", event))
        if event.type() == QEvent.Type.MouseButtonPress:
            self._hand_on()
        return False

    def _listen(self) -> None:
        """Listen at the handle, which the system may make anew."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def _pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _QUIET:
            return False
        at = int(event.timestamp()) or int(time.monotonic() * 1000)
        quick = bool(self._row.text) and 0 <= at - self._row.at <= GAP_MS
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        text = event.text()
        if plain and not event.isAutoRepeat() and len(text) == 1 and text.isascii() and text > " ":
            return self._letter(event, text, at, quick=quick)
        if plain and key in _ENDS and quick and self._row.held and self._end():
            return True
        self._hand_on()
        return False

    def _letter(self, event: QKeyEvent, text: str, at: int, *, quick: bool) -> bool:
        if not quick:
            self._hand_on()
            if not self._begin():
                return False
        self._row.text += text
        self._row.at = at
        if len(self._row.text) <= LEAD:
            return False
        self._row.held.append(event.clone())
        self._timer.start()
        return True

    def _begin(self) -> bool:
        """Note what stands here; False where nothing may be held back: in a passphrase, and while an input method is in the middle of a word."""
        widget, mark = QApplication.focusWidget(), self._mark()
        secret = isinstance(widget, QLineEdit) and widget.echoMode() != QLineEdit.EchoMode.Normal
        if mark is None or secret or getattr(widget, "composing", False):
            return False
        before = widget.value() if isinstance(widget, (Field, TextArea)) else ""
        self._row = _Row(widget=widget, before=before, mark=mark)
        return True

    def _over(self) -> None:
        """End a row behind which nothing came."""
        if not self._end():
            self._hand_on()

    def _end(self) -> bool:
        """Read the row; whether it was a code that somebody deals with. Of what it said nothing is kept here."""
        row = self._row
        scan = read(row.text)
        if scan is None:
            return False
        self._timer.stop()
        self._row = _Row()
        self._restore(row)
        self._scanned(scan)
        return True

    def _restore(self, row: _Row) -> None:
        """Bring back what stood there. Setting a field's whole text forgets the letters in its own history, too."""
        self._back(row.mark)
        now = QApplication.focusWidget()
        for widget in dict.fromkeys((row.widget, now)):
            if isinstance(widget, (Field, TextArea)) and isValid(widget):
                before = row.before if widget is row.widget else ""
                if widget.value() != before and widget.value().endswith(row.text[:LEAD]):
                    widget.put(before)
                    widget.edited.emit(before)

    def _hand_on(self) -> None:
        """Give what was held to whoever has the focus: it was no scan."""
        self._timer.stop()
        row, self._row = self._row, _Row()
        self._passing = True
        try:
            handle = self._window.windowHandle()
            for event in row.held if handle is not None else ():
                QCoreApplication.sendEvent(handle, event)
        finally:
            self._passing = False
