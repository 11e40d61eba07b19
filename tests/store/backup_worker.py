"""Writes the second copy, restores it, or upgrades a store, and says what it finished, until it is killed. Run by the drill as a program."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from copy_kit import copy_once
from store_kit import CLERK, TickingClock, draft, finalised

from app.adapters.store import Vault
from app.adapters.store.restore import find_copy, restore


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - what the drill listens to


def copying(data_dir: Path, code: str, disk: Path, start: int) -> None:
    store = Vault(data_dir, TickingClock()).open_with_recovery(code)
    say("ready")
    for n in range(start, start + 1000):
        finalised(store, n, store.next_sequence("2026-03-05"), pages=2)
        store.save_draft(draft(n + 500_000), CLERK)
        say("copied", copy_once(store, disk).audit)


def restoring(target: Path, code: str, disk: Path) -> None:
    say("ready")
    for n in range(1000):
        restore(find_copy(disk), target / str(n), lambda slots: slots.unlock_recovery(code))
        say("restored", n)


def upgrading(target: Path, code: str, source: Path) -> None:
    say("ready")
    for n in range(1000):
        shutil.copytree(source, target / str(n))
        say("begun", n)
        Vault(target / str(n), TickingClock()).open_with_recovery(code).close()
        say("upgraded", n)


if __name__ == "__main__":
    what, first, code, second, start = sys.argv[1:]
    if what == "copy":
        copying(Path(first), code, Path(second), int(start))
    elif what == "restore":
        restoring(Path(first), code, Path(second))
    else:
        upgrading(Path(first), code, Path(second))
