"""The office's board: counted, never named."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from app.core.board import TOP, Dealt, board, table

FIRST, LAST = dt.date(2026, 2, 2), dt.date(2026, 2, 6)
moments = st.datetimes(dt.datetime(2026, 2, 1), dt.datetime(2026, 2, 8)).map(lambda at: at.isoformat(timespec="seconds"))
cases = st.lists(
    st.builds(
        Dealt,
        moments,
        st.one_of(st.just(""), moments),
        st.one_of(st.just(""), moments),
        st.integers(0, 3),
        st.lists(st.sampled_from(["诊断证明", "出院小结", "社保卡", "照片"]), max_size=4).map(tuple),
        st.booleans(),
    ),
    max_size=30,
)


@given(cases)
def test_the_days_add_up_to_the_whole_whatever_was_dealt_with(dealt):
    shown = board(dealt, FIRST, LAST)
    assert [day.day for day in shown.days] == [f"2026-02-0{n}" for n in range(2, 7)]
    assert sum(day.taken for day in shown.days) == shown.whole.taken
    assert sum(day.told for day in shown.days) == shown.whole.told
    assert all(day.complete is None or 0 <= day.complete <= 100 for day in (*shown.days, shown.whole))
    assert (shown.whole.complete is None) is (shown.whole.taken == 0)
    assert len(shown.missing) <= TOP
    assert [count for _, count in shown.missing] == sorted((count for _, count in shown.missing), reverse=True)


def test_one_visit_counts_as_complete_a_notice_or_a_return_does_not():
    day = "2026-02-06T"
    one = Dealt(f"{day}09:00:00", f"{day}09:12:00")
    told = Dealt("2026-02-04T09:00:00", f"{day}10:00:00", "2026-02-04T09:10:00", 1, ("诊断证明", "诊断证明"))
    back = Dealt(f"{day}11:00:00", f"{day}11:20:00", returned=True)
    away = Dealt(f"{day}15:00:00", told=f"{day}15:08:00", notices=1, lacked=("诊断证明",))
    shown = board((one, told, back, away), FIRST, LAST)
    assert (shown.whole.taken, shown.whole.complete, shown.whole.minutes) == (3, 33.3, 16.0)
    assert shown.missing == (("诊断证明", 2),)
    assert [day.told for day in shown.days] == [0, 0, 1, 0, 1]


def test_a_day_without_work_has_no_percent_and_no_minutes_rather_than_zero():
    row = table(board((), LAST, LAST))[1]
    assert row == ("2026-02-06", 0, "", "", 0)
