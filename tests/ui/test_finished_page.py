"""The receipt's page: number and day, no invented promise, and printing as the next act until it is done."""

import datetime as dt
from dataclasses import replace

import pytest
from answers_kit import accepted, draft, offers, region, serve, state
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from app.adapters.documents.trials import trial_cases
from app.core.application import State
from app.core.submission import Submission
from app.services.papers import Later
from app.services.ports.transfer import Spooled
from app.services.printing import Wish
from app.ui import theme
from app.ui.case.finished_page import FinishedPage
from app.ui.case.finished_words import next_words, promise, returned
from app.ui.kit.layouts import row

YOUNG = replace(accepted().applicant, cert_number="", birth="1990-05-01")


@pytest.fixture(scope="module")
def shared(qapp):
    """Page and side panel in one window, as in the case frame; every test brings its case."""
    made = FinishedPage()
    made.panel.setFixedWidth(380)
    window = row((made, 1), made.panel)
    theme.dress(window)
    window.page = made
    window.show()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def window(shared):
    shared.page.show_case(state(replace(accepted(), id="01JTRY0000000000000000000Z")))
    shared.resize(1190, 620)
    shared.activateWindow()
    QApplication.processEvents()
    return shared


@pytest.fixture
def page(window):
    return window.page


def ready(page, application=None, *, printer=True):
    page.show_case(state(application or accepted()))
    page.show_offers(offers())
    page.set_printer(available=printer)
    QApplication.processEvents()


def test_number_and_day_are_said(page):
    ready(page)
    assert page.number.full() == "JQ03-260206-0018-5"
    assert page.due.full() == "2026 年 3 月 12 日 周四"
    assert page._how.full() == "受理次日起 20 个工作日；2 月 15–23 日放假，14、28 日上班"
    assert page._rule.full() == "这里的规定：自提交申请起 20 个工作日内"
    assert page._provisional.isHidden()
    assert clipped(page) == []
    assert clipped(page.panel) == []


def test_a_day_in_an_unpublished_year_is_called_provisional(page):
    day = dt.date(2026, 12, 21)
    application = accepted(day=day)
    assert application.acceptance.due_provisional
    page.show_case(state(application, today=day))
    assert not page._provisional.isHidden()
    assert page._provisional.accessibleName() == "暂推算"
    assert "放假安排没有公布" in page._how.full()


def test_where_the_region_names_no_limit_no_day_is_invented(page):
    place = replace(region(), limit=replace(region().limit, workdays=None, words=""))
    application = accepted(draft(), place)
    page.show_case(state(application, place))
    assert page.due.full() == "以经办机构告知为准"
    assert page._rule.isHidden()
    assert not any(char.isdigit() for char in page.due.full() + page._how.full())


def test_a_count_that_does_not_lead_to_the_promised_day_is_not_said():
    application = accepted()
    other = replace(application, acceptance=replace(application.acceptance, due="2026-03-05"))
    told = promise(state(other))
    assert told.day == "2026 年 3 月 5 日 周四"
    assert "个工作日" not in told.how


def test_papers_are_told_by_what_became_of_them(page):
    application = accepted()
    papers = (replace(application.papers[0], returned=False, kept=False), *application.papers[1:])
    application = replace(application, papers=papers)
    told = returned(state(application))
    assert told.open == "身份证"
    page.show_case(state(application))
    assert not page._open_row.isHidden()
    assert page._open.full().startswith("身份证：")
    page.show_case(state(accepted()))
    assert page._open_row.isHidden()


def sealed(revision, **more):
    return Spooled(Submission("JQ03", 7, "a", revision, "d" * 64), "bag", "s", 1, "2026-02-06T10:00:00", "罗静", **more)


@pytest.mark.parametrize(
    ("stands", "sent", "said"),
    [
        (State.READY, None, "已在本机排队"),
        (State.READY, {}, "已封好，存在本机"),
        (State.READY, {"place": "市局", "delivered_at": "2026-02-06T10:10:00"}, "已送到「市局」，等市局签收"),
        (State.READY, {"aside": True, "last_answer": "地点不收这一件。"}, "地点不收这一件。怎么办在「待报送」里"),
        (State.READY, {"older": 1, "delivered_at": "2026-02-06T10:10:00"}, "已在本机排队"),
        (State.SENT, {"delivered_at": "2026-02-06T10:10:00"}, "市局已签收"),
        (State.SUPPLEMENT, None, "补正"),
        (State.APPROVED, None, "通过了"),
        (State.REFUSED, None, "没有通过"),
        (State.VOID, None, "不报送"),
    ],
)
def test_what_comes_next_is_told_by_where_the_case_is_now(stands, sent, said):
    application = replace(accepted(), state=stands, revision=3)
    if sent is not None:
        sent = sealed(3 - sent.pop("older", 0), **sent)
    assert said in next_words(application, sent)


