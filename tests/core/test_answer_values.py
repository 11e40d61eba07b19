"""Answers as values: one written form, read strictly; and a state that no order of reading can change."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.answer import KINDS, Accepted, Answer, Approved, Conflict, Fault, Receipt, Refused, Supplement, on_paper, summary
from app.core.answer_findings import asked, reopened, standing
from app.core.answer_json import parse, written
from app.core.answer_states import official_number, shown, state_of
from app.core.answer_wire import Card, disclose, enclose, number_of, read_card, write_card
from app.core.application import Acceptance, Application, Disease, Page, Paper, State, put
from app.core.record import from_record, to_record
from app.core.submission import answer as path_of

ID, DIGEST = "01JD2ZK7M8N9P0QRSTVWXYZABC", "ab" * 32
words = st.text("沈桂兰 abcXY12，。：、（）", max_size=40).map(str.strip)
needed = words.filter(bool)
days = st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))
moments = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat())
faults = st.one_of(
    st.builds(Fault, needed, words, words, st.sampled_from(["", "summary", "diseases.0.diagnosed_on", "applicant.phone"])),
    st.builds(Fault, needed, words, words, st.just(""), st.sampled_from(["diagnosis", "id-card"]), st.integers(0, 99)),
)
contents = st.one_of(
    st.just(Receipt()),
    st.builds(Accepted, needed),
    st.builds(Supplement, st.lists(faults, min_size=1, max_size=5).map(tuple), days),
    st.builds(Approved, days, days, days, words, words, words),
    st.builds(Refused, needed, words, words, st.lists(needed, max_size=3).map(tuple)),
    st.builds(Conflict, st.just("cd" * 32), words),
)
answers = st.builds(
    Answer,
    st.just("JQ03"),
    st.integers(1, 2**40),
    st.just(ID),
    st.integers(1, 3),
    st.just(DIGEST),
    moments,
    needed,
    contents,
)


@given(answers)
def test_an_answer_is_read_as_it_was_written(answer):
    assert parse(written(answer)) == answer
    assert written(parse(written(answer))) == written(answer)
    assert summary(answer.content)


@given(st.builds(dataclasses.replace, answers, seq=st.just(0), digest=st.just("")))
def test_one_that_was_heard_is_read_only_where_that_is_expected(answer):
    assert parse(written(answer), heard=True) == answer
    with pytest.raises(ValueError, match="seq"):
        parse(written(answer))


@given(answers, st.data())
def test_nothing_is_passed_over_or_put_right(answer, data):
    told = json.loads(written(answer))
    key = data.draw(st.sampled_from(sorted(told)))
    match data.draw(st.sampled_from(["gone", "more", "other"])):
        case "gone":
            del told[key]
        case "more":
            told["extra"] = 1
        case _:
            told[key] = data.draw(
                st.sampled_from([None, 1.5, [None], {"a": 1}, " 左右有空 ", "第一行\n第二行", True, -1, "\ud800"])
            )
    with pytest.raises(ValueError):  # noqa: PT011 - which key is told depends on the draw
        parse(json.dumps(told).encode())


@given(st.binary(max_size=300))
def test_noise_is_no_answer_no_container_and_no_card(noise):
    for read in (parse, disclose, lambda data: read_card(data, "office")):
        with pytest.raises(ValueError):  # noqa: PT011 - noise is wrong in any way
            read(noise)


@pytest.mark.parametrize(
    "spoil",
    [
        b'{"format":1,"format":1}',
        b'{"format":2}',
        b"[]",
        b'{"seq":NaN}',
        b"\xff",
        b"[" * 100_000,
        b" " * 300_000,
    ],
)
def test_odd_files_are_refused_by_name(spoil):
    with pytest.raises(ValueError, match=r"."):
        parse(spoil)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(""),
        Fault("a", field="diseases.0", requirement="diagnosis"),
        Fault("a", field="Diseases"),
        Fault("a", field="summary", page=1),
        Fault("a", requirement="../x"),
        Fault("a", requirement="diagnosis", page=1000),
    ],
)
def test_a_fault_names_one_thing_and_says_what_is_wrong(fault):
    with pytest.raises(ValueError, match=r"."):
        written(Answer("JQ03", 1, ID, 1, DIGEST, "2026-02-06T10:00:00", "何清", Supplement((fault,))))


@given(answers)
def test_a_container_gives_back_the_very_bytes_that_were_signed(answer):
    body = written(answer)
    assert disclose(enclose(body, "-----BEGIN SSH SIGNATURE-----\n")) == (body, b"-----BEGIN SSH SIGNATURE-----\n")


def test_a_path_says_counter_and_number_and_nothing_else_is_one():
    assert number_of(path_of("JQ03", 17)) == ("JQ03", 17)
    for wrong in (
        "down/v1/JQ03/0000000000.age",
        "down/v1/JQ03/17.age",
        "down/v1/../0000000017.age",
        "up/v1/JQ03/0000000017.age",
    ):
        with pytest.raises(ValueError, match="path"):
            number_of(wrong)


def test_a_card_is_read_for_whom_it_is():
    office = Card("office", "酒泉市医保中心", "", "ssh-ed25519 " + "A" * 68, "age1" + "q" * 58)
    assert read_card(write_card(office), "office") == office
    with pytest.raises(ValueError, match="card"):
        read_card(write_card(office), "counter")
    for wrong in ({"opens": "AGE-SECRET-KEY-1"}, {"signs": "ssh-rsa AAAA"}, {"name": ""}, {"counter": "JQ03"}):
        with pytest.raises(ValueError, match="card"):
            read_card(write_card(dataclasses.replace(office, **wrong)), "office")


# states


@given(st.lists(answers, max_size=8), st.integers(1, 3), st.randoms(use_true_random=False))
def test_no_order_of_reading_changes_where_an_application_stands(told, revision, order):
    told = [dataclasses.replace(one, seq=at) for at, one in enumerate(told, start=1)]
    shuffled = order.sample(told, len(told))
    assert state_of(told, revision, State.READY) is state_of(shuffled, revision, State.READY)
    assert shown(told, revision) == shown(shuffled, revision)
    assert official_number(told) == official_number(shuffled)


@given(st.lists(answers, max_size=8), st.sampled_from([State.DRAFT, State.WAITING, State.VOID]))
def test_what_is_being_written_or_void_is_never_moved(told, state):
    assert state_of(told, 1, state) is state


def said(seq, content, at="2026-02-06T10:00:00", revision=1) -> Answer:
    return Answer("JQ03", seq, ID, revision, DIGEST if seq else "", at, "何清", content)


def test_the_later_dated_counts_and_a_signed_one_before_one_that_was_heard():
    approved, refused = said(3, Approved("2026-02-06")), said(2, Refused("没达到"), "2026-02-07T09:00:00")
    assert shown([approved, refused]) is refused
    heard = said(0, Refused("电话里说不行"), "2026-03-01T09:00:00")
    assert shown([approved, heard]) is approved
    assert state_of([heard], 1, State.READY) is State.REFUSED
    assert state_of([said(1, Receipt())], 1, State.READY) is State.SENT
    assert state_of([said(0, Receipt())], 1, State.READY) is State.READY


def test_a_supplement_is_over_when_the_next_version_was_accepted_and_an_approval_is_not():
    supplement, approved = said(2, Supplement((Fault("缺一页"),))), said(3, Approved())
    assert state_of([supplement], 1, State.SENT) is State.SUPPLEMENT
    assert state_of([supplement], 2, State.READY) is State.READY
    assert state_of([supplement, approved], 2, State.READY) is State.APPROVED


def test_the_office_numbers_the_case_and_its_last_word_on_it_counts():
    assert official_number([said(1, Receipt())]) == ""
    assert official_number([said(2, Accepted("A1")), said(3, Approved(number=""))]) == "A1"
    assert official_number([said(2, Accepted("A1")), said(3, Approved(number="A2"))]) == "A2"


# what is asked


def an_application(**more) -> Application:
    accepted = Acceptance("JQ03-260206-0001-1", "2026-02-06T10:00:00")
    made = Application(
        ID,
        "gansu-jiuquan",
        "1",
        diseases=(Disease("糖尿病", "M01600", "2026-01-19"),),
        papers=(Paper("diagnosis", pages=(Page("P1"),)),),
    )
    return dataclasses.replace(made, acceptance=accepted, state=State.SUPPLEMENT, revision=7, **more)


def test_the_next_version_keeps_everything_and_the_record_keeps_what_was_asked():
    supplement = Supplement(
        (Fault("印章不清", "重新盖", requirement="diagnosis", page=2), Fault("哪一年", field="nowhere.else")), "2026-02-27"
    )
    answer = said(4, supplement, revision=7)
    draft = reopened(an_application(), answer, supplement)
    assert (draft.state, draft.revision, draft.acceptance) == (State.DRAFT, 8, None)
    assert [(one.field, one.problem) for one in draft.mends.asked] == [
        ("papers.diagnosis", "第 2 页：印章不清"),
        ("", "哪一年"),
    ]
    assert draft.mends.acceptance.number == "JQ03-260206-0001-1"
    assert from_record(to_record(draft)) == draft
    with pytest.raises(ValueError, match="accepted"):
        reopened(draft, answer, supplement)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("diseases.0.diagnosed_on", lambda one: put(one, "diseases.0.diagnosed_on", "2026-01-09")),
        ("papers.diagnosis", lambda one: put(one, "papers.diagnosis.pages", (Page("P2"),))),
        ("papers.diagnosis", lambda one: put(one, "papers.diagnosis.issued_on", "2026-01-09")),
        ("applicant", lambda one: put(one, "applicant.phone", "13800001234")),
        ("diseases.0.name", lambda one: put(one, "diseases", ())),
    ],
)
def test_what_was_asked_is_known_to_be_changed(path, change):
    before = an_application()
    assert standing(before, path) == standing(put(before, "summary", "别处改了"), path)
    assert standing(change(before), path) != standing(before, path)


@given(faults)
def test_every_fault_finds_a_field_or_the_whole(fault):
    (one,) = asked(an_application(), (fault,))
    assert one.problem.endswith(fault.problem)
    assert one.field in {"", fault.path}


def test_the_letter_says_what_the_office_said_and_works_nothing_out():
    paper = on_paper(said(3, Approved("2026-02-06", "", "", disease="高血压")))
    assert (paper.outcome.decision, paper.outcome.begins, paper.outcome.review_by) == ("approved", "2026-02-06", "")
    paper = on_paper(said(3, Refused("没达到", appeal="60 日内申请复核", steps=("有新报告再来",))))
    assert paper.outcome.steps == ("有新报告再来", "60 日内申请复核")
    paper = on_paper(
        said(3, Supplement((Fault("章不清", "重新盖", requirement="diagnosis"),), "2026-02-27")),
        {"papers.diagnosis": "诊断证明"},
    )
    assert (paper.defects[0].name, paper.until) == ("诊断证明", "2026-02-27")
    with pytest.raises(ValueError, match="received"):
        on_paper(said(1, Receipt()))


def test_every_kind_has_a_name():
    assert set(KINDS) == {"received", "accepted", "supplement", "approved", "refused", "conflict"}
