"""The whole window over a real store, worked by the demo's robot."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import ahead_kit
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from whole_kit import PASSPHRASE, PZH, FixedClock, KeepingPrinter, QuietWorkplace, case_of, complete, seen, set_up

from app import demo
from app.core import same_person
from app.demo import Robot, _answer, _step_of, commit, live
from app.ui import prebuild, theme
from app.ui.kit import Dialog
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path


demo.PATIENCE_S = 15.0
"""A test that waits for what never comes says so soon."""


def on_lane(lane, work):
    """Run work on the lane and answer what it returned, as the window would hear it."""
    said: list = []
    lane.run(
        work,
        then=lambda result: said.append(("is", result)),
        failed=lambda problem: said.append(("not", problem)),
        broken=lambda: said.append(("not", AssertionError("a bug on the lane"))),
    )
    for _ in range(4000):
        if said:
            break
        live(5)
    what, result = said[0]
    if what == "not":
        raise result
    return result


class Counter(Robot):
    """A clerk at a window whose store is set up: the robot, and what a test asks about the window."""

    def __init__(self, data_dir: Path, clock: FixedClock, printer: KeepingPrinter, size=(1366, 768), door=QuietWorkplace):
        self.data_dir, self.clock, self.printer = data_dir, clock, printer
        window = MainWindow(door(data_dir, clock, printer), clock)
        super().__init__(window, data_dir)
        window.resize(*size)
        window.show()
        window.activateWindow()

    def begin(self) -> None:
        """Be at the workbench with nothing under way, as a test finds a window that others used before."""
        self.printer.printed.clear()
        self.printer.sent.clear()
        self.window.resize(1366, 768)
        if self.window.current == "lock":
            self.unlock()
        self.shortcut("F2")
        self.settle()

    # the door
    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        page = self.window.page("lock")
        self.wait("锁定页", lambda: self.window.current == "lock" and page.clerk.value() and page.open_button.isEnabled())
        page.secret.field.setFocus()
        commit(page.secret.field, passphrase)
        self.press(Qt.Key.Key_Return)
        self.wait("开门", lambda: page.open_button.isEnabled() or self.window.current != "lock")
        self.settle()

    # the case
    @property
    def page(self):
        return self.window.case_page()

    @property
    def session(self):
        return self.page.session

    @property
    def application(self):
        return self.session.application

    def new(self) -> None:
        self.shortcut("F5")
        self.wait("新申请", lambda: self.window.current == "case" and self.page.session is not None)

    def answer_all(self, place: str = PZH, steps=("identity", "insurance", "disease")) -> None:
        """Answer the specimen's questions step by step, in the fields."""
        case = case_of(place)
        for step in steps:
            self.page.open_step(step)
            for one in case["answers"]:
                if _step_of(one["path"]) == step:
                    value = one["value"]
                    if one["path"] == "diseases":
                        value = [{**disease, "diagnosed_on": "2026-01-19"} for disease in value]
                    _answer(self, one["path"], value)

    def see_papers(self) -> None:
        """Mark every paper as seen, sealed, dated, without attaching anything."""
        self.session.replace(seen(self.window.desk, self.application))

    def answer_at_once(self) -> None:
        """Answer everything, papers and reasons too, as fast as the session takes it: for what comes after the typing."""
        whole, mine = complete(self.window.desk), self.application
        self.session.replace(replace(whole, id=mine.id, step=mine.step, started_at=mine.started_at))

    def give_reasons(self) -> None:
        for finding in self.session.state.stops:
            if finding.tone == "warn":
                self.session.reason(finding.id, "和证件核对过")

    def keep_both(self) -> None:
        """Say why the specimen applies once more: the store of these tests has seen them before."""
        self.settle()
        for finding in self.session.state.findings:
            if same_person.concerns(finding.id):
                self.session.reason(finding.id, "样本又办一次")

    def accept(self) -> str:
        self.keep_both()
        self.page.open_step("answers")
        self.fill("read_back", value=True)
        self.shortcut("F8")
        self.wait("受理", lambda: self.page.step == "finished")
        self.settle()
        return self.application.acceptance.number

    def stored(self, id_: str = ""):
        """The application as the store has it."""
        id_ = id_ or self.application.id
        store = self.window.desk.store
        return on_lane(self.window.lane, lambda: store.application(id_))

    def audit(self):
        store = self.window.desk.store
        return on_lane(self.window.lane, store.audit)

    def dialog(self) -> Dialog | None:
        found = [one for one in self.window.findChildren(Dialog) if one.isVisible()]
        return found[0] if found else None

    def focused(self) -> str:
        widget = QApplication.focusWidget()
        return str(widget.property("path") or "") if widget is not None else ""


@contextmanager
def counter_at(
    data_dir: Path,
    place: str = PZH,
    *,
    day: str = "2026-02-06",
    unlocked: bool = True,
    fresh: bool = False,
    ahead: bool = False,
    door=QuietWorkplace,
):
    """A window over a store that was set up, unless ``fresh``; closed at the end, and no bug of ours on the way.

    ``ahead``: pages are built before anybody opens them, as at a real window; otherwise that sixth of its cost is saved.
    """
    from app.adapters.paths import resources

    if theme._Current.theme is None:
        theme.apply(QApplication.instance(), resources())
    clock = FixedClock(day)
    if not fresh and not (data_dir / "store.db").exists():
        set_up(data_dir, place, clock)
    kept, prebuild.case_pages = prebuild.case_pages, prebuild.case_pages if ahead else ahead_kit.nothing
    counter = Counter(data_dir, clock, KeepingPrinter(), door=door)
    try:
        if unlocked:
            counter.unlock()
            assert counter.window.current == "workbench"
        yield counter
        assert counter.bugs == []
    finally:
        prebuild.case_pages = kept
        counter.window.close()
        counter.window.deleteLater()
