"""What the materials step says about each paper: the case's findings and rules as words for one slot. No widget in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.checks.materials import LATER
from app.core.codes import GRADES, grade_code, level_two_or_above
from app.core.days import parse_day
from app.core.deferral import may_come_later
from app.core.findings import Finding, Tone
from app.core.quality import FLAWS
from app.core.region import Requirement
from app.core.requirements import freshness
from app.core.workdays import due
from app.ui.case.materials_marks import PageMark, flaw_of, page_marks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.application import Care, Page, Paper
    from app.ui.case.state import CaseState

LEDGER = (("seen", "已看"), ("copied", "已复印"), ("kept", "留存"), ("returned", "退还"))
"""What happens to a paper at the counter, in the order it happens."""

_WORDS = {
    "missing": "还没有",
    "unscanned": "还没有图",
    "option": "没选哪一种",
    "sealed": "没看章",
    "issued_on.missing": "没填日期",
    "issued_on.unreadable": "日期读不出",
    "issued_on.future": "日期没到",
}
_SIDES = 2
_CUSTOM = "窗口惯例"


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot, ready to be shown. Two that are equal look the same.

    ``number`` counts from 1 in the region's order, 0 for a paper that came but is not needed. ``rule`` says why and what is asked,
    ``told`` what is wrong or how fresh it is (``told_tone``), ``tone`` and ``verdict`` fill the chip ('' for none), ``mark`` tints
    the left edge. ``short``: pages still to come. ``marks``: what is wrong with each page, None for nothing. ``later``: ``may`` where the
    paper may come after acceptance, ``will`` once that was agreed, ``must`` where it was promised at an acceptance, else ''. ``seen_will_do``: nothing need be
    kept where the original was seen.
    """

    id: str
    number: int
    name: str
    requirement: Requirement
    paper: Paper
    rule: str
    told: str
    told_tone: str
    tone: str
    verdict: str
    mark: str
    done: bool
    short: int
    findings: tuple[Finding, ...]
    marks: tuple[PageMark | None, ...] = ()
    later: str = ""
    seen_will_do: bool = True

    @property
    def path(self) -> str:
        """The dotted path of the paper in the application."""
        return f"papers.{self.id}"

    @property
    def pages(self) -> tuple[Page, ...]:
        """Its pages, in order."""
        return self.paper.pages

    @property
    def label(self) -> str:
        """Number and name as the slot's head shows them."""
        return f"{self.number}  {self.name}" if self.number else self.name

    @property
    def aside(self) -> str:
        """What a slot folded to one line says beside its name."""
        if self.requirement.made_here:
            return "这里打印，本人签名"
        count = len(self.pages)
        if not count:
            return "看过原件" if self.paper.seen else "受理后补" if self.later in {"will", "must"} else ""
        both = count == _SIDES == self.requirement.pages_for(self.paper.option)
        return f"正反面 {count} 页" if both else f"{count} 页"

    @property
    def doubt(self) -> Finding | None:
        """The doubt whose reason is asked for next, answered ones last. What is to be scanned again first takes none."""
        doubts = [f for f in self.findings if f.tone is Tone.DOUBT and not f.retake]
        return next((f for f in doubts if f.stops), doubts[0] if doubts else None)


def views(state: CaseState, typing: str = "") -> tuple[SlotView, ...]:
    """Return the slots of a case: what is needed in the region's order, then what came without being needed.

    ``typing``: path of the date someone is in the middle of; half a date is not called unreadable yet.
    """
    by_paper = _by_paper(state.findings, typing)
    wanted = {need.id for need in state.needs}
    found = [
        _view(state, need.requirement, number, need.because, by_paper.get(need.id, ()))
        for number, need in enumerate(state.needs, start=1)
    ]
    known = {r.id: r for r in state.region.requirements}
    for paper in state.application.papers:
        if paper.pages and paper.requirement not in wanted:
            requirement = known.get(paper.requirement) or Requirement(paper.requirement, "附件", "")
            found.append(_view(state, requirement, 0, "现在不需要", by_paper.get(paper.requirement, ())))
    return tuple(found)


