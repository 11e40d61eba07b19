"""Identity-card readers on a serial line and on USB, and how they are found."""

import pytest
import usb.core
from reader_contract import TANG, Heard, ReaderContract
from sam_emulator import Module, SerialReader, UsbReader

from app.adapters.cards import pcsc_link, usb_port
from app.adapters.cards.module import SamLink
from app.adapters.cards.readers import Readers
from app.adapters.cards.sam import Command, request
from app.adapters.cards.serial_port import ABSENT, BUSY, RATES, SerialPort
from app.adapters.cards.usb_port import NO_LIBRARY, UsbPort
from app.services.ports.cards import CardReader

PATIENCE = 0.1
"""Of the program's waits: nothing here takes a second."""


class TestOverSerial(ReaderContract):
    @pytest.fixture(autouse=True)
    def _line(self, tmp_path):
        # A name that stays, as a COM port's does, whatever terminal the system hands out.
        self.name = tmp_path / "ttyCARD"

    def make_reader(self):
        reader = SerialReader()
        self.name.symlink_to(reader.path)
        return reader

    def make_link(self, _reader):
        return SamLink(SerialPort(str(self.name)), PATIENCE)

    def plug_again(self, reader):
        self.name.unlink()
        reader.plug()
        self.name.symlink_to(reader.path)

    def test_a_card_comes_whole_although_each_byte_comes_alone(self, watched):
        reader = SerialReader(chunk=1)
        self.name.symlink_to(reader.path)
        case = watched(reader)
        case.module.put(TANG)
        case.heard.wait("card")
        assert case.heard.numbers == ["620902190001019991"]


class TestOverUsb(ReaderContract):
    @pytest.fixture(autouse=True)
    def _bus(self, monkeypatch):
        self.reader = None
        monkeypatch.setattr(usb.core, "find", lambda **_which: self.reader if self.reader and self.reader.there else None)
        monkeypatch.setattr(usb.util, "dispose_resources", lambda _device: None)

    def make_reader(self):
        self.reader = UsbReader()
        return self.reader

    def make_link(self, _reader):
        return SamLink(UsbPort(), PATIENCE)

    def plug_again(self, reader):
        reader.plug()


class OtherSpeed(SerialPort):
    """A line on which the reader is only heard at its own speed; a pseudo-terminal knows none."""

    def __init__(self, name, rate):
        super().__init__(name)
        self.rate = rate
        self.tried = []

    def write(self, octets):
        self.tried.append(self._port.baudrate)
        super().write(octets if self._port.baudrate == self.rate else bytes(octet ^ 0x5A for octet in octets))


def test_an_emulated_reader_that_was_pulled_answers_no_more():
    """Or it would answer for the next one, which gets its terminal's number."""
    reader = SerialReader()
    reader.slow = 60
    port = SerialPort(reader.path)
    port.open()
    port.write(request(Command.SELECT))
    port.close()
    reader.unplug()
    assert not reader.serving


@pytest.mark.parametrize("rate", [9600, RATES[-1]])
def test_another_speed_is_found_and_kept(rate):
    reader = SerialReader()
    reader.module.put(TANG)
    port = OtherSpeed(reader.path, rate)
    link = SamLink(port, 3 * PATIENCE)  # each speed but the first is asked once
    link.open()
    assert link.read().number == "620902190001019991"
    assert len(set(port.tried)) == 1 + RATES.index(rate)
    port.tried.clear()
    assert link.read().number == "620902190001019991"
    assert set(port.tried) == {rate}
    link.close()
    reader.unplug()


@pytest.fixture
def lines(monkeypatch):
    monkeypatch.setattr(usb_port, "there", lambda: False)
    monkeypatch.setattr(pcsc_link, "installed", lambda: False)
    reader, silent = SerialReader(), SerialReader(Module())
    silent.module.faults = ["lost"] * 1000
    yield reader, silent, [(reader.path, "身份证读卡器（一）"), (silent.path, "身份证读卡器（二）")]
    reader.unplug()
    silent.unplug()


def test_only_ports_where_a_reader_answers_are_found_and_the_rest_are_left_alone_for_a_while(lines, monkeypatch):
    reader, silent, ports = lines
    monkeypatch.setattr("app.adapters.cards.readers._PROBE_S", 0.02)
    readers = Readers(lambda: ports)
    mine = CardReader(f"serial:{reader.path}", "身份证读卡器（一）")
    assert list(readers.found()) == [mine]
    left = len(silent.module.faults)
    assert list(readers.found(patient=True)) == [mine]
    assert len(silent.module.faults) == left
    readers.found()
    assert len(silent.module.faults) < left


def test_a_watched_reader_is_found_without_being_disturbed_and_reads_on(lines):
    reader, _silent, ports = lines
    readers, heard = Readers(lambda: ports[:1]), Heard()
    mine = readers.found()[0]
    watch = readers.watch(
        mine, card=lambda card: heard.tell("card", card), trouble=lambda _said: None, gone=lambda: heard.tell("gone")
    )
    asked = reader.module.asked.count("12ff")
    assert list(readers.found()) == [mine]
    assert reader.module.asked.count("12ff") == asked
    reader.module.put(TANG)
    heard.wait("card")
    watch.stop()
    readers.close()


def test_a_port_that_another_program_holds_or_that_is_gone_is_said(tmp_path):
    from app.adapters.cards.link import GoneError

    reader = SerialReader()
    first, second = SerialPort(reader.path), SerialPort(reader.path)
    first.open()
    with pytest.raises(GoneError, match=BUSY):
        second.open()
    first.close()
    reader.unplug()
    with pytest.raises(GoneError, match=ABSENT):
        SerialPort(str(tmp_path / "nothing")).open()
    with pytest.raises(OSError, match="closed"):
        first.write(b"")


def test_what_is_missing_is_said_and_nothing_crashes(monkeypatch):
    monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda **_how: None)
    monkeypatch.setattr(pcsc_link, "installed", lambda: False)
    readers = Readers(lambda: ())
    assert list(readers.lacking()) == [NO_LIBRARY, pcsc_link.NO_LIBRARY]
    assert list(readers.found()) == []
    with pytest.raises(ValueError, match="fax"):
        readers.watch(CardReader("fax:1", "传真"), card=print, trouble=print, gone=print)
