"""What the outcomes' page says: rows, the sentence for the telephone, empty tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.answer import Approved, Refused, Supplement
from app.core.days import parse_day, words
from app.core.masks import COVERED, Veil
from app.services.telling import How
from app.ui import lists
from app.ui.kit import Cell, Line

if TYPE_CHECKING:
    import datetime as dt

    from app.services.ports import Call
    from app.services.telling import Decided, Telling

LATE = 7
"""Days after which an outcome that nobody heard is called late."""

LOOKS = {
    "supplement": ("triangle-alert", "warn", "需补正"),
    "approved": ("circle-check", "good", "通过"),
    "refused": ("octagon-x", "bad", "不通过"),
}
_TOLD = {How.REACHED: "电话", How.VISIT: "当面", How.LETTER: "交了通知"}
_TRIED = {How.NO_ANSWER: "没人接", How.WRONG_NUMBER: "号不对"}
EMPTY = {
    "all": ("还没有结果", "市局的答复读入以后出现在这里。U 盘带回来的，按 Ctrl I。"),
    "untold": ("都告诉了", "新的结果来了，先出现在这里。"),
    "supplement": ("没有要补正的", "市局退回来要补的出现在这里，带着补什么。"),
    "approved": ("没有通过的", "通过的出现在这里，带着从哪天起享受。"),
    "refused": ("没有不通过的", "不通过的出现在这里，带着为什么、还能怎么办。"),
}
HEARD = "电话听来的"


def says(one: Decided) -> tuple[str, str]:
    """Return what a row says of the office's words: the matter, and what hangs on it."""
    content = one.answer.content
    match content:
        case Supplement(faults, until):
            places = dict.fromkeys(one.names[fault.path] for fault in faults)
            limit = f"补齐期限 {_short(until)}" if until else "补齐期限市局没写"
            return f"补 {len(faults)} 处：{'、'.join(places)}", f"正在补，{limit}" if one.mending else limit
        case Approved(begins, ends):
            return (
                f"{begins} 起享受" if begins else "通过，起始日市局没写",
                f"有效至 {ends}" if ends else "有效期市局没写",
            )
        case Refused(reason):
            return reason, "可以重新申请"
    return "", ""


def told_word(told: Telling, today: dt.date) -> tuple[str, str, str]:
    """Return icon, tone and word of how far telling has come."""
    if told.how is not None:
        return "", "", f"{lists.day(told.at, today)} {_TOLD[told.how]}"
    if (past := waited(told, today)) > LATE:
        return "triangle-alert", "warn", f"{past} 天没告知"
    return "phone", "", _tried(told) or "没告知"


def said(one: Call, today: dt.date) -> str:
    """Return a call as it was written down."""
    how = _TRIED.get(How(one.how)) or _TOLD[How(one.how)]
    return f"{lists.exactly(one.at, today)} {one.who}（{how}）：{one.words}"


def _tried(told: Telling) -> str:
    """Say how calling went, '' while nobody was rung."""
    return f"{_TRIED[told.last]} {told.tries} 次" if told.last in _TRIED else ""


def waited(told: Telling, today: dt.date) -> int:
    """Return for how many days it has been here."""
    came = parse_day(told.came[:10])
    return (today - came).days if came else 0


def line(one: Decided, today: dt.date, veil: Veil = COVERED) -> Line:
    """Return a row."""
    icon, tone, word = LOOKS[one.answer.kind]
    said, then = says(one)
    told_icon, told_tone, told = told_word(one.told, today)
    heard = one.answer.heard
    return Line(
        one.id,
        (
            Cell(text=word, icon=icon, tone=tone, medium=True, sub=HEARD if heard else "", subcolor="warn"),
            Cell(text=lists.name(one.entry, veil), sub=lists.diseases(one.entry), medium=True),
            Cell(text=said, sub=then),
            Cell(text=lists.day(one.told.came, today)),
            Cell(
                text=told,
                sub=_tried(one.told) if told_tone else "",
                icon=told_icon,
                tone=told_tone,
                medium=not one.told.done,
                color=told_tone or ("ink2" if one.told.done else "ink"),
            ),
        ),
    )


def call(one: Decided) -> str:
    """Return what to say on the telephone: what the office said, what to do, nothing else."""
    matter = f"您好，这里是医保窗口。您申请的{one.entry.diseases or '慢特病'}门诊待遇"
    content = one.answer.content
    match content:
        case Supplement(faults, until):
            places = "、".join(dict.fromkeys(one.names[fault.path] for fault in faults))
            limit = f"，{_short(until)}前办好" if until else ""
            return f"“{matter}还差 {len(faults)} 处：{places}。带来补一下{limit}。”"
        case Approved(begins, ends):
            since = f"，{_long(begins)}起享受" if begins else "，哪天起享受我们再问市局"
            return f"“{matter}批下来了{since}{f'，到 {_long(ends)}' if ends else ''}。”"
        case Refused(reason):
            return f"“{matter}这次没有通过。市局说：{reason.rstrip('。')}。有新的材料可以再来申请。”"
    return ""


def big_day(text: str) -> str:
    """Return a day in large letters; '' becomes that the office wrote none."""
    return _long(text) if text else "市局没写"


def _long(text: str) -> str:
    day = parse_day(text)
    return words(day) if day else text


def _short(text: str) -> str:
    day = parse_day(text)
    return f"{day.month} 月 {day.day} 日" if day else text
