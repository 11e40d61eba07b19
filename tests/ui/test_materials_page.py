"""The materials step as a clerk works it: by keys, by mouse, by dropping files."""

from dataclasses import replace
from itertools import count

import materials_kit as kit
import pytest
from looking import clipped, press
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu, QWidget

from app.ui import theme
from app.ui.case.materials_list import SlotList
from app.ui.case.materials_page import MaterialsPage
from app.ui.kit import CaseFrame

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


class Counter:
    """A page in its frame, with the desk that answers it."""

    def __init__(self, qtbot, application, size=(1366, 724), *, folded=False):
        self.qtbot = qtbot
        self.page = MaterialsPage()
        self.frame = CaseFrame()
        theme.dress(self.frame)
        if qtbot:
            qtbot.addWidget(self.frame)
        self.frame.set_middle(self.page, scrolls=False)
        self.resize(size, folded=folded)
        self.desk = kit.Desk(self.page, application)
        self.frame.show()
        self.come()

    def come(self):
        self.frame.activateWindow()
        assert QTest.qWaitForWindowActive(self.frame)
        self.page.focus_first()
        self.settle()

    def resize(self, size, *, folded):
        self.frame.resize(*size)
        self.frame.set_wide_side(self.page.side_panel(), 640 if size[0] >= 1500 else 520)
        self.frame.fold(folded=folded)

    def begin(self, qtbot, application, size=(1366, 724), *, folded=False):
        """Show another case, as it is shown to a clerk who comes to it."""
        self.qtbot = qtbot
        self.resize(size, folded=folded)
        self.page.set_editable(True)
        self.page.set_scanner(on=False)
        self.page.set_can_undo(False)
        self.desk.undone.clear()
        self.desk.application = application
        self.desk.show()
        self.desk.heard.clear()
        self.come()

    def settle(self):
        for _ in range(4):
            QApplication.processEvents()

    def slot(self, requirement):
        return self.page.list.slot(requirement)

    def press(self, key, modifier=NONE):
        press(self.qtbot, key, modifier=modifier)
        self.settle()

    def mark(self, path):
        return next(w for w in self.page.findChildren(QWidget) if w.property("path") == path)


@pytest.fixture(scope="module")
def shared(qapp):
    """One page for all: what is tested here begins with a case of its own."""
    counter = Counter(None, kit.blank())
    yield counter, count(1)
    counter.frame.close()
    counter.frame.deleteLater()


@pytest.fixture
def begun(shared, qtbot):
    """Show a case on the one page there is."""
    counter, cases = shared

    def begin(application, *size, **more):
        counter.begin(qtbot, replace(application, id=f"01J00000000000000000CASE{next(cases):02}"), *size, **more)
        return counter

    return begin


@pytest.fixture
def counter(begun):
    return begun(kit.half_way())


def drop(target, mime, point):
    given = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NONE)
    QApplication.sendEvent(target, QDragEnterEvent(point, *given))
    event = QDropEvent(QPointF(point), *given)
    QApplication.sendEvent(target, event)
    return event


def files(*names):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(name) for name in names])
    return mime


# --- what stands there


def test_the_page_opens_at_the_first_slot_that_stops(counter):
    assert counter.page.current == "diagnosis"
    assert QApplication.focusWidget() is counter.slot("diagnosis")


def test_done_slots_take_one_line_and_the_current_one_unfolds(counter):
    assert not counter.slot("identity").opened
    counter.press(Qt.Key.Key_Up)
    counter.press(Qt.Key.Key_Up)
    assert counter.page.current == "identity"
    assert counter.slot("identity").opened
    counter.press(Qt.Key.Key_Down)
    assert not counter.slot("identity").opened


def test_showing_the_same_case_again_touches_nothing(counter, qtbot):
    counter.page.focus_field("papers.reports.issued_on")
    field = counter.mark("papers.reports.issued_on")
    field.setCursorPosition(4)
    widgets = counter.page.findChildren(QWidget)
    heard = []
    counter.page.edited.connect(lambda *given: heard.append(given))
    counter.desk.show()
    assert QApplication.focusWidget() is field
    assert field.cursorPosition() == 4
    assert counter.page.findChildren(QWidget) == widgets
    assert heard == []


@pytest.mark.parametrize(
    ("size", "folded"), [((1366, 724), False), ((1366, 656), False), ((1280, 676), True), ((1920, 1036), False)]
)
@pytest.mark.parametrize("make", [kit.blank, kit.half_way])
def test_no_word_is_cut(begun, size, folded, make):
    counter = begun(make(), size, folded=folded)
    for requirement in ("identity", "reports", "agent_id"):
        counter.page.focus_field(f"papers.{requirement}")
        counter.page.say(requirement, ("「检查.docx」不是图片也不是 PDF。存成 PDF 再放进来",))
        counter.settle()
        assert clipped(counter.frame) == []


