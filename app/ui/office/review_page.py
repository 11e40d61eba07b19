"""Review (审核): what waits at the left, the record in the middle, the originals at the right, the answer below the record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout

from app.services.office_desk import DECIDED, SEEN, SENT_BACK, UNSEEN
from app.ui import keys, theme
from app.ui.kit import Cell, Chip, Column, Combo, EmptyState, Line, ListTable, MessageBar, Text, column, fill, row
from app.ui.office.answer_panel import AnswerPanel
from app.ui.office.deciding import Draft, content, spoken
from app.ui.office.desk import Inbox
from app.ui.office.originals import Originals
from app.ui.office.reading import names
from app.ui.shell import FULL, NARROW, PageBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from app.ui.office.reading import Brief, Case, Row

RAIL, VIEWER, VIEWER_FOLDED, VIEWER_NARROW = 260, 456, 400, 300
_MARKED = Cell(text="要补正", icon=theme.TONE_ICONS["bad"], tone="bad", medium=True)
_LOOKED = Cell(text="看过", icon="check", color="ink3")
_UNLOOKED = Cell(text="没看", icon="circle-dashed", color="ink3")
MARKS = {
    UNSEEN: ("未看", "circle-dashed", "open"),
    SEEN: ("看过", "check", "accent"),
    SENT_BACK: ("要补正", "triangle-alert", "warn"),
    DECIDED: ("已定", "circle-check", "good"),
}
"""How a submission stands, to word, icon and tone."""

_WAITING = "waiting"
_FILTERS = ((_WAITING, "待办"), (UNSEEN, "未看"), (SEEN, "看过"), (SENT_BACK, "要补正"), (DECIDED, "已定"))


class _Rows(ListTable):
    """The record's rows: whatever grows below them, the row one writes about stays in sight."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())


