"""The office's answer is read strictly, and the rule by which originals may go."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.application import State
from app.core.received import MOST_BYTES, Received, parse, written
from app.core.region import Retention
from app.core.retention import LEAST, MOST, Delivered, Purged, days_for, may_go, readable

ANSWER = Received("01JQ0000000000000000000001", 3, "ab" * 32, "2026-01-02T09:30:00", 17, "酒泉市医保中心")
TOLD = json.loads(written(ANSWER))

answers = st.builds(
    Received,
    st.from_regex(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", fullmatch=True),
    st.integers(1, 10**6),
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2100, 1, 1)).map(lambda at: at.isoformat(timespec="seconds")),
    st.integers(1, 2**53 - 1),
    st.text(st.characters(categories=("L", "N")), min_size=1, max_size=60),
)


@given(answers)
def test_an_answer_comes_back_as_it_was_written(answer):
    assert parse(written(answer)) == answer


@given(st.binary(max_size=400))
def test_bytes_that_are_no_answer_are_refused_and_nothing_else_happens(data):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        parse(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


@given(st.sampled_from(sorted(TOLD)), json_values)
def test_one_value_of_another_kind_spoils_the_answer_or_is_read_as_it_stands(key, value):
    data = json.dumps({**TOLD, key: value}).encode()
    try:
        answer = parse(data)
    except ValueError:
        return
    assert json.loads(written(answer)) == {**TOLD, key: value}


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({**TOLD, "more": 1}).encode(),
        json.dumps({key: TOLD[key] for key in TOLD if key != "by"}).encode(),
        written(ANSWER).replace(b'{"format":1,', b'{"format":1,"format":1,'),
        json.dumps({**TOLD, "format": 2}).encode(),
        json.dumps({**TOLD, "format": True}).encode(),
        json.dumps({**TOLD, "format": 1.0}).encode(),
        json.dumps({**TOLD, "seq": 1.0}).encode(),
        json.dumps({**TOLD, "seq": 0}).encode(),
        json.dumps({**TOLD, "revision": True}).encode(),
        json.dumps({**TOLD, "kind": "outcome"}).encode(),
        json.dumps({**TOLD, "at": "2026-02-30T09:30:00"}).encode(),
        json.dumps({**TOLD, "at": "2026-01-02T09:30:00\n"}).encode(),
        json.dumps({**TOLD, "at": "2026-01-02"}).encode(),
        json.dumps({**TOLD, "digest": "AB" * 32}).encode(),
        json.dumps({**TOLD, "by": " "}).encode(),
        json.dumps({**TOLD, "by": "a\nb"}).encode(),
        b"\xef\xbb\xbf" + written(ANSWER),
        written(ANSWER) + b" " * MOST_BYTES,
        b"[" * 2000,
        b"NaN",
    ],
)
def test_an_answer_that_is_nearly_right_is_refused(data):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        parse(data)


HELD = Delivered("x", "gansu-jiuquan", State.READY, "2026-01-01T10:00:00", "2026-01-02T09:30:00", sent=True)


class Place:
    def __init__(self, days=None):
        self.retention = Retention(days)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_originals_may_go_on_the_day_the_days_are_full_and_not_before():
    assert not may_go(HELD, 30, at("2026-01-31T23:59:59"))
    assert may_go(HELD, 30, at("2026-02-01T00:00:00"))


@pytest.mark.parametrize(
    "one",
    [
        replace(HELD, sent=False),
        replace(HELD, received_at=""),
        replace(HELD, returned=True),
        *(replace(HELD, state=state) for state in (State.DRAFT, State.WAITING, State.SUPPLEMENT)),
    ],
)
def test_what_is_not_received_whole_or_still_worked_on_never_goes(one):
    assert may_go(HELD, 1, at("2036-01-01T00:00:00"))
    assert not may_go(one, 1, at("2036-01-01T00:00:00"))


def test_an_office_clock_that_is_years_behind_clears_nothing_early():
    early = replace(HELD, received_at="2006-01-02T09:30:00")
    assert not may_go(early, 30, at("2026-01-30T00:00:00"))
    assert may_go(early, 30, at("2026-01-31T00:00:00"))


@given(st.integers(LEAST, MOST), st.integers(0, 2 * MOST))
def test_the_days_are_whole_days_after_receipt(days, later):
    now = at("2026-01-02T00:00:00") + dt.timedelta(days=later)
    assert may_go(HELD, days, now) is (later >= days)


def test_the_region_comes_before_the_counter_and_silence_keeps():
    assert days_for(Place(30), "") == 30
    assert days_for(Place(30), "5") == 30
    assert days_for(Place(), "5") == 5
    assert days_for(None, "5") == 5
    assert days_for(Place(), "") is None
    assert not may_go(HELD, days_for(Place(), ""), at("2099-01-01T00:00:00"))


@pytest.mark.parametrize("text", ["0", "-1", "3651", "３０", "1.5", "", "x", "1 "])
def test_days_that_cannot_be_meant_are_none(text):
    assert not readable(text)
    assert days_for(Place(), text) is None


def test_the_viewer_says_when_it_was_delivered_and_how_long_it_was_kept():
    assert Purged("2026-01-02T09:30:00", 30).sentence == "原件已按规定清理（送达 2026-01-02，保留 30 天）"
