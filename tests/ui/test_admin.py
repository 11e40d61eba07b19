"""Administration and handover in the real window, over a real store."""

import json

import pytest
from looking import clipped
from PySide6.QtWidgets import QApplication, QFileDialog
from update_kit import files, line, taken, update
from whole_kit import CLERK, PASSPHRASE, answered, quick_slots
from window_kit import counter_at, on_lane

from app.adapters.store import Vault
from app.demo import commit
from app.services import answers, clerks
from app.services.ports import Role
from app.ui.admin_dialogs import CodeDialog

NEW, OWN = "王丽华", "王丽华的口令 88"


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    """One counter for all that asks nothing of who is let in there."""
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    shared.begin()
    return shared


@pytest.fixture
def fresh(qapp, tmp_path, monkeypatch):
    """A counter of its own, where nobody did anything yet."""
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
    return {line.key for line in page.people.table.lines()}


def test_somebody_is_let_in_and_opens_with_the_code_and_an_own_passphrase(fresh):
    page = administration(fresh)
    page.people.add_button.click()
    assert clipped(fresh.dialog()) == []
    assert answer(fresh, name=NEW).message.text() == "写上自己的口令，证明是本人"
    assert "口令不对" in answer(fresh, own="不对的口令 1").message.text()
    answer(fresh, own=PASSPHRASE)
    code = code_of(fresh)
    assert people(page) == {CLERK, NEW}
    fresh.window.lock()
    fresh.settle()
    lock = fresh.window.page("lock")
    lock.clerk.put(NEW)
    lock.switch()
    commit(lock.code, code)
    lock.attempt()
    fresh.settle()
    assert lock.again.isVisible()
    assert clipped(fresh.window) == []
    commit(lock.secret.field, OWN)
    lock.attempt()
    assert "不一样" in lock._line.text()
    commit(lock.again.field, OWN)
    lock.attempt()
    fresh.wait("工作台", lambda: fresh.window.current == "workbench")
    fresh.settle()
    assert fresh.window.desk.clerk == NEW
    assert (NEW, "unlock_once") in [(e.who, e.act) for e in fresh.audit()]
    on_lane(fresh.window.lane, lambda: fresh.window.desk.vault.check(NEW, OWN))


def test_a_clerk_reads_and_changes_nothing_but_the_own_passphrase(fresh):
    window, desk = fresh.window, fresh.window.desk

    def join():
        desk.vault.use_once(NEW, clerks.add(desk, NEW, Role.CLERK, PASSPHRASE).code, OWN)

    on_lane(window.lane, join)
    window.lock()
    fresh.settle()
    window.page("lock").clerk.put(NEW)
    fresh.unlock(OWN)
    page = administration(fresh)
    assert people(page) == {CLERK, NEW}
    for section in ("people", "settings", "audit"):
        page.choose(section)
        for button in (
            page.people.add_button,
            page.people.invite_button,
            page.people.stop_button,
            page.people.rekey_button,
            page.settings.save_button,
            page.settings.load_button,
            page.settings.detail.act,
            page.audit.file_button,
        ):
            assert not button.isVisible()
    page.choose("people")
    page.people.passphrase_button.click()
    answer(fresh, old=OWN, new="另一句口令 77", again="另一句口令 77")
    assert fresh.dialog() is None
    on_lane(window.lane, lambda: desk.vault.check(NEW, "另一句口令 77"))


def test_stopping_and_coming_back(fresh):
    desk = fresh.window.desk
    on_lane(fresh.window.lane, lambda: clerks.add(desk, NEW, Role.CLERK, PASSPHRASE))
    page = administration(fresh)
    page.people.table.set_current(CLERK)
    assert not page.people.stop_button.isVisible()  # nobody stops himself
    page.people.table.set_current(NEW)
    page.people.role_button.click()
    fresh.settle()
    assert page.people.person(NEW).clerk.role is Role.SUPERVISOR
    page.people.stop_button.click()
    fresh.dialog().confirm()
    fresh.settle()
    assert page.people.person(NEW).clerk.disabled_at
    assert page.people.stop_button.text() == "恢复"
    page.people.stop_button.click()
    answer(fresh, own=PASSPHRASE)
    code_of(fresh)
    assert not page.people.person(NEW).clerk.disabled_at


