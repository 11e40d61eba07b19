"""Files that are damaged, cut off, exchanged or shared: said in a sentence, nothing made worse, at most the record lost that was hit."""

from __future__ import annotations

import shutil
import sqlite3
import time
from dataclasses import replace

import pytest
from copy_kit import PAGE, copy_file, copy_once, everything, filled, flip, pages_of
from drill_kit import Warm, dice, figure, many
from drill_world import fresh_store, observed, reopened, sound
from store_kit import CLERK, COUNTER, TickingClock, accept, draft, page, rendered, with_page

from app.adapters.store import Vault
from app.adapters.store.changes import followed
from app.adapters.store.database import value
from app.adapters.store.restore import find_copy, restore
from app.core.errors import AppError, CopyError, DamagedError, StoreError


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def long_values(store):
    """An accepted case whose page and papers go over many pages of the file."""
    application = draft(7, name="周敏")
    store.save_draft(application, CLERK)
    application = with_page(application, "diagnosis", store.add_capture(application.id, "diagnosis", page(7, 60_000), "file"))
    application = accept(application, store.next_sequence("2026-03-05"))
    store.finalise(application, [rendered(kind, "x" * 40_000) for kind in ("form", "receipt")], CLERK)
    return application


def test_a_page_at_the_end_of_a_long_value_that_cannot_be_read_is_never_taken_for_zeros(store, vault, code, disk):
    """SQLCipher gives it as zeros and says nothing: seen on the last page of a chain of overflow pages."""
    filled(store, cases=1)
    first = pages_of(store)
    application = long_values(store)
    store.set_counter(replace(COUNTER, second_copy=str(disk)))
    copy_once(store, disk)
    before, last = everything(store), pages_of(store)
    original = application.papers[0].pages[0].original
    store.close()
    whole = vault._store.read_bytes()
    hit = 0
    for number in range(first + 1, last + 1):
        for leftover in vault._store.parent.glob("store.db.*"):
            leftover.unlink()
        vault._store.write_bytes(whole)
        flip(vault._store, number)
        opened = vault.open_with_recovery(code)
        for read, of in ((opened.capture, original), (opened.documents, application.id)):
            try:
                read(of)
            except StoreError:
                hit += 1
        # Another copy begun now: it never takes zeros for what was there.
        other = disk.with_name(f"other{number}")
        other.mkdir()
        try:
            copy_once(opened, other)
        except DamagedError:
            pass
        else:
            with Reading(copy_file(opened, other), opened) as copied:
                assert everything(copied)["documents"] == before["documents"]
                assert everything(copied)["original_data"] == before["original_data"]
        assert not any(one.lost for one in opened.mend().affected)
        after = everything(opened)
        assert {name: after[name] for name in ("documents", "original_data", "thumbnails")} == {
            name: before[name] for name in ("documents", "original_data", "thumbnails")
        }
        opened.close()
    assert hit > last - first - 4


