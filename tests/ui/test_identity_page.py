"""Step 1 as a clerk meets it."""

from dataclasses import replace

import pytest
from case_kit import JQ, PZH, SNJ, blank, desks, filled, framed, region, write
from looking import clipped, press
from PySide6.QtCore import Qt

from app.core.region import Choice
from app.ui.case.identity_page import IdentityPage
from app.ui.kit import Combo, Segments


@pytest.fixture(scope="module")
def shared(qapp):
    with framed(IdentityPage()) as shared:
        yield shared


@pytest.fixture
def desk(qtbot, shared):
    with desks(qtbot, shared) as make:
        yield make


def test_a_number_typed_brings_birth_sex_and_says_that_it_agrees(desk, qtbot):
    case = desk()
    case.at("applicant.cert_number").setFocus()
    qtbot.keyClicks(case.at("applicant.cert_number"), "51040219530912002")
    assert case.page._chip.accessibleName() == "已 17 位"
    qtbot.keyClicks(case.at("applicant.cert_number"), "5")
    assert case.page._chip.accessibleName() == "校验相符"
    assert case.page._derived.full() == "1953-09-12·72 岁·四川省攀枝花市东区"
    assert case.at("applicant.birth").value() == "1953-09-12"
    assert case.at("applicant.sex").value() == "2"


def test_a_wrong_check_character_is_said_at_the_eighteenth(desk, qtbot):
    case = desk()
    qtbot.keyClicks(case.at("applicant.cert_number"), "510402195309120026")
    assert case.page._chip.accessibleName() == "校验不符"
    assert case.page._chip.property("tone") == "bad"
    assert case.at("applicant.birth").value() == ""


def test_another_kind_of_document_loses_nothing_typed(desk, qtbot):
    case = desk(filled())
    kind = case.at("applicant.cert_kind")
    kind.setFocus()
    before = case.application.applicant
    kind.chosen.emit("08")
    after = case.application.applicant
    assert replace(after, cert_kind="01") == before
    assert case.at("applicant.cert_number").value() == "510402195309120025"
    assert case.page._chip.isHidden()


def test_the_agent_is_asked_for_only_when_there_is_one_and_kept_when_not(desk, qtbot):
    case = desk()
    assert not case.at("agent.name").isVisibleTo(case.page)
    case.at("by_agent").setFocus()
    press(qtbot, Qt.Key.Key_Right)
    assert case.answers == [("by_agent", True)]
    agent = [f"agent.{part}" for part in ("name", "relation", "cert_kind", "cert_number", "phone", "address")]
    assert all(case.at(path).isVisibleTo(case.page) for path in agent)
    write(case.at("agent.name"), "周敏")
    case.at("by_agent").setFocus()
    press(qtbot, Qt.Key.Key_Left)
    assert case.application.agent.name == "周敏"
    assert not case.at("agent.name").isVisibleTo(case.page)


def test_enter_goes_through_every_field_in_reading_order(desk, qtbot):
    case = desk(filled())
    case.at("kind").setFocus()
    seen = [case.focus()]
    for _ in range(16):
        press(qtbot, Qt.Key.Key_Return)
        seen.append(case.focus())
    assert seen == [
        "kind",
        "by_agent",
        *(f"applicant.{part}" for part in ("name", "sex", "nation", "cert_kind", "cert_number", "birth", "cert_until")),
        *(f"applicant.{part}" for part in ("address", "phone", "other_phone")),
        *(f"agent.{part}" for part in ("name", "relation", "cert_kind", "cert_number", "phone")),
    ]
    press(qtbot, Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert case.focus() == "agent.cert_number"


def test_a_birth_date_against_the_number_is_a_doubt_under_its_field(desk, qtbot):
    case = desk(filled())
    birth = case.at("applicant.birth")
    birth.setFocus()
    birth.selectAll()
    qtbot.keyClicks(birth, "19530913")
    case.at("applicant.address").setFocus()
    assert birth.property("state") == "warn"
    assert "证件号里是 1953-09-12" in birth.accessibleDescription()


def test_opening_the_page_goes_to_the_first_thing_missing(desk):
    case = desk()
    case.page.focus_first()
    assert case.focus() == "applicant.name"
    case.show(filled(applicant=replace(filled().applicant, phone="")))
    case.page.focus_first()
    assert case.focus() == "applicant.phone"


def test_a_finding_leads_to_its_field(desk):
    case = desk(filled())
    assert case.page.focus_field("agent.cert_number")
    assert case.focus() == "agent.cert_number"
    assert not case.page.focus_field("insurance.kind")


def test_rare_characters_and_dots_stand_as_typed(desk, qtbot):
    case = desk()
    name = case.at("applicant.name")
    name.insert("")
    name.setFocus()
    write(name, "阿依古丽·买")
    assert case.application.applicant.name == "阿依古丽·买"
    case.show(filled(applicant=replace(filled().applicant, name="㛃䶮𬭎")))
    assert name.value() == "㛃䶮𬭎"


def test_showing_twice_changes_nothing_and_answers_nothing(desk):
    case = desk(filled())
    name = case.at("applicant.name")
    name.setFocus()
    name.setCursorPosition(2)
    case.show()
    case.show()
    assert case.answers == []
    assert (case.focus(), name.cursorPosition()) == ("applicant.name", 2)


def test_many_kinds_of_a_region_become_a_list(desk, qtbot):
    here = region(PZH)
    kinds = tuple(Choice(f"k{n}", f"第 {n} 种申请") for n in range(7))
    case = desk(blank(kind="k3"), replace(here, kinds=kinds))
    assert isinstance(case.at("kind"), Combo)
    assert case.at("kind").value() == "k3"
    case.place = here
    case.show(blank())
    assert isinstance(case.at("kind"), Segments)


def test_looking_only_disables_the_fields(desk):
    case = desk(filled())
    case.page.set_editable(False)
    assert not case.at("applicant.name").isEnabled()
    case.page.set_editable(True)
    assert case.at("applicant.name").isEnabled()


@pytest.mark.parametrize("place", [PZH, JQ, SNJ])
@pytest.mark.parametrize("size", [(1366, 724), (1280, 676), (911, 482)])
def test_no_words_are_cut(desk, place, size):
    case = desk(filled(place), place, size=size)
    assert clipped(case.page) == []
    # Nothing hangs out at the right of a folded window either.
    assert case.page.minimumSizeHint().width() <= case.page.parentWidget().width()


def test_every_field_has_a_name_for_screen_readers(desk):
    case = desk(filled())
    assert all("·" in case.at(path).accessibleName() for path in case.page.bound.paths())