def every(state: CaseState) -> tuple[SlotView, ...]:
    """Return a slot for each paper that the region ever asks for, as if this case needed it."""
    return tuple(_view(state, r, number, r.because, ()) for number, r in enumerate(state.region.requirements, start=1))


def unneeded(state: CaseState) -> tuple[Requirement, ...]:
    """Return what this region asks of others but not of this case."""
    wanted = {need.id for need in state.needs}
    return tuple(r for r in state.region.requirements if r.id not in wanted)


def summary(slots: Iterable[SlotView]) -> str:
    """Return the line beside the title (``5 项，妥 2``); what is printed here and what may be left out is not counted."""
    asked = [s for s in slots if s.number and not s.requirement.made_here]
    needed = [s for s in asked if not s.requirement.optional]
    good = sum(s.done for s in needed)
    may = len(asked) - len(needed)
    return f"{len(needed)} 项，妥 {good}" + (f"；可空 {may}" if may else "")


def _by_paper(findings: tuple[Finding, ...], typing: str) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        head, _, rest = finding.field.partition(".")
        if head == "papers" and rest and finding.tone is not Tone.GOOD:
            held = finding
            if typing == finding.field and finding.id.endswith(".unreadable"):
                held = Finding(
                    f"{finding.field}.missing", Tone.MISSING, finding.field, finding.step, finding.label + "的出具日期正在填"
                )
            found.setdefault(rest.partition(".")[0], []).append(held)
    order = (Tone.MISSING, Tone.DOUBT, Tone.OPEN)
    return {key: tuple(sorted(rows, key=lambda f: order.index(f.tone))) for key, rows in found.items()}


def _view(state: CaseState, requirement: Requirement, number: int, because: str, findings: tuple[Finding, ...]) -> SlotView:
    paper = state.application.paper(requirement.id)
    came = bool(paper.pages) or paper.seen
    stops = [f for f in findings if f.stops]
    unscanned = not paper.seen or not state.region.seen_will_do(requirement)
    short = max(0, requirement.pages_for(paper.option) - len(paper.pages)) if paper.pages or unscanned else 0
    tone, verdict = _verdict(requirement, number, stops, findings, _words(state, requirement, paper, stops, short), came=came)
    told, told_tone = _told(state, requirement, paper, stops, findings)
    later = "" if came or not number else _later(state, requirement, findings)
    if later in {"will", "must"}:
        tone, verdict = "accent", _deferred(state, requirement)
    done = requirement.made_here or ((came or later == "will") and not stops and number > 0)
    return SlotView(
        id=requirement.id,
        number=number,
        name=requirement.name,
        requirement=requirement,
        paper=paper,
        rule=_rule(requirement, because, state.application.care),
        told=told,
        told_tone=told_tone,
        tone=tone,
        verdict=verdict,
        mark=tone if came and tone in {"bad", "warn", "good"} else "",
        done=done,
        short=short,
        findings=findings,
        marks=page_marks(paper, findings),
        later=later,
        seen_will_do=state.region.seen_will_do(requirement),
    )


def _later(state: CaseState, requirement: Requirement, findings: tuple[Finding, ...]) -> str:
    if any(finding.id.endswith(LATER) for finding in findings):
        owed = state.application.owes(requirement.id)
        return "must" if owed is not None and owed.name else "will"
    return "may" if may_come_later(state.region, requirement) and not requirement.optional else ""


def _deferred(state: CaseState, requirement: Requirement) -> str:
    """Return the chip of a paper that comes later: by when, where the region states a number of days."""
    owed, rule = state.application.owes(requirement.id), state.region.deferral
    promised = parse_day(owed.due) if owed else None
    if promised is None and rule is not None and rule.workdays and not (owed and owed.name):
        promised = due(state.calendar, state.today, rule.workdays).day
    return f"容缺·至 {promised.month}-{promised.day:02d}" if promised else "容缺"


