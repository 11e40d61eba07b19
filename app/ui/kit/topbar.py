"""The top strip: mark, places, link, window, clerk, clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout

from app.ui import keys, theme
from app.ui.kit.icons import Icon, Lattice
from app.ui.kit.layouts import empty, fill, row
from app.ui.kit.text import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

_CROWDED = 1080  # logical px: below this tabs, link, place, clerk and clock do not all fit
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Tab:
    """A place: ``id`` comes back in the signal, ``key`` is a named shortcut or ''."""

    id: str
    name: str
    key: str = ""


class TabButton(QAbstractButton):
    """A painted tab; the current one has a white line below."""

    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self._tab = tab
        self._cap = keys.cap(tab.key) if tab.key else ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{tab.name} {self._cap}".strip())
        look = theme.current()
        self._word_width = QFontMetrics(look.font("body", medium=True)).horizontalAdvance(tab.name)
        self._cap_width = QFontMetrics(look.font("cap")).horizontalAdvance(self._cap)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the size of word and key."""
        return QSize(12 + self._word_width + (6 + self._cap_width if self._cap else 0) + 12, theme.current().size("top"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint word, key and line."""
        del event
        look = theme.current()
        painter = QPainter(self)
        on = self.isChecked()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(look.font("body", medium=on))
        painter.setPen(look.color("on_frame" if on or self.underMouse() else "on_frame2"))
        painter.drawText(QRectF(12, 0, self._word_width + 4, self.height()), flags, self._tab.name)
        if self._cap:
            painter.setFont(look.font("cap"))
            painter.setPen(look.color("on_frame2"))
            painter.drawText(QRectF(12 + self._word_width + 6, 0, self._cap_width + 4, self.height()), flags, self._cap)
        if on:
            painter.fillRect(0, self.height() - 3, self.width(), 3, look.color("on_frame"))


class TopBar(QFrame):
    """``chosen(tab id)`` when a tab was pressed (its shortcut is bound by the shell). ``now`` is asked once a minute."""

    chosen = Signal(str)

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self.setProperty("role", "top")
        self._now = now
        self._compact = False
        self._buttons: dict[str, TabButton] = {}
        self._tabs = QHBoxLayout()
        fill(self._tabs, ())
        self._link_icon = Icon("cloud-off", "on_frame2", 16)
        self._link = Text("", "top_text")
        self._place = Text("", "top_text")
        self._clerk = Text("", "top_text")
        self._clock = Text("", "top_text")
        self._link_part = row(self._link_icon, self._link, gap=6, pad=(0, 0, 20, 0))
        self._place_part = row(Icon("map-pin", "on_frame2", 16), self._place, gap=6, pad=(0, 0, 20, 0))
        self._clerk_part = row(Icon("user-round", "on_frame2", 16), self._clerk, gap=6, pad=(0, 0, 20, 0))
        box = QHBoxLayout(self)
        fill(box, (Lattice(20), 10, Text("窗口", "brand"), 18), pad=(16, 0))
        box.addLayout(self._tabs)
        box.addStretch(1)
        for part in (self._link_part, self._place_part, self._clerk_part):
            box.addWidget(part)
        box.addWidget(self._clock)
        self.setFixedHeight(theme.current().size("top"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.tick)
        self.put()
        self.tick()

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show these places; none on the lock and at first start."""
        empty(self._tabs)
        self._buttons = {tab.id: TabButton(tab) for tab in tabs}
        for id_, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, id_=id_: self._pressed(id_))
            self._tabs.addWidget(button)

    def set_current(self, id_: str) -> None:
        """Mark the place where we are; '' for none."""
        for other, button in self._buttons.items():
            button.setChecked(other == id_)

    def put(self, *, link: str = "", link_icon: str = "cloud-off", place: str = "", clerk: str = "") -> None:
        """Show the state of the link and the queue (离线·待报送 8), the window (云岭市·3 号窗口) and the clerk; '' hides a part."""
        self._link_icon.put(link_icon, "on_frame2")
        for part, label, text in (
            (self._link_part, self._link, link),
            (self._place_part, self._place, place),
            (self._clerk_part, self._clerk, clerk),
        ):
            label.put(text)
            part.setVisible(bool(text))
        self.compact(on=self._compact)

    def compact(self, *, on: bool) -> None:
        """Drop the window's name in a narrow window, once the bar has no room for it."""
        self._compact = on
        crowded = on and self.width() < _CROWDED
        self._place_part.setVisible(not crowded and bool(self._place.full()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again whether there is room."""
        super().resizeEvent(event)
        self.compact(on=self._compact)

    def tick(self) -> None:
        """Show the minute, and wake again at the next."""
        now = self._now()
        self._clock.put(f"{now.month} 月 {now.day} 日 周{_WEEKDAYS[now.weekday()]}　{now:%H:%M}")
        self._timer.start((60 - now.second) * 1000 - now.microsecond // 1000 + 5)

    def _pressed(self, id_: str) -> None:
        # The shell decides where we are; a pressed button must not decide it by itself.
        self._buttons[id_].setChecked(not self._buttons[id_].isChecked())
        self.chosen.emit(id_)
