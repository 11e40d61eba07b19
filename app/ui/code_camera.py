"""A receipt held under the document camera: its code opens its case. The camera is opened for this and let go with the dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from app.ui.kit import Dialog, Text, column

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from app.ui.case.camera_eye import CameraEye, Sight
    from app.ui.case.camera_feed import CameraFeed
    from app.ui.lane import Lane

NO_MULTIMEDIA = "这台电脑用不了高拍仪。用扫码枪扫回执，或键入编号"
_EVERY = 500
"""ms between two looks for a code; a look takes the local lane about 100 ms."""
_WIDE = 760


class CodeDialog(Dialog):
    """The live picture. ``read(acceptance number)`` once a code was read; it closes itself then."""

    read = Signal(str)

    def __init__(self, parent: QWidget, lane: Lane, feed: CameraFeed, eye: CameraEye, numbers: Callable[[bytes], str]) -> None:
        from app.ui.case.camera_view import CameraView  # noqa: PLC0415

        self.view = CameraView()
        self._line = Text("把回执或封面的码放到镜头下，认出来就打开那件", "msg")
        super().__init__(parent, "拍回执上的码", "", "", "不拍了", width=_WIDE, body=column(self.view, 6, self._line))
        self._lane, self._feed, self._eye, self._numbers = lane, feed, eye, numbers
        self._busy = False
        feed.setParent(self)
        eye.setParent(self)
        feed.frame.connect(eye.look)
        feed.lost.connect(self._line.put)
        eye.seen.connect(self._show)
        eye.shot.connect(self._look)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._shoot)
        self._timer.start()
        self.finished.connect(self._close)

    def _show(self, sight: Sight) -> None:
        self.view.put(sight, 0.0)

    def _shoot(self) -> None:
        if not self._busy:
            self._busy = self._eye.shoot()

    def _look(self, data: bytes) -> None:
        self._lane.run(lambda: self._numbers(data), then=self._answer, failed=lambda _p: self._answer(""), owner=self)

    def _answer(self, number: str) -> None:
        self._busy = False
        if number and self.isVisible():
            self.accept()
            self.read.emit(number)

    def _close(self) -> None:
        self._timer.stop()
        self._eye.close()
        self._feed.close()


def _feed(parent: QObject) -> CameraFeed | None:
    from app.ui.case.camera_feed import CameraFeed as Feed  # noqa: PLC0415
    from app.ui.case.camera_feed import multimedia  # noqa: PLC0415

    return Feed(parent) if multimedia() else None


def open_camera(
    parent: QWidget,
    lane: Lane,
    numbers: Callable[[bytes], str],
    make_feed: Callable[[QObject], CameraFeed | None] = _feed,
) -> CodeDialog | None:
    """Open the camera; None where there is nothing to open it with. ``numbers`` runs on the local lane, on a JPEG."""
    from app.ui.case.camera_eye import CameraEye as Eye  # noqa: PLC0415

    feed = make_feed(parent)
    if feed is None:
        return None
    dialog = CodeDialog(parent, lane, feed, Eye(lambda _w, _h, _data: (), parent), numbers)
    feed.open()
    dialog.open()
    return dialog
