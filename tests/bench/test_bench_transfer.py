"""Sealing against bare age, sending against curl to the same server, and what is asked again after a cut and by a poll.

Goals: seal at most 1.2 times bare age; throughput at least 0.9 of curl's; after a cut at 90 % at most one object again; a poll at most two requests.
"""

import hashlib
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
from test_bench_window import told

sys.path.append(str(Path(__file__).parents[1] / "transfer"))

import servers
from sync_kit import OFFICE

from app.adapters.signing import OfficeSignatures
from app.adapters.transfer.places import AnyPlaces
from app.adapters.transfer.seal import BagSealer
from app.core.places import PlaceKind, PlaceSettings
from app.core.submission import NAMESPACE, Submission
from app.services.ports.transfer import PlaceError, Trouble
from app.services.uplink import listen, send

FILES, SIZE, ROUNDS = 10, 3_000_000, 5
ULID = "01JD2ZK7M8N9P0QRSTVWXYZABC"
DATA = [(f"originals/{at:02}.jpg", hashlib.shake_128(bytes([at])).digest(SIZE)) for at in range(FILES)]


def sealed_into(folder):
    key = OfficeSignatures().make()
    return BagSealer().seal(
        folder, DATA, recipients=[OFFICE], sign=lambda data: OfficeSignatures().sign(data, key, NAMESPACE), info={}
    )


def timed(work):
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - busy


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    with servers.seaweed(tmp_path_factory.mktemp("seaweed")) as url:
        yield PlaceSettings(PlaceKind.BUCKET, "市局", url, bucket="office", user="office", secret="officesecret")


@pytest.fixture(scope="module")
def dav(tmp_path_factory):
    with servers.outside() as folder, servers.apache(folder) as url:
        yield PlaceSettings(PlaceKind.DAV, "市局", url, user="office", secret="officesecret")


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    return sealed_into(tmp_path_factory.mktemp("spool") / "bag")


class Counting:
    """A place that counts what is asked of it, and dies at a put."""

    def __init__(self, place, die_at=0):
        self._place = place
        self._die_at = die_at
        self.asked = self.puts = 0

    def __getattr__(self, name):
        def call(*args):
            self.asked += 1
            if name == "put":
                self.puts += 1
                if self.puts == self._die_at:
                    raise PlaceError(Trouble.NETWORK, "断了")
            return getattr(self._place, name)(*args)

        return call


def test_sealing_ten_large_files(tmp_path, benchmark, record_property):
    recipient = pyrage.x25519.Recipient.from_str(OFFICE)
    times = {"age": [], "age_to_disk": [], "seal": []}

    def bare():
        for _, data in DATA:
            pyrage.encrypt(data, [recipient])

    def to_disk():
        """Age, the SHA-256 that a manifest needs, and durable files: the work that is in sealing whoever does it."""
        for at, (_, data) in enumerate(DATA):
            one = pyrage.encrypt(data, [recipient])
            hashlib.sha256(one)
            with (tmp_path / f"bare{at}").open("wb") as file:
                file.write(one)
                file.flush()
                __import__("os").fsync(file.fileno())

    for at in range(ROUNDS + 1):
        took = {
            "age": timed(bare)[0],
            "age_to_disk": timed(to_disk)[0],
            "seal": timed(lambda at=at: sealed_into(tmp_path / f"bag{at}"))[0],
        }
        if at:
            for name, one in took.items():
                times[name].append(one)
    figures = {f"{name}_min_ms": min(kept) * 1000 for name, kept in times.items()}
    figures["ratio_age_min"] = figures["seal_min_ms"] / figures["age_min_ms"]
    figures["ratio_age_to_disk_min"] = figures["seal_min_ms"] / figures["age_to_disk_min_ms"]
    told(figures, benchmark, record_property)
    benchmark.pedantic(bare, rounds=3)


@pytest.mark.parametrize("kind", ["bucket", "dav"])
def test_sending_against_curl(kind, request, bag, tmp_path, benchmark, record_property):
    settings = request.getfixturevalue(kind)
    sealer = BagSealer()
    paths = [bag.folder / name for name in sealer.names(bag)]
    size = sum(path.stat().st_size for path in paths)
    base = settings.address.rstrip("/") + (f"/{settings.bucket}" if kind == "bucket" else "")
    login = ["--user", f"{settings.user}:{settings.secret}"]
    if kind == "bucket":
        login += ["--aws-sigv4", "aws:amz:us-east-1:s3"]
    ours, curls, busy = [], [], []
    with closing(AnyPlaces().open(settings)) as place:
        if kind == "dav":  # curl makes no folders
            place.put("curl/first", b"")
        for at in range(ROUNDS + 1):
            one = Submission("JQ03", at + 1, f"{ULID[:-1]}{at}", 1, bag.digest)
            wall, cpu = timed(lambda one=one: send(place, sealer, bag, one))
            command = ["curl", "-sS", "--fail", *login]
            for path in paths:
                command += ["-T", str(path), f"{base}/curl/{at}-{path.name}"]
            curl, _ = timed(lambda command=command: subprocess.run(command, check=True, capture_output=True))
            if at:
                ours.append(wall)
                busy.append(cpu)
                curls.append(curl)
    figures = {
        "ours_min_ms": min(ours) * 1000,
        "curl_min_ms": min(curls) * 1000,
        "ours_mb_s": size / min(ours) / 1e6,
        "cpu_ms_per_mb": min(busy) * 1000 / (size / 1e6),
        "ratio_of_curl": min(curls) / min(ours),
    }
    told(figures, benchmark, record_property)
    benchmark.pedantic(lambda: None, rounds=1)


def test_going_on_after_a_cut_at_nine_tenths(bag, bucket, benchmark, record_property):
    sealer = BagSealer()
    one = Submission("JQ04", 1, ULID, 1, bag.digest)
    with closing(AnyPlaces().open(bucket)) as place:
        cut = Counting(place, die_at=9)
        with pytest.raises(PlaceError):
            send(cut, sealer, bag, one)
        rest = Counting(place)
        sent = send(rest, sealer, bag, one)
    again = cut.puts - 1 + rest.puts - len(sealer.names(bag))
    assert again <= 1
    told({"objects": len(sealer.names(bag)), "skipped": sent.skipped, "sent_again": again}, benchmark, record_property)
    benchmark.pedantic(lambda: None, rounds=1)


def test_a_poll_for_answers(bucket, benchmark, record_property):
    with closing(AnyPlaces().open(bucket)) as place:
        counting = Counting(place)
        assert list(listen(counting, "JQ03", 0)) == []
        assert counting.asked <= 2
        benchmark(lambda: list(listen(place, "JQ03", 0)))
    told({"requests": counting.asked}, benchmark, record_property)
