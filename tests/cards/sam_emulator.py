"""A card reader without a card reader: answers as a security module does, over a pseudo-terminal or over a pair of bulk endpoints.

Written from the frames alone, with nothing of the program in it. A card is 256 bytes of text. What the wire does to the bytes is a list of faults,
one taken for each answer.
"""

import errno
import os
import pty
import select
import threading
import time
import tty
from types import SimpleNamespace

import pytest

START = b"\xaa\xaa\xaa\x96\x69"
PEOPLE = {
    "tang": {"name": "唐海", "number": "620902190001019991", "sex": "1", "birth": "19000101", "until": "20360101"},
    "shen": {"name": "沈桂兰", "number": "510402190001019980", "sex": "2", "birth": "19000101", "until": "长期"},
    "wrong": {"name": "唐海", "number": "620902190001019992", "sex": "1", "birth": "19000101", "until": "20360101"},
}


def text(name="唐海", number="620902190001019991", sex="1", birth="19000101", until="20360101", since="20160101", **more):
    """The text of a resident's card, or of a permit with ``kind="J"``."""
    fields = [
        (name, 30),
        (sex, 2),
        (more.get("nation", "01"), 4),
        (birth, 16),
        (more.get("address", "云岭市青禾区柳荫路 12 号"), 70),
        (number, 36),
        (more.get("issuer", "云岭市公安局"), 30),
        (since, 16),
        (until, 16),
        ("", 28),
        (more.get("kind", ""), 2),
        ("", 6),
    ]
    return b"".join(laid(value, size) for value, size in fields)


def laid(value, size):
    """A field: UTF-16 little endian, filled up with spaces."""
    octets = value.encode("utf-16-le")
    assert len(octets) <= size
    return octets + b" \0" * ((size - len(octets)) // 2)


def folded(octets):
    out = 0
    for octet in octets:
        out ^= octet
    return out


def answer(status, data=b""):
    body = (len(data) + 4).to_bytes(2, "big") + b"\0\0" + bytes([status]) + data
    return START + body + bytes([folded(body)])


class Module:
    """What sits in the reader. ``deaf``: as real ones do, it finds a card only once, until it was lifted."""

    def __init__(self, deaf=True):
        self.deaf = deaf
        self.card = None
        self.known = False
        self.faults = []
        self.lift_at = ""
        self.portrait = b"WLf" + START + b"\x7e" * 1016
        self.asked = []

    def put(self, card):
        self.card, self.known = card, False

    def lift(self):
        self.card, self.known = None, False

    def hear(self, frame):  # noqa: PLR0911 - one line for each fault
        """Answer a whole request; b'' when it is lost on the way."""
        reply = self._answer(frame)
        fault = self.faults.pop(0) if self.faults else ""
        match fault:
            case "lost":
                return b""
            case "corrupt":
                return reply[:-1] + bytes([reply[-1] ^ 1])
            case "noise":
                return b"\x00\xaa\xaa\x12" + reply
            case "half a frame before":
                return reply[:40] + reply
            case "dropped":
                return reply[:20] + reply[21:]
            case "length":
                return reply[:5] + b"\xff\xff" + reply[7:]
        return reply

    def _answer(self, frame):  # noqa: PLR0911 - one line for each command
        if folded(frame[5:-1]) != frame[-1]:
            return answer(0x10)
        command = frame[7:9].hex()
        self.asked.append(command)
        if self.lift_at == command:
            self.lift_at = ""
            self.lift()
        match command:
            case "12ff":
                return answer(0x90, bytes(16))
            case "2001":
                return answer(0x9F, bytes(4)) if self.card and not (self.deaf and self.known) else answer(0x80)
            case "2002":
                if self.card is None or (self.deaf and self.known):
                    return answer(0x81)
                self.known = True
                return answer(0x90, bytes(8))
            case "3001":
                if self.card is None:
                    return answer(0x41)
                return answer(0x90, b"\x01\x00\x04\x00" + self.card + self.portrait)
            case "3003":
                return answer(0x91) if self.card else answer(0x41)
        return answer(0x21)


class Requests:
    """Cuts what was sent into whole requests."""

    def __init__(self):
        self.held = b""

    def take(self, octets):
        self.held += octets
        while (at := self.held.find(START)) >= 0:
            frame = self.held[at:]
            size = 7 + int.from_bytes(frame[5:7], "big")
            if len(frame) < max(size, 7):
                return
            self.held = frame[size:]
            yield frame[:size]


class SerialReader:
    """A reader on a pseudo-terminal. ``chunk``: so many bytes arrive at once; ``slow``: seconds before each answer."""

    def __init__(self, module=None, chunk=4096):
        self.module = module or Module()
        self.chunk, self.slow, self.babble = chunk, 0.0, b""
        self.path = ""
        self._master = self._slave = -1
        self.plug()

    def plug(self):
        try:
            self._master, self._slave = pty.openpty()
        except OSError as none:  # a container without /dev/pts
            pytest.skip(f"no pseudo terminal here: {none}")
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._pulled = threading.Event()
        self._woken, self._wake = os.pipe()
        self._served = threading.Thread(target=self._serve, args=(self._master, self._woken, self._pulled), daemon=True)
        self._served.start()

    @property
    def serving(self):
        return self._served.is_alive()

    def unplug(self):
        """Hang up. The thread goes first: a file number that is closed under it is soon the next reader's, whose requests it would answer."""
        if self._pulled.is_set():
            return
        self._pulled.set()
        os.close(self._wake)
        self._served.join(10)
        for end in (self._slave, self._master, self._woken):
            os.close(end)

    def _serve(self, master, woken, pulled):
        requests = Requests()
        while True:
            ready, _, _ = select.select([master, woken], [], [])
            if woken in ready:
                return
            try:
                came = os.read(master, 4096)
                if self.babble:
                    os.write(master, self.babble)
                    continue
                for frame in requests.take(came):
                    if pulled.wait(self.slow):
                        return
                    reply = self.module.hear(frame)
                    for at in range(0, len(reply), self.chunk):
                        os.write(master, reply[at : at + self.chunk])
            except OSError:
                return


class UsbReader:
    """The same module behind two bulk endpoints, as pyusb shows them."""

    def __init__(self, module=None, packet=64):
        self.module = module or Module()
        self.packet, self.slow, self.babble = packet, 0.0, b""
        self.there = True
        self._pipe, self._requests = b"", Requests()

    def plug(self):
        self.there = True

    def unplug(self):
        self.there, self._pipe = False, b""

    # what usb.core.find gives
    def is_kernel_driver_active(self, _interface):
        return False

    def set_configuration(self):
        self._pipe = b""

    def get_active_configuration(self):
        inward = SimpleNamespace(bEndpointAddress=0x81, bmAttributes=2, read=self._read)
        outward = SimpleNamespace(bEndpointAddress=0x02, bmAttributes=2, write=self._write)
        other = SimpleNamespace(bEndpointAddress=0x83, bmAttributes=3)
        return {(0, 0): [other, inward, outward]}

    def _here(self):
        if not self.there:
            raise OSError(errno.ENODEV, "no such device")

    def _write(self, octets, _timeout):
        self._here()
        if self.babble:
            self._pipe += self.babble
            return
        for frame in self._requests.take(bytes(octets)):
            time.sleep(self.slow)
            self._pipe += self.module.hear(frame)

    def _read(self, size, timeout):
        self._here()
        if not self._pipe:
            time.sleep(timeout / 1000)
            raise TimeoutError(errno.ETIMEDOUT, "timed out")
        came, self._pipe = self._pipe[: min(size, self.packet)], self._pipe[min(size, self.packet) :]
        return came
