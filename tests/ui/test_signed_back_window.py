"""The signed form comes back in the real window: from a scanner or a file, of this case or another, and nothing is lost on the way."""

import threading

import pytest
import scan_kit
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from scan_kit import ALPHA, JAM, FakeScanners
from signed_kit import flat, smudged
from whole_kit import printery, quick_slots
from window_kit import counter_at, on_lane

from app.core.errors import AppError, DeviceError
from app.main import Workplace
from app.services import devices
from app.services.ports import ScanWish
from app.services.signed_back import FORM_SCAN
from app.ui.case import signed_dialog
from app.ui.case.scan_dialog import ScanDialog
from app.ui.case.signed_dialog import SignedDialog


class _Switch:
    """The scanners of the desk, which each test replaces."""

    def __init__(self):
        self.fake = FakeScanners()

    def __getattr__(self, name):
        return getattr(self.fake, name)


SWITCH = _Switch()


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        patch.setattr(Workplace, "_devices", lambda _self: SWITCH)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    SWITCH.fake = FakeScanners()
    shared.begin()
    yield shared
    SWITCH.fake.let_go()
    while (left := shared.dialog()) is not None:
        left.reject()
        shared.settle()
    shared.settle()


def stored(counter, id_=""):
    id_ = id_ or counter.application.id
    return on_lane(counter.window.lane, lambda: counter.window.desk.store.documents(id_))


def finished(counter):
    """An accepted case on screen: (number, form, last characters of its 校验码)."""
    counter.new()
    counter.answer_at_once()
    number = counter.accept()
    form = stored(counter)["form"]
    return number, form, printery().check_code(form.pdf)[-4:]


def remembered(counter):
    on_lane(counter.window.lane, lambda: devices.remember(counter.window.desk, FORM_SCAN, ALPHA, ScanWish()))


def opened(counter):
    counter.shortcut("F6")
    counter.wait("扫回", lambda: isinstance(counter.dialog(), SignedDialog) and counter.dialog().isActiveWindow())
    return counter.dialog()


def scan(counter, dialog):
    QTest.keyClick(dialog, Qt.Key.Key_F6)
    counter.wait("扫完", lambda: not dialog._busy and bool(dialog.bar.text()))


def give(dialog, code):
    dialog.code.setFocus()
    dialog.code.clear()
    QTest.keyClicks(dialog.code, code)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_signed_form_is_scanned_compared_and_kept_and_a_wrong_code_costs_no_page(counter):
    _, form, code = finished(counter)
    remembered(counter)
    page = counter.page.page("finished")
    assert "扫回来，一样有效" in page._signed.full()
    assert page.panel.papers.rows[FORM_SCAN].isHidden()
    SWITCH.fake = FakeScanners(flat(form.pdf), flat(form.pdf, 1))
    dialog = opened(counter)
    assert not dialog.act.isEnabled()
    scan(counter, dialog)
    assert dialog.bar.text().startswith("是这一件的")
    assert dialog._count.full() == "已读 2 页"
    assert dialog._tail_row.isHidden()
    assert clipped(dialog) == []
    give(dialog, "0000" if code != "0000" else "1111")
    counter.wait("另一版", lambda: "这是另一版，要重签" in dialog.bar.text())
    assert dialog.isVisible()
    assert clipped(dialog) == []
    assert FORM_SCAN not in stored(counter)
    give(dialog, code)
    counter.wait("收下", lambda: page.panel.offer(FORM_SCAN) is not None)
    assert "纸上签好的已扫回，2 页" in page._signed.full()
    assert page.message.text() == "签好的 2 页已放进这一件，随件报送"
    assert page.paper._chip.isHidden() == (page.panel.papers.current == FORM_SCAN)
    assert not page.panel.papers.rows[FORM_SCAN].isHidden()
    assert clipped(page) == []
    assert stored(counter)[FORM_SCAN].pages == 2
    assert stored(counter)["form"] == form


def test_a_form_of_another_case_is_refused_and_filed_there(counter):
    number, form, code = finished(counter)
    first = counter.application.id
    finished(counter)
    remembered(counter)
    SWITCH.fake = FakeScanners(flat(form.pdf), flat(form.pdf, 1))
    dialog = opened(counter)
    scan(counter, dialog)
    assert f"这是另一件（编号 {number}）的，没有收" in dialog.bar.text()
    assert clipped(dialog) == []
    assert not dialog.act.isEnabled()
    dialog.bar._button.click()
    counter.wait("那一件", lambda: dialog._pages == 2 and not dialog._busy)
    assert f"会放到编号 {number} 那一件" in dialog.bar.text()
    give(dialog, code)
    counter.wait("收下", lambda: f"放到编号 {number} 那一件" in counter.page.page("finished").message.text())
    assert stored(counter, first)[FORM_SCAN].pages == 2
    assert FORM_SCAN not in stored(counter)


