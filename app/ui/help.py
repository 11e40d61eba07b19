"""F1: every key that works, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout

from app.ui import keys
from app.ui.kit import Dialog, HintLabel

if TYPE_CHECKING:
    from app.ui.shell import Shell

SHOWN = (
    *("next_field", "previous_field", "options", "list", "tick", "nth", "finding", "reason"),
    *("on", "back", "later", "new", "workbench", "search", "undo", "pages"),
    *("print", "export", "free_text", "confirm", "close", "lock"),
)
"""Only keys that do something in this version."""

COLUMNS = 2


class KeysDialog:
    """The list of keys, as a dialog."""

    @staticmethod
    def show_for(shell: Shell) -> None:
        """Open the list over the window."""
        body = QFrame()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for at, name in enumerate(SHOWN):
            grid.addWidget(HintLabel(keys.hint(name)), at // COLUMNS, at % COLUMNS)
        Dialog(
            shell, "快捷键", "输入法开着时也能用：没有单个字母的快捷键，回车从不提交。", "知道了", "关上", body=body, width=480
        ).open()
