"""Disk, clock and covered lists, as the clerk meets them in the whole window."""

import datetime as dt
import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea
from whole_kit import JQ, PZH, QuietWorkplace, case_of, files_of, quick_slots
from window_kit import counter_at, on_lane

from app.adapters import logs
from app.core.masks import BARE, COVERED
from app.demo import commit
from app.services import clock_guard, originals, privacy
from app.services.disk import NO_ORIGINALS
from app.services.ports import Space

GB = 1024**3


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    quick_slots(monkeypatch)


class Room:
    """A disk as full as the test says, with a ballast that is only a number."""

    def __init__(self):
        self.free, self.held = 40 * GB, 0

    def space(self):
        return Space(self.free, 100 * GB, self.held)

    def hold(self):
        self.held = 64 * 1024**2

    def release(self):
        freed, self.held = self.held, 0
        self.free += freed
        return freed


class RoomyWorkplace(QuietWorkplace):
    room = Room()

    def _desk(self, store, clerk):
        from dataclasses import replace

        return replace(super()._desk(store, clerk), disk=self.room)


@pytest.fixture
def room(monkeypatch):
    made = Room()
    monkeypatch.setattr(RoomyWorkplace, "room", made)
    return made


@pytest.fixture
def counter(qapp, tmp_path, room):
    with counter_at(tmp_path / "data", door=RoomyWorkplace) as counter:
        yield counter


def rows(counter):
    counter.settle()
    return {row.id: row for row in counter.window.page("workbench").bench.machine.rows()}


def look(counter):
    counter.window.beside.watch.look()
    return rows(counter)


def press(counter, row):
    QTest.mouseClick(counter.window.findChild(QPushButton, f"status-{row}"), Qt.MouseButton.LeftButton)
    counter.settle()
    return counter.dialog()


def say(counter, dialog, reason=""):
    if reason:
        commit(dialog.reason, reason)
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    counter.settle()


def acts(counter):
    return [entry.act for entry in counter.audit()]


def test_the_workbench_says_how_disk_clock_and_lists_stand(counter, room):
    shown = rows(counter)
    assert {id_: (row.tone, row.value) for id_, row in shown.items() if id_ in {"disk", "clock", "names"}} == {
        "disk": ("good", "还剩 40 GB"),
        "clock": ("good", "日期对得上"),
        "names": ("good", "姓名号码遮着"),
    }
    assert room.held
    room.free = 4 * GB
    shown = look(counter)
    assert (shown["disk"].tone, shown["disk"].value, shown["disk"].action) == ("warn", "快满了，还剩 4.0 GB", "腾空间")


def test_at_the_limit_originals_are_refused_room_is_offered_and_made(counter, room):
    counter.new()
    counter.fill("applicant.name", "沈桂兰")
    counter.page.open_step("materials")
    room.free = 200 * 1024**2
    materials = counter.page.page("materials")
    materials.image_pasted.emit("diagnosis", files_of(PZH, "diagnosis.jpg")[0].data)
    counter.settle()
    dialog = counter.dialog()
    assert dialog.accessibleName() == "硬盘快满了"
    assert counter.application.paper("diagnosis").pages == ()
    assert on_lane(
        counter.window.lane, lambda: originals.take(counter.window.desk, counter.application, "x", files_of(PZH, "card.png"))
    ).refused == (NO_ORIGINALS,)
    say(counter, dialog)
    assert room.held == 0
    told = counter.dialog()
    assert told.accessibleDescription().startswith("腾出 64 MB。还剩 264 MB，又可以收原件了")
    told.reject()
    assert "make_room" in acts(counter)


def test_a_doubted_clock_stops_acceptance_until_the_date_is_confirmed(counter):
    counter.new()
    counter.answer_all()
    counter.see_papers()
    counter.give_reasons()
    counter.clock.moment -= dt.timedelta(hours=1)
    counter.page.open_step("answers")
    counter.fill("read_back", value=True)
    counter.shortcut("F8")
    counter.wait("核对日期", counter.dialog)
    dialog = counter.dialog()
    assert dialog.accessibleName() == "先核对今天的日期"
    assert "电脑时钟从 10:24 退到了 09:24，先核对日期和时间" in dialog.accessibleDescription()
    assert counter.page.step == "answers"
    assert rows(counter)["clock"].tone == "good"  # told at the next look
    say(counter, dialog)
    assert counter.dialog() is dialog  # not without a reason
    say(counter, dialog, "和手机对过")
    assert "clock_confirmed" in acts(counter)
    assert counter.accept()
    assert rows(counter)["clock"].tone == "good"


