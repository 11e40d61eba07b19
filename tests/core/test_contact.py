import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.contact import read_phone


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "+86 13800001234",
        "008613800001234",
        "8613800001234",
        "１３８００００１２３４",
    ],
)
def test_a_mobile_number_is_eleven_digits_however_typed(text):
    reading = read_phone(text)
    assert (reading.ok, reading.number, reading.mobile) == (True, "13800001234", True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0937-2612345", "0937-2612345"),
        ("09372612345", "0937-2612345"),
        ("(0812)3323000", "0812-3323000"),
        ("（０８１２）3323000", "0812-3323000"),
        ("010 12345678", "010-12345678"),
        ("021-12345678-801", "021-12345678-801"),
        ("0937-2612345转801", "0937-2612345-801"),
        ("+86-937-2612345", None),
        ("+852 1234 5678", "+85212345678"),
        ("00853-12345678", "+85312345678"),
    ],
)
def test_landlines_and_numbers_abroad_are_taken(text, number):
    reading = read_phone(text)
    assert reading.ok is (number is not None)
    assert not reading.mobile
    assert number is None or reading.number == number


@pytest.mark.parametrize(
    ("text", "problem", "problem_id", "partial"),
    [
        ("1380000123", "手机号 11 位，这里 10 位：少 1 位", "length", True),
        ("138000012345", "手机号 11 位，这里 12 位：多 1 位", "length", False),
        ("12800001234", "手机号 13 到 19 开头，固话 0 开头：看一看有没有听错", "prefix", False),
        ("93800001234", "手机号 13 到 19 开头，固话 0 开头：看一看有没有听错", "prefix", False),
        ("2612345", "固话前面加上区号，这里只有 7 位号码", "area", False),
        ("0937-26123", "固话是区号加 7 或 8 位号码：对一对位数", "length", True),
        ("0937-261234567", "固话是区号加 7 或 8 位号码：对一对位数", "length", False),
        ("1380000l234", "电话里有「l」：只填数字", "chars", False),
        ("0937-26123四5", "电话里有「四」：只填数字", "chars", False),
        ("+852", "境外号码是 + 加国家或地区码和号码：对一对位数", "length", True),
        ("+852x", "电话里有「x」：只填数字", "chars", False),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text, problem, problem_id, partial):
    reading = read_phone(text)
    assert not reading.ok
    assert (reading.problem, reading.problem_id, reading.partial) == (problem, problem_id, partial)


def test_an_empty_field_is_not_yet_a_problem():
    reading = read_phone(" - ")
    assert (reading.ok, reading.problem, reading.partial) == (False, "", True)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_prefix_in_use_or_to_come_is_taken(number):
    assert read_phone(number).ok
    assert read_phone(number).number == number


@given(st.text(max_size=20))
def test_any_text_reads_to_ok_or_to_a_problem_and_a_good_number_reads_back(text):
    reading = read_phone(text)
    assert reading.ok == (reading.problem == "" and bool(reading.number))
    if reading.ok:
        assert read_phone(reading.number) == reading
