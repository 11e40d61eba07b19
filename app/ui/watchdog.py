"""Whoever holds the GUI thread longer than 50 ms is named, with the stack: by a failed test, and where CHUANGKOU_WATCHDOG is 1 in the program's log.

A hold is what the GUI thread computes within one call of a slot or an event handler, or in Qt itself between two of them. Only what a loop
delivers is an event, and what a test's hand presses; what a test calls by itself is none (:meth:`Watchdog.spinning`). A slot's own loop ends the
hold where it spins, so waiting is never blamed, and neither is collecting garbage.

A thread asks every few milliseconds, and the GUI thread itself looks at its stack and its CPU clock, as a signal's handler between two of its
instructions. So an event costs nothing, and nobody else touches a frame. Two shorter ways are dangerous: `QApplication.notify` in Python asks for
the interpreter on every thread, also under Qt's locks, and hung; a frame that another thread looks at (`sys._current_frames`) can outlive its
call, and the widgets and painters in it would end on that thread.

CPU time is compared: on a machine shared with others the wall says nothing. Even CPU time swells there, to twice for some hundredths of a second, and
on one core without the other. So each look also measures a small piece of work, on the very thread, and what was computed since the look before counts
as much less as that took longer than on the reference machine.
"""

from __future__ import annotations

import _thread
import functools
import gc
import os
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QAbstractEventDispatcher

from app.ui.held import WINDOW, Hold, log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from app.ui.held import Place, Stack

T = TypeVar("T")

LIMIT_MS: Final = 50.0
"""Longest hold, on the reference machine when nobody else is there."""
REFERENCE_MS: Final = 0.036
"""What :func:`_work` takes there: 2 cores, Debian 12, CPython 3.11."""
EVERY_S: Final = 0.005
"""Between two looks."""
_BETWEEN = 0.008
"""Most of the time between two looks, in s of CPU, of which half counts as held: who had it is not known."""
_AT_WORK = 0.0005
"""A GUI thread that computed less than this since it was last asked, in s, waits: nobody looks."""
_PARTS = frozenset(
    {"paintEvent", "resizeEvent", "showEvent", "sizeHint", "minimumSizeHint", "heightForWidth", "data", "paint", "eventFilter"}
)
"""What Qt calls many times within one piece of its own work."""
_THROUGH = ("app/ui/lane.py", "app/ui/errands.py", "app/ui/keys.py")
"""What only hands on: an answer of a lane, a key. Who got it is the holder."""
# Never sent: only Python's own note that one came is made.
_SIGNAL: Final = getattr(signal, "SIGVTALRM" if hasattr(signal, "SIGVTALRM") else "SIGBREAK")
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class _Stretch:
    """The looks that met one and the same call, or Qt itself. Times in s of the GUI thread's CPU."""

    call: int | None
    since: float
    before: float
    until: float
    stacks: list[Stack]


