"""The answer while it is being written, as typed, and what it still lacks. No date is ever worked out here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.core.answer import Approved, Content, Fault, Refused, Supplement
from app.core.days import iso, parse_day, words
from app.ui.office.reading import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS = (("approved", "通过"), ("supplement", "要补正"), ("refused", "不通过"))
NONE = "没有"
"""What stands in the field of a last day where the office sets none: it is said, never left out by accident."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong at one place and how to mend it, in words for the applicant."""

    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as typed. ``told``: by path. What was typed for another kind stays when the kind changes."""

    kind: str = ""
    begins: str = ""
    ends: str = ""
    review_by: str = ""
    number: str = ""
    note: str = ""
    until: str = ""
    code: str = ""
    reason: str = ""
    appeal: str = ""
    told: Mapping[str, Told] = field(default_factory=dict)

    def with_told(self, path: str, told: Told) -> Draft:
        """Return the draft with this standing at a path; nothing typed takes it away."""
        kept = {key: one for key, one in self.told.items() if key != path}
        return replace(self, told={**kept, path: told} if told.problem.strip() or told.remedy.strip() else kept)


@dataclass(frozen=True, slots=True)
class Lack:
    """What an answer lacks: the field (a name of :class:`Draft`, ``kind``, or ``told.<path>``) and a sentence."""

    field: str
    sentence: str


def content(draft: Draft) -> Content | tuple[Lack, ...]:
    """Return the answer, or everything it lacks."""
    lacks = tuple(_lacks(draft))
    if lacks:
        return lacks
    match draft.kind:
        case "approved":
            ends = "" if draft.ends.strip() == NONE else _iso(draft.ends)
            return Approved(_iso(draft.begins), ends, _iso(draft.review_by), _line(draft.number), "", _line(draft.note))
        case "supplement":
            return Supplement(tuple(_fault(path, told) for path, told in draft.told.items()), _iso(draft.until))
        case _:
            return Refused(_line(draft.reason), _line(draft.code), _line(draft.appeal))


def spoken(draft: Draft, names: Mapping[str, str]) -> str:
    """Say what the applicant will read, as far as it is written; '' for nothing yet. ``names``: of the places, by path."""
    match draft.kind:
        case "approved":
            parts = [f"{_told_day(draft.begins)} 起享受" if draft.begins.strip() else ""]
            if draft.ends.strip():
                parts.append("没有写到期日" if draft.ends.strip() == NONE else f"到 {_told_day(draft.ends)}")
            parts += [f"{_told_day(draft.review_by)} 前复审" if draft.review_by.strip() else "", _line(draft.note)]
            return "，".join(one for one in parts if one)
        case "supplement":
            said = [
                f"{names.get(path, '整件')}：" + "，".join(one for one in (_line(told.problem), _line(told.remedy)) if one)
                for path, told in draft.told.items()
            ]
            return "；".join(said) + (f"。{_told_day(draft.until)} 前补齐" if said and draft.until.strip() else "")
        case "refused":
            return "。".join(one for one in (_line(draft.reason).rstrip("。"), _line(draft.appeal)) if one)
        case _:
            return ""


def _lacks(draft: Draft) -> Iterator[Lack]:
    match draft.kind:
        case "approved":
            yield from _days_lack(draft)
        case "supplement":
            if not draft.told:
                yield Lack("kind", "还没写要补什么。选一行，按 Enter 写，至少一处")
            for path, told in draft.told.items():
                if not told.problem.strip():
                    yield Lack(f"told.{path}", "写上要补什么")
            yield from _odd(draft, "until", "补齐期限")
        case "refused":
            if not draft.code.strip():
                yield Lack("code", "写上原因代码")
            if not draft.reason.strip():
                yield Lack("reason", "写上为什么，申请人会看到")
        case _:
            yield Lack("kind", "还没选答复：Alt 1 通过，Alt 2 要补正，Alt 3 不通过")


def _days_lack(draft: Draft) -> Iterator[Lack]:
    if not draft.begins.strip():
        yield Lack("begins", "起始日还没写，程序不替你推算")
    if not draft.ends.strip():
        yield Lack("ends", f"到期日还没写。不设到期日就写「{NONE}」")
    yield from _odd(draft, "begins", "起始日")
    if draft.ends.strip() != NONE:
        yield from _odd(draft, "ends", "到期日")
    yield from _odd(draft, "review_by", "复审日")
    first, last = parse_day(draft.begins), parse_day(draft.ends)
    if first and last and last < first:
        yield Lack("ends", "到期日早于起始日，看哪个写错了")


def _odd(draft: Draft, name: str, label: str) -> Iterator[Lack]:
    text = str(getattr(draft, name)).strip()
    if text and parse_day(text) is None:
        yield Lack(name, f"{label}写成 2026-02-06")


def _fault(path: str, told: Told) -> Fault:
    head, _, requirement = path.partition(".")
    problem, remedy = _line(told.problem), _line(told.remedy)
    if head == "papers":
        return Fault(problem, remedy, requirement=requirement)
    return Fault(problem, remedy, field="" if path == WHOLE else path)


def _line(text: str) -> str:
    return " ".join(text.split())


def _iso(text: str) -> str:
    day = parse_day(text)
    return iso(day) if day else ""


def _told_day(text: str) -> str:
    day = parse_day(text)
    return words(day) if day else text.strip()
