"""The window as a whole: the door, the workbench, a case, the queue, and the way between them."""

import hashlib
import logging

import pytest
from PySide6.QtCore import Qt
from whole_kit import CLERK, PASSPHRASE, PZH, FixedClock, KeepingPrinter, QuietWorkplace, quick_slots, set_up
from window_kit import Counter, counter_at, on_lane

from app.adapters.store import Vault
from app.adapters.store.attempts import FIRST_WAIT
from app.core.application import State
from app.demo import commit, live
from app.services.ports import Queue
from app.ui.crash import CrashDialog
from app.ui.prebuild import case_pages
from app.ui.workbench import WorkbenchPage


@pytest.fixture(autouse=True, scope="module")
def _nothing_ahead():
    """Here the window is as at a counter: it builds its pages ahead."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    quick_slots(monkeypatch)


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    """A window that others used before, at its workbench."""
    shared.begin()
    return shared


@pytest.fixture
def fresh(qapp, tmp_path):
    """A window over a store with nothing in it."""
    with counter_at(tmp_path / "data") as counter:
        yield counter


@pytest.fixture
def locked_out(qapp, tmp_path):
    with counter_at(tmp_path / "data", unlocked=False) as counter:
        yield counter


def typed_case(counter, name="沈桂兰"):
    counter.new()
    counter.fill("applicant.name", name)


def lock_page(counter):
    return counter.window.page("lock")


# the door


def test_the_first_run_leads_to_the_workbench_and_leaves_a_store_that_opens(qapp, tmp_path):
    counter = Counter(tmp_path, FixedClock(), KeepingPrinter())
    page = counter.window.page("first")
    try:
        counter.wait("第一次设置", lambda: counter.window.current == "first")
        for name, value in {"region": PZH, "counter_code": "03", "counter_name": "3 号窗口"}.items():
            counter.enter(page.place.fields[name], value)
        counter.shortcut("F8")
        for name, value in {"clerk": CLERK, "passphrase": PASSPHRASE, "repeated": PASSPHRASE}.items():
            counter.enter(page.clerk.fields[name], value)
        counter.shortcut("F8")
        counter.wait("第二份备份", page.copy.isVisible)
        counter.shortcut("F8")
        counter.wait("恢复码", lambda: page.recovery.code)
        code = page.recovery.code
        page.print_code.emit(code)
        counter.wait("打印", lambda: "已送到打印机" in page.message.text())
        assert [title for _, title in counter.printer.printed] == ["恢复码"]
        noted = [entry for entry in counter.audit() if entry.act == "print"]
        assert [entry.what for entry in noted] == ["recovery code"]
        assert not any(code in entry.what for entry in counter.audit())
        counter.enter(page.recovery.kept, value=True)
        counter.shortcut("F8")
        counter.wait("工作台", lambda: counter.window.current == "workbench")
        assert counter.bugs == []
    finally:
        counter.window.close()
    store = Vault(tmp_path, FixedClock()).open_with_recovery(code)
    assert store.counter().region == PZH
    store.close()


def test_a_wrong_passphrase_opens_nothing_and_the_right_one_does(locked_out):
    locked_out.unlock("不是这个口令")
    assert locked_out.window.current == "lock"
    assert "口令不对" in lock_page(locked_out)._line.text()
    assert locked_out.window.desk is None
    locked_out.unlock()
    assert locked_out.window.current == "workbench"


def test_the_workbench_is_made_behind_the_lock_with_nothing_of_the_store_in_it(locked_out):
    window = locked_out.window
    locked_out.wait("备好", lambda: window._way_in.warmed)
    made = window.findChild(WorkbenchPage)
    assert window.current == "lock"
    assert window.bare
    assert not made.isVisible()
    assert made.table.lines() == ()
    assert (made.work_lists.count("drafts"), made.bench.has_draft()) == (0, False)
    locked_out.unlock()
    assert window.page("workbench") is made
    assert made.isVisible()


def test_too_many_wrong_ones_have_to_wait(locked_out):
    for _ in range(FIRST_WAIT):
        page = lock_page(locked_out)
        locked_out.wait("可以再试", page.open_button.isEnabled)
        commit(page.secret.field, "不是这个口令")
        locked_out.press(Qt.Key.Key_Return)
        locked_out.settle()
    assert not page.open_button.isEnabled()
    assert "秒可以再试" in page._line.text()


def test_the_recovery_code_opens_and_is_noted(qapp, tmp_path):
    code = set_up(tmp_path / "data")
    with counter_at(tmp_path / "data", unlocked=False) as counter:
        page = lock_page(counter)
        counter.wait("名单", page.clerk.value)
        page.switch()
        commit(page.code, code.lower().replace("-", " "))
        counter.press(Qt.Key.Key_Return)
        counter.wait("工作台", lambda: counter.window.current == "workbench")
        assert "unlock_recovery" in [entry.act for entry in counter.audit()]


def test_a_bug_while_opening_leaves_a_door_that_can_be_tried_again(locked_out, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(QuietWorkplace, "unlock", lambda *_: 1 / 0)
        locked_out.wait("名单", lock_page(locked_out).clerk.value)
        commit(lock_page(locked_out).secret.field, PASSPHRASE)
        locked_out.press(Qt.Key.Key_Return)
        locked_out.wait("差错", locked_out.dialog)
        locked_out.dialog().reject()
        assert isinstance(locked_out.bugs.pop(), ZeroDivisionError)
    locked_out.unlock()
    assert locked_out.window.current == "workbench"


# the lock over an open store


def test_locking_stores_first_and_covers_the_work(counter):
    typed_case(counter)
    counter.shortcut("Ctrl+L")
    assert counter.window.current == "lock"
    assert not counter.page.isVisible()
    assert "存好" in lock_page(counter)._note.text()
    id_ = counter.page.session.application.id
    assert counter.stored(id_).applicant.name == "沈桂兰"


def test_a_wrong_passphrase_over_an_open_store_opens_nothing_and_is_in_the_audit(counter):
    typed_case(counter)
    counter.shortcut("Ctrl+L")
    counter.unlock("不是这个口令")
    assert counter.window.current == "lock"
    assert not counter.page.isVisible()
    assert "口令不对" in lock_page(counter)._line.text()
    assert counter.audit()[0].act == "unlock_refused"


def test_unlocking_returns_to_the_same_step_and_field(counter):
    typed_case(counter)
    counter.field("applicant.phone").setFocus()
    commit(counter.field("applicant.phone"), "1380000")
    counter.shortcut("Ctrl+L")
    counter.unlock()
    assert (counter.window.current, counter.page.step) == ("case", "identity")
    assert counter.focused() == "applicant.phone"
    commit(counter.field("applicant.phone"), "1234")
    assert counter.application.applicant.phone == "13800001234"


def test_no_key_leads_past_the_lock(counter):
    typed_case(counter)
    counter.shortcut("Ctrl+L")
    for keys in ("F2", "F3", "F5", "F8", "F10", "Esc", "Alt+2", "Ctrl+E"):
        counter.shortcut(keys)
        counter.settle()
        assert counter.window.current == "lock", keys


def test_a_case_that_was_being_opened_does_not_come_up_over_the_lock(counter):
    typed_case(counter)
    id_ = counter.application.id
    counter.shortcut("F2")
    counter.settle()
    counter.window.open_case(id_)
    counter.window.lock()
    counter.settle()
    assert counter.window.current == "lock"
    counter.unlock()
    assert counter.window.current == "case"
    assert counter.application.id == id_


# the workbench


def test_a_draft_is_found_by_initials_and_opened_again_at_its_step(counter):
    typed_case(counter)
    id_ = counter.application.id
    counter.page.open_step("insurance")
    counter.shortcut("F3")
    counter.wait("工作台", lambda: counter.window.current == "workbench")
    page = counter.window.page("workbench")
    assert page.search.hasFocus()
    commit(page.search, "sgl")
    # What was opened last may stand there already, and Enter before the answer opens only an only hit.
    counter.wait("查到", lambda: page._found is not None and page._found.question == "sgl")
    counter.settle()
    counter.press(Qt.Key.Key_Return)
    counter.wait("打开", lambda: counter.window.current == "case")
    assert (counter.application.id, counter.page.step) == (id_, "insurance")
    assert next(entry.act for entry in counter.audit() if entry.subject == id_) == "view"


def test_f2_and_f3_store_the_case_and_lead_to_the_workbench(counter):
    for key in ("F2", "F3"):
        typed_case(counter)
        id_ = counter.application.id
        counter.shortcut(key)
        assert counter.window.current == "workbench"
        assert counter.stored(id_).applicant.name == "沈桂兰"


def test_counts_follow_what_was_done(fresh):
    counter = fresh
    typed_case(counter)
    counter.shortcut("F2")
    counter.settle()
    page = counter.window.page("workbench")
    assert [entry.name for entry in page._entries["drafts"]] == ["沈桂兰"]
    assert counter.window.topbar._link.text() == "离线·待报送 0"
    counter.shortcut("F10")
    counter.wait("接着办", lambda: counter.window.current == "case")
    finish(counter)
    assert counter.window.topbar._link.text() == "离线·待报送 1"


def test_a_new_case_from_a_case_stores_the_first(counter):
    typed_case(counter)
    first = counter.application.id
    counter.window.new_case()
    assert counter.application.id != first
    assert counter.stored(first).applicant.name == "沈桂兰"


def test_a_blank_case_leaves_no_draft(counter):
    counter.new()
    id_ = counter.application.id
    counter.shortcut("F2")
    counter.settle()
    assert counter.stored(id_) is None


@pytest.mark.parametrize("slices", range(3))
def test_a_case_opened_while_pages_are_built_ahead_keeps_its_step_on_screen(fresh, slices):
    fresh.window._prebuild.stop()
    fresh.window.drop("case")
    ahead = case_pages(fresh.window, fresh.window.case_page, fresh.window._blank)
    while not fresh.window.has("case") or "insurance" not in fresh.page._pages:
        next(ahead)
    for _ in range(slices):
        next(ahead)
    fresh.window.new_case()
    for _ in ahead:
        pass
    assert fresh.page.step == "identity"
    assert fresh.page.page("identity").isVisible()


# the queue


def finish(counter):
    counter.answer_at_once()
    return counter.accept()


def entry(counter):
    id_, store = counter.application.id, counter.window.desk.store
    return next(one for one in on_lane(counter.window.lane, store.entries) if one.id == id_)


def queue(counter):
    counter.shortcut("F2")
    counter.window.tab.emit("queue")
    counter.settle()
    return counter.window.queue_page()


def test_an_accepted_case_is_exported_whole_and_then_copied(counter, tmp_path):
    counter.new()
    number = finish(counter)
    page = queue(counter)
    page.choose_folder = lambda *_: str(tmp_path / "stick")
    counter.shortcut("Ctrl+E")
    counter.settle()
    folder = tmp_path / "stick" / number
    manifest = (folder / "manifest-sha256.txt").read_text("utf-8").splitlines()
    for line in manifest:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert entry(counter).queue is Queue.COPIED
    assert counter.window.topbar._link.text() == "离线·待报送 0"


def test_an_export_to_a_place_that_is_none_is_told(counter, tmp_path):
    counter.new()
    finish(counter)
    (tmp_path / "file").write_text("x")
    page = queue(counter)
    page.choose_folder = lambda *_: str(tmp_path / "file")
    counter.shortcut("Ctrl+E")
    counter.settle()
    assert entry(counter).queue is Queue.HERE
    assert counter.dialog() is None


def test_printing_again_from_the_queue_prints_the_stored_papers(counter):
    counter.new()
    finish(counter)
    id_ = counter.application.id
    store = counter.window.desk.store
    papers = on_lane(counter.window.lane, lambda: store.documents(id_))
    page = queue(counter)
    page.print_wanted.emit(id_)
    counter.wait("打印", lambda: len(counter.printer.printed) == 2)
    assert counter.printer.printed == [(papers["form"].pdf, "申请表"), (papers["receipt"].pdf, "受理回执")]


def test_a_printer_that_refuses_is_told_in_the_queue(counter, monkeypatch):
    monkeypatch.setattr(counter.printer, "refusal", "打印机没有纸，装上再打印")
    counter.new()
    finish(counter)
    page = queue(counter)
    page.print_wanted.emit(counter.application.id)
    counter.wait("说明", lambda: "打印机没有纸" in page.message.text())


def test_the_history_of_a_row_is_told(counter):
    counter.new()
    finish(counter)
    id_ = counter.application.id
    page = queue(counter)
    told = []
    page.set_history = lambda one, lines: told.append((one, [words for _, words in lines]))
    page.selected.emit(id_)
    counter.settle()
    assert told[-1] == (id_, [f"开始受理，{CLERK}", f"受理，排进待报送，{CLERK}"])


def test_a_document_opened_from_the_queue_is_the_one_that_is_shown(qapp, tmp_path):
    with counter_at(tmp_path / "data") as counter:
        counter.new()
        finish(counter)
        id_ = counter.application.id
    with counter_at(tmp_path / "data") as again:
        page = queue(again)
        page.document_wanted.emit(id_, "form")
        again.wait("回执", lambda: again.window.current == "case" and again.page.step == "finished")
        again.settle()
        page = again.page.page("finished")
        again.wait("申请表", lambda: page.panel.offer("form") is not None)
        assert page.paper._digest == page.panel.offer("form").sheet.document.digest


# around


def test_closing_stores_what_was_typed_and_lets_the_next_window_in(qapp, tmp_path):
    with counter_at(tmp_path / "data") as counter:
        typed_case(counter)
        id_ = counter.application.id
    with counter_at(tmp_path / "data") as again:
        assert again.stored(id_).applicant.name == "沈桂兰"
        assert again.stored(id_).state is State.DRAFT


def test_a_second_window_over_the_same_store_is_told(qapp, tmp_path):
    with counter_at(tmp_path / "data"), counter_at(tmp_path / "data", unlocked=False) as second:
        second.unlock()
        assert second.window.current == "lock"
        assert "已经开着一个窗口程序" in lock_page(second)._line.text()


def test_our_bug_is_told_once_and_logged_without_what_was_typed(counter, caplog):
    typed_case(counter)
    with caplog.at_level(logging.ERROR, "app.crash"):
        counter.window.lane.run(lambda: 1 / 0)
        counter.window.lane.run(lambda: 1 / 0)
        for _ in range(2000):
            if len(caplog.records) == 2 and counter.dialog():
                break
            live(5)
    assert len([one for one in counter.window.findChildren(type(counter.dialog())) if one.isVisible()]) == 1
    assert counter.dialog().accessibleName() == "程序出了差错，已办的都在"
    assert "填过的都存着" in counter.dialog().accessibleDescription()
    counter.dialog().reject()
    assert len(caplog.records) == 2
    counter.bugs.clear()
    live(20)
    assert not CrashDialog._open
    counter.fill("applicant.phone", "13800001234")
    assert counter.application.applicant.phone == "13800001234"


def test_a_machine_that_fails_without_anyone_waiting_is_told(counter):
    from app.core.errors import StoreError

    def fail():
        raise StoreError("硬盘满了，腾出一些空间")

    counter.window.lane.run(fail)
    counter.wait("说了", counter.dialog)
    assert "硬盘满了" in counter.dialog().accessibleDescription()
    counter.dialog().reject()
