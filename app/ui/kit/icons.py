"""Icons from ``resources/icons`` (Lucide, ISC), tinted with a token and sharp at every scale."""

from __future__ import annotations

import functools
import re

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import theme
from app.ui.kit.bare import Bare


@functools.cache
def pixmap(name: str, color: str = "ink2", size: int = 16, ratio: float = 1.0, stroke: float = 1.9) -> QPixmap:
    """Return an icon of ``size`` logical pixels for a device pixel ratio. ``color``: a token. FileNotFoundError for an unknown icon."""
    # The import costs some milliseconds of start; the first icon pays it, an empty window does not.
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415

    tokens = theme.current()
    svg = (tokens.resources / "icons" / f"{name}.svg").read_text("utf-8")
    svg = svg.replace("currentColor", tokens.colors[color])
    svg = re.sub(r'stroke-width="[\d.]+"', f'stroke-width="{stroke}"', svg)
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


def icon(name: str, color: str = "ink2", size: int = 16, disabled: str = "ink3") -> QIcon:
    """Return the same for buttons, with its disabled tint."""
    app = QApplication.instance()
    return _icon(name, color, size, disabled, app.devicePixelRatio() if isinstance(app, QApplication) else 1.0)


@functools.cache
def _icon(name: str, color: str, size: int, disabled: str, ratio: float) -> QIcon:
    made = QIcon()
    made.addPixmap(pixmap(name, color, size, ratio))
    made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made


class Icon(Bare):
    """An icon standing alone. It is decoration: the word beside it carries the meaning, so it has no accessible name unless given."""

    def __init__(self, name: str, color: str = "ink2", size: int = 16, *, label: str = "") -> None:
        super().__init__()
        self._name, self._color = name, color
        self.setFixedSize(size, size)
        self.setAccessibleName(label)

    def put(self, name: str, color: str = "ink2") -> None:
        """Show another icon."""
        if (name, color) != (self._name, self._color):
            self._name, self._color = name, color
            self.update()

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint at the ratio of the screen the widget is on now."""
        del event
        if self._name:
            painter = QPainter(self)
            painter.drawPixmap(0, 0, pixmap(self._name, self._color, self.width(), self.devicePixelRatioF()))


class Lattice(QWidget):
    """The brand's mark: a lattice window (窗棂)."""

    def __init__(self, size: int = 20, color: str = "on_frame") -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self._color = color

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lattice."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_lattice(painter, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._color)


def draw_lattice(painter: QPainter, box: QRectF, color: str) -> None:
    """Draw the mark into a square; the pen grows with it."""
    width = max(1.4, box.width() / 16)
    painter.setPen(
        QPen(
            QColor(theme.current().colors[color]),
            width,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.SquareCap,
            Qt.PenJoinStyle.MiterJoin,
        )
    )
    r = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRect(r)
    a, b = r.width() * 0.3, r.width() * 0.7
    for t in (a, b):
        painter.drawLine(QPointF(r.left() + t, r.top()), QPointF(r.left() + t, r.top() + a))
        painter.drawLine(QPointF(r.left() + t, r.top() + b), QPointF(r.left() + t, r.bottom()))
        painter.drawLine(QPointF(r.left(), r.top() + t), QPointF(r.left() + a, r.top() + t))
        painter.drawLine(QPointF(r.left() + b, r.top() + t), QPointF(r.right(), r.top() + t))
    painter.drawRect(QRectF(r.left() + a, r.top() + a, b - a, b - a))
