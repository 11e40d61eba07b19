from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2
from store_kit import CLERK, COUNTER, accept, draft, every_file, finalised, page, rendered, ulid, with_page

from app.adapters.store import migrations
from app.adapters.store.database import rows, value
from app.core.application import State
from app.core.errors import StoreError
from app.services import ports
from app.services.ports import Counts, Queue

RARE = "㛃䶮𬭎𱁬"


def test_the_store_fulfils_its_port(vault, store):
    as_store: ports.Store = store
    as_vault: ports.Vault = vault
    for port, part in ((ports.Store, as_store), (ports.Vault, as_vault)):
        wanted = {name for name in vars(port) if not name.startswith("_")}
        assert wanted <= set(dir(part))


def test_a_draft_comes_back_as_it_was_typed(store):
    first = draft(name=f"阿依古丽·{RARE}", cert="5104021900", phone="138")
    saved = store.save_draft(first, CLERK)
    assert saved.revision == 1
    assert saved.at.startswith("2026-03-05T10:")
    assert store.application(first.id) == dataclasses.replace(first, revision=1)
    assert store.application(ulid(99)) is None


def test_each_saving_is_one_revision_further_whatever_the_value_says(store):
    application = draft()
    assert [store.save_draft(application, CLERK).revision for _ in range(3)] == [1, 2, 3]
    assert store.application(application.id).revision == 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
@example("\x00")
@example("\ud842")
@example('" OR 1')
def test_any_text_at_all_can_be_stored_and_searched(store, text):
    application = draft(7, name=text, cert=text, phone=text, summary=text) if text else draft(7)
    store.save_draft(application, CLERK)
    assert store.application(application.id).applicant == application.applicant
    store.search(text)


def test_what_is_accepted_cannot_be_saved_as_a_draft_again(store):
    application = finalised(store, 1, 1)
    before = store.application(application.id)
    with pytest.raises(StoreError, match="不是草稿"):
        store.save_draft(draft(1, name="别人"), CLERK)
    with pytest.raises(ValueError, match="only drafts"):
        store.save_draft(before, CLERK)
    assert store.application(application.id) == before


def test_a_draft_may_wait_for_papers_and_come_back(store):
    application = draft()
    store.save_draft(application, CLERK)
    store.save_draft(dataclasses.replace(application, state=State.WAITING), CLERK)
    assert store.application(application.id).state is State.WAITING
    assert store.counts("2026-03-05") == Counts(drafts=1, waiting=1)
    store.save_draft(application, CLERK)
    assert [entry.what for entry in reversed(store.audit()) if entry.act == "state"] == ["waiting", "draft"]


def test_discarding_keeps_the_row_the_reason_and_the_pages(store):
    application = draft()
    store.save_draft(application, CLERK)
    original = store.add_capture(application.id, "diagnosis", page(), "file")
    store.discard_draft(application.id, CLERK, "申请人改天再来")
    (entry,) = store.entries(states=[State.VOID])
    assert (entry.id, entry.state, entry.note) == (application.id, State.VOID, "申请人改天再来")
    assert store.application(application.id).state is State.VOID
    assert store.capture(original) == page()
    assert store.counts("2026-03-05") == Counts()
    for refused in (application.id, ulid(99)):
        with pytest.raises(StoreError, match="不是草稿"):
            store.discard_draft(refused, CLERK, "不办了")


def test_finalising_makes_everything_at_once(store):
    application = finalised(store, 1, 1, pages=2)
    stored = store.application(application.id)
    assert (stored.state, stored.acceptance, stored.revision) == (State.READY, application.acceptance, 2)
    assert {kind: document.pdf for kind, document in store.documents(application.id).items()} == {
        "form": rendered("form", "1").pdf,
        "receipt": rendered("receipt", "1").pdf,
    }
    (entry,) = store.entries(queue=Queue.HERE)
    assert entry == store.entries(states=[State.READY])[0] == store.entries(day="2026-03-05")[0]
    assert (entry.number, entry.queue, entry.pages, entry.bytes) == (application.acceptance.number, Queue.HERE, 2, 4004)
    assert (entry.diseases, entry.due, entry.accepted_at) == ("高血压、糖尿病", "2026-04-02", "2026-03-05T10:30:00")
    assert store.entries(day="2026-03-04") == []
    assert store.counts("2026-03-05") == Counts(here=1, today=1)
    assert store.next_sequence("2026-03-05") == 2


