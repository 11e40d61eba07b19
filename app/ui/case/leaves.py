"""The pages of a case's originals as one pile to page through, and which of them belongs to what is being looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.ui.case.answers_words import paper_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.core.application import Application, Paper
    from app.core.region import Region

_ABOUT: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "agent": (("agent_id",), ("代办人",)),
    "identity": (("identity", "identity_other"), ("身份",)),
    "insurance": (("voucher", "card"), ("社保卡", "社会保障卡", "医保")),
    "disease": (("diagnosis", "records", "reports"), ("诊断", "病历", "报告")),
}
"""What shows the answers of a step: the requirements' ids as most regions call them, then words in the names of papers."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its picture, how far it is turned clockwise, the requirement it came for, what people call it, which page of how many."""

    original: str
    turn: int
    requirement: str
    name: str
    nth: int
    of: int


def leaves(application: Application, region: Region) -> tuple[Leaf, ...]:
    """Return every page of the originals, in the region's order of papers; papers it does not ask for come last."""
    order = {one.id: at for at, one in enumerate(region.requirements)}
    papers = sorted(application.papers, key=lambda paper: order.get(paper.requirement, len(order)))
    return tuple(
        Leaf(page.original, page.turn, paper.requirement, paper_name(paper, region), nth, len(paper.pages))
        for paper in papers
        for nth, page in enumerate(paper.pages, 1)
    )


def captions(pile: Sequence[Leaf]) -> tuple[tuple[str, str], ...]:
    """Return name and place of each page, for whoever looks at one."""
    return tuple((leaf.name, f"第 {leaf.nth} 页，共 {leaf.of} 页·原件 {at}/{len(pile)}") for at, leaf in enumerate(pile, 1))


def belonging(application: Application, region: Region, pile: Sequence[Leaf], step: str, field: str = "") -> int | None:
    """Return where the pages begin that show what is answered at a field or, without one, in a step; None when nothing here does."""
    head, _, rest = field.partition(".")
    if head == "papers":
        wanted = rest.partition(".")[0]
        return next((at for at, leaf in enumerate(pile) if leaf.requirement == wanted), None)
    ids, words = _ABOUT.get("agent" if head == "agent" else step, ((), ()))
    by_id = [at for wanted in ids for at, leaf in enumerate(pile) if leaf.requirement == wanted and leaf.nth == 1]
    called = {paper.requirement: _called(paper, region) for paper in application.papers}
    named = [at for at, leaf in enumerate(pile) if leaf.nth == 1 and _any(words, called.get(leaf.requirement, ""))]
    return next(iter((*by_id, *named)), None)


def _called(paper: Paper, region: Region) -> str:
    """Return every name of a paper: the one that was brought, and what the region calls what it came for."""
    asked = next((one.name for one in region.requirements if one.id == paper.requirement), "")
    return f"{paper.option} {asked}"


def _any(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)
