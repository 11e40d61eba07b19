"""Sealed answers from a stick: kept in order, and nothing forged, foreign, changed or half copied is shown to anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from office_kit import accept, answer, export, followed, manifest, put
from whole_kit import PZH, complete

from app.adapters.signing import OfficeSignatures
from app.core.answer import Accepted, Answer, Approved, Fault, Receipt, Refused, Supplement
from app.core.answer_json import NAMESPACE, written
from app.core.answer_wire import enclose
from app.core.application import State
from app.core.errors import AppError, StoreError
from app.core.submission import answer as path_of
from app.services import answers, finalise, intake, outcomes, places
from app.services.finalise import Missing
from app.services.ports import Queue

SIGNATURES = OfficeSignatures()
OFFICE, STRANGER = SIGNATURES.make(), SIGNATURES.make()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "回执-02"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(open_at):
    made = open_at(PZH)
    answers.set_key(made, SIGNATURES.public(OFFICE))
    return made


def handed(desk, stick, **changes):
    """An accepted application that was handed over, and the answers' common part."""
    application = accept(desk, pages=1) if not changes else accept_with(desk, **changes)
    export(desk, stick, application)
    stored = desk.store.application(application.id)
    base = Answer(
        places.wire(desk),
        1,
        application.id,
        stored.revision,
        manifest(stick, application),
        "2026-02-06T15:00:00",
        "何清",
        Receipt(),
    )
    return application, base


def accept_with(desk, **changes):
    application, _ = intake.save(desk, complete(desk, **changes))
    return finalise.finalise(desk, application).application


def lay(desk, stick, said: Answer, *, key: str = OFFICE, namespace: str = NAMESPACE, name: int = 0, to: str = ""):
    """Put a sealed answer on the stick, as a place has it."""
    body = written(said)
    sealed = desk.sealer.wrap(enclose(body, SIGNATURES.sign(body, key, namespace)), [to or answers.opens(desk)])
    path = stick / path_of(places.wire(desk), name or said.seq)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sealed)
    return path


def state(desk, application) -> State:
    return desk.store.application(application.id).state


def refusals(desk) -> list[str]:
    return [entry.what.partition(" ")[0] for entry in desk.store.audit() if entry.act == "answer_refused"]


def test_answers_are_read_in_their_order_and_told(desk, stick):
    application, base = handed(desk, stick)
    assert not answers.holds(stick) or True
    lay(desk, stick, base)
    lay(desk, stick, replace(base, seq=2, content=Accepted("YL26-004417")))
    lay(desk, stick, replace(base, seq=3, content=Approved("2026-02-06", "2028-02-05")))
    assert answers.holds(stick)
    read = answers.read_answers(desk, stick)
    assert read.sentence == "1 件已送达。2 件有答复（2、3 号）"
    assert state(desk, application) is State.APPROVED
    again = answers.read_answers(desk, stick)
    assert (again.taken, again.outcomes, again.known) == ((), (), 3)
    (found,) = outcomes.outcomes(desk)
    assert (found[1].number, found[1].answer.seq) == ("YL26-004417", 3)


def test_what_comes_after_a_gap_waits_and_is_told(desk, stick):
    application, base = handed(desk, stick)
    lay(desk, stick, base)
    answers.read_answers(desk, stick)
    lay(desk, stick, replace(base, seq=3, content=Refused("没有达到标准")))
    lay(desk, stick, replace(base, seq=4, content=Approved("2026-02-09"), at="2026-02-09T09:00:00"))
    read = answers.read_answers(desk, stick)
    assert read.missing == "缺第 2 号。3、4 先放着，读到 2 再显示"
    assert state(desk, application) is State.SENT
    assert outcomes.outcomes(desk) == []
    assert answers.standing(desk).waiting == (3, 4)
    lay(desk, stick, replace(base, seq=2, content=Accepted("A1")))
    read = answers.read_answers(desk, stick)
    assert [one.seq for one in read.outcomes] == [2, 3, 4]
    assert state(desk, application) is State.APPROVED
    out = outcomes.outcome(desk, application.id)
    assert [one.kind for one in out.others] == ["received", "accepted", "refused"]


@pytest.mark.parametrize(
    ("why", "how", "said"),
    [
        ("forged", {"key": STRANGER}, "签名不对，已隔开"),
        ("forged", {"namespace": "file"}, "签名不对，已隔开"),
        ("renamed", {"name": 5}, "名字对不上"),
        ("sealed", {"to": "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa"}, "不是封给本窗口的"),
    ],
)
def test_what_is_not_the_offices_or_not_for_here_is_set_apart(desk, stick, why, how, said):
    application, base = handed(desk, stick)
    lay(desk, stick, base, **how)
    for _ in range(2):
        read = answers.read_answers(desk, stick)
        assert said in read.sentence
        assert (read.taken, read.waiting) == ((), ())
    assert state(desk, application) is State.READY
    # However often the stick is put in, the audit hears of it once.
    assert refusals(desk) == [why]
    assert desk.store.answer_number() == 1


