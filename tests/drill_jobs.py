"""The lives that are led in drills. Each goes on until it is killed.

Loaded by :class:`drill_kit.Warm`; each job runs in a fork of the warm program.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import office_kit
from copy_kit import PAGE, copy_once, flip, pages_of
from drill_hand import DAY, NOTE, Hand, WalkingClock
from drill_kit import say
from drill_world import PASSPHRASES, STEP, reopened, standing
from whole_kit import BALLAST, CLERK, JQ, QUICK, ClockUptime, FixedClock, open_desk, seen

from app.adapters.disk import StoreDisk
from app.adapters.store import Vault, keys
from app.adapters.store.restore import find_copy, restore
from app.core.errors import AppError, StoreError
from app.services import answers, clerks, clock_guard, disk, originals, retention, second_copy

if TYPE_CHECKING:
    from app.services.ports import Desk


class Keeper(Hand):
    """A clerk who looks after the counter."""

    def room(self) -> None:
        """Take pages off a draft, and later make room."""
        application = self.typed()
        for name in ("id-front.jpg", "lab.jpg"):
            application = self.take(application, "records", name)
        loose = [page.original for page in application.paper("records").pages]
        for _ in range(2):
            application = self.save(originals.remove(application, "records", 0))
        self.clock.moment += dt.timedelta(minutes=11)
        # What earlier lives left half done may be loose too.
        shown = "SELECT o.id FROM originals o JOIN applications a ON a.id = o.application WHERE a.state = 'draft' AND instr(a.record, o.id) = 0"
        loose = [one for (one,) in self.desk.store._db.execute(shown).fetchall()]
        self.do([*({f"p:{one}": None, "+": 1} for one in loose), NOTE], lambda: disk.make_room(self.desk))

    def rekey(self) -> None:
        self.typed()
        code = self.do([NOTE], lambda: clerks.rekey(self.desk, self.word))
        say("code", code)

    def copy(self, folder: Path) -> None:
        """Bring the second copy up to date, as the window does it on its two lanes."""
        store, at = self.desk.store, self.clock.now().isoformat(timespec="seconds")

        def call() -> None:
            second_copy.written(self.desk, str(folder), copy_once(store, folder, at))

        say("copying")
        self.do([], call)
        say("copied")

    def purge(self) -> None:
        """Accept and deliver an application, have the office's answer, and clear its originals when their days are over."""
        desk, at = self.desk, self.clock.now().isoformat(timespec="seconds")
        application = self.save(seen(desk, self.filled("id-front.jpg", "lab.jpg")))
        application = self.finalise(application)
        self.export(application.id)
        store = desk.store
        office_kit.put(
            self.out,
            office_kit.answer(
                desk,
                self.out,
                application,
                store._db.execute("SELECT coalesce(max(seq), 0) + 1 FROM answers").fetchone()[0],
                at=at,
            ),
        )
        stored = store.application(application.id)
        sent = standing(stored, state="sent", number=stored.acceptance.number)
        self.do(
            [{f"o:{application.id}": "received", f"a:{application.id}": sent, "+": 1}],
            lambda: answers.read_answers(desk, self.out),
        )
        self.clock.moment += dt.timedelta(days=2)
        # What an earlier life had begun goes too.
        going = "SELECT o.application, p.id FROM outbox o JOIN originals p ON p.application = o.application WHERE o.received_at <> ''"
        ripe = store._db.execute(going).fetchall()
        fresh = {id_ for id_, _ in ripe if store.purged(id_) is None}
        begun: list[STEP] = [{f"g:{id_}": True, "+": 1} for id_ in sorted(fresh)]
        self.do([*begun, *({f"p:{page}": None} for _, page in ripe)], lambda: retention.purge(desk))


