"""Settings in the real window: found by plain words, changed by keyboard, taken along as a file."""

import datetime as dt

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from whole_kit import quick_slots
from window_kit import counter_at, on_lane

from app.adapters.store import attempts, keys
from app.core import clock_guard
from app.core.masks import BARE, COVERED
from app.core.settings_all import COPY_FIRST, COPY_FOLDER, COVER, IDLE, SCALE, SETTINGS
from app.demo import commit
from app.services import clerks, second_copy, settings, setup
from app.ui import clipboard, sending
from app.ui import copy_runner as copy_window
from app.ui.admin_settings_dialog import DifferenceDialog
from app.ui.case import finished_words


@pytest.fixture
def counter(qapp, tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    with counter_at(tmp_path / "data") as counter:
        yield counter


def section(counter):
    counter.window._tab("admin")
    counter.settle()
    counter.window.page("admin").choose("settings")
    return counter.window.page("admin").settings


def shown(section):
    return [line.key for line in section.table.lines()]


def said(counter):
    counter.settle()
    return counter.window.page("admin").message.text()


def test_fixed_figures_are_those_that_hold():
    def fixed(id_):
        return SETTINGS[id_].default

    assert fixed("clipboard") == f"{clipboard.AFTER_MS // 1000} 秒"
    assert fixed("copy.minutes") == f"{copy_window.EVERY_MS // 60_000} 分钟"
    assert fixed("copy.check_days") == f"{second_copy.CHECK_DAYS} 天"
    assert fixed("answers.minutes") == f"{sending.LISTEN // dt.timedelta(minutes=1)} 分钟"
    assert fixed("large.age") == f"{finished_words.OLD} 岁"
    assert fixed("passphrase") == f"{setup.SHORTEST_PASSPHRASE} 个字"
    assert fixed("once_code") == f"{clerks.CODE_DAYS} 天"
    first, last = attempts.wait_after(attempts.FIRST_WAIT), attempts.LONGEST
    assert fixed("attempts") == f"等 {first} 到 {last} 秒"
    assert fixed("clock") == f"倒退 {clock_guard.BACK // dt.timedelta(minutes=1)} 分钟"
    assert f"{clock_guard.AHEAD // dt.timedelta(hours=1)} 小时" in SETTINGS["clock"].meaning
    kdf = keys._ARGON2
    assert fixed("kdf") == f"Argon2id，{kdf['m'] // 1024} MB，{kdf['t']} 遍"


def test_by_keyboard_alone_a_setting_is_found_changed_and_brought_back(counter):
    page = section(counter)
    assert QApplication.focusWidget() is page.search
    assert len(shown(page)) == len(SETTINGS) - 1  # one language is shipped: there is none to choose
    commit(page.search, "锁")
    counter.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.detail.number
    assert shown(page) == [IDLE, "attempts"]
    assert page.table.lines()[0].cell(0)["mark"] == ((5, 1),)
    commit(page.detail.number, "45")
    counter.shortcut("Ctrl+Return")
    assert page.detail.said() == "写 1 到 30 之间的整数"
    page.detail.number.clear()
    commit(page.detail.number, "2")
    counter.shortcut("Ctrl+Return")
    assert said(counter) == "离开几分钟锁定：2 分钟"
    assert counter.window.beside.idle.minutes == 2
    now = page.table.lines()[0]
    assert (now.cell(1)["text"], now.cell(1)["sub"], now.cell(2)["text"]) == (
        "2 分钟",
        "原设 5 分钟",
        counter.window.desk.clerk,
    )
    page.detail.back.click()
    counter.settle()
    assert counter.window.beside.idle.minutes == 5
    QTest.keyClick(page.detail.number, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.search
    commit(page.search, "没有这样的词")
    page.search.ask()
    assert (shown(page), page.detail.isVisible()) == ([], False)
    counter.press(Qt.Key.Key_Escape)
    assert len(shown(page)) == len(SETTINGS) - 1  # one language is shipped: there is none to choose


def test_the_window_follows_what_is_set_and_says_what_waits_for_the_next_start(counter, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "disk"))
    (tmp_path / "disk").mkdir()
    page = section(counter)
    page.choose(COVER)
    page.detail.few.put("off")
    page.detail.confirm()
    counter.settle()
    assert page.detail.said() == "写一句为什么这样设"
    page.detail.reason.put("屏幕朝里")
    page.detail.confirm()
    counter.wait("显示全名", lambda: counter.window.beside.watch.veil == BARE)
    page.choose(SCALE)
    page.detail.many.put("125")
    page.detail.confirm()
    assert said(counter) == "放大：125 %，重开程序后生效，草稿都在"
    assert page.note() == ("1 项重开程序后生效", "warn")
    page.choose(COPY_FOLDER)
    page.detail.pick.click()
    counter.wait("第二份", lambda: counter.window.beside.second.runner.standing.tone == "good")
    page.choose("kdf")
    assert not page.detail.act.isVisible()
    assert not page.detail.focus()
    page.which.put("changed")
    page.which.chosen.emit("changed")
    assert shown(page) == [SCALE, COVER, COPY_FOLDER]
    for size in ((1366, 768), (1280, 720), (910, 512)):
        counter.window.setMinimumSize(0, 0)
        counter.window.resize(*size)
        for id_ in (IDLE, SCALE, COVER, COPY_FOLDER, "office_key", "kdf"):
            page.choose(id_)
            assert clipped(counter.window) == []


def test_a_file_says_what_it_would_change_and_changes_it_when_a_supervisor_wants_that(counter, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page = section(counter)
    page.save_button.click()
    assert said(counter).startswith("已存成 settings-20260206")
    (file,) = tmp_path.glob("*.toml")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    page.load_button.click()
    counter.settle()
    assert "没有要改的" in counter.dialog().accessibleName()
    counter.dialog().reject()
    text = (
        file.read_text("utf-8").replace(f'"{IDLE}" = 5', f'"{IDLE}" = 7\nfuture = 1').replace('copy" = false', 'copy" = true')
    )
    file.write_text(text, "utf-8")
    page.load_button.click()
    counter.settle()
    dialog = counter.dialog()
    assert isinstance(dialog, DifferenceDialog)
    told = [[line.cell(at)["text"] for at in range(3)] for line in dialog.table.lines()]
    assert told == [["离开几分钟锁定", "5 分钟", "7 分钟"], ["回执等第二份备份", "不等", "等"]]
    assert "不认识：future" in dialog.told.full()
    assert clipped(dialog) == []
    dialog.reject()
    desk = counter.window.desk
    assert on_lane(counter.window.lane, lambda: settings.idle_minutes(desk)) == 5
    page.load_button.click()
    counter.settle()
    counter.dialog().confirm()
    assert said(counter) == "照文件改好 2 处"
    assert counter.window.beside.idle.minutes == 7
    assert on_lane(counter.window.lane, lambda: desk.store.setting(COPY_FIRST)) == "1"
    assert counter.window.beside.watch.veil == COVERED


def test_a_clerk_reads_who_may_change_what_and_changes_only_his_own(counter):
    page = section(counter)
    desk = counter.window.desk
    page.put(on_lane(counter.window.lane, lambda: settings.standings(desk)), boss=False)
    page.choose(IDLE)
    assert not page.detail.act.isVisible()
    assert "主管能改。锁定，让主管打开" in page.detail._facts.full()
    assert not page.save_button.isVisible()
    page.choose(COVER)
    assert page.detail.act.isVisible()
