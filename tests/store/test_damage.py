from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from copy_kit import PAGE, copy_once, everything, filled, flip, pages_of
from store_kit import CLERK, COUNTER, TickingClock, draft, finalised, page, with_page

from app.adapters.store import Vault, integrity
from app.adapters.store.database import rows, value
from app.core.application import State
from app.core.errors import DamagedError, StoreError
from app.services.second_copy import mended_words

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def page_of(store, sql: str) -> int:
    """The page a table's or an index's tree begins at."""
    return int(value(store._db, "SELECT rootpage FROM sqlite_schema WHERE name = ?", (sql,)))


def reopened(vault, code, store, *pages):
    store.close()
    for one in pages:
        flip(vault._store, one)
    return vault.open_with_recovery(code)


def test_a_damaged_original_costs_that_page_only_and_everything_else_goes_on(store, vault, code):
    ids = filled(store, cases=3)
    typed = draft(7, name="周敏")
    store.save_draft(typed, CLERK)
    before = pages_of(store)
    hit = store.add_capture(typed.id, "diagnosis", page(7, 300_000), "file")
    store.save_draft(with_page(typed, "diagnosis", hit), CLERK)
    opened = reopened(vault, code, store, before + 8)
    with pytest.raises(DamagedError):
        opened.capture(hit)
    assert len(opened.entries()) == 4
    assert opened.save_draft(replace(opened.application(typed.id), summary="接着写"), CLERK).revision == 3
    found = opened.mend()
    assert [(one.id, one.label, one.lost) for one in found.affected] == [(typed.id, "草稿·周*", "一页原件")]
    assert (found.other_lost, found.kept) == (0, "store.db.damaged")
    assert opened.application(typed.id).summary == "接着写"
    assert opened.capture(hit) is None
    assert all(opened.capture(one.original) for id_ in ids for one in opened.application(id_).papers[0].pages)
    assert {entry.id for entry in opened.search("sgl")} == set(ids)
    assert opened.verify()[1] > 0
    opened.close()


