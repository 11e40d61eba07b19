"""What people ask at the window, answered from the region's own facts.

Nothing is answered that the folder does not carry: a silent fact is said to be silent, an unconfirmed one is marked. A question that is
wholly silent stays in the list, so that the clerk learns to ask the office instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.days import words
from app.core.office_sheets import Line, OfficeSheet
from app.core.region_words import FACTS
from app.core.workdays import tell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.region import DiseaseEntry, Fact, Region, Requirement
    from app.core.requirements import Need
    from app.core.workdays import Due

SILENT: Final = "来源没写，问经办机构"
ASK: Final = "来源没有书面确认，拿不准就问经办机构"


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of an answer. ``doubt``: nobody confirmed it in writing; ``silent``: the source says nothing of it."""

    label: str
    text: str
    source: str = ""
    note: str = ""
    doubt: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with its answers. ``also``: other words people use for it, for the search."""

    id: str
    title: str
    answers: tuple[Answer, ...]
    also: str = ""

    @property
    def silent(self) -> bool:
        """Whether the source answers nothing of it."""
        return all(one.silent for one in self.answers)

    def speaks_of(self, text: str) -> bool:
        """Return whether all parts of ``text``, apart by spaces, are somewhere in the question or its answers."""
        said = f"{self.title} {self.also} " + " ".join(f"{one.label} {one.text} {one.note}" for one in self.answers)
        return all(part in said for part in text.split())


_QUESTIONS: Final[tuple[tuple[str, str, tuple[str, ...], str], ...]] = (
    ("who", "谁可以申请", ("who_may_apply", "for_whom", "eligibility", "catalogue"), "资格 条件 病种 能不能办"),
    (
        "papers",
        "要带什么，到哪里拿",
        ("papers_rule", "window_papers", "recency", "reports_rule", "photo"),
        "材料 证件 诊断 盖章",
    ),
    ("long", "多久有结果", ("reviewer", "notice", "ask", "effect"), "时限 工作日 进度 查询 生效"),
    ("pays", "能报多少", ("deductible", "ratio", "benefits"), "起付 比例 报销 待遇 钱"),
    ("renewal", "到期怎么办", ("review", "renewal"), "续期 复审 续办 期限"),
    ("change", "想换医院或病种", ("change_rule",), "变更 定点 一年一次"),
    ("remote", "住在外地", ("remote", "remote_pay"), "异地 备案"),
    ("agent", "替别人来办", ("on_behalf", "visits", "on_site_check"), "代办 委托 家属 子女 来不了"),
    ("returned", "被退回来了", ("return_rule", "supplement"), "补正 补材料 没通过"),
    ("appeal", "不同意，找谁", ("appeal", "hotline", "feedback"), "复核 申诉 投诉 意见 电话 热线"),
    ("online", "能不能不来窗口", ("channels", "entry", "online_first", "online_time"), "手机 网上 小程序"),
    ("where", "在哪里办，收不收钱", ("office", "window", "address", "hours", "fee"), "地址 上班 时间 费用"),
)
"""Question, title, the facts that answer it in order, and other words for it."""


def topics(
    region: Region, needs: Sequence[Need] = (), entry: DiseaseEntry | None = None, promise: Due | None = None, *, today: dt.date
) -> tuple[Topic, ...]:
    """Return every question with what this place says to it.

    ``needs``: the papers of the case that is open, none: all that this place may ask for. ``entry``: the disease it is about. ``promise``:
    when the office would be done if it were accepted ``today``.
    """
    found = []
    for id_, title, facts, also in _QUESTIONS:
        answers = [_answer(FACTS[name], region.fact(name)) for name in facts if _belongs(name, region)]
        if id_ == "papers":
            answers = [*_papers(region, needs), *(one for one in answers if not one.silent)]
        elif id_ == "long":
            answers = [*_limit(region, promise, today), *answers]
        elif id_ == "renewal" and entry is not None and entry.review:
            answers.insert(0, Answer(entry.name, entry.review, entry.source, entry.note, doubt=not entry.confirmed))
        found.append(Topic(id_, title, tuple(answers), also))
    return tuple(found)


def sheet(topic: Topic, region: Region) -> OfficeSheet:
    """Return an answer as a paper to take along. What is unconfirmed says so beside it, since a mark on the screen does not travel."""
    lines = tuple(Line(one.label, _printed(one)) for one in topic.answers)
    return OfficeSheet("answers", topic.title, lines, f"{region.name}·{region.fact('matter').text or '门诊慢特病'}")


def _printed(answer: Answer) -> str:
    parts = [answer.text, answer.note, f"（{ASK}）" if answer.doubt else ""]
    return "\n".join(part for part in parts if part)


def _belongs(name: str, region: Region) -> bool:
    """Return whether it is a question here: a fact that this place neither states nor is known to be silent about is none."""
    return bool(region.fact(name)) or name in region.silent or name in {"hotline", "appeal", "deductible", "ratio", "effect"}


def _answer(label: str, fact: Fact) -> Answer:
    if not fact:
        return Answer(label, SILENT, silent=True)
    return Answer(label, fact.text, fact.source, fact.note, doubt=not fact.confirmed)


def _limit(region: Region, promise: Due | None, today: dt.date) -> list[Answer]:
    limit = region.limit
    if not limit.words:
        return [Answer("时限", SILENT, silent=True)]
    found = [Answer("时限", limit.words, limit.source, doubt=not limit.confirmed)]
    if promise is not None:
        skipped = tell(promise.skipped, today)
        note = f"其间 {skipped}" if skipped else ""
        if promise.provisional:
            note = "；".join(part for part in (note, "有一年的放假安排没有公布，这个日期是暂算的") if part)
        found.append(Answer("今天受理的", f"预计 {words(promise.day, weekday=True)}前办结", note=note))
    return found


def _papers(region: Region, needs: Sequence[Need]) -> list[Answer]:
    if needs:
        return [_paper(need.requirement, need.because) for need in needs if not need.requirement.made_here]
    return [_paper(one, one.because) for one in region.requirements if not one.made_here]


def _paper(requirement: Requirement, because: str) -> Answer:
    either = f"{'、'.join(requirement.options)}，一种即可" if requirement.options else ""
    rules = [
        f"近 {requirement.fresh.months} 个月内的" if requirement.fresh else "",
        "要盖章" if requirement.seal else "",
        "二级及以上医院出的" if requirement.grade else "",
        f"至少 {requirement.min_pages} 页" if requirement.min_pages > 1 else "",
    ]
    text = "，".join(part for part in (either, *rules) if part)
    where = f"到哪里拿：{requirement.where}" if requirement.where else ""
    note = "；".join(part for part in (where, requirement.note) if part)
    label = f"{requirement.name}（有就带）" if requirement.optional else requirement.name
    return Answer(
        label, text or because, requirement.source, note or (because if text else ""), doubt=not requirement.confirmed
    )
