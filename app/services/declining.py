"""The reasons sheet (暂不能受理的原因): handed to somebody whose application cannot be taken here today. The draft stays a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.checks import check
from app.core.declining import causes as all_causes
from app.services.printing import usual

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.application import Application
    from app.core.declining import Cause
    from app.services.ports import Desk

SHEET: Final = "reasons"


def causes(desk: Desk, application: Application) -> tuple[Cause, ...]:
    """Return the reasons a clerk may choose from, by today's rules."""
    region = desk.region_of(application)
    return all_causes(check(application, region, desk.clock.now().date()), application, region)


def among(kinds: Iterable[str]) -> bool:
    """Whether the reasons sheet is among papers by their stored names."""
    return any(usual(kind) == SHEET for kind in kinds)


def note(desk: Desk, application: Application, chosen: Sequence[Cause]) -> None:
    """Write into the audit that the sheet was handed out, and which reasons stood on it; never their words."""
    desk.store.note(desk.clerk, "declined", application.id, " ".join(one.id for one in chosen))
