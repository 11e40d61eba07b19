"""The one-time notice: everything at once, the case parked with it, and what is said when the person comes back."""

import datetime as dt
from dataclasses import replace

import pytest
from whole_kit import CLERK, answered, complete, seen

from app.core.application import Paper, State
from app.core.checks import check
from app.core.errors import AppError, StoreError
from app.core.region import Comeback
from app.core.waiting import standing
from app.services import intake, offers, waiting
from app.services.finalise import Ready, finalise
from app.services.ports import Queue


def told(desk, application):
    """Give the notice as the window does: the offered sheets, parked before they print."""
    sheets = [offer.sheet for offer in offers.missing(desk, application) if offer.usual and "large" not in offer.kind]
    return waiting.give(desk, application, sheets)


def lacking(desk, *requirements, **changes):
    """A case in which everything is there but these papers."""
    whole = complete(desk, **changes)
    return replace(whole, papers=tuple(p for p in whole.papers if p.requirement not in requirements))


def stands(desk, application):
    return standing(application, desk.region, check(application, desk.region, desk.clock.now().date()))


def acts(desk, application, *names):
    rows = desk.store.audit(subject=application.id)
    return [(row.act, row.what) for row in reversed(rows) if row.act in names]


@pytest.fixture
def parked(desk):
    return told(desk, intake.save(desk, lacking(desk, "identity", "diagnosis"))[0])


def test_the_notice_parks_the_case_with_all_it_named_in_one_transaction(desk, parked):
    stored = desk.store.application(parked.id)
    assert stored == parked
    assert (stored.state, stored.waiting.nth, stored.waiting.by, stored.waiting.until) == (State.WAITING, 1, CLERK, "")
    assert stored.waiting.given_at == "2026-02-06T10:24:00"
    assert [gap.field for gap in stored.waiting.gaps] == ["papers.identity", "papers.diagnosis"]
    assert all(gap.problem and gap.remedy and gap.findings for gap in stored.waiting.gaps)
    assert "notice" in desk.store.documents(parked.id)
    assert acts(desk, parked, "notice", "document")[-1] == ("notice", "1 papers.identity papers.diagnosis")
    row = desk.store.entries(states=[State.WAITING])[0]
    assert (row.told_at, row.deadline, row.lacking) == ("2026-02-06T10:24:00", "", 2)
    assert row.lacks == "、".join(gap.name for gap in stored.waiting.gaps)
    counts = desk.store.counts("2026-02-06")
    assert (counts.drafts, counts.waiting, counts.deferred) == (1, 1, 0)


def test_a_day_to_come_back_by_stands_only_where_the_region_states_one(desk):
    elsewhere = replace(desk.region, comeback=Comeback(10, "10 个工作日内", "来源"))
    there = replace(desk, region=elsewhere, regions={elsewhere.id: elsewhere})
    parked = told(there, intake.save(there, lacking(there, "diagnosis"))[0])
    # The Spring Festival lies between: 15 to 23 February closed, the 14th and the 28th worked.
    assert parked.waiting.until == "2026-02-27"
    assert there.store.entries(states=[State.WAITING])[0].deadline == "2026-02-27"


def test_who_comes_back_is_asked_only_for_the_gaps(desk, parked):
    back = intake.reopen(desk, parked.id)
    assert (back.state, back.step) == (State.WAITING, "materials")
    assert [gap.field for gap in stands(desk, back).open] == ["papers.identity", "papers.diagnosis"]
    half = back.with_paper(Paper("identity", "社保卡", seen=True))
    half = half.with_paper(Paper("diagnosis", seen=True))
    now = stands(desk, half)
    # The diagnosis came without its seal: still the same gap, and nothing new.
    assert ([gap.field for gap in now.filled], [gap.field for gap in now.open]) == (["papers.identity"], ["papers.diagnosis"])
    assert (now.expired, now.unsaid, now.left) == ((), (), 1)


def test_a_case_that_waited_is_accepted_like_a_draft(desk, parked):
    whole = intake.save(desk, seen(desk, intake.reopen(desk, parked.id)))[0]
    done = finalise(desk, whole)
    assert isinstance(done, Ready)
    row = desk.store.entries(queue=Queue.HERE)[0]
    assert (row.state, row.told_at, row.lacking, row.lacks) == (State.READY, "", 0, "")
    assert desk.store.counts("2026-02-06").waiting == 0
    assert desk.store.application(parked.id).waiting == parked.waiting


def test_what_expired_while_waiting_is_told_apart_from_what_was_not_said(desk):
    old = seen(desk, answered(desk), issued=lambda: "2025-09-01")
    missing = replace(old, papers=tuple(p for p in old.papers if p.requirement != "diagnosis"))
    parked = told(desk, intake.save(desk, missing)[0])
    desk.clock.moment = dt.datetime.fromisoformat("2026-04-07T09:00:00")
    back = intake.reopen(desk, parked.id)
    now = stands(desk, back)
    assert [finding.id.rpartition(".")[2] for finding in now.expired] == ["stale"]
    assert now.unsaid == ()
    assert acts(desk, parked, waiting.INCOMPLETE) == []


def test_what_the_notice_left_out_is_noted_once(desk, parked):
    # What a colleague at another counter broke after the notice: it stood in the way that day as well.
    desk.store.save_draft(replace(parked, applicant=replace(parked.applicant, phone="")), CLERK)
    for _ in range(2):
        back = intake.reopen(desk, parked.id)
    assert [finding.field for finding in stands(desk, back).unsaid] == ["applicant.phone"]
    assert acts(desk, parked, waiting.INCOMPLETE) == [(waiting.INCOMPLETE, "1 applicant.phone")]
    again = told(desk, back)
    assert again.waiting.nth == 2
    assert "applicant.phone" in [gap.field for gap in again.waiting.gaps]


def test_the_same_notice_once_more_that_day_is_a_reprint_and_a_later_one_is_counted(desk, parked):
    assert told(desk, parked) == parked
    assert len(acts(desk, parked, "notice")) == 1
    desk.clock.moment += dt.timedelta(days=7)
    later = told(desk, intake.reopen(desk, parked.id))
    assert (later.waiting.nth, later.waiting.given_at[:10]) == (2, "2026-02-13")
    assert [what.split()[0] for _, what in acts(desk, parked, "notice")] == ["1", "2"]


def test_with_nothing_to_tell_or_nothing_to_print_no_case_is_parked(desk):
    whole = intake.save(desk, complete(desk))[0]
    assert offers.missing(desk, whole) == ()
    with pytest.raises(AppError, match="不用打一次性告知书"):
        waiting.give(desk, whole, ())
    assert desk.store.application(whole.id).state is State.DRAFT
    # Nor is one whose notice cannot be printed in full, nor an accepted case.
    draft = intake.save(desk, lacking(desk, "diagnosis"))[0]
    strange = replace(draft, applicant=replace(draft.applicant, name="张\U000f0000"))
    with pytest.raises(AppError, match="没有字形"):
        told(desk, strange)
    assert desk.store.application(draft.id).state is State.DRAFT
    finalise(desk, intake.save(desk, seen(desk, draft))[0])
    with pytest.raises(StoreError, match="已经受理过"):
        told(desk, draft)
