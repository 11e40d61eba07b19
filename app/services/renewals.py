"""Whose benefit ends soon: each approval is looked at once, in small steps, so that a store of years is ready without anybody waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.answer import Approved
from app.core.errors import StoreError
from app.core.renewal import Expiry, expiry, window
from app.services import outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Desk, Entry

STEP: Final = 40
"""Approvals looked at in one turn on the local lane, under 100 ms."""


def look_through(desk: Desk) -> bool:
    """Work out the end of the next approvals nobody looked at; True while there are more."""
    ids = desk.store.unreckoned(STEP)
    for id_ in ids:
        found = _expiry(desk, id_)
        desk.store.keep_expiry(id_, found.day, reckoned=found.reckoned)
    return len(ids) == STEP


def due(desk: Desk, limit: int = 500) -> Sequence[Entry]:
    """Return whose benefit ends within the window and is not being renewed yet."""
    return desk.store.renewals(*window(desk.clock.now().date()), limit)


def _expiry(desk: Desk, id_: str) -> Expiry:
    try:
        application, out = desk.store.application(id_), outcomes.outcome(desk, id_)
    except StoreError:
        return Expiry()  # a record that cannot be read is told where it is opened
    if application is None or out is None or not isinstance(out.answer.content, Approved):
        return Expiry()
    region = desk.regions.get(application.region)
    if region is None:
        return Expiry()
    return expiry(out.answer.content, out.answer.at, application.diseases, region)
