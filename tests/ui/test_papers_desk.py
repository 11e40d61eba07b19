"""Printing in the window: the bundle of the moment by one key, what is looked at is what prints, and a printer that hangs."""

import threading
from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from whole_kit import quick_slots
from window_kit import counter_at, on_lane

from app.core.application import State
from app.core.errors import AppError
from app.core.region import Deferral
from app.services import papers, printing
from app.services.printing import Wish, usual
from app.ui.case.causes_dialog import CausesDialog
from app.ui.case.how_dialog import HowDialog
from app.ui.case.papers_dialog import PapersDialog
from app.ui.case.sign_dialog import SignDialog
from app.ui.case.step import FormPage
from app.ui.print_work import PrinterLane, printer_lane


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    shared.begin()
    shared.printer.stuck = shared.printer.refusal = ""
    yield shared
    while (left := shared.dialog()) is not None:
        left.reject()


def prepare(counter, region):
    """Let the forms be this region's already: nobody changes a region between two cases."""
    if counter.window.has("case"):
        for page in counter.page._pages.values():
            if isinstance(page, FormPage):
                page.prepare(region)


def settle(counter):
    """Wait until both lanes are idle: a print goes from one to the other and back."""
    own = printer_lane(counter.window.lane)
    counter.wait("打印", lambda: not counter.window.lane.pending and not own.pending)


def finished(counter):
    counter.new()
    counter.answer_at_once()
    counter.accept()
    settle(counter)
    panel = counter.page.page("finished").panel
    counter.wait("文书", lambda: bool(panel.offers) and panel.print.isEnabled())
    return panel


def notice(counter):
    counter.shortcut("F7")
    counter.wait("告知书", lambda: isinstance(counter.dialog(), PapersDialog) and counter.dialog().panel.print.isEnabled())
    return counter.dialog()


def prints(counter):
    return [entry.what for entry in counter.audit() if entry.act == "print" and entry.subject == counter.application.id]


def test_one_key_prints_the_bundle_that_was_looked_at(counter):
    panel = finished(counter)
    shown = {kind: panel.offer(kind).sheet.document.pdf for kind in panel.papers.chosen()}
    counter.shortcut("Ctrl+P")
    settle(counter)
    titles = [title for _, title in counter.printer.printed]
    assert titles == ["申请表", "受理回执（大字）", "材料接收清单（大字）", "材料接收清单（大字）"]
    assert {pdf for pdf, _ in counter.printer.printed} == set(shown.values())
    stored = on_lane(counter.window.lane, lambda: counter.window.desk.store.documents(counter.application.id))
    assert all(stored[kind].pdf == pdf for kind, pdf in shown.items())
    assert [both for _, both in counter.printer.sent] == [True, False, False]
    assert [what.split()[0] for what in reversed(prints(counter))] == ["form", "receipt-large", "materials-large"]


def test_where_an_accepted_case_is_by_now_is_said_when_it_is_opened_again(counter):
    finished(counter)
    page, id_ = counter.page.page("finished"), counter.application.id
    assert page._next._text.full().startswith("已在本机排队")
    set_sent = "UPDATE applications SET state = 'sent' WHERE id = ?"
    on_lane(counter.window.lane, lambda: counter.window.desk.store._db.execute(set_sent, (id_,)).rowcount)
    counter.window.open("workbench")
    counter.window.open_case(id_)
    counter.wait("签收", lambda: page._next._text.full() == "市局已签收，等结果。")


def test_a_second_print_is_marked_and_counted(counter):
    panel = finished(counter)
    counter.shortcut("Ctrl+P")
    settle(counter)
    first = dict(map(reversed, counter.printer.printed))
    counter.wait("补打", lambda: panel.offer("form").times == 1 and panel.offer("receipt-large").document is not None)
    assert "2 页·补打第 1 次" in panel.papers.rows["form"]._note.full()
    # Only the one that is looked at is drawn with its mark.
    assert [panel.offer(kind).document for kind in ("form", "materials-large")] == [None, None]
    panel.papers.tick(("form",))
    panel._look()
    counter.shortcut("Ctrl+P")
    settle(counter)
    pdf, title = counter.printer.printed[-1]
    assert title == "申请表"
    assert pdf != first["申请表"]
    assert on_lane(counter.window.lane, lambda: papers.prints(counter.window.desk, counter.application.id, "form")) == 2


