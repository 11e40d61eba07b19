"""The right side of a finished case: which papers to print, the printer, and the papers themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout

from app.services.printing import TITLES
from app.ui import keys
from app.ui.case.finished_papers import PaperList
from app.ui.case.paper_view import PaperView
from app.ui.kit.buttons import Button
from app.ui.kit.layouts import column, fill, row, rule
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Rendered
    from app.ui.kit.messages import MessageBar

FIRST_LOOK, OLD_LOOK = "receipt", "receipt-large"


class PrintPanel(QFrame):
    """Signals: ``print_wanted(kinds)``, ``save_wanted(kinds, folder)``, ``look_wanted(kind)``; ``done()`` once something was printed or saved."""

    print_wanted = Signal(list)
    save_wanted = Signal(list, str)
    look_wanted = Signal(str)
    done = Signal()

    def __init__(self, message: MessageBar) -> None:
        """Make the panel; ``message`` is the page's bar, in sight even when a narrow window folds this panel away."""
        super().__init__()
        self.setProperty("role", "side")
        self.message = message
        self.paper = PaperView()
        self.papers = PaperList()
        self.papers.looked.connect(self.look_wanted)
        self.papers.ticked.connect(self._look)
        self._count = Text("", "small")
        self._why = Text("", "cap", wrap=True)
        self._printer = Text("", "small", wrap=True)
        self.print = Button("打印", "primary", key=keys.cap("print"), icon="printer")
        self.save = Button("存为 PDF", icon="hard-drive-download")
        self.print.clicked.connect(self.print_chosen)
        self.save.clicked.connect(self.choose_folder)
        head = row(Text("打印", "h2"), ..., self._count, pad=(20, 0), height=50)
        self._words = column(self._why, self._printer, gap=4, pad=(20, 8, 20, 0))
        acts = row(self.print, self.save, ..., gap=8, pad=(20, 10, 20, 12))
        parts = (head, rule(), self.papers, rule(), self._words, acts, rule(), (self.paper, 1))
        fill(QVBoxLayout(self), parts, pad=(1, 0, 0, 0))
        self._there: bool | None = None
        self._printing = False
        self._finished = False
        self._old = False
        self._dialog: QFileDialog | None = None
        self._folder = ""
        self._look()

    # data in
    def start(self, *, old: bool) -> None:
        """Begin with another case: tick what its applicant most likely needs."""
        self._printing = self._finished = False
        self._old = old
        self.message.clear()
        self.paper.clear()
        self.papers.put(())
        self.papers.mark("")
        self.papers.tick(("form", OLD_LOOK if old else FIRST_LOOK))
        self._look()

    def show_documents(self, documents: Sequence[Rendered]) -> None:
        """Show the documents that exist and look at one of them."""
        kinds = [document.kind for document in documents]
        self.papers.put(documents)
        self._printing = False
        current = self.papers.current
        wanted = (current, OLD_LOOK if self._old else FIRST_LOOK, *kinds)
        look = next((kind for kind in wanted if kind in kinds), "")
        if look:
            self.papers.mark(look)
            self.look_wanted.emit(look)
        self._look()

    def set_printer(self, *, available: bool) -> None:
        """Say whether something can print here."""
        self._there = available
        self._look()

    def printed(self, kinds: Sequence[str]) -> None:
        """Say what went to the printer; the next act is now the next person."""
        self._printing = False
        self.message.say("good", f"已交给打印机：{'、'.join(TITLES.get(kind, kind) for kind in kinds)}")
        self._finish()

    def say(self, tone: str, sentence: str) -> None:
        """Show a sentence; a bad one gives the buttons back, a good one means the papers are out."""
        self._printing = False
        self.message.say(tone, sentence)
        if tone == "good":
            self._finish()
        self._look()

    # what a person does
    def print_chosen(self) -> None:
        """Ask to print what is ticked, once."""
        kinds = self.papers.chosen()
        if not kinds or self._printing or not self._there:
            return
        self._printing = True
        self.message.clear()
        if self.print.hasFocus():
            # A disabled button passes its focus on to whatever stands next to it.
            self.papers.focus_current()
        self._look()
        self.print_wanted.emit(kinds)

    def choose_folder(self) -> None:
        """Ask where the PDF files go; the window stays usable behind the dialog's own."""
        kinds = self.papers.chosen()
        if not kinds or self._dialog is not None:
            return
        dialog = self._dialog = QFileDialog(self.window(), "PDF 存到哪个文件夹", self._folder or str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "存到这里")
        dialog.setLabelText(QFileDialog.DialogLabel.Reject, "不存")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self._save(kinds, folder))
        dialog.finished.connect(self._closed)
        dialog.open()

    @property
    def finished(self) -> bool:
        """Whether something of this case was printed or saved already."""
        return self._finished

    # inside
    def _save(self, kinds: list[str], folder: str) -> None:
        if folder:
            self._folder = folder
            self.save_wanted.emit(kinds, folder)

    def _closed(self) -> None:
        self._dialog = None

    def _finish(self) -> None:
        self._finished = True
        self._look()
        self.done.emit()

    def _look(self) -> None:
        """Show what can be done now. One primary: printing, or saving without a printer, until it is done."""
        sheets = self.papers.sheets()
        self._count.put(f"一次出齐，{sheets} 页" if sheets else "勾上要打的")
        self._why.put("申请人满 60 岁，先勾大字回执；要小字的再勾。" if self._old else "")
        self._printer.put("" if self._there is not False else "这台电脑没有打印机：可存为 PDF")
        for text in (self._why, self._printer):
            text.setVisible(bool(text.full()))
        self._words.setVisible(bool(self._why.full() or self._printer.full()))
        self.print.put("再打印" if self._finished and self._there else "打印")
        self.print.setEnabled(bool(sheets) and bool(self._there) and not self._printing)
        self.save.setEnabled(bool(sheets) and not self._printing)
        self.print.set_kind("primary" if self._there is not False and not self._finished else "plain")
        self.save.set_kind("primary" if self._there is False and not self._finished else "plain")
