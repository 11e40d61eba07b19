"""Lists: one model, one delegate that paints a row from dicts, no widget in any row."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from app.ui import theme
from app.ui.kit.icons import pixmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent

Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole) + 1
KEY = int(Qt.ItemDataRole.UserRole) + 2
_PLENTY = 180  # logical px for the column without a width, before others grow
_AIR = 20


class Cell(TypedDict, total=False):
    """How one cell looks. Everything is optional.

    ``text``, ``sub`` (second line), ``icon`` (a Lucide name), ``tone`` (bad warn good open accent: colours icon and text),
    ``color`` / ``subcolor`` (tokens), ``medium`` (weight 500), ``serif``, ``right`` (aligned), ``mark`` / ``submark`` (pairs of
    start and length that get the marker ground: why a row was found).
    """

    text: str
    sub: str
    icon: str
    tone: str
    color: str
    subcolor: str
    medium: bool
    serif: bool
    right: bool
    mark: tuple[tuple[int, int], ...]
    submark: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and width in px; 0 for the one that takes what is left. ``most``: so far it grows for long words, where there is room."""

    title: str
    width: int = 0
    right: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a stable key that comes back in the table's signals, and a cell for each column (a str is its text)."""

    key: str
    cells: tuple[Cell | str, ...]

    def cell(self, at: int) -> Cell:
        """Return a cell as a dict."""
        cell = self.cells[at] if at < len(self.cells) else ""
        return Cell(text=cell) if isinstance(cell, str) else cell


class RowModel(QAbstractTableModel):
    """The rows of a list. When the keys stay the same only the touched rows are announced."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.lines: tuple[Line, ...] = ()

    def put(self, lines: Sequence[Line]) -> None:
        """Take these rows."""
        new = tuple(lines)
        for line in new:
            for at in range(len(line.cells)):
                cell = line.cell(at)
                theme.ensure_rare(cell.get("text", "") + cell.get("sub", ""))
        if [line.key for line in new] == [line.key for line in self.lines]:
            old, self.lines = self.lines, new
            for at, (before, after) in enumerate(zip(old, new, strict=True)):
                if before != after:
                    self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.lines = new
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the cell's dict, the row's key, or its words for screen readers and tests."""
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == KEY:
            return line.key
        cell = line.cell(index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.get("text", "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()].title} {cell.get('text', '')} {cell.get('sub', '')}".strip()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a column's title."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].right:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


@functools.lru_cache(maxsize=4096)
def _elided(text: str, family: str, pixels: int, weight: int, width: int) -> str:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


class RowDelegate(QStyledItemDelegate):
    """Paints a cell from its :class:`Cell`; the current row is tinted and has a bar at its left edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a size nobody asks for: rows are uniform, columns fixed."""
        del option, index
        return QSize(40, theme.current().size("row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        look = theme.current()
        cell = cast("Cell", index.data(CELL) or {})
        view = option.widget
        current = isinstance(view, QAbstractItemView) and view.currentIndex().row() == index.row()
        box: QRect = option.rect
        painter.save()
        # One pixel wider, or hairlines of the ground show between columns at fractional scales.
        painter.fillRect(box.adjusted(0, 0, 1, 0), look.color("accent_tint" if current else "sheet"))
        if current and index.column() == 0:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), look.color("accent"))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width() + 1, 1), look.color("line"))
        if current and isinstance(view, QWidget) and view.hasFocus():
            for edge in (box.top(), box.bottom() - 1):
                painter.fillRect(QRect(box.left(), edge, box.width() + 1, 2), look.color("focus"))
        inner = box.adjusted(16 if index.column() == 0 else 8, 0, -8, 0)
        tone = cell.get("tone", "")
        if name := cell.get("icon", ""):
            ratio = view.devicePixelRatioF() if isinstance(view, QWidget) else 1.0
            painter.drawPixmap(inner.left(), inner.center().y() - 7, pixmap(name, tone or "ink2", 16, ratio))
            inner = inner.adjusted(23, 0, 0, 0)
        self._words(painter, inner, cell, tone)
        painter.restore()

    def _words(self, painter: QPainter, box: QRect, cell: Cell, tone: str) -> None:
        look = theme.current()
        across = Qt.AlignmentFlag.AlignRight if cell.get("right") else Qt.AlignmentFlag.AlignLeft
        font = look.font(
            "h2" if cell.get("serif") else "body", medium=cell.get("medium", False), serif=cell.get("serif", False)
        )
        color = look.color(cell.get("color", tone or "ink"))
        text, sub = cell.get("text", ""), cell.get("sub", "")
        if not sub:
            _draw(painter, box, text, font, color, across | Qt.AlignmentFlag.AlignVCenter, cell.get("mark", ()))
            return
        middle = box.center().y()
        upper = QRect(box.left(), box.top(), box.width(), middle - box.top() + 2)
        lower = QRect(box.left(), middle + 3, box.width(), box.bottom() - middle - 3)
        _draw(painter, upper, text, font, color, across | Qt.AlignmentFlag.AlignBottom, cell.get("mark", ()))
        ink = look.color(cell.get("subcolor", "ink2"))
        _draw(painter, lower, sub, look.font("small"), ink, across | Qt.AlignmentFlag.AlignTop, cell.get("submark", ()))