def test_finalising_drops_this_applications_unused_pages_and_nobody_elses(store):
    other, application = draft(2), draft(1)
    store.save_draft(other, CLERK)
    theirs = store.add_capture(other.id, "diagnosis", page(1), "file")
    unused = store.add_capture(application.id, "diagnosis", page(2), "drop")
    used = store.add_capture(application.id, "diagnosis", page(3), "paste")
    application = with_page(application, "diagnosis", used, turn=90)
    store.save_draft(application, CLERK)
    assert store.capture(unused) == page(2)
    store.finalise(accept(application, 1), [rendered("form")], CLERK)
    assert store.capture(unused) is None
    assert store.thumbnails([unused, used, theirs]) == {used: page(3).thumbnail, theirs: page(1).thumbnail}
    assert store.capture(used) == page(3)
    assert store.capture(theirs) == page(1)


def test_pages_wait_in_the_wal_until_the_store_is_let_fold_them(store, data_dir):
    file = data_dir / "store.db"
    before = file.stat().st_size
    ids = [store.add_capture(ulid(1), "diagnosis", page(n, size=500_000), "file") for n in range(3)]
    assert file.stat().st_size == before
    store.fold()
    assert file.stat().st_size > before + 1_500_000
    assert [store.capture(id_) for id_ in ids] == [page(n, size=500_000) for n in range(3)]


def test_a_page_whose_description_cannot_be_stored_leaves_nothing_of_itself(store):
    def counted():
        return [value(store._db, f"SELECT count(*) FROM {name}") for name in ("original_data", "thumbnails", "audit")]

    before = counted()
    with pytest.raises(dbapi2.IntegrityError, match="NOT NULL"):
        store.add_capture(ulid(1), "diagnosis", dataclasses.replace(page(), width=None), "file")
    assert counted() == before
    assert store.capture(store.add_capture(ulid(1), "diagnosis", page(), "file")) == page()


def test_of_pages_that_come_together_each_is_whole_or_not_there_and_those_before_a_bad_one_stay(store):
    several = [("diagnosis", page(n, size=200_000)) for n in range(3)]
    ids = store.add_captures(ulid(1), several, "file")
    assert [store.capture(id_) for id_ in ids] == [one for _, one in several]
    asked = "SELECT requirement, source FROM originals ORDER BY requirement"
    broken = [("card", page(7)), ("card", dataclasses.replace(page(8), width=None)), ("card", page(9))]
    with pytest.raises(dbapi2.IntegrityError, match="NOT NULL"):
        store.add_captures(ulid(1), broken, "drop")
    assert store._db.execute(asked).fetchall() == [("card", "drop")] + [("diagnosis", "file")] * 3
    assert value(store._db, "SELECT count(*) FROM original_data") == 4


def test_a_number_is_never_given_twice(store):
    finalised(store, 1, 1)
    store.save_draft(draft(2), CLERK)
    with pytest.raises(StoreError, match="已经用过"):
        store.finalise(accept(draft(2), 1), [rendered("form")], CLERK)
    assert store.application(ulid(2)).state is State.DRAFT
    assert store.documents(ulid(2)) == {}
    assert store.next_sequence("2026-03-05") == 2


def test_sequences_count_each_day_and_never_get_stuck_behind_a_gap(store):
    assert [store.next_sequence("2026-03-05") for _ in range(2)] == [1, 1]
    finalised(store, 1, 1)
    finalised(store, 2, 4)
    finalised(store, 3, 2)
    assert store.next_sequence("2026-03-05") == 5
    assert store.next_sequence("2026-03-06") == 1


def test_finalising_twice_without_a_number_or_with_a_page_missing_changes_nothing(store):
    application = finalised(store, 1, 1)
    with pytest.raises(StoreError, match="已经受理过"):
        store.finalise(application, [rendered("form")], CLERK)
    store.save_draft(draft(2), CLERK)
    with pytest.raises(ValueError, match="well-formed"):
        store.finalise(draft(2), [], CLERK)
    with pytest.raises(StoreError, match="原件没有存下"):
        store.finalise(accept(with_page(draft(2), "diagnosis", ulid(77)), 2), [], CLERK)
    assert store.application(ulid(2)).state is State.DRAFT
    assert store.counts("2026-03-05") == Counts(drafts=1, here=1, today=1)


