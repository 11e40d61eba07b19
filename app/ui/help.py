"""F1: every key that works, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from app.ui import keys
from app.ui.kit import Dialog, HintLabel, Text

if TYPE_CHECKING:
    from app.ui.shell import Shell

SHOWN = (
    (
        "到处",
        (
            "next_field",
            "previous_field",
            "options",
            "list",
            "tick",
            "nth",
            "search",
            "workbench",
            "confirm",
            "close",
            "names",
            "lock",
        ),
    ),
    (
        "办一件",
        (
            "on",
            "back",
            "finding",
            "reason",
            "later",
            "new",
            "free_text",
            "pages",
            "print",
            "export",
            "send",
            "retry",
            "hand_over",
            "read_in",
            "told",
            "heard",
        ),
    ),
    (
        "材料",
        (
            "scan",
            "scan_more",
            "scanner",
            "camera",
            "files",
            "paste",
            "turn",
            "uncut",
            "compare",
            "elsewhere_nth",
            "take_off",
            "reorder",
            "undo",
            "zoom_in",
            "zoom_out",
            "zoom_fit",
        ),
    ),
)
"""Only keys that do something in this version, in columns by where they work."""

_WIDE = 600


class KeysDialog:
    """The list of keys, as a dialog."""

    @staticmethod
    def show_for(shell: Shell) -> None:
        """Open the list over the window."""
        body = QFrame()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(7)
        for across, (title, names) in enumerate(SHOWN):
            grid.addWidget(Text(title, "strong"), 0, across)
            grid.setColumnStretch(across, 1)
            for down, name in enumerate(names, start=1):
                grid.addWidget(HintLabel(keys.hint(name)), down, across, Qt.AlignmentFlag.AlignLeft)
        said = "输入法开着时也能用：没有单个字母的快捷键。Enter 只换到下一项，不会受理。"
        Dialog(shell, "快捷键", said, "", "关上", body=body, width=_WIDE).open()
