from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace

import pytest
from copy_kit import copy_file, copy_once, everything, filled, flip
from store_kit import CLERK, COUNTER, PASSPHRASE, TickingClock, draft, finalised, page, with_page

from app.adapters.store import Vault, backup, changes
from app.adapters.store.restore import find_copy, restore
from app.core.errors import CopyError, StoreError, WrongSecretError
from app.services.ports import CopyMark, Role


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


@pytest.fixture
def back(tmp_path, disk, code):
    """Restore into a new folder and open it."""
    opened = []

    def make(name="back"):
        restore(find_copy(disk), tmp_path / name, lambda slots: slots.unlock_recovery(code))
        opened.append(Vault(tmp_path / name, TickingClock()).open_with_recovery(code))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def test_what_comes_back_from_the_copy_is_the_store_row_for_row_and_is_found_again(store, disk, back):
    filled(store)
    store.save_draft(draft(9, name="周敏"), CLERK)
    copy_once(store, disk)
    restored = back()
    assert everything(restored) == everything(store)
    assert [entry.id for entry in restored.search("周敏")] == [draft(9).id]
    assert len(restored.search("sgl")) == 4
    assert restored.verify_audit() == store.verify_audit()
    assert restored.next_sequence("2026-03-05") == 5
    assert restored.copy_record().at == ""


def test_only_what_changed_since_goes_over(store, disk):
    filled(store, cases=3)
    mark = copy_once(store, disk)
    store.save_draft(draft(7), CLERK)
    store.save_draft(draft(7, summary="改了一句"), CLERK)
    batch = store.changes(mark)
    assert {(change.table, change.key) for change in batch.changes} == {("applications", 4), ("audit", 15)}
    assert copy_once(store, disk).seq == batch.through
    assert store.changes(copy_once(store, disk)).changes == ()


def test_a_page_taken_away_goes_from_the_copy_too(store, disk, back):
    store.set_counter(COUNTER)
    application = draft(1)
    store.save_draft(application, CLERK)
    kept, dropped = (store.add_capture(application.id, "diagnosis", page(n), "file") for n in (1, 2))
    copy_once(store, disk)
    finalised_one = replace(with_page(application, "diagnosis", kept))
    store.save_draft(finalised_one, CLERK)
    store.drop_loose(CLERK, spare=(), before="2027-01-01")
    copy_once(store, disk)
    restored = back()
    assert restored.capture(kept) is not None
    assert restored.capture(dropped) is None
    assert everything(restored) == everything(store)


def batches(store):
    mark, found = CopyMark(), []
    while True:
        found.append(store.changes(mark))
        mark = replace(mark, seq=found[-1].through)
        if found[-1].tally is not None:
            return found


def test_batches_are_small_in_bytes_and_end_when_their_time_is_over(store, monkeypatch):
    store.set_counter(COUNTER)
    store.save_draft(draft(1), CLERK)
    for n in range(12):
        store.add_capture(draft(1).id, "diagnosis", page(n, 2_000_000), "file")
    monkeypatch.setattr(changes, "BATCH_SECONDS", 60.0)
    found = batches(store)
    sizes = [sum(len(change.values[-1]) for change in one.changes if change.table == "original_data") for one in found]
    assert len(sizes) > 2
    assert max(sizes) <= changes.BATCH_BYTES + 2_000_000
    rows = sum(len(one.changes) for one in found)
    monkeypatch.setattr(changes, "BATCH_SECONDS", -1.0)
    hurried = [len(one.changes) for one in batches(store)]
    assert (max(hurried), sum(hurried)) == (1, rows), "each row goes all the same, however little time there is"


def test_a_run_given_up_half_way_leaves_the_copy_as_it_was(store, disk, back):
    filled(store, cases=2)
    copy_once(store, disk)
    before = everything(store)
    finalised(store, 8, 8)
    writer = store.copy_into(disk)
    writer.write(replace(store.changes(writer.begin(anew=False)), tally=None), "2026-03-05T12:00:00")
    writer.abandon()
    assert everything(back()) == before


