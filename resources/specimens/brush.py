"""A sheet to draw on in millimetres: text with a fallback font for each rare character, tables, a seal, and the mark 样本."""

from __future__ import annotations

import functools
import math
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).resolve().parent.parent / "fonts"
FAMILIES = {
    "sans": ("NotoSansSC-Regular", "HanaMinB"),
    "medium": ("NotoSansSC-Medium", "NotoSansSC-Regular", "HanaMinB"),
    "serif": ("NotoSerifSC-Regular", "NotoSansSC-Regular", "HanaMinB"),
    "bold": ("NotoSerifSC-SemiBold", "NotoSerifSC-Regular", "NotoSansSC-Regular", "HanaMinB"),
}
INK = "#23262b"
RED = (196, 32, 40)
NO_LINE_START = "，。；：、）”℃%？！"
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72


@functools.cache
def covered(name: str) -> frozenset[int]:
    return frozenset(TTFont(name, str(FONTS / f"{name}.ttf")).face.charToGlyph)


@functools.cache
def font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), pixels, layout_engine=ImageFont.Layout.BASIC)


@functools.cache
def font_name(family: str, char: str) -> str:
    found = next((name for name in FAMILIES[family] if ord(char) in covered(name)), None)
    if found is None:
        raise ValueError(f"no font has {char}")
    return found


class Sheet:
    """A piece of paper or a card. All places and sizes in millimetres, type in points."""

    def __init__(self, width: float, height: float, dpi: int, ground: str = "#fdfdfb") -> None:
        self.dpi = dpi
        self.width, self.height = width, height
        self.image = Image.new("RGB", (self.px(width), self.px(height)), ground)
        self.pen = ImageDraw.Draw(self.image)
        self.marked = False

    def px(self, mm: float) -> int:
        return round(mm * self.dpi / MM_PER_INCH)

    def type_px(self, points: float) -> int:
        return round(points * self.dpi / POINTS_PER_INCH)

    def length(self, text: str, points: float, family: str = "serif", gap: float = 0) -> float:
        size = self.type_px(points)
        wide = sum(font(font_name(family, c), size).getlength(c) for c in text)
        return wide * MM_PER_INCH / self.dpi + gap * max(0, len(text) - 1)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        points: float,
        family: str = "serif",
        fill: object = INK,
        *,
        at: str = "l",
        gap: float = 0,
    ) -> float:
        """Draw on the baseline y; ``at``: l, m or r of x. Returns where it ends."""
        size = self.type_px(points)
        x -= {"l": 0, "m": 0.5, "r": 1}[at] * self.length(text, points, family, gap)
        for char in text:
            face = font(font_name(family, char), size)
            self.pen.text((x * self.dpi / MM_PER_INCH, y * self.dpi / MM_PER_INCH), char, font=face, fill=fill, anchor="ls")
            x += face.getlength(char) * MM_PER_INCH / self.dpi + gap
        return x

    def lines(self, text: str, points: float, width: float, family: str = "serif", indent: float = 0) -> list[str]:
        """Break text to the width; no line begins with a closing mark."""
        result, line, room = [], "", width - indent
        for char in text:
            if line and self.length(line + char, points, family) > room and char not in NO_LINE_START:
                result.append(line)
                line, room = "", width
            line += char
        return [*result, line]

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        points: float,
        width: float,
        *,
        leading: float = 1.75,
        family: str = "serif",
        indent: bool = False,
    ) -> float:
        """Draw wrapped text from baseline y; returns the next baseline."""
        step = points / POINTS_PER_INCH * MM_PER_INCH * leading
        first = 2 * points / POINTS_PER_INCH * MM_PER_INCH if indent else 0
        for number, line in enumerate(self.lines(text, points, width, family, first)):
            self.text(x + (first if number == 0 else 0), y, line, points, family)
            y += step
        return y

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.2, fill: object = INK) -> None:
        self.pen.line((self.px(x1), self.px(y1), self.px(x2), self.px(y2)), fill=fill, width=max(1, self.px(width)))

    def box(
        self, x: float, y: float, width: float, height: float, line: float = 0.2, fill: object = None, outline: object = INK
    ) -> None:
        self.pen.rectangle(
            (self.px(x), self.px(y), self.px(x + width), self.px(y + height)),
            outline=outline,
            fill=fill,
            width=max(1, self.px(line)),
        )

    def lattice(self, colour: object, step: float = 2.2, swing: float = 2.0) -> None:
        """Waves across the sheet, as security paper has them; a pattern of our own."""
        for number in range(int(-swing / step) - 2, int(self.height / step) + 3):
            for phase in (0.0, math.pi):
                points = [
                    (x, self.px(number * step + swing * math.sin(x / self.px(9) + phase + number * 0.35)))
                    for x in range(0, self.image.width + 6, 6)
                ]
                self.pen.line(points, fill=colour, width=1)

    def seal(self, x: float, y: float, around: str, below: str, radius: float = 20.5) -> None:
        """Press a round red seal of an invented house: its name along the rim, 样本 in the middle instead of a star."""
        self._multiply(seal_picture(around, below, self.px(radius)), x, y)

    def _multiply(self, stamp: Image.Image, x: float, y: float) -> None:
        left, top = self.px(x) - stamp.width // 2, self.px(y) - stamp.height // 2
        area = (left, top, left + stamp.width, top + stamp.height)
        self.image.paste(ImageChops.multiply(self.image.crop(area), stamp), area[:2])

    def mark(self, places: list[tuple[float, float]], points: float, turn: float = 30, strength: int = 58) -> None:
        """Write 样本 across the sheet, large and see-through, so that nobody takes it for a real paper."""
        self.marked = True
        veil = mark_picture(self.type_px(points), turn, strength)
        for x, y in places:
            left, top = self.px(x) - veil.width // 2, self.px(y) - veil.height // 2
            self.image.paste(veil.convert("RGB"), (left, top), veil.getchannel("A"))

    def save(self, path: Path, *, quality: int = 74) -> None:
        if not self.marked:
            raise ValueError(f"{path.name} has no mark")
        if path.suffix == ".png":
            self.image.quantize(96, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
                path, optimize=True, dpi=(self.dpi, self.dpi)
            )
        else:
            self.image.save(path, quality=quality, optimize=True, dpi=(self.dpi, self.dpi))


