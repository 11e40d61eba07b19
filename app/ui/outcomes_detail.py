"""The right of the outcomes, always in one order: what the office said, what it means, what now, the paper, the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.masks import COVERED, Veil
from app.services.telling import WORDS_MOST, How
from app.ui import keys, lists
from app.ui.kit import Button, Chip, Field, Segments, Text, column, empty, fill, row, rule, scroller
from app.ui.outcomes_body import Acts, Background, body
from app.ui.outcomes_words import LOOKS, call, said, told_word

if TYPE_CHECKING:
    import datetime as dt

    from app.services.telling import Decided

WIDE, SLIM = 400, 372
_CALL = 82
_CALLS = ((How.REACHED, "打通了"), (How.NO_ANSWER, "没人接"), (How.WRONG_NUMBER, "号不对"))
_AFTER = "打通了才算告知。没人接、号不对的留在前面，改天再打。"


class OutcomeDetail(QFrame):
    """The selected outcome.

    Signals: ``mended(path)`` at which place to begin, '' for the first; ``opened()``, ``left()`` (no next version after all), ``reapplied()``,
    ``printed()``, ``told(how, words)`` a value of :class:`~app.services.telling.How` and what was written down, ``names_wanted()``.
    """

    mended = Signal(str)
    opened = Signal()
    left = Signal()
    reapplied = Signal()
    printed = Signal()
    told = Signal(str, str)
    names_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFixedWidth(WIDE)
        self._shown: object = None
        self._acts = Acts(self.mended.emit, self.reapplied.emit)
        self._name, self._chip = Text("", "h2"), Chip("", "neutral")
        self._told, self._number = Text("", "medium"), Text("", "small", wrap=True)
        self.mistaken = Button("记错了", "link")
        self.main = Button("开补正件", "primary", key=keys.cap("open"))
        self.open_button = Button("打开这件", key=keys.cap("open"))
        self.print_button = Button("印结果通知", key=keys.cap("print"), icon="printer")
        self.leave_button = Button("不补了，照报送的那版", "link")
        self._note = Text("", "small", wrap=True)
        self._phone = Text("", "medium", right=True)
        self.names_button = Button("显示号码", "link")
        self._call = Text("", "body", wrap=True)
        self.calls = Segments("打电话", [(how.value, word) for how, word in _CALLS], width=_CALL)
        self.words = Field("打电话·说了什么", placeholder="谁接的、说了什么，不写也行")
        self.words.setMaxLength(WORDS_MOST)
        self._said = Text("", "small", wrap=True)
        self.tell_button = Button("记下", key=keys.cap("told"), icon="phone")
        self.visit_button = Button("当面告诉了", "small")
        self.letter_button = Button("通知交到手上了", "small")
        self._after = Text(_AFTER, "small", wrap=True)
        self._body = QVBoxLayout()
        self._connect()
        self._whole = self._build()
        self._none = column(..., Text("选中一件，这里有市局怎么说、现在做什么。", "body2", wrap=True, centre=True), ..., pad=24)
        fill(QVBoxLayout(self), ((self._whole, 1), (self._none, 1)))
        self.put(None, Background(), None)

    def _connect(self) -> None:
        self.main.clicked.connect(lambda: self.mended.emit(""))
        self.open_button.clicked.connect(self.opened)
        self.print_button.clicked.connect(self.printed)
        self.leave_button.clicked.connect(self.left)
        self.names_button.clicked.connect(self.names_wanted)
        self.tell_button.clicked.connect(self.tell)
        self.visit_button.clicked.connect(lambda: self._tell(How.VISIT))
        self.letter_button.clicked.connect(lambda: self._tell(How.LETTER))
        self.mistaken.clicked.connect(lambda: self._tell(How.MISTAKEN))

    def _build(self) -> QWidget:
        fill(self._body, ())
        head = column(
            row(self._name, self._chip, ..., self._told, self.mistaken, gap=10), 4, self._number, pad=(16, 14, 16, 10)
        )
        story = QFrame()
        story.setLayout(self._body)
        now = column(
            story,
            10,
            row(self.main, self.open_button, self.print_button, ..., gap=8),
            6,
            self._note,
            row(self.leave_button, ...),
            pad=(16, 12),
        )
        said = column(self._call, pad=(13, 10), role="sheet")
        tell = column(
            row(Text("打电话告诉申请人", "strong"), ..., self._phone, self.names_button, gap=8),
            6,
            said,
            10,
            row(self.calls, ...),
            8,
            self.words,
            8,
            row(self.tell_button, ...),
            self._said,
            12,
            row(Text("人来了", "body2"), self.visit_button, self.letter_button, ..., gap=8),
            8,
            self._after,
            pad=(16, 12),
        )
        return column(head, rule(), (scroller(column(now, rule(), tell, ...)), 1))

    def put(self, one: Decided | None, about: Background, today: dt.date | None, veil: Veil = COVERED) -> None:
        """Show an outcome with what its application adds, or say that none is selected."""
        self._whole.setVisible(one is not None)
        self._none.setVisible(one is None)
        if one is None or today is None:
            self._shown = None
            return
        if self._shown == (one, about, today, veil):
            return
        before, self._shown = self._shown, (one, about, today, veil)
        icon, tone, word = LOOKS[one.answer.kind]
        self._name.put(lists.name(one.entry, veil))
        self._chip.put(word, tone, icon)
        _, told_tone, told = told_word(one.told, today)
        self._told.put(told, told_tone)
        self.mistaken.setVisible(one.told.last not in (None, How.MISTAKEN))
        number = f"正式编号 {one.out.number}" if one.out.number else ""
        self._number.put("·".join(part for part in (one.entry.number, lists.diseases(one.entry), number) if part))
        empty(self._body)
        self._body.addWidget(body(one, about, today, self._acts))
        self._ways(one)
        self._phone.put(veil.phone(one.entry.phone) or "没留电话")
        self.names_button.setVisible(veil.on and bool(one.entry.phone))
        self._call.put(call(one))
        if not isinstance(before, tuple) or before[0].id != one.id or before[0].told != one.told:
            self.calls.put("")
        if not isinstance(before, tuple) or before[0].id != one.id:
            self.words.put("")
        covered = f"写下过 {len(about.calls)} 次通话，显示号码后看得到"
        self._said.put(covered if veil.on else "\n".join(said(one, today) for one in about.calls))
        self._said.setVisible(bool(about.calls))

    def _ways(self, one: Decided) -> None:
        supplement = one.answer.kind == "supplement"
        self.main.put("接着补" if one.mending else "开补正件")
        self.main.setVisible(supplement)
        self.open_button.setVisible(not supplement)
        self.print_button.put("印补材料通知" if supplement else "印结果通知")
        self.print_button.set_kind("plain" if supplement else "primary")
        self.leave_button.setVisible(one.mending)
        self._note.put("报送过的原样留着；补好报送为下一版，编号不变。" if supplement else "")
        self._note.setVisible(supplement)

    def tell(self) -> None:
        """Note the call as chosen; without a choice stand at it."""
        if how := self.calls.value():
            self._tell(How(how))
        else:
            self.calls.setFocus()

    def kept(self) -> None:
        """Empty what was written down: it is kept now."""
        self.words.put("")

    def _tell(self, how: How) -> None:
        self.told.emit(how.value, "" if how is How.MISTAKEN else self.words.value())
