"""The drawing of the Windows printer, on Qt's own PDF printer: nothing here ran on Windows."""

import subprocess

import pytest
from PIL import Image
from PySide6.QtPrintSupport import QPrinter
from whole_kit import PZH, printery, region

from app.adapters.documents.preview import pictures
from app.adapters.documents.trials import trial_cases
from app.core.errors import AppError
from app.services.ports import Counter
from app.ui.windows_printer import WindowsPrinter

INK = 140


@pytest.fixture(scope="module")
def form():
    place = region(PZH)
    counter = Counter(PZH, "03", "3 号窗口")
    moment = "2026-02-06T10:47:12"
    return printery().render("form", "normal", trial_cases(place)["typical"], place, counter, moment=moment)


def extent(pdf, folder, name):
    """Where the ink of the first page begins and ends, in pixels at 150 dpi."""
    (folder / f"{name}.pdf").write_bytes(pdf)
    words = ["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-gray", str(folder / f"{name}.pdf"), str(folder / name)]
    subprocess.run(words, check=True)
    with Image.open(next(folder.glob(f"{name}-*.pgm"))) as page:
        return page.size, page.point(lambda grey: 255 if grey < INK else 0).getbbox()


def test_every_page_is_drawn_at_true_size_on_a4(qapp, tmp_path, form):
    def opened(_name):
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        device.setOutputFileName(str(tmp_path / "out.pdf"))
        return device

    assert WindowsPrinter(pictures, opened).print(form.pdf, "申请表", two_sided=True) == ""
    told = subprocess.run(["pdfinfo", tmp_path / "out.pdf"], capture_output=True, text=True, check=True).stdout
    assert f"Pages:           {form.pages}" in told
    assert "(A4)" in told
    (size, theirs), (drawn, ours) = extent(form.pdf, tmp_path, "a"), extent((tmp_path / "out.pdf").read_bytes(), tmp_path, "b")
    assert max(abs(one - other) for one, other in zip(size, drawn, strict=True)) <= 1
    # Six pixels a millimetre: nothing was moved or scaled to a printer's margins.
    assert max(abs(one - other) for one, other in zip(theirs, ours, strict=True)) <= 2


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_place_that_takes_nothing_is_told(qapp, tmp_path, form):
    def opened(_name):
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        device.setOutputFileName(str(tmp_path / "none" / "out.pdf"))
        return device

    with pytest.raises(AppError, match="没有收下"):
        WindowsPrinter(pictures, opened).print(form.pdf, "申请表")


def test_a_closing_program_draws_no_further_page(qapp, tmp_path, form):
    def opened(_name):
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        device.setOutputFileName(str(tmp_path / "out.pdf"))
        return device

    printer = WindowsPrinter(pictures, opened)
    printer.rest()
    with pytest.raises(AppError, match="没有印完"):
        printer.print(form.pdf, "申请表")


def test_a_thousand_copies_are_a_mistake(qapp):
    with pytest.raises(ValueError, match="copies"):
        WindowsPrinter(pictures).print(b"", "申请表", 1000)
