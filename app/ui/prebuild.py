"""Builds the pages of a case while nobody does anything, so that the first visit costs no more than the second.

The pages are widgets, so they are made on the GUI thread: one slice at a time, and none within 300 ms of a key or the mouse.
"""

from __future__ import annotations

import importlib
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QPixmap, QRegion
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.services.ports import Desk
    from app.ui.case.case_page import CasePage
    from app.ui.case.state import CaseState
    from app.ui.kit import CaseFrame
    from app.ui.lane import Lane
    from app.ui.shell import PageBase, Shell

QUIET_MS = 300
GAP_MS = 15
"""Between two slices, for what else there is to do."""

BAND = 128
"""Logical px drawn a slice."""

ROWS = 14
"""Findings that a case begins with, with an agent."""

STYLED = 40
"""Widgets a slice."""

STEPS = ("identity", "insurance", "disease", "materials", "answers")
MODULES = (
    "kit",
    "case.step",
    *(f"case.{step}_page" for step in (*STEPS, "finished")),
    "case.case_page",
    "case.applicant_desk",
    "case.duplicate_desk",
    "case.late_desk",
    "case.materials_desk",
    "case.papers_desk",
    "case.desk_work",
    "outcomes_desk",
)
DESK_MODULES = (
    "kit",
    "asking",
    "workbench_side",
    "workbench_lists",
    "workbench",
    "workbench_desk",
    "card_bench",
    "machine_watch",
    "second_copy",
    "sending",
    "admin",
    "admin_desk",
    "idle",
    "cover",
)
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


def desk_modules() -> Iterator[None]:
    """Import what the workbench and those who watch beside it are made of, one at a time, behind the lock."""
    for name in DESK_MODULES:
        importlib.import_module(f"app.ui.{name}")
        yield


def workbench(shell: Shell, page: Callable[[], PageBase], parts: Iterator[None], hurried: Callable[[], bool]) -> Iterator[None]:
    """Make the workbench behind the lock, give it its place unseen, style it and paint it once: nothing of a store is in it yet."""
    yield from parts
    made = page()
    yield
    shell.hold("workbench", made)
    yield
    yield from _styled(made)
    if hurried():
        return  # its first paint is under way
    shell.foot.hints(made.hints(), made.right_hints())
    yield from _styled(shell.foot)
    for part in made.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if isValid(part):
            part.grab()
        yield


def case_pages(shell: Shell, case: Callable[[], CasePage], blank: Callable[[], CaseState]) -> Iterator[None]:
    """Make the page of the case and those of its steps, filled with a blank case or with the one that was opened meanwhile."""
    for name in MODULES:
        importlib.import_module(f"app.ui.{name}")
        yield
    yield from case_frame(shell, case())
    state = blank()
    yield from case_rows(case(), state)
    for step in (*STEPS, "finished"):
        yield
        yield from case_step(case(), step, state)


def case_frame(shell: Shell, case: CasePage) -> Iterator[None]:
    """Give the page of the case its place and draw it."""
    yield
    shell.place(case)
    yield from _painted(case)


def case_rows(case: CasePage, state: CaseState) -> Iterator[None]:
    """Make the rows of a blank case's findings."""
    for finding in state.findings[:1]:
        yield from case.frame.panel.stock(finding, ROWS)


def case_step(case: CasePage, step: str, state: CaseState) -> Iterator[None]:
    """Make the page of a step and fill it: with the blank case ``state``, or with the one that is open."""
    page = case.page(step)
    yield
    kept = case.keep(step)  # before anything in it is asked for its size: whatever was, is styled again at each new parent
    yield
    if step != "finished":
        yield from page.ahead(state)
        session = case.session
        page.show_case(session.state if session is not None else state)
        if session is not None:
            return
        yield
    yield from _shown(case.frame, kept)
    side = page.side_panel() if step != "finished" else None
    if side is not None:
        yield from _styled(side)


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


def _shown(frame: CaseFrame, page: QWidget) -> Iterator[None]:
    """Style, lay out and draw a page of the frame that nobody sees."""
    yield from _styled(page)
    page.resize(frame.room())
    yield from _painted(page)


def _painted(widget: QWidget) -> Iterator[None]:
    """Draw a widget that nobody sees, a band at a time: what was measured, laid out and shaped for that is not done again when it is shown."""
    picture = QPixmap(max(1, widget.width()), BAND)
    for top in range(0, widget.height(), BAND):
        yield
        if not isValid(widget) or widget.isVisible():
            return
        widget.render(picture, QPoint(), QRegion(0, top, widget.width(), BAND))


def _styled(page: QWidget) -> Iterator[None]:
    """Let the style sheet be worked out for every widget of the page, some at a time."""
    for at, widget in enumerate(page.findChildren(QWidget), 1):
        if isValid(widget):
            widget.ensurePolished()
        if not at % STYLED:
            yield
