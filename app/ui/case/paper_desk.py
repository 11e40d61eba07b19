"""The desk a page of paper lies on: paints one picture, scrolls it, and keeps it while a sharper one is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent, QWheelEvent

A4_INCHES = 210 / 25.4
A4_ASPECT = 297 / 210
MARGIN = 14
_LINE = 60
_BAR = 10
_LEGIBLE = 0.85
"""How much narrower than the desk a page may be shown so that the whole of it is in sight."""


class PaperDesk(QAbstractScrollArea):
    """One page of paper, ``zoom`` times as wide as the desk, or as high where that is nearly as wide: then the whole page is in sight.

    Signals: ``zoomed(steps)`` when Ctrl and the wheel were turned; ``room_changed()`` when the page should be drawn at another size.
    """

    zoomed = Signal(int)
    room_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._image = QImage()
        self._aspect = A4_ASPECT
        self._zoom = 1.0
        self.verticalScrollBar().setSingleStep(_LINE)
        self.horizontalScrollBar().setSingleStep(_LINE)

    def put(self, image: QImage) -> None:
        """Show a picture of the page; a null one shows the bare sheet."""
        self._image = image
        if not image.isNull():
            self._aspect = image.height() / image.width()
        self._lay_out()
        self.viewport().update()

    def set_zoom(self, zoom: float) -> None:
        """Show the page ``zoom`` times as wide as the desk; the middle of what is seen stays in the middle."""
        if zoom == self._zoom:
            return
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        at = [(bar.value() + bar.pageStep() / 2) / max(1, bar.maximum() + bar.pageStep()) for bar in bars]
        self._zoom = zoom
        self._lay_out()
        for bar, share in zip(bars, at, strict=True):
            bar.setValue(round(share * (bar.maximum() + bar.pageStep()) - bar.pageStep() / 2))
        self.viewport().update()

    def to_top(self) -> None:
        """Show the top of the page."""
        self.verticalScrollBar().setValue(0)

    def page_width(self) -> float:
        """Return the page's width in logical pixels."""
        return self._page().width()

    def image(self) -> QImage:
        """Return the picture shown, null while there is none."""
        return self._image

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the page as wide as the desk."""
        del event
        self._lay_out()
        self.room_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the desk and the part of the page that is in sight."""
        tokens = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), tokens.color("sunken"))
        page = self._place()
        painter.fillRect(page, tokens.color("sheet"))
        if not self._image.isNull():
            ratio = self.devicePixelRatioF()
            sharp = abs(self._image.width() - page.width() * ratio) <= 1 + ratio
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=not sharp)
            if sharp:
                # Pixel for pixel: stretching by one pixel would blur every hairline of the form.
                self._image.setDevicePixelRatio(ratio)
                painter.setClipRect(page)
                painter.drawImage(page.topLeft(), self._image)
                painter.setClipping(False)
            else:
                painter.drawImage(QRectF(page), self._image, QRectF(0, 0, self._image.width(), self._image.height()))
        painter.setPen(tokens.color("line2"))
        painter.drawRect(page.adjusted(-1, -1, 0, 0))

    def _page(self) -> QSizeF:
        # The scroll bar's place is kept free, or its coming and going would change the width that makes it come and go.
        wide = float(self.width() - _BAR - 2 * MARGIN)
        whole = (self.height() - 2 * MARGIN) / self._aspect
        width = max(40.0, (whole if wide * _LEGIBLE <= whole < wide else wide) * self._zoom)
        return QSizeF(width, width * self._aspect)

    def _place(self) -> QRect:
        size, view = self._page().toSize(), self.viewport().size()
        left = max(MARGIN, (view.width() - size.width()) // 2) - self.horizontalScrollBar().value()
        return QRect(left, MARGIN - self.verticalScrollBar().value(), size.width(), size.height())

    def _lay_out(self) -> None:
        size, view = self._page().toSize(), self.viewport().size()
        for bar, whole, seen in (
            (self.horizontalScrollBar(), size.width(), view.width()),
            (self.verticalScrollBar(), size.height(), view.height()),
        ):
            bar.setPageStep(seen)
            bar.setRange(0, max(0, whole + 2 * MARGIN - seen))
