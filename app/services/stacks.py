"""A stack of paper scanned in one go, divided by the sheets that lie in it (:mod:`app.core.dividers`).

What a divider said holds until the next one, the end of the stack, or the cover of another case, where taking ends: no page of one case
ever goes to another by a sheet that lay before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core import dividers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.core.application import Application
    from app.core.requirements import Need
    from app.services.ports import Capture

BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Stack:
    """Where a stack stands. ``requirement``: where the next page goes; ``slots``: where pages may go; ``number``: this case's own.

    ``back``: the next page is the back of a dividing sheet. ``divided``: a divider was met. ``halt``: why nothing more of it is taken, in a
    sentence; '' while it goes on.
    """

    requirement: str
    slots: frozenset[str]
    number: str = ""
    duplex: bool = False
    back: bool = False
    divided: bool = False
    halt: str = ""


def stack(application: Application, needs: Iterable[Need], requirement: str, *, duplex: bool = False) -> Stack:
    """Begin a stack at this requirement."""
    accepted = application.mends.acceptance if application.mends else application.acceptance
    slots = frozenset(need.id for need in needs if not need.requirement.made_here)
    return Stack(requirement, slots, accepted.number if accepted else "", duplex)


def divide(
    begun: Stack, pages: Iterable[Capture], codes: Callable[[Capture], Sequence[str]]
) -> tuple[list[tuple[str, Capture]], Stack]:
    """Return each page with the requirement it belongs to, and where the stack then stands. Dividing sheets are no pages.

    The blank back of a dividing sheet, scanned on both sides, is none either; every other blank page stays.
    """
    at = begun
    taken: list[tuple[str, Capture]] = []
    for page in pages:
        if at.halt:
            break
        said = dividers.read(codes(page))
        if said is None:
            if not (at.back and at.duplex and any(spot.what == BLANK for spot in page.spots)):
                taken.append((at.requirement, page))
            at = replace(at, back=False)
        elif said.number:
            at = replace(at, back=True, halt="" if said.number == at.number else dividers.another_case(said.number))
        elif said.requirement in at.slots:
            at = replace(at, requirement=said.requirement, back=True, divided=True)
        else:
            at = replace(at, halt=dividers.NOT_ASKED)
    return taken, at
