import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.outbox import JITTER, WAITS, WAYS, next_try, say, way

NOW = dt.datetime(2026, 11, 20, 10, 40)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_grow_to_half_an_hour_and_never_stop(attempts, chance):
    wait = (next_try(attempts, NOW, chance) - NOW).total_seconds() / 60
    assert WAITS[0] * (1 - JITTER / 2) <= wait <= WAITS[-1] * (1 + JITTER / 2)


@given(st.integers(1, 20), st.floats(0, 1))
def test_a_later_attempt_never_waits_much_less(attempts, chance):
    assert next_try(attempts + 1, NOW, chance) >= next_try(attempts, NOW, chance)


def test_counters_that_failed_together_do_not_come_back_together():
    assert len({next_try(3, NOW, at / 20) for at in range(20)}) == 20


@pytest.mark.parametrize("trouble", WAYS)
def test_each_trouble_has_a_way_out_in_plain_words(trouble):
    one = way(trouble)
    assert one.todo
    assert one.act in {"retry", "places", "clock", "export", "open"}
    for word in ("请", "抱歉", "无效", "失败", "非法", "！"):
        assert word not in one.todo + one.call


def test_the_telephone_sentence_says_who_when_and_what():
    assert say("space", "3 号窗口", NOW) == "这里是 3 号窗口，10:40 送件的时候，报送服务器放不下了，麻烦腾一下空间。"
    assert say("network", "3 号窗口", NOW) == ""


def test_a_trouble_of_a_newer_version_still_has_a_way_out():
    assert way("something new") == way("odd")
