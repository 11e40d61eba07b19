"""Noticing that somebody edits the files of a folder: said once they came to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

if TYPE_CHECKING:
    from pathlib import Path

REST_MS: Final = 200
"""An editor writes a file in several steps, many by putting another one in its place."""


class LayoutWatch(QObject):
    """Signal: ``changed()`` when files of the watched folder were saved, added or removed."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._watcher: QFileSystemWatcher | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._tell)

    def watch(self, folder: Path | None) -> None:
        """Watch this folder from now on, or nothing."""
        if folder == self._folder:
            return
        self._folder = folder
        self._rest.stop()
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        if folder is not None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.directoryChanged.connect(self._touched)
            self._watcher.fileChanged.connect(self._touched)
            self._look()

    def _touched(self) -> None:
        self._rest.start()

    def _tell(self) -> None:
        # A file that was put in the place of another is a new one, and not watched yet.
        self._look()
        self.changed.emit()

    def _look(self) -> None:
        folder, watcher = self._folder, self._watcher
        if folder is None or watcher is None or not folder.is_dir():
            return
        known = {*watcher.files(), *watcher.directories()}
        there = [str(path) for path in (folder, *folder.iterdir()) if path == folder or path.is_file()]
        fresh = [path for path in there if path not in known]
        if fresh:
            watcher.addPaths(fresh)
