"""The one box: scans, codes on pictures, the same person before, benefits that end, and the list for a round of calls."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from PIL import Image
from whole_kit import complete

from app.core.answer import Approved
from app.core.application import Disease, State
from app.core.numbering import number
from app.services import call_list, finding, intake, outcomes, renewals, renewing, same_person
from app.services.finalise import finalise


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


def test_the_same_person_is_known_whatever_stands_where_and_comparing_is_in_the_audit(desk):
    one = accepted(desk)
    mine = replace(complete(desk), id=one.id[:-1] + "Z")
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
