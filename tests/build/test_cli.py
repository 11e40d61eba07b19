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
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert [line.partition("：")[0] for line in lines] == ["gansu-jiuquan", "hubei-shennongjia", "sichuan-panzhihua"]
    assert all(line.endswith("可以用") for line in lines)
    assert said.err == ""


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
    assert "缺 region.toml" in capsys.readouterr().err


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


def copied_region(tmp_path, name="hubei-shennongjia"):
    import shutil

    from app.adapters.paths import forms

    folder = tmp_path / name
    shutil.copytree(forms() / name, folder)
    return folder


@pytest.fixture
def small_pictures(monkeypatch):
    """Pictures of stamps: what they show is looked at elsewhere."""
    from app.adapters.documents import proofs

    monkeypatch.setattr(__import__("sys").modules[proofs.__module__], "PROOF_DPI", 20)


@pytest.mark.usefixtures("small_pictures")
def test_a_preview_draws_every_document_of_a_region_as_pdf_and_pictures(tmp_path, capsys):
    folder, out = copied_region(tmp_path), tmp_path / "out"
    assert main(["regions", "preview", str(folder), "--out", str(out)]) == 0
    assert "神农架林区" in capsys.readouterr().out
    drawn = {path.stem for path in out.glob("*.pdf")}
    for name in ("form-normal", "receipt-large", "notice-letter", "cover-normal", "outcome-large"):
        assert {f"{name}-{case}" for case in ("short", "typical", "longest", "rare")} <= drawn
    assert {path.stem.rpartition("-p")[0] for path in out.glob("*.png")} == drawn
    assert not list(out.glob("*.part"))


@pytest.mark.usefixtures("small_pictures")
def test_a_preview_leaves_alone_what_did_not_change(tmp_path, monkeypatch):
    from app.adapters.documents import proofs
    from app.adapters.documents.trials import trial_cases

    module = __import__("sys").modules[proofs.__module__]
    monkeypatch.setattr(module, "trial_cases", lambda region: {"short": trial_cases(region)["short"]})
    folder, out = copied_region(tmp_path), tmp_path / "out"
    stamps = []
    for _ in range(2):
        assert main(["regions", "preview", str(folder), "--out", str(out)]) == 0
        stamps.append({path: path.stat().st_mtime_ns for path in out.iterdir()})
    assert stamps[0] == stamps[1]


def test_a_preview_names_what_is_wrong_in_a_layout_and_where(tmp_path, capsys):
    folder = copied_region(tmp_path)
    text = (folder / "form.toml").read_text("utf-8")
    (folder / "form.toml").write_text(text.replace("{applicant.card}", "{applicant.crad}"), "utf-8")
    assert main(["regions", "preview", str(folder), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert "hubei-shennongjia/form.toml" in told
    assert "applicant.crad" in told


def test_a_preview_of_an_unknown_region_names_those_there_are(tmp_path, capsys):
    assert main(["regions", "preview", "nowhere", "--out", str(tmp_path / "out")]) == 1
    assert "gansu-jiuquan" in capsys.readouterr().err


def test_an_open_preview_is_drawn_again_when_a_layout_is_saved(tmp_path, monkeypatch):
    from app import cli

    folder, seen = copied_region(tmp_path), []

    def drawn(*places):
        seen.append(places)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return 0

    def saved(_seconds):
        layout = folder / "form.toml"
        layout.write_text(layout.read_text("utf-8") + "\n# saved\n", "utf-8")

    monkeypatch.setattr(cli, "_proof", drawn)
    monkeypatch.setattr(cli.time, "sleep", saved)
    assert main(["regions", "preview", str(folder), "--out", str(tmp_path / "out"), "--watch"]) == 0
    assert len(seen) == 2
