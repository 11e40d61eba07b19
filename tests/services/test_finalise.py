from dataclasses import replace

import pytest
from whole_kit import CLERK, JQ, PZH, SNJ, FixedClock, answered, complete, files_of

from app.core.application import State
from app.core.errors import AppError, StoreError
from app.core.numbering import parse_number
from app.services import intake, originals
from app.services.finalise import Missing, Ready, finalise, preview, promised
from app.services.ports import Queue

DAY = "2026-02-06"


def stored(desk, **changes):
    application, _ = intake.save(desk, complete(desk, **changes))
    return application


def standing(desk, application):
    """All of the store that an acceptance would change."""
    today = desk.clock.now().date().isoformat()
    return (
        desk.store.application(application.id),
        desk.store.documents(application.id),
        desk.store.entries(),
        desk.store.next_sequence(today),
        len(desk.store.audit()),
    )


def test_what_is_missing_is_named_in_order_and_changes_nothing(desk):
    application, _ = intake.save(desk, answered(desk, applicant__phone="1380000"))
    before = standing(desk, application)
    result = finalise(desk, application)
    assert isinstance(result, Missing)
    assert result.findings[0].field == "applicant.phone"
    steps = [finding.step for finding in result.findings]
    assert steps == sorted(steps, key=["identity", "insurance", "disease", "materials"].index)
    assert all(finding.stops for finding in result.findings)
    assert standing(desk, application) == before


def test_a_doubt_without_a_reason_stops_and_with_one_goes_on(desk):
    application = stored(desk)
    doubted = replace(application, reasons=())
    result = finalise(desk, doubted)
    assert isinstance(result, Missing)
    assert [finding.id for finding in result.findings] == ["applicant.birth.old"]
    assert isinstance(finalise(desk, application), Ready)


@pytest.mark.parametrize("place", [JQ, PZH, SNJ])
def test_accepted_it_has_a_number_three_papers_and_a_place_in_the_queue(open_at, place):
    desk = open_at(place)
    application = stored(desk)
    result = finalise(desk, application)
    assert isinstance(result, Ready)
    acceptance = result.application.acceptance
    number = parse_number(acceptance.number)
    assert (number.prefix, number.counter, number.day, number.sequence) == (
        desk.region.number_prefix,
        "03",
        desk.clock.now().date(),
        1,
    )
    assert (acceptance.clerk, acceptance.counter_code, acceptance.counter_name) == (CLERK, "03", "3 号窗口")
    assert acceptance.accepted_at == f"{DAY}T10:24:00"
    kept = desk.store.application(application.id)
    assert kept.state is State.READY
    assert kept.acceptance == acceptance
    assert replace(kept, state=State.DRAFT, acceptance=None, revision=0) == replace(application.without_wholes(), revision=0)
    papers = desk.store.documents(application.id)
    assert set(papers) == {"form", "receipt", "receipt-large", "materials"}
    assert {kind: paper.pdf for kind, paper in papers.items()} == {one.kind: one.pdf for one in result.documents}
    assert [(entry.id, entry.queue) for entry in desk.store.entries(queue=Queue.HERE)] == [(application.id, Queue.HERE)]


@pytest.mark.parametrize(
    ("place", "day", "due", "provisional"),
    [
        (JQ, "2026-02-06", "2026-03-12", False),
        (JQ, "2026-09-18", "2026-10-22", False),
        (JQ, "2026-12-03", "2026-12-31", False),
        (JQ, "2026-12-04", "2027-01-04", True),
        (PZH, "2026-02-06", "2026-03-05", False),
        (PZH, "2026-04-20", "2026-05-13", False),
        (PZH, "2026-12-03", "2026-12-24", False),
        (SNJ, "2026-02-06", "", False),
    ],
)
def test_the_promised_day_follows_the_regions_limit(open_at, place, day, due, provisional):
    desk = open_at(place, day)
    result = finalise(desk, stored(desk))
    acceptance = result.application.acceptance
    promise = promised(desk, desk.region, desk.clock.now().date())
    assert (acceptance.due, acceptance.due_provisional) == (due, provisional)
    assert (promise is None) is (due == "")
    entry = desk.store.entries()[0]
    assert (entry.due, entry.due_provisional) == (due, provisional)


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        ("applicant__address", "样本路很长的一个地址" * 40, "住址"),
        ("care__hospital", "样本\U000f0000医院", "医疗机构"),
    ],
)
def test_what_cannot_be_printed_whole_is_refused_in_a_sentence_and_changes_nothing(open_at, path, value, names):
    desk = open_at(PZH)
    application = stored(desk, **{path: value})
    before = standing(desk, application)
    with pytest.raises(AppError) as caught:
        finalise(desk, application)
    assert names in caught.value.sentence
    assert caught.value.sentence.endswith("。还没有受理，已填的都在")
    assert "。。" not in caught.value.sentence
    assert standing(desk, application) == before


