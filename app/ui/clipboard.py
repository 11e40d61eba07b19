"""What was copied here does not lie on the clipboard for the next person: cleared after a minute unless something else was copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

AFTER_MS = 60_000


class ClipboardSweeper(QObject):
    """One for the whole program. It remembers a digest of the text, never the text; pictures and files are not its business.

    A clipboard manager of the desktop may keep copies of its own: those it cannot reach.
    """

    def __init__(self, app: QGuiApplication, parent: QObject, after_ms: int = AFTER_MS) -> None:
        super().__init__(parent)
        self._clipboard = app.clipboard()
        self._digest = b""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(after_ms)
        self._timer.timeout.connect(self.sweep)
        self._clipboard.dataChanged.connect(self._changed)

    def sweep(self) -> None:
        """Clear what was copied here, if it still lies there."""
        self._timer.stop()
        digest, self._digest = self._digest, b""
        if digest and self._now() == digest:
            self._clipboard.clear(QClipboard.Mode.Clipboard)

    def _changed(self) -> None:
        # What another program copied is its own affair; ours seen again through a clipboard manager keeps its minute.
        if self._clipboard.ownsClipboard():
            self._digest = self._now()
            if self._digest:
                self._timer.start()

    def _now(self) -> bytes:
        import hashlib  # noqa: PLC0415 - OpenSSL, 4 ms that the first paint does without

        text = self._clipboard.text()
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() if text else b""
