"""Everything that goes wrong with an eSCL scanner: one sentence, the pages that came are kept, and the scanner is left free."""

import socket
import threading

import pytest
from escl_emulator import Emulator, Fault, certificate
from escl_kit import HASTY, IMPATIENT, escl, page, scanned

from app.adapters.devices import driver as words
from app.adapters.devices.escl import NO_SCANNER
from app.adapters.devices.escl_job import NOT_A_PAGE
from app.core.errors import DeviceError
from app.services.ports import Feed, ScanWish

PAGES = [page(number) for number in range(4)]


@pytest.fixture
def scanner():
    with Emulator(PAGES, PAGES[0]) as emulator:
        yield emulator


@pytest.fixture
def impatient():
    return escl(IMPATIENT)


def at(emulator, driver):
    return driver.at(emulator.url).id


@pytest.mark.parametrize("fault_at", [1, 3])
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.JAM, words.JAM),
        (Fault.QUIET_JAM, words.JAM),
        (Fault.COVER, words.COVER),
        (Fault.MULTIPICK, "扫描仪一次进了两张纸。把纸分开放好，从没扫的那一页接着扫"),
        (Fault.GONE, words.STOPPED),
        (Fault.BROKEN, words.STOPPED),
        (Fault.CUT, words.SPOILT),
        (Fault.TRUNCATED, words.SPOILT),
        (Fault.SHORT_LENGTH, words.SPOILT),
        (Fault.DROP, words.LOST),
        (Fault.HTML, NOT_A_PAGE),
        (Fault.EMPTY_BODY, NOT_A_PAGE),
        (Fault.NOT_HTTP, NOT_A_PAGE),
        (Fault.HUGE_LENGTH, NOT_A_PAGE),
    ],
)
def test_a_fault_is_told_in_one_sentence_and_costs_no_page_before_it(scanner, impatient, fault, sentence, fault_at):
    scanner.fault, scanner.fault_at = fault, fault_at
    got = scanned(impatient, at(scanner, impatient))
    assert got.pages == PAGES[:fault_at]
    assert got.sentence == sentence
    assert not scanner.jobs


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.STALL])
def test_a_hung_scanner_is_given_up_and_its_job_ended(scanner, impatient, fault):
    scanner.fault, scanner.fault_at = fault, 2
    got = scanned(impatient, at(scanner, impatient))
    assert got.pages == PAGES[:2]
    assert got.sentence in {words.HUNG, words.SPOILT}
    assert not scanner.jobs


def test_bytes_without_end_are_cut_off(scanner, impatient):
    scanner.fault, scanner.fault_at = Fault.ENDLESS, 1
    got = scanned(impatient, at(scanner, impatient))
    assert got.pages == PAGES[:1]
    assert got.sentence in {NOT_A_PAGE, words.HUNG}


def test_a_page_that_is_whole_counts_even_when_more_was_announced(scanner, impatient):
    scanner.fault, scanner.fault_at = Fault.LONG_LENGTH, 0
    got = scanned(impatient, at(scanner, impatient), ScanWish(feed=Feed.GLASS))
    assert got.pages == PAGES[:1]
    assert got.sentence == ""


@pytest.mark.parametrize(("fault", "sentence"), [(Fault.JAM, words.JAM), (Fault.COVER, words.COVER)])
@pytest.mark.parametrize("feed", [Feed.AUTO, Feed.FEEDER])
def test_a_fault_before_the_first_page_is_told_and_the_glass_is_not_scanned_instead(scanner, impatient, fault, sentence, feed):
    scanner.fault = fault
    got = scanned(impatient, at(scanner, impatient), ScanWish(feed=feed))
    assert got.pages == []
    assert got.sentence == sentence
    assert not any("Platen" in body for body in scanner.settings)


def test_an_empty_feeder_is_said_when_the_feeder_was_asked_for(scanner, impatient):
    scanner.load([])
    assert scanned(impatient, at(scanner, impatient), ScanWish(feed=Feed.FEEDER)).sentence == words.EMPTY
    with Emulator([]) as without_glass:
        assert scanned(impatient, at(without_glass, impatient)).sentence == words.EMPTY


def test_a_scanner_that_stays_busy_is_given_up(scanner, impatient):
    scanner.busy = 10**6
    assert scanned(impatient, at(scanner, impatient)).sentence == words.BUSY
    scanner.busy, scanner.not_ready = 0, 10**6
    assert scanned(impatient, at(scanner, impatient)).sentence == words.HUNG
    assert not scanner.jobs


@pytest.mark.parametrize("said", ["", "-1", "99999999999999999"])
def test_any_retry_after_is_survived(scanner, impatient, said):
    scanner.busy, scanner.retry_after = 10**6, said
    assert scanned(impatient, at(scanner, impatient)).sentence == words.BUSY


