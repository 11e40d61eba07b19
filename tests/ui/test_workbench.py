"""The workbench by keyboard: search, lists, opening, and nothing opened by mistake."""

from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from ui_people import BACK, COPIED, COUNTS, DRAFT, OTHER, QUEUED, SHEN, now

from app.adapters.regions import load_region, shipped
from app.ui.shell import Shell
from app.ui.workbench import WorkbenchPage
from app.ui.workbench_side import unconfirmed

Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def shell(qtbot):
    made = Shell(now)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.add("workbench", lambda: WorkbenchPage(now))
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(shell, qtbot):
    made = shell.open("workbench")
    made.set_counts(COUNTS)
    made.set_entries("drafts", [DRAFT, OTHER])
    made.set_resume(DRAFT)
    made.set_policy(["春节假 2 月 15–23 日。今天受理的件，15 个工作日到 3 月 5 日。"])
    made.set_region(load_region(shipped() / "sichuan-panzhihua"))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is made.search)
    return made


def heard(signal):
    calls = []
    signal.connect(lambda *args: calls.append(args if len(args) != 1 else args[0]))
    return calls


def test_the_search_field_has_the_focus_at_once_and_asks_for_the_open_list(shell, qtbot):
    page = shell.page("workbench")
    asked = heard(page.list_wanted)
    shell.open("workbench")
    assert asked == ["drafts"]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.search)


def test_arrows_move_the_row_while_the_focus_stays_in_the_field_and_enter_opens_it(page, qtbot):
    opened = heard(page.open_wanted)
    qtbot.keyClick(page.search, Key.Key_Down)
    assert page.table.current() == "d2"
    assert QApplication.focusWidget() is page.search
    qtbot.keyClick(page.search, Key.Key_Return)
    assert opened == ["d2"]


def test_typing_asks_once_after_a_pause(page, qtbot):
    asked = heard(page.search_wanted)
    qtbot.keyClicks(page.search, "sgl")
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["sgl"], timeout=2000)


def test_results_replace_the_list_with_a_header_and_marks_and_esc_brings_the_list_back(page, qtbot):
    qtbot.keyClicks(page.search, "sgl")
    page.set_results("sgl", [DRAFT, QUEUED])
    assert [line.key for line in page.table.lines()] == ["d1", "q1"]
    assert page.table.lines()[0].cell(1)["submark"] == ((0, 3),)
    assert page._title.full() == "查找「sgl」"
    assert page._note.full() == "2 件"
    qtbot.keyClick(page.search, Key.Key_Escape)
    assert page.search.value() == ""
    assert page._title.full() == "草稿"
    assert [line.key for line in page.table.lines()] == ["d1", "d2"]


def test_a_late_answer_to_an_older_question_is_dropped(page, qtbot):
    qtbot.keyClicks(page.search, "sgl")
    page.set_results("sg", [QUEUED])
    assert page._title.full() == "草稿"


def test_a_scanners_enter_opens_the_only_hit_when_the_answer_comes(page, qtbot):
    asked, opened = heard(page.search_wanted), heard(page.open_wanted)
    qtbot.keyClicks(page.search, QUEUED.number)
    qtbot.keyClick(page.search, Key.Key_Return)
    assert asked == [QUEUED.number]
    assert opened == []
    page.set_results(QUEUED.number, [QUEUED])
    assert opened == ["q1"]


def test_an_enter_before_the_answer_opens_nothing_when_there_are_several(page, qtbot):
    opened = heard(page.open_wanted)
    qtbot.keyClicks(page.search, "sgl")
    qtbot.keyClick(page.search, Key.Key_Return)
    page.set_results("sgl", [DRAFT, QUEUED])
    assert opened == []
    qtbot.keyClick(page.search, Key.Key_Return)
    assert opened == ["d1"]


def test_an_enter_that_was_answered_does_not_linger_for_the_next_question(page, qtbot):
    opened = heard(page.open_wanted)
    qtbot.keyClicks(page.search, "sgl")
    qtbot.keyClick(page.search, Key.Key_Return)
    page.set_results("sgl", [DRAFT, QUEUED])
    qtbot.keyClicks(page.search, " 1")
    page.set_results("sgl 1", [DRAFT])
    assert opened == []


