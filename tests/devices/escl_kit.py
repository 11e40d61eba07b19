"""What the eSCL tests share: pages, a driver that finds nothing by itself, and a scan that remembers what it got."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from app.adapters.devices.escl import Escl
from app.adapters.devices.escl_job import Limiting
from app.adapters.devices.escl_line import Limits
from app.core.errors import DeviceError
from app.services.ports import ScanWish

#: For scanners that hang: the same order of things, sooner. What a sound scanner answers has all the time it needs.
IMPATIENT = Limiting(page=Limits(answer=2.5, idle=2.5, total=20, size=8 << 20), busy=0.3, not_ready=0.3)

#: Where nothing sound answers at all.
HASTY = Limiting(short=Limits(connect=1, answer=0.5, idle=0.5, total=1))


@functools.cache
def page(number: int = 0, dpi: int | None = 200, width: int = 640, height: int = 900) -> bytes:
    """A page with something on it, the same each time; without ``dpi`` its file says no resolution."""
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for line in range(0, height, 12):
        pen.line((20, line, 20 + (line * (number + 7)) % (width - 40), line), fill=(number * 37 % 200, 40, line % 200), width=3)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


def nothing_announced(_cancelled, _enough):
    return []


def escl(limiting: Limiting | None = None, search=nothing_announced) -> Escl:
    return Escl(limiting, search)


@dataclass
class Got:
    """How a scan went."""

    pages: list[bytes] = field(default_factory=list)
    sentence: str = ""


def scanned(driver, id_, wish=None, cancelled=lambda: False) -> Got:
    got = Got()
    try:
        driver.scan(id_, wish or ScanWish(), got.pages.append, cancelled)
    except DeviceError as problem:
        got.sentence = problem.sentence
    return got
