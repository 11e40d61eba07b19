"""The regions' kept versions lie beside the second copy and come back with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from copy_kit import copy_once
from update_kit import files, line, taken, update
from whole_kit import CLERK, PASSPHRASE, PZH, open_desk, quick_slots

from app.adapters.region_shelf import FOLDER, RegionShelf
from app.adapters.store import Vault
from app.adapters.store.restore import find_copy, restore
from app.main import region_faults
from app.services import answers, intake, region_versions, second_copy


@pytest.fixture
def desk(tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    made = open_desk(tmp_path / "counter")
    answers.set_key(made, line())
    yield region_versions.settled(made)
    made.store.close()


def test_versions_go_along_with_the_second_copy_and_a_draft_is_shown_by_its_own_elsewhere(desk, tmp_path):
    begun, _ = intake.save(desk, replace(intake.start(desk), summary="头晕"))
    hours = ('[facts.hours]\ntext = "', '[facts.hours]\ntext = "周六也开，')
    taken(desk, update(files=files(region=hours)))
    region_versions.use(desk, "2026-12")
    disk = tmp_path / "disk"
    disk.mkdir()
    for _ in range(2):
        copy_once(desk.store, disk)
    copy = find_copy(disk)
    assert sorted(one.name for one in (copy / FOLDER / PZH).iterdir()) == ["2026-12", "2026.1"]
    assert desk.store.copy_into(disk).check().absent == ()
    (tmp_path / "elsewhere" / "empty").mkdir(parents=True)
    found = restore(copy, tmp_path / "elsewhere", lambda slots: slots.unlock_clerk(CLERK, PASSPHRASE))
    assert found.absent == ()
    vault = Vault(tmp_path / "elsewhere", desk.clock)
    shelf = RegionShelf(tmp_path / "elsewhere", (tmp_path / "elsewhere" / "empty",), region_faults)
    newer = desk.shelf.region(PZH, desk.shelf.files(PZH, "2026-12"))
    there = replace(desk, store=vault.open(CLERK, PASSPHRASE), vault=vault, shelf=shelf, region=newer, regions={PZH: newer})
    there = region_versions.settled(there)
    assert there.region_of(begun).version == "2026.1"
    assert there.region_of(intake.start(there)).fact("hours").text.startswith("周六也开")
    there.store.close()
    # What was changed on the way is told, and not believed.
    (copy / FOLDER / PZH / "2026.1" / "region.toml").write_text("id = 1")
    again = restore(copy, tmp_path / "again", lambda slots: slots.unlock_clerk(CLERK, PASSPHRASE))
    assert again.absent == ("2026.1 版",)
    assert "缺统筹区资料 2026.1 版" in second_copy.told(again)
    copy_once(desk.store, disk)
    assert desk.store.copy_into(disk).check().absent == (), "the next run mends it"