@pytest.mark.drill
def test_whatever_page_is_hit_the_second_copy_gives_back_what_it_held(store, vault, code, disk, tmp_path):
    """Bit flips over the whole file: page by page in the long run, a sample of them else."""
    ids = filled(store, cases=6, pages=1)
    store.set_counter(replace(COUNTER, second_copy=str(disk)))
    copy_once(store, disk)
    before, pages = everything(store), pages_of(store)
    store.close()
    whole = vault._store.read_bytes()
    chosen = (
        range(1, pages + 1)
        if os.environ.get("CHUANGKOU_DRILL") == "long"
        else sorted(random.Random(3).sample(range(1, pages + 1), 12))
    )
    told, places = {"refused": 0, "unread": 0, "mended": 0}, random.Random(4)
    for number in chosen:
        for leftover in vault._store.parent.glob("store.db.*"):
            leftover.unlink()
        vault._store.write_bytes(whole)
        flip(vault._store, number, places.randrange(PAGE))
        try:
            opened = vault.open_with_recovery(code)
        except StoreError:
            told["refused"] += 1  # the schema itself: a restore of the whole
            continue
        if not rows(opened._db, "PRAGMA cipher_integrity_check"):
            told["unread"] += 1
        found = opened.mend()
        assert not [one for one in found.affected if one.lost], number
        assert found.other_lost == 0, number
        after = everything(opened)
        added = [row for row in after.pop("audit") if row not in before["audit"]]
        assert [row[3] for row in added] == ["mend"]
        assert {name: values for name, values in after.items() if name != "settings"} == {
            name: values for name, values in before.items() if name not in {"audit", "settings"}
        }
        assert opened.verify()[1] == len(before["audit"]) + 1
        assert {entry.id for entry in opened.search("sgl")} == set(ids)
        assert rows(opened._db, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        opened.close()
        told["mended"] += 1
    print(told)  # noqa: T201 - the figures of the long run
    assert told["mended"] > told["refused"]


def test_without_a_copy_what_is_lost_is_named_and_the_rest_is_all_there(store, vault, code):
    ids = filled(store, cases=3, pages=1)
    opened = reopened(vault, code, store, page_of(store, "documents"))
    with pytest.raises(DamagedError, match="查一遍数据"):
        opened.documents(ids[0])
    assert len(opened.entries()) == 3  # the next question is answered
    found = opened.mend()
    assert {one.id for one in found.affected} == set(ids)
    assert {one.lost for one in found.affected} == {"一份文书"}
    title, text = mended_words(found)
    assert title == "查过了，碰到 3 件"
    assert "JQ03-260305-0001-8：一份文书读不出来了" in text
    assert opened.application(ids[0]).state is State.READY
    assert opened.verify()[1] > 0
    opened.close()


@pytest.mark.parametrize(
    ("table", "lost"),
    [("applications", "登记内容"), ("originals", "一页原件"), ("outbox", "排队记录"), ("audit", "一条操作记录")],
)
def test_whatever_table_is_hit_each_application_is_named(store, vault, code, table, lost):
    ids = filled(store, cases=3)
    numbers = {entry.number for entry in store.entries()}
    typed = draft(7, name="周敏")
    store.save_draft(with_page(typed, "diagnosis", store.add_capture(typed.id, "diagnosis", page(7), "file")), CLERK)
    opened = reopened(vault, code, store, page_of(store, table))
    found = opened.mend()
    labels = {one.id: one.label for one in found.affected if lost in one.lost}
    assert set(labels) == ({*ids} if table == "outbox" else {*ids, typed.id})
    assert {labels[id_] for id_ in ids} in (numbers, {f"编号 {number} 的一件" for number in numbers})
    assert labels.get(typed.id, "草稿·周*") in {"草稿·周*", "证件号 5104 **** 9980 的一件"}
    again = opened.mend().affected
    assert table not in {"applications", "originals"} or {one.id for one in again if one.lost} == set(labels)
    opened.close()


def test_a_lost_draft_that_no_index_knows_is_told_by_when_and_by_whom_it_was_begun(store, vault, code):
    typed = draft(7, cert="", phone="")
    store.save_draft(typed, CLERK)
    at = store.audit(1)[0].at[:16].replace("T", " ")
    opened = reopened(vault, code, store, page_of(store, "applications"), page_of(store, "sqlite_autoindex_applications_1"))
    assert [one.label for one in opened.mend().affected] == [f"{at} {CLERK}开始的一件"]
    opened.close()


def test_pages_that_were_taken_away_on_purpose_are_not_said_to_be_lost(store, vault, code):
    ids = filled(store, cases=2)
    typed = draft(7)
    for n in range(3):
        store.add_capture(typed.id, "diagnosis", page(n), "file")
    store.save_draft(typed, CLERK)
    assert store.drop_loose(CLERK, spare=(), before="2027-01-01T00:00:00") == 3
    opened = reopened(vault, code, store, page_of(store, "sqlite_autoindex_originals_1"))
    found = opened.mend()
    assert (found.affected, found.other_lost) == ((), 0)
    assert {entry.id for entry in opened.entries()} == {*ids, typed.id}
    opened.close()


def test_a_copy_plugged_in_later_still_gives_back_what_was_lost(store, vault, code, disk):
    ids = filled(store, cases=2, pages=1)
    store.set_counter(replace(COUNTER, second_copy=str(disk)))
    copy_once(store, disk)
    away = disk.rename(disk.with_name("away"))
    before = everything(store)["documents"]
    opened = reopened(vault, code, store, page_of(store, "documents"))
    assert all(one.lost for one in opened.mend().affected)
    away.rename(disk)
    found = opened.mend()
    assert {one.id for one in found.affected} == set(ids)
    assert not any(one.lost for one in found.affected)
    assert everything(opened)["documents"] == before
    assert copy_once(opened, disk).whole
    opened.close()


def test_a_damaged_index_costs_nothing(store, vault, code):
    filled(store, cases=3)
    before = everything(store)
    opened = reopened(vault, code, store, page_of(store, "applications_touched"))
    with pytest.raises(DamagedError):
        opened.entries()
    found = opened.mend()
    assert (found.affected, found.other_lost) == ((), 0)
    assert mended_words(found)[0] == "查过了，没有少"
    assert len(opened.entries()) == 3
    assert everything(opened)["applications"] == before["applications"]
    opened.close()


def test_looking_through_a_sound_store_changes_nothing(store, disk):
    filled(store, cases=2)
    store.set_counter(replace(COUNTER, second_copy=str(disk)))
    copy_once(store, disk)
    before = everything(store)
    found = store.mend()
    assert (found.affected, found.other_lost, found.copy_used, found.kept) == ((), 0, False, "")
    after = everything(store)
    known = before.pop("audit")
    assert [link[3] for link in after.pop("audit") if link not in known] == ["mend"]
    assert after == before


@pytest.mark.parametrize("step", range(4))
def test_killed_while_the_mended_store_takes_its_place_the_next_opening_finishes(store, vault, code, monkeypatch, step):
    filled(store, cases=2)
    before = everything(store)["applications"]
    opened = reopened(vault, code, store, page_of(store, "applications_touched"))

    class Pulled(BaseException):
        pass

    calls = 0
    original = Path.replace

    def replaced(self, target):
        nonlocal calls
        calls += 1
        if calls == step + 1:
            raise Pulled
        return original(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replaced)
        patch.setattr("app.adapters.store.sqlstore.connect", lambda *_: None)  # a kill reopens nothing
        with pytest.raises((Pulled, AttributeError)):
            opened.mend()
    opened._release()
    again = vault.open_with_recovery(code)
    if step == 0:
        again.mend()
    assert everything(again)["applications"] == before
    assert len(again.entries()) == 2
    assert again.verify()[1] > 0
    again.close()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的或只剩开头"),
        (b"\x01" * 5000, "空的或只剩开头"),
        (b"SQLite format 3\0" + bytes(2 * PAGE), "没有加密"),
        (b"\x07" * 3 * PAGE, "不是一对，或已损坏"),
    ],
)
def test_a_file_that_is_no_store_is_said_in_a_sentence_and_left_alone(store, vault, code, content, says):
    store.close()
    vault._store.write_bytes(content)
    with pytest.raises(StoreError, match=says):
        vault.open_with_recovery(code)
    assert vault._store.read_bytes() == content


