"""The workbench by keyboard: search, lists, opening, and nothing opened by mistake."""

from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from ui_people import BACK, COPIED, COUNTS, DRAFT, OTHER, QUEUED, SHEN, now

from app.adapters.regions import load_region, shipped
from app.core.application import State
from app.services.finding import MOST
from app.ui.kit import Button
from app.ui.shell import Shell
from app.ui.workbench import WorkbenchPage
from app.ui.workbench_found import About
from app.ui.workbench_lists import LISTS
from app.ui.workbench_side import unconfirmed

Key, Mod = Qt.Key, Qt.KeyboardModifier


def opened():
    made = Shell(now)
    made.resize(1366, 768)
    made.add("workbench", lambda: WorkbenchPage(now))
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    return made


@pytest.fixture
def shell(qtbot):
    made = opened()
    qtbot.addWidget(made)
    return made


@pytest.fixture(scope="module")
def shared(qapp):
    """One window for all; every test finds its first list open and nothing typed."""
    made = opened()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def page(shared, qtbot):
    shared.resize(1366, 768)
    made = shared.open("workbench")
    made.search.clear()
    made.set_notes({})
    for work in LISTS:
        made.set_entries(work.id, [])
    made.set_counts(COUNTS)
    made.set_entries("drafts", [DRAFT, OTHER])
    made.choose("drafts")
    made.table.set_current("d1")
    made.set_resume(DRAFT)
    made.set_policy(["春节假 2 月 15–23 日。今天受理的件，15 个工作日到 3 月 5 日。"])
    made.set_region(load_region(shipped() / "sichuan-panzhihua"))
    made.search.setFocus()
    shared.activateWindow()
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
    assert page.band.title.full() == "查找「sgl」"
    assert page.band.note.full() == "2 件"
    qtbot.keyClick(page.search, Key.Key_Escape)
    assert page.search.value() == ""
    assert page.band.title.full() == "草稿"
    assert [line.key for line in page.table.lines()] == ["d1", "d2"]


def test_what_is_found_falls_into_ranges_and_what_is_known_around_a_row_stands_beside_it(page, qtbot):
    around, renewed, opened = heard(page.around_wanted), heard(page.renew_wanted), heard(page.open_wanted)
    approved = replace(QUEUED, id="a1", state=State.APPROVED)
    former = replace(approved, id="f1", accepted_at="2023-03-02T10:00:00", expires="2026-02-28", diseases="高血压")
    void = replace(DRAFT, id="v1", state=State.VOID, note="重复")
    qtbot.keyClicks(page.search, "sgl")
    page.set_results("sgl", [DRAFT, QUEUED, COPIED, approved, former, void])
    assert [button.accessibleName() for button in page.found_bar.tabs._buttons.values()] == [
        "全部 6 件 Alt 1 当前",
        "草稿 1 件 Alt 2",
        "待补材料 0 件 Alt 3",
        "待报送 2 件 Alt 4",
        "有结果 1 件 Alt 5",
        "往年 1 件 Alt 6",
    ]
    assert page.work_lists.isHidden()
    assert any((hint.cap, hint.word) == ("Alt 1–6", "换范围") for hint in page.hints())
    qtbot.keyClick(page, Key.Key_4, Mod.AltModifier)
    assert [line.key for line in page.table.lines()] == ["q1", "q2"]
    qtbot.keyClick(page, Key.Key_3, Mod.AltModifier)
    assert [line.key for line in page.table.lines()] == ["q1", "q2"], "an empty range is not opened"
    qtbot.waitUntil(lambda: [one.id for one in around] == ["q1"])
    story = tuple((f"2026-02-06T10:{at:02}:00", f"打开看过，第 {at} 位") for at in range(12))
    page.set_around(About("q2", (former,), story))
    assert page.found_side._same.isHidden()
    page.set_around(About("q1", (former,), story))
    buttons = {one.text().strip(): one for one in page.found_side.findChildren(Button) if one.isVisibleTo(page)}
    buttons["办续期"].click()
    buttons["高血压，往年"].click()
    assert (renewed, opened) == (["f1"], ["f1"])
    assert clipped(page) == []
    qtbot.keyClick(page.search, Key.Key_Escape)
    assert page.work_lists.isVisible()
    assert page.found_side.isHidden()