def test_an_unreadable_code_asks_for_the_number(counter, tmp_path, monkeypatch):
    number, form, code = finished(counter)
    file = tmp_path / "页.jpg"
    file.write_bytes(smudged(form.pdf))
    monkeypatch.setattr(signed_dialog, "choose_files", lambda _parent, _title, _formats, then: then([str(file)]))
    dialog = opened(counter)
    QTest.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    counter.wait("读完", lambda: "码没有读出来" in dialog.bar.text())
    assert not dialog._tail_row.isHidden()
    assert clipped(dialog) == []
    tail = "".join(char for char in number if char.isdigit())[-4:]
    QTest.keyClicks(dialog.tail, "9999" if tail != "9999" else "8888")
    give(dialog, code)
    counter.wait("编号", lambda: "编号末 4 位和这件不同" in dialog.bar.text())
    dialog.tail.setFocus()
    dialog.tail.clear()
    QTest.keyClicks(dialog.tail, tail)
    give(dialog, code)
    counter.wait("收下", lambda: FORM_SCAN in stored(counter))


def test_a_jam_and_a_store_that_refuses_cost_no_page(counter, monkeypatch):
    _, form, code = finished(counter)
    remembered(counter)
    SWITCH.fake = FakeScanners(flat(form.pdf), DeviceError(JAM), flat(form.pdf, 1))
    dialog = opened(counter)
    scan(counter, dialog)
    assert "卡纸" in dialog.bar.text()
    assert dialog._pages == 1
    scan_again = dialog.bar.text
    QTest.keyClick(dialog, Qt.Key.Key_F6)
    counter.wait("接着扫", lambda: dialog._pages == 2 and not dialog._busy)
    assert "卡纸" not in scan_again()
    store = type(counter.window.desk.store)
    with monkeypatch.context() as patch:

        def refuse(*_given):
            raise AppError("盘满了。腾出空间，再收一次")

        patch.setattr(store, "keep_signed", refuse)
        give(dialog, code)
        counter.wait("盘满", lambda: "盘满了" in dialog.bar.text())
    give(dialog, code)
    counter.wait("收下", lambda: FORM_SCAN in stored(counter))


def test_without_a_scanner_one_is_chosen_first(counter, monkeypatch):
    finished(counter)
    monkeypatch.setattr(devices, "remembered", lambda *_given: None)
    dialog = opened(counter)
    QTest.keyClick(dialog, Qt.Key.Key_F6)
    counter.wait("扫描仪", lambda: bool(counter.window.findChildren(ScanDialog)))
    choice = counter.window.findChildren(ScanDialog)[0]
    counter.wait("找到", lambda: len(choice._scanners) == 2)
    assert choice.folder_row.isHidden()
    choice.list.set_current(ALPHA.id)
    choice.confirm()
    counter.wait("没有纸", lambda: scan_kit.EMPTY in dialog.bar.text())


def test_a_scanner_that_hangs_is_left_behind(counter):
    finished(counter)
    remembered(counter)
    SWITCH.fake = FakeScanners()
    SWITCH.fake.hung = True
    dialog = opened(counter)
    desk = counter.window._work.signed
    desk.paper._patience.setInterval(50)
    QTest.keyClick(dialog, Qt.Key.Key_F6)
    counter.wait("在扫", lambda: dialog._scanning)
    QTest.keyClick(dialog, Qt.Key.Key_F6)
    counter.wait("没有反应", lambda: "扫描仪没有反应" in dialog.bar.text())
    assert dialog.scan.isEnabled()


def test_closing_while_paper_runs_stops_it_and_takes_nothing(counter):
    _, form, _ = finished(counter)
    remembered(counter)
    SWITCH.fake = FakeScanners(flat(form.pdf), flat(form.pdf, 1))
    SWITCH.fake.gate = threading.Semaphore(0)
    dialog = opened(counter)
    QTest.keyClick(dialog, Qt.Key.Key_F6)
    counter.wait("在扫", lambda: dialog._scanning)
    dialog.reject()
    desk = counter.window._work.signed
    counter.wait("停了", lambda: not desk.paper.running)
    dialog = opened(counter)
    assert dialog._pages == 0
    assert FORM_SCAN not in stored(counter)
