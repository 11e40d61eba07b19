"""Drafts that go to another counter or come from one, void ones written out, the office's receipts from a folder: questions, work on the lane."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from app.core.received import ENDING
from app.services import answers, handover
from app.ui.admin_dialogs import Ask, CodeDialog, answered
from app.ui.kit import Dialog, Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.core.application import Application
    from app.services.ports import Desk, Exported, Parcel
    from app.ui.lane import Lane

_COMING = f"移交文件和回执 (*.ckparcel *{ENDING})"


class ParcelsDesk(QObject):
    """Serves one clerk's desk. ``moved()`` when a draft came, went or came back; ``taken(id)`` when one came that wants to be opened."""

    moved = Signal()
    taken = Signal(str)

    def __init__(self, parent: QObject, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._window, self._lane, self._desk = window, lane, desk

    def hand_over(self, id_: str) -> None:
        """Ask to whom and where, write the parcel, and show the code."""
        desk = self._desk
        dialog = Ask(
            self._window,
            "移交给另一个窗口",
            "写成一个加密文件，连原件和经过。移交后本机只能看，由对方接着办。同一个窗口的同事直接打开就行，不用移交。",
            "选文件夹，移交",
            {"to": ("交给谁", Field("移交·交给谁", placeholder="比如 2 号窗口 李娜"))},
            lambda a: "" if a["to"].strip() else "写上交给谁",
            stay="不移交",
        )

        def given(parcel: Parcel) -> None:
            CodeDialog(
                self._window,
                "移交码",
                f"文件 {parcel.file} 已写好。移交码另外告诉对方，不要和文件放在一起；只显示这一次。",
                parcel.code,
                lines=("对方在工作台按 Ctrl I，选这个文件，键入移交码。",),
            ).open()
            self.moved.emit()

        def work(answers: dict[str, str]) -> Callable[[], Parcel] | None:
            folder = QFileDialog.getExistingDirectory(self._window, "移交文件放进哪个文件夹")
            return (lambda: handover.hand_over(desk, id_, answers["to"], Path(folder))) if folder else None

        answered(self._lane, dialog, work, given)

    def export(self, id_: str) -> None:
        """Ask where, and write a void application into a folder, in clear."""
        desk = self._desk
        folder = QFileDialog.getExistingDirectory(self._window, "作废的这件导出到哪个文件夹")
        if not folder:
            return

        def done(found: Exported) -> None:
            if found.failed:
                Dialog(self._window, "没有导出", f"{'；'.join(found.failed)}。", "", "知道了").open()
                return
            name = (*found.written, *found.skipped)[0]
            text = f"在「{Path(folder).name}」的 {name} 里，注明了作废和理由。内容没有加密，盘要收好。"
            Dialog(self._window, "导出了这件作废的" if found.written else "原来就在那里，没有动", text, "", "知道了").open()

        self._lane.run(
            lambda: desk.exporter.export(desk.store, [id_], Path(folder), desk.clerk),
            then=done,
            failed=lambda problem: Dialog(self._window, "没有导出", problem.sentence, "", "知道了").open(),
            owner=self,
        )

    def take_in(self) -> None:
        """Ask for a file and take it in: a parcel with its code, or the office's receipts with all that lie beside it."""
        picker = QFileDialog(self._window, "读入哪个移交文件或回执", "", _COMING)
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
        picker.fileSelected.connect(self.take_in_file)
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def take_in_file(self, file: str) -> None:
        """Ask for the code of a parcel, and take it in; of receipts, take in the whole folder."""
        desk = self._desk
        if file.endswith(ENDING):
            self._take_answers(Path(file).parent)
            return
        dialog = Ask(
            self._window,
            "读入移交的件",
            f"{Path(file).name}。移交码由对方另外告诉你，5 组，每组 4 个字。",
            "读入",
            {"code": ("移交码", Field("读入·移交码", numeric=True))},
            lambda a: "" if a["code"].strip() else "写上移交码",
        )

        def came(application: Application) -> None:
            self.moved.emit()
            self.taken.emit(application.id)

        answered(self._lane, dialog, lambda a: lambda: handover.take_in(desk, Path(file), a["code"]), came)

    def _take_answers(self, folder: Path) -> None:
        desk = self._desk

        def done(read: answers.ReadIn) -> None:
            self.moved.emit()
            Dialog(self._window, "读过回执了", f"{read.sentence}。", "", "知道了").open()

        self._lane.run(
            lambda: answers.read_answers(desk, folder),
            then=done,
            failed=lambda problem: Dialog(self._window, "没有读入", problem.sentence, "", "知道了").open(),
            owner=self,
        )

    def take_back(self, id_: str, to: str) -> None:
        """Ask why a draft that was given away is taken back, and do it."""
        desk = self._desk
        dialog = Dialog(
            self._window,
            "拿回这件？",
            f"已交给{to}。先问清对方没有读入，或读入后不办：两边都办，就成了两件。拿回由主管做，留有理由。",
            "拿回",
            "不拿回",
            reason="为什么拿回，对方怎么说",
        )
        dialog.acted.connect(
            lambda reason: self._lane.run(
                lambda: handover.take_back(desk, id_, reason),
                then=lambda _none: self.moved.emit(),
                failed=lambda problem: Dialog(self._window, "没有拿回", problem.sentence, "", "知道了").open(),
                owner=self,
            )
        )
        dialog.open()
