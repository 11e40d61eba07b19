"""One contract for every kind of place, each on a real server."""

import base64
import hashlib
import http.client
import os
import socket
import subprocess
import threading
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from relay import relay
from sync_kit import Time
from test_uplink import arrived, bag, cut_at_every_call, submission

from app.adapters.transfer import objects
from app.adapters.transfer.mover import Mover
from app.adapters.transfer.places import AnyPlaces
from app.adapters.transfer.seal import BagSealer
from app.core.places import PlaceKind, PlaceSettings
from app.services import pacing
from app.services.pacing import Paced
from app.services.ports.transfer import PlaceError, StoppedError, freely
from app.services.uplink import ConflictError, Sent, send

PATH = "up/v1/JQ03/bags/01JD2ZK7M8N9P0QRSTVWXYZABC-r1-abababababababab/data/0000.age"
FOLDER = PATH.removesuffix("data/0000.age")


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


def test_sizes_are_told_for_a_whole_folder_at_once(place):
    for at, path in enumerate(("up/v1/JQ03/bags/b/bagit.txt", "up/v1/JQ03/bags/b/data/0000.age", "up/v1/JQ03/bags/bb/0")):
        place.put(path, b"x" * at)
    assert {path: stat.size for path, stat in place.begin("up/v1/JQ03/bags/b/").items()} == {
        "up/v1/JQ03/bags/b/bagit.txt": 0,
        "up/v1/JQ03/bags/b/data/0000.age": 1,
    }


def test_a_limit_holds_for_what_is_told_and_for_the_whole(place, monkeypatch):
    """S3 takes a whole body at once and waits for it afterwards; the others are held back piece by piece."""
    time, data, told = Time(), os.urandom(300_000), []
    monkeypatch.setattr(pacing, "time", time)

    def heard(left):
        if left:
            told.append((time.now, len(data) - left))
        return freely(left)

    Paced(place, 64, time).put(PATH, data, heard, hashlib.sha256(data).hexdigest())
    assert place.read(PATH) == data
    assert all(gone <= 65_536 * (now + 0.26) for now, gone in told), "two pieces ahead at most"
    assert 3.5 < time.now < 5


def test_a_stop_in_the_middle_leaves_nothing_half_and_the_place_goes_on(place):
    """In the middle of an object, or between two where a body goes at once: then the whole one may be there."""
    data, stop = os.urandom(2_000_000), threading.Event()

    def halfway(left):
        if left < len(data) // 2:
            stop.set()
        return min(freely(left), 50_000)

    with pytest.raises(StoppedError):
        Paced(place, 0, stop).put(PATH, data, halfway)
    assert place.read(PATH) in {None, data}
    assert list(place.names("up/")) in ([], [PATH])
    place.put(PATH, data[:-1])
    assert place.read(PATH) == data[:-1]


@pytest.mark.parametrize(
    ("kind", "path"),
    [(PlaceKind.BUCKET, PATH), (PlaceKind.DAV, "object"), (PlaceKind.DAV, PATH)],
    ids=["bucket, and takes nothing", "dav, and takes nothing", "dav, and answers nothing"],
)
def test_a_stop_is_heard_while_a_server_is_silent(kind, path):
    """What a connection holds by itself may have gone, where bodies go piece by piece."""
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        settings = PlaceSettings(kind, "市局", f"http://127.0.0.1:{deaf.getsockname()[1]}/", bucket="b", user="u", secret="s")
        stop, asked = threading.Event(), []

        def waiting(left):
            asked.append(left)
            if asked.count(0) > 3:
                stop.set()
            return freely(left)

        place = AnyPlaces().open(settings)
        with pytest.raises(StoppedError):
            Paced(place, 0, stop).put(path, bytes(30_000_000), waiting)
        assert (set(asked) == {0}) == (path == PATH), "nothing went"
        assert min(left for left in [30_000_000, *asked] if left) > 10_000_000
        place.close()


