"""Media come and go: one contract for the real watcher over real mounts and for the fake that windows are tested with."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from answer_kit import counter_desk, known_office, shared_folder  # noqa: F401 - fixtures
from media_kit import FakeMedia

from app.adapters import media
from app.core.submission import DOWN
from app.services import places, sticks
from app.services.ports.media import Medium, no_media

PATIENCE_S = 30


class Faked:
    def __init__(self, folder):
        self._folder, self.watching = folder, FakeMedia()

    def plug(self, name, *, writable=True):
        self.watching.plug(Medium(name, self._folder / name, writable))

    def pull(self, name):
        self.watching.pull(self._folder / name)

    def close(self):
        pass


class Mounted:
    """A tmpfs stands for a stick: the table of mounts cannot tell, and below its root a mount is removable whatever it is."""

    def __init__(self, folder):
        self._folder, self._on = folder, []

    def watching(self, told):
        return media.Watch(media.Linux((self._folder,)), told)

    def plug(self, name, *, writable=True):
        (self._folder / name).mkdir(exist_ok=True)
        mode = "rw" if writable else "ro"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size=1m,{mode}", "none", self._folder / name], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("nobody may mount here")
        self._on.append(name)

    def pull(self, name):
        subprocess.run(["umount", "-l", self._folder / name], check=True)
        self._on.remove(name)

    def close(self):
        for name in tuple(self._on):
            self.pull(name)


@pytest.fixture(params=[Faked, Mounted])
def world(request, tmp_path):
    if request.param is Mounted and (sys.platform != "linux" or os.geteuid()):
        pytest.skip("only root mounts, and only on Linux")
    (tmp_path / "media").mkdir()
    made = request.param(tmp_path / "media")
    yield made
    made.close()


@pytest.fixture
def heard(world):
    told: queue.Queue = queue.Queue()
    watches = []

    def begin():
        watches.append(world.watching(told.put))
        return watches[-1]

    def names():
        return [(one.name, one.writable) for one in told.get(timeout=PATIENCE_S)]

    yield begin, names, told
    for one in watches:
        one.stop()


def test_what_is_there_is_told_at_once_and_each_change_after_it(world, heard):
    begin, names, told = heard
    world.plug("报送 02")
    watch = begin()
    assert names() == [("报送 02", True)]
    world.plug("A", writable=False)
    assert names() == [("报送 02", True), ("A", False)], "the one that came last stands last"
    world.pull("报送 02")
    assert names() == [("A", False)]
    world.pull("A")
    assert names() == []
    world.plug("报送 02")
    folder = told.get(timeout=PATIENCE_S)[0].folder
    assert (folder.name, folder.parent.name) == ("报送 02", "media")
    watch.stop()
    world.plug("B")
    again = begin()
    assert names() == [("报送 02", True), ("B", True)], "the stopped one told nothing in between"
    again.stop()


def test_the_systems_own_disks_are_no_media_and_a_table_that_is_not_there_tells_of_none(tmp_path, monkeypatch):
    seat = media.Linux()
    assert Path("/") not in [one.folder for one in seat.look()]
    seat.close()
    monkeypatch.setattr(media, "MOUNTS", tmp_path / "none")
    watch = media.watching(lambda _media: pytest.fail("told"))
    watch.stop()
    no_media(lambda _media: pytest.fail("told")).stop()


def test_disks_on_a_cable_are_told_by_the_system_and_blanks_in_names_read_back(tmp_path, monkeypatch):
    usb = tmp_path / "devices/pci0/usb1/1-1/block/sdb/sdb1"
    slot = tmp_path / "devices/mmc0/block/mmcblk0/mmcblk0p1"
    inside = tmp_path / "devices/ata1/block/sda/sda1"
    table = tmp_path / "mountinfo"
    for at, (path, removable) in enumerate(((usb, "0"), (slot, "1"), (inside, "0"))):
        path.mkdir(parents=True)
        (path.parent / "removable").write_text(f"{removable}\n")
        (tmp_path / f"8:{at}").symlink_to(path)
    table.write_text(
        "1 0 8:2 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 8:0 / /mnt/U\\040盘 rw,nosuid - vfat /dev/sdb1 rw\n"
        "3 1 8:0 / /home rw - ext4 /dev/sdb1 rw\n"
        "4 1 8:1 / /srv/card ro - vfat /dev/mmcblk0p1 ro\n"
        "5 1 8:2 / /srv/data rw - ext4 /dev/sda1 rw\n"
        "6 1 8:0 /part /srv/part rw - ext4 /dev/sdb1 rw\n"
        "7 1 0:50 / /media/li/SWITCH rw - vfat /dev/x ro\n"
        "8 1 0:51 / /mediate rw - tmpfs none rw\n"
        "cut off\n"
    )
    monkeypatch.setattr(media, "DEVICES", tmp_path)
    monkeypatch.setattr(media, "MOUNTS", table)
    monkeypatch.setattr(media.select, "poll", _NoPoll)
    seat = media.Linux()
    assert seat.look() == (
        Medium("U 盘", Path("/mnt/U 盘")),
        Medium("card", Path("/srv/card"), writable=False),
        Medium("SWITCH", Path("/media/li/SWITCH"), writable=False),
    )
    seat.close()


class _NoPoll:
    """A plain file in the table's place cannot be waited for."""

    def register(self, *_):
        pass


def test_a_stick_is_looked_at_for_what_this_counter_has_not_read(desk, side, share, tmp_path):
    stick = Medium("报送-02", tmp_path / "stick")
    mine = sticks.known(desk)
    wire = places.wire(desk)
    assert (mine.counter, mine.next_number, mine.reads) == (wire, 1, True)
    for name in (
        f"{DOWN}/{wire}/0000000001.age",
        f"{DOWN}/PZH99/0000000001.age",
        "0000000002.age",
        "holiday.jpg",
        "box/x.received.json",
    ):
        (stick.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (stick.folder / name).write_bytes(b"x")
    unread = {f"{DOWN}/{wire}/0000000001.age", "0000000002.age", "box/x.received.json"}
    assert sticks.answers_on(stick.folder, mine) == unread
    assert sticks.answers_on(stick.folder, replace(mine, next_number=2, waiting=frozenset({2}))) == {"box/x.received.json"}
    assert sticks.answers_on(stick.folder, replace(mine, reads=False)) == frozenset()
    assert sticks.answers_on(tmp_path / "gone", mine) == frozenset()
    assert sticks.offered(stick, mine)
    places.set_places(desk, [share])
    served = sticks.known(desk)
    assert not sticks.offered(Medium("share", Path(share.address)), served), "a place of the queue is no stick to copy to"
    desk.store.set_counter(replace(desk.store.counter(), second_copy=str(stick.folder / "backup")))
    assert not sticks.offered(stick, sticks.known(desk)), "nor is the disk of the second copy"
