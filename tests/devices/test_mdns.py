"""Scanners found by their announcements: the records read, and the real thing on loopback where multicast works."""

import socket
import threading
import uuid

import pytest
from escl_emulator import Emulator, certificate
from escl_kit import IMPATIENT, escl, page, scanned
from zeroconf import ServiceInfo, Zeroconf

from app.adapters.devices import driver as words
from app.adapters.devices import mdns
from app.adapters.devices.escl_address import Place, known, same
from app.adapters.devices.escl_job import Limiting
from app.adapters.devices.escl_line import Limits
from app.adapters.devices.mdns import PLAIN, SECURE, Announced, announced

UUID = "4509a320-00a0-008f-00b6-00a0cc4b4f2d"
PAGES = [page(number) for number in range(2)]


def test_an_announcement_says_place_name_and_uuid():
    said = {b"rs": b"/eSCL/", b"ty": "东芝 Lab 9000".encode(), b"UUID": UUID.upper().encode(), b"adminurl": None}
    assert announced(SECURE, f"Lab 9000.{SECURE}", said, ["fe80::1%2", "fd00::1", "192.168.1.20"], 443) == Announced(
        Place("192.168.1.20", 443, True), "东芝 Lab 9000", UUID
    )
    assert announced(PLAIN, f"Lab.{PLAIN}", {}, ["fe80::1%2"], 8080) == Announced(Place("fe80::1%2", 8080), "Lab", "")


@pytest.mark.parametrize(
    ("said", "addresses", "port"),
    [
        ({}, [], 80),
        ({}, ["192.168.1.20"], None),
        ({b"rs": b"eSCL HTTP/1.1\r\nX: y"}, ["192.168.1.20"], 80),
        ({b"rs": b"\xff\xfe"}, ["192.168.1.20"], 80),
        ({}, ["not an address"], 80),
    ],
)
def test_an_announcement_that_leads_nowhere_is_none(said, addresses, port):
    assert announced(PLAIN, f"Lab.{PLAIN}", said, addresses, port) is None


def heard(*emulators):
    """Answer a search with what these scanners would announce."""

    def search(_cancelled, _enough):
        return [Announced(Place("127.0.0.1", one.port, bool(one.certificate)), one.name, one.uuid) for one in emulators]

    return search


def test_found_scanners_have_the_ids_that_typing_their_address_gives(tmp_path):
    pem, _ = certificate(tmp_path)
    other = UUID.replace("4509", "4510")
    with Emulator(PAGES) as clear, Emulator(PAGES, certificate=pem, device_id=other, name="Other") as closed:
        driver = escl(search=heard(clear, closed))
        found = driver.found(lambda: False)
        assert [scanner.name for scanner in found] == ["Other", "Test eSCL"]
        assert list(found) == [driver.at(closed.url), driver.at(clear.url)]


def test_of_two_ways_to_one_scanner_the_encrypted_one_is_taken(tmp_path):
    pem, _ = certificate(tmp_path)
    with Emulator(PAGES) as clear, Emulator(PAGES, certificate=pem) as closed:
        (found,) = escl(search=heard(clear, closed)).found(lambda: False)
        assert found.id.startswith("https://")


def test_a_scanner_that_says_nothing_costs_none_of_the_others():
    with socket.create_server(("127.0.0.1", 0)) as mute, Emulator(PAGES) as scanner:
        silent = Announced(Place("127.0.0.1", mute.getsockname()[1], True), "Mute", UUID.replace("4", "7"))
        driver = escl(Limiting(short=Limits(connect=2.0)), lambda *_: [silent, *heard(scanner)(None, None)])
        assert [found.name for found in driver.found(lambda: False)] == ["Test eSCL"]


def test_a_search_that_is_cancelled_ends_with_what_it_has():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = Announced(Place("127.0.0.1", mute.getsockname()[1], True), "Mute", UUID)
        assert list(escl(search=lambda *_: [silent]).found(lambda: True)) == []


@pytest.mark.parametrize("secure", [False, True])
def test_a_scanner_that_moved_is_found_by_its_uuid(tmp_path, secure):
    pem = certificate(tmp_path)[0] if secure else None
    with Emulator(PAGES, certificate=pem) as before:
        id_ = escl().at(before.url).id
    with Emulator(PAGES, certificate=pem) as after:
        searches = []

        def search(cancelled, enough):
            searches.append(1)
            return heard(after)(cancelled, enough)

        driver = escl(IMPATIENT, search)
        assert scanned(driver, id_).pages == PAGES
        after.load(PAGES)
        assert scanned(driver, id_).pages == PAGES
        assert len(searches) == 1
        assert same(id_, driver.at(after.url).id)


def test_another_scanner_at_the_old_address_is_not_used():
    with Emulator(PAGES, device_id=UUID.replace("4509", "4510")) as stranger:
        id_ = f"{stranger.url}#uuid={UUID}"
        assert scanned(escl(IMPATIENT, heard(stranger)), id_).sentence == words.ABSENT
        assert stranger.settings == []


def multicast_on_loopback() -> bool:
    try:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hears,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as says,
        ):
            hears.bind(("", 0))
            group = socket.inet_aton("224.0.0.251") + socket.inet_aton("127.0.0.1")
            hears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
            hears.settimeout(2)
            says.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            says.sendto(b"?", ("224.0.0.251", hears.getsockname()[1]))
            return hears.recv(1) == b"?"
    except OSError:
        return False


@pytest.mark.skipif(not multicast_on_loopback(), reason="no multicast on loopback here")
def test_a_scanner_is_heard_found_and_scanned_over_the_real_protocol():
    mine = str(uuid.uuid4())  # other tests look for theirs in the same network at the same time
    with Emulator(PAGES, device_id=mine) as scanner:
        info = ServiceInfo(
            PLAIN,
            f"Counter {scanner.port}.{PLAIN}",
            scanner.port,
            addresses=[socket.inet_aton("127.0.0.1")],
            properties={"rs": "eSCL", "ty": scanner.name, "UUID": scanner.uuid},
            server=f"counter-{scanner.port}.local.",
        )
        network = Zeroconf(interfaces=["127.0.0.1"])
        try:
            network.register_service(info)
            stop = threading.Event()

            def search(cancelled, enough):
                return mdns.search(
                    lambda: cancelled() or stop.is_set(),
                    lambda one: enough(one) or one.place.port == scanner.port,
                    seconds=60,
                    interfaces=["127.0.0.1"],
                )

            driver = escl(search=search)
            (found,) = [one for one in driver.found(lambda: False) if known(one.id).place.port == scanner.port]
            assert found.name == "Test eSCL"
            assert scanned(driver, found.id).pages == PAGES
        finally:
            network.close()


def test_no_network_finds_nothing_and_says_nothing(monkeypatch):
    import zeroconf

    def refused(*_args, **_named):
        raise OSError("no network")

    monkeypatch.setattr(zeroconf, "Zeroconf", refused)
    assert mdns.search(lambda: False) == []
