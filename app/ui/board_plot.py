"""Two plain plots over the same days: percent accepted the first time as points and a line, how many were taken as bars.

Told apart by shape and place, so that they hold in grey; the same is said in words to a screen reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.days import parse_day
from app.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from app.core.board import Board, Figures

_LEFT, _RIGHT, _HEAD, _GAP, _FOOT = 56, 16, 30, 6, 24
_MOST_LABELS: Final = 16
_BAR, _WIDEST, _DOT = 0.56, 44, 3.5
_TALL, _LOW = 240, 190


class BoardPlot(QWidget):
    """Shows one board; ``put`` it. Nothing on it can be pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._days: tuple[Figures, ...] = ()
        self._most = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("办件情况图")
        self.low(low=False)

    def put(self, shown: Board) -> None:
        """Show these days."""
        self._days, self._most = shown.days, max((one.taken for one in shown.days), default=0)
        self.setAccessibleDescription(said(shown))
        self.update()

    def low(self, *, low: bool) -> None:
        """Take less height where there is little."""
        self.setFixedHeight(_LOW if low else _TALL)

    def sizeHint(self) -> QSize:
        """Return as wide as it gets, as high as it is."""
        return QSize(480, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both plots from tokens."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.current().font("cap"))
        height = (self.height() - 2 * _HEAD - _GAP - _FOOT) / 2
        wide = self.width() - _LEFT - _RIGHT
        above = QRectF(_LEFT, _HEAD, wide, height)
        below = QRectF(_LEFT, 2 * _HEAD + _GAP + height, wide, height)
        self._frame(painter, above, "一次办成（%）", (0, 50, 100), 100)
        self._frame(painter, below, "受理（件）", (0, self._most) if self._most else (0,), max(self._most, 1))
        if self._days:
            self._points(painter, above)
            self._bars(painter, below)
            self._feet(painter, below)
        painter.end()

    def _frame(self, painter: QPainter, box: QRectF, title: str, ticks: Sequence[int], most: int) -> None:
        look = theme.current()
        painter.setPen(look.color("ink2"))
        painter.drawText(QPointF(16, box.top() - 13), title)
        for tick in ticks:
            y = round(box.bottom() - box.height() * tick / most) + 0.5
            painter.setPen(QPen(look.color("line" if tick else "edge"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(look.color("ink3"))
            painter.drawText(
                QRectF(0, y - 8, _LEFT - 8, 16), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(tick)
            )

    def _points(self, painter: QPainter, box: QRectF) -> None:
        look, last = theme.current(), None
        for at, one in enumerate(self._days):
            if one.complete is None:
                continue
            point = QPointF(self._middle(box, at), box.bottom() - box.height() * one.complete / 100)
            if last is not None:
                painter.setPen(QPen(look.color("ink2"), 1.5))
                painter.drawLine(last, point)
            last = point
        for at, one in enumerate(self._days):
            if one.complete is None:
                continue
            point = QPointF(self._middle(box, at), box.bottom() - box.height() * one.complete / 100)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ink"))
            painter.drawEllipse(point, _DOT, _DOT)
            # Near the top there is no room above the point.
            down = point.y() - box.top() < _HEAD - 4
            self._label(painter, point.x(), point.y() + (18 if down else -7), f"{one.complete:g}")

    def _bars(self, painter: QPainter, box: QRectF) -> None:
        look, wide = theme.current(), min(_WIDEST, box.width() / len(self._days) * _BAR)
        for at, one in enumerate(self._days):
            if not one.taken:
                continue
            x, tall = self._middle(box, at), box.height() * one.taken / self._most
            # The outline has the contrast that the fill lacks.
            painter.setPen(QPen(look.color("accent"), 1))
            painter.setBrush(look.color("accent_line"))
            painter.drawRect(QRectF(round(x - wide / 2) + 0.5, round(box.bottom() - tall) + 0.5, round(wide), round(tall)))
            if one.taken < self._most or len(self._days) <= _MOST_LABELS:
                self._label(painter, x, box.bottom() - tall - 4, str(one.taken))

    def _feet(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(theme.current().color("ink3"))
        metrics = QFontMetricsF(painter.font())
        every = max(1, -(-len(self._days) * int(metrics.horizontalAdvance("12-30") + 14) // max(1, int(box.width()))))
        for at in range(0, len(self._days), every):
            day = parse_day(self._days[at].day)
            words = f"{day.month}-{day.day:02}" if day else ""
            x = self._middle(box, at) - metrics.horizontalAdvance(words) / 2
            painter.drawText(QPointF(x, box.bottom() + 16), words)

    def _label(self, painter: QPainter, x: float, y: float, words: str) -> None:
        if len(self._days) > _MOST_LABELS:
            return
        painter.setPen(theme.current().color("ink"))
        painter.drawText(QPointF(x - QFontMetricsF(painter.font()).horizontalAdvance(words) / 2, y), words)

    def _middle(self, box: QRectF, at: int) -> float:
        return box.left() + box.width() * (at + 0.5) / len(self._days)


def said(shown: Board) -> str:
    """Return in words what the plots show."""
    whole = shown.whole
    if not shown.days:
        return ""
    first, last = _word(shown.days[0].day), _word(shown.days[-1].day)
    if not whole.taken:
        return f"{first}到 {last}没有受理的件"
    most = max(shown.days, key=lambda one: one.taken)
    told = [f"{first}到 {last}受理 {whole.taken} 件", f"最多的一天 {_word(most.day)}，{most.taken} 件"]
    if whole.complete is not None:
        told.append(f"一次办成 {whole.complete:g} %")
        worked = [one for one in shown.days if one.complete is not None]
        least = min(worked, key=lambda one: one.complete or 0)
        told.append(f"最低的一天 {_word(least.day)}，{least.complete:g} %")
    return "；".join(told)


def _word(text: str) -> str:
    day = parse_day(text)
    return f"{day.month} 月 {day.day} 日" if day else ""
