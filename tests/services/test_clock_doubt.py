"""The clock goes back or jumps: nothing is accepted until it is right again, or until somebody says that the date is."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from whole_kit import CLERK, complete

from app.core.clock_guard import Doubt
from app.core.errors import AppError, ClockDoubtError, StoreError
from app.services import clock_guard, intake
from app.services.finalise import Ready, finalise

SENTENCE = "电脑时钟从 2 月 6 日退到了 2019 年 1 月 1 日，先核对日期"


class OtherRun:
    """The computer was started again: only the order of things is known."""

    def __init__(self, name):
        self._name = name

    def running(self):
        return self._name, 60.0


@pytest.fixture
def waiting(desk):
    application, _ = intake.save(desk, complete(desk))
    return application


def set_clock(desk, text):
    desk.clock.moment = dt.datetime.fromisoformat(text)


def test_a_clock_that_went_back_stops_acceptance_with_a_sentence_and_changes_nothing(desk, waiting):
    set_clock(desk, "2019-01-01T00:03:00")
    audit = len(desk.store.audit())
    with pytest.raises(ClockDoubtError) as caught:
        finalise(desk, waiting)
    assert caught.value.sentence == SENTENCE
    assert desk.store.documents(waiting.id) == {}
    assert len(desk.store.audit()) == audit


def test_typing_goes_on_while_the_clock_is_doubted_and_does_not_make_it_believed(desk, waiting):
    set_clock(desk, "2019-01-01T00:03:00")
    intake.save(desk, intake.answer(waiting, "summary", "又键入"))
    assert clock_guard.look(desk).doubt is Doubt.BACK


def test_setting_the_clock_right_ends_the_doubt_by_itself(desk, waiting):
    set_clock(desk, "2019-01-01T00:03:00")
    assert clock_guard.look(desk).doubt is Doubt.BACK
    set_clock(desk, "2026-02-06T10:31:00")
    assert isinstance(finalise(desk, waiting), Ready)


def test_a_confirmed_date_lets_go_on_and_is_in_the_audit_without_the_words(desk, waiting):
    set_clock(desk, "2026-02-06T09:00:00")
    clock_guard.confirm(desk, "和李敏的手机对过")
    assert isinstance(finalise(desk, waiting), Ready)
    (noted,) = [entry for entry in desk.store.audit() if entry.act == "clock_confirmed"]
    assert (noted.who, noted.what) == (CLERK, "2026-02-06T10:24 > 2026-02-06T09:00")
    assert json.loads(desk.store.setting(clock_guard.CONFIRMED))["reason"] == "和李敏的手机对过"


@pytest.mark.parametrize("reason", ["", "  "])
def test_nobody_confirms_without_a_reason(desk, waiting, reason):
    set_clock(desk, "2019-01-01T00:03:00")
    with pytest.raises(AppError, match="怎么核对的"):
        clock_guard.confirm(desk, reason)
    assert clock_guard.look(desk).doubt is Doubt.BACK


def test_after_a_restart_a_jump_over_working_days_is_doubted_and_a_weekend_is_not(open_at, waiting, desk):
    restarted = replace(desk, uptime=OtherRun("second"))
    set_clock(desk, "2026-02-09T08:30:00")  # Monday
    assert clock_guard.look(restarted).doubt is Doubt.NONE
    set_clock(desk, "2027-02-09T08:30:00")
    assert clock_guard.look(replace(desk, uptime=OtherRun("third"))).doubt is Doubt.AHEAD


def test_each_save_moves_what_was_seen_last(desk, waiting):
    set_clock(desk, "2026-02-06T15:00:00")
    intake.save(desk, waiting)
    set_clock(desk, "2026-02-06T14:00:00")
    assert clock_guard.look(desk).sentence == "电脑时钟从 15:00 退到了 14:00，先核对日期和时间"


def test_looking_each_minute_leaves_no_audit_rows(desk, waiting):
    before = len(desk.store.audit())
    for minute in range(25, 30):
        set_clock(desk, f"2026-02-06T10:{minute}:00")
        clock_guard.look(desk)
    assert len(desk.store.audit()) == before


def test_a_save_stands_even_when_the_time_cannot_be_kept(desk, waiting, monkeypatch):
    def broken(*_args):
        raise StoreError("硬盘满了")

    monkeypatch.setattr(type(desk.store), "keep", broken)
    _, saved = intake.save(desk, waiting)
    assert desk.store.application(waiting.id).revision == saved.revision
