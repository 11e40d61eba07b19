"""Step 2: the status is printed, never picked; what a region does not ask is not there."""

from dataclasses import replace

import pytest
from case_kit import JQ, PZH, SNJ, blank, desks, filled, framed, region, write
from looking import clipped, press
from PySide6.QtCore import Qt

from app.core.application import Insurance, Remote
from app.ui.case.insurance_page import InsurancePage, places
from app.ui.kit import MessageLine


@pytest.fixture(scope="module")
def shared(qapp):
    with framed(InsurancePage()) as shared:
        yield shared


@pytest.fixture
def desk(qtbot, shared):
    with desks(qtbot, shared) as make:
        yield make


def test_the_status_is_printed_and_no_field_can_change_it(desk):
    case = desk()
    assert "insurance.status" not in case.page.bound.paths()
    assert case.page._status.title() == "离线未核验"
    assert case.page._status.property("role") == "open"
    case.show(filled(insurance=replace(filled().insurance, status="problem")))
    assert case.page._status.title() == "凭证上有问题"


def test_the_card_number_is_asked_only_with_a_card_and_kept_otherwise(desk, qtbot):
    case = desk(filled())
    number = case.at("insurance.card_number")
    assert number.isVisibleTo(case.page)
    qtbot.keyClicks(number, "C51040091")
    case.at("insurance.voucher").setFocus()
    press(qtbot, Qt.Key.Key_Right)
    assert not number.isVisibleTo(case.page)
    assert case.application.insurance.card_number == "C51040091"
    press(qtbot, Qt.Key.Key_Left)
    assert number.isVisibleTo(case.page)
    assert number.value() == "C51040091"


def test_arrears_are_asked_only_where_the_region_speaks_of_them(desk):
    assert "insurance.arrears" in desk().page.bound.paths()
    assert "insurance.arrears" not in desk(place=JQ).page.bound.paths()


def test_an_unsure_answer_is_kept_as_said(desk, qtbot):
    case = desk()
    case.at("insurance.arrears").setFocus()
    press(qtbot, Qt.Key.Key_Left)
    assert case.application.insurance.arrears == "unsure"
    assert case.at("insurance.arrears").accessibleDescription() == "有没有欠费，申请人不清楚"


def test_residence_is_asked_where_the_region_asks_and_the_filing_only_when_filed(desk, qtbot):
    assert "remote.residence" not in desk(place=SNJ).page.bound.paths()
    case = desk(place=JQ)
    assert not case.at("remote.place").isVisibleTo(case.page)
    case.at("remote.residence").setFocus()
    press(qtbot, Qt.Key.Key_Right)
    assert case.application.remote.residence == "filed"
    assert case.at("remote.place").isVisibleTo(case.page)
    assert case.at("remote.filed_on").isVisibleTo(case.page)


def test_the_insured_place_is_suggested_and_free(desk, qtbot):
    case = desk()
    place = case.at("insurance.place")
    assert place.suggestions() == tuple(places(region(PZH)))
    assert place.suggestions()[:2] == ("攀枝花市", "攀枝花市东区")
    place.setFocus()
    place.selectAll()
    write(place, "昆明市")
    assert case.application.insurance.place == "昆明市"
    assert place.offered() == ()


def test_a_suggestion_is_taken_by_the_arrows_and_enter(desk, qtbot):
    case = desk(blank(insurance=Insurance()))
    place = case.at("insurance.place")
    place.setFocus()
    write(place, "区")
    assert place.offered() == ("攀枝花市东区", "攀枝花市西区", "攀枝花市仁和区")
    press(qtbot, Qt.Key.Key_Down, place)
    press(qtbot, Qt.Key.Key_Down, place)
    press(qtbot, Qt.Key.Key_Return, place)
    assert case.application.insurance.place == "攀枝花市西区"
    assert place.offered() == ()
    assert case.focus() == "insurance.place"
    press(qtbot, Qt.Key.Key_Return, place)
    assert case.focus() == "insurance.voucher"


def test_enter_takes_no_suggestion_that_was_not_chosen(desk, qtbot):
    case = desk(blank(insurance=Insurance()))
    place = case.at("insurance.place")
    place.setFocus()
    write(place, "区")
    press(qtbot, Qt.Key.Key_Return, place)
    assert case.application.insurance.place == "区"
    assert (case.focus(), place.offered()) == ("insurance.voucher", ())


def test_down_opens_all_suggestions_and_escape_changes_nothing(desk, qtbot):
    case = desk()
    place = case.at("insurance.place")
    place.setFocus()
    press(qtbot, Qt.Key.Key_Down, place)
    assert place.offered() == place.suggestions()
    press(qtbot, Qt.Key.Key_Escape, place)
    assert place.offered() == ()
    assert case.answers == []
    assert case.focus() == "insurance.place"


def test_a_place_repeated_in_its_parts_is_offered_once():
    assert places(region(SNJ)) == ["神农架林区"]


def test_enter_goes_through_the_page(desk, qtbot):
    case = desk(filled(remote=Remote("filed", "昆明市", "2025-03-01")))
    case.page.focus_field("insurance.kind")
    seen = [case.focus()]
    for _ in range(7):
        press(qtbot, Qt.Key.Key_Return)
        seen.append(case.focus())
    assert seen == list(case.page.bound.paths())


def test_a_rule_stands_under_the_question_until_there_is_a_finding(desk, qtbot):
    case = desk()
    said = [line.text() for line in case.page.findChildren(MessageLine)]
    assert any("无欠费记录" in text for text in said)
    assert any("异地就医备案" in text for text in said)


@pytest.mark.parametrize("place", [PZH, JQ, SNJ])
@pytest.mark.parametrize("size", [(1366, 724), (911, 482)])
def test_no_words_are_cut(desk, place, size):
    application = filled(place, remote=Remote("filed"), insurance=Insurance("390", voucher="card"))
    case = desk(application, place, size=size)
    assert clipped(case.page) == []
    assert case.page.minimumSizeHint().width() <= case.page.parentWidget().width()
