"""The same walk where no counter is open: the first run, the office's window, and what a search and a round of calls show."""

import sys
from dataclasses import replace
from pathlib import Path

import keyboard_kit as kit
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from ui_people import BACK, COPIED, COUNTS, DRAFT, QUEUED, TODAY, now
from whole_kit import complete

sys.path.append(str(Path(__file__).parents[1] / "transfer"))

from answer_kit import (
    again,
    counter_desk,  # noqa: F401 - a fixture
    known_office,  # noqa: F401 - a fixture
    send,
    shared_folder,  # noqa: F401 - a fixture
)

from app.adapters.calendar import load_calendar
from app.adapters.regions import load_regions, shipped
from app.adapters.transfer.places import AnyPlaces
from app.core.application import State
from app.demo import live
from app.office_window import make
from app.services import intake
from app.ui.door.first_run import FirstRunPage
from app.ui.shell import Shell
from app.ui.workbench import WorkbenchPage
from app.ui.workbench_calls import CallDialog
from app.ui.workbench_found import About

SMALL = (910, 512)
LIMIT = 20_000
CODE = "7K2M-9QXD-0ZRT-4HVB-A1C3-5E7G-8JNP-6SWY"


@pytest.fixture
def still_cursor(qapp):
    flash = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield
    qapp.setCursorFlashTime(flash)


class Walk:
    """Looks at a window at its size and small; ``wrong`` is what it found."""

    def __init__(self, window):
        self.window, self.wrong, self.known = window, [], set()

    def look(self, place, root=None):
        root = root or self.window
        # The focus comes over a little after the window says that it is in front.
        root.activateWindow()
        for _ in range(LIMIT // 10):
            now_at = QApplication.focusWidget()
            if root.isActiveWindow() and (now_at is None or now_at.window() is root.window()):
                break
            live(10)
        if QApplication.focusWidget() is None:
            root.focusNextChild()
        checks = (kit.mute, kit.trees, kit.astray, lambda one: kit.unseen(one, self.known), kit.clashes, kit.idle)
        for check in checks:
            self.wrong += [f"{place}: {line}" for line in check(root)]
        self.cut(place, root)

    def cut(self, place, root):
        for _ in range(3):
            QCoreApplication.processEvents()
        self.wrong += [f"{place}: {line}" for line in kit.cut(root)]

    def both(self, place):
        size, least = self.window.size(), self.window.minimumSize()
        self.look(f"{place} whole")
        self.window.setMinimumSize(1, 1)
        self.window.resize(*SMALL)
        self.cut(f"{place} small", self.window)
        self.window.setMinimumSize(least)
        self.window.resize(size)

    def done(self):
        assert not self.wrong, "\n".join(self.wrong)


def shown(qtbot, name, make_page):
    shell = Shell(now)
    qtbot.addWidget(shell)
    shell.resize(1366, 768)
    shell.add(name, make_page)
    with qtbot.waitActive(shell):
        shell.show()
        shell.activateWindow()
    return shell, shell.open(name)


def test_the_first_run_can_be_worked_by_hand_ear_and_eye(qtbot, still_cursor):
    shell, page = shown(qtbot, "first", lambda: FirstRunPage(now, lambda _parent, _title: "/media/copy"))
    regions, _ = load_regions(shipped())
    page.set_regions(regions, [])
    page.set_calendar(2026, load_calendar())
    walk = Walk(shell)
    walk.both("the place")
    page.place.region.put("sichuan-panzhihua")
    page.place.region.chosen.emit("sichuan-panzhihua")
    for name, value in (("counter_code", "03"), ("counter_name", "3 号窗口")):
        page.place.fields[name].put(value)
        page.place.fields[name].edited.emit(value)
    QTest.keyClick(shell, Qt.Key.Key_F8)
    assert page.clerk.isVisible()
    walk.both("the clerk")
    for name, value in (("clerk", "罗静"), ("passphrase", "春天走到窗口前面"), ("repeated", "春天走到窗口前面")):
        page.clerk.fields[name].put(value)
        page.clerk.fields[name].edited.emit(value)
    QTest.keyClick(shell, Qt.Key.Key_F8)
    assert page.copy.isVisible()
    walk.both("the second copy")
    QTest.keyClick(shell, Qt.Key.Key_F8)
    page.show_recovery_code(CODE)
    assert page.recovery.isVisible()
    walk.both("the recovery code")
    walk.done()


def test_the_offices_window_can_be_worked_by_hand_ear_and_eye(qtbot, desk, side, share, still_cursor):
    again(desk, intake.save(desk, complete(desk))[0])
    send(desk, share)
    one = make(
        side, lambda folder: AnyPlaces().open(replace(share, address=str(folder)) if folder else share), "共享盘", "何清"
    )
    qtbot.addWidget(one.shell)
    one.shell.resize(1366, 768)
    with qtbot.waitActive(one.shell):
        one.shell.show()
        one.shell.activateWindow()

    def still():
        qtbot.waitUntil(lambda: not one.lane.pending and one.exchange.progress.full() == "", timeout=LIMIT)

    walk = Walk(one.shell)
    still()
    walk.both("nothing came")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    still()
    walk.both("one came")
    one.review.list.setFocus()
    QTest.keyClick(one.review.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: one.review.case is not None, timeout=LIMIT)
    still()
    walk.both("one is read")
    walk.done()


def test_a_search_and_a_round_of_calls_can_be_worked_by_hand_ear_and_eye(qtbot, still_cursor):
    shell, page = shown(qtbot, "workbench", lambda: WorkbenchPage(now))
    walk = Walk(shell)
    page.set_counts(COUNTS)
    page.choose("needs_you")
    page.set_entries("needs_you", [replace(BACK, note="主管退回：诊断证明没有盖章")])
    walk.both("needs you")
    told = replace(DRAFT, state=State.WAITING, lacks="诊断证明", lacking=1, told_at="2026-01-21T10:00:00")
    called = replace(told, called_at="2026-02-06T09:00:00", called="no_answer")
    page.choose("waiting")
    page.set_entries("waiting", [called])
    walk.both("waiting")
    page.search.put("sgl")
    page.search.ask()
    page.set_results("sgl", [DRAFT, QUEUED, COPIED])
    page.set_around(
        About(
            "d1", (replace(QUEUED, state=State.APPROVED, expires="2026-02-20"),), (("2026-02-06T10:24:00", "开始受理，罗静"),)
        )
    )
    walk.both("found")
    dialog = CallDialog(shell, called, TODAY)
    dialog.open()
    walk.look("a call", dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in shell.findChildren(QDialog)))
    walk.done()
