"""Paints one page of a strip: its picture, its edge, the number below, and the corner and word of what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPixmapCache
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.ui import theme
from app.ui.kit.icons import pixmap

if TYPE_CHECKING:
    from app.ui.case.materials_strip import Strip
    from app.ui.case.thumbs import ThumbStore

GAP = 8
CORNER = 18
_MARGIN = 4
"""A word may be a little wider than its page."""

_Index = QModelIndex | QPersistentModelIndex


class ThumbPainter(QStyledItemDelegate):
    """The delegate of a strip. Some dozen thumbnails are painted in each frame, so each is a finished tile that is only copied."""

    def __init__(self, strip: Strip, store: ThumbStore) -> None:
        super().__init__(strip)
        self._strip = strip
        self._store = store
        look = theme.current()
        self._fonts = {strong: look.font("cap", medium=strong) for strong in (False, True)}
        self._inks = {
            name: look.color(name)
            for name in ("sunken", "focus", "line2", "edge", "accent", "sheet", "ink2", "ink3", "bad", "warn")
        }
        self._wide, self._high = look.size("thumb_w"), look.size("thumb_h")
        self._box = QRectF(0.5, 0.5, self._wide - 1, self._high - 19)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the strip's grid."""
        del option, index
        return self._strip.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one page, or the place for the next one."""
        strip, at = self._strip, index.row()
        model = strip.pages
        corner = option.rect.topLeft()
        if at < len(model.pages):
            painter.drawPixmap(corner.x() - _MARGIN, corner.y(), self._tile(at))
        else:
            painter.save()
            self._place(painter, QPointF(corner), str(model.index(at).data()))
            painter.restore()
        if strip.target == at:
            painter.fillRect(QRectF(corner.x() - GAP / 2 - 1.5, corner.y(), 3, self._high - 18), self._inks["accent"])

    def _tile(self, at: int) -> QPixmap:
        """Return a page as it is painted: made once for each way it can look."""
        strip = self._strip
        model, ratio, strong = strip.pages, strip.devicePixelRatioF(), at == strip.current
        page, mark, word = model.pages[at], model.marks[at], model.word(at)
        picture = self._store.picture(page.original, page.turn, ratio)
        tone = mark.tone if mark is not None else ""
        key = f"tile/{page.original}/{page.turn}/{ratio}/{strong}/{tone}/{word}/{picture is not None}"
        tile = QPixmap()
        if QPixmapCache.find(key, tile):
            return tile
        tile = QPixmap(QSize(round((self._wide + 2 * _MARGIN) * ratio), round(self._high * ratio)))
        tile.setDevicePixelRatio(ratio)
        tile.fill(self._inks["sheet"])
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(_MARGIN, 0)
        self._page(painter, picture, tone, ratio, strong=strong)
        self._word(painter, QPointF(), word, tone or ("ink2" if strong else "ink3"), strong=strong or bool(tone))
        painter.end()
        QPixmapCache.insert(key, tile)
        return tile

    def _page(self, painter: QPainter, picture: QPixmap | None, tone: str, ratio: float, *, strong: bool) -> None:
        inks, box = self._inks, self._box
        painter.fillRect(box, inks["sunken"])
        if picture is not None:
            size = picture.deviceIndependentSize()
            middle = box.center()
            painter.drawPixmap(QPointF(middle.x() - size.width() / 2, middle.y() - size.height() / 2), picture)
        if tone:
            corner = QRectF(box.right() - CORNER, box.bottom() - CORNER, CORNER, CORNER)
            painter.fillRect(corner, inks[tone])
            icon = pixmap(theme.TONE_ICONS[tone], "on_accent", 12, ratio, 2.2)
            painter.drawPixmap(QPointF(corner.left() + 3, corner.top() + 3), icon)
        wide = strong or bool(tone)
        painter.setPen(QPen(inks["focus" if strong else tone or "line2"], 2 if wide else 1))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if wide else box)

    def _place(self, painter: QPainter, corner: QPointF, word: str) -> None:
        """Paint the place for the next page."""
        box = self._box.translated(corner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._inks["edge"], 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box, 3, 3)
        icon = pixmap("scan-line" if self._strip.scans else "upload", "ink2", CORNER, self._strip.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.center().x() - 9, box.center().y() - 9), icon)
        self._word(painter, corner, word, "ink2", strong=False)

    def _word(self, painter: QPainter, corner: QPointF, word: str, ink: str, *, strong: bool) -> None:
        painter.setPen(self._inks[ink])
        painter.setFont(self._fonts[strong])
        below = QRectF(corner.x() - _MARGIN, corner.y() + self._high - 17, self._wide + 2 * _MARGIN, 17)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, word)
