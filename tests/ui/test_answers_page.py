"""The answers page says everything that was answered, and everything that is missing, at once."""

from dataclasses import replace

import pytest
from answers_kit import accepted, draft, drawn, region, serve, state
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.adapters.documents.trials import trial_cases
from app.core.application import Remote, State
from app.core.findings import Finding, Tone
from app.ui.case.answers_page import AnswersPage
from app.ui.case.answers_words import sections

OLD = "申请人 1900 年生，户口簿上也是这一天"


def complete():
    """A case in which nothing stands in the way: the invented person's age is explained."""
    application = draft()
    for finding in state(application).stops:
        application = application.with_reason(finding.id, OLD)
    assert not state(application).stops
    return application


def lacking():
    application = draft()
    return replace(
        application,
        applicant=replace(application.applicant, phone="1380000123", address=""),
        insurance=replace(application.insurance, status="problem"),
        papers=application.papers[1:],
    )


@pytest.fixture
def page(qtbot):
    page = AnswersPage()
    qtbot.addWidget(page)
    qtbot.addWidget(page.side_panel())
    page.resize(750, 620)
    page.show()
    page.activateWindow()
    return page


def told(application, place=None):
    return {s.step: {p.label: p.value for p in s.pairs} for s in sections(state(application, place))}


def test_values_are_formatted_for_reading_aloud():
    values = told(draft())
    assert values["identity"]["居民身份证"] == "510402 19000101 9980"
    assert values["identity"]["电话"] == "138 0000 1234"
    assert values["identity"]["出生"] == "1900 年 1 月 1 日"
    assert values["identity"]["性别民族"] == "女·汉族"
    assert values["identity"]["代办人"] == "周敏（子女）"
    assert values["identity"]["代办身份证"] == "620902 19000101 9991"
    assert values["insurance"]["险种"] == "城乡居民医保"
    assert values["insurance"]["参保状态"] == "未核验，受理后由经办机构核验"
    assert values["disease"]["病种"] == "糖尿病 M01600"
    assert values["disease"]["确诊日期"] == "2026 年 1 月 19 日"
    assert values["disease"]["确诊机构"] == "酒泉市人民医院（三级甲等）"
    assert values["materials"]["原件"] == "5 份 6 页"
    assert values["materials"]["看过 / 复印"] == "5 / 5"
    assert "身份证 2" in values["materials"]["退还"]


def test_half_typed_numbers_are_shown_as_typed_and_empty_ones_as_not_yet():
    application = lacking()
    assert told(application)["identity"]["电话"] == "1380000123"
    bare = replace(application, applicant=replace(application.applicant, phone="", name=" "))
    assert told(bare)["identity"]["电话"] == "还没填"
    assert told(bare)["identity"]["姓名"] == "还没填"


def test_without_an_agent_nobody_acts_for_the_applicant():
    application = replace(draft(), by_agent=False)
    assert not [label for label in told(application)["identity"] if label.startswith("代办")]


def test_only_what_the_place_asks_is_read_aloud():
    place = region("sichuan-panzhihua")
    values = told(draft(place), place)["insurance"]
    assert ("欠费" in values) == place.asks_arrears
    assert ("常住" in values) == place.asks_remote


def test_residence_elsewhere_is_read_with_place_and_day():
    application = replace(draft(), remote=Remote("filed", "兰州市", "2026-01-02"))
    assert told(application)["insurance"]["常住"] == "异地居住已备案，兰州市，2026 年 1 月 2 日 备案"


def test_a_doubt_that_was_accepted_is_read_with_its_reason():
    values = told(complete())["identity"]
    assert values["理由"].endswith(OLD)


@pytest.mark.parametrize("name", ["gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"])
@pytest.mark.parametrize("width", [750, 1184])
def test_no_text_is_cut(page, name, width):
    place = region(name)
    page.resize(width, 600)
    page.show_case(state(draft(place), place))
    page.show_stops(state(lacking()).stops)
    page.say("warn", "先念给申请人听，或一起看一遍，再勾上「没有要改的」")
    QApplication.processEvents()
    assert clipped(page) == []


@pytest.mark.parametrize("name", ["gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"])
@pytest.mark.parametrize("width", [660, 750])
def test_the_longest_case_is_not_cut(page, name, width):
    place = region(name)
    page.resize(width, 500)
    page.show_case(state(replace(trial_cases(place)["longest"], state=State.DRAFT), place))
    for _ in range(3):
        QApplication.processEvents()
    assert clipped(page) == []


def test_everything_that_is_missing_stands_there_at_once(page):
    case = state(lacking())
    page.show_case(case)
    rows = page.stops.rows()
    assert [row.finding.id for row in rows] == [f.id for f in case.stops]
    assert len(rows) >= 4
    assert page.stops._title.full() == f"还差 {len(rows)} 处，都在这里"
    assert all(row.link.accessibleName() == f"到「{row.finding.label}」" for row in rows)


def test_links_lead_to_the_field_and_to_the_reason(page, qtbot):
    page.show_case(state(lacking()))
    by_id = {row.finding.id: row for row in page.stops.rows()}
    phone = next(row for id_, row in by_id.items() if id_.startswith("applicant.phone"))
    doubt = by_id["insurance.status.problem"]
    assert phone.why.isHidden()
    with qtbot.waitSignal(page.go) as went:
        phone.link.click()
    assert went.args == ["applicant.phone"]
    with qtbot.waitSignal(page.reason) as asked:
        doubt.why.click()
    assert asked.args == ["insurance.status.problem"]


