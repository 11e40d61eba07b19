"""The right of the queue: the selected application, why it stands where it stands, what to do, its papers, what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.masks import COVERED, Veil
from app.services.ports import Queue
from app.ui import keys, lists
from app.ui.kit import Button, Chip, Text, column, empty, fill, row, rule, scroller
from app.ui.queue_rows import Queued, clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

WIDE = 336
_WHY = {
    Queue.HERE: "已受理，存在本机。还没有导出过。",
    Queue.COPIED: "已导出一份，等经办机构回执。本机仍保留。",
    Queue.RECEIVED: "市局已签收。",
    Queue.NEEDS_YOU: "经办机构退回，要处理。",
}


_ACTS = {"retry": "再送一次", "places": "看报送地点", "clock": "核对时间", "export": "拷到 U 盘"}
"""What the button of a way out says (:class:`app.core.outbox.Way`); opening has a button of its own."""


class QueueDetail(QFrame):
    """What the selected application asks for.

    Signals: ``opened()``, ``exported()`` (this one alone), ``printed()``, ``looked(kind)`` with form or receipt, ``acted(act)`` with the way
    out of what keeps it.
    """

    opened = Signal()
    acted = Signal(str)
    exported = Signal()
    printed = Signal()
    looked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFixedWidth(WIDE)
        self._name, self._chip = Text("", "h2"), Chip("", "neutral")
        self._number = Text("", "small", wrap=True)
        self._now, self._why, self._limit = Text("现在", "strong"), Text("", "body", wrap=True), Text("", "small", wrap=True)
        self._todo, self.call = Text("", "body2", wrap=True), Text("", "body", wrap=True)
        self._said = column(14, Text("电话里说", "strong"), 6, column(self.call, pad=(13, 10), role="sheet"))
        self._act = ""
        self.way_button = Button("再送一次", "primary")
        self.way_button.clicked.connect(lambda: self.acted.emit(self._act))
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
            self._now,
            4,
            self._why,
            4,
            self._limit,
            14,
            Text("做什么", "strong"),
            4,
            self._todo,
            6,
            row(self.way_button, self.open_button, self.export_button, ..., gap=8),
            self._said,
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

    def put(
        self, one: Queued | None, today: dt.date | None, veil: Veil = COVERED, *, counter: str = "", sends: bool = False
    ) -> None:
        """Show an application, or say that none is selected. ``counter``: who speaks on the telephone."""
        self._whole.setVisible(one is not None)
        self._none.setVisible(one is None)
        if one is None or today is None:
            return
        entry, at = one.entry, lists.standing(one.entry)
        self._name.put(lists.name(entry, veil))
        self._chip.put(at.word, at.tone or "neutral", at.icon)
        self._number.put(f"{entry.number}·{lists.diseases(entry)}")
        (_, limit), *_rest = lists.facts(entry, today)
        self._limit.put(f"到期：{limit}")
        self._limit.setVisible(bool(entry.number))
        self._now.put("为什么" if one.stuck or entry.queue is Queue.NEEDS_YOU else "现在")
        self._why.put(_now(one, today, sends=sends))
        self._show_way(one, counter)
        self.tell([(entry.accepted_at, "受理，存进待报送")] if entry.accepted_at else [], today)

    def _show_way(self, one: Queued, counter: str) -> None:
        self._act = one.way.act if one.stuck else ""
        self._todo.put(one.way.todo if one.stuck else "")
        self._todo.setVisible(one.stuck)
        self.way_button.put(_ACTS.get(self._act, ""))
        self.way_button.setVisible(self._act in _ACTS)
        self.open_button.set_kind("plain" if self._act in _ACTS or one.entry.queue is not Queue.NEEDS_YOU else "primary")
        self.export_button.setVisible(self._act not in _ACTS)
        self.call.put(f"“{said}”" if (said := one.call(counter) if one.stuck else "") else "")
        self._said.setVisible(bool(said))

    def tell(self, history: Sequence[tuple[str, str]], today: dt.date) -> None:
        """Show what happened, as (local ISO time, words), oldest first."""
        empty(self._history)
        for at, words in history:
            line = row(Text(lists.exactly(at, today), "cap", width=104), (Text(words, "small", wrap=True), 1), gap=6)
            self._history.addWidget(line)


def _now(one: Queued, today: dt.date, *, sends: bool) -> str:
    """Say why it stands where it stands."""
    entry, sent = one.entry, one.sent
    if one.hold is not None:
        return f"{one.hold.fact}。{one.hold.way}。"
    if one.stuck or (entry.queue is Queue.NEEDS_YOU and entry.note):
        again = f"{clock(sent.next_at, today)} 自动再送。" if sent is not None and sent.next_at and not sent.aside else ""
        return f"{one.why().rstrip('。')}。{again}"
    if sent is not None and entry.queue is Queue.COPIED and sent.delivered_at:
        return f"{clock(sent.delivered_at, today)} 已送到「{sent.place}」，等市局签收。本机仍保留。"
    if sent is not None and entry.queue is Queue.HERE:
        tried = f"{clock(sent.tried_at, today)} 试过，没送到。" if sent.tried_at else ""
        return f"{clock(sent.sealed_at, today)} 封好，存在本机。{tried}{'等网络，也可以拷到 U 盘。' if sends else '等 U 盘。'}"
    return _WHY[entry.queue] if entry.queue else lists.standing(entry).word
