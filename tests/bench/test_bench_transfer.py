"""Sealing against bare age, sending against curl to the same server, and what is asked again after a cut and by a poll.

Goals: seal at most 1.2 times bare age; throughput at least 0.9 of curl's; after a cut at 90 % at most one object again; a poll at most two requests.
"""

import getpass
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

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


def busy():
    """CPU seconds of this process and of the programs that it ran."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(work):
    begun, before = time.perf_counter(), busy()
    work()
    return time.perf_counter() - begun, busy() - before


def in_turn(works, rounds=ROUNDS, ready=lambda: None):
    """Run each once to warm up, then all in turn; return least and median wall and least CPU of each, in ms. ``ready`` comes before each, untimed."""
    took = {name: [] for name in works}
    for at in range(rounds + 1):
        for name, work in works.items():
            ready()
            one = timed(lambda at=at, work=work: work(at))
            if at:
                took[name].append(one)
    figures = {}
    for name, all_ in took.items():
        walls = sorted(wall for wall, _ in all_)
        figures[f"{name}_min_ms"] = walls[0] * 1000
        figures[f"{name}_median_ms"] = walls[len(walls) // 2] * 1000
        figures[f"{name}_cpu_ms"] = min(cpu for _, cpu in all_) * 1000
    return figures


def ratios(figures, ours, floors, *, of_floor=False):
    for floor in floors:
        for what in ("min_ms", "median_ms", "cpu_ms"):
            ratio = figures[f"{ours}_{what}"] / figures[f"{floor}_{what}"]
            figures[f"{ours}/{floor} {what}"] = 1 / ratio if of_floor else ratio


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    with servers.seaweed(tmp_path_factory.mktemp("seaweed"), volumes=80) as url:
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

    streams = False

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


def floors_of_sealing(plain, out):
    """Return Debian's ``age -o`` of the same files one after the other (not durable), pyrage in memory, with a manifest's SHA-256, and durable."""
    recipient = pyrage.x25519.Recipient.from_str(OFFICE)

    def program(_round):
        for path in plain:
            subprocess.run(["age", "-r", OFFICE, "-o", out / path.name, path], check=True)

    def memory(_round):
        for _, data in DATA:
            pyrage.encrypt(data, [recipient])

    def hashed(_round):
        for _, data in DATA:
            hashlib.sha256(pyrage.encrypt(data, [recipient]))

    def to_disk(_round):
        for path, (_, data) in zip(plain, DATA, strict=True):
            one = pyrage.encrypt(data, [recipient])
            hashlib.sha256(one)
            with (out / path.name).open("wb") as file:
                file.write(one)
                file.flush()
                os.fsync(file.fileno())

    return {"program": program, "memory": memory, "memory+sha256": hashed, "durable": to_disk}


def test_sealing_ten_large_files(tmp_path, benchmark, record_property):
    """Each writes new files and finds a disk at rest.

    A file that is written over has its memory from the last round, and what ``age`` left to be written would be waited for by whoever syncs next.
    """
    plain = [tmp_path / str(at) for at in range(FILES)]
    for path, (_, data) in zip(plain, DATA, strict=True):
        path.write_bytes(data)
    out = tmp_path / "out"

    def ready():
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        os.sync()

    floors = floors_of_sealing(plain, out)
    figures = in_turn({**floors, "seal": lambda _round: sealed_into(out / "bag")}, rounds=15, ready=ready)
    ratios(figures, "seal", floors)
    told(figures, benchmark, record_property)
    benchmark.pedantic(lambda: None, rounds=1)


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sftp")
    with servers.openssh(folder) as (url, key):
        secret = (folder / "client").read_text()
        yield PlaceSettings(PlaceKind.SFTP, "市局", url, user=getpass.getuser(), secret=secret, host_key=key), folder


def curl(settings, paths, at):
    base = settings.address.rstrip("/") + (f"/{settings.bucket}" if settings.bucket else "")
    command = ["curl", "-sS", "--fail", "--user", f"{settings.user}:{settings.secret}"]
    if settings.bucket:
        command += ["--aws-sigv4", "aws:amz:us-east-1:s3"]
    for path in paths:
        command += ["-T", str(path), f"{base}/curl/{at}-{path.name}"]
    subprocess.run(command, check=True, capture_output=True)


def sftp(settings, folder, paths, at):
    """Each file durable before the next, as ours are."""
    parts = urlsplit(settings.address)
    lines = "".join(f"put -f {path} {parts.path.removeprefix('/')}/{at}-{path.name}\n" for path in paths)
    options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-i", str(folder / "client")]
    command = ["sftp", "-q", "-b", "-", "-P", str(parts.port), *options, f"{settings.user}@{parts.hostname}"]
    subprocess.run(command, input=lines.encode(), check=True, capture_output=True)


@pytest.mark.parametrize("kind", ["bucket", "dav", "shell"])
def test_sending_against_other_peoples_program(kind, request, bag, benchmark, record_property):
    """``just_sealed``: hashed in this process and untouched since; ``hashed``: each file read back and compared with the manifest first."""
    settings = request.getfixturevalue(kind)
    settings, folder = settings if kind == "shell" else (settings, None)
    sealer = BagSealer()
    paths = [bag.folder / name for name in sealer.names(bag)]
    size = sum(path.stat().st_size for path in paths) / 1e6
    with closing(AnyPlaces().open(settings)) as place:
        if kind == "dav":  # curl makes no folders
            place.put("curl/first", b"")

        def ours(at, who, with_sealer):
            one = Submission(who, at + 1, f"{ULID[:-1]}{at}", 1, bag.digest)
            assert send(place, with_sealer, bag, one).put == len(paths) + 1

        figures = in_turn(
            {
                "theirs": lambda at: sftp(settings, folder, paths, at) if folder else curl(settings, paths, at),
                "just_sealed": lambda at: ours(at, "JQ03", sealer),
                "hashed": lambda at: ours(at, "JQ04", BagSealer()),
            },
            rounds=9,
        )
    for name in ("just_sealed", "hashed"):
        ratios(figures, name, ["theirs"], of_floor=True)
        figures[f"{name}_cpu_ms_per_mb"] = figures[f"{name}_cpu_ms"] / size
    figures["theirs_cpu_ms_per_mb"] = figures["theirs_cpu_ms"] / size
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
