"""What the detail of an outcome says of the office's decision: quoted first, then what it means and what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.answer import Answer, Approved, Refused, Supplement, summary
from app.core.checks.findings import label_of, step_of
from app.core.days import parse_day
from app.ui import keys, lists
from app.ui.kit import Button, Text, column, row
from app.ui.outcomes_words import HEARD, LOOKS, big_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.services.ports import Call
    from app.services.telling import Decided


@dataclass(frozen=True, slots=True)
class Background:
    """What the application and its region add to an outcome.

    ``appeal``: how to disagree, '' where neither the office's answer nor the region says; ``ask``: where to ask; ``designated``: where the
    applicant wants to be treated; ``calls``: what was written down of calls, oldest first.
    """

    id: str = ""
    appeal: str = ""
    ask: str = ""
    designated: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Acts:
    """What the body's own buttons do: mend at a path, begin anew out of a refused one."""

    mend: Callable[[str], None]
    reapply: Callable[[], None]


def body(one: Decided, about: Background, today: dt.date, acts: Acts) -> QWidget:
    """Return the middle of the detail."""
    content = one.answer.content
    parts: list[QWidget | int] = []
    if one.answer.heard:
        parts += [
            Text(f"{HEARD}，{one.answer.by}说的，没有签名。等市局的正式答复，以它为准。", "body", tone="warn", wrap=True),
            8,
        ]
    match content:
        case Supplement():
            parts += _supplement(one, content, acts)
        case Approved():
            parts += _approved(content, about)
        case Refused():
            parts += _refused(content, about, acts)
    for other in _others(one, today):
        parts += [6, Text(other, "small", wrap=True)]
    return column(*parts)


def _supplement(one: Decided, content: Supplement, acts: Acts) -> list[QWidget | int]:
    limit = parse_day(content.until)
    until = f"{limit.month} 月 {limit.day} 日前补齐" if limit else "市局没写期限"
    parts: list[QWidget | int] = [row(Text(f"补 {len(content.faults)} 处", "strong"), ..., Text(until, "small")), 6]
    for at, fault in enumerate(content.faults, start=1):
        page = f"·第 {fault.page} 页" if fault.page else ""
        said: list[QWidget | int] = [
            Text(f"{one.names[fault.path]}{page}", "medium", wrap=True),
            2,
            Text(f"“{fault.problem}”", "body2", wrap=True),
        ]
        if todo := f"{fault.remedy}{f'（到{fault.where}）' if fault.where else ''}":
            said.append(Text(todo, "body", wrap=True))
        go = Button(f"到「{_place(fault.path)}」", "link")
        go.setAccessibleName(f"{one.names[fault.path]} 到{_place(fault.path)}")
        go.clicked.connect(lambda _checked=False, path=fault.path: acts.mend(path))
        said += [row(go, ...)]
        # The number stands beside the first line, however long the rest is.
        parts += [row(column(Text(str(at), "medium", width=22), ...), (column(*said), 1)), 8]
    return parts


def _place(path: str) -> str:
    step = _step(path)
    word = lists.STEPS.get(step, "核对")
    label = "" if path.startswith("papers.") else label_of(path)
    return f"{word}·{label}" if label else word


def _step(path: str) -> str:
    try:
        return step_of(path)
    except KeyError:
        return "answers"


def _approved(content: Approved, about: Background) -> list[QWidget | int]:
    begins = column(Text("起", "small"), 2, Text(big_day(content.begins), "h2"))
    ends = column(Text("到", "small"), 2, Text(big_day(content.ends), "h2"))
    parts: list[QWidget | int] = [row((begins, 1), (ends, 1), gap=12), 10]
    facts = (
        ("正式编号", content.number),
        ("病种", content.disease),
        ("复审", f"{big_day(content.review_by)}前来复审" if content.review_by else ""),
        ("定点", about.designated),
        ("市局还说", f"“{content.note}”" if content.note else ""),
    )
    parts += [_fact(name, text) for name, text in facts if text]
    if not content.begins or not content.ends:
        parts += [4, Text("市局没写的日子不推算，问了市局再告诉申请人。", "small", wrap=True)]
    return parts


def _fact(name: str, text: str) -> QWidget:
    label = Text(name, "small", width=62)
    return row(column(1, label, ...), (Text(text, "body", wrap=True), 1), gap=6)


def _refused(content: Refused, about: Background, acts: Acts) -> list[QWidget | int]:
    code = f"（代码 {content.code}）" if content.code else ""
    parts: list[QWidget | int] = [
        Text("为什么", "strong"),
        4,
        Text(f"“{content.reason}”{code}", "body", wrap=True),
        12,
        Text("还能怎么办", "strong"),
        4,
    ]
    again = Button("重新申请", "small", key=keys.cap("new"))
    again.clicked.connect(acts.reapply)
    steps: list[tuple[str, QWidget | None]] = [(step, None) for step in content.steps]
    steps.append(("有新的材料就重新申请，身份和参保带过来", again))
    if about.ask:
        steps.append((f"问结果：{about.ask}", None))
    if appeal := content.appeal or about.appeal:
        steps.append((f"不同意这个结果：{appeal}", None))
    for at, (text, button) in enumerate(steps, start=1):
        parts += [row(column(Text(str(at), "medium", width=22), ...), (Text(text, "body", wrap=True), 1), button, gap=4), 4]
    return parts


def _others(one: Decided, today: dt.date) -> list[str]:
    """Say which other decisions there are: only one counts, none is hidden."""
    return [
        f"还有一个没有算的答复：{lists.day(other.at, today)} {LOOKS[other.kind][2]}，{_how(other)}{summary(other.content)}"
        for other in one.out.others
        if other.kind in LOOKS and other.content != one.answer.content
    ]


def _how(other: Answer) -> str:
    return f"{HEARD}，" if other.heard else f"第 {other.seq} 号，"
