"""What was read from a case's pages, put where nobody typed anything yet, and held against the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core import sources
from app.core.application import get
from app.core.readings import NAMES, NOTHING_READ, Looks, PageReading
from app.services import recognition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.application import Application
    from app.core.findings import Finding
    from app.core.region import Condition, Region

MOST_PAGES = 3
"""Pages of one paper that are read: what is asked for stands on the first ones."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that was read: which stored original, for which requirement, whose it is (applicant, agent), and what it says."""

    original: str
    requirement: str
    whose: str = "applicant"
    reading: PageReading = NOTHING_READ


def wanted(application: Application) -> list[tuple[str, str, int]]:
    """Return requirement, original and turn of each page worth reading, in the order of the papers."""
    return [
        (paper.requirement, page.original, page.turn)
        for paper in application.papers
        for page in paper.pages[:MOST_PAGES]
        if page.original
    ]


def expected(region: Region, requirement: str) -> Looks:
    """Return what a requirement's page most likely is; UNKNOWN where its name does not say."""
    one = next((r for r in region.requirements if r.id == requirement), None)
    said = f"{one.name} {' '.join(one.options)}" if one is not None else ""
    for word, looks in (
        ("身份证", Looks.ID_FRONT),
        ("社保卡", Looks.SOCIAL_CARD),
        ("社会保障卡", Looks.SOCIAL_CARD),
        ("诊断", Looks.DIAGNOSIS),
        ("出院", Looks.DISCHARGE),
    ):
        if word in said:
            return looks
    return Looks.UNKNOWN


def whose(application: Application, region: Region, requirement: str, reading: PageReading) -> str:
    """Return whose card this is: what its number says, else whom the requirement is about."""
    number = reading.of("cert_number") or reading.of("social_number")
    if number is not None:
        if number.value and number.value == application.agent.cert_number.strip().upper():
            return "agent"
        if number.value and number.value == application.applicant.cert_number.strip().upper():
            return "applicant"
    one = next((r for r in region.requirements if r.id == requirement), None)
    return "agent" if one is not None and one.when is not None and _about_agent(one.when) else "applicant"


def fill(application: Application, region: Region, page: ReadPage) -> Application:
    """Put what a page says into the fields nobody filled yet, each waiting for a person's word."""
    values = recognition.values(region, page.reading, page.whose, page.requirement)
    empty = {path: value for path, value in values.items() if not str(get(application, path)).strip()}
    filled = sources.arrive(application, sources.CAMERA, empty, NAMES.get(page.reading.looks, "这一页"))
    return _chosen(filled, region, page)


def doubts(application: Application, pages: Iterable[ReadPage]) -> tuple[Finding, ...]:
    """Return where pages say otherwise than the application, each once, with the reason where one was written."""
    found: dict[str, Finding] = {}
    for page in pages:
        for one in recognition.contradictions(application, page.reading, page.whose, page.requirement):
            found.setdefault(one.id, one)
    return tuple(replace(one, reason=application.reason_for(one.id)) for one in found.values())


def _chosen(application: Application, region: Region, page: ReadPage) -> Application:
    """Say which of a requirement's papers was brought where the page shows it: a choice anybody sees, and nobody has to confirm."""
    word = {Looks.ID_FRONT: "身份证", Looks.ID_BACK: "身份证", Looks.SOCIAL_CARD: "社"}.get(page.reading.looks, "")
    one = next((r for r in region.requirements if r.id == page.requirement), None)
    paper = application.paper(page.requirement)
    option = next((o for o in one.options if word and word in o), "") if one is not None and not paper.option else ""
    return application.with_paper(replace(paper, option=option)) if option else application


def _about_agent(when: Condition) -> bool:
    return when.op == "agent" or (when.op in {"all", "any"} and any(_about_agent(part) for part in when.parts))
