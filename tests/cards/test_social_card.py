"""A social-security card, command by command: what it gives, what it keeps behind the office's key, and what is none."""

import sys
import threading
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_contract import PATIENCE_S, Heard
from social_emulator import SocialCard

from app.adapters.cards import pcsc_link, social
from app.adapters.cards.pcsc_link import PcscLink
from app.adapters.cards.watching import AGAIN, Told, Watching
from app.core.cards import Card, CardKind

WHOLE = Card(
    CardKind.SOCIAL,
    name="唐海",
    number="620902190001019991",
    sex="1",
    nation="01",
    birth="1900-01-01",
    valid_until="2030-01-01",
    card_number="A12345678",
)


@pytest.mark.parametrize("manner", [{}, {"select_first": True}, {"waits": True}, {"select_first": True, "waits": True}])
def test_an_open_card_says_who_it_belongs_to(manner):
    assert social.read(SocialCard(**manner).transmit) == WHOLE


def test_a_card_behind_the_office_key_gives_its_number_and_says_so():
    card = social.read(SocialCard(locked=True).transmit)
    assert card == Card(CardKind.SOCIAL, valid_until="2030-01-01", card_number="A12345678", locked=social.LOCKED)


def test_a_number_that_does_not_hold_counts_for_nothing():
    card = social.read(SocialCard(number="620902190001019992").transmit)
    assert (card.name, card.number, card.birth, card.card_number) == ("", "", "", "A12345678")


def test_another_card_is_no_social_card():
    with pytest.raises(social.NotSocialError):
        social.read(SocialCard(other=True).transmit)


han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=15)


@given(han)
def test_every_name_the_card_can_hold_comes_back(name):
    assert social.read(SocialCard(name=name).transmit).name == name


@given(st.lists(st.tuples(st.binary(max_size=40), st.sampled_from([0x9000, 0x6A83, 0x6982, 0x6C12])), max_size=12))
def test_whatever_a_card_answers_nothing_raises(answers):
    left = iter([(b"", 0x9000), *answers])
    card = social.read(lambda _command: next(left, (b"", 0x6F00)))
    assert card.kind is CardKind.SOCIAL


class NoCardError(Exception):
    pass


class Slot:
    """A reader with contacts, as pyscard shows one."""

    def __init__(self):
        self.card = None

    def __str__(self):
        return "Virtual PCD 00 00"

    def createConnection(self):  # noqa: N802 - as pyscard calls it
        slot = self

        def connect():
            if slot.card is None:
                raise NoCardError

        def transmit(octets):
            data, status = slot.card.transmit(octets)
            return list(data), status >> 8, status & 0xFF

        return SimpleNamespace(connect=connect, transmit=transmit, disconnect=lambda: None, release=lambda: None)


@pytest.fixture
def slot(monkeypatch):
    """pyscard as it documents itself: it has no wheel, so its own is not there."""
    there = [Slot()]
    parts = {
        "smartcard": {},
        "smartcard.System": {"readers": lambda: there},
        "smartcard.Exceptions": {"NoCardException": NoCardError, "CardConnectionException": type("Gone", (Exception,), {})},
        "smartcard.pcsc": {},
        "smartcard.pcsc.PCSCExceptions": {"BaseSCardException": type("Service", (Exception,), {})},
    }
    for name, holds in parts.items():
        made = ModuleType(name)
        made.__dict__.update(holds)
        monkeypatch.setitem(sys.modules, name, made)
    monkeypatch.setattr(pcsc_link, "installed", lambda: True)
    return there


def test_a_watched_slot_tells_a_card_once_and_what_cannot_be_read(slot):
    heard, ended, reader = Heard(), threading.Event(), slot[0]
    told = Told(lambda card: heard.tell("card", card), lambda said: heard.tell("trouble", said), lambda: heard.tell("gone"))
    watch = Watching(PcscLink(str(reader)), told, lambda _watch: ended.set(), pause=0.005, closed=0.01)
    watch.start()
    reader.card = SocialCard(locked=True)
    heard.wait("card")
    reader.card = None
    heard.wait("gone")
    reader.card = SocialCard(other=True)
    heard.wait("trouble", social.NOT_ONE)
    reader.card = None
    heard.wait("trouble", "")
    reader.card = SocialCard(pulled_at=3)
    heard.wait("trouble", social.HALF)
    reader.card = None
    heard.wait("trouble", AGAIN)
    watch.stop()
    assert ended.wait(PATIENCE_S)
    assert [card.locked for kind, card in heard.said if kind == "card"] == [social.LOCKED]
