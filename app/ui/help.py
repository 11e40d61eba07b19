"""F1: every key that works, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui import keys
from app.ui.kit import Dialog, HintLabel, Text, fill, row
from app.ui.slices import at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

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
            "workbench",
            "search",
            "help",
            "explain",
            "confirm",
            "close",
            "lock",
        ),
    ),
    (
        "名单和结果",
        (
            "new",
            "rows",
            "open",
            "names",
            "roll",
            "export",
            "send",
            "retry",
            "read_in",
            "hand_over",
            "told",
            "heard",
            "answer_nth",
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
            "notice",
            "decline",
            "free_text",
            "beside",
            "read_card",
            "card_wins",
            "copy_before",
            "copied",
            "read",
            "character",
            "bring",
        ),
    ),
    (
        "材料",
        (
            "scan",
            "scan_more",
            "scanner",
            "stop_scan",
            "camera",
            "shoot",
            "files",
            "files_again",
            "paste",
            "ledger",
            "defer",
            "take_off",
            "elsewhere_nth",
            "reorder",
            "undo",
        ),
    ),
    (
        "看图看纸",
        (
            "pages",
            "turn",
            "uncut",
            "compare",
            "other_half",
        ),
    ),
    ("打印和申请人", ("print", "how", "sign", "applicant", "mirror")),
    ("缩放", ("zoom_in", "zoom_out", "zoom_fit")),
)
"""Every key that does something, in columns by where it works."""

SAME = {
    "page_up": "pages",
    "page_down": "pages",
    "mark_copied": "ledger",
    "mark_kept": "ledger",
    "mark_returned": "ledger",
    "elsewhere": "elsewhere_nth",
    "stop_send": "stop_scan",
}
"""Keys that another line speaks for."""

_WIDE, _COLUMNS = 880, 4


class KeysDialog:
    """The list of keys, as a dialog."""

    @staticmethod
    def show_for(shell: Shell) -> None:
        """Open the list over the window."""
        body = QFrame()
        said = "输入法开着时也能用：没有单个字母的快捷键。Enter 只换到下一项，不会受理。"
        dialog = Dialog(shell, "快捷键", said, "", "关上", body=body, width=_WIDE)
        at_once(_filled(body))
        dialog.open()


def _filled(body: QFrame) -> Iterator[None]:
    across = QHBoxLayout(body)
    fill(across, (), gap=24, pad=(0, 4, 0, 0))
    columns = [QVBoxLayout() for _ in range(_COLUMNS)]
    for column in columns:
        fill(column, (), gap=4)
        across.addLayout(column, 1)
    for title, names in SHOWN:
        # Each group under the shortest column.
        column = min(columns, key=QVBoxLayout.count)
        head = row(Text(title, "strong"), pad=(0, 10 if column.count() else 0, 0, 0))
        for widget in (head, *(HintLabel(keys.hint(name)) for name in names)):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        yield
    for column in columns:
        column.addStretch(1)
