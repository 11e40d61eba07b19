"""Builds the pages of a case while nobody does anything, so that the first visit costs no more than the second.

The pages are widgets, so they are made on the GUI thread: one slice at a time, and none within 300 ms of a key or the mouse.
"""

from __future__ import annotations

import importlib
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.ui.slices import styled, under_way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from app.services.ports import Desk
    from app.ui.case.case_page import CasePage
    from app.ui.case.state import CaseState
    from app.ui.lane import Lane
    from app.ui.shell import PageBase, Shell

QUIET_MS = 300
GAP_MS = 15
"""Between two slices, for what else there is to do."""

STEPS = ("identity", "insurance", "disease", "materials", "answers")
CASE_MODULES = (
    "core.region",
    "ui.kit",
    "ui.case.step",
    "ui.case.identity_page",
    "ui.case.insurance_page",
    "ui.case.disease_page",
    "ui.case.slot",
    "ui.case.viewer",
    "ui.case.materials_page",
    "ui.case.answers_page",
    "ui.case.finished_page",
    "ui.kit.findings",
    "ui.case.making",
    "ui.case.case_page",
    "ui.case.applicant_desk",
    "ui.case.duplicate_desk",
    "ui.case.late_desk",
    "ui.case.materials_desk",
    "ui.case.papers_desk",
    "core.reading.paper",
    "services.read_pages",
    "ui.case.characters_dialog",
    "ui.case.read_dialog",
    "ui.case.signed_desk",
    "ui.case.desk_work",
    "ui.outcomes_desk",
    "ui.queue_desk",
)
"""What a case is made of, in the order of import; some are named so that none takes longer than a slice."""
DESK_MODULES = (
    "ui.kit",
    "ui.asking",
    "ui.workbench_side",
    "ui.workbench_lists",
    "services.finding",
    "ui.workbench",
    "services.papers",
    "ui.workbench_desk",
    "ui.card_bench",
    "ui.machine_watch",
    "core.region_diff",
    "services.ports.transfer",
    "services.devices",
    "ui.queue_detail",
    "ui.second_copy",
    "core.rating",
    "services.sync",
    "ui.sending",
    "services.audit_words",
    "core.board",
    "services.end_of_day",
    "ui.admin",
    "core.spoken",
    "core.applicant_pages",
    "ui.kit.sign_pad",
    "ui.admin_desk",
    "ui.idle",
    "ui.cover",
)
"""The same for the workbench, and for those who watch beside it."""
_INPUT = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel})


class Prebuild(QObject):
    """Takes ``work`` on, a slice between two ``yield``, whenever ``window`` has heard no key and no mouse for a while. Ends by itself.

    Once :attr:`hurried`, somebody waits for it.
    """

    def __init__(self, window: QWidget, work: Iterator[None]) -> None:
        super().__init__(window)
        self._work = work
        self._then: Callable[[], None] | None = None
        self.hurried = False
        self._heard = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)
        self._timer.start(QUIET_MS)
        # The window handle hears each key and each move once; an ear on the application would hear every event of every widget.
        self._handle = window.windowHandle()
        if self._handle is not None:
            self._handle.installEventFilter(self)

    def stop(self) -> None:
        """Build nothing more."""
        self._timer.stop()
        if self._handle is not None and isValid(self._handle):
            self._handle.removeEventFilter(self)

    def hurry(self, then: Callable[[], None] | None = None) -> None:
        """Wait for no quiet any more: a slice each turn of the loop. ``then`` is called when all is built, at once when it is."""
        self.hurried, self._then = True, then
        if not self.over:
            self._timer.start(0)
        elif then is not None:
            then()

    @property
    def over(self) -> bool:
        """Whether nothing is left to build, or nobody wants it any more."""
        return not self._timer.isActive()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember when somebody last did something."""
        del watched
        if event.type() in _INPUT:
            self._heard = time.monotonic()
        return False

    def _turn(self) -> None:
        if under_way():
            self._timer.start(GAP_MS)
            return
        left = QUIET_MS - (time.monotonic() - self._heard) * 1000
        if left > 0 and not self.hurried:
            self._timer.start(int(left) + 1)
            return
        more = False
        try:
            next(self._work)
            more = True
        except StopIteration:
            pass
        finally:  # whoever waits goes on, too, where a slice met a bug of ours
            if more:
                self._timer.start(0 if self.hurried else GAP_MS)
            else:
                self.stop()
                if self._then is not None:
                    self._then()


def imported(names: Iterable[str]) -> Iterator[None]:
    """Import these modules of the program, one at a time."""
    for name in names:
        importlib.import_module(f"app.{name}")
        yield


def workbench(shell: Shell, page: Callable[[], PageBase], parts: Iterator[None], hurried: Callable[[], bool]) -> Iterator[None]:
    """Make the workbench behind the lock, give it its place unseen, style it and paint it once: nothing of a store is in it yet."""
    yield from parts
    made = page()
    yield
    shell.hold("workbench", made)
    yield
    yield from styled(made)
    if hurried():
        return  # its first paint is under way
    shell.foot.hints(made.hints(), made.right_hints())
    yield from styled(shell.foot)
    for part in made.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if isValid(part):
            part.grab()
        yield


def case_pages(shell: Shell, case: Callable[[], CasePage], blank: Callable[[], CaseState]) -> Iterator[None]:
    """Make the page of the case and those of its steps, filled with a blank case or with the one that was opened meanwhile."""
    yield from imported(CASE_MODULES)
    from app.ui.case import making  # noqa: PLC0415 - one of those modules

    page = case()
    yield from making.frame(shell, page)
    state = blank()
    for step in (*STEPS, "finished"):
        yield
        yield from making.step(page, step, state)


def papers(lane: Lane, desk: Desk) -> Iterator[None]:
    """Have the usual papers drawn once for nobody on the lane, one at a time, each when nothing else is under way there."""
    from app.services.papers_ahead import ahead  # noqa: PLC0415 - nothing of a paper is wanted before the pages stand

    for draw in ahead(desk):
        while lane.pending:
            yield
        lane.run(draw, failed=lambda _problem: None)
        yield
    while lane.pending:
        yield
