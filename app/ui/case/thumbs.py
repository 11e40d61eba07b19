"""Small pictures of pages: asked for and decoded when they come into sight, a few milliseconds at a time, never all at once."""

from __future__ import annotations

import time

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap, QPixmapCache, QTransform

from app.ui import theme

CACHE_KB = 32 * 1024
_BUDGET_S = 0.006
_WORTH_SCALING = 0.5


def decode(data: bytes, width: int, height: int, turn: int = 0, *, exact: bool = False) -> QImage:
    """Return a picture turned clockwise by ``turn`` and no larger than needed for this many device pixels.

    It is fitted when that is much smaller than the picture, which is quicker than decoding all of it, or when ``exact``; otherwise it
    stays as it is and is scaled when painted. A null image when it cannot be read.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if size.isValid():
        room = QSize(height, width) if turn % 180 else QSize(width, height)
        fitted = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        if exact or fitted.width() < _WORTH_SCALING * size.width():
            reader.setScaledSize(fitted)
    image = reader.read()
    return image.transformed(QTransform().rotate(turn)) if turn and not image.isNull() else image


class ThumbStore(QObject):
    """Small pictures by the id of their original. ``wanted(ids)`` asks for bytes, ``ready(id)`` says that one can be painted now."""

    wanted = Signal(list)
    ready = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QPixmapCache.setCacheLimit(CACHE_KB)
        self._data: dict[str, bytes] = {}
        self._asked: set[str] = set()
        self._ask: list[str] = []
        self._waiting: dict[tuple[str, int, float], None] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._work)

    def put(self, original: str, jpeg: bytes) -> None:
        """Take the bytes of one picture."""
        if self._data.get(original) != jpeg:
            self._data[original] = jpeg
            self.ready.emit(original)

    def clear(self) -> None:
        """Forget everything: another case is on the counter."""
        self._data.clear()
        self._asked.clear()
        self._ask.clear()
        self._waiting.clear()
        QPixmapCache.clear()

    def picture(self, original: str, turn: int, ratio: float) -> QPixmap | None:
        """Return a page's picture if it is decoded; otherwise it is on its way and None is a placeholder."""
        found = QPixmap()
        if QPixmapCache.find(_key(original, turn, ratio), found):
            return found
        if original in self._data:
            self._waiting[original, turn, ratio] = None
            self._timer.start()
        elif original not in self._asked:
            self._asked.add(original)
            self._ask.append(original)
            self._timer.start()
        return None

    def _work(self) -> None:
        """Decode for a few milliseconds, the rest next time round."""
        if self._ask:
            asked, self._ask = self._ask, []
            self.wanted.emit(asked)
        end = time.monotonic() + _BUDGET_S
        size = theme.current().sizes
        while self._waiting and time.monotonic() < end:
            original, turn, ratio = next(iter(self._waiting))
            del self._waiting[original, turn, ratio]
            width, height = round((size["thumb_w"] - 5) * ratio), round((size["thumb_h"] - 24) * ratio)
            image = decode(self._data.get(original, b""), width, height, turn, exact=True)
            if image.isNull():
                continue
            made = QPixmap.fromImage(image)
            made.setDevicePixelRatio(ratio)
            QPixmapCache.insert(_key(original, turn, ratio), made)
            self.ready.emit(original)
        if self._waiting:
            self._timer.start()


def _key(original: str, turn: int, ratio: float) -> str:
    return f"thumb/{original}/{turn}/{ratio}"
