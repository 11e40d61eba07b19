"""Nobody at the window: it locks itself over the work, and unlocking leads back to the same field."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from whole_kit import PASSPHRASE, quick_slots
from window_kit import counter_at, on_lane

from app.demo import commit
from app.services import clerks
from app.services.ports import Role
from app.ui.idle import IdleWatch
from app.ui.kit import Dialog, Text, column
from app.ui.slices import STYLED


class Watch:
    at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def watched(qapp):
    clock = Watch()
    watch = IdleWatch(qapp, clock)
    told = []
    watch.idle.connect(lambda: told.append(clock.at))
    yield watch, clock, told
    watch.deleteLater()


def test_it_tells_once_when_the_minutes_are_over_and_again_only_after_somebody_came(watched, qtbot):
    watch, clock, told = watched
    widget = QWidget()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    watch.set_minutes(5)
    for clock.at in (299.0, 300.0, 305.0, 900.0):
        watch.look()
    assert told == [300.0]
    QApplication.sendEvent(widget.windowHandle(), somebody(QEvent.Type.MouseMove))
    clock.at += 299
    watch.look()
    assert told == [300.0]
    clock.at += 1
    watch.look()
    assert told == [300.0, 1200.0]


def somebody(sign):
    """What a person does, as it comes to a window."""
    if sign is QEvent.Type.KeyPress:
        return QKeyEvent(sign, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    at, none = QPointF(1, 1), Qt.MouseButton.NoButton
    return QMouseEvent(sign, at, at, none, none, Qt.KeyboardModifier.NoModifier)


@pytest.mark.parametrize("sign", [QEvent.Type.KeyPress, QEvent.Type.MouseMove])
def test_a_window_that_opened_later_is_listened_to(watched, qtbot, sign):
    watch, clock, told = watched
    watch.set_minutes(1)
    widget = QWidget()
    widget.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    clock.at = 50.0
    watch.look()
    QApplication.sendEvent(widget.windowHandle(), somebody(sign))
    clock.at = 100.0
    watch.look()
    assert told == []


def test_what_an_input_method_commits_is_somebody(watched, qtbot):
    watch, clock, told = watched
    watch.set_minutes(1)
    field = QLineEdit()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
        field.activateWindow()
        field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusObject() is field)
    clock.at = 50.0
    event = QInputMethodEvent()
    event.setCommitString("沈")
    QApplication.sendEvent(field, event)
    clock.at = 100.0
    watch.look()
    assert (field.text(), told) == ("沈", [])


def test_what_the_program_does_by_itself_is_nobody(watched, qtbot):
    watch, clock, told = watched
    widget = QWidget()
    qtbot.addWidget(widget)
    watch.set_minutes(1)
    clock.at = 60.0
    widget.show()
    QApplication.sendEvent(widget, QEvent(QEvent.Type.UpdateRequest))
    watch.look()
    assert told == [60.0]


def test_no_minutes_is_off_and_no_event_is_held_back(watched):
    watch, clock, told = watched
    clock.at = 10_000.0
    watch.look()
    assert told == []
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert watch.eventFilter(watch, event) is False


@pytest.fixture
def counter(qapp, tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    with counter_at(tmp_path / "data") as counter:
        yield counter


def idle(counter):
    """As if nobody had been there for the minutes of the setting and a second: what is added to a clock and taken from it again is not quite the same."""
    watch = counter.window.beside.idle
    counter.wait("几分钟", lambda: watch.minutes)
    watch._tick = lambda: watch._last + watch.minutes * 60 + 1
    watch.look()
    counter.wait("锁定", lambda: counter.window.current == "lock")


def test_the_window_locks_over_the_work_and_unlocking_returns_to_the_same_field(counter):
    counter.new()
    counter.fill("applicant.name", "沈桂兰")
    field = counter.field("applicant.phone")
    field.setFocus()
    QTest.keyClicks(field, "1380000")
    assert counter.window.beside.idle.minutes == 5
    idle(counter)
    lock = counter.window.page("lock")
    assert "离开 5 分钟，10:24 自动锁定" in lock._said.full()
    assert counter.stored().applicant.phone == "1380000"
    counter.unlock()
    assert counter.window.current == "case"
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, "1234")
    assert counter.application.applicant.phone == "13800001234"


def test_a_dialog_goes_out_of_sight_with_the_work_and_comes_back_with_its_clerk(counter):
    counter.window._tab("admin")
    counter.settle()
    counter.window.page("admin").people.add_button.click()
    dialog = counter.dialog()
    commit(dialog.fields["name"], "赵敏")
    idle(counter)
    assert counter.dialog() is None
    counter.unlock()
    assert counter.dialog() is dialog
    assert dialog.fields["name"].value() == "赵敏"
    dialog.reject()


def test_a_dialog_that_was_about_to_open_waits_behind_the_lock(counter):
    many = column(*(Text("一行") for _ in range(2 * STYLED)))
    dialog = Dialog(counter.window, "还没开出来", "", "", "知道了", body=many)
    QTimer.singleShot(0, counter.window.lock)
    dialog.open()
    assert counter.window.current == "lock"
    assert not dialog.isVisible()
    counter.settle()
    counter.unlock()
    assert counter.dialog() is dialog
    dialog.reject()


def test_another_clerk_unlocks_under_an_own_name_and_finds_the_work_stored(counter):
    window, desk = counter.window, counter.window.desk

    def join():
        made = clerks.add(desk, "王丽华", Role.CLERK, PASSPHRASE)
        desk.vault.use_once("王丽华", made.code, "王丽华的口令 88")

    on_lane(window.lane, join)
    counter.new()
    counter.fill("applicant.name", "沈桂兰")
    id_ = counter.application.id
    window.lock()
    counter.settle()
    page = window.page("lock")
    page.clerk.put("王丽华")
    counter.unlock("王丽华的口令 88")
    assert window.desk.clerk == "王丽华"
    assert window.current == "workbench"
    window.open_case(id_)
    counter.wait("接着办", lambda: window.current == "case" and counter.session is not None)
    counter.fill("applicant.phone", "13800001234")
    window._put_aside()
    counter.settle()
    stored = counter.stored(id_)
    assert (stored.author, stored.applicant.name) == (desk.clerk, "沈桂兰")
    assert ("王丽华", "continue") in [(e.who, e.act) for e in counter.audit()]
