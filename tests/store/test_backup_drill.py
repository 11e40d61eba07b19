from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from copy_kit import copy_file, copy_once, everything, filled
from store_kit import TickingClock, finalised, page

from app.adapters.store import Vault
from app.adapters.store.restore import find_copy, restore
from app.core.errors import CopyError

LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
KILLS = 200 if LONG else 4
SCHEMAS = Path(__file__).parent / "schemas"


def killed(what: str, first: Path, code: str, second: Path, rng: random.Random, start: int = 0) -> list[str]:
    """Run the worker, kill it after a few lines and a moment, and return the whole lines it had said."""
    here = Path(__file__).parent
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(here.parents[1]), str(here)))}
    command = [sys.executable, here / "backup_worker.py", what, first, code, second, str(start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        said = "".join(child.stdout.readline() for _ in range(rng.randrange(3)))
        time.sleep(rng.uniform(0, 0.15))
        child.send_signal(signal.SIGKILL)
        said += child.stdout.read()
    return said[: said.rfind("\n") + 1].splitlines()


@pytest.mark.drill
def test_killed_while_copying_the_copy_is_what_it_was_after_some_finished_run(data_dir, code, tmp_path):
    rng, disk, newest, runs = random.Random(62), tmp_path / "disk", 0, 0
    disk.mkdir()
    for kill in range(KILLS):
        for line in killed("copy", data_dir, code, disk, rng, 1 + kill * 1000):
            newest, runs = int(line.split()[1]), runs + 1
        back = tmp_path / f"back{kill}"
        try:
            found = restore(find_copy(disk), back, lambda slots: slots.unlock_recovery(code))
        except CopyError:
            assert newest == 0  # killed before the first copy was whole
            continue
        assert found.audit >= newest
        store = Vault(back, TickingClock()).open_with_recovery(code)
        ready = store.counts("2026-03-05").today
        assert ready == store.counts("2026-03-05").here == store.next_sequence("2026-03-05") - 1
        assert store.verify()[1] == found.audit
        store.close()
        shutil.rmtree(back)
    store = Vault(data_dir, TickingClock()).open_with_recovery(code)
    copy_once(store, disk)
    restore(find_copy(disk), tmp_path / "last", lambda slots: slots.unlock_recovery(code))
    restored = Vault(tmp_path / "last", TickingClock()).open_with_recovery(code)
    assert everything(restored) == everything(store)
    restored.close()
    store.close()
    print(f"kills {KILLS}, finished runs {runs}, lost 0")  # noqa: T201 - the figures of the long run


@pytest.mark.drill
def test_killed_while_restoring_there_is_the_whole_store_or_none(store, code, tmp_path):
    rng, disk, wholes = random.Random(63), tmp_path / "disk", 0
    disk.mkdir()
    filled(store)
    copy_once(store, disk)
    expected = everything(store)
    for kill in range(KILLS):
        target = tmp_path / f"target{kill}"
        target.mkdir()
        killed("restore", target, code, disk, rng)
        for folder in target.iterdir():
            vault = Vault(folder, TickingClock())
            if not vault.exists():
                restore(find_copy(disk), folder, lambda slots: slots.unlock_recovery(code))
            restored = vault.open_with_recovery(code)
            assert everything(restored) == expected
            restored.close()
            wholes += 1
        shutil.rmtree(target)
    print(f"kills {KILLS}, folders {wholes}")  # noqa: T201 - the figures of the long run


@pytest.mark.drill
def test_killed_while_upgrading_the_next_opening_finishes(tmp_path):
    rng, source = random.Random(64), SCHEMAS / "1"
    code = (source / "recovery-code.txt").read_text("ascii").strip()
    stores = 0
    for kill in range(KILLS):
        target = tmp_path / f"target{kill}"
        target.mkdir()
        said = killed("upgrade", target, code, source, rng)
        for line in said:
            if line.startswith("begun"):
                store = Vault(target / line.split()[1], TickingClock()).open_with_recovery(code)
                assert (len(store.search("沈桂兰")), len(store.search("周敏"))) == (1, 1)
                assert store.verify()[1] > 0
                store.close()
                stores += 1
        shutil.rmtree(target)
    print(f"kills {KILLS}, stores {stores}")  # noqa: T201 - the figures of the long run


@pytest.mark.drill
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_really_full_disk_costs_nothing_and_goes_on_once_there_is_room(store, code, tmp_path):
    disk = tmp_path / "small"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk], check=False, capture_output=True).returncode:
        pytest.skip("no mounting here")
    try:
        filled(store, cases=2)
        copy_once(store, disk)
        before = everything(store)
        finalised(store, 8, 8)
        application = store.entries()[0].id
        for n in range(3):
            store.add_capture(application, "diagnosis", page(n, 900_000), "file")
        for _ in range(3):
            with pytest.raises(CopyError, match="盘满了"):
                copy_once(store, disk)
        restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_recovery(code))
        restored = Vault(tmp_path / "back", TickingClock()).open_with_recovery(code)
        assert everything(restored) == before
        restored.close()
        subprocess.run(["mount", "-o", "remount,size=30m", disk], check=True)
        assert copy_once(store, disk).whole
        assert copy_file(store, disk).stat().st_size > 3 * 1024 * 1024
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
