"""Dialogs, for what cannot be taken back and for a reason that must be written. Esc is always the safe answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.ui import keys
from app.ui.kit.buttons import Button
from app.ui.kit.form import MessageLine
from app.ui.kit.layouts import column, fill
from app.ui.kit.reasons import ReasonField
from app.ui.kit.text import Text
from app.ui.slices import at_once, styled

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent


_EDGE = 8
"""Logical px that stay free above and below a dialog that is as high as its window."""
_PAD = 22
_BESIDE = 12
"""Of the sheet's right edge, where the scroll bar stands when there is one."""
_ANSWERS = 14 + 34
"""The row of answers and the gap above it."""


def part_height(parent: QWidget, usual: int, others: int, least: int) -> int:
    """Return how high a part of a dialog stands, in logical px, so that the dialog need not scroll: ``usual`` where the window has room.

    ``others``: what else the dialog says above its answers; ``least``: the part is never lower.
    """
    room = parent.window().height() - 2 * (_EDGE + _PAD + 1) - _ANSWERS
    return min(usual, max(least, room - others))


class _Body(QScrollArea):
    """What a dialog says and asks, as high as it wants to be; where the window is lower, it scrolls and the answers below it stay."""

    def __init__(self, dialog: QWidget, inner: QWidget) -> None:
        super().__init__()
        self._dialog = dialog
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)

    def sizeHint(self) -> QSize:
        """Return what the inside wants, within the window."""
        inner = self.widget()
        if inner is None:
            return super().sizeHint()
        high = self._high(inner)
        parent = self._dialog.parentWidget()
        room = parent.window().height() - 2 * (_EDGE + _PAD + 1) - _ANSWERS if parent is not None else high
        return QSize(inner.sizeHint().width() + _BESIDE, min(high, max(room, 0)))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a dialog is never squeezed below what it says."""
        return self.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow and shrink with the inside."""
        if watched is self.widget() and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Take what the inside wants now."""
        inner = self.widget()
        if inner is not None:
            # A scroll area asks wrapped texts for the height at a width, and would squeeze what stands beside them.
            inner.setMinimumHeight(self._high(inner))
        self.updateGeometry()

    @staticmethod
    def _high(inner: QWidget) -> int:
        across = inner.heightForWidth(inner.width()) if inner.hasHeightForWidth() else 0
        layout = inner.layout()
        return max(across, *((layout.sizeHint().height(), layout.minimumSize().height()) if layout is not None else (0,)))


class Dialog(QDialog):
    """A question with two answers, or a fact with one way on. Open it with ``open()``; it deletes itself when closed.

    ``title`` asks, ``text`` says what stays and what goes, ``act`` and ``stay`` are verbs; an empty ``act`` leaves ``stay`` alone. With ``reason`` (a placeholder) a line must be
    written before it acts; Alt ↓ puts the ``common`` ones into it, one after the other. ``body`` is any further widget, ``beside`` one at the left of the
    answers. Ctrl Enter acts, Esc stays; Enter alone does nothing.

    Signals: ``acted(reason)``, and Qt's ``rejected()``.
    """

    acted = Signal(str)
    opening = False
    """Whether it is about to be shown."""

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
        common: tuple[str, ...] = (),
        body: QWidget | None = None,
        beside: QWidget | None = None,
        width: int = 428,
    ) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._must = bool(reason)
        self.reason = ReasonField(f"{title}·理由", reason, common if reason else ())
        self.reason.put(value)
        self.reason.setVisible(bool(reason))
        self.message = MessageLine()
        self.act = Button(act, "danger" if danger else "primary", key=keys.cap("confirm"))
        self.act.setVisible(bool(act))
        self.stay = Button(stay, "plain" if act else "primary", key=keys.cap("close"))
        answers = QFrame()
        fill(QHBoxLayout(answers), (beside, ..., self.stay, self.act), gap=8, pad=(0, 0, _BESIDE, 0))
        inner = width - 2 * (_PAD + 1)
        head = Text(title, "h2", wrap=True, width=inner)
        said = Text(text, "body2", wrap=True, width=inner)
        said.setVisible(bool(text))
        words = column(head, 8, said, 12, self.reason, 2, self.message, self.reason.often)
        words.setFixedWidth(inner)
        pad = (_PAD, _PAD, _PAD - _BESIDE, _PAD)
        self._body = _Body(self, words)
        # From the outside in: whatever is put into something else is styled anew with all that is in it, and a body is the most of a dialog.
        box = column(self._body, 14, pad=pad, role="dialog")
        fill(QVBoxLayout(self), (box,))
        for inside, one in ((words, body), (box, answers)):
            if one is not None and (layout := inside.layout()) is not None:
                layout.addWidget(one)
        self.setFixedWidth(width)
        self.act.clicked.connect(self.confirm)
        self.stay.clicked.connect(self.reject)
        keys.bind(self, "confirm", self.confirm)

    def open(self) -> None:
        """Style it a slice at a time, then show it; one that was covered meanwhile is shown by whoever lifts the cover."""
        self.opening = True
        at_once(styled(self))
        if self.opening and isValid(self):
            self.opening = False
            super().open()

    def confirm(self) -> None:
        """Act, once the reason stands there; otherwise say what is missing."""
        reason = self.reason.value().strip()
        if self._must and not reason:
            self.message.say("bad", "写一句理由再继续")
            self.reason.setFocus()
            return
        self.accept()
        self.acted.emit(reason)

    def adjustSize(self) -> None:  # noqa: N802 - Qt's name
        """Take the height that what is said now wants."""
        self._body.fit()
        super().adjustSize()

    def stand(self) -> None:
        """Take the height that the words need now, in the middle of the window."""
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            middle = window.mapToGlobal(window.rect().center())
            self.adjustSize()
            self.move(middle.x() - self.width() // 2, middle.y() - self.height() // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay inside the window when what is said has grown."""
        super().resizeEvent(event)
        parent = self.parentWidget()
        if parent is not None and self.isVisible():
            top = parent.window().mapToGlobal(QPoint()).y()
            lowest = top + parent.window().height() - _EDGE - self.height()
            if self.y() > lowest >= top:
                self.move(self.x(), lowest)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand in the middle of the window, the focus on the reason or on the safe answer."""
        super().showEvent(event)
        self.stand()
        (self.reason if self._must else self.stay).setFocus(Qt.FocusReason.OtherFocusReason)
