"""The printed list for a round of calls: who is to bring papers, whose benefit ends. Names and numbers are whole: it is read at the telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.days import parse_day
from app.core.masks import group_phone
from app.core.office_sheets import Line, OfficeSheet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from app.services.ports import Entry

TITLES: Final[Mapping[str, str]] = {
    "waiting": "待补材料催办名单",
    "deferred": "容缺待补催办名单",
    "supplement": "需补正催办名单",
    "renewals": "将到期续期名单",
}
"""Work-lists that can be printed, with what the paper is called."""


def sheet(name: str, entries: Sequence[Entry], today: dt.date) -> OfficeSheet:
    """Return the list as a paper. ``name``: a key of :data:`TITLES`; KeyError for another."""
    lines = tuple(
        Line(entry.name or "没填姓名", f"{_number(entry)}。{_matter(name, entry, today)}", _until(name, entry, today))
        for entry in entries
    )
    about = f"{len(lines)} 件。名单有姓名和电话，用完收好，碎掉。"
    last = "到期" if name == "renewals" else "期限"
    return OfficeSheet("roll", TITLES[name], lines, about, ("姓名", "电话、说什么", last), "打了没有")


def _number(entry: Entry) -> str:
    return group_phone(entry.phone) if entry.phone else "没留电话"


def _matter(name: str, entry: Entry, today: dt.date) -> str:
    disease = entry.diseases or "没填病种"
    if name == "renewals":
        word = "推算" if entry.reckoned else "市局写的"
        gone = bool(entry.expires) and entry.expires < today.isoformat()
        return f"{disease}的待遇{'已经' if gone else ''}到期（{word}），带证件和新近的病历来续办"
    return f"{disease}，还差：{entry.lacks or '看告知书'}"


def _until(name: str, entry: Entry, today: dt.date) -> str:
    if name == "renewals":
        return entry.expires
    if entry.deadline:
        return entry.deadline
    told = parse_day(entry.told_at[:10])
    return f"告知 {(today - told).days} 天了" if told else "没有期限"
