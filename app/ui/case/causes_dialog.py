"""Choosing why an application cannot be taken here today; the sheet itself is looked at next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal

from app.core.declining import written
from app.ui.kit.choices import Check
from app.ui.kit.dialogs import Dialog, part_height
from app.ui.kit.fields import Field
from app.ui.kit.layouts import column, row, scroller
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from app.core.declining import Cause

_WIDTH: Final = 620
_TICK: Final = 26
_INNER: Final = _WIDTH - 46 - 40 - _TICK
_MOST_TALL: Final = 320
_LEAST_TALL: Final = 150
_OTHERS: Final = 214
"""Logical px of what stands around the list."""
_WORDS: Final = "勾上今天办不了的原因。这张纸只说明今天的情况，不是不予受理的决定；草稿留着，情况变了接着办。"


class CausesDialog(Dialog):
    """The reasons with a tick each, and two lines for what none of them says. ``chosen(causes)`` when the sheet is to be looked at."""

    chosen = Signal(list)

    def __init__(self, parent: QWidget, causes: Sequence[Cause]) -> None:
        self._causes = tuple(causes)
        self.checks = [Check(one.told.name, name=f"原因·{one.told.name}") for one in causes]
        rows = [
            column(check, row(_TICK, Text(one.told.problem, "small", wrap=True, width=_INNER), ...), gap=1, pad=(0, 3))
            for check, one in zip(self.checks, causes, strict=True)
        ]
        self._list = scroller(column(*rows, ..., gap=2))
        self._list.setVisible(bool(rows))
        self.problem = Field("其他原因", placeholder="上面没有的原因，写给申请人看", width=_WIDTH - 46)
        self.remedy = Field("怎么办", placeholder="怎么办、到哪里去；不写就是「问经办机构」", width=_WIDTH - 46)
        body = column(self._list, Text("其他原因", "label"), self.problem, self.remedy, gap=6)
        super().__init__(parent, "在这里暂时办不了", _WORDS, "看这张纸", "不写了", body=body, width=_WIDTH)

    def confirm(self) -> None:
        """Go on with what was ticked and written, once there is anything."""
        found = [one for check, one in zip(self.checks, self._causes, strict=True) if check.value()]
        own = written(self.problem.value(), self.remedy.value())
        found += [own] if own else []
        if not found:
            self.message.say("bad", "勾一条原因，或写一句")
            (self.checks[0] if self.checks else self.problem).setFocus()
            return
        self.accept()
        self.chosen.emit(found)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the list the room it needs, and begin at its first row."""
        inner = self._list.widget()
        if inner is not None:
            tall = part_height(self, _MOST_TALL, _OTHERS, _LEAST_TALL)
            self._list.setFixedHeight(min(tall, inner.sizeHint().height() + 4))
        super().showEvent(event)
        (self.checks[0] if self.checks else self.problem).setFocus(Qt.FocusReason.OtherFocusReason)
