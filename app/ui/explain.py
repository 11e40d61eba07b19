"""窗口问答: what people ask at the window, answered beside the work from the region's facts, and printed to take along (Shift F1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.case.side import UNCONFIRMED
from app.ui.kit import Button, Field, Icon, Text, column, fill, row, rule, scroller
from app.ui.kit.layouts import restyle
from app.ui.slices import styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from app.core.explain import Answer, Topic

_WIDE = 440
_TOP = 44
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ExplainDialog(QDialog):
    """Stands at the right edge of the window and leaves the work usable. Typing searches, ↑ ↓ choose the question, Esc closes.

    ``printed(topic, large)`` wants an answer on paper. It deletes itself when closed.
    """

    printed = Signal(object, bool)

    def __init__(self, window: QWidget, place: str) -> None:
        super().__init__(window)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("窗口问答")
        self._topics: tuple[Topic, ...] = ()
        self._rows: list[TopicRow] = []
        self._current = ""
        self._find = Field("窗口问答·查", placeholder="键入要问的，如 异地、换医院", leading="search")
        self._none = Text("没有问到这个的。换个说法，或者问经办机构", "body2", wrap=True)
        self._note = Text("", "small", wrap=True)
        self._paper = Button("印出来", key=keys.cap("print"))
        self._large = Button("印大字", "primary", key=keys.cap("how"))
        self._box = QVBoxLayout()
        holder = QFrame()
        outer = QVBoxLayout(holder)
        fill(self._box, ())
        fill(outer, (self._none,))
        outer.addLayout(self._box)
        outer.addStretch(1)
        self._scroll = scroller(holder)
        close = Button("关上", key=keys.cap("close"))
        head = column(row((Text("窗口问答", "h2"), 1), Text(place, "small"), gap=8), 8, self._find, pad=(16, 12, 16, 10))
        doubt = row(Icon("triangle-alert", "warn", 14), (Text(f"带这个记号的：{UNCONFIRMED}", "cap"), 1), gap=6)
        foot = column(self._note, doubt, 8, row(close, ..., self._paper, self._large, gap=8), pad=(16, 8, 16, 12))
        sheet = column(head, rule(), (self._scroll, 1), rule(), foot, role="dialog")
        fill(QVBoxLayout(self), (sheet,))
        self._note.setVisible(False)
        self._find.edited.connect(self._search)
        close.clicked.connect(self.reject)
        self._paper.clicked.connect(lambda: self._print(large=False))
        self._large.clicked.connect(lambda: self._print(large=True))
        keys.bind(self, "print", lambda: self._print(large=False))
        keys.bind(self, "how", lambda: self._print(large=True))
        keys.bind(self, "explain", self.reject)

    def filled(self, topics: Sequence[Topic]) -> Iterator[None]:
        """Take these questions, the first one open, a slice between two ``yield``."""
        yield
        self._topics = tuple(topics)
        self._rows = [TopicRow(topic) for topic in self._topics]
        for shown in self._rows:
            shown.chosen.connect(self.choose)
        yield
        for shown in self._rows:
            self._box.addWidget(shown)
        self._search(self._find.value())
        yield
        yield from styled(self)

    def choose(self, id_: str) -> None:
        """Open a question; the others fold."""
        self._current = id_
        for shown in self._rows:
            shown.open(on=shown.topic.id == id_)
        self._say("")
        current = next((one for one in self._rows if one.topic.id == id_), None)
        can = current is not None and not current.topic.silent
        self._paper.setEnabled(can)
        self._large.setEnabled(can)
        if current is not None:
            if current.topic.silent:
                self._say("来源没写，没有可印的。打电话问经办机构")
            # Its place is known once it is laid out.
            QTimer.singleShot(0, current, lambda: self._scroll.verticalScrollBar().setValue(current.y()))

    def current(self) -> Topic | None:
        """Return the open question."""
        return next((one for one in self._topics if one.id == self._current), None)

    def shown(self) -> tuple[str, ...]:
        """Return the titles in sight."""
        return tuple(one.topic.title for one in self._rows if not one.isHidden())

    def said(self, sentence: str) -> None:
        """Say how the print went."""
        self._say(sentence)

    def settle(self) -> None:
        """Stand at the window's right edge, below the top strip, as high as the page."""
        window = self.parentWidget()
        if window is None:
            return
        width = min(_WIDE, window.width())
        self.setFixedSize(width, max(320, window.height() - _TOP))
        corner = window.mapToGlobal(window.rect().topRight())
        self.move(corner.x() - width + 1, corner.y() + _TOP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the questions from wherever the focus is."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if not step:
            if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                super().keyPressEvent(event)
            return
        there = [one.topic.id for one in self._rows if not one.isHidden()]
        if there:
            at = there.index(self._current) if self._current in there else -step
            self.choose(there[max(0, min(len(there) - 1, at + step))])

    def _search(self, text: str) -> None:
        for shown in self._rows:
            shown.setVisible(shown.topic.speaks_of(text))
        there = [one.topic.id for one in self._rows if not one.isHidden()]
        self._none.setVisible(bool(text.strip()) and not there)
        if there and self._current not in there:
            self.choose(there[0])

    def _print(self, *, large: bool) -> None:
        topic = self.current()
        if topic is not None and not topic.silent:
            self.printed.emit(topic, large)

    def _say(self, sentence: str) -> None:
        self._note.put(sentence)
        self._note.setVisible(bool(sentence))


class TopicRow(QFrame):
    """One question: its title always, its answers while it is open. ``chosen(id)`` when it was pressed."""

    accessible_role = "ListItem"
    chosen = Signal(str)

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self.topic = topic
        self._title = Text(topic.title, "medium")
        silent = Text("来源没写", "cap")
        silent.setVisible(topic.silent)
        self._head = row((self._title, 1), silent, gap=8, pad=(16, 0), role="finding", height=38)
        self._body: QWidget | None = None
        fill(QVBoxLayout(self), (self._head, rule()))
        self.setAccessibleName(topic.title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def open(self, *, on: bool) -> None:
        """Show or fold the answers; they are made when first shown."""
        if on and self._body is None:
            body = QFrame()
            box = QVBoxLayout(body)
            fill(box, (), gap=12, pad=(16, 8, 16, 14))
            for answer in self.topic.answers:
                box.addWidget(_answer_row(answer, self.topic.title))
            self._body = body
            layout = self.layout()
            if isinstance(layout, QVBoxLayout):
                layout.insertWidget(1, body)
        if self._body is not None:
            self._body.setVisible(on)
        restyle(self._head, current="true" if on else "false")
        self.setAccessibleDescription("；".join(f"{one.label}：{one.text}" for one in self.topic.answers) if on else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose this question."""
        self.chosen.emit(self.topic.id)
        super().mousePressEvent(event)


def _answer_row(answer: Answer, above: str) -> QWidget:
    """One answer: what it is about, unless that stands ``above``, what holds, and small below where that stands; a mark where nobody confirmed it."""
    text = Text(answer.text, "body2" if answer.silent else "body", wrap=True)
    parts = [Text(part, "cap", wrap=True) for part in (answer.note, answer.source) if part]
    mark = Icon("triangle-alert", "warn", 14, label=UNCONFIRMED) if answer.doubt else None
    if answer.label == above:
        return column(row((text, 1), column(mark, ...) if mark else None, gap=8), *parts, gap=1)
    return column(row((Text(answer.label, "medium"), 1), mark), text, *parts, gap=1)