class Reading:
    """A second copy, opened to be looked at."""

    def __init__(self, path, store):
        from app.adapters.store.database import connect, opened_with

        self._db = connect(path, opened_with(store._db)[1], copy=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._db.close()


OWNERLESS = 20
"""Rows of the store that are about no application: settings, counters, clerks, numbers, some links of the audit."""


def owners_of(store):
    """Each row (as text) of each table and the application it is about, '' for none."""
    pages = dict(store._db.execute("SELECT id, application FROM originals").fetchall())
    owned = {}
    for name, table in followed(store._db).items():
        column = next((one for one in ("application", "subject", "original") if one in table.columns), None)
        column = "id" if name == "applications" else column
        found = store._db.execute(f"SELECT {', '.join(table.columns)} FROM {name}").fetchall()
        at = table.columns.index(column) if column else None
        owned[name] = {repr(row): "" if at is None else pages.get(row[at], row[at]) for row in found}
    return owned


@pytest.mark.drill
def test_without_a_copy_a_flipped_bit_costs_at_most_the_application_it_hit(store, vault, code, record_property):
    ids = [*filled(store, cases=6, pages=1), long_values(store).id]
    begun, begun_at = draft(9, name="罗静"), store.audit(1)[0].at[:16].replace("T", " ")
    store.add_capture(begun.id, "diagnosis", page(9), "file")
    store.save_draft(with_page(begun, "diagnosis", store.add_capture(begun.id, "diagnosis", page(10), "file")), CLERK)
    before, pages, owners = everything(store), pages_of(store), owners_of(store)
    labels = {entry.id: {entry.number, f"编号 {entry.number} 的一件"} for entry in store.entries() if entry.number}
    labels[begun.id] = {"草稿·罗*", "证件号 5104 **** 9980 的一件", f"{begun_at} {CLERK}开始的一件"}
    store.close()
    whole, rng = vault._store.read_bytes(), dice(5)
    chosen = sorted(rng.sample(range(1, pages + 1), many(6, pages)))
    told, named = {"refused": 0, "lost": 0, "whole": 0}, 0
    for number in chosen:
        for leftover in vault._store.parent.glob("store.db.*"):
            leftover.unlink()
        vault._store.write_bytes(whole)
        flip(vault._store, number, rng.randrange(PAGE))
        try:
            opened = vault.open_with_recovery(code)
        except StoreError:
            told["refused"] += 1  # the schema itself: a restore of the whole
            continue
        found, after = opened.mend(), everything(opened)
        lost = {one.id: one for one in found.affected if one.lost}
        for name, owned in owners.items():
            for row in set(map(repr, before[name])) - set(map(repr, after[name])):
                assert owned[row] in lost or not owned[row], (number, name)
        for one in lost.values():
            assert one.label in labels[one.id], (number, one)
            named += 1
        assert found.other_lost <= OWNERLESS, number
        assert all(opened.application(id_).acceptance for id_ in ids if opened.application(id_) is not None)
        assert sound_or_cut(opened)
        opened.close()
        told["lost" if lost or found.other_lost else "whole"] += 1
    figure(record_property, job="flips without a copy", pages=len(chosen), named=named, **told)
    assert told["whole"] > told["refused"]


def sound_or_cut(opened):
    """The file is sound; where the audit itself was hit, verifying names the first link that is gone."""
    assert value(opened._db, "PRAGMA integrity_check") == "ok"
    try:
        opened.verify()
    except StoreError as problem:
        return "操作记录从第" in problem.sentence
    return True


@pytest.mark.drill
def test_a_bit_flipped_in_the_wal_gives_a_whole_earlier_moment(store, vault, code, tmp_path, record_property):
    """SQLite ends a WAL at the first frame whose sum is wrong. What came after it is gone, but never by half."""
    store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    moments = [observed_here(store)]
    for n in range(1, 5):
        store.save_draft(draft(n), CLERK)
        moments.append(observed_here(store))
        store.add_capture(draft(n).id, "diagnosis", page(n, 60_000), "file")
        moments.append(observed_here(store))
    wal = vault._store.with_name("store.db-wal").read_bytes()
    data, frames, rng = vault._store.read_bytes(), (len(wal) - 32) // (PAGE + 24), dice(6)
    chosen = sorted(rng.sample(range(frames), many(8, frames)))
    earlier = 0
    for frame in chosen:
        folder = tmp_path / f"frame{frame}"
        folder.mkdir()
        (folder / "store.keys.json").write_bytes(vault._keys.read_bytes())
        (folder / "store.db").write_bytes(data)
        hurt = bytearray(wal)
        hurt[32 + frame * (PAGE + 24) + rng.randrange(PAGE + 24)] ^= 1 << rng.randrange(8)
        (folder / "store.db-wal").write_bytes(hurt)
        opened = Vault(folder, TickingClock()).open_with_recovery(code)
        assert observed_here(opened) in moments
        earlier += observed_here(opened) != moments[-1]
        sound(opened)
        opened.close()
        shutil.rmtree(folder)
    figure(record_property, job="flips in the WAL", frames=len(chosen), earlier=earlier)
    assert earlier > 0


def observed_here(store):
    return {name: found for name, found in everything(store).items() if name != "settings"}


@pytest.mark.drill
def test_a_store_cut_off_at_any_length_is_refused_untouched_or_mended_whole(store, vault, code, disk, record_property):
    filled(store, cases=3)
    long_values(store)
    store.set_counter(replace(COUNTER, second_copy=str(disk)))
    copy_once(store, disk)
    before = everything(store)
    store.close()
    whole = vault._store.read_bytes()
    size = len(whole)
    lengths = {0, 1, 15, 16, 17, 100, 4096, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 5000, size // 2}
    lengths |= {size // 2 // PAGE * PAGE, size - 2 * PAGE, size - PAGE, size - PAGE + 1, size - 4096, size - 1}
    lengths |= set(range(0, size, PAGE)) if many(0, 1) else set()
    told, said = {"refused": 0, "mended": 0}, set()
    for length in sorted(lengths):
        for leftover in vault._store.parent.glob("store.db*"):
            leftover.unlink()
        vault._store.write_bytes(whole[:length])
        try:
            opened = vault.open_with_recovery(code)
            try:
                assert not any(one.lost for one in opened.mend().affected), length
                after = everything(opened)
                assert {name: after[name] for name in after if name not in {"audit", "settings"}} == {
                    name: before[name] for name in before if name not in {"audit", "settings"}
                }
                assert sound(opened) == len(before["audit"]) + 1
                told["mended"] += 1
            finally:
                opened.close()
        except StoreError as problem:
            said.add(problem.sentence)
            told["refused"] += 1
    figure(record_property, job="cut off", lengths=len(lengths), **told)
    assert all("备份" in one for one in said), said
    shutil.rmtree(vault._store.parent)
    restore(find_copy(disk), vault._store.parent, lambda slots: slots.unlock_recovery(code))
    again = vault.open_with_recovery(code)
    assert everything(again)["documents"] == before["documents"]
    again.close()


@pytest.mark.drill
def test_a_key_file_hurt_anywhere_opens_the_right_store_or_nothing(store, vault, code, record_property):
    store.save_draft(draft(1), CLERK)
    store.close()
    whole, rng = vault._keys.read_bytes(), dice(8)
    places = rng.sample(range(len(whole)), many(60, len(whole)))
    told = {"opened": 0, "refused": 0}
    for at in places:
        hurt = bytearray(whole)
        hurt[at] ^= 1 << rng.randrange(8)
        vault._keys.write_bytes(hurt)
        try:
            opened = vault.open_with_recovery(code)
        except AppError:
            told["refused"] += 1
            assert vault._keys.read_bytes() == hurt
        else:  # a byte of somebody else's slot, or of the spacing
            assert opened.application(draft(1).id) is not None
            opened.close()
            told["opened"] += 1
    for length in range(0, len(whole), many(97, 1)):
        vault._keys.write_bytes(whole[:length])
        with pytest.raises(StoreError, match=r"store\.keys\.json 读不出来"):
            vault.open_with_recovery(code)
    vault._keys.write_bytes(whole)
    vault.open_with_recovery(code).close()
    figure(record_property, job="key file", flips=len(places), **told)


def test_a_real_database_in_clear_is_refused_as_a_store_and_as_a_copy(store, vault, code, disk, tmp_path):
    filled(store, cases=1)
    copy_once(store, disk)
    before = everything(store)
    plain = tmp_path / "plain.db"
    with sqlite3.connect(plain) as clear:
        clear.execute("PRAGMA journal_mode=WAL")
        for (sql,) in store._db.execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE %STRICT%'"
        ):
            if "sqlite_" not in sql and "AUTOINCREMENT" not in sql:
                clear.execute(sql)
        clear.execute("PRAGMA user_version=4")
    clear.close()
    copy = copy_file(store, disk)
    shutil.copy(plain, copy)
    with pytest.raises(CopyError, match="第二份备份没有加密"):
        restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_recovery(code))
    assert not (tmp_path / "back" / "store.keys.json").exists()
    store.close()
    whole = vault._store.read_bytes()
    shutil.copy(plain, vault._store)
    offered = vault._store.read_bytes()
    with pytest.raises(StoreError, match="没有加密"):
        vault.open_with_recovery(code)
    assert vault._store.read_bytes() == offered
    vault._store.write_bytes(whole)
    again = vault.open_with_recovery(code)
    assert {name: one for name, one in everything(again).items() if name != "settings"} == {
        name: one for name, one in before.items() if name != "settings"
    }
    again.close()


@pytest.mark.drill
def test_two_programs_at_one_store_take_turns_and_no_revision_is_given_twice(tmp_path, record_property):
    data, rng = fresh_store(tmp_path), dice(9)
    store = reopened(data)
    application = draft(1)
    revisions = [store.save_draft(application, CLERK).revision]
    store.close()
    kills, refused = many(2, 100), 0
    with Warm("drill_door") as one, Warm("drill_door") as two:
        for _ in range(kills):
            for program in (one, two):
                program.begin("knocking", data, application.id)
            two.wait(rng.randrange(1, 12))
            time.sleep(rng.uniform(0, 0.05))
            for program in (one, two):
                for what, said in program.kill():
                    if what == "stored":
                        revisions.append(said)
                    else:
                        refused += 1
                        assert "已经开着一个窗口程序" in said
            store = reopened(data)
            stored = store.application(application.id).revision
            assert max(revisions) <= stored <= max(revisions) + 2
            assert len(set(revisions)) == len(revisions)
            sound(store)
            revisions.append(store.save_draft(replace(application, summary="轮到我"), CLERK).revision)
            store.close()
            assert observed_all(data)
    figure(record_property, job="two programs", kills=2 * kills, acknowledged=len(revisions), refused=refused, lost=0)


def observed_all(data):
    store = reopened(data)
    seen = observed(store, data)
    store.close()
    return seen
