"""The applicant's screen beside a real case: it follows the step, shows nobody else, and what is pressed there reaches the clerk."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from whole_kit import quick_slots
from window_kit import counter_at, on_lane

from app.core.applicant_view import Act, Page
from app.core.application import Reason
from app.core.settings_all import LANGUAGE, MONITOR
from app.services import applicant_screen, settings, signing
from app.ui.applicant import screens
from app.ui.applicant.window import ApplicantWindow
from app.ui.case.mirror_dialog import MirrorDialog
from app.ui.case.sign_dialog import SignDialog


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    shared.begin()
    yield shared
    while (left := shared.dialog()) is not None:
        left.reject()


def desk(counter):
    counter.window.case_page()
    return counter.window._work.applicant


def begin(counter):
    """A case that could be accepted, with the applicant's screen lit."""
    counter.new()
    counter.answer_at_once()
    counter.keep_both()
    counter.shortcut("F9")
    return desk(counter)


def words(window):
    """Everything that stands on the screen, in any form."""
    found = [one.text() for one in window.findChildren(QLabel)] + [one.text() for one in window.findChildren(QPushButton)]
    found += [one.accessibleName() for one in window.page.findChildren(QPushButton)]
    return "\n".join([*found, window.windowTitle(), window.accessibleName(), str(window.view)])


def press(screen, act):
    QTest.mouseClick(screen.stand.window.page.buttons[act], Qt.MouseButton.LeftButton)


def say_all_right(screen):
    while screen.stand.window.view.page is Page.CHECK:
        press(screen, Act.RIGHT)


def write(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 120))
    QTest.mouseMove(pad, QPoint(200, 160))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(240, 90))


MARK = "旁注甲乙丙丁"


def test_it_follows_the_step_by_keys_alone_and_neither_a_note_nor_a_finding_nor_anybody_else_ever_stands_there(counter):
    screen = begin(counter)
    session, window, seen = counter.session, screen.stand.window, []
    session.replace(replace(session.application, reasons=(*session.application.reasons, Reason("some", MARK)), summary=MARK))
    assert window.alone
    pages, asked = [], []

    def look():
        seen.append(words(window))
        pages.append(window.view.page)

    def key():
        button = window.page.focusWidget()
        QTest.keyClick(button, Qt.Key.Key_Return)

    for step in ("identity", "insurance", "disease", "materials", "answers"):
        counter.page.open_step(step)
        look()
        while Act.NEXT in window.view.acts:
            key()
            look()
    while window.view.page is Page.CHECK:
        assert not counter.application.read_back
        asked.append(window.view.path)
        key()
        look()
    assert list(dict.fromkeys(pages)) == [Page.WELCOME, Page.BRING, Page.CHECK, Page.DECLARE]
    assert (asked[0], asked[-1]) == ("applicant.name", "agent.name")
    # As often 对 as there are things to check, and the clerk's tick is made.
    assert counter.application.read_back
    assert counter.page.page("answers").check.value()
    key()
    assert window.view.page is Page.WAIT
    text, first = "\n".join(seen), session.application.applicant
    assert not [said for said in (MARK, *(one.title for one in session.state.findings)) if said in text]
    # Esc and F9 close the one window there is, and lists, the search and the lock darken it at once.
    QTest.keySequence(window, "Esc")
    counter.wait("关上", lambda: not window.isVisible())
    for leave in ("F2", "F3"):
        counter.shortcut("F9")
        assert screen.on
        counter.shortcut(leave)
        assert (screen.on, window.view.page, window.isVisible()) == (False, Page.BLANK, False)
        if leave == "F2":
            counter.window.open("case")
    counter.new()
    counter.fill("applicant.name", "样本·木呷")
    counter.shortcut("F9")
    assert screen.on
    assert first.name not in words(window)
    assert first.phone[-4:] not in words(window)
    counter.shortcut("Ctrl+L")
    assert (screen.on, window.view.page, window.isVisible()) == (False, Page.BLANK, False)
    assert "样本" not in words(window)
    counter.unlock()
    assert not screen.on


def test_what_is_not_right_leads_the_clerk_to_its_field_and_is_asked_again_with_the_new_value(counter):
    screen = begin(counter)
    counter.page.open_step("answers")
    window = screen.stand.window
    # Somebody who only says it: the clerk sees the same page, and presses.
    counter.shortcut("Shift+F9")
    mirror = counter.dialog()
    assert isinstance(mirror, MirrorDialog)
    # The clerk's own window waits for it; the applicant's goes on.
    assert mirror.windowModality() is Qt.WindowModality.WindowModal
    counter.wait("照见", lambda: not mirror._seen.pixmap().isNull())
    assert {act for act, one in mirror.buttons.items() if one.isVisible()} == {Act.RIGHT, Act.WRONG, Act.AGAIN}
    QTest.keyClick(mirror.focusWidget(), Qt.Key.Key_Return)
    assert window.view.step == 2
    before = window.page.buttons[Act.RIGHT].font().pixelSize()
    mirror.large.click()
    counter.wait("大字", lambda: window.page.buttons[Act.RIGHT].font().pixelSize() > before)
    mirror.buttons[Act.AGAIN].click()
    voice = screen.stand.sound.voice
    assert voice.said[-1][0] == window.view.spoken
    assert [press_again(window) for _ in range(2)] == [Act.STOP, Act.SLOWER]
    assert voice.said[-1] == (window.view.spoken, 1)
    mirror.reject()
    press(screen, Act.RIGHT)
    assert window.view.loud == "139 0000 2345"
    press(screen, Act.WRONG)
    counter.wait("那一项", lambda: counter.focused() == "applicant.phone")
    assert counter.page.step == "identity"
    assert (window.view.page, window.isVisible()) == (Page.BLANK, False)
    counter.fill("applicant.phone", "13800001234")
    assert "1234" not in words(window)
    counter.settle()
    counter.wait("说了哪项", lambda: "联系电话" in counter.page.message.text())
    counter.shortcut("F8")
    assert counter.page.step == "answers"
    assert (window.view.loud, window.view.step) == ("138 0000 1234", 3)
    say_all_right(screen)
    assert counter.application.read_back
    # Whatever is changed afterwards has to be said right once more.
    counter.session.edit("applicant.name", "样本·木呷")
    assert (window.view.page, window.view.loud) == (Page.CHECK, "样本·木呷")
    assert not counter.application.read_back


