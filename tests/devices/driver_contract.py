"""What every driver holds to, whoever wrote it: one set of tests, against the same emulated scanner.

A driver's test file subclasses :class:`DriverContract` as ``Test…`` and gives it a fixture ``device`` that yields a :class:`Device`.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pytest
from escl_emulator import Emulator, Fault
from PIL import Image

from app.adapters.devices.driver import ABSENT, COVER, EMPTY, JAM, LOST
from app.core.errors import DeviceError
from app.services.ports import Feed, Scanner, ScanWish

if TYPE_CHECKING:
    from app.adapters.devices.process import DriverClient

SIZE = (620, 877)
"""Pixels of A4 at 75 dpi, at which these scans are made: a backend may fill up or cut what is not as large as it asked for."""


@dataclass
class Device:
    """A driver in its own process, and the emulated scanner it talks to."""

    client: DriverClient
    scanner: Scanner
    emulator: Emulator


def sheet(level, size=SIZE):
    """A grey sheet as JPEG; its level tells which one it is."""
    out = io.BytesIO()
    Image.new("RGB", size, (level, level, level)).save(out, "JPEG", quality=90, dpi=(75, 75))
    return out.getvalue()


def sheets(count):
    return [sheet(40 + 20 * at) for at in range(count)]


def level(page):
    """The level of a page that came, decoded to its last pixel."""
    with Image.open(io.BytesIO(page)) as image:
        image.load()
        width, height = image.size
        inner = image.convert("L").crop((width // 4, height // 4, width * 3 // 4, height * 3 // 4))
        return round(inner.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))


def dots(page):
    with Image.open(io.BytesIO(page)) as image:
        return tuple(round(each) for each in image.info["dpi"])


def near(pages, levels):
    """Whether these pages are these sheets, in this order."""
    return [round(level(page) / 20) for page in pages] == [round(each / 20) for each in levels]


def scan(device, pages=None, cancelled=lambda: False, **wish):
    """Scan and return the pages; a list that was given holds those that came before a problem."""
    pages = [] if pages is None else pages
    wish.setdefault("dpi", 75)
    device.client.scan(device.scanner.id, ScanWish(**wish), pages.append, cancelled)
    return pages


class DriverContract:
    SAYS: ClassVar = {Fault.JAM: JAM, Fault.COVER: COVER}
    HALVES = (Fault.TRUNCATED, Fault.CUT, Fault.HTML, Fault.EMPTY_BODY)

    def test_every_sheet_of_the_feeder_comes_whole_and_in_order(self, device):
        device.emulator.load(sheets(4))
        pages = scan(device, feed=Feed.FEEDER)
        assert near(pages, (40, 60, 80, 100))

    def test_a_page_says_its_dots_per_inch(self, device):
        device.emulator.load(sheets(1))
        assert [dots(page) for page in scan(device, feed=Feed.FEEDER)] == [(75, 75)]

    def test_paper_in_the_feeder_goes_before_the_glass(self, device):
        device.emulator.glass = sheet(200)
        device.emulator.load(sheets(2))
        assert near(scan(device), (40, 60))

    def test_with_an_empty_feeder_the_glass_is_scanned(self, device):
        device.emulator.glass = sheet(200)
        device.emulator.load([])
        assert near(scan(device), (200,))

    def test_the_glass_is_scanned_when_it_is_wished_although_paper_is_in_the_feeder(self, device):
        device.emulator.glass = sheet(200)
        device.emulator.load(sheets(2))
        assert near(scan(device, feed=Feed.GLASS), (200,))

    def test_no_paper_at_all_is_one_sentence(self, device):
        device.emulator.load([])
        pages = []
        with pytest.raises(DeviceError) as said:
            scan(device, pages, feed=Feed.FEEDER)
        assert (said.value.sentence, pages) == (EMPTY, [])

    @pytest.mark.parametrize("fault", [Fault.JAM, Fault.COVER])
    def test_what_stops_the_paper_is_told_and_the_pages_before_are_kept(self, device, fault):
        device.emulator.load(sheets(3))
        device.emulator.fault, device.emulator.fault_at = fault, 1
        pages = []
        with pytest.raises(DeviceError) as said:
            scan(device, pages, feed=Feed.FEEDER)
        assert said.value.sentence == f"{self.SAYS[fault]}。前面 1 页已收好"
        assert near(pages, (40,))

    def test_after_a_jam_the_rest_is_scanned_as_if_nothing_had_been(self, device):
        device.emulator.load(sheets(2))
        device.emulator.fault = Fault.JAM
        with pytest.raises(DeviceError):
            scan(device, feed=Feed.FEEDER)
        device.emulator.fault = Fault.NONE
        device.emulator.load(sheets(2))
        assert near(scan(device, feed=Feed.FEEDER), (40, 60))

    def test_half_a_page_is_never_handed_over(self, device):
        for fault in self.HALVES:
            device.emulator.load(sheets(2))
            device.emulator.fault, device.emulator.fault_at = fault, 1
            pages = []
            with pytest.raises(DeviceError):
                scan(device, pages, feed=Feed.FEEDER)
            assert near(pages, (40,)), fault

    def test_cancelled_between_two_sheets_it_ends_quietly_and_scans_again(self, device):
        device.emulator.load(sheets(8))
        device.emulator.pause = 0.01
        pages = []
        scan(device, pages, lambda: bool(pages), feed=Feed.FEEDER)
        assert near(pages[:1], (40,))
        assert len(pages) < 8
        device.emulator.pause = 0
        device.emulator.load(sheets(2))
        assert near(scan(device, feed=Feed.FEEDER), (40, 60))

    def test_cancelled_while_the_scanner_says_nothing_it_ends_quietly(self, device):
        device.emulator.load(sheets(2))
        device.emulator.fault = Fault.HANG
        assert scan(device, cancelled=device.emulator.reached.is_set, feed=Feed.FEEDER) == []
        device.emulator.released.set()

    def test_a_page_that_finds_no_room_stops_the_scan_and_costs_nothing_later(self, device):
        device.emulator.load(sheets(3))

        def full(_):
            raise MemoryError

        with pytest.raises(MemoryError):
            device.client.scan(device.scanner.id, ScanWish(feed=Feed.FEEDER), full, lambda: False)
        device.emulator.load(sheets(1))
        assert near(scan(device, feed=Feed.FEEDER), (40,))

    def test_it_says_what_the_scanner_can_do(self, device):
        can = device.client.abilities(device.scanner.id)
        assert (set(can.feeds), can.duplex, can.colour) == ({Feed.GLASS, Feed.FEEDER}, True, True)
        assert can.dpis == tuple(sorted(can.dpis))
        assert {200, 300} <= set(can.dpis)

    def test_two_sides_are_asked_of_a_scanner_that_has_them(self, device):
        device.emulator.load(sheets(2))
        scan(device, feed=Feed.FEEDER, duplex=True)
        assert "<scan:Duplex>true" in device.emulator.settings[-1]
        device.emulator.load(sheets(2))
        scan(device, feed=Feed.FEEDER)
        assert "<scan:Duplex>true" not in device.emulator.settings[-1]

    def test_the_next_higher_resolution_is_taken(self, device):
        device.emulator.load(sheets(1))
        scan(device, feed=Feed.FEEDER, dpi=250)
        assert "<scan:XResolution>300<" in device.emulator.settings[-1]

    @pytest.mark.parametrize(("colour", "mode"), [(True, "RGB24"), (False, "Grayscale8")])
    def test_colour_or_grey_is_asked_for(self, device, colour, mode):
        device.emulator.load(sheets(1))
        scan(device, feed=Feed.FEEDER, colour=colour)
        assert mode in device.emulator.settings[-1]

    def test_a_scanner_that_was_switched_off_is_one_sentence(self, device):
        device.emulator.__exit__()
        with pytest.raises(DeviceError) as said:
            scan(device, feed=Feed.FEEDER)
        assert said.value.sentence in {LOST, ABSENT}

    def test_a_button_that_cannot_be_asked_for_was_not_pressed(self, device):
        assert not device.client.pressed(device.scanner.id)

    def test_nothing_is_left_when_it_is_closed(self, device):
        device.emulator.load(sheets(1))
        scan(device, feed=Feed.FEEDER)
        process = device.client._process._process
        device.client.close()
        assert process.returncode is not None
        assert not [thread for thread in threading.enumerate() if thread.name == "device"]
