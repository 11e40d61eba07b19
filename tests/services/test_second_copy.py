from __future__ import annotations

import datetime as dt

import pytest
from whole_kit import complete, print_documents

from app.core.errors import CopyError
from app.services import printing, second_copy
from app.services.finalise import Ready, finalise
from app.services.ports import Affected, CopyMark, CopyRecord, Mended, Restored
from app.services.second_copy import say

NOW = dt.datetime(2026, 2, 6, 10, 58)
FOLDER = "/media/disk"


def record(at="2026-02-06T10:47:12", checked="2026-02-01T09:00:00", problem="", folder=FOLDER):
    return CopyRecord(folder, at, checked, problem)


@pytest.mark.parametrize(
    ("folder", "known", "tone", "words"),
    [
        ("", CopyRecord(), "open", "没有设置"),
        (FOLDER, CopyRecord(), "warn", "还没有写过"),
        (FOLDER, CopyRecord(FOLDER, problem="盘满了"), "bad", "还没有写过"),
        (FOLDER, record(), "good", "10:47 已写入"),
        (FOLDER, record("2026-02-05T17:02:00"), "good", "昨天 17:02"),
        (FOLDER, record("2026-02-03T17:02:00"), "warn", "3 天没备份"),
        (FOLDER, record("2026-02-03T17:02:00", problem="盘没插好"), "bad", "3 天没备份"),
        (FOLDER, record(problem="盘没插好"), "bad", "10:47 后没写成"),
        (FOLDER, record(checked="2026-01-07T09:00:00"), "warn", "该做恢复检查"),
        (FOLDER, record(folder="/media/other"), "warn", "还没有写过"),
    ],
)
def test_one_line_says_how_old_the_copy_is(folder, known, tone, words):
    told = say(folder, known, NOW)
    assert (told.tone, told.words) == (tone, words)
    assert (told.sentence == "") is (tone == "good")


@pytest.fixture
def accepted(desk, tmp_path):
    result = finalise(desk, complete(desk))
    assert isinstance(result, Ready)
    second_copy.choose(desk, str(tmp_path / "disk"))
    return result


def mark(result, seconds):
    at = dt.datetime.fromisoformat(result.application.acceptance.accepted_at) + dt.timedelta(seconds=seconds)
    return CopyMark(9, at.isoformat(timespec="seconds"), whole=True)


def test_the_finished_page_says_only_what_is_true(desk, accepted, tmp_path):
    id_, folder = accepted.application.id, str(tmp_path / "disk")
    assert second_copy.line(desk, id_) == ""
    second_copy.written(desk, folder, mark(accepted, -60))
    assert second_copy.line(desk, id_) == ""
    second_copy.written(desk, folder, mark(accepted, 2))
    assert second_copy.line(desk, id_).endswith("已写入。")
    second_copy.not_written(desk, folder, "盘没插好")
    assert second_copy.line(desk, id_).endswith("已写入。")
    second_copy.choose(desk, str(tmp_path / "elsewhere"))
    assert second_copy.line(desk, id_) == ""


def test_the_receipt_waits_for_the_copy_only_where_the_office_says_so(desk, accepted, tmp_path):
    id_, folder = accepted.application.id, str(tmp_path / "disk")
    print_documents(desk, id_, accepted.documents)
    desk.store.set_setting(second_copy.WAITS, "1")
    form = [document for document in accepted.documents if document.kind == "form"]
    print_documents(desk, id_, form)
    with pytest.raises(CopyError, match="回执等第二份备份写好再打"):
        print_documents(desk, id_, accepted.documents)
    second_copy.not_written(desk, folder, "盘满了。换一块盘")
    with pytest.raises(CopyError, match="盘满了。换一块盘"):
        printing.save_documents(desk, id_, accepted.documents, tmp_path)
    assert list(tmp_path.glob("*.pdf")) == []
    second_copy.written(desk, folder, mark(accepted, 2))
    print_documents(desk, id_, accepted.documents)


def test_without_a_folder_no_receipt_waits(desk):
    result = finalise(desk, complete(desk))
    desk.store.set_setting(second_copy.WAITS, "1")
    print_documents(desk, result.application.id, result.documents)


def test_a_proved_restore_is_remembered_and_outlives_the_next_run(desk, accepted, tmp_path):
    folder = str(tmp_path / "disk")
    second_copy.written(desk, folder, mark(accepted, 2))
    assert not second_copy.standing(desk.store, desk.clock.now()).check_due
    desk.clock.moment += dt.timedelta(days=31)
    assert second_copy.check_due(desk.store.copy_record(), desk.clock.now())
    found = Restored("2026-02-06T10:47:12", {"applications": 3, "originals": 7}, 41, 7)
    assert (
        second_copy.checked(desk, found) == "能恢复：申请 3 件，原件 7 页，操作记录 41 条，写于 2026-02-06 10:47:12，逐件对过"
    )
    second_copy.written(desk, folder, mark(accepted, 60))
    assert not second_copy.check_due(desk.store.copy_record(), desk.clock.now())
    assert second_copy.check_due(desk.store.copy_record(), desk.clock.now() + dt.timedelta(days=30))


def test_what_damage_hit_is_said_case_by_case():
    hit = (Affected("a", "JQ03-260305-0001-8", "一份文书"), Affected("b", "草稿·沈*兰"))
    title, text = second_copy.mended_words(Mended(hit, 1, copy_used=True, kept="store.db.damaged"))
    assert title == "查过了，碰到 2 件"
    assert text.splitlines()[:3] == [
        "JQ03-260305-0001-8：一份文书读不出来了",
        "草稿·沈*兰：已补回",
        "另有 1 条设置或操作记录读不出来",
    ]
    assert "store.db.damaged" in text


def test_same_disk_is_seen(tmp_path):
    assert second_copy.same_disk(tmp_path, tmp_path)
    assert not second_copy.same_disk(tmp_path / "missing", tmp_path)
