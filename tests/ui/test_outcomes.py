"""The outcomes in the real window: read from a stick that the office signed, told, mended, printed, heard by telephone."""

from __future__ import annotations

from dataclasses import replace
from subprocess import run

import pytest
from looking import clipped
from outcomes_kit import (
    APPROVED,
    REFUSED,
    STRANGER,
    SUPPLEMENT,
    answered,
    handed,
    later,
    lay,
    outcomes,
    read,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from whole_kit import quick_slots
from window_kit import counter_at, on_lane

from app.core.answer import Accepted, Approved, Refused
from app.core.application import State
from app.core.masks import BARE, COVERED
from app.demo import commit
from app.services.telling import How
from app.ui.outcomes_body import Background
from app.ui.outcomes_heard import HeardDialog
from app.ui.outcomes_words import call


@pytest.fixture
def counter(qapp, tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    with counter_at(tmp_path / "data") as counter:
        yield counter


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "回执-02"


def words(page, column=0):
    return [line.cell(column)["text"] for line in page.table.lines()]


def audit(counter, act):
    return [entry.what for entry in counter.audit() if entry.act == act]


def texts(widget):
    from PySide6.QtWidgets import QLabel

    return [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]


def untold(counter):
    return on_lane(counter.window.lane, lambda: counter.window.desk.store.counts("2026-02-06")).untold


def paper_text(pdf):
    return run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def pick(counter, page, id_):
    assert page.table.set_current(id_)
    counter.settle()


def the_list_of_those_not_told_prints_and_what_was_said_is_read_again(counter, page, id_):
    page.roll_button.click()
    counter.wait("名单", lambda: "名单已送到打印机" in page.message.text())
    pdf, title = counter.printer.printed[-1]
    assert (title, audit(counter, "print")[0]) == ("名单", "roll: 2")
    assert "未告知名单" in paper_text(pdf)
    page.set_veil(BARE)
    page.choose("approved")
    pick(counter, page, id_)
    number = "".join(page.detail._phone.text().split())
    assert number.isdigit()
    assert number in "".join(paper_text(pdf).split()), "on paper it stands whole"
    assert page.detail._said.text().endswith("（电话）：女儿周敏接的，周五来拿")
    page.set_veil(COVERED)
    page.choose("untold")


def test_what_the_office_decided_is_read_shown_and_told_by_telephone(counter, stick):
    assert outcomes(counter).table.lines() == ()
    ids = answered(counter, stick, SUPPLEMENT, APPROVED, REFUSED)
    page = read(counter, stick)
    assert page.message.text() == "「回执-02」：3 件有答复（1、2、3 号）。"
    # The last one that came stands first, and the keys are in the list.
    assert words(page) == ["不通过", "通过", "需补正"]
    assert counter.window.focusWidget() is page.table
    assert words(page, 4) == ["没告知"] * 3
    assert all("*" in name for name in words(page, 1))

    pick(counter, page, ids[1])
    counter.shortcut("Ctrl+T")
    assert counter.window.focusWidget() is page.detail.calls
    counter.press(Qt.Key.Key_Right)
    counter.press(Qt.Key.Key_Right)
    counter.shortcut("Ctrl+T")
    counter.settle()
    assert audit(counter, "told") == [How.NO_ANSWER]
    assert words(page, 4) == ["没告知", "没人接 1 次", "没告知"]

    assert untold(counter) == 3
    page.detail.calls.setFocus()
    counter.press(Qt.Key.Key_Right)
    commit(page.detail.words, "女儿周敏接的，周五来拿")
    counter.shortcut("Ctrl+T")
    counter.settle()
    assert words(page) == ["不通过", "需补正", "通过"]
    assert (untold(counter), page.detail.words.value()) == (2, "")
    assert page.detail._said.text() == "写下过 1 次通话，显示号码后看得到"
    assert not any("周敏" in entry.what for entry in counter.audit())
    assert words(page, 4) == ["没告知", "没告知", "2 月 6 日 电话"]
    # The row is followed to where it went, and the next call begins without a choice.
    assert page.current().id == ids[1]
    assert page.detail.calls.value() == ""

    page.detail.mistaken.click()
    counter.settle()
    assert untold(counter) == 3
    assert words(page, 4) == ["没告知", "没人接 1 次", "没告知"]
    page.detail.letter_button.click()
    counter.settle()
    assert words(page, 4)[-1] == "2 月 6 日 交了通知"
    page.choose("untold")
    assert words(page) == ["不通过", "需补正"]
    assert untold(counter) == 2
    the_list_of_those_not_told_prints_and_what_was_said_is_read_again(counter, page, ids[1])
    page.choose("approved")
    assert words(page) == ["通过"]

    page.choose("all")
    later(counter, 17)
    outcomes(counter)
    assert words(page, 4) == ["17 天没告知", "17 天没告知", "2 月 6 日 交了通知"]
    for size in ((1366, 768), (1280, 720), (1920, 1080)):
        counter.window.resize(*size)
        for id_ in ids:
            pick(counter, page, id_)
            assert clipped(page) == []


def test_what_was_sent_back_opens_as_the_next_version_where_the_office_asks(counter, stick):
    (id_,) = answered(counter, stick, SUPPLEMENT)
    page = read(counter, stick)
    counter.press(Qt.Key.Key_Return)
    counter.wait("补正件", lambda: counter.window.current == "case")
    counter.settle()
    assert counter.window.isActiveWindow()
    assert counter.page.step == "materials"
    asked = [finding for finding in counter.session.state.findings if finding.id.startswith("office.")]
    assert {finding.field for finding in asked} == {"papers.diagnosis", "diseases.0.diagnosed_on"}
    assert counter.stored(id_).state is State.DRAFT
    assert counter.stored(id_).mends is not None

    # It stands among the outcomes still: the applicant was not told yet.
    page = outcomes(counter)
    assert words(page, 2) == ["补 2 处：疾病诊断证明书、确诊日期 1"]
    assert page.table.lines()[0].cell(2)["sub"].startswith("正在补")
    go = [one for one in page.detail.findChildren(type(page.detail.main)) if one.text() == "到「病种与机构·确诊日期 1」"]
    go[0].click()
    counter.wait("补正件", lambda: counter.window.current == "case")
    counter.settle()
    assert counter.page.step == "disease"
    assert counter.window.focusWidget().property("path") == "diseases.0.diagnosed_on"

    # The notice lists it all, of the version that was handed over.
    page = outcomes(counter)
    page.print_current()
    counter.wait("通知", lambda: counter.dialog() is not None)
    panel = counter.dialog().panel
    assert {offer.kind for offer in panel.offers if offer.usual} == {"notice", "notice-large"}
    assert not any(offer.sheet.document.problems for offer in panel.offers)
    counter.dialog().reject()
    counter.settle()

    # Opened by mistake, the next version is let go.
    page.detail.leave_button.click()
    counter.dialog().confirm()
    counter.settle()
    assert counter.stored(id_).state is State.SUPPLEMENT
    assert page.detail.leave_button.isHidden()


def test_a_refusal_tells_why_and_begins_a_new_application_of_the_same_person(counter, stick):
    (id_,) = answered(counter, stick, REFUSED)
    page = read(counter, stick)
    said = texts(page.detail)
    assert "“FEV1/FVC 0.74，未达到认定标准（低于 0.70）”（代码 R12）" in said
    assert "过三个月再查一次肺功能" in said
    # Neither the region nor the answer says how to disagree, so nobody is told a way.
    assert not any("不同意" in text for text in said)
    page.set_background(Background(id_, appeal="60 日内向市医保局提出"))
    counter.settle()
    assert "不同意这个结果：60 日内向市医保局提出" in texts(page.detail)
    counter.shortcut("F5")
    counter.wait("新申请", lambda: counter.window.current == "case")
    assert counter.application.id != id_
    assert counter.application.applicant.name == "韩大勤"
    assert not any(paper.pages for paper in counter.application.papers)


def test_the_letter_is_looked_at_and_printed_and_that_alone_tells_nobody(counter, stick):
    answered(counter, stick, APPROVED)
    page = read(counter, stick)
    counter.shortcut("Ctrl+P")
    counter.wait("通知", lambda: counter.dialog() is not None)
    panel = counter.dialog().panel
    counter.wait("能打", panel.print.isEnabled)
    assert [offer.kind for offer in panel.offers] == ["outcome"]
    panel.print_chosen()
    counter.wait("打了", lambda: "已交给打印机" in panel.message.text())
    assert len(counter.printer.printed) == 1
    counter.dialog().reject()
    counter.settle()
    assert [what.split(" ")[0] for what in audit(counter, "print")] == ["outcome"]
    assert words(page, 4) == ["没告知"]


def test_a_gap_and_a_forged_answer_are_said_and_nothing_behind_them_is_shown(counter, stick):
    def work():
        (base,) = handed(counter.window.desk, stick, "韩大勤")
        lay(counter.window.desk, stick, replace(base, seq=1, content=Accepted("A1")))
        lay(counter.window.desk, stick, replace(base, seq=3, content=APPROVED))
        lay(counter.window.desk, stick, replace(base, seq=4, content=REFUSED), key=STRANGER)
        return base

    base = on_lane(counter.window.lane, work)
    page = read(counter, stick)
    assert page.table.lines() == ()
    assert page.gap.text() == "缺第 2 号。3 先放着，读到 2 再显示。先读 2 号，多半在上一只 U 盘里。"
    assert "第 4 号签名不对，已隔开" in page.message.text()
    on_lane(counter.window.lane, lambda: lay(counter.window.desk, stick, replace(base, seq=2, content=Approved("2026-02-05"))))
    page.gap.acted.emit()
    counter.settle()
    assert page.gap.text() == ""
    assert words(page) == ["通过"]


def test_an_answer_heard_by_telephone_is_marked_and_gives_way_to_the_signed_one(counter, stick):
    (base,) = on_lane(counter.window.lane, lambda: handed(counter.window.desk, stick, "韩大勤"))
    page = outcomes(counter)
    counter.shortcut("Ctrl+Shift+T")
    dialog = counter.dialog()
    assert isinstance(dialog, HeardDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.message.text() == "先找到是哪件"
    dialog.which.setFocus()
    dialog.which.insert("韩大勤")
    dialog.which.textEdited.emit("韩大勤")
    counter.wait("找到", lambda: dialog.one.value() == base.application)
    assert "韩*勤" in dialog.one.currentText()
    QTest.keyClick(dialog.kind, Qt.Key.Key_Right)
    QTest.keyClick(dialog.kind, Qt.Key.Key_Right)
    dialog.begins.put("2026.2.6")
    dialog.ends.put("二月")
    dialog.by.put("市局王科")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.message.text() == "日期读不出来，写成 2026-02-06；没说就空着"
    assert dialog.by.value() == "市局王科"
    dialog.refuse("机器存不进去")
    assert dialog.act.isEnabled()
    dialog.ends.put("")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    counter.wait("记下", lambda: counter.dialog() is None)
    counter.settle()
    assert page.table.lines()[0].cell(0)["sub"] == "电话听来的"
    assert any("市局王科说的，没有签名" in text for text in texts(page.detail))
    page.detail.visit_button.click()
    counter.settle()

    # The signed one says the same: it stands, and nobody is told twice.
    on_lane(counter.window.lane, lambda: lay(counter.window.desk, stick, replace(base, content=Approved("2026-02-06"))))
    page = read(counter, stick)
    assert page.table.lines()[0].cell(0)["sub"] == ""
    assert words(page, 4) == ["2 月 6 日 当面"]
    # Another one does not.
    different = replace(base, seq=2, content=Refused("重复享受"), at="2026-02-07T09:00:00")
    on_lane(counter.window.lane, lambda: lay(counter.window.desk, stick, different))
    page = read(counter, stick)
    assert words(page) == ["不通过"]
    assert words(page, 4) == ["没告知"]
    assert any(text.startswith("还有一个没有算的答复：2 月 6 日 通过，第 1 号，") for text in texts(page.detail))


def test_names_and_the_number_to_ring_are_covered_until_somebody_needs_them(counter, stick):
    answered(counter, stick, APPROVED)
    page = read(counter, stick)
    assert "139 **** 2345" in texts(page.detail)
    page.detail.names_button.click()
    counter.settle()
    assert "韩大勤" in texts(page.detail)
    assert not any("****" in text for text in texts(page.detail))
    assert page.detail.names_button.isHidden()
    assert "韩大勤" not in call(page.current())

    # The next clerk finds a page built anew, and covered.
    counter.window._take_desk(counter.window.desk)
    counter.window._to_work()
    assert outcomes(counter) is not page
    assert words(outcomes(counter), 1) == ["韩*勤"]