def test_the_first_copy_goes_on_where_it_was_stopped_and_is_not_restored_before_it_is_whole(
    store, disk, tmp_path, code, monkeypatch
):
    monkeypatch.setattr("app.adapters.store.changes.BATCH_ROWS", 20)
    filled(store)
    writer = store.copy_into(disk)
    mark = writer.write(store.changes(writer.begin(anew=False)), "x")
    writer.abandon()
    with pytest.raises(CopyError, match="还没有写完过"):
        restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_recovery(code))
    assert not Vault(tmp_path / "back", TickingClock()).exists()
    again = store.copy_into(disk)
    assert again.begin(anew=False).seq == mark.seq > 0
    again.abandon()
    assert copy_once(store, disk).whole


def test_a_copy_newer_than_the_store_is_never_written_over(store, vault, data_dir, disk, code, tmp_path):
    """The store was put back to an older state, as from a disk image."""
    filled(store, cases=2)
    store.close()
    shutil.copytree(data_dir, tmp_path / "image")
    opened = vault.open_with_recovery(code)
    finalised(opened, 8, 8)
    copy_once(opened, disk)
    opened.close()
    older = Vault(tmp_path / "image", TickingClock()).open_with_recovery(code)
    before = older.copy_into(disk).begin(anew=False)
    with pytest.raises(StoreError, match="第二份备份里有本机没有的记录"):
        copy_once(older, disk)
    for n in range(20, 60):
        older.save_draft(draft(n), CLERK)
    with pytest.raises(StoreError, match="第二份备份里有本机没有的记录"):
        copy_once(older, disk)
    assert older.copy_into(disk).begin(anew=False) == before
    older.close()


def test_a_restored_store_goes_on_with_the_same_copy(store, disk, back):
    filled(store, cases=2)
    copy_once(store, disk)
    restored = back()
    finalised(restored, 8, 8)
    copy_once(restored, disk)
    assert len(back("again").entries()) == 3


def test_two_stores_share_a_disk_and_their_copies_stay_apart(store, disk, tmp_path, quick_keys, code):
    filled(store, cases=1)
    other_code, other = Vault(tmp_path / "other", TickingClock()).create("李娜", PASSPHRASE)
    copy_once(store, disk)
    copy_once(other, disk)
    other.close()
    with pytest.raises(CopyError, match=r"几份备份.*李娜"):
        find_copy(disk)
    mine = copy_file(store, disk).parent
    assert restore(mine, tmp_path / "back", lambda slots: slots.unlock_recovery(code)).counts["applications"] == 1
    with pytest.raises(WrongSecretError):
        restore(mine, tmp_path / "no", lambda slots: slots.unlock_recovery(other_code))
    assert not (tmp_path / "no").exists()


def test_keys_of_another_store_in_the_copys_folder_are_left_alone(store, disk, tmp_path, quick_keys):
    _, other = Vault(tmp_path / "other", TickingClock()).create("李娜", PASSPHRASE)
    other.close()
    folder = copy_file(store, disk).parent
    folder.mkdir()
    shutil.copy(tmp_path / "other" / "store.keys.json", folder)
    before = (folder / "store.keys.json").read_bytes()
    with pytest.raises(CopyError, match="另一份数据的第二份备份"):
        copy_once(store, disk)
    assert (folder / "store.keys.json").read_bytes() == before


def test_a_folder_on_the_store_itself_is_refused(store, data_dir):
    for folder in (data_dir, data_dir / "copy"):
        with pytest.raises(CopyError, match="不能放在数据文件夹里"):
            copy_once(store, folder)


def test_a_missing_disk_is_said_and_nothing_is_made_in_its_place(store, disk):
    filled(store, cases=1)
    copy_once(store, disk)
    shutil.rmtree(disk)
    with pytest.raises(CopyError, match="盘没插好"):
        copy_once(store, disk)
    assert not disk.exists()
    disk.mkdir()  # the empty mount point of a pulled stick
    with pytest.raises(CopyError, match="插上原来的盘"):
        copy_once(store, disk)
    assert list(disk.iterdir()) == []
    assert copy_once(store, disk, anew=True).whole


