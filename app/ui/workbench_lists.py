"""The work-lists at the left of the workbench: how many, which key, and which one is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.ui import keys, theme
from app.ui.kit import Text, column, fill, pixmap, row, rule, scroller

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.services.ports import Counts

WIDE, SLIM = 236, 210
_TALL, _LOW = 62, 46
_LOW_PAGE = 600


@dataclass(frozen=True, slots=True)
class WorkList:
    """One list. ``id`` is also the name of its count; ``urgent`` ones are shown only while they hold something."""

    id: str
    name: str
    note: str = ""
    urgent: bool = False


LISTS = (
    WorkList("drafts", "草稿", "办到一半的"),
    WorkList("here", "待报送", "在本机，等导出"),
    WorkList("copied", "已导出", "等经办机构回执"),
    WorkList("needs_you", "需处理", "打开看看要改哪里", urgent=True),
    WorkList("today", "今日已受理", "只看今天的"),
)


class WorkButton(QAbstractButton):
    """One painted list: name, note, count and key cap."""

    def __init__(self, work: WorkList) -> None:
        super().__init__()
        self._work, self._key, self._count = work, "", 0
        self._on = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_TALL)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.put(0, "", on=False)

    def put(self, count: int, key: str, *, on: bool) -> None:
        """Show how many there are, which key opens it and whether it is open."""
        self._count, self._key, self._on = count, key, on
        self.setAccessibleName(f"{self._work.name} {count} 件 {self._key}{' 当前' if on else ''}")
        self.update()

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
        tone = "bad" if self._work.urgent else ""
        self._words(painter, tone, note=self._work.note if height >= _TALL else "")
        right = self._cap(painter)
        painter.setFont(look.font("num", medium=True))
        painter.setPen(look.color(tone or "ink"))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, right - 12, height), flags, str(self._count))

    def _words(self, painter: QPainter, tone: str, note: str) -> None:
        look = theme.current()
        height, flags = self.height(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        font = look.font("body", medium=self._on)
        top = QRectF(13, height / 2 - 21, 140, 22) if note else QRectF(13, 0, 140, height)
        painter.setFont(font)
        painter.setPen(look.color(tone or ("ink" if self._on else "ink2")))
        painter.drawText(top, flags, self._work.name)
        if tone:
            left = 13 + QFontMetrics(font).horizontalAdvance(self._work.name) + 6
            mark = pixmap(theme.TONE_ICONS[tone], tone, 14, self.devicePixelRatioF())
            painter.drawPixmap(left, round(top.center().y()) - 7, mark)
        if note:
            painter.setFont(look.font("cap"))
            painter.setPen(look.color(tone or "ink3"))
            painter.drawText(QRectF(13, height / 2 + 1, 140, 18), flags, note)

    def _cap(self, painter: QPainter) -> float:
        """Paint the key cap and return its left edge."""
        look = theme.current()
        font = look.font("cap")
        width = QFontMetrics(font).horizontalAdvance(self._key) + 12
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
        self._buttons = {work.id: WorkButton(work) for work in LISTS}
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
        keys.bind_nth(self, len(LISTS), self._nth)
        self._show()

    def put(self, counts: Counts) -> None:
        """Show how many each list holds."""
        self._numbers = {work.id: int(getattr(counts, work.id)) for work in LISTS}
        self._show()

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

    def shown(self) -> list[str]:
        """Return the lists that can be opened now."""
        return [work.id for work in LISTS if not work.urgent or self._numbers.get(work.id) or work.id == self._current]

    def fold(self, *, slim: bool, low: bool) -> None:
        """Take less width, and less height for each list."""
        self.setFixedWidth(SLIM if slim else WIDE)
        for button in self._buttons.values():
            button.setFixedHeight(_LOW if low else _TALL)

    def take(self, widget: QWidget) -> None:
        """Hold the side panel's content below the lists, where there is no room for a side panel."""
        self._more.addWidget(widget)

    @staticmethod
    def is_low(height: int) -> bool:
        """Whether a page of this height needs the low rows."""
        return height < _LOW_PAGE

    def _nth(self, at: int) -> None:
        shown = self.shown()
        if at < len(shown):
            self.chosen.emit(shown[at])

    def _show(self) -> None:
        shown = self.shown()
        for id_, button in self._buttons.items():
            button.setVisible(id_ in shown)
            key = f"Alt {shown.index(id_) + 1}" if id_ in shown else ""
            button.put(self._numbers.get(id_, 0), key, on=id_ == self._current)
