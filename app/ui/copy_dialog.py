"""The dialog of the second copy: where it goes, how it stands, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kit import Button, Check, Dialog, Text, fill, row
from app.ui.queue import ask_folder

if TYPE_CHECKING:
    from app.services.second_copy import CopyStanding
    from app.ui.copy_runner import CopyRunner


class CopyDialog(Dialog):
    """Where the second copy goes, how it stands, and what can be done about it; stays open until it is closed.

    Signals: ``looked()`` asks to look through the whole store; ``waits(bool)`` when the receipt is to wait, or not any more.
    """

    looked = Signal()
    waits = Signal(bool)

    def __init__(self, parent: QWidget, runner: CopyRunner, folder: str, remark: str, *, waits: bool, boss: bool) -> None:
        width = 520 - 46
        where, how, line = (Text("", role, wrap=True, width=width) for role in ("medium", "body2", "msg"))
        pick, check, look = Button("选文件夹"), Button("恢复检查"), Button("查一遍数据")
        wait = Check("回执等第二份备份写好再打")
        body = QWidget()
        fill(QVBoxLayout(body), (where, 4, how, 12, row(pick, check, look, ..., gap=8), 10, wait, 8, line))
        super().__init__(
            parent,
            "第二份备份",
            "内容加密，没有口令或恢复码打不开。每受理一件就写一次，不用等它。",
            "现在备份",
            "关上",
            body=body,
            width=520,
        )
        self._folder, self._how, self._line = where, how, line
        self._pick, self._check, self._look, self._wait = pick, check, look, wait
        self._wait.put(waits)
        self._wait.setEnabled(boss)
        self._runner = runner
        self._pick.clicked.connect(self._choose)
        self._check.clicked.connect(runner.check)
        self._look.clicked.connect(self.looked)
        self._wait.ticked.connect(self.waits)
        runner.stands.connect(self._show)
        runner.busy.connect(self._busy)
        runner.said.connect(self._say)
        self._put(folder, remark)
        self._show(runner.standing)

    def confirm(self) -> None:
        """Write now; the dialog stays to say how it went."""
        self._runner.run(asked=True)

    def _choose(self) -> None:
        if folder := ask_folder(self, "第二份备份放进哪个文件夹"):
            self._put(folder, "")
            self._runner.choose(folder)

    def _put(self, folder: str, remark: str) -> None:
        self._folder.put(folder or "还没有选文件夹")
        self.act.setEnabled(bool(folder))
        self._check.setEnabled(bool(folder))
        self._say("warn" if remark else "", remark)

    def _say(self, tone: str, sentence: str) -> None:
        self._line.put(sentence, tone)
        self._line.setVisible(bool(sentence))
        self.adjustSize()

    def _show(self, standing: CopyStanding) -> None:
        self._how.put("。".join(part for part in (standing.words, standing.sentence) if part))
        self.adjustSize()

    def _busy(self, words: str) -> None:
        if words:
            self._say("", words)
        self.act.setEnabled(not words)
        self._check.setEnabled(not words)
