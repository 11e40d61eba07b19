"""One case on screen: the frame, its six steps, and the wires between the pages, the session and what the window must do.

Pages give ``edited`` and know nothing else; the session applies, checks and stores; this page only connects them and moves between
steps. What needs the machine (files, documents, acceptance, printing) leaves as a signal for :class:`app.ui.case.desk_work.DeskWork`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import same_person
from app.core.findings import Finding, Tone
from app.core.identity import age_on
from app.core.masks import mask_cert, mask_name
from app.core.requirements import birth_of
from app.services.originals import came
from app.ui import keys
from app.ui.case import making
from app.ui.case.answers_page import AnswersPage
from app.ui.case.disease_page import DiseasePage
from app.ui.case.finished_page import FinishedPage
from app.ui.case.gaps_band import GapsBand, lack_of
from app.ui.case.identity_page import IdentityPage
from app.ui.case.insurance_page import InsurancePage
from app.ui.case.materials_page import MaterialsPage
from app.ui.case.mistake_dialog import mistake_dialog
from app.ui.case.step import FormPage
from app.ui.kit import CaseFrame, MessageBar
from app.ui.kit.frames import usual_side
from app.ui.kit.layouts import fill
from app.ui.kit.rail import Step
from app.ui.shell import PageBase
from app.ui.slices import at_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QResizeEvent

    from app.core.application import Application
    from app.ui.case.session import CaseSession
    from app.ui.case.state import CaseState
    from app.ui.case.step import StepPage
    from app.ui.keys import KeyHint

STEPS = ("identity", "insurance", "disease", "materials", "answers", "finished")
NAMES = {
    "identity": "身份",
    "insurance": "参保",
    "disease": "病种与机构",
    "materials": "材料",
    "answers": "核对",
    "finished": "回执",
}
WIDE_SIDES = {"materials": (520, 640), "answers": (440, 560), "finished": (380, 420)}
"""Width of the right side in a window of 1366 and of 1500 and more, for steps that bring their own."""

WIDE_FROM = 1500


class Over(Protocol):
    """What stands in the place of a step's page until a way out of it is taken: a middle, a side, and the two ways of the foot."""

    @property
    def middle(self) -> QWidget:
        """What stands in the middle."""

    @property
    def side(self) -> QWidget:
        """What stands at the right."""

    def hints(self) -> list[KeyHint]:
        """Return the foot bar's entries."""

    def ways(self) -> tuple[str, str]:
        """Return the words of F8 and of Shift F8."""

    def go_on(self) -> None:
        """F8."""

    def go_back(self) -> None:
        """Shift F8."""

    def focus_first(self) -> None:
        """Take the focus."""


