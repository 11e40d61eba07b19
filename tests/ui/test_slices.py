"""What is made in slices leaves the window alive between two of them, and whoever leads elsewhere meanwhile wins."""

from functools import cached_property

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.demo import live
from app.ui.prebuild import GAP_MS, QUIET_MS, Prebuild
from app.ui.shell import PageBase, Shell
from app.ui.slices import at_once, made, under_way


def test_answers_are_heard_between_two_slices(qtbot):
    heard = []

    def work():
        for at in range(3):
            QTimer.singleShot(0, lambda at=at: heard.append(("answer", at)))
            heard.append(("slice", at))
            yield

    at_once(work())
    assert heard == [(what, at) for at in range(3) for what in ("slice", "answer")]
    assert not under_way()


def test_nothing_is_built_ahead_while_somebody_waits(qtbot):
    window, done = QWidget(), []
    qtbot.addWidget(window)
    window.show()
    Prebuild(window, (done.append("ahead") for _ in range(1))).hurry()

    def work():
        for _ in range(3):
            live(GAP_MS * 2)
            done.append("now")
            yield

    at_once(work())
    assert done == ["now"] * 3
    qtbot.waitUntil(lambda: done[3:] == ["ahead"], timeout=QUIET_MS)


def test_a_broken_slice_leaves_nobody_waiting(qtbot):
    def broken():
        yield
        raise RuntimeError("a bug of ours")

    with pytest.raises(RuntimeError, match="a bug of ours"):
        at_once(broken())
    assert not under_way()


def test_each_part_is_made_once():
    counted = []

    class Parts:
        @cached_property
        def one(self):
            counted.append("one")
            return 1

        @cached_property
        def two(self):
            counted.append("two")
            return self.one + 1

    parts = Parts()
    assert len(list(made(parts))) == 2
    assert (parts.two, counted) == (2, ["one", "two"])


class Filled(PageBase):
    """A page that takes a while, in which ``meanwhile`` happens."""

    def __init__(self, meanwhile):
        super().__init__()
        self._meanwhile, self.told = meanwhile, []

    def filled(self):
        yield
        self._meanwhile()
        yield

    def entered(self):
        self.told.append("entered")


def test_a_lock_that_comes_while_a_page_is_made_stays_on_screen(qtbot):
    shell = Shell()
    qtbot.addWidget(shell)
    shell.add("lock", PageBase)
    shell.add("list", PageBase)
    shell.add("case", lambda: Filled(lambda: shell.open("lock")))
    shell.open("list")
    shell.show()
    page = shell.open("case")
    assert (shell.current, page.isVisible(), page.told) == ("lock", False, [])
    shell.open("case")
    assert (shell.current, page.isVisible(), page.told) == ("case", True, ["entered"])


def test_a_dropped_page_stays_in_sight_until_another_stands_there(qtbot):
    shell, seen = Shell(), []
    qtbot.addWidget(shell)
    shell.add("case", lambda: Filled(lambda: seen.append(old.isVisible()) if shell.has("case") else None))
    shell.add("list", PageBase)
    old = shell.open("list")
    shell.show()
    shell.drop("list")
    shell.open("case")
    assert (seen, old.isVisible()) == ([True], False)
