"""Works on a store as fast as it can and says each thing that is stored, until it is killed. Run by the drills as a program."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

from store_kit import CLERK, TickingClock, accept, draft, page, rendered, with_page

from app.adapters.export import export_applications
from app.adapters.imaging import PageMaker
from app.adapters.store import SqlStore, Vault


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - what the drill listens to


def work(store: SqlStore, start: int) -> None:
    rng = random.Random(start)
    for n in range(start, start + 100_000):
        application = draft(n)
        for _ in range(rng.randint(1, 4)):
            application = replace(application, summary=f"{application.summary}{rng.random()}")
            say("draft", application.id, store.save_draft(application, CLERK).revision)
            for at in range(rng.randint(0, 2)):
                original = store.add_capture(application.id, "diagnosis", page(n * 10 + at, rng.randint(10, 200_000)), "file")
                say("original", original, application.id)
                application = with_page(application, "diagnosis", original)
        if rng.random() < 0.5:
            application = accept(application, store.next_sequence("2026-03-05"))
            say("finalising", application.id)
            store.finalise(application, [rendered("form", str(n)), rendered("receipt", str(n))], CLERK)
            say("final", application.id, application.acceptance.number)


def export(store: SqlStore, folder: Path) -> None:
    ids = [entry.id for entry in store.entries(states=["ready"])]
    export_applications(store, PageMaker(), {}, folder, ids, CLERK, progress=lambda done, _: say("done", done))
    say("whole")


if __name__ == "__main__":
    what, data_dir, code, more = sys.argv[1:]
    opened = Vault(Path(data_dir), TickingClock()).open_with_recovery(code)
    say("ready")
    if what == "work":
        work(opened, int(more))
    else:
        export(opened, Path(more))
