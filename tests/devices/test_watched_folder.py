"""A folder that a scanner writes into: every finished file is offered once, and nothing there is touched."""

from __future__ import annotations

import io
import os
import threading

import pytest
from PIL import Image

from app.adapters.devices.watched import GONE, Folder, Watched
from app.core.errors import DeviceError

LIMIT = 60


def picture(kind="JPEG"):
    out = io.BytesIO()
    Image.new("L", (40, 40), 90).save(out, kind)
    return out.getvalue()


def names(files):
    return [file.path.name for file in files]


def test_a_file_is_offered_once_it_stays_as_it_is(tmp_path):
    folder = Folder(tmp_path, ())
    (tmp_path / "a.jpg").write_bytes(picture())
    assert folder.look() == ()
    (file,) = folder.look()
    assert file.read() == picture()
    assert folder.look() == ()


def test_a_file_that_grows_waits(tmp_path):
    folder = Folder(tmp_path, ())
    whole = picture("PDF")
    for upto in range(len(whole) // 5, len(whole), len(whole) // 5):
        (tmp_path / "a.pdf").write_bytes(whole[:upto])
        assert folder.look() == ()
    (tmp_path / "a.pdf").write_bytes(whole)
    folder.look()
    assert names(folder.look()) == ["a.pdf"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "PDF"])
def test_half_a_file_that_rests_is_not_whole_until_it_has_rested_long(tmp_path, kind):
    folder = Folder(tmp_path, ())
    name = f"a.{kind.lower()}"
    (tmp_path / name).write_bytes(picture(kind)[:-80] if kind == "PDF" else picture(kind)[:-20])
    looks = [names(folder.look()) for _ in range(12)]
    assert looks[:10] == [[]] * 10
    assert [name] in looks


def test_temporary_hidden_empty_and_other_files_are_passed_over(tmp_path):
    folder = Folder(tmp_path, ())
    for name in (".a.jpg", "~$a.pdf", "a.jpg.part", "a.tmp", "a.docx", "Thumbs.db"):
        (tmp_path / name).write_bytes(picture())
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "扫描 1.JPG").write_bytes(picture())
    folder.look()
    assert names(folder.look()) == ["扫描 1.JPG"]


def test_what_was_there_when_the_folder_was_chosen_is_old(tmp_path):
    (tmp_path / "old.jpg").write_bytes(picture())
    folder = Folder(tmp_path, None)
    folder.look()
    (tmp_path / "new.jpg").write_bytes(picture())
    folder.look()
    assert names(folder.look()) == ["new.jpg"]


def test_over_a_restart_the_offered_ones_are_remembered_and_the_others_come(tmp_path):
    before = Folder(tmp_path, ())
    (tmp_path / "a.jpg").write_bytes(picture())
    before.look()
    before.look()
    (tmp_path / "b.jpg").write_bytes(picture())
    after = Folder(tmp_path, before.seen)
    after.look()
    assert names(after.look()) == ["b.jpg"]


def test_a_file_of_the_same_name_with_another_content_is_another_file(tmp_path):
    folder = Folder(tmp_path, ())
    for content in (picture(), picture("PNG")):
        (tmp_path / "a.jpg").write_bytes(content)
        folder.look()
        assert names(folder.look()) == ["a.jpg"]


def test_several_come_in_the_order_in_which_they_were_scanned(tmp_path):
    folder = Folder(tmp_path, ())
    for at, name in enumerate(("z.jpg", "a.jpg", "m.jpg")):
        (tmp_path / name).write_bytes(picture())
        os.utime(tmp_path / name, (1_000_000 + at, 1_000_000 + at))
    folder.look()
    assert names(folder.look()) == ["z.jpg", "a.jpg", "m.jpg"]


def test_a_vanished_stick_is_a_sentence_and_nothing_is_offered_again_when_it_is_back(tmp_path):
    stick, away = tmp_path / "stick", tmp_path / "away"
    stick.mkdir()
    (stick / "a.jpg").write_bytes(picture())
    folder = Folder(stick, ())
    folder.look()
    folder.look()
    stick.rename(away)
    with pytest.raises(DeviceError) as said:
        folder.look()
    assert said.value.sentence == GONE
    stick.mkdir()  # an empty mount point
    folder.look()
    stick.rmdir()
    away.rename(stick)
    assert [folder.look() for _ in range(3)] == [(), (), ()]


def test_a_file_removed_after_the_offer_is_a_sentence(tmp_path):
    folder = Folder(tmp_path, ())
    (tmp_path / "a.jpg").write_bytes(picture())
    folder.look()
    (file,) = folder.look()
    file.path.unlink()
    with pytest.raises(DeviceError):
        file.read()


def test_what_is_remembered_tells_no_name(tmp_path):
    folder = Folder(tmp_path, ())
    (tmp_path / "沈桂兰.jpg").write_bytes(picture())
    folder.look()
    folder.look()
    (key,) = folder.seen
    assert key.isascii()
    assert len(key) == 20


def test_the_thread_offers_keeps_and_says_trouble_once(tmp_path):
    stick = tmp_path / "stick"
    offered, kept, said = [], [], []
    back, came = threading.Event(), threading.Event()

    def trouble(sentence):
        said.append(sentence)
        if not sentence:
            back.set()

    def offer(files):
        offered.extend(names(files))
        came.set()

    watched = Watched(stick, None, offer=offer, keep=kept.append, trouble=trouble, every=0.01)
    try:
        while not said:
            back.wait(0.01)
        stick.mkdir()
        assert back.wait(LIMIT)
        while not kept:
            came.wait(0.01)
        (stick / "a.jpg").write_bytes(picture())
        assert came.wait(LIMIT)
    finally:
        watched.stop()
    assert offered == ["a.jpg"]
    assert said == [GONE, ""]
    assert [len(keys) for keys in kept] == [0, 1]