class CasePage(PageBase):
    """The case. Signals: ``step_left()`` before a step, or the case, makes room for another; ``compare()`` when the same person's other application is to be looked at; ``accept()`` on F8 at the answers; ``put_aside()`` on F10; ``next_one()`` after the receipt."""

    tab_name = "workbench"
    own_foot = True

    accept = Signal()
    put_aside = Signal()
    next_one = Signal()
    step_shown = Signal(str)
    step_left = Signal()
    compare = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.frame = CaseFrame()
        self.message = MessageBar()
        self.message.clear()
        self.gaps = GapsBand()
        self.gaps.go.connect(self.go_to)
        fill(QVBoxLayout(self), (self.message, self.gaps, (self.frame, 1)))
        self.session: CaseSession | None = None
        self._step = self._under = self._mended = ""
        self._over: Over | None = None
        self.gate: Callable[[str], bool] = lambda _step: False
        """Asked before a step is opened; True when something else was opened in its place."""
        self._pages: dict[str, StepPage] = {}
        self.made_whole: set[str] = set()
        """The steps whose pages were made to their end, by :func:`app.ui.case.making.step`."""
        self._makers: dict[str, Callable[[], StepPage]] = {
            "identity": IdentityPage,
            "insurance": InsurancePage,
            "disease": DiseasePage,
            "materials": MaterialsPage,
            "answers": AnswersPage,
            "finished": FinishedPage,
        }
        self.frame.step_chosen.connect(self.change)
        self.frame.on.connect(self.go_on)
        self.frame.back.connect(self.go_back)
        self.frame.later.connect(self.put_aside)
        self.frame.go.connect(self.go_to)
        self.frame.reason.connect(self.ask_reason)
        self._new = keys.bind(self, "new", self.next_one.emit)

    # the case
    def open_case(self, session: CaseSession) -> None:
        """Show a case at the step where it was left."""
        if self.session is not None:
            self.session.changed.disconnect(self.refresh)
            self.session.saved.disconnect(self._saved)
            self.session.trouble.disconnect(self._trouble)
            if self.session is not session:
                self.session.release()
        self.session = session
        session.changed.connect(self.refresh)
        session.saved.connect(self._saved)
        session.trouble.connect(self._trouble)
        self.message.clear()
        session.look_up()
        if session.given:
            self.message.say("open", f"已交给{session.given}，只能看。要接着办，由主管在工作台拿回")
        self.frame.header.saved(f"已存 {session.last_saved[11:]}" if session.last_saved else "")
        step = session.application.step if session.application.acceptance is None else "finished"
        self._step, self._over = "", None
        self.open_step(step if step in STEPS else STEPS[0])

    @property
    def step(self) -> str:
        """The step on screen."""
        return self._step

    def page(self, step: str) -> StepPage:
        """Return a step's page, building it at its first visit."""
        if step not in self._pages:
            page = self._pages[step] = self._makers[step]()
            page.edited.connect(self._edited)
            page.left_field.connect(self._left_field)
            page.hints_changed.connect(self._hints)
            page.side_changed.connect(self._side)
            if isinstance(page, AnswersPage):
                page.jump.connect(self.change)
                page.go.connect(self.mend)
                page.reason.connect(self.ask_reason)
            if isinstance(page, MaterialsPage):
                page.reason.connect(self.ask_reason)
            if isinstance(page, FinishedPage):
                page.done.connect(self._ways)
        return self._pages[step]

    def keep(self, step: str) -> QWidget:
        """Give a step's page its place in the frame without showing it."""
        page = self.page(step)
        kept = self.frame.keep(page, scrolls=isinstance(page, FormPage))
        # Behind the page, as Tab goes.
        side = page.side_panel()
        if side is not None:
            self.frame.keep_side(side)
        return kept

    def refresh(self) -> None:
        """Show the case as it stands now: header, rail, findings and the step on screen."""
        if self.session is None:
            return
        state = self.session.state
        self.gaps.put(lack_of(state))
        self._header(state)
        self.frame.set_steps(self._steps(state), self._step or self._under)
        findings = state.of(self._step) if self._step in STEPS[:4] else state.findings
        # Once accepted nothing stops any more: today's rules are not the rules of that day.
        self.frame.set_findings(_listed(findings) if self.session.editable else ())
        if self._step:
            self.page(self._step).show_case(state)
        self._ways()

    # moving
    def open_step(self, step: str) -> None:
        """Go to a step. The receipt exists only once accepted; before, the last step is the answers."""
        if self.session is None or step not in STEPS or self.session.held:
            return
        if step == "finished" and self.session.application.acceptance is None:
            step = "answers"
        session = self.session
        at_once(self._lacking(step))
        if self.session is not session or step == self._step or self.gate(step):
            return
        self.step_left.emit()
        self._step, self._over, self._mended = step, None, ""
        page = self.page(step)
        # Filled before it is shown: what changes on screen is laid out and painted once more.
        if not session.open_step(step):
            self.refresh()
        # With the step that is open now: leaving the field would store it once more.
        self._left_field()
        page.set_editable(session.editable)
        self.frame.set_middle(page, scrolls=isinstance(page, FormPage), beside=self._beside())
        if step == "finished":
            self.frame.open_side(on=True)
        self._hints()
        page.focus_first()
        self.step_shown.emit(step)

    def _lacking(self, step: str) -> Iterator[None]:
        """Make what a step's page lacks for the case in hand: nothing, where it was built ahead for this version of the region's papers."""
        if self.session is not None and not (step in self.made_whole and self.page(step).stands_for(self.session.state)):
            yield from making.step(self, step, self.session.state)

    def go_on(self) -> None:
        """F8: the next step; at the answers, accept; at the receipt, the next person."""
        if self._over is not None:
            self._over.go_on()
        elif self._come_back():
            return
        elif self._step == "answers":
            self._left_field()
            self.accept.emit()
        elif self._step == "finished":
            self.next_one.emit()
        elif self._step:
            self.open_step(STEPS[STEPS.index(self._step) + 1])

    def go_back(self) -> None:
        """Shift F8: the step before."""
        if self._over is not None:
            self._over.go_back()
        elif self._come_back():
            return
        elif self._step and self._step != STEPS[0]:
            self.open_step(STEPS[STEPS.index(self._step) - 1])

    def cover(self, over: Over) -> None:
        """Show something in the place of the step on screen, until :meth:`uncover` or another step is opened."""
        if self.session is None:
            return
        self._left_field()
        self._under, self._step, self._over = self._step or self._under, "", over
        self.frame.set_middle(over.middle, scrolls=False, beside=self._beside())
        self.refresh()
        self._hints()
        over.focus_first()

    def uncover(self, step: str = "") -> None:
        """Go back to the step that was covered, or to another one."""
        if self._over is not None:
            self._over = None
            self.open_step(step or self._under)

    def show_ways(self) -> None:
        """Show the words of F8 and Shift F8 as they are now."""
        self._ways()

    @property
    def under(self) -> str:
        """The step that is covered."""
        return self._under

    @property
    def covered(self) -> Over | None:
        """What stands in the place of a step, None while a step is on screen."""
        return self._over

    def go_to(self, field: str) -> None:
        """Go to the field that mends a finding, on whichever step it stands."""
        if self.session is None or self.session.held:
            return
        steps = {f.field: f.step for f in self.session.state.findings}
        step = steps.get(field, self._step)
        if step in STEPS:
            self.open_step(step)
            self.page(step).focus_field(field)

    def change(self, step: str) -> None:
        """Go to a step that was chosen; from the answers F8 and Shift F8 lead straight back, as something there is to be changed."""
        came_from = self._step
        self.open_step(step)
        if came_from == "answers" and self._step == step and step in STEPS[:4]:
            self._mended = step
            self._ways()

    def mend(self, field: str) -> None:
        """Go to a field; from the answers F8 and Shift F8 lead straight back."""
        came_from = self._step
        self.go_to(field)
        if came_from == "answers" and self._step in STEPS[:4]:
            self._mended = self._step
            self._ways()

    def _come_back(self) -> bool:
        """Return to the answers, at the section that was changed; False when nobody came from there."""
        step = self._mended
        if not step:
            return False
        self.open_step("answers")
        page = self.page("answers")
        if self._step == "answers" and isinstance(page, AnswersPage):
            page.stand_at(step)
        return True

    def ask_reason(self, finding_id: str) -> None:
        """Ask why a doubtful thing is accepted; the reason travels with the application."""
        session = self.session
        if session is None or not session.editable:
            return
        finding = next((f for f in session.state.findings if f.id == finding_id), None)
        if finding is None:
            return
        if same_person.concerns(finding_id):
            self.compare.emit()
            return
        if finding.retake or finding.confirm:
            # A reason does not count (yet): the page is to be taken again, the copied value confirmed, where it lies.
            self.go_to(finding.field)
            return
        mistake_dialog(
            self,
            finding,
            session.application,
            lambda: self.mend(finding.field),
            lambda text: session.reason(finding_id, text),
        ).open()

    def entered(self) -> None:
        """Put the focus back where the work goes on."""
        if self._over is not None:
            self._over.focus_first()
        elif self._step:
            self.page(self._step).focus_first()

    def left(self) -> None:
        """Store what is not stored."""
        self.step_left.emit()
        self._left_field()

    def fold(self, *, folded: bool) -> None:
        """Fold rail and side in a narrow window."""
        self.frame.fold(folded=folded)
        self._side()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the viewer more room in a wide window."""
        super().resizeEvent(event)
        self._side()

    # inside
    def _edited(self, path: str, value: object) -> None:
        if self.session is not None:
            self.session.edit(path, value)

    def _left_field(self) -> None:
        if self.session is not None:
            self.session.flush()

    def _saved(self, at: str) -> None:
        self.frame.header.saved(f"已存 {at[11:]}")
        self.message.clear()

    def _trouble(self, sentence: str) -> None:
        self.frame.header.saved("还没存上", "bad")
        self.message.say("bad", sentence)

    def _side(self) -> None:
        self.frame.set_wide_side(*self._beside())

    def _beside(self) -> tuple[QWidget | None, int]:
        page = self.page(self._step) if self._step else None
        panel: QWidget | None = page.side_panel() if page is not None else None
        usual = usual_side(self.width())
        narrow, wide = WIDE_SIDES.get(self._step, (usual, usual))
        width = wide if self.width() >= WIDE_FROM else narrow
        if page is not None:
            width = page.side_width(width, 0 if self.frame.folded else self.width() - self.frame.rail.width())
        if self._over is not None:
            panel, width = self._over.side, usual
        return panel, width

    def _hints(self) -> None:
        if self._over is not None:
            self.frame.foot.hints(self._over.hints())
        elif self._step:
            self.frame.foot.hints(self.page(self._step).hints())

    def _ways(self) -> None:
        session = self.session
        editable = session is not None and session.editable
        for shortcut in self._new:
            shortcut.setEnabled(self._step == "finished")
        if self._over is not None:
            self.frame.foot.ways(*self._over.ways())
        elif self._step == "finished":
            printed = self._finished_page().panel.finished
            self.frame.foot.ways("下一位", on_key="new", primary=printed)
        elif self._mended:
            self.frame.foot.ways("回到核对", back_too=True)
        elif self._step == "answers":
            self.frame.foot.ways("受理" if editable else "", "上一步")
        else:
            self.frame.foot.ways("下一步", "上一步" if self._step != STEPS[0] else "")

    def set_copy(self, application_id: str, words: str) -> None:
        """Say on the last page that the second copy holds this case, if it is still the one that is open."""
        if self.session is not None and self.session.application.id == application_id:
            self._finished_page().set_copy(words)

    def _finished_page(self) -> FinishedPage:
        page = self.page("finished")
        assert isinstance(page, FinishedPage)  # noqa: S101 - narrows for the type checker; the page table says so
        return page

    def _header(self, state: CaseState) -> None:
        application = state.application
        person = application.applicant
        facts = [
            {"1": "男", "2": "女"}.get(person.sex, ""),
            f"{age_on(born, state.today)} 岁" if (born := birth_of(application)) else "",
            mask_cert(person.cert_number) if person.cert_number else "",
            next((c.name for c in state.region.insurances if c.code == application.insurance.kind), ""),
        ]
        shown = [fact for fact in facts if fact]
        kind = next((c.name for c in state.region.kinds if c.code == application.kind), application.kind)
        chips = [(kind, "neutral", "file-text")]
        if application.by_agent:
            relation = next((c.name for c in state.region.relations if c.code == application.agent.relation), "")
            who = " ".join(word for word in (relation, application.agent.name) if word)
            chips.append((f"代办：{who}" if who else "代办", "neutral", "user-round"))
        if self.session is not None and self.session.given:
            chips.append(("已移交", "neutral", "upload"))
        if application.acceptance is not None:
            chips.append(("已受理", "good", "circle-check"))
        self.frame.header.put(person.name, "·".join(shown), NAMES.get(self._step, ""), chips)

    def _steps(self, state: CaseState) -> list[Step]:
        application = state.application
        return [Step(step, NAMES[step], *_badge(step, state, application)) for step in STEPS]


def _listed(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Order findings for the panel: what is missing, what is doubtful, what stays open, what is good."""
    order = [Tone.MISSING, Tone.DOUBT, Tone.OPEN, Tone.GOOD]
    return tuple(sorted(findings, key=lambda f: (order.index(f.tone), bool(f.reason))))