def test_a_truncated_store_is_said_in_a_sentence(store, vault, code):
    filled(store, cases=2)
    store.close()
    whole = vault._store.read_bytes()
    vault._store.write_bytes(whole[: len(whole) // 2 // PAGE * PAGE])
    with pytest.raises(StoreError, match="用第二份备份恢复到一个新文件夹"):
        vault.open_with_recovery(code)


def test_verify_names_the_first_broken_link(store):
    filled(store, cases=1)
    store._db.execute("DROP TRIGGER audit_never_changes")
    store._db.execute("UPDATE audit SET who = '别人' WHERE seq = 4")
    with pytest.raises(StoreError, match="第 4 条起"):
        store.verify()


def test_verify_counts_what_cannot_be_read(store, vault, code):
    filled(store, cases=2)
    opened = reopened(vault, code, store, page_of(store, "original_data"), page_of(store, "documents"))
    with pytest.raises(DamagedError, match="2 处读不出来"):
        opened.verify()
    opened.close()


@pytest.mark.parametrize("folder", sorted(SCHEMAS.iterdir()), ids=lambda folder: f"schema-{folder.name}")
def test_a_store_of_each_released_schema_is_upgraded_whole(folder, tmp_path, disk):
    (tmp_path / "data").mkdir()
    for name in ("store.db", "store.keys.json"):
        (tmp_path / "data" / name).write_bytes((folder / name).read_bytes())
    code = (folder / "recovery-code.txt").read_text("ascii")
    store = Vault(tmp_path / "data", TickingClock()).open_with_recovery(code)
    assert store.counter().code == "03"
    ready, typed = store.search("沈桂兰")[0], store.search("周敏")[0]
    assert (ready.number, ready.state, ready.pages) == ("JQ03-260305-0001-8", State.READY, 2)
    assert store.application(typed.id).summary == draft(2).summary
    assert all(store.capture(page.original) for paper in store.application(ready.id).papers for page in paper.pages)
    assert set(store.documents(ready.id)) == {"form", "receipt"}
    assert store.verify_audit() > 0
    finalised(store, 5, store.next_sequence("2026-03-05"))
    store.save_draft(replace(store.application(typed.id), summary="接着写"), CLERK)
    assert copy_once(store, disk).whole
    assert rows(store._db, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    store.close()


def test_a_half_made_mended_store_is_cleared_away(store, vault, code, data_dir):
    filled(store, cases=1)
    store.close()
    (data_dir / f"store.db{integrity.MENDING}").write_bytes(b"half")
    opened = vault.open_with_recovery(code)
    assert len(opened.entries()) == 1
    assert not (data_dir / f"store.db{integrity.MENDING}").exists()
    opened.close()
