from datetime import date
from itertools import pairwise
from string import ascii_uppercase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.numbering import AcceptanceNumber, check_digit, number, parse_number

DAY = date(2026, 11, 20)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PREFIXES = st.text(ascii_uppercase, min_size=1, max_size=6)
DIGITS2 = st.from_regex(r"[0-9]{2}", fullmatch=True)
COUNTERS = st.from_regex(r"[0-9A-Z]{2}", fullmatch=True)


def test_an_acceptance_number_names_place_counter_day_and_sequence():
    assert number("JQ", "03", DAY, 7) == "JQ03-261120-0007-7"
    assert parse_number("JQ03-261120-0007-7") == AcceptanceNumber("JQ", "03", DAY, 7)


@pytest.mark.parametrize(
    "text",
    [
        "jq03-261120-0007-7",
        "JQ0326112000077",
        "ＪＱ０３－２６１１２０－０００７－７",
        " jq 03 261120 0007 7 ",
        "JQ03—261120–0007-7",
        "JQ03-26112000077",
    ],
)
def test_it_is_read_however_it_was_typed(text):
    assert parse_number(text) == AcceptanceNumber("JQ", "03", DAY, 7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "JQ03",
        "JQ03-261120-0007",
        "JQ03-261120-0007-5",
        "JQ03-261332-0007-7",
        "03-261120-0007-7",
        "JQ03-261120-00007-7",
        "沈桂兰",
    ],
)
def test_anything_else_is_no_number(text):
    assert parse_number(text) is None


def test_a_sequence_of_zero_is_no_number_even_with_its_check_digit():
    assert parse_number(f"JQ03-261120-0000-{check_digit('JQ032611200000')}") is None


def test_past_9999_the_number_grows_wider():
    wide = number("JQ", "03", DAY, 10000)
    assert wide.startswith("JQ03-261120-10000-")
    assert parse_number(wide) == AcceptanceNumber("JQ", "03", DAY, 10000)
    assert parse_number(wide.replace("-", "")) == AcceptanceNumber("JQ", "03", DAY, 10000)


@pytest.mark.parametrize(
    ("prefix", "counter", "day", "sequence"),
    [
        ("", "03", DAY, 1),
        ("jq", "03", DAY, 1),
        ("JQ", "3", DAY, 1),
        ("JQ", "003", DAY, 1),
        ("JQ", "03", DAY, 0),
        ("JQ", "03", date(1999, 1, 1), 1),
    ],
)
def test_parts_that_do_not_fit_are_our_bug(prefix, counter, day, sequence):
    with pytest.raises(ValueError, match="fit"):
        number(prefix, counter, day, sequence)


@given(PREFIXES, COUNTERS, DAYS, st.integers(1, 10**9 - 1))
def test_a_written_number_reads_back(prefix, counter, day, sequence):
    text = number(prefix, counter, day, sequence)
    assert parse_number(text) == AcceptanceNumber(prefix, counter, day, sequence)
    assert str(parse_number(text.lower())) == text


@given(PREFIXES, DIGITS2, DAYS, st.integers(1, 9999))
def test_a_number_without_dashes_reads_back(prefix, counter, day, sequence):
    assert parse_number(number(prefix, counter, day, sequence).replace("-", "")) == AcceptanceNumber(
        prefix, counter, day, sequence
    )


@given(PREFIXES, DIGITS2, DAYS, st.integers(1, 99999), st.integers(0, 30), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_caught(prefix, counter, day, sequence, at, wrong):
    text = number(prefix, counter, day, sequence)
    digits = [index for index, char in enumerate(text) if char.isdigit()]
    place = digits[at % len(digits)]
    assume(text[place] != wrong)
    assert parse_number(text[:place] + wrong + text[place + 1 :]) is None


@given(PREFIXES, DIGITS2, DAYS, st.integers(1, 99999))
def test_every_swap_of_neighbouring_digits_is_caught(prefix, counter, day, sequence):
    text = number(prefix, counter, day, sequence)
    places = [index for index, char in enumerate(text) if char.isdigit()]
    for first, second in pairwise(places):
        if text[first] != text[second]:
            swapped = list(text)
            swapped[first], swapped[second] = text[second], text[first]
            assert parse_number("".join(swapped)) is None


def test_ninety_three_of_a_hundred_wrong_letters_are_caught():
    missed = total = 0
    for tail in ("032611200007", "112602060123", "A72709309999"):
        for place in ("?", "?Q", "J?", "?NJ"):
            checks = [check_digit(place.replace("?", letter) + tail) for letter in ascii_uppercase]
            total += 26 * 25
            missed += sum(checks[a] == checks[b] for a in range(26) for b in range(26) if a != b)
    assert round(100 * (1 - missed / total)) == 93


@given(st.text(max_size=24))
def test_any_text_reads_to_a_number_or_to_none(text):
    read = parse_number(text)
    assert read is None or parse_number(str(read)) == read
