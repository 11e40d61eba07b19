"""A field that knows likely answers and takes any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QListView

from app.ui import theme
from app.ui.kit.fields import Field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent


class SuggestField(Field):
    """A :class:`Field` with a list of suggestions: those that hold what was typed drop down, ↓ or Alt ↓ shows all of them.

    Nothing is filled in by itself. A suggestion that was taken is ``edited`` like typed text.
    """

    def __init__(self, name: str, suggestions: Iterable[str] = (), *, width: int = 0, placeholder: str = "") -> None:
        super().__init__(name, width=width, placeholder=placeholder)
        self._names: tuple[str, ...] = ()
        self._all = QStringListModel(self)
        self._completer = QCompleter(self._all, self)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = QListView()
        popup.setProperty("role", "suggest")
        self._completer.setPopup(popup)
        self._completer.activated.connect(self._take)
        self.set_suggestions(suggestions)

    def set_suggestions(self, suggestions: Iterable[str]) -> None:
        """Offer these."""
        names = tuple(dict.fromkeys(suggestions))
        if names == self._names:
            return
        self._names = names
        for name in names:
            theme.ensure_rare(name)
        self._all.setStringList(list(names))
        if names:
            self.setCompleter(self._completer)

    def suggestions(self) -> tuple[str, ...]:
        """Return what is offered."""
        return self._names

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the whole list on ↓; an input method never gets here while it composes."""
        if event.key() == Qt.Key.Key_Down and self._names and not self.composing:
            self._completer.setCompletionPrefix("")
            self._completer.complete()
            return
        super().keyPressEvent(event)

    def _take(self, text: str) -> None:
        self.edited.emit(text)
