"""The office's printers on Windows, through Qt. NEVER RUN ON WINDOWS: its drawing is tested here against Qt's own PDF printer only.

Windows prints no PDF by itself, so the pages are drawn as pictures at 300 dpi with the engine of the preview, at true size on A4. What is
on the paper is what was previewed; the bytes of the PDF do not reach the printer.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.core.errors import AppError
from app.services.ports import PrinterInfo
from app.services.printing import KEPT, MOST_COPIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Pictures = Callable[[bytes, float], Iterable[tuple[int, int, bytes]]]

DPI: Final = 300
_MM_PER_INCH: Final = 25.4
_A4_MM: Final = (210.0, 297.0)
_STATES: Final = {
    QPrinter.PrinterState.Error: "打印机有毛病，看看有没有报警",
    QPrinter.PrinterState.Aborted: "打印机停着，在系统的打印机设置里恢复它",
}


class WindowsPrinter:
    """Prints through Qt (:class:`app.services.ports.Printer`). NEVER RUN ON WINDOWS.

    ``pictures(pdf, dpi)`` gives each page as width, height and BGRA bytes on white; ``opened`` makes the printer of a name.
    """

    def __init__(self, pictures: Pictures, opened: Callable[[str], QPrinter] | None = None) -> None:
        self._pictures = pictures
        self._opened = opened or _open
        self._closing = threading.Event()

    def available(self) -> bool:
        """Whether Windows has a printer."""
        return bool(QPrinterInfo.availablePrinterNames())

    def printers(self) -> tuple[PrinterInfo, ...]:
        """Return every printer, the default first."""
        default = QPrinterInfo.defaultPrinterName()
        found = (
            PrinterInfo(info.printerName(), info.printerName() == default, _STATES.get(info.state(), ""))
            for info in QPrinterInfo.availablePrinters()
        )
        return tuple(sorted(found, key=lambda one: not one.default))

    def print(self, pdf: bytes, title: str, copies: int = 1, *, printer: str = "", two_sided: bool = False) -> str:
        """Draw the pages at true size on A4 without the printer's margins, and return no job: Windows gives none to follow."""
        if not 1 <= copies <= MOST_COPIES:
            raise ValueError(f"{copies} copies")
        device = self._opened(printer)
        if not device.isValid():
            raise AppError(
                f"打印机找不到了，在「怎么打」里换一台，再按一次打印。{KEPT}"
                if printer
                else f"这台电脑还没有打印机，装好再打印。{KEPT}"
            )
        device.setDocName(title)
        device.setResolution(DPI)
        device.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Millimeter
            )
        )
        device.setFullPage(True)
        device.setCopyCount(copies)
        device.setCollateCopies(True)
        if two_sided and QPrinter.DuplexMode.DuplexLongSide in QPrinterInfo(device).supportedDuplexModes():
            device.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
        self._draw(device, pdf)
        return ""

    def follow(self, job: str, seconds: float) -> str:
        """Return '': what was drawn is with the system's queue, which tells its own troubles."""
        del job, seconds
        return ""

    def rest(self) -> None:
        """Draw no further page: the program closes."""
        self._closing.set()

    def _draw(self, device: QPrinter, pdf: bytes) -> None:
        painter = QPainter()
        if not painter.begin(device):
            raise AppError(f"打印机没有收下这份文件，看看打印机开没开，再按一次打印。{KEPT}", "QPainter.begin")
        sent = False
        try:
            for at, (width, height, bgra) in enumerate(self._pictures(pdf, DPI)):
                if self._closing.is_set() or (at and not device.newPage()):
                    break
                # Full page: the painter's origin is the corner of the sheet, and a dot of the picture is a dot of the printer.
                scale = device.resolution() / _MM_PER_INCH
                sheet = QSizeF(*(side * scale for side in _A4_MM))
                image = QImage(bgra, width, height, width * 4, QImage.Format.Format_RGB32)
                painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), image)
            else:
                sent = True
        finally:
            if not sent:
                device.abort()
            painter.end()
        if not sent:
            raise AppError(f"打印停了，没有印完，再按一次打印。{KEPT}", "QPrinter.newPage")


def _open(name: str) -> QPrinter:
    info = QPrinterInfo.printerInfo(name) if name else QPrinterInfo.defaultPrinter()
    return QPrinter(info, QPrinter.PrinterMode.HighResolution)
