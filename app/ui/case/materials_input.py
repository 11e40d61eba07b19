"""How files reach the counter: chosen, dropped or pasted. Nothing is read here; paths and picture bytes are passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from app.services.originals import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QWidget

    from app.ui.case.materials_list import SlotList
    from app.ui.case.slot import Slot

_ENDINGS = {
    "JPG": ("jpg", "jpeg"),
    "JPEG": ("jpg", "jpeg"),
    "PNG": ("png",),
    "PDF": ("pdf",),
    "TIFF": ("tif", "tiff"),
    "HEIC": ("heic", "heif"),
}
_AS_JPG = ("TIFF", "HEIC")
"""What comes in as JPG, and so wherever JPG may."""

_PNG = ("image/png", 'application/x-qt-windows-mime;value="PNG"')


def files_of(mime: QMimeData) -> list[str]:
    """Return the paths of the local files a drop or a clipboard names."""
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def holds_input(mime: QMimeData) -> bool:
    """Whether there is anything to take: local files or a picture."""
    return bool(files_of(mime)) or mime.hasImage()


def file_filter(formats: Sequence[str]) -> str:
    """Return the file dialog's filter for a region's formats (JPG, PNG, PDF) and what becomes one of them; all where it names none."""
    named = [name for name in (formats or FORMATS) if name in _ENDINGS] or list(FORMATS)
    if "JPG" in named or "JPEG" in named:
        named += _AS_JPG
    endings = dict.fromkeys(ending for name in named for ending in _ENDINGS[name])
    patterns = [pattern for ending in endings for pattern in (f"*.{ending}", f"*.{ending.upper()}")]
    return f"{'、'.join(dict.fromkeys(named))} ({' '.join(patterns)})"


def choose_files(parent: QWidget, title: str, formats: Sequence[str], then: Callable[[list[str]], None]) -> QFileDialog:
    """Open the file dialog; ``then`` hears the chosen paths. The desktop's own dialog, except where there is no desktop."""
    dialog = QFileDialog(parent, title, "", file_filter(formats))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
    dialog.filesSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


class Pictures(QObject):
    """Pictures from a clipboard as PNG bytes: as they came where they came as PNG, else encoded off the GUI thread.

    ``made(requirement, png)``.
    """

    made = Signal(str, bytes)

    def take(self, requirement: str, mime: QMimeData) -> None:
        """Take the picture for this requirement."""
        for kind in _PNG:
            if mime.hasFormat(kind) and (data := mime.data(kind).data()):
                self.made.emit(requirement, bytes(data))
                return
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            QThreadPool.globalInstance().start(_Encode(self, requirement, image))


class _Encode(QRunnable):
    def __init__(self, pictures: Pictures, requirement: str, image: QImage) -> None:
        super().__init__()
        self._pictures, self._requirement, self._image = pictures, requirement, image

    def run(self) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        # Quick compression: it is decoded and stored anew at once.
        if self._image.save(buffer, "PNG", 80):  # type: ignore[call-overload]  # the stubs want bytes, Qt takes text
            self._pictures.made.emit(self._requirement, bytes(buffer.data().data()))


class Taker(QObject):
    """Takes what a person gives: chosen files, drops anywhere on the watched widgets, the clipboard.

    Signals: ``given(requirement, paths, source, here)``, where ``here`` says that they are meant for the page looked at and not for its
    paper; ``pasted(requirement, png)``, always meant for the page looked at; ``dropped(requirement)`` before a drop's own;
    ``nothing(requirement)`` when the clipboard holds nothing to take.
    """

    given = Signal(str, list, str, bool)
    pasted = Signal(str, bytes)
    dropped = Signal(str)
    nothing = Signal(str)

    def __init__(self, page: QWidget, slots: SlotList) -> None:
        super().__init__(page)
        self._page = page
        self._slots = slots
        self.enabled = True
        self._pictures = Pictures(self)
        self._pictures.made.connect(self.pasted)

    def watch(self, widget: QWidget) -> None:
        """Take drops on this widget."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def slot(self) -> Slot | None:
        """Return the slot that takes what comes: the current one, or the next unfinished one below when that is printed here."""
        if not self.enabled:
            return None
        slot = self._slots.slot(self._slots.current)
        if slot is None or (slot.view.number and not slot.view.requirement.made_here):
            return slot
        views = self._slots.views()
        at = next((place for place, view in enumerate(views) if view.id == slot.view.id), 0)
        return self._slots.slot(
            next((v.id for v in (*views[at:], *views[:at]) if v.number and not v.done and not v.requirement.made_here), "")
        )

    def choose(self, formats: Sequence[str], *, here: bool = False) -> None:
        """Open the file dialog."""
        slot = self.slot()
        if slot is not None:
            requirement, what = slot.view.id, "换这一页，选文件" if here else "选文件"
            choose_files(
                self._page,
                f"{slot.view.name}：{what}",
                formats,
                lambda paths: self._give(requirement, paths, "file", here=here),
            )

    def paste(self) -> None:
        """Take files or a picture from the clipboard."""
        slot = self.slot()
        if slot is not None and not self._take(QGuiApplication.clipboard().mimeData(), slot.view.id, "paste", here=True):
            self.nothing.emit(slot.view.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Frame the slot that a drag stands over, and give it what is dropped."""
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self._slots.aim("")
            return False
        if not isinstance(event, QDropEvent) or not self.enabled or not holds_input(event.mimeData()):
            return False
        target = self._under(watched, event)
        if kind == QEvent.Type.Drop:
            self._slots.aim("")
            self.dropped.emit(target)
            slot = self.slot()
            if slot is not None:
                self._take(event.mimeData(), slot.view.id, "drop", here=watched is not self._page)
        elif isinstance(event, QDragMoveEvent):
            self._slots.aim(target)
        event.acceptProposedAction()
        return True

    def _under(self, watched: QObject, event: QDropEvent) -> str:
        if watched is not self._page:
            return self._slots.current
        point = self._slots.mapFrom(self._page, event.position().toPoint())
        return self._slots.at(point) or self._slots.current

    def _take(self, mime: QMimeData, requirement: str, source: str, *, here: bool) -> bool:
        paths = files_of(mime)
        if paths:
            self._give(requirement, paths, source, here=here)
        elif mime.hasImage():
            self._pictures.take(requirement, mime)
        return bool(paths) or mime.hasImage()

    def _give(self, requirement: str, paths: list[str], source: str, *, here: bool) -> None:
        if paths:
            self.given.emit(requirement, paths, source, here)
