"""Looks at live pictures on a thread of its own: the newest one is turned into something to show and to find the page in, the rest are dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.quality import Outline

SMALL = QSize(1280, 720)
"""What the page is looked for in, and what is shown: no live picture is larger than this."""

_QUALITY = 95
"""Of the JPEG that is passed on; it is decoded and judged at once."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One picture as it is shown, and the corners of the page in it."""

    image: QImage
    outline: Outline


class CameraEye(QObject):
    """``outline(width, height, bgra)`` finds the page (:meth:`app.services.ports.Imaging.outline`).

    Signals: ``seen(Sight)`` for each picture that was looked at; ``shot(bytes)`` with a whole picture as JPEG after :meth:`shoot`;
    ``failed(Exception)`` when looking met a bug.
    """

    seen = Signal(object)
    shot = Signal(bytes)
    failed = Signal(object)
    _done = Signal(object)

    def __init__(self, outline: Callable[[int, int, bytes], Outline], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._outline = outline
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._busy = False
        self._next: Any = None
        self._last: Any = None
        self._closed = False
        self.dropped = 0
        # From the pool's thread to this one.
        self._done.connect(self._finish)

    def look(self, frame: Any) -> None:
        """Take a video frame; it is looked at when the one before is done with, unless a newer one came."""
        if self._closed:
            return
        if self._busy:
            self.dropped += self._next is not None
            self._next = frame
            return
        self._busy = True
        self._last = frame
        self._pool.start(lambda: self._done.emit(self._sight(frame)))

    def shoot(self) -> bool:
        """Pass on the newest picture, whole. False while there is none."""
        frame = self._next or self._last
        if frame is None or self._closed:
            return False
        self._pool.start(lambda: self.shot.emit(_jpeg(frame)))
        return True

    def close(self) -> None:
        """Look no more, and wait for what is being looked at."""
        self._closed = True
        self._next = self._last = None
        self._pool.clear()
        self._pool.waitForDone(2000)

    def _sight(self, frame: Any) -> Sight | Exception:
        try:
            image = frame.toImage()
            if image.width() > SMALL.width() or image.height() > SMALL.height():
                image = image.scaled(SMALL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation)
            # On every machine this runs on, the bytes of RGB32 are blue, green, red and nothing, rows without gaps.
            image = image.convertToFormat(QImage.Format.Format_RGB32)
            outline = self._outline(image.width(), image.height(), bytes(image.constBits())) if not image.isNull() else ()
        except Exception as error:  # noqa: BLE001  # a thread's bug must reach the crash dialog
            return error
        return Sight(image, outline)

    def _finish(self, result: Sight | Exception) -> None:
        self._busy = False
        if self._closed:
            return
        if isinstance(result, Sight):
            self.seen.emit(result)
        else:
            self.failed.emit(result)
        following, self._next = self._next, None
        if following is not None:
            self.look(following)


def _jpeg(frame: Any) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    frame.toImage().save(buffer, "JPG", _QUALITY)
    return bytes(buffer.data().data())
