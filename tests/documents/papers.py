"""What the tests of documents share: real regions, real fonts, and readers that did not write the file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdfium2
import zxingcpp
from pypdfium2 import raw

from app.adapters.documents.printery import Printery
from app.adapters.documents.trials import MOMENT, trial_cases, trial_extras
from app.adapters.regions import load_region
from app.core.paper_extras import NOTHING_MORE
from app.services.ports import Counter

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
REGIONS = ("gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia")
CASES = ("short", "typical", "longest", "rare")
COUNTER = Counter("gansu-jiuquan", "03", "3号窗口")
MM = 72 / 25.4


@cache
def printery():
    return Printery(RESOURCES)


@cache
def region(name):
    return load_region(ROOT / "forms" / name)


def case(region_name, name):
    return trial_cases(region(region_name))[name]


def draw(kind, edition, application, place, counter=COUNTER, moment=MOMENT, more=NOTHING_MORE):
    return printery().render(kind, edition, application, place, counter, moment=moment, more=more)


@cache
def drawn(region_name, name, kind="form", edition="normal"):
    more = trial_extras(region(region_name), kind, name)
    return draw(kind, edition, case(region_name, name), region(region_name), more=more)


def codes(image):
    """The codes on an upright picture of a page, as a plain reader finds them: it turns and inverts nothing."""
    return zxingcpp.read_barcodes(image.convert("L"), try_rotate=False, try_invert=False)


def text(pdf):
    """All text without white space: where a line ends says nothing about what was printed."""
    with pypdfium2.PdfDocument(pdf) as document:
        whole = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(whole.split())


@dataclass(frozen=True)
class Char:
    char: str
    left: float
    base: float
    size: float


def chars(pdf, page=0):
    """Every character of a page with its origin in mm from the top left corner, and its size in points."""
    with pypdfium2.PdfDocument(pdf) as document:
        height = document[page].get_height()
        inside = document[page].get_textpage()
        found = []
        for at in range(inside.count_chars()):
            x, y = raw.ctypes.c_double(), raw.ctypes.c_double()
            raw.FPDFText_GetCharOrigin(inside, at, x, y)
            size = raw.FPDFText_GetFontSize(inside, at)
            found.append(Char(chr(raw.FPDFText_GetUnicode(inside, at)), x.value / MM, (height - y.value) / MM, size))
        return found


def place(pdf, words, page=0):
    """Where the words begin: the origin of their first character."""
    found = chars(pdf, page)
    whole = "".join(one.char for one in found)
    at = whole.index(words)
    return found[at]
