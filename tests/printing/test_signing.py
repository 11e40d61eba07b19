"""A drawn signature on a finished document: where it goes, what it leaves alone, and what it is bound to."""

import hashlib
import subprocess
from dataclasses import replace

import pypdfium2
import pytest
from whole_kit import JQ, PZH, SNJ, complete, open_desk, printery, quick_slots, region

from app.adapters.documents.signing import sign_box, signature_of, signed
from app.adapters.documents.trials import trial_cases
from app.core.errors import AppError
from app.core.signature import Point, Signature, SignatureError
from app.services import intake, offers, signing
from app.services.finalise import finalise
from app.services.ports import Counter, Goes

MOMENT = "2026-02-06T10:47:12"
WIDE, HIGH = 24_000, 6_600
STROKES = (
    tuple(Point(2000 + 300 * n, 1000 + 700 * (n % 5), 12 * n, 600) for n in range(30)),
    (Point(12_000, 3000, 600),),
    tuple(Point(13_000 + 100 * n, 5000 - 90 * n, 700 + 9 * n) for n in range(40)),
)


def rendered(place, kind="form", edition="normal", case="typical"):
    counter = Counter(place, "03", "3 号窗口")
    return printery().render(kind, edition, trial_cases(region(place))[case], region(place), counter, moment=MOMENT)


def name(document):
    return Signature(document.digest, document.kind, "applicant", MOMENT, WIDE, HIGH, STROKES)


def words(pdf, folder):
    (folder / "x.pdf").write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", folder / "x.pdf", "-"], capture_output=True, check=True)


def ink(pdf, page, dpi=72):
    """Every pixel of a page as one grey value, and its width."""
    width, _, bgra = printery().picture(pdf, page, dpi)
    return bgra[::4], width


@pytest.mark.parametrize(("place", "case"), [(PZH, "longest"), (JQ, "typical"), (SNJ, "typical")])
def test_the_name_stands_in_the_applicants_box_and_nowhere_else(place, case):
    document = rendered(place, case=case)
    box = sign_box(document.pdf)
    pdf = signed(document.pdf, name(document))
    for page in range(document.pages):
        before, width = ink(document.pdf, page)
        after, _ = ink(pdf, page)
        changed = [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if abs(one - other) > 24]
        assert bool(changed) is (page == box.page)
        mm = 25.4 / 72
        for at in changed:
            assert box.x - 1 <= at % width * mm <= box.x + box.width + 1
            assert box.y - 1 <= at // width * mm <= box.y + box.height + 1


def test_the_box_hides_no_word_and_stands_beside_its_label():
    document = rendered(PZH)
    box = sign_box(document.pdf)
    before, width = ink(document.pdf, box.page)
    mm = 25.4 / 72
    inside = [
        at for at, one in enumerate(before)
        if one < 128 and box.x < at % width * mm < box.x + box.width and box.y + 1 < at // width * mm < box.y + box.height - 3
    ]  # fmt: skip
    assert inside == []


def test_the_paper_as_it_was_shown_is_the_beginning_of_the_signed_one(tmp_path):
    document = rendered(PZH)
    pdf = signed(document.pdf, name(document))
    assert pdf.startswith(document.pdf)
    assert words(pdf, tmp_path).stdout == words(document.pdf, tmp_path).stdout
    assert words(pdf, tmp_path).stderr == b""
    assert signed(document.pdf, name(document)) == pdf


def test_the_strokes_travel_in_the_file_with_their_times():
    document = rendered(PZH)
    pdf = signed(document.pdf, name(document))
    assert signature_of(pdf) == name(document)
    assert signature_of(document.pdf) is None


def test_a_paper_that_was_changed_under_a_signature_is_not_the_one_that_was_signed():
    document = rendered(PZH)
    pdf = signed(document.pdf, name(document))
    at = len(document.pdf) // 2
    assert signature_of(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]) is None
    with pytest.raises(ValueError, match="another document"):
        signed(rendered(PZH, case="longest").pdf, name(document))


def test_it_is_signed_once():
    document = rendered(PZH)
    pdf = signed(document.pdf, name(document))
    with pytest.raises(ValueError, match="signed already"):
        signed(pdf, name(replace(document, digest=hashlib.sha256(pdf).hexdigest())))


def test_a_paper_without_a_place_for_it_is_told():
    cover = rendered(PZH, "cover")
    assert sign_box(cover.pdf) is None
    with pytest.raises(AppError, match="手写签"):
        signed(cover.pdf, name(cover))


@pytest.mark.parametrize(
    ("kind", "edition"), [("receipt", "letter"), ("privacy", "letter"), ("privacy", "large"), ("materials", "large")]
)
def test_other_papers_that_people_sign_have_their_place_too(kind, edition):
    document = rendered(PZH, kind, edition)
    pdf = signed(document.pdf, name(document))
    assert len(pypdfium2.PdfDocument(pdf)) == document.pages
    assert signature_of(pdf) == name(document)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        desk = open_desk(tmp_path_factory.mktemp("counter"))
        yield desk
        desk.store.close()


def test_the_signed_form_is_kept_beside_the_shown_one_and_prints_from_then_on(desk):
    application, _ = intake.save(desk, complete(desk))
    accepted = finalise(desk, application).application
    form = desk.store.documents(accepted.id)["form"]
    assert not signing.signed_before(desk, accepted.id)
    made, goes = signing.sign(desk, accepted, form.digest, STROKES, WIDE, HIGH)
    assert goes is Goes.ALONG
    stored = desk.store.documents(accepted.id)
    assert stored["form"] == form
    assert stored["form-signed"] == made
    assert signing.signed_before(desk, accepted.id)
    offered = {offer.kind: offer for offer in offers.after_acceptance(desk, accepted)}
    assert offered["form-signed"].sheet.document == made
    assert "form" not in offered
    assert [entry.what for entry in desk.store.audit(subject=accepted.id) if entry.act == "sign"] == [
        f"form {form.digest[:8]} agent"
    ]


def test_another_form_than_the_shown_one_is_not_signed(desk):
    application, _ = intake.save(desk, complete(desk))
    accepted = finalise(desk, application).application
    with pytest.raises(AppError, match="不是同一份"):
        signing.sign(desk, accepted, "0" * 64, STROKES, WIDE, HIGH)
    with pytest.raises(SignatureError):
        signing.sign(desk, accepted, desk.store.documents(accepted.id)["form"].digest, (), WIDE, HIGH)
    assert not signing.signed_before(desk, accepted.id)