def test_a_silent_server_is_left_after_a_while(monkeypatch):
    monkeypatch.setattr(objects, "SECONDS", 0.1)
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        place = AnyPlaces().open(PlaceSettings(PlaceKind.DAV, "市局", f"http://127.0.0.1:{deaf.getsockname()[1]}/"))
        with pytest.raises(PlaceError, match="断了"):
            place.read("object")
        place.close()


@pytest.mark.parametrize("kind", ["bucket", "apache", "dav"])
def test_a_marker_whose_body_never_came_is_not_there(settings_for, kind):
    """SeaweedFS keeps an empty object where the connection ends behind the headers, unless these have a checksum: nor over a whole one."""
    settings = settings_for(kind)
    parts = urlsplit(settings.address)
    with relay(parts.port) as between, closing(AnyPlaces().open(settings)) as place:
        place.put(PATH, b"x")
        between.bodies = False
        behind = replace(settings, address=parts._replace(netloc=f"127.0.0.1:{between.port}").geturl())
        # Asked three times, with pauses: the server has long heard of the first end when the last one comes.
        with closing(AnyPlaces().open(behind)) as cut, pytest.raises(PlaceError):
            cut.commit(f"{PATH}.json", b"marker")
        assert between.cuts >= 3
        if kind == "bucket":
            with closing(AnyPlaces().open(behind)) as cut, pytest.raises(PlaceError):
                cut.put(PATH, b"y")
            assert (between.cuts >= 6, place.read(PATH)) == (True, b"x")
        assert place.read(f"{PATH}.json") is None
        assert place.commit(f"{PATH}.json", b"marker")
        assert place.read(f"{PATH}.json") == b"marker"


@pytest.mark.parametrize("kind", ["dav", "apache"])
def test_a_folder_that_a_wrong_address_names_is_not_made(settings_for, kind):
    settings = settings_for(kind)
    wrong = replace(settings, address=settings.address.rstrip("/") + "/no where/")
    with closing(AnyPlaces().open(wrong)) as place, pytest.raises(PlaceError, match="没有这个文件夹"):
        place.put(PATH, b"x")


@pytest.mark.parametrize("kind", ["bucket", "apache"])
def test_curl_reads_what_was_put(settings_for, kind):
    settings = settings_for(kind)
    place, data = AnyPlaces().open(settings), os.urandom(100_000)
    place.put(PATH, data)
    place.close()
    parts = urlsplit(settings.address)
    folder = f"/{settings.bucket}{parts.path}" if settings.bucket else parts.path
    command = ["curl", "-sS", "--fail", "--user", f"{settings.user}:{settings.secret}"]
    command += ["--aws-sigv4", "aws:amz:us-east-1:s3"] if settings.bucket else []
    command.append(f"{parts.scheme}://{parts.netloc}{folder.rstrip('/')}/{PATH}")
    assert subprocess.run(command, check=True, capture_output=True).stdout == data


def test_a_known_md5_is_the_one_of_the_bytes(place):
    place.put(PATH, b"hello")
    assert place.stat(PATH).md5 in {"", "5d41402abc4b2a76b9719d911017c592"}


def test_what_was_put_into_a_folder_is_told_when_it_is_begun_again_and_stands_once_it_is_settled(place, settings):
    assert place.begin(FOLDER) == {}
    for name, data in (("data/0000.age", b"one"), ("data/0001.age", b"half"), ("bagit.txt", b"t")):
        place.put(FOLDER + name, data)
    with closing(AnyPlaces().open(settings)) as again:
        assert sized(again.begin(FOLDER)) == {"bagit.txt": 1, "data/0000.age": 3, "data/0001.age": 4}
        again.put(f"{FOLDER}data/0001.age", b"whole")
        for _ in range(2):  # the answer lost, and asked again
            assert sized(again.settle(FOLDER)) == {"bagit.txt": 1, "data/0000.age": 3, "data/0001.age": 5}
        assert again.read(f"{FOLDER}data/0001.age") == b"whole"
        assert list(again.names("up/")) == [FOLDER + name for name in ("bagit.txt", "data/0000.age", "data/0001.age")]
        assert sized(again.begin(FOLDER)) == {"bagit.txt": 1, "data/0000.age": 3, "data/0001.age": 5}