def test_more_than_can_be_listed_says_so_and_another_question_begins_with_all_of_it(page, qtbot):
    many = [replace(DRAFT, id=f"m{at}") for at in range(MOST)]
    qtbot.keyClicks(page.search, "s")
    page.set_results("s", [*many[1:], QUEUED])
    assert page.found_bar._knows.full() == "先列 200 件，后面还有。再多键一个字，会少一些"
    page._choose_range("queue")
    qtbot.keyClicks(page.search, "g")
    page.set_results("sg", [DRAFT, QUEUED])
    assert len(page.table.lines()) == 2
    assert "认得姓名" in page.found_bar._knows.full()


def test_a_late_answer_to_an_older_question_is_dropped(page, qtbot):
    qtbot.keyClicks(page.search, "sgl")
    page.set_results("sg", [QUEUED])
    assert page.band.title.full() == "草稿"


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
    assert page.tables.currentWidget() is page.tables.hollow
    assert page.tables.empty._title.full() == "没找到「xyz」"
    assert "首字母" in page.tables.empty._text.full()


def test_alt_numbers_open_the_lists_and_ask_for_them(page, qtbot):
    asked = heard(page.list_wanted)
    for key in (*range(Key.Key_2, Key.Key_9 + 1), Key.Key_0, Key.Key_Minus, Key.Key_Equal, Key.Key_1):
        qtbot.keyClick(page, Key(key), Mod.AltModifier)
    assert asked == [*(work.id for work in LISTS[1:]), "drafts"]


def test_each_list_says_its_count_and_what_there_is_to_say_of_it(page):
    page.set_counts(replace(COUNTS, drafts=7, waiting=5, renewals=999, untold=4))
    page.set_notes({"waiting": ("2 件今天到期", "warn")})
    names = [button.accessibleName() for button in page.work_lists._buttons.values()]
    assert names[0] == "草稿 2 件 Alt 1 当前"
    assert names[1] == "待补材料 5 件 2 件今天到期 Alt 2"
    assert names[4] == "结果已回 4 件 Alt 5"
    assert names[5] == "将到期续期 999+ 件 Alt 6"
    assert names[-1] == "今日已受理 3 件 Alt ="


def test_entries_of_a_list_that_is_not_open_wait_for_it(page):
    page.set_entries("here", [QUEUED])
    assert [line.key for line in page.table.lines()] == ["d1", "d2"]
    page.choose("here")
    assert [line.key for line in page.table.lines()] == ["q1"]
    assert page.table.lines()[0].cell(1)["text"] == QUEUED.number


def test_an_empty_list_says_so_in_words(page):
    page.choose("copied")
    page.set_entries("copied", [])
    assert page.tables.empty._title.full() == "没有已导出的件"
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
def test_nothing_is_cut_at_any_size_and_the_way_on_stays(page, size, qtbot):
    shell = page.window()
    shell.setMinimumSize(0, 0)
    shell.resize(*size)
    assert clipped(shell) == []
    assert page.new_button.isVisible()
    assert page.bench.isVisible()
    page.choose("today")
    page.set_entries("today", [QUEUED, COPIED, BACK])
    # A chip that grew is laid out by the event after the next.
    qtbot.waitUntil(lambda: clipped(shell) == [], timeout=1000)
    for name in ("waiting", "needs_you"):
        page.choose(name)
        page.set_entries(
            name,
            [
                BACK,
                replace(DRAFT, state=State.WAITING, deadline="2026-02-05", called_at="2026-02-06T09:00:00", called="reached"),
            ],
        )
        qtbot.waitUntil(lambda: clipped(shell) == [], timeout=1000)
    qtbot.keyClicks(page.search, "sgl")
    page.set_results("sgl", [QUEUED, DRAFT])
    qtbot.waitUntil(lambda: clipped(shell) == [], timeout=1000)
    assert page.new_button.isVisible()


