"""What is wrong with each page, as a word for its thumbnail and boxes for the viewer. No widget in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.checks.materials import page_finding
from app.core.findings import Tone
from app.core.quality import FLAWS, SEAL, Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.application import Page, Paper
    from app.core.findings import Finding

NO_SEAL = "未见印章"
PERHAPS_SEAL = "像印章"


@dataclass(frozen=True, slots=True)
class PageMark:
    """What is wrong with one page: ``tone`` and ``word`` of its gravest finding, and where (fractions of the unturned page)."""

    tone: str
    word: str
    finding: Finding
    spots: tuple[Spot, ...] = ()


def boxed(spot: Spot) -> bool:
    """Whether a spot is a place on the page and not all of it."""
    return spot.width > 0 and spot.height > 0


def page_marks(paper: Paper, findings: Sequence[Finding]) -> tuple[PageMark | None, ...]:
    """Return for each page what is wrong with it. A seal that was nowhere seen is told of the last page, where seals stand."""
    about: dict[str, list[Finding]] = {}
    for finding in findings:
        about.setdefault(finding.id.rpartition(".")[0] + ".", []).append(finding)
    marks = [_flaw(page, about.get(page_finding(paper.requirement, page), ())) for page in paper.pages]
    seal = _seal(paper, findings)
    if marks and marks[-1] is None and seal is not None and not _red(paper):
        marks[-1] = PageMark(seal.tone.value, NO_SEAL, seal)
    return tuple(marks)


def perhaps_seal(paper: Paper, page: Page, findings: Sequence[Finding]) -> PageMark | None:
    """Return where on this page a seal may be, while the clerk has not said that one is there."""
    seal = _seal(paper, findings)
    spots = tuple(spot for spot in page.spots if spot.what == SEAL)
    return PageMark("accent", PERHAPS_SEAL, seal, spots) if seal is not None and spots else None


def flaw_of(finding: Finding) -> str:
    """Return the flaw of a page that a finding is about, '' for any other."""
    flaw = finding.id.rpartition(".")[2]
    return flaw if flaw in FLAWS and ".page." in finding.id else ""


def _flaw(page: Page, here: Sequence[Finding]) -> PageMark | None:
    if not here:
        return None
    first = min(here, key=lambda f: not f.stops)
    flaw = flaw_of(first)
    return PageMark(first.tone.value, FLAWS[flaw].mark, first, tuple(spot for spot in page.spots if spot.what == flaw))


def _seal(paper: Paper, findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that the seal was not looked at yet, once every page was judged."""
    judged = bool(paper.pages) and all(page.likeness for page in paper.pages)
    return next(
        (f for f in findings if f.id == f"papers.{paper.requirement}.sealed" and f.tone is Tone.MISSING and judged), None
    )


def _red(paper: Paper) -> bool:
    return any(spot.what == SEAL for page in paper.pages for spot in page.spots)
