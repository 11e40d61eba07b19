"""Days as people write them and as a machine reads them: found whatever the hand, never a day that does not exist, never one out of two numbers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.reading.dates import days_in

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
HAN = "〇一二三四五六七八九"


def han_year(year):
    return "".join(HAN[int(one)] for one in str(year))


def han(number):
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else HAN[tens]) + "十" if tens else "") + (HAN[ones] if ones else "")


WAYS = {
    "年月日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "spaced": lambda d: f"{d.year} 年 {d.month:02} 月 {d.day:02} 日",
    "号": lambda d: f"{d.year}年{d.month}月{d.day}号",
    "dashes": lambda d: d.isoformat(),
    "short dashes": lambda d: f"{d.year}-{d.month}-{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "eight figures": lambda d: f"{d:%Y%m%d}",
    "with a time": lambda d: f"{d.isoformat()} 14:30:05",
    "with a time run in": lambda d: f"{d.isoformat()}14:30",
    "汉字": lambda d: f"{han_year(d.year)}年{han(d.month)}月{han(d.day)}日",
    "日 read as 曰": lambda d: f"{d.year}年{d.month}月{d.day}曰",
}


@given(
    way=st.sampled_from(list(WAYS)),
    day=DAYS,
    around=st.sampled_from([("", ""), ("日期：", ""), ("出院日期:", " 科别：内科"), ("至", "。")]),
)
def test_a_day_is_found_however_it_is_written(way, day, around):
    before, after = around
    text = before + WAYS[way](day) + after
    (found,) = days_in(text.replace("：", ":"))
    assert (found.day, found.plain) == (day, True)
    assert text[found.start : found.start + 2] == WAYS[way](day)[:2]


@given(first=DAYS, last=DAYS, way=st.sampled_from(("dots", "dashes")), between=st.sampled_from("-至~"))
def test_two_days_side_by_side_are_two(first, last, way, between):
    found = days_in(f"有效期限{WAYS[way](first)}{between}{WAYS[way](last)}")
    assert [one.day for one in found] == [first, last]


@given(day=DAYS, at=st.integers(0, 9), letter=st.sampled_from("OoIlZSB|"))
def test_a_letter_for_a_figure_is_understood_and_told(day, at, letter):
    text = day.isoformat()
    like = {"O": "0", "o": "0", "I": "1", "l": "1", "Z": "2", "S": "5", "B": "8", "|": "1"}[letter]
    if text[at] != like:
        return
    found = days_in(text[:at] + letter + text[at + 1 :])
    assert [(one.day, one.plain) for one in found] == [(day, False)]


@pytest.mark.parametrize(
    "text",
    [
        "2026年2月29日",
        "2026-13-01",
        "0202-01-01",
        "2026.1.32",
        "620902190001019991",
        "ZY00012345",
        "0838-2601234",
        "1.2.3",
        "2026年",
        "",
    ],
)
def test_what_is_no_day_is_none(text):
    assert days_in(text) == []


def test_a_short_year_is_read_and_never_sure():
    (found,) = days_in("26年10月28日")
    assert (found.day, found.plain) == (dt.date(2026, 10, 28), False)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    for one in days_in(text):
        assert text[one.start : one.end]
