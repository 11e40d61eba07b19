"""What is wrong with a page, on the screen: chip, thumbnail, box in the viewer, what can be done about it, and in which order."""

from dataclasses import replace

import materials_kit as kit
import pytest
from looking import clipped
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu
from test_materials_page import CTRL, Counter, begun, drop, files, shared  # noqa: F401 - fixtures

from app.core.application import Page
from app.core.quality import RETAKES, SEAL, Spot
from app.ui.case import materials_input
from app.ui.case.materials_marks import NO_SEAL, PERHAPS_SEAL

BLUR = Spot("blur", 0.1, 0.6, 0.3, 0.2)
LIKENESS = "0123456789abcdef"


def flawed(retakes=0, spots=(BLUR,), **more):
    """Five reports, the third one blurred, all judged."""
    pages = list(kit.pages("rep", 5))
    pages[2] = replace(pages[2], spots=spots, retakes=retakes, **more)
    application = kit.half_way()
    return application.with_paper(replace(application.paper("reports"), pages=tuple(pages), sealed=True))


@pytest.fixture
def counter_with(begun):  # noqa: F811
    """Show an application at its reports."""

    def show(application, *size, **more):
        counter = begun(application, *size, **more)
        counter.page.focus_field("papers.reports")
        counter.settle()
        return counter

    return show


def shown(button):
    return not button.isHidden()


def test_the_chip_counts_what_is_wrong_and_the_thumbnail_names_it(counter_with, qtbot):
    counter = counter_with(flawed())
    slot = counter.slot("reports")
    assert slot.view.verdict == "模糊 1·过期 1"
    assert "第 3 页看不清字" in slot.view.told
    assert [slot.strip.pages.index(at).data() for at in range(5)] == ["1", "2", "3 模糊", "4", "5"]
    strip = QAccessible.queryAccessibleInterface(slot.strip)
    assert strip.child(2).text(QAccessible.Text.Name) == "检查报告/病历 第 3 页 模糊"


def test_the_viewer_begins_at_the_flawed_page_and_boxes_it(counter_with, qtbot):
    counter = counter_with(flawed())
    page, viewer = counter.page, counter.page.viewer
    assert page.current_page == 2
    qtbot.waitUntil(lambda: viewer.sheet._paper.picture.width() > 400)
    (box,) = viewer.sheet.boxes()
    room = viewer.sheet._paper.room
    assert box.left() == pytest.approx(room.left() + 0.1 * room.width(), abs=1)
    assert box.height() == pytest.approx(0.2 * room.height(), abs=1)
    bar = viewer.sheet.verticalScrollBar()
    middle = bar.value() + viewer.sheet.viewport().height() / 2
    assert abs(middle - box.center().y()) < box.height() or bar.value() == bar.maximum()
    counter.press(Qt.Key.Key_Right)
    assert viewer.sheet.boxes() == []


def test_the_box_turns_with_the_page(counter_with, qtbot):
    counter = counter_with(flawed(turn=90))
    viewer = counter.page.viewer
    qtbot.waitUntil(lambda: viewer.sheet._paper.picture.width() > viewer.sheet._paper.picture.height() > 200)
    (box,) = viewer.sheet.boxes()
    room = viewer.sheet._paper.room
    assert box.left() == pytest.approx(room.left() + (1 - 0.6 - 0.2) * room.width(), abs=1)
    assert box.top() == pytest.approx(room.top() + 0.1 * room.height(), abs=1)
    assert box.width() == pytest.approx(0.2 * room.width(), abs=1)


def test_a_flaw_of_the_whole_page_frames_the_page(counter_with, qtbot):
    counter = counter_with(flawed(spots=(Spot("dark"),)))
    (box,) = counter.page.viewer.sheet.boxes()
    room = counter.page.viewer.sheet._paper.room
    assert room.contains(box)
    assert box.width() > 0.9 * room.width()


def test_a_flaw_is_scanned_again_before_a_reason_counts(counter_with, qtbot):
    for retakes, again in ((0, True), (RETAKES - 1, True), (RETAKES, False)):
        counter = counter_with(flawed(retakes))
        application = counter.desk.application.with_reason("papers.reports.issued_on.stale", "住院病历已调取")
        counter.desk.application = application
        counter.desk.show()
        foot, heard = counter.page.viewer.foot, []
        counter.page.reason.connect(heard.append)
        assert shown(foot.again)
        assert shown(foot.why) is not again
        more = foot._more.full()
        assert more.startswith(f"第 {retakes + 1} 次查看") if retakes else "查看" not in more
        counter.press(Qt.Key.Key_R, CTRL)
        if again:
            assert heard == ["papers.reports.issued_on.stale"]
        else:
            assert heard == ["papers.reports.page.rep2.blur"]