class Watchdog:
    """Measures the holds of the main thread, which makes it. ``report`` is called there, between two events, for each over ``limit_ms``."""

    def __init__(self, report: Callable[[Hold], None], limit_ms: float = LIMIT_MS) -> None:
        self._report = report
        self._limit = limit_ms / 1000
        self._me = threading.get_ident()
        self._cpu = _cpu_clock()
        self._swollen_there = _meter()
        self._aside = self._collecting = 0.0
        self._depth = 0
        self._busy = False
        self._stretch: _Stretch | None = None
        self._known = 0.0
        self._marks: list[tuple[float, float]] = []
        self._asked: float | None = None
        self._before: Stack = ()
        gc.callbacks.append(self._garbage)
        signal.signal(_SIGNAL, self._look)
        loop = QAbstractEventDispatcher.instance()
        loop.awake.connect(self._turn)
        loop.aboutToBlock.connect(self._turn)
        threading.Thread(target=self._ask, name="watchdog", daemon=True).start()

    def spinning(self, loop: Callable[..., T]) -> Callable[..., T]:
        """Return a function that spins a loop, or delivers what a test's hand presses, so that everything within is watched."""

        @functools.wraps(loop)
        def spun(*args: Any, **kwargs: Any) -> T:
            if threading.get_ident() != self._me:
                return loop(*args, **kwargs)
            self._turn()
            self._depth += 1
            try:
                return loop(*args, **kwargs)
            finally:
                self._turn()
                self._depth -= 1

        return spun

    def _now(self) -> float:
        return self._cpu() - self._aside

    def _garbage(self, phase: str, _info: dict[str, int]) -> None:
        if threading.get_ident() != self._me:
            return
        if phase == "start":
            self._collecting = self._cpu()
        else:
            self._aside += self._cpu() - self._collecting
            self._collecting, self._asked = 0.0, None

    def _ask(self) -> None:
        """Have the main thread look at itself while it computes, on a thread of its own, for good."""
        last = 0.0
        while True:
            begun = time.monotonic()
            time.sleep(EVERY_S)
            # Late is whoever waits for the interpreter: some functions of Qt keep it, and it would have asked then. Python gives it away soon.
            late = max(0.0, time.monotonic() - begun - EVERY_S - 2 * sys.getswitchinterval())
            now = self._cpu()
            if self._depth and now - last > _AT_WORK:
                last = now
                if self._asked is None:
                    self._asked = now - self._aside - late
                elif self._swollen_there is not None:
                    # Qt computes by itself, and no look comes through.
                    self._marks.append((now - self._aside, self._swollen_there()))
                _thread.interrupt_main(_SIGNAL)

    def _turn(self) -> None:
        """Judge what was under way: a loop spins, begins or ends."""
        if self._depth:
            self._busy = True
            begun = self._cpu()
            self._over(begun - self._aside)
            self._aside += self._cpu() - begun
            self._busy = False
        self._known, self._asked = self._now(), None
        self._marks.clear()

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        if self._busy or self._collecting or not self._depth:
            return
        self._busy = True
        begun = self._cpu()
        now = begun - self._aside
        asked, self._asked = self._asked, None
        places: list[Place] = []
        outermost: FrameType | None = None
        while frame and frame.f_code is not _SPUN:
            code = frame.f_code
            places.append((_relative(code.co_filename), frame.f_lineno, code.co_qualname))
            outermost, frame = frame, frame.f_back
        self._marks.append((now, _swollen()))
        # Python heeds a signal where a function begins and wherever Qt returns: unless it begins just now, it was under way when it was asked.
        since = now if asked is None or outermost is None or _begins(outermost) else max(asked, self._known)
        self._seen(since, now, outermost, tuple(reversed(places)))
        self._known = now
        self._aside += self._cpu() - begun
        self._busy = False

    def _seen(self, since: float, now: float, outermost: FrameType | None, stack: Stack) -> None:
        """Lengthen the stretch under way if this is the very same call, else begin another."""
        call, again = None, True
        if outermost is not None and outermost.f_code.co_name not in _PARTS:
            # A mark on the call itself, without effect unless somebody traces: another call may get the same address.
            call, again = id(outermost), outermost.f_trace_opcodes
            outermost.f_trace_opcodes = True
        stretch = self._stretch
        if stretch is not None and stretch.call == call and again:
            stretch.until = now
            stretch.stacks.append(stack)
            return
        self._over(since)
        gap = since - self._known
        self._stretch = _Stretch(call, self._known if call is None else since, min(gap, _BETWEEN) / 2, now, [stack])

    def _over(self, now: float) -> None:
        """Judge the stretch under way and what nobody saw since: that was Qt's own."""
        stretch, self._stretch = self._stretch, None
        if stretch is not None and stretch.call is None:
            self._judge(stretch.since, now, WINDOW, stretch.stacks)
            return
        gap = now - self._known
        if stretch is not None:
            until = stretch.until + min(gap, _BETWEEN) / 2
            self._judge(stretch.since - stretch.before, until, _holder(stretch.stacks), stretch.stacks)
            self._before = stretch.stacks[-1]
        self._judge(self._known, now, WINDOW, [])

    def _judge(self, since: float, until: float, holder: str, stacks: Sequence[Stack]) -> None:
        held = until - since
        if held <= self._limit:
            return
        self._marks.append((until, _swollen()))
        fair = self._fair(since, until)
        if fair > self._limit:
            after = _named(self._before) if self._before else ""
            self._report(Hold(held * 1000, held / fair, holder, after, tuple(Counter(stacks).most_common())))

    def _fair(self, since: float, until: float) -> float:
        """Return what the time between these two would have been on the reference machine, from look to look."""
        fair, swollen = 0.0, next(scale for at, scale in self._marks if at > since)
        for at, scale in self._marks:
            if since < at:
                upto = min(at, until)
                fair += (upto - since) * 2 / (swollen + scale)
                since = upto
            swollen = scale
        return fair


