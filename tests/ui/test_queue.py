"""The queue: sorted by where things are, exported to a folder, nothing asked twice."""

from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from ui_people import BACK, COPIED, DRAFT, QUEUED, now

from app.core.application import State
from app.services.ports import Queue
from app.ui.queue import QueuePage
from app.ui.shell import Shell

Key, Mod = Qt.Key, Qt.KeyboardModifier
SECOND = replace(QUEUED, id="q9", number="PZH03-260206-0017-7", name="彭小友")
GONE = replace(QUEUED, id="q8", number="PZH03-260204-0012-0", queue=Queue.RECEIVED, state=State.SENT)
ALL = [BACK, QUEUED, SECOND, COPIED, GONE]


class Chooser:
    """Stands for the desktop's folder dialog."""

    def __init__(self):
        self.folder = "/media/u/报送-02"
        self.titles = []

    def __call__(self, parent, title, start):
        self.titles.append(title)
        return self.folder


@pytest.fixture
def chooser():
    return Chooser()


@pytest.fixture
def shell(qtbot, chooser):
    made = Shell(now)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.add("queue", lambda: QueuePage(now, chooser))
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(shell):
    made = shell.open("queue")
    made.set_entries(ALL)
    return made


def heard(signal):
    calls = []
    signal.connect(lambda *args: calls.append(args if len(args) != 1 else args[0]))
    return calls


def shown(page):
    return [line.key for line in page.table.lines()]


def test_tabs_sort_by_where_things_are(page, qtbot):
    assert shown(page) == [entry.id for entry in ALL]
    for key, ids in ((Key.Key_2, ["q1", "q9"]), (Key.Key_3, ["q2"]), (Key.Key_4, ["q8"]), (Key.Key_5, ["q3"])):
        qtbot.keyClick(page, key, Mod.AltModifier)
        assert shown(page) == ids
    qtbot.keyClick(page, Key.Key_1, Mod.AltModifier)
    assert len(shown(page)) == 5


def test_a_draft_is_never_in_the_queue(page):
    page.set_entries([DRAFT, QUEUED])
    assert shown(page) == ["q1"]


def test_export_takes_all_that_are_still_here(page, qtbot, chooser):
    wanted = heard(page.export_wanted)
    qtbot.keyClick(page.table, Key.Key_E, Mod.ControlModifier)
    assert wanted == [("/media/u/报送-02", ["q1", "q9"])]
    assert chooser.titles == ["导出 2 件到哪个文件夹"]


def test_one_alone_can_be_exported_again(page, qtbot):
    wanted = heard(page.export_wanted)
    page.table.set_current("q2")
    page.detail.export_button.click()
    assert wanted == [("/media/u/报送-02", ["q2"])]


def test_no_folder_chosen_exports_nothing(page, chooser):
    chooser.folder = ""
    wanted = heard(page.export_wanted)
    page.export()
    assert wanted == []


def test_nothing_left_to_export_says_the_way_out_instead_of_asking_for_a_folder(page, chooser):
    page.set_entries([COPIED])
    page.export()
    assert chooser.titles == []
    assert "只导出这件" in page.message.text()


def test_while_exporting_it_can_be_stopped_and_not_begun_again(page, qtbot, chooser):
    stopped, wanted = heard(page.export_stopped), heard(page.export_wanted)
    page.set_progress(1, 3, "")
    assert page.progress.doing.full() == "正在导出第 2 件，共 3 件"
    page.export()
    page.progress.stop_button.click()
    assert wanted == []
    assert len(stopped) == 1


def test_the_report_says_all_that_happened(page):
    page.set_progress(2, 3, "")
    page.set_report(2, 1, ["有一页原件读不出来"], "报送-02")
    said = page.message.text()
    assert "导出了 2 件到「报送-02」" in said
    assert "1 件原来就在那里" in said
    assert "1 件没有导出，都还在本机：有一页原件读不出来" in said
    assert page.progress.isHidden()
    assert page.export_button.isEnabled()


def test_a_clean_report_reminds_that_the_folder_is_not_sealed(page):
    page.set_report(2, 0, [], "报送-02")
    assert page.message.text() == "导出了 2 件到「报送-02」。导出的没有加密，盘要收好。"


def test_rows_updated_in_place_keep_the_current_one(page):
    page.table.set_current("q1")
    page.set_entries([replace(entry, queue=Queue.COPIED) if entry.id == "q1" else entry for entry in ALL])
    assert page.table.current() == "q1"
    assert page.detail._chip._text.full() == "已导出"


def test_enter_opens_and_ctrl_p_prints_the_current_one(page, qtbot):
    opened, printed, looked = heard(page.open_wanted), heard(page.print_wanted), heard(page.document_wanted)
    page.table.set_current("q9")
    qtbot.keyClick(page.table, Key.Key_Return)
    qtbot.keyClick(page.table, Key.Key_P, Mod.ControlModifier)
    page.detail.receipt_button.click()
    assert (opened, printed, looked) == (["q9"], ["q9"], [("q9", "receipt")])


def test_history_of_another_row_is_not_shown(page):
    asked = heard(page.selected)
    page.table.set_current("q1")
    assert asked[-1] == "q1"
    page.set_history("q9", [("2026-02-06T11:00:00", "导出")])
    assert page.detail._history.count() == 1
    page.set_history("q1", [("2026-02-06T10:47:00", "受理"), ("2026-02-06T11:00:00", "导出到「报送-02」")])
    assert page.detail._history.count() == 2


def test_receipts_are_read_in_from_the_folder_that_was_chosen(page, chooser, qtbot):
    asked = heard(page.read_wanted)
    qtbot.keyClick(page, Key.Key_I, Mod.ControlModifier)
    assert (asked, chooser.titles) == (["/media/u/报送-02"], ["经办机构交回的文件夹在哪里"])
    chooser.folder = ""
    page.read_button.click()
    assert asked == ["/media/u/报送-02"]


def test_an_empty_tab_says_so_and_the_detail_too(page, qtbot):
    page.set_entries([])
    assert page._empty._title.full() == "还没有受理过的件"
    assert page.detail._whole.isHidden()
    page.choose(Queue.HERE)
    assert page._empty._title.full() == "在本机的都导出过了"


def test_the_same_entries_again_change_nothing(page):
    page.table.set_current("q9")
    before = page.table.lines()
    page.set_entries(ALL)
    assert page.table.lines() == before
    assert page.table.current() == "q9"


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (910, 512)])
def test_nothing_is_cut_at_any_size(shell, page, size):
    shell.setMinimumSize(0, 0)
    shell.resize(*size)
    page.set_report(2, 1, ["有一页原件读不出来"], "报送-02")
    page.set_progress(1, 3, "")
    assert clipped(shell) == []
