"""The form signed in ink and scanned back: whose it is, which edition, and that it is kept with its case and travels with it."""

import io
import subprocess
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from degrade_kit import jpeg, skewed
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from signed_kit import flat, page, scanned, smudged
from whole_kit import JQ, PASSPHRASE, PZH, SNJ, complete, open_desk, printery, quick_slots

from app.adapters.imaging import PageMaker
from app.adapters.store import Vault
from app.adapters.store.restore import find_copy, restore
from app.core.errors import AppError
from app.core.paper_extras import PaperExtras
from app.core.signature import Point
from app.services import intake, offers, signed_back, signing
from app.services.finalise import finalise
from app.services.history import history
from app.services.originals import Incoming
from app.services.ports import Capture, Goes
from app.services.signed_back import FORM_SCAN, Finding, Whose, Wrong

PLACES = (JQ, PZH, SNJ)
STROKES = (tuple(Point(2000 + 300 * n, 1000 + 700 * (n % 5), 12 * n) for n in range(30)),)


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    """A counter in each region."""
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        made = {place: open_desk(tmp_path_factory.mktemp(place), place) for place in PLACES}
        yield made
        for desk in made.values():
            desk.store.close()


@pytest.fixture
def desk(desks):
    return desks[PZH]


def accept(desk, **changes):
    application, _ = intake.save(desk, complete(desk, **changes))
    return finalise(desk, application).application


def form(desk, application):
    return desk.store.documents(application.id)["form"]


def code(desk, application):
    return printery().check_code(form(desk, application).pdf)


def back(desk, *files):
    reading = signed_back.read(desk, [Incoming(data, "", "scan") for data in files])
    assert reading.refused == ()
    return reading.pages


def second_copied(store, folder):
    """One run of the second copy."""
    writer = store.copy_into(folder)
    try:
        mark = writer.begin(anew=False)
        while True:
            batch = store.changes(mark)
            mark = writer.write(batch, "2026-02-06T11:00:00")
            if batch.tally is not None:
                return
    finally:
        writer.abandon()


@pytest.mark.parametrize("place", PLACES)
def test_a_signed_form_on_a_blurred_askew_scan_is_recognised_and_kept(desks, place):
    desk = desks[place]
    accepted = accept(desk)
    paper = form(desk, accepted)
    pages = back(desk, *(scanned(paper.pdf, number, degrees=2.5 - 4 * number) for number in range(paper.pages)))
    assert len(pages) == paper.pages == 2
    assert pages[0].numbers == (accepted.acceptance.number,)
    assert signed_back.find(desk, accepted, pages) == Finding(Whose.OURS, accepted.acceptance.number)
    assert signed_back.keep(desk, accepted, pages, code(desk, accepted)[-4:]) is Goes.ALONG
    stored = desk.store.documents(accepted.id)
    assert stored["form"] == paper
    assert stored[FORM_SCAN].pages == signed_back.pages_kept(desk, accepted.id) == 2
    assert [entry.what for entry in desk.store.audit(subject=accepted.id) if entry.act == "sign_scan"] == [
        f"form {paper.digest[:8]} 2 页"
    ]
    assert any("扫回签好的申请表" in words for _, words in history(desk, accepted.id))
    assert {offer.kind: offer.usual for offer in offers.after_acceptance(desk, accepted)}[FORM_SCAN] is False


def light(page):
    """A page's picture made small, as one value of light for each dot."""
    return Image.open(io.BytesIO(page.capture.data)).convert("L").resize((40, 56)).tobytes()


def test_a_form_lying_upside_down_is_recognised_and_bound_upright(desk):
    accepted = accept(desk)
    pdf = form(desk, accepted).pdf
    (one,) = back(desk, scanned(pdf, degrees=181))
    assert one.numbers == (accepted.acceptance.number,)
    (sound,) = back(desk, scanned(pdf, degrees=1))
    assert sum(abs(a - b) for a, b in zip(light(one), light(sound), strict=True)) / len(light(one)) < 8


def test_a_reprint_is_the_same_edition(desk):
    accepted = accept(desk)
    moment = accepted.acceptance.accepted_at
    again = printery().render("form", "normal", accepted, desk.region, desk.counter, moment=moment, more=PaperExtras(reprint=2))
    assert printery().check_code(again.pdf) == code(desk, accepted)


