"""What the workbench counts stays true while things move, whichever way they do."""

import pytest
from store_kit import CLERK, COUNTER, DAY, accept, draft, finalised, rendered, ulid

from app.adapters.store.database import transaction
from app.core.errors import StoreError
from app.services.ports import Counts

TODAY = DAY.isoformat()


def anew(store):
    """The counts as a fresh connection would have them."""
    for name in ("queued", "moved", "gone", "begun", "changed", "dropped", "answered", "came", "went"):
        store._db.execute(f"DROP TRIGGER temp.tally_{name}")
    store._db.execute("DROP TABLE temp.tallies")
    return store.counts(TODAY)


def _move_and_stop(store):
    with transaction(store._db):
        store._db.execute("UPDATE outbox SET copied_at = 'x'")
        raise StoreError("断电", "power")


def test_counts_follow_every_step_of_a_case(store):
    store.set_counter(COUNTER)
    assert store.counts(TODAY) == Counts()
    store.save_draft(draft(1), CLERK)
    store.save_draft(draft(2), CLERK)
    store.save_draft(draft(2), CLERK)
    assert store.counts(TODAY) == Counts(drafts=2)
    store.discard_draft(ulid(2), CLERK, "填错了人")
    assert store.counts(TODAY) == Counts(drafts=1)
    store.finalise(accept(draft(1), 1), [rendered("form")], CLERK)
    assert store.counts(TODAY) == Counts(here=1, today=1)
    finalised(store, 3, 2)
    store._db.execute("UPDATE outbox SET copied_at = 'x' WHERE application = ?", (ulid(3),))
    assert store.counts(TODAY) == Counts(here=1, copied=1, today=2)
    store._db.execute("UPDATE outbox SET needs_you = '缺一页' WHERE application = ?", (ulid(1),))
    store._db.execute("UPDATE outbox SET received_at = 'x' WHERE application = ?", (ulid(3),))
    now = store.counts(TODAY)
    assert now == Counts(needs_you=1, today=2)
    assert anew(store) == now


def test_what_did_not_happen_is_not_counted(store):
    finalised(store, 1, 1)
    before = store.counts(TODAY)
    with pytest.raises(StoreError):
        store.finalise(accept(draft(2), 1), [rendered("form")], CLERK)  # that number is taken
    with pytest.raises(StoreError, match="断电"):
        _move_and_stop(store)
    assert store.counts(TODAY) == before == anew(store)
