"""The page in the viewer: one picture per zoom step, dragged with the mouse, decoded no larger than it is shown, what is wrong boxed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.core.quality import turned
from app.ui import theme
from app.ui.case.materials_marks import boxed
from app.ui.case.thumbs import decode
from app.ui.kit.icons import pixmap
from app.ui.kit.layouts import restyle

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent

    from app.ui.case.materials_marks import PageMark

STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
"""Zoom relative to the width of the viewer."""

FIT = STEPS.index(1.0)
MARGIN = 12
SHARPEN_MS = 120
TALLEST = 8
"""A page is never looked at taller than so many times its width."""
_A4 = 297 / 210
_TAG = 24
_INSET = 5


class _Paper(QWidget):
    """Paints the picture at the size of the zoom step, an older rendering stretched until the sharp one is there.

    ``mark`` is boxed on it where imaging saw it, on the page turned clockwise by ``turn``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.picture = QPixmap()
        self.room = QRectF()
        self.mark: PageMark | None = None
        self.turn = 0

    def boxes(self) -> list[QRectF]:
        """Return where the boxes are, in this widget; one inside the page's edge when it is about the whole page."""
        if self.mark is None or self.room.isEmpty():
            return []
        room, found = self.room, []
        for spot in self.mark.spots:
            if boxed(spot):
                at = turned(spot, self.turn)
                found.append(
                    QRectF(
                        room.left() + at.left * room.width(),
                        room.top() + at.top * room.height(),
                        at.width * room.width(),
                        at.height * room.height(),
                    )
                )
        return found or [room.adjusted(_INSET, _INSET, -_INSET, -_INSET)]

    def _paint_boxes(self, painter: QPainter) -> None:
        boxes = self.boxes()
        if self.mark is None or not boxes:
            return
        look = theme.current()
        ink = look.color(self.mark.tone)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(ink, 2, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        for box in boxes:
            painter.drawRoundedRect(box, 3, 3)
        font = look.font("small", medium=True)
        wide = QFontMetrics(font).horizontalAdvance(self.mark.word) + 38
        first = boxes[0]
        # Below the box; inside it where there is no page below; at the top, where one looks first, for the whole page.
        top = first.bottom() + 4 if first.bottom() + 4 + _TAG <= self.room.bottom() else first.bottom() - _TAG - 4
        if not any(boxed(spot) for spot in self.mark.spots):
            top = first.top() + 4
        left = max(self.room.left() + _INSET, min(first.left() + (4 if top < first.bottom() else 0), self.room.right() - wide))
        tag = QRectF(left, top, wide, _TAG)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(tag, 3, 3)
        icon = pixmap(theme.TONE_ICONS[self.mark.tone], "on_accent", 14, self.devicePixelRatioF(), 2.2)
        painter.drawPixmap(QPointF(tag.left() + 8, tag.top() + 5), icon)
        painter.setPen(look.color("on_accent"))
        painter.setFont(font)
        painter.drawText(tag.adjusted(28, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.mark.word)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        look = theme.current()
        if self.room.isEmpty():
            return
        painter.fillRect(self.room, look.color("sheet"))
        if not self.picture.isNull():
            exact = self.picture.deviceIndependentSize().toSize() == self.room.size().toSize()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not exact)
            painter.drawPixmap(self.room, self.picture, QRectF(self.picture.rect()))
        painter.setPen(look.color("line2"))
        painter.drawRect(self.room.adjusted(-0.5, -0.5, -0.5, -0.5))
        self._paint_boxes(painter)


class Sheet(QScrollArea):
    """One page, scrolled and zoomed. ``zoomed()`` when the step changed; ``bytes_wanted()`` when what was drawn elsewhere does no more."""

    accessible_role = "Graphic"
    zoomed = Signal()
    bytes_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "desk")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._paper = _Paper()
        self.setWidget(self._paper)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        palette = self.viewport().palette()
        palette.setColor(self.viewport().backgroundRole(), theme.current().color("sunken"))
        self.viewport().setPalette(palette)
        self.viewport().setAutoFillBackground(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        # Always there, so that its coming and going never changes the width that the page is fitted to.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        down = self.verticalScrollBar()
        down.setProperty("idle", True)
        down.rangeChanged.connect(lambda _least, most: restyle(down, idle=most == 0))
        self._data = b""
        self._drawn: QImage | None = None
        self._turn = 0
        self._step = FIT
        self._drag: tuple[QPoint, QPoint] | None = None
        self._sharpen = QTimer(self)
        self._sharpen.setSingleShot(True)
        self._sharpen.setInterval(SHARPEN_MS)
        self._sharpen.timeout.connect(self._look_again)
        self._drawn_for = 0

    @property
    def zoom(self) -> float:
        """The zoom relative to the viewer's width."""
        return STEPS[self._step]

    def show_bytes(self, data: bytes, turn: int, drawn: QImage | None = None) -> None:
        """Show a page from the bytes of its preview, turned clockwise; ``drawn``: the same already decoded and turned, so that nobody waits.

        Beside what is drawn the bytes may be empty: they are asked for once the page is looked at in another width.
        """
        before = (self._data, self._turn, None if data else self._drawn)
        if (data, turn, None if data else drawn) == before and not self._paper.picture.isNull():
            return
        self._data, self._turn, self._drawn = data, turn % 360, drawn
        self._render(drawn)
        self._jump()

    def take_bytes(self, data: bytes) -> None:
        """Take the bytes of the page that is shown without them and draw it as it is looked at; nothing is scrolled."""
        if not self._data and self._drawn is not None:
            self._data = data
            self._render()

    def wanted(self) -> int:
        """Return how many device pixels wide a page is looked at now."""
        return max(1, round(self._width() * self.devicePixelRatioF()))

    def show_placeholder(self, picture: QPixmap | None) -> None:
        """Show a small picture large until the preview comes; None shows empty paper."""
        self._data, self._turn, self._drawn = b"", 0, None
        self._paper.picture = picture or QPixmap()
        self._lay_out()
        self._jump()

    def show_mark(self, mark: PageMark | None, turn: int) -> None:
        """Box what is wrong with the page, turned clockwise, and bring it into sight; None for nothing."""
        if (mark, turn) != (self._paper.mark, self._paper.turn):
            found = mark is not None and mark != self._paper.mark
            self._paper.mark, self._paper.turn = mark, turn % 360
            self._paper.update()
            if found:
                self._jump()

    def boxes(self) -> list[QRectF]:
        """Return the boxes drawn, in the scrolled paper's logical pixels."""
        return self._paper.boxes()

    def zoom_by(self, steps: int) -> None:
        """Go so many zoom steps in or out; what was in the middle stays there."""
        to = max(0, min(len(STEPS) - 1, self._step + steps))
        if to != self._step:
            bars = (self.horizontalScrollBar(), self.verticalScrollBar())
            middles = [(bar.value() + bar.pageStep() / 2) / max(1, bar.maximum() + bar.pageStep()) for bar in bars]
            self._step = to
            self._lay_out()
            for bar, middle in zip(bars, middles, strict=True):
                bar.setValue(round(middle * (bar.maximum() + bar.pageStep()) - bar.pageStep() / 2))
            self._sharpen.start()
            self.zoomed.emit()

    def zoom_fit(self) -> None:
        """Fit the width again."""
        self.zoom_by(FIT - self._step)

    def picture_size(self) -> QSize:
        """Return the size of the page on the screen, in logical pixels."""
        return self._paper.room.size().toSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, sharply a little later."""
        super().resizeEvent(event)
        self._lay_out()
        self._sharpen.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was not decoded while nobody looked."""
        super().showEvent(event)
        self._sharpen.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the page."""
        if event.button() == Qt.MouseButton.LeftButton:
            at = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
            self._drag = (event.position().toPoint(), at)
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the page under the hand."""
        if self._drag is not None:
            to = self._drag[1] - (event.position().toPoint() - self._drag[0])
            self.horizontalScrollBar().setValue(to.x())
            self.verticalScrollBar().setValue(to.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._drag = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def _look_again(self) -> None:
        """Decode once more where the page is looked at in another width than it was decoded for, and only while it is looked at."""
        if self.isVisible() and self.wanted() != self._drawn_for:
            if self._data:
                self._render()
            elif self._drawn is not None:
                self.bytes_wanted.emit()

    def _render(self, drawn: QImage | None = None) -> None:
        if drawn is None and not self._data:
            return
        width = self.wanted()
        image = decode(self._data, width, width * TALLEST, self._turn) if drawn is None else drawn
        # What was drawn elsewhere may have been asked for before the page was looked at larger.
        self._drawn_for = width if drawn is None or drawn.width() >= width else 0
        if not self._drawn_for:
            self._sharpen.start()
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._paper.picture = picture
        self._lay_out()

    def _jump(self) -> None:
        """Put the first box into the middle of what is seen; without a place on the page, show its top."""
        mark = self._paper.mark
        boxes = self._paper.boxes() if mark is not None and any(boxed(spot) for spot in mark.spots) else []
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        bar.setValue(round(boxes[0].center().y() - self.viewport().height() / 2) if boxes else 0)
        if boxes:
            across.setValue(round(boxes[0].center().x() - self.viewport().width() / 2))

    def _width(self) -> float:
        return max(40.0, (self.viewport().width() - 2 * MARGIN) * self.zoom)

    def _lay_out(self) -> None:
        picture = self._paper.picture
        width = self._width()
        height = width * (_A4 if picture.isNull() else picture.height() / picture.width())
        whole = QSize(max(self.viewport().width(), round(width) + 2 * MARGIN), round(height) + 2 * MARGIN)
        self._paper.resize(whole.expandedTo(self.viewport().size()))
        self._paper.room = QRectF(round((self._paper.width() - width) / 2), MARGIN, round(width), round(height))
        self._paper.update()
