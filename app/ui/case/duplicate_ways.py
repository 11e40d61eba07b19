"""怎么办: the ways out, each with what becomes of both. ↑ ↓ choose; only keeping both asks for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.kit import Field, KeyCap, Text, column, empty, fill, restyle, row, rule, scroller
from app.ui.kit.bare import Bare
from app.ui.kit.form import MessageLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from app.core.same_person import Act, Way

COMMON = ("那件不办了", "不是同一个年度", "那件录错了人")
"""Reasons that Alt ↓ puts into the field one after the other."""


class Dot(QWidget):
    """The painted mark of a choice."""

    def __init__(self) -> None:
        super().__init__()
        self.on = False
        self.setFixedSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a circle, filled while chosen."""
        del event
        from PySide6.QtGui import QPainter, QPen  # noqa: PLC0415

        from app.ui import theme  # noqa: PLC0415

        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("accent" if self.on else "edge"), 1.5))
        painter.drawEllipse(2, 2, 14, 14)
        if self.on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent"))
            painter.drawEllipse(6, 6, 6, 6)


class _Choice(QFrame):
    """One way out."""

    accessible_role = "ListItem"
    chosen = Signal()

    def __init__(self, way: Way) -> None:
        super().__init__()
        self.way = way
        self.setProperty("role", "choice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._dot = Dot()
        self.reason: Field | None = None
        self._more: QWidget | None = None
        said = column(Text(way.title, "medium", wrap=True), Text(way.text, "small", wrap=True), gap=3)
        body = [said]
        if way.reason:
            self.reason = Field("两件都留·理由", placeholder="为什么两件都留")
            self.message = MessageLine()
            hint = row(KeyCap(keys.cap("list")), (Text(f"常用：{'·'.join(COMMON)}", "small", wrap=True), 1), gap=8)
            self._more = column(self.reason, self.message, hint, gap=5)
            body.append(self._more)
        box = QHBoxLayout(self)
        fill(box, (), gap=10, pad=(12, 12, 14, 12))
        box.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(column(*body, gap=8), 1)
        self.set_on(on=False)

    def set_on(self, *, on: bool) -> None:
        """Show as chosen or not."""
        self._dot.on = on
        self._dot.update()
        restyle(self, on=on)
        if self._more is not None:
            self._more.setVisible(on)
        self.setAccessibleName(f"{self.way.title}：{self.way.text}{' 已选' if on else ''}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        super().mousePressEvent(event)
        self.chosen.emit()


class Ways(QFrame):
    """The right side. Signals: ``changed()`` when another way was chosen, ``closed()`` on Esc, ``entered()`` on Enter in the reason."""

    accessible_role = "Grouping"
    changed = Signal()
    closed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choices: list[_Choice] = []
        self._at = -1
        self._box = QVBoxLayout()
        fill(self._box, ())
        always = column(
            Text("不管选哪样", "strong"),
            Text("两件的内容都不会删。选了什么、谁选的、几点，都记下来。", "small", wrap=True),
            gap=5,
            pad=(14, 14, 14, 14),
        )
        inner = Bare()
        box = QVBoxLayout(inner)
        fill(box, ())
        box.addLayout(self._box)
        box.addWidget(always)
        box.addStretch(1)
        head = column(Text("怎么办", "h2"), pad=(14, 12, 14, 10), height=50)
        fill(QVBoxLayout(self), (head, rule(), (scroller(inner), 1)))

    def put(self, ways: Sequence[Way]) -> None:
        """Offer these; none is chosen beforehand: an unmade choice must be visible."""
        if [choice.way for choice in self._choices] == list(ways):
            return
        empty(self._box)
        self._choices, self._at = [], -1
        for at, way in enumerate(ways):
            choice = _Choice(way)
            choice.chosen.connect(lambda at=at: self.choose(at))
            if choice.reason is not None:
                choice.reason.installEventFilter(self)
            self._choices.append(choice)
            self._box.addWidget(choice)
        self._name()

    @property
    def act(self) -> Act | None:
        """What is chosen, None while nothing is."""
        return self._choices[self._at].way.act if self._at >= 0 else None

    @property
    def reason(self) -> str:
        """The reason as written for the chosen way."""
        field = self._choices[self._at].reason if self._at >= 0 else None
        return field.value().strip() if field is not None else ""

    def choose(self, at: int) -> None:
        """Choose a way; the focus goes to its reason where it asks for one."""
        if not 0 <= at < len(self._choices):
            return
        self._at = at
        for place, choice in enumerate(self._choices):
            choice.set_on(on=place == at)
        field = self._choices[at].reason
        (field or self).setFocus(Qt.FocusReason.OtherFocusReason)
        self._name()
        self.changed.emit()

    def choose_act(self, act: Act) -> None:
        """Choose the way that does this, if it is offered."""
        self.choose(next((at for at, choice in enumerate(self._choices) if choice.way.act is act), -1))

    def ask_reason(self) -> None:
        """Say that a reason is wanted."""
        choice = self._choices[self._at]
        if choice.reason is not None:
            choice.message.say("bad", "写一句理由再继续")
            choice.reason.setFocus()

    def offers(self) -> tuple[Act, ...]:
        """Return what is offered, in order."""
        return tuple(choice.way.act for choice in self._choices)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by ↑ ↓, leave by Esc."""
        if not self._key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: object) -> bool:
        """Let the reason's field pass on ↑ ↓ and Esc; Alt ↓ puts the next common reason."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress and isinstance(watched, Field):
            if watched.composing:
                return False
            if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                now = watched.value()
                watched.put(COMMON[(COMMON.index(now) + 1) % len(COMMON)] if now in COMMON else COMMON[0])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return True  # Enter never decides
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            self.choose(max(0, min(len(self._choices) - 1, self._at + by)))
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return True
        return False

    def _name(self) -> None:
        said = "；".join(choice.accessibleName() for choice in self._choices)
        self.setAccessibleName(f"怎么办：{said}")
