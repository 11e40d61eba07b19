"""Pictures dropped on the workbench or pasted there: the code on one opens its case. Nothing is read here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.ui import workbench_kinds as kinds

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from app.ui.case.materials_input import Pictures


class Drops(QObject):
    """``given(list)`` of paths or PNG bytes that may show a code."""

    given = Signal(list)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._taker: Pictures | None = None

    @staticmethod
    def may(mime: QMimeData) -> bool:
        """Whether this holds a picture or files of this computer."""
        return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())

    def paste(self) -> bool:
        """Take what was copied elsewhere; False where that is text, or nothing to look at."""
        mime = QApplication.clipboard().mimeData()
        return not mime.hasText() and self.take(mime)

    def take(self, mime: QMimeData) -> bool:
        """Give the pictures out; False when there are none."""
        from app.ui.case.materials_input import Pictures, files_of  # noqa: PLC0415 - when the first picture comes

        files = [Path(name) for name in files_of(mime)[: kinds.MOST_PICTURES]]
        if files:
            self.given.emit(files)
        elif mime.hasImage():
            if self._taker is None:
                self._taker = Pictures(self)
                self._taker.made.connect(lambda _none, png: self.given.emit([png]))
            self._taker.take("", mime)
        return bool(files) or mime.hasImage()
