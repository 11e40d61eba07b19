"""The protocol of the security module (SAM) in every identity-card reader: frames, statuses, and a parser that finds its way in noise.

A request is ``AA AA AA 96 69 | length (2, big endian) | command | parameter | data | xor``, a reply
``AA AA AA 96 69 | length | 00 00 | status | data | xor``. The length counts everything after itself, the xor runs from the length to before itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import xor
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PREAMBLE: Final = b"\xaa\xaa\xaa\x96\x69"
_HEAD: Final = len(PREAMBLE) + 2
_LEAST: Final = 4
LONGEST: Final = 4096
"""Bytes after the length that a reply may have: text, portrait and two fingerprints stay under 3000."""

FOUND: Final = 0x9F
DONE: Final = 0x90
NOTHING: Final = 0x91
"""This item is not on the card. The card itself is there."""
EMPTY: Final = 0x80
ASK_AGAIN: Final = frozenset({0x10, 0x11})
"""The reader did not understand what arrived."""
TAKEN_AWAY: Final = frozenset({0x80, 0x81, 0x41})
"""Found, selected or read no more: it was lifted meanwhile, or lies badly."""


class Command(Enum):
    """What a reader is asked, as command and parameter."""

    MODULE = (0x12, 0xFF)
    FIND = (0x20, 0x01)
    SELECT = (0x20, 0x02)
    READ = (0x30, 0x01)
    MORE = (0x30, 0x03)
    """The additional address: hardly a card has one, so this asks cheaply whether the card that was read still lies there."""


SAYS: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x10: "读卡器没听清，会自己再读",
        0x11: "读卡器没听清，会自己再读",
        0x21: "读卡器不认这条命令，换一台读卡器，或照证件填",
        0x23: "读卡器没有权限读证件，找管理员",
        0x24: "读卡器说不清出了什么问题，拔下来再插上",
        0x31: "证件没通过读卡器的验证，拿开再放一次；还不行就照证件填",
        0x32: "证件没通过读卡器的验证，拿开再放一次；还不行就照证件填",
        0x33: "证件里的内容没通过验证，拿开再放一次；还不行就照证件填",
        0x3F: "证件里的内容不完整，照证件填",
        0x40: "读卡器不认得这种证件，照证件填",
        0x41: "没读全，证件平放别动，会自己再读",
        0x47: "读卡器没准备好，会自己再读",
        0x60: "读卡器自检没通过，拔下来再插上",
        0x66: "读卡器没有授权，找管理员",
        0x80: "没读全，证件平放别动，会自己再读",
        0x81: "没读全，证件平放别动，会自己再读",
        0x91: "证件里没有这一项，照证件填",
    }
)
"""What a status means to a clerk, and the way out."""
UNKNOWN: Final = "读卡器答了看不懂的话，拿开再放一次；还不行就照证件填"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply with a right checksum. ``status`` is its third byte; the first two are 0 in every known reader."""

    status: int
    data: bytes

    @property
    def sentence(self) -> str:
        """What the status means, for a clerk."""
        return SAYS.get(self.status, UNKNOWN)


def checksum(octets: bytes | bytearray) -> int:
    """Return the exclusive or of all bytes."""
    return reduce(xor, octets, 0)


def request(command: Command, data: bytes = b"") -> bytes:
    """Return the frame of a request."""
    body = bytes(command.value) + data
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([checksum(counted)])


class Parser:
    """Takes bytes in any pieces and gives back the whole replies in them. It never raises, and loses nothing behind noise or a broken frame.

    ``broken`` counts beginnings that turned out to be no frame, ``noise`` the bytes that belonged to none.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.broken = 0
        self.noise = 0

    def feed(self, octets: bytes) -> list[Reply]:
        """Add what came; return what is whole now."""
        self._bytes += octets
        found: list[Reply] = []
        while (reply := self._next()) is not None:
            found.append(reply)
        return found

    def clear(self) -> None:
        """Forget what came so far: whatever it was, nobody waits for it any more."""
        self._bytes.clear()
        self.broken = self.noise = 0

    def _next(self) -> Reply | None:
        """Return the first whole frame. A frame that lost bytes may wait for ever: one that is whole behind it goes first."""
        at = self._bytes.find(PREAMBLE)
        waiting = -1
        while at >= 0:
            length = self._length(at)
            if length < 0:
                waiting = at if waiting < 0 else waiting
                break
            if _LEAST <= length <= LONGEST:
                end = at + _HEAD + length
                if end > len(self._bytes):
                    waiting = at if waiting < 0 else waiting
                elif checksum(self._bytes[at + len(PREAMBLE) : end - 1]) == self._bytes[end - 1]:
                    return self._take(at, end)
                else:
                    self.broken += waiting < 0
            else:
                self.broken += waiting < 0
            at = self._bytes.find(PREAMBLE, at + len(PREAMBLE))
        self._drop(waiting if waiting >= 0 else max(0, len(self._bytes) - len(PREAMBLE) + 1))
        return None

    def _length(self, at: int) -> int:
        head = self._bytes[at + len(PREAMBLE) : at + _HEAD]
        return int.from_bytes(head, "big") if len(head) == _HEAD - len(PREAMBLE) else -1

    def _take(self, at: int, end: int) -> Reply:
        frame = bytes(self._bytes[at:end])
        self._drop(at)
        del self._bytes[: len(frame)]
        return Reply(frame[_HEAD + 2], frame[_HEAD + 3 : -1])

    def _drop(self, count: int) -> None:
        self.noise += count
        del self._bytes[:count]


def text_of(data: bytes) -> bytes | None:
    """Return the text part of what READ answered, without the portrait: ``text length | portrait length | text | portrait``.

    None when the lengths do not fit what came.
    """
    text, portrait = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    return data[4 : 4 + text] if len(data) == 4 + text + portrait else None
