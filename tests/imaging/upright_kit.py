"""Papers that no figure was chosen by: drawn from a seed in the bundled fonts. BGR arrays; the same each time."""

from __future__ import annotations

import itertools
import random
from functools import cache

import degrade_kit as kit
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = ("NotoSansSC-Regular", "NotoSansSC-Medium", "NotoSerifSC-Regular", "NotoSerifSC-SemiBold")
WORDS = (
    "高血压冠心病糖尿病慢性肾功能衰竭患者主诉头晕加重入院查体双肺呼吸音清未闻及干湿啰音律齐腹软无压痛肝脾肋下未触及诊断依据"
    "既往史家族史否认药物过敏建议定期复查血糖规律服药低盐低脂饮食门诊随访出院医嘱每日一次口服办公室审核意见单位负责人签字盖章"
)
INK = (28, 28, 30)


@cache
def font(name, size):
    return ImageFont.truetype(str(kit.SPECIMENS.parent / "fonts" / f"{name}.ttf"), size)


def words(dice, count):
    made = ""
    while len(made) < count:
        made += dice.choice((f"{dice.randint(1, 9999)}", "，", "：", *("".join(dice.choices(WORDS, k=4)) for _ in range(5))))
    return made[:count]


def blank(width=1654, height=2339, ground=(252, 252, 250)):
    picture = Image.new("RGB", (width, height), ground)
    return picture, ImageDraw.Draw(picture)


def sheet(dice, name):
    picture, pen = blank()
    size, y, left = dice.choice((28, 31, 34, 40)), 330, dice.randint(130, 230)
    pen.text((600, 140), "出院记录", INK, font(name, 2 * size))
    while y < 1400 + 200 * dice.randint(0, 3):
        most = (1654 - 2 * left) // size
        pen.text((left, y), words(dice, most if dice.random() < 0.5 else dice.randint(4, most)), INK, font(name, size))
        y += int(size * dice.choice((1.5, 1.6, 1.8, 2.2)))
    pen.ellipse((1000, 1750, 1300, 2050), outline=(200, 30, 40), width=8)
    return picture


def form(dice, name):
    picture, pen = blank()
    size, y = dice.choice((26, 28, 31, 34)), 250
    while y < 2050:
        high, columns = int(size * dice.choice((2, 2.4, 4, 6))), dice.choice((2, 4, 6))
        edges = np.linspace(116, 1538, columns + 1).astype(int)
        for at, (left, right) in enumerate(itertools.pairwise(edges)):
            pen.rectangle((left, y, right, y + high), outline=INK, width=2)
            room = (right - left - 16) // size
            pen.text((left + 8, y + 8), words(dice, dice.randint(1, room) if at % 2 else min(room, 4)), INK, font(name, size))
        y += high
    return picture


def report(dice, name):
    picture, pen = blank()
    for y in range(300, 2000, 46):
        row = (
            f"{dice.choice(('WBC', 'HGB', 'ALT', 'CREA'))}",
            words(dice, 5),
            f"{dice.uniform(0, 300):.2f}",
            "mmol/L",
            "3.9-6.1",
        )
        for x, text in zip((120, 330, 800, 1050, 1320), row, strict=True):
            pen.text((x, y), text, INK, font(name, 26))
    return picture


def card_front(dice, name):
    picture, pen = blank(1011, 638, (243, 247, 246))
    rows = (("姓名", 3), ("性别", 1), ("出生", 7), ("住址", 11), ("", 11), ("", 6))
    for at, (label, count) in enumerate(rows):
        pen.text((60, 70 + 66 * at), label, (47, 111, 159), font(name, 32))
        pen.text((165, 66 + 66 * at), words(dice, count), INK, font(name, 40))
    pen.text((60, 540), "公民身份号码", (47, 111, 159), font(name, 32))
    pen.text((340, 532), f"{dice.randrange(10**17, 10**18)}", INK, font(name, 46))
    pen.rectangle((690, 80, 940, 400), fill=(210, 220, 230))
    return picture


def card_back(dice, name):
    picture, pen = blank(1011, 638, (243, 246, 247))
    pen.ellipse((60, 60, 220, 220), outline=(190, 40, 50), width=8)
    pen.text((330, 70), "中华人民共和国", INK, font(name, 62))
    pen.text((320, 165), "居民身份证", INK, font(name, 88))
    pen.text((230, 460), f"签发机关　{words(dice, 4)}公安局", INK, font(name, 36))
    pen.text((230, 540), "有效期限　2016.03.01-2036.03.01", INK, font(name, 36))
    return picture