def test_a_paper_that_is_seldom_wanted_is_drawn_when_it_is_and_prints_as_it_was_looked_at(counter, monkeypatch):
    panel = finished(counter)
    cover, row = panel.offer("cover"), panel.papers.rows["cover"]
    assert (cover.document, row._note.full()) == (None, "1 份·夹在最上面")
    row.check.setFocus()
    settle(counter)
    seen = panel.offer("cover").document
    assert row._note.full() == "1 份 1 页·夹在最上面"
    assert (panel.papers.current, panel.paper.title) == ("cover", "案卷封面")
    panel.papers.tick(("cover", "withdrawal"))  # the withdrawal was never looked at
    counter.shortcut("Ctrl+P")
    settle(counter)
    assert [title for _, title in counter.printer.printed] == ["撤回申请（大字）", "撤回申请（大字）", "案卷封面"]
    assert counter.printer.printed[-1][0] == seen.pdf
    assert panel.offer("privacy-large").document is None

    def render(*_given, **_named):
        raise AppError("版式用不了")

    monkeypatch.setattr(counter.window.desk.printery, "render", render)
    panel.papers.rows["privacy"].check.click()
    settle(counter)
    assert panel.message.text() == "版式用不了"
    counter.shortcut("Ctrl+P")
    settle(counter)
    assert panel.message.text() == "版式用不了"
    assert panel.print.isEnabled()
    assert len(counter.printer.printed) == 3


def test_the_notice_is_looked_at_first_and_printed_twice(counter):
    counter.new()
    counter.answer_all()
    dialog = notice(counter)
    panel = dialog.panel
    assert counter.printer.printed == []
    assert panel.papers.chosen() == ["notice-large"]
    assert clipped(dialog) == []
    counter.wait("图", lambda: not panel.paper.desk.image().isNull())
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(counter)
    stored = on_lane(counter.window.lane, lambda: counter.window.desk.store.documents(counter.application.id))
    assert counter.printer.printed == [(stored["notice-large"].pdf, "一次性告知书（大字）")] * 2
    assert prints(counter) == [f"notice-large {stored['notice-large'].digest[:8]} 2 份"]
    dialog.reject()


def test_a_refused_notice_is_kept_and_said(counter):
    counter.new()
    counter.answer_all()
    counter.printer.refusal = "打印机没有收下"
    dialog = notice(counter)
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(counter)
    assert dialog.panel.message.text() == "打印机没有收下"
    assert dialog.panel.print.isEnabled()
    stored = on_lane(counter.window.lane, lambda: counter.window.desk.store.documents(counter.application.id))
    assert set(stored) == {"notice-large"}
    assert prints(counter) == []
    dialog.reject()


def test_with_nothing_to_mend_there_is_no_notice(counter):
    counter.new()
    counter.answer_at_once()
    counter.shortcut("F7")
    settle(counter)
    assert counter.dialog() is None
    assert "不用打一次性告知书" in counter.page.message.text()


def test_printer_and_copies_are_chosen_by_keyboard_and_remembered(counter):
    panel = finished(counter)
    counter.shortcut("Ctrl+Shift+P")
    counter.wait("怎么打", lambda: isinstance(counter.dialog(), HowDialog) and counter.dialog().act.isEnabled())
    dialog = counter.dialog()
    assert clipped(dialog) == []
    assert dialog.copies["materials"].currentText() == "照常 2 份"
    dialog.printers["form"].put("Back-Room")
    dialog.copies["receipt"].put("3")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(counter)
    counter.wait("改了", lambda: panel.offer("receipt-large").sheet.copies == 3)
    assert "用 Back-Room" in panel._how.full()
    counter.shortcut("Ctrl+P")
    settle(counter)
    assert [to for to, _ in counter.printer.sent] == ["Back-Room", "", ""]
    assert [title for _, title in counter.printer.printed].count("受理回执（大字）") == 3
    desk = counter.window.desk
    known = on_lane(counter.window.lane, lambda: (printing.wish(desk, "form"), printing.wish(desk, "receipt-large")))
    assert known == (Wish("Back-Room"), Wish("", 3))
    on_lane(counter.window.lane, lambda: [printing.remember(desk, kind, Wish()) for kind in ("form", "receipt")])
    assert on_lane(counter.window.lane, lambda: desk.store.setting("print.form")) == ""


