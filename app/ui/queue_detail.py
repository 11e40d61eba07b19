"""The right of the queue: the selected application, why it stands where it stands, what to do, its papers, what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.masks import COVERED, Veil
from app.services.ports import Queue
from app.ui import keys, lists
from app.ui.kit import Button, Chip, Text, column, empty, fill, row, rule, scroller

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.services.ports import Entry

WIDE = 336
_WHY = {
    Queue.HERE: "已受理，存在本机。还没有导出过。",
    Queue.COPIED: "已导出一份，等经办机构回执。本机仍保留。",
    Queue.RECEIVED: "经办机构已签收。",
    Queue.NEEDS_YOU: "经办机构退回，要处理。",
}


class QueueDetail(QFrame):
    """Signals: ``opened()``, ``exported()`` (this one alone), ``printed()``, ``looked(kind)`` with form or receipt."""

    opened = Signal()
    exported = Signal()
    printed = Signal()
    looked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFixedWidth(WIDE)
        self._name, self._chip = Text("", "h2"), Chip("", "neutral")
        self._number = Text("", "small", wrap=True)
        self._why, self._limit = Text("", "body", wrap=True), Text("", "small", wrap=True)
        self.open_button = Button("打开这件", key=keys.cap("open"))
        self.export_button = Button("只导出这件", icon="hard-drive-upload")
        self.form_button = Button("看申请表", icon="file-text")
        self.receipt_button = Button("看回执", icon="file-text")
        self.print_button = Button("打印", key=keys.cap("print"), icon="printer")
        self.open_button.clicked.connect(self.opened)
        self.export_button.clicked.connect(self.exported)
        self.form_button.clicked.connect(lambda: self.looked.emit("form"))
        self.receipt_button.clicked.connect(lambda: self.looked.emit("receipt"))
        self.print_button.clicked.connect(self.printed)
        self._history = QVBoxLayout()
        fill(self._history, (), gap=3)
        self._whole = self._build()
        self._none = column(..., Text("选中一件，这里说它在哪、下一步做什么。", "body2", wrap=True, centre=True), ..., pad=24)
        fill(QVBoxLayout(self), ((self._whole, 1), (self._none, 1)))
        self.put(None, None)

    def _build(self) -> QWidget:
        head = column(row(self._name, self._chip, ..., gap=10), 4, self._number, pad=(16, 14, 16, 12))
        story = column(Text("经过", "strong"), 4)
        box = story.layout()
        if isinstance(box, QVBoxLayout):
            box.addLayout(self._history)
        body = column(
            Text("现在", "strong"),
            4,
            self._why,
            4,
            self._limit,
            14,
            Text("做什么", "strong"),
            6,
            row(self.open_button, self.export_button, ..., gap=8),
            14,
            Text("文件", "strong"),
            6,
            row(self.form_button, self.receipt_button, ..., gap=8),
            8,
            row(self.print_button, ..., gap=8),
            14,
            story,
            ...,
            pad=(16, 14),
        )
        return column(head, rule(), (scroller(body), 1))

    def put(self, entry: Entry | None, today: dt.date | None, veil: Veil = COVERED) -> None:
        """Show an application, or say that none is selected."""
        self._whole.setVisible(entry is not None)
        self._none.setVisible(entry is None)
        if entry is None or today is None:
            return
        at = lists.standing(entry)
        self._name.put(lists.name(entry, veil))
        self._chip.put(at.word, at.tone or "neutral", at.icon)
        self._number.put(f"{entry.number}·{lists.diseases(entry)}")
        why = entry.note if entry.queue is Queue.NEEDS_YOU and entry.note else ""
        self._why.put(why or (_WHY[entry.queue] if entry.queue else at.word))
        (_, limit), *_rest = lists.facts(entry, today)
        self._limit.put(f"到期：{limit}")
        self._limit.setVisible(bool(entry.number))
        self.tell([(entry.accepted_at, "受理，存进待报送")] if entry.accepted_at else [], today)

    def tell(self, history: Sequence[tuple[str, str]], today: dt.date) -> None:
        """Show what happened, as (local ISO time, words), oldest first."""
        empty(self._history)
        for at, words in history:
            line = row(Text(lists.exactly(at, today), "cap", width=104), (Text(words, "small", wrap=True), 1), gap=6)
            self._history.addWidget(line)
