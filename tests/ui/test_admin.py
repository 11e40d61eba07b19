"""Administration and handover in the real window, over a real store."""

import json

import pytest
from looking import clipped
from PySide6.QtWidgets import QApplication, QFileDialog
from whole_kit import CLERK, PASSPHRASE, answered, quick_slots
from window_kit import counter_at, on_lane

from app.adapters.store import Vault
from app.demo import commit
from app.services import clerks
from app.services.ports import Role
from app.ui.admin_dialogs import CodeDialog

NEW, OWN = "王丽华", "王丽华的口令 88"


@pytest.fixture
def counter(qapp, tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    with counter_at(tmp_path / "data") as counter:
        yield counter


def administration(counter):
    counter.window._tab("admin")
    counter.settle()
    return counter.window.page("admin")


def answer(counter, **fields):
    """Answer the open dialog and wait for what comes of it."""
    dialog = counter.dialog()
    for name, text in fields.items():
        field = dialog.fields[name]
        line = getattr(field, "field", field)
        line.clear()
        commit(line, text)
    dialog.confirm()
    counter.settle()
    return counter.dialog()


def code_of(counter):
    dialog = counter.dialog()
    assert isinstance(dialog, CodeDialog)
    dialog.confirm()
    counter.settle()
    return dialog.code


def people(page):
    return {line.key for line in page.people.lines()}


def test_somebody_is_let_in_and_opens_with_the_code_and_an_own_passphrase(counter):
    page = administration(counter)
    page.add_button.click()
    assert clipped(counter.dialog()) == []
    assert answer(counter, name=NEW).message.text() == "写上自己的口令，证明是本人"
    assert "口令不对" in answer(counter, own="不对的口令 1").message.text()
    answer(counter, own=PASSPHRASE)
    code = code_of(counter)
    assert people(page) == {CLERK, NEW}
    counter.window.lock()
    counter.settle()
    lock = counter.window.page("lock")
    lock.clerk.put(NEW)
    lock.switch()
    commit(lock.code, code)
    lock.attempt()
    counter.settle()
    assert lock.again.isVisible()
    assert clipped(counter.window) == []
    commit(lock.secret.field, OWN)
    lock.attempt()
    assert "不一样" in lock._line.text()
    commit(lock.again.field, OWN)
    lock.attempt()
    counter.wait("工作台", lambda: counter.window.current == "workbench")
    counter.settle()
    assert counter.window.desk.clerk == NEW
    assert (NEW, "unlock_once") in [(e.who, e.act) for e in counter.audit()]
    on_lane(counter.window.lane, lambda: counter.window.desk.vault.check(NEW, OWN))


def test_a_clerk_reads_and_changes_nothing_but_the_own_passphrase(counter):
    window, desk = counter.window, counter.window.desk

    def join():
        desk.vault.use_once(NEW, clerks.add(desk, NEW, Role.CLERK, PASSPHRASE).code, OWN)

    on_lane(window.lane, join)
    window.lock()
    counter.settle()
    window.page("lock").clerk.put(NEW)
    counter.unlock(OWN)
    page = administration(counter)
    assert people(page) == {CLERK, NEW}
    for section in ("people", "settings", "audit"):
        page.choose(section)
        for button in (
            page.add_button,
            page.invite_button,
            page.stop_button,
            page.rekey_button,
            page.idle_button,
            page.audit_button,
        ):
            assert not button.isVisible()
    assert page.idle.isReadOnly()
    page.choose("people")
    page.passphrase_button.click()
    answer(counter, old=OWN, new="另一句口令 77", again="另一句口令 77")
    assert counter.dialog() is None
    on_lane(window.lane, lambda: desk.vault.check(NEW, "另一句口令 77"))


def test_stopping_and_coming_back(counter):
    desk = counter.window.desk
    on_lane(counter.window.lane, lambda: clerks.add(desk, NEW, Role.CLERK, PASSPHRASE))
    page = administration(counter)
    page.people.set_current(CLERK)
    assert not page.stop_button.isVisible()  # nobody stops himself
    page.people.set_current(NEW)
    page.role_button.click()
    counter.settle()
    assert page.person(NEW).clerk.role is Role.SUPERVISOR
    page.stop_button.click()
    counter.dialog().confirm()
    counter.settle()
    assert page.person(NEW).clerk.disabled_at
    assert page.stop_button.text() == "恢复"
    page.stop_button.click()
    answer(counter, own=PASSPHRASE)
    code_of(counter)
    assert not page.person(NEW).clerk.disabled_at


def test_settings_hold_at_once_or_say_what_fits(counter):
    page = administration(counter)
    page.choose("settings")
    commit(page.idle, "45")
    page.idle_button.click()
    counter.settle()
    assert page.idle_row.message.text() == "写 1 到 30 之间的整数"
    page.idle.clear()
    commit(page.idle, "2")
    page.idle_button.click()
    counter.settle()
    assert counter.window.beside.idle.minutes == 2
    page.scale.chosen.emit("125")
    counter.settle()
    assert (counter.data_dir / "scale").read_text() == "125"
    assert [e.what for e in counter.audit() if e.act == "setting"][:2] == ["scale", "idle_minutes"]


def test_the_audit_is_shown_in_words_and_saved_with_its_hashes(counter, tmp_path, monkeypatch):
    page = administration(counter)
    page.choose("audit")
    assert page.audit.lines()[0].cells[2] == "打开"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page.audit_button.click()
    counter.settle()
    (file,) = tmp_path.glob("audit-03-*.jsonl")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(len(row["hash"]) == 64 for row in rows)
    assert counter.audit()[0].act == "audit_export"


def test_a_new_data_key_and_a_new_recovery_code_in_the_window(counter):
    page = administration(counter)
    desk = counter.window.desk
    page.recovery_button.click()
    answer(counter, own=PASSPHRASE)
    first = code_of(counter)
    page.rekey_button.click()
    assert clipped(counter.dialog()) == []
    answer(counter, own=PASSPHRASE)
    second = code_of(counter)
    on_lane(counter.window.lane, lambda: desk.vault.check_recovery(second))
    assert first != second
    assert [e.act for e in counter.audit()[:2]] == ["rekey", "recovery_renewed"]
    counter.window._tab("workbench")
    counter.new()
    counter.fill("applicant.name", "沈桂兰")
    counter.window._put_aside()
    counter.settle()
    assert counter.stored().applicant.name == "沈桂兰"


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (910, 512)])
def test_nothing_is_cut_at_any_size(counter, size):
    counter.window.setMinimumSize(0, 0)
    counter.window.resize(*size)
    page = administration(counter)
    for section in ("people", "settings", "audit"):
        page.choose(section)
        assert clipped(counter.window) == []


