"""First start, step 4: the recovery code, shown once."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout

from app.ui import keys
from app.ui.door.step import DoorStep
from app.ui.kit import Button, Check, Text, column, row

_ACROSS = 4
_WAY_OUT = "抄下或打印，封存好，再在这里打勾"


class RecoveryStep(DoorStep):
    """``printed()`` when 打印 was pressed; ``sealed()`` tells whether the clerk ticked that the code is kept."""

    printed = Signal()

    def __init__(self) -> None:
        super().__init__("恢复码，只出现这一次", "忘了口令、换了人，靠它打开。程序里不存它，关掉这一页就再也看不到。")
        self.code = ""
        self._groups = QGridLayout()
        self._groups.setHorizontalSpacing(34)
        self._groups.setVerticalSpacing(14)
        sheet = QFrame()
        sheet.setLayout(self._groups)
        self.print_button = Button("打印", "primary", key=keys.cap("print"), icon="printer")
        self.print_button.clicked.connect(self.printed)
        self._told = Text("打印机没接好，就用笔抄。字母不分大小写，没有 I、L、O、U。", "small", wrap=True)
        paper = column(sheet, 16, row(self.print_button, (self._told, 1), gap=14), pad=(26, 22), role="sheet")
        self.form.head("恢复码", "8 组，每组 4 个字")
        self.form.wide(paper)
        self.form.head("放好了再往下")
        self.kept = Check("我已抄下或打印，封存")
        self._kept_row = self.form.row("", self.kept, ...)
        self.form.row(
            "放哪里", (Text("装进信封，封口签名，锁进柜子。不要放在这台电脑旁边，也不要拍照。", "body2", wrap=True), 1)
        )
        self.form.row(
            "丢了呢", (Text("口令还记得，照常办事。口令和恢复码都没了，谁也打不开，我们也不能。", "body2", wrap=True), 1)
        )
        self.kept.ticked.connect(self._ticked)

    def put(self, code: str) -> None:
        """Show a code; '' wipes it from the screen."""
        self.code = code
        while (item := self._groups.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for at, group in enumerate(re.findall(r"[0-9A-Za-z]{1,4}", code)):
            text = Text(group, "date", centre=True)
            text.setAccessibleName(f"第 {at + 1} 组 {' '.join(group)}")
            self._groups.addWidget(text, at // _ACROSS, at % _ACROSS, Qt.AlignmentFlag.AlignCenter)
        self.kept.put(False)
        self._kept_row.say("")

    def sealed(self) -> bool:
        """Return whether the code was put away; say what to do when it was not."""
        if not self.kept.value():
            self._kept_row.say(_WAY_OUT, "bad")
            self.kept.setFocus()
        return self.kept.value()

    def focus_first(self) -> None:
        """Stand on 打印."""
        self.print_button.setFocus()

    def _ticked(self, on: bool) -> None:
        self._kept_row.say("" if on else _WAY_OUT, "" if on else "bad")
        self.print_button.set_kind("plain" if on else "primary")
        self.changed.emit()
