"""What stands open over the work when it is covered: dialogs and lists go out of sight with it, and the focus finds its way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from app.ui.kit import Dialog


class Cover:
    """Hides and brings back what belongs to a window besides its pages."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._focus: QWidget | None = None
        self._dialogs: list[QDialog] = []

    def lay(self) -> None:
        """Remember the field in use, close open lists, hide dialogs: nothing of the work may stand before the lock."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._focus = QApplication.focusWidget()
        self._dialogs = [
            one for one in self._window.findChildren(QDialog) if one.isVisible() or (isinstance(one, Dialog) and one.opening)
        ]
        for dialog in self._dialogs:
            dialog.hide()
            if isinstance(dialog, Dialog):
                dialog.opening = False

    def lift(self, *, same: bool) -> None:
        """Bring back dialogs and focus for the same clerk; for another one dialogs end with their safe answer."""
        dialogs, self._dialogs = [one for one in self._dialogs if isValid(one)], []
        focus, self._focus = self._focus, None
        for dialog in dialogs:
            if same:
                dialog.show()
            else:
                dialog.reject()
        if same and focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
