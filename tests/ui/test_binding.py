"""Fields tied to paths: a form is not a wall of red, another case starts afresh, nothing is answered by showing."""

import pytest
from case_kit import blank, filled, state_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.case.binding import Binding
from app.ui.kit import Combo, Field, FormGrid, Segments


class Page(QWidget):
    def __init__(self):
        super().__init__()
        self.bound = Binding(self)
        self.form = FormGrid()
        self.name = self.bound.add("applicant.name", Field("申请人·姓名"))
        self.phone = self.bound.add("applicant.phone", Field("申请人·联系电话"))
        self.sex = self.bound.add("applicant.sex", Segments("申请人·性别", [("2", "女"), ("1", "男")]))
        self.grade = self.bound.add("care.grade", Combo("等级", [("02", "三级甲等"), ("08", "一级甲等")]))
        self.rows = [self.form.row(w.accessibleName(), w) for w in (self.name, self.phone, self.sex, self.grade)]
        QVBoxLayout(self).addWidget(self.form)
        self.answers, self.left = [], []
        self.bound.edited.connect(lambda path, value: self.answers.append((path, value)))
        self.bound.left.connect(self.left.append)


@pytest.fixture
def page(qtbot):
    page = Page()
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def said(page):
    return [row.message.text() for row in page.rows]


def test_an_opened_blank_form_says_nothing_under_its_fields(page):
    page.bound.show_case(state_of(blank()))
    assert said(page) == ["", "", "", ""]
    assert page.answers == []


def test_a_field_left_empty_says_so(page, qtbot):
    page.bound.show_case(state_of(blank()))
    page.name.setFocus()
    page.phone.setFocus()
    assert said(page)[0] == "姓名还没填"
    assert page.left == ["applicant.name"]


def test_a_choice_left_unmade_says_so(page):
    application = blank()
    application = filled(applicant=application.applicant.__class__(cert_kind="08"))
    page.bound.show_case(state_of(application))
    page.sex.setFocus()
    page.name.setFocus()
    assert said(page)[2] == "性别还没选"
    assert "applicant.sex" in page.left


def test_a_wrong_value_is_said_without_a_visit_but_not_while_it_is_typed(page, qtbot):
    page.phone.setFocus()
    for text in ("1", "13", "138"):
        page.bound.show_case(state_of(blank(applicant=blank().applicant.__class__(phone=text))))
    assert said(page)[1] == ""
    page.name.setFocus()
    assert said(page)[1] == "手机号 11 位，这里 3 位：少 8 位"


def test_another_case_starts_with_nothing_visited(page):
    page.bound.show_case(state_of(blank()))
    page.name.setFocus()
    page.phone.setFocus()
    page.bound.show_case(state_of(blank(id="01C")))
    assert said(page)[0] == ""


def test_a_doubt_with_its_reason_says_nothing_more(page):
    care = filled().care.__class__(hospital="卫生院", grade="08")
    page.bound.show_case(state_of(filled(care=care)))
    assert "一级甲等" in said(page)[3]
    page.bound.show_case(state_of(filled(care=care).with_reason("care.grade.low", "县里只有这一家")))
    assert said(page)[3] == ""


def test_every_field_carries_its_path_and_its_name(page):
    assert [w.property("path") for w in (page.name, page.phone, page.sex, page.grade)] == list(page.bound.paths())
    assert page.sex.accessibleName() == "申请人·性别：未选"


def test_showing_keeps_the_caret_and_answers_nothing(page, qtbot):
    page.bound.show_case(state_of(filled()))
    page.name.setFocus()
    page.name.setCursorPosition(1)
    page.bound.show_case(state_of(filled()))
    assert page.name.cursorPosition() == 1
    assert page.answers == []


def test_what_a_person_does_is_answered_with_the_path(page, qtbot):
    page.bound.show_case(state_of(blank()))
    qtbot.keyClicks(page.phone, "13")
    qtbot.keyClick(page.sex, Qt.Key.Key_Right)
    assert page.answers == [("applicant.phone", "1"), ("applicant.phone", "13"), ("applicant.sex", "2")]


def test_a_dropped_path_is_forgotten(page):
    page.bound.drop("applicant.phone")
    assert "applicant.phone" not in page.bound.paths()
    assert page.bound.go("applicant.phone") is False
