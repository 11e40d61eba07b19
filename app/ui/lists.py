"""Rows of lists: entries made into lines of the kit. Names and numbers are masked here, before any model or screen sees them.

The veil (:class:`app.core.masks.Veil`) is lifted for a moment by one key, or for good by the office's setting.

A search marks why a row was found (marker ground), but never a place that the mask hides.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from app.core.application import State
from app.core.codes import QUEUES, SEX, STATES
from app.core.days import iso, parse_day
from app.core.identity import age_on
from app.core.masks import COVERED, Veil
from app.services.call_list import last_call
from app.services.ports import Queue
from app.ui import list_marks as marks
from app.ui.kit import Cell, Column, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.services.ports import Entry

STEPS: Mapping[str, str] = MappingProxyType(
    {
        "identity": "身份",
        "insurance": "参保",
        "disease": "病种与机构",
        "materials": "材料",
        "answers": "核对",
        "finished": "回执",
    }
)
"""Intake steps as lists call them."""

NOT_SAID = "来源没写"
"""Where the region's source names no time limit."""

_LOOKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Queue.HERE: ("laptop", ""),
        Queue.COPIED: ("hard-drive-upload", ""),
        Queue.RECEIVED: ("circle-check", "good"),
        Queue.NEEDS_YOU: ("octagon-x", "bad"),
        State.DRAFT: ("file-text", ""),
        State.WAITING: ("triangle-alert", "warn"),
        State.SUPPLEMENT: ("triangle-alert", "warn"),
        State.APPROVED: ("circle-check", "good"),
        State.REFUSED: ("octagon-x", "bad"),
        State.VOID: ("ban", ""),
    }
)
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an application stands, as icon, tone and word."""

    icon: str
    tone: str
    word: str

    def cell(self) -> Cell:
        """Return it as a cell."""
        return Cell(text=self.word, icon=self.icon, tone=self.tone, medium=True)


def standing(entry: Entry) -> Standing:
    """Say where an application is: in the queue as the queue calls it, otherwise by its state."""
    if entry.queue is not None:
        return Standing(*_LOOKS[entry.queue], QUEUES[entry.queue])
    if entry.handed:
        return Standing("upload", "", "已移交")
    return Standing(*_LOOKS.get(entry.state, ("inbox", "")), STATES[entry.state])


def decided(entry: Entry) -> Standing:
    """Return what the office decided; a version that is being mended stands as sent back."""
    state = State.SUPPLEMENT if is_open(entry) else entry.state
    return Standing(*_LOOKS.get(state, ("inbox", "")), STATES[state])


def state_looks(state: State) -> tuple[str, str, str]:
    """Return word, tone and icon of a state, wherever the application stands in the queue."""
    icon, tone = _LOOKS.get(state, ("inbox", ""))
    return STATES[state], tone, icon


def is_open(entry: Entry) -> bool:
    """Whether the application is still being written."""
    return entry.state in (State.DRAFT, State.WAITING)


# one fact at a time
def name(entry: Entry, veil: Veil = COVERED) -> str:
    """Return the name as the veil shows it, or that there is none yet."""
    return veil.name(entry.name) or "没填姓名"


def about(entry: Entry, today: dt.date) -> str:
    """Return 女·72 岁·代办, as far as it is known."""
    birth = parse_day(entry.birth)
    age = f"{age_on(birth, today)} 岁" if birth and birth <= today else ""
    return "·".join(part for part in (SEX.get(entry.sex, ""), age, "代办" if entry.by_agent else "") if part)


def diseases(entry: Entry) -> str:
    """Return the diseases' names, or that none was chosen yet."""
    return entry.diseases or "没填病种"


def stopped_at(entry: Entry) -> str:
    """Return 停在「材料」."""
    return f"停在「{STEPS.get(entry.step, '身份')}」"


def papers(entry: Entry) -> str:
    """Say how many pages came so far."""
    return f"已有 {entry.pages} 页材料" if entry.pages else "还没有材料"


def size(count: int) -> str:
    """Return a number of bytes for people: 4.2 MB, 830 KB, nothing for none."""
    if count >= _MB:
        return f"{count / _MB:.1f} MB"
    return f"{max(1, round(count / 1024))} KB" if count else ""


