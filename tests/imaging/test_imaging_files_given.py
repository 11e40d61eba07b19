"""Files on their way from a disk: what cannot be read gets one sentence, and the others come in."""

import os

import pytest
from imaging_kit import drawn, opened, saved

from app.core.errors import RefusedFileError
from app.ui.case import files_in
from app.ui.case.files_in import read_all


def test_a_folder_and_a_file_on_a_stick_that_was_pulled_cost_the_others_nothing(tmp_path, take):
    sound, gone = tmp_path / "诊断.jpg", tmp_path / "U 盘.jpg"
    sound.write_bytes(saved(drawn()))
    folder = tmp_path / "照片.jpg"
    folder.mkdir()
    files, unread = read_all([gone, folder, sound], "file")
    assert [file.name for file in files] == ["诊断.jpg"]
    assert len(take(files[0].data, files[0].name)) == 1
    assert ["U 盘拔了" in unread[0], "这是文件夹" in unread[1]] == [True, True]


def test_a_film_and_a_pipe_are_told_before_they_fill_the_memory_or_hold_anybody_up(tmp_path, monkeypatch):
    monkeypatch.setattr(files_in, "MOST_BYTES", 1000)
    film, pipe, sound = tmp_path / "a.mp4", tmp_path / "b.jpg", tmp_path / "c.jpg"
    film.write_bytes(bytes(1001))
    sound.write_bytes(bytes(1000))
    os.mkfifo(pipe)
    files, unread = read_all([film, pipe, sound], "drop")
    assert [file.name for file in files] == ["c.jpg"]
    assert ["超过 100 MB" in unread[0], "不是一个普通文件" in unread[1]] == [True, True]


@pytest.mark.parametrize(
    "name",
    ["a b.jpg", "诊断 (1)【终】.jpg", "%s$HOME;'\"`.jpg", "-rf.jpg", "..jpg", "\u202egpj.exe.jpg", "𠮷\u0301.JPG", "a\nb.jpg"],
)
def test_odd_names_are_only_names(tmp_path, take, name):
    path = tmp_path / name
    try:
        path.write_bytes(saved(drawn()))
    except OSError:
        pytest.skip("this system takes no such name")
    (file,), unread = read_all([path], "file")
    assert unread == []
    assert len(take(file.data, file.name)) == 1


def test_a_file_read_while_it_grows_is_refused_and_taken_once_it_is_whole(tmp_path, take):
    whole, path = saved(drawn(900, 600), quality=95), tmp_path / "扫描.jpg"
    for part in (0, 900, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:part])
        (file,), _ = read_all([path], "file")
        with pytest.raises(RefusedFileError):
            take(file.data, file.name)
    path.write_bytes(whole)
    (file,), _ = read_all([path], "file")
    (page,) = take(file.data, file.name)
    assert opened(page.data).size == (900, 600)