def _draw(
    painter: QPainter,
    box: QRect,
    text: str,
    font: QFont,
    color: QColor,
    flags: Qt.AlignmentFlag,
    marks: tuple[tuple[int, int], ...],
) -> None:
    metrics = QFontMetrics(font)
    shown = _elided(text, font.families()[0], font.pixelSize(), font.weight(), box.width())
    if marks and not flags & Qt.AlignmentFlag.AlignRight:
        middle = metrics.boundingRect(box, int(flags), text).center().y()
        for start, length in marks:
            left = metrics.horizontalAdvance(shown[:start])
            width = metrics.horizontalAdvance(shown[start : start + length])
            height = metrics.ascent() - 1
            ground = QRectF(box.left() + left - 1, middle - height / 2, width + 2, height + 1)
            painter.fillRect(ground, theme.current().color("mark"))
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(box, int(flags), shown)


class ListTable(QTableView):
    """A list of two-line (54 px) or one-line (40 px) rows. ``name`` is its accessible name.

    Signals: ``selected(key)`` when another row became current ('' for none), ``opened(key)`` on Enter or double click.
    """

    selected = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str, columns: Sequence[Column], *, two_lines: bool = True) -> None:
        super().__init__()
        self._model = RowModel(columns)
        self._delegate = RowDelegate(self)
        self._said = ""
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(54 if two_lines else theme.current().size("row"))
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionsClickable(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setFixedHeight(32)
        across.setMinimumSectionSize(24)
        for at, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            across.setSectionResizeMode(at, mode)
            if column.width:
                self.setColumnWidth(at, column.width)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(KEY)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give long names and diseases room where there is some."""
        self._grow(event.size().width())
        super().resizeEvent(event)

    def _grow(self, room: int) -> None:
        columns = self._model.columns
        spare = max(0, room - _PLENTY - sum(one.width for one in columns))
        for at, one in enumerate(columns):
            if one.most:
                cells = [line.cell(at) for line in self._model.lines]
                texts = [text for cell in cells for text in (cell.get("text", ""), cell.get("sub", ""))]
                longest = max(texts, key=len, default="")
                metrics = QFontMetrics(theme.current().font("body", medium=True))
                needed = min(one.most, metrics.horizontalAdvance(longest) + _AIR)
                width = one.width + min(spare, max(0, needed - one.width))
                spare -= width - one.width
                if width != self.columnWidth(at):
                    self.setColumnWidth(at, width)

    def put(self, lines: Sequence[Line]) -> None:
        """Show these rows. The current row stays with its key; when it is gone, the row now in its place (or the last) is current."""
        key, at = self.current(), self.currentIndex().row()
        self._model.put(lines)
        self._grow(self.viewport().width())
        if self.current() != key or not key:
            keys = [line.key for line in self._model.lines]
            to = keys.index(key) if key in keys else min(max(at, 0), len(keys) - 1)
            self._select(to)
        self._tell()

    def lines(self) -> tuple[Line, ...]:
        """Return what is shown."""
        return self._model.lines

    def current(self) -> str:
        """Return the key of the current row, '' for none."""
        index = self.currentIndex()
        return str(index.data(KEY)) if index.isValid() else ""

    def set_current(self, key: str) -> bool:
        """Make the row with this key current; return whether it is there."""
        at = next((i for i, line in enumerate(self._model.lines) if line.key == key), -1)
        self._select(at)
        return at >= 0

    def step(self, by: int) -> None:
        """Move the current row, for a search field that keeps the focus."""
        last = len(self._model.lines) - 1
        if last >= 0:
            self._select(max(0, min(last, self.currentIndex().row() + by)))

    def open_current(self) -> bool:
        """Emit ``opened`` for the current row; return whether there is one."""
        key = self.current()
        if key:
            self.opened.emit(key)
        return bool(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter; letters belong to nobody here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.open_current()
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the focus also where there is no row to show it at."""
        super().paintEvent(event)
        if self.hasFocus() and not self.currentIndex().isValid():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme.current().color("focus"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by rows' pixels, and let nothing behind the list scroll."""
        super().wheelEvent(event)
        event.accept()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Repaint both whole rows and say which is current."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self._tell()

    def _select(self, at: int) -> None:
        if at < 0:
            self.setCurrentIndex(QModelIndex())
            return
        index = self._model.index(at, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _tell(self) -> None:
        key = self.current()
        if key != self._said:
            self._said = key
            self.selected.emit(key)
