"""The disk full at every write of a case: each call is refused at its first write, at its second, and so on, until it goes through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from disk_kit import fill, full, loosen, small_disk
from drill_hand import NOTE, PAPERS, PATHS, Hand
from drill_kit import LONG, figure
from drill_world import World, reopened
from whole_kit import JQ, PASSPHRASE, answered, open_desk, quick_slots, seen

from app.adapters.store.database import checkpoint
from app.core import disk_space
from app.core.disk_space import MB
from app.core.errors import AppError
from app.services import intake, originals

SIZE = 24 * MB
FINE = 64 * 1024
BLOCK, PAGE = 4096, 16384
EVERY = 1 if LONG else 12
"""One call of so many meets the full disk."""


def levels():
    """Bytes left, from none: block by block at first, then by two pages; in the short run in leaps."""
    yield from range(0, FINE, BLOCK if LONG else FINE)
    yield from range(FINE, SIZE, 2 * PAGE if LONG else 8 * FINE)


class Pressed(Hand):
    """A clerk on a disk that has room for nothing, then for one block, and so on, at each call in turn."""

    def __init__(self, desk, out, small):
        super().__init__(desk, out)
        self.small = small
        self.world = World.of(desk.store, desk.data_dir)
        self.calls = self.refused = 0
        self.said = set()

    def do(self, steps, call, found=lambda _: {}):
        self.calls += 1
        for leave in levels() if self.calls % EVERY == 0 else (SIZE,):
            checkpoint(self.desk.store._db)
            if leave < SIZE:
                fill(self.small, leave)
            try:
                result = call()
            except AppError as problem:
                loosen(self.small)
                self.refused += 1
                self.said.add(problem.sentence)
                self.world.pending = list(steps)
                self.world.holds(self.desk.store, self.desk.data_dir, deep=self.refused % 20 == 0)
                # What an earlier attempt brought about is not done again: a hand-over is noted once.
                steps = [step for step in steps if step == NOTE or "p:*" in step or not self._there(step)]
                continue
            loosen(self.small)
            self.world.will(*steps)
            self.world.did(found(result))
            self.world.holds(self.desk.store, self.desk.data_dir)
            return result
        raise AssertionError(f"refused with all the room there is: {sorted(self.said)}")

    def _there(self, step):
        return all(key in self.world.held and one in ("*", self.world.held[key]) for key, one in step.items() if key != "+")


@pytest.fixture
def small(tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    monkeypatch.setattr(disk_space, "LIMIT", 0)  # originals go on to the very last byte, to meet it
    with small_disk(tmp_path / "small", SIZE) as folder:
        (folder / "out").mkdir()
        yield folder


@full
@pytest.mark.drill
def test_whichever_write_of_a_case_meets_the_full_disk_nothing_is_lost_or_half_done(small, record_property):
    desk = open_desk(small / "data", JQ)
    clerk = Pressed(desk, small / "out", small)
    whole = answered(desk)
    application = replace(intake.start(desk), id=whole.id)
    for path in PATHS:
        application = clerk.save(replace(application, **{path: getattr(whole, path)}))
    for requirement, names in PAPERS.items():
        for name in names:
            application = clerk.take(application, requirement, name)
    application = clerk.take(application, "records", "lab.jpg")
    application = clerk.save(originals.remove(application, "records", 0))
    application = clerk.give(clerk.reopen(application.id))
    application = clerk.finalise(clerk.save(seen(desk, application)))
    clerk.print(application.id)
    clerk.export(application.id)
    clerk.discard(clerk.typed())
    assert clerk.refused > 3
    # Every sentence says the fact and the way out.
    assert all("放不下" in one or "放不进" in one or "满了" in one or "写不进去" in one for one in clerk.said), clerk.said
    desk.store.close()
    again = reopened(desk.data_dir)
    clerk.world.holds(again, desk.data_dir)
    again.close()
    figure(
        record_property,
        job="full disk",
        calls=clerk.calls,
        refused=clerk.refused,
        acknowledged=clerk.world.acknowledged,
        lost=0,
    )


@full
@pytest.mark.drill
def test_opened_on_a_full_disk_it_opens_or_says_so_and_nothing_is_lost(small, record_property):
    desk = open_desk(small / "data", JQ)
    clerk = Pressed(desk, small / "out", small)
    clerk.typed()
    world, said, opened = clerk.world, set(), 0
    store = desk.store
    for leave in range(0, 4 * FINE, BLOCK if LONG else FINE):
        fill(small, leave)
        store.close()
        try:
            store = desk.vault.open(desk.clerk, PASSPHRASE)
        except AppError as problem:
            said.add(problem.sentence)
            loosen(small)
            store = reopened(desk.data_dir)
        else:
            opened += 1
            loosen(small)
        world.holds(store, desk.data_dir)
    store.close()
    figure(record_property, job="opening on a full disk", opened=opened, refused=len(said), lost=0)
    assert all("满了" in one for one in said), said
