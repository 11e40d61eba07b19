"""What comes up again by itself: the same person, benefits that end, promises that are due, what was opened last; all out of indexes."""

from dataclasses import replace

import pytest
from store_kit import CLERK, DAY, accept, draft, finalised, rendered, ulid

from app.adapters.store import applications, followups
from app.adapters.store.database import transaction
from app.core.application import State

TODAY = DAY.isoformat()


def approved(store, n, ends="", *, reckoned=False, **person):
    finalised(store, n, n, **person)
    with transaction(store._db):
        applications.move(store._db, ulid(n), State.APPROVED, "2026-03-05T11:00:00")
    if ends:
        store.keep_expiry(ulid(n), ends, reckoned=reckoned)


def ids(entries):
    return [next(n for n in range(20) if ulid(n) == entry.id) for entry in entries]


def test_the_same_person_is_found_in_drafts_queue_and_history_however_the_number_is_typed(store):
    store.save_draft(draft(1, cert="51040219000101029X"), CLERK)
    finalised(store, 2, 1, cert="51040219000101029X")
    store.save_draft(draft(3, cert="51040219000101029X"), CLERK)
    store.discard_draft(ulid(3), CLERK, "填错了")
    store.save_draft(draft(4, cert="510402190001019980"), CLERK)
    assert ids(store.same_person("５１０４０２19000101029x")) == [3, 2, 1]
    assert ids(store.same_person("51040219000101029X", limit=1)) == [3]
    assert store.same_person("") == store.same_person("510402") == []


def test_an_end_is_listed_in_its_window_until_somebody_renews_it(store):
    assert store.unreckoned() == []
    for n, ends in ((1, "2026-03-20"), (2, "2026-02-01"), (3, "2027-01-01")):
        approved(store, n, ends, reckoned=n == 2, cert=f"E1234567{n}")
    approved(store, 4)
    assert store.unreckoned() == [ulid(4)]
    store.keep_expiry(ulid(4), "", reckoned=False)
    assert store.unreckoned() == []
    found = store.renewals("2026-01-01", "2026-05-04")
    assert [(n, entry.expires, entry.reckoned) for n, entry in zip(ids(found), found, strict=True)] == [
        (2, "2026-02-01", True),
        (1, "2026-03-20", False),
    ]
    assert store.counts(TODAY).renewals == 2
    other = draft(5, cert="E12345671", kind="renewal", diseases=())
    store.save_draft(other, CLERK)
    assert ids(store.renewals("2026-01-01", "2026-05-04")) == [2]
    store.discard_draft(other.id, CLERK, "不续了")
    assert ids(store.renewals("2026-01-01", "2026-05-04")) == [2, 1]
    with transaction(store._db):
        applications.forget_expiry(store._db, ulid(1))
    assert store.unreckoned() == [ulid(1)]


def test_the_office_owes_what_was_promised_for_today_or_before(store):
    for n, due in ((1, "2026-03-05"), (2, "2026-03-04"), (3, "2026-03-06"), (4, "")):
        application = accept(draft(n), n)
        store.save_draft(draft(n), CLERK)
        made = replace(application, acceptance=replace(application.acceptance, due=due))
        store.finalise(made, [rendered("form", str(n))], CLERK)
    assert ids(store.overdue(TODAY)) == [2, 1]
    assert store.counts(TODAY).overdue == 2
    with transaction(store._db):
        applications.move(store._db, ulid(2), State.APPROVED, "2026-03-05T11:00:00")
    assert ids(store.overdue(TODAY)) == [1]


def test_what_was_opened_last_comes_first_and_once(store):
    for n in (1, 2, 3):
        store.save_draft(draft(n), CLERK)
    for n in (2, 1, 2):
        store.note(CLERK, "view", ulid(n))
    assert ids(store.opened()) == [2, 1, 3]
    assert ids(store.opened(2)) == [2, 1]


def test_states_that_wait_for_an_answer_are_counted_as_they_move(store):
    finalised(store, 1, 1)
    assert store.counts(TODAY).received == 0
    for state, received, supplement in ((State.SENT, 1, 0), (State.SUPPLEMENT, 0, 1), (State.APPROVED, 0, 0)):
        with transaction(store._db):
            applications.move(store._db, ulid(1), state, "2026-03-05T11:00:00")
        counted = store.counts(TODAY)
        assert (counted.received, counted.supplement) == (received, supplement)


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        (f"SELECT 1 FROM {followups._BY_END} WHERE {followups._ENDING}", {"first": "a", "last": "b"}),
        (f"SELECT 1 FROM {followups._BY_PROMISE} WHERE {followups._OWED}", {"day": "a"}),
        (f"SELECT 1 FROM applications a WHERE {applications._OWING}", {}),
    ],
)
def test_no_list_of_the_workbench_reads_every_application(store, sql, values):
    plan = [row[3] for row in store._db.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
    assert any(step.startswith(("SEARCH a USING", "SCAN a USING")) and "INDEX applications_" in step for step in plan), plan
    assert not any(step in {"SCAN a", "SCAN b", "SCAN mine", "SCAN its"} for step in plan), plan