def test_slots_never_grow_wider_than_the_page(qtbot):
    application = kit.half_way()
    many = application.with_paper(replace(application.paper("reports"), pages=kit.pages("rep", 60)))
    counter = Counter(qtbot, many)
    counter.page.focus_field("papers.reports")
    counter.settle()
    area = counter.page.list.area
    assert area.widget().width() <= area.viewport().width()
    slot = counter.slot("reports")
    assert slot.strip.geometry().right() <= slot.width()


def test_the_first_slot_out_of_sight_is_named(qtbot):
    counter = Counter(qtbot, kit.blank(), (1366, 656))
    more = counter.page.list._more
    qtbot.waitUntil(more.isVisible)
    assert more.accessibleName().startswith("下面还有")
    bar = counter.page.list.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    counter.settle()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: not more.isVisible())


def test_the_current_slot_is_brought_into_sight(qtbot):
    counter = Counter(qtbot, kit.blank(), (1366, 656))
    for _ in range(5):
        counter.press(Qt.Key.Key_Down)
    counter.settle()
    slot, area = counter.slot(counter.page.current), counter.page.list.area
    top = slot.mapTo(area.viewport(), QPoint(0, 0)).y()
    assert counter.page.current == "agent_id"
    assert top >= 0
    assert top + slot.height() <= area.viewport().height()


