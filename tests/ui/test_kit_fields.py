"""Fields: what is typed stays as typed, findings wait for the person to finish, Enter goes on and leaves the input method alone."""

import pytest
from looking import clipped, press
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.application import Application
from app.core.findings import Finding, Tone
from app.ui.kit import (
    Binder,
    Button,
    Check,
    Combo,
    DateField,
    EnterMoves,
    Field,
    FormGrid,
    Segments,
    Text,
    TextArea,
    fields_of,
    fill,
    focus_first,
)


@pytest.fixture
def page(qtbot):
    class Page(QWidget):
        def __init__(self):
            super().__init__()
            self.form = FormGrid()
            self.name = Field("申请人·姓名", width=180)
            self.sex = Segments("申请人·性别", [("2", "女"), ("1", "男")])
            self.nation = Combo("申请人·民族", [("01", "汉族"), ("03", "回族")], width=120)
            self.phone = Field("申请人·联系电话", width=180, numeric=True, group=lambda t: f"{t[:3]} {t[3:7]} {t[7:]}".strip())
            self.seen = Check("已看原件")
            self.summary = TextArea("病情摘要")
            self.first = self.form.row("姓名", self.name, self.form.between("性别"), self.sex)
            self.form.row("民族", self.nation, Button("读卡"))
            self.phone_row = self.form.row("联系电话", self.phone)
            self.form.row("原件", self.seen)
            self.form.row("摘要", (self.summary, 1))
            fill(QVBoxLayout(self), (self.form,), pad=8)
            self.moves = EnterMoves(self)

    page = Page()
    qtbot.addWidget(page)
    page.resize(700, 400)
    page.show()
    page.activateWindow()
    page.name.setFocus()
    QApplication.processEvents()
    return page


def focus():
    return QApplication.focusWidget()


def test_enter_goes_through_the_fields_in_reading_order_and_skips_buttons(page, qtbot):
    order = [page.sex, page.nation, page.phone, page.seen, page.summary]
    for field in order:
        press(qtbot, Qt.Key.Key_Return)
        assert focus() is field
    for field in [page.seen, page.phone, page.nation, page.sex, page.name]:
        press(
            qtbot, Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ShiftModifier
        ) if focus() is not page.summary else page.moves.move(forward=False)
        assert focus() is field


def test_enter_on_the_keypad_moves_too(page, qtbot):
    press(qtbot, Qt.Key.Key_Enter, modifier=Qt.KeyboardModifier.KeypadModifier)
    assert focus() is page.sex


def test_a_hidden_or_disabled_field_is_passed_by(page, qtbot):
    page.sex.setEnabled(False)
    page.nation.hide()
    press(qtbot, Qt.Key.Key_Return)
    assert focus() is page.phone


def test_enter_while_an_input_method_composes_belongs_to_it(page, qtbot):
    QApplication.sendEvent(page.name, QInputMethodEvent("shen", []))
    assert page.name.text() == ""
    press(qtbot, Qt.Key.Key_Return)
    assert focus() is page.name
    commit = QInputMethodEvent("", [])
    commit.setCommitString("沈桂兰")
    QApplication.sendEvent(page.name, commit)
    assert page.name.value() == "沈桂兰"
    press(qtbot, Qt.Key.Key_Return)
    assert focus() is page.sex


def test_what_an_input_method_commits_is_an_edit(page, qtbot):
    commit = QInputMethodEvent("", [])
    commit.setCommitString("沈")
    with qtbot.waitSignal(page.name.edited) as blocker:
        QApplication.sendEvent(page.name, commit)
    assert blocker.args == ["沈"]


