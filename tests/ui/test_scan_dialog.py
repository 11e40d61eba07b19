"""Choosing the scanner: what was found, what was typed, and only what the device can do."""

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from scan_kit import ALPHA, BETA
from shiboken6 import isValid

from app.services.ports import Abilities, Feed, ScanWish
from app.ui.case.scan_dialog import ScanDialog

WISH = ScanWish(Feed.FEEDER, 300, colour=False, duplex=True)


@pytest.fixture
def make(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1280, 672)
    parent.show()
    opened = []

    def dialog(scanner=None, wish=WISH, watched=""):
        made = ScanDialog(parent, "疾病诊断证明书", scanner, wish, watched, "用这台扫")
        for name in ("looked", "typed", "asked", "taken", "folder", "dividers"):
            heard = []
            setattr(made, f"heard_{name}", heard)
            getattr(made, name).connect(lambda *given, heard=heard: heard.append(given))
        made.show()
        opened.append(made)
        return made

    yield dialog
    for one in filter(isValid, opened):
        one.reject()


def test_nothing_is_taken_before_a_scanner_is_chosen(make):
    dialog = make()
    dialog.looking()
    assert not dialog.act.isEnabled()
    dialog.found(())
    assert "没找到扫描仪" in dialog.found_row.message.text()
    dialog.confirm()
    assert dialog.heard_taken == []
    assert dialog.isVisible()


def test_the_remembered_scanner_and_wish_stand_there_at_once(make):
    dialog = make(ALPHA)
    assert dialog.list.current() == ALPHA.id
    assert dialog.wish() == WISH
    dialog.found((ALPHA, BETA))
    assert dialog.list.current() == ALPHA.id
    dialog.confirm()
    assert dialog.heard_taken == [(ALPHA, WISH)]


def test_only_what_the_device_can_do_is_offered(make):
    dialog = make()
    dialog.found((ALPHA, BETA))
    dialog.list.set_current(BETA.id)
    assert dialog.heard_asked[-1] == (BETA,)
    dialog.set_abilities(BETA, Abilities((Feed.GLASS,), (75, 200), duplex=False, colour=True))
    assert dialog.wish() == ScanWish(Feed.GLASS, 200, colour=False, duplex=False)
    assert [code for code, _ in dialog.feed._choices] == ["glass"]
    assert [code for code, _ in dialog.sides._choices] == ["no"]
    dialog.list.set_current(ALPHA.id)
    dialog.set_abilities(ALPHA, Abilities((Feed.FEEDER, Feed.GLASS), (200, 300), duplex=True))
    assert [code for code, _ in dialog.feed._choices] == ["auto", "feeder", "glass"]


def test_an_answer_about_another_scanner_changes_nothing(make):
    dialog = make(ALPHA)
    dialog.set_abilities(BETA, Abilities((Feed.GLASS,), (200,)))
    assert dialog.wish() == WISH


def test_a_typed_address_is_asked_found_and_chosen(make):
    dialog = make()
    dialog.found((ALPHA,))
    dialog.address.setFocus()
    QTest.keyClicks(dialog.address, "192.0.2.40")
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    assert dialog.heard_typed == [("192.0.2.40",)]
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    assert len(dialog.heard_typed) == 1
    dialog.refuse("这个地址没有扫描仪应答。看地址和网线，再找一次")
    assert "没有扫描仪应答" in dialog.address_row.message.text()
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    dialog.add(BETA, choose=True)
    assert dialog.list.current() == BETA.id
    assert dialog.isVisible()


def test_everything_by_keyboard_from_the_list_to_scanning(make, qtbot):
    dialog = make()
    dialog.found((ALPHA, BETA))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.list.hasFocus)
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    QTest.keyClick(dialog.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.heard_taken[0][0] == BETA


def test_a_watched_folder_is_shown_and_let_go(make):
    dialog = make(watched="/srv/扫描")
    assert dialog._where.full() == "/srv/扫描"
    dialog.unwatch.click()
    assert dialog.heard_folder == [("",)]
    assert not dialog.unwatch.isVisible()


def test_dividers_are_asked_for_once_at_a_time_and_what_became_of_them_is_said(make):
    dialog = make()
    dialog.divide.click()
    dialog.divide.click()
    assert dialog.heard_dividers == [()]
    dialog.said("打印机没有纸", "warn")
    assert dialog.divide_row.message.text() == "打印机没有纸"
    assert dialog.divide.isEnabled()


def test_no_word_is_cut_and_it_fits_the_smallest_window(make):
    dialog = make(ALPHA, watched="/srv/一个名字很长很长的文件夹/又一个名字很长很长的文件夹/扫描仪存到这里")
    dialog.looking()
    assert clipped(dialog) == []
    dialog.found((ALPHA, BETA))
    dialog.refuse("这个地址没有扫描仪应答。看地址和网线，再找一次")
    dialog.adjustSize()
    assert clipped(dialog) == []
    assert dialog.height() <= 672