def test_a_failure_half_way_through_finalising_leaves_the_draft(store, monkeypatch):
    store.save_draft(draft(), CLERK)
    before = store.application(draft().id), store.audit(), store.next_sequence("2026-03-05")

    def gone(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("app.adapters.store.originals.drop_unused", gone)
    with pytest.raises(KeyboardInterrupt):
        store.finalise(accept(draft(), 1), [rendered("form")], CLERK)
    assert (store.application(draft().id), store.audit(), store.next_sequence("2026-03-05")) == before
    assert store.documents(draft().id) == {}


def test_a_full_disk_is_one_sentence_and_the_draft_before_it_stays(store):
    store.save_draft(draft(), CLERK)
    pages = value(store._db, "PRAGMA page_count")
    value(store._db, f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(StoreError, match="硬盘满了"):
        store.add_capture(draft().id, "diagnosis", page(size=500_000), "file")
    with pytest.raises(StoreError, match="硬盘满了"):
        store.save_draft(draft(summary="长" * 100_000), CLERK)
    value(store._db, f"PRAGMA max_page_count={pages + 2000}")
    assert store.application(draft().id).summary == draft().summary
    assert store.save_draft(draft(summary="短"), CLERK).revision == 2
    assert store.verify_audit() == 2


def test_a_store_held_by_a_stranger_is_one_sentence(store, data_dir, monkeypatch):
    store.save_draft(draft(), CLERK)
    key = _key(data_dir, store)
    other = _raw(data_dir, key)
    store._db.execute("PRAGMA busy_timeout=50")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="占用"):
        store.save_draft(draft(summary="别的"), CLERK)
    other.execute("ROLLBACK")
    other.close()
    assert store.save_draft(draft(), CLERK).revision == 2


def test_lists_are_last_touched_first_and_end_where_told(store):
    for n in (1, 2, 3):
        store.save_draft(draft(n), CLERK)
    store.save_draft(draft(1), CLERK)
    assert [entry.id for entry in store.entries()] == [ulid(1), ulid(3), ulid(2)]
    assert [entry.id for entry in store.entries(limit=1)] == [ulid(1)]
    assert store.entries(states=[State.READY, State.SENT]) == []


def test_copied_applications_move_to_their_list(store):
    one, two = finalised(store, 1, 1), finalised(store, 2, 2)
    store.mark_copied([one.id, ulid(9)], "USB", CLERK)
    assert [entry.id for entry in store.entries(queue=Queue.COPIED)] == [one.id]
    assert [entry.id for entry in store.entries(queue=Queue.HERE)] == [two.id]
    assert store.counts("2026-03-05") == Counts(here=1, copied=1, today=2)
    assert [(entry.subject, entry.what) for entry in store.audit() if entry.act == "copy"] == [(one.id, "USB")]


def test_settings_and_the_counter_are_kept(vault, store, code):
    assert store.counter() is None
    assert store.setting("scale") == ""
    store.set_counter(COUNTER)
    store.set_counter(dataclasses.replace(COUNTER, name="四号窗口"))
    store.set_setting("scale", "1.25")
    store.set_setting("scale", "1.5")
    store.close()
    again = vault.open_with_recovery(code)
    assert again.counter() == dataclasses.replace(COUNTER, name="四号窗口")
    assert again.setting("scale") == "1.5"
    assert "1.5" not in {entry.what for entry in again.audit()}
    again.close()


def test_an_original_whose_bytes_changed_is_not_handed_out(store):
    id_ = store.add_capture(ulid(1), "diagnosis", page(), "file")
    with pytest.raises(dbapi2.IntegrityError, match="never altered"):
        store._db.execute("UPDATE original_data SET data = x'00'")
    store._db.execute("DROP TRIGGER original_data_stays")
    store._db.execute("UPDATE original_data SET data = x'00'")
    with pytest.raises(StoreError, match="原件的内容"):
        store.capture(id_)
    assert store.capture(ulid(5)) is None


def test_a_record_this_program_cannot_read_stops_that_one_only(store):
    store.save_draft(draft(1), CLERK)
    store.save_draft(draft(2), CLERK)
    store._db.execute("UPDATE applications SET record = '{\"format\": 99}' WHERE id = ?", (ulid(1),))
    with pytest.raises(StoreError, match="别的件不受影响"):
        store.application(ulid(1))
    assert store.application(ulid(2)) is not None
    assert len(store.entries()) == 2


def test_the_store_stays_with_the_thread_that_opened_it(store):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool, pytest.raises(dbapi2.ProgrammingError, match="thread"):
        pool.submit(store.counter).result()


# the audit chain


def test_the_audit_says_who_did_what_but_not_each_keystroke(store):
    application = draft()
    for who in (CLERK, CLERK, CLERK, "李娜", "李娜", CLERK):
        store.save_draft(application, who)
    store.note(CLERK, "view", application.id)
    acts = [(entry.act, entry.who) for entry in reversed(store.audit())]
    assert acts[1:] == [("create", CLERK), ("continue", "李娜"), ("continue", CLERK), ("view", CLERK)]
    assert store.verify_audit() == 5
    assert len(store.audit(limit=2)) == 2


def test_the_audit_can_neither_be_changed_nor_shortened(store):
    for sql in ("UPDATE audit SET who = 'x'", "DELETE FROM audit", "REPLACE INTO audit SELECT * FROM audit"):
        with pytest.raises(dbapi2.IntegrityError, match="append-only"):
            store._db.execute(sql)
    assert store.verify_audit() == 1


@pytest.mark.parametrize(
    ("sql", "link"),
    [
        ("UPDATE audit SET who = '李娜' WHERE seq = 3", 3),
        ("UPDATE audit SET at = '2026-01-01T00:00:00' WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 6", 6),
        ("DELETE FROM audit WHERE seq >= 1", 1),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 4", 4),
    ],
)
def test_a_tampered_audit_is_noticed_at_the_link(vault, store, data_dir, code, sql, link):
    for at in range(5):
        store.note(CLERK, "view", ulid(at))
    key = _key(data_dir, store)
    store.close()
    raw = _raw(data_dir, key)
    raw.execute("DROP TRIGGER audit_never_changes")
    raw.execute("DROP TRIGGER audit_never_shrinks")
    raw.execute(sql)
    raw.close()
    again = vault.open_with_recovery(code)
    with pytest.raises(StoreError, match=f"第 {link} 条"):
        again.verify_audit()
    again.close()


# the file


def test_a_newer_store_is_refused_and_not_touched(vault, store, data_dir, code):
    key = _key(data_dir, store)
    store.close()
    raw = _raw(data_dir, key)
    raw.execute(f"PRAGMA user_version={len(migrations.MIGRATIONS) + 1}")
    raw.close()
    with pytest.raises(StoreError, match="更新的程序版本"):
        vault.open_with_recovery(code)


def test_every_table_is_strict_and_the_settings_are_those_of_the_design(store):
    tables = rows(store._db, "PRAGMA table_list")
    ours = [t for t in tables if t["type"] == "table" and not t["name"].startswith("sqlite_")]
    assert len(ours) >= 10
    assert {t["name"] for t in ours if not t["strict"]} == set()
    expected = {
        "cipher_page_size": "16384",
        "cipher_status": "1",
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "auto_vacuum": 2,
        "recursive_triggers": 1,
    }
    assert {name: value(store._db, f"PRAGMA {name}") for name in expected} == expected
    assert rows(store._db, "PRAGMA cipher_integrity_check") == []
    assert value(store._db, "PRAGMA integrity_check") == "ok"


def test_nothing_of_a_record_stands_in_clear_on_the_disk(store, data_dir, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    application = finalised(store, 1, 1, pages=3, name=f"阿依古丽·{RARE}")
    store.save_draft(draft(2, summary="头晕三年，服药后平稳" * 500), CLERK)
    for at in range(50):
        store.save_draft(draft(10 + at), CLERK)
    store.search("阿依古丽")
    store.entries()
    secrets = [
        *dataclasses.astuple(application.applicant),
        *dataclasses.astuple(application.agent),
        application.acceptance.number,
        application.summary,
        "高血压",
        "酒泉市人民医院",
        "%PDF-1.7",
        "CREATE TABLE",
        "SQLite format 3",
    ]
    needles = {form for text in secrets if len(text) > 5 or not text.isascii() for form in _forms(text)} | {page(100).data[:40]}

    def check():
        files = every_file(data_dir, tmp_path)
        assert {"store.db", "store.keys.json", "store.lock"} <= {path.name for path in files}
        for path, data in files.items():
            for needle in needles:
                assert needle not in data, path.name

    assert (data_dir / "store.db-wal").stat().st_size > 0
    check()
    store.close()
    assert not (data_dir / "store.db-wal").exists()
    check()


def _forms(text: str) -> set[bytes]:
    """The text's bytes as a disk would have them. Four bytes, a name of two characters in UTF-16, stand in megabytes of ciphertext
    by chance about once in a thousand; six are met by chance once in a hundred million."""
    escaped = text.encode("ascii", "backslashreplace")
    forms = {text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("gb18030"), escaped}
    return {form for form in forms if len(form) >= 6}


def _key(data_dir, store) -> bytes:
    """The raw data key, as an attacker with a clerk's passphrase would have it."""
    from store_kit import PASSPHRASE

    from app.adapters.store.keys import read_key_file

    return read_key_file((data_dir / "store.keys.json").read_bytes()).unlock_clerk(CLERK, PASSPHRASE)


def _raw(data_dir, key: bytes):
    raw = dbapi2.connect(str(data_dir / "store.db"), isolation_level=None)
    raw.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    raw.execute("PRAGMA cipher_page_size=16384")
    return raw
