"""Counter to office and back: over a folder and over a real server, judged by other people's tools on the way."""

from __future__ import annotations

import json
import os
import pty
from contextlib import suppress
from dataclasses import replace

import pytest
from answer_kit import (
    NAME,
    Counted,
    accept,
    again,
    an_office,
    bagit_validates,
    counter_desk,  # noqa: F401 - a fixture
    fetch,
    known_office,  # noqa: F401 - a fixture
    opened,
    page,
    plain_answer,
    poll,
    run,
    send,
    slip_in,
    ssh_verifies,
    tool,
)
from drill_kit import LONG
from whole_kit import complete

from app.adapters.transfer.office import FolderCabinet
from app.adapters.transfer.seal import BagSealer
from app.core import submission
from app.core.answer import Accepted, Approved, Conflict, Fault, Refused, Supplement
from app.core.application import Page, State
from app.core.checks import check
from app.core.errors import AppError, WrongSecretError
from app.core.submission import Submission
from app.services import answers, intake, office, outcomes, package, places
from app.services.history import history
from app.services.ports import Queue
from app.services.ports.transfer import PlaceError, Trouble


def state(desk, application) -> State:
    return desk.store.application(application.id).state


SENT_BACK = Supplement(
    (
        Fault("印章不清，看不出医院名称", "重新盖章，或换一份复印件再盖", "", "", "diagnosis", 1),
        Fault("表上 1 月 19 日，证明上 1 月 9 日", "看证明改", field="diseases.0.diagnosed_on"),
    ),
    "2026-02-27",
)


def mended(desk, first):
    """The next version: what was asked is asked at its fields, until it is mended there."""
    draft = outcomes.mend(desk, first.id)
    assert (draft.state, draft.revision, draft.id, draft.step) == (
        State.DRAFT,
        first_revision(desk, first) + 1,
        first.id,
        "materials",
    )
    asked = [one for one in check(draft, desk.region, desk.clock.now().date()) if one.id.startswith("office.")]
    assert [(one.field, one.tone.value, one.stops) for one in asked] == [
        ("diseases.0.diagnosed_on", "warn", True),
        ("papers.diagnosis", "bad", True),
    ]
    stored = desk.store.add_capture(draft.id, "diagnosis", page("stamped anew"), "file")
    draft = draft.with_paper(replace(draft.paper("diagnosis"), pages=(Page(stored),)))
    draft = intake.answer(draft, "diseases.0.diagnosed_on", "2026-01-09")
    draft, _ = intake.save(desk, draft)
    assert not any(one.id.startswith("office.") for one in check(draft, desk.region, desk.clock.now().date()))
    return draft


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_a_case_is_sent_sent_back_mended_and_approved(kind, settings_for, desk, side, tmp_path):
    settings = settings_for(kind)
    first = accept(desk)
    send(desk, settings)
    fetched = fetch(side, settings)
    assert len(fetched.accepted) == 1
    assert (fetched.waiting, fetched.refused, fetched.conflicts) == ((), (), ())
    arrival = fetched.accepted[0]
    assert office.verify(side, arrival) == []

    read = poll(desk, settings)
    assert (read.taken, read.refused, read.waiting) == ((first.id,), (), ())
    assert state(desk, first) is State.SENT
    assert desk.store.entries(queue=Queue.RECEIVED)[0].id == first.id
    assert [one.submission.sequence for one in desk.store.spent()] == [1]

    office.give(side, arrival, Accepted("YL26-004417"), "何清")
    office.give(side, arrival, SENT_BACK, "何清")
    fetch(side, settings)
    read = poll(desk, settings)
    assert [one.kind for one in read.outcomes] == ["accepted", "supplement"]
    assert read.sentence == "2 件有答复（2、3 号）"
    assert state(desk, first) is State.SUPPLEMENT
    out = outcomes.outcome(desk, first.id)
    assert (out.number, out.answer.content) == ("YL26-004417", SENT_BACK)
    assert [entry.id for entry, _ in outcomes.outcomes(desk)] == [first.id]

    second = again(desk, mended(desk, first))
    assert second.acceptance.number == first.acceptance.number
    # What was handed over before stays until it goes by rule.
    assert all(desk.store.capture(one.original) for one in first.papers[0].pages)
    send(desk, settings)
    fetched = fetch(side, settings)
    assert len(fetched.accepted) == 1
    later = fetched.accepted[0].submission
    assert (later.sequence, later.supersedes) == (2, arrival.submission.digest)
    assert fetched.conflicts == ()
    office.give(side, fetched.accepted[0], Approved("2026-02-20", "2028-02-19", number="YL26-004417"), "何清")
    fetch(side, settings)
    read = poll(desk, settings)
    assert read.taken == (first.id,)
    assert state(desk, first) is State.APPROVED
    answer, paper = outcomes.paper(desk, first.id)
    assert (answer.kind, paper.outcome.begins, paper.outcome.review_by) == ("approved", "2026-02-20", "2028-02-19")
    assert [one.kind for one in desk.store.answers(first.id)] == ["received", "accepted", "supplement", "received", "approved"]
    assert [one.papers for one in desk.store.editions(first.id)] == [first.papers]
    assert [words for _, words in history(desk, first.id)].count(f"读入市局的答复，{desk.clerk}") == 3
    assert desk.store.verify_audit() > 0


