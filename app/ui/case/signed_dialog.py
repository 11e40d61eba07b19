"""Taking back the form that was signed on paper: read the pages, compare the code in their foot, keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel

from app.services.signed_back import TAIL, enough
from app.ui import keys
from app.ui.case.materials_input import choose_files
from app.ui.kit.buttons import Button
from app.ui.kit.dialogs import Dialog
from app.ui.kit.fields import Field
from app.ui.kit.form import FormGrid
from app.ui.kit.layouts import column, row
from app.ui.kit.messages import MessageBar
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

WIDE: Final = 560
_LABEL: Final = 96
_THUMB: Final = 96
_SHOWN: Final = 5


class SignedDialog(Dialog):
    """Reads nothing itself.

    Signals: ``scan_wanted()``, ``stop_wanted()``, ``scanner_wanted()`` to choose another one, ``files_wanted(paths)``,
    ``other_wanted()`` to file the pages where they belong, ``given(code, tail)`` when they are to be kept.
    """

    scan_wanted = Signal()
    stop_wanted = Signal()
    scanner_wanted = Signal()
    files_wanted = Signal(list)
    other_wanted = Signal()
    given = Signal(str, str)

    def __init__(self, parent: QWidget, kept: int) -> None:
        """Make the dialog; ``kept``: how many pages were taken back before."""
        self.bar = MessageBar()
        self.bar.setMinimumWidth(WIDE - 46)
        self.scan = Button("扫描", "small", key=keys.cap("scan"), icon="scan-line")
        self.files = Button("选文件", "small", key=keys.cap("files"), icon="upload")
        self.scanner = Button("扫描仪", "link", key=keys.cap("scanner"))
        self.code = Field("签好的页·校验码", placeholder="末 4 位", width=150)
        self.tail = Field("签好的页·受理编号", placeholder="末 4 位数字", width=150)
        self._count = Text("", "small")
        self._thumbs = [QLabel() for _ in range(_SHOWN)]
        for thumb in self._thumbs:
            thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
            thumb.hide()
        form = FormGrid(_LABEL)
        self._tail_row = form.row("受理编号", self.tail, note="码没读出来：照纸上的编号填，不数短横")
        self._code_row = form.row("校验码", self.code, note="每页页脚最右边，照纸上的填")
        ways = row(self.scan, self.files, self.scanner, ..., self._count, gap=8)
        sheets = row(*self._thumbs, ..., gap=8)
        before = f"以前扫回的 {kept} 页，收下新的就换掉。" if kept else ""
        super().__init__(
            parent,
            "扫回签好的申请表",
            f"一次把签好的各页扫齐。{before}",
            "收下",
            "关上",
            body=column(self.bar, ways, sheets, form, gap=10),
            width=WIDE,
        )
        self._pages = 0
        self._unread = self._busy = self._scanning = False
        self.scan.clicked.connect(self._scan)
        self.files.clicked.connect(self._choose)
        self.scanner.clicked.connect(self.scanner_wanted)
        self.bar.acted.connect(self.other_wanted)
        self.code.edited.connect(self._look)
        self.tail.edited.connect(self._look)
        keys.bind(self, "scan", self._scan)
        keys.bind(self, "files", self._choose)
        keys.bind(self, "scanner", self.scanner_wanted.emit)
        self._look()

    # data in
    def show_pages(self, thumbnails: Sequence[bytes], *, unread: bool) -> None:
        """Show what was read so far. ``unread``: no code says whose it is, so the number is asked for."""
        self._pages, self._unread = len(thumbnails), unread
        self._count.put(f"已读 {len(thumbnails)} 页" if thumbnails else "")
        for label, data in zip(self._thumbs, [*thumbnails[:_SHOWN], *[b""] * _SHOWN], strict=False):
            picture = QPixmap()
            picture.loadFromData(data)
            label.setVisible(not picture.isNull())
            if not picture.isNull():
                label.setPixmap(picture.scaledToHeight(_THUMB, Qt.TransformationMode.SmoothTransformation))
        self._look()
        if thumbnails and not self._busy:
            (self.tail if unread and not self.tail.value() else self.code).setFocus()

    def set_busy(self, words: str, *, scanning: bool = False) -> None:
        """Say what is under way, '' for nothing; while paper runs the scan button stops it."""
        self._busy, self._scanning = bool(words), scanning
        if words:
            self.bar.clear()
            self._count.put(words)
        elif not self._pages:
            self._count.put("")
        else:
            self._count.put(f"已读 {self._pages} 页")
        self.scan.put("停" if scanning else "扫描", keys.cap("scan"))
        self._look()

    def say(self, tone: str, sentence: str, action: str = "") -> None:
        """Show a sentence, with at most one button (signal ``other_wanted``)."""
        self.bar.say(tone, sentence, action)
        self.adjustSize()

    # what a person does
    def confirm(self) -> None:
        """Give pages and code; the dialog closes only when they are kept."""
        if self.act.isEnabled():
            self.given.emit(self.code.value(), self.tail.value())

    def showEvent(self, event: QShowEvent) -> None:
        """Stand at the scanner, the next act."""
        super().showEvent(event)
        self.scan.setFocus(Qt.FocusReason.OtherFocusReason)

    def _scan(self) -> None:
        if self._scanning:
            self.stop_wanted.emit()
        elif not self._busy:
            self.scan_wanted.emit()

    def _choose(self) -> None:
        if not self._busy:
            choose_files(self, "签好的申请表：选文件", (), self.files_wanted.emit)

    def _look(self) -> None:
        self._tail_row.setVisible(self._unread and bool(self._pages))
        self._code_row.setVisible(bool(self._pages))
        typed = enough(self.code.value()) and (not self._unread or len(self.tail.value().strip()) >= TAIL)
        self.act.setEnabled(bool(self._pages) and typed and not self._busy)
        self.files.setEnabled(not self._busy)
        self.scanner.setEnabled(not self._busy)
        self.scan.setEnabled(self._scanning or not self._busy)
        self.adjustSize()
