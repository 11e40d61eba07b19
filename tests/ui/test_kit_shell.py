"""The window: pages come and go, keys lead where they say, narrow windows fold without losing anything."""

import datetime as dt
import gc

import pytest
from looking import clipped, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget, QWidgetItem

from app.core.findings import Finding, Tone
from app.ui import keys
from app.ui.kit import (
    CaseFrame,
    Chip,
    Column,
    Dialog,
    Field,
    FormGrid,
    HintLabel,
    Line,
    ListTable,
    Segments,
    Step,
    Text,
    fill,
    held,
    row,
)
from app.ui.shell import PageBase, Shell

STEPS = [
    Step("identity", "身份", "bad", "缺 1"),
    Step("insurance", "参保", "open", "离线未核验"),
    Step("disease", "病种与机构", "good", "糖尿病"),
    Step("materials", "材料"),
    Step("check", "核对"),
]
MISSING = Finding("p", Tone.MISSING, "applicant.phone", "identity", "联系电话少 1 位", "补齐后自动消失。", "联系电话")


def clock():
    return dt.datetime(2026, 2, 6, 10, 24, 31)


class Case(PageBase):
    own_foot = True
    tab_name = "workbench"

    def __init__(self):
        super().__init__()
        self.frame = CaseFrame()
        fill(QVBoxLayout(self), (self.frame,))
        self.fields = [Field(f"申请人·第 {n} 格", width=180) for n in range(14)]
        form = FormGrid()
        form.head("申请人", "照证件填")
        for at, field in enumerate(self.fields):
            beside = [Segments("性别", [("2", "女"), ("1", "男")])] if at % 7 == 0 else []
            form.row("联系电话", field, *beside)
        middle = QFrame()
        fill(QVBoxLayout(middle), (Text("身份", "h1"), 12, form, ...), pad=(28, 18, 28, 8))
        self.frame.set_middle(middle)
        self.frame.set_steps(STEPS, "identity")
        self.frame.set_findings([MISSING])
        self.frame.header.put("沈桂兰", "女·72 岁·5104 **** 0025·城乡居民", "女·72 岁", [("新申请", "neutral", "file-text")])
        self.frame.header.saved("已存 10:24:31")
        self.frame.foot.hints([keys.hint(n) for n in ("next_field", "previous_field", "finding", "list", "later", "help")])
        self.frame.foot.ways("下一步", "上一步")
        self.log = []

    def entered(self):
        self.log.append("entered")
        self.fields[0].setFocus()

    def left(self):
        self.log.append("left")

    def fold(self, *, folded):
        self.log.append(folded)
        self.frame.fold(folded=folded)


class Listing(PageBase):
    tab_name = "queue"

    def hints(self):
        return [keys.hint("rows"), keys.hint("open")]

    def right_hints(self):
        return [keys.hint("lock")]


class Lock(PageBase):
    bare = True


@pytest.fixture
def shell(qtbot):
    shell = Shell(clock)
    qtbot.addWidget(shell)
    built = []
    for name, make in (("case", Case), ("list", Listing), ("lock", Lock)):
        shell.add(name, lambda name=name, make=make: (built.append(name), make())[1])
    shell.built = built
    shell.topbar.put(link="离线·待报送 8", place="云岭市·3 号窗口", clerk="罗静")
    shell.setMinimumSize(400, 300)
    shell.resize(1366, 768)
    shell.show()
    shell.open("case")
    shell.activateWindow()
    QApplication.processEvents()
    return shell


def case(shell):
    return shell.page("case")


def test_pages_are_built_at_their_first_visit_and_kept(shell):
    assert shell.built == ["case"]
    shell.open("list")
    shell.open("case")
    assert shell.built == ["case", "list"]
    assert [x for x in case(shell).log if isinstance(x, str)] == ["entered", "left", "entered"]


def test_what_was_opened_and_what_it_changes_to_is_painted(shell):
    for name in ("list", "case"):
        shell.open(name)
        widget = shell.page(name)
        while widget is not None:
            assert widget.updatesEnabled(), widget
            widget = widget.parentWidget()
    middle = Field("第二页")
    case(shell).frame.set_middle(middle, beside=(None, 304))
    assert middle.isVisible()
    assert middle.updatesEnabled()


def test_a_dropped_page_is_built_anew(shell):
    first = case(shell)
    shell.drop("case")
    assert shell.open("case") is not first


def test_the_foot_belongs_to_lists_and_cases_bring_their_own(shell):
    assert shell.foot.isHidden()
    shell.open("list")
    assert not shell.foot.isHidden()
    shell.open("lock")
    assert shell.foot.isHidden()


