"""Sending over places that die, lie and answer twice: each submission counts once, and nothing half is ever committed."""

import hashlib
import os
import random
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.transfer.folder import FolderPlace
from app.adapters.transfer.seal import BagSealer
from app.core.submission import Submission, read_marker, ready
from app.services.ports.transfer import PlaceError, Sealed, Stat, Trouble
from app.services.uplink import send

ULID = "01JD2ZK7M8N9P0QRSTVWXYZABC"


def bag(folder: Path, files: int = 4, size: int = 5_000) -> Sealed:
    """A bag with the names of a sealed one; its payload is any bytes, which is all a place sees."""
    (folder / "data").mkdir(parents=True)
    lines = ""
    for at in range(files):
        data = os.urandom(size)
        (folder / f"data/{at:04}.age").write_bytes(data)
        lines += f"{hashlib.sha256(data).hexdigest()}  data/{at:04}.age\n"
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (folder / "bag-info.txt").write_text("Bagging-Date: 2026-11-20\n")
    (folder / "manifest-sha256.txt").write_text(lines)
    names = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
    tags = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "tagmanifest-sha256.txt").write_text(tags)
    (folder / "tagmanifest-sha256.txt.sig").write_text("signature\n")
    return BagSealer().spooled(folder)


def submission(sealed: Sealed, sequence: int = 1) -> Submission:
    return Submission("JQ03", sequence, ULID, 1, sealed.digest)


def arrived(place) -> list[Submission]:
    """What a reader believes: each marker whose bag is there whole, byte for byte."""
    found = []
    for path in place.names(ready("JQ03")):
        one, _ = read_marker(path, place.read(path))
        tags = place.read(f"{one.bag}/tagmanifest-sha256.txt")
        assert hashlib.sha256(tags).hexdigest() == one.digest
        for manifest in (tags, place.read(f"{one.bag}/manifest-sha256.txt")):
            for line in manifest.decode().splitlines():
                digest, name = line.split("  ")
                assert hashlib.sha256(place.read(f"{one.bag}/{name}")).hexdigest() == digest
        found.append(one)
    return found


class Shaky:
    """A place that dies at a chosen call, before or after the object is there. Everything else is the real place underneath."""

    def __init__(self, place, die_at: int, *, after: bool) -> None:
        self._place = place
        self._left = die_at
        self._after = after

    @property
    def streams(self):
        return self._place.streams

    def _call(self, work):
        self._left -= 1
        if self._left == 0 and not self._after:
            raise PlaceError(Trouble.NETWORK, "断了")
        done = work()
        if self._left == 0:
            raise PlaceError(Trouble.NETWORK, "断了")
        return done

    def put(self, path, data, *more):
        return self._call(lambda: self._place.put(path, data, *more))

    def commit(self, path, data):
        return self._call(lambda: self._place.commit(path, data))

    def stat(self, path):
        return self._call(lambda: self._place.stat(path))

    def read(self, path):
        return self._call(lambda: self._place.read(path))

    def begin(self, folder):
        return self._call(lambda: self._place.begin(folder))

    def settle(self, folder):
        return self._call(lambda: self._place.settle(folder))


@pytest.mark.parametrize("after", [False, True], ids=["before the object is there", "after, the answer lost"])
def test_cut_at_any_call_it_goes_on_and_counts_once(tmp_path, after):
    def opened(at):
        (tmp_path / f"place{at}").mkdir(exist_ok=True)
        return FolderPlace(tmp_path / f"place{at}")

    cut_at_every_call(bag(tmp_path / "bag", files=2), opened, after=after)


def cut_at_every_call(sealed, opened, *, after) -> None:
    """Send to one more place for each call of a sending, cut there, and go on: no object that was there is sent again."""
    one = submission(sealed)
    calls = 0
    while True:
        calls += 1
        with closing(opened(calls)) as place:
            try:
                send(Shaky(place, calls, after=after), BagSealer(), sealed, one)
            except PlaceError:
                assert len(arrived(place)) <= 1
                with closing(opened(calls)) as again:
                    rest = send(again, BagSealer(), sealed, one)
                assert rest.already or rest.skipped == max(0, min(calls - 3 + after, len(BagSealer().names(sealed))))
                assert arrived(place) == [one]
            else:
                assert calls > 10, "every call was cut once"
                return


def test_going_on_after_a_cut_sends_at_most_one_object_again(tmp_path):
    sealed = bag(tmp_path / "bag", files=10)
    place = FolderPlace(tmp_path)
    with pytest.raises(PlaceError):
        send(Shaky(place, 2 + 10, after=False), BagSealer(), sealed, submission(sealed))
    rest = send(place, BagSealer(), sealed, submission(sealed))
    assert rest.skipped == 9
    assert rest.put + rest.skipped == 16


def test_stopping_in_between_commits_nothing_and_loses_nothing(tmp_path):
    sealed = bag(tmp_path / "bag")
    place = FolderPlace(tmp_path)
    answers = iter([False] * 3 + [True])
    assert send(place, BagSealer(), sealed, submission(sealed), stopped=lambda: next(answers)) is None
    assert arrived(place) == []
    assert send(place, BagSealer(), sealed, submission(sealed)).skipped == 3


def test_a_place_that_keeps_less_than_it_took_is_found_out_before_the_marker(tmp_path):
    class Forgetful(FolderPlace):
        def settle(self, folder):
            return {path: Stat(stat.size - 1) for path, stat in super().settle(folder).items()}

    sealed = bag(tmp_path / "bag")
    with pytest.raises(PlaceError, match="不一样"):
        send(Forgetful(tmp_path), BagSealer(), sealed, submission(sealed))
    assert not list(tmp_path.glob("up/v1/JQ03/ready/*"))


def test_many_submissions_through_random_cuts_all_arrive_once(tmp_path):
    chance = random.Random(20261120)
    place = FolderPlace(tmp_path)
    sent = []
    for at in range(25):
        sealed = bag(tmp_path / f"bag{at}", files=3, size=500)
        one = replace(submission(sealed, at + 1), application=f"{ULID[:-2]}{at:02}")
        sent.append(one)
        for _ in range(20):
            try:
                send(Shaky(place, chance.randrange(1, 30), after=chance.random() < 0.5), BagSealer(), sealed, one)
                break
            except PlaceError:
                continue
        send(place, BagSealer(), sealed, one)
    assert arrived(place) == sent