def press_again(window):
    button = window.page.buttons[Act.AGAIN]
    meant = button.act
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return meant


def accepted_with_its_form(counter):
    """An accepted case whose applicant reads the receipt; the screen and the form that is stored."""
    screen = begin(counter)
    counter.page.open_step("answers")
    say_all_right(screen)
    counter.shortcut("F8")
    counter.wait("受理", lambda: counter.page.step == "finished")
    counter.settle()
    store, id_ = counter.window.desk.store, counter.application.id
    return screen, on_lane(counter.window.lane, lambda: store.documents(id_))[signing.FORM]


def test_the_very_form_is_signed_by_whoever_stands_there_and_asked_again_when_it_changed(counter):
    screen, form = accepted_with_its_form(counter)
    window = screen.stand.window
    assert (window.view.page, window.view.second) == (Page.RECEIPT, counter.application.acceptance.number)
    assert counter.application.applicant.name not in words(window)
    counter.wait("码", lambda: window.page._code is not None)
    # While the applicant's screen is dark, signing stays with the clerk's.
    counter.shortcut("F9")
    counter.shortcut("Ctrl+Shift+S")
    counter.wait("签名板", lambda: isinstance(counter.dialog(), SignDialog))
    counter.dialog().reject()
    counter.shortcut("F9")
    counter.shortcut("Ctrl+Shift+S")
    counter.wait("写名字", lambda: window.view.page is Page.SIGN)
    mirror = counter.dialog()
    assert isinstance(mirror, MirrorDialog)
    assert Act.WRITTEN not in mirror.buttons
    assert (window.view.who, window.view.document) == ("agent", form.digest)
    assert "您自己的名字" in window.view.below
    assert not window.page.buttons[Act.WRITTEN].isEnabled()
    write(window.page.pad)
    # The monitor is lost in the middle of a stroke: what was written comes back with it.
    QTest.mousePress(window.page.pad, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    QTest.mouseMove(window.page.pad, QPoint(380, 140))
    screen.stand.screen = counter.window.screen()
    screen.stand._gone(counter.window.screen())
    assert (screen.on, window.isVisible()) == (False, False)
    assert "断开" in counter.page.message.text()
    counter.shortcut("F9")
    assert len(window.page.pad.value()) == 2
    signed_although_the_form_changed(counter, screen, form)
    press(screen, Act.ON)
    assert window.view.page is Page.THANKS
    screen._idle.timeout.emit()
    assert window.view.page is Page.BLANK


def signed_although_the_form_changed(counter, screen, form):
    """Another form than the stored one is on the screen: signing it is refused by the store, and the stored one is asked for."""
    window, desk, id_ = screen.stand.window, counter.window.desk, counter.application.id
    screen._form = replace(form, digest="ab" * 32)
    screen._flow = replace(screen._flow, signing="ab" * 32)
    screen._show()
    write(window.page.pad)
    press(screen, Act.WRITTEN)
    counter.wait("再写", lambda: (window.view.page, window.view.document) == (Page.SIGN, form.digest))
    assert not on_lane(counter.window.lane, lambda: signing.signed_before(desk, id_))
    assert "再写一次" in window.view.title
    assert window.page.pad.value() == ()
    write(window.page.pad)
    press(screen, Act.WRITTEN)
    counter.wait("签好", lambda: window.view.page is Page.RECEIPT)
    counter.settle()
    assert counter.dialog() is None
    assert on_lane(counter.window.lane, lambda: signing.signed_before(desk, id_))


def test_the_monitor_is_chosen_by_name_and_tried(counter):
    counter.window._tab("admin")
    counter.settle()
    counter.window.page("admin").choose("settings")
    page = counter.window.page("admin").settings
    assert LANGUAGE not in [line.key for line in page.table.lines()]  # there is one file
    page.choose(MONITOR)
    name = screens.names()[0]
    page.detail.picked.put(name)
    page.detail.trial.click()
    counter.settle()
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, ApplicantWindow) and one.isVisible()]
    assert [name in one.view.loud for one in found] == [True]
    assert "手边" in counter.window.page("admin").message.text()
    found[0].put_away()
    page.detail.confirm()
    counter.settle()
    desk = counter.window.desk
    assert on_lane(counter.window.lane, lambda: applicant_screen.wishes(desk)).monitor == name
    on_lane(counter.window.lane, lambda: settings.change(desk, MONITOR, "不在这里的显示器"))
    counter.shortcut("F2")
    screen = begin(counter)
    counter.wait("说没接上", lambda: "没接上" in counter.page.message.text())
    assert screen.stand.alone
