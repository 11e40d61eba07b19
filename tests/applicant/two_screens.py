"""An elder with an agent, before two monitors. Run by ``test_two_screens.py`` in a program of its own, whose display has two screens.

CHUANGKOU_DRILL=long pytest tests/applicant/test_two_screens.py -n 0      with screenshots of both, in the folder that CHUANGKOU_SHOTS names
"""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from whole_kit import quick_slots, seen
from window_kit import counter_at, on_lane

from app.core.applicant_view import Act, Page
from app.core.settings_all import MONITOR
from app.demo import live
from app.services import rating, settings, signing
from app.ui.applicant import screens

OUT = Path(os.environ["CHUANGKOU_SHOTS"])
REAL = os.environ.get("QT_QPA_PLATFORM") == "xcb"


@pytest.fixture
def counter(qapp, tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    monkeypatch.setattr(rating, "offered", lambda _desk, _application: True)
    with counter_at(tmp_path / "data") as counter:
        yield counter


class Eyes:
    """Takes a picture of each monitor: of the X server's own where there is one."""

    def __init__(self, counter):
        self.counter, self.count = counter, 0

    def look(self, name):
        self.counter.settle()
        live(150)
        self.count += 1
        clerk, applicant = self.counter.window, self.counter.window._work.applicant.stand.window
        dialog = self.counter.dialog()
        for who, window in (("clerk", dialog or clerk), ("applicant", applicant)):
            if window is not None:
                shot = window.screen().grabWindow(0) if REAL else window.grab()
                shot.save(str(OUT / f"{self.count:02}-{name}-{who}.png"))


def press(window, act):
    QTest.mouseClick(window.page.buttons[act], Qt.MouseButton.LeftButton)


def test_an_elder_and_an_agent_before_two_monitors(counter, monkeypatch):
    eyes = Eyes(counter)
    screen = opened(counter)
    window = screen.stand.window
    eyes.look("welcome")
    answered(counter)
    eyes.look("bring")
    checked(counter, window, eyes)
    counter.shortcut("F8")
    counter.wait("受理", lambda: counter.page.step == "finished")
    counter.wait("码", lambda: window.page._code is not None)
    eyes.look("receipt")
    signed(counter, window, eyes)
    rated(counter, window, eyes, monkeypatch)
    # The clerk locks, comes back, goes elsewhere: the second monitor stays dark and stays where it is.
    counter.shortcut("Ctrl+L")
    assert window.view.page is Page.BLANK
    assert window.isVisible()
    eyes.look("locked")
    counter.unlock()
    counter.shortcut("F2")
    assert window.view.page is Page.BLANK
    counter.new()
    counter.wait("又亮", lambda: window.view.page is Page.WELCOME)
    counter.window.close()
    assert not window.isVisible()


def opened(counter):
    """A new case, with the second monitor chosen and lit."""
    here, there = QGuiApplication.primaryScreen(), screens.beside(counter.window)
    assert there is not None
    assert len(set(screens.names())) == 2
    counter.window.setGeometry(here.geometry())
    desk = counter.window.desk
    on_lane(counter.window.lane, lambda: settings.change(desk, MONITOR, screens.name_of(there)))
    counter.new()
    counter.settle()
    screen = counter.window._work.applicant
    counter.wait("第二台亮", lambda: screen.on)
    window = screen.stand.window
    assert window.screen() is there
    assert not window.alone
    assert window.size() == there.geometry().size()
    assert window.view.page is Page.WELCOME
    return screen


def answered(counter):
    """Everything answered, every paper seen."""
    counter.answer_all()
    counter.page.open_step("materials")
    counter.session.replace(seen(counter.window.desk, counter.application))
    counter.give_reasons()
    counter.keep_both()


def checked(counter, window, eyes):
    """One thing after the other: the telephone is not right, and is changed."""
    counter.page.open_step("answers")
    eyes.look("name")
    while window.view.path != "applicant.phone":
        press(window, Act.RIGHT)
    eyes.look("phone")
    press(window, Act.WRONG)
    counter.wait("那一项", lambda: counter.focused() == "applicant.phone")
    assert window.view.page is Page.WAIT
    eyes.look("changing")
    counter.fill("applicant.phone", "13800001234")
    counter.shortcut("F8")
    assert window.view.loud == "138 0000 1234"
    while window.view.page is Page.CHECK:
        if window.view.path == "agent.name":
            eyes.look("agent")
        press(window, Act.RIGHT)
    assert counter.application.read_back
    eyes.look("declare")
    press(window, Act.HEARD)


def signed(counter, window, eyes):
    """The agent signs, for nobody but the agent."""
    counter.shortcut("Ctrl+Shift+S")
    counter.wait("写名字", lambda: window.view.page is Page.SIGN)
    assert window.view.who == "agent"
    pad = window.page.pad
    for left in (150, 320, 520):
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(left, 90))
        for at in range(8):
            QTest.mouseMove(pad, QPoint(left + at * 14, 90 + (at % 3) * 40))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(left + 110, 180))
    eyes.look("sign")
    press(window, Act.WRITTEN)
    counter.wait("签好", lambda: window.view.page is Page.RECEIPT)
    desk, id_ = counter.window.desk, counter.application.id
    assert on_lane(counter.window.lane, lambda: signing.signed_before(desk, id_))


def rated(counter, window, eyes, monkeypatch):
    """One face is touched, once."""
    press(window, Act.ON)
    assert window.view.page is Page.RATE
    eyes.look("rate")
    kept = []
    monkeypatch.setattr(rating, "keep", lambda _desk, case, level: kept.append((case, int(level))))
    QTest.mouseClick(window.page.faces[1], Qt.MouseButton.LeftButton)
    counter.wait("收下", lambda: kept)
    assert kept == [(counter.application.id, 4)]
    eyes.look("thanks")
