"""A second pair of eyes before something leaves the counter: real store, real sealing."""

import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whole_kit import CLERK, PASSPHRASE, PZH, FixedClock, complete, open_desk, quick_slots, region

from app.core import paper_notice
from app.core.application import State
from app.core.checks import check
from app.core.errors import AppError, StoreError, WrongSecretError
from app.core.region import SecondLook
from app.core.second_look import Look, Verdict, drawn
from app.main import FolderExporter
from app.services import end_of_day, intake, second_look
from app.services.finalise import finalise
from app.services.ports import Queue, Role
from app.services.second_look import approve, kept, passed, released, returned

BOSS = "白玛措"
RULE = SecondLook(100, "受理的件另一人看过再报", "样本 1", workdays=2)


@given(st.text(st.characters(min_codepoint=48, max_codepoint=90), min_size=26, max_size=26), st.integers(1, 99))
def test_who_is_drawn_follows_from_the_id_alone_and_a_larger_part_holds_the_smaller(id_, percent):
    rule = SecondLook(percent)
    assert drawn(id_, rule) == (int(hashlib.sha256(id_.encode()).hexdigest(), 16) % 100 < percent)
    assert not drawn(id_, rule) or drawn(id_, SecondLook(percent + 1))
    assert drawn(id_, SecondLook(100))
    assert not drawn(id_, None)


@pytest.fixture(scope="module")
def place():
    return replace(region(PZH), second_look=RULE)


@pytest.fixture
def desk(tmp_path, monkeypatch, place):
    quick_slots(monkeypatch)
    desk = open_desk(tmp_path / "data", PZH, FixedClock())
    regions = {**desk.regions, PZH: place}
    desk = replace(desk, region=place, regions=regions, exporter=FolderExporter(desk.imaging, regions))
    yield desk
    desk.store.close()


def taken(desk):
    """One accepted application of the specimen's, without drawing its papers."""
    saved = intake.save(desk, complete(desk))[0]
    return finalise(desk, saved).application


def boss(desk):
    """Another supervisor at the same desk."""
    desk.store.add_clerk(BOSS, Role.SUPERVISOR, CLERK)
    return replace(desk, clerk=BOSS)


def test_a_drawn_one_leaves_by_no_way_until_another_supervisor_opened_it_and_passed_it(desk, tmp_path):
    one = taken(desk)
    report = desk.exporter.export(desk.store, [one.id], tmp_path / "stick", CLERK)
    assert report.written == ()
    assert report.failed == (
        f"{one.acceptance.number}：抽到第二人复核，主管还没看。主管在「管理」的「日终复核」里看过就送，满 2 个工作日没人看也照常送",
    )
    other = boss(desk)
    with pytest.raises(AppError, match="不能自己复核"):
        passed(desk, one.id)
    with pytest.raises(AppError, match="先打开看一遍"):
        passed(other, one.id)
    intake.reopen(other, one.id)
    passed(other, one.id)
    assert kept(desk, [one.id]) == {}
    assert len(desk.exporter.export(desk.store, [one.id], tmp_path / "stick", CLERK).written) == 1
    assert [(e.who, e.what) for e in desk.store.audit(subject=one.id) if e.act == "look"] == [(BOSS, "passed")]


def test_what_is_sent_back_stands_in_the_list_with_its_reason_until_it_is_looked_at_again(desk):
    one, other = taken(desk), boss(desk)
    with pytest.raises(AppError, match="哪里要改"):
        returned(other, one.id, " ")
    returned(other, one.id, "诊断证明没有盖章")
    (row,) = desk.store.entries(queue=Queue.NEEDS_YOU)
    assert row.note == "主管退回：诊断证明没有盖章"
    assert kept(desk, [one.id])[one.id].returned
    assert "盖章" not in " ".join(e.what for e in desk.store.audit())
    intake.reopen(other, one.id)
    passed(other, one.id)
    assert desk.store.entries(queue=Queue.NEEDS_YOU) == []
    assert [look.verdict for look in desk.store.looks(one.id)] == [Verdict.RETURNED, Verdict.PASSED]