def test_why_no_reason_is_taken_yet_is_said(counter_with, qtbot):
    application = flawed(1)
    application = application.with_paper(replace(application.paper("reports"), issued_on="2026-01-11"))
    counter = counter_with(application)
    counter.press(Qt.Key.Key_R, CTRL)
    assert counter.slot("reports").said() == "检查报告/病历第 3 页看不清字：已重扫 1 次。重扫满 2 次还不行，再写理由"


def test_f6_takes_the_flawed_page_again_and_shift_f6_the_next_one(counter_with, qtbot):
    counter = counter_with(flawed())
    heard = []
    counter.page.scan_wanted.connect(lambda *given: heard.append(given))
    counter.page.set_scanner(on=True)
    assert counter.page.scans.scan_button.text().strip() == "接着扫   Shift F6"
    counter.press(Qt.Key.Key_F6)
    counter.press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    counter.press(Qt.Key.Key_Left)
    assert counter.page.scans.scan_button.text().strip() == "扫描   F6"
    counter.press(Qt.Key.Key_F6)
    assert heard == [("reports", 2), ("reports", -1), ("reports", -1)]


def test_one_file_for_a_flawed_page_takes_its_place_and_files_for_the_paper_stand_behind(counter_with, qtbot, monkeypatch):
    counter = counter_with(flawed())
    page, again, pictures, behind, asked = counter.page, [], [], [], []
    page.image_again.connect(lambda *given: pictures.append(given))
    page.file_again.connect(lambda *given: again.append(given))
    page.files_given.connect(lambda *given: behind.append(given))
    monkeypatch.setattr(
        materials_input, "choose_files", lambda _page, title, _formats, then: (asked.append(title), then(["/a"]))
    )
    page.viewer.foot.file.click()
    counter.press(Qt.Key.Key_O, CTRL | Qt.KeyboardModifier.ShiftModifier)
    drop(page.viewer, files("/b"), QPoint(200, 200))
    QGuiApplication.clipboard().setMimeData(files("/c"))
    counter.press(Qt.Key.Key_V, CTRL)
    assert again == [("reports", 2, "/a", "file")] * 2 + [("reports", 2, "/b", "drop"), ("reports", 2, "/c", "paste")]
    QGuiApplication.clipboard().setImage(QImage(30, 20, QImage.Format.Format_RGB32))
    counter.press(Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: bool(pictures), timeout=20_000)
    assert pictures[0][:2] == ("reports", 2)
    assert bytes(pictures[0][2]).startswith(b"\x89PNG")
    QGuiApplication.clipboard().setMimeData(files("/c"))
    counter.press(Qt.Key.Key_O, CTRL)
    assert asked == ["检查报告/病历：换这一页，选文件"] * 2 + ["检查报告/病历：选文件"]
    drop(page.viewer, files("/b", "/c"), QPoint(200, 200))
    drop(page, files("/d"), page.list.mapTo(page, counter.slot("reports").geometry().center()))
    counter.press(Qt.Key.Key_Left)
    assert not shown(page.viewer.foot.file)
    counter.press(Qt.Key.Key_O, CTRL | Qt.KeyboardModifier.ShiftModifier)
    counter.press(Qt.Key.Key_V, CTRL)
    assert behind == [
        ("reports", ["/a"], "file"),
        ("reports", ["/b", "/c"], "drop"),
        ("reports", ["/d"], "drop"),
        ("reports", ["/c"], "paste"),
    ]
    assert len(again) == 4


def test_nothing_can_be_scanned_again_while_paper_runs_and_it_stops_by_button(counter_with, qtbot):
    counter = counter_with(flawed())
    stopped = []
    counter.page.scan_stop.connect(lambda: stopped.append(1))
    counter.page.set_scanner(on=True)
    slot = counter.slot("reports")
    before = slot.height()
    counter.page.set_scanning("reports", "正在扫 第 6 页 · Esc 停")
    counter.settle()
    assert slot.height() == before
    assert not counter.page.viewer.foot.again.isEnabled()
    counter.press(Qt.Key.Key_F6)
    counter.press(Qt.Key.Key_Escape)
    counter.page.scans.scan_button.click()
    assert len(stopped) == 2
    counter.page.set_scanning("reports", "")
    assert counter.page.viewer.foot.again.isEnabled()


def test_a_seal_that_is_nowhere_seen_is_named_and_attested_below_the_page(qtbot):
    application = kit.half_way()
    page = Page("diag0", likeness=LIKENESS)
    application = application.with_paper(replace(application.paper("diagnosis"), pages=(page,)))
    counter = Counter(qtbot, application)
    slot, foot = counter.slot("diagnosis"), counter.page.viewer.foot
    assert slot.strip.pages.index(0).data() == NO_SEAL
    assert foot.why.text().strip() == "有章"
    assert not shown(foot.again)
    qtbot.mouseClick(foot.why, Qt.MouseButton.LeftButton)
    assert counter.desk.heard == [("papers.diagnosis.sealed", True)]
    assert slot.view.verdict == "妥"


