"""The pad on which somebody writes a name: by pen, finger or mouse. What was written survives any change of size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QInputDevice, QPainter, QPainterPath, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

from app.core.signature import FULL_PRESSURE, MOST_MS, MOST_POINTS, MOST_STROKES, Point, Stroke, smooth
from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QMouseEvent, QPaintEvent

LEAST: Final = QSize(900, 250)
"""Logical pixels at the applicant's screen."""
_STEPS_PER_PX: Final = 25.4 / 96 * 100
"""Steps of 0.01 mm in a logical pixel, by Qt's 96 pixels to the inch."""
_PEN_MM: Final = 0.9
_LIGHTEST: Final = 0.5
_NEAR: Final = 8
"""Steps: a point no further than this from the one before says nothing new."""
_LINE_AT: Final = 0.76
_EDGE: Final = 24
_MOUSE = Qt.MouseEventSource.MouseEventNotSynthesized


class SignPad(QWidget):
    """A sheet to write a name on. ``changed()`` when a stroke ended, was taken back, or all was wiped away.

    One hand writes: while a pen or a finger is down, other touches (the ball of the thumb) are nothing. A stroke that was begun before the pad
    changed its size goes on in the same place of the sheet; a pad that became smaller shows the same strokes smaller.
    """

    accessible_role = "Canvas"
    changed = Signal()

    def __init__(self, name: str, *, least: QSize = LEAST) -> None:
        super().__init__()
        self.setMinimumSize(least)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._strokes: list[Stroke] = []
        self._wiped: list[Stroke] = []
        self._now: list[Point] = []
        self._by = ""
        self._finger = -1
        self._first_ms = 0
        self._last_at = 0
        self._idle = False

    # data
    def put(self, strokes: Iterable[Stroke]) -> None:
        """Show strokes that were written before."""
        self._forget()
        self._strokes = [tuple(stroke) for stroke in strokes if stroke]
        self._last_at = max((point.at for stroke in self._strokes for point in stroke), default=0)
        self.update()

    def value(self) -> tuple[Stroke, ...]:
        """Return what was written, a stroke that is under way left out."""
        return tuple(self._strokes)

    def extent(self) -> tuple[int, int]:
        """Return width and height of the sheet in steps of 0.01 mm: the pad's, or what holds every stroke."""
        points = [point for stroke in (*self._strokes, self._now) for point in stroke]
        wide = max((point.x for point in points), default=0)
        high = max((point.y for point in points), default=0)
        return max(wide, round(self.width() * _STEPS_PER_PX)), max(high, round(self.height() * _STEPS_PER_PX))

    def set_idle(self, *, idle: bool) -> None:
        """Let nothing be written (the name is being placed)."""
        self._idle = idle
        self._end()

    # what a person does
    def clear(self) -> None:
        """Wipe everything away; :meth:`back` brings it back."""
        self._end()
        if self._strokes:
            self._wiped, self._strokes = self._strokes, []
            self._tell()

    def back(self) -> None:
        """Take the last stroke back, or bring back what was just wiped away."""
        self._end()
        if self._strokes:
            self._strokes.pop()
        elif self._wiped:
            self._strokes, self._wiped = self._wiped, []
        else:
            return
        self._tell()

    # the pen
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke with the mouse."""
        if event.button() == Qt.MouseButton.LeftButton and event.source() == _MOUSE:
            self._begin("mouse", event.position(), event.timestamp())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the mouse."""
        if self._by == "mouse":
            self._go(event.position(), event.timestamp())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the mouse's stroke."""
        if self._by == "mouse" and event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position(), event.timestamp())
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Write with a pen that knows how hard it is pressed."""
        pressed = (
            round(event.pressure() * FULL_PRESSURE)
            if event.pointingDevice().capabilities() & QInputDevice.Capability.Pressure
            else -1
        )
        match event.type():
            case QEvent.Type.TabletPress:
                # A pen wins over the hand that lies on the glass.
                if self._by not in ("", "pen"):
                    self._now, self._by = [], ""
                self._begin("pen", event.position(), event.timestamp(), pressed)
            case QEvent.Type.TabletMove if self._by == "pen":
                self._go(event.position(), event.timestamp(), pressed)
            case QEvent.Type.TabletRelease if self._by == "pen":
                self._go(event.position(), event.timestamp())
                self._end()
            case _:
                pass
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Take touches, so that Qt makes no mouse of them."""
        if isinstance(event, QTouchEvent):
            self._touched(event)
            event.accept()
            return True
        return super().event(event)

    def _touched(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchCancel:
            if self._by == "finger":
                self._end()
            return
        for finger in event.points():
            if self._by == "" and finger.state().name == "Pressed":
                self._finger = finger.id()
                self._begin("finger", finger.position(), event.timestamp())
            elif self._by == "finger" and finger.id() == self._finger:
                self._go(finger.position(), event.timestamp())
                if finger.state().name == "Released":
                    self._end()

    # inside
    def _begin(self, by: str, place: QPointF, ms: int, pressure: int = -1) -> None:
        full = len(self._strokes) >= MOST_STROKES or sum(map(len, self._strokes)) >= MOST_POINTS - 2
        if self._idle or self._by or full:
            return
        if not self._strokes and not self._wiped:
            self._first_ms, self._last_at = ms, 0
        elif ms < self._first_ms + self._last_at:
            # Another device's clock, or strokes that were put in: time goes on from the last point.
            self._first_ms = ms - self._last_at
        self._by = by
        self._now = []
        self._go(place, ms, pressure)

    def _go(self, place: QPointF, ms: int, pressure: int = -1) -> None:
        scale = self._scale()
        wide, high = self.extent()
        x = min(max(round(place.x() / scale), 0), wide)
        y = min(max(round(place.y() / scale), 0), high)
        at = min(max(ms - self._first_ms, self._last_at), MOST_MS)
        if self._now and abs(self._now[-1].x - x) < _NEAR and abs(self._now[-1].y - y) < _NEAR:
            return
        if len(self._now) + sum(map(len, self._strokes)) < MOST_POINTS:
            self._last_at = at
            self._now.append(Point(x, y, at, pressure if pressure >= 0 or not self._now else self._now[-1].pressure))
            self.update()

    def _end(self) -> None:
        stroke, self._now, self._by, self._finger = tuple(self._now), [], "", -1
        if stroke:
            self._strokes.append(stroke)
            self._wiped = []
            self._tell()

    def _forget(self) -> None:
        self._now, self._wiped, self._by, self._finger = [], [], "", -1

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def _scale(self) -> float:
        """Return logical pixels in a step: life size, smaller where the pad became smaller than the sheet."""
        wide, high = self.extent()
        return min(self.width() / wide, self.height() / high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint sheet, line and strokes."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(event.rect(), tokens.color("sheet"))
        painter.setPen(QPen(tokens.color("edge"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QPen(tokens.color("line2"), 1, Qt.PenStyle.DashLine))
        line = round(self.height() * _LINE_AT)
        painter.drawLine(_EDGE, line, self.width() - _EDGE, line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._scale()
        painter.scale(scale, scale)
        for stroke in (*self._strokes, tuple(self._now)):
            if stroke:
                self._paint(painter, stroke)

    def _paint(self, painter: QPainter, stroke: Stroke) -> None:
        pressed = [point.pressure for point in stroke if point.pressure >= 0]
        share = _LIGHTEST + (1 - _LIGHTEST) * sum(pressed) / len(pressed) / FULL_PRESSURE if pressed else 1.0
        pen = QPen(theme.current().color("ink"), _PEN_MM * 100 * share)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        first, *rest = smooth(stroke)
        if not rest:
            painter.drawPoint(QPointF(*first))
            return
        path = QPainterPath(QPointF(*first))
        for place in rest:
            path.lineTo(QPointF(*place))
        painter.drawPath(path)