def test_half_a_file_and_noise_are_set_apart(desk, stick):
    _, base = handed(desk, stick)
    path = lay(desk, stick, base)
    whole = path.read_bytes()
    for spoiled in (whole[:-20], b"", b"noise", whole[:200]):
        path.write_bytes(spoiled)
        assert "打不开" in answers.read_answers(desk, stick).sentence
    path.write_bytes(whole)
    assert len(answers.read_answers(desk, stick).taken) == 1


def test_an_answer_for_another_counter_is_refused(desk, stick):
    application, base = handed(desk, stick)
    lay(desk, stick, replace(base, counter="JQ03"))
    assert "别的窗口" in answers.read_answers(desk, stick).sentence
    assert refusals(desk) == ["foreign"]
    assert state(desk, application) is State.READY


def test_a_number_given_twice_with_other_words_is_refused(desk, stick):
    application, base = handed(desk, stick)
    lay(desk, stick, base)
    answers.read_answers(desk, stick)
    lay(desk, stick, replace(base, content=Approved("2026-01-01")))
    read = answers.read_answers(desk, stick)
    assert "说法不一样" in read.sentence
    assert state(desk, application) is State.SENT
    assert refusals(desk) == ["other"]


def test_both_kinds_of_answer_may_lie_on_one_stick(desk, stick):
    application, base = handed(desk, stick)
    other, more = handed(desk, stick)
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    put(stick, answer(desk, stick, application), key=load_pem_private_key(OFFICE.encode(), None))
    lay(desk, stick, replace(more, seq=2))
    assert set(answers.read_answers(desk, stick).taken) == {application.id, other.id}
    assert base.application == application.id


def test_without_the_offices_key_nothing_is_believed(open_at, stick):
    desk = open_at(PZH)
    with pytest.raises(AppError, match="公钥"):
        answers.read_answers(desk, stick)


# what follows


SENT_BACK = Supplement((Fault("印章不清", "重新盖章", requirement="diagnosis"),), "2026-02-27")


def sent_back(desk, stick):
    application, base = handed(desk, stick)
    lay(desk, stick, base)
    lay(desk, stick, replace(base, seq=2, content=SENT_BACK))
    answers.read_answers(desk, stick)
    assert state(desk, application) is State.SUPPLEMENT
    return application, base


def test_nothing_is_accepted_again_while_what_was_asked_stands_unchanged(desk, stick):
    application, _ = sent_back(desk, stick)
    draft = outcomes.mend(desk, application.id)
    missing = finalise.finalise(desk, draft)
    assert isinstance(missing, Missing)
    assert [one.title for one in missing.findings] == ["市局要补诊断证明：印章不清"] or missing.findings[0].id.startswith(
        "office."
    )
    with pytest.raises(StoreError, match="没有"):
        outcomes.mend(desk, application.id)


def test_a_draft_that_mends_is_found_by_its_number_and_cannot_be_given_away(desk, stick, tmp_path):
    application, _ = sent_back(desk, stick)
    outcomes.mend(desk, application.id)
    assert [entry.id for entry in desk.store.search(application.acceptance.number)] == [application.id]
    assert desk.store.counts("2026-02-06").drafts == 1
    with pytest.raises(StoreError, match="只到本窗口"):
        desk.store.hand_over(application.id, "2 号窗口", tmp_path, desk.clerk)


def test_a_draft_that_mends_is_let_go_of_and_the_case_stands_as_the_office_decided(desk, stick):
    application, base = sent_back(desk, stick)
    before = desk.store.application(application.id)
    draft = outcomes.mend(desk, application.id)
    draft, _ = intake.save(desk, intake.answer(draft, "summary", "改到一半"))
    intake.discard(desk, draft, "申请人不补了")
    assert desk.store.application(application.id) == before
    draft = outcomes.mend(desk, application.id)
    lay(desk, stick, replace(base, seq=3, content=Approved("2026-02-10"), at="2026-02-10T09:00:00"))
    answers.read_answers(desk, stick)
    # Somebody is at work on it: told at acceptance, not pulled away.
    assert state(desk, application) is State.DRAFT
    assert outcomes.outcome(desk, application.id).answer.kind == "approved"
    with pytest.raises(AppError, match="已经通过了"):
        finalise.finalise(desk, draft)
    assert outcomes.leave_as_it_was(desk, application.id).state is State.APPROVED
    assert state(desk, application) is State.APPROVED


