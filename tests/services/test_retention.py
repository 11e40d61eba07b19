"""Originals go by rule, page by page, and nothing else ever does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from office_kit import accept, answer, deliver, export, keeping, line, page, put
from whole_kit import complete

from app.adapters.store.database import rows
from app.core.application import Page
from app.core.errors import AppError, StoreError
from app.services import answers, disk, intake, originals, retention
from app.services.history import history
from app.services.ports import Role
from app.services.retention import purge


def left(desk, application) -> int:
    return len(rows(desk.store._db, "SELECT id FROM originals WHERE application = ?", (application.id,)))


def later(desk, day: str) -> None:
    desk.clock.moment = desk.clock.moment.fromisoformat(f"{day}T09:00:00")


def acts(desk, act: str) -> list[tuple[str, str]]:
    return [(entry.subject, entry.what) for entry in desk.store.audit() if entry.act == act]


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "U盘"


def test_delivered_originals_go_when_the_regions_days_are_over_and_the_rest_stays(open_at, stick):
    desk = keeping(open_at(), 30)
    application = accept(desk, pages=3)
    deliver(desk, stick, application)
    later(desk, "2026-03-07")
    assert purge(desk) == 0
    later(desk, "2026-03-08")
    assert purge(desk) == 3
    assert (left(desk, application), purge(desk)) == (0, 0)
    stored = desk.store.application(application.id)
    assert (stored.acceptance, stored.papers) == (application.acceptance, application.papers)
    assert {"form", "receipt"} <= set(desk.store.documents(application.id))
    pages = [page.original for paper in stored.papers for page in paper.pages]
    assert all(desk.store.capture(id_) is None for id_ in pages)
    assert desk.store.thumbnails(pages) == {}
    assert rows(desk.store._db, "SELECT count(*) AS n FROM original_data") == [{"n": 0}]


def test_the_audit_has_one_row_an_application_with_count_and_digest_only(open_at, stick):
    desk = keeping(open_at(), 1)
    application = accept(desk, pages=3)
    deliver(desk, stick, application)
    later(desk, "2026-02-09")
    purge(desk)
    digest = desk.store._db.execute("SELECT received_digest FROM outbox").fetchone()[0]
    assert acts(desk, "purge") == [(application.id, f"3 {digest}")]
    assert history(desk, application.id)[-1][1].startswith("按规定清理原件")
    assert desk.store.verify_audit() > 0


def test_the_viewer_is_told_instead_of_an_empty_picture_and_no_export_pretends(open_at, stick, tmp_path):
    desk = keeping(open_at(), 30)
    application = accept(desk)
    deliver(desk, stick, application)
    assert retention.purged(desk, application.id) is None
    later(desk, "2026-04-01")
    purge(desk)
    assert retention.purged(desk, application.id).sentence == "原件已按规定清理（送达 2026-02-06，保留 30 天）"
    done = desk.exporter.export(desk.store, [application.id], tmp_path / "再来", desk.clerk)
    assert "已按规定清理" in done.failed[0]
    assert not [path for path in (tmp_path / "再来").iterdir() if path.is_dir()]


def test_nothing_goes_where_the_region_is_silent_until_a_supervisor_sets_the_days(desk, stick):
    application = accept(desk)
    deliver(desk, stick, application)
    later(desk, "2030-02-06")
    desk.store.keep("clock.seen", "")
    assert retention.standing(desk) == (False, "")
    assert purge(desk) == 0
    retention.set_days(desk, "60")
    assert retention.standing(desk) == (False, "60")
    assert purge(desk) == 2


def test_days_are_a_supervisors_and_never_the_counters_where_the_region_states_them(desk):
    desk.store.add_clerk("李娜", Role.CLERK, desk.clerk)
    with pytest.raises(AppError):
        retention.set_days(replace(desk, clerk="李娜"), "30")
    with pytest.raises(AppError, match="规定保留 90 天"):
        retention.set_days(keeping(desk, 90), "30")
    for wrong in ("0", "x", "99999"):
        with pytest.raises(AppError, match="整数"):
            retention.set_days(desk, wrong)
    retention.set_days(desk, "30")
    retention.set_days(desk, "")
    assert retention.standing(desk) == (False, "")


def test_drafts_unsent_unreceived_returned_and_void_work_never_goes(open_at, stick, tmp_path):
    desk = keeping(open_at(), 1)
    answers.set_key(desk, line())
    unsent, unreceived, returned = accept(desk), accept(desk), accept(desk)
    export(desk, stick, unreceived, returned)
    put(stick, answer(desk, stick, returned))
    answers.read_answers(desk, stick)
    desk.store._db.execute("UPDATE outbox SET needs_you = '少一页' WHERE application = ?", (returned.id,))
    drafts = []
    for _ in range(2):
        draft, _ = intake.save(desk, complete(desk))
        one = desk.store.add_capture(draft.id, "diagnosis", page(draft.id), "file")
        drafts.append(intake.save(desk, originals.place(draft, "diagnosis", (Page(one),)))[0])
    desk.store.discard_draft(drafts[1].id, desk.clerk, "申请人不办了")
    later(desk, "2026-06-06")
    assert purge(desk) == 0
    assert [left(desk, one) for one in (unsent, unreceived, returned, *drafts)] == [2, 2, 2, 1, 1]
    disk.make_room(desk)
    assert [left(desk, one) for one in (unsent, unreceived, returned, *drafts)] == [2, 2, 2, 1, 1]


def test_a_store_that_knows_of_no_matching_copy_refuses_whoever_asks(open_at, stick):
    desk = keeping(open_at(), 1)
    application = accept(desk)
    assert desk.store.begin_purge(application.id, 1, desk.clerk) == 0
    deliver(desk, stick, application)
    desk.store._db.execute("UPDATE outbox SET received_digest = ?", ("0" * 64,))
    later(desk, "2026-06-06")
    assert purge(desk) == 0
    assert desk.store.begin_purge(application.id, 1, desk.clerk) == 0
    assert (left(desk, application), acts(desk, "purge")) == (2, [])


def test_a_purge_that_was_stopped_anywhere_goes_on_and_is_said_once(open_at, stick):
    desk = keeping(open_at(), 1)
    first, second = accept(desk, pages=3), accept(desk, pages=2)
    deliver(desk, stick, first, second)
    later(desk, "2026-03-06")
    went = [purge(desk, 1) for _ in range(6)]
    assert went == [1, 1, 1, 1, 1, 0]
    assert (left(desk, first), left(desk, second)) == (0, 0)
    assert len(acts(desk, "purge")) == 2


def test_what_was_begun_ends_even_while_the_clock_is_doubted_but_nothing_is_begun(open_at, stick):
    desk = keeping(open_at(), 1)
    first, second = accept(desk), accept(desk)
    deliver(desk, stick, first, second)
    later(desk, "2026-03-06")
    assert purge(desk, 1) == 1
    later(desk, "2026-01-01")
    assert purge(desk) == 1
    assert sorted((left(desk, first), left(desk, second))) == [0, 2]


def test_it_is_due_once_a_day_and_goes_in_short_steps(open_at, stick):
    desk = keeping(open_at(), 1)
    application = accept(desk, pages=retention.STEP + 2)
    deliver(desk, stick, application)
    later(desk, "2026-03-06")
    assert retention.daily(desk)
    assert left(desk, application) == 2
    assert not retention.daily(desk)
    assert (left(desk, application), retention.due(desk)) == (0, False)
    later(desk, "2026-03-07")
    assert retention.due(desk)


def test_making_room_clears_what_is_over_and_says_so(open_at, stick):
    desk = keeping(open_at(), 1)
    application = accept(desk)
    deliver(desk, stick, application)
    later(desk, "2026-03-06")
    freed = disk.make_room(desk)
    assert freed.purged == 2
    assert "送达满期的原件 2 页" in freed.sentence


def test_unsent_work_can_only_be_made_void_with_a_reason_and_stays(desk):
    draft, _ = intake.save(desk, complete(desk))
    accepted = accept(desk)
    with pytest.raises(StoreError):
        desk.store.discard_draft(accepted.id, desk.clerk, "x")
    with pytest.raises(AppError):
        intake.discard(desk, draft, " ")
    intake.discard(desk, draft, "申请人不办了")
    assert {draft.id, accepted.id} <= {entry.id for entry in desk.store.entries()}
    assert desk.store.application(draft.id).applicant == draft.applicant
