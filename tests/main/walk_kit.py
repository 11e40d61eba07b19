"""One pair of hands on the keyboard of the real window: every key is counted, every wait is measured, and nothing else reaches the window."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QMouseEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.kit import Combo, Segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from window_kit import Counter

Key, Mod = Qt.Key, Qt.KeyboardModifier
MODIFIERS = {"Shift": Mod.ShiftModifier, "Ctrl": Mod.ControlModifier, "Alt": Mod.AltModifier}
FELT_S = 0.1
"""Below this an answer seems to come at once."""
PATIENCE_S = 40.0

CARD, PAPER, CLERK, WEDGE = "card", "paper", "clerk", "wedge"
"""Who would type: a card reader, recognition of the papers, the clerk, a keyboard-wedge scanner."""


@dataclass
class Leg:
    """What one part of a walk took. Key presses by kind; ``waited``: seconds until the window was ready again, summed over all presses."""

    name: str
    moves: int = 0  # Enter, arrows, F keys, Ctrl and Alt with a key
    marks: int = 0  # choices and ticks: arrows in a choice, Space
    card: int = 0
    paper: int = 0
    clerk: int = 0
    wedge: int = 0
    waited: float = 0.0
    felt: float = 0.0  # of it, waits over FELT_S
    longest: float = 0.0
    longest_at: str = ""
    spared: float = 0.0  # waits at keys that a device would have spared the clerk


@dataclass
class Walk:
    """A whole walk, part by part, and what it left in the store."""

    name: str
    legs: list[Leg] = field(default_factory=list)

    def sum(self, what: str) -> float:
        return sum(getattr(leg, what) for leg in self.legs)

    def total(self) -> Leg:
        longest = max(self.legs, key=lambda leg: leg.longest)
        sums = {what: self.sum(what) for what in ("moves", "marks", CARD, PAPER, CLERK, WEDGE, "waited", "felt", "spared")}
        return Leg("all", longest=longest.longest, longest_at=longest.longest_at, **sums)

    def told(self) -> dict:
        return {"name": self.name, "legs": [asdict(leg) for leg in self.legs]}


class _Mouse(QObject):
    """Sees every press of a mouse button in any window of the program.

    It listens at the windows, where each press comes first: on the application it heard every event of every widget, and that alone was a sixth of what the
    walks called the program's waiting.
    """

    def __init__(self) -> None:
        super().__init__()
        self.presses = 0
        for window in QGuiApplication.topLevelWindows():
            self.watch(window)
        QGuiApplication.instance().focusWindowChanged.connect(self.watch)

    def watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # a second time changes nothing

    def leave(self) -> None:
        QGuiApplication.instance().focusWindowChanged.disconnect(self.watch)
        for window in QGuiApplication.topLevelWindows():
            window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            self.presses += 1
        return False


class Hand:
    """Presses keys where the focus is, as a person does, and waits for what the program makes a person wait for."""

    def __init__(self, counter: Counter, walk: Walk) -> None:
        self.counter, self.walk = counter, walk
        self.mouse = _Mouse()
        self.leg = Leg("")

    def leave(self) -> None:
        self.mouse.leave()

    @contextmanager
    def at(self, name: str) -> Iterator[Leg]:
        """Count what is done in here as one part of the walk."""
        self.leg = Leg(name)
        self.walk.legs.append(self.leg)
        yield self.leg

    def look_around(self) -> None:
        """Look at the workbench until whatever the window prepares behind it is done, as between two people at the counter."""
        prebuild = self.counter.window._prebuild
        self.until("the pages built ahead", lambda: prebuild is None or prebuild.over, person=True)

    # keys
    def press(self, keys: str, kind: str = "moves") -> None:
        """Press one key, such as ``Enter``, ``Alt+2`` or ``F8``."""
        *held, name = keys.split("+")
        modifiers = Mod.NoModifier
        for one in held:
            modifiers |= MODIFIERS[one]
        key = {"Enter": Key.Key_Return, "Esc": Key.Key_Escape}.get(name) or getattr(Key, f"Key_{name}")
        self._count(kind)
        self._timed(lambda: QTest.keyClick(self.target(), key, modifiers), keys, kind)

    def type(self, text: str, who: str = CLERK) -> None:
        """Type into the field that has the focus: keys, and for other than ASCII what an input method commits, one character each."""
        if who in {CARD, PAPER}:
            # A device fills a field at once; it is counted by what a hand would have typed instead.
            setattr(self.leg, who, getattr(self.leg, who) + len(text))
            self._timed(lambda: self._commit(text), text[:1], who)
            return
        for char in text:
            self._count(who)
            if char.isascii():
                self._timed(lambda char=char: QTest.keyClick(self.target(), char), char, who)
            else:
                self._timed(lambda char=char: self._commit(char), char, who)

    def choose(self, code: str, kind: str = "marks") -> None:
        """Choose in the choice that has the focus, by its arrows."""
        widget = self.target()
        assert isinstance(widget, (Combo, Segments)), widget
        forward, back = ("Down", "Up") if isinstance(widget, Combo) else ("Right", "Left")
        codes = [one for one, _ in widget._choices]
        while widget.value() != code:
            at = codes.index(widget.value()) if widget.value() else -1
            self.press(forward if codes.index(code) > at else back, kind)

    def seek(self, initials: str, name: str) -> None:
        """Type initials until the first row of the list below is the one that is meant."""
        search = self.counter.page.page("disease")._search
        for char in initials:
            self.type(char)
            if search._hits and search._hits[0].entry.name == name:
                return
        raise AssertionError(f"{initials} does not find {name}")

    def to(self, path: str, key: str = "Enter", most: int = 40) -> None:
        """Go on by one key until the field of this path has the focus."""
        for _ in range(most):
            if self.path() == path:
                return
            self.press(key)
        raise AssertionError(f"{key} does not lead to {path}; at {self.path()} {self.target()}")

    # eyes
    def target(self) -> QWidget:
        """Return what a key would reach now."""
        modal = QApplication.activeModalWidget()
        focus = QApplication.focusWidget()
        if focus is not None and (modal is None or focus.window() is modal):
            return focus
        top = modal or self.counter.window
        return top.focusWidget() or top

    def path(self) -> str:
        return str(self.target().property("path") or "")

    def until(self, what: str, ready: Callable[[], object], *, person: bool = False) -> None:
        """Wait for something. It is the program that makes wait, unless a ``person`` or a device does something meanwhile."""
        begun = time.perf_counter()
        while not ready():
            if self.counter.bugs:
                raise self.counter.bugs[0]
            assert time.perf_counter() - begun < PATIENCE_S, f"{what} does not come; focus at {self.path()} {self.target()}"
            QCoreApplication.processEvents()
            time.sleep(0.001)
        if not person:
            self._waited(time.perf_counter() - begun, what)

    # inside
    def _commit(self, char: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(char)
        QCoreApplication.sendEvent(self.target(), event)

    def _count(self, kind: str) -> None:
        setattr(self.leg, kind, getattr(self.leg, kind) + 1)

    def _timed(self, act: Callable[[], object], what: str, kind: str) -> None:
        """Do it, then wait until nothing is under way and all is painted. A device's own time is no wait of the program's."""
        if QApplication.activeModalWidget() is None and not self.counter.window.isActiveWindow():
            # A window manager gives the window back its focus after a dialog; here there is none.
            self.counter.window.activateWindow()
            self.until("the window in front", self.counter.window.isActiveWindow, person=True)
        begun = time.perf_counter()
        act()
        device = 0.0
        still = 0
        while still < 2:
            QCoreApplication.processEvents()
            if self.counter.bugs:
                raise self.counter.bugs[0]
            if self._paper_runs():
                since = time.perf_counter()
                while self._paper_runs():
                    QCoreApplication.processEvents()
                    time.sleep(0.002)
                device += time.perf_counter() - since
            still = 0 if self.counter.window.lane.pending else still + 1
            if not still:
                time.sleep(0.0005)
            assert time.perf_counter() - begun < PATIENCE_S, f"still busy after a key at {self.path()}"
        self._waited(time.perf_counter() - begun - device, what, spared=kind in {CARD, PAPER, WEDGE})

    def _paper_runs(self) -> bool:
        work = self.counter.window._work
        return work is not None and work.materials.work.busy

    def _waited(self, seconds: float, what: str, *, spared: bool = False) -> None:
        if spared:
            self.leg.spared += seconds
            return
        self.leg.waited += seconds
        self.leg.felt += seconds if seconds > FELT_S else 0.0
        if seconds > self.leg.longest:
            self.leg.longest, self.leg.longest_at = seconds, what