def moment(text: str, today: dt.date) -> str:
    """Return a stored local time for a list: 今天 10:31, 2 月 6 日, 2025-12-30; empty for none."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"今天 {at:%H:%M}" if at.date() == today else day(text, today)


def exactly(text: str, today: dt.date) -> str:
    """Return a stored local time with its clock: 今天 10:31, 2 月 6 日 10:31."""
    shown = moment(text, today)
    return shown if not shown or shown.startswith("今天") else f"{shown} {text[11:16]}".strip()


def day(text: str, today: dt.date) -> str:
    """Return an ISO day for a list: 2 月 6 日, with its year when that is another one; empty for none."""
    found = parse_day(text[:10])
    if found is None:
        return ""
    return f"{found.month} 月 {found.day} 日" if found.year == today.year else iso(found)


def advice(entry: Entry) -> str:
    """Say what there is to do for an application that is no draft any more."""
    match entry.queue:
        case Queue.HERE:
            return "等导出。到「待报送」按 Ctrl E，在本机的一次全导出"
        case Queue.COPIED:
            return "已导出，等经办机构回执。本机仍保留，可以再导出"
        case Queue.RECEIVED:
            return "经办机构已签收，不用再做什么"
        case Queue.NEEDS_YOU:
            return entry.note or "打开这件，看哪里要改"
        case _:
            return entry.note


def facts(entry: Entry, today: dt.date, veil: Veil = COVERED) -> list[tuple[str, str]]:
    """Return what the detail of a selected row says, as label and sentence; numbers as the veil shows them."""
    phone = f"·电话 {veil.phone(entry.phone)}" if entry.phone else ""
    phone += f"，{call}" if (call := last_call(entry, today)) else ""
    cert = (veil.cert(entry.cert_number) or "没填证件号") + phone
    if entry.state is State.VOID:
        return [("作废", entry.note or "没写理由"), ("证件", cert)]
    if entry.handed:
        return [("移交", f"已交给{entry.handed}，本机只能看"), ("证件", cert)]
    if owed := _owed(entry, today, phone, cert):
        return owed
    if is_open(entry):
        return [("停在", f"「{STEPS.get(entry.step, '身份')}」，{papers(entry)}"), ("证件", cert)]
    limit = day(entry.due, today) if entry.due else f"{NOT_SAID}期限，以经办机构告知为准"
    doubt = "，暂推算：那一年的放假安排还没公布" if entry.due_provisional else ""
    return [("到期", limit + doubt), ("做什么", advice(entry))]


def _owed(entry: Entry, today: dt.date, phone: str, cert: str) -> list[tuple[str, str]]:
    """Return what somebody still has to bring, to mend or to renew; nothing where nobody has."""
    until = day(entry.deadline, today)
    if entry.state is State.WAITING:
        limit = f"，补齐期限 {until}" if until else ""
        return [("还差", entry.lacks or "看告知书"), ("告知", f"{_told_on(entry, today)}{limit}{phone}")]
    if entry.lacks:
        said = f"期限 {until}" if until else "市局没写期限" if entry.state is State.SUPPLEMENT else "没写期限"
        return [("要补", entry.lacks), ("期限", f"{said}{phone}")]
    if entry.state is State.APPROVED and entry.expires:
        word = "推算的，市局没写" if entry.reckoned else "市局写的"
        return [("有效至", f"{entry.expires}（{word}）"), ("证件", cert)]
    return []


def _told_on(entry: Entry, today: dt.date) -> str:
    """Say when the notice was given: 今天告知, 1 月 25 日告知，12 天了."""
    told = parse_day(entry.told_at[:10])
    if told is None:
        return "告知过"
    days = (today - told).days
    return "今天告知" if days == 0 else f"{day(entry.told_at, today)}告知" + (f"，{days} 天了" if days > 0 else "")


def waited(entry: Entry, today: dt.date) -> str:
    """Say how long ago the notice was given, where nobody states by when: 告知 12 天了."""
    told = parse_day(entry.told_at[:10])
    days = (today - told).days if told else -1
    return "今天告知" if days == 0 else f"告知 {days} 天了" if days > 0 else ""


# whole rows
class Keyed(Protocol):
    """What a row is made of: an entry, or an entry and more."""

    @property
    def id(self) -> str:
        """What the row is told by."""
        ...


class RowMaker:
    """Makes the rows of a list and keeps those whose entry did not change: a refresh of 500 rows costs 2 ms instead of 20.

    It lives and dies with its page, so that nobody's data outlasts the clerk's session in a cache.
    """

    def __init__(self, make: Callable[..., Line]) -> None:
        self._make = make
        self._kept: dict[str, tuple[object, Line]] = {}

    def __call__(self, entries: Sequence[Keyed], *args: object) -> list[Line]:
        """Return the rows of these entries; ``args`` go to the function behind the entry."""
        made: dict[str, tuple[object, Line]] = {}
        for entry in entries:
            source = (entry, *args)
            before = self._kept.get(entry.id)
            made[entry.id] = before if before is not None and before[0] == source else (source, self._make(*source))
        self._kept = made
        return [line for _, line in made.values()]


DRAFT_COLUMNS = (Column("申请人", 168), Column("病种", 0), Column("停在", 168), Column("最后动过", 122))
ACCEPTED_COLUMNS = (
    Column("在哪", 104),
    Column("受理编号", 174),
    Column("申请人", 142),
    Column("病种", 0),
    Column("受理", 106),
    Column("到期", 96),
)
FOUND_COLUMNS = (
    Column("在哪", 112),
    Column("申请人", 142),
    Column("病种", 124, most=230),
    Column("编号·证件", 176),
    Column("电话", 122),
    Column("说明", 0),
    Column("最后动过", 100),
)


def draft_line(entry: Entry, today: dt.date, kinds: Mapping[str, str], veil: Veil = COVERED) -> Line:
    """Return a row of drafts."""
    return Line(
        entry.id,
        (
            person(entry, today, veil),
            Cell(text=diseases(entry), sub=kinds.get(entry.kind, ""), color="ink" if entry.diseases else "ink2"),
            Cell(text="已移交" if entry.handed else STEPS.get(entry.step, "身份"), sub=entry.handed or papers(entry)),
            Cell(text=moment(entry.updated_at, today), sub=entry.author),
        ),
    )


def accepted_line(entry: Entry, today: dt.date, kinds: Mapping[str, str], veil: Veil = COVERED) -> Line:
    """Return a row of applications that were accepted."""
    return Line(
        entry.id,
        (
            standing(entry).cell(),
            entry.number,
            person(entry, today, veil),
            Cell(text=diseases(entry), sub=kinds.get(entry.kind, "")),
            Cell(text=moment(entry.accepted_at, today)),
            due_cell(entry, today),
        ),
    )


def due_cell(entry: Entry, today: dt.date) -> Cell:
    """Return the promised day; one that is only reckoned says so."""
    if not entry.due:
        return Cell(text=NOT_SAID if entry.number else "", color="ink2")
    return Cell(text=day(entry.due, today), sub="暂推算" if entry.due_provisional else "", subcolor="warn")


def place_of(entry: Entry, today: dt.date) -> Standing:
    """Return where a search's hit stands: what the office decided before where its file is, and 往年 for what was done in former years."""
    if entry.state in (State.APPROVED, State.REFUSED) and entry.accepted_at and entry.accepted_at[:4] < str(today.year):
        return Standing("layers", "", "往年")
    if entry.state in (State.SUPPLEMENT, State.APPROVED, State.REFUSED):
        return Standing(*_LOOKS[entry.state], STATES[entry.state])
    return standing(entry)


