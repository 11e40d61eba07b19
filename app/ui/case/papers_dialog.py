"""Papers of a case that is not accepted yet, the one-time notice above all: first looked at, then printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from app.ui import keys
from app.ui.case.finished_panel import MISSING, PrintPanel
from app.ui.kit.dialogs import Dialog
from app.ui.kit.layouts import column
from app.ui.kit.messages import MessageBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QVBoxLayout, QWidget

_WIDE: Final = 1000
_SIDES: Final = 32
"""Logical px of the window that stay free at the sides."""
_TALL: Final = 280
_ROOM: Final = 200
"""What the dialog needs beside the panel, and leaves of the window, logical px."""


class PapersDialog(Dialog):
    """The papers beside their preview. ``panel`` is what prints; Esc closes."""

    def __init__(self, parent: QWidget, title: str, text: str, names: Sequence[str] = MISSING) -> None:
        bar = MessageBar()
        self.parked = False
        """Whether the case was parked with one of these papers: closing leaves it then."""
        self.panel = PrintPanel(bar, names, beside=True)
        window = parent.window()
        self.panel.setFixedHeight(max(_TALL, min(window.height() - _ROOM, _WIDE)))
        width = max(_WIDE * 3 // 4, min(window.width() - _SIDES, _WIDE))
        body = column(bar)
        super().__init__(parent, title, text, "", "关上", body=body, width=width)
        # In its place first, as whatever is put into something else is styled anew with all that is in it.
        cast("QVBoxLayout", body.layout()).addWidget(self.panel)
        # Printing is the one primary here.
        self.stay.set_kind("plain")
        keys.bind(self, "print", self.panel.print_chosen)
        keys.bind(self, "how", self.panel.ask_how)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand at printing, the next act."""
        super().showEvent(event)
        self.focus_print()

    def set_printer(self, available: bool) -> None:
        """Say whether something can print here."""
        self.panel.set_printer(available=available)
        self.focus_print()

    def focus_print(self) -> None:
        """Focus printing once it can be done."""
        if self.panel.print.isEnabled():
            self.panel.print.setFocus()
