"""A PDF into page pictures. Whatever else it carries stays behind: scripts, attached files, layers of history."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from app.core.errors import RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from PIL import Image

#: A medical record is rarely above 60 pages; 200 rendered pages are about 100 MB.
MAX_PAGES = 200
DPI = 200
#: Cards and receipts carry smaller print: pages with a long side under 150 mm are rendered finer.
SMALL_PAGE_POINTS = 425.0
SMALL_DPI = 300
#: A3 at 300 dpi. A page of 14,400 points (5 m, the format's limit) would be 1.6 billion pixels at 200 dpi.
MAX_PAGE_PIXELS = 17_400_000

_POINTS_PER_INCH = 72
_BROKEN = "这份 PDF 坏了，打不开。让对方重发，或直接扫描原件。"

#: pdfium keeps global state: two threads inside it corrupt each other, even in different documents.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One rendered page, RGB on white, and the dots per inch it was rendered with."""

    image: Image.Image
    dpi: int


def pdf_pages(data: bytes, dropped: Callable[[str], None]) -> Generator[PdfPage, None, None]:
    """Render the pages one by one. RefusedFileError when it is locked, broken, empty or has more than 200 pages."""
    with _ONE_AT_A_TIME:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise _refusal(error) from error
        try:
            document.init_forms()
            count = len(document)
            if count == 0:
                raise RefusedFileError("这份 PDF 里一页也没有。让对方重发，或直接扫描原件。")
            if count > MAX_PAGES:
                raise RefusedFileError(f"这份 PDF 有 {count} 页，一次最多 {MAX_PAGES} 页。只留要交的页，再加。")
            for told in _left_behind(document, data):
                dropped(told)
            for index in range(count):
                yield _page(document, index)
        except pdfium.PdfiumError as error:
            raise RefusedFileError(_BROKEN, str(error)) from error
        finally:
            document.close()


def _page(document: pdfium.PdfDocument, index: int) -> PdfPage:
    page = document[index]
    try:
        width, height = page.get_size()
        if not (width >= 1 and height >= 1):
            raise RefusedFileError(f"这份 PDF 第 {index + 1} 页没有大小，画不出来。让对方重新导出，或直接扫描原件。")
        dpi = SMALL_DPI if max(width, height) < SMALL_PAGE_POINTS else DPI
        scale = min(dpi / _POINTS_PER_INCH, (MAX_PAGE_PIXELS / (width * height)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        try:
            image = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
        return PdfPage(image, max(1, round(scale * _POINTS_PER_INCH)))
    finally:
        page.close()


def _left_behind(document: pdfium.PdfDocument, data: bytes) -> list[str]:
    told = []
    if pdfium.raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or b"/JavaScript" in data:
        told.append("PDF 里的脚本没有收")
    if (attached := document.count_attachments()) > 0:
        told.append(f"PDF 里夹带的 {attached} 个附件没有收")
    if pdfium.raw.FPDF_GetSignatureCount(document) > 0:
        told.append("PDF 的电子签名收成了图样，验证信息没有收")
    return told


def _refusal(error: pdfium.PdfiumError) -> RefusedFileError:
    if error.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
        return RefusedFileError("这份 PDF 有密码，打不开。让对方给不带密码的，或直接扫描原件。", "password")
    if error.err_code == pdfium.raw.FPDF_ERR_SECURITY:
        return RefusedFileError("这份 PDF 的加密方式打不开。让对方给不加密的，或直接扫描原件。", "security")
    return RefusedFileError(_BROKEN, str(error))
