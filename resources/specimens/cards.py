"""Cards and the portrait. Shapes are simplified on purpose: no emblem, no bank, no security feature is copied."""

from __future__ import annotations

from dataclasses import dataclass

from brush import Sheet
from PIL import Image, ImageDraw

CARD = (85.6, 54.0)
CARD_DPI = 300
LABEL = "#2f6f9f"


@dataclass(frozen=True)
class Person:
    """Who a card belongs to, in the words that stand on it."""

    name: str
    number: str
    sex: str
    nation: str
    birth: str
    address: str
    card_number: str = ""


def portrait(width: int, height: int, person: Person, ground: str = "#dfe9f2") -> Image.Image:
    """Head and shoulders as a silhouette: a likeness of nobody."""
    scale = 4
    picture = Image.new("RGB", (width * scale, height * scale), ground)
    pen = ImageDraw.Draw(picture)
    w, h = picture.size
    hair, skin, coat = ("#3b3a40", "#d8c3b2", "#4d6178") if person.sex == "男" else ("#33323a", "#e0cbbb", "#7a5a68")

    def oval(x: float, y: float, rx: float, ry: float, fill: str) -> None:
        pen.ellipse(((x - rx) * w, (y - ry) * h, (x + rx) * w, (y + ry) * h), fill=fill)

    shade = {"#d8c3b2": "#c6ae9c", "#e0cbbb": "#cfb6a5"}[skin]
    if person.sex != "男":
        oval(0.5, 0.43, 0.235, 0.29, hair)
    oval(0.5, 1.06, 0.46, 0.33, coat)
    pen.rectangle((0.425 * w, 0.56 * h, 0.575 * w, 0.76 * h), fill=shade)
    oval(0.5, 0.755, 0.078, 0.04, shade)
    pen.polygon([(0.42 * w, 0.735 * h), (0.5 * w, 0.86 * h), (0.34 * w, 0.80 * h)], fill="#f2f2f0")
    pen.polygon([(0.58 * w, 0.735 * h), (0.5 * w, 0.86 * h), (0.66 * w, 0.80 * h)], fill="#f2f2f0")
    if person.sex == "男":
        oval(0.5, 0.365, 0.192, 0.19, hair)
        oval(0.315, 0.45, 0.026, 0.045, skin)
        oval(0.685, 0.45, 0.026, 0.045, skin)
        oval(0.5, 0.45, 0.178, 0.2, skin)
        pen.chord((0.312 * w, 0.175 * h, 0.688 * w, 0.5 * h), 196, 344, fill=hair)
    else:
        oval(0.5, 0.45, 0.172, 0.2, skin)
        pen.chord((0.32 * w, 0.16 * h, 0.68 * w, 0.58 * h), 205, 335, fill=hair)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def photo(person: Person) -> Sheet:
    """A bare-headed photo of 35 × 45 mm."""
    sheet = Sheet(35, 45, 400)
    sheet.image.paste(portrait(*sheet.image.size, person, "#cfe0ef"))
    sheet.mark([(17.5, 25)], 30, 30, 96)
    return sheet


def id_front(person: Person) -> Sheet:
    """The side with the person."""
    sheet = Sheet(*CARD, CARD_DPI, "#f3f7f6")
    sheet.lattice("#e3ecea")
    sheet.lattice("#f0e6e6", 3.1, 3.0)
    pairs = ((9.5, "姓名", person.name), (16.5, "性别", person.sex), (23.5, "出生", ""), (30.5, "住址", ""))
    for y, label, value in pairs:
        sheet.text(5.5, y, label, 6.6, "sans", LABEL)
        sheet.text(14.5, y, value, 9.4 if label == "姓名" else 8, "sans")
    sheet.text(27, 16.5, "民族", 6.6, "sans", LABEL)
    sheet.text(36, 16.5, person.nation, 8, "sans")
    x = 14.5
    for part, unit in zip(person.birth.split("-"), "年月日", strict=True):
        x = sheet.text(x, 23.5, str(int(part)), 8, "sans") + 1.4
        x = sheet.text(x, 23.5, unit, 6.6, "sans", LABEL) + 1.6
    sheet.paragraph(14.5, 30.5, person.address, 8, 38, leading=1.5, family="sans")
    sheet.text(5.5, 48.5, "公民身份号码", 6.6, "sans", LABEL)
    sheet.text(29, 48.5, person.number, 10.5, "medium", gap=0.55)
    picture = portrait(sheet.px(24), sheet.px(30.5), person, "#eef3f4")
    sheet.image.paste(picture, (sheet.px(57), sheet.px(7.5)))
    sheet.mark([(33, 29)], 52)
    return sheet