def test_numbers_follow_each_other_and_never_repeat(desk):
    numbers = [finalise(desk, stored(desk)).application.acceptance.number for _ in range(4)]
    assert [parse_number(number).sequence for number in numbers] == [1, 2, 3, 4]


def test_each_day_begins_at_one(tmp_path, open_at):
    desk = open_at()
    finalise(desk, stored(desk))
    tomorrow = replace(desk, clock=FixedClock("2026-02-09"))
    assert parse_number(finalise(tomorrow, stored(tomorrow)).application.acceptance.number).sequence == 1


def test_an_attempt_that_failed_uses_no_number(desk):
    finalise(desk, replace(stored(desk), reasons=()))
    with pytest.raises(AppError):
        finalise(desk, stored(desk, applicant__address="样本路" * 200))
    assert parse_number(finalise(desk, stored(desk)).application.acceptance.number).sequence == 1


def test_the_same_application_never_gets_two_numbers(desk):
    application = stored(desk)
    first = finalise(desk, application)
    after = standing(desk, application)
    with pytest.raises(StoreError) as caught:
        finalise(desk, application)
    assert caught.value.sentence == "这件已经受理过，没有再受理一次"
    assert standing(desk, application) == after
    assert desk.store.application(application.id).acceptance == first.application.acceptance


def test_nothing_typed_can_follow_acceptance(desk):
    application = stored(desk)
    finalise(desk, application)
    with pytest.raises(StoreError):
        intake.save(desk, intake.answer(application, "summary", "改一改"))


def test_pages_nobody_uses_go_with_acceptance_and_the_used_ones_stay(desk):
    application = stored(desk)
    taken = originals.take(desk, application, "identity", files_of(PZH, "id-front.jpg", "id-back.jpg", "photo.jpg"))
    application = originals.place(application, "identity", taken.pages)
    application, _ = intake.save(desk, originals.remove(application, "identity", 2))
    finalise(desk, application)
    assert [desk.store.capture(page.original) is None for page in taken.pages] == [False, False, True]


def test_a_page_that_is_not_stored_stops_acceptance(desk):
    application, _ = intake.save(
        desk, originals.place(complete(desk), "identity", (originals.Page("01GONE"), originals.Page("01GONE2")))
    )
    before = standing(desk, application)
    with pytest.raises(StoreError) as caught:
        finalise(desk, application)
    assert "原件没有存下" in caught.value.sentence
    assert standing(desk, application) == before


def test_a_store_that_fails_at_the_last_step_leaves_a_draft(desk, monkeypatch):
    from app.adapters.store import outbox

    application = stored(desk)
    before = standing(desk, application)

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outbox, "enqueue", full)
    with pytest.raises((AppError, OSError)):
        finalise(desk, application)
    monkeypatch.undo()
    assert standing(desk, application) == before
    assert isinstance(finalise(desk, application), Ready)


def test_the_preview_is_the_form_without_a_number(desk):
    application = stored(desk)
    form = preview(desk, application)
    assert (form.kind, form.problems) == ("form", ())
    assert preview(desk, application).pdf == form.pdf
    assert finalise(desk, application).documents[0].pdf != form.pdf