@pytest.mark.parametrize("location", ["", "nowhere", "http://x/ä", "http://x/a b"])
def test_a_job_without_an_address_is_not_followed(scanner, impatient, location):
    scanner.location = location
    assert scanned(impatient, at(scanner, impatient)).sentence == words.STOPPED


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><ScannerCapabilities>&j;</ScannerCapabilities>"
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><ScannerCapabilities>&f;</ScannerCapabilities>',
        b"<ScannerCapabilities/>",
        b"<ScannerCapabilities>",
        b"<html/>",
        b"nothing",
        b"<a>" * 5000,
        b"<ScannerCapabilities>" + b"<a/>" * 30000 + b"</ScannerCapabilities>",
        b"x" * (2 << 20),
        b'<?xml version="1.0" encoding="no-such"?><ScannerCapabilities/>',
    ],
)
def test_odd_capabilities_are_no_scanner(scanner, impatient, body):
    scanner.capabilities = body
    with pytest.raises(DeviceError) as told:
        impatient.at(scanner.url)
    assert told.value.sentence == NO_SCANNER


def test_an_odd_status_stops_no_scan(scanner, impatient):
    scanner.status = BOMB
    assert scanned(impatient, at(scanner, impatient)).pages == PAGES


def test_nobody_there_is_said_with_the_way_out(impatient):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    id_ = f"http://127.0.0.1:{port}/eSCL#uuid=4509a320-00a0-008f-00b6-00a0cc4b4f2d"
    assert scanned(impatient, id_).sentence == words.ABSENT
    with pytest.raises(DeviceError) as told:
        impatient.at(f"127.0.0.1:{port}")
    assert told.value.sentence == NO_SCANNER
    with pytest.raises(DeviceError) as told:
        impatient.at("no-such-host.invalid")
    assert told.value.sentence == NO_SCANNER


def test_a_port_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        for scheme in ("http", "https"):
            with pytest.raises(DeviceError) as told:
                escl(HASTY).at(f"{scheme}://127.0.0.1:{port}")
            assert told.value.sentence == NO_SCANNER


def test_a_scanner_switched_off_between_pages_is_lost_and_its_pages_kept(impatient):
    pages = []
    with Emulator(PAGES) as scanner:
        id_ = at(scanner, impatient)

        def take(data):
            pages.append(data)
            scanner.server.shutdown()
            scanner.server.server_close()

        with pytest.raises(DeviceError) as told:
            impatient.scan(id_, ScanWish(), take, lambda: False)
    assert told.value.sentence == words.LOST
    assert pages == PAGES[:1]


def test_an_encrypted_scanner_is_not_asked_in_clear(tmp_path, impatient):
    pem, _ = certificate(tmp_path)
    with Emulator(PAGES, certificate=pem) as scanner:
        id_, port = at(scanner, impatient), scanner.port
    with Emulator(PAGES, port=port) as clear:
        assert scanned(impatient, id_).sentence == words.ABSENT
        assert clear.requests == []


def test_a_cancelled_post_waits_for_the_job_it_must_end(scanner, impatient):
    """The scanner takes its time for the answer that names the job; the clerk cancels meanwhile."""
    asked, stop = threading.Event(), threading.Event()
    answer = scanner.server.RequestHandlerClass.do_POST

    class Slow(scanner.server.RequestHandlerClass):
        def do_POST(self):  # noqa: N802
            asked.set()
            stop.wait(10)
            answer(self)

    scanner.server.RequestHandlerClass = Slow
    id_ = at(scanner, impatient)
    threading.Thread(target=lambda: asked.wait(10) and stop.set(), daemon=True).start()
    got = scanned(impatient, id_, cancelled=asked.is_set)
    assert got.pages == []
    assert got.sentence == ""
    assert len(scanner.deleted) == len(scanner.settings) == 1


def answering(emulator, code, location=""):
    """Make a scanner answer everything with this."""

    class Always(emulator.server.RequestHandlerClass):
        def do_GET(self):  # noqa: N802
            self._answer(code, location=location)

    emulator.server.RequestHandlerClass = Always


def test_a_scanner_that_sends_to_its_encrypted_port_is_followed_there_and_nowhere_else(tmp_path, impatient):
    pem, _ = certificate(tmp_path)
    with Emulator(PAGES, certificate=pem) as closed, Emulator(PAGES) as clear:
        answering(clear, 301, f"{closed.url}/ScannerCapabilities")
        assert impatient.at(clear.url) == impatient.at(closed.url)
        for elsewhere in (f"https://localhost:{closed.port}/eSCL", clear.url, "ftp://x", ""):
            answering(clear, 302, elsewhere)
            with pytest.raises(DeviceError) as told:
                impatient.at(clear.url)
            assert told.value.sentence == NO_SCANNER


def test_a_scanner_that_wants_a_login_is_said(scanner, impatient):
    id_ = at(scanner, impatient)
    answering(scanner, 401)
    assert scanned(impatient, id_).sentence == words.DENIED
