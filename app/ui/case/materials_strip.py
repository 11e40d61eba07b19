"""The strip of a slot's pages: thumbnails side by side, chosen by a click, put in another order by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import theme
from app.ui.kit.icons import pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from app.core.application import Page
    from app.ui.case.thumbs import ThumbStore

GAP = 8
_EMPTY = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class PagesModel(QAbstractListModel):
    """The pages of one paper, and behind them a place for the next one while pages are missing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.pages: tuple[Page, ...] = ()
        self.place = False

    def put(self, name: str, pages: tuple[Page, ...], *, place: bool) -> None:
        """Show these pages; a page that was only turned is repainted and nothing else moves."""
        same = [p.original for p in pages] == [p.original for p in self.pages] and place == self.place
        if same and name == self.name:
            changed = [at for at, page in enumerate(pages) if page != self.pages[at]]
            self.pages = pages
            for at in changed:
                self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.beginResetModel()
        self.name, self.pages, self.place = name, pages, place
        self.endResetModel()

    def rowCount(self, parent: _Index = _EMPTY) -> int:
        """Return the number of pages and places."""
        return 0 if parent.isValid() else len(self.pages) + self.place

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the word below a page, and its name for screen readers (出院小结 第 3 页)."""
        at = index.row()
        page = at < len(self.pages)
        if role == Qt.ItemDataRole.DisplayRole:
            return str(at + 1) if page else "文件"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.name} 第 {at + 1} 页" if page else f"{self.name} 放下一页"
        return None


class _Painter(QStyledItemDelegate):
    """Paints a page: its picture, its edge, the number below."""

    def __init__(self, strip: Strip, store: ThumbStore) -> None:
        super().__init__(strip)
        self._strip = strip
        self._store = store

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option, index
        return self._strip.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look = theme.current()
        strip, at = self._strip, index.row()
        rect = QRectF(option.rect)
        box = QRectF(rect.left() + 0.5, rect.top() + 0.5, look.size("thumb_w") - 1, look.size("thumb_h") - 19)
        strong = at == strip.current
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page = at < len(strip.pages.pages)
        ratio = strip.devicePixelRatioF()
        if page:
            painter.fillRect(box, look.color("sunken"))
            shown = strip.pages.pages[at]
            picture = self._store.picture(shown.original, shown.turn, ratio)
            if picture is not None:
                size = picture.deviceIndependentSize()
                middle = box.center()
                painter.drawPixmap(QPointF(middle.x() - size.width() / 2, middle.y() - size.height() / 2), picture)
            painter.setPen(QPen(look.color("focus" if strong else "line2"), 2 if strong else 1))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if strong else box)
        else:
            painter.setPen(QPen(look.color("edge"), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(box, 3, 3)
            mark = pixmap("upload", "ink2", 18, ratio)
            painter.drawPixmap(QPointF(box.center().x() - 9, box.center().y() - 9), mark)
        if strip.target == at:
            painter.fillRect(QRectF(rect.left() - GAP / 2 - 1.5, box.top(), 3, box.height()), look.color("accent"))
        painter.setPen(look.color("ink2" if strong or not page else "ink3"))
        painter.setFont(look.font("cap", medium=strong))
        below = QRectF(box.left() - 4, rect.top() + look.size("thumb_h") - 17, box.width() + 8, 17)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()


def cell() -> QSize:
    """Return the room of one thumbnail with the gap behind and below it."""
    size = theme.current().sizes
    return QSize(size["thumb_w"] + GAP, size["thumb_h"] + GAP)


class Strip(QListView):
    """Pages side by side, in rows when they are many, ``rows`` at most in sight.

    Signals: ``chosen(index)`` by a click, ``moved(index, to)`` by dragging, ``asked()`` when the empty place was clicked. It never
    takes the focus: its slot has the keys.
    """

    chosen = Signal(int)
    moved = Signal(int, int)
    asked = Signal()

    def __init__(self, store: ThumbStore) -> None:
        super().__init__()
        self.pages = PagesModel(self)
        self.current = -1
        self.target = -1
        self.movable = True
        self._hint = cell()
        self._pressed: tuple[int, QPointF] | None = None
        self._room, self._columns, self._rows = 4 * cell().width() + 1, 4, 2
        self.setModel(self.pages)
        self.setItemDelegate(_Painter(self, store))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(cell())
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(cell().width())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAcceptDrops(False)
        store.ready.connect(self._ready)

    def put(self, name: str, pages: tuple[Page, ...], *, place: bool) -> None:
        """Show these pages, and behind them a place for the next when ``place``."""
        if (name, pages, place) != (self.pages.name, self.pages.pages, self.pages.place):
            self.setAccessibleName(f"{name} {len(pages)} 页")
            self.pages.put(name, pages, place=place)
            self.fit(self._room, self._rows)

    def fit(self, width: int, rows: int) -> None:
        """Take so much width and so many rows at most; more pages than that scroll inside."""
        self._room, self._rows = width, rows
        self._columns = max(1, (width - 1) // cell().width())
        if self.pages.rowCount() > self._columns * rows:
            self._columns = max(1, (width - 1 - self.verticalScrollBar().sizeHint().width()) // cell().width())
        count = self.pages.rowCount()
        wide = min(count, self._columns)
        high = -(-count // self._columns)
        bar = self.verticalScrollBar().sizeHint().width() if high > rows else 0
        shown = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if bar else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(shown)
        size = cell() if high > 1 else cell() - QSize(0, GAP)
        self.setGridSize(size)
        # One pixel more than the grid: at fractional scales an exact fit drops the last column. Only the height is fixed: a width that
        # holds its slot open would never be measured again when a scroll bar takes some of it.
        self._hint = QSize(wide * size.width() + bar + 1, max(1, min(high, rows)) * size.height())
        self.setMaximumWidth(self._hint.width())
        self.setFixedHeight(self._hint.height())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size that shows all columns and rows that were granted."""
        return self._hint

    def set_current(self, index: int) -> None:
        """Mark the page that the viewer shows and bring it into sight."""
        if index == self.current:
            return
        for at in (self.current, index):
            if 0 <= at < self.pages.rowCount():
                self.update(self.pages.index(at))
        self.current = index
        if 0 <= index < self.pages.rowCount():
            self.setCurrentIndex(self.pages.index(index))
            self.scrollTo(self.pages.index(index))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a page; it may become a drag."""
        at = self.indexAt(event.position().toPoint()).row()
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(self.pages.pages):
            self._pressed = (at, event.position())
            self.chosen.emit(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where the page would go."""
        if self._pressed is None or not self.movable:
            return
        if self.target < 0 and (event.position() - self._pressed[1]).manhattanLength() < GAP:
            return
        self._aim(self._place(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Move the page, or ask for a file where the place for the next one is."""
        pressed, target = self._pressed, self.target
        self._pressed = None
        self._aim(-1)
        at = self.indexAt(event.position().toPoint()).row()
        if pressed is not None and target >= 0:
            to = target - (target > pressed[0])
            if to != pressed[0]:
                self.moved.emit(pressed[0], to)
        elif pressed is None and at >= 0 and at == len(self.pages.pages):
            self.asked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Count as a press."""
        self.mousePressEvent(event)

    def _place(self, point: QPointF) -> int:
        """Return before which page a point stands, from 0 to the number of pages."""
        size = self.gridSize()
        count = len(self.pages.pages)
        across = max(0, min(self._columns, round(point.x() / size.width())))
        down = max(0, int((point.y() + self.verticalOffset()) // size.height()))
        return min(count, down * self._columns + across)

    def _aim(self, target: int) -> None:
        if target != self.target:
            self.target = target
            self.viewport().update()

    def _ready(self, original: str) -> None:
        for at, page in enumerate(self.pages.pages):
            if page.original == original:
                self.update(self.pages.index(at))