def test_the_clock_row_asks_and_is_content_once_the_clock_is_right_again(counter):
    right = counter.clock.moment
    counter.clock.moment = dt.datetime(2019, 1, 1, 0, 3)
    shown = look(counter)
    assert (shown["clock"].tone, shown["clock"].action) == ("warn", "核对")
    bench = counter.window.page("workbench").bench
    assert bench.layout().indexOf(bench.machine) == 0
    press(counter, "clock").reject()
    counter.clock.moment = right
    press(counter, "clock")
    assert rows(counter)["clock"].tone == "good"
    assert counter.dialog() is None


def test_one_key_shows_whole_names_for_a_moment_in_the_audit_and_the_lock_covers_them(counter):
    counter.new()
    counter.fill("applicant.name", "沈桂兰")
    counter.shortcut("F2")
    counter.settle()
    page = counter.window.page("workbench")
    page.choose("drafts")
    counter.settle()

    def names():
        return [page.table.model().index(row, 0).data() for row in range(page.table.model().rowCount())]

    assert "沈桂兰" not in str(names())
    counter.shortcut("Ctrl+Shift+M")
    counter.settle()
    assert counter.window.beside.watch.veil == BARE
    assert page._veil == BARE
    assert acts(counter)[0] == "show_names"
    assert counter.window.beside.watch._cover_again.interval() == 30_000
    counter.window.beside.watch._cover_again.timeout.emit()
    assert page._veil == COVERED
    counter.shortcut("Ctrl+Shift+M")
    counter.settle()
    counter.window.lock()
    assert page._veil == COVERED
    assert acts(counter).count("show_names") == 2


def test_the_office_may_leave_the_lists_uncovered_with_a_reason(counter):
    dialog = press(counter, "names")
    say(counter, dialog, "屏幕只有经办人员看得到")
    assert (rows(counter)["names"].tone, rows(counter)["names"].value) == ("warn", "一直显示全名")
    assert counter.window.page("workbench")._veil == BARE
    assert on_lane(counter.window.lane, lambda: privacy.veil(counter.window.desk)) == BARE


def test_the_notice_is_shown_told_and_stays_with_the_case(counter):
    counter.new()
    assert "notified.missing" in {finding.id for finding in counter.session.state.stops}
    QTest.mouseClick(counter.page.findChild(QPushButton, "notice"), Qt.MouseButton.LeftButton)
    dialog = counter.dialog()
    text = " ".join(label.text() for label in dialog.findChildren(type(counter.page.page("identity").title)))
    assert "攀枝花市医疗保障经办机构" in text
    assert "保存期限问经办机构" in text
    assert "{" not in text
    bar = next(area for area in dialog.findChildren(QScrollArea) if area.accessibleName()).verticalScrollBar()
    dialog.activateWindow()
    counter.wait("告知在前面", dialog.isActiveWindow)
    QTest.keySequence(dialog, "PgDown")
    assert bar.value() > 0
    dialog.reject()
    counter.fill("notified", value=True)
    assert counter.application.notified == "2026.1"
    counter.fill("notified", value=False)
    assert counter.application.notified == ""


def test_a_case_in_the_whole_window_leaves_no_personal_data_in_the_log(counter):
    path = logs.configure(counter.data_dir)
    try:
        counter.new()
        counter.answer_all()
        counter.see_papers()
        counter.give_reasons()
        counter.accept()
        logging.getLogger("app.test").warning("case.done")
    finally:
        logs.close()
    said = path.read_text("utf-8")
    assert "case.done" in said
    typed = [
        str(one["value"])
        for one in case_of(PZH)["answers"]
        if one["path"].startswith(("applicant.", "agent.", "summary", "care."))
    ]
    assert [one for one in typed if len(one) > 2 and one in said] == []


def test_what_was_seen_last_is_kept_over_a_lock(counter):
    counter.clock.moment += dt.timedelta(minutes=5)
    look(counter)
    seen = on_lane(counter.window.lane, lambda: counter.window.desk.store.setting(clock_guard.SEEN))
    assert counter.clock.moment.isoformat() in seen
    assert JQ != PZH
