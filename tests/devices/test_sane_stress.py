"""SANE's own test backend, which breaks in every way a scanner can: a stress test of the driver, not of its pictures."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from sane_kit import write_test_backend

from app.adapters.devices.driver import ABSENT, BUSY, COVER, DENIED, EMPTY, HUNG, JAM, LOST, SPOILT, STOPPED
from app.adapters.devices.process import DriverClient
from app.adapters.devices.sane import SaneDriver
from app.adapters.devices.sane_batch import ended_with
from app.core.errors import DeviceError
from app.services.ports import Abilities, Feed, Scanner, ScanWish

SHEETS = 10
LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
TROUBLES = [("JAMMED", JAM), ("NO_DOCS", EMPTY), ("COVER_OPEN", COVER)]
MORE_TROUBLES = [("IO_ERROR", LOST), ("DEVICE_BUSY", BUSY), ("ACCESS_DENIED", DENIED)]
ODD = ["--hand-scanner=yes"]
MORE_ODD = ["--fuzzy-parameters=yes", "--ppl-loss=3", "--select-fd=yes", "--three-pass=yes"]
WORKER = str(Path(__file__).parent / "sane_worker.py")


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Make a client of the test backend; ``extra`` are scanimage's arguments behind each scan's own."""
    conf, folders = tmp_path / "conf", tmp_path / "tmp"
    conf.mkdir()
    folders.mkdir()
    monkeypatch.setenv("SANE_CONFIG_DIR", str(write_test_backend(conf)))
    monkeypatch.setattr(tempfile, "tempdir", str(folders))
    made = []

    def one(*extra, stall=30.0):
        made.append(DriverClient("sane", run=[sys.executable, WORKER, json.dumps({"stall": stall, "extra": extra})]))
        return made[-1]

    yield one
    for client in made:
        client.close()
    assert not list(folders.iterdir())


def scanned(client, cancelled=lambda: False, **wish):
    pages = []
    try:
        client.scan("test:0", ScanWish(**{"dpi": 75, **wish}), pages.append, cancelled)
    except DeviceError as problem:
        return pages, problem.sentence
    return pages, ""


def test_the_devices_of_one_backend_are_found(make):
    found = make().found()
    assert found == tuple(Scanner(f"test:{at}", "sane", "frontend-tester", str(at)) for at in (0, 1))


def test_it_says_what_it_can_do(make):
    can = make().abilities("test:0")
    assert can == Abilities((Feed.GLASS, Feed.FEEDER), (75, 100, 150, 200, 240, 300, 400, 600, 1200))


@pytest.mark.parametrize(("feed", "count"), [(Feed.AUTO, SHEETS), (Feed.FEEDER, SHEETS), (Feed.GLASS, 1)])
def test_the_feeder_is_emptied_and_the_glass_is_scanned_once(make, feed, count):
    pages, sentence = scanned(make(), feed=feed)
    assert (len(pages), sentence) == (count, "")
    assert {page[:3] for page in pages} == {b"\xff\xd8\xff"}


def test_another_device_of_the_same_backend_is_not_the_first(make):
    client = make()
    with pytest.raises(DeviceError) as said:
        client.scan("test:7", ScanWish(), print, lambda: False)
    assert said.value.sentence == ABSENT


@pytest.mark.drill
@pytest.mark.parametrize(
    ("status", "sentence"),
    TROUBLES + MORE_TROUBLES * LONG,
)
def test_every_trouble_is_one_sentence_or_a_hang_that_is_ended(make, status, sentence):
    """The backend hangs in some of these by itself: then that is what is said, and nothing is believed that is not whole."""
    pages, said = scanned(make("--read-return-value", f"SANE_STATUS_{status}", stall=3.0), feed=Feed.FEEDER)
    assert pages == []
    assert said in {sentence, HUNG, SPOILT, STOPPED}


ABORTED = (
    b"scanimage: received signal 13\nscanimage: trying to stop scanner\nscanimage: received signal 13\nscanimage: aborting\n"
)


@pytest.mark.parametrize(
    ("code", "said", "status"),
    [
        (0, b"scanimage: sane_read: Scanner cover is open\nScanned page 1. (scanner status = 8)\n" + ABORTED, 8),
        (-9, b"scanimage: sane_start: Document feeder jammed\n" + ABORTED, 6),
        (0, b"Scanned page 1. (scanner status = 5)\nscanimage: sane_start: Document feeder out of documents\n", 7),
        (9, b"scanimage: sane_read: Error during device I/O\n", 9),
        (0, ABORTED, 0),
        (0, b"scanimage: sane_read: something of its own\n", 0),
    ],
)
def test_the_reason_told_counts_where_the_exit_code_was_lost(code, said, status):
    assert ended_with(code, said) == status


@pytest.mark.parametrize(
    ("sensors", "sentence"),
    [("", STOPPED), ("--page-loaded", EMPTY), ("--cover-open", COVER), ("--cover-open --page-loaded", COVER)],
)
def test_a_feeder_that_stops_without_a_word_is_not_called_empty_unless_its_sensor_says_so(
    tmp_path, monkeypatch, sensors, sentence
):
    told = (Path(__file__).parent / "sane_outputs" / "fi-7260.txt").read_text("utf-8")
    for sensor in sensors.split():
        was, now = ("yes", "no") if sensor == "--page-loaded" else ("no", "yes")
        told = told.replace(f"{sensor}[=(yes|no)] [{was}]", f"{sensor}[=(yes|no)] [{now}]")
    (tmp_path / "options").write_text(told, "utf-8")
    program = tmp_path / "scanimage"
    program.write_text(f'#!/bin/sh\ncase "$*" in *-A) cat {tmp_path}/options;; esac\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    driver = SaneDriver()
    with pytest.raises(DeviceError) as said:
        driver.scan("fujitsu:fi-7260:1", ScanWish(feed=Feed.FEEDER), print, lambda: False)
    driver.close()
    assert said.value.sentence == sentence


def test_a_page_that_ends_too_early_is_not_believed(make):
    pages, said = scanned(make("--read-return-value", "SANE_STATUS_EOF", stall=3.0), feed=Feed.FEEDER)
    assert pages == []
    assert said in {SPOILT, HUNG, LOST, EMPTY, STOPPED}


def test_cancelled_in_the_middle_of_a_page_it_ends_and_scans_again(make):
    slow = ("--read-delay=yes", "--read-delay-duration", "200000", "--read-limit=yes", "--read-limit-size", "1000")
    client = make(*slow)
    asked = threading.Event()

    def cancelled():
        # Asked for the first time while the scan begins, so the second time something is under way.
        was, _ = asked.is_set(), asked.set()
        return was

    assert scanned(client, cancelled, feed=Feed.FEEDER) == ([], "")
    assert client.abilities("test:0").feeds == (Feed.GLASS, Feed.FEEDER)


def test_a_slow_page_is_no_hang(make):
    slow = ("--read-delay=yes", "--read-delay-duration", "100000", "--read-limit=yes", "--read-limit-size", "65536")
    pages, sentence = scanned(make(*slow), feed=Feed.GLASS, colour=False)
    assert (len(pages), sentence) == (1, "")


@pytest.mark.drill
@pytest.mark.parametrize("extra", ODD + MORE_ODD * LONG)
def test_odd_hardware_gives_whole_pages_or_a_sentence(make, extra):
    pages, sentence = scanned(make(extra, stall=5.0), feed=Feed.GLASS)
    assert (len(pages) == 1) is (sentence == "")