def found_line(entry: Entry, today: dt.date, asked: str, veil: Veil = COVERED) -> Line:
    """Return a row of search results, with the marker ground under what was asked for."""
    parts = marks.parts_of(asked)
    letters, hit = marks.letters(entry.name, parts)
    sub = "　".join(part for part in (letters, about(entry, today)) if part)
    said = [words for words in (more(entry, today), more_still(entry, today)) if words] or [""]
    number, cert, phone = entry.number, veil.cert(entry.cert_number), veil.phone(entry.phone)
    return Line(
        entry.id,
        (
            place_of(entry, today).cell(),
            Cell(
                text=name(entry, veil),
                sub=sub,
                medium=True,
                mark=marks.name_marks(entry.name, parts) if veil.on else marks.whole(veil.name(entry.name), parts),
                submark=((0, hit),) if hit else (),
            ),
            Cell(text=diseases(entry), color="ink" if entry.diseases else "ink2"),
            Cell(
                text=number or "受理后生成",
                color="ink" if number else "ink2",
                sub=cert,
                mark=marks.whole(number, parts),
                submark=marks.ends(entry.cert_number, cert, parts, marks.CERT_HEAD) if veil.on else marks.whole(cert, parts),
            ),
            Cell(
                text=phone,
                mark=marks.ends(entry.phone, phone, parts, marks.PHONE_HEAD) if veil.on else marks.whole(phone, parts),
            ),
            Cell(text=said[0], sub=said[1] if len(said) > 1 else ""),
            Cell(text=moment(entry.updated_at, today)),
        ),
    )


def more(entry: Entry, today: dt.date) -> str:
    """Return what else a search's row says of an application: where it stopped, what it lacks, until when it runs."""
    if entry.state is State.WAITING:
        return f"还差：{entry.lacks}" if entry.lacks else stopped_at(entry)
    if is_open(entry):
        return f"已交给{entry.handed}" if entry.handed else stopped_at(entry)
    if entry.state is State.APPROVED and entry.expires:
        return f"有效至 {entry.expires}{'（推算）' if entry.reckoned else ''}"
    if entry.state in (State.READY, State.SENT) and entry.due:
        return f"到期 {day(entry.due, today)}"
    return ""


def more_still(entry: Entry, today: dt.date) -> str:
    """Return the second line of what a search's row says: how much there is, by when, what it waits for."""
    if entry.state is State.WAITING:
        return f"补齐期限 {day(entry.deadline, today)}" if entry.deadline else waited(entry, today)
    if is_open(entry):
        return papers(entry)
    if entry.state is State.VOID or entry.queue is Queue.NEEDS_YOU:
        return entry.note
    if entry.state in (State.READY, State.SENT):
        return {Queue.HERE: "在本机，等报送", Queue.COPIED: "等经办机构回执", Queue.RECEIVED: "市局收到了，等结果"}.get(
            entry.queue or Queue.HERE, ""
        )
    accepted = day(entry.accepted_at, today)
    return f"{accepted}{' ' if accepted[-1].isdigit() else ''}受理" if accepted else ""


def person(entry: Entry, today: dt.date, veil: Veil) -> Cell:
    """Return who it is: name, and sex, age and agent below."""
    return Cell(text=name(entry, veil), sub=about(entry, today), medium=True, color="ink" if entry.name else "ink2")