def test_tab_keys_work_everywhere_but_on_the_lock(shell, qtbot):
    heard = []
    shell.tab.connect(heard.append)
    shell.locked.connect(lambda: heard.append("locked"))
    press(qtbot, Qt.Key.Key_F2)
    press(qtbot, Qt.Key.Key_F3)
    press(qtbot, Qt.Key.Key_L, modifier=Qt.KeyboardModifier.ControlModifier)
    assert heard == ["workbench", "search", "locked"]
    shell.open("lock")
    press(qtbot, Qt.Key.Key_F2, shell)
    press(qtbot, Qt.Key.Key_L, shell, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["workbench", "search", "locked"]


def test_a_pressed_tab_asks_and_only_the_page_marks_it(shell, qtbot):
    with qtbot.waitSignal(shell.tab) as blocker:
        qtbot.mouseClick(shell.topbar._buttons["queue"], Qt.MouseButton.LeftButton)
    assert blocker.args == ["queue"]
    assert shell.topbar._buttons["workbench"].isChecked()
    assert not shell.topbar._buttons["queue"].isChecked()


def test_the_clock_shows_the_minute(shell):
    assert "2 月 6 日 周五　10:24" in [label.text() for label in shell.topbar.findChildren(QLabel)]


def test_nothing_is_cut_at_any_size_the_design_names(shell):
    for size in ((1366, 768), (1341, 720), (1280, 720), (1093, 614), (960, 540), (911, 512)):
        shell.resize(*size)
        shell.open("case")
        QApplication.processEvents()
        assert (shell.width(), shell.height()) == size
        assert clipped(shell) == [], size
        shell.open("list")
        assert clipped(shell) == [], size


def test_the_header_shows_as_many_chips_as_there_are_facts(shell):
    header = shell.open("case").frame.header
    chips = [("新申请", "neutral", "file-text"), ("代办：周敏", "neutral", "user-round")]
    for shown in (chips, chips[:1], [*chips, ("已受理", "good", "circle-check")], [chips[1]]):
        header.put("沈桂兰", "", "", shown)
        there = [(chip.accessibleName(), chip.property("tone")) for chip in header.findChildren(Chip) if not chip.isHidden()]
        assert there == [(text, tone) for text, tone, _ in shown]


def test_below_1341_the_case_folds_and_above_it_unfolds(shell):
    frame = case(shell).frame
    assert not frame.folded
    shell.resize(1340, 768)
    QApplication.processEvents()
    assert frame.folded
    assert frame.rail.width() == 48
    assert not frame.panel.isVisible()
    shell.resize(1341, 768)
    QApplication.processEvents()
    assert not frame.folded
    assert frame.rail.width() == 176
    assert frame.panel.isVisible()
    assert frame.panel.geometry().width() == 304


def test_f4_opens_the_folded_panel_over_the_form_and_escape_closes_it(shell, qtbot):
    frame = case(shell).frame
    went = []
    frame.go.connect(went.append)
    shell.resize(1093, 614)
    QApplication.processEvents()
    before = frame._middle.width()
    press(qtbot, Qt.Key.Key_F4)
    assert went == ["applicant.phone"]
    assert frame.panel.isVisible()
    assert frame._middle.width() == before
    press(qtbot, Qt.Key.Key_Escape)
    assert not frame.panel.isVisible()


def test_a_wide_side_takes_the_panels_place_and_gives_it_back(shell):
    frame = case(shell).frame
    viewer = QFrame()
    frame.set_wide_side(viewer, 520)
    QApplication.processEvents()
    assert viewer.width() == 520
    assert frame.panel.isHidden()
    frame.set_wide_side(None)
    QApplication.processEvents()
    assert viewer.isHidden()
    assert frame.panel.width() == 304


def test_keys_of_a_case_lead_where_the_foot_says(shell, qtbot):
    frame = case(shell).frame
    heard = []
    frame.on.connect(lambda: heard.append("on"))
    frame.back.connect(lambda: heard.append("back"))
    frame.later.connect(lambda: heard.append("later"))
    frame.step_chosen.connect(heard.append)
    press(qtbot, Qt.Key.Key_F8)
    press(qtbot, Qt.Key.Key_F8, modifier=Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, Qt.Key.Key_F10)
    press(qtbot, Qt.Key.Key_3, modifier=Qt.KeyboardModifier.AltModifier)
    press(qtbot, Qt.Key.Key_7, modifier=Qt.KeyboardModifier.AltModifier)
    assert heard == ["on", "back", "later", "disease"]
    frame.foot.ways("", "")
    press(qtbot, Qt.Key.Key_F8)
    assert heard == ["on", "back", "later", "disease"]


def test_keys_of_a_hidden_page_are_quiet(shell, qtbot):
    heard = []
    case(shell).frame.on.connect(lambda: heard.append("on"))
    shell.open("list")
    press(qtbot, Qt.Key.Key_F8, shell)
    assert heard == []


def test_the_focused_field_stays_in_sight_and_no_row_is_cut_at_the_top(shell, qtbot):
    page = case(shell)
    shell.resize(1093, 614)
    QApplication.processEvents()
    area = page.frame._middle.shown()
    for _ in range(26):
        press(qtbot, Qt.Key.Key_Return)
        QApplication.processEvents()
        focus = QApplication.focusWidget()
        top = focus.mapTo(area.viewport(), focus.rect().topLeft()).y()
        assert top >= 0
        assert top + focus.height() <= area.viewport().height()


def test_a_narrow_foot_shows_four_keys(shell):
    shell.resize(1000, 600)
    QApplication.processEvents()
    foot = case(shell).frame.foot
    assert sum(hint.isVisible() for hint in foot.findChildren(HintLabel)) == 4


def test_closing_lets_the_page_store_first(shell, qtbot):
    heard = []
    shell.closing.connect(lambda: heard.append(case(shell).log[-1]))
    shell.close()
    assert heard == ["left"]


def test_a_dialog_acts_only_with_a_reason_and_ctrl_enter(shell, qtbot):
    dialog = Dialog(shell, "作废这件申请？", "材料和记录保留，不再报送。", "作废", "不作废", danger=True, reason="作废理由")
    acted = []
    dialog.acted.connect(acted.append)
    dialog.open()
    QApplication.processEvents()
    assert clipped(dialog) == []
    assert dialog.reason.hasFocus()
    press(qtbot, Qt.Key.Key_Return, dialog.reason)
    press(qtbot, Qt.Key.Key_Return, dialog.reason, Qt.KeyboardModifier.ControlModifier)
    assert acted == []
    assert dialog.message.text() == "写一句理由再继续"
    qtbot.keyClicks(dialog.reason, "dup")
    press(qtbot, Qt.Key.Key_Return, dialog.reason, Qt.KeyboardModifier.ControlModifier)
    assert acted == ["dup"]


def test_escape_is_the_safe_answer_and_has_the_focus_when_no_reason_is_asked(shell, qtbot):
    dialog = Dialog(shell, "移去这一页？", "可以撤回。", "移去", "不移")
    heard = []
    dialog.rejected.connect(lambda: heard.append("stay"))
    dialog.acted.connect(lambda _: heard.append("act"))
    dialog.open()
    QApplication.processEvents()
    assert dialog.stay.hasFocus()
    press(qtbot, Qt.Key.Key_Escape, dialog)
    assert heard == ["stay"]


@pytest.fixture
def table(qtbot):
    table = ListTable("待报送", [Column("申请人", 150), Column("说明")])
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    table.put([Line(str(n), ("沈*兰", {"text": f"第 {n} 件", "sub": "等网络", "icon": "laptop"})) for n in range(5)])
    return table


def test_rows_that_did_not_change_are_not_repainted(table, qtbot):
    changed = []
    table.model().dataChanged.connect(lambda a, b: changed.append((a.row(), b.row())))
    lines = list(table.lines())
    lines[2] = Line("2", ("沈*兰", "已送达"))
    table.put(lines)
    assert changed == [(2, 2)]


def test_the_current_row_stays_with_its_key(table):
    table.set_current("3")
    table.put([Line("9", ("新", "")), *table.lines()])
    assert table.current() == "3"
    table.put([line for line in table.lines() if line.key != "3"])
    assert table.current() == "4"
    table.put([])
    assert table.current() == ""


def test_arrows_choose_and_enter_opens(table, qtbot):
    table.setFocus()
    opened, selected = [], []
    table.opened.connect(opened.append)
    table.selected.connect(selected.append)
    press(qtbot, Qt.Key.Key_Down, table)
    table.step(1)
    press(qtbot, Qt.Key.Key_Return, table)
    assert (selected, opened) == (["1", "2"], ["2"])


def test_a_cell_is_read_out_with_its_column(table):
    index = table.model().index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "说明 第 0 件 等网络"


def test_a_viewer_stands_beside_the_page_of_a_folded_window_as_long_as_both_fit(shell):
    frame = shell.page("case").frame
    viewer = QFrame()
    shell.open("case")
    shell.resize(1280, 720)
    frame.set_wide_side(viewer, 520)
    QApplication.processEvents()
    assert frame.folded
    assert viewer.isVisible()
    assert not frame.side_open
    assert not frame._tab.isVisible()
    shell.resize(1100, 720)
    QApplication.processEvents()
    assert not viewer.isVisible()
    assert frame._tab.isVisible()
    frame.open_side(on=True)
    assert viewer.isVisible()
    shell.resize(1280, 720)
    QApplication.processEvents()
    assert viewer.isVisible()
    assert not frame.side_open


def test_a_dialog_that_only_tells_has_one_button(shell, qtbot):
    dialog = Dialog(shell, "机器有点问题", "打印机没有应答。", "", "知道了")
    dialog.open()
    assert not dialog.act.isVisible()
    assert dialog.focusWidget() is dialog.stay
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_a_layout_holds_is_told_in_its_order_and_nothing_of_it_is_kept(qtbot):
    top = QWidget()
    qtbot.addWidget(top)
    inner = row(Text("二"), Text("三"))
    box = QVBoxLayout(top)
    fill(box, (Text("一"), 8, inner, ..., Text("四")))
    box.insertLayout(0, QHBoxLayout())
    assert [one.full() if isinstance(one, Text) else type(one).__name__ for one in held(box)] == [
        "QHBoxLayout",
        "一",
        type(inner).__name__,
        "四",
    ]
    gc.collect()
    before = sum(isinstance(one, QWidgetItem) for one in gc.get_objects())
    held(box)
    assert sum(isinstance(one, QWidgetItem) for one in gc.get_objects()) == before