def test_enter_makes_a_line_in_the_summary_and_ctrl_enter_or_tab_goes_on(page, qtbot):
    page.summary.setFocus()
    qtbot.keyClicks(page.summary, "ab")
    press(qtbot, Qt.Key.Key_Return)
    assert page.summary.value() == "ab\n"
    assert focus() is page.summary
    page.name.hide()
    extra = Field("再一格")
    page.form.row("再", extra)
    QApplication.processEvents()
    press(qtbot, Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    assert focus() is extra


def test_setters_never_emit(page, qtbot):
    heard = []
    page.name.edited.connect(heard.append)
    page.summary.edited.connect(heard.append)
    page.sex.chosen.connect(heard.append)
    page.nation.chosen.connect(heard.append)
    page.seen.ticked.connect(heard.append)
    page.name.put("沈桂兰")
    page.summary.put("稳定")
    page.sex.put("1")
    page.nation.put("03")
    page.seen.put(True)
    assert heard == []
    assert (page.name.value(), page.summary.value(), page.sex.value(), page.nation.value(), page.seen.value()) == (
        "沈桂兰",
        "稳定",
        "1",
        "03",
        True,
    )


def test_typing_emits_the_whole_text_once_per_key(page, qtbot):
    heard = []
    page.phone.edited.connect(heard.append)
    qtbot.keyClicks(page.phone, "138")
    assert heard == ["1", "13", "138"]


def test_putting_the_same_text_leaves_the_caret_alone(page, qtbot):
    qtbot.keyClicks(page.name, "abcd")
    page.name.setCursorPosition(2)
    page.name.put("abcd")
    assert page.name.cursorPosition() == 2


def test_a_new_finding_waits_until_the_field_is_left(page, qtbot):
    page.phone.setFocus()
    qtbot.keyClicks(page.phone, "1380000123")
    page.phone.set_finding("bad", "手机号 11 位，这里 10 位：少 1 位")
    assert page.phone_row.message.isHidden()
    assert page.phone.property("state") == ""
    press(qtbot, Qt.Key.Key_Return)
    assert page.phone_row.message.text() == "手机号 11 位，这里 10 位：少 1 位"
    assert page.phone.property("state") == "error"
    assert page.phone.accessibleDescription() == "手机号 11 位，这里 10 位：少 1 位"


def test_a_mended_finding_goes_at_once(page, qtbot):
    page.phone.set_finding("bad", "少 1 位")
    page.phone.setFocus()
    assert not page.phone_row.message.isHidden()
    page.phone.set_finding("")
    assert page.phone_row.message.isHidden()
    assert page.phone.property("state") == ""


def test_a_row_shows_the_worst_of_its_fields(page):
    page.phone.setFocus()
    page.name.set_finding("warn", "名字里有少见字")
    page.sex.set_finding("bad", "性别还没选")
    assert page.first.message.text() == "性别还没选"
    page.sex.set_finding("")
    assert page.first.message.text() == "名字里有少见字"


def test_a_finding_given_before_the_row_was_made_shows_too(page):
    late = Field("迟到")
    late.set_finding("warn", "早于 6 个月")
    assert page.form.row("日期", late).message.text() == "早于 6 个月"


def test_the_row_note_comes_back_when_findings_are_gone(page):
    row = page.form.row("编号", field := Field("窗口·编号"), note="用于受理编号的前缀")
    field.set_finding("bad", "两位数字")
    field.set_finding("")
    assert row.message.text() == "用于受理编号的前缀"


def test_the_source_comes_back_when_a_finding_is_gone(page):
    page.phone.set_source("card", "原值 138 0000 1234")
    page.phone.set_finding("warn", "与上次不同")
    assert page.phone.property("state") == "warn"
    page.phone.set_finding("")
    assert page.phone.property("state") == "card"


def test_groups_are_painted_only_at_rest_and_never_enter_the_value(page, qtbot):
    page.phone.put("13800001234")
    assert page.phone.at_rest() == "138 0000 1234"
    resting = page.phone.grab().toImage()
    page.phone.setFocus()
    assert page.phone.value() == "13800001234"
    assert page.phone.grab().toImage() != resting


def test_a_date_is_written_out_at_rest_and_kept_as_typed():
    field = DateField("有效期", words=("长期",))
    for typed, shown in (("20260119", "2026-01-19"), ("2026.1.9", "2026-01-09"), ("长期", "长期"), ("2026-1", "2026-1")):
        field.put(typed)
        assert (field.value(), field.at_rest()) == (typed, shown)


def test_a_field_left_shows_its_beginning(page, qtbot):
    page.name.put("云岭市青禾区柳荫路 12 号 3 栋 2 单元 501 室（东侧）")
    page.name.setFocus(Qt.FocusReason.OtherFocusReason)
    assert page.name.cursorPosition() == len(page.name.value())
    press(qtbot, Qt.Key.Key_Return)
    assert page.name.cursorPosition() == 0


def test_segments_are_unmade_until_an_arrow_chooses(page, qtbot):
    heard = []
    page.sex.chosen.connect(heard.append)
    page.sex.setFocus()
    assert page.sex.value() == ""
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Left)
    assert heard == ["2", "1", "2"]
    assert page.sex.accessibleName() == "申请人·性别：女"


def test_choosing_a_segment_moves_nothing(page):
    before = [b.geometry() for b in page.sex._buttons]
    page.sex.put("1")
    QApplication.processEvents()
    assert [b.geometry() for b in page.sex._buttons] == before
    assert clipped(page) == []


def test_what_is_told_again_lays_nothing_out(page, qtbot):
    class Ear(QObject):
        heard = 0

        def eventFilter(self, _watched, event):
            self.heard += event.type() == QEvent.Type.LayoutRequest
            return False

    def tell():
        for field in (page.sex, page.nation, page.seen):
            field.set_finding("bad", "还没选")
        page.sex.put("2")
        button.put("读卡", "F5")
        button.set_kind("small")
        for _ in range(20):  # a change goes up by one layout a turn
            QApplication.processEvents()

    button = page.findChild(Button)
    tell()
    ear = Ear()
    for widget in (page, *page.findChildren(QWidget)):
        widget.installEventFilter(ear)
    tell()
    assert ear.heard == 0
    page.nation.set_finding("")
    QApplication.processEvents()
    assert ear.heard


