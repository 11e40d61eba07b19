"""kill -9 on the office's side while it fetches, opens, decides and puts answers; a careful reader looks into its cabinet after each life."""

from __future__ import annotations

import json
import time

import pytest
import whole_kit
from answer_kit import introduce, poll
from drill_kit import Warm, dice, figure, many
from office_jobs import decision, side
from sync_kit import accept, folder_place, run
from whole_kit import FixedClock, open_desk

from app.adapters.transfer.folder import FolderPlace
from app.core import answer_json
from app.core.answer import Approved, Refused, Supplement
from app.core.application import State
from app.core.submission import answer, ready
from app.services import office, places

STATES = {Approved: State.APPROVED, Supplement: State.SUPPLEMENT, Refused: State.REFUSED}


class World:
    """A counter that sent what it has, the share between, and the office's folder."""

    def __init__(self, tmp_path, count: int) -> None:
        self.cabinet, self.out, self.settings = tmp_path / "office", tmp_path / "out", folder_place(tmp_path / "share")
        self.out.mkdir()
        self.share = FolderPlace(tmp_path / "share")
        self.desk = open_desk(tmp_path / "counter", clock=FixedClock())
        introduce(self.desk, side(self.cabinet))
        self.wire = places.wire(self.desk)
        places.set_places(self.desk, [self.settings])
        self.ids: list[str] = []
        self.more(count)

    def more(self, count: int) -> None:
        """Accept and send some."""
        self.ids += [accept(self.desk) for _ in range(count)]
        assert len(run(self.desk, now=True).delivered) == count

    def holds(self) -> tuple[int, int]:
        """Whatever stands under its name is whole and said once; return how many arrivals and answers."""
        one = side(self.cabinet)
        arrivals = one.cabinet.arrivals()
        assert len({each.submission.digest for each in arrivals}) == len(arrivals)
        assert sorted(each.order for each in arrivals) == list(range(1, len(arrivals) + 1))
        assert [sentence for each in arrivals for sentence in office.verify(one, each)] == []
        given = one.cabinet.answers(self.wire)
        assert [each.answer.seq for each in given] == list(range(1, len(given) + 1))
        assert len({(each.answer.digest, each.answer.kind) for each in given}) == len(given), "answered twice"
        signs = one.cabinet.card().signs
        for each in given:
            assert one.signatures.verify(each.body, each.signature.encode(), signs, answer_json.NAMESPACE)
            there = self.share.read(answer(self.wire, each.answer.seq))
            assert there in {None, each.sealed}, "other bytes under one number"
        for folder in self.out.iterdir():
            if not folder.name.endswith(".part"):
                record = json.loads((folder / "record.json").read_bytes())
                assert len([path for path in folder.rglob("*") if path.is_file()]) == len(record["files"])
        return len(arrivals), len(given)

    def decided(self) -> None:
        """Each submission arrived once, was signed for once and decided once, and the counter knows."""
        numbers = {each.submission.application: each.submission.sequence for each in side(self.cabinet).cabinet.arrivals()}
        assert sorted(numbers) == sorted(self.ids)
        assert len(self.share.names(ready(self.wire))) == len(self.ids)
        assert self.holds() == (len(self.ids), 2 * len(self.ids))
        read = poll(self.desk, self.settings)
        assert (read.refused, read.waiting, len(read.taken)) == ((), (), len(self.ids))
        for id_ in self.ids:
            assert self.desk.store.application(id_).state is STATES[type(decision(numbers[id_]))]
        assert [path for path in self.cabinet.rglob("*.part") if path.is_dir() and (path / "marker.json").exists()] == []


@pytest.mark.drill
def test_a_killed_office_takes_and_answers_each_submission_once(tmp_path, monkeypatch, record_property):
    whole_kit.quick_slots(monkeypatch)
    rng, begun, killed = dice(17), time.monotonic(), 0
    world = World(tmp_path, many(3, 20))
    try:
        with Warm("office_jobs") as warm:
            for life in range(many(6, 400)):
                killed += warm.short_life(
                    rng, "work", world.cabinet, world.settings.address, world.out, lines=many(8, 60), seconds=0.03
                )
                world.holds()
                if life % 20 == 19:
                    world.more(2)
            warm.begin("work", world.cabinet, world.settings.address, world.out)
            warm.finish()
        world.decided()
    finally:
        world.desk.store.close()
    figure(record_property, submissions=len(world.ids), kills=killed, lost=0, twice=0, seconds=round(time.monotonic() - begun))
    assert killed
