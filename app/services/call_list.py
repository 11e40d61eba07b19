"""A round of calls: who is to bring papers, whose benefit ends; the list on paper, and each call noted as on the outcomes.

Names and numbers are whole on the paper: it is read at the telephone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core.days import parse_day
from app.core.errors import AppError, StoreError
from app.core.masks import group_phone
from app.core.office_sheets import Line, OfficeSheet
from app.services import outcomes, telling
from app.services.outside import write_new
from app.services.ports import Call
from app.services.telling import How

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.services.ports import AuditEntry, Desk, Entry

TITLES: Final[Mapping[str, str]] = {
    "waiting": "待补材料催办名单",
    "deferred": "容缺待补催办名单",
    "supplement": "需补正催办名单",
    "renewals": "将到期续期名单",
}
"""Work-lists that people are called from, with what the paper is called."""

SAID: Final[Mapping[str, str]] = {
    How.REACHED.value: "打通了",
    How.NO_ANSWER.value: "没人接",
    How.WRONG_NUMBER.value: "号不对",
    How.VISIT.value: "当面说了",
    How.LETTER.value: "交了通知",
}
"""How the last call came out, as the lists say it."""


def called(desk: Desk, entries: Sequence[Entry]) -> list[Entry]:
    """Return the same rows with their last call. Attempts to tell an outcome are calls too; one noted by mistake is none."""
    found: dict[str, list[AuditEntry]] = {}
    for row in desk.store.told_rows([entry.id for entry in entries]):
        found.setdefault(row.subject, []).append(row)
    last = {id_: stood[-1] for id_, told in found.items() if (stood := telling.standing(told[::-1]))}
    return [
        replace(entry, called_at=one.at, called=one.what) if (one := last.get(entry.id)) is not None else entry
        for entry in entries
    ]


def record(desk: Desk, application_id: str, how: How, words: str = "") -> None:
    """Note a call about an application: how it came out in the audit, the clerk's words in the store alone.

    Of one that the office decided, whoever was reached counts as told. StoreError for one that is not here, and for too many words.
    """
    if desk.store.application(application_id) is None:
        raise StoreError("这件申请不在本机。到办这件的窗口去记", f"called {application_id}")
    if outcomes.outcome(desk, application_id) is not None:
        telling.record(desk, application_id, how, words)
        return
    said = telling.plain(words)
    call = Call(desk.clock.now().isoformat(timespec="seconds"), desk.clerk, how.value, said)
    # Nothing was decided, so nothing is left to be told.
    desk.store.note_told(application_id, call, told=True)


def save(desk: Desk, paper: OfficeSheet, folder: Path) -> str:
    """Write the list as a PDF where the clerk chose; return the file's name, which says no person. It is the clerk's own act, so in the audit.

    AppError when the folder does not take it; a file of the same name is never overwritten.
    """
    now = desk.clock.now()
    drawn = desk.printery.office_sheet(paper, "normal", desk.region, desk.counter, moment=now.isoformat(timespec="seconds"))
    name = f"{paper.title}-{now:%Y%m%d-%H%M}.pdf"
    try:
        write_new(folder / name, [drawn.pdf])
    except FileExistsError:
        raise AppError(f"那里已有另一份 {name}，没有覆盖。换一个文件夹，或过一分钟再存") from None
    except OSError as problem:
        raise AppError("这个文件夹写不进去。换一个文件夹", type(problem).__name__) from problem
    desk.store.note(desk.clerk, "save_pdf", "", f"{paper.kind}: {len(paper.lines)}")
    return name


def sheet(name: str, entries: Sequence[Entry], today: dt.date) -> OfficeSheet:
    """Return the list as a paper. ``name``: a key of :data:`TITLES`; KeyError for another."""
    lines = tuple(
        Line(entry.name or "没填姓名", "。".join(_said(name, entry, today)), _until(name, entry, today)) for entry in entries
    )
    about = f"{len(lines)} 件。名单有姓名和电话，用完收好，碎掉。"
    last = "到期" if name == "renewals" else "期限"
    return OfficeSheet("roll", TITLES[name], lines, about, ("姓名", "电话、说什么", last), "打了没有")


def _said(name: str, entry: Entry, today: dt.date) -> list[str]:
    call = last_call(entry, today)
    return [_number(entry), _matter(name, entry, today), *((call,) if call else ())]


def _number(entry: Entry) -> str:
    return group_phone(entry.phone) if entry.phone else "没留电话"


def _matter(name: str, entry: Entry, today: dt.date) -> str:
    disease = entry.diseases or "没填病种"
    if name == "renewals":
        word = "推算" if entry.reckoned else "市局写的"
        gone = bool(entry.expires) and entry.expires < today.isoformat()
        return f"{disease}的待遇{'已经' if gone else ''}到期（{word}），带证件和新近的病历来续办"
    return f"{disease}，还差：{entry.lacks or '看告知书'}"


def last_call(entry: Entry, today: dt.date) -> str:
    """Say how the last call came out: 今天没人接, 2 月 6 日打通了; '' where nobody called."""
    day = parse_day(entry.called_at[:10])
    if day is None or entry.called not in SAID:
        return ""
    when = "今天" if day == today else f"{day.month} 月 {day.day} 日" if day.year == today.year else day.isoformat()
    return f"{when}{SAID[entry.called]}"


def _until(name: str, entry: Entry, today: dt.date) -> str:
    if name == "renewals":
        return entry.expires
    if entry.deadline:
        return entry.deadline
    told = parse_day(entry.told_at[:10])
    return f"告知 {(today - told).days} 天了" if told else "没有期限"
