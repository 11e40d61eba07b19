from __future__ import annotations

import pytest
from whole_kit import PZH, FixedClock, open_desk, quick_slots


@pytest.fixture
def open_at(tmp_path, monkeypatch):
    """Open a desk of a region on a day, in a store of its own."""
    quick_slots(monkeypatch)
    opened = []

    def make(place=PZH, day="2026-02-06", **parts):
        desk = open_desk(tmp_path / f"data{len(opened)}", place, FixedClock(day), **parts)
        opened.append(desk)
        return desk

    yield make
    for desk in opened:
        desk.store.close()


@pytest.fixture
def desk(open_at):
    return open_at()
