"""What the store itself holds to: copies handed over, receipts, originals that went, and pictures as they came until acceptance."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from copy_kit import copy_once, everything
from sqlcipher3 import dbapi2
from store_kit import CLERK, COUNTER, TickingClock, accept, draft, finalised, page, rendered, ulid

from app.adapters.export import export_applications
from app.adapters.imaging import PageMaker
from app.adapters.store import Vault, keys
from app.adapters.store.database import row, rows
from app.adapters.store.restore import find_copy, restore
from app.core.application import Page, Paper
from app.core.errors import StoreError
from app.core.received import Received
from app.services.ports import Answered, Queue

DIGEST, OTHER = "ab" * 32, "cd" * 32


def held(store, n: int = 1, sequence: int = 1, pages: int = 3):
    """An application that was copied out and that the office signed for."""
    application = finalised(store, n, sequence, pages=pages)
    store.note_sent(application.id, DIGEST, CLERK)
    store.mark_copied([application.id], "U盘", CLERK)
    assert store.take_answer(said(store, application.id, seq=n), CLERK) is Answered.TAKEN
    return application


def said(store, id_: str, **changes) -> Received:
    revision = store.application(id_).revision
    return replace(Received(id_, revision, DIGEST, "2026-03-06T09:00:00", 1, "医保中心"), **changes)


def purge_all(store) -> int:
    went = 0
    while store.purge_page():
        went += 1
    return went


def test_a_copy_is_known_by_its_digest_once_however_often_it_is_made(store):
    application = finalised(store, 1, 1)
    for digest in (DIGEST, DIGEST, OTHER):
        store.note_sent(application.id, digest, CLERK)
    store.note_sent(ulid(9), DIGEST, CLERK)
    assert [found["digest"] for found in rows(store._db, "SELECT digest FROM sent ORDER BY digest")] == [DIGEST, OTHER]
    assert [entry.what for entry in store.audit() if entry.act == "sent"] == [OTHER, DIGEST]


@pytest.mark.parametrize("digest", [DIGEST, OTHER])
def test_any_copy_of_the_revision_may_be_signed_for(store, digest):
    application = finalised(store, 1, 1)
    store.note_sent(application.id, DIGEST, CLERK)
    store.note_sent(application.id, OTHER, CLERK)
    assert store.take_answer(said(store, application.id, digest=digest), CLERK) is Answered.TAKEN
    assert store.entries(queue=Queue.RECEIVED)[0].id == application.id


def test_an_answer_is_applied_once_and_every_refusal_changes_nothing_but_the_audit(store):
    application = finalised(store, 1, 1)
    store.note_sent(application.id, DIGEST, CLERK)
    before = rows(store._db, "SELECT * FROM outbox")
    for wrong, came in (
        ({"application": ulid(9)}, Answered.FOREIGN),
        ({"digest": OTHER}, Answered.DIFFERS),
        ({"revision": 99}, Answered.DIFFERS),
    ):
        assert store.take_answer(said(store, application.id, **wrong), CLERK) is came
    assert rows(store._db, "SELECT * FROM outbox") == before
    assert rows(store._db, "SELECT * FROM answers") == []
    right = said(store, application.id)
    assert store.take_answer(right, CLERK) is Answered.TAKEN
    assert store.take_answer(right, CLERK) is Answered.KNOWN
    assert store.take_answer(replace(right, by="别人"), CLERK) is Answered.OTHER
    acts = [entry.act for entry in store.audit() if entry.act in {"received", "answer_refused"}]
    assert (acts.count("received"), acts.count("answer_refused")) == (1, 4)
    assert store.verify_audit() > 0


def test_an_application_copied_before_digests_were_kept_is_exported_once_more_and_then_believed(store, tmp_path):
    application = finalised(store, 1, 1)
    store.mark_copied([application.id], "U盘", CLERK)
    assert store.take_answer(said(store, application.id), CLERK) is Answered.DIFFERS
    export_applications(store, PageMaker(), {}, tmp_path / "U盘", [application.id], CLERK)
    digest = row(store._db, "SELECT digest FROM sent")["digest"]
    assert store.take_answer(said(store, application.id, digest=digest), CLERK) is Answered.TAKEN


def test_the_digest_is_known_before_the_folder_can_be_taken_away(store, tmp_path, monkeypatch):
    application = finalised(store, 1, 1)

    def pulled(*_):
        raise OSError(5, "stick pulled")

    monkeypatch.setattr("pathlib.Path.rename", pulled)
    report = export_applications(store, PageMaker(), {}, tmp_path / "U盘", [application.id], CLERK)
    assert len(report.failed) == 1
    assert row(store._db, "SELECT count(*) AS n FROM sent") == {"n": 1}
    assert store.entries()[0].queue is Queue.HERE


def test_what_goes_is_the_bytes_and_the_thumbnails_and_nothing_else(store):
    application = held(store, pages=3)
    kept = held(store, 2, 2, pages=2)
    documents = store.documents(application.id)
    assert store.begin_purge(application.id, 30, CLERK) == 3
    assert purge_all(store) == 3
    assert store.documents(application.id) == documents
    assert store.application(application.id).papers == application.papers
    assert row(store._db, "SELECT count(*) AS n FROM thumbnails") == {"n": 2}
    assert row(store._db, "SELECT count(*) AS n FROM original_data") == {"n": 2}
    assert store.capture(store.application(kept.id).papers[0].pages[0].original) is not None
    assert store.purged(application.id).sentence == "原件已按规定清理（送达 2026-03-06，保留 30 天）"
    assert store.purged(kept.id) is None
    assert [one.id for one in store.delivered("2027")] == [kept.id]
    assert store.begin_purge(application.id, 30, CLERK) == 0


def test_a_purge_cut_off_after_any_page_is_ended_by_the_next_opening(data_dir, clock, code):
    vault = Vault(data_dir, clock)
    store = vault.open_with_recovery(code)
    application = held(store, pages=3)
    assert store.begin_purge(application.id, 30, CLERK) == 3
    for _ in range(4):
        store.close()
        store = vault.open_with_recovery(code)
        store.purge_page()
    assert rows(store._db, "SELECT id FROM originals") == []
    assert row(store._db, "SELECT purging FROM outbox") == {"purging": 0}
    assert [entry.act for entry in store.audit()].count("purge") == 1
    assert store.verify()[1] > 0
    store.close()


def test_the_second_copy_follows_and_a_restored_store_holds_the_same(store, data_dir, tmp_path, code):
    (tmp_path / "disk").mkdir()
    store.set_counter(COUNTER)
    application, kept = held(store, pages=3), held(store, 2, 2, pages=2)
    copy_once(store, tmp_path / "disk")
    store.begin_purge(application.id, 30, CLERK)
    store.purge_page()
    copy_once(store, tmp_path / "disk")
    restore(find_copy(tmp_path / "disk"), tmp_path / "half", lambda slots: slots.unlock_recovery(code))
    purge_all(store)
    assert copy_once(store, tmp_path / "disk").whole
    found = restore(find_copy(tmp_path / "disk"), tmp_path / "back", lambda slots: slots.unlock_recovery(code))
    assert found.originals == 2
    back = Vault(tmp_path / "back", TickingClock()).open_with_recovery(code)
    assert everything(back) == everything(store)
    assert back.purged(application.id) == store.purged(application.id)
    assert back.capture(kept.papers[0].pages[0].original) is not None
    back.close()
    half = Vault(tmp_path / "half", TickingClock()).open_with_recovery(code)
    assert purge_all(half) == 2
    half.close()


@pytest.mark.parametrize("table", ["applications", "outbox", "sent", "answers"])
def test_nothing_that_was_taken_sent_or_answered_can_be_deleted_by_sql(store, table):
    held(store)
    with pytest.raises(dbapi2.IntegrityError, match="stay"):
        store._db.execute(f"DELETE FROM {table}")
    assert row(store._db, f"SELECT count(*) AS n FROM {table}") == {"n": 1}


def test_a_draft_is_not_made_void_without_a_reason(store):
    store.save_draft(draft(), CLERK)
    with pytest.raises(StoreError, match="为什么"):
        store.discard_draft(ulid(1), CLERK, " \n")
    assert store.application(ulid(1)).state == "draft"


# pictures as they came


def cut(store, n: int = 1):
    """A draft with a page cut out of a picture, and a page that came as it is."""
    application = draft(n)
    store.save_draft(application, CLERK)
    whole, page_, plain = (store.add_capture(application.id, "diagnosis", page(n * 10 + at), "file") for at in range(3))
    application = application.with_paper(Paper("diagnosis", pages=(Page(page_, whole=whole), Page(plain)), seen=True))
    store.save_draft(application, CLERK)
    return application, whole, page_, plain


def test_a_drafts_pictures_as_they_came_are_kept_when_room_is_made(store):
    application, whole, page_, plain = cut(store)
    stray = store.add_capture(application.id, "diagnosis", page(9), "file")
    assert store.drop_loose(CLERK, spare=(), before="2027") == 1
    assert [store.capture(id_) is not None for id_ in (whole, page_, plain, stray)] == [True, True, True, False]
    (entry,) = store.entries()
    assert (entry.pages, entry.bytes) == (2, 4004)


def test_acceptance_lets_go_of_them_in_the_store_and_in_the_record(store, tmp_path):
    application, whole, page_, plain = cut(store)
    store.finalise(accept(application, 1), [rendered("form"), rendered("receipt")], CLERK)
    assert [store.capture(id_) is not None for id_ in (whole, page_, plain)] == [False, True, True]
    pages = store.application(application.id).papers[0].pages
    assert pages == (Page(page_), Page(plain))
    export_applications(store, PageMaker(), {}, tmp_path / "U盘", [application.id], CLERK)
    (folder,) = (path for path in (tmp_path / "U盘").iterdir() if path.is_dir())
    assert len(list((folder / "originals").iterdir())) == 2
    assert whole not in (folder / "record.json").read_text("utf-8")


def test_a_lost_picture_as_it_came_does_not_hold_up_acceptance(store):
    application, whole, _page, _plain = cut(store)
    store._db.execute("DELETE FROM originals WHERE id = ?", (whole,))
    store.finalise(accept(application, 1), [rendered("form"), rendered("receipt")], CLERK)
    assert store.application(application.id).state == "ready"


def test_they_travel_with_a_draft_to_another_counter_and_home(store, clock, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "_ARGON2", {"alg": "argon2id", "t": 1, "m": 8, "p": 1})
    application, whole, page_, plain = cut(store)
    parcel = store.hand_over(application.id, "2 号窗口", tmp_path, CLERK)
    (tmp_path / "there").mkdir()
    _, there = Vault(tmp_path / "there", TickingClock(dt.datetime(2026, 3, 6, 9))).create(CLERK, "另一台电脑的口令 2026")
    there.take_in(tmp_path / parcel.file, parcel.code, "gansu-jiuquan", CLERK)
    assert there.application(application.id).papers == application.papers
    assert all(there.capture(id_) for id_ in (whole, page_, plain))
    there.close()


def test_a_parcel_without_a_picture_it_needs_is_not_taken_in(store, clock, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "_ARGON2", {"alg": "argon2id", "t": 1, "m": 8, "p": 1})
    application, whole, _page, _plain = cut(store)
    store._db.execute("DELETE FROM originals WHERE id = ?", (whole,))
    parcel = store.hand_over(application.id, "2 号窗口", tmp_path, CLERK)
    (tmp_path / "there").mkdir()
    _, there = Vault(tmp_path / "there", TickingClock()).create(CLERK, "另一台电脑的口令 2026")
    with pytest.raises(StoreError, match="少一页"):
        there.take_in(tmp_path / parcel.file, parcel.code, "gansu-jiuquan", CLERK)
    there.close()
