"""One contract for every kind of place, each on a real server."""

import os
from dataclasses import replace

import pytest
from test_uplink import arrived, bag, submission

from app.adapters.transfer.places import AnyPlaces
from app.adapters.transfer.seal import BagSealer
from app.services.uplink import ConflictError, Sent, send

PATH = "up/v1/JQ03/bags/01JD2ZK7M8N9P0QRSTVWXYZABC-r1-abababababababab/data/0000.age"


def test_nothing_is_there_before_it_is_put(place):
    assert place.stat(PATH) is None
    assert place.read(PATH) is None
    assert list(place.names("up/v1/JQ03/")) == []
    place.remove(PATH)


@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
def test_what_was_put_comes_back_whole(place, size):
    data = os.urandom(size)
    place.put(PATH, data)
    assert place.stat(PATH).size == size
    assert place.read(PATH) == data


def test_putting_again_replaces(place):
    place.put(PATH, b"half of it")
    place.put(PATH, b"all of it, longer than before")
    assert place.read(PATH) == b"all of it, longer than before"
    assert list(place.names("up/")) == [PATH]


def test_a_commit_never_writes_over_what_stands_there(place):
    assert place.commit("up/v1/JQ03/ready/0000000001.json", b"first") is True
    assert place.commit("up/v1/JQ03/ready/0000000001.json", b"second") is False
    assert place.read("up/v1/JQ03/ready/0000000001.json") == b"first"
    assert list(place.names("up/v1/JQ03/ready/")) == ["up/v1/JQ03/ready/0000000001.json"]


def test_names_are_those_under_the_folder_only_and_in_order(place):
    for path in ("up/v1/JQ03/ready/b.json", "up/v1/JQ03/ready/a.json", "up/v1/JQ04/ready/c.json", "down/v1/JQ03/1.age"):
        place.put(path, b"x")
    assert list(place.names("up/v1/JQ03/ready/")) == ["up/v1/JQ03/ready/a.json", "up/v1/JQ03/ready/b.json"]
    assert list(place.names("up/v1/")) == [
        "up/v1/JQ03/ready/a.json",
        "up/v1/JQ03/ready/b.json",
        "up/v1/JQ04/ready/c.json",
    ]


def test_a_removed_object_is_gone(place):
    place.put(PATH, b"x")
    place.remove(PATH)
    assert place.stat(PATH) is None
    assert place.read(PATH) is None


def test_a_known_md5_is_the_one_of_the_bytes(place):
    place.put(PATH, b"hello")
    assert place.stat(PATH).md5 in {"", "5d41402abc4b2a76b9719d911017c592"}


@pytest.mark.parametrize("kind", ["dav", "apache"])
def test_a_move_whose_answer_was_lost_and_that_was_asked_again_is_done(settings_for, kind):
    class Twice:
        def __init__(self, operator):
            self._operator = operator

        def __getattr__(self, name):
            return getattr(self._operator, name)

        def rename(self, source, target):
            self._operator.rename(source, target)
            self._operator.rename(source, target)

    place = AnyPlaces().open(settings_for(kind))
    place._operator = Twice(place._operator)
    place.put(PATH, b"moved once")
    assert place.read(PATH) == b"moved once"
    place.close()


def test_a_bag_arrives_whole_with_its_marker_last(place, tmp_path):
    sealed = bag(tmp_path / "bag")
    one = submission(sealed)
    heard = []
    assert send(place, BagSealer(), sealed, one, lambda *told: heard.append(told)) == Sent(already=False, put=10)
    assert arrived(place) == [one]
    assert heard == sorted(heard)


def test_sending_again_writes_nothing(place, tmp_path):
    sealed = bag(tmp_path / "bag")
    send(place, BagSealer(), sealed, submission(sealed))
    assert send(place, BagSealer(), sealed, submission(sealed)) == Sent(already=True)


def test_a_half_object_is_sent_again(place, tmp_path):
    sealed = bag(tmp_path / "bag")
    one = submission(sealed)
    place.put(f"{one.bag}/data/0001.age", b"half")
    send(place, BagSealer(), sealed, one)
    assert arrived(place) == [one]


def test_another_submission_under_the_number_is_a_conflict_and_stays(place, tmp_path):
    first, second = bag(tmp_path / "first"), bag(tmp_path / "second")
    one = submission(first)
    send(place, BagSealer(), first, one)
    marker = place.read(one.marker)
    with pytest.raises(ConflictError, match="另一件"):
        send(place, BagSealer(), replace(second, digest=first.digest), replace(one, supersedes="ab" * 32))
    assert place.read(one.marker) == marker
