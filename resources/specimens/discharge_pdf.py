"""The discharge summary as a hospital's own program writes it: a PDF of two pages with real text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from brush import FONTS, MM_PER_INCH, NO_LINE_START, POINTS_PER_INCH, mark_picture, seal_picture
from papers import day, stay_rows
from PIL import Image, ImageChops
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from pathlib import Path

    from cards import Person

MM = POINTS_PER_INCH / MM_PER_INCH
LEFT, RIGHT, TOP = 22 * MM, 188 * MM, 297 * MM
BODY, HEAD = "NotoSerifSC-Regular", "NotoSerifSC-SemiBold"


def see_through(picture: Image.Image) -> ImageReader:
    """A picture on white as ink without paper."""
    alpha = ImageChops.invert(picture.convert("L")).point(lambda value: min(255, round(value * 1.6)))
    ink = Image.new("RGB", picture.size, (196, 32, 40))
    ink.putalpha(alpha)
    return ImageReader(ink)


class Summary:
    """One PDF being written from top to bottom."""

    def __init__(self, person: Person, drawn: dict[str, Any]) -> None:
        for name in (BODY, HEAD):
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=(210 * MM, 297 * MM), invariant=1, pageCompression=1, initialFontName=BODY)
        self.canvas.setTitle("出院小结（样本）")
        self.person, self.drawn = person, drawn
        self.page, self.y = 0, 0.0
        self.start()

    def start(self) -> None:
        self.page += 1
        canvas = self.canvas
        canvas.setFillGray(0.14)
        canvas.setFont(HEAD, 19)
        canvas.drawCentredString(105 * MM, TOP - 30 * MM, self.drawn["hospital"])
        canvas.setFont(BODY, 16)
        canvas.drawCentredString(105 * MM, TOP - 41 * MM, "出 院 小 结")
        canvas.setLineWidth(1.2)
        canvas.line(LEFT, TOP - 46 * MM, RIGHT, TOP - 46 * MM)
        canvas.setFont(BODY, 8.5)
        canvas.drawString(LEFT, 14 * MM, "样本：人、医院、号码都是编的，只供演示。")
        canvas.drawRightString(RIGHT, 14 * MM, f"第 {self.page} 页，共 2 页")
        self.y = TOP - 57 * MM

    def end(self) -> None:
        veil = mark_picture(330, 32, 44)
        side = (150 * MM, 150 * MM * veil.height / veil.width)
        for y in (170, 50):
            self.canvas.drawImage(ImageReader(veil), 30 * MM, y * MM, *side, mask="auto")
        self.canvas.showPage()

    def pairs(self, rows: list[list[tuple[str, str]]]) -> None:
        for row in rows:
            for number, (label, value) in enumerate(row):
                self.canvas.setFont(BODY, 11)
                self.canvas.drawString(LEFT + number * (RIGHT - LEFT) / len(row), self.y, f"{label}：{value}")
            self.y -= 9 * MM

    def part(self, title: str, lines: list[str], *, numbered: bool = False) -> None:
        self.y -= 3 * MM
        self.canvas.setFont(HEAD, 12)
        self.canvas.drawString(LEFT, self.y, title)
        self.y -= 8 * MM
        self.canvas.setFont(BODY, 11.5)
        for number, text in enumerate(lines, 1):
            line = f"{number}．" if numbered else "\u3000\u3000"
            for char in text:
                if pdfmetrics.stringWidth(line + char, BODY, 11.5) > RIGHT - LEFT and char not in NO_LINE_START:
                    self.put(line)
                    line = ""
                line += char
            self.put(line)

    def put(self, line: str) -> None:
        self.canvas.drawString(LEFT, self.y, line)
        self.y -= 7.6 * MM

    def signed(self) -> None:
        self.y -= 14 * MM
        self.canvas.setFont(HEAD, 12)
        self.canvas.drawString(122 * MM, self.y, f"主治医师：{self.drawn['doctor']}")
        self.canvas.setFont(BODY, 11.5)
        self.canvas.drawString(122 * MM, self.y - 10 * MM, f"日期：{day(self.drawn['discharged'])}")
        seal = see_through(seal_picture(self.drawn["hospital"], "医务专用", 200))
        self.canvas.drawImage(seal, 146 * MM, self.y - 38 * MM, 41 * MM, 41 * MM, mask="auto")


def write(path: Path, person: Person, drawn: dict[str, Any]) -> None:
    """Write the two pages: how the stay went, then diagnosis and orders with the seal."""
    summary = Summary(person, drawn)
    summary.pairs(stay_rows(person, drawn))
    summary.part("主诉", [drawn["complaint"]])
    summary.part("入院情况与诊疗经过", drawn["course"])
    summary.end()
    summary.start()
    summary.pairs(stay_rows(person, drawn)[:2])
    summary.part("出院诊断", drawn["diagnosis"], numbered=True)
    summary.part("出院医嘱", drawn["orders"], numbered=True)
    summary.signed()
    summary.end()
    summary.canvas.save()
    path.write_bytes(summary.out.getvalue())
