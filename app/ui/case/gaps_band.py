"""The band over a case that lacks something: what a one-time notice named, what was promised to come later, what a supervisor sent back.

Each thing is ticked off as it is filled; what the notice did not name is marked as new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.core.application import State
from app.core.checks.materials import came
from app.core.days import parse_day
from app.core.deferral import BRINGS, brings, days_left, until
from app.core.paper_notice import key_of
from app.core.second_look import corrects
from app.core.waiting import standing, told_day
from app.ui import keys
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button
from app.ui.kit.flow import Flow
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import empty, fill, restyle, row
from app.ui.kit.text import Text

if TYPE_CHECKING:
    import datetime as dt

    from app.core.application import Application, Waiting
    from app.core.findings import Finding
    from app.core.second_look import Look
    from app.core.waiting import Standing
    from app.ui.case.state import CaseState

_LOOKS: Final = {"open": ("circle-dashed", "ink2"), "filled": ("circle-check", "good"), "new": ("triangle-alert", "warn")}
_WORDS: Final = {"open": "还差", "filled": "补齐了", "new": "新的"}
_ICONS: Final = {"warn": "triangle-alert", "good": "circle-check"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing of the band. ``look``: open, filled or new; ``field`` where it is mended, '' where nothing can be done now."""

    look: str
    name: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """What the band says. ``act``: what its button opens the next version for, in words; '' for no button."""

    tone: str
    head: str
    marks: tuple[Mark, ...] = ()
    act: str = ""


class GapsBand(QFrame):
    """Hidden while nothing lacks. ``go(field)`` when something still open was chosen, ``bring()`` from its button."""

    go = Signal(str)
    bring = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "message")
        self._icon = Icon("", "accent", 18)
        self._head = Text("", "strong", wrap=True)
        self.button = Button(keys.KEYS["bring"].word, "small", key=keys.cap("bring"))
        self.button.clicked.connect(self.bring)
        self._shortcuts = keys.bind(self, "bring", self.bring.emit)
        self._marks = Bare()
        self._flow = Flow(self._marks, gap=18)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._marks.setSizePolicy(policy)
        head = row(self._icon, (self._head, 1), self.button, gap=10)
        fill(QVBoxLayout(self), (head, self._marks), gap=5, pad=(14, 8, 8, 8))
        self._shown: Lack | None = Lack("", "")
        self._of_case: Lack | None = None
        self._sent_back: Lack | None = None
        self.put(None)

    def put(self, lack: Lack | None) -> None:
        """Show this, or nothing; what was sent back stands before it."""
        self._of_case = lack
        self._show(self._sent_back or lack)

    def sent_back(self, look: Look | None) -> None:
        """Show that a supervisor sent the accepted case back, None where nobody did."""
        self._sent_back = _returned(look) if look is not None else None
        self.put(self._of_case)

    def _show(self, lack: Lack | None) -> None:
        """Touch nothing when nothing changed."""
        if lack == self._shown:
            return
        self._shown = lack
        self.setVisible(lack is not None)
        empty(self._flow)
        if lack is None:
            return
        restyle(self, tone=lack.tone)
        self._icon.put(_ICONS.get(lack.tone, "info"), lack.tone)
        self._head.put(lack.head)
        self.setAccessibleName(lack.head)
        self.button.put(lack.act)
        self.button.setVisible(bool(lack.act))
        for shortcut in self._shortcuts:
            shortcut.setEnabled(bool(lack.act))
        self._marks.setVisible(bool(lack.marks))
        for mark in lack.marks:
            self._flow.addWidget(self._mark(mark))

    def words(self) -> str:
        """Return the heading, '' while hidden."""
        return "" if self._shown is None else self._shown.head

    def marks(self) -> tuple[Mark, ...]:
        """Return what is shown below it."""
        return self._shown.marks if self._shown else ()

    def _mark(self, mark: Mark) -> QWidget:
        if mark.look == "filled" or not mark.field:
            what: Text | Button = Text(mark.name, "small")
        else:
            what = Button(mark.name, "link")
            what.clicked.connect(lambda: self.go.emit(mark.field))
        what.setAccessibleName(f"{mark.name}，{_WORDS[mark.look]}")
        new = Text("新", "mark", tone="warn") if mark.look == "new" else None
        return row(Icon(*_LOOKS[mark.look], 16), what, new, gap=6)


def lack_of(state: CaseState) -> Lack | None:
    """Return what the band says of a case; None where nothing was told or promised."""
    application = state.application
    if application.state is State.WAITING and application.waiting is not None:
        return _told(application.waiting, standing(application, state.region, state.findings))
    if (mends := corrects(application)) is not None:
        words = "；".join(one.problem for one in mends.asked)
        return Lack("warn", f"{_by(mends.who, mends.at)}退回：{words}。改好再受理一次，编号和办结日期不变")
    if application.owed and (application.state in BRINGS or brings(application)):
        return _promised(application, state.today)
    return None


def _told(waiting: Waiting, stands: Standing) -> Lack:
    tone = "warn" if stands.expired or stands.unsaid else "accent" if stands.open else "good"
    marks = [Mark("open" if gap in stands.open else "filled", gap.name, gap.field) for gap in waiting.gaps]
    marks += [Mark("new", one.label or one.title, one.field) for one in _once((*stands.expired, *stands.unsaid))]
    day = told_day(waiting)
    when = f"{day.month} 月 {day.day} 日" if day else "上次"
    again = f"（第 {waiting.nth} 次告知）" if waiting.nth > 1 else ""
    told = f"{when}告知要补 {len(waiting.gaps)} 样{again}"
    parts = [f"{told}，还差 {len(stands.open)} 样" if stands.open else f"{told}，都补齐了"]
    if waiting.until and stands.open and (last := parse_day(waiting.until)):
        parts[0] += f"，{last.month} 月 {last.day} 日前补齐"
    if stands.expired:
        parts.append(f"等的时候又有 {len(_once(stands.expired))} 样过了期限")
    if stands.unsaid:
        parts.append(f"有 {len(_once(stands.unsaid))} 样告知书上没说到，当面说清楚")
    return Lack(tone, "；".join(parts), tuple(marks))


def _promised(application: Application, today: dt.date) -> Lack:
    taking = brings(application)
    marks = tuple(
        Mark(
            "filled" if taking and came(application.paper(one.requirement)) else "open",
            one.name,
            f"papers.{one.requirement}" if taking else "",
        )
        for one in application.owed
    )
    last, left = parse_day(until(application)), days_left(until(application), today)
    by = f"，{last.month} 月 {last.day} 日前补齐" if last else ""
    late = f"，已过 {-left} 天" if left is not None and left < 0 else ""
    head = f"容缺受理的还欠 {len(marks)} 样{by}{late}"
    if taking:
        filled = sum(mark.look == "filled" for mark in marks)
        head = f"收后补的材料：{len(marks)} 样，放进来 {filled} 样{by}{late}。编号和办结日期不变"
    return Lack("warn" if late else "accent", head, marks, "" if taking else keys.KEYS["bring"].word)


def _returned(look: Look) -> Lack:
    return Lack("warn", f"{_by(look.who, look.at)}退回：{look.note}。这件留在本机，没有报送", act="改这件")


def _by(who: str, at: str) -> str:
    day = parse_day(at[:10])
    when = f"{day.month} 月 {day.day} 日" if day else ""
    return f"主管{who} {when}" if when else f"主管{who}"


def _once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding for each field that a notice would name once."""
    return tuple({key_of(finding): finding for finding in reversed(findings)}.values())[::-1]