def _badge(step: str, state: CaseState, application: Application) -> tuple[str, str]:
    """Return tone and note of a step in the rail. A step nobody has touched yet has neither."""
    if step == "finished":
        return ("good", application.acceptance.number) if application.acceptance else ("", "")
    if step == "answers":
        return _checked(state, application)
    stops = [f for f in state.of(step) if f.stops] if application.acceptance is None else []
    missing = sum(f.tone is Tone.MISSING for f in stops)
    if not _touched(step, application):
        return "", ""
    if stops:
        return ("bad", f"缺 {missing}") if missing else ("warn", f"疑 {len(stops)}")
    if step == "insurance" and application.insurance.status == "unchecked":
        return "open", "离线未核验"
    return "good", _note(step, state, application)


def _checked(state: CaseState, application: Application) -> tuple[str, str]:
    if application.acceptance or (application.read_back and not state.stops):
        return "good", "已核对"
    begun = any(_touched(step, application) for step in STEPS[:4])
    return "", f"还差 {len(state.stops)} 处" if state.stops and begun else ""


def _touched(step: str, application: Application) -> bool:
    if step == "identity":
        return bool(application.applicant.name or application.applicant.cert_number)
    if step == "insurance":
        return bool(application.insurance.kind)
    if step == "disease":
        return bool(application.diseases)
    return any(came(paper) for paper in application.papers)


def _note(step: str, state: CaseState, application: Application) -> str:
    if step == "identity":
        return f"{mask_name(application.applicant.name)}{'·代办' if application.by_agent else ''}"
    if step == "insurance":
        return next((c.name for c in state.region.insurances if c.code == application.insurance.kind), "")
    if step == "disease":
        return "、".join(d.name for d in application.diseases)
    papers = [paper for paper in application.papers if came(paper)]
    return f"{len(papers)} 份 {sum(len(paper.pages) for paper in papers)} 页"
