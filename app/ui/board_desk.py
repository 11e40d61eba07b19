"""What the board needs of the machine: counted on the local lane, saved where the supervisor chose."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.services import board

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtWidgets import QWidget

    from app.services.ports import Desk
    from app.ui.board import BoardSection
    from app.ui.lane import Lane


class BoardDesk(QObject):
    """Serves one clerk's desk. ``said(tone, sentence)``; ``noted()`` when keys or the left column may say something else."""

    said = Signal(str, str)
    noted = Signal()

    def __init__(self, parent: QObject, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._window, self._lane, self._desk = window, lane, desk
        self._page: BoardSection | None = None

    def serve(self, page: BoardSection) -> None:
        """Wire the section."""
        self._page = page
        page.days_wanted.connect(self._read)
        page.save_wanted.connect(self._save)

    def _read(self, first: dt.date, last: dt.date) -> None:
        desk, page = self._desk, self._page
        if page is None:
            return

        def show(shown: board.Shown) -> None:
            page.put(shown)
            self.noted.emit()

        self._lane.run(
            lambda: board.read(desk, first, last),
            then=show,
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=page,
        )

    def _save(self, kind: str) -> None:
        desk, shown = self._desk, self._page.shown if self._page is not None else None
        if shown is None:
            return
        folder = QFileDialog.getExistingDirectory(self._window, "表格存到哪个文件夹")
        if folder:
            self._lane.run(
                lambda: board.save(desk, shown, Path(folder), kind),
                then=lambda name: self.said.emit("good", f"已存成 {name}"),
                failed=lambda problem: self.said.emit("bad", problem.sentence),
                owner=self,
            )