def first_revision(desk, application) -> int:
    return desk.store.editions(application.id)[-1].revision


def test_nothing_new_costs_at_most_two_requests_and_mostly_one(settings_for, desk, side):
    settings = settings_for("folder")
    accept(desk)
    send(desk, settings)
    fetch(side, settings)
    counted = Counted(opened(settings), [])
    ask = lambda step: step(desk)  # noqa: E731
    costs = []
    for day in ("", "", "", "2026-02-07", "", ""):
        if day:
            desk.clock.moment = desk.clock.moment.fromisoformat(f"{day}T08:30:00")
        counted.asked.clear()
        answers.poll(ask, counted, places.wire(desk))
        costs.append([one.split("/")[2] if "down" in one else one for one in counted.asked])
    wire = places.wire(desk)
    assert costs[1:] == [[wire, "regions"], [wire], [wire, wire], [wire, "regions"], [wire]]


def test_what_the_counter_wrote_opens_with_other_peoples_tools(settings_for, desk, side, tmp_path):
    settings = settings_for("folder")
    accept(desk)
    send(desk, settings)
    (arrival,) = fetch(side, settings).accepted
    bag = arrival.folder / "bag"
    bagit_validates(bag)
    key = side.cabinet.counters()[arrival.submission.counter].signs
    tags = (bag / "tagmanifest-sha256.txt").read_bytes()
    ssh_verifies(tags, bag / "tagmanifest-sha256.txt.sig", key, submission.NAMESPACE, tmp_path)
    ssh_verifies(tags + b"x", bag / "tagmanifest-sha256.txt.sig", key, submission.NAMESPACE, tmp_path, fails=True)
    clear = run(tool("age"), "-d", "-i", tmp_path / "office" / "keys" / "age.txt", bag / "data" / "0000.age")
    assert json.loads(clear) == office.record_of(side, arrival)
    # And what the office wrote: the counter's own key opens it, the office's signs it.
    (given,) = side.cabinet.answers(arrival.submission.counter)
    (tmp_path / "counter.txt").write_text(desk.store.setting(answers.IDENTITY) + "\n")
    container = json.loads(run(tool("age"), "-d", "-i", tmp_path / "counter.txt", data=given.sealed))
    (tmp_path / "a.sig").write_text(container["signature"])
    ssh_verifies(container["answer"].encode(), tmp_path / "a.sig", side.cabinet.card().signs, "chuangkou-answer", tmp_path)


