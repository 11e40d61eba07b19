"""Frames and fields: whatever comes over the wire, what is whole is found and nothing raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sam_emulator import START, answer, folded, laid, text

from app.adapters.cards import layouts, sam
from app.adapters.cards.sam import Command, Parser, Reply
from app.core.cards import Card, CardKind

noise = st.binary(max_size=60).filter(lambda octets: b"\xaa" not in octets)
replies = st.builds(Reply, st.integers(0, 255), st.binary(max_size=300).filter(lambda data: START not in data))


def cut(octets, sizes):
    at = 0
    for size in sizes:
        yield octets[at : at + size]
        at += size
    yield octets[at:]


@given(st.lists(st.tuples(noise, replies), max_size=5), st.lists(st.integers(0, 40), max_size=30), noise)
def test_every_whole_reply_is_found_in_any_pieces_and_any_noise(sent, sizes, end):
    wire = b"".join(dirt + answer(reply.status, reply.data) for dirt, reply in sent) + end
    parser = Parser()
    found = [reply for piece in cut(wire, sizes) for reply in parser.feed(piece)]
    assert found == [reply for _, reply in sent]


@given(st.lists(st.binary(max_size=50) | st.just(START) | st.just(answer(0x90)), max_size=20))
def test_garbage_never_raises_and_two_replies_behind_it_are_heard(pieces):
    parser = Parser()
    for piece in pieces:
        parser.feed(piece)
    assert Reply(0x9F, b"card") in [*parser.feed(answer(0x9F, b"card")), *parser.feed(answer(0x9F, b"card"))]


@given(replies, st.data())
def test_a_reply_with_one_flipped_bit_is_never_taken_for_the_one_that_was_sent(reply, data):
    whole = answer(reply.status, reply.data)
    at = data.draw(st.integers(7, len(whole) - 1))
    broken = whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))]) + whole[at + 1 :]
    assert Parser().feed(broken) == []


def test_a_reply_that_lost_a_byte_does_not_swallow_the_next_one():
    parser = Parser()
    whole = answer(0x90, bytes(1284))
    assert parser.feed(whole[:300] + whole[301:] + answer(0x80)) == [Reply(0x80, b"")]


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (Command.FIND, "aaaaaa966900032001 22"),
        (Command.SELECT, "aaaaaa966900032002 21"),
        (Command.READ, "aaaaaa966900033001 32"),
    ],
)
def test_requests_are_the_documented_bytes(command, frame):
    assert sam.request(command) == bytes.fromhex(frame)
    assert folded(sam.request(command)[5:]) == 0


def test_every_status_is_a_sentence_with_a_way_out():
    assert all(len(said) > 8 and "错误" not in said for said in (*sam.SAYS.values(), sam.UNKNOWN))
    assert Reply(0xEE, b"").sentence == sam.UNKNOWN


@given(st.binary(max_size=40))
def test_lengths_that_do_not_fit_what_came_are_no_text(data):
    portrait = 1024
    assert sam.text_of(data) is None or len(data) == 4 + int.from_bytes(data[:2], "big") + int.from_bytes(data[2:4], "big")
    assert sam.text_of(b"\x01\x00\x04\x00" + bytes(256 + portrait - 1)) is None


han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=15)
days = st.dates().map(lambda day: f"{max(day.year, 1900):04}{day.month:02}{min(day.day, 28):02}")
NUMBERS = ["620902190001019991", "510402190001019980", "51040219000101029X", "429021190002289986"]


@given(han, st.sampled_from(NUMBERS), st.sampled_from("12"), st.sampled_from(["01", "11", "56"]), days, han, han)
def test_every_field_of_a_resident_card_comes_back(name, number, sex, nation, since, address, issuer):
    card = layouts.card_of(
        text(name, number, sex, "19000101", until="长期", since=since, nation=nation, address=address, issuer=issuer)
    )
    assert card == Card(
        CardKind.RESIDENT,
        name=name,
        number=number,
        sex=sex,
        nation=nation,
        birth="1900-01-01",
        address=address,
        issuer=issuer,
        valid_from=f"{since[:4]}-{since[4:6]}-{since[6:]}",
        valid_until="长期",
    )


def test_names_of_rare_characters_and_of_many_parts_come_whole():
    for name in ("𠅤𫍯", "㛃䶮𬭎", "阿依古丽·买买提"):
        assert layouts.card_of(text(name)).name == name


@given(st.binary(min_size=256, max_size=256))
def test_any_bytes_are_a_card_or_a_sentence(octets):
    read = layouts.card_of(octets)
    assert isinstance(read, Card) or read.endswith("照证件填")


@given(st.integers(0, 255), st.integers(0, 255))
def test_one_wrong_byte_never_makes_a_wrong_number(at, octet):
    octets = bytearray(text())
    octets[at] = octet
    read = layouts.card_of(bytes(octets))
    # The checksum catches each single wrong digit; full-width digits are the same digits.
    assert isinstance(read, str) or read.number == "620902190001019991"


def test_a_permit_has_no_nation_and_its_own_kind():
    card = layouts.card_of(text("林小文", "810000199001019996", "1", "19900101", kind="J", nation="H1"))
    assert (card.kind, card.number, card.nation, card.birth) == (CardKind.HMT, "810000199001019996", "", "1990-01-01")


def foreign(latin, number, han="", letter="I"):
    if letter == "I":
        fields = [(latin, 120), ("2", 2), (number, 30), ("CAN", 6), (han, 30), ("20170616", 16), ("20270615", 16)]
        fields += [("19810803", 16), ("01", 4), ("1500", 8), ("I", 2), ("", 6)]
    else:
        fields = [(han, 30), ("2", 2), ("01", 4), ("19810803", 16), (latin[:35], 70), (number, 36), ("", 30)]
        fields += [("20231201", 16), ("20331130", 16), (latin[35:], 22), ("124", 6), ("Y", 2), ("", 6)]
    return b"".join(laid(value, size) for value, size in fields)


@pytest.mark.parametrize(("letter", "number"), [("I", "CAN110081080310"), ("Y", "911392190001019993")])
def test_both_cards_of_foreign_residents_are_read(letter, number):
    card = layouts.card_of(foreign("SMITH JANE", number, "史简", letter))
    assert (card.kind, card.name, card.number, card.sex, card.birth) == (CardKind.FOREIGN, "史简", number, "2", "1981-08-03")
    assert (card.address, card.nation) == ("", "")
    assert layouts.card_of(foreign("SMITH JANE", number, "", letter)).name == "SMITH JANE"


def test_a_long_foreign_name_goes_on_in_its_second_field_and_one_that_may_be_cut_is_left_empty():
    number, name = "911392190001019993", "VAN DER BERG ANNA MARIA CATHARINA HELENA"
    assert layouts.card_of(foreign(name, number, letter="Y")).name == name
    assert layouts.card_of(foreign("A" * 46, number, letter="Y")).name == ""


def test_dates_that_contradict_each_other_are_left_empty():
    card = layouts.card_of(text(since="20300101", until="20200101"))
    assert (card.birth, card.valid_from, card.valid_until) == ("1900-01-01", "", "")
    assert layouts.card_of(text(since="00000000", until="99999999")).valid_until == ""
