"""Scanning over eSCL when all goes well, against a scanner on loopback."""

import os
import threading
import time

import pytest
from escl_emulator import Emulator, Fault, certificate
from escl_kit import IMPATIENT, escl, page, scanned

from app.adapters.devices.escl_address import known, same
from app.core.errors import DeviceError
from app.services.ports import Abilities, Feed, ScanWish

PAGES = [page(number) for number in range(4)]


@pytest.fixture
def scanner():
    with Emulator(PAGES, PAGES[0]) as emulator:
        yield emulator


def at(emulator, driver):
    return driver.at(emulator.url).id


def test_a_stack_comes_page_by_page_with_the_scanners_own_bytes(scanner):
    driver = escl()
    got = scanned(driver, at(scanner, driver))
    assert got.pages == PAGES
    assert got.sentence == ""


@pytest.mark.drill
def test_fifty_scans_in_a_row_are_all_alike(scanner):
    driver = escl()
    id_ = at(scanner, driver)
    for _ in range(2000 if os.environ.get("CHUANGKOU_DRILL") == "long" else 50):
        scanner.load(PAGES)
        assert scanned(driver, id_).pages == PAGES
    assert not scanner.jobs


def test_pages_in_pieces_are_the_same_pages(scanner):
    scanner.chunked = True
    driver = escl()
    assert scanned(driver, at(scanner, driver)).pages == PAGES


def test_a_page_is_handed_over_before_the_next_is_asked_for(scanner):
    driver = escl()
    asked = []
    driver.scan(
        at(scanner, driver),
        ScanWish(),
        lambda _: asked.append(sum(path.endswith("NextDocument") for path in scanner.paths("GET"))),
        lambda: False,
    )
    assert asked == [1, 2, 3, 4]


def test_a_resolution_is_written_beside_a_page_that_has_none(scanner):
    scanner.load([page(5, None)])
    driver = escl()
    got = scanned(driver, at(scanner, driver), ScanWish(dpi=300))
    assert got.pages == [page(5, 300)]


def test_what_is_asked_for_reaches_the_scanner_as_its_words(scanner):
    driver = escl()
    id_ = at(scanner, driver)
    scanned(driver, id_, ScanWish(feed=Feed.FEEDER, dpi=240, colour=False, duplex=True))
    scanned(driver, id_, ScanWish(feed=Feed.GLASS, dpi=200))
    feeder, glass = scanner.settings
    for words in (
        'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"',
        'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"',
        "<pwg:Version>2.63</pwg:Version>",
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>",
        "<pwg:Width>2550</pwg:Width><pwg:Height>4200</pwg:Height>",
        "<pwg:InputSource>Feeder</pwg:InputSource>",
        "<scan:ColorMode>Grayscale8</scan:ColorMode>",
        "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>",
        "<scan:XResolution>300</scan:XResolution><scan:YResolution>300</scan:YResolution>",
        "<scan:Duplex>true</scan:Duplex>",
    ):
        assert words in feeder
    assert "<pwg:InputSource>Platen</pwg:InputSource>" in glass
    assert "<scan:ColorMode>RGB24</scan:ColorMode>" in glass
    assert "Duplex" not in glass


def test_two_sides_of_a_feeder_that_has_one_are_one_side():
    with Emulator(PAGES, duplex=False) as scanner:
        driver = escl()
        assert scanned(driver, at(scanner, driver), ScanWish(duplex=True)).pages == PAGES
        assert "<scan:Duplex>false</scan:Duplex>" in scanner.settings[0]


@pytest.mark.parametrize(
    ("wish", "loaded", "source", "pages"),
    [
        (Feed.AUTO, True, "Feeder", 4),
        (Feed.AUTO, False, "Platen", 1),
        (Feed.GLASS, True, "Platen", 1),
        (Feed.FEEDER, True, "Feeder", 4),
    ],
)
def test_paper_is_taken_from_where_it_lies(scanner, wish, loaded, source, pages):
    if not loaded:
        scanner.load([])
    driver = escl()
    assert len(scanned(driver, at(scanner, driver), ScanWish(feed=wish)).pages) == pages
    assert f"<pwg:InputSource>{source}</pwg:InputSource>" in scanner.settings[-1]


@pytest.mark.parametrize("loaded", [True, False])
def test_a_feeder_that_does_not_see_paper_is_tried_first(loaded):
    with Emulator(PAGES if loaded else [], PAGES[2], detects_paper=False) as scanner:
        driver = escl()
        assert scanned(driver, at(scanner, driver)).pages == (PAGES if loaded else [PAGES[2]])


def test_a_scanner_without_glass_or_without_feeder_takes_the_other():
    with Emulator(PAGES) as feeder_only, Emulator(glass=PAGES[1]) as glass_only:
        glass_only.has_feeder = False
        driver = escl()
        assert scanned(driver, at(feeder_only, driver), ScanWish(feed=Feed.GLASS)).pages == PAGES
        assert scanned(driver, at(glass_only, driver), ScanWish(feed=Feed.FEEDER)).pages == [PAGES[1]]


