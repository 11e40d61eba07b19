"""Renewing what ends (续期): a new application out of the approved one, everything in it to be confirmed with the person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core import sources
from app.core.application import State, get
from app.core.errors import StoreError
from app.core.renewal import KIND
from app.services import intake
from app.services.same_person import COPIED, origin_of

if TYPE_CHECKING:
    from app.core.application import Application
    from app.services.ports import Desk

_TAKEN: Final = ("applicant.cert_number", *sources.EARLIER, "insurance.kind")


def begin(desk: Desk, application_id: str) -> Application:
    """Begin the renewal of an approved application; stored with the first change, as any draft. StoreError when it is not approved."""
    old = desk.store.application(application_id)
    if old is None or old.state is not State.APPROVED:
        raise StoreError("只有通过的件能续期。在工作台查找它，看现在怎样", f"renew {application_id}")
    desk.store.note(desk.clerk, "view", application_id)
    fresh = intake.start(desk)
    kinds = {kind.code for kind in desk.region.kinds}
    fresh = replace(fresh, kind=KIND if KIND in kinds else fresh.kind, diseases=old.diseases)
    fresh = intake.answer(fresh, "applicant.cert_kind", old.applicant.cert_kind)
    fresh = intake.answer(fresh, "applicant.cert_number", old.applicant.cert_number)
    values = {path: get(old, path) for path in _TAKEN}
    asked = desk.region.asks_designated
    made = sources.arrive(
        fresh,
        sources.COPIED,
        {path: value for path, value in values.items() if asked or path != "care.designated"},
        origin_of(old),
    )
    desk.store.note(desk.clerk, COPIED, made.id, application_id)
    return made
