"""Step 3: found by letters, written freely, put in order; and this place's rules beside it."""

from contextlib import ExitStack
from dataclasses import replace

import pytest
from case_kit import JQ, PZH, SNJ, Desk, blank, desks, filled, framed, region, state_of, write
from looking import clipped, press
from PySide6.QtCore import Qt

from app.core.application import Disease
from app.core.region import DiseaseEntry
from app.ui.case.disease_page import DiseasePage
from app.ui.case.side import ASK, RulesPanel
from app.ui.kit.moves import fields_of


@pytest.fixture(scope="module")
def shared(qapp):
    with framed(DiseasePage()) as shared:
        yield shared


@pytest.fixture
def desk(qtbot, shared):
    with desks(qtbot, shared) as make:
        yield make


def type_in(case, qtbot, text):
    field = case.at("diseases")
    field.setFocus()
    write(field, text)
    return field


def test_initials_and_enter_choose_a_disease_and_lead_to_its_date(desk, qtbot):
    case = desk()
    field = type_in(case, qtbot, "tnb")
    press(qtbot, Qt.Key.Key_Return, field)
    assert case.answers == [("diseases", (Disease("糖尿病", "M01600"),))]
    assert case.focus() == "diseases.0.diagnosed_on"
    assert field.text() == ""
    assert case.page._search.box.isHidden()


def test_the_list_stands_in_the_page_while_the_search_has_the_focus(desk, qtbot):
    case = desk()
    case.page.focus_first()
    assert case.focus() == "diseases"
    assert case.page._search.box.isVisibleTo(case.page)
    assert len(case.page._search.hits()) == len(region(PZH).diseases)
    case.page.focus_field("care.hospital")
    assert not case.page._search.box.isVisibleTo(case.page)


def test_the_arrows_choose_a_row_and_the_last_one_is_free_text(desk, qtbot):
    case = desk()
    field = type_in(case, qtbot, "x")
    hits = case.page._search.hits()
    for _ in range(len(hits)):
        press(qtbot, Qt.Key.Key_Down, field)
    assert "自填病种名" in field.accessibleDescription()
    press(qtbot, Qt.Key.Key_Up, field)
    assert hits[-1].entry.name in field.accessibleDescription()
    press(qtbot, Qt.Key.Key_Return, field)
    assert case.application.diseases[0].name == hits[-1].entry.name


def test_enter_without_a_word_goes_on_and_takes_nothing(desk, qtbot):
    case = desk()
    case.page.focus_first()
    press(qtbot, Qt.Key.Key_Return)
    assert case.focus() == "care.hospital"
    assert case.answers == []


def test_the_search_says_that_nothing_is_chosen_once_it_was_left(desk, qtbot):
    case = desk()
    case.page.focus_first()
    assert case.page._search_row.message.text() == ""
    case.page.focus_field("care.hospital")
    assert case.page._search_row.message.text() == "申请哪种病还没填"
    case.show(filled())
    assert case.page._search_row.message.text() == ""