@functools.cache
def mark_picture(size: int, turn: float, strength: int) -> Image.Image:
    face = font("NotoSansSC-Medium", size)
    veil = Image.new("L", (round(size * 2.4), round(size * 1.3)), 0)
    ImageDraw.Draw(veil).text((veil.width / 2, veil.height / 2), "样 本", font=face, fill=strength, anchor="mm")
    veil = veil.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    picture = Image.new("RGBA", veil.size, (70, 92, 140, 0))
    picture.putalpha(veil)
    return picture


@functools.cache
def seal_picture(around: str, below: str, radius: int) -> Image.Image:
    """Return the seal on white, slightly turned and unevenly inked, ready to be multiplied onto paper."""
    side = radius * 2 + 8
    centre = side / 2
    picture = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((4, 4, side - 4, side - 4), outline=RED, width=max(3, radius // 16))
    size = round(radius * min(0.30, 1.75 / max(1, len(around)) * 1.35))
    face = font("NotoSerifSC-SemiBold", size)
    span = math.radians(min(250, 33 * len(around)))
    for number, char in enumerate(around):
        angle = -span / 2 + span * (number + 0.5) / len(around)
        glyph = Image.new("RGB", (size * 2, size * 2), "white")
        ImageDraw.Draw(glyph).text((size, size), char, font=face, fill=RED, anchor="mm")
        glyph = glyph.rotate(-math.degrees(angle), Image.Resampling.BICUBIC, fillcolor="white")
        x, y = centre + radius * 0.74 * math.sin(angle), centre - radius * 0.74 * math.cos(angle)
        at = (round(x - size), round(y - size))
        there = (*at, at[0] + size * 2, at[1] + size * 2)
        picture.paste(ImageChops.multiply(picture.crop(there), glyph), at)
    pen.text((centre, centre), "样本", font=font("NotoSerifSC-SemiBold", round(radius * 0.42)), fill=RED, anchor="mm")
    pen.text(
        (centre, centre + radius * 0.58), below, font=font("NotoSerifSC-SemiBold", round(radius * 0.2)), fill=RED, anchor="mm"
    )
    picture = picture.rotate(-6, Image.Resampling.BICUBIC, fillcolor="white")
    return Image.blend(picture, Image.new("RGB", picture.size, "white"), 0.22)
