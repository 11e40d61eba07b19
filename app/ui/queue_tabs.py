"""The strip of tabs over the queue: icon, word, count; the current one is underlined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout

from app.ui import keys, theme
from app.ui.kit import fill, pixmap
from app.ui.kit.bare import Bare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QPaintEvent

_PAD, _ICON, _GAP = 14, 16, 7


@dataclass(frozen=True, slots=True)
class QueueTab:
    """A tab. ``tone`` colours it while it counts something."""

    id: str
    name: str
    icon: str
    tone: str = ""


class QueueTabButton(QAbstractButton):
    """One painted tab, 40 high."""

    def __init__(self, tab: QueueTab, key: str) -> None:
        super().__init__()
        self._tab, self._key, self._count, self._on = tab, key, 0, False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{tab.name}   {key}")
        self.put(0, on=False)

    def put(self, count: int, *, on: bool) -> None:
        """Show the count and whether the tab is open."""
        self._count, self._on = count, on
        self.setAccessibleName(f"{self._tab.name} {count} 件 {self._key}{' 当前' if on else ''}")
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of icon, word and count in their widest weight, so that opening moves nothing."""
        metrics = QFontMetrics(theme.current().font("body", medium=True))
        words = metrics.horizontalAdvance(self._tab.name) + _GAP + metrics.horizontalAdvance(str(self._count))
        return QSize(_PAD + _ICON + _GAP + words + _PAD + 2, 40)

    def event(self, event: QEvent) -> bool:
        """Repaint under the pointer."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tab."""
        del event
        look = theme.current()
        painter = QPainter(self)
        tone = self._tab.tone if self._count else ""
        if self.underMouse() and not self._on:
            painter.fillRect(self.rect(), look.color("sunken"))
        painter.drawPixmap(_PAD, 12, pixmap(self._tab.icon, tone or "ink2", _ICON, self.devicePixelRatioF()))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        left = _PAD + _ICON + _GAP
        font = look.font("body", medium=self._on)
        painter.setFont(font)
        painter.setPen(look.color(tone or ("ink" if self._on else "ink2")))
        painter.drawText(QRectF(left, 0, self.width(), 40), flags, self._tab.name)
        left += QFontMetrics(font).horizontalAdvance(self._tab.name) + _GAP
        painter.setFont(look.font("body", medium=True))
        painter.setPen(look.color(tone or "ink"))
        painter.drawText(QRectF(left, 0, self.width(), 40), flags, str(self._count))
        if self._on:
            painter.fillRect(0, 37, self.width(), 3, look.color("accent"))


class QueueTabs(Bare):
    """``chosen(tab id)`` when a tab was pressed or Alt n typed."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[QueueTab]) -> None:
        super().__init__()
        self._buttons = {tab.id: QueueTabButton(tab, f"Alt {at}") for at, tab in enumerate(tabs, start=1)}
        for id_, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, id_=id_: self.chosen.emit(id_))
        fill(QHBoxLayout(self), (*self._buttons.values(), ...), pad=(2, 0))
        keys.bind_nth(self, len(tabs), lambda at: self.chosen.emit(tabs[at].id))

    def put(self, counts: Mapping[str, int], current: str) -> None:
        """Show the counts and which tab is open."""
        for id_, button in self._buttons.items():
            button.put(counts.get(id_, 0), on=id_ == current)
