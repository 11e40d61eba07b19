"""Our own bug, told to people: everything entered is kept; what happened goes to the log without personal data."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.ui.kit import Dialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_log = logging.getLogger("app.crash")


class CrashDialog:
    """The crash dialog. One at a time: a bug that repeats does not bury the window."""

    _open = False

    @classmethod
    def show_for(cls, parent: QWidget, error: BaseException) -> None:
        """Log the bug and say that all is kept."""
        _log.error("crash", exc_info=(type(error), error, error.__traceback__))
        if cls._open:
            return
        cls._open = True
        dialog = Dialog(
            parent,
            "程序出了差错，已办的都在",
            "刚才那一步没有做成，填过的都存着。可以接着办；再出现就关掉重开，会回到同一处。",
            "",
            "接着办",
        )
        dialog.finished.connect(cls._closed)
        dialog.open()

    @classmethod
    def _closed(cls) -> None:
        cls._open = False
