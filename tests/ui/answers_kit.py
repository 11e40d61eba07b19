"""What the tests of answers, receipt and paper share: real regions, the real calendar, real documents."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

from app.adapters.calendar import load_calendar
from app.adapters.documents import Printery
from app.adapters.documents.trials import trial_cases
from app.adapters.regions import load_region
from app.core.application import Acceptance, Agent, Applicant, Care, Disease, Insurance, Page, Paper, State
from app.core.checks import check
from app.core.requirements import needs
from app.core.workdays import due
from app.services.finalise import DOCUMENTS
from app.services.offers import Offer
from app.services.papers import BUNDLES, Moment, Sheet
from app.services.ports import Counter
from app.ui.case.state import CaseState

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 2, 6)
MOMENT = "2026-02-06T10:47:12"
COUNTER = Counter("gansu-jiuquan", "03", "3 号窗口")
LANE = ThreadPoolExecutor(1)


@cache
def region(name="gansu-jiuquan"):
    return load_region(ROOT / "forms" / name)


@cache
def calendar():
    return load_calendar()


@cache
def printery():
    return Printery(ROOT / "resources")


def draft(place=None):
    """An application with everything this place asks for."""
    place = place or region()
    application = replace(
        trial_cases(place)["typical"],
        acceptance=None,
        by_agent=True,
        applicant=Applicant(
            name="沈桂兰", cert_number="510402190001019980", cert_until="长期", sex="2", birth="1900-01-01", nation="01",
            phone="13800001234", address="肃州区东大街 88 号 3 幢 2 单元 501 室",
        ),
        agent=Agent(name="周敏", relation="child", cert_number="620902190001019991", phone="13900004821", address="肃州区东大街 88 号"),
        insurance=Insurance(kind=place.insurances[-1].code, place="酒泉市肃州区", voucher="card", card_number="C50911224"),
        diseases=(Disease("糖尿病", "M01600", "2026-01-19"),),
        care=Care(hospital="酒泉市人民医院", grade="02", doctor="赵一川", designated="肃州区人民医院"),
        summary="确诊 2 型糖尿病 6 年，口服二甲双胍联合胰岛素治疗。2026-01-19 复查糖化血红蛋白 9.1 %，需长期门诊用药。",
        papers=(),
    )  # fmt: skip
    papers = [
        Paper(
            need.id,
            option=need.requirement.options[0] if need.requirement.options else "",
            issued_on="2026-01-19" if need.requirement.dated else "",
            pages=tuple(Page(f"01JTRY{at:020}") for at in range(need.requirement.pages_for(need.requirement.options[0] if need.requirement.options else ""))),
            seen=True, copied=True, kept=at % 2 == 1, returned=at % 2 == 0, sealed=True,
        )
        for at, need in enumerate(needs(application, place, TODAY))
        if not need.requirement.made_here
    ]  # fmt: skip
    return replace(application, papers=tuple(papers))


def accepted(application=None, place=None, day=TODAY):
    """The same, accepted."""
    place = place or region()
    application = application or draft(place)
    promise = due(calendar(), day, place.limit.workdays) if place.limit.workdays else None
    return replace(
        application,
        state=State.READY,
        read_back=True,
        notified="2026.1",
        acceptance=Acceptance(
            number=f"{place.number_prefix}03-{day:%y%m%d}-0018-5",
            accepted_at=f"{day.isoformat()}T10:47:12",
            due=promise.day.isoformat() if promise else "",
            due_provisional=bool(promise and promise.provisional),
            clerk="罗静",
            counter_code="03",
            counter_name="3 号窗口",
        ),
    )


def state(application, place=None, today=TODAY):
    """What a page is given."""
    place = place or region()
    promise = due(calendar(), today, place.limit.workdays) if place.limit.workdays else None
    return CaseState(
        application, place, check(application, place, today), needs(application, place, today), today, calendar(), promise
    )


def drawn(application, kind="form", edition="normal", place=None):
    """A real document."""
    return printery().render(kind, edition, application, place or region(), COUNTER, moment=MOMENT)


@cache
def documents():
    """The documents of an accepted application."""
    return tuple(replace(drawn(accepted(), what, edition), kind=kind) for kind, what, edition in DOCUMENTS)


@cache
def offers(times=0):
    """What an accepted application offers to print; ``times`` makes reprints of them."""
    extra = (("materials-large", "materials", "large"), ("privacy", "privacy", "letter"), ("privacy-large", "privacy", "large"),
             ("cover", "cover", "normal"))  # fmt: skip
    more = tuple(replace(drawn(accepted(), what, edition), kind=kind) for kind, what, edition in extra)
    usual = {wanted.kind for wanted in BUNDLES[Moment.ACCEPTED]}
    return tuple(
        Offer(
            Sheet(one, 2 if one.kind.startswith("materials") else 1, kept=True), one.kind.removesuffix("-large") in usual, times
        )
        for one in (*documents(), *more)
    )


def serve(paper, *rendered):
    """Answer a paper view's questions at once with real pictures, drawn on a thread as in the program; returns the list of questions."""
    asked = []
    found = {one.digest: one.pdf for one in rendered}

    def draw(digest, page, dpi):
        asked.append((digest, page, dpi))
        paper.set_page(digest, page, *LANE.submit(printery().picture, found[digest], page, dpi).result())

    paper.page_wanted.connect(draw)
    return asked
