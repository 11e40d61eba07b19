"""Acceptance although a paper comes later, where the region allows it: promised, listed, taken in as the next version."""

import datetime as dt
from dataclasses import replace

import pytest
from whole_kit import CLERK, PZH, complete, files_of

from app.core.application import State
from app.core.checks import check
from app.core.errors import AppError, StoreError
from app.core.region import Deferral
from app.services import deferral, intake, offers, originals, package
from app.services.finalise import Missing, Ready, finalise

RULE = Deferral(("diagnosis", "photo"), "10 个工作日内", "退回申请", "来源文档 JQ 2.7", workdays=10)


def allowing(desk, rule=RULE):
    elsewhere = replace(desk.region, deferral=rule)
    return replace(desk, region=elsewhere, regions={elsewhere.id: elsewhere})


def without(desk, *requirements):
    whole = complete(desk)
    return replace(whole, papers=tuple(p for p in whole.papers if p.requirement not in requirements))


def deferring(desk, requirement="diagnosis"):
    draft = intake.answer(without(desk, requirement), f"deferred.{requirement}", value=True)
    return intake.save(desk, draft)[0]


@pytest.fixture
def there(desk):
    return allowing(desk)


@pytest.fixture
def owing(there):
    return there.store.application(finalise(there, deferring(there)).application.id)


def ids(desk, application):
    return [finding.id for finding in check(application, desk.region, desk.clock.now().date()) if finding.stops]


def test_only_what_the_region_lists_may_come_later_and_nothing_where_it_is_silent(desk):
    draft = deferring(desk)
    assert ids(desk, draft) == ["papers.diagnosis.missing"]
    assert isinstance(finalise(desk, draft), Missing)
    there = allowing(desk)
    assert ids(there, draft) == []
    assert ids(there, deferring(there, "identity")) == ["papers.identity.missing"]


def test_a_promised_paper_lets_the_case_be_accepted_and_is_listed_printed_and_handed_over(there, owing):
    # Ten working days after 6 February, the Spring Festival not counted.
    assert [(one.requirement, one.name, one.due, one.came_at) for one in owing.deferred] == [
        ("diagnosis", "疾病诊断证明书", "2026-02-27", "")
    ]
    row = there.store.deferred_due()[0]
    assert (row.id, row.state, row.deadline, row.lacking, row.lacks) == (
        owing.id,
        State.READY,
        "2026-02-27",
        1,
        "疾病诊断证明书",
    )
    assert there.store.deferred_due("2026-02-26") == []
    assert [one.id for one in there.store.deferred_due("2026-02-27")] == [owing.id]
    assert there.store.counts("2026-02-06").deferred == 1
    # The promise is made with the acceptance and printed with it.
    stored = there.store.documents(owing.id)
    assert {"conditional", "conditional-large"} < set(stored)
    usual = [offer.kind for offer in offers.after_acceptance(there, owing) if offer.usual]
    assert usual[-2:] == ["conditional", "conditional-large"]
    assert all(not one.problems for one in stored.values())
    # The record that is handed over says what is owed.
    record = dict(package.files(there.store, there.imaging, owing, there.region, CLERK))["record.json"]
    assert '"requirement": "diagnosis"' in record.decode() or '"requirement":"diagnosis"' in record.decode()
    assert b'"due": "2026-02-27"' in record or b'"due":"2026-02-27"' in record


def test_a_promise_without_a_number_of_days_has_no_day(desk):
    there = allowing(desk, replace(RULE, workdays=None))
    owing = finalise(there, deferring(there)).application
    assert owing.owed[0].due == ""
    row = there.store.deferred_due()[0]
    assert (row.deadline, row.lacking) == ("", 1)
    # What came before acceptance is not owed, whatever was agreed.
    whole = intake.answer(complete(there), "deferred.diagnosis", value=True)
    done = finalise(there, intake.save(there, whole)[0]).application
    assert done.deferred == ()
    with pytest.raises(AppError, match="没有后补的材料"):
        deferral.bring(there, done.id)
    with pytest.raises(StoreError):
        deferral.bring(there, "01JTRY0000000000000000000Z")


def test_what_is_brought_later_goes_out_as_the_next_version_with_the_same_number(there, owing):
    there.clock.moment += dt.timedelta(days=4)
    draft = deferral.bring(there, owing.id)
    assert (draft.state, draft.step, draft.mends.acceptance.number) == (State.DRAFT, "materials", owing.acceptance.number)
    # Nothing of the former version is sealed meanwhile, and nothing is set aside for it.
    assert there.store.unsealed() == []
    there.store.set_aside(owing.id, "没有封好", CLERK)
    with pytest.raises(AppError, match="一样还没放进来"):
        finalise(there, replace(draft, read_back=True))
    pages = originals.take(there, draft, "diagnosis", files_of(PZH, "diagnosis.jpg")[:1]).pages
    brought = originals.attest(originals.place(draft, "diagnosis", pages), "diagnosis", CLERK)
    for finding in check(brought, there.region, there.clock.now().date()):
        brought = brought.with_reason(finding.id, "看过原件") if finding.stops and not finding.retake else brought
    done = finalise(there, intake.save(there, brought)[0])
    assert isinstance(done, Ready)
    stored = there.store.application(owing.id)
    assert stored.revision > owing.revision
    assert (stored.acceptance.number, stored.acceptance.due) == (owing.acceptance.number, owing.acceptance.due)
    assert stored.deferred[0].came_at == "2026-02-10T10:24:00"
    assert there.store.deferred_due() == []
    assert there.store.unsealed() == [(owing.id, stored.revision)]
    assert [one.revision for one in there.store.editions(owing.id)] == [owing.revision]


def test_a_version_nobody_brought_anything_for_is_let_go_and_the_accepted_one_stands(there, owing):
    draft = deferral.bring(there, owing.id)
    intake.discard(there, draft, "人没带来")
    stored = there.store.application(owing.id)
    assert (stored.state, stored.revision, stored.owed) == (State.READY, owing.revision, owing.owed)
    assert there.store.unsealed() == [(owing.id, owing.revision)]
    assert [one.id for one in there.store.deferred_due()] == [owing.id]
