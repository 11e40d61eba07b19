"""Fetching and putting (收发): the place, how far it is, what needs a person, and what was answered. No names of people here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.core.answer import summary
from app.ui import keys, theme
from app.ui.kit import (
    Button,
    Cell,
    Column,
    Combo,
    Field,
    FormGrid,
    Line,
    ListTable,
    MessageBar,
    Text,
    column,
    fill,
    row,
    scroller,
)
from app.ui.shell import NARROW, PageBase

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.core.answer import Answer
    from app.ui.office.desk import Inbox

SIDE, SIDE_NARROW = 420, 320
_LINE = 60
_ALL = 100
"""The list's share of what is left below the form, while there is anything in it."""
EVERY = (0, 5, 10, 30)
"""Minutes between two looks at the place; 0 for none by itself."""

_KINDS = {"accepted": "受理", "supplement": "要补正", "approved": "通过", "refused": "不通过", "conflict": "收到两份"}


class ExchangePage(PageBase):
    """Signals: ``fetch()``, ``publish()``, ``choose()`` for another folder. ``by.value()`` is who answers."""

    tab_name = "exchange"
    fetch = Signal()
    publish = Signal()
    choose = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._busy = False
        self.place = Text("", "body", elide=True)
        self.by = Field("答复上写谁", width=220)
        self.by.setMaxLength(_LINE)
        self.fetch_button = Button("收件", "primary", key=keys.cap("read_in"))
        self.publish_button = Button("发答复", key=keys.cap("export"))
        self.choose_button = Button("换文件夹", key=keys.cap("files"))
        self.fetch_button.clicked.connect(self.fetch)
        self.publish_button.clicked.connect(self.publish)
        self.choose_button.clicked.connect(self.choose)
        self.bar = MessageBar()
        self.progress = Text("", "body2")
        form = FormGrid()
        form.head("报送地点", "收件不动那边的文件，没传全的下次再收")
        form.row("地点", self.place, self.choose_button, ...)
        self.every = Combo("收发·自动收件", [(str(one), f"每 {one} 分钟" if one else "不自动") for one in EVERY], width=130)
        form.row("自动收", self.every, ..., note="收的时候不打断看件；连没连上，右上角照实说")
        form.row("收发", self.fetch_button, self.publish_button, (self.progress, 1))
        form.head("答复")
        form.row("写谁答复", self.by, note="写在申请人的通知上，不写就用经办机构名称")
        self.wrong = ListTable("要人看的", (Column("要人看的"),))
        self.wrong.horizontalHeader().hide()
        self._wrong_head, self._given_head = Text("要人看的", "strong"), Text("答复过的", "strong")
        self.given = ListTable("答复过的", (Column("答复"), Column("", 150, right=True)))
        self.given.horizontalHeader().hide()
        left = column(self.bar, form, self._wrong_head, (self.wrong, _ALL), ..., gap=12, pad=(28, 18, 28, 16))
        self._right = right = column(
            row(self._given_head, pad=(16, 12), role="band", height=50), (self.given, 1), role="side", width=SIDE
        )
        fill(QHBoxLayout(self), ((scroller(left), 1), right))

    def show_place(self, name: str, office: str) -> None:
        """Say which place it is, '' for none; ``office``: whose name stands on answers where nobody wrote another."""
        self.place.put(name or "还没有。换文件夹，或在经办机构文件夹里放一个 place.json")
        self.by.setPlaceholderText(office)
        self._offer(has_place=bool(name))

    def show_busy(self, words: str) -> None:
        """Say how far it is; '' when nothing is under way."""
        self._busy = bool(words)
        self.progress.put(words)
        for button in (self.fetch_button, self.publish_button, self.choose_button):
            button.setEnabled(not words)

    def show_inbox(self, inbox: Inbox, problems: tuple[str, ...]) -> None:
        """Show what needs a person, and what was answered."""
        lines = [
            *(
                (f"aside.{one.digest}", f"{one.number} 对不上，已隔开，没有打开", f"让窗口再报一次：{one.trouble}", "bad")
                for one in inbox.aside
            ),
            *((f"twin.{at}", "同一件收到两份", one, "warn") for at, one in enumerate(inbox.twins)),
            *((f"problem.{at}", "没有收", one, "bad") for at, one in enumerate(problems)),
        ]
        self.wrong.put(
            [Line(key, (Cell(text=text, sub=sub, icon=theme.TONE_ICONS[tone], tone=tone),)) for key, text, sub, tone in lines]
        )
        self.wrong.setVisible(bool(lines))
        self._wrong_head.put(f"要人看的 {len(lines)} 件" if lines else "要人看的：没有")
        self.given.put([_answered(one) for one in inbox.answers])
        self._given_head.put(f"答复过的 {len(inbox.answers)} 份")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the left more room in a narrow window."""
        super().resizeEvent(event)
        self._right.setFixedWidth(SIDE_NARROW if self.width() < NARROW else SIDE)

    def entered(self) -> None:
        """Take the focus."""
        (self.fetch_button if self.fetch_button.isEnabled() else self.by).setFocus()

    def hints(self) -> list[keys.KeyHint]:
        """Return what the keys do here."""
        return [
            keys.hint("read_in", "收件"),
            keys.hint("export", "发答复"),
            keys.hint("files", "换文件夹"),
            keys.hint("workbench", "审核"),
        ]

    def _offer(self, *, has_place: bool) -> None:
        if not self._busy:
            self.fetch_button.setEnabled(has_place)
            self.publish_button.setEnabled(has_place)


def _answered(one: Answer) -> Line:
    return Line(
        f"{one.counter}.{one.seq}",
        (
            Cell(text=f"{_KINDS.get(one.kind, one.kind)}·{one.counter} 第 {one.seq} 份", sub=summary(one.content)),
            Cell(text=one.by, sub=one.at[:16].replace("T", " "), right=True, color="ink2"),
        ),
    )