def id_back(person: Person) -> Sheet:
    """The side with the issuing house; a plain ring stands where the emblem would be."""
    sheet = Sheet(*CARD, CARD_DPI, "#f3f7f6")
    sheet.lattice("#e3ecea")
    sheet.lattice("#f0e6e6", 3.1, 3.0)
    for inset, fill in ((0, "#c98d8d"), (0.7, "#f6efee")):
        box = (sheet.px(7 + inset), sheet.px(7 + inset), sheet.px(22 - inset), sheet.px(22 - inset))
        sheet.pen.ellipse(box, fill=fill)
    sheet.text(14.5, 16.1, "样本", 10, "bold", "#b06868", at="m")
    sheet.text(52, 14.5, "居 民 身 份 证", 15, "bold", at="m", gap=0.6)
    sheet.text(52, 22, "样本 · 仅供演示", 9, "sans", "#8a5a5a", at="m", gap=0.4)
    for y, label, value in ((40, "签发机关", f"样本市公安局{person.address[6:9]}分局"), (47, "有效期限", "2016.03.01-长期")):
        sheet.text(28, y, label, 6.6, "sans", LABEL, at="r")
        sheet.text(31, y, value, 8, "sans")
    sheet.mark([(45, 29)], 52)
    return sheet


def social_card(person: Person) -> Sheet:
    """A social-security card: chip, photo, number, card number."""
    sheet = Sheet(*CARD, CARD_DPI, "#e8f1f5")
    top, bottom = (206, 228, 240), (242, 246, 240)
    for y in range(sheet.image.height):
        part = y / sheet.image.height
        sheet.pen.line(
            (0, y, sheet.image.width, y), fill=tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
        )
    sheet.lattice("#d3e5ee", 4.5, 3.5)
    sheet.text(8, 11, "社会保障卡", 15, "bold", "#1f5f86", gap=0.8)
    sheet.text(80, 10.6, "样本 · 仅供演示", 7, "sans", "#47738c", at="r")
    sheet.rule(8, 14, 80, 14, 0.25, "#6d9db8")
    box = (sheet.px(8), sheet.px(19), sheet.px(20), sheet.px(28.5))
    sheet.pen.rounded_rectangle(box, sheet.px(1.6), fill="#d9bd78", outline="#a98d4d", width=3)
    for y in (22.2, 25.3):
        sheet.rule(8, y, 20, y, 0.18, "#a98d4d")
    sheet.rule(14, 19, 14, 28.5, 0.18, "#a98d4d")
    rows = (("姓名", person.name), ("社会保障号码", person.number), ("卡号", person.card_number), ("发卡日期", "2021 年 6 月"))
    for number, (label, value) in enumerate(rows):
        y = 20.5 + number * 8
        sheet.text(26, y, label, 5.4, "sans", "#47738c")
        sheet.text(26, y + 3.6, value, 8.2, "sans", gap=0.12)
    sheet.image.paste(portrait(sheet.px(20), sheet.px(25), person, "#f2f6f8"), (sheet.px(60.5), sheet.px(18)))
    sheet.mark([(42, 31)], 52)
    return sheet
