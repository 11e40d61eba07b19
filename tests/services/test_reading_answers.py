"""What the office hands back: read in any order, as often as one likes, and nothing forged, foreign or changed is believed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from office_kit import STRANGER, accept, answer, export, followed, line, manifest, put
from whole_kit import JQ

from app.core.errors import AppError
from app.core.received import written
from app.services import answers
from app.services.history import history
from app.services.ports import Queue, Role


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "U盘"


@pytest.fixture
def office(desk):
    answers.set_key(desk, line())
    return desk


def queue(desk, application) -> Queue:
    return next(entry.queue for entry in desk.store.entries() if entry.id == application.id)


def refusals(desk):
    return [entry.what for entry in desk.store.audit() if entry.act == "answer_refused"]


def test_a_signed_answer_makes_the_application_delivered(office, stick):
    application = accept(office)
    export(office, stick, application)
    assert queue(office, application) is Queue.COPIED
    put(stick, answer(office, stick, application))
    read = answers.read_answers(office, stick)
    assert (read.taken, read.sentence) == ((application.id,), "1 件已送达")
    assert queue(office, application) is Queue.RECEIVED
    assert history(office, application.id)[-1][1] == f"读入回执，已送达，{office.clerk}"
    assert office.store.counts("2026-02-06").copied == 0


def test_answers_in_the_applications_own_folders_are_found_too(office, stick):
    application = accept(office)
    export(office, stick, application)
    put(stick / application.acceptance.number, answer(office, stick, application))
    assert answers.read_answers(office, stick).taken == (application.id,)


def test_any_order_and_any_number_of_times_ends_the_same(open_at, tmp_path):
    for at, order in enumerate(((3, 1, 2), (2, 3, 1))):
        desk = open_at()
        answers.set_key(desk, line())
        stick = tmp_path / str(at)
        applications = [accept(desk, pages=1) for _ in order]
        export(desk, stick, *applications)
        for seq in order:
            put(stick / "back", answer(desk, stick, applications[seq - 1], seq))
            answers.read_answers(desk, stick / "back")
        again = answers.read_answers(desk, stick / "back")
        assert (again.taken, again.known, again.refused) == ((), 3, ())
        assert all(queue(desk, one) is Queue.RECEIVED for one in applications)
        assert sum(entry.act == "received" for entry in desk.store.audit()) == 3
        assert desk.store.verify_audit() > 0


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("stranger", lambda path, said: put(path.parent, said, path.name[:-14], key=STRANGER), "签名对不上"),
        ("namespace", lambda path, said: put(path.parent, said, path.name[:-14], namespace="file"), "签名对不上"),
        ("changed", lambda path, said: path.write_bytes(written(replace(said, at="2020-01-01T00:00:00"))), "签名对不上"),
        ("unsigned", lambda path, _said: path.with_name(path.name + ".sig").unlink(), "没有签名文件"),
        ("noise", lambda path, _said: path.with_name(path.name + ".sig").write_bytes(b"x"), "签名对不上"),
        ("huge", lambda path, _said: path.write_bytes(b" " * 5000), "太大"),
    ],
)
def test_a_forged_answer_is_refused_and_audited(office, stick, name, spoil, said):
    application = accept(office)
    export(office, stick, application)
    whole = answer(office, stick, application)
    spoil(put(stick, whole, name), whole)
    read = answers.read_answers(office, stick)
    assert (read.taken, len(read.refused)) == ((), 1)
    assert said in read.sentence
    assert read.refused[0].startswith(f"「{name}」")
    assert queue(office, application) is Queue.COPIED
    assert len(refusals(office)) == 1


def test_a_signed_file_that_is_no_answer_is_refused(office, stick):
    application = accept(office)
    export(office, stick, application)
    told = json.loads(written(answer(office, stick, application)))
    put(stick, json.dumps({**told, "format": 2}).encode(), "newer")
    assert "不是这个版本认得的回执" in answers.read_answers(office, stick).sentence
    assert refusals(office)[0].startswith("malformed ")


@pytest.mark.parametrize(
    ("changes", "said", "why"),
    [
        ({"application": "01JQ0000000000000000009999"}, "别的窗口的件", "foreign"),
        ({"digest": "00" * 32}, "不是同一份", "differs"),
        ({"revision": 9999}, "不是同一份", "differs"),
    ],
)
def test_an_answer_about_something_else_is_refused_and_audited(office, stick, changes, said, why):
    application = accept(office)
    export(office, stick, application)
    put(stick, answer(office, stick, application, **changes))
    assert said in answers.read_answers(office, stick).sentence
    assert refusals(office)[0].startswith(why)
    assert queue(office, application) is Queue.COPIED


def test_the_same_number_with_other_content_is_refused_and_the_first_stands(office, stick):
    application = accept(office)
    export(office, stick, application)
    first = answer(office, stick, application)
    put(stick, first)
    answers.read_answers(office, stick)
    put(stick, replace(first, at="2020-01-01T00:00:00"))
    read = answers.read_answers(office, stick)
    assert "说法不一样" in read.sentence
    assert refusals(office)[0].startswith("other ")
    assert office.store.delivered("2027")[0].received_at == first.at


def test_a_second_answer_for_the_same_copy_does_not_move_the_day_it_counts_from(office, stick):
    application = accept(office)
    export(office, stick, application)
    put(stick, answer(office, stick, application, 1))
    put(stick, answer(office, stick, application, 2, at="2026-03-01T00:00:00"))
    read = answers.read_answers(office, stick)
    assert (read.taken, read.known, read.refused) == ((application.id,), 1, ())
    assert office.store.delivered("2027")[0].received_at == "2026-02-06T15:00:00"


def test_one_bad_answer_costs_none_of_the_others(office, stick):
    good, bad = accept(office), accept(office)
    export(office, stick, good, bad)
    put(stick, answer(office, stick, good, 1))
    put(stick, answer(office, stick, bad, 2), key=STRANGER)
    read = answers.read_answers(office, stick)
    assert (read.taken, len(read.refused)) == ((good.id,), 1)
    assert read.sentence.startswith("1 件已送达。1 张没有读入：「2」")


def test_either_of_two_copies_that_differ_in_bytes_may_be_signed_for(open_at, tmp_path):
    """Another clerk's interrupted export, or a region renamed since: both were handed over and both are true."""
    desk = open_at()
    answers.set_key(desk, line())
    application = accept(desk)
    first, second = tmp_path / "甲", tmp_path / "乙"
    export(desk, first, application)
    renamed = replace(desk.region, name="改了名的地方")
    exporter = type(desk.exporter)(desk.imaging, {renamed.id: renamed})
    exporter.export(desk.store, [application.id], second, desk.clerk)
    assert manifest(first, application) != manifest(second, application)
    put(first, answer(desk, first, application, 1))
    put(second, answer(desk, second, application, 2))
    assert answers.read_answers(desk, second).taken == (application.id,)
    assert answers.read_answers(desk, first).known == 1


