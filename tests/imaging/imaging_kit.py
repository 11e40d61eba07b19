"""Files made on the spot: sound ones and every sort of bad one."""

from __future__ import annotations

import io
import random

import pypdfium2
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from app.adapters.imaging import PageMaker


def drawn(width: int = 600, height: int = 400, mode: str = "RGB") -> Image.Image:
    """A picture whose left upper corner is red (dark in grey), so that a turn can be seen."""
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width // 3, height // 3), fill="#c02020")
    pen.line((0, height, width, 0), fill="#202060", width=5)
    return picture.convert(mode)


def noisy(width: int, height: int) -> Image.Image:
    """A picture that compresses badly, the same each time."""
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def pdf(pages: int = 1, size: tuple[float, float] = (595.28, 841.89), encrypt: object = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1, encrypt=encrypt)
    for number in range(pages):
        canvas.rect(20, size[1] - 120, 100, 100, fill=1)
        canvas.drawString(40, 40, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scanned(*scans: bytes) -> bytes:
    """A PDF as scanners make it: one JPEG a page, A4."""
    document = pypdfium2.PdfDocument.new()
    for scan in scans:
        picture = pypdfium2.PdfImage.new(document)
        picture.load_jpeg(io.BytesIO(scan))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(595.28, 841.89))
        page = document.new_page(595.28, 841.89)
        page.insert_obj(picture)
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


class Taker:
    """Takes files as the counter does and remembers what was left behind."""

    def __init__(self) -> None:
        self.maker = PageMaker()
        self.left: list[str] = []

    def __call__(self, data, name="诊断.jpg", formats=("JPG", "PNG", "PDF"), max_bytes=5 * 2**20):
        return self.maker.pages(data, name, formats=formats, max_bytes=max_bytes, dropped=self.left.append)
