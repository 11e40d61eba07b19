"""The work-lists at the left of the workbench: how many, which key, and which one is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.core.renewal import AHEAD
from app.ui import keys, theme
from app.ui.kit import Text, column, fill, pixmap, row, rule, scroller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPaintEvent

    from app.services.ports import Counts

WIDE, SLIM = 236, 228
_TALL, _LOW, _MINOR, _MINOR_LOW, _NOTED = 58, 32, 36, 32, 52
_MOST = 999
_LOW_PAGE = 600


@dataclass(frozen=True, slots=True)
class WorkList:
    """One list. ``id`` is also the name of its count; ``tone`` it has while it holds something; ``minor`` ones take one line."""

    id: str
    name: str
    note: str = ""
    tone: str = ""
    minor: bool = False


LISTS = (
    WorkList("drafts", "草稿", "办到一半的"),
    WorkList("waiting", "待补材料", "告知书已交申请人"),
    WorkList("here", "待报送", "在本机，等报送"),
    WorkList("needs_you", "需处理", "打开看看要改哪里", tone="bad"),
    WorkList("untold", "结果已回", "还没告知申请人"),
    WorkList("renewals", "将到期续期", f"{AHEAD} 天内"),
    WorkList("supplement", "需补正", tone="warn", minor=True),
    WorkList("deferred", "容缺待补", minor=True),
    WorkList("overdue", "到期没结果", tone="warn", minor=True),
    WorkList("copied", "已导出", minor=True),
    WorkList("received", "已送达，等结果", minor=True),
    WorkList("today", "今日已受理", minor=True),
)
"""Always all of them, so that each keeps its key."""
CAPS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-", "=")
"""What stands on the keys of the row of digits, in the order of :data:`LISTS`."""


class WorkButton(QAbstractButton):
    """One painted list: name, note, count and key cap."""

    def __init__(self, work: WorkList, key: str) -> None:
        super().__init__()
        self._work, self._key, self._count = work, key, 0
        self._on = False
        self._note = (work.note, "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_MINOR if work.minor else _TALL)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.put(0, on=False)

    def put(self, count: int, *, on: bool) -> None:
        """Show how many there are, and whether it is open."""
        self._count, self._on = count, on
        self._name()

    def say(self, note: str, tone: str = "") -> None:
        """Say something about what is in it, '' for its usual note."""
        self._note = (note or self._work.note, tone if note else "")
        self._name()

    def _name(self) -> None:
        note = f" {self._note[0]}" if self._note[1] else ""
        self.setAccessibleName(f"{self._work.name} {self._shown()} 件{note} {self._key}{' 当前' if self._on else ''}")
        self.update()

    def _shown(self) -> str:
        return f"{_MOST}+" if self._count >= _MOST else str(self._count)

    def low(self, *, low: bool) -> None:
        """Take less height."""
        self.setFixedHeight(_MINOR_LOW if self._work.minor and low else _MINOR if self._work.minor else _LOW if low else _TALL)

    def sizeHint(self) -> QSize:
        """Return the row's size."""
        return QSize(WIDE, self.height())

    def event(self, event: QEvent) -> bool:
        """Repaint under the pointer."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, words, count and key."""
        del event
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self.height()
        if self._on:
            painter.fillRect(self.rect(), look.color("accent_tint"))
            painter.fillRect(0, 0, 3, height, look.color("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), look.color("sunken"))
        painter.fillRect(0, height - 1, self.width(), 1, look.color("line"))
        tone = self._note[1] or (self._work.tone if self._count else "")
        note, noted = self._note
        self._words(painter, tone, (note, noted or tone) if height >= _NOTED else ("", ""))
        right = self._cap(painter)
        minor = self._work.minor
        painter.setFont(look.font("body" if minor else "num", medium=True))
        painter.setPen(look.color(tone or ("ink" if self._count else "ink3")))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, right - 12, height), flags, self._shown())

    def _words(self, painter: QPainter, tone: str, note: tuple[str, str]) -> None:
        look = theme.current()
        height, flags = self.height(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        font = look.font("small" if self._work.minor else "body", medium=self._on)
        text, noted = note
        top = QRectF(13, height / 2 - 21, 140, 22) if text else QRectF(13, 0, 140, height)
        painter.setFont(font)
        painter.setPen(look.color(tone or ("ink" if self._on else "ink2")))
        painter.drawText(top, flags, self._work.name)
        if tone:
            left = 13 + QFontMetrics(font).horizontalAdvance(self._work.name) + 6
            mark = pixmap(theme.TONE_ICONS[tone], tone, 14, self.devicePixelRatioF())
            painter.drawPixmap(left, round(top.center().y()) - 7, mark)
        if text:
            painter.setFont(look.font("cap"))
            painter.setPen(look.color(noted or "ink3"))
            painter.drawText(QRectF(13, height / 2 + 1, 140, 18), flags, text)

    def _cap(self, painter: QPainter) -> float:
        """Paint the key cap and return its left edge. All caps are as wide as the widest, so that the counts stand in one column."""
        look = theme.current()
        font = look.font("cap")
        width = QFontMetrics(font).horizontalAdvance("Alt 0") + 12
        box = QRectF(self.width() - 14 - width, self.height() / 2 - 10, width, 19).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(look.color("line2"), 1))
        painter.setBrush(look.color("sheet"))
        painter.drawRoundedRect(box, 3, 3)
        painter.fillRect(QRectF(box.left() + 2, box.bottom() - 1, box.width() - 4, 1), look.color("line2"))
        painter.setFont(font)
        painter.setPen(look.color("ink2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
        return box.left()


class WorkLists(QFrame):
    """The left column. ``chosen(list id)`` when a list was pressed or Alt n typed."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setAccessibleName("今天要办")
        self._current = LISTS[0].id
        self._numbers: dict[str, int] = {}
        self._day = Text("", "cap")
        self._buttons = {work.id: WorkButton(work, f"Alt {cap}") for work, cap in zip(LISTS, CAPS, strict=True)}
        for id_, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, id_=id_: self.chosen.emit(id_))
        self._more = QVBoxLayout()
        fill(self._more, ())
        inner = column(*self._buttons.values())
        box = inner.layout()
        if isinstance(box, QVBoxLayout):
            box.addLayout(self._more)
            box.addStretch(1)
        head = row(Text("今天要办", "strong"), ..., self._day, pad=(16, 0, 14, 0), height=44)
        fill(QVBoxLayout(self), (head, rule(), (scroller(inner), 1)))
        self.setFixedWidth(WIDE)
        keys.bind_row(self, CAPS, self._nth)
        self._show()

    def put(self, counts: Counts) -> None:
        """Show how many each list holds."""
        self._numbers = {work.id: int(getattr(counts, work.id)) for work in LISTS}
        self._numbers["drafts"] -= counts.waiting
        self._show()

    def say(self, notes: Mapping[str, tuple[str, str]]) -> None:
        """Show what there is to say of some lists, as sentence and tone, and the usual of the others."""
        for id_, button in self._buttons.items():
            button.say(*notes.get(id_, ("", "")))

    def set_day(self, text: str) -> None:
        """Show today's date."""
        self._day.put(text)

    def set_current(self, id_: str) -> None:
        """Mark a list as open; '' for none, while a search is shown."""
        self._current = id_
        self._show()

    def count(self, id_: str) -> int:
        """Return how many a list holds, as last told."""
        return self._numbers.get(id_, 0)

    def fold(self, *, slim: bool, low: bool) -> None:
        """Take less width, and less height for each list."""
        self.setFixedWidth(SLIM if slim else WIDE)
        for button in self._buttons.values():
            button.low(low=low)

    def take(self, widget: QWidget) -> None:
        """Hold the side panel's content below the lists, where there is no room for a side panel."""
        self._more.addWidget(widget)

    @staticmethod
    def is_low(height: int) -> bool:
        """Whether a page of this height needs the low rows."""
        return height < _LOW_PAGE

    def _nth(self, at: int) -> None:
        self.chosen.emit(LISTS[at].id)

    def _show(self) -> None:
        for id_, button in self._buttons.items():
            button.put(self._numbers.get(id_, 0), on=id_ == self._current)
