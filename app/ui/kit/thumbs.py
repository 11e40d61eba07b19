"""Thumbnails of pages: 62 × 86, the verdict in the corner and in words below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QAbstractButton

from app.ui import theme
from app.ui.kit.icons import pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent


class Thumb(QAbstractButton):
    """One page, or a place for the next one (``icon`` and ``word``, dashed). ``name`` for screen readers: 出院小结 第 3 页 模糊.

    Signals: Qt's ``clicked``; ``twice()`` on a double click. Show a placeholder first, the picture when it has been decoded off the
    GUI thread at twice the size.
    """

    twice = Signal()

    def __init__(self, name: str, word: str = "", *, tone: str = "", icon: str = "") -> None:
        super().__init__()
        self._picture = QPixmap()
        self._scaled = QPixmap()
        self._word, self._tone, self._icon = word, tone, icon
        self._turn = 0
        self._current = False
        size = theme.current().sizes
        self.setFixedSize(size["thumb_w"], size["thumb_h"])
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)

    def put(self, picture: QPixmap | None, word: str, *, tone: str = "", turn: int = 0, name: str = "") -> None:
        """Show a page. ``word`` below it (``3 模糊``), ``tone`` bad or warn for the corner, ``turn`` clockwise in degrees."""
        self._picture = picture or QPixmap()
        self._scaled = QPixmap()
        self._word, self._tone, self._turn = word, tone, turn % 360
        if name:
            self.setAccessibleName(name)
        self.update()

    def set_current(self, current: bool) -> None:
        """Mark the page that the viewer shows."""
        self._current = current
        self.update()

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return self.minimumSize()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open."""
        super().mouseDoubleClickEvent(event)
        self.twice.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint page, edge, corner and word."""
        del event
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width()
        box = QRectF(0.5, 0.5, width - 1, self.height() - 19)
        strong = self._current or self.hasFocus()
        if self._icon:
            painter.setPen(QPen(look.color("focus" if strong else "edge"), 2 if strong else 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(box, 3, 3)
            at = QPointF(box.center().x() - 9, box.center().y() - 9)
            painter.drawPixmap(at, pixmap(self._icon, "ink3", 18, self.devicePixelRatioF()))
        else:
            painter.fillRect(box, look.color("sunken"))
            self._page(painter, box)
            edge = "focus" if strong else self._tone or "line2"
            painter.setPen(QPen(look.color(edge), 2 if strong or self._tone else 1))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if strong or self._tone else box)
            self._corner(painter, box)
        painter.setPen(look.color(self._tone or ("ink2" if self._icon else "ink3")))
        painter.setFont(look.font("cap", medium=bool(self._tone)))
        painter.drawText(QRectF(-4, self.height() - 17, width + 8, 17), Qt.AlignmentFlag.AlignCenter, self._word)

    def _page(self, painter: QPainter, box: QRectF) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = box.adjusted(2, 2, -2, -2)
        if self._scaled.isNull() or self._scaled.devicePixelRatio() != ratio:
            turned = self._picture
            if self._turn:
                turned = turned.transformed(QTransform().rotate(self._turn))
            self._scaled = turned.scaled(
                QSize(round(room.width() * ratio), round(room.height() * ratio)),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled.setDevicePixelRatio(ratio)
        size = self._scaled.deviceIndependentSize()
        painter.drawPixmap(QPointF(room.center().x() - size.width() / 2, room.center().y() - size.height() / 2), self._scaled)

    def _corner(self, painter: QPainter, box: QRectF) -> None:
        if self._tone in ("bad", "warn"):
            corner = QRectF(box.right() - 17.5, box.bottom() - 17.5, 18, 18)
            painter.fillRect(corner, theme.current().color(self._tone))
            mark = pixmap(theme.TONE_ICONS[self._tone], "on_accent", 14, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(corner.left() + 2, corner.top() + 2), mark)
