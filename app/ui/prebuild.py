"""Builds the pages of a case while nobody does anything, so that the first visit costs no more than the second.

The pages are widgets, so they are made on the GUI thread: one slice at a time, and none within 300 ms of a key or the mouse.
"""

from __future__ import annotations

import importlib
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.ui.case.case_page import CasePage
    from app.ui.case.state import CaseState

QUIET_MS = 300
GAP_MS = 15
"""Between two slices, for what else there is to do."""

STYLED = 40
"""Widgets a slice."""

STEPS = ("identity", "insurance", "disease", "materials", "answers")
MODULES = (
    "kit",
    "case.step",
    *(f"case.{step}_page" for step in (*STEPS, "finished")),
    "case.case_page",
    "case.desk_work",
    "outcomes_desk",
)
DESK_MODULES = (
    "kit",
    "asking",
    "workbench_side",
    "workbench_lists",
    "workbench_desk",
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
    """Takes ``work`` on, a slice between two ``yield``, whenever ``window`` has heard no key and no mouse for a while. Ends by itself."""

    def __init__(self, window: QWidget, work: Iterator[None]) -> None:
        super().__init__(window)
        self._work = work
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
        if left > 0:
            self._timer.start(int(left) + 1)
            return
        try:
            next(self._work)
        except StopIteration:
            self.stop()
        else:
            self._timer.start(GAP_MS)


def desk_modules() -> Iterator[None]:
    """Import what the workbench and those who watch beside it are made of, one at a time, behind the lock."""
    for name in DESK_MODULES:
        importlib.import_module(f"app.ui.{name}")
        yield


def case_pages(case: Callable[[], CasePage], blank: Callable[[], CaseState]) -> Iterator[None]:
    """Make the page of the case and those of its steps, filled with a blank case or with the one that was opened meanwhile."""
    for name in MODULES:
        importlib.import_module(f"app.ui.{name}")
        yield
    case()
    yield
    state = blank()
    for step in STEPS:
        yield
        page = case().page(step)
        yield
        session = case().session
        page.show_case(session.state if session is not None else state)
        if session is None:
            yield
            # A case may have been opened during the yield; its step must stay on screen.
            if case().session is None:
                case().frame.set_middle(page, scrolls=False)
            yield
            yield from _styled(page)
    yield
    case().page("finished")


def _styled(page: QWidget) -> Iterator[None]:
    """Let the style sheet be worked out for every widget of the page, some at a time."""
    for at, widget in enumerate(page.findChildren(QWidget), 1):
        if isValid(widget):
            widget.ensurePolished()
        if not at % STYLED:
            yield
