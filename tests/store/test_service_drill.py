"""kill -9 while a clerk takes a case through the services, and while the counter looks after its own.

Nothing acknowledged is lost, nothing is there by half, and the next opening goes on.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from copy import deepcopy
from pathlib import Path

import pytest
from copy_kit import flip
from drill_kit import Warm, dice, figure, many
from drill_world import PASSPHRASES, World, fresh_store, observed, reopened, sound
from whole_kit import CLERK, FixedClock

from app.adapters.store import Vault
from app.adapters.store.keys import read_key_file
from app.adapters.store.restore import find_copy, restore
from app.core.errors import CopyError, StoreError

PER_STORE = 10
SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    return fresh_store(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def warm():
    with Warm("drill_jobs") as program:
        yield program


class Rounds:
    """Lives in a store, a new store after every ten of them: reading all of it after each is what takes the time."""

    def __init__(self, fresh: Path, place: Path) -> None:
        self._fresh, self._place = fresh, place
        self.data = self.out = self.disk = place
        self.acknowledged = self.cut_off = 0
        self.world: World | None = None

    def begin(self, kill: int) -> None:
        if kill % PER_STORE:
            return
        self.end()
        self.data, self.out, self.disk = (self._place / f"{name}{kill}" for name in ("data", "out", "disk"))
        shutil.copytree(self._fresh, self.data)
        self.out.mkdir()
        self.disk.mkdir()
        store = reopened(self.data)
        self.world = World.of(store, self.data)
        store.close()

    def end(self) -> None:
        if self.world is not None:
            self.acknowledged += self.world.acknowledged
            self.cut_off += self.world.cut_off
            for folder in (self.data, self.out, self.disk):
                shutil.rmtree(folder)
            self.world = None

    def hear(self, said: list[list]) -> None:
        for line in said:
            if line[0] in {"will", "did"}:
                self.world.hear(line)

    def hold(self) -> None:
        store = reopened(self.data)
        self.world.holds(store, self.data)
        store.close()


@pytest.mark.drill
def test_every_acknowledged_change_of_a_case_outlives_kill_9(fresh, warm, tmp_path, record_property):
    rng, kills = dice(20260206), many(5, 1000)
    rounds = Rounds(fresh, tmp_path)
    for kill in range(kills):
        rounds.begin(kill)
        warm.begin("case", rounds.data, rounds.out)
        warm.wait(rng.randrange(1, 110))
        with pytest.raises(StoreError, match="已经开着一个窗口程序"):
            Vault(rounds.data, FixedClock()).open(CLERK, PASSPHRASES[0])
        time.sleep(rng.uniform(0, 0.1) * rng.random())  # into the longer calls too
        rounds.hear(warm.kill())
        rounds.hold()
        whole_outside(rounds.out, rounds.world)
    rounds.end()
    figure(record_property, job="case", kills=kills, acknowledged=rounds.acknowledged, cut_off=rounds.cut_off, lost=0)
    assert rounds.acknowledged > kills


def whole_outside(out, world):
    """What lies outside is whole under its name: exported folders, documents saved as PDF, the audit as a file."""
    exported = {path.name for path in out.iterdir() if path.is_dir() and path.suffix != ".part"}
    copied = {key[2:] for key, one in world.held.items() if key.startswith("o:") and one == "copied"}
    numbers = {key[2:]: one[4] for key, one in world.held.items() if key.startswith("a:") and one[4]}
    assert {numbers[id_] for id_ in copied} <= exported <= set(numbers.values())
    for name in exported:
        lines = [line.split("  ", 1) for line in (out / name / "manifest-sha256.txt").read_text("ascii").splitlines()]
        assert lines
        assert all(hashlib.sha256((out / name / path).read_bytes()).hexdigest() == digest for digest, path in lines)
    for path in out.glob("*.pdf"):
        assert b"%%EOF" in path.read_bytes()[-32:], path.name
    for path in out.glob("audit-0*.jsonl"):
        assert path.read_bytes().endswith(b"}\n"), path.name


@pytest.mark.drill
@pytest.mark.parametrize("job", ["rekey", "room", "purge"])
def test_killed_while_at_it_all_is_there_and_the_next_goes_on(job, fresh, warm, tmp_path, record_property):
    rng, kills = dice(len(job)), many(3, 300)
    rounds = Rounds(fresh, tmp_path)
    lines = {"rekey": 12, "room": 30, "purge": 50}[job]
    for kill in range(kills):
        rounds.begin(kill)
        said = warm.life(rng, job, rounds.data, rounds.out, lines=lines, seconds=0.06)
        rounds.hear(said)
        if job == "rekey":
            codes = [line[1] for line in said if line[0] == "code"]
            begun_since = [line[0] for line in said][-1:] != ["code"]
            if codes and not begun_since:
                read_key_file((rounds.data / "store.keys.json").read_bytes()).unlock_recovery(codes[-1])
        rounds.hold()
        assert not list(rounds.data.glob("*.next*"))
    rounds.end()
    figure(record_property, job=job, kills=kills, acknowledged=rounds.acknowledged, cut_off=rounds.cut_off, lost=0)


@pytest.mark.drill
def test_killed_while_copying_the_copy_is_what_it_was_after_some_finished_run(fresh, warm, tmp_path, record_property):
    rng, kills, runs = dice(62), many(3, 300), 0
    rounds, kept = Rounds(fresh, tmp_path), []
    for kill in range(kills):
        rounds.begin(kill)
        if kill % PER_STORE == 0:
            kept = []  # what the copy may hold: what it held before this life, and after each run that may have been finished
        whole = bool(kept)
        for line in warm.life(rng, "copy", rounds.data, rounds.out, rounds.disk, lines=140, seconds=0.06):
            if line[0] in {"will", "did"}:
                rounds.world.hear(line)
            elif line[0] == "copying":
                kept = [*kept, (rounds.world.audit, deepcopy(rounds.world.held))]
            elif line[0] == "copied":
                kept, runs, whole = kept[-1:], runs + 1, True
        rounds.hold()
        back = tmp_path / f"back{kill}"
        try:
            restore(find_copy(rounds.disk), back, lambda slots: slots.unlock_clerk(CLERK, PASSPHRASES[0]))
        except CopyError:
            assert not whole  # killed each time before the first copy was
            kept = []
            continue
        store = reopened(back)
        held = (sound(store), observed(store, back))
        assert held in kept
        kept = [held]
        store.close()
        shutil.rmtree(back)
    rounds.end()
    figure(record_property, job="copy", kills=kills, acknowledged=rounds.acknowledged, runs=runs, lost=0)


@pytest.mark.drill
def test_killed_while_mending_nothing_that_was_in_the_copy_is_lost(fresh, warm, tmp_path, record_property):
    rng, kills, flips = dice(65), many(3, 300), 0
    rounds = Rounds(fresh, tmp_path)
    for kill in range(kills):
        rounds.begin(kill)
        said = warm.life(rng, "mend", rounds.data, rounds.out, rounds.disk, lines=30, seconds=0.25)
        rounds.hear(said)
        flips += sum(line[0] == "flipped" for line in said)
        try:
            store = reopened(rounds.data)
        except StoreError:  # killed after the schema was hit and before that was taken back
            flip(rounds.data / "store.db", *next(line[1:] for line in reversed(said) if line[0] == "flipping"))
            store = reopened(rounds.data)
        found = store.mend()
        assert not [one for one in found.affected if one.lost]
        assert found.other_lost == 0
        rounds.world.pending.append({"+": 1})
        rounds.world.holds(store, rounds.data)
        store.close()
        assert not list(rounds.data.glob("*.mend*"))
    rounds.end()
    figure(record_property, job="mend", kills=kills, flips=flips, acknowledged=rounds.acknowledged, lost=0)


@pytest.mark.drill
def test_killed_while_restoring_there_is_the_whole_store_or_none(fresh, warm, tmp_path, record_property):
    rng, kills, wholes = dice(63), many(2, 200), 0
    rounds = Rounds(fresh, tmp_path)
    rounds.begin(0)
    warm.begin("copy", rounds.data, rounds.out, rounds.disk)
    kept = None
    while kept is None:
        warm.wait(1)
        line = warm._said[-1]
        if line[0] in {"will", "did"}:
            rounds.world.hear(line)
        kept = rounds.world.audit, rounds.world.held
        if line[0] != "copied":
            kept = None
    warm.kill()
    for kill in range(kills):
        target = tmp_path / f"target{kill}"
        target.mkdir()
        warm.life(rng, "restoring", target, rounds.disk, lines=4, seconds=0.06)
        for folder in target.iterdir():
            if not Vault(folder, FixedClock()).exists():
                restore(find_copy(rounds.disk), folder, lambda slots: slots.unlock_clerk(CLERK, PASSPHRASES[0]))
            store = reopened(folder)
            assert (sound(store), observed(store, folder)) == kept
            store.close()
            wholes += 1
        shutil.rmtree(target)
    figure(record_property, job="restore", kills=kills, folders=wholes, lost=0)


@pytest.mark.drill
@pytest.mark.parametrize("schema", sorted(SCHEMAS.iterdir())[:: many(4, 1)], ids=lambda folder: f"schema-{folder.name}")
def test_killed_while_upgrading_the_next_opening_finishes(schema, warm, tmp_path, record_property):
    rng, kills, stores = dice(64), many(2, 200), 0
    code = (schema / "recovery-code.txt").read_text("ascii")
    for kill in range(kills):
        target = tmp_path / f"target{kill}"
        target.mkdir()
        warm.life(rng, "upgrading", target, schema, lines=4, seconds=0.03)
        for folder in target.iterdir():
            if not (folder / "recovery-code.txt").exists() or not (folder / "store.keys.json").exists():
                continue  # killed while the drill itself laid it there
            if (folder / "store.db").stat().st_size < (schema / "store.db").stat().st_size:
                continue
            store = Vault(folder, FixedClock("2026-03-06")).open_with_recovery(code)
            assert (len(store.search("沈桂兰")), len(store.search("周敏"))) == (1, 1)
            assert sound(store) > 0
            assert store.save_draft(store.application(store.search("周敏")[0].id), CLERK).revision > 1
            store.close()
            stores += 1
        shutil.rmtree(target)
    figure(record_property, job=f"upgrade from {schema.name}", kills=kills, stores=stores, lost=0)