def test_large_print_is_chosen_for_an_old_applicant(page):
    ready(page)
    assert page.panel.papers.chosen() == ["form", "receipt-large", "materials-large"]
    assert "满 60 岁" in page.panel._why.full()


def test_the_usual_print_is_chosen_for_a_young_one(page):
    ready(page, replace(accepted(), id="01JTRY0000000000000000000B", applicant=YOUNG))
    assert page.panel.papers.chosen() == ["form", "receipt", "materials"]
    assert page.panel._why.isHidden()
    assert not page.panel.large.value()


def test_the_receipt_is_looked_at_first_and_the_arrows_choose_another(page, qtbot):
    looks = []
    page.panel.look_wanted.connect(looks.append)
    ready(page, replace(accepted(), id="01JTRY0000000000000000000B", applicant=YOUNG))
    assert looks == ["receipt"]
    rows = page.panel.papers.rows
    rows["receipt"].check.setFocus()
    qtbot.keyClick(rows["receipt"].check, Qt.Key.Key_Up)
    assert looks == ["receipt", "form"]
    qtbot.mouseClick(rows["cover"], Qt.MouseButton.LeftButton)
    assert looks == ["receipt", "form", "cover"]
    assert rows["cover"].property("on")


def test_large_print_is_one_tick_for_all_papers_and_is_looked_at(page, qtbot):
    looks = []
    page.panel.look_wanted.connect(looks.append)
    ready(page, replace(accepted(), id="01JTRY0000000000000000000B", applicant=YOUNG))
    page.panel.large.click()
    assert looks == ["receipt", "receipt-large"]
    assert page.panel.papers.chosen() == ["form", "receipt-large", "materials-large"]
    page.panel.large.click()
    assert looks[-1] == "receipt"


def test_who_was_given_large_print_before_is_given_it_again(page):
    page.show_case(state(replace(accepted(), id="01JTRY0000000000000000000B", applicant=YOUNG)))
    page.show_offers([replace(offer, times=2 if offer.kind == "receipt-large" else 0) for offer in offers()])
    assert page.panel.large.value()
    assert "补打第 2 次" in page.panel.papers.rows["receipt"]._note.full()


def test_a_paper_that_prints_elsewhere_says_where_and_the_rest_says_nothing(page):
    ready(page)
    assert page.panel._how.isHidden()
    page.show_offers([replace(one, wish=Wish("Back-Room") if one.kind == "form" else one.wish) for one in offers()])
    assert page.panel._how.full() == "申请表：用 Back-Room"
    assert clipped(page.panel) == []


def test_what_stands_in_the_way_is_said_and_taken_back(page):
    ready(page)
    page.printed(["form"])
    page.panel.stuck("打印机没纸了，装上 A4 纸")
    assert page.message.text() == "打印机没纸了，装上 A4 纸"
    assert page.panel.finished
    page.panel.stuck("")
    assert page.message.text() == "已交给打印机：申请表"


def test_what_is_ticked_prints_once_and_then_the_next_person_is_next(page, qtbot):
    ready(page)
    asked = []
    page.panel.print_wanted.connect(asked.append)
    assert page.panel.print.property("kind") == "primary"
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert asked == [["form", "receipt-large", "materials-large"]]
    assert not page.panel.print.isEnabled()
    with qtbot.waitSignal(page.done):
        page.printed(["form", "receipt-large"])
    assert page.message.text() == "已交给打印机：申请表、受理回执（大字）"
    assert page.panel.print.isEnabled()
    assert page.panel.print.property("kind") == "plain"
    assert page.panel.finished


def test_a_printer_that_does_not_take_it_leaves_printing_the_next_act(page):
    ready(page)
    page.panel.print.click()
    page.say("bad", "打印机没有接：看看有没有纸")
    assert page.message.text() == "打印机没有接：看看有没有纸"
    assert page.panel.print.isEnabled()
    assert page.panel.print.property("kind") == "primary"


def test_nothing_prints_before_the_documents_are_there(page, qtbot):
    page.show_case(state(accepted()))
    page.set_printer(available=True)
    with qtbot.assertNotEmitted(page.panel.print_wanted):
        page.panel.print_chosen()
    assert not page.panel.print.isEnabled()


def test_without_a_printer_saving_is_the_next_act(page):
    ready(page, printer=False)
    assert not page.panel.print.isEnabled()
    assert page.panel._printer.full() == "这台电脑没有打印机：可存为 PDF"
    assert page.panel.save.property("kind") == "primary"
    assert clipped(page.panel) == []


