"""A document camera for the demo: a specimen paper on a desk, seen from above, through the session of a real camera and without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter

from app.ui.case.camera_eye import SMALL
from app.ui.case.camera_feed import CameraFeed, CameraName

if TYPE_CHECKING:
    from pathlib import Path

_ID: Final = "specimen"
_DESK, _SHADOW = QColor(112, 90, 70), QColor(0, 0, 0, 60)
_HIGH: Final = 0.9
"""Of the picture's height that the paper takes."""
_TURNED: Final = -3.0
_FRAMES: Final = 6
"""So many are sent: a page that lies still for two more would be taken."""
_EVERY_MS: Final = 400


class _Frame:
    """A frame as the eye asks for it."""

    def __init__(self, image: QImage) -> None:
        self._image = image

    def toImage(self) -> QImage:  # noqa: N802 - Qt's name
        """Return the picture."""
        return self._image


class SpecimenCamera(CameraFeed):
    """Shows one paper that is being laid down: it lies still, and not yet long enough to be taken."""

    def __init__(self, parent: QObject, paper: Path) -> None:
        QObject.__init__(self, parent)  # a camera's own session needs Qt Multimedia
        self._frame = _Frame(on_a_desk(QImage(str(paper))))
        self._left = _FRAMES
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._send)

    def found(self) -> list[CameraName]:
        """Return the one there is."""
        return [CameraName(_ID, "样本高拍仪")]

    def open(self, id_: str = "") -> str:
        """Begin to show it."""
        del id_
        self._timer.start()
        return _ID

    def close(self) -> None:
        """Show nothing more."""
        self._timer.stop()

    @property
    def still(self) -> bool:
        """Whether every frame was sent."""
        return self._left == 0

    def _send(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._timer.stop()
        self.frame.emit(self._frame)


def on_a_desk(paper: QImage) -> QImage:
    """Return the paper on a desk, a little askew, as a document camera sees it."""
    seen = QImage(SMALL, QImage.Format.Format_RGB32)
    seen.fill(_DESK)
    # Made small first: a painter skips dots where it makes a picture this much smaller.
    sheet = paper.scaledToHeight(round(_HIGH * SMALL.height()), Qt.TransformationMode.SmoothTransformation)
    size = QRectF(sheet.rect())
    size.moveCenter(QPointF())
    painter = QPainter(seen)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(SMALL.width() / 2, SMALL.height() / 2)
    painter.rotate(_TURNED)
    painter.fillRect(size.translated(4, 5), _SHADOW)
    painter.drawImage(size, sheet)
    painter.end()
    return seen