def test_the_same_application_exported_again_has_the_same_digest(office, stick, tmp_path):
    application = accept(office)
    export(office, stick, application)
    export(replace(office, clerk="李娜"), tmp_path / "又一份", application)
    assert manifest(stick, application) == manifest(tmp_path / "又一份", application)
    assert sum(entry.act == "sent" for entry in office.store.audit()) == 1


def test_nothing_is_read_without_the_offices_key(desk, stick):
    stick.mkdir()
    with pytest.raises(AppError, match="公钥"):
        answers.read_answers(desk, stick)


def test_a_folder_that_is_gone_or_empty_is_said_so(office, stick):
    with pytest.raises(AppError, match="读不到"):
        answers.read_answers(office, stick)
    stick.mkdir()
    assert "没有回执" in answers.read_answers(office, stick).sentence


def test_only_a_supervisor_sets_the_offices_key_and_the_audit_has_its_fingerprint(desk):
    desk.store.add_clerk("李娜", Role.CLERK, desk.clerk)
    with pytest.raises(AppError):
        answers.set_key(replace(desk, clerk="李娜"), line())
    assert answers.fingerprint(desk) == ""
    told = answers.set_key(desk, f"{line()} office@example")
    assert told == answers.fingerprint(desk)
    assert ("office_key", told) in [(entry.act, entry.what) for entry in desk.store.audit()]


def test_an_answer_travels_into_the_second_copys_tables(open_at, tmp_path):
    desk = open_at(JQ)
    answers.set_key(desk, line())
    application = accept(desk)
    export(desk, tmp_path / "U盘", application)
    put(tmp_path / "U盘", answer(desk, tmp_path / "U盘", application))
    answers.read_answers(desk, tmp_path / "U盘")
    assert {"sent", "answers"} <= followed(desk)
