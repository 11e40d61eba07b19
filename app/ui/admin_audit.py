"""What was done at this counter (操作记录): the newest rows of the audit in words, and all of it as a file for a supervisor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.services.administration import about, told
from app.ui import lists
from app.ui.kit import Button, Column, Line, ListTable, Text, fill, row, rule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.ports import AuditEntry
    from app.ui import keys

_NARROW = 900  # logical px


class AuditSection(QFrame):
    """``file_wanted()``: a supervisor wants it as a file."""

    file_wanted = Signal()

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self.file_button = Button("存成文件", icon="file-text")
        self.file_button.clicked.connect(self.file_wanted)
        self.file_button.hide()
        self._count = Text("", "small")
        band = row(Text("操作记录", "h2"), self._count, ..., self.file_button, gap=12, pad=(16, 0), height=54)
        columns = (Column("什么时候", 150), Column("谁", 130), Column("做了什么", 230), Column("哪一件、什么", 0))
        self.table = ListTable("操作记录", columns, two_lines=False)
        fill(QVBoxLayout(self), (band, rule(), (self.table, 1)))

    def put(self, entries: Sequence[AuditEntry], *, boss: bool) -> None:
        """Show these rows, newest first; only a supervisor takes them along."""
        today = self._now().date()
        self.table.put(
            [Line(str(at), (lists.exactly(e.at, today), e.who or "程序", told(e), about(e))) for at, e in enumerate(entries)]
        )
        self._count.put(f"最近 {len(entries)} 条")
        self.file_button.setVisible(boss)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give what it was about more room where there is little."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        for at, width in ((0, 108), (1, 104), (2, 184)) if narrow else ((0, 150), (1, 130), (2, 230)):
            self.table.setColumnWidth(at, width)

    # the section
    def note(self) -> tuple[str, str]:
        """Return what the left column says of it, and in which tone."""
        return "只增不改", ""

    def focus(self) -> None:
        """Stand in the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        return []
