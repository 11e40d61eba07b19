"""Cards and papers of invented people, made anew from a seed and then made worse by known amounts. Every one bears the mark 样本.

Numbers are the synthetic ones of the domain papers alone. ``TRUTH`` of a page is what a reading of it has to say, by the names of
:class:`app.core.readings.Reading`.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import degrade_kit as kit
import numpy as np

sys.path.append(str(kit.SPECIMENS))

from brush import Sheet

from app.adapters.imaging import PageMaker
from app.core.codes import NATIONS
from app.core.identity import read_cert
from app.core.readings import Looks

if TYPE_CHECKING:
    from types import ModuleType


def _drawing(name: str) -> ModuleType:
    """Return a module of the specimens' own under a name of its own: another folder of tests has a ``papers`` too."""
    spec = importlib.util.spec_from_file_location(f"specimen_{name}", kit.SPECIMENS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


cards, papers = _drawing("cards"), _drawing("papers")

NUMBERS = ("620902190001019991", "510402190001019980", "429021190002289986", "51040219000101029X")
SURNAMES = "柏向吉沈温严程易乔贺祁戚阮鲁邵汤常廖毕詹"
GIVEN = "守田桂兰初霁一苇其玉晓峰慧敏国栋春梅德福秀英建军志远雅琴思源立新"
PLACES = ("甘肃省酒泉市肃州区", "四川省攀枝花市东区", "湖北省神农架林区", "新疆维吾尔自治区样本市", "内蒙古自治区样本旗")
ROADS = ("样本街", "样本路", "新华南路", "解放东路", "和平里", "样本镇样本村")
HOSPITALS = ("样本市人民医院", "样本市第一医院", "样本林区医院", "样本县中医医院", "样本大学附属第二医院", "样本镇中心卫生院")
DISEASES = (
    "2型糖尿病",
    "高血压3级（很高危）",
    "冠状动脉粥样硬化性心脏病",
    "慢性阻塞性肺疾病",
    "慢性肾脏病5期",
    "脑梗死后遗症",
    "类风湿关节炎",
    "系统性红斑狼疮",
    "帕金森病",
    "肝硬化失代偿期",
)


@dataclass(frozen=True)
class Made:
    """A page as BGR, what it is, and what stands on it."""

    looks: Looks
    bgr: np.ndarray
    truth: dict[str, str]


def _bgr(sheet) -> np.ndarray:
    return np.asarray(sheet.image.convert("RGB"))[..., ::-1].copy()


def person(dice: random.Random) -> tuple[cards.Person, str]:
    """Somebody, and the code of the nation."""
    number = dice.choice(NUMBERS)
    cert = read_cert("01", number)
    nation = dice.choice([code for code in NATIONS if code < "57"])
    name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))
    if dice.random() < 0.15:
        name = f"{dice.choice(('吉木', '阿依', '买买提'))}·{dice.choice(('阿依莫', '拉铁', '古丽'))}"
    home = (
        f"{dice.choice(PLACES)}{dice.choice(ROADS)}{dice.randint(1, 199)}号{dice.randint(1, 30)}栋{dice.randint(101, 2904)}室"
    )
    card = f"{dice.choice('ABYZ')}{dice.randint(10_000_000, 99_999_999)}"
    sex = "男" if cert.sex == "1" else "女"
    return cards.Person(name, number, sex, NATIONS[nation].removesuffix("族"), cert.birth.isoformat(), home, card), nation


def id_front(seed: int) -> Made:
    one, nation = person(random.Random(f"front {seed}"))
    cert = read_cert("01", one.number)
    truth = {"name": one.name, "sex": cert.sex, "nation": nation, "birth": one.birth, "address": one.address}
    return Made(Looks.ID_FRONT, _bgr(cards.id_front(one)), truth | {"cert_number": one.number})


def id_back(seed: int) -> Made:
    """The other side, valid for a time; the specimens' own says 长期."""
    dice = random.Random(f"back {seed}")
    day = (dice.randint(2008, 2025), dice.randint(1, 12), dice.randint(1, 28))
    years = dice.choice((5, 10, 20, 0))
    until = "长期" if not years else f"{day[0] + years}.{day[1]:02}.{day[2]:02}"
    issuer = f"样本市公安局{dice.choice(('肃州', '东区', '林区', '城关', '新华'))}分局"
    sheet = Sheet(*cards.CARD, cards.CARD_DPI, "#f3f7f6")
    sheet.lattice("#e3ecea")
    sheet.text(14.5, 16.1, "样本", 10, "bold", "#b06868", at="m")
    sheet.text(52, 14.5, "居 民 身 份 证", 15, "bold", at="m", gap=0.6)
    for y, label, value in ((40, "签发机关", issuer), (47, "有效期限", f"{day[0]}.{day[1]:02}.{day[2]:02}-{until}")):
        sheet.text(28, y, label, 6.6, "sans", cards.LABEL, at="r")
        sheet.text(31, y, value, 8, "sans")
    sheet.mark([(45, 29)], 52)
    return Made(Looks.ID_BACK, _bgr(sheet), {"issuer": issuer, "cert_until": until.replace(".", "-")})


