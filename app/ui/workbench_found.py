"""What a search shows around its rows: the ranges they fall into, the ways out where the one meant is not among them, and whom a row is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.application import State
from app.core.days import parse_day
from app.core.masks import COVERED, Veil
from app.core.renewal import AHEAD
from app.services.ports import Queue
from app.ui import keys, lists
from app.ui.kit import Button, Chip, Icon, Text, column, empty, fill, row, rule, scroller
from app.ui.kit.bare import Bare
from app.ui.queue_tabs import QueueTab, QueueTabs

if TYPE_CHECKING:
    import datetime as dt

    from app.services.ports import Entry

WIDE: Final = 312
ALL: Final = "all"
RANGES: Final = (
    QueueTab(ALL, "全部", "inbox"),
    QueueTab("drafts", "草稿", "file-text"),
    QueueTab("waiting", "待补材料", "triangle-alert"),
    QueueTab("queue", "待报送", "laptop"),
    QueueTab("decided", "有结果", "circle-check"),
    QueueTab("former", "往年", "layers"),
)
_SENT_TO: Final = (Queue.HERE, Queue.COPIED, Queue.RECEIVED, Queue.NEEDS_YOU)
_DECIDED: Final = (State.SUPPLEMENT, State.APPROVED, State.REFUSED)
_MOST_OTHERS = 4
_MOST_STORY = 8


@dataclass(frozen=True, slots=True)
class About:
    """What is known around a found row: the same person's other applications, and what happened to this one as (local ISO time, words)."""

    id: str
    others: tuple[Entry, ...] = ()
    story: tuple[tuple[str, str], ...] = ()


def range_of(entry: Entry, today: dt.date) -> str:
    """Return the range a found row falls into; '' for one that is in none of them (a void one)."""
    if entry.state is State.WAITING:
        return "waiting"
    if entry.state is State.DRAFT:
        return "drafts"
    if entry.state in _DECIDED:
        former = entry.state is not State.SUPPLEMENT and entry.accepted_at and entry.accepted_at[:4] < str(today.year)
        return "former" if former else "decided"
    return "queue" if entry.queue in _SENT_TO else ""


