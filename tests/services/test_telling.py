"""Telling somebody of a decision: only what reached them counts, and only for the decision that counts now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_kit import accept

from app.core.answer import Answer, Approved, Refused
from app.core.errors import StoreError
from app.services import telling
from app.services.outcomes import Outcome
from app.services.ports import AuditEntry
from app.services.telling import HEARD, How

APPROVED = Approved("2026-02-06")


def answer(content, seq=2, at="2026-02-06T09:00:00"):
    return Answer("PZH03", seq, "01" * 13, 1, "ab" * 32, at, "何清", content)


def rows(*told):
    """Audit rows, newest first as the store gives them, from (act, what) oldest first."""
    made = [AuditEntry(f"2026-02-{day:02}T10:00:00", "罗静", act, "x", what) for day, (act, what) in enumerate(told, 1)]
    return made[::-1]


def test_nobody_was_told_while_nothing_was_tried():
    found = telling.told(rows(("answer", "2 approved x")), Outcome("x", answer(APPROVED)))
    assert (found.came, found.done, found.tries) == ("2026-02-01T10:00:00", False, 0)


def test_calls_without_success_are_counted_and_a_visit_ends_it():
    out = Outcome("x", answer(APPROVED))
    tried = [("answer", "2 approved x"), ("told", "no_answer"), ("told", "wrong_number")]
    found = telling.told(rows(*tried), out)
    assert (found.done, found.tries, found.last) == (False, 2, How.WRONG_NUMBER)
    found = telling.told(rows(*tried, ("told", "visit")), out)
    assert (found.how, found.at) == (How.VISIT, "2026-02-04T10:00:00")


def test_what_was_said_of_an_earlier_decision_does_not_count():
    out = Outcome("x", answer(Refused("重复享受"), seq=3), (answer(APPROVED),))
    found = telling.told(rows(("answer", "2 approved x"), ("told", "reached"), ("answer", "3 refused x")), out)
    assert not found.done


def test_a_later_answer_that_decides_nothing_takes_nothing_back():
    out = Outcome("x", answer(APPROVED), (answer(APPROVED, seq=3),))
    found = telling.told(rows(("answer", "2 approved x"), ("told", "reached"), ("answer", "3 accepted x")), out)
    assert found.done


def test_who_was_told_of_what_was_heard_is_not_told_again_when_the_signed_one_says_the_same():
    heard = answer(APPROVED, seq=0)
    story = rows(("heard", "approved"), ("told", "reached"), ("answer", "2 approved x"))
    assert telling.told(story, Outcome("x", answer(APPROVED), (heard,))).done
    assert not telling.told(story, Outcome("x", answer(Approved("2026-03-01")), (heard,))).done


@given(st.lists(st.sampled_from(list(How)), max_size=12))
def test_a_mistake_takes_back_exactly_the_one_before_it(done):
    kept: list[How] = []
    for how in done:
        if how is not How.MISTAKEN:
            kept.append(how)
        elif kept:
            kept.pop()
    found = telling.told(
        rows(("answer", "2 approved x"), *(("told", how.value) for how in done)), Outcome("x", answer(APPROVED))
    )
    assert found.done == any(how in HEARD for how in kept)
    assert found.tries == sum(how not in HEARD for how in kept)
    assert found.last == (kept[-1] if kept else None)


def test_nothing_is_told_before_the_office_decided(desk):
    application = accept(desk, pages=1)
    with pytest.raises(StoreError, match="还没有结果"):
        telling.record(desk, application.id, How.REACHED)
    assert telling.listed(desk) == []
