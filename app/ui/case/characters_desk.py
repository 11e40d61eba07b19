"""A character into the field one stands in, found by what is known about it. The table is read once, off the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.ui import keys
from app.ui.case.characters_dialog import CharactersDialog
from app.ui.kit.fields import Field
from app.ui.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.core.character_finder import Characters


class CharactersDesk(QObject):
    """Serves every field of a page that takes words; digits need no looking for."""

    def __init__(self, page: QWidget, lane: Lane, table: Callable[[], Characters]) -> None:
        super().__init__(page)
        self._page = page
        self._table = table
        self._lane = lane
        self._finding: Lane | None = None
        self._characters: Characters | None = None
        keys.bind(page, "character", self.open)

    def open(self) -> CharactersDialog | None:
        """Look for a character for the field with the focus; None where there is none that takes words."""
        field = QApplication.focusWidget()
        if not isinstance(field, Field) or field.isReadOnly() or field.property("numeric"):
            return None
        dialog = CharactersDialog(self._page, field.accessibleName().rpartition("·")[2])
        dialog.asked.connect(lambda text: self._find(dialog, text))
        dialog.picked.connect(lambda char: self._put(field, char))
        dialog.open()
        if self._characters is None:
            self._own().run(
                self._table,
                then=lambda table: self._loaded(dialog, table),
                failed=lambda p: dialog.line.put(p.sentence),
                owner=dialog,
            )
        else:
            dialog.ready()
        return dialog

    def _own(self) -> Lane:
        if self._finding is None:
            self._finding = Lane(self)
            self._finding.crashed.connect(self._lane.crashed)
        return self._finding

    def rest(self) -> None:
        """Look for nothing more."""
        if self._finding is not None:
            self._finding.stop()
            self._finding = None

    def _loaded(self, dialog: CharactersDialog, table: Characters) -> None:
        self._characters = table
        dialog.ready()

    def _find(self, dialog: CharactersDialog, text: str) -> None:
        table = self._characters
        if table is not None:
            self._own().run(lambda: table.find(text), then=lambda found: dialog.show_found(found, text), owner=dialog)

    @staticmethod
    def _put(field: Field, char: str) -> None:
        field.setFocus()
        field.insert(char)
