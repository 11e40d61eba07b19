"""Nothing about a person is on disk in clear: not in the data folder, not in a temporary file, not in the log."""

import logging
import tempfile

import pytest
from whole_kit import CLERK, PZH, case_of
from window_kit import counter_at

from app.adapters import logs
from app.adapters.paths import resources

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


def secrets():
    """What must not be found: everything about the people of the specimen, as text, in escaped JSON too."""
    given = {one["path"]: one["value"] for one in case_of(PZH)["answers"]}
    texts = [
        given[path]
        for path in (
            "applicant.name",
            "applicant.cert_number",
            "applicant.phone",
            "applicant.address",
            "agent.name",
            "agent.cert_number",
            "agent.phone",
            "insurance.card_number",
            "summary",
        )
    ]
    found = {}
    for text in texts:
        for encoding in ENCODINGS:
            found[text.encode(encoding)] = f"{text} ({encoding})"
        found[text.encode("ascii", "backslashreplace")] = f"{text} (escaped)"
    return found


def originals():
    """Some picture data from the middle of each specimen: an original is personal data too."""
    found = {}
    for path in (resources() / "specimens" / PZH).iterdir():
        if path.suffix in {".jpg", ".png"}:
            data = path.read_bytes()
            found[data[len(data) // 2 :][:64]] = path.name
    return found


def told_by(*folders):
    """What of it stands in a file or a file's name below these folders."""
    found = []
    wanted = secrets() | originals()
    for folder in folders:
        for path in folder.rglob("*"):
            content = str(path.relative_to(folder)).encode() + (path.read_bytes() if path.is_file() else b"")
            found += [f"{name} in {path.name}" for needle, name in wanted.items() if needle in content]
    return found


@pytest.fixture
def own_tmp(tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    tempfile.tempdir = None


def test_the_search_itself_finds_what_is_in_clear(tmp_path):
    (tmp_path / "a").write_text("吉木·阿依莫", "utf-16-le")
    (tmp_path / "b").write_bytes((resources() / "specimens" / PZH / "card.png").read_bytes())
    assert sorted(told_by(tmp_path)) == ["card.png in b", "吉木·阿依莫 (utf-16-le) in a"]


def test_a_whole_case_leaves_nothing_readable(qapp, tmp_path, own_tmp, quick):
    data = tmp_path / "data"
    logs.configure(tmp_path / "log")
    (tmp_path / "log").mkdir()
    places = (data, own_tmp, tmp_path / "log")
    try:
        with counter_at(data) as counter:
            counter.new()
            counter.answer_all(steps=("identity",))
            assert told_by(*places) == []
            counter.answer_at_once()
            counter.page.open_step("materials")
            files = [str(resources() / "specimens" / PZH / name) for name in ("id-front.jpg", "id-back.jpg", "card.png")]
            counter.page.page("materials").files_given.emit("identity", files, "drop")
            counter.settle()
            assert len(counter.stored().paper("identity").pages) == 3
            assert told_by(*places) == []
            number = counter.accept()
            counter.settle()
            assert told_by(*places) == []
            # A bug of ours whose message quotes what was typed, with what was typed in its frames.
            name, text = counter.application.applicant.name, counter.application.applicant.cert_number
            counter.window.lane.run(lambda: {name: 1}[text])
            logging.getLogger("app.test").warning("something.odd", extra={"figures": {"ms": 12}})
            counter.wait("差错", counter.dialog)
            counter.dialog().reject()
            assert isinstance(counter.bugs.pop(), KeyError)
            counter.shortcut("F2")
            counter.window.tab.emit("queue")
            counter.settle()
            counter.window.queue_page().choose_folder = lambda *_: str(tmp_path / "stick")
            counter.shortcut("Ctrl+E")
            counter.settle()
            assert (tmp_path / "stick" / number / "record.json").is_file()
            assert told_by(*places) == []
    finally:
        logs.close()
    assert told_by(*places) == []
    log = (tmp_path / "log" / "chuangkou.log").read_text("utf-8")
    assert "crash" in log
    assert "KeyError" in log
    assert CLERK not in log
    # What the clerk exports on purpose is in clear, and only there.
    assert told_by(tmp_path / "stick")
