"""A social-security card without one: answers commands byte by byte, as cards of three generations do."""

AID = b"sx1.sh." + "社会保障".encode("gbk")


def record(tag, value):
    return bytes([tag, len(value)]) + value


def files(name="唐海", number="620902190001019991"):
    return {
        5: {
            1: record(1, bytes(16)),
            5: record(5, bytes.fromhex("20200101")),
            6: record(6, bytes.fromhex("20300101")),
            7: record(7, b"A12345678"),
        },
        6: {
            8: record(8, number.encode()),
            9: record(9, name.encode("gb18030").ljust(30, b"\0")),
            10: record(10, b"1"),
            11: record(11, b"\x01"),
            13: record(13, bytes.fromhex("19000101")),
        },
    }


class SocialCard:
    """``locked``: the person wants the office's key. ``select_first``: records of a file that was not selected are not there.

    ``waits``: answers are fetched (61 xx) as contact cards of the first generation do. ``pulled_at``: the command at which it is pulled out.
    """

    def __init__(self, locked=False, select_first=False, waits=False, other=False, pulled_at=-1, **person):
        self.files, self.locked, self.select_first, self.waits, self.other = files(**person), locked, select_first, waits, other
        self.chosen, self.ready, self.count, self.pulled_at = 0, b"", 0, pulled_at

    def transmit(self, command):
        if self.count == self.pulled_at:
            raise OSError("card removed")
        self.count += 1
        answer = self.apdu(bytes(command))
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def apdu(self, command):
        match command[1], command[2]:
            case 0xA4, 4:
                return b"\x90\0" if command[5 : 5 + command[4]] == AID and not self.other else b"\x6a\x82"
            case 0xA4, _:
                self.chosen = command[6]
                return b"\x90\0"
            case 0xC0, _:
                return self.ready + b"\x90\0"
            case 0xB2, number:
                return self._read(number, command[3] >> 3, command[4])
        return b"\x6d\0"

    def _read(self, number, file, length):
        if self.select_first and self.chosen != file:
            return b"\x6a\x82"
        if self.locked and file == 6:
            return b"\x69\x82"
        found = self.files.get(file, {}).get(number)
        if found is None:
            return b"\x6a\x83"
        if self.waits:
            self.ready = found
            return bytes([0x61, len(found)])
        if length != len(found):
            return bytes([0x6C, len(found)])
        return found + b"\x90\0"