def test_a_segment_is_chosen_by_mouse(page, qtbot):
    with qtbot.waitSignal(page.sex.chosen) as blocker:
        qtbot.mouseClick(page.sex._buttons[1], Qt.MouseButton.LeftButton)
    assert blocker.args == ["1"]
    qtbot.mouseClick(page.sex._buttons[1], Qt.MouseButton.LeftButton)
    assert page.sex.value() == "1"


def test_new_choices_keep_a_code_that_is_still_there(page):
    page.sex.put("1")
    page.sex.set_choices([("1", "男"), ("9", "未说明")])
    assert page.sex.value() == "1"
    page.sex.set_choices([("9", "未说明")])
    assert page.sex.value() == ""
    page.nation.put("03")
    page.nation.set_choices([("03", "回族"), ("04", "藏族")])
    assert page.nation.value() == "03"


def test_the_wheel_never_changes_a_combo(page):
    page.nation.put("01")
    QApplication.sendEvent(
        page.nation,
        QWheelEvent(
            QPoint(5, 5),
            page.nation.mapToGlobal(QPoint(5, 5)),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )
    assert page.nation.value() == "01"


def test_a_combo_says_what_arrows_choose(page, qtbot):
    heard = []
    page.nation.chosen.connect(heard.append)
    page.nation.put("01")
    page.nation.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    assert heard == ["03"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_alt_down_opens_a_combo(page, qtbot):
    page.nation.setFocus()
    press(qtbot, Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.AltModifier)
    assert page.nation.view().isVisible()
    page.nation.hidePopup()


def test_labels_are_buddies_and_every_field_has_a_name(page):
    assert page.first.label.buddy() is page.name
    assert all(field.accessibleName() for field in fields_of(page))


def test_the_first_empty_field_takes_the_focus(page):
    page.name.put("沈桂兰")
    page.sex.put("2")
    page.nation.put("01")
    assert focus_first(page)
    assert focus() is page.phone


def test_a_binder_shows_an_application_and_reports_edits_by_path(page, qtbot):
    binder = Binder(page)
    binder.add("applicant.name", page.name)
    binder.add("applicant.sex", page.sex)
    binder.add("read_back", page.seen)
    binder.add("diseases.0.name", page.phone)
    binder.show(Application(id="1", region="r", region_version="1", read_back=True))
    assert (page.name.value(), page.seen.value(), page.phone.value()) == ("", True, "")
    heard = []
    binder.edited.connect(lambda path, value: heard.append((path, value)))
    page.name.setFocus()
    qtbot.keyClicks(page.name, "A")
    page.sex.setFocus()
    press(qtbot, Qt.Key.Key_Right)
    page.seen.click()
    assert heard == [("applicant.name", "A"), ("applicant.sex", "2"), ("read_back", False)]


def test_a_binder_gives_each_field_its_worst_open_finding_and_leads_there(page):
    binder = Binder(page)
    binder.add("applicant.name", page.name)
    binder.add("applicant.phone", page.phone)
    page.seen.setFocus()
    binder.show_findings(
        [
            Finding("1", Tone.DOUBT, "applicant.phone", "identity", "是座机"),
            Finding("2", Tone.MISSING, "applicant.phone", "identity", "少 1 位"),
            Finding("3", Tone.DOUBT, "applicant.name", "identity", "有少见字", reason="与户口本一致"),
        ]
    )
    assert page.phone.shown_finding() == ("bad", "少 1 位")
    assert page.name.shown_finding() == ("", "")
    assert binder.go("applicant.phone.length")
    assert focus() is page.phone
    assert not binder.go("agent.name")


@pytest.mark.parametrize(("key", "code"), [("Home", "2"), ("End", "1"), ("Left", "1"), ("Right", "2")])
def test_before_anything_is_chosen_the_keys_come_in_from_their_own_side(page, qtbot, key, code):
    page.sex.setFocus()
    qtbot.keyClick(page.sex, getattr(Qt.Key, f"Key_{key}"))
    assert page.sex.value() == code


def test_the_rare_font_is_there_before_a_committed_name_is_laid_out(page, monkeypatch):
    seen = []
    monkeypatch.setattr("app.ui.theme.ensure_rare", lambda text: seen.append((text, page.name.text())))
    event = QInputMethodEvent()
    event.setCommitString("向㛃𥖄")
    QApplication.sendEvent(page.name, event)
    assert seen[0] == ("向㛃𥖄", "")
    assert page.name.text() == "向㛃𥖄"


def test_a_wrapped_text_in_a_row_begins_on_the_line_of_its_label(qtbot):
    form = FormGrid()
    qtbot.addWidget(form)
    text = Text("太短的口令，几天就能一个个试出来。" * 6, "body2", wrap=True)
    row = form.row("为什么", (text, 1))
    form.resize(420, 300)
    form.show()
    QApplication.processEvents()
    line = text.fontMetrics().height()
    assert text.height() > 2 * line
    assert abs(text.mapTo(row, text.contentsRect().topLeft()).y() + line / 2 - row.label.geometry().center().y()) <= 3
