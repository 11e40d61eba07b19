"""The live picture with the page's outline on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.kit.icons import pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from app.ui.case.camera_eye import Sight

_BAR = 4


class CameraView(QWidget):
    """``shoot()`` on Space. ``steady`` is how long the page has lain still, from 0 to 1; it fills a bar below the picture."""

    shoot = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("高拍仪的画面")
        self.setFixedSize(714, 402)
        self._sight: Sight | None = None
        self._steady = 0.0

    def put(self, sight: Sight | None, steady: float) -> None:
        """Show a picture; None for none."""
        self._sight, self._steady = sight, steady
        self.update()

    def outlined(self) -> bool:
        """Whether a page is outlined now."""
        return self._sight is not None and bool(self._sight.outline)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the picture with the space bar."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.shoot.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture, outline and bar."""
        del event
        painter = QPainter(self)
        look = theme.current()
        painter.fillRect(self.rect(), look.color("frame"))
        sight = self._sight
        if sight is None or sight.image.isNull():
            icon = pixmap("camera", "on_frame2", 36, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(self.width() / 2 - 18, self.height() / 2 - 18), icon)
            return
        size = sight.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        room = QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(room, sight.image)
        if sight.outline:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            corners = [QPointF(room.left() + x * room.width(), room.top() + y * room.height()) for x, y in sight.outline]
            # White under the colour: it is seen on any desk.
            for ink, width in (("sheet", 5), ("accent" if self._steady < 1 else "good", 3)):
                painter.setPen(
                    QPen(look.color(ink), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
                )
                painter.drawPolygon(QPolygonF(corners))
            painter.fillRect(
                QRectF(0, self.height() - _BAR, self.width() * min(1.0, self._steady), _BAR), look.color("accent_line")
            )