def test_fields_and_lists_have_names_for_a_screen_reader(page):
    assert page.search.accessibleName() == "查找"
    assert page.table.accessibleName() == "草稿"
    assert page.work_lists._buttons["drafts"].accessibleName() == "草稿 2 件 Alt 1 当前"


def test_a_scanner_is_heard_wherever_the_focus_is_and_opens_its_case_at_once(page, qtbot):
    asked, opened = heard(page.search_wanted), heard(page.open_wanted)
    qtbot.keyClicks(page.search, "old")
    page.table.setFocus()
    for char in QUEUED.number:
        qtbot.keyClicks(QApplication.focusWidget(), char)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert asked[-1] == QUEUED.number
    page.set_results(QUEUED.number, [QUEUED], scanned=True)
    assert opened == ["q1"]
    assert page.search.value() == ""
    page.entered()
    assert opened == ["q1"]


def test_a_number_of_another_counter_says_where_it_is(page, qtbot):
    qtbot.keyClicks(page.search, QUEUED.number)
    page.set_results(QUEUED.number, [], scanned=True, elsewhere="在 05 号窗口")
    assert page.tables.empty._text.full() == "在 05 号窗口"


def test_f3_with_nothing_typed_shows_what_was_opened_last(page, qtbot):
    asked = heard(page.recent_wanted)
    page.focus_search()
    assert len(asked) == 1
    page.set_recent([OTHER, QUEUED])
    assert [line.key for line in page.table.lines()] == ["d2", "q1"]
    qtbot.keyClicks(page.search, "s")
    page.set_recent([DRAFT])
    assert [line.key for line in page.table.lines()] == ["d2", "q1"]
    qtbot.keyClick(page.search, Key.Key_Escape)
    assert page.band.title.full() == "草稿"


def test_lists_that_people_are_called_from_are_printed_and_do_what_they_are_there_for(page, qtbot):
    printed, renewed, told, opened = map(heard, (page.roll_wanted, page.renew_wanted, page.outcome_wanted, page.open_wanted))
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    assert printed == []
    waiting = replace(DRAFT, state=State.WAITING, told_at="2026-01-25T10:00:00", lacks="诊断证明、社保卡", lacking=2)
    ended = replace(QUEUED, state=State.APPROVED, expires="2026-02-04", reckoned=True)
    for name, entry in (("waiting", waiting), ("renewals", ended), ("untold", ended)):
        page.choose(name)
        page.set_entries(name, [entry])
        qtbot.keyClick(page.search, Key.Key_Return)
        qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    assert printed == ["waiting", "renewals"]
    assert (opened, renewed, told) == (["d1"], ["q1"], ["q1"])
    page.choose("waiting")
    cells = [page.table.lines()[0].cell(at) for at in range(6)]
    assert (cells[2]["text"], cells[2]["sub"], cells[5]["sub"]) == ("诊断证明", "另缺：社保卡", "告知 12 天了")
    page.choose("renewals")
    cells = [page.table.lines()[0].cell(at) for at in range(4)]
    assert (cells[2]["sub"], cells[3]["text"]) == ("过了 2 天", "推算的")
    assert page.detail.call_button.isVisible()
    page.set_entries("renewals", [replace(ended, called_at="2026-02-06T10:20:00", called="no_answer")])
    assert page.table.lines()[0].cell(4)["sub"] == "今天没人接"
    saved, called = heard(page.roll_saved), heard(page.call_wanted)
    page.band.save_button.click()
    qtbot.keyClick(page, Key.Key_T, Mod.ControlModifier)
    assert (saved, [one.id for one in called]) == (["renewals"], ["q1"])
    page.choose("drafts")
    qtbot.keyClick(page, Key.Key_T, Mod.ControlModifier)
    assert len(called) == 1
    assert page.band.save_button.isHidden()


def test_a_pasted_picture_is_looked_at_for_a_code(page, qtbot):
    wanted = heard(page.pictures_wanted)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    QApplication.clipboard().setImage(image)
    page.table.setFocus()
    qtbot.keyClick(page.table, Key.Key_V, Mod.ControlModifier)
    qtbot.waitUntil(lambda: bool(wanted), timeout=10_000)
    assert wanted[0][0].startswith(b"\x89PNG")
