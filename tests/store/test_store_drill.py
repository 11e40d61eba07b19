from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from store_kit import TickingClock

from app.adapters.store import Vault
from app.adapters.store.database import rows, value
from app.core.application import State

LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
KILLS = 400 if LONG else 6


@dataclass
class Acknowledged:
    """What the worker said was stored, last word first."""

    drafts: dict[str, int] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    finals: dict[str, str] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def hear(self, line: str) -> None:
        what, id_, more = f"{line} ".split(" ", 2)
        more = more.strip()
        self.count += what != "finalising"
        if what == "draft":
            self.drafts[id_] = int(more)
        elif what == "finalising":
            self.begun.add(id_)
        elif what == "final":
            self.finals[id_] = more
        else:
            self.originals[id_] = more

    def held_by(self, store) -> None:
        """Fail unless all of it is there, and no more than one step more."""
        for id_, revision in self.drafts.items():
            stored = store.application(id_)
            assert stored.revision >= revision
            if id_ in self.finals:
                assert (stored.state, stored.acceptance.number) == (State.READY, self.finals[id_])
            else:
                assert stored.state is State.DRAFT or id_ in self.begun
            assert set(store.documents(id_)) == ({"form", "receipt"} if stored.state is State.READY else set())
        for id_, application in self.originals.items():
            stored = store.application(application)
            shown = {page.original for paper in stored.papers for page in paper.pages}
            assert store.capture(id_) is not None or (stored.state is State.READY and id_ not in shown)


@pytest.mark.drill
def test_every_acknowledged_change_outlives_kill_9(data_dir, code, record_property):
    rng, rounds = random.Random(20260305), []
    for kill in range(KILLS):
        said = Acknowledged()
        rounds.append(said)
        for line in killed(["work", data_dir, code, str(1 + kill * 1000)], rng.randrange(40), rng.uniform(0, 0.01)):
            said.hear(line)
        store = Vault(data_dir, TickingClock()).open_with_recovery(code)
        for heard in rounds if kill == KILLS - 1 else (said,):
            heard.held_by(store)
        ready = value(store._db, "SELECT count(*) FROM applications WHERE state = 'ready'")
        assert ready == value(store._db, "SELECT count(*) FROM outbox") == store.next_sequence("2026-03-05") - 1
        assert store.verify_audit() > 0
        if kill % 20 == 0 or kill == KILLS - 1:
            assert value(store._db, "PRAGMA integrity_check") == "ok"
            assert rows(store._db, "PRAGMA cipher_integrity_check") == []
            assert rows(store._db, "PRAGMA foreign_key_check") == []
        store.close()
    acknowledged = sum(heard.count for heard in rounds)
    record_property("kills", KILLS)
    record_property("acknowledged", acknowledged)
    print(f"kills {KILLS}, acknowledged {acknowledged}, lost 0")  # noqa: T201 - the figures of the long run
    assert acknowledged > KILLS


def killed(args: list[object], lines: int, seconds: float) -> list[str]:
    """Run the worker, kill it so long after so many lines, and return the whole lines it had written."""
    here = Path(__file__).parent
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(here.parents[1]), str(here)))}
    command = [sys.executable, here / "drill_worker.py", *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        said = "".join(child.stdout.readline() for _ in range(lines))
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        said += child.stdout.read()
    return said[: said.rfind("\n") + 1].splitlines()
