import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.calendar import builtin
from app.core.clock_guard import AHEAD, BACK, Doubt, Reading, judge

CALENDAR = builtin()
THEN = dt.datetime(2026, 11, 20, 16, 0)
MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 31))
SECONDS = st.floats(0, 10**8, allow_nan=False)


def at(text, boot="a", running=0.0):
    return Reading(dt.datetime.fromisoformat(text), boot, running)


def doubt(seen, now):
    return judge(seen, now, CALENDAR).doubt


def test_the_first_look_doubts_nothing():
    assert doubt(None, at("1970-01-01T00:00:00")) is Doubt.NONE


def test_the_sentence_says_what_happened_and_what_to_do():
    verdict = judge(at("2026-11-20T16:00:00"), at("2019-01-01T00:03:00", "b"), CALENDAR)
    assert verdict.sentence == "电脑时钟从 11 月 20 日退到了 2019 年 1 月 1 日，先核对日期"
    verdict = judge(at("2026-11-20T16:00:00"), at("2026-11-20T15:00:00"), CALENDAR)
    assert verdict.sentence == "电脑时钟从 16:00 退到了 15:00，先核对日期和时间"
    verdict = judge(at("2026-11-20T16:00:00"), at("2031-01-01T00:03:00", "b"), CALENDAR)
    assert verdict.sentence == "电脑时钟从 11 月 20 日跳到了 2031 年 1 月 1 日，先核对日期"
    assert judge(None, at("2026-11-20T16:00:00"), CALENDAR).sentence == ""


@pytest.mark.parametrize(
    ("seen", "now", "expected"),
    [
        ("2026-11-20T17:00:00", "2026-11-23T08:00:00", Doubt.NONE),  # over a weekend
        ("2026-02-14T17:00:00", "2026-02-24T08:30:00", Doubt.NONE),  # over the Spring Festival
        ("2026-11-16T17:00:00", "2026-11-18T08:00:00", Doubt.AHEAD),  # a working day nobody was there
        ("2026-11-16T17:00:00", "2026-11-17T08:00:00", Doubt.NONE),
        ("2026-11-20T17:00:00", "2026-11-20T16:58:00", Doubt.NONE),
        ("2026-11-20T17:00:00", "2026-11-20T16:57:59", Doubt.BACK),
        ("2026-11-20T17:00:00", "2099-11-20T17:00:00", Doubt.AHEAD),
    ],
)
def test_across_a_restart_a_night_and_days_off_are_no_jump(seen, now, expected):
    assert doubt(at(seen, "a"), at(now, "b")) is expected


def test_while_the_computer_runs_a_small_step_back_is_seen_against_its_running_time():
    seen = at("2026-11-20T09:00:00", running=100)
    # An hour later the clock shows five minutes later: it was set back by 55 minutes.
    assert doubt(seen, at("2026-11-20T09:05:00", running=3700)) is Doubt.BACK
    assert doubt(seen, at("2026-11-20T10:00:00", running=3700)) is Doubt.NONE


@given(seen=MOMENTS, began=SECONDS, passed=st.floats(0, 10**6), drift=st.floats(-119, 119))
def test_a_clock_that_runs_with_the_computer_is_never_doubted(seen, began, passed, drift):
    now = Reading(seen + dt.timedelta(seconds=passed + drift), "a", began + passed)
    assert doubt(Reading(seen, "a", began), now) is Doubt.NONE


@given(seen=MOMENTS, back=st.timedeltas(BACK + dt.timedelta(seconds=1), dt.timedelta(days=5000)), boot=st.sampled_from("ab"))
def test_any_step_back_of_more_than_two_minutes_is_doubted(seen, back, boot):
    assert doubt(Reading(seen, "a", 5), Reading(seen - back, boot, 5)) is Doubt.BACK


@given(seen=MOMENTS, ahead=st.timedeltas(AHEAD + dt.timedelta(seconds=1), dt.timedelta(days=5000)))
def test_a_jump_is_doubted_once_days_off_are_not_counted(seen, ahead):
    now = seen + ahead
    days = (now.date() - seen.date()).days
    off = sum(not CALENDAR.is_workday(seen.date() + dt.timedelta(days=n)) for n in range(1, days)) if days <= 400 else 0
    expected = Doubt.AHEAD if ahead - dt.timedelta(days=off) > AHEAD else Doubt.NONE
    assert doubt(Reading(seen, "a", 0), Reading(now, "b", 0)) is expected


@given(seen=MOMENTS, now=MOMENTS, running=SECONDS)
def test_what_was_confirmed_is_good_at_once_after(seen, now, running):
    confirmed = Reading(now, "b", running)
    judge(Reading(seen, "a", 3), confirmed, CALENDAR)
    assert doubt(confirmed, Reading(now + dt.timedelta(seconds=1), "b", running + 1)) is Doubt.NONE
