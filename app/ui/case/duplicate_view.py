"""Two applications side by side: same lines on paper, different ones on white with the word 不同, so that it reads in grey too."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout

from app.ui import lists
from app.ui.kit import Chip, Icon, Text, column, empty, fill, row, scroller
from app.ui.kit.bare import Bare

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtGui import QResizeEvent

    from app.core.application import Application
    from app.core.same_person import Known, Row

_LABEL, _WORD, _GAP, _TALL, _LOW = 84, 56, 14, 50, 36
_PAD, _CLOSE = (28, 18, 24, 16), (12, 12, 8, 12)
_NARROW = 660
"""Below this width the chips stand under their titles and the margins shrink, so that no line is cut at the right."""


class Comparison(QFrame):
    """The middle of the page: what is the same, what is not. It is only looked at, so nothing in it takes the focus."""

    room: ClassVar[int] = 460
    """The least width in which it stands beside the ways out: both have to be seen at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._title, self._note = Text("可能是同一件", "h1"), Text("", "body2", elide=True)
        self._mine, self._other = _Head("正在办的这件"), _Head("已有的那件")
        self._rows = QVBoxLayout()
        fill(self._rows, ())
        sheet = QFrame()
        sheet.setProperty("role", "sheet")
        inner = QVBoxLayout(sheet)
        fill(inner, (), pad=1)
        inner.addLayout(self._rows)
        heads = Bare()
        grid = QGridLayout(heads)
        grid.setContentsMargins(18, 0, 18, 0)
        grid.setHorizontalSpacing(_GAP)
        for at, width in ((0, _LABEL + _GAP), (3, _WORD + _GAP)):
            grid.setColumnMinimumWidth(at, width)
        for at, head in ((1, self._mine), (2, self._other)):
            grid.addWidget(head, 0, at)
            grid.setColumnStretch(at, 1)
        self._foot = row(Icon("info", "accent", 16), (told := Text("", "small", wrap=True), 1), gap=8)
        self._told = told
        ground = QFrame()
        ground.setProperty("role", "page")
        self._ground = QVBoxLayout(ground)
        fill(
            self._ground,
            (row(self._title, (self._note, 1), gap=14, height=36), 8, heads, 8, sheet, 8, self._foot, ...),
            pad=_PAD,
        )
        fill(QVBoxLayout(self), (scroller(ground),))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what stands above the lines where there is little room."""
        narrow = self.width() < _NARROW
        self._ground.setContentsMargins(*(_CLOSE if narrow else _PAD))
        for head in (self._mine, self._other):
            head.fold(narrow=narrow)
        super().resizeEvent(event)

    def put(self, mine: Application, one: Known, rows: tuple[Row, ...], today: dt.date) -> None:
        """Show this application beside the other one."""
        same = sum(line.same for line in rows)
        shared = any(line.label == "病种" and line.same and line.mine != "没填" for line in rows)
        alike = "同一个人、同一种病" if shared else "同一个人"
        self._note.put(f"{alike}。相同 {same} 项，不同 {len(rows) - same} 项")
        began = lists.exactly(mine.started_at, today)
        self._mine.put(
            ("草稿", "", "file-text"), "·".join(part for part in (f"{began} 开始" if began else "", mine.author) if part)
        )
        at = lists.state_looks(one.application.state)
        touched = lists.exactly(one.at, today)
        who = "·".join(part for part in (f"{touched} 动过" if touched else "", one.application.author) if part)
        self._other.put(at, who)
        empty(self._rows)
        for line in rows:
            self._rows.addWidget(_line(line))
        said = f"那件已交给{one.handed}，之后的改动这里看不到。" if one.handed else ""
        said = said or (f"那件由 {one.came}移交来。" if one.came else "")
        self._told.put(said)
        self._foot.setVisible(bool(said))
        self.setAccessibleName(f"可能是同一件。{self._note.full()}")


class _Head(Bare):
    """One of the two: which it is, its state, and who began it when."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._chip, self._who = Chip("", "neutral"), Text("", "small", wrap=True)
        self._above, self._below = QHBoxLayout(), QHBoxLayout()
        fill(self._above, (Text(title, "h2"), self._chip, ...), gap=10)
        fill(self._below, ((self._who, 1),), gap=8)
        box = QVBoxLayout(self)
        fill(box, (), gap=4)
        box.addLayout(self._above)
        box.addLayout(self._below)

    def fold(self, *, narrow: bool) -> None:
        """Put the chip under the title, or beside it."""
        from_, to = (self._above, self._below) if narrow else (self._below, self._above)
        self._below.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        if from_.indexOf(self._chip) >= 0:
            from_.removeWidget(self._chip)
            to.insertWidget(0 if narrow else 1, self._chip)

    def put(self, state: tuple[str, str, str], who: str) -> None:
        """Show state (word, tone, icon) and person."""
        word, tone, icon = state
        self._chip.put(word, tone or "neutral", icon)
        self._who.put(who)


def _line(line: Row) -> QFrame:
    tall = bool(line.mine_more or line.other_more)
    frame = QFrame()
    frame.setProperty("role", "agrees" if line.same else "differs")
    frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    frame.setMinimumHeight(_TALL if tall else _LOW)
    role = "body" if line.same else "medium"
    grid = QGridLayout(frame)
    grid.setContentsMargins(16, 0, 16, 0)
    grid.setHorizontalSpacing(_GAP)
    grid.addWidget(Text(line.label, "label", right=True, width=_LABEL), 0, 0)
    for at, text, more in ((1, line.mine, line.mine_more), (2, line.other, line.other_more)):
        said = Text(text, role, wrap=True)
        grid.addWidget(column(..., said, Text(more, "small", elide=True), ..., gap=1) if more else said, 0, at)
        grid.setColumnStretch(at, 1)
    grid.addWidget(Text("" if line.same else "不同", "medium", centre=True, width=_WORD), 0, 3)
    words = "相同" if line.same else "不同"
    frame.setAccessibleName(f"{line.label} {words}：{line.mine} {line.mine_more}；{line.other} {line.other_more}")
    return frame
