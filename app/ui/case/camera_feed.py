"""Live pictures of a document camera. Qt Multimedia is loaded here, when the first camera is opened and not before.

A camera and, in its place, frames that somebody else sends (``QVideoFrameInput``) go through the same session and the same sink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QMediaCaptureSession, QMediaDevices, QVideoFrameInput, QVideoSink

NO_MULTIMEDIA = "这台电脑少了多媒体组件（Linux 上是 libpulse0、libxrandr2），高拍仪用不了。让管理员装上；先选拍好的照片"
LOST = "高拍仪的画面断了。看 USB 线；别的程序开着它就关掉那个程序"
_SLOWEST = 5.0
"""Frames a second below which a larger picture is not worth having."""


@dataclass(frozen=True, slots=True)
class CameraName:
    """A camera of this computer: what finds it again, and what stands on it."""

    id: str
    name: str


def multimedia() -> bool:
    """Load Qt Multimedia; False where a library it needs is missing."""
    try:
        import PySide6.QtMultimedia  # noqa: F401, PLC0415 - tens of milliseconds that only a camera needs
    except ImportError:
        return False
    return True


class CameraFeed(QObject):
    """The pictures of one camera at a time. Make it only where :func:`multimedia` says True.

    Signals: ``frame(QVideoFrame)`` for each picture; ``cameras(list of CameraName)`` when one came or went; ``lost(sentence)``.
    """

    frame = Signal(object)
    cameras = Signal(list)
    lost = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        from PySide6.QtMultimedia import QMediaCaptureSession, QMediaDevices, QVideoSink  # noqa: PLC0415

        super().__init__(parent)
        self.session: QMediaCaptureSession = QMediaCaptureSession(self)
        self._sink: QVideoSink = QVideoSink(self)
        self._devices: QMediaDevices = QMediaDevices(self)
        self._camera: QCamera | None = None
        self.session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._show)
        self._devices.videoInputsChanged.connect(lambda: self.cameras.emit(self.found()))

    def found(self) -> list[CameraName]:
        """Return the cameras there are."""
        return [CameraName(_id(device), device.description()) for device in self._devices.videoInputs()]

    def open(self, id_: str = "") -> str:
        """Show this camera, or the first one there is. Returns the id of the one that is shown, '' when there is none."""
        from PySide6.QtMultimedia import QCamera  # noqa: PLC0415

        devices = self._devices.videoInputs()
        device = next((one for one in devices if _id(one) == id_), devices[0] if devices else None)
        self._drop()
        if device is None:
            return ""
        camera = self._camera = QCamera(device, self)
        camera.setCameraFormat(_largest(device))
        camera.errorOccurred.connect(self._fail)
        self.session.setCamera(camera)
        camera.start()
        return _id(device)

    def take(self, source: QVideoFrameInput) -> None:
        """Show frames that somebody else sends, in the place of a camera."""
        self._drop()
        self.session.setVideoFrameInput(source)

    def close(self) -> None:
        """Let the camera go."""
        self._drop()

    def _drop(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.stop()
            self.session.setCamera(None)  # type: ignore[arg-type]  # the stubs do not know that None takes it away
            camera.deleteLater()

    def _show(self, frame: Any) -> None:
        if frame.isValid():
            self.frame.emit(frame)

    def _fail(self, *_what: object) -> None:
        camera = self._camera
        if camera is not None and camera.error() != camera.Error.NoError:
            self.lost.emit(LOST)


def _id(device: QCameraDevice) -> str:
    return bytes(device.id().data()).hex()


def _largest(device: QCameraDevice) -> Any:
    """Return the format with the most dots that still moves: paper wants dots, not speed."""
    formats = [one for one in device.videoFormats() if one.maxFrameRate() >= _SLOWEST] or device.videoFormats()
    return max(
        formats,
        key=lambda one: (one.resolution().width() * one.resolution().height(), one.maxFrameRate()),
        default=device.videoFormats()[0] if device.videoFormats() else None,
    )
