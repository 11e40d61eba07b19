from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.days import EARLIEST_YEAR, iso, months_before, parse_day, words

DAYS = st.dates(min_value=date(EARLIEST_YEAR, 1, 1), max_value=date(9999, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-19",
        "2026-1-19",
        "20260119",
        "2026.1.19",
        "2026/1/19",
        "2026年1月19日",
        "2026 年 1 月 19 日",
        "2026年1月19",
        " ２０２６-０１-１９ ",
        "2026。1。19",
    ],
)
def test_every_way_of_writing_a_day_is_the_same_day(text):
    assert parse_day(text) == date(2026, 1, 19)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-01",
        "2026-1/19",
        "2026-02-29",
        "1900-02-29",
        "20261301",
        "0202-01-01",
        "长期",
        "2026-01-190",
        "2026119",
    ],
)
def test_half_a_day_or_one_that_does_not_exist_is_no_day(text):
    assert parse_day(text) is None


@given(
    DAYS,
    st.sampled_from(
        [
            "{:%Y-%m-%d}",
            "{:%Y%m%d}",
            "{0.year}.{0.month}.{0.day}",
            "{0.year}/{0.month}/{0.day}",
            "{0.year}年{0.month}月{0.day}日",
        ]
    ),
)
def test_a_written_day_reads_back(day, shape):
    assert parse_day(shape.format(day)) == day


@given(DAYS)
def test_the_words_for_people_read_back_too(day):
    assert parse_day(words(day)) == day
    assert parse_day(iso(day)) == day


@given(st.text(max_size=12))
def test_any_text_reads_as_a_day_or_as_none(text):
    found = parse_day(text)
    assert found is None or found.year >= EARLIEST_YEAR


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 2, 6), 6, date(2025, 8, 6)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 3, 31), 12, date(2025, 3, 31)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_counted_to_the_same_day_else_the_last_of_the_month(day, months, expected):
    assert months_before(day, months) == expected


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), st.integers(0, 60))
def test_months_before_never_lands_in_a_neighbouring_month(day, months):
    before = months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day <= day.day


def test_a_day_in_words_has_its_weekday_only_when_asked():
    assert words(date(2026, 3, 5)) == "2026 年 3 月 5 日"
    assert words(date(2026, 3, 5), weekday=True) == "2026 年 3 月 5 日 周四"