def test_another_edition_is_not_kept(desk):
    accepted = accept(desk)
    pages = back(desk, flat(form(desk, accepted).pdf))
    wrong = "0000" if code(desk, accepted)[-4:] != "0000" else "1111"
    for typed in (wrong, "", code(desk, accepted)[-3:], "zzzz"):
        assert signed_back.keep(desk, accepted, pages, typed) is Wrong.OTHER_EDITION
    assert FORM_SCAN not in desk.store.documents(accepted.id)


def test_the_form_as_it_was_before_something_was_changed_bears_another_code(desk):
    accepted = accept(desk)
    older = replace(accepted, summary=accepted.summary + "，另有一句")
    before = printery().render("form", "normal", older, desk.region, desk.counter, moment=accepted.acceptance.accepted_at)
    pages = back(desk, flat(before.pdf))
    assert signed_back.find(desk, accepted, pages).whose is Whose.OURS
    old = printery().check_code(before.pdf)
    assert signed_back.keep(desk, accepted, pages, old[-4:]) is Wrong.OTHER_EDITION


def test_a_form_of_another_application_here_is_named_and_can_go_there(desk):
    mine, other = accept(desk), accept(desk)
    pages = back(desk, flat(form(desk, other).pdf))
    found = signed_back.find(desk, mine, pages)
    assert found == Finding(Whose.OTHER, other.acceptance.number, other.id)
    with pytest.raises(ValueError, match="other"):
        signed_back.keep(desk, mine, pages, code(desk, mine))
    there = desk.store.application(found.elsewhere)
    assert signed_back.keep(desk, there, pages, code(desk, other)) is Goes.ALONG
    assert FORM_SCAN in desk.store.documents(other.id)
    assert FORM_SCAN not in desk.store.documents(mine.id)


def test_a_form_of_another_counter_is_named_and_is_nowhere_here(desks):
    mine, other = accept(desks[PZH]), accept(desks[JQ])
    pages = back(desks[PZH], flat(form(desks[JQ], other).pdf))
    assert signed_back.find(desks[PZH], mine, pages) == Finding(Whose.OTHER, other.acceptance.number)


def test_one_foreign_page_makes_the_stack_foreign(desk):
    mine, other = accept(desk), accept(desk)
    pages = back(desk, flat(form(desk, mine).pdf), flat(form(desk, other).pdf))
    assert signed_back.find(desk, mine, pages).number == other.acceptance.number


@pytest.mark.parametrize("make", [smudged, lambda pdf: scanned(pdf, 1)])
def test_where_no_code_can_be_read_number_and_code_are_typed(desk, make):
    accepted = accept(desk)
    pages = back(desk, make(form(desk, accepted).pdf))
    assert signed_back.find(desk, accepted, pages) == Finding(Whose.UNREAD)
    number, check = accepted.acceptance.number, code(desk, accepted)
    tail = "".join(char for char in number if char.isdigit())[-4:]
    wrong = f"{(int(tail) + 1) % 10000:04}"
    assert signed_back.keep(desk, accepted, pages, check[-4:]) is Wrong.OTHER_NUMBER
    assert signed_back.keep(desk, accepted, pages, check[-4:], wrong) is Wrong.OTHER_NUMBER
    assert signed_back.keep(desk, accepted, pages, "0000", tail) is Wrong.OTHER_EDITION
    assert FORM_SCAN not in desk.store.documents(accepted.id)
    assert signed_back.keep(desk, accepted, pages, check[-4:].upper(), f"{tail[:3]}-{tail[3]}") is Goes.ALONG


def test_a_code_of_somebody_else_on_the_page_says_nothing(desk):
    made = zxingcpp.create_barcode("HTTPS://EXAMPLE.INVALID/1", zxingcpp.BarcodeFormat.QRCode).to_image(scale=8)
    sheet = Image.new("RGB", (1654, 2339), "white")
    sheet.paste(Image.fromarray(made), (300, 300))
    out = io.BytesIO()
    sheet.save(out, "JPEG", dpi=(200, 200))
    (one,) = back(desk, out.getvalue())
    assert one.numbers == ()


