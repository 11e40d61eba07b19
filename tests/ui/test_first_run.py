"""The first start: four steps, nothing typed lost, the recovery code shown once."""

import datetime as dt

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from ui_people import now

from app.adapters.calendar import load_calendar
from app.adapters.regions import load_regions, shipped
from app.services.setup import Answers
from app.ui.door.first_run import FirstRunPage
from app.ui.kit import held
from app.ui.shell import Shell

Key, Mod = Qt.Key, Qt.KeyboardModifier
SECRET = "春天走到窗口前面"
CODE = "7K2M-9QXD-0ZRT-4HVB-A1C3-5E7G-8JNP-6SWY"


@pytest.fixture(scope="module")
def regions():
    found, problems = load_regions(shipped())
    assert problems == []
    return found


@pytest.fixture
def shell(qtbot, regions):
    made = Shell(now)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.add("first", lambda: FirstRunPage(now, lambda _parent, _title: "/media/copy"))
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(shell, regions):
    made = shell.page("first")
    made.set_regions(regions, [])
    made.set_calendar(2026, load_calendar())
    shell.open("first")
    return made


def heard(signal):
    calls = []
    signal.connect(lambda *args: calls.append(args if len(args) != 1 else args[0]))
    return calls


def choose_region(page, id_="sichuan-panzhihua"):
    page.place.region.put(id_)
    page.place.region.chosen.emit(id_)


def type_in(qtbot, field, text):
    field.setFocus()
    if text.isascii():
        qtbot.keyClicks(field, text)
    else:  # as an input method commits it; QTest has no such keys
        QApplication.sendEvent(field, committed(text))


def committed(text):
    event = QInputMethodEvent()
    event.setCommitString(text)
    return event


def fill_in(page, qtbot):
    choose_region(page)
    type_in(qtbot, page.place.code, "03")
    type_in(qtbot, page.place.name, "3 号窗口")
    page.on()
    type_in(qtbot, page.clerk.name, "罗静")
    page.clerk.secret.field.insert(SECRET)
    page.clerk.again.field.insert(SECRET)
    page.on()


def test_the_way_through_by_f8_gives_all_answers_at_the_end(page, qtbot):
    finished = heard(page.finished_answers)
    fill_in(page, qtbot)
    assert finished == []
    qtbot.keyClick(page, Key.Key_F8)
    assert finished == [Answers("sichuan-panzhihua", "03", "3 号窗口", "罗静", SECRET, SECRET)]
    qtbot.keyClick(page, Key.Key_F8)
    assert len(finished) == 1


def test_f8_says_what_is_missing_and_stands_in_the_first_of_it(page, qtbot):
    qtbot.keyClick(page, Key.Key_F8)
    assert page._at == 0
    assert page.place.region.shown_finding() == ("bad", "选一个统筹区")
    assert page.place.code.shown_finding()[0] == "bad"
    assert QApplication.focusWidget() is page.place.region


def test_what_was_typed_is_there_after_going_back_and_forth(page, qtbot):
    fill_in(page, qtbot)
    page.copy.folder.setText("/media/half")
    qtbot.keyClick(page, Key.Key_F8, Mod.ShiftModifier)
    qtbot.keyClick(page, Key.Key_1, Mod.AltModifier)
    assert page._at == 0
    qtbot.keyClick(page, Key.Key_3, Mod.AltModifier)
    assert page.answers().second_copy == "/media/half"
    assert page.answers().clerk == "罗静"
    assert page.answers().passphrase == SECRET


def test_skipping_ahead_brings_back_to_what_is_missing(page, qtbot):
    finished = heard(page.finished_answers)
    choose_region(page)
    type_in(qtbot, page.place.code, "03")
    type_in(qtbot, page.place.name, "3 号窗口")
    page.go(2)
    page.on()
    assert finished == []
    assert page._at == 1
    assert page.clerk.name.shown_finding()[0] == "bad"


def test_the_last_step_is_reached_by_making_the_store_only(page, qtbot):
    qtbot.keyClick(page, Key.Key_4, Mod.AltModifier)
    assert page._at == 0


def test_the_counter_code_is_taken_in_capitals_and_half_width(page, qtbot):
    page.place.code.insert("ａ3 ")
    assert page.answers().counter_code == "A3"
    page.place.code.left.emit()
    assert page.place.code.value() == "A3"


def test_enter_moves_on_and_never_submits(page, qtbot):
    finished = heard(page.finished_answers)
    page.place.code.setFocus()
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert page._at == 0
    assert QApplication.focusWidget() is page.place.phone
    assert finished == []


def test_the_region_says_what_is_in_it_and_what_nobody_confirmed(page):
    choose_region(page)
    assert page.place._region_row.message.text() == "6 个病种·10 项材料要求·来源未经书面确认"
    assert page.place.address.placeholderText() == "来源没写，可由你们填"
    assert "0812" in page.place.phone.placeholderText()
    choose_region(page, "gansu-jiuquan")
    assert page.place._region_row.message.text().startswith("病种目录来源没写")


def test_a_folder_that_cannot_be_used_is_said_and_does_not_stop(page, regions):
    page.set_regions(regions, ["x/region.toml: office：没有这一项。补上。"])
    assert "x/region.toml" in page.place.trouble.text()
    page.set_regions({}, [])
    assert "一个统筹区的资料都没找到" in page.place.trouble.text()