def test_red_on_the_page_is_boxed_as_perhaps_a_seal(qtbot):
    application = kit.half_way()
    page = Page("diag0", likeness=LIKENESS, spots=(Spot(SEAL, 0.6, 0.7, 0.2, 0.15),))
    application = application.with_paper(replace(application.paper("diagnosis"), pages=(page,)))
    counter = Counter(qtbot, application)
    assert counter.slot("diagnosis").strip.pages.index(0).data() == "1"
    assert counter.page.viewer.sheet._paper.mark.word == PERHAPS_SEAL
    assert len(counter.page.viewer.sheet.boxes()) == 1


def test_a_finding_leads_to_its_page(qtbot):
    counter = Counter(qtbot, flawed())
    counter.page.focus_field("papers.reports.pages.4")
    assert counter.page.current_page == 4
    counter.page.focus_field("papers.reports.pages.2")
    assert counter.page.current_page == 2


def test_the_uncut_picture_is_offered_only_where_there_is_one(counter_with, qtbot):
    counter = counter_with(flawed(whole="rep2whole"))
    heard = []
    counter.page.uncut_wanted.connect(lambda *given: heard.append(given))
    tool = counter.page.viewer.tools["uncut"]
    assert shown(tool)
    counter.press(Qt.Key.Key_U, CTRL)
    assert heard == [("reports", 2)]
    counter.press(Qt.Key.Key_Left)
    assert not shown(tool)
    counter.press(Qt.Key.Key_U, CTRL)
    assert heard == [("reports", 2)]


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_a_page_goes_elsewhere_with_two_keys(counter_with, qtbot):
    counter = counter_with(flawed())
    counter.press(Qt.Key.Key_M, CTRL)
    menu = counter.page.findChild(QMenu)
    qtbot.keyClick(menu, Qt.Key.Key_3)
    counter.settle()
    assert ("transfer", "reports", 2, "diagnosis") in counter.desk.heard


def test_two_pages_side_by_side_with_one_key(counter_with, qtbot):
    counter = counter_with(flawed())
    viewer = counter.page.viewer
    qtbot.waitUntil(lambda: "rep2" in viewer._previews)
    counter.press(Qt.Key.Key_D, CTRL)
    assert viewer.pair.held
    assert viewer.pair.other.isVisible()
    counter.press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "rep3" in viewer._previews)
    assert viewer.pair.other.accessibleName() == "并排看着：检查报告/病历 第 3 页"
    assert viewer.sheet.accessibleName() == "检查报告/病历 第 4 页"
    assert abs(viewer.pair.other.width() - viewer.sheet.width()) <= 2
    counter.press(Qt.Key.Key_Equal, CTRL)
    assert viewer.sheet.zoom == viewer.pair.other.zoom > 1
    counter.press(Qt.Key.Key_D, CTRL)
    assert not viewer.pair.other.isVisible()


def test_the_viewer_stays_put_while_one_types(qtbot):
    counter = Counter(qtbot, flawed())
    counter.page.focus_field("papers.reports")
    viewer = counter.page.viewer
    qtbot.waitUntil(lambda: viewer.sheet._paper.picture.width() > 400)
    counter.press(Qt.Key.Key_Equal, CTRL)
    bar = viewer.sheet.verticalScrollBar()
    bar.setValue(77)
    counter.page.focus_field("papers.reports.issued_on")
    field = counter.mark("papers.reports.issued_on")
    field.selectAll()
    qtbot.keyClicks(field, "20260111")
    assert (bar.value(), viewer.sheet.zoom, counter.page.current_page) == (77, 1.25, 2)


@pytest.mark.parametrize(
    ("size", "folded"), [((1366, 724), False), ((1366, 656), False), ((1280, 676), True), ((1920, 1036), False)]
)
def test_no_word_of_it_is_cut(counter_with, size, folded):
    counter = counter_with(flawed(RETAKES, whole="w"), size, folded=folded)
    counter.page.set_scanner(on=True)
    counter.settle()
    assert clipped(counter.frame) == []
    counter.page.set_scanning("reports", "正在扫 第 12 页 · Esc 停")
    counter.settle()
    assert clipped(counter.frame) == []
    counter.page.set_scanning("reports", "")
    counter.page.say("reports", ("扫描仪卡纸。取出卡住的纸，从卡住的那一页接着扫。前面 3 页已收好",), "warn", "scan_more")
    counter.settle()
    assert clipped(counter.frame) == []


def test_pages_that_come_one_by_one_are_put_behind_without_a_new_list(counter_with, qtbot):
    counter = counter_with(kit.half_way())
    strip = counter.slot("reports").strip
    resets = []
    strip.pages.modelReset.connect(lambda: resets.append(1))
    application = counter.desk.application
    paper = application.paper("reports")
    for more in range(1, 4):
        counter.desk.application = application.with_paper(replace(paper, pages=(*paper.pages, *kit.pages("new", more))))
        counter.desk.show()
        assert strip.pages.rowCount() == len(paper.pages) + more
        assert counter.page.current_page == len(paper.pages) + more - 1
    assert resets == []
