"""The same person's other applications, asked for when a certificate number is whole: in drafts, in the queue and in former years.

One question to an index and a few records; it runs on the local lane beside the typing. Reading here is not opening: the comparison shown to
somebody is noted by :func:`compared`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core import same_person as core
from app.core.answer import Supplement
from app.core.application import State
from app.core.days import words
from app.core.errors import AppError, StoreError
from app.core.identity import read_cert
from app.core.same_person import Known
from app.services import intake, outcomes

if TYPE_CHECKING:
    from app.core.application import Application, Page, Paper
    from app.services.ports import Desk, Entry

MOST: Final = 20
"""Applications of one person that are looked at, the last touched first."""
REASON_VOID: Final = "这位已有一件，这件不另办"
REASON_JOINED: Final = "材料并入这位的另一件，这件不另办"
TAKEN: Final = "take_papers"
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


def take_papers(desk: Desk, application: Application, other: str) -> tuple[Paper, ...]:
    """Return the other application's papers with pages that belong to the one at hand: copies, page by page, each told where it came from.

    Nothing of the other one changes; it is voided by :func:`join` once these are stored. AppError when it is not open here any more or a page
    cannot be read. A run that was cut leaves copies that no paper shows, and acceptance clears them.
    """
    stored = _open(desk, other)
    desk.store.note(desk.clerk, "view", other, f"papers to {application.id}")
    return tuple(
        replace(paper, pages=tuple(_copied(desk, application.id, paper.requirement, page) for page in paper.pages))
        for paper in core.movable(application, stored)
    )


def join(desk: Desk, id_: str, other: str, papers: tuple[Paper, ...]) -> None:
    """Void the other application, whose papers this one holds by now. AppError when these are not stored with it; then nothing changed."""
    mine = desk.store.application(id_)
    held = {page.original for paper in mine.papers for page in paper.pages} if mine is not None else set()
    if not {page.original for paper in papers for page in paper.pages} <= held:
        raise AppError("带过来的材料还没存下，那件没有作废。等存好再选一次", f"join {id_}")
    _open(desk, other)
    desk.store.note(desk.clerk, TAKEN, id_, other)
    desk.store.discard_draft(other, desk.clerk, REASON_JOINED)


def _open(desk: Desk, id_: str) -> Application:
    stored = desk.store.application(id_)
    open_ = stored is not None and stored.state in {State.DRAFT, State.WAITING} and stored.mends is None
    if stored is None or not open_ or desk.store.handed(id_):
        raise AppError("那件现在不是草稿了，材料没有带过来。打开那件看", f"take from {id_}")
    return stored


def _copied(desk: Desk, id_: str, requirement: str, page: Page) -> Page:
    capture = desk.store.capture(page.original)
    if capture is None:
        raise AppError("那件有一页原件读不出来，没有带过来。打开那件看是哪一页", f"page {page.original}")
    original = desk.store.add_capture(id_, requirement, capture, f"copy {page.original}")
    return replace(page, original=original, whole="", whole_turn=0)


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
