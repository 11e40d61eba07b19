"""A materials step on an invented case, and pictures of pages that look like paper from a distance."""

import datetime as dt
import io
from dataclasses import replace

from PIL import Image, ImageDraw

from app.adapters.calendar import load_calendar
from app.adapters.regions import load_region, shipped
from app.core.application import Agent, Application, Care, Disease, Page, Paper
from app.core.checks import check
from app.core.requirements import needs
from app.services import originals
from app.ui.case.materials_page import MaterialsPage
from app.ui.case.state import CaseState

TODAY = dt.date(2026, 2, 6)
REGION = load_region(shipped() / "sichuan-panzhihua")


def jpeg(width=176, height=248, *, stamp=False, lines=24) -> bytes:
    """A page of grey lines, perhaps with a red stamp."""
    image = Image.new("RGB", (width, height), (252, 251, 247))
    draw = ImageDraw.Draw(image)
    margin = width // 10
    for at in range(lines):
        y = height // 8 + at * height // (lines + 8)
        draw.line((margin, y, width - margin * (2 if at % 5 == 4 else 1), y), fill=(90, 100, 105), width=max(1, width // 180))
    if stamp:
        box = (width * 0.6, height * 0.7, width * 0.85, height * 0.7 + width * 0.25)
        draw.ellipse(box, outline=(180, 52, 42), width=max(1, width // 90))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def pages(prefix: str, count: int) -> tuple[Page, ...]:
    return tuple(Page(f"{prefix}{at}") for at in range(count))


def blank(region=REGION) -> Application:
    return Application(
        "01J0000000000000000000TEST",
        region.id,
        region.version,
        care=Care(hospital="云岭市第一人民医院", grade="02"),
        diseases=(Disease("糖尿病"),),
        by_agent=True,
        agent=Agent(name="周敏"),
    )


def half_way(region=REGION) -> Application:
    """As in the picture: two papers done, a seal not seen, a stale report, an agent's paper short of nothing yet."""
    return replace(
        blank(region),
        papers=(
            Paper("identity", option="身份证", pages=pages("id", 2), seen=True, copied=True, returned=True),
            Paper("card", pages=pages("card", 1), seen=True, copied=True, returned=True),
            Paper("diagnosis", pages=pages("diag", 1), seen=True),
            Paper("reports", pages=pages("rep", 5), issued_on="2025-07-11", seen=True, copied=True, sealed=True),
        ),
    )


def state_of(application: Application, region=REGION) -> CaseState:
    return CaseState(
        application, region, check(application, region, TODAY), needs(application, region, TODAY), TODAY, load_calendar(), None
    )


class Desk:
    """Does to the application what the window does, without a store: so that a test sees the whole round."""

    def __init__(self, page: MaterialsPage, application: Application, region=REGION) -> None:
        self.page, self.application, self.region = page, application, region
        self.undone: list[Application] = []
        self.heard: list[tuple[object, ...]] = []
        page.edited.connect(self.edit)
        page.turn_wanted.connect(lambda req, at, by: self.pages("turn", req, at, by))
        page.move_wanted.connect(lambda req, at, to: self.pages("move", req, at, to))
        page.remove_wanted.connect(lambda req, at: self.pages("remove", req, at))
        page.transfer_wanted.connect(lambda req, at, to: self.pages("transfer", req, at, to))
        page.undo_wanted.connect(self.undo)
        page.thumbnails_wanted.connect(lambda ids: [page.set_thumbnail(i, jpeg()) for i in ids])
        page.preview_wanted.connect(lambda id_: page.set_preview(id_, jpeg(1131, 1600)))
        self.show()

    def show(self) -> None:
        self.page.show_case(state_of(self.application, self.region))

    def edit(self, path, value) -> None:
        from app.services import intake

        self.heard.append((path, value))
        self.application = intake.answer(self.application, path, value)
        self.show()

    def pages(self, name, *given) -> None:
        self.heard.append((name, *given))
        self.undone.append(self.application)
        self.application = getattr(originals, name)(self.application, *given)
        self.show()
        self.page.set_can_undo(True)

    def undo(self) -> None:
        self.heard.append(("undo",))
        self.application = self.undone.pop()
        self.show()
        self.page.set_can_undo(bool(self.undone))