def test_what_was_sent_back_is_corrected_under_its_number_and_stays_until_it_was_looked_at_again(desk, tmp_path):
    one, other = taken(desk), boss(desk)
    with pytest.raises(AppError, match="没有退回"):
        second_look.correct(desk, one.id)
    returned(other, one.id, "电话少一位")
    draft = second_look.correct(desk, one.id)
    assert (draft.state, draft.step, draft.mends.who, draft.read_back) == (State.DRAFT, "answers", BOSS, False)
    # While it is being corrected nothing of the former version leaves, and it still stands in the list.
    assert desk.store.unsealed() == []
    assert kept(desk, [one.id])[one.id].returned
    assert [row.note for row in desk.store.entries(queue=Queue.NEEDS_YOU)] == ["主管退回：电话少一位"]
    # As long as nothing was changed that is doubtful; it is the counter's own affair and on no paper.
    (doubt,) = [f for f in check(draft, desk.region, desk.clock.now().date()) if f.stops]
    assert doubt.title == "主管退回：电话少一位"
    assert not paper_notice.told(doubt)
    draft = replace(draft, applicant=replace(draft.applicant, phone="13800005678"), read_back=True)
    again = finalise(desk, intake.save(desk, draft)[0]).application
    assert again.acceptance.number == one.acceptance.number
    assert again.acceptance.due == one.acceptance.due
    assert again.mends is None
    stored = desk.store.application(one.id)
    assert stored.revision > one.revision
    assert [row.queue for row in desk.store.entries()] == [Queue.HERE]
    hold = kept(desk, [one.id])[one.id]
    assert (hold.returned, hold.corrected, hold.fact) == (False, True, "主管退回：电话少一位。改过了，主管还没再看")
    assert desk.exporter.export(desk.store, [one.id], tmp_path / "stick", CLERK).written == ()
    intake.reopen(other, one.id)
    passed(other, one.id)
    assert kept(desk, [one.id]) == {}
    acts = [(row.act, row.what) for row in reversed(desk.store.audit(subject=one.id)) if row.act in {"look", "reopen"}]
    assert acts == [("look", "returned"), ("reopen", f"{draft.mends.revision + 1} look"), ("look", "passed")]


def test_where_no_region_wants_it_what_was_corrected_waits_for_a_look_all_the_same_and_a_correction_may_be_let_go(desk):
    silent = replace(desk, region=region(PZH), regions={PZH: region(PZH)})
    one, other = taken(silent), boss(silent)
    one = silent.store.application(one.id)
    returned(other, one.id, "医院写错了")
    draft = second_look.correct(silent, one.id)
    intake.discard(silent, draft, "电话问过，没有错")
    stored = silent.store.application(one.id)
    assert (stored.state, stored.revision) == (State.READY, one.revision)
    assert kept(silent, [one.id])[one.id].returned
    draft = second_look.correct(silent, one.id)
    draft = replace(draft, read_back=True).with_reason(f"look.{one.revision}.untouched", "问过医院，名称没有错")
    assert finalise(silent, intake.save(silent, draft)[0]).application.acceptance.number == one.acceptance.number
    assert kept(silent, [one.id])[one.id].corrected
    (case,) = end_of_day.read(other).cases
    assert case.hold is not None
    assert second_look.until(silent, case.hold) == ""


def test_nobody_looks_then_it_goes_after_the_regions_days_or_by_a_supervisors_reason(desk):
    one, two = taken(desk), taken(desk)
    assert second_look.until(desk, kept(desk, [one.id])[one.id]) == "2026-02-10"
    released(desk, two.id, "申请人明天手术")
    assert list(kept(desk, [one.id, two.id])) == [one.id]
    desk.clock.moment = dt.datetime(2026, 2, 10, 17)
    assert end_of_day.read(desk).held == 1
    desk.clock.moment = dt.datetime(2026, 2, 11, 8)
    assert end_of_day.read(desk).held == 0
    assert [(e.who, e.what) for e in desk.store.audit() if e.act == "look"] == [("", "lapsed"), (CLERK, "released")]


def test_one_person_alone_passes_a_batch_by_the_passphrase_and_the_audit_says_alone(desk):
    one, two = taken(desk), taken(desk)
    intake.reopen(desk, one.id)
    with pytest.raises(WrongSecretError):
        approve(desk, [one.id], "不对的口令 1")
    done = approve(desk, [one.id, two.id], PASSPHRASE)
    assert done.passed == (one.id,)
    assert [id_ for id_, _ in done.left] == [two.id]
    assert [e.what for e in desk.store.audit() if e.act == "look"] == ["passed batch alone"]


def test_the_list_says_what_is_open_and_a_look_at_a_former_version_is_not_kept(desk):
    one, other = taken(desk), boss(desk)
    (case,) = end_of_day.read(other).cases
    assert case.open[0] == "回执没打印"
    assert case.open[1].startswith("原件没退还：")
    assert case.open[-1] == "还没报送"
    assert (case.own, case.seen, case.hold.rule) == (False, False, RULE)
    with pytest.raises(StoreError, match="新的一版"):
        desk.store.keep_look(Look(one.id, 99, "2026-02-06T17:00:00", BOSS, Verdict.PASSED))


def test_where_no_region_wants_it_nothing_is_held_and_a_supervisor_may_look_all_the_same(desk):
    silent = replace(desk, region=region(PZH), regions={PZH: region(PZH)})
    one, other = taken(silent), boss(silent)
    assert kept(silent, [one.id]) == {}
    assert approve(silent, [one.id], PASSPHRASE).left[0][1].startswith("自己经办的件")
    passed(other, one.id, batch=True)
    assert end_of_day.read(other).cases[0].settled
    returned(other, one.id, "电话少一位")
    assert list(kept(silent, [one.id])) == [one.id]


def test_what_left_the_counter_is_not_sent_back_any_more(desk, tmp_path):
    one, other = taken(desk), boss(desk)
    released(desk, one.id, "市局催")
    assert len(desk.exporter.export(desk.store, [one.id], tmp_path / "stick", CLERK).written) == 1
    with pytest.raises(StoreError, match="已经送出"):
        returned(other, one.id, "电话少一位")
