"""Signing the form on the screen: the very form above, the pad below, and paper as the equal way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal

from app.core.signature import NOT_CERTIFIED
from app.ui.case.paper_view import PaperView
from app.ui.kit.buttons import Button
from app.ui.kit.dialogs import Dialog, part_height
from app.ui.kit.layouts import column, row
from app.ui.kit.sign_pad import SignPad
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

WIDE: Final = 960
_PAPER: Final = (480, 160)
_OTHERS: Final = 390
"""Logical px of the form where there is room and at least, and of what else the dialog shows."""
_PAD: Final = QSize(900, 250)
_SIDES: Final = 16
"""Logical px of a narrow window that stay free at the sides."""
_STACKED: Final = 240
"""Logical px of the form that have to be seen above the pad; where there is less room it stands beside the pad."""
_BESIDE: Final = 372
_GAP: Final = 10
_LEAST: Final = 440
"""Logical px of the form's width beside the pad, of the gap between them, and of the pad's least width then."""


class SignDialog(Dialog):
    """The pad under the form, or beside it in a low window. ``paper`` shows the form that is signed.

    Signal: ``signed(strokes, width, height)`` when the person said that the name is written; width and height in steps of 0.01 mm.
    """

    signed = Signal(tuple, int, int)

    def __init__(self, parent: QWidget, who: str) -> None:
        """Make the dialog; ``who`` signs, in words for the clerk."""
        self.paper = PaperView()
        wide = min(WIDE, parent.window().width() - _SIDES)
        inner, high = wide - 46, part_height(parent, _PAPER[0], _OTHERS, 0)
        beside = high < _STACKED and inner - _BESIDE - _GAP >= _LEAST
        across = inner - _BESIDE - _GAP if beside else inner
        self.pad = SignPad("签名板，用笔、手指或鼠标写名字", least=_PAD.boundedTo(QSize(across, _PAD.height())))
        if beside:
            self.paper.setFixedSize(_BESIDE, part_height(parent, _PAPER[0], _OTHERS - _PAD.height(), _PAD.height()))
            sheets = row(self.paper, (self.pad, 1), gap=_GAP)
        else:
            self.paper.setFixedHeight(max(high, _PAPER[1]))
            sheets = column(self.paper, self.pad, gap=_GAP)
        self.again = Button("擦掉重写", icon="rotate-ccw")
        self.back = Button("退一笔", icon="undo-2")
        acts = row(self.again, self.back, 16, (Text(f"{NOT_CERTIFIED}；在纸上签一样有效。", "small"), 1), gap=8)
        super().__init__(
            parent,
            f"{who}在屏上签申请表",
            f"签的就是{'左边' if beside else '上面'}这一份。只写自己的名字。",
            "写好了",
            "改在纸上签",
            body=column(sheets, acts, gap=_GAP),
            width=wide,
        )
        self.again.clicked.connect(self.pad.clear)
        self.back.clicked.connect(self.pad.back)
        self.pad.changed.connect(self._look)
        self.acted.connect(self._give)
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """Stand on the pad's first button: nothing is signed by a stray Enter."""
        super().showEvent(event)
        self.again.setFocus()

    def confirm(self) -> None:
        """Take the name, once there is one."""
        if self.pad.value():
            super().confirm()

    def _give(self, _reason: str) -> None:
        self.signed.emit(self.pad.value(), *self.pad.extent())

    def _look(self) -> None:
        self.act.setEnabled(bool(self.pad.value()))
