"""Answers come in any order, twice, and changed: the numbers decide, and a kill between two of them loses none."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from office_kit import accept
from whole_kit import CLERK, PASSPHRASE, FixedClock, open_desk, quick_slots

from app.adapters.store import Vault
from app.core.answer import Accepted, Answer, Approved, Fault, Receipt, Refused, Supplement
from app.core.answer_json import written
from app.core.answer_states import state_of
from app.core.application import State
from app.core.received import Received
from app.services.ports import Answered, Letter, Queue

MOST = 8
DIGEST = "ab" * 32
CONTENTS = (
    Receipt(),
    Accepted("YL26-1"),
    Supplement((Fault("印章不清", requirement="diagnosis"),)),
    Approved("2026-02-06"),
    Refused("没有达到标准"),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A store with two applications that were handed over."""
    folder = tmp_path_factory.mktemp("template") / "data"
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        desk = open_desk(folder)
        accepted = [accept(desk, pages=1) for _ in range(2)]
        revisions = {}
        for one in accepted:
            revisions[one.id] = desk.store.application(one.id).revision
            desk.store.note_sent(one.id, DIGEST, CLERK)
            desk.store.mark_copied([one.id], "U盘", CLERK)
        desk.store.close()
    return folder, revisions


def letter(revisions, seq: int, content, who: int = 0, **changes) -> Letter:
    id_ = sorted(revisions)[who]
    answer = Answer("PZH03", seq, id_, revisions[id_], DIGEST, f"2026-02-0{seq % 9 + 1}T09:00:00", "何清", content)
    answer = replace(answer, **changes)
    return Letter(answer, written(answer), b"signature")


class Answering(RuleBasedStateMachine):
    """Beside the store runs a model of it: the set of letters that were read, and no order."""

    template: tuple
    folder = None

    @initialize(seed=st.lists(st.tuples(st.sampled_from(CONTENTS), st.integers(0, 1)), min_size=MOST, max_size=MOST))
    def begin(self, seed):
        source, self.revisions = self.template
        self.place = self.root / str(next(self.count))
        shutil.copytree(source, self.place)
        self.store = None
        self.open()
        self.letters = {at: letter(self.revisions, at, content, who) for at, (content, who) in enumerate(seed, start=1)}
        self.read: set[int] = set()

    def open(self):
        if self.store:
            self.store.close()
        self.store = Vault(self.place, FixedClock()).open(CLERK, PASSPHRASE)

    def apply(self):
        while self.store.apply_answer(CLERK):
            pass

    @rule(seq=st.integers(1, MOST))
    def comes(self, seq):
        came = self.store.keep_answer(self.letters[seq], CLERK)
        assert came is (Answered.KNOWN if seq in self.read else Answered.KEPT)
        self.read.add(seq)
        self.apply()

    @rule(seq=st.integers(1, MOST), content=st.sampled_from(CONTENTS))
    def comes_changed(self, seq, content):
        if seq not in self.read or content == self.letters[seq].answer.content:
            return
        changed = letter(self.revisions, seq, content)
        if changed.body != self.letters[seq].body:
            assert self.store.keep_answer(changed, CLERK) is Answered.OTHER

    @rule(seq=st.integers(1, MOST))
    def comes_and_the_power_goes(self, seq):
        self.store.keep_answer(self.letters[seq], CLERK)
        self.read.add(seq)
        self.open()
        self.apply()

    @invariant()
    def stands_as_the_numbers_say(self):
        through = next(at for at in range(1, MOST + 2) if at not in self.read) - 1
        assert self.store.answer_number() == through + 1
        assert self.store.waiting_answers() == sorted(seq for seq in self.read if seq > through)
        for id_, revision in self.revisions.items():
            told = [one.answer for seq, one in self.letters.items() if seq <= through and one.answer.application == id_]
            assert sorted(self.store.answers(id_), key=lambda one: one.seq) == told
            assert self.store.application(id_).state is state_of(told, revision, State.READY)
            queue = next(entry.queue for entry in self.store.entries() if entry.id == id_)
            assert (queue is Queue.RECEIVED) is any(one.kind == "received" for one in told)

    def teardown(self):
        if getattr(self, "store", None):
            assert self.store.verify_audit() > 0
            self.store.close()
            shutil.rmtree(self.place)


def test_any_order_any_replay_and_any_kill_ends_where_the_numbers_say(template, tmp_path):
    made = type("Machine", (Answering,), {"template": template, "root": tmp_path, "count": count()})
    run_state_machine_as_test(made, settings=settings(max_examples=25, stateful_step_count=14, deadline=None))


@pytest.fixture
def store(template, tmp_path):
    shutil.copytree(template[0], tmp_path / "data")
    made = Vault(tmp_path / "data", FixedClock()).open(CLERK, PASSPHRASE)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("wrong", "came"),
    [
        ({"application": "01JD2ZK7M8N9P0QRSTVWXYZABC"}, Answered.FOREIGN),
        ({"digest": "cd" * 32}, Answered.DIFFERS),
        ({"revision": 99}, Answered.DIFFERS),
    ],
)
def test_an_answer_to_what_was_never_handed_over_is_refused_and_holds_up_nobody(template, store, wrong, came):
    revisions = template[1]
    assert store.keep_answer(letter(revisions, 1, Approved(), **wrong), CLERK) is Answered.KEPT
    assert store.keep_answer(letter(revisions, 2, Refused("没达到")), CLERK) is Answered.KEPT
    assert store.apply_answer(CLERK)[1] is came
    assert store.apply_answer(CLERK)[1] is Answered.TAKEN
    assert store.apply_answer(CLERK) is None
    assert store.application(min(revisions)).state is State.REFUSED
    assert sum(entry.act == "answer_refused" for entry in store.audit()) == 1


def test_receipts_of_the_plain_export_count_among_the_numbers(template, store):
    revisions = template[1]
    id_ = min(revisions)
    plain = Received(id_, revisions[id_], DIGEST, "2026-02-06T09:00:00", 1, "医保中心")
    assert store.keep_answer(letter(revisions, 2, Approved("2026-02-06")), CLERK) is Answered.KEPT
    assert store.apply_answer(CLERK) is None
    assert store.take_answer(plain, CLERK) is Answered.TAKEN
    assert store.application(id_).state is State.SENT
    assert store.apply_answer(CLERK)[1] is Answered.TAKEN
    assert store.application(id_).state is State.APPROVED
    assert store.answer_number() == 3
    assert store.keep_answer(letter(revisions, 1, Refused("没达到")), CLERK) is Answered.OTHER
    assert store.take_answer(replace(plain, seq=2), CLERK) is Answered.OTHER
    assert [one.kind for one in store.answers(id_)] == ["received", "approved"]