def social_card(dice, name):
    picture, pen = blank(1011, 638, (200, 222, 240))
    pen.text((60, 40), "中华人民共和国社会保障卡", (160, 30, 30), font(name, 50))
    for y, text in (
        (200, "姓名 " + words(dice, 3)),
        (280, "社会保障号码"),
        (350, f"{dice.randrange(10**17, 10**18)}"),
        (450, "发卡日期 2019年5月"),
    ):
        pen.text((400, y), text, INK, font(name, 40))
    return picture


def certificate(dice, name):
    picture, pen = blank()
    pen.rectangle((60, 60, 1594, 2279), outline=(160, 30, 30), width=8)
    pen.text((600, 280), "证　明", INK, font(name, 130))
    for at in range(dice.randint(3, 6)):
        pen.text((230, 650 + 90 * at), words(dice, dice.randint(12, 24)), INK, font(name, 44))
    pen.text((900, 1690), "2026年5月8日", INK, font(name, 44))
    pen.ellipse((850, 1500, 1150, 1800), outline=(200, 30, 40), width=8)
    return picture


KINDS = {one.__name__: one for one in (sheet, form, report, card_front, card_back, social_card, certificate)}


def made(kind, seed, name=FONTS[0]):
    dice = random.Random(f"{kind}{seed}")
    return np.asarray(KINDS[kind](dice, name))[..., ::-1].copy()


WORSE = {
    "sound": lambda p: p,
    "noisy": lambda p: kit.noisy(p, 12),
    "soft": lambda p: kit.blurred(p, 1.2),
    "blurred": lambda p: kit.blurred(p, 2),
    "in half shadow": lambda p: kit.shadowed(p, 0.45),
    "faded": lambda p: kit.pale(p, 0.45),
    "half as fine": lambda p: kit.smaller(p, 0.5),
    "askew": lambda p: kit.skewed(p, 2),
    "askew, dim and noisy": lambda p: kit.noisy(kit.skewed(kit.lit(p, 0.7), -3), 8),
    "glaring": lambda p: kit.glaring(p, 0.12),
}


def _dotted(draw, step):
    picture, pen = blank()
    for y in range(200, 2100, 60):
        for x in range(150, 1400, step):
            draw(pen, x, y)
    return np.asarray(picture)[..., ::-1].copy()


def nothing_to_read():
    """Pictures with nothing that stands one way up, some of them in rows."""
    dice = random.Random(7)
    picture, pen = blank()
    for y in range(200, 2000, 200):
        for x in range(200, 1300, 12):
            pen.rectangle((x, y, x + dice.choice((2, 5, 8)), y + 90), fill=INK)
    yield "barcodes", np.asarray(picture)[..., ::-1].copy()
    yield "circles", _dotted(lambda pen, x, y: pen.ellipse((x, y, x + 26, y + 26), outline=INK, width=4), 36)
    yield "dashes", _dotted(lambda pen, x, y: pen.rectangle((x, y, x + 26, y + 14), fill=INK), 36)
    picture, pen = blank()
    for y in range(200, 2200, 70):
        pen.line((100, y, 1550, y), INK, 2)
    for x in range(100, 1600, 290):
        pen.line((x, 200, x, 2160), INK, 2)
    yield "an empty table", np.asarray(picture)[..., ::-1].copy()
    picture, pen = blank()
    for y in range(200, 2000, 120):
        pen.line([(x, y + dice.randint(-25, 25)) for x in range(150, 1400, 14)], (30, 30, 80), 4)
    yield "scribbles", np.asarray(picture)[..., ::-1].copy()
    yield "noise", np.random.default_rng(1).integers(0, 255, (1600, 1200, 3), np.uint8)
    yield "dust", kit.empty(sheet_of_paper := np.full((2339, 1654, 3), 252, np.uint8), 10)
    yield "blank", sheet_of_paper
    for name in kit.PHOTOS:
        yield name, kit.paper(name)
    for name in kit.DESKS:
        yield name, kit.desk(name, 900, 1200)