def social(seed: int) -> Made:
    one, _ = person(random.Random(f"social {seed}"))
    truth = {"name": one.name, "social_number": one.number, "card_number": one.card_number}
    return Made(Looks.SOCIAL_CARD, _bgr(cards.social_card(one)), truth)


def _drawn(dice: random.Random) -> dict:
    year, month = 2026, dice.randint(1, 11)
    came, went = dice.randint(1, 12), dice.randint(13, 27)
    issued = went + dice.choice((0, 0, 1))
    return {
        "hospital": dice.choice(HOSPITALS),
        "department": dice.choice(("心血管内科", "肾脏内科", "内分泌科")),
        "record_number": f"ZY{dice.randint(10**7, 10**8 - 1)}",
        "diagnosis": dice.sample(DISEASES, dice.choice((1, 2, 3))),
        "complaint": "反复头晕、乏力 3 年，加重 1 周。",
        "advice": "长期服药，每 3 个月门诊复查一次；建议申请门诊慢特病待遇。",
        "course": ["入院后完善检查，予药物治疗，病情平稳，准予出院。"],
        "orders": ["按时服药，低盐饮食。", "每月复查一次。"],
        "doctor": dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2)),
        "admitted": f"{year}-{month:02}-{came:02}",
        "discharged": f"{year}-{month:02}-{went:02}",
        "issued": f"{year}-{month:02}-{issued:02}",
    }


def _paper(looks: Looks, seed: int) -> Made:
    dice = random.Random(f"{looks} {seed}")
    one, _ = person(dice)
    drawn = _drawn(dice)
    diagnosis = looks is Looks.DIAGNOSIS
    sheet = (papers.diagnosis if diagnosis else papers.discharge)(one, drawn)
    truth = {
        "name": one.name,
        "hospital": drawn["hospital"],
        "diagnosis": "；".join(drawn["diagnosis"]),
        "doctor": drawn["doctor"],
        "issued_on": drawn["issued" if diagnosis else "discharged"],
    }
    return Made(looks, _bgr(sheet), truth | ({"cert_number": one.number} if diagnosis else {}))


def diagnosis(seed: int) -> Made:
    return _paper(Looks.DIAGNOSIS, seed)


def discharge(seed: int) -> Made:
    return _paper(Looks.DISCHARGE, seed)


MAKERS = {"id_front": id_front, "id_back": id_back, "social_card": social, "diagnosis": diagnosis, "discharge": discharge}


@cache
def made(kind: str, seed: int) -> Made:
    return MAKERS[kind](seed)


def _taken(picture: np.ndarray) -> np.ndarray:
    """Taken in as a file at the counter: found, cut out and levelled by our own imaging, and set upright."""
    (page,) = PageMaker().pages(kit.jpeg(picture), "a.jpg", formats=(), max_bytes=10**7, dropped=lambda _: None)
    found = cv2.imdecode(np.frombuffer(page.data, np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.rot90(found, -(page.turn // 90))) if page.turn else found


def _shot(bgr: np.ndarray) -> np.ndarray:
    """Laid on a desk before a camera."""
    big = bgr if max(bgr.shape[:2]) > 2000 else cv2.resize(bgr, None, fx=1.6, fy=1.6, interpolation=cv2.INTER_CUBIC)
    size = (1920, 2560) if bgr.shape[1] > bgr.shape[0] else (2560, 1920)
    return _taken(kit.shot(big, "grey", size=size, share=0.72, tilt=0.05, turn=4.0)[0])


DEGRADATIONS = {
    "sound": lambda bgr: bgr,
    "noise": lambda bgr: kit.noisy(bgr, 14),
    "skew": lambda bgr: _taken(kit.skewed(bgr, 2.5)),
    "glare": lambda bgr: kit.glaring(bgr, 0.09, (0.33, 0.86 if bgr.shape[1] > bgr.shape[0] else 0.7)),
    "shadow": lambda bgr: kit.shadowed(bgr, 0.45),
    "coarse": lambda bgr: kit.smaller(bgr, 0.45 if bgr.shape[1] > bgr.shape[0] else 0.5),
    "blur": lambda bgr: kit.blurred(bgr, 2.2),
    "camera": _shot,
}


@cache
def page(kind: str, degradation: str, seed: int) -> bytes:
    """The page as a JPEG file."""
    return kit.jpeg(DEGRADATIONS[degradation](made(kind, seed).bgr), quality=82)


def same(name: str, value: str, truth: str) -> bool:
    """Whether a value says what stands on the page; marks of a diagnosis and of an address may differ."""
    if name in {"diagnosis", "address"}:
        return _bare(value) == _bare(truth)
    return value == truth


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
