"""A character that no input method offers, found and put into a field."""

import pytest
from case_kit import Desk, blank, framed, write
from looking import clipped, press
from PySide6.QtCore import Qt

from app.core.character_finder import Characters, Glyph
from app.core.errors import AppError
from app.ui.case.characters_desk import CharactersDesk
from app.ui.case.identity_page import IdentityPage
from app.ui.lane import Lane

TABLE = Characters(
    [Glyph("赟", 16, "文斌止武贝", listed=True), Glyph("贇", 18, "文斌止武貝贝"), Glyph("婳", 11, "女画", listed=True)]
)


def given(table):
    if table is None:
        raise AppError("字表读不出来")
    return table


@pytest.fixture
def case(qtbot):
    with framed(IdentityPage()) as shown:
        desk = Desk(qtbot, shown, blank())
        desk.lane = Lane()
        desk.table = TABLE
        desk.finder = CharactersDesk(desk.page, desk.lane, lambda: given(desk.table))
        yield desk
        desk.finder.rest()
        desk.lane.stop()


def look_for(case, qtbot, path, text):
    case.at(path).setFocus()
    dialog = case.finder.open()
    qtbot.waitUntil(lambda: dialog.line.text() == "键入你知道的")
    qtbot.keyClicks(dialog.field, text)
    qtbot.waitUntil(lambda: dialog.line.text() != "键入你知道的")
    return dialog


def test_the_first_that_fits_is_shown_large_and_enter_puts_it_at_the_caret(case, qtbot):
    name = case.at("applicant.name")
    qtbot.keyClicks(name, "AB")
    name.setCursorPosition(1)
    name.setFocus()
    dialog = look_for(case, qtbot, "applicant.name", "yun1")
    assert dialog.line.text() == "2 个字"
    assert dialog.large.text() == "赟"
    assert not clipped(dialog)
    name.setCursorPosition(1)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: name.value() == "A赟B")
    assert case.answers[-1] == ("applicant.name", "A赟B")
    assert case.frame.focusWidget() is name


def test_arrows_choose_among_them_and_typing_goes_on_in_the_line(case, qtbot):
    dialog = look_for(case, qtbot, "applicant.address", "yun")
    press(qtbot, Qt.Key.Key_Down)
    assert dialog.view.hasFocus()
    press(qtbot, Qt.Key.Key_Right)
    assert dialog.chosen() == "贇"
    press(qtbot, Qt.Key.Key_1)
    assert dialog.field.hasFocus()
    assert dialog.field.value() == "yun1"
    qtbot.waitUntil(lambda: dialog.chosen() == "赟")
    press(qtbot, Qt.Key.Key_Escape)
    assert case.at("applicant.address").value() == ""


def test_what_fits_nothing_says_so_and_puts_nothing(case, qtbot):
    dialog = look_for(case, qtbot, "applicant.name", "zzz")
    assert dialog.line.text() == "没有这样的字。少说一样，或换一个部件"
    assert not dialog.act.isEnabled()
    press(qtbot, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.reject()


def test_a_field_of_digits_has_nothing_to_look_for(case):
    case.at("applicant.cert_number").setFocus()
    assert case.finder.open() is None


def test_a_table_that_is_not_there_is_told_and_nothing_is_lost(case, qtbot):
    case.table = None
    write(case.at("applicant.name"), "沈")
    case.at("applicant.name").setFocus()
    dialog = case.finder.open()
    qtbot.waitUntil(lambda: dialog.line.text() == "字表读不出来")
    dialog.reject()
    assert case.at("applicant.name").value() == "沈"