def test_the_glass_is_scanned_once_and_the_job_ended(scanner):
    driver = escl()
    scanned(driver, at(scanner, driver), ScanWish(feed=Feed.GLASS))
    assert sum(path.endswith("NextDocument") for path in scanner.paths("GET")) == 1
    assert len(scanner.deleted) == 1
    assert not scanner.jobs


def test_abilities_are_what_the_scanner_says(scanner):
    driver = escl()
    assert driver.abilities(at(scanner, driver)) == Abilities(
        (Feed.FEEDER, Feed.GLASS), (75, 150, 200, 300, 600), duplex=True, colour=True, button=False
    )
    assert driver.pressed(at(scanner, driver)) is False


def test_a_busy_scanner_is_waited_for(scanner):
    scanner.busy, scanner.not_ready = 2, 3
    driver = escl()
    assert scanned(driver, at(scanner, driver)).pages == PAGES
    assert [answer for method, _, answer in scanner.requests if method == "POST"] == [503, 503, 201]


def test_a_job_is_fetched_from_the_scanner_whatever_host_it_names(scanner):
    driver = escl()
    for location in ("http://printer.invalid:9/eSCL/ScanJobs/{job}", "/eSCL/ScanJobs/{job}", "/eSCL/ScanJobs/{job}/"):
        scanner.load(PAGES[:1])
        scanner.location = location
        assert scanned(driver, at(scanner, driver)).pages == PAGES[:1]


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.STALL])
def test_a_cancelled_scan_ends_the_job_on_the_scanner_and_keeps_what_came(scanner, fault):
    scanner.fault, scanner.fault_at = fault, 1
    driver = escl()
    got = scanned(driver, at(scanner, driver), cancelled=scanner.reached.is_set)
    assert got.pages == PAGES[:1]
    assert got.sentence == ""
    assert len(scanner.deleted) == 1
    assert not scanner.jobs


def test_a_scan_cancelled_at_a_page_fetches_no_other(scanner):
    driver = escl()
    stop = threading.Event()
    pages = []

    def take(data):
        pages.append(data)
        stop.set()

    driver.scan(at(scanner, driver), ScanWish(), take, stop.is_set)
    assert pages == PAGES[:1]
    assert len(scanner.deleted) == 1


def test_a_scan_cancelled_while_the_scanner_is_busy_leaves_no_job(scanner):
    scanner.busy, scanner.retry_after = 10**6, "5"
    driver = escl()
    got = scanned(driver, at(scanner, driver), cancelled=lambda: bool(scanner.settings))
    assert got.pages == []
    assert got.sentence == ""
    assert not scanner.served


def test_cancel_is_asked_for_all_along(scanner):
    scanner.pause = 0.12
    scanner.load(PAGES[:1])
    asked = []

    def cancelled():
        asked.append(time.monotonic())
        return False

    driver = escl()
    assert scanned(driver, at(scanner, driver), cancelled=cancelled).pages == PAGES[:1]
    assert len(asked) >= 5


def test_encrypted_scans_are_the_same_and_remember_the_certificate(tmp_path):
    pem, fingerprint = certificate(tmp_path)
    with Emulator(PAGES, certificate=pem) as scanner:
        driver = escl()
        id_ = at(scanner, driver)
        assert known(id_).pin == fingerprint
        assert scanned(driver, id_).pages == PAGES


def test_a_changed_certificate_is_never_talked_to(tmp_path):
    first, _ = certificate(tmp_path, "first")
    with Emulator(PAGES, certificate=first) as scanner:
        id_, port = at(scanner, escl()), scanner.port
    second, _ = certificate(tmp_path, "second")
    with Emulator(PAGES, certificate=second, port=port) as other:
        driver = escl()
        got = scanned(driver, id_)
        assert got.pages == []
        assert "证书和上次不一样" in got.sentence
        assert other.requests == []
        assert not same(id_, at(other, driver))


def test_an_id_without_its_fingerprint_is_not_believed():
    with pytest.raises(DeviceError, match="再找一次"):
        escl().abilities("https://127.0.0.1:9/eSCL#uuid=4509a320-00a0-008f-00b6-00a0cc4b4f2d")


def test_a_typed_port_finds_encrypted_and_plain_scanners(tmp_path):
    pem, _ = certificate(tmp_path)
    with Emulator(PAGES, certificate=pem) as closed, Emulator(PAGES) as clear:
        driver = escl(IMPATIENT)
        assert driver.at(f"127.0.0.1:{closed.port}").id.startswith("https://")
        found = driver.at(f"１２７。0.0.1：{clear.port}")
        assert found.id == f"{clear.url}#uuid={clear.uuid}"
        assert (found.driver, found.name, found.where) == ("escl", "Test eSCL", f"127.0.0.1:{clear.port}")
