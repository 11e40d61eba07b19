"""The main path of SANE here: ``scanimage`` and sane-airscan against an emulated network scanner."""

from __future__ import annotations

from typing import ClassVar

import pytest
from driver_contract import Device, DriverContract, scan, sheet, sheets
from escl_emulator import Emulator, Fault
from sane_kit import need_sane

from app.adapters.devices.driver import JAM, LOST
from app.adapters.devices.process import DriverClient
from app.adapters.devices.scanners import distinct
from app.services.ports import Feed, Scanner


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """One driver's process for all: each test has a scanner of its own, found at the same place."""
    need_sane("airscan")
    conf = tmp_path_factory.mktemp("sane")
    (conf / "dll.conf").write_text("airscan\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANE_CONFIG_DIR", str(conf))
        client = DriverClient("sane")
        yield client, conf
        client.close()


@pytest.fixture
def device(client):
    driver, conf = client
    with Emulator(glass=sheet(200)) as emulator:
        # sane-airscan 0.99.27 takes a sheet for none when the next answer overtakes it, which only happens on loopback.
        emulator.end_pause = 0.15
        devices = f'[devices]\n"Test eSCL" = {emulator.url}, eSCL\n[options]\ndiscovery = disable\n'
        (conf / "airscan.conf").write_text(devices)
        yield Device(driver, Scanner("airscan:e0:Test eSCL", "sane", "Test eSCL"), emulator)


class TestSaneAirscan(DriverContract):
    # In the middle of a job sane-airscan tells an open cover as a broken connection. Half a JPEG it fills up with grey and hands over as
    # whole, which nobody behind it can see: one more reason for a driver of our own before it.
    SAYS: ClassVar = {Fault.JAM: JAM, Fault.COVER: LOST}
    HALVES = (Fault.CUT, Fault.HTML, Fault.EMPTY_BODY)

    def test_it_is_found_by_the_name_on_its_case_and_its_address(self, device):
        assert device.client.found() == (Scanner("airscan:e0:Test eSCL", "sane", "Test eSCL", "127.0.0.1"),)

    def test_it_is_found_again_when_its_number_changed(self, device):
        device.emulator.load(sheets(1))
        device.scanner = Scanner("airscan:e7:Test eSCL", "sane", "Test eSCL")
        assert len(scan(device, feed=Feed.FEEDER)) == 1


def test_one_device_reached_in_two_ways_is_shown_once():
    own = Scanner("urn:uuid:1", "escl", "HP LaserJet MFP", "192.168.1.20")
    other = Scanner("urn:uuid:2", "escl", "HP LaserJet MFP", "192.168.1.21:8080")
    sane = [
        Scanner("airscan:e0:HP LaserJet MFP", "sane", "HP LaserJet MFP", "192.168.1.20"),
        Scanner("airscan:w1:HP LaserJet MFP", "sane", "HP LaserJet MFP", "192.168.1.20"),
        Scanner("hpaio:/net/hp?ip=192.168.1.21", "sane", "hp LaserJet", "192.168.1.21"),
        Scanner("fujitsu:fi-7160:1", "sane", "FUJITSU fi-7160", "USB"),
    ]
    assert distinct([*sane, other, own]) == (sane[3], own, other)


def test_two_usb_scanners_on_this_computers_own_address_are_two():
    one = Scanner("urn:uuid:1", "escl", "Canon TS3400 (USB)", "127.0.0.1:60000")
    two = Scanner("urn:uuid:2", "escl", "HP OfficeJet 8010", "127.0.0.1:60001")
    same = Scanner("airscan:e0:Canon TS3400", "sane", "Canon TS3400", "127.0.0.1")
    assert distinct([same, two, one]) == (one, two)
