"""What a social-security card says over its contacts: its own number and dates in EF05, the person in EF06, often behind the office's key (PSAM).

A record is ``tag | length | value``. Names are GBK, dates and nations packed decimal. Cards of three generations differ in what they let anybody read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.cards import Card, CardKind
from app.core.codes import NATIONS, SEX
from app.core.days import iso, parse_day
from app.core.identity import read_cert
from app.core.names import read_name

if TYPE_CHECKING:
    from collections.abc import Callable

    Transmit = Callable[[bytes], tuple[bytes, int]]
    """Sends a command; returns data and status word."""

APPLICATION: Final = b"sx1.sh." + "社会保障".encode("gbk")
LOCKED: Final = "姓名和号码要用医保局的密钥才能读，照卡面键入"
NOT_ONE: Final = "这个读卡器读不了这张卡。社保卡芯片朝下插到底，身份证放到身份证读卡器上"
HALF: Final = "社保卡没读全，插到底别动，会自己再读"
_DONE: Final = 0x9000
_WAITS: Final = 0x61
_OTHER_LENGTH: Final = 0x6C
_SECURITY: Final = frozenset({0x6982, 0x6983, 0x6985, 0x6988, 0x9303})
_CARD: Final = 5
_PERSON: Final = 6
_LENGTHS: Final = {1: 16, 5: 4, 6: 4, 7: 9, 8: 18, 9: 30, 10: 1, 11: 1, 13: 4}
"""Length of each record's value, by its number."""


class NotSocialError(Exception):
    """It is no social-security card, or not one that can be reached from here."""


def read(transmit: Transmit) -> Card:
    """Read a card. NotSocialError when it is none; OSError as ``transmit`` raises it when the card is pulled out."""
    _data, status = _command(transmit, b"\x00\xa4\x04\x00" + bytes([len(APPLICATION)]) + APPLICATION)
    if status != _DONE:
        raise NotSocialError
    number, _ = _record(transmit, _CARD, 7)
    until, _ = _record(transmit, _CARD, 6)
    person, locked = _record(transmit, _PERSON, 8)
    name, name_locked = _record(transmit, _PERSON, 9)
    sex, _ = _record(transmit, _PERSON, 10)
    nation, _ = _record(transmit, _PERSON, 11)
    birth, _ = _record(transmit, _PERSON, 13)
    card_number = read_cert(CardKind.SOCIAL, _ascii(number))
    reading = read_cert(CardKind.RESIDENT, _ascii(person))
    named = read_name(_gbk(name))
    return Card(
        CardKind.SOCIAL,
        name=named.name if named.ok and reading.ok else "",
        number=reading.number if reading.ok else "",
        sex=_ascii(sex) if reading.ok and _ascii(sex) in SEX else "",
        nation=nation.hex() if reading.ok and nation.hex() in NATIONS else "",
        birth=_day(birth) if reading.ok else "",
        valid_until=_day(until),
        card_number=card_number.number if card_number.ok else "",
        locked=LOCKED if (locked or name_locked) and not reading.ok else "",
    )


def _record(transmit: Transmit, file: int, number: int) -> tuple[bytes, bool]:
    """Return the value of a record, and whether it wants the office's key; (b'', False) for one that is not there."""
    ask = bytes([0x00, 0xB2, number, file << 3 | 4, _LENGTHS[number] + 2])
    data, status = _command(transmit, ask)
    if status != _DONE and status not in _SECURITY:
        # Some cards want the file selected by its name first.
        _, chosen = _command(transmit, bytes([0x00, 0xA4, 0x02, 0x00, 0x02, 0xEF, file]))
        if chosen == _DONE:
            data, status = _command(transmit, ask)
    if status != _DONE:
        return b"", status in _SECURITY
    return _value(data, number), False


def _value(data: bytes, tag: int) -> bytes:
    """Return what a record holds; b'' for one that is not built like one."""
    whole = len(data) > 1 and data[0] == tag and len(data) >= 2 + data[1]
    return data[2 : 2 + data[1]] if whole else b""


def _command(transmit: Transmit, command: bytes) -> tuple[bytes, int]:
    """Send, and fetch what a card keeps ready (61 xx) or wants asked by its right length (6C xx)."""
    data, status = transmit(command)
    if status >> 8 == _OTHER_LENGTH:
        return transmit(command[:-1] + bytes([status & 0xFF]))
    if status >> 8 == _WAITS:
        more, status = transmit(bytes([0x00, 0xC0, 0x00, 0x00, status & 0xFF]))
        return data + more, status
    return data, status


def _ascii(value: bytes) -> str:
    text = value.decode("ascii", "replace").strip("\0 \xff")
    return text if text.isascii() and text.isprintable() else ""


def _gbk(value: bytes) -> str:
    try:
        return value.rstrip(b"\0 \xff").decode("gb18030")
    except UnicodeDecodeError:
        return ""


def _day(value: bytes) -> str:
    day = parse_day(value.hex())
    return iso(day) if day is not None else ""