def test_the_calendar_says_from_which_year_dates_are_only_reckoned(page):
    assert page.place._year.full() == "放假与调休装到 2026 年"
    assert "2027 年" in page.place._year_row.message.text()
    page.set_calendar(2025)
    assert page.place._year.full() == "2026 年的放假与调休还没装入"


def test_the_preview_follows_after_a_pause_with_the_number_this_counter_will_give(page, qtbot):
    choose_region(page)
    type_in(qtbot, page.place.code, "03")
    type_in(qtbot, page.place.name, "3 号窗口")
    qtbot.waitUntil(lambda: page.preview.sample().counter == "3 号窗口", timeout=2000)
    assert page.preview.sample().number.startswith("PZH03-260206-0001-")
    assert page.preview.sample().due == "2026 年 3 月 5 日 周四"


def test_before_a_region_is_chosen_the_preview_claims_neither_a_number_nor_a_time_limit(page):
    page._draw()
    assert not page.preview.sample().chosen
    choose_region(page)
    page._draw()
    assert page.preview.sample().chosen


def test_a_day_in_a_year_without_published_holidays_is_marked_in_the_preview(page, monkeypatch):
    monkeypatch.setattr(page, "_now", lambda: dt.datetime(2026, 12, 20, 9))
    choose_region(page)
    page._draw()
    assert page.preview.sample().limit.endswith("，暂推算）")


def test_a_region_without_a_time_limit_gets_no_date_in_the_preview(page):
    choose_region(page, "hubei-shennongjia")
    page._draw()
    assert page.preview.sample().due == ""


def test_the_passphrase_rules_speak_on_leaving_and_praise_at_once(page, qtbot):
    page.go(1)
    type_in(qtbot, page.clerk.secret.field, "1234")
    assert page.clerk._secret_row.message.isHidden()
    page.clerk.again.field.setFocus()
    assert "至少 8 个字" in page.clerk._secret_row.message.text()
    page.clerk.secret.field.clear()
    type_in(qtbot, page.clerk.secret.field, "winter boat 7")
    assert page.clerk._secret_row.message.text() == "够用"
    type_in(qtbot, page.clerk.again.field, "winter boat 8")
    page.clerk.name.setFocus()
    assert page.clerk._again_row.message.text() == "两次键入的口令不一样"


def test_a_second_copy_is_only_noted_and_may_come_later(page, qtbot):
    fill_in(page, qtbot)
    page.copy.pick.click()
    assert page.answers().second_copy == "/media/copy"
    assert page.copy._row.message.text() == "进了工作台就写第一次，写没写成那里有一行"
    page.copy.later.click()
    assert page.answers().second_copy == ""


def test_the_code_is_shown_once_printed_on_demand_and_gone_when_done(page, qtbot):
    printed, done = heard(page.print_code), heard(page.done)
    fill_in(page, qtbot)
    page.on()
    page.show_recovery_code(CODE)
    assert page.clerk.secret.value() == ""
    groups = [group.full() for group in held(page.recovery._groups)]
    assert "-".join(groups) == CODE
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    assert printed == [CODE]
    qtbot.keyClick(page, Key.Key_F8)
    assert done == []
    assert page.recovery._kept_row.message.text() == "抄下或打印，封存好，再在这里打勾"
    qtbot.keyClick(page.recovery.kept, Key.Key_Space)
    qtbot.keyClick(page, Key.Key_F8)
    assert len(done) == 1
    assert page.recovery.code == ""
    assert page.recovery._groups.count() == 0


def test_once_the_store_is_made_no_step_before_can_be_opened(page, qtbot):
    fill_in(page, qtbot)
    page.on()
    page.show_recovery_code(CODE)
    for key in (Key.Key_1, Key.Key_2, Key.Key_3):
        qtbot.keyClick(page, key, Mod.AltModifier)
    assert page._at == 3


def test_a_machine_that_fails_is_told_and_all_that_was_typed_is_kept(page, qtbot):
    finished = heard(page.finished_answers)
    fill_in(page, qtbot)
    page.on()
    page.say("这里写不进去。换一个文件夹再开")
    assert page.message.text() == "这里写不进去。换一个文件夹再开"
    page.on()
    assert len(finished) == 2
    assert finished[0] == finished[1]


def test_it_takes_the_whole_window_until_another_page_opens(shell, page):
    assert not shell.topbar.isVisible()
    assert not shell.foot.isVisible()


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (910, 512)])
def test_nothing_is_cut_in_any_step_at_any_size(shell, page, size, qtbot):
    shell.setMinimumSize(0, 0)
    shell.resize(*size)
    fill_in(page, qtbot)
    for at in range(3):
        page.go(at)
        assert clipped(shell) == []
    page.show_recovery_code(CODE)
    assert clipped(shell) == []
    assert page.foot.on_button.isVisible()


def test_the_focused_field_is_scrolled_into_sight(shell, page):
    shell.setMinimumSize(0, 0)
    shell.resize(910, 512)
    QApplication.processEvents()
    page.place.phone.setFocus()
    area = page._areas[0]
    top = page.place.phone.mapTo(area.viewport(), page.place.phone.rect().topLeft()).y()
    assert 0 <= top <= area.viewport().height() - page.place.phone.height()
