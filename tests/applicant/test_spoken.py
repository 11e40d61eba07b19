"""What is said of a number, a date and a sum: words, and the same words a person would use."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import spoken
from app.core.numbering import AcceptanceNumber

DIGIT = dict(zip("零一二三四五六七八九幺两", (*range(10), 1, 2), strict=True))
PLACE = {"十": 10, "百": 100, "千": 1000}


def heard_number(words: str) -> int:
    """What somebody who hears a quantity writes down."""
    above, _, words = words.rpartition("亿")
    thousands, _, rest = words.rpartition("万")
    return (heard_number(above) if above else 0) * 10**8 + heard_group(thousands) * 10**4 + heard_group(rest)


def heard_group(words: str) -> int:
    value = digit = 0
    for one in words:
        if one in DIGIT:
            digit = DIGIT[one]
        else:
            value += (digit or 1) * PLACE[one]
            digit = 0
    return value + digit


def heard_digits(words: str) -> str:
    return "".join(str(DIGIT[one]) for one in words if one in DIGIT)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("这个电话对吗？139 0000 4821", "这个电话对吗？幺三九，零零零零，四八二幺"),
        ("13900004821", "幺三九，零零零零，四八二幺"),
        ("0937-2612393 或 12393", "零九三七，二六幺，二三九三或幺二三九三"),
        ("010-12345678", "零幺零，幺二三四，五六七八"),
        ("2026 年 3 月 5 日 周四", "二零二六年三月五日，星期四"),
        ("2026-02-06 到期", "二零二六年二月六日到期"),
        ("2027 年 12 月", "二零二七年十二月"),
        ("受理编号 JQ03-261120-0007-7", "受理编号 J Q 零三，二六幺幺二零，零零零七，七"),
        ("11010519491231002X", "幺幺零幺零五，幺九四九，幺二三幺，零零二艾克斯"),
        ("证件 1101 **** 0029", "证件尾号零零二九"),
        ("2 份，12 页，第 2 件，共 4 件，2 月，20 天", "两份，十二页，第二件，共四件，二月，二十天"),
        ("81 岁", "八十一岁"),
        ("08:30-12:00，14:05", "八点三十分到十二点，十四点零五分"),
        ("一共 1,234.50 元，另 0.05 元", "一共一千二百三十四元五角，另五分"),
        ("报销 65%，约 12.5%", "报销百分之六十五，约百分之十二点五"),
        ("3 号窗口", "三号窗口"),
        ("周一鸣带上身份证", "周一鸣带上身份证"),
        ("１２ 页", "十二页"),
    ],
)
def test_a_text_of_the_screen_is_said_as_people_say_it(shown: str, said: str) -> None:
    assert spoken.aloud(shown) == said


@given(st.integers(0, 10**12 - 1))
def test_a_quantity_that_is_heard_is_the_one_that_stood_there(value: int) -> None:
    assert heard_number(spoken.number(value)) == value


@given(st.integers(0, 10**12 - 1))
def test_no_quantity_has_two_zeros_in_a_row_or_one_at_its_end(value: int) -> None:
    said = spoken.number(value)
    assert "零零" not in said
    assert said == "零" or not said.endswith("零")


@given(st.dates())
def test_a_day_that_is_heard_is_the_one_that_stood_there(day: dt.date) -> None:
    year, _, rest = spoken.date(day).partition("年")
    month, _, rest = rest.partition("月")
    number, _, weekday = rest.partition("日，星期")
    assert (heard_digits(year), heard_number(month), heard_number(number)) == (f"{day.year:04}", day.month, day.day)
    assert weekday == "一二三四五六日"[day.weekday()]
    assert spoken.aloud(day.isoformat()) == spoken.date(day, weekday=False)


@given(st.integers(13 * 10**9, 2 * 10**10 - 1).map(str), st.sampled_from(("", " ", "-")))
def test_a_mobile_number_comes_in_three_groups_however_it_is_written(number: str, gap: str) -> None:
    said = spoken.aloud(gap.join((number[:3], number[3:7], number[7:])))
    assert [len(one) for one in said.split("，")] == [3, 4, 4]
    assert heard_digits(said) == number
    assert "一" not in said


@given(st.integers(10**16, 9 * 10**16).map(str), st.sampled_from("0123456789X"))
def test_a_certificate_number_comes_in_the_groups_it_is_made_of(body: str, check: str) -> None:
    number = body + check
    groups = spoken.aloud(number).split("，")
    assert [len(one.replace("艾克斯", "叉")) for one in groups] == [6, 4, 4, 4]
    assert heard_digits(spoken.aloud(number)) == number.removesuffix("X")


@given(
    st.text("AJQXZ", min_size=1, max_size=6),
    st.integers(0, 99),
    st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    st.integers(1, 99999),
)
def test_an_acceptance_number_is_heard_sign_by_sign(prefix: str, counter: int, day: dt.date, sequence: int) -> None:
    number = str(AcceptanceNumber(prefix, f"{counter:02}", day, sequence))
    said = spoken.aloud(number)
    assert "".join(one for one in said if one.isascii() and one.isalpha()) == prefix
    assert heard_digits(said) == "".join(one for one in number if one.isdigit())


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_a_sum_that_is_heard_is_the_one_that_stood_there(yuan: int, cents: int) -> None:
    said = spoken.amount(yuan, cents)
    whole, found, part = said.rpartition("元")
    jiao, _, fen = part.rpartition("角")
    assert heard_number(whole) == yuan
    assert (DIGIT[jiao[-1]] if jiao else 0) * 10 + (DIGIT[fen[-2]] if fen else 0) == cents
    assert found or not yuan
    assert spoken.aloud(f"{yuan}.{cents:02} 元") == said


@given(st.text(st.sampled_from("0123456789０９一日年月元份件周四-*.,:：%Xx JQ,，。？\n电话"), max_size=40))
def test_whatever_stands_on_the_screen_no_figure_reaches_the_voice_and_saying_it_again_changes_nothing(text: str) -> None:
    said = spoken.aloud(text)
    assert not any(one.isdigit() for one in said)
    assert spoken.aloud(said) == said


@given(st.text(st.sampled_from("电话对吗。？！；;?! \n一二，"), max_size=40))
def test_pieces_are_the_whole_text_in_order(text: str) -> None:
    pieces = spoken.sentences(text)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(pieces)


def test_a_question_and_its_answer_are_two_pieces() -> None:
    assert spoken.sentences("这个电话对吗？幺三九，零零零零，四八二幺。\n对就点右下角") == (
        "这个电话对吗？",
        "幺三九，零零零零，四八二幺。",
        "对就点右下角",
    )