def test_a_stored_scan_is_for_long_keeping_and_shows_the_ink(desk, tmp_path):
    accepted = accept(desk)
    paper = form(desk, accepted)
    assert (
        signed_back.keep(desk, accepted, back(desk, scanned(paper.pdf), scanned(paper.pdf, 1)), code(desk, accepted))
        is Goes.ALONG
    )
    pdf = desk.store.documents(accepted.id)[FORM_SCAN].pdf
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert accepted.applicant.name.encode() not in pdf
    assert pypdfium2.PdfDocument(pdf).get_metadata_dict()["Title"] == "申请表（签好扫回）"
    seen = page(pdf, 0, 100).astype(int)
    assert ((seen[..., 0] - seen[..., 2]) > 60).sum() > 200  # blue ink
    (tmp_path / "scan.pdf").write_bytes(pdf)
    told = subprocess.run(["pdfinfo", tmp_path / "scan.pdf"], capture_output=True, text=True, check=True)
    assert told.stderr == ""
    assert "(A4)" in told.stdout


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_pages_that_came_as_png_are_bound_too(mode):
    out = io.BytesIO()
    picture = Image.new("RGB", (400, 500), "white")
    picture.paste("black", (0, 0, 200, 500))
    picture.convert(mode).save(out, "PNG")
    pdf = printery().bound((Capture(out.getvalue(), "image/png", 400, 500, 0, b""),), "试页", "2026-02-06T10:00:00")
    seen = page(pdf, 0, 72)
    assert seen[100, 100].max() < 30
    assert seen[100, 500].min() > 225


def test_a_file_that_cannot_be_read_costs_none_of_the_others(desk):
    accepted = accept(desk)
    files = [Incoming(b"not a picture", "x.jpg"), Incoming(flat(form(desk, accepted).pdf), "y.jpg")]
    reading = signed_back.read(desk, files)
    assert len(reading.pages) == len(reading.refused) == 1


def test_a_store_that_does_not_take_it_leaves_the_pages_to_be_given_again(desk, monkeypatch):
    accepted = accept(desk)
    pages = back(desk, flat(form(desk, accepted).pdf))
    with monkeypatch.context() as patch:

        def refuse(*_given):
            raise AppError("盘满了")

        patch.setattr(type(desk.store), "keep_signed", refuse)
        with pytest.raises(AppError, match="盘满了"):
            signed_back.keep(desk, accepted, pages, code(desk, accepted))
    assert signed_back.keep(desk, accepted, pages, code(desk, accepted)) is Goes.ALONG


def test_signed_editions_travel_in_the_export_and_the_second_copy(desk, tmp_path):
    accepted = accept(desk)
    paper = form(desk, accepted)
    drawn, _ = signing.sign(desk, accepted, paper.digest, STROKES, 24_000, 6_600)
    assert signed_back.keep(desk, accepted, back(desk, flat(paper.pdf)), code(desk, accepted)) is Goes.ALONG
    scan = desk.store.documents(accepted.id)[FORM_SCAN]
    done = desk.exporter.export(desk.store, [accepted.id], tmp_path / "U盘", desk.clerk)
    folder = tmp_path / "U盘" / done.written[0]
    assert (folder / "form.pdf").read_bytes() == paper.pdf
    assert (folder / "form-signed.pdf").read_bytes() == drawn.pdf
    assert (folder / "form-signed-scan.pdf").read_bytes() == scan.pdf
    disk = tmp_path / "disk"
    disk.mkdir()
    second_copied(desk.store, disk)
    restore(find_copy(disk), tmp_path / "back", lambda slots: slots.unlock_clerk(desk.clerk, PASSPHRASE))
    restored = Vault(tmp_path / "back", desk.clock).open(desk.clerk, PASSPHRASE)
    try:
        assert restored.documents(accepted.id) == desk.store.documents(accepted.id)
    finally:
        restored.close()


def test_a_code_on_a_turned_coarse_page_is_read(desk):
    accepted = accept(desk)
    sheet = page(form(desk, accepted).pdf, 0, 100)
    (one,) = PageMaker().pages(
        jpeg(skewed(sheet, 3), 100, 85), "x.jpg", formats=("JPG",), max_bytes=None, dropped=lambda _: None
    )
    assert PageMaker().codes(one) == (accepted.acceptance.number,)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_compared_and_breaks_nothing(text):
    assert signed_back.enough(text) == (len(signed_back._hex(text)) >= 4)


@pytest.mark.parametrize(
    ("typed", "means"), [("AB0l", "ab01"), ("ａｂ１２", "ab12"), (" d734 9e52 ", "d7349e52"), ("o0-12", "0012")]
)
def test_what_looks_alike_is_taken_for_the_figure_it_is(typed, means):
    assert signed_back._hex(typed) == means
