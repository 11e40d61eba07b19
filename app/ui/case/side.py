"""The right panel of the disease step: what this place rules about the disease (本区规定), and which papers that means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.days import words
from app.core.requirements import entry_of
from app.core.workdays import tell
from app.ui.kit.bare import Bare
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import column, fill, restyle, row, rule, scroller
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from app.core.region import Region
    from app.core.requirements import Need
    from app.core.workdays import Due
    from app.ui.case.state import CaseState

ASK = "来源没写，问经办机构"
UNCONFIRMED = "来源未经书面确认"
_APART = re.compile(r"(?<=[一-鿿])(?=[A-Za-z0-9])")
"""Where a space belongs between characters and letters or figures."""
R = TypeVar("R", "RuleRow", "PaperRow")
_LABEL = 62
_SHORT = 9
_SIDES = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: what it is about, what holds, where that stands; ``doubt`` when nobody confirmed it in writing."""

    label: str
    text: str
    source: str = ""
    doubt: bool = False
    strong: bool = False
    tone: str = ""


def rules(state: CaseState) -> tuple[Rule, ...]:
    """Return what this place says: time limit, promised date if accepted today, effect, review. Silence is said, never filled."""
    region = state.region
    limit = region.limit
    found = [Rule("时限", limit.words or ASK, limit.source, doubt=bool(limit.words) and not limit.confirmed)]
    if state.promise is not None:
        found += _promise(state.promise, state)
    for name, label in (("effect", "待遇"), ("review", "复审")):
        fact = region.fact(name)
        found.append(Rule(label, fact.text or ASK, fact.source, doubt=bool(fact) and not fact.confirmed))
    entry = next((e for d in state.application.diseases if (e := entry_of(d, region)) is not None), None)
    if entry is not None and entry.review:
        found[-1] = Rule("复审", entry.review, entry.source, doubt=not entry.confirmed)
    if entry is not None and entry.note:
        found.append(Rule("病种", entry.note, entry.source, doubt=not entry.confirmed))
    return tuple(found)


def _promise(promise: Due, state: CaseState) -> list[Rule]:
    found = [Rule("预计办结", words(promise.day, weekday=True), strong=True)]
    skipped = tell(promise.skipped, state.today)
    if skipped:
        found.append(Rule("", f"其间 {skipped}"))
    if promise.provisional:
        found.append(Rule("", "有一年的放假安排没有公布，这个日期是暂算的", tone="warn"))
    return found


def paper_note(need: Need) -> str:
    """Say why a paper is wanted, or what about one that is always wanted."""
    requirement = need.requirement
    if requirement.made_here:
        return "这里打印"
    if need.optional:
        return f"提醒：{need.because}"
    either = f"一种即可：{'、'.join(requirement.options)}" if requirement.options else ""
    if requirement.when is not None:
        return "·".join(part for part in (need.because, either) if part)
    if either:
        return either
    return "每件都要·正反面" if requirement.min_pages == _SIDES else need.because