def sized(found):
    return {path.removeprefix(FOLDER): stat.size for path, stat in found.items()}


def put_at(settings, path, data):
    """What a server does with a body; return its status."""
    parts = urlsplit(settings.address)
    token = base64.b64encode(f"{settings.user}:{settings.secret}".encode()).decode()
    with closing(http.client.HTTPConnection(parts.netloc, timeout=60)) as connection:
        connection.request("PUT", parts.path + path, data, {"Authorization": f"Basic {token}"})
        return connection.getresponse().status


@pytest.mark.parametrize("kind", ["dav", "apache"])
def test_a_late_body_is_found_out_before_the_marker_and_comes_to_nothing_behind_it(settings_for, kind, tmp_path, monkeypatch):
    """A server that hears late of an end opens, and empties, a file again that was long sent anew; one that keeps what it got does it for good."""
    settings, sealed = settings_for(kind), bag(tmp_path / "bag")
    one = submission(sealed)
    late = f"{one.bag}.part/data/0001.age"
    with closing(AnyPlaces().open(settings)) as place:
        settle = place.settle

        def spoiled(folder):
            assert put_at(settings, late, b"late") in {200, 204}
            return settle(folder)

        with monkeypatch.context() as one_time:
            one_time.setattr(place, "settle", spoiled)
            with pytest.raises(PlaceError, match="不一样"):
                send(place, BagSealer(), sealed, one)
        assert arrived(place) == []
        assert send(place, BagSealer(), sealed, one) == Sent(already=False, put=2, skipped=8)
        assert arrived(place) == [one]
    other = replace(one, application=f"{one.application[:-1]}D", sequence=2)
    with closing(AnyPlaces().open(settings)) as place:
        assert send(place, BagSealer(), sealed, other) == Sent(already=False, put=10)
        assert put_at(settings, f"{other.bag}.part/data/0001.age", b"late") in {404, 409}
        assert arrived(place) == [one, other]


@pytest.mark.parametrize(("kind", "after"), [("apache", False), ("dav", True)])
def test_a_webdav_server_cut_at_any_call_is_gone_on_with_where_it_was(settings_for, kind, tmp_path, after):
    made = defaultdict(lambda: settings_for(kind))
    cut_at_every_call(bag(tmp_path / "bag", files=2), lambda at: AnyPlaces().open(made[at]), after=after)


@pytest.mark.parametrize("kind", ["dav", "apache"])
def test_nothing_has_its_name_before_its_folder_is_settled_whatever_stands_there(settings_for, kind, monkeypatch):
    whole, move = f"{FOLDER}data/0000.age", Mover.move
    with closing(AnyPlaces().open(settings_for(kind))) as place:
        place.put(whole, b"x")
        place.remove(whole)  # leaves its folder
        assert place.begin(FOLDER) == {}
        place.put(whole, b"whole")
        assert (place.read(whole), place.names("up/")) == (None, [])
        assert sized(place.settle(FOLDER)) == {"data/0000.age": 5}
        # Something of it stands already, and the server moves no folders.
        monkeypatch.setattr(
            Mover, "move", lambda self, one, *more, **how: 501 if one[-1] == "/" else move(self, one, *more, **how)
        )
        place.begin(FOLDER)
        place.put(f"{FOLDER}bagit.txt", b"t")
        assert sized(place.begin(FOLDER)) == {"bagit.txt": 1, "data/0000.age": 5}
        assert sized(place.settle(FOLDER)) == {"bagit.txt": 1, "data/0000.age": 5}
        assert place.read(whole) == b"whole"


@pytest.mark.parametrize("kind", ["dav", "apache"])
def test_a_move_whose_answer_was_lost_and_that_was_asked_again_is_done(settings_for, kind, monkeypatch):
    move = Mover.move

    def twice(self, source, target, **how):
        move(self, source, target, **how)
        return move(self, source, target, **how)

    monkeypatch.setattr(Mover, "move", twice)
    with closing(AnyPlaces().open(settings_for(kind))) as place:
        place.put(PATH, b"moved once")
        assert place.read(PATH) == b"moved once"


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