class FoundBar(QFrame):
    """Under the field while a question stands in it: what the field knows, and the ranges with their counts. ``chosen(range)``."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "band")
        self._knows = Text("", "small", elide=True)
        self._scan = Text("扫回执直接打开那件", "small")
        self.tabs = QueueTabs(RANGES)
        self.tabs.chosen.connect(self.chosen)
        fill(QVBoxLayout(self), (row((self._knows, 1), self._scan, gap=12, pad=(16, 6, 16, 0)), self.tabs))

    def put(self, counts: dict[str, int], current: str, words: str, *, warn: bool = False) -> None:
        """Show the ranges and what there is to say of the question."""
        self._knows.put(words, "warn" if warn else "")
        self.tabs.put(counts, current)

    def slim(self, *, on: bool) -> None:
        """Leave out the second sentence."""
        self._scan.setVisible(not on)


class FoundFoot(QFrame):
    """不在这里面: the ways on when the one meant is not in the list. ``read_wanted()``, ``new_wanted()``."""

    read_wanted = Signal()
    new_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bandtop")
        self._words = Text("本机的件都找过了。别的窗口受理的：扫回执上的码，或读入移交包。", "small", elide=True)
        self.read_button = Button("读入移交包", "small", key=keys.cap("read_in"))
        self.new_button = Button("新申请", "small", key=keys.cap("new"), icon="id-card")
        self.read_button.clicked.connect(self.read_wanted)
        self.new_button.clicked.connect(self.new_wanted)
        head = (Icon("search", "ink2", 16), Text("不在这里面？", "strong"), (self._words, 1))
        fill(QVBoxLayout(self), (row(*head, self.read_button, self.new_button, gap=10, pad=(16, 0), height=48),))


class FoundSide(QFrame):
    """The right of a search: the selected row, the same person's others, what happened.

    ``opened()`` the row, ``handed()`` to another counter, ``wanted_back()`` from there, ``exported()`` a void one; ``other_opened(id)`` one of the
    same person, ``renewed(id)`` one that ends soon.
    """

    opened = Signal()
    handed = Signal()
    wanted_back = Signal()
    exported = Signal()
    other_opened = Signal(str)
    renewed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFixedWidth(WIDE)
        self._name, self._chip, self._nth = Text("", "h2"), Chip("", "neutral"), Text("", "small")
        self._about = Text("", "small", wrap=True)
        self._facts, self._others, self._story = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for box in (self._facts, self._others, self._story):
            fill(box, (), gap=6)
        self.open_button = Button("接着办", "primary", key=keys.cap("open"))
        self.hand_button = Button("移交", key=keys.cap("hand_over"))
        self.back_button = Button("拿回")
        self.export_button = Button("导出", key=keys.cap("export"), icon="hard-drive-upload")
        self.back_button.clicked.connect(self.wanted_back)
        self.export_button.clicked.connect(self.exported)
        self.open_button.clicked.connect(self.opened)
        self.hand_button.clicked.connect(self.handed)
        self._same = self._part("同一个人还有", self._others)
        self._past = self._part("经过", self._story)
        head = column(row(self._name, self._chip, ..., self._nth, gap=10), 4, self._about, pad=(14, 14, 14, 12))
        facts = Bare()
        inside = QVBoxLayout(facts)
        inside.addLayout(self._facts)
        fill(
            inside,
            (12, row(self.open_button, self.hand_button, self.back_button, self.export_button, ..., gap=8)),
            pad=(14, 12, 14, 14),
        )
        body = column(head, rule(), facts, self._same, self._past, ...)
        foot = Text("看全号、打开看都会记下谁、几点。", "cap", wrap=True)
        fill(QVBoxLayout(self), ((scroller(body), 1), rule(), column(foot, pad=(14, 10))))

    @staticmethod
    def _part(title: str, box: QVBoxLayout) -> QWidget:
        made = column(rule(), column(Text(title, "strong"), pad=(14, 12, 14, 6)))
        outer = made.layout()
        if isinstance(outer, QVBoxLayout):
            box.setContentsMargins(14, 0, 14, 14)
            outer.addLayout(box)
        return made

    def put(
        self, entry: Entry | None, nth: tuple[int, int], today: dt.date, kinds: dict[str, str], veil: Veil = COVERED
    ) -> None:
        """Show the selected row. ``nth``: which of how many. What is around it comes by :meth:`around`."""
        self.setVisible(entry is not None)
        if entry is None:
            return
        at = lists.place_of(entry, today)
        self._name.put(lists.name(entry, veil))
        self._chip.put(at.word, at.tone or "neutral", at.icon)
        self._nth.put(f"{nth[0]} / {nth[1]}")
        agent = "代办" if entry.by_agent else ""
        self._about.put("·".join(part for part in (lists.diseases(entry), kinds.get(entry.kind, ""), agent) if part))
        empty(self._facts)
        for label, text in _facts(entry, today, veil):
            self._facts.addWidget(row(Text(label, "small", width=52), (Text(text, "body", wrap=True), 1), gap=8))
        self.open_button.put("接着办" if lists.is_open(entry) and not entry.handed else "打开")
        self.hand_button.setVisible(lists.is_open(entry) and not entry.handed)
        self.back_button.setVisible(bool(entry.handed))
        self.export_button.setVisible(entry.state is State.VOID)
        self._same.hide()
        self._past.hide()

    def around(self, about: About, today: dt.date) -> None:
        """Show what is around the row."""
        empty(self._others)
        empty(self._story)
        for one in about.others[:_MOST_OTHERS]:
            self._others.addWidget(self._other(one, today))
        for at, words in about.story[-_MOST_STORY:]:
            self._story.addWidget(
                row(Text(lists.exactly(at, today), "cap", width=96), (Text(words, "small", wrap=True), 1), gap=6)
            )
        self._same.setVisible(bool(about.others))
        self._past.setVisible(bool(about.story))

    def _other(self, one: Entry, today: dt.date) -> QWidget:
        at = lists.place_of(one, today)
        button = Button(f"{lists.diseases(one)}，{at.word}", "link")
        button.clicked.connect(lambda: self.other_opened.emit(one.id))
        head = row(Icon(at.icon, at.tone or "ink2", 16), (button, 0), ..., gap=8)
        ends = parse_day(one.expires) if one.state is State.APPROVED else None
        if ends is None or (ends - today).days > AHEAD:
            return head
        left = (ends - today).days
        words = f"{one.expires} 到期，还有 {left} 天" if left >= 0 else f"{one.expires} 到期，过了 {-left} 天"
        renew = Button("办续期", "small")
        renew.clicked.connect(lambda: self.renewed.emit(one.id))
        warned = row(Icon("triangle-alert", "warn", 16), (Text(words, "small", tone="warn"), 1), gap=8)
        return column(head, 4, warned, 6, row(renew, ...))


def _facts(entry: Entry, today: dt.date, veil: Veil) -> list[tuple[str, str]]:
    told = [("证件", veil.cert(entry.cert_number)), ("电话", veil.phone(entry.phone)), ("编号", entry.number)]
    told.append(("说明", lists.more(entry, today)))
    told += [("怎么办", lists.advice(entry))] if entry.state in (State.READY, State.SENT) else []
    told.append(("经办", entry.author))
    return [(label, text) for label, text in told if text]