def test_ctrl_n_takes_what_was_typed_as_free_text(desk, qtbot):
    case = desk()
    field = type_in(case, qtbot, "骨髓炎")
    qtbot.keyClick(field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert case.application.diseases == (Disease("骨髓炎"),)
    assert case.at("diseases.0.name").isVisibleTo(case.page)
    assert case.focus() == "diseases.0.diagnosed_on"


def test_ctrl_n_after_initials_asks_for_the_name(desk, qtbot):
    case = desk()
    field = type_in(case, qtbot, "tnb")
    qtbot.keyClick(field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert case.focus() == "diseases.0.name"
    write(case.at("diseases.0.name"), "糖尿病足")
    assert case.application.diseases == (Disease("糖尿病足"),)


def test_a_name_written_in_full_becomes_the_catalogues_when_it_is_left(desk, qtbot):
    case = desk(blank(diseases=(Disease("x"),)))
    name = case.at("diseases.0.name")
    name.setFocus()
    name.selectAll()
    write(name, "高血压")
    assert name.isVisibleTo(case.page)
    assert case.application.diseases == (Disease("高血压"),)
    press(qtbot, Qt.Key.Key_Return)
    assert case.application.diseases == (Disease("高血压", "M03900"),)
    assert not name.isVisibleTo(case.page)
    assert case.focus() == "diseases.0.diagnosed_on"


def test_several_diseases_are_put_in_order_and_taken_away(desk, qtbot):
    first, second = Disease("糖尿病", "M01600", "2026-01-19"), Disease("骨髓炎")
    case = desk(filled(diseases=(first, second)))
    rows = case.page._rows
    rows._rows[1].first.click()
    assert case.application.diseases == (second, first)
    assert case.at("diseases.0.name").value() == "骨髓炎"
    assert case.at("diseases.1.diagnosed_on").value() == "2026-01-19"
    assert rows._rows[1].ago.full() == "18 天前"
    rows._rows[0].gone.click()
    assert case.application.diseases == (first,)
    rows._rows[0].gone.click()
    assert case.application.diseases == ()
    assert case.focus() == "diseases"


def test_a_disease_chosen_twice_is_not_added_twice(desk, qtbot):
    case = desk(filled())
    field = type_in(case, qtbot, "tnb")
    press(qtbot, Qt.Key.Key_Return, field)
    assert case.answers == []
    assert case.focus() == "diseases.0.diagnosed_on"


def test_a_limit_is_said_only_where_the_region_states_one(desk):
    assert desk(filled()).page._limit.full() == ""
    limited = replace(region(PZH), max_diseases=2)
    case = desk(filled(), limited)
    assert case.page._limit.full() == "还可再加 1 个（本地最多 2 个）"


def test_without_a_catalogue_one_writes_and_every_letter_is_stored(desk, qtbot):
    case = desk(place=JQ)
    assert case.page._search is None
    case.page.focus_first()
    assert case.focus() == "diseases.0.name"
    write(case.at("diseases.0.name"), "尿毒")
    assert case.answers[0] == ("diseases", (Disease("尿"),))
    assert case.application.diseases == (Disease("尿毒"),)
    qtbot.keyClick(case.at("diseases.0.name"), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert case.focus() == "diseases.1.name"
    qtbot.keyClick(case.at("diseases.1.name"), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert len(case.application.diseases) == 2


def test_a_finding_of_a_disease_leads_to_its_row(desk):
    case = desk(filled(diseases=(Disease("糖尿病", "M01600", "2027-01-01"), Disease("糖尿病", "M01600"))))
    assert case.page.focus_field("diseases.0.diagnosed_on")
    assert case.focus() == "diseases.0.diagnosed_on"
    assert case.page.focus_field("diseases.1.name")
    assert case.focus() == "diseases.1.diagnosed_on"
    assert case.page.focus_field("diseases")
    assert case.focus() == "diseases"
    assert case.page.focus_field("summary")


def test_the_designated_institution_is_asked_where_the_region_asks(desk):
    assert "care.designated" in desk().page.bound.paths()
    assert "care.designated" not in desk(place=SNJ).page.bound.paths()


def test_the_summary_is_counted_and_the_receipts_wish_is_taken(desk, qtbot):
    case = desk(filled(summary=""))
    write(case.at("summary"), "多饮")
    assert case.page._summary.message.text() == "已写 2 字"
    case.at("show_disease").click()
    assert case.application.show_disease is False


def test_the_keys_of_the_search_are_shown_while_one_searches(desk):
    case = desk()
    case.page.focus_first()
    assert [h.word for h in case.page.hints()] == ["选病种", "选定", "自填"]
    case.page.focus_field("summary")
    assert case.page.hints()[0].word == "下一项"


def test_showing_again_disturbs_nothing(desk, qtbot):
    case = desk(filled())
    field = type_in(case, qtbot, "gx")
    field.setCursorPosition(1)
    case.show()
    case.show()
    assert (field.text(), field.cursorPosition(), case.answers) == ("gx", 1, [])


def test_what_was_made_ahead_of_the_first_visit_shows_the_same_page(qtbot):
    pages = [DiseasePage(), DiseasePage()]
    for _ in pages[1].ahead(state_of(blank(PZH))):
        pass
    with ExitStack() as both:
        plain, ahead = (Desk(qtbot, both.enter_context(framed(page)), filled()) for page in pages)
        assert ahead.page._rows.made == 2 > plain.page._rows.made
        for application in (filled(), blank(), filled(diseases=(Disease("糖尿病", "M01600"), Disease("某病")))):
            plain.show(application)
            ahead.show(application)
            assert ahead.page.grab().toImage() == plain.page.grab().toImage()
            order = [[w.property("path") for w in fields_of(case.page)] for case in (plain, ahead)]
            assert order[0] == order[1]


def test_looking_only_adds_nothing(desk, qtbot):
    case = desk(filled())
    case.page.set_editable(False)
    case.page.add_free()
    assert case.answers == []


def test_a_long_catalogue_scrolls_and_keeps_the_free_row_in_sight(desk, qtbot):
    many = replace(region(PZH), diseases=tuple(DiseaseEntry(f"第{n}号病", f"M{n:05}") for n in range(60)))
    case = desk(place=many)
    field = type_in(case, qtbot, "h")
    for _ in range(20):
        press(qtbot, Qt.Key.Key_Down, field)
    assert case.page._search._free.isVisibleTo(case.page)
    assert case.page._search._list.height() == 6 * 38
    assert case.page._search._list.current() == "20"


def test_the_panel_says_limit_promise_with_holidays_and_what_is_silent(qtbot):
    panel = RulesPanel()
    qtbot.addWidget(panel)
    panel.show_case(state_of(filled()))
    said = {line.label or "…": line for line in panel.lines()}
    assert said["时限"].text.startswith("自受理之日起 15 个工作日")
    assert said["时限"].doubt
    assert said["预计办结"].text == "2026 年 3 月 5 日 周四"
    assert said["…"].text == "其间 2 月 15–23 日放假，14、28 日上班"
    assert said["待遇"].text == ASK
    assert not said["待遇"].doubt
    assert ("代办人身份证件", "提醒：因为有人代办") in panel.papers()


def test_the_panel_makes_up_no_limit(qtbot):
    panel = RulesPanel()
    qtbot.addWidget(panel)
    panel.show_case(state_of(filled(SNJ), SNJ))
    assert [(line.label, line.text) for line in panel.lines()][:2] == [("时限", ASK), ("待遇", ASK)]
    assert not any(line.label == "预计办结" for line in panel.lines())


def test_the_panel_says_when_a_date_is_only_reckoned(qtbot):
    panel = RulesPanel()
    qtbot.addWidget(panel)
    state = state_of(filled())
    panel.show_case(replace(state, promise=replace(state.promise, provisional=True)))
    assert any(line.tone == "warn" and "暂算" in line.text for line in panel.lines())


@pytest.mark.parametrize("place", [PZH, JQ, SNJ])
@pytest.mark.parametrize("size", [(1366, 724), (911, 482)])
def test_no_words_are_cut(desk, qtbot, place, size):
    case = desk(filled(place, diseases=(Disease("糖尿病", "M01600", "2026-01-19"), Disease("自己写的病"))), place, size=size)
    case.page.focus_field("diseases")
    assert clipped(case.page) == []
    assert case.page.minimumSizeHint().width() <= case.page.parentWidget().width()
    panel = case.page.side_panel()
    case.frame.set_wide_side(panel, 304)
    case.frame.open_side(on=True)
    assert clipped(panel) == []
