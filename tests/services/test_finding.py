"""The one box: scans, codes on pictures, the same person before, benefits that end, and the list for a round of calls."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from PIL import Image
from whole_kit import complete

from app.core.answer import Approved
from app.core.application import Disease, State
from app.core.errors import AppError, StoreError
from app.core.numbering import number
from app.services import call_list, finding, intake, offers, outcomes, renewals, renewing, same_person, waiting
from app.services.finalise import finalise
from app.services.telling import How


def accepted(desk, **more):
    draft, _ = intake.save(desk, replace(complete(desk), **more))
    return finalise(desk, draft).application


def test_a_scan_opens_the_one_application_even_where_an_input_method_ate_its_letters(desk):
    one = accepted(desk)
    whole = one.acceptance.number
    for text in (whole, whole.lower(), f"盘子好{whole[4:].replace('-', '—')}", f"sgl{whole}"):
        found = finding.find(desk, text)
        assert ([hit.id for hit in found.entries], found.scanned) == ([one.id], True), text
    there = finding.find(desk, number("PZH", "05", dt.date(2026, 2, 6), 1))
    assert there.entries == ()
    assert "05 号窗口" in there.elsewhere
    assert not finding.find(desk, one.applicant.name).scanned


def test_the_code_on_a_picture_of_a_receipt_is_read(desk):
    one = accepted(desk)
    pdf = desk.store.documents(one.id)["receipt"].pdf
    width, height, bgra = desk.printery.picture(pdf, 0, 110)
    out = io.BytesIO()
    Image.frombytes("RGBA", (width, height), bgra, "raw", "BGRA").convert("RGB").save(out, "JPEG", quality=80)
    assert finding.codes_of(desk, [("坏的.jpg", b"no picture"), ("回执.jpg", out.getvalue())]) == one.acceptance.number
    assert finding.codes_of(desk, [("坏的.jpg", b"no picture")]) == ""


def test_a_picture_of_the_notice_brings_back_the_case_that_has_no_number_yet(desk):
    draft = intake.save(desk, replace(complete(desk), papers=()))[0]
    sheet = next(offer.sheet for offer in offers.missing(desk, draft) if offer.kind == "notice")
    width, height, bgra = desk.printery.picture(sheet.document.pdf, 0, 110)
    out = io.BytesIO()
    Image.frombytes("RGBA", (width, height), bgra, "raw", "BGRA").convert("RGB").save(out, "JPEG", quality=80)
    said = finding.codes_of(desk, [("告知书.jpg", out.getvalue())])
    assert said == draft.id
    found = finding.find(desk, said.lower())
    assert ([one.id for one in found.entries], found.scanned) == ([draft.id], True)
    elsewhere = finding.find(desk, f"0{said[1:-1]}{'A' if said[-1] != 'A' else 'B'}")
    assert (elsewhere.entries, elsewhere.scanned) == ((), True)
    assert "印它的窗口" in elsewhere.elsewhere


def test_the_same_person_is_known_whatever_stands_where_and_comparing_is_in_the_audit(desk):
    one = accepted(desk)
    mine = replace(complete(desk), id="0" * 26)
    number_ = same_person.number_of(mine, desk.clock.now().date())
    assert number_
    assert (
        same_person.number_of(replace(mine, applicant=replace(mine.applicant, cert_number="5104")), dt.date(2026, 2, 6)) == ""
    )
    (known,) = same_person.known(desk, number_, mine.id)
    assert (known.id, known.application.state) == (one.id, State.READY)
    same_person.compared(desk, mine, one.id)
    same_person.kept_both(desk, mine, one.id)
    acts = [(row.act, row.subject) for row in desk.store.audit(limit=2)]
    assert acts == [("keep_both", mine.id), ("view", one.id)]
    saved, _ = intake.save(desk, mine)
    same_person.void(desk, saved)
    assert desk.store.application(mine.id).state is State.VOID
    assert same_person.known(desk, number_, one.id) == ()


@pytest.mark.parametrize("said", [Approved("2026-02-20", "2026-03-31"), Approved()])
def test_a_renewal_begins_out_of_what_was_approved_and_where_nobody_says_nothing_is_listed(desk, said):
    one = accepted(desk, diseases=(Disease("高血压", "M03900", "2026-01-19"),))
    outcomes.hear(desk, one.id, said, desk.clock.now().isoformat(timespec="seconds"), "何清")
    while renewals.look_through(desk):
        pass
    assert [entry.id for entry in renewals.due(desk)] == ([one.id] if said.ends else [])
    fresh = renewing.begin(desk, one.id)
    assert (fresh.kind, fresh.applicant.cert_number, fresh.diseases) == ("renewal", one.applicant.cert_number, one.diseases)
    assert all(not source.confirmed for source in fresh.sources)
    if said.ends:
        paper = call_list.sheet("renewals", renewals.due(desk), desk.clock.now().date())
        assert paper.lines[0].aside == "2026-03-31"
        assert one.applicant.phone[-4:] in paper.lines[0].text
        drawn = desk.printery.office_sheet(paper, "normal", desk.region, desk.counter, moment="2026-02-06T10:00:00")
        assert not drawn.problems
    intake.save(desk, fresh)
    assert list(renewals.due(desk)) == []


def test_a_call_is_noted_with_the_row_and_taken_back_and_what_was_said_is_in_no_audit_and_on_no_paper(desk, tmp_path):
    draft = waiting.give(
        desk,
        intake.save(desk, replace(complete(desk), papers=()))[0],
        [offer.sheet for offer in offers.missing(desk, complete(desk)) if offer.kind == "notice"],
    )
    today = desk.clock.now().date()

    def row():
        (entry,) = call_list.called(desk, desk.store.entries(states=(State.WAITING,)))
        return call_list.last_call(entry, today)

    assert row() == ""
    call_list.record(desk, draft.id, How.NO_ANSWER)
    call_list.record(desk, draft.id, How.REACHED, "女儿接的，\n周五来")
    assert row() == "今天打通了"
    call_list.record(desk, draft.id, How.MISTAKEN)
    assert row() == "今天没人接"
    assert [call.words for call in desk.store.calls(draft.id)] == ["女儿接的， 周五来"]
    assert "周五" not in "".join(entry.what for entry in desk.store.audit())
    assert desk.store.counts("2026-02-06").untold == 0
    entries = call_list.called(desk, desk.store.entries(states=(State.WAITING,)))
    paper = call_list.sheet("waiting", entries, today)
    assert paper.lines[0].text.endswith("。今天没人接")
    assert "周五" not in paper.lines[0].text
    name = call_list.save(desk, paper, tmp_path)
    assert name == "待补材料催办名单-20260206-1024.pdf"
    assert (tmp_path / name).read_bytes().startswith(b"%PDF")
    assert desk.store.audit(limit=1)[0].act == "save_pdf"
    with pytest.raises(AppError, match="没有覆盖"):
        call_list.save(desk, paper, tmp_path)
    with pytest.raises(AppError, match="写不进去"):
        call_list.save(desk, paper, tmp_path / "没有的文件夹")
    with pytest.raises(StoreError):
        call_list.record(desk, "01JTRY0000000000000000000Z", How.REACHED)


def test_a_call_about_what_the_office_decided_counts_as_told(desk):
    one = accepted(desk)
    outcomes.hear(desk, one.id, Approved("2026-02-20", "2026-03-31"), desk.clock.now().isoformat(timespec="seconds"), "何清")
    assert desk.store.counts("2026-02-06").untold == 1
    call_list.record(desk, one.id, How.REACHED)
    assert desk.store.counts("2026-02-06").untold == 0