class ReviewPage(PageBase):
    """Signals: ``fetch()``, ``opened(digest)``, ``taken_over(digest)``, ``decided(digest, Content, what the applicant reads)``.

    Drafts, and which rows were looked at, are kept while the window is open.
    """

    tab_name = "review"
    fetch = Signal()
    opened = Signal(str)
    decided = Signal(str, object, str)
    taken_over = Signal(str)

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self._inbox = Inbox()
        self._looked: dict[str, set[str]] = {}
        self._case: Case | None = None
        self._choosing = True
        self._drafts: dict[str, Draft] = {}
        self.list = ListTable("收件", (Column(""), Column("", 102, right=True)))
        self.list.horizontalHeader().hide()
        self._count = Text("", "cap")
        self._last, self._aside = Text("", "small", wrap=True), Text("", "small_ink", tone="bad", wrap=True)
        self.filter = Combo("收件·哪些", _FILTERS, width=RAIL - 32)
        self.filter.put(_WAITING)
        head = row(Text("收件", "h2"), self._count, ..., gap=8, pad=(16, 12), role="band", height=50)
        self._rail_foot = column(self._last, self._aside, gap=6, pad=(16, 10), role="bandtop")
        self._rail = column(head, row(self.filter, ..., pad=(16, 8)), (self.list, 1), self._rail_foot, role="rail", width=RAIL)
        self.name, self._about = Text("", "name"), Text("", "body2")
        self._number, self.chip = Text("", "small", elide=True), Chip("")
        self._said = Text("", "small", wrap=True)
        title = column(
            row(self.name, self._about, ..., self.chip, gap=12),
            row((self._number, 1)),
            self._said,
            gap=4,
            pad=(16, 10),
            role="band",
        )
        self._title = title
        self.bar = MessageBar()
        self.rows = _Rows(
            "登记", (Column("项目", 140), Column("登记"), Column("原件", 64), Column("答复", 100)), two_lines=False
        )
        self.panel = AnswerPanel()
        self.originals = Originals()
        self.nothing = EmptyState("inbox", "没有等答复的", "收一次件，看看窗口又报了什么。", "收件", keys.cap("read_in"))
        self.nothing.acted.connect(self.fetch)
        middle = column(self.bar, title, (self.rows, 1), (self.nothing, 1), self.panel)
        fill(QHBoxLayout(self), (self._rail, (middle, 1), self.originals))
        self.originals.setFixedWidth(VIEWER)
        self.list.opened.connect(self._open)
        self.filter.chosen.connect(lambda _state: self._fill())
        self.bar.acted.connect(self._take_over)
        self.rows.selected.connect(self._read)
        self.rows.opened.connect(self._write)
        self.panel.edited.connect(self._edited)
        self.panel.told.connect(self._next)
        keys.bind_nth(self.panel, 3, self._choose)
        keys.bind(self, "close", self._back)
        QApplication.instance().focusChanged.connect(self._moved)  # type: ignore[union-attr]
        self.show_case(None)

    @property
    def case(self) -> Case | None:
        """The submission on screen."""
        return self._case

    # data in
    def show_inbox(self, inbox: Inbox, last: str) -> None:
        """Show what waits; ``last``: what the last exchange brought."""
        self._inbox = inbox
        self._fill()
        self._last.put(last)
        self._last.setVisible(bool(last))
        self._aside.put(f"{len(inbox.aside)} 件对不上，已隔开，F3 看" if inbox.aside else "")
        self._aside.setVisible(bool(inbox.aside))
        self._rail_foot.setVisible(bool(last or inbox.aside))
        if self._case is not None and not any(one.digest == self._case.digest for one in inbox.briefs):
            self._drafts.pop(self._case.digest, None)
            self.show_case(None)
            self.list.setFocus()

    def _fill(self) -> None:
        """Show the submissions of the chosen state."""
        state, today = self.filter.value(), self._now().date()
        every = (*self._inbox.briefs, *self._inbox.done)
        shown = list(self._inbox.briefs) if state == _WAITING else [one for one in every if one.state == state]
        self.list.put([self._line(one, today) for one in shown])
        waiting = len(self._inbox.briefs)
        counted = dict(_FILTERS)[state]
        self._count.put(
            f"{counted} {len(shown)} 件" if state != _WAITING else f"{waiting} 件，按到期排" if waiting else "没有等答复的"
        )
        if waiting:
            self.nothing.say(f"{waiting} 件等答复", "在左边选一件，按 Enter 打开。")
        else:
            self.nothing.say("没有等答复的", "收一次件，看看窗口又报了什么。", "收件", keys.cap("read_in"))

    def say(self, tone: str, text: str) -> None:
        """Say what became of something; '' takes it away."""
        self.bar.say(tone, text)

    def show_case(self, case: Case | None) -> None:
        """Show an opened submission, with what was typed of its answer before; None for none."""
        self._case = case
        draft = self._drafts.get(case.digest, Draft()) if case else Draft()
        for part in (self._title, self.rows, self.panel):
            part.setVisible(case is not None)
        self._choosing = case is None
        self._room()
        self.nothing.setVisible(case is None)
        if case is None:
            self.rows.put(())
            self.originals.clear()
            self.hints_changed.emit()
            return
        self._mark_seen(case.digest)
        self.name.put(case.name)
        self._about.put(case.about)
        self._number.put(case.number)
        self._said.put("答复过：" + "；".join(case.said))
        self._said.setVisible(bool(case.said))
        if case.holder:
            self.chip.put("在别人手里", "warn", theme.TONE_ICONS["warn"])
        elif case.twin:
            self.chip.put("收到两份，没有核对", "warn", theme.TONE_ICONS["warn"])
        else:
            self.chip.put("签名与摘要相符", "good", theme.TONE_ICONS["good"])
        if case.holder:
            self.bar.say("warn", f"{case.holder}。能看，不能签发", "接过来")
        else:
            self.bar.say("warn", case.twin)
        self.originals.put(case.leaves)
        self.rows.put(())
        self._mark(draft)
        self.rows.set_current(case.rows[0].key)
        self.rows.setFocus()
        self.hints_changed.emit()

    def _mark_seen(self, digest: str) -> None:
        """Say in the list that somebody opened it: the next reading of the inbox says the same."""
        briefs = tuple(
            replace(one, state=SEEN) if one.digest == digest and one.state == UNSEEN else one for one in self._inbox.briefs
        )
        if briefs != self._inbox.briefs:
            self._inbox = replace(self._inbox, briefs=briefs)
            self._fill()

    # what a person does
    def sign(self) -> None:
        """Give the answer as it stands, or say what it lacks."""
        if self._case is None:
            return
        draft = self._draft()
        made = content(draft)
        if isinstance(made, tuple):
            first = made[0].field.removeprefix("told.")
            if made[0].field.startswith("told."):
                self._stand(first)
            self.panel.lack(made)
            return
        self.decided.emit(self._case.digest, made, spoken(draft, names(self._case.rows)))

    def entered(self) -> None:
        """Take the focus."""
        (self.rows if self._case else self.list).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the record more room in a narrow window."""
        super().resizeEvent(event)
        self._room()

    def hints(self) -> list[keys.KeyHint]:
        """Return what the keys do here."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            return self.panel.hints()
        if focus is self.rows:
            return [
                keys.hint("rows"),
                keys.hint("open", "写要补什么"),
                keys.hint("answer_nth"),
                keys.hint("pages", "翻原件"),
                keys.hint("close", "回收件"),
            ]
        return [keys.hint("rows", "选件"), keys.hint("open"), keys.hint("read_in", "收件"), keys.hint("search", "收发")]

    # inside
    def _draft(self) -> Draft:
        return self._drafts.get(self._case.digest, Draft()) if self._case else Draft()

    def _row(self, key: str) -> Row | None:
        return next((one for one in self._case.rows if one.key == key), None) if self._case else None

    def unlooked(self) -> int:
        """Return how many rows of the record nobody stood on yet in this window."""
        case = self._case
        return sum(one.key not in self._looked.get(case.digest, set()) for one in case.rows) if case else 0

    def _open(self, digest: str) -> None:
        if any(one.digest == digest for one in self._inbox.briefs):
            self.opened.emit(digest)
        else:
            self.say("accent", "这件已经答复了。要看内容，用 chuangkou office open 写到文件夹里")

    def _take_over(self) -> None:
        if self._case is not None and self._case.holder:
            self.taken_over.emit(self._case.digest)

    def _read(self, key: str) -> None:
        found = self._row(key)
        if self._case is not None and found is not None:
            self._looked.setdefault(self._case.digest, set()).add(key)
            self._mark(self._draft())
        self.originals.read(found)
        if self._case is not None:
            self.panel.put(self._draft(), found, names(self._case.rows))

    def _write(self, key: str) -> None:
        found = self._row(key)
        if found is None or not found.path:
            return
        self.panel.choose(1)

    def _choose(self, at: int) -> None:
        if self._case is not None:
            self.panel.choose(at)

    def _next(self) -> None:
        self.rows.setFocus()
        self.rows.step(1)

    def _back(self) -> None:
        focus = QApplication.focusWidget()
        self._choosing = self._case is None or focus is self.rows
        self._room()
        (self.list if self._choosing else self.rows).setFocus()

    def _room(self) -> None:
        """Share the width; where list, record and originals do not fit beside each other, the list makes room for the originals."""
        narrow = self.width() < NARROW
        self.originals.setFixedWidth(VIEWER_NARROW if narrow else VIEWER_FOLDED if self.width() < FULL else VIEWER)
        self._rail.setVisible(not narrow or self._choosing)
        self.originals.setVisible(self._case is not None and not (narrow and self._choosing))

    def _stand(self, path: str) -> None:
        found = next((one for one in self._case.rows if one.path == path), None) if self._case else None
        if found is not None:
            self.rows.set_current(found.key)

    def _edited(self, draft: Draft) -> None:
        if self._case is not None:
            self._drafts[self._case.digest] = draft
            self._mark(draft)

    def _mark(self, draft: Draft) -> None:
        rows = self._case.rows if self._case else ()
        marked = draft.told if draft.kind in {"", "supplement"} else {}
        looked = self._looked.get(self._case.digest, set()) if self._case else set()
        self.rows.put(
            [
                Line(
                    one.key,
                    (
                        Cell(text=one.label, color="ink2"),
                        Cell(text=one.value, medium=one.path in marked),
                        Cell(text=f"{len(one.files)} 页" if one.files else "", color="ink3"),
                        _MARKED if one.path and one.path in marked else _LOOKED if one.key in looked else _UNLOOKED,
                    ),
                )
                for one in rows
            ]
        )

    def _moved(self, _old: object, new: object) -> None:
        del new
        if self.isVisible():
            self.hints_changed.emit()

    @staticmethod
    def _line(one: Brief, today: dt.date) -> Line:
        tone = "warn" if one.urgent(today) else "ink2"
        word, icon, colour = MARKS[one.state]
        short = f"{one.counter} {one.sequence}"
        where = "·".join(
            part for part in (f"{one.holder}在看" if one.holder else word, short, "补正过" if one.again else "") if part
        )
        told = "收到两份" if one.twin else one.diseases
        due = one.said or one.due_words(today)
        return Line(
            one.digest,
            (
                Cell(text=one.name or one.number, sub=where, icon=icon, tone=colour, color="ink", medium=True),
                Cell(text=told, sub=due, right=True, subcolor=tone, color="warn" if one.twin else "ink2"),
            ),
        )