class RulesPanel(QFrame):
    """What holds here for the chosen disease. Made anew only where something changed, so that a keystroke costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self._title = Text("", "h2", elide=True)
        self._rules: tuple[Rule, ...] = ()
        self._papers: tuple[tuple[str, str], ...] = ()
        self._rule_rows: list[RuleRow] = []
        self._paper_rows: list[PaperRow] = []
        self._rule_box = QVBoxLayout()
        self._paper_box = QVBoxLayout()
        self._count = Text("", "small")
        self._unsure = Icon("triangle-alert", "warn", 14, label=UNCONFIRMED)
        self._doubt = row(
            Icon("triangle-alert", "warn", 16),
            (Text(f"带这个记号的：{UNCONFIRMED}，拿不准就问经办机构。", "small", wrap=True), 1),
            gap=8,
            pad=(14, 10),
        )
        holder = Bare()
        box = QVBoxLayout(holder)
        fill(box, ())
        fill(self._rule_box, (), gap=6, pad=(14, 12, 14, 12))
        fill(self._paper_box, (), gap=7, pad=(14, 0, 14, 12))
        box.addLayout(self._rule_box)
        box.addWidget(rule())
        box.addWidget(row(Text("要带的材料", "strong"), ..., self._count, self._unsure, gap=8, pad=(14, 10, 14, 8)))
        box.addLayout(self._paper_box)
        box.addStretch(1)
        fill(
            QVBoxLayout(self),
            (
                row((self._title, 1), pad=(14, 12, 14, 10), height=50),
                rule(),
                (scroller(holder, ahead=True), 1),
                rule(),
                self._doubt,
            ),
        )

    def show_case(self, state: CaseState) -> None:
        """Show what follows from the case."""
        named = next((d.name.strip() for d in state.application.diseases if d.name.strip()), "")
        title = f"{named}·{_place(state.region)}" if named else _place(state.region)
        self._title.put(title)
        self.setAccessibleName(title)
        found = rules(state)
        if found != self._rules:
            self._rules = found
            self._fill_rules()
        papers = tuple((need.requirement.name, paper_note(need)) for need in state.needs)
        if papers != self._papers:
            self._papers = papers
            self._fill_papers()
        unsure = any(not need.requirement.confirmed for need in state.needs)
        self._unsure.setVisible(unsure)
        self._doubt.setVisible(unsure or any(r.doubt for r in found))

    def lines(self) -> tuple[Rule, ...]:
        """Return the rules in sight."""
        return self._rules

    def papers(self) -> tuple[tuple[str, str], ...]:
        """Return the papers in sight and why each is wanted."""
        return self._papers

    def _fill_rules(self) -> None:
        _match(self._rule_rows, len(self._rules), RuleRow, self._rule_box)
        for shown, line in zip(self._rule_rows, self._rules, strict=False):
            shown.put(line)

    def _fill_papers(self) -> None:
        self._count.put(f"{len(self._papers)} 项")
        _match(self._paper_rows, len(self._papers), PaperRow, self._paper_box)
        for at, (shown, (name, note)) in enumerate(zip(self._paper_rows, self._papers, strict=False), start=1):
            shown.put(at, name, note)


class RuleRow(Bare):
    """A rule with its source under it, and the mark of what nobody confirmed in writing."""

    def __init__(self) -> None:
        super().__init__()
        self._label = Text("", "small", width=_LABEL)
        self._text = Text("", wrap=True)
        self._source = Text("", "cap", wrap=True)
        self._mark = Icon("triangle-alert", "warn", 14, label=UNCONFIRMED)
        body = column(self._text, self._source, gap=1)
        fill(QHBoxLayout(self), (_top(self._label), (body, 1), _top(self._mark)), gap=8)

    def put(self, line: Rule) -> None:
        """Show this rule."""
        restyle(self._text, role="medium" if line.strong else "body")
        self._label.put(line.label)
        self._text.put(line.text, line.tone)
        self._source.put(_APART.sub(" ", line.source))
        self._source.setVisible(bool(line.source))
        self._mark.setVisible(line.doubt)


class PaperRow(Bare):
    """A paper and why it is wanted: at the right where that is short, else below."""

    def __init__(self) -> None:
        super().__init__()
        self._number = Text("", "small", width=14)
        self._name = Text("", wrap=True)
        self._beside = Text("", "cap", right=True)
        self._below = Text("", "cap", wrap=True)
        body = column(row((self._name, 1), self._beside, gap=8), self._below, gap=1)
        fill(QHBoxLayout(self), (_top(self._number), (body, 1)), gap=6)

    def put(self, number: int, name: str, note: str) -> None:
        """Show this paper."""
        beside = len(note) <= _SHORT and len(name) + len(note) <= 2 * _SHORT
        self._number.put(str(number))
        self._name.put(name)
        self._beside.put(note if beside else "")
        self._beside.setVisible(beside)
        self._below.put("" if beside else note)
        self._below.setVisible(not beside)


def _match(rows: list[R], count: int, make: type[R], box: QVBoxLayout) -> None:
    """Have at least so many rows, and show exactly so many: a row that exists is used again."""
    while len(rows) < count:
        rows.append(make())
        box.addWidget(rows[-1])
    for at, shown in enumerate(rows):
        shown.setVisible(at < count)


def _top(widget: Text | Icon) -> QWidget:
    return column(1, widget, ...)


def _place(region: Region) -> str:
    return f"{region.name}规定"
