"""The settings of a real store: who may change what, what the audit says of it, and a hall's file from one counter to another."""

import datetime as dt
from dataclasses import replace

import pytest
from whole_kit import CLERK, PASSPHRASE

from app.core.errors import AppError, StoreError
from app.core.masks import BARE, COVERED
from app.core.settings_all import COPY_FIRST, COVER, IDLE, RETENTION, SCALE, SHOWN, WATCHED
from app.services import clerks, devices, printing, privacy, retention, second_copy, settings
from app.services.administration import about
from app.services.ports import Role
from app.services.printing import Wish

OTHER = "李娜"


@pytest.fixture
def clerk(desk):
    """The same counter with somebody at it who is no supervisor."""
    clerks.add(desk, OTHER, Role.CLERK, PASSPHRASE)
    return replace(desk, clerk=OTHER)


def of(desk, id_):
    return next(one for one in settings.standings(desk) if one.setting.id == id_)


def test_what_somebody_set_holds_and_says_who_and_when(desk):
    before = of(desk, IDLE)
    assert (before.value, before.made.who, before.changed) == (5, "", False)
    now = settings.change(desk, IDLE, "１２")
    assert (now.words, now.made.who, now.changed) == ("12 分钟", CLERK, True)
    assert dt.datetime.fromisoformat(now.made.at)
    assert settings.idle_minutes(desk) == 12
    entry = desk.store.audit(1)[0]
    assert (entry.who, entry.act, entry.what, about(entry)) == (CLERK, "setting", IDLE, "离开几分钟锁定")
    assert now == of(desk, IDLE)


def test_each_setting_is_felt_where_it_matters(desk, tmp_path):
    for id_, text in (
        (SHOWN, "45"),
        (COPY_FIRST, "1"),
        (RETENTION, "60"),
        (SCALE, "125"),
        (WATCHED, str(tmp_path)),
        ("print.form", "3"),
    ):
        assert settings.change(desk, id_, text).text == text
    settings.change(desk, COVER, "off", "屏幕朝里")
    assert privacy.shown_seconds(desk) == 45
    assert second_copy.first(desk.store)
    assert retention.standing(desk) == (False, "60")
    assert (desk.data_dir / "scale").read_text() == "125"
    assert devices.watched(desk).path == str(tmp_path)
    assert printing.wish(desk, "form-signed").copies == 3
    assert privacy.veil(desk) == BARE
    assert desk.store.setting(privacy.REASON) == "屏幕朝里"


def test_the_number_of_copies_leaves_the_printer_alone(desk):
    printing.remember(desk, "receipt", Wish("大厅的打印机", 1))
    settings.change(desk, "print.receipt", "2")
    assert printing.wish(desk, "receipt") == Wish("大厅的打印机", 2)
    settings.change(desk, "print.receipt", "")
    assert printing.wish(desk, "receipt") == Wish("大厅的打印机", 0)


def test_what_does_not_fit_or_is_nobodys_to_change_stays(desk, clerk):
    for id_, text, words in (
        (IDLE, "45", "写 1 到 30 之间的整数"),
        ("kdf", "1", "固定的"),
        (COVER, "off", "写一句为什么"),
        ("office_key", "ssh-rsa AAAA", "ssh-ed25519"),
    ):
        with pytest.raises(AppError) as refused:
            settings.change(desk, id_, text)
        assert words in refused.value.sentence
    with pytest.raises(AppError, match="由主管来做"):
        settings.change(clerk, IDLE, "3")
    assert settings.change(clerk, COVER, "off", "屏幕朝里").made.who == OTHER
    assert of(desk, IDLE).text == ""
    stated = replace(desk, region=replace(desk.region, retention=replace(desk.region.retention, days=90)))
    assert of(stated, RETENTION).words == "90 天"
    assert not of(stated, RETENTION).changed
    with pytest.raises(AppError, match="规定保留 90 天"):
        settings.change(stated, RETENTION, "30")


def test_a_file_takes_a_halls_settings_along_and_nothing_else(desk, tmp_path):
    settings.change(desk, IDLE, "9")
    settings.change(desk, COVER, "off", "屏幕朝里")
    settings.change(desk, SCALE, "150")
    printing.remember(desk, "form", Wish("大厅的打印机", 4))
    name = settings.save_file(desk, tmp_path)
    text = (tmp_path / name).read_text("utf-8")
    assert '"print.form" = 4' in text
    for secret in (desk.counter.name, CLERK, '打印机"', "屏幕朝里", str(desk.data_dir), "ssh-"):
        assert secret not in text
    with pytest.raises(AppError, match="没有覆盖"):
        settings.save_file(desk, tmp_path)
    for id_, value in ((IDLE, "5"), ("print.form", ""), (COPY_FIRST, "1")):
        settings.change(desk, id_, value)
    settings.change(desk, COVER, "on", "换了位置")
    found = settings.compare(desk, tmp_path / name)
    assert {one.setting.id: one.words for one in found.changes} == {
        IDLE: ("5 分钟", "9 分钟"),
        COVER: ("遮住", "显示全名"),
        COPY_FIRST: ("等", "不等"),
        "print.form": ("看场合", "4 份"),
    }
    assert privacy.veil(desk) == COVERED  # looking alone changes nothing
    settings.apply(desk, found)
    assert settings.compare(desk, tmp_path / name).changes == ()
    assert (settings.idle_minutes(desk), privacy.veil(desk)) == (9, BARE)
    assert printing.wish(desk, "form") == Wish("大厅的打印机", 4)
    assert desk.store.setting(privacy.REASON) == settings.FROM_FILE
    newest = [(entry.act, entry.what) for entry in desk.store.audit(6)]
    assert newest[0] == ("settings_read", "4 项")
    assert {what for act, what in newest if act == "setting"} >= {IDLE, COVER, COPY_FIRST, "print.form"}
    assert of(desk, COPY_FIRST).made.who == CLERK


def test_a_file_is_taken_whole_or_not_at_all_and_only_by_a_supervisor(desk, clerk, tmp_path):
    file = tmp_path / "hall.toml"
    file.write_text(f"format = 1\n[settings]\n{IDLE} = 3\n{COPY_FIRST} = true\n")
    found = settings.compare(desk, file)
    for act in (
        lambda: settings.compare(clerk, file),
        lambda: settings.apply(clerk, found),
        lambda: settings.save_file(clerk, tmp_path),
    ):
        with pytest.raises(AppError, match="由主管来做"):
            act()
    note = desk.store._note

    def full(who, act, subject="", what=""):
        if what == COPY_FIRST:
            raise StoreError("盘满了")
        note(who, act, subject, what)

    desk.store._note = full
    with pytest.raises(StoreError):
        settings.apply(desk, found)
    desk.store._note = note
    assert settings.idle_minutes(desk) == 5
    with pytest.raises(AppError, match="读不出来"):
        settings.compare(desk, tmp_path / "gone.toml")
