"""The second copy on a disk that runs full; killed while it is written, see test_service_drill.py."""

from __future__ import annotations

import subprocess

import pytest
from copy_kit import copy_file, copy_once, everything, filled
from disk_kit import full, small_disk
from store_kit import TickingClock, finalised, page

from app.adapters.store import Vault
from app.adapters.store.restore import find_copy, restore
from app.core.errors import CopyError


@pytest.mark.drill
@full
def test_a_really_full_disk_costs_nothing_and_goes_on_once_there_is_room(store, code, tmp_path):
    with small_disk(tmp_path / "small", 3 * 1024 * 1024) as disk:
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