def test_a_clerk_added_later_opens_the_copy_too(store, vault, disk, tmp_path, code):
    filled(store, cases=1)
    copy_once(store, disk)
    slots = vault._slots()
    vault._write(slots.with_clerk("李娜", "海棠花下的口令 77", slots.unlock_recovery(code)))
    copy_once(store, disk)
    found = restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_clerk("李娜", "海棠花下的口令 77"))
    assert found.originals == 2


def test_after_a_new_data_key_the_copy_is_made_anew_and_the_former_one_goes_once_it_is_whole(store, vault, disk, tmp_path):
    filled(store, cases=2)
    copy_once(store, disk)
    former = copy_file(store, disk)
    code = vault.rekey(store, CLERK, PASSPHRASE)
    assert copy_once(store, disk).whole
    assert not former.exists()
    assert restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_recovery(code)).originals == 4


def test_the_copy_cannot_be_read_without_a_secret(store, disk):
    filled(store, cases=1)
    copy_once(store, disk)
    content = b"".join(path.read_bytes() for path in disk.rglob("*") if path.is_file())
    for known in ("沈桂兰", "510402190001019980", "13800001234", "SQLite format 3", "酒泉路"):
        assert known.encode() not in content


def test_a_damaged_copy_is_put_aside_and_written_anew(store, disk, back):
    filled(store)
    copy_once(store, disk)
    path = copy_file(store, disk)
    for number in range(2, path.stat().st_size // 16384 + 1):
        flip(path, number)
    finalised(store, 8, 8)
    for _ in range(2):  # found while opening, or while writing
        with suppress(CopyError):
            copy_once(store, disk)
    copy_once(store, disk)
    assert not path.with_name("store.db.damaged").exists()
    assert everything(back()) == everything(store)


def test_a_check_proves_restoring_and_leaves_nothing_behind(store, disk, data_dir):
    filled(store)
    copy_once(store, disk)
    before = {path.name for path in data_dir.iterdir()}
    found = store.copy_into(disk).check()
    assert (found.counts["applications"], found.originals) == (4, 8)
    assert {path.name for path in data_dir.iterdir()} == before


@pytest.mark.parametrize("content", [b"", b"\x01" * 700])
def test_a_copy_cut_off_in_its_first_moment_is_spoken_of_as_a_copy_and_made_at_the_next_run(
    store, disk, tmp_path, code, content
):
    filled(store)
    store.copy_into(disk).begin(anew=False)
    copy_file(store, disk).write_bytes(content)
    with pytest.raises(CopyError, match="第二份备份是空的，或只剩开头"):
        restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_recovery(code))
    assert not Vault(tmp_path / "back", TickingClock()).exists()
    with pytest.raises(CopyError, match="第二份备份是空的，或只剩开头"):
        store.copy_into(disk).check()
    copy_once(store, disk)
    assert store.copy_into(disk).check().originals == 8


def test_a_check_of_a_damaged_copy_says_so_and_the_next_run_makes_a_new_one(store, disk):
    filled(store)
    copy_once(store, disk)
    flip(copy_file(store, disk), 30)
    with pytest.raises(CopyError, match="有损坏"):
        store.copy_into(disk).check()
    copy_once(store, disk)
    assert store.copy_into(disk).check().originals == 8


def test_rows_that_went_missing_from_the_copy_are_noticed_and_the_next_run_writes_all_of_them(store, disk, back):
    filled(store)
    copy_once(store, disk)
    writer = store.copy_into(disk)
    writer.begin(anew=False)
    writer._db.execute("DELETE FROM documents WHERE rowid = 2")
    writer._db.execute("COMMIT")
    writer.abandon()
    with pytest.raises(CopyError, match="对不上"):
        copy_once(store, disk)
    assert copy_once(store, disk).whole
    assert everything(back()) == everything(store)