def test_what_finalise_found_is_shown_and_its_first_link_has_the_focus(page, qtbot):
    page.show_case(state(complete()))
    assert page.stops.isHidden()
    late = Finding(
        "papers.x.issued_on.stale", Tone.DOUBT, "papers.x.issued_on", "materials", "过期 1 天", "换一张", "诊断证明·日期"
    )
    page.show_stops((late,))
    first = page.stops.rows()[0]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is first.link)
    page.show_case(state(complete()))
    assert [row.finding.id for row in page.stops.rows()] == [late.id]
    page.show_case(state(replace(complete(), summary="改过了")))
    assert page.stops.isHidden()


def test_the_tick_is_an_answer(page, qtbot):
    page.show_case(state(complete()))
    assert page.check.property("path") == "read_back"
    page.focus_first()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.check)
    with qtbot.waitSignal(page.edited) as edited:
        qtbot.keyClick(page.check, Qt.Key.Key_Space)
    assert edited.args == ["read_back", True]


def test_showing_the_same_case_again_moves_nothing_and_tells_nothing(page, qtbot):
    case = state(lacking())
    page.show_case(case)
    page.stops.rows()[1].focus()
    focus, values = QApplication.focusWidget(), page.sections["identity"]._texts
    with qtbot.assertNotEmitted(page.edited):
        page.show_case(case)
    assert QApplication.focusWidget() is focus
    assert page.sections["identity"]._texts is values


def test_a_finding_that_was_mended_leaves_the_others_in_place(page):
    application = lacking()
    page.show_case(state(application))
    rows = {row.finding.id: row for row in page.stops.rows()}
    mended = replace(application, applicant=replace(application.applicant, phone="13800001234"))
    page.show_case(state(mended))
    after = {row.finding.id: row for row in page.stops.rows()}
    assert set(after) < set(rows)
    assert all(after[id_] is rows[id_] for id_ in after)


def test_each_section_leads_back_to_its_step(page, qtbot):
    page.show_case(state(complete()))
    for step in ("identity", "insurance", "disease", "materials"):
        with qtbot.waitSignal(page.jump) as jumped:
            page.sections[step].link.click()
        assert jumped.args == [step]


def test_an_accepted_case_is_only_looked_at(page):
    page.show_case(state(accepted()))
    page.set_editable(False)
    assert not page.check.isEnabled()
    assert page.check.value()
    assert page.stops.isHidden()
    assert page.sections["identity"].link.isHidden()
    assert not [chip for s in sections(state(accepted())) for chip in s.chips if chip[1] == "bad"]
    page.focus_first()
    assert not page.check.hasFocus()


def test_what_was_said_goes_away_with_its_cause(page):
    case = state(complete())
    page.show_case(case)
    page.say("warn", "先念给申请人听")
    page.show_case(case)
    assert page.message.text() == "先念给申请人听"
    page.show_case(state(replace(complete(), read_back=True)))
    assert page.message.text() == ""


def test_acceptance_is_announced_only_when_it_takes_longer_than_a_moment(page, qtbot):
    page.show_case(state(complete()))
    page.set_busy(busy=True)
    assert page._busy_bar.isHidden()
    assert not page.check.isEnabled()
    qtbot.waitUntil(lambda: page._busy_bar.text() == "正在受理…", timeout=1000)
    page.set_busy(busy=False)
    assert page._busy_bar.isHidden()
    assert page.check.isEnabled()
    page.set_busy(busy=True)
    page.set_busy(busy=False)
    qtbot.wait(350)
    assert page._busy_bar.isHidden()


def test_arrows_scroll_while_the_tick_has_the_focus(page, qtbot):
    page.resize(750, 400)
    page.show_case(state(complete()))
    page.focus_first()
    qtbot.waitUntil(lambda: page._area.verticalScrollBar().maximum() > 0)
    assert page._area.verticalScrollBar().value() == 0
    qtbot.keyClick(page.check, Qt.Key.Key_Down)
    assert page._area.verticalScrollBar().value() > 0


def test_the_links_can_be_reached_and_pressed_by_keys_alone(page, qtbot):
    page.resize(750, 300)
    page.show_case(state(lacking()))
    page.focus_first()
    reached = set()
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        reached.add(focus.accessibleName())
        if page._inner.isAncestorOf(focus):
            at = focus.mapTo(page._area.viewport(), focus.rect().center()).y()
            assert 0 <= at <= page._area.viewport().height()
    assert {"修改身份 Alt 1", "修改材料 Alt 4", page.check.accessibleName()} <= reached
    with qtbot.waitSignal(page.jump):
        page.sections["disease"].link.setFocus()
        qtbot.keyClick(page.sections["disease"].link, Qt.Key.Key_Return)


def test_the_side_is_always_the_same_paper(page):
    assert page.side_panel() is page.side_panel()
    assert page.side_panel().isAncestorOf(page.paper)


def test_the_form_of_the_person_before_is_gone_at_once(page):
    form = drawn(complete())
    asked = serve(page.paper, form)
    page.show_case(state(complete()))
    page.side_panel().show()
    page.paper.put(form.digest, "申请表", form.pages, form.problems)
    assert asked
    assert not page.paper.desk.image().isNull()
    page.show_case(state(replace(complete(), summary="同一个人")))
    assert not page.paper.desk.image().isNull()
    page.show_case(state(replace(complete(), id="01JTRY0000000000000000000Z")))
    assert page.paper.desk.image().isNull()
    assert page.paper.title == ""


def test_the_birth_day_read_aloud_is_the_one_that_prints():
    application = complete()
    other = replace(application, applicant=replace(application.applicant, birth="1900-02-28"))
    assert told(other)["identity"]["出生"] == "1900 年 2 月 28 日"
    bare = replace(application, applicant=replace(application.applicant, birth=""))
    assert told(bare)["identity"]["出生"] == "1900 年 1 月 1 日"