def test_the_audit_is_shown_in_words_and_saved_with_its_hashes(fresh, tmp_path, monkeypatch):
    page = administration(fresh)
    page.choose("audit")
    assert page.audit.table.lines()[0].cells[2] == "打开"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page.audit.file_button.click()
    fresh.settle()
    (file,) = tmp_path.glob("audit-03-*.jsonl")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(len(row["hash"]) == 64 for row in rows)
    assert fresh.audit()[0].act == "audit_export"


def test_a_new_data_key_and_a_new_recovery_code_in_the_window(counter):
    page = administration(counter)
    desk = counter.window.desk
    page.people.recovery_button.click()
    answer(counter, own=PASSPHRASE)
    first = code_of(counter)
    page.people.rekey_button.click()
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


def test_nothing_is_cut_at_any_size(counter):
    counter.window.setMinimumSize(0, 0)
    for size in ((1366, 768), (1280, 720), (910, 512)):
        counter.window.resize(*size)
        page = administration(counter)
        for section in ("people", "settings", "audit"):
            page.choose(section)
            assert clipped(counter.window) == [], size


def test_a_draft_is_handed_over_looked_at_and_taken_back(counter, tmp_path, monkeypatch):
    window, desk = counter.window, counter.window.desk
    draft = answered(desk)
    id_ = draft.id
    on_lane(window.lane, lambda: desk.store.save_draft(draft, CLERK))
    window._tab("admin")
    window._tab("workbench")
    counter.settle()
    bench = window.page("workbench")
    assert bench.table.set_current(id_)
    counter.settle()
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
    window.beside.people.parcels.take_in_file(str(tmp_path / parcel.file))
    wrong = parcel.code[:-1] + ("0" if parcel.code[-1] != "0" else "1")
    assert "移交码对不上" in answer(counter, code=wrong).message.text()
    left = answer(counter, code=parcel.code)
    assert left is None, left.message.text()
    counter.wait("打开", lambda: window.current == "case")
    counter.settle()
    assert counter.session.editable
    assert counter.application.applicant == made.applicant
    window.beside.people.parcels.take_in_file(str(tmp_path / parcel.file))
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


def test_a_new_version_of_the_regions_papers_is_looked_at_and_used_on_one_key(fresh):
    def came():
        answers.set_key(fresh.window.desk, line())
        hours = ('[facts.hours]\ntext = "', '[facts.hours]\ntext = "周六也开，')
        form = ('label = "姓名"', 'label = "参保人姓名"')
        return taken(fresh.window.desk, update(files=files(region=hours, form=form), note="周六开门"))

    on_lane(fresh.window.lane, came)
    fresh.new()
    fresh.fill("applicant.name", "沈桂兰")
    begun = fresh.application.id
    page = administration(fresh)
    page.choose("region")
    fresh.settle()
    assert page.region.note() == ("2026-12 版等着看", "warn")
    told = [line.cell(1).get("text") for line in page.region.changes.lines()]
    assert told == ["办公时间", "申请表 版块 2 行 1 格 1 栏名"]
    assert "周六也开" in page.region._new.text()
    assert clipped(fresh.window) == []
    fresh.shortcut("Ctrl+Return")
    fresh.wait("换好", lambda: fresh.window.desk.region.version == "2026-12")
    fresh.settle()
    page = fresh.window.page("admin")
    assert page.message.text() == "新开的申请用 2026-12 版。办到一半的照旧"
    assert page.region.note() == ("在用 2026-12 版", "")
    fresh.shortcut("F2")
    fresh.settle()
    fresh.new()
    assert fresh.application.region_version == "2026-12"
    assert fresh.session.state.region.fact("hours").text.startswith("周六也开")
    fresh.window.open_case(begun)
    fresh.wait("那件草稿", lambda: fresh.session is not None and fresh.application.id == begun)
    assert (fresh.application.region_version, fresh.session.state.region.version) == ("2026.1", "2026.1")
    page = administration(fresh)
    page.choose("region")
    page.region.versions.set_current("2026.1")
    assert page.region.use_button.text().startswith("退回这一版")
    page.region.use()
    fresh.wait("退回", lambda: fresh.window.desk.region.version == "2026.1")
    fresh.settle()