def test_nothing_found_says_what_the_field_knows(page, qtbot):
    qtbot.keyClicks(page.search, "xyz")
    page.set_results("xyz", [])
    assert page._stack.currentWidget() is page._hollow
    assert page._empty._title.full() == "没找到「xyz」"
    assert "首字母" in page._empty._text.full()


def test_alt_numbers_open_the_lists_and_ask_for_them(page, qtbot):
    asked = heard(page.list_wanted)
    for key in (Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_1):
        qtbot.keyClick(page, key, Mod.AltModifier)
    assert asked == ["here", "copied", "needs_you", "today", "drafts"]


def test_the_list_of_returned_ones_is_there_only_while_it_holds_something(page, qtbot):
    page.set_counts(replace(COUNTS, needs_you=0))
    asked = heard(page.list_wanted)
    qtbot.keyClick(page, Key.Key_4, Mod.AltModifier)
    assert asked == ["today"]
    assert page.work_lists.shown() == ["drafts", "here", "copied", "today"]
    assert "Alt 1–4" in [hint.cap for hint in page.hints()]


def test_entries_of_a_list_that_is_not_open_wait_for_it(page):
    page.set_entries("here", [QUEUED])
    assert [line.key for line in page.table.lines()] == ["d1", "d2"]
    page.choose("here")
    assert [line.key for line in page.table.lines()] == ["q1"]
    assert page.table.lines()[0].cell(1)["text"] == QUEUED.number


def test_an_empty_list_says_so_in_words(page):
    page.choose("copied")
    page.set_entries("copied", [])
    assert page._empty._title.full() == "没有已导出的件"
    assert page.detail.isHidden()


def test_f5_wants_a_new_one_and_f10_goes_on_with_the_last(page, qtbot):
    new, opened = heard(page.new_wanted), heard(page.open_wanted)
    qtbot.keyClick(page.search, Key.Key_F5)
    qtbot.keyClick(page.search, Key.Key_F10)
    assert len(new) == 1
    assert opened == ["d1"]
    page.set_resume(None)
    qtbot.keyClick(page.search, Key.Key_F10)
    assert opened == ["d1"]


def test_the_detail_follows_the_row_and_never_shows_a_whole_number(page, qtbot):
    assert page.detail._name.full() == "沈*兰"
    qtbot.keyClick(page.search, Key.Key_Down)
    assert page.detail._name.full() == "郭*"
    page.choose("needs_you")
    page.set_entries("needs_you", [BACK])
    assert page.detail._values[1].full() == "出院小结印章不清"
    for text in [page.detail._about.full(), *[value.full() for value in page.detail._values]]:
        assert SHEN not in text


def test_refreshing_a_list_keeps_the_row_and_what_is_typed(page, qtbot):
    qtbot.keyClick(page.search, Key.Key_Down)
    page.set_entries("drafts", [replace(DRAFT, pages=4), OTHER])
    assert page.table.current() == "d2"
    qtbot.keyClicks(page.search, "sg")
    page.set_entries("drafts", [OTHER])
    assert page.search.value() == "sg"
    assert QApplication.focusWidget() is page.search


def test_the_region_says_how_much_nobody_confirmed():
    region = load_region(shipped() / "sichuan-panzhihua")
    told = [
        *[f.confirmed for f in region.facts.values() if f],
        *[r.confirmed for r in (*region.requirements, *region.diseases)],
    ]
    assert unconfirmed(region) == told.count(False) + (not region.limit.confirmed) + (not region.form_confirmed)


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (910, 512)])
def test_nothing_is_cut_at_any_size_and_the_way_on_stays(shell, page, size, qtbot):
    shell.setMinimumSize(0, 0)
    shell.resize(*size)
    assert clipped(shell) == []
    assert page.new_button.isVisible()
    assert page.bench.isVisible()
    page.choose("today")
    page.set_entries("today", [QUEUED, COPIED, BACK])
    # A chip that grew is laid out by the event after the next.
    qtbot.waitUntil(lambda: clipped(shell) == [], timeout=1000)


def test_fields_and_lists_have_names_for_a_screen_reader(page):
    assert page.search.accessibleName() == "查找"
    assert page.table.accessibleName() == "草稿"
    assert page.work_lists._buttons["drafts"].accessibleName() == "草稿 2 件 Alt 1 当前"