def watched(loop: Callable[[], T]) -> T:
    """Spin the program's loop under a watchdog that logs what it sees."""
    return Watchdog(log).spinning(loop)()


def _begins(frame: FrameType) -> bool:
    """Whether this call is before its first instruction; those that make its cells come earlier."""
    return frame.f_lasti <= 2 * (len(frame.f_code.co_cellvars) + 2)


def _code_of_spun() -> CodeType:
    """Return what tells a loop's frame from others, whichever loop it is."""
    return next(one for one in Watchdog.spinning.__code__.co_consts if isinstance(one, CodeType))


_SPUN: Final = _code_of_spun()


def _holder(stacks: Sequence[Stack]) -> str:
    """Return the outermost function of the program in most of these stacks; of a test's own only when there is no other."""
    return Counter(map(_named, stacks)).most_common(1)[0][0]


def _named(stack: Stack) -> str:
    named = [f"{file}:{name}" for file, _line, name in stack if file not in _THROUGH]
    return next((one for one in named if one.startswith("app/")), named[0] if named else "app/ui/lane.py")


@functools.cache
def _relative(file: str) -> str:
    """Return a source's path from the root of the program, or of its package: no folder of whoever develops."""
    path = Path(file)
    ours = path.is_relative_to(_ROOT) and "site-packages" not in path.parts
    return path.relative_to(_ROOT).as_posix() if ours else "/".join(path.parts[-2:])


def _cpu_clock() -> Callable[[], float]:
    """Return this thread's CPU clock, readable from every thread; where the system has none, the wall's."""
    if sys.platform == "win32" or not hasattr(time, "pthread_getcpuclockid"):
        return time.perf_counter
    return functools.partial(time.clock_gettime, time.pthread_getcpuclockid(threading.get_ident()))


def _meter() -> Callable[[], float] | None:
    """Return what measures, on another thread, how slow the core is that this thread is on; None where the system does not say which."""
    if sys.platform != "linux":
        return None
    stat = Path(f"/proc/self/task/{threading.get_native_id()}/stat")
    everywhere = os.sched_getaffinity(0)

    def swollen_there() -> float:
        os.sched_setaffinity(0, {int(stat.read_text("ascii").rpartition(")")[2].split()[36])})
        try:
            return _swollen()
        finally:
            os.sched_setaffinity(0, everywhere)

    return swollen_there


def _swollen() -> float:
    """Return how many times slower than the reference machine this thread is now, 1 at least; the quicker of two, as the first one may wait for caches."""
    return max(1.0, min(_work(), _work()) / REFERENCE_MS)


_WORDS: Final = tuple(f"{number * 7919 % 1009:04}" for number in range(200))


def _work() -> float:
    """Return the ms of CPU that a fixed piece of work takes on this thread now: a table and a sort, which swell by 2.2 and 1.6 where pages do by 1.9."""
    begun = time.thread_time()
    table: dict[int, list[tuple[int, str]]] = {}
    for number in range(90):
        table.setdefault(number * 7919 % 101, []).append((number, str(number)))
    sorted(_WORDS)
    return (time.thread_time() - begun) * 1000
