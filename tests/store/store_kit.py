"""Invented people, pages and documents, and a clock that ticks, for the tests of the store and the export."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.application import (
    Acceptance,
    Agent,
    Applicant,
    Application,
    Care,
    Disease,
    Insurance,
    Page,
    Paper,
    Reason,
    Remote,
)
from app.core.numbering import number
from app.services.ports import Capture, Counter, Rendered

if TYPE_CHECKING:
    from pathlib import Path

CLERK = "王芳"
PASSPHRASE = "柳树下的口令 2026"
DAY = dt.date(2026, 3, 5)
COUNTER = Counter("gansu-jiuquan", "03", "三号窗口", phone="0937-2600000")


class TickingClock:
    """A clock that goes one second on each time it is asked."""

    def __init__(self, start: dt.datetime = dt.datetime(2026, 3, 5, 10, 0, 0)) -> None:
        self.time = start

    def now(self) -> dt.datetime:
        self.time += dt.timedelta(seconds=1)
        return self.time


def ulid(n: int) -> str:
    return f"01JQ{n:022}"


def draft(
    n: int = 1, name: str = "沈桂兰", cert: str = "510402190001019980", phone: str = "13800001234", **more
) -> Application:
    application = Application(
        ulid(n),
        "gansu-jiuquan",
        "2026.1",
        applicant=Applicant(
            name=name, cert_number=cert, phone=phone, sex="2", birth="1900-01-01", nation="01", address="酒泉路一号"
        ),
        agent=Agent(name="沈念", relation="3", cert_number="51040219000101029X", phone="13900005678", address="酒泉路二号"),
        insurance=Insurance(kind="390", place="620902"),
        remote=Remote(),
        diseases=(Disease("高血压", "M03900", "2026-01-19"), Disease("糖尿病")),
        care=Care(hospital="酒泉市人民医院", grade="02", doctor="周医师"),
        summary="头晕三年，服药后平稳",
        reasons=(Reason("applicant.birth.differs", "出生日期以户口簿为准"),),
        author=CLERK,
        started_at="2026-03-05T09:58:00",
    )
    return replace(application, **more)


def accept(application: Application, sequence: int, day: dt.date = DAY) -> Application:
    text = number("JQ", "03", day, sequence)
    return replace(application, acceptance=Acceptance(text, f"{day}T10:30:00", "2026-04-02", clerk=CLERK, counter_code="03"))


def page(seed: int = 1, size: int = 2000) -> Capture:
    return Capture(b"\xff\xd8" + random.Random(seed).randbytes(size), "image/jpeg", 1240, 1754, 150, b"\xff\xd8thumb%d" % seed)


def picture(colour: str = "white") -> Capture:
    """A real JPEG, wider than high."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return Capture(out.getvalue(), "image/jpeg", 60, 40, 200, out.getvalue())


def rendered(kind: str, text: str = "") -> Rendered:
    pdf = f"%PDF-1.7 {kind} {text}".encode()
    return Rendered(kind, pdf, 1, hashlib.sha256(pdf).hexdigest())


def with_page(application: Application, requirement: str, original: str, turn: int = 0) -> Application:
    paper = application.paper(requirement)
    return application.with_paper(
        Paper(requirement, pages=(*paper.pages, Page(original, turn)), seen=True, issued_on="2026-2-1")
    )


def finalised(store, n: int, sequence: int, pages: int = 1, **person) -> Application:
    """Take one application through the store: draft, pages, acceptance."""
    application = draft(n, **person)
    store.save_draft(application, CLERK)
    for at in range(pages):
        application = with_page(
            application, "diagnosis", store.add_capture(application.id, "diagnosis", page(n * 100 + at), "file")
        )
    application = accept(application, sequence)
    store.finalise(application, [rendered("form", str(n)), rendered("receipt", str(n))], CLERK)
    return application


def every_file(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