def hand(data_dir: str, out: str) -> Keeper:
    """A desk over a store that is there, opened like the window opens it; the clock goes on where it was."""
    folder = Path(data_dir)
    store = reopened(folder)
    saw = store.setting(clock_guard.SEEN)
    start = dt.datetime.fromisoformat(json.loads(saw)[0]) if saw else dt.datetime.fromisoformat(f"{DAY}T08:30:00")
    clock = WalkingClock()
    clock.moment = start + dt.timedelta(minutes=1)
    made = Keeper(_parts(folder, clock, store), Path(out))
    made._known = next(at for at, word in enumerate(PASSPHRASES) if _opens(made.desk, word))
    store._clock = clock
    say("open")
    return made


def _opens(desk: Desk, word: str) -> bool:
    try:
        keys.read_key_file((desk.data_dir / "store.keys.json").read_bytes()).unlock_clerk(CLERK, word)
    except AppError:
        return False
    return True


_template: list[Desk] = []


def _parts(folder: Path, clock: WalkingClock, store: Any) -> Desk:
    return replace(
        _template[0],
        store=store,
        vault=Vault(folder, clock),
        clock=clock,
        uptime=ClockUptime(clock),
        data_dir=folder,
        disk=StoreDisk(folder, BALLAST),
        counter=store.counter(),
    )


def warm() -> None:
    """Load and draw everything once, so that a life costs what its work costs."""
    keys._ARGON2 = QUICK
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(Path(folder) / "data", JQ, WalkingClock(DAY, "08:00:00"))
        _template.append(desk)
        quiet = type("Quiet", (Keeper,), {"do": lambda _self, _steps, call, found=None: call()})(desk, Path(folder) / "out")
        quiet.out.mkdir()
        quiet.case()
        quiet.house()
        desk.store.close()


def case(data_dir: str, out: str) -> None:
    clerk = hand(data_dir, out)
    while True:
        clerk.case()
        clerk.house()


def room(data_dir: str, out: str) -> None:
    clerk = hand(data_dir, out)
    while True:
        clerk.room()


def purge(data_dir: str, out: str) -> None:
    clerk = hand(data_dir, out)
    clerk.desk = office_kit.keeping(clerk.desk, 1)
    if not clerk.desk.store.setting(answers.KEY):
        line = office_kit.line()
        clerk.do([{f"s:{answers.KEY}": line.strip(), "+": 1}, NOTE], lambda: answers.set_key(clerk.desk, line))
    while True:
        clerk.purge()


def rekey(data_dir: str, out: str) -> None:
    clerk = hand(data_dir, out)
    while True:
        clerk.rekey()


def copy(data_dir: str, out: str, folder: str) -> None:
    clerk = hand(data_dir, out)
    while True:
        clerk.case()
        clerk.copy(Path(folder))
        clerk.typed()
        clerk.copy(Path(folder))


def mend(data_dir: str, out: str, folder: str) -> None:
    """Damage a page that is not the schema's, and mend."""
    while True:
        clerk = hand(data_dir, out)
        clerk.take(clerk.typed(), "records", "lab.jpg")
        clerk.copy(Path(folder))
        store = clerk.desk.store
        pages = pages_of(store)
        store.close()
        while True:
            page, at = random.randint(2, pages), random.randrange(PAGE)
            say("flipping", page, at)
            flip(Path(data_dir) / "store.db", page, at)
            try:
                clerk = hand(data_dir, out)
            except StoreError:  # the schema itself: that needs a restore of the whole
                flip(Path(data_dir) / "store.db", page, at)
            else:
                break
        say("flipped")
        clerk.do([NOTE], clerk.desk.store.mend)
        say("mended")
        clerk.desk.store.close()


def restoring(target: str, copy_of: str) -> None:
    for n in range(100_000):
        say("begun", n)
        restore(find_copy(Path(copy_of)), Path(target) / str(n), lambda slots: slots.unlock_clerk(CLERK, PASSPHRASES[0]))
        say("restored", n)


def upgrading(target: str, source: str) -> None:
    code = (Path(source) / "recovery-code.txt").read_text("ascii")
    for n in range(100_000):
        shutil.copytree(source, Path(target) / str(n))
        say("begun", n)
        Vault(Path(target) / str(n), FixedClock("2026-03-06")).open_with_recovery(code).close()
        say("upgraded", n)
