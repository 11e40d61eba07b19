"""The left column of a case: steps with number, name and what stands in them. Alt n jumps; Tab passes it by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout

from app.ui import keys, theme
from app.ui.kit.icons import pixmap
from app.ui.kit.layouts import fill, row
from app.ui.kit.text import KeyCap, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

FOLDED = 48


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``tone``: '' not yet, good, warn, bad or open; ``note`` the line below the name (沈*兰·代办, 未开始, 缺 2)."""

    id: str
    name: str
    tone: str = ""
    note: str = ""


class StepButton(QAbstractButton):
    """One painted step, 50 high. Done, current, with findings and not yet differ in shape and word, not only in colour."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._step = Step("", "")
        self._on = False
        self._folded = False
        self.setFixedHeight(50)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def put(self, step: Step, *, on: bool, folded: bool) -> None:
        """Show a step."""
        if (step, on, folded) == (self._step, self._on, self._folded):
            return
        self._step, self._on, self._folded = step, on, folded
        theme.ensure_rare(step.note)
        word = theme.TONE_WORDS.get(step.tone, "")
        said = f"第 {self._number} 步 {step.name} {word} {step.note}{' 当前' if on else ''}"
        self.setAccessibleName(" ".join(said.split()))
        self.setToolTip(f"{step.name} {step.note}   Alt {self._number}" if folded else "")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the row's size."""
        return QSize(FOLDED if self._folded else theme.current().size("rail"), 50)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, badge, name and note."""
        del event
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._on:
            painter.fillRect(self.rect(), look.color("accent_tint"))
            painter.fillRect(0, 0, 3, self.height(), look.color("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), look.color("sunken"))
        left = (self.width() - 22) / 2 if self._folded else 14.0
        self._badge(painter, QRectF(left, 14, 22, 22))
        if self._folded:
            return
        x, width = 46, self.width() - 46 - 6
        name = QRectF(x, 6, width, 20) if self._step.note else QRectF(x, 0, width, self.height())
        painter.setFont(look.font("body", medium=self._on))
        painter.setPen(look.color("ink" if self._on else "ink2"))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._step.name)
        if self._step.note:
            painter.setFont(look.font("cap"))
            tone = self._step.tone if self._step.tone in ("bad", "warn") else ""
            painter.setPen(look.color(tone or "ink3"))
            fitted = painter.fontMetrics().elidedText(self._step.note, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(x, 26, width, 18), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitted)

    def _badge(self, painter: QPainter, box: QRectF) -> None:
        look = theme.current()
        if self._step.tone and not self._on:
            mark = pixmap(theme.TONE_ICONS[self._step.tone], self._step.tone, 20, self.devicePixelRatioF())
            painter.drawPixmap(round(box.left()) + 1, round(box.top()) + 1, mark)
            return
        painter.setPen(Qt.PenStyle.NoPen if self._on else QPen(look.color("edge"), 1))
        painter.setBrush(look.color("accent") if self._on else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setFont(look.font("small", medium=self._on))
        painter.setPen(look.color("on_accent" if self._on else "ink2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))


class Rail(QFrame):
    """The steps. ``chosen(step id)`` when one was pressed or Alt n was typed."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self._steps: tuple[Step, ...] = ()
        self._current = ""
        self._folded = False
        self._buttons: list[StepButton] = []
        self._box = QVBoxLayout()
        fill(self._box, ())
        self._foot = row(KeyCap("Alt"), Text("+ 数字 跳到该步", "cap"), ..., gap=6, pad=(14, 10))
        outer = QVBoxLayout(self)
        fill(outer, (12,))
        outer.addLayout(self._box)
        outer.addStretch(1)
        outer.addWidget(self._foot)
        self.setAccessibleName("步骤")
        self.fold(folded=False)
        keys.bind_nth(self, 9, self._nth)

    def put(self, steps: Sequence[Step], current: str) -> None:
        """Show the steps and which one is open."""
        self._steps, self._current = tuple(steps), current
        while len(self._buttons) < len(self._steps):
            at = len(self._buttons)
            button = StepButton(at + 1)
            button.clicked.connect(lambda _checked=False, at=at: self._nth(at))
            self._buttons.append(button)
            self._box.addWidget(button)
        for at, button in enumerate(self._buttons):
            button.setVisible(at < len(self._steps))
            if at < len(self._steps):
                step = self._steps[at]
                button.put(step, on=step.id == current, folded=self._folded)

    def fold(self, *, folded: bool) -> None:
        """Shrink to 48 px of numbers and icons, or unfold."""
        self._folded = folded
        self.setFixedWidth(FOLDED if folded else theme.current().size("rail"))
        self._foot.setVisible(not folded)
        self.put(self._steps, self._current)

    def _nth(self, at: int) -> None:
        if at < len(self._steps):
            self.chosen.emit(self._steps[at].id)
