"""The same person's other applications, asked for when a certificate number is whole: in drafts, in the queue and in former years.

One question to an index and a few records; it runs on the local lane beside the typing. Reading here is not opening: the comparison shown to
somebody is noted by :func:`compared`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from app.core.answer import Supplement
from app.core.application import State
from app.core.days import words
from app.core.errors import StoreError
from app.core.identity import read_cert
from app.core.same_person import Known
from app.services import intake, outcomes

if TYPE_CHECKING:
    from app.core.application import Application
    from app.services.ports import Desk, Entry

MOST: Final = 20
"""Applications of one person that are looked at, the last touched first."""
REASON_VOID: Final = "这位已有一件，这件不另办"
KEPT: Final = "keep_both"
COPIED: Final = "copy_earlier"


def number_of(application: Application, today: dt.date) -> str:
    """Return the applicant's certificate number once it is whole and sound, else ''."""
    person = application.applicant
    reading = read_cert(person.cert_kind, person.cert_number, today)
    return reading.number if reading.ok else ""


def known(desk: Desk, number: str, own: str) -> tuple[Known, ...]:
    """Return the other applications under this number; ``own`` is the id of the one at hand. Void ones and unreadable records are left out."""
    found = (_known(desk, entry) for entry in desk.store.same_person(number, MOST) if entry.id != own)
    return tuple(one for one in found if one is not None)


def compared(desk: Desk, application: Application, other: str) -> None:
    """Note in the audit that another application was shown beside this one."""
    desk.store.note(desk.clerk, "view", other, f"beside {application.id}")


def kept_both(desk: Desk, application: Application, other: str) -> None:
    """Note in the audit that both are kept; the reason travels with the application."""
    desk.store.note(desk.clerk, KEPT, application.id, other)


def copied(desk: Desk, application: Application, other: str) -> None:
    """Note in the audit what was copied from: that is a view of the other one."""
    desk.store.note(desk.clerk, "view", other, f"copied to {application.id}")
    desk.store.note(desk.clerk, COPIED, application.id, other)


def void(desk: Desk, application: Application) -> None:
    """Void the application at hand in favour of the other one; nothing of it is deleted."""
    intake.discard(desk, application, REASON_VOID)


def origin(one: Known) -> str:
    """Say without personal data what a value was copied from: 2025 年 12 月 30 日那件."""
    return origin_of(one.application, one.at)


def origin_of(application: Application, at: str = "") -> str:
    """Say the same of an application last touched at ``at`` (ISO)."""
    accepted = application.acceptance
    at = (accepted.accepted_at if accepted else at or application.started_at)[:10]
    if not at:
        return "以前那件"
    return f" {words(dt.date.fromisoformat(at))}那件"


def _known(desk: Desk, entry: Entry) -> Known | None:
    if entry.state is State.VOID:
        return None
    try:
        application = desk.store.application(entry.id)
    except StoreError:
        return None
    if application is None:
        return None
    asked, until = 0, ""
    if entry.state is State.SUPPLEMENT:
        out = outcomes.outcome(desk, entry.id)
        if out is not None and isinstance(out.answer.content, Supplement):
            asked, until = len(out.answer.content.faults), out.answer.content.until
    came = next((row.who for row in desk.store.journal(entry.id)), "") if entry.state is State.DRAFT else ""
    return Known(application, entry.updated_at, entry.handed, entry.expires, asked, until, came)
