"""All that the window has to do with the second copy and with damage: what writes it, its row and dialog, looking through the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import clerks, second_copy, settings
from app.ui.copy_dialog import CopyDialog
from app.ui.copy_runner import CopyRunner
from app.ui.kit import Dialog
from app.ui.status_rows import StatusRow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.core.errors import AppError
    from app.services.ports import Desk, Mended
    from app.services.second_copy import CopyStanding
    from app.ui.case.case_page import CasePage
    from app.ui.lane import Lane


def status_row(standing: CopyStanding) -> StatusRow:
    """Return the row of the workbench."""
    action = {"open": "设置", "good": "看看"}.get(standing.tone, "看看" if standing.check_due else "备份")
    return StatusRow("copy", standing.tone, "第二份备份", standing.words, action)


class CopyDesk(QObject):
    """All that the window has to do with the second copy and with damage: the runner, its dialog, and looking through the store.

    Signal: ``stands(CopyStanding)`` whenever that is known anew, for the workbench's :meth:`row` and the finished page's :meth:`tell`.
    """

    stands = Signal(object)

    def __init__(self, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._lane = lane
        self._desk = desk
        self._asking = False
        self.runner = CopyRunner(self, lane, desk)
        self.runner.stands.connect(self.stands)
        lane.damaged.connect(self._damaged)

    def take(self, desk: Desk) -> None:
        """Serve another clerk's desk over the same store."""
        self._desk = desk
        self.runner.take(desk)

    def row(self) -> StatusRow:
        """Return the row of the workbench."""
        return status_row(self.runner.standing)

    def accepted(self) -> None:
        """Write what was just accepted, in a moment."""
        self.runner.accepted()

    def show(self) -> None:
        """Open the dialog."""
        desk = self._desk

        def work() -> tuple[str, str, bool, bool]:
            counter = desk.store.counter()
            folder = counter.second_copy if counter else ""
            same = bool(folder) and second_copy.same_disk(Path(folder), desk.data_dir)
            remark = "这个文件夹和本机数据在同一块盘上，盘坏了两份都没有。换一块盘更稳" if same else ""
            return folder, remark, second_copy.first(desk.store), clerks.is_supervisor(desk)

        def found(told: tuple[str, str, bool, bool]) -> None:
            folder, remark, waits, boss = told
            dialog = CopyDialog(self._window, self.runner, folder, remark, waits=waits, boss=boss)
            dialog.looked.connect(self._mend)
            dialog.waits.connect(self._set_waits)
            dialog.open()

        self._lane.run(work, then=found, owner=self)

    def act(self) -> None:
        """Do what the button of the row promises: write at once where that is all there is to do, else open the dialog."""
        if self.runner.standing.tone in {"warn", "bad"} and not self.runner.standing.check_due:
            self.runner.run(asked=True)
        self.show()

    def tell(self, application_id: str, page: CasePage) -> None:
        """Tell the case's page what may be said of the copy."""
        desk = self._desk
        self._lane.run(
            lambda: second_copy.line(desk, application_id), then=lambda words: page.set_copy(application_id, words), owner=page
        )

    def _set_waits(self, waits: bool) -> None:
        desk = self._desk
        self._lane.run(lambda: settings.change(desk, second_copy.WAITS, "1" if waits else "0"))

    def _damaged(self) -> None:
        if self._asking:
            return
        self._asking = True
        text = (
            "数据文件有一处读不出来了，别处都在。查一遍会说出碰到哪一件，能读的全留下，读不出来的从第二份备份补回。"
            "放第二份备份的盘没插的，先插上。几百件的数据一两分钟。"
        )
        dialog = Dialog(self._window, "有一处数据读不出来", text, "查一遍数据", "先不查")
        dialog.acted.connect(lambda _reason: self._mend())
        dialog.rejected.connect(self._asked)
        dialog.open()

    def _asked(self) -> None:
        self._asking = False

    def _mend(self) -> None:
        self._asking = True
        desk = self._desk

        def done(found: Mended) -> None:
            self._asking = False
            title, text = second_copy.mended_words(found)
            Dialog(self._window, title, text, "", "接着办").open()
            self.runner.run()

        def broke(problem: AppError) -> None:
            self._asking = False
            Dialog(self._window, "这次没有查完", problem.sentence, "", "知道了").open()

        self._lane.run(desk.store.mend, then=done, failed=broke, owner=self)