def test_the_next_version_waits_in_the_queue_like_any_other(desk, stick):
    application, _ = sent_back(desk, stick)
    draft = outcomes.mend(desk, application.id)
    stored = desk.store.add_capture(
        draft.id, "diagnosis", desk.store.capture(application.paper("diagnosis").pages[0].original), "file"
    )
    paper = draft.paper("diagnosis")
    draft = draft.with_paper(replace(paper, pages=(replace(paper.pages[0], original=stored),)))
    desk.clock.moment = desk.clock.moment.replace(day=9)
    second = finalise.finalise(desk, draft).application
    assert (second.acceptance.number, second.acceptance.due) == (application.acceptance.number, application.acceptance.due)
    assert second.acceptance.accepted_at.startswith("2026-02-09")
    assert state(desk, application) is State.READY
    assert desk.store.entries()[0].queue is Queue.HERE
    assert [id_ for id_, _ in desk.store.unsealed()] == [application.id]
    assert outcomes.outcome(desk, application.id) is None
    # Its next acceptance number is not one the first version used up.
    third = accept(desk, pages=0)
    assert third.acceptance.number != second.acceptance.number


def test_an_answer_heard_by_telephone_counts_until_a_signed_one_comes(desk, stick):
    application, base = handed(desk, stick)
    heard = outcomes.hear(desk, application.id, Refused("电话里说没达到"), "2026-02-08T10:00:00", "市局王科")
    assert heard.heard
    out = outcomes.outcome(desk, application.id)
    assert (state(desk, application), out.answer.heard, out.answer.by) == (State.REFUSED, True, "市局王科")
    assert desk.store.spent() == []
    assert desk.store.entries()[0].queue is Queue.COPIED
    lay(desk, stick, base)
    lay(desk, stick, replace(base, seq=2, content=Approved("2026-02-06")))
    answers.read_answers(desk, stick)
    out = outcomes.outcome(desk, application.id)
    assert (state(desk, application), out.answer.heard) == (State.APPROVED, False)
    assert [one.kind for one in out.others if one.heard] == ["refused"]
    assert "heard" in [entry.act for entry in desk.store.audit()]


@pytest.mark.parametrize(
    ("content", "at", "by", "said"),
    [
        (Refused(""), "2026-02-08T10:00:00", "王科", "为什么"),
        (Refused("没达到"), "昨天", "王科", "日期"),
        (Refused("没达到"), "2026-02-08T10:00:00", " ", "谁说的"),
        (Supplement(()), "2026-02-08T10:00:00", "王科", "至少写一处"),
        (Approved("2月6日"), "2026-02-08T10:00:00", "王科", "起始日"),
    ],
)
def test_what_was_heard_is_written_down_whole_or_not_at_all(desk, stick, content, at, by, said):
    application, _ = handed(desk, stick)
    with pytest.raises(AppError, match=said):
        outcomes.hear(desk, application.id, content, at, by)
    assert desk.store.answers(application.id) == []


def test_only_what_was_handed_over_has_answers(desk, stick):
    draft, _ = intake.save(desk, complete(desk))
    with pytest.raises(StoreError, match="没有报送"):
        outcomes.hear(desk, draft.id, Refused("x"), "2026-02-08T10:00:00", "王科")
    with pytest.raises(StoreError):
        outcomes.reapply(desk, draft.id)
    with pytest.raises(AppError, match="没有结果"):
        outcomes.paper(desk, draft.id)


def test_answers_and_former_versions_travel_into_the_second_copy(desk, stick):
    application, _ = sent_back(desk, stick)
    outcomes.mend(desk, application.id)
    assert {"inbox", "editions", "answers"} <= followed(desk)


@pytest.mark.parametrize("table", ["inbox", "editions"])
def test_what_was_answered_or_sent_back_can_be_neither_deleted_nor_altered_by_sql(desk, stick, table):
    from sqlcipher3 import dbapi2

    application, _ = sent_back(desk, stick)
    outcomes.mend(desk, application.id)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET application = 'x'"):
        with pytest.raises(dbapi2.IntegrityError):
            desk.store._db.execute(statement)


def test_the_notice_names_each_thing_as_people_do(desk, stick):
    application, base = handed(desk, stick)
    lay(desk, stick, base)
    told = Supplement(
        (
            Fault("印章不清", "重新盖章", requirement="diagnosis"),
            Fault("差一天", field="diseases.0.diagnosed_on"),
            Fault("少一份"),
        )
    )
    lay(desk, stick, replace(base, seq=2, content=told))
    answers.read_answers(desk, stick)
    answer_, paper = outcomes.paper(desk, application.id)
    assert answer_.seq == 2
    name = next(one.name for one in desk.region.requirements if one.id == "diagnosis")
    assert [one.name for one in paper.defects] == [name, "确诊日期 1", "申请"]
