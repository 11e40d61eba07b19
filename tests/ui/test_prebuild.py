"""Pages are built ahead while nobody does anything, and only then; the first paint waits for nothing it does not show."""

import subprocess
import sys

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.core.errors import AppError
from app.demo import live
from app.services import papers_ahead
from app.ui.lane import Lane
from app.ui.prebuild import QUIET_MS, Prebuild, papers


def shown(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_it_works_slice_by_slice_until_there_is_no_more(qtbot):
    window, done = shown(qtbot), []
    Prebuild(window, (done.append(at) for at in range(3)))
    assert done == []
    qtbot.waitUntil(lambda: done == [0, 1, 2], timeout=3000)


def test_a_key_puts_it_off(qtbot):
    window, done = shown(qtbot), []
    Prebuild(window, (done.append(at) for at in range(1)))
    live(QUIET_MS * 2 // 3)
    QCoreApplication.sendEvent(
        window.windowHandle(), QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    )
    live(QUIET_MS * 2 // 3)
    assert done == []
    qtbot.waitUntil(lambda: done == [0], timeout=3000)


def test_stopped_it_builds_nothing_more(qtbot):
    window, done = shown(qtbot), []
    ahead = Prebuild(window, (done.append(at) for at in range(9)))
    ahead.stop()
    live(QUIET_MS + 100)
    assert done == []


def test_hurried_it_waits_for_no_quiet_and_says_when_all_is_built(qtbot):
    window, done, told = shown(qtbot), [], []
    ahead = Prebuild(window, (done.append(at) for at in range(3)))
    ahead.hurry(lambda: told.append(list(done)))
    assert done == []
    qtbot.waitUntil(lambda: told == [[0, 1, 2]], timeout=QUIET_MS)
    ahead.hurry(lambda: told.append("once more"))
    assert told == [[0, 1, 2], "once more"]


def test_whoever_waits_goes_on_where_a_slice_breaks(qtbot):
    def broken():
        yield
        raise RuntimeError("a bug of ours")

    window, told = shown(qtbot), []
    with qtbot.captureExceptions() as caught:
        Prebuild(window, broken()).hurry(lambda: told.append("on"))
        qtbot.waitUntil(lambda: told == ["on"], timeout=3000)
    assert [str(error) for _, error, _ in caught] == ["a bug of ours"]


def test_papers_are_drawn_ahead_one_at_a_time_and_a_broken_layout_waits_until_it_is_wanted(qtbot, monkeypatch):
    lane, done, troubled = Lane(), [], []
    lane.troubled.connect(troubled.append)

    def broken():
        done.append(lane.pending)
        raise AppError("版式用不了")

    monkeypatch.setattr(
        papers_ahead,
        "ahead",
        lambda _desk: iter((lambda: done.append(lane.pending), broken, lambda: done.append(lane.pending))),
    )
    window = shown(qtbot)
    ahead = Prebuild(window, papers(lane, None))
    qtbot.waitUntil(lambda: ahead.over, timeout=5000)
    lane.stop()
    assert (done, troubled, lane.pending) == ([1, 1, 1], [], 0)


def test_the_first_paint_waits_for_no_store_no_paper_and_no_rules():
    code = "import sys, app.main, app.ui.main_window, app.ui.door.lock; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    heavy = {
        "app.core.application",
        "app.core.checks",
        "app.services.ports",
        "app.core.characters",
        "app.ui.case",
        "app.adapters.store",
    }
    heavy |= {
        "reportlab",
        "PIL",
        "sqlcipher3",
        "sqlite_utils",
        "pypdfium2",
        "pypinyin",
        "ulid",
        "uuid",
        "platformdirs",
        "cryptography",
    }
    assert loaded & heavy == set()
