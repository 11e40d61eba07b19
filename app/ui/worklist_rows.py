"""Rows of the work-lists that wait for somebody: papers to come, things to mend, benefits that end, decisions nobody heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.days import parse_day
from app.core.masks import COVERED, Veil
from app.services.call_list import last_call
from app.ui import lists
from app.ui.kit import Cell, Column, Line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from app.services.ports import Entry

WAITING_COLUMNS = (
    Column("申请人", 142),
    Column("病种", 150, most=230),
    Column("还差什么", 0),
    Column("停在", 92),
    Column("告知日", 92),
    Column("补齐期限", 146),
)
OWING_COLUMNS = (
    Column("受理编号", 174),
    Column("申请人", 142),
    Column("病种", 150, most=230),
    Column("要补什么", 0),
    Column("期限", 146),
)
RENEWAL_COLUMNS = (
    Column("申请人", 142),
    Column("病种", 0),
    Column("有效至", 132),
    Column("谁说的", 92),
    Column("电话", 134),
    Column("受理编号", 174),
)
UNTOLD_COLUMNS = (
    Column("结论", 112),
    Column("受理编号", 174),
    Column("申请人", 142),
    Column("病种", 0),
    Column("电话", 128),
    Column("最后动过", 106),
)
STUCK_COLUMNS = (
    Column("受理编号", 174),
    Column("申请人", 142),
    Column("病种", 150, most=230),
    Column("要处理什么", 0),
    Column("受理", 106),
)
SAID_BY_OFFICE, RECKONED = "市局写的", "推算的"


def waiting_line(entry: Entry, today: dt.date, kinds: Mapping[str, str], veil: Veil = COVERED) -> Line:
    """Return a row of a case whose applicant was told what is missing."""
    first, _, rest = entry.lacks.partition("、")
    more = f"另缺：{rest}" if rest else ""
    return Line(
        entry.id,
        (
            lists.person(entry, today, veil),
            Cell(text=lists.diseases(entry), sub=kinds.get(entry.kind, "")),
            Cell(text=first or "看告知书", sub=more),
            Cell(text=lists.STEPS.get(entry.step, "身份")),
            Cell(text=lists.day(entry.told_at, today)),
            deadline_cell(entry, today),
        ),
    )


def owing_line(entry: Entry, today: dt.date, kinds: Mapping[str, str], veil: Veil = COVERED) -> Line:
    """Return a row of an accepted case that still owes something, to the window or to the office."""
    count = f"{entry.lacking} 处" if entry.lacking > 1 else ""
    return Line(
        entry.id,
        (
            Cell(text=entry.number),
            lists.person(entry, today, veil),
            Cell(text=lists.diseases(entry), sub=kinds.get(entry.kind, "")),
            Cell(text=entry.lacks or "打开看", sub=count),
            deadline_cell(entry, today),
        ),
    )


def stuck_line(entry: Entry, today: dt.date, kinds: Mapping[str, str], veil: Veil = COVERED) -> Line:
    """Return a row of an accepted case that somebody must look at: whose words they are first, then the words."""
    first, rest = told(entry.note)
    return Line(
        entry.id,
        (
            Cell(text=entry.number, sub="正在改" if lists.is_open(entry) else ""),
            lists.person(entry, today, veil),
            Cell(text=lists.diseases(entry), sub=kinds.get(entry.kind, "")),
            Cell(text=first or "打开看", sub=rest, icon="octagon-x", tone="bad"),
            Cell(text=lists.moment(entry.accepted_at, today)),
        ),
    )


def told(words: str) -> tuple[str, str]:
    """Return what is to be handled in two lines: up to the first colon or full stop, and what follows."""
    at = min((words.find(mark) for mark in "：。，" if mark in words), default=-1)
    return (words, "") if at < 0 else (words[:at], words[at + 1 :].rstrip("。"))


def renewal_line(entry: Entry, today: dt.date, kinds: Mapping[str, str], veil: Veil = COVERED) -> Line:
    """Return a row of an approval that ends; one whose day was only reckoned says so."""
    del kinds
    ends = parse_day(entry.expires)
    days = (ends - today).days if ends else 0
    left = "今天到期" if days == 0 else f"还有 {days} 天" if days > 0 else f"过了 {-days} 天"
    return Line(
        entry.id,
        (
            lists.person(entry, today, veil),
            Cell(text=lists.diseases(entry)),
            Cell(text=entry.expires, sub=left, subcolor="warn" if days <= 0 else "ink2"),
            Cell(text=RECKONED if entry.reckoned else SAID_BY_OFFICE, color="ink2" if entry.reckoned else "ink"),
            Cell(text=veil.phone(entry.phone), sub=last_call(entry, today)),
            Cell(text=entry.number),
        ),
    )


def untold_line(entry: Entry, today: dt.date, kinds: Mapping[str, str], veil: Veil = COVERED) -> Line:
    """Return a row of a decision that the applicant does not know yet."""
    return Line(
        entry.id,
        (
            lists.decided(entry).cell(),
            Cell(text=entry.number),
            lists.person(entry, today, veil),
            Cell(text=lists.diseases(entry), sub=kinds.get(entry.kind, "")),
            Cell(text=veil.phone(entry.phone)),
            Cell(text=lists.moment(entry.updated_at, today)),
        ),
    )


def deadline_cell(entry: Entry, today: dt.date) -> Cell:
    """Return by when, and the last call below; today and past are told in words and with a mark, no day at all by how long ago it was told."""
    ends, call = parse_day(entry.deadline), last_call(entry, today)
    if ends is None:
        return Cell(text="没写期限", color="ink2", sub=call or lists.waited(entry, today))
    if ends == today:
        return Cell(text="今天", icon="triangle-alert", tone="warn", medium=True, sub=call)
    if ends < today:
        return Cell(text=f"过了 {(today - ends).days} 天", icon="triangle-alert", tone="warn", medium=True, sub=call)
    return Cell(text=lists.day(entry.deadline, today), sub=call)
