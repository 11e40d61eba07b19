"""A draft goes to another counter whole, and there is one answer to whose it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_kit import CLERK, COUNTER, PASSPHRASE, accept, draft, every_file, page, rendered, with_page

from app.adapters.store import Vault, parcels
from app.core.application import Gap, State, Waiting
from app.core.errors import AppError, StoreError, WrongSecretError

OTHER = "李娜"
TO = " 2 号窗口 李娜"
REGION = COUNTER.region


@pytest.fixture(autouse=True)
def _quick(quick_keys):
    pass


@pytest.fixture
def here(tmp_path, clock):
    _, store = Vault(tmp_path / "here", clock).create(CLERK, PASSPHRASE)
    store.set_counter(COUNTER)
    yield store
    store.close()


@pytest.fixture
def there(tmp_path, clock):
    _, store = Vault(tmp_path / "there", clock).create(OTHER, PASSPHRASE)
    store.set_counter(replace(COUNTER, code="02", name="二号窗口"))
    yield store
    store.close()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def begun(store, n=1, pages=2):
    application = draft(n)
    store.save_draft(application, CLERK)
    ids = [store.add_capture(application.id, "diagnosis", page(n * 10 + at, 5000), "file") for at in range(pages + 1)]
    for id_ in ids[:pages]:  # the last one was taken off the paper again
        application = with_page(application, "diagnosis", id_, 90)
    store.save_draft(application, "赵敏")
    return store.application(application.id), ids


def test_a_draft_arrives_with_its_answers_pages_and_journal(here, there, stick):
    application, ids = begun(here)
    parcel = here.hand_over(application.id, TO, stick, CLERK)
    taken = there.take_in(stick / parcel.file, parcel.code.lower(), REGION, OTHER)
    assert taken == replace(application, revision=application.revision + 1)
    assert there.application(taken.id) == taken
    assert taken.author == CLERK  # who began it stays
    for id_ in ids:
        assert there.capture(id_) == here.capture(id_)
    noted = [(entry.who, entry.act) for entry in there.journal(taken.id)]
    assert noted[0] == (f"{CLERK}（03 号窗口）", "create")
    assert ("赵敏（03 号窗口）", "continue") in noted
    assert [(e.who, e.act) for e in there.audit(subject=taken.id)] == [(OTHER, "taken_over")]
    assert here.audit(1, taken.id)[0].act == "handover"
    assert [entry.id for entry in there.search("沈桂兰")] == [taken.id]
    assert there.verify_audit() > 0
    assert here.verify_audit() > 0


def test_what_was_given_away_is_looked_at_and_not_changed(here, stick):
    application, _ = begun(here)
    here.hand_over(application.id, TO, stick, CLERK)
    assert here.application(application.id).state is State.DRAFT
    assert (here.handed(application.id), here.entries()[0].handed) == (TO, TO)
    number = accept(here.application(application.id), 1)
    for change in (
        lambda: here.save_draft(application, CLERK),
        lambda: here.add_capture(application.id, "diagnosis", page(77), "file"),
        lambda: here.discard_draft(application.id, CLERK, "不办了"),
        lambda: here.finalise(number, [rendered("form")], CLERK),
        lambda: here.hand_over(application.id, "4 号窗口", stick, CLERK),
    ):
        with pytest.raises(StoreError, match="已交给 2 号窗口 李娜"):
            change()


def test_a_parcel_is_taken_in_once_and_never_over_an_own_application(here, there, stick):
    application, _ = begun(here)
    parcel = here.hand_over(application.id, TO, stick, CLERK)
    there.take_in(stick / parcel.file, parcel.code, REGION, OTHER)
    with pytest.raises(StoreError, match="已经读入过"):
        there.take_in(stick / parcel.file, parcel.code, REGION, OTHER)
    here.take_back(application.id, "对方没有读入", CLERK)
    with pytest.raises(StoreError, match="已经在本机"):
        here.take_in(stick / parcel.file, parcel.code, REGION, CLERK)


def test_a_draft_comes_home_with_what_was_done_elsewhere(here, there, stick):
    application, _ = begun(here)
    first = here.hand_over(application.id, TO, stick, CLERK)
    away = there.take_in(stick / first.file, first.code, REGION, OTHER)
    new = there.add_capture(away.id, "diagnosis", page(500), "file")
    away = with_page(replace(away, summary="另一个窗口补的"), "diagnosis", new)
    there.save_draft(away, OTHER)
    second = there.hand_over(away.id, "3 号窗口", stick, OTHER)
    home = here.take_in(stick / second.file, second.code, REGION, CLERK)
    assert (home.summary, here.handed(home.id)) == ("另一个窗口补的", "")
    assert here.capture(new).data == page(500).data
    here.save_draft(replace(home, summary="接着办"), CLERK)
    with pytest.raises(StoreError, match="已交给"):
        there.save_draft(away, OTHER)
    here.finalise(accept(here.application(home.id), 1), [rendered("form")], CLERK)
    third = [entry.act for entry in here.journal(home.id)]
    assert "taken_over" in third


def test_taking_back_needs_that_it_was_given_and_keeps_the_reason(here, stick):
    application, _ = begun(here)
    with pytest.raises(StoreError, match="不用拿回"):
        here.take_back(application.id, "看错了", CLERK)
    here.hand_over(application.id, TO, stick, CLERK)
    here.take_back(application.id, "U 盘丢了", CLERK)
    assert "U 盘丢了" in here.entries()[0].note
    assert here.audit(1)[0].act == "taken_back"
    here.save_draft(application, CLERK)


def test_a_wrong_code_another_region_and_a_file_that_is_not_whole_are_told_apart(here, there, stick):
    application, _ = begun(here)
    parcel = here.hand_over(application.id, TO, stick, CLERK)
    path = stick / parcel.file
    whole = path.read_bytes()
    other = ("0" if parcel.code[0] != "0" else "1") + parcel.code[1:]
    with pytest.raises(WrongSecretError, match="移交码对不上"):
        there.take_in(path, other, REGION, OTHER)
    with pytest.raises(WrongSecretError, match="少 1 个"):
        there.take_in(path, parcel.code[:-1], REGION, OTHER)
    with pytest.raises(StoreError, match="别的统筹区"):
        there.take_in(path, parcel.code, "sichuan-panzhihua", OTHER)
    frames = list(parcels._pieces(whole, 8))
    cuts = [whole[:-1], whole[: len(whole) // 2], whole[: -(len(frames[-1]) + 4)], whole[: len(whole) - 200] + bytes(200)]
    for content in cuts:
        path.write_bytes(content)
        with pytest.raises(StoreError, match="不完整"):
            there.take_in(path, parcel.code, REGION, OTHER)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(StoreError, match="不是移交文件"):
        there.take_in(path, parcel.code, REGION, OTHER)
    path.unlink()
    with pytest.raises(AppError, match="读不到"):
        there.take_in(path, parcel.code, REGION, OTHER)
    assert there.entries() == []
    assert there.journal(application.id) == []


def test_nothing_was_handed_over_when_the_folder_takes_no_file(here, tmp_path, stick, monkeypatch):
    application, _ = begun(here)
    with pytest.raises(AppError, match="没有移交"):
        here.hand_over(application.id, TO, tmp_path / "gone", CLERK)
    assert here.handed(application.id) == ""
    here.save_draft(application, CLERK)


def test_a_case_that_waits_for_papers_goes_on_elsewhere_with_its_notice(here, there, stick):
    """Also home again: by then there is a second notice."""
    application, _ = begun(here)
    gaps = (Gap("papers.identity", "身份证", "没有交", "带来"),)
    application = replace(application, state=State.WAITING, waiting=Waiting("2026-03-05T10:00:00", CLERK, gaps, "2026-03-20"))
    here.park(application, [rendered("notice", "一"), rendered("notice-large")], CLERK)
    parcel = here.hand_over(application.id, TO, stick, CLERK)
    taken = there.take_in(stick / parcel.file, parcel.code, REGION, OTHER)
    assert (taken.state, taken.waiting) == (State.WAITING, application.waiting)
    assert there.documents(taken.id) == {"notice": rendered("notice", "一"), "notice-large": rendered("notice-large")}
    row = there.entries(states=[State.WAITING])[0]
    assert (row.id, row.deadline, row.lacks) == (application.id, "2026-03-20", "身份证")
    with pytest.raises(StoreError, match="已交给"):
        here.park(application, [rendered("notice", "二")], CLERK)
    there.keep_documents(taken.id, [rendered("notice", "二")], OTHER)
    back = there.hand_over(taken.id, "3 号窗口", stick, OTHER)
    home = here.take_in(stick / back.file, back.code, REGION, CLERK)
    assert (home.state, here.handed(home.id)) == (State.WAITING, "")
    assert here.documents(home.id)["notice"] == rendered("notice", "二")
    here.finalise(accept(home, 1), [rendered("form")], CLERK)


def test_only_drafts_are_handed_over(here, stick):
    application, _ = begun(here)
    here.finalise(accept(application, 1), [rendered("form")], CLERK)
    with pytest.raises(StoreError, match="已经受理"):
        here.hand_over(application.id, TO, stick, CLERK)
    assert list(stick.iterdir()) == []


def test_a_parcel_says_nothing_about_a_person_in_name_or_content(here, stick):
    application, _ = begun(here)
    parcel = here.hand_over(application.id, TO, stick, CLERK)
    assert application.id not in parcel.file
    for content in every_file(stick).values():
        for told in (application.applicant.name, application.applicant.cert_number, application.applicant.phone, CLERK):
            assert told.encode() not in content
