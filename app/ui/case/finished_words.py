"""What is said once an application is accepted: until when, how that was counted, and where its papers went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.application import State
from app.core.days import parse_day, words
from app.core.identity import age_on
from app.core.requirements import birth_of
from app.core.workdays import due, explain
from app.services.originals import came
from app.services.ports import Goes
from app.ui.case.answers_words import paper_name, unsettled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.application import Application
    from app.services.ports.transfer import Spooled
    from app.ui.case.state import CaseState

SIGNED_GOES: Final[Mapping[Goes, str]] = {
    Goes.ALONG: "，随件报送",
    Goes.AGAIN: "。先前报送的不含签名，这就带着签名再报一版，编号和日期不变",
    Goes.STAYS: "，不再另外报送，纸质的照常交",
}
"""What becomes of a form signed after acceptance, to be put behind what was said of it."""
QUEUED = "已在本机排队。申请表签好，或离开这一页，就封好报送；没有联网的等导出。"
_AFTER: Final[Mapping[State, str]] = {
    State.SENT: "市局已签收，等结果。",
    State.SUPPLEMENT: "市局退回来要补正，补什么在「结果」里。",
    State.APPROVED: "市局已办结，通过了。",
    State.REFUSED: "市局已办结，没有通过，为什么在「结果」里。",
    State.VOID: "已作废，不报送。",
}
TOLD_BY_OFFICE = "以经办机构告知为准"
OLD = 60
"""From this age the large receipt is ticked beforehand (Law on the Protection of the Elderly, art. 2)."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Until when it will be decided. ``day``: the large words; ``how``: how it was counted; ``rule``: the region's own words."""

    day: str
    how: str
    rule: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """What happened to the papers, in words; each may be empty. ``open`` are those nobody wrote down."""

    returned: str
    kept: str
    open: str


def promise(state: CaseState) -> Promise:
    """Return the promised day of an accepted application; no day is invented where the region names no limit."""
    limit, acceptance = state.region.limit, state.application.acceptance
    rule = f"这里的规定：{limit.words}" if limit.words else ""
    if acceptance is None or not acceptance.due:
        return Promise(TOLD_BY_OFFICE, "这里的规定没有写办结时限，不替经办机构许日子", rule)
    day, start = dt.date.fromisoformat(acceptance.due), accepted_on(state.application)
    parts = []
    if start is not None:
        # The region's folder may have changed since: only a count that leads to the promised day is said.
        if limit.workdays and due(state.calendar, start, limit.workdays).day == day:
            parts.append(f"受理次日起 {limit.workdays} 个工作日")
        parts.append(explain(state.calendar, start, day))
    return Promise(words(day, weekday=True), "；".join(part for part in parts if part), rule, acceptance.due_provisional)


def returned(state: CaseState) -> Returned:
    """Return where the papers went, by the ledger."""
    application, region = state.application, state.region
    papers = [paper for paper in application.papers if came(paper)]
    lists = ([p for p in papers if p.returned], [p for p in papers if p.kept], unsettled(application))
    given, kept, unsaid = ("、".join(paper_name(p, region) for p in found) for found in lists)
    return Returned(given, kept, unsaid)


def next_words(application: Application, sent: Spooled | None) -> str:
    """Say what comes next for an accepted application. ``sent``: its last sealed submission that the office has not signed for, if any."""
    state = application.state
    if state is not State.READY or sent is None or sent.submission.revision != application.revision:
        return _AFTER.get(state, QUEUED)
    if sent.aside:
        return f"{sent.last_answer.rstrip('。')}。怎么办在「待报送」里。"
    if sent.delivered_at:
        return f"已送到「{sent.place}」，等市局签收。本机仍保留。"
    return "已封好，存在本机，等网络或 U 盘。"


def accepted_on(application: Application) -> dt.date | None:
    """Return the day of acceptance; None before it."""
    return parse_day(application.acceptance.accepted_at[:10]) if application.acceptance else None


def accepted_words(application: Application) -> str:
    """Say when, where and by whom it was accepted."""
    acceptance, day = application.acceptance, accepted_on(application)
    if acceptance is None or day is None:
        return ""
    return "·".join(
        part for part in (f"{words(day)} {acceptance.accepted_at[11:16]}", acceptance.counter_name, acceptance.clerk) if part
    )


def is_old(state: CaseState) -> bool:
    """Whether the applicant has reached the age at which large letters are the better guess."""
    birth, day = birth_of(state.application), accepted_on(state.application) or state.today
    return birth is not None and age_on(birth, day) >= OLD