def test_what_stands_in_the_way_of_a_taken_job_is_said(counter, monkeypatch):
    monkeypatch.setattr("app.ui.print_work._QUIET_S", 0.0)
    monkeypatch.setattr("app.services.printing.FOLLOWED_SECONDS", 0.0)
    panel = finished(counter)
    counter.printer.stuck = "打印机没纸了，装上 A4 纸"
    counter.shortcut("Ctrl+P")
    settle(counter)
    assert panel.message.text() == "打印机没纸了，装上 A4 纸"
    assert panel.finished


def test_a_printer_that_hangs_holds_up_neither_typing_nor_the_store(counter, monkeypatch):
    panel = finished(counter)
    go_on, waiting = threading.Event(), threading.Event()

    def hang(*_given, **_named):
        waiting.set()
        assert go_on.wait(60)
        return ""

    monkeypatch.setattr(counter.printer, "print", hang)
    counter.shortcut("Ctrl+P")
    counter.wait("打印机", waiting.is_set)
    counter.new()
    counter.fill("applicant.name", "周敏")
    counter.page.left()
    counter.wait("存好", lambda: not counter.window.lane.pending)
    assert counter.stored().applicant.name == "周敏"
    assert not panel.finished
    go_on.set()
    settle(counter)


def test_a_print_under_way_is_in_the_audit_when_the_window_closes(qapp, tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    with counter_at(tmp_path / "data") as counter:
        finished(counter)
        id_ = counter.application.id
        noted = []
        desk = counter.window.desk
        note = desk.store.note
        monkeypatch.setattr(desk.store, "note", lambda who, act, *rest: (noted.append((act, *rest)), note(who, act, *rest)))
        counter.shortcut("Ctrl+P")
        counter.window.close()
        assert [(act, subject) for act, subject, *_ in noted if act == "print"] == [("print", id_)] * 3
        assert counter.window.lane.findChild(PrinterLane).stopped


def test_the_form_is_signed_on_the_screen_and_prints_signed(counter):
    panel = finished(counter)
    page = counter.page.page("finished")
    assert "一样有效" in page._signed.full()
    counter.shortcut("Ctrl+Shift+S")
    counter.wait("签名板", lambda: isinstance(counter.dialog(), SignDialog))
    dialog = counter.dialog()
    assert clipped(dialog) == []
    assert not dialog.act.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    counter.wait("图", lambda: not dialog.paper.desk.image().isNull())
    QTest.mousePress(dialog.pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(dialog.pad, QPoint(300, 180))
    QTest.mouseRelease(dialog.pad, Qt.MouseButton.LeftButton, pos=QPoint(300, 180))
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    counter.wait("签好", lambda: panel.offer("form-signed") is not None)
    assert "不是可靠电子签名认证" in page._signed.full()
    counter.shortcut("Ctrl+P")
    settle(counter)
    stored = on_lane(counter.window.lane, lambda: counter.window.desk.store.documents(counter.application.id))
    assert counter.printer.printed[0] == (stored["form-signed"].pdf, "申请表（已签名）")
    assert stored["form-signed"].pdf.startswith(stored["form"].pdf)


def lacking(counter, *requirements):
    """A case in which all but these papers is there."""
    counter.new()
    counter.answer_at_once()
    whole = counter.application
    counter.session.replace(replace(whole, papers=tuple(p for p in whole.papers if p.requirement not in requirements)))
    # The store is shared: the same person was here before.
    counter.settle()
    counter.give_reasons()


def back(counter, id_):
    """The person comes back: the case is opened again."""
    counter.window.open_case(id_)
    counter.wait("再打开", lambda: counter.window.current == "case" and counter.application.id == id_)


def test_the_printed_notice_parks_the_case_and_leads_back_to_the_workbench(counter):
    lacking(counter, "identity", "diagnosis")
    id_ = counter.application.id
    dialog = notice(counter)
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(counter)
    assert dialog.stay.text().startswith("回工作台")
    dialog.reject()
    counter.wait("工作台", lambda: counter.window.current == "workbench")
    store = counter.window.desk.store
    row = on_lane(counter.window.lane, lambda: store.entries(states=[State.WAITING])[0])
    assert (row.id, row.lacking) == (id_, 2)
    back(counter, id_)
    assert counter.page.step == "materials"
    assert counter.page.gaps.words() == "2 月 6 日告知要补 2 样，还差 2 样"
    assert [(mark.look, mark.field) for mark in counter.page.gaps.marks()] == [
        ("open", "papers.identity"), ("open", "papers.diagnosis"),
    ]  # fmt: skip
    materials = counter.page.page("materials")
    assert [slot.view.id for slot in materials.list._slots.values() if not slot.view.done] == ["identity", "diagnosis"]
    assert clipped(counter.page.gaps) == []
    counter.see_papers()
    counter.wait("补齐", lambda: counter.page.gaps.words().endswith("都补齐了"))
    assert {mark.look for mark in counter.page.gaps.marks()} == {"filled"}
    counter.session.edit("applicant.phone", "")
    assert [mark.look for mark in counter.page.gaps.marks()][-1] == "new"
    counter.session.edit("applicant.phone", "13800001234")
    assert counter.accept()
    assert counter.page.gaps.isHidden()


def test_a_notice_that_was_only_looked_at_parks_nothing(counter):
    lacking(counter, "diagnosis")
    id_ = counter.application.id
    notice(counter).reject()
    counter.settle()
    assert counter.window.current == "case"
    assert on_lane(counter.window.lane, lambda: counter.window.desk.store.application(id_)).state is State.DRAFT


def test_a_promised_paper_is_taken_in_later_as_the_next_version(counter, monkeypatch, request):
    rule = Deferral(("diagnosis",), "10 个工作日内", "退回", "来源文档", workdays=10)
    desk = counter.window.desk
    allowing = replace(desk.region, deferral=rule)
    monkeypatch.setattr(type(desk), "region_of", lambda *_: allowing)
    prepare(counter, allowing)
    request.addfinalizer(lambda: prepare(counter, desk.region))
    lacking(counter, "diagnosis")
    counter.page.open_step("materials")
    materials = counter.page.page("materials")
    materials.focus_field("papers.diagnosis")
    slot = materials.list.slot("diagnosis")
    assert slot.view.later == "may"
    counter.shortcut("Shift+F7")
    assert (slot.view.verdict, slot.view.done, slot.view.aside) == ("容缺·至 2-27", True, "受理后补")
    assert clipped(materials) == []
    number = counter.accept()
    settle(counter)
    assert counter.page.gaps.words() == "容缺受理的还欠 1 样，2 月 27 日前补齐"
    panel = counter.page.page("finished").panel
    counter.wait("文书", lambda: bool(panel.offers))
    assert "conditional" in {usual(kind) for kind in panel.papers.chosen()}
    counter.shortcut("Ctrl+Shift+B")
    counter.wait("后补", lambda: counter.page.step == "materials" and counter.session.editable)
    assert counter.page.gaps.words().startswith("收后补的材料：1 样，放进来 0 样")
    assert materials.current == "diagnosis"
    counter.see_papers()
    assert [mark.look for mark in counter.page.gaps.marks()] == ["filled"]
    assert counter.accept() == number
    assert counter.page.gaps.isHidden()
    stored = on_lane(counter.window.lane, lambda: desk.store.application(counter.application.id))
    assert stored.deferred[0].came_at


def test_why_it_cannot_be_taken_here_is_chosen_looked_at_and_printed(counter):
    lacking(counter, "diagnosis")
    id_ = counter.application.id
    counter.shortcut("Ctrl+F7")
    dialog = counter.dialog()
    assert isinstance(dialog, CausesDialog)
    assert clipped(dialog) == []
    dialog.confirm()
    assert dialog.isVisible()  # nothing was ticked: nothing to print
    next(check for check in dialog.checks if check.text() == "参保地").click()
    dialog.problem.setText("系统今天停机")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    counter.wait("原因", lambda: isinstance(counter.dialog(), PapersDialog) and counter.dialog().panel.print.isEnabled())
    dialog = counter.dialog()
    assert clipped(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(counter)
    dialog.reject()
    rows = [(row.act, row.what) for row in counter.audit() if row.subject == id_]
    assert ("declined", "insured-elsewhere written") in rows
    assert [title for _, title in counter.printer.printed] == ["暂不能受理的原因（大字）"] * 2
    # It decides nothing: the draft goes on.
    assert (counter.window.current, counter.stored(id_).state) == ("case", State.DRAFT)
