"""A card on the reader fills the case, or finds the person at the workbench; without a reader nothing of it is to be seen.

And a scanner at the keyboard, letter by letter through the window's own handle: a code does what it is there for and leaves nothing behind.
"""

from dataclasses import replace

import pytest
from card_kit import SHEN, SOCIAL, TANG, HandReaders
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from whole_kit import QuietWorkplace
from window_kit import counter_at, on_lane

from app.core import sources
from app.core.application import Page
from app.services import originals, selftest
from app.ui import card_watch
from app.ui.case.card_desk import VOUCHER, CardDesk
from app.ui.wedge import GAP_MS

TOKEN = "0A91F3c7e65b20D4481e90aa17Bc3d55"

READERS = HandReaders()


class WithReader(QuietWorkplace):
    def _desk(self, store, clerk):
        return replace(super()._desk(store, clerk), cards=READERS)


@pytest.fixture(scope="module")
def counter(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(card_watch, "FIRST_MS", 0)
        patch.setattr(card_watch, "LOOK_MS", 250)
        with counter_at(tmp_path_factory.mktemp("cards"), door=WithReader) as there:
            yield there


@pytest.fixture
def bench(counter):
    """The workbench with one reader plugged in and nothing on it."""
    READERS.there = HandReaders().there
    counter.begin()
    counter.wait("读卡器", lambda: READERS.watched and counter.window.beside.cards.readers)
    READERS.lift()
    READERS.say("")
    counter.wait("空着", lambda: not counter.window.beside.cards.waiting() and not counter.window.beside.cards.trouble)
    return counter


@pytest.fixture
def case(bench):
    bench.new()
    return bench


def bar(counter):
    return counter.page.findChild(CardDesk).bar


def test_two_cards_fill_both_people_and_the_page_says_where_it_came_from(case):
    page = case.page.page("identity")
    assert page.read_button.isVisible()
    assert page.note.full() == "两张证都放上读卡器，空着的自己会填"
    READERS.put(SHEN)
    case.wait("申请人", lambda: case.application.applicant.name == "沈桂兰")
    assert page._applicant_head._note.full() == "读自身份证 10:24，可改；改过会注明"
    name = next(w for w in page.findChildren(object) if w.property("path") == "applicant.name")
    assert (name.value(), name.property("state")) == ("沈桂兰", "card")
    READERS.lift()
    READERS.put(TANG)
    case.wait("代办人", lambda: case.application.agent.name == "唐海")
    assert case.application.by_agent
    assert "按代办人填了" in bar(case).text()
    case.page.open_step("insurance")
    assert bar(case).text() == ""
    READERS.lift()
    READERS.put(SOCIAL)
    case.wait("卡号", lambda: case.application.insurance.card_number == "A12345678")
    assert bar(case).text() == SOCIAL.locked


def test_what_the_card_says_otherwise_is_asked_and_shift_f5_lets_it_win(case):
    case.session.edit("applicant.cert_number", SHEN.number)
    case.session.edit("applicant.name", "沈桂蓝")
    READERS.put(SHEN)
    case.wait("问", lambda: bar(case).text() != "")
    assert "卡上「沈桂兰」，这里「沈桂蓝」" in bar(case).text()
    assert case.application.applicant.name == "沈桂蓝"
    case.shortcut("Shift+F5")
    assert case.application.applicant.name == "沈桂兰"
    assert bar(case).text() == ""


def test_whoever_goes_on_without_an_answer_keeps_what_was_typed_and_what_the_card_said(case):
    case.session.edit("applicant.cert_number", SHEN.number)
    case.session.edit("applicant.name", "沈桂蓝")
    READERS.put(SHEN)
    case.wait("问", lambda: bar(case).text() != "")
    case.page.open_step("disease")
    assert case.application.applicant.name == "沈桂蓝"
    assert sources.words(case.application, "applicant.name").endswith("：沈桂兰，已改")


def test_f5_reads_again_and_what_is_wrong_is_one_sentence_under_the_head(case):
    asked = READERS.asked_again
    case.shortcut("F5")
    assert READERS.asked_again == asked + 1
    READERS.say("读卡器没有应答，看电源和线；会自己再试")
    case.wait("说了", lambda: bar(case).text() == "读卡器没有应答，看电源和线；会自己再试")
    READERS.say("")
    case.wait("好了", lambda: bar(case).text() == "")


def test_a_card_put_down_elsewhere_waits_for_a_step_that_takes_it(case):
    case.page.open_step("disease")
    READERS.put(SHEN)
    case.wait("放着", case.window.beside.cards.waiting)
    case.settle()
    assert case.application.applicant.name == ""
    case.page.open_step("identity")
    assert case.application.applicant.name == "沈桂兰"
    assert case.window.beside.cards.waiting() == ()


def test_a_case_that_may_only_be_looked_at_takes_no_card(case, monkeypatch):
    monkeypatch.setattr(type(case.session), "editable", property(lambda _self: False))
    before = case.application
    READERS.put(SHEN)
    case.wait("放着", case.window.beside.cards.waiting)
    case.settle()
    assert case.application == before


def test_at_the_workbench_a_strangers_card_begins_an_application_and_a_known_ones_goes_on(bench):
    stranger = replace(TANG, name="段春", number="51040219000101029X")
    READERS.put(stranger)
    bench.wait("新的一件", lambda: bench.window.current == "case" and bench.application.applicant.name == "段春")
    first = bench.application.id
    bench.settle()
    READERS.lift()
    bench.begin()
    READERS.put(stranger)
    bench.wait("接着办", lambda: bench.window.current == "case")
    assert bench.application.id == first
    READERS.lift()
    bench.begin()
    bench.new()
    bench.session.edit("applicant.cert_number", stranger.number)
    bench.session.flush()
    bench.settle()
    bench.begin()
    READERS.put(stranger)
    page = bench.window.page("workbench")
    bench.wait("列出来", lambda: "这位在本机有 2 件" in page.message.text())
    bench.settle()
    assert page.table.model().rowCount() == 2
    assert page.search.value() == stranger.number
    bench.new()
    bench.wait("自己填", lambda: bench.application.applicant.name == "段春")
    assert (page.search.value(), page.message.text()) == ("", "")


def test_a_locked_social_card_finds_nobody_and_says_so(bench):
    READERS.put(SOCIAL)
    page = bench.window.page("workbench")
    bench.wait("说了", lambda: "放身份证" in page.message.text())
    assert bench.window.current == "workbench"


def test_the_setting_chooses_among_readers_and_without_one_nothing_is_to_be_seen(case):
    cards = case.window.beside.cards
    store = case.window.desk.store
    on_lane(case.window.lane, lambda: store.keep("card_reader", "usb"))
    cards.choose()
    page = case.page.page("identity")
    case.settle()
    assert READERS.watched == {}
    assert not page.read_button.isVisible()
    assert "照证件填" in page.note.full()
    assert "F5" not in [hint.cap for hint in page.hints()]
    asked = READERS.asked_again
    case.shortcut("F5")
    assert READERS.asked_again == asked
    on_lane(case.window.lane, lambda: store.keep("card_reader", ""))
    cards.choose()
    case.wait("又有了", page.read_button.isVisible)


class Clock:
    """When the keys were pressed, by the keyboard's own clock: how long the window takes for each is not the scanner's rhythm."""

    now = 1000


def strike(counter, key, text, gap):
    Clock.now += gap
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
        event.setTimestamp(Clock.now)
        QApplication.sendEvent(counter.window.windowHandle(), event)


def scan(counter, row, end=Qt.Key.Key_Return, gap=16):
    """Type as a scanner does, at the window's handle."""
    Clock.now += 1000
    for letter in row:
        strike(counter, Qt.Key(ord(letter.upper())), letter, gap)
    if end is not None:
        strike(counter, end, {Qt.Key.Key_Return: "\r", Qt.Key.Key_Tab: "\t"}[end], gap)


def field(counter, path):
    found = next(w for w in counter.page.findChildren(object) if w.property("path") == path)
    found.setFocus()
    return found


def test_an_e_voucher_is_noted_as_shown_and_its_code_is_nowhere(case):
    case.session.edit("applicant.name", "段春")
    case.session.edit("applicant.phone", "13800001234")
    seen = []
    case.session.changed.connect(lambda: seen.append(repr(case.application)))
    for path, end in (("applicant.name", Qt.Key.Key_Return), ("applicant.phone", Qt.Key.Key_Tab), ("applicant.phone", None)):
        here = field(case, path)
        stood = here.value()
        case.session.edit("insurance.voucher", "")
        scan(case, TOKEN, end)
        case.wait("记下", lambda: case.application.insurance.voucher == "e_voucher")
        assert bar(case).text() == VOUCHER
        assert (here.value(), case.focused()) == (stood, path)
        here.undo()
        assert here.value() == stood
    case.session.flush()
    case.settle()
    # The first letters are anybody's; not one more came anywhere.
    assert not any(TOKEN[3:7] in one for one in (*seen, repr(case.stored())))
    assert not any(TOKEN[3:7] in repr(row) for row in case.audit())


def test_a_page_that_is_stored_between_two_letters_of_a_scan_stays(case):
    field(case, "applicant.name")
    Clock.now += 1000
    for at, letter in enumerate(TOKEN):
        if at == len(TOKEN) // 2:
            case.session.edit_pages(lambda one: originals.place(one, "identity", (Page("01PAGE"),)))
        strike(case, Qt.Key(ord(letter.upper())), letter, 16)
    strike(case, Qt.Key.Key_Return, "\r", 16)
    case.wait("记下", lambda: case.application.insurance.voucher == "e_voucher")
    assert [one.original for one in case.application.paper("identity").pages] == ["01PAGE"]
    assert case.application.applicant.name == ""


def test_the_code_on_a_paper_opens_its_case_from_any_field_of_another(case):
    case.session.edit("applicant.name", "唐海")
    case.session.flush()
    case.settle()
    wanted = case.application.id
    case.begin()
    case.new()
    case.session.edit("applicant.name", "段春")
    begun = case.application.id
    here = field(case, "applicant.phone")
    scan(case, wanted)
    case.wait("打开", lambda: case.window.current == "case" and case.application.id == wanted)
    assert here.value() == ""
    scan(case, wanted)
    assert case.window.current == "case"
    stored = case.stored(begun)
    assert (stored.applicant.name, stored.applicant.phone) == ("段春", "")


def test_at_the_workbench_a_code_is_looked_for_and_a_voucher_is_told_to_wait(bench):
    counter = bench
    page = counter.window.page("workbench")
    scan(counter, TOKEN)
    counter.wait("说了", lambda: "先开一件申请" in page.message.text())
    assert page.search.value() == ""
    scan(counter, "01KBX2V9Y7Q3N5T8R1M4C6W0ZD")
    assert page.search.value() == "01KBX2V9Y7Q3N5T8R1M4C6W0ZD"


def test_what_is_no_code_arrives_whole_in_order_and_with_its_enter(case):
    field(case, "applicant.cert_number")
    scan(case, "510402190001019980")
    assert case.application.applicant.cert_number == "510402190001019980"
    case.wait("下一格", lambda: case.focused() == "applicant.birth")
    here = field(case, "applicant.phone")
    scan(case, "13800001234", None)
    case.wait("迟到的", lambda: here.value() == "13800001234")
    QTest.mouseClick(case.window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert case.application.applicant.phone == "13800001234"


def test_a_person_types_without_a_letter_being_held_back(case):
    here = field(case, "applicant.phone")
    for at, letter in enumerate("13800", start=1):
        strike(case, Qt.Key(ord(letter)), letter, GAP_MS + 1)
        assert here.value() == "13800"[:at]


@pytest.mark.parametrize("where", ["hidden", "lock"])
def test_where_a_passphrase_is_typed_every_letter_arrives_at_once(case, monkeypatch, where):
    here = field(case, "applicant.phone")
    here.clear()
    if where == "lock":
        monkeypatch.setattr(type(case.window), "bare", True)
    else:
        here.setEchoMode(QLineEdit.EchoMode.Password)
    scan(case, TOKEN, None)
    assert here.text() == TOKEN
    here.setEchoMode(QLineEdit.EchoMode.Normal)


def test_the_self_test_names_the_reader_and_what_is_missing():
    found = selftest.reader(HandReaders())
    assert (found.tone, found.said) == ("good", "身份证读卡器（COM3） 应答。放一张证件试试")
    none = HandReaders()
    none.there = []
    assert (selftest.reader(none).tone, selftest.reader(none).todo) == ("open", none.lacking()[0])
    assert "不用读卡器" in selftest.reader(none, off=True).said
