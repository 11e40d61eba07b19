"""Bodies that go to WebDAV piece by piece out of their files: servers that wait, refuse or leave in the middle, files that change."""

import hashlib
import os
import socket
import ssl
import subprocess
import threading
from contextlib import closing, contextmanager, suppress

import pytest
from servers import SECONDS
from test_uplink import bag, submission

from app.adapters.transfer import mover
from app.adapters.transfer.links import Account, Link
from app.adapters.transfer.mover import Mover
from app.adapters.transfer.places import AnyPlaces
from app.adapters.transfer.seal import BagSealer
from app.core.errors import AppError
from app.core.places import PlaceKind, PlaceSettings
from app.services.ports.transfer import PlaceError, StoppedError, Trouble, freely
from app.services.uplink import send

TAKEN = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
NAME = "data/0000.age"


@contextmanager
def server(serve, context=None):
    """A server that does with each connection as it is told: ``serve(connection, how many came before)``, each on a thread of its own."""
    listener, threads, open_ones = socket.create_server(("127.0.0.1", 0)), [], []

    def one(raw, nth):
        with closing(raw), suppress(OSError):
            raw.settimeout(SECONDS)
            with context.wrap_socket(raw, server_side=True) if context else raw as connection:
                serve(connection, nth)

    def accept():
        with suppress(OSError):
            while True:
                open_ones.append(listener.accept()[0])
                threads.append(threading.Thread(target=one, args=(open_ones[-1], len(threads)), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        for rests in (listener, *open_ones):
            with suppress(OSError):
                rests.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (accepting, *threads):
            thread.join(SECONDS)


def head(connection) -> bytes:
    got = b""
    while not got.endswith(b"\r\n\r\n"):
        got += some(connection, 1)
    return got


def body(connection, size) -> bytes:
    got = bytearray()
    while len(got) < size:
        got += some(connection, 1 << 16)
    return bytes(got)


def some(connection, most) -> bytes:
    if got := connection.recv(most):
        return got
    raise ConnectionError


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key", "-out", "pem")
    command = ["openssl", "req", "-x509", *new, "-days", "30", "-subj", "/CN=here", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pem", folder / "key")
    return context, (folder / "pem").read_text()


@pytest.mark.parametrize("stopped", [False, True], ids=["goes on", "is stopped"])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_body_that_a_server_takes_by_and_by_is_whole_and_a_stop_is_heard_meanwhile(secure, stopped, certificate, monkeypatch):
    monkeypatch.setattr(mover, "LOOK", 0.02)
    data, go, came, waited = os.urandom(9_000_000), threading.Event(), [], []

    def serve(connection, _nth):
        head(connection)
        go.wait(SECONDS)
        came.append(body(connection, len(data)))
        connection.sendall(TAKEN)

    def pace(left):
        waited.append(left)
        if waited.count(0) > 5:
            go.set()
            if stopped:
                raise StoppedError
        return freely(left)

    context, authority = certificate if secure else (None, "")
    with server(serve, context) as url, closing(Mover(Link(url, authority), Account())) as asked:
        if stopped:
            with pytest.raises(StoppedError):
                asked.put("object", data, pace)
        else:
            assert asked.put("object", data, pace) == 201
            assert came == [data]
        assert waited[0] == len(data)


@pytest.mark.parametrize("stays", [True, False], ids=["and waits", "and leaves"])
@pytest.mark.parametrize(
    ("status", "trouble"),
    [(401, Trouble.CREDENTIALS), (403, Trouble.PERMISSION), (413, Trouble.SPACE), (507, Trouble.SPACE)],
)
def test_a_refusal_in_the_middle_of_a_body_is_read_and_said(status, trouble, stays, monkeypatch):
    monkeypatch.setattr(mover, "LOOK", 0.02)
    over = threading.Event()

    def serve(connection, _nth):
        head(connection)
        connection.recv(1 << 16)
        connection.sendall(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status)
        if stays:
            over.wait(SECONDS)

    with server(serve) as url, closing(AnyPlaces().open(PlaceSettings(PlaceKind.DAV, "市局", url))) as place:
        with pytest.raises(PlaceError) as told:
            place.put("object", bytes(30_000_000))
        over.set()
        assert told.value.trouble is trouble


def test_a_body_that_was_taken_before_all_of_it_was_there_does_not_count(monkeypatch):
    monkeypatch.setattr(mover, "LOOK", 0.02)
    over = threading.Event()

    def serve(connection, _nth):
        head(connection)
        connection.sendall(TAKEN)
        over.wait(SECONDS)

    with server(serve) as url, closing(Mover(Link(url), Account())) as asked:
        with pytest.raises(PlaceError, match="断了"):
            asked.put("object", bytes(30_000_000), freely)
        over.set()


def test_where_a_server_left_a_resting_connection_the_body_begins_anew_and_what_is_told_does_not_go_back(tmp_path):
    sealed = bag(tmp_path / "bag", files=2, size=400_000)
    came, heard = [], []

    def serve(connection, nth):
        while True:
            asked = head(connection)
            size = int(asked.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if asked.startswith(b"PUT") and b"0001.age" in asked and nth == 1:
                body(connection, size // 2)
                return
            came.append((asked.split()[1].decode(), body(connection, size)))
            connection.sendall(
                TAKEN if asked.startswith((b"PUT", b"MKCOL")) else b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
            )

    with server(serve) as url:
        settings = PlaceSettings(PlaceKind.DAV, "市局", url)
        with closing(AnyPlaces().open(settings)) as place, pytest.raises(PlaceError, match="不一样"):
            send(place, BagSealer(), sealed, submission(sealed), lambda *told: heard.append(told))
    whole = (sealed.folder / "data/0001.age").read_bytes()
    assert [data for path, data in came if path.endswith("0001.age")] == [whole]
    assert heard == sorted(heard)


@pytest.mark.parametrize("change", ["before it goes", "meanwhile", "meanwhile, and shorter"])
@pytest.mark.parametrize("kind", ["dav", "apache"])
def test_a_file_that_changed_on_the_disk_never_arrives_as_whole(settings_for, kind, change, tmp_path):
    sealed, sealer = bag(tmp_path / "bag", files=1, size=1_000_000), BagSealer()
    path, folder = sealed.folder / NAME, f"{submission(sealed).bag}/"
    os.utime(path, (1e9, 1e9))
    data = path.read_bytes()
    digest = sealer.digests(sealed)[NAME]
    going = sealer.body(sealed, NAME)
    assert (len(going), bytes(going)) == (len(data), data)

    def changed():
        with path.open("r+b") as file:
            if "shorter" in change:
                file.truncate(len(data) - 1)
            else:
                file.write(bytes(1))

    def pace(left):
        if 0 < left < len(data) // 2 and path.stat().st_mtime == 1e9:
            changed()
        return min(freely(left), 50_000)

    if change == "before it goes":
        changed()
    with closing(AnyPlaces().open(settings_for(kind))) as place:
        assert place.begin(folder) == {}
        with pytest.raises(AppError, match="再封一次"):
            place.put(folder + NAME, going, pace, digest)
        stands = place.settle(folder).get(folder + NAME)
        assert stands is None or stands.size < len(data)
        # Put right, it goes.
        path.write_bytes(data)
        place.put(folder + NAME, sealer.body(sealed, NAME), freely, digest)
        assert hashlib.sha256(place.read(folder + NAME)).hexdigest() == digest
