"""Telling the applicant how it came out: each attempt is an audit row in fixed words, so that nothing about a person gets there.

An outcome that nobody heard is not finished. Only a call that was answered, a visit, or the letter handed over counts as told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.answer import DECISIONS, summary
from app.core.application import State
from app.core.errors import StoreError
from app.core.masks import group_phone
from app.core.office_sheets import Line, OfficeSheet
from app.services import outcomes
from app.services.ports import AuditEntry, Call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.answer import Answer
    from app.services.outcomes import Outcome
    from app.services.ports import Desk, Entry

ACT = "told"
WORDS_MOST = 300
"""Characters of what is written down of a call."""

_KINDS = {"supplement": "需补正", "approved": "通过", "refused": "不通过"}
_OPEN = (State.DRAFT, State.WAITING)


class How(StrEnum):
    """How somebody was told, or not reached; ``MISTAKEN`` takes back the one before it."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    VISIT = "visit"
    LETTER = "letter"
    MISTAKEN = "mistaken"


HEARD = frozenset({How.REACHED, How.VISIT, How.LETTER})
"""Those after which the applicant knows."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What was done to tell somebody of the decision that counts. Times are local ISO.

    ``came``: when the decision came to this counter; ``at``: when the applicant was told, '' while not; ``tries``: calls without success
    since; ``last``: the last attempt, None for none.
    """

    came: str = ""
    at: str = ""
    how: How | None = None
    tries: int = 0
    last: How | None = None

    @property
    def done(self) -> bool:
        """Whether the applicant knows."""
        return self.how is not None


@dataclass(frozen=True, slots=True)
class Decided:
    """An outcome as it is listed. ``names``: what the places are called that the office wants mended, by path.

    ``mending``: the next version is being written.
    """

    entry: Entry
    out: Outcome
    told: Telling
    names: Mapping[str, str]
    mending: bool = False

    @property
    def id(self) -> str:
        """The application's id."""
        return self.entry.id

    @property
    def answer(self) -> Answer:
        """The decision that counts."""
        return self.out.answer


def told(rows: Sequence[AuditEntry], out: Outcome) -> Telling:
    """Return how far telling the decision that counts has come. ``rows``: the application's audit, newest first.

    What was said of an earlier decision does not count for this one; of one heard by telephone it does, when the signed one says the same.
    """
    found: list[AuditEntry] = []
    came = ""
    for row in rows:
        if row.act == ACT:
            found.append(row)
        elif _is(row, out.answer):
            came = came or row.at
            if not _confirmed(out):
                break
        elif came and row.act == "heard" and row.what == out.answer.kind:
            break
    told_at, how = "", None
    tries, last = 0, None
    for row in standing(found):
        last = How(row.what)
        if last in HEARD:
            told_at, how = row.at, last
        elif last is not How.MISTAKEN:
            tries += 1
    return Telling(came or out.answer.at, told_at, how, tries, last)


def record(desk: Desk, application_id: str, how: How, words: str = "") -> None:
    """Note an attempt to tell somebody. StoreError while nothing was decided.

    ``words``: who was reached and what was said, as the clerk writes it down: kept in the store and in no log, no audit row, no paper.
    """
    out = outcomes.outcome(desk, application_id)
    if out is None:
        raise StoreError("这件还没有结果，没有可告诉的", f"told {application_id}")
    said = plain(words)
    call = Call(desk.clock.now().isoformat(timespec="seconds"), desk.clerk, how.value, said)
    rows = [AuditEntry(call.at, call.who, ACT, application_id, call.how), *desk.store.audit(subject=application_id)]
    desk.store.note_told(application_id, call, told=told(rows, out).done)


def plain(words: str) -> str:
    """Return what was written down of a call in one line. StoreError for more than :data:`WORDS_MOST` characters."""
    said = " ".join(words.split())
    if len(said) > WORDS_MOST:
        raise StoreError(f"记得太长了，{WORDS_MOST} 字以内，这里 {len(said)} 字", "told: too long")
    return said


def untold_list(found: Sequence[Decided]) -> OfficeSheet:
    """Return the list for a round of calls: whom nobody told yet, with names and numbers whole, since it is read from at the telephone."""
    waiting = [one for one in found if not one.told.done]
    lines = tuple(Line(one.entry.name, f"{_numbers(one)}。{_matter(one)}", one.entry.number) for one in waiting)
    about = f"{len(lines)} 件没有告知。打通了在程序里记下才算告知；名单有姓名和电话，用完收好，碎掉。"
    return OfficeSheet("roll", "未告知名单", lines, about, ("姓名", "电话、结果", "受理编号"), "打了没有")


def _numbers(one: Decided) -> str:
    return group_phone(one.entry.phone) if one.entry.phone else "没留电话"


def _matter(one: Decided) -> str:
    tried = f"，打过 {one.told.tries} 次" if one.told.tries else ""
    return f"{_KINDS[one.answer.kind]}：{summary(one.answer.content)}{tried}"


def listed(desk: Desk, limit: int = 500) -> list[Decided]:
    """Return every outcome that stands, untold first, then the last one that came. Those that are being mended are among them."""
    found = [_decided(desk, entry, out) for entry, out in outcomes.outcomes(desk, limit)]
    decided = set(desk.store.decided(limit))
    for entry in desk.store.entries(states=_OPEN, limit=limit):
        out = outcomes.outcome(desk, entry.id) if entry.id in decided else None
        if out is not None and out.answer.kind == "supplement":
            found.append(_decided(desk, entry, out, mending=True))
    return sorted(sorted(found, key=lambda one: one.told.came, reverse=True), key=lambda one: one.told.done)


def _decided(desk: Desk, entry: Entry, out: Outcome, *, mending: bool = False) -> Decided:
    region = desk.regions.get(entry.region, desk.region)
    faults = getattr(out.answer.content, "faults", ())
    names = {one.path: outcomes.name_of(region, one.path) or "整件" for one in faults}
    return Decided(entry, out, told(desk.store.audit(subject=entry.id), out), names, mending)


def standing(newest_first: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Return the attempts that stand, oldest first: a mistake takes back the one before it."""
    kept: list[AuditEntry] = []
    for row in reversed(newest_first):
        if row.what != How.MISTAKEN:
            kept.append(row)
        elif kept:
            kept.pop()
    return kept


def _is(row: AuditEntry, answer: Answer) -> bool:
    """Whether an audit row is the coming of this answer."""
    if answer.heard:
        return row.act == "heard" and row.what == answer.kind and answer.kind in DECISIONS
    return row.act == "answer" and row.what.startswith(f"{answer.seq} ")


def _confirmed(out: Outcome) -> bool:
    """Whether a signed decision says just what was heard by telephone before."""
    return not out.answer.heard and any(one.heard and one.content == out.answer.content for one in out.others)