def test_a_draft_is_handed_over_looked_at_and_taken_back(counter, tmp_path, monkeypatch):
    window, desk = counter.window, counter.window.desk
    on_lane(window.lane, lambda: desk.store.save_draft(answered(desk), CLERK))
    window._tab("workbench")
    counter.settle()
    bench = window.page("workbench")
    id_ = bench.table.current()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    counter.shortcut("Ctrl+H")
    answer(counter, to="2 号窗口 李娜")
    code_of(counter)
    assert bench.table.lines()[0].cell(2)["sub"] == "2 号窗口 李娜"
    assert not bench.detail.hand_button.isVisible()
    window.open_case(id_)
    counter.wait("打开", lambda: window.current == "case")
    counter.settle()
    assert not counter.session.editable
    assert "已交给2 号窗口 李娜" in counter.page.message.text()
    window._tab("workbench")
    counter.settle()
    bench.detail.back_button.click()
    dialog = counter.dialog()
    dialog.reason.put("对方没有读入")
    dialog.confirm()
    counter.settle()
    assert on_lane(window.lane, lambda: desk.store.handed(id_)) == ""
    assert bench.detail.hand_button.isVisible()


def test_a_parcel_from_another_counter_opens_as_this_counters_draft(counter, tmp_path):
    window = counter.window
    other = tmp_path / "other"
    made = answered(window.desk, author="李娜")
    _, store = Vault(other, counter.clock).create("李娜", PASSPHRASE)
    store.save_draft(made, "李娜")
    parcel = store.hand_over(made.id, "3 号窗口", tmp_path, "李娜")
    store.close()
    window.beside.people.take_in_file(str(tmp_path / parcel.file))
    wrong = parcel.code[:-1] + ("0" if parcel.code[-1] != "0" else "1")
    assert "移交码对不上" in answer(counter, code=wrong).message.text()
    left = answer(counter, code=parcel.code)
    assert left is None, left.message.text()
    counter.wait("打开", lambda: window.current == "case")
    counter.settle()
    assert counter.session.editable
    assert counter.application.applicant == made.applicant
    window.beside.people.take_in_file(str(tmp_path / parcel.file))
    assert "已经读入过" in answer(counter, code=parcel.code).message.text()
    counter.dialog().reject()


def test_the_recovery_code_offers_a_new_passphrase(qapp, tmp_path, monkeypatch):
    from whole_kit import set_up

    quick_slots(monkeypatch)
    code = set_up(tmp_path / "data")
    with counter_at(tmp_path / "data", unlocked=False) as counter:
        page = counter.window.page("lock")
        counter.wait("名单", lambda: page.clerk.value() and page.open_button.isEnabled())
        page.switch()
        commit(page.code, code)
        page.attempt()
        counter.wait("工作台", lambda: counter.window.current == "workbench")
        counter.settle()
        answer(counter, new=OWN, again=OWN)
        assert counter.dialog() is None
        on_lane(counter.window.lane, lambda: counter.window.desk.vault.check(CLERK, OWN))


def test_ctrl_i_on_the_workbench_asks_for_a_parcel(counter):
    counter.shortcut("Ctrl+I")
    (picker,) = [one for one in counter.window.findChildren(QFileDialog) if one.isVisible()]
    picker.reject()
    assert QApplication.activeModalWidget() is None