class Painted(QObject):
    """Counts how often much of a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.times += event.region().boundingRect().height() > 200
        return False


def test_what_a_key_folds_and_scrolls_is_painted_once(qtbot):
    counter = Counter(qtbot, kit.half_way(), (1366, 656))
    counter.page.focus_field("papers.identity")
    counter.settle()
    painted = Painted(counter.page.list.area.viewport())
    ways = [lambda: counter.press(Qt.Key.Key_Down)] * 5 + [lambda: counter.page.focus_field("papers.identity.option")]
    for at, way in enumerate(ways):
        painted.times = 0
        way()
        counter.settle()
        assert painted.times == 1, at


def test_the_way_from_a_slot_that_folds_to_another_leads_past_no_third(counter, monkeypatch):
    counter.page.focus_field("papers.identity.option")
    counter.settle()
    gone = []
    monkeypatch.setattr(
        SlotList,
        "set_current",
        lambda self, requirement, was=SlotList.set_current: gone.append(requirement) or was(self, requirement),
    )
    counter.page.focus_field("papers.reports.issued_on")
    counter.settle()
    assert gone == ["reports"]
    assert QApplication.focusWidget() is counter.slot("reports").date


def test_thumbnails_have_names_for_screen_readers(counter):
    counter.page.focus_field("papers.reports")
    strip = QAccessible.queryAccessibleInterface(counter.slot("reports").strip)
    assert strip.child(2).text(QAccessible.Text.Name) == "检查报告/病历 第 3 页"


def test_only_thumbnails_in_sight_are_asked_for(qtbot):
    application = kit.half_way()
    many = application.with_paper(replace(application.paper("reports"), pages=kit.pages("rep", 200)))
    page = MaterialsPage()
    qtbot.addWidget(page)
    page.resize(670, 620)
    asked = []
    page.thumbnails_wanted.connect(asked.extend)
    page.show_case(kit.state_of(many))
    page.show()
    page.focus_field("papers.reports")
    qtbot.waitUntil(lambda: any(i.startswith("rep") for i in asked))
    assert len(asked) < 40
    assert len(set(asked)) == len(asked)


def test_a_thumbnail_is_painted_once_it_is_decoded(counter, qtbot):
    page, store = counter.page, counter.page.store
    qtbot.waitUntil(lambda: store.picture("diag0", 0, page.devicePixelRatioF()) is not None)
    picture = store.picture("diag0", 0, page.devicePixelRatioF())
    assert isinstance(picture, QPixmap)
    assert 40 <= picture.deviceIndependentSize().width() <= 62


# --- files


def test_dropped_files_go_to_the_slot_under_the_mouse(counter):
    heard = []
    counter.page.files_given.connect(lambda *given: heard.append(given))
    slot = counter.slot("reports")
    point = slot.mapTo(counter.page, slot.rect().center())
    event = drop(counter.page, files("/tmp/a.jpg", "/tmp/b.pdf"), point)
    assert heard == [("reports", ["/tmp/a.jpg", "/tmp/b.pdf"], "drop")]
    assert event.isAccepted()
    assert counter.page.current == "reports"


def test_files_dropped_elsewhere_go_to_the_current_slot(counter):
    heard = []
    counter.page.files_given.connect(lambda *given: heard.append(given))
    drop(counter.page, files("/tmp/a.jpg"), QPoint(300, 20))
    drop(counter.page.viewer, files("/tmp/b.jpg"), QPoint(200, 200))
    assert heard == [("diagnosis", ["/tmp/a.jpg"], "drop"), ("diagnosis", ["/tmp/b.jpg"], "drop")]


def test_what_is_not_a_local_file_is_not_taken(counter):
    heard = []
    counter.page.files_given.connect(lambda *given: heard.append(given))
    mime = QMimeData()
    mime.setText("一段字")
    drop(counter.page, mime, QPoint(300, 300))
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.jpg")])
    drop(counter.page, web, QPoint(300, 300))
    assert heard == []


def test_the_form_printed_here_leaves_files_to_the_next_paper_below_it(counter):
    heard = []
    counter.page.files_given.connect(lambda *given: heard.append(given))
    counter.page.focus_field("papers.form")
    drop(counter.page.viewer, files("/tmp/a.jpg"), QPoint(200, 200))
    assert [given[0] for given in heard] == ["agent_id"]


def test_pasted_files_and_pictures_go_to_the_current_slot(counter, qtbot):
    heard, pasted = [], []
    counter.page.files_given.connect(lambda *given: heard.append(given))
    counter.page.image_pasted.connect(lambda req, png: pasted.append((req, bytes(png))))
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(files("/tmp/a.jpg"))
    counter.press(Qt.Key.Key_V, CTRL)
    assert heard == [("diagnosis", ["/tmp/a.jpg"], "paste")]
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    clipboard.setImage(image)
    counter.press(Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: bool(pasted))
    assert pasted[0][0] == "diagnosis"
    assert pasted[0][1].startswith(b"\x89PNG")


def test_a_png_on_the_clipboard_is_passed_on_as_it_is(counter):
    pasted = []
    counter.page.image_pasted.connect(lambda req, png: pasted.append(bytes(png)))
    image = QImage(3, 3, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    mime = QMimeData()
    mime.setData("image/png", QByteArray(buffer.data()))
    QGuiApplication.clipboard().setMimeData(mime)
    counter.press(Qt.Key.Key_V, CTRL)
    assert pasted in ([], [bytes(buffer.data().data())])


def test_an_empty_clipboard_is_said(counter):
    QGuiApplication.clipboard().setText("几个字")
    counter.press(Qt.Key.Key_V, CTRL)
    assert "剪贴板里没有图片" in counter.slot("diagnosis").said()


def test_the_dialog_gives_the_chosen_files(counter, tmp_path):
    paper = tmp_path / "诊断.jpg"
    paper.write_bytes(kit.jpeg())
    heard = []
    counter.page.files_given.connect(lambda *given: heard.append(given))
    counter.press(Qt.Key.Key_O, CTRL)
    dialog = counter.page.findChild(QFileDialog)
    assert dialog.windowTitle() == "疾病诊断证明书：选文件"
    dialog.filesSelected.emit([str(paper)])
    dialog.reject()
    assert heard == [("diagnosis", [str(paper)], "file")]


def test_a_refusal_stays_in_its_slot_until_the_next_thing_is_done(counter):
    counter.page.say("diagnosis", ("「a.txt」不是图片也不是 PDF。存成 PDF 再放进来", "第 2 页是空的"), "bad")
    assert counter.slot("diagnosis").said().count("\n") == 1
    counter.press(Qt.Key.Key_Down)
    assert counter.slot("diagnosis").said()
    counter.press(Qt.Key.Key_Space)
    assert not counter.slot("diagnosis").said()


def test_reading_files_is_said_while_it_lasts(counter):
    counter.page.set_busy("diagnosis", "正在收进来…")
    assert counter.slot("diagnosis").said() == "正在收进来…"
    counter.page.set_busy("diagnosis", "")
    assert counter.slot("diagnosis").said() == ""


# --- pages


def test_pages_are_turned_moved_and_taken_off_by_keys_and_brought_back(counter):
    counter.page.focus_field("papers.reports")
    before = counter.desk.application.paper("reports").pages
    counter.press(Qt.Key.Key_Right)
    assert counter.page.current_page == 1
    counter.press(Qt.Key.Key_Right, CTRL)
    counter.press(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    counter.press(Qt.Key.Key_Delete)
    assert counter.desk.heard == [("move", "reports", 1, 2), ("turn", "reports", 2, 90), ("remove", "reports", 2)]
    assert counter.slot("reports").said() == "已拿掉第 3 页"
    for _ in range(3):
        counter.press(Qt.Key.Key_Z, CTRL)
    assert counter.desk.application.paper("reports").pages == before
    assert counter.slot("reports").said() == ""
    counter.press(Qt.Key.Key_Z, CTRL)
    assert counter.desk.heard.count(("undo",)) == 3


def test_a_page_never_moves_past_the_ends(counter):
    counter.page.focus_field("papers.reports")
    counter.press(Qt.Key.Key_Left, CTRL)
    for _ in range(9):
        counter.press(Qt.Key.Key_PageDown)
    counter.press(Qt.Key.Key_Right, CTRL)
    assert counter.desk.heard == []
    assert counter.page.current_page == 4


def test_a_page_is_dragged_to_another_place(counter, qtbot):
    counter.page.focus_field("papers.reports")
    counter.settle()
    strip = counter.slot("reports").strip
    view = strip.viewport()
    at = [strip.visualRect(strip.pages.index(i)).center() for i in range(5)]
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at[0])
    qtbot.mouseMove(view, at[1])
    qtbot.mouseMove(view, at[3] + QPoint(20, 0))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at[3] + QPoint(20, 0))
    assert counter.desk.heard == [("move", "reports", 0, 3)]
    assert counter.page.current_page == 3


def test_a_click_on_a_page_shows_it_and_the_empty_place_asks_for_files(counter, qtbot):
    application = counter.desk.application
    counter.desk.application = application.with_paper(replace(application.paper("identity"), pages=kit.pages("id", 1)))
    counter.desk.show()
    counter.settle()
    strip = counter.slot("identity").strip
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=strip.visualRect(strip.pages.index(0)).center())
    assert counter.page.current == "identity"
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=strip.visualRect(strip.pages.index(1)).center())
    dialog = counter.page.findChild(QFileDialog)
    assert dialog.windowTitle().startswith("有效身份证件")
    dialog.reject()


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_a_page_goes_to_another_slot_by_a_menu(counter):
    counter.press(Qt.Key.Key_M, CTRL)
    menu = counter.page.findChild(QMenu)
    assert [action.data() for action in menu.actions()] == ["identity", "card", "reports", "agent_id"]
    counter.qtbot.keyClick(menu, Qt.Key.Key_Down)
    counter.qtbot.keyClick(menu, Qt.Key.Key_Down)
    counter.qtbot.keyClick(menu, Qt.Key.Key_Return)
    counter.settle()
    assert counter.desk.heard == [("transfer", "diagnosis", 0, "reports")]
    assert counter.slot("diagnosis").said() == "第 1 页已换到「检查报告/病历」"


def test_new_pages_are_looked_at(counter):
    counter.page.focus_field("papers.reports")
    application = counter.desk.application
    paper = application.paper("reports")
    counter.desk.application = application.with_paper(replace(paper, pages=(*paper.pages, *kit.pages("more", 2))))
    counter.desk.show()
    assert counter.page.current_page == 5


# --- marks and fields


def test_space_marks_seen_on_the_current_slot(counter):
    counter.press(Qt.Key.Key_Space)
    assert counter.desk.heard == [("papers.diagnosis.seen", False)]


def test_every_mark_gives_its_path(counter, qtbot):
    for name in ("copied", "kept", "returned", "sealed"):
        qtbot.mouseClick(counter.mark(f"papers.diagnosis.{name}"), Qt.MouseButton.LeftButton)
    marks = [("copied", True), ("kept", True), ("returned", True), ("kept", False), ("sealed", True)]
    # An original that went back does not stay here.
    assert counter.desk.heard == [(f"papers.diagnosis.{name}", on) for name, on in marks]
    assert counter.slot("diagnosis").view.verdict == "妥"


def test_each_mark_of_the_ledger_has_its_key(counter):
    counter.page.focus_field("papers.diagnosis")
    QTest.keyClick(counter.page, Qt.Key.Key_Space)
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4):
        QTest.keyClick(counter.page, key, Qt.KeyboardModifier.ControlModifier)
    paper = counter.desk.application.paper("diagnosis")
    assert (paper.copied, paper.kept, paper.returned) == (True, False, True)
    assert ("papers.diagnosis.seen", False) in counter.desk.heard


def test_a_mark_pressed_in_another_slot_is_not_lost_when_slots_fold(counter, qtbot):
    counter.page.focus_field("papers.identity")
    counter.settle()
    qtbot.mouseClick(counter.mark("papers.diagnosis.copied"), Qt.MouseButton.LeftButton)
    assert counter.desk.heard == [("papers.diagnosis.copied", True)]
    qtbot.waitUntil(lambda: not counter.slot("identity").opened)


def test_arrows_on_a_mark_still_choose_slots_and_pages(counter):
    counter.mark("papers.reports.kept").setFocus()
    counter.press(Qt.Key.Key_Right)
    assert counter.page.current_page == 1
    counter.press(Qt.Key.Key_Up)
    assert counter.page.current == "diagnosis"


def test_a_date_is_typed_told_and_mended(counter, qtbot):
    counter.page.focus_field("papers.reports.issued_on")
    field = counter.mark("papers.reports.issued_on")
    field.selectAll()
    qtbot.keyClicks(field, "20260")
    assert counter.slot("reports").view.verdict == "没填日期"
    qtbot.keyClicks(field, "111")
    assert counter.desk.application.paper("reports").issued_on == "20260111"
    assert counter.slot("reports").view.verdict == "妥"
    assert QApplication.focusWidget() is field


def test_keys_belong_to_the_field_while_one_types(counter, qtbot):
    counter.page.focus_field("papers.reports.issued_on")
    counter.press(Qt.Key.Key_Left)
    counter.press(Qt.Key.Key_Delete)
    assert counter.page.current == "reports"
    assert all(heard[0] != "remove" for heard in counter.desk.heard)


def test_the_kind_of_paper_is_chosen_by_keys(qtbot):
    counter = Counter(qtbot, kit.blank())
    assert counter.page.focus_field("papers.identity.option")
    counter.press(Qt.Key.Key_Right)
    assert counter.desk.heard == [("papers.identity.option", "身份证")]


def test_every_path_of_a_finding_leads_to_its_widget(counter):
    for path in ("papers.reports.issued_on", "papers.reports.sealed", "papers.identity.option", "papers.card.seen"):
        assert counter.page.focus_field(path)
        assert QApplication.focusWidget().property("path") == path
    assert counter.page.focus_field("papers.card.pages")
    assert QApplication.focusWidget() is counter.slot("card")
    assert counter.page.focus_field("papers.photo")
    assert not counter.page.focus_field("applicant.phone")


def test_a_reason_is_asked_for_the_doubt(counter, qtbot):
    heard = []
    counter.page.reason.connect(heard.append)
    counter.press(Qt.Key.Key_R, CTRL)
    assert heard == []
    counter.page.focus_field("papers.reports")
    counter.press(Qt.Key.Key_R, CTRL)
    assert heard == ["papers.reports.issued_on.stale"]
    link = next(b for b in counter.slot("reports").findChildren(QAbstractButton) if b.text().startswith("写明理由"))
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert heard == ["papers.reports.issued_on.stale"] * 2


def test_hints_name_only_what_works_here(counter):
    words = [hint.word for hint in counter.page.hints()]
    assert words[:4] == ["选材料", "翻页", "选扫描仪", "标记已看"]
    counter.page.set_scanner(on=True)
    assert [hint.word for hint in counter.page.hints()][2] == "扫描"
    counter.page.set_can_undo(True)
    assert "撤回" in [hint.word for hint in counter.page.hints()]
    counter.page.focus_field("papers.reports.issued_on")
    assert "选材料" not in [hint.word for hint in counter.page.hints()]


def test_a_case_that_is_only_looked_at_changes_nothing(counter, qtbot):
    counter.page.set_editable(False)
    heard = []
    counter.page.files_given.connect(lambda *given: heard.append(given))
    drop(counter.page, files("/tmp/a.jpg"), QPoint(300, 300))
    counter.page.focus_field("papers.reports")
    for key, modifier in ((Qt.Key.Key_Delete, NONE), (Qt.Key.Key_Space, NONE), (Qt.Key.Key_O, CTRL), (Qt.Key.Key_Right, CTRL)):
        counter.press(key, modifier)
    assert (heard, counter.desk.heard) == ([], [])
    counter.press(Qt.Key.Key_Right)
    assert counter.page.current_page == 1


def test_another_case_starts_clean(counter):
    counter.page.focus_field("papers.reports")
    counter.page.say("reports", ("第 2 页是空的",))
    counter.desk.application = replace(kit.blank(), id="01J0000000000000000000NEXT")
    counter.desk.show()
    assert counter.page.current == "identity"
    assert counter.slot("reports").said() == ""
