"""The same person at the counter again: told while the number is typed, compared side by side before anything is scanned, copied on request.

The look-up itself runs in the session, on the local lane, and never waits. Nothing here merges anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout

from app.core import same_person as core
from app.core import sources
from app.core.same_person import Act
from app.services import outcomes
from app.services import same_person as people
from app.ui import keys
from app.ui.case.duplicate_view import Comparison
from app.ui.case.duplicate_ways import Ways
from app.ui.kit.messages import MessageBar
from app.ui.slices import at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.application import Paper
    from app.core.errors import AppError
    from app.core.same_person import Known
    from app.services.ports import Desk
    from app.ui.case.case_page import CasePage
    from app.ui.case.session import CaseSession
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint
    from app.ui.lane import Lane

_BEFORE = frozenset({"identity", "insurance", "disease"})
"""Steps that may be worked on before it is decided; from the papers on it has to be."""
_ON = {
    Act.GO_ON: "打开那件",
    Act.LOOK: "打开那件",
    Act.TAKE: "带过来，那件作废",
    Act.MEND: "去补正",
    Act.RENEW: "改成续期",
    Act.KEEP: "写明理由，继续",
    Act.VOID: "作废这件",
    None: "选一样，继续",
}


class DuplicateDesk(QObject):
    """Serves one case page; it is also what stands over a step (:class:`app.ui.case.case_page.Over`).

    Signals: ``open_wanted(id)`` to open another application, ``case_wanted(Application)`` to show one that was made ready,
    ``voided()`` when the one at hand was put aside for good.
    """

    open_wanted = Signal(str)
    case_wanted = Signal(object)
    voided = Signal()

    def __init__(self, desk: Desk, lane: Lane, page: CasePage, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._page = desk, lane, page
        self._session: CaseSession | None = None
        self._shown = ""
        self._wanted = ""
        self.middle, self.side = Comparison(), Ways()
        self.side.changed.connect(self._ways)
        self.side.closed.connect(self.go_back)
        self.bar = MessageBar()
        self.bar.acted.connect(self._act)
        self._offer = ""
        box = page.layout()
        if isinstance(box, QVBoxLayout):
            box.insertWidget(1, self.bar)
        page.gate = self._gate
        page.compare.connect(self.compare)
        page.step_shown.connect(lambda _step: self._tell())
        self._keys = keys.bind(page, "beside", self.compare)
        self._copy_keys = keys.bind(page, "copy_before", self.copy)
        self._confirm_keys = keys.bind(page, "confirm", self.confirm)
        self._tell()

    def attach(self, session: CaseSession) -> None:
        """Serve this session from now on."""
        self._session, self._shown, self._wanted = session, "", ""
        session.changed.connect(self._tell)
        self._tell()

    # what the bar offers
    def compare(self) -> None:
        """Show the two side by side (Ctrl D)."""
        state = self._state()
        if state is None or self._page.covered is self or state.twin is None:
            return
        self._show(state, state.twin)

    def copy(self) -> None:
        """Copy what the person's last application says (Ctrl B); each value waits to be confirmed."""
        session, one = self._session, self._earlier()
        if session is None or one is None:
            return
        state = session.state
        before = session.application
        asked = state.region.asks_designated
        session.replace(sources.from_earlier(before, one.application, people.origin(one), asked))
        if session.application != before:
            desk, other = self._desk, one.id
            self._lane.run(lambda: people.copied(desk, before, other))
            self._go_to_next()

    def confirm(self) -> None:
        """Ctrl Enter: what stands in this field was copied and is right; on to the next such field, from any other field too."""
        session, widget = self._session, QApplication.focusWidget()
        path = str(widget.property("path") or "") if widget is not None else ""
        if session is not None and path:
            session.confirm(path)
        if isinstance(widget, QPlainTextEdit):
            widget.focusNextChild()
        else:
            self._go_to_next()

    # as what stands over a step
    def hints(self) -> list[KeyHint]:
        """Say what the keys do beside the comparison."""
        return [keys.hint("rows", "选怎么办"), keys.hint("list", "常用理由"), keys.hint("close", "回去")]

    def ways(self) -> tuple[str, str]:
        """Return the words of F8 and Shift F8."""
        return _ON[self.side.act], "回去"

    def focus_first(self) -> None:
        """Stand at the ways out; a folded side opens for it."""
        self._page.frame.open_side(on=True)
        self.side.setFocus()

    def go_back(self) -> None:
        """Back to the step, nothing decided."""
        under = self._page.under
        self._page.uncover(under if under in _BEFORE else "identity")

    def go_on(self) -> None:
        """F8: do what was chosen."""
        session, one, act = self._session, self._one(), self.side.act
        if session is None or one is None:
            self._page.uncover()
            return
        if act is Act.KEEP:
            self._keep(session, one)
        elif act in {Act.GO_ON, Act.LOOK}:
            self.open_wanted.emit(one.id)
        elif act is Act.TAKE:
            self._take(session, one)
        elif act is Act.MEND:
            self._mend(one)
        elif act is Act.RENEW:
            session.replace(core.renewing(session.application))
            self._leave()
        elif act is Act.VOID:
            self._void(session)

    # inside
    def _keep(self, session: CaseSession, one: Known) -> None:
        reason = self.side.reason
        if not reason:
            self.side.ask_reason()
            return
        session.reason(core.finding_id(one.id), reason)
        desk, application = self._desk, session.application
        self._lane.run(lambda: people.kept_both(desk, application, one.id))
        self._leave()

    def _leave(self) -> None:
        """Decided: the next that may be the same comes up, else the step that was wanted."""
        state = self._state()
        if state is not None and state.twin is not None:
            self._show(state, state.twin)
            return
        wanted, self._wanted = self._wanted, ""
        self._page.uncover(wanted)

    def _take(self, session: CaseSession, one: Known) -> None:
        """Copy the other one's papers into this one, store it, and only then void the other one."""
        desk, mine = self._desk, session.application

        def came(papers: tuple[Paper, ...]) -> None:
            if self._session is not session or not session.editable:
                return
            session.edit_pages(lambda application: core.joined(application, papers))
            session.flush()
            self._lane.run(
                lambda: people.join(desk, mine.id, one.id, papers), then=lambda _none: joined(), failed=self._refuse, owner=self
            )

        def joined() -> None:
            session.forget(one.id)
            if self._session is session and self._page.covered is self:
                self._leave()

        self._lane.run(lambda: people.take_papers(desk, mine, one.id), then=came, failed=self._refuse, owner=self)

    def _mend(self, one: Known) -> None:
        desk = self._desk
        self._lane.run(lambda: outcomes.mend(desk, one.id), then=self.case_wanted.emit, failed=self._refuse, owner=self)

    def _void(self, session: CaseSession) -> None:
        session.flush()
        desk = self._desk

        def work() -> None:
            stored = desk.store.application(session.application.id)
            if stored is not None:
                people.void(desk, stored)

        self._lane.run(work, then=lambda _none: self._voided(session), failed=self._refuse, owner=self)

    def _voided(self, session: CaseSession) -> None:
        if self._page.session is session:
            self.voided.emit()

    def _refuse(self, problem: AppError) -> None:
        self._page.message.say("bad", problem.sentence)

    def _gate(self, step: str) -> bool:
        """Show the comparison before the papers, and before all that comes after them, while nobody decided."""
        state = self._state()
        if state is None or step in _BEFORE or state.twin is None or state.application.acceptance is not None:
            return False
        self._wanted = step
        if self._page.covered is not self:
            self._show(state, state.twin)
        return True

    def _show(self, state: CaseState, one: Known) -> None:
        desk, application = self._desk, state.application
        session = self._session
        at_once(self._filled(state, one))
        if self._session is not session:
            return
        if one.id != self._shown:
            self._shown = one.id
            self._lane.run(lambda: people.compared(desk, application, one.id))
        self._page.cover(self)
        self._tell()

    def _filled(self, state: CaseState, one: Known) -> Iterator[None]:
        application = state.application
        self.middle.put(application, one, core.rows(application, one, state.region), state.today)
        yield
        self.side.put(core.ways(one, state.region, state.today, application))
        yield

    def _one(self) -> Known | None:
        state = self._state()
        return state.twin if state is not None else None

    def _earlier(self) -> Known | None:
        state = self._state()
        if state is None or self._session is None or not self._session.editable:
            return None
        one = core.earlier(state.application, state.known)
        if one is None or not sources.would_copy(state.application, one.application, state.region.asks_designated):
            return None
        return one

    def _state(self) -> CaseState | None:
        return self._session.state if self._session is not None else None

    def _tell(self) -> None:
        """Say in the bar what is known of this person: first that it may be the same case, then what can be copied."""
        state = self._state()
        editable = self._session is not None and self._session.editable
        twin = state.twin if state is not None and editable else None
        one = self._earlier() if state is not None and self._page.step in _BEFORE else None
        waiting = sources.unconfirmed(state.application) if state is not None and editable else ()
        for shortcuts, on in ((self._keys, twin), (self._copy_keys, one), (self._confirm_keys, waiting)):
            for shortcut in shortcuts:
                shortcut.setEnabled(bool(on) and (shortcuts is not self._keys or self._page.step in _BEFORE))
        self._offer = "beside" if twin is not None else "copy_before" if one is not None else ""
        if self._page.covered is self:
            self.bar.clear()
        elif twin is not None and state is not None:
            text = f"这位有一件{core.about(twin, state.today)}，可能是同一件。"
            self.bar.say("warn", text, keys.KEYS["beside"].word, keys.cap("beside"))
        elif one is not None and state is not None:
            count = sources.would_copy(state.application, one.application, state.region.asks_designated)
            text = f"这位以前办过：{people.origin(one).strip()}。能抄来 {count} 项，抄来的要逐项核对。"
            self.bar.say("accent", text, keys.KEYS["copy_before"].word, keys.cap("copy_before"))
        elif (copied := [one for one in waiting if one.kind == sources.COPIED]) and self._page.step in _BEFORE:
            self.bar.say("accent", f"抄来的还有 {len(copied)} 项没核对：虚线框的，问过按 Ctrl Enter，不对就改。")
        else:
            self.bar.clear()

    def _act(self) -> None:
        if self._offer == "beside":
            self.compare()
        elif self._offer == "copy_before":
            self.copy()

    def _go_to_next(self) -> None:
        state = self._state()
        waiting = sources.unconfirmed(state.application) if state is not None else ()
        here = [one for one in waiting if core_step(one.path) == self._page.step]
        if here or waiting:
            self._page.go_to((here or list(waiting))[0].path)

    def _ways(self) -> None:
        self._page.show_ways()


def core_step(path: str) -> str:
    """Return the step that holds a path."""
    from app.core.checks import step_of  # noqa: PLC0415 - only when something was copied

    return step_of(path)