def test_answers_made_by_hand_with_age_and_ssh_keygen_are_taken(settings_for, desk, side, tmp_path):
    settings = settings_for("folder")
    application = accept(desk)
    send(desk, settings)
    place = opened(settings)
    (arrival,) = office.fetch(side, place, receipts=False).accepted
    common = {
        "format": 1,
        "counter": arrival.submission.counter,
        "application": application.id,
        "revision": arrival.submission.revision,
        "digest": arrival.submission.digest,
        "by": "市局系统",
    }
    said = [
        {"kind": "received", "seq": 1, "at": "2026-02-07T09:00:00"},
        {
            "kind": "refused",
            "seq": 2,
            "at": "2026-02-08T09:00:00",
            "reason": "FEV1/FVC 0.74，未达到认定标准（低于 0.70）。",
            "code": "P01",
            "appeal": "",
            "steps": ["有新报告就重新申请"],
        },
    ]
    for one in said:
        sealed = plain_answer(tmp_path / "office", answers.opens(desk), common | one, tmp_path)
        assert place.commit(submission.answer(common["counter"], one["seq"]), sealed)
    read = poll(desk, settings)
    assert (read.taken, len(read.outcomes), read.refused) == ((application.id,), 1, ())
    assert state(desk, application) is State.REFUSED
    new = outcomes.reapply(desk, application.id)
    assert new.id != application.id
    assert new.applicant == application.applicant
    assert new.papers == ()


def test_a_bag_that_is_not_all_there_is_left_for_the_next_time_and_then_taken_once(settings_for, desk, side):
    settings = settings_for("folder")
    accept(desk)
    send(desk, settings)
    place = opened(settings)
    (path,) = place.names(submission.ready(places.wire(desk)))
    bag, _ = submission.read_marker(path, place.read(path))
    name = f"{bag.bag}/data/0001.age"
    data = place.read(name)
    place.remove(name)
    assert fetch(side, settings).waiting == (path,)
    assert side.cabinet.arrivals() == []
    assert side.cabinet.answers(places.wire(desk)) == []
    place.put(name, data)
    assert len(fetch(side, settings).accepted) == 1
    second = fetch(side, settings)
    assert (second.accepted, second.known) == ((), 1)
    assert [one.answer.kind for one in side.cabinet.answers(places.wire(desk))] == ["received"]


