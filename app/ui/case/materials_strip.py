"""The strip of a slot's pages: thumbnails side by side, chosen by a click, put in another order by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy

from app.ui import theme
from app.ui.case.materials_thumb import GAP, ThumbPainter

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.core.application import Page
    from app.ui.case.materials_marks import PageMark
    from app.ui.case.thumbs import ThumbStore

_EMPTY = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_SHORT = 3


class PagesModel(QAbstractListModel):
    """The pages of one paper, and behind them a place for the next one while pages are missing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.pages: tuple[Page, ...] = ()
        self.marks: tuple[PageMark | None, ...] = ()
        self.place = False
        self.place_word = "文件"

    def put(self, name: str, pages: tuple[Page, ...], marks: tuple[PageMark | None, ...], *, place: bool) -> None:
        """Show these pages; what was only turned or judged anew is repainted, what came behind is put behind, nothing else moves."""
        old, now = [p.original for p in self.pages], [p.original for p in pages]
        if name == self.name and place == self.place and now[: len(old)] == old:
            before = tuple(zip(self.pages, self.marks, strict=True))
            if len(now) > len(old):
                self.beginInsertRows(_EMPTY, len(old), len(now) - 1)
            self.pages, self.marks = pages, marks
            if len(now) > len(old):
                self.endInsertRows()
            for at, was in enumerate(before):
                if was != (pages[at], marks[at]):
                    self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.beginResetModel()
        self.name, self.pages, self.marks, self.place = name, pages, marks, place
        self.endResetModel()

    def row_of(self, original: str) -> int:
        """Return where a page stands, -1 when it is not here."""
        return next((at for at, page in enumerate(self.pages) if page.original == original), -1)

    def say_place(self, word: str) -> None:
        """Say what stands under the place for the next page."""
        if word != self.place_word:
            self.place_word = word
            if self.place:
                self.dataChanged.emit(self.index(len(self.pages)), self.index(len(self.pages)))

    def rowCount(self, parent: _Index = _EMPTY) -> int:
        """Return the number of pages and places."""
        return 0 if parent.isValid() else len(self.pages) + self.place

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the word below a page, and its name for screen readers (出院小结 第 3 页)."""
        at = index.row()
        page = at < len(self.pages)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.word(at) if page else self.place_word
        if role == Qt.ItemDataRole.AccessibleTextRole:
            mark = self.marks[at] if page else None
            said = f" {mark.word}" if mark is not None else ""
            return f"{self.name} 第 {at + 1} 页{said}" if page else f"{self.name} 放下一页"
        return None

    def word(self, at: int) -> str:
        """Return a page's number, with the word of what is wrong with it; a paper's only page needs no number beside the word."""
        mark = self.marks[at]
        if mark is None:
            return str(at + 1)
        return mark.word if len(self.pages) == 1 or len(mark.word) > _SHORT else f"{at + 1} {mark.word}"


def cell() -> QSize:
    """Return the room of one thumbnail with the gap behind and below it."""
    size = theme.current().sizes
    return QSize(size["thumb_w"] + GAP, size["thumb_h"] + GAP)


class Strip(QListView):
    """Pages side by side, in rows when they are many, ``rows`` at most in sight. ``scans``: the next page comes from the scanner.

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
        self.scans = False
        self._fitted = False
        self._hint = cell()
        self._pressed: tuple[int, QPointF] | None = None
        self._room, self._columns, self._rows = 4 * cell().width() + 1, 4, 2
        self.setModel(self.pages)
        self.setItemDelegate(ThumbPainter(self, store))
        self.setFrameShape(QListView.Shape.NoFrame)
        # It paints its own ground, or every frame would paint the slot and the list below it as well.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._ground = theme.current().color("sheet")
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

    def put(self, name: str, pages: tuple[Page, ...], marks: tuple[PageMark | None, ...], *, place: bool) -> None:
        """Show these pages and what is wrong with each, and behind them a place for the next when ``place``."""
        shown = self.pages
        if (name, pages, marks, place) != (shown.name, shown.pages, shown.marks, shown.place):
            count = shown.rowCount()
            self.setAccessibleName(f"{name} {len(pages)} 页")
            shown.put(name, pages, marks, place=place)
            if shown.rowCount() != count or not self._fitted:
                self.fit(self._room, self._rows)

    def fit(self, width: int, rows: int) -> None:
        """Take so much width and so many rows at most; more pages than that scroll inside."""
        self._fitted = True
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of a slot, and the pages on it."""
        QPainter(self.viewport()).fillRect(event.rect(), self._ground)
        super().paintEvent(event)

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
        at = self.pages.row_of(original)
        if at >= 0:
            self.update(self.pages.index(at))
