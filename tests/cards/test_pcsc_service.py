"""Social-security cards through the real service: pcscd with vsmartcard's virtual reader, and pyscard. Skipped where one of them is missing."""

import importlib.util
import shutil
import socket
import struct
import subprocess
import threading
import time

import pytest
from reader_contract import PATIENCE_S
from social_emulator import SocialCard

from app.adapters.cards import social
from app.adapters.cards.pcsc_link import names
from app.adapters.cards.readers import Readers

PORT = 35963
ATR = bytes.fromhex("3B6D00000081544A86603201009000AABB")


def answers() -> bool:
    try:
        socket.create_connection(("127.0.0.1", PORT), 0.5).close()
    except OSError:
        return False
    return True


def until(true) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def service():
    if importlib.util.find_spec("smartcard") is None or shutil.which("pcscd") is None:
        pytest.skip("pyscard or pcscd is not installed")
    with subprocess.Popen(["pcscd", "-f", "-x"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            if not until(lambda: names() and answers()):
                pytest.skip("pcscd does not run here, or has no virtual reader")
            yield
        finally:
            process.terminate()


class Lying:
    """A card in the virtual reader for as long as the block lasts, as vpcd asks for it: length and bytes, a single byte for power and reset."""

    def __init__(self, card):
        self._card, self._wire = card, socket.create_connection(("127.0.0.1", PORT), 5)

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()

    def __exit__(self, *_raised):
        self._wire.shutdown(socket.SHUT_RDWR)
        self._wire.close()

    def _whole(self, length):
        found = b""
        while len(found) < length and (more := self._wire.recv(length - len(found))):
            found += more
        return found

    def _serve(self):
        try:
            while head := self._whole(2):
                asked = self._whole(struct.unpack(">H", head)[0])
                if len(asked) > 1 or asked == b"\x04":
                    said = ATR if len(asked) == 1 else self._card.apdu(asked)
                    self._wire.sendall(struct.pack(">H", len(said)) + said)
        except OSError:
            pass


def test_a_card_put_into_the_service_is_read_and_what_is_locked_or_foreign_is_said(service):
    readers = Readers(lambda: ())
    (reader, *_others) = readers.found()
    cards, said, gone = [], [], []
    watch = readers.watch(reader, card=cards.append, trouble=said.append, gone=lambda: gone.append(1))
    try:
        with Lying(SocialCard()):
            assert until(lambda: cards)
        assert (cards[0].name, cards[0].number, cards[0].card_number) == ("唐海", "620902190001019991", "A12345678")
        assert until(lambda: gone)
        with Lying(SocialCard(locked=True)):
            assert until(lambda: len(cards) == 2)
        assert cards[1].locked == social.LOCKED
        assert until(lambda: len(gone) == 2)
        with Lying(SocialCard(other=True)):
            assert until(lambda: social.NOT_ONE in said)
        assert len(cards) == 2
    finally:
        watch.stop()
        readers.close()