@pytest.mark.parametrize("spoiled", ["data/0001.age", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_whatever_was_changed_at_the_place_is_not_believed(spoiled, settings_for, desk, side):
    settings = settings_for("folder")
    accept(desk)
    send(desk, settings)
    place = opened(settings)
    (path,) = place.names(submission.ready(places.wire(desk)))
    bag, _ = submission.read_marker(path, place.read(path))
    name = f"{bag.bag}/{spoiled}"
    place.put(name, place.read(name)[:-2] + b"0\n")
    fetched = fetch(side, settings)
    assert (len(fetched.refused), fetched.accepted, side.cabinet.arrivals()) == (1, (), [])


def test_a_counter_with_another_key_is_not_believed(settings_for, desk, side, tmp_path):
    settings = settings_for("folder")
    accept(desk)
    send(desk, settings)
    known = side.cabinet.counters()[places.wire(desk)]
    stranger = side.signatures.public(side.signatures.make())
    side.cabinet.know(replace(known, signs=stranger))
    fetched = fetch(side, settings)
    assert "签名" in fetched.refused[0]
    side.cabinet.know(known)
    assert len(fetch(side, settings).accepted) == 1


def test_two_second_versions_are_both_kept_and_shown_and_never_the_last_one_wins(
    settings_for, desk, side, tmp_path, monkeypatch
):
    """A counter whose data was put back to an older state seals the same version once more: the office sees both."""
    settings = settings_for("folder")
    application = accept(desk)
    send(desk, settings)
    (one,) = fetch(side, settings).accepted
    twin = Submission(places.wire(desk), 1, application.id, one.submission.revision, "")
    twin = slip_in(desk, settings, tmp_path / "twin", [("record.json", b'{"files": ["record.json"]}')], twin)
    fetched = fetch(side, settings)
    assert len(fetched.accepted) == 1
    assert [(a.submission.digest, b.submission.digest) for a, b in fetched.conflicts] == [(one.submission.digest, twin.digest)]
    given = [(given.answer.digest, given.answer.content) for given in side.cabinet.answers(places.wire(desk))]
    assert given[1] == (twin.digest, Conflict(one.submission.digest, "同一件收到两份不同的，打电话核对留哪一份"))
    with pytest.raises(AppError, match="两件"):
        office.find(side, places.wire(desk), 1)
    assert office.find(side, places.wire(desk), 1, twin.digest[:8]).submission == twin


def test_what_was_never_accepted_is_taken_as_it_came_and_opened_by_nobody(settings_for, desk, side, tmp_path):
    """No program of ours sends it: what was put aside at the counter leaves it in a plain folder only, and says so."""
    settings = settings_for("folder")
    application, _ = intake.save(desk, complete(desk))
    intake.discard(desk, application, "重复了")
    send(desk, settings)
    assert fetch(side, settings).accepted == ()
    stored = package.exportable(desk.store, application.id)
    files = list(package.files(desk.store, desk.imaging, stored, desk.region, desk.clerk))
    slip_in(desk, settings, tmp_path / "odd", files, Submission(places.wire(desk), 1, application.id, stored.revision, ""))
    (arrival,) = fetch(side, settings).accepted
    with pytest.raises(AppError, match="没有受理"):
        office.record_of(side, arrival)
    with pytest.raises(AppError, match="没有受理"):
        office.open_(side, arrival, tmp_path / "out")
    assert poll(desk, settings).refused
    assert state(desk, application) is State.VOID


def test_an_answer_is_given_once_and_its_bytes_never_change(settings_for, desk, side):
    settings = settings_for("folder")
    accept(desk)
    send(desk, settings)
    (arrival,) = fetch(side, settings).accepted
    first = office.give(side, arrival, Refused("没有达到标准"), "何清")
    assert office.give(side, arrival, Refused("没有达到标准"), "别人") == first
    assert office.give(side, arrival, Refused("别的原因"), "何清").answer.seq == first.answer.seq + 1
    place = opened(settings)
    assert office.publish(side, place) == (2, ())
    assert office.publish(side, place) == (0, ())
    assert place.read(submission.answer(first.answer.counter, first.answer.seq)) == first.sealed
    place.remove(submission.answer(first.answer.counter, 3))
    place.put(submission.answer(first.answer.counter, 3), b"somebody else's")
    put, wrong = office.publish(side, place)
    assert put == 0
    assert len(wrong) == 1
    assert place.read(submission.answer(first.answer.counter, 3)) == b"somebody else's"


def test_a_submission_opens_into_readable_names(settings_for, desk, side, tmp_path):
    settings = settings_for("folder")
    application = accept(desk)
    send(desk, settings)
    (arrival,) = fetch(side, settings).accepted
    opened_ = office.open_(side, arrival, tmp_path / "out")
    there = sorted(path.relative_to(opened_.folder).as_posix() for path in opened_.folder.rglob("*") if path.is_file())
    assert {"record.json", "form.pdf", "receipt.pdf"} <= set(there)
    pages = [name for name in there if name.startswith("原件/")]
    assert len(pages) == len([page for paper in application.papers for page in paper.pages])
    assert all("第" in name for name in pages)
    assert opened_.record["id"] == application.id
    with pytest.raises(AppError, match="已经在了"):
        office.open_(side, arrival, tmp_path / "out")


def test_a_cabinet_gets_its_keys_once_and_the_card_is_no_secret(side, tmp_path):
    with pytest.raises(AppError, match="没有动它"):
        office.keygen(side, NAME)
    card = (tmp_path / "office" / "office.json").read_text("utf-8")
    assert "SECRET" not in card
    assert "PRIVATE" not in card
    assert (tmp_path / "office" / "keys" / "sign").stat().st_mode & 0o077 == 0
    assert (tmp_path / "office" / "keys" / "age.txt").stat().st_mode & 0o077 == 0


def test_keys_under_a_passphrase_open_with_the_standard_tools_and_with_nothing_else(tmp_path, monkeypatch):
    secret, folder = "桂花 lane 2026", tmp_path / "office"
    with pytest.raises(AppError, match="至少"):
        office.keygen(an_office(folder), NAME, "短")
    card, _ = office.keygen(an_office(folder), NAME, secret)
    asked = []

    def cabinet(word):
        return FolderCabinet(folder, lambda: asked.append(word) or word)

    assert b"AGE-SECRET" not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert FolderCabinet(folder).locked()
    for call in ("signing_key", "opening_keys"):
        with pytest.raises(WrongSecretError, match="用口令打开"):
            getattr(FolderCabinet(folder), call)()
        with pytest.raises(WrongSecretError, match="口令不对"):
            getattr(cabinet("别的口令 2026"), call)()
    asked.clear()
    whole = cabinet(secret)
    (opening,) = whole.opening_keys()
    signing = whole.signing_key()
    assert (asked, whole.locked()) == ([secret], False)
    signs = json.loads(card)["signs"]
    assert run(tool("ssh-keygen"), "-y", "-P", secret, "-f", folder / "keys" / "sign").decode().split()[:2] == signs.split()
    run(tool("ssh-keygen"), "-y", "-P", "别的", "-f", folder / "keys" / "sign", fails=True)
    sealed = BagSealer().wrap(b"record", [json.loads(card)["opens"]])
    if LONG:  # scrypt takes a second or two each time
        assert age_by_hand(folder / "keys" / "age.txt", secret, sealed, tmp_path) == b"record"
    assert BagSealer().unwrap(sealed, opening) == b"record"
    whole.relock("")
    assert FolderCabinet(folder).opening_keys() == (opening,)
    assert FolderCabinet(folder).signing_key() == signing
    assert sorted(path.name for path in folder.iterdir()) == ["keys", "office.json"]
    # Killed between the two renames of a change: the former keys are there.
    (folder / "keys").rename(folder / "keys.former")
    assert FolderCabinet(folder).opening_keys() == (opening,)


def age_by_hand(identity, secret: str, sealed: bytes, scratch) -> bytes:
    """What Debian's age opens with an encrypted identity; it asks for the passphrase at a terminal and nowhere else."""
    (scratch / "sealed").write_bytes(sealed)
    (scratch / "opened").unlink(missing_ok=True)
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(tool("age"), ["age", "-d", "-i", str(identity), "-o", str(scratch / "opened"), str(scratch / "sealed")])
    said = b""
    while b":" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, f"{secret}\n".encode())
    with suppress(OSError):  # the terminal closes with the program
        while os.read(terminal, 1000):
            pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, said
    os.close(terminal)
    return (scratch / "opened").read_bytes()


def test_a_gap_at_a_place_shows_once_a_day_and_closes_by_itself(settings_for, desk, side):
    settings = settings_for("folder")
    application = accept(desk)
    send(desk, settings)
    (arrival,) = fetch(side, settings).accepted
    office.give(side, arrival, Accepted("A1"), "何清")
    office.give(side, arrival, Approved("2026-02-20"), "何清")
    place = opened(settings)
    office.publish(side, place)
    gone = submission.answer(places.wire(desk), 2)
    second = place.read(gone)
    place.remove(gone)
    read = poll(desk, settings)
    assert (read.taken, read.missing) == ((application.id,), "缺第 2 号。3 先放着，读到 2 再显示")
    assert state(desk, application) is State.SENT
    place.put(gone, b"not an answer")
    assert "第 2 号打不开" in poll(desk, settings).sentence
    place.put(gone, second)
    assert [one.seq for one in poll(desk, settings).outcomes] == [2, 3]
    assert state(desk, application) is State.APPROVED
    ((entry, out),) = outcomes.outcomes(desk)
    assert (entry.id, out) == (application.id, outcomes.outcome(desk, application.id))


def test_without_the_offices_signing_key_nothing_is_asked_for(settings_for, desk, side):
    settings = settings_for("folder")
    accept(desk)
    send(desk, settings)
    fetch(side, settings)
    desk.store.keep(answers.KEY, "")
    counted = Counted(opened(settings), [])
    assert answers.poll(lambda step: step(desk), counted, places.wire(desk)) == answers.ReadIn()
    assert counted.asked == []


def test_a_place_that_breaks_off_loses_nothing_that_was_read(settings_for, desk, side):
    settings = settings_for("folder")
    application = accept(desk)
    send(desk, settings)
    (arrival,) = fetch(side, settings).accepted
    office.give(side, arrival, Approved("2026-02-20"), "何清")
    place = opened(settings)
    office.publish(side, place)

    class Breaking:
        reads = 0

        def __getattr__(self, name):
            return getattr(place, name)

        def read(self, path):
            self.reads += 1
            if self.reads == 2:
                raise PlaceError(Trouble.NETWORK, "断了")
            return place.read(path)

    with pytest.raises(PlaceError):
        answers.poll(lambda step: step(desk), Breaking(), places.wire(desk))
    read = poll(desk, settings)
    assert (read.taken, [one.seq for one in read.outcomes]) == ((application.id,), [2])
