"""A form signed after acceptance: it always reaches the office, in one version or in a second one that names the first."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import answer_kit
from answer_kit import accept, again, counter_desk, hands, known_office, poll, send, shared_folder  # noqa: F401 - fixtures among them

from app.core.answer import Approved, Fault, Supplement
from app.core.application import State
from app.core.received import Received
from app.services import intake, offers, office, outcomes, sync
from app.services.ports import Answered, Goes, Queue, Rendered
from app.services.signing import FORM_SIGNED


def signed(desk, application, seed="by hand") -> Goes:
    pdf = f"%PDF-1.7 {seed}".encode()
    return desk.store.keep_signed(application.id, Rendered(FORM_SIGNED, pdf, 2, hashlib.sha256(pdf).hexdigest()), desk.clerk)


def fetch(side, share):
    fetched = answer_kit.fetch(side, share)
    assert (fetched.waiting, fetched.refused, fetched.conflicts) == ((), (), ())
    return fetched.accepted


def files(side, arrival):
    return office.record_of(side, arrival)["files"]


def status(desk, application):
    return next(entry.queue for entry in desk.store.entries() if entry.id == application.id)


def test_what_is_signed_before_sealing_goes_along_in_the_only_version(desk, side, share):
    application = accept(desk)
    assert signed(desk, application) is Goes.ALONG
    assert signed(desk, application, "once more") is Goes.ALONG
    send(desk, share)
    (arrival,) = fetch(side, share)
    assert arrival.submission.supersedes == ""
    assert f"{FORM_SIGNED}.pdf" in files(side, arrival)


def test_what_is_signed_after_sending_goes_as_a_second_version_with_number_and_day_unchanged(desk, side, share):
    application = accept(desk)
    send(desk, share)
    (first,) = fetch(side, share)
    poll(desk, share)
    assert f"{FORM_SIGNED}.pdf" not in files(side, first)
    assert signed(desk, application) is Goes.AGAIN
    assert status(desk, application) is Queue.HERE
    assert desk.store.application(application.id).state is State.SENT, "the office holds the case"
    send(desk, share)
    (second,) = fetch(side, share)
    assert second.submission.supersedes == first.submission.digest
    assert second.submission.revision == first.submission.revision + 1
    before, after = (office.record_of(side, one) for one in (first, second))
    assert after["acceptance"] == before["acceptance"]
    assert after["event"] == before["event"]
    assert set(after["files"]) == {*before["files"], f"{FORM_SIGNED}.pdf"}
    assert [one.submission for one in office.pending(side)] == [second.submission], "the office decides once"
    poll(desk, share)
    assert status(desk, application) is Queue.RECEIVED
    assert [one.submission.sequence for one in desk.store.spent()] == [2], "the first bag went at its own receipt"
    assert [entry.what for entry in desk.store.audit(subject=application.id) if entry.act == "queue_signed"] == ["again"]


def test_a_bag_that_was_being_sealed_while_somebody_signed_is_never_numbered(desk, side, share):
    application = accept(desk)
    both = hands(desk)
    steps = iter(range(100))

    def ask(step):
        done = step(desk)
        if next(steps) == 3:
            assert signed(desk, application) is Goes.ALONG
        return done

    assert sync.seal_due(replace(both, ask=ask)).count == 0
    assert list((desk.data_dir / "spool").iterdir()) == []
    send(desk, share)
    (arrival,) = fetch(side, share)
    assert (arrival.submission.sequence, arrival.submission.supersedes) == (1, "")
    assert f"{FORM_SIGNED}.pdf" in files(side, arrival)


def test_what_is_held_is_sealed_later_or_when_asked_for_by_name(desk, side):
    held, other = accept(desk), accept(desk)
    both = replace(hands(desk), held=lambda: held.id)
    assert sync.seal_due(both).count == 1
    assert [one.submission.application for one in desk.store.spooled()] == [other.id]
    assert sync.seal_due(both, (held.id,)).count == 1


def test_once_the_office_decided_it_stays_with_the_case(desk, side, share):
    application = accept(desk)
    send(desk, share)
    (arrival,) = fetch(side, share)
    office.give(side, arrival, Approved("2026-02-20"), "何清")
    fetch(side, share)
    poll(desk, share)
    assert signed(desk, application) is Goes.STAYS
    assert FORM_SIGNED in desk.store.documents(application.id)
    assert desk.store.unsealed() == []
    assert desk.store.application(application.id).state is State.APPROVED


def test_what_the_office_answered_to_the_first_version_holds_for_the_second(desk, side, share):
    application = accept(desk)
    send(desk, share)
    (first,) = fetch(side, share)
    assert signed(desk, application) is Goes.AGAIN
    office.give(side, first, Supplement((Fault("日期看不清", "重填", field="diseases.0.diagnosed_on"),)), "何清")
    send(desk, share)
    fetch(side, share)
    poll(desk, share)
    assert desk.store.application(application.id).state is State.SUPPLEMENT
    assert outcomes.outcome(desk, application.id).answer.kind == "supplement"
    draft = outcomes.mend(desk, application.id)
    draft, _ = intake.save(desk, intake.answer(draft, "diseases.0.diagnosed_on", "2026-01-09"))
    mended = again(desk, draft)
    assert mended.acceptance.number == application.acceptance.number
    assert desk.store.application(application.id).accepted_as == 0
    send(desk, share)
    (third,) = fetch(side, share)
    assert f"{FORM_SIGNED}.pdf" in files(side, third), "nothing signed is lost"
    offered = {offer.kind for offer in offers.after_acceptance(desk, mended)}
    assert "form" in offered
    assert FORM_SIGNED not in offered, "that name stands under the form before"
    assert not office.conflicts(side)


def test_a_plain_receipt_for_the_first_version_is_believed_and_lets_nothing_go(desk, tmp_path):
    application = accept(desk)
    done = desk.exporter.export(desk.store, [application.id], tmp_path / "stick", desk.clerk)
    revision = desk.store.application(application.id).revision
    manifest = (tmp_path / "stick" / done.written[0] / "manifest-sha256.txt").read_bytes()
    assert signed(desk, application) is Goes.AGAIN
    receipt = Received(application.id, revision, hashlib.sha256(manifest).hexdigest(), "2026-02-07T09:00:00", 1, "市局")
    assert desk.store.take_answer(receipt, desk.clerk) is Answered.KNOWN
    assert status(desk, application) is Queue.HERE
    again_ = desk.exporter.export(desk.store, [application.id], tmp_path / "stick", desk.clerk)
    assert again_.written == (f"{done.written[0]}-2",)
    assert (tmp_path / "stick" / again_.written[0] / f"{FORM_SIGNED}.pdf").is_file()
