"""The lock: Enter acts, nothing typed stays, a wait is a wait."""

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from ui_people import now

from app.ui.door.lock import LockPage
from app.ui.shell import Shell

Key, Mod = Qt.Key, Qt.KeyboardModifier
SECRET = "窗口样本口令八"
CODE = "7K2M-9QXD-0ZRT-4HVB-A1C3-5E7G-8JNP-6SWY"


@pytest.fixture
def shell(qtbot):
    made = Shell(now)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.add("lock", LockPage)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(shell, qtbot):
    made = shell.page("lock")
    made.set_clerks(["罗静", "王丽华"])
    shell.open("lock")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is made.secret.field)
    return made


def heard(signal):
    calls = []
    signal.connect(lambda *args: calls.append(args))
    return calls


def test_enter_unlocks_and_the_field_is_empty_at_once(page, qtbot):
    wanted = heard(page.unlock)
    qtbot.keyClicks(page.secret.field, "open-sesame-8")
    qtbot.keyClick(page.secret.field, Key.Key_Return)
    assert wanted == [("罗静", "open-sesame-8")]
    assert page.secret.value() == ""


def test_while_it_is_being_opened_a_second_enter_does_nothing(page, qtbot):
    wanted = heard(page.unlock)
    for _ in range(2):
        page.secret.field.setText(SECRET)
        qtbot.keyClick(page.secret.field, Key.Key_Return)
    assert len(wanted) == 1
    assert not page.open_button.isEnabled()


def test_a_wrong_passphrase_is_said_and_can_be_tried_again(page, qtbot):
    wanted = heard(page.unlock)
    page.secret.field.setText(SECRET)
    page.attempt()
    page.say("口令不对。看看大小写和输入法")
    assert page._line.text() == "口令不对。看看大小写和输入法"
    assert QApplication.focusWidget() is page.secret.field
    page.secret.field.setText(SECRET)
    page.attempt()
    assert len(wanted) == 2
    assert page._line.text() == ""


def test_a_wait_counts_down_and_nothing_is_tried_meanwhile(page, qtbot):
    wanted = heard(page.unlock)
    page.say("口令不对")
    page.set_wait(2)
    assert page._line.text() == "口令不对。再过 2 秒可以再试"
    page.secret.field.setText(SECRET)
    qtbot.keyClick(page.secret.field, Key.Key_Return)
    assert wanted == []
    page._timer.timeout.emit()
    assert page._line.text() == "口令不对。再过 1 秒可以再试"
    page._timer.timeout.emit()
    assert page._line.text() == "口令不对"
    qtbot.keyClick(page.secret.field, Key.Key_Return)
    assert wanted == [("罗静", SECRET)]


def test_an_empty_field_is_not_tried(page, qtbot):
    wanted = heard(page.unlock)
    qtbot.keyClick(page.secret.field, Key.Key_Return)
    assert wanted == []
    assert page._line.text() == "写上口令再打开"


def test_alt_1_asks_for_the_recovery_code_and_back(page, qtbot):
    recovered = heard(page.recover)
    page.secret.field.setText("half")
    qtbot.keyClick(page.secret.field, Key.Key_1, Mod.AltModifier)
    assert page.secret.value() == ""
    assert QApplication.focusWidget() is page.code
    qtbot.keyClicks(page.code, CODE)
    qtbot.keyClick(page.code, Key.Key_Return)
    assert recovered == [("罗静", CODE)]
    assert page.code.value() == ""
    page.set_busy(busy=False)
    page.other_way.click()
    assert page.secret.isVisible()


def test_choosing_another_clerk_empties_the_field(page, qtbot):
    page.secret.field.setText("half")
    page.clerk.put("王丽华")
    page.clerk.chosen.emit("王丽华")
    assert page.secret.value() == ""
    page.secret.field.setText(SECRET)
    wanted = heard(page.unlock)
    page.attempt()
    assert wanted == [("王丽华", SECRET)]


def test_a_single_clerk_needs_no_choosing(page):
    page.set_clerks(["罗静"])
    assert not page.clerk.isVisible()
    assert page._who.full() == "罗静的口令"
    assert page.clerk.value() == "罗静"


def test_the_passphrase_is_covered_until_asked_and_covered_again_after_leaving(page):
    assert page.secret.field.echoMode() is QLineEdit.EchoMode.Password
    page.secret.toggle.click()
    assert page.secret.field.echoMode() is QLineEdit.EchoMode.Normal
    page.secret.field.setText("half")
    page.left()
    assert page.secret.field.echoMode() is QLineEdit.EchoMode.Password
    assert page.secret.value() == ""


def test_it_is_bare_and_says_which_work_is_safe(shell, page):
    page.set_note("有一件办到一半的申请，已存好")
    assert not shell.foot.isVisible()
    assert page._note_part.isVisible()
    page.set_note("")
    assert not page._note_part.isVisible()


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (910, 512)])
def test_nothing_is_cut_at_any_size(shell, page, size):
    shell.setMinimumSize(0, 0)
    shell.resize(*size)
    page.set_note("有一件办到一半的申请，已存好")
    page.say("口令不对。看看大小写和输入法")
    page.set_wait(30)
    assert clipped(shell) == []
    page.set_wait(0)
    page.switch()
    assert clipped(shell) == []
