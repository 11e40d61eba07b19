"""The second copy and a damaged store, as the clerk meets them in the whole window."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtWidgets import QPushButton
from whole_kit import quick_slots
from window_kit import counter_at, on_lane

from app.adapters.store.database import value
from app.services import second_copy
from app.ui import copy_dialog as ui
from app.ui.lane import Lane


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    quick_slots(monkeypatch)


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def row(counter):
    return next((one for one in counter.window._workbench().bench.machine.rows() if one.id == "copy"), None)


def press(counter, name="status-copy"):
    counter.window.findChild(QPushButton, name).click()
    counter.settle()


def choose(counter, folder, monkeypatch):
    """Pick the folder in the dialog and wait for the first copy; the timed runs are left out, so that each step has one cause."""
    counter.window.beside.second.runner._soon.stop()
    monkeypatch.setattr(ui, "ask_folder", lambda *_: str(folder))
    press(counter)
    counter.wait("设置窗", counter.dialog)
    dialog = counter.dialog()
    dialog._pick.click()
    counter.wait("写完", lambda: "已写入" in dialog._line.full())
    return dialog


def test_the_folder_is_chosen_from_the_workbench_and_the_copy_is_there_at_once(qtbot, tmp_path, disk, monkeypatch):
    with counter_at(tmp_path / "data") as counter:
        counter.wait("第二份备份一行", lambda: row(counter) and row(counter).value == "没有设置")
        assert (row(counter).tone, row(counter).action) == ("open", "设置")
        dialog = choose(counter, disk, monkeypatch)
        assert len(list(disk.glob("chuangkou-*/store.db"))) == 1
        assert row(counter).value == "10:24 已写入"
        dialog._check.click()
        counter.wait("检查完", lambda: "能恢复" in dialog._line.full())
        counter.settle()
        assert (row(counter).tone, row(counter).value) == ("good", "10:24 已写入")
        dialog.reject()


def test_an_accepted_case_is_copied_by_itself_and_the_last_page_says_so(qtbot, tmp_path, disk, monkeypatch):
    with counter_at(tmp_path / "data") as counter:
        choose(counter, disk, monkeypatch).reject()
        counter.new()
        counter.answer_all()
        counter.see_papers()
        counter.give_reasons()
        counter.clock.moment += dt.timedelta(minutes=1)
        counter.window.beside.second.runner._soon.setInterval(60_000)
        number = counter.accept()
        page = counter.page._finished_page()
        assert page._copy._text.full() == ""
        assert counter.window.beside.second.runner._soon.isActive()
        counter.clock.moment += dt.timedelta(seconds=3)
        counter.window.beside.second.runner._soon.timeout.emit()
        counter.wait("写进第二份", lambda: page._copy._text.full() == "第二份备份 10:25 已写入。")
        assert number


def test_a_pulled_disk_is_said_and_written_again_when_it_is_back(qtbot, tmp_path, disk, monkeypatch):
    with counter_at(tmp_path / "data") as counter:
        choose(counter, disk, monkeypatch).reject()
        disk.rename(tmp_path / "away")
        counter.window.beside.second.runner.run()
        counter.wait("说没写成", lambda: row(counter).tone == "bad")
        assert row(counter).value == "10:24 后没写成"
        counter.wait("再试", counter.window.beside.second.runner._later.isActive)
        (tmp_path / "away").rename(disk)
        counter.clock.moment += dt.timedelta(minutes=5)
        counter.window.beside.second.runner._later.setInterval(10)
        counter.window.beside.second.runner._later.start()
        counter.wait("写成了", lambda: row(counter).tone != "bad")


def test_a_slow_disk_never_holds_up_a_draft(qtbot, tmp_path, disk, monkeypatch):
    import time

    from app.adapters.store.backup import SecondCopy

    slow = SecondCopy.write
    monkeypatch.setattr(SecondCopy, "write", lambda self, *args: (time.sleep(1.5), slow(self, *args))[1])
    with counter_at(tmp_path / "data") as counter:
        desk = counter.window.desk
        on_lane(counter.window.lane, lambda: second_copy.choose(desk, str(disk)))
        runner = counter.window.beside.second.runner
        runner.run()
        counter.wait("在写", lambda: runner._writer is not None)
        begun = time.monotonic()
        on_lane(counter.window.lane, lambda: desk.store.note("x", "view"))
        assert time.monotonic() - begun < 0.8
        counter.wait("写完", lambda: not runner._working)


def test_the_receipt_is_held_where_the_office_says_so(qtbot, tmp_path, disk, monkeypatch):
    with counter_at(tmp_path / "data") as counter:
        dialog = choose(counter, disk, monkeypatch)
        dialog._wait.click()
        dialog.reject()
        counter.settle()
        desk = counter.window.desk
        assert on_lane(counter.window.lane, lambda: second_copy.waits(desk.store))


def test_a_damaged_place_is_met_once_looked_through_and_work_goes_on(qtbot, tmp_path, disk, monkeypatch):
    with counter_at(tmp_path / "data") as counter:
        choose(counter, disk, monkeypatch).reject()
        desk, store = counter.window.desk, counter.window.desk.store
        page = on_lane(
            counter.window.lane, lambda: value(store._db, "SELECT rootpage FROM sqlite_schema WHERE name = 'settings'")
        )
    path = tmp_path / "data" / "store.db"
    with path.open("r+b") as file:
        file.seek((page - 1) * 16384 + 3000)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    with counter_at(tmp_path / "data") as counter:
        counter.wait("问查不查", counter.dialog)
        dialog = counter.dialog()
        assert dialog.accessibleName() == "有一处数据读不出来", dialog.accessibleDescription()
        dialog.confirm()
        counter.wait("查完", lambda: counter.dialog() and counter.dialog().accessibleName().startswith("查过了"))
        assert "接着办" in counter.dialog().accessibleDescription()
        counter.dialog().reject()
        desk = counter.window.desk
        assert on_lane(counter.window.lane, desk.store.verify_audit) > 0
        assert (tmp_path / "data" / "store.db.damaged").exists()


def test_the_lane_tells_of_damage_even_where_somebody_else_hears_the_error(qtbot):
    from app.core.errors import DamagedError

    def work():
        raise DamagedError("一处读不出来")

    lane, heard = Lane(), []
    with qtbot.waitSignal(lane.damaged):
        lane.run(work, failed=lambda problem: heard.append(problem.sentence))
    lane.drain()
    assert heard == ["一处读不出来"]
    lane.stop()