def test_saving_asks_where_and_says_which(page, qtbot, tmp_path):
    ready(page, printer=False)
    page.panel.save.click()
    dialog = page.panel._dialog
    assert isinstance(dialog, QFileDialog)
    page.panel.save.click()
    assert page.panel._dialog is dialog
    with qtbot.waitSignal(page.panel.save_wanted) as saved:
        dialog.fileSelected.emit(str(tmp_path))
    assert saved.args == [["form", "receipt-large", "materials-large"], str(tmp_path)]
    dialog.reject()
    assert page.panel._dialog is None
    page.say("good", "已存成 PDF：JQ03-260206-0018-5-form.pdf")
    assert page.panel.finished
    assert page.panel.save.property("kind") == "plain"


def test_nothing_ticked_offers_nothing(page):
    ready(page)
    page.panel.papers.tick(())
    page.panel._look()
    assert not page.panel.print.isEnabled()
    assert not page.panel.save.isEnabled()
    assert page.panel._count.full() == "勾上要打的"


def test_pages_are_counted(page, qtbot):
    ready(page)
    before = page.panel.papers.sheets()
    qtbot.mouseClick(
        page.panel.papers.rows["cover"].check,
        Qt.MouseButton.LeftButton,
        pos=page.panel.papers.rows["cover"].check.rect().center(),
    )
    assert page.panel.papers.sheets() == before + 1
    assert page.panel._count.full() == f"一次出齐，{before + 1} 页"


def test_pages_that_nobody_knows_yet_are_asked_for_once_and_counted_when_they_come(page):
    wanted, panel = [], page.panel
    panel.draw_wanted.connect(wanted.append)
    drawn = next(offer for offer in offers() if offer.kind == "materials-large")
    later = replace(drawn, sheet=Later("materials-large", 2, kept=True))
    page.show_case(state(accepted()))
    page.show_offers([later if offer is drawn else offer for offer in offers()])
    page.set_printer(available=True)
    assert wanted == [["materials-large"]]
    assert panel._count.full() == "一次出齐"
    assert panel.papers.rows["materials"]._note.full() == "2 份·一份交申请人"
    assert panel.print.isEnabled()
    panel.take([replace(later)], [drawn])  # asked of what was offered before
    assert panel.offer("materials-large") is later
    panel.take([later], [drawn])
    assert panel._count.full() == f"一次出齐，{panel.papers.sheets()} 页"
    assert panel.papers.rows["materials"]._note.full() == f"2 份 {drawn.document.pages} 页·一份交申请人"
    assert panel.sheets(["materials-large"]) == (drawn.sheet,)
    assert wanted == [["materials-large"]]


def test_the_next_case_begins_fresh(page):
    ready(page)
    page.printed(["form"])
    page.panel.papers.tick(("receipt",))
    page.show_case(state(accepted()))
    assert page.panel.papers.chosen() == ["receipt-large"]
    page.show_case(state(replace(accepted(), id="01JTRY0000000000000000000C", applicant=YOUNG)))
    assert not page.panel.finished
    assert page.message.text() == ""
    assert page.panel.papers.chosen() == []
    page.show_offers(offers())
    assert page.panel.papers.chosen() == ["form", "receipt", "materials"]


def test_printing_gets_the_focus_once_it_can_print(page, qtbot):
    page.show_case(state(accepted()))
    page.focus_first()
    page.show_offers(offers())
    page.set_printer(available=True)
    qtbot.waitUntil(page.panel.print.hasFocus)


def test_the_document_is_shown_as_it_prints(page, qtbot):
    found = {one.kind: one.sheet.document for one in offers()}
    asked = serve(page.paper, *found.values())
    look = page.panel.look_wanted
    look.connect(lambda kind: page.paper.put(found[kind].digest, kind, found[kind].pages, found[kind].problems))
    ready(page)
    qtbot.waitUntil(lambda: bool(asked), timeout=1000)
    assert page.paper.title == "receipt-large"
    assert not page.paper.desk.image().isNull()


def test_the_side_is_always_the_same(page):
    assert page.side_panel() is page.panel
    assert page.panel.isAncestorOf(page.paper)


@pytest.mark.parametrize("name", ["gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"])
@pytest.mark.parametrize("width", [1190, 1070])
def test_the_longest_case_is_not_cut(window, page, name, width):
    place = region(name)
    window.resize(width, 560)
    page.show_case(state(accepted(trial_cases(place)["longest"], place), place))
    page.show_offers(offers())
    page.set_printer(available=False)
    page.say("bad", "这个文件夹写不进去。换一个文件夹，文书还在本机")
    assert clipped(window) == []


def test_printing_leaves_the_focus_on_the_document_and_not_on_whatever_stands_next(page):
    ready(page)
    page.focus_first()
    assert page.panel.print.hasFocus()
    page.panel.print.click()
    assert page.panel.papers.rows["receipt"].check.hasFocus()


def test_a_narrow_page_shows_the_whole_number(page):
    ready(page)
    page.resize(480, 500)
    QApplication.processEvents()
    assert page.number.minimumSizeHint().width() <= 480 - 2 * 36
