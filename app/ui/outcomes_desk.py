"""What the outcomes' page needs of the machine: its list, what an application adds, reading in, next versions, calls, papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.application import State
from app.services import answers, outcomes, telling
from app.services.telling import How
from app.ui.kit.dialogs import Dialog
from app.ui.outcomes import OutcomesPage
from app.ui.outcomes_body import Background
from app.ui.outcomes_heard import HeardDialog
from app.ui.outcomes_papers import OutcomePapers
from app.ui.print_work import print_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.core.answer import Content
    from app.core.errors import AppError
    from app.services.ports import Desk, Entry
    from app.services.telling import Decided
    from app.ui.lane import Lane
    from app.ui.sending import Sender

_MOST_FOUND = 8
_HANDED = frozenset({State.READY, State.SENT, State.SUPPLEMENT, State.APPROVED, State.REFUSED})
_SAID = {
    How.REACHED: "记下了，算已告知",
    How.VISIT: "记下了，算已告知",
    How.LETTER: "记下了，算已告知",
    How.NO_ANSWER: "记下了。没人接，还留在没告知里",
    How.WRONG_NUMBER: "记下了。号不对，还留在没告知里：问问代办人或社区",
    How.MISTAKEN: "上一次不算了",
}


class OutcomesDesk(QObject):
    """Serves one page of outcomes.

    Signals: ``case_wanted(Application, field)`` to be opened in the case's page, at a field where one is named; ``changed()`` when counts may differ.
    """

    case_wanted = Signal(object, str)
    changed = Signal()

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, sender: Sender) -> None:
        super().__init__(window)
        self._lane, self._desk = lane, desk
        self.page = OutcomesPage(desk.clock.now)
        self._papers = OutcomePapers(desk, lane, self)
        self._papers.refused.connect(lambda sentence: self.page.say("bad", sentence))
        page = self.page
        page.selected.connect(self._tell_background)
        page.read_wanted.connect(self._read)
        page.heard_wanted.connect(self._hear)
        page.mend_wanted.connect(self._mend)
        page.leave_wanted.connect(self._leave)
        page.reapply_wanted.connect(self._reapply)
        page.print_wanted.connect(self._print)
        page.told.connect(self._told)
        page.roll_wanted.connect(self._roll)
        sender.answered.connect(lambda _read: self.fill())

    def fill(self) -> None:
        """Read the list anew, and which answer is missing."""
        desk, page = self._desk, self.page

        def show(found: tuple[list[Decided], answers.ReadIn]) -> None:
            page.set_outcomes(found[0])
            page.set_gap(found[1].missing, found[1].gap)

        self._lane.run(lambda: (telling.listed(desk), answers.standing(desk)), then=show, failed=self._failed, owner=page)

    def _tell_background(self, id_: str) -> None:
        desk, page = self._desk, self.page

        def work() -> Background:
            application = desk.store.application(id_)
            if application is None:
                return Background(id_)
            region = desk.region_of(application)
            said = tuple(desk.store.calls(id_))
            return Background(id_, region.fact("appeal").text, region.fact("ask").text, application.care.designated, said)

        self._lane.run(work, then=page.set_background, failed=self._failed, owner=page)

    def _read(self, folder: str) -> None:
        desk, page = self._desk, self.page

        def done(read: answers.ReadIn) -> None:
            # What is missing has a bar of its own.
            said = read.sentence.removesuffix(read.missing).rstrip("。") if read.missing else read.sentence
            tone = "bad" if read.refused else "good" if read.taken or read.outcomes else "accent"
            if said:
                page.say(tone, f"「{Path(folder).name}」：{said.rstrip('。')}。")
            self.fill()
            self.changed.emit()

        self._lane.run(lambda: answers.read_answers(desk, Path(folder)), then=done, failed=self._failed, owner=page)

    # the next version
    def _mend(self, id_: str, path: str) -> None:
        desk, one = self._desk, self.page.current()
        if one is None or one.id != id_:
            return
        mending = one.mending

        def work() -> object:
            if mending and (draft := desk.store.application(id_)) is not None:
                return draft
            return outcomes.mend(desk, id_)

        self._lane.run(
            work, then=lambda draft: self.case_wanted.emit(draft, path or _first(draft)), failed=self._failed, owner=self.page
        )

    def _leave(self, id_: str) -> None:
        desk, page = self._desk, self.page

        def leave(_reason: str) -> None:
            def done(_application: object) -> None:
                page.say("good", "不补了，报送的那版照旧")
                self.fill()

            self._lane.run(lambda: outcomes.leave_as_it_was(desk, id_), then=done, failed=self._failed, owner=page)

        dialog = Dialog(
            page, "不补了吗", "报送的那版照旧。补的这版里改过的、新放的页会去掉。", "不补了", "接着留着", danger=True
        )
        dialog.acted.connect(leave)
        dialog.open()

    def _reapply(self, id_: str) -> None:
        desk = self._desk
        self._lane.run(
            lambda: outcomes.reapply(desk, id_),
            then=lambda application: self.case_wanted.emit(application, ""),
            failed=self._failed,
            owner=self.page,
        )

    # telling
    def _told(self, id_: str, how: str, words: str) -> None:
        desk, page = self._desk, self.page

        def done(_none: object) -> None:
            page.detail.kept()
            page.say("good", _SAID[How(how)])
            self.fill()
            self.changed.emit()

        if id_:
            self._lane.run(lambda: telling.record(desk, id_, How(how), words), then=done, failed=self._failed, owner=page)

    def _roll(self) -> None:
        desk, page = self._desk, self.page
        print_sheet(
            desk,
            self._lane,
            lambda: telling.untold_list(telling.listed(desk)),
            "normal",
            owner=page,
            done=lambda: page.say("good", "名单已送到打印机。上面有姓名和电话，用完碎掉"),
            failed=lambda sentence: page.say("bad", sentence),
        )

    def _print(self, id_: str) -> None:
        one = self.page.current()
        if one is not None and one.id == id_:
            self._papers.open(self.page, one)

    # heard by telephone
    def _hear(self, id_: str) -> None:
        desk, page = self._desk, self.page
        dialog = HeardDialog(page, desk.clock.now())

        def look(text: str) -> None:
            def work() -> Sequence[Entry]:
                found = desk.store.search(text) if text else []
                return [one for one in found if one.state in _HANDED][:_MOST_FOUND]

            self._lane.run(work, then=dialog.set_found, failed=refuse, owner=dialog)

        def refuse(problem: AppError) -> None:
            dialog.refuse(problem.sentence)

        def keep(which: str, content: Content, at: str, by: str) -> None:
            def done(_answer: object) -> None:
                dialog.accept()
                page.say("good", "记下了，标着电话听来的。市局的正式答复来了以它为准")
                self.fill()
                self.changed.emit()

            self._lane.run(
                lambda: outcomes.hear(desk, which, content, at, by),
                then=done,
                failed=refuse,
                broken=lambda: dialog.refuse("没有记下。再按一次"),
                owner=dialog,
            )

        dialog.found_wanted.connect(look)
        dialog.heard.connect(keep)
        one = self.page.current()
        if one is not None and one.id == id_ and not one.mending:
            dialog.set_found([one.entry])
        dialog.open()

    def _failed(self, problem: AppError) -> None:
        self.page.say("bad", problem.sentence)


def _first(draft: object) -> str:
    """Return the first field the office asks about, '' for the application as a whole."""
    asked = getattr(getattr(draft, "mends", None), "asked", ())
    return asked[0].field if asked else ""