def test_restoring_never_touches_a_store_that_is_there(store, disk, data_dir, code):
    filled(store, cases=1)
    copy_once(store, disk)
    before = (data_dir / "store.keys.json").read_bytes()
    with pytest.raises(CopyError, match="没有覆盖"):
        restore(find_copy(disk), data_dir, lambda slots: slots.unlock_recovery(code))
    assert (data_dir / "store.keys.json").read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "plain"])
def test_a_copy_that_is_not_sound_is_not_restored(store, disk, tmp_path, code, damage):
    filled(store)
    copy_once(store, disk)
    path = copy_file(store, disk)
    data = path.read_bytes()
    if damage == "flip":
        flip(path, 20)
    else:
        path.write_bytes({"cut": data[: -5 * 16384], "empty": b"", "plain": b"SQLite format 3\0" + bytes(16384 * 2)}[damage])
    with pytest.raises((CopyError, StoreError)):
        restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_recovery(code))
    assert not Vault(tmp_path / "back", TickingClock()).exists()
    path.write_bytes(data)
    assert restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_recovery(code)).originals == 8


def test_a_copy_of_an_older_program_is_brought_along(store, disk, monkeypatch):
    """The copy was written before an upgrade added a table."""
    from app.adapters.store import migrations

    filled(store, cases=1)
    copy_once(store, disk)
    more = lambda db: db.execute("CREATE TABLE later (id TEXT PRIMARY KEY, what TEXT NOT NULL) STRICT")  # noqa: E731
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, more))
    migrations.migrate(store._db)
    store._db.execute("INSERT INTO later VALUES ('a', 'b')")
    assert copy_once(store, disk).whole
    writer = store.copy_into(disk)
    writer.begin(anew=False)
    assert writer._db.execute("SELECT * FROM later").fetchall() == [("a", "b")]
    writer.abandon()


def test_the_kept_counts_are_those_of_the_rows_whatever_was_done(store, disk, back, vault, code):
    from app.adapters.store.changes import COUNTED

    def counted(opened):
        kept = dict(opened._db.execute("SELECT tbl, n FROM row_counts").fetchall())
        return kept, {name: opened._db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in COUNTED}

    filled(store, cases=3)
    typed = draft(7)
    store.add_capture(typed.id, "diagnosis", page(7), "file")
    store.save_draft(typed, CLERK)
    assert store.drop_loose(CLERK, spare=(), before="2027-01-01T00:00:00") == 1
    store.add_clerk("罗静", Role.CLERK, CLERK)
    store._db.execute("BEGIN")
    store._db.execute("DELETE FROM originals")
    store._db.execute("ROLLBACK")
    kept, real = counted(store)
    assert kept == real
    assert (kept["applications"], kept["originals"], kept["documents"]) == (4, 6, 6)
    mark = copy_once(store, disk)
    assert mark.whole
    restored = back()
    kept, real = counted(restored)
    assert kept == real
    store._db.execute("UPDATE row_counts SET n = n + 1 WHERE tbl = 'documents'")
    with pytest.raises(CopyError, match="对不上"):
        copy_once(store, disk)
    store.mend()
    kept, real = counted(store)
    assert kept == real
    assert copy_once(store, disk).whole


def test_a_full_disk_is_said_and_the_copy_stays_what_it_was(store, disk, back, monkeypatch):
    from sqlcipher3 import dbapi2

    filled(store, cases=1)
    copy_once(store, disk)
    before = everything(store)
    finalised(store, 8, 8)

    def full(*_):
        error = dbapi2.OperationalError("database or disk is full")
        error.sqlite_errorcode, error.sqlite_errorname = 13, "SQLITE_FULL"
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(backup, "tally", full)
        with pytest.raises(CopyError, match=r"盘满了.*本机的数据都在"):
            copy_once(store, disk)
    assert everything(back()) == before
    copy_once(store, disk)
    assert everything(back("again")) == everything(store)
