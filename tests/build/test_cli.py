"""The command line: what it says when something is wrong, and what it puts where."""

from pathlib import Path

import pytest

from app.cli import main

YEAR = """[[year]]
year = 2027
source = "样本通知"
holidays = ["2027-01-01", {holidays}]
workdays = []
"""
NAMED = (
    '"2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05", "2027-05-01", "2027-05-02", "2027-06-09", '
    '"2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03"'
)


def test_a_year_file_is_checked_and_put_where_the_program_reads_it(tmp_path, capsys):
    from app.adapters.calendar import load_calendar

    file = tmp_path / "notice.toml"
    file.write_text(YEAR.format(holidays=NAMED), "utf-8")
    assert main(["--data-dir", str(tmp_path / "data"), "calendar", "add", str(file)]) == 0
    assert "2027" in capsys.readouterr().out
    assert load_calendar(tmp_path / "data/calendar").knows(2027)


def test_a_bad_year_file_is_named_and_not_taken(tmp_path, capsys):
    file = tmp_path / "notice.toml"
    file.write_text(YEAR.format(holidays='"2027-02-31"'), "utf-8")
    assert main(["--data-dir", str(tmp_path / "data"), "calendar", "add", str(file)]) == 1
    assert "notice.toml" in capsys.readouterr().err
    assert not (tmp_path / "data/calendar").exists()


def test_every_region_shipped_can_be_used(capsys):
    assert main(["regions", "check"]) == 0
    assert capsys.readouterr().out.count("可以用") == 3


def test_a_broken_region_is_told_with_file_key_and_remedy(tmp_path, capsys):
    import shutil

    from app.adapters.paths import forms

    broken = tmp_path / "gansu-jiuquan"
    shutil.copytree(forms() / "gansu-jiuquan", broken)
    text = (broken / "requirements.toml").read_text("utf-8")
    (broken / "requirements.toml").write_text(text.replace("because =", "becuase =", 1), "utf-8")
    assert main(["regions", "check", str(broken)]) == 1
    told = capsys.readouterr().out
    assert "requirements.toml" in told
    assert "becuase" in told


def test_a_folder_without_regions_is_said_in_a_sentence(tmp_path, capsys):
    assert main(["regions", "check", str(tmp_path)]) == 1
    assert "region.toml" in capsys.readouterr().err


def test_a_demo_of_an_unknown_region_names_those_there_are(tmp_path, capsys):
    assert main(["demo", "--region", "nowhere", "--out", str(tmp_path)]) == 1
    assert "gansu-jiuquan" in capsys.readouterr().err


def test_a_wrong_command_ends_with_two(capsys):
    with pytest.raises(SystemExit) as end:
        main(["nonsense"])
    assert end.value.code == 2


def test_a_scale_is_taken_from_the_settings_file_before_qt_starts(tmp_path, monkeypatch):
    import os

    from app.main import scale_from

    monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
    Path(tmp_path / "scale").write_text("150", "ascii")
    scale_from(tmp_path / "scale")
    assert os.environ["QT_SCALE_FACTOR"] == "1.5"
    monkeypatch.delenv("QT_SCALE_FACTOR")