def _verdict(
    requirement: Requirement, number: int, stops: list[Finding], findings: tuple[Finding, ...], words: str, *, came: bool
) -> tuple[str, str]:
    if requirement.made_here:
        return "", ""
    if not number:
        return "open", "不需要"
    if not stops:
        if not came:
            return "wait", "可空"
        return ("warn", "疑·写了理由") if any(f.tone is Tone.DOUBT for f in findings) else ("good", "妥")
    waits = _kind(stops[0], requirement) in {"missing", "unscanned", "pages"}
    if any(flaw_of(f) for f in stops):
        words = _counted(stops, words, requirement)
    elif len(stops) > 1:
        words = f"{words}等 {len(stops)} 处"
    return "wait" if waits else stops[0].tone.value, words


def _counted(stops: list[Finding], words: str, requirement: Requirement) -> str:
    """Return kinds with how often each (``模糊 1·过期 1``), two of them at most: the chip has no room for more."""
    counts: dict[str, int] = {}
    for finding in stops:
        flaw, kind = flaw_of(finding), _kind(finding, requirement)
        word = FLAWS[flaw].mark if flaw else "过期" if kind == "issued_on.stale" else _WORDS.get(kind, "缺")
        counts[word] = counts.get(word, 0) + 1
    if len(counts) > _SIDES:
        return f"{next(iter(counts))}等 {len(stops)} 处"
    return "·".join(f"{word} {count}" if word not in _WORDS.values() else word for word, count in counts.items()) or words


def _kind(finding: Finding, requirement: Requirement) -> str:
    return finding.id.removeprefix(f"papers.{requirement.id}.")


def _words(state: CaseState, requirement: Requirement, paper: Paper, stops: list[Finding], short: int) -> str:
    """Return the chip's words for the gravest finding."""
    if not stops:
        return ""
    kind, flaw = _kind(stops[0], requirement), flaw_of(stops[0])
    if flaw:
        return FLAWS[flaw].mark
    issued = parse_day(paper.issued_on)
    if kind == "pages":
        return f"还差 {short} 页"
    if kind == "issued_on.stale" and issued is not None:
        return f"过期 {freshness(requirement, issued, state.today).days} 天"
    return _WORDS.get(kind, "缺" if stops[0].tone is Tone.MISSING else "疑")


def _rule(requirement: Requirement, because: str, care: Care) -> str:
    may = "可空，按窗口惯例" if requirement.source.startswith(_CUSTOM) else "可空"
    parts = [may if requirement.optional else "", because, "" if requirement.made_here else requirement.note]
    return "。".join(part.rstrip("。") for part in (*parts, _grade(requirement, care)) if part)


def _grade(requirement: Requirement, care: Care) -> str:
    if not requirement.grade:
        return ""
    if not care.grade:
        return "医院等级还没填"
    name = GRADES.get(grade_code(care.grade), care.grade)
    return f"确诊医院填的是{name}" + ("" if level_two_or_above(care.grade) else "，不到二级")


def _told(
    state: CaseState, requirement: Requirement, paper: Paper, stops: list[Finding], findings: tuple[Finding, ...]
) -> tuple[str, str]:
    """Say what is wrong; when nothing is, the reason that was written or how long the paper will still do."""
    if stops:
        first = stops[0]
        if first.id == f"papers.{requirement.id}.missing":
            return first.todo, ""
        return "；".join(_bare(f.title, requirement.name) for f in stops) + "。", first.tone.value
    reason = next((f.reason for f in findings if f.reason), "")
    if reason:
        return f"理由：{reason}", ""
    issued = parse_day(paper.issued_on)
    if requirement.dated and issued is not None:
        return freshness(requirement, issued, state.today).words, ""
    return next((f.todo for f in findings if f.id.endswith((".unneeded", LATER))), ""), ""


def _bare(title: str, name: str) -> str:
    """Return a finding's sentence without the name that already stands above it."""
    return title.removeprefix(name).lstrip("：的") or title
