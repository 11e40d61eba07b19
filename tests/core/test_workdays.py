from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.calendar import builtin
from app.core.statutory import floor, named_days
from app.core.workdays import Calendar, Run, due, explain, notable, tell, workdays_between

EMPTY = Calendar(frozenset(), frozenset(), frozenset())


@pytest.fixture(scope="module")
def calendar():
    return builtin()


@pytest.mark.parametrize(
    ("start", "fifteen", "twenty"),
    [
        ("2025-09-24", "2025-10-21", "2025-10-28"),
        ("2025-09-26", "2025-10-23", "2025-10-30"),
        ("2025-12-30", "2026-01-21", "2026-01-28"),
        ("2026-02-06", "2026-03-05", "2026-03-12"),
        ("2026-02-14", "2026-03-13", "2026-03-20"),
        ("2026-04-20", "2026-05-13", "2026-05-20"),
        ("2026-09-18", "2026-10-15", "2026-10-22"),
        ("2026-12-03", "2026-12-24", "2026-12-31"),
    ],
)
def test_due_dates_of_published_years(calendar, start, fifteen, twenty):
    for workdays, expected in ((15, fifteen), (20, twenty)):
        found = due(calendar, date.fromisoformat(start), workdays)
        assert (found.day, found.provisional) == (date.fromisoformat(expected), False)


def test_a_date_that_runs_into_a_year_without_data_is_provisional(calendar):
    start = date(2026, 12, 4)
    assert due(calendar, start, 15).day == date(2026, 12, 25)
    assert not due(calendar, start, 15).provisional
    found = due(calendar, start, 20)
    assert (found.day, found.provisional) == (date(2027, 1, 4), True)
    assert explain(calendar, start, found.day) == "2027 年 1 月 1 日放假；2027 年放假安排没有公布，暂按法定假日推算"


def test_the_first_and_last_case_that_crosses_into_2027(calendar):
    assert not due(calendar, date(2026, 12, 10), 15).provisional
    assert due(calendar, date(2026, 12, 11), 15).provisional


def test_both_known_years_have_248_working_days(calendar):
    for year in (2025, 2026):
        assert workdays_between(calendar, date(year - 1, 12, 31), date(year, 12, 31)) == 248


def test_spring_festival_is_told_as_the_counter_says_it(calendar):
    start = date(2026, 2, 6)
    found = due(calendar, start, 15)
    assert found.skipped == (
        Run(date(2026, 2, 14), date(2026, 2, 14), closed=False),
        Run(date(2026, 2, 15), date(2026, 2, 23), closed=True),
        Run(date(2026, 2, 28), date(2026, 2, 28), closed=False),
    )
    assert tell(found.skipped, start) == "2 月 15–23 日放假，14、28 日上班"
    assert explain(calendar, start, found.day) == "2 月 15–23 日放假，14、28 日上班"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-09-18", "2026-10-15", "9 月 25–27 日、10 月 1–7 日放假，9 月 20 日、10 月 10 日上班"),
        ("2025-01-20", "2025-02-20", "1 月 28 日–2 月 4 日放假，1 月 26 日、2 月 8 日上班"),
        ("2025-12-30", "2026-01-21", "2026 年 1 月 1–3 日放假，4 日上班"),
        ("2026-02-20", "2026-02-25", "2 月 15–23 日放假"),
        ("2026-03-02", "2026-03-20", ""),
        ("2026-03-20", "2026-03-20", ""),
    ],
)
def test_holidays_on_the_way_in_words(calendar, start, end, said):
    assert explain(calendar, date.fromisoformat(start), date.fromisoformat(end)) == said


def test_a_holiday_on_a_plain_weekend_is_not_worth_a_word():
    saturday = date(2026, 5, 2)
    calendar = Calendar(frozenset({saturday}), frozenset(), frozenset({2026}))
    assert notable(calendar, date(2026, 4, 30), date(2026, 5, 8)) == ()


def test_the_law_itself_closes_thirteen_days_in_2027():
    assert len(named_days(2027)) == 13
    assert floor(2027) >= {
        date(2027, 2, 5),
        date(2027, 2, 8),
        date(2027, 4, 5),
        date(2027, 6, 9),
        date(2027, 9, 15),
        date(2027, 10, 1),
    }
    assert sum(day.weekday() < 5 for day in floor(2027)) == 13


def test_weekend_holidays_of_an_unknown_year_are_made_up_right_after():
    assert {
        date(2027, 2, 9),
        date(2027, 2, 10),
        date(2027, 5, 3),
        date(2027, 5, 4),
        date(2027, 10, 4),
        date(2027, 10, 5),
    } <= floor(2027)


def test_a_year_beyond_the_lunar_table_has_its_fixed_days_only():
    assert named_days(2050) == tuple(
        date(2050, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
    )
    assert due(EMPTY, date(2049, 12, 31), 1).provisional


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_floor_is_inside_every_arrangement_made_under_the_law(calendar, year):
    assert set(named_days(year)) <= calendar.holidays
    assert not set(named_days(year)) & calendar.workdays


def test_no_days_at_all_end_on_the_day_itself_and_negative_ones_are_a_bug(calendar):
    assert due(calendar, date(2026, 2, 6), 0).day == date(2026, 2, 6)
    with pytest.raises(ValueError, match="negative"):
        due(calendar, date(2026, 2, 6), -1)


@settings(max_examples=60)
@given(st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.integers(1, 40))
def test_the_due_day_is_a_working_day_and_the_count_agrees(start, workdays):
    calendar = builtin()
    found = due(calendar, start, workdays)
    assert calendar.is_workday(found.day)
    assert workdays_between(calendar, start, found.day) == workdays
    assert workdays_between(calendar, found.day, start) == -workdays
    assert workdays_between(calendar, start, found.day - timedelta(days=1)) == workdays - 1
    assert found.provisional == (found.day.year > 2026)
