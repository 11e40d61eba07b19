"""PDF files into pages."""

import io

import numpy as np
import pypdfium2
import pytest
from imaging_kit import drawn, noisy, opened, pdf, saved, scanned
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from app.adapters.imaging import pdfs
from app.core.errors import RefusedFileError


def refused(take, data):
    with pytest.raises(RefusedFileError) as refusal:
        take(data, "小结.pdf")
    return refusal.value.sentence


def test_each_page_becomes_a_picture_of_200_dots_per_inch(take):
    pages = take(pdf(3), "小结.pdf")
    assert [(p.media, p.width, p.height, p.dpi) for p in pages] == [("image/jpeg", 1654, 2339, 200)] * 3
    shown = opened(pages[0].data)
    assert shown.info["dpi"] == (200, 200)
    assert shown.convert("L").getpixel((150, 150)) < 30
    assert shown.convert("L").getpixel((1000, 1000)) > 250
    assert take.left == []


def test_a_card_sized_page_is_rendered_finer(take):
    (page,) = take(pdf(size=(242.6, 153.0)), "卡.pdf")
    assert page.dpi == 300
    assert page.width == 1011


def test_a_page_of_five_metres_is_drawn_smaller(take):
    (page,) = take(pdf(size=(14400, 14400)), "图.pdf")
    assert page.width * page.height <= 17_500_000
    assert page.dpi < 30


def test_a_pdf_with_a_password(take):
    assert (
        refused(take, pdf(encrypt=StandardEncryption("secret")))
        == "这份 PDF 有密码，打不开。让对方给不带密码的，或直接扫描原件。"
    )


def test_a_pdf_that_only_forbids_printing_opens(take):
    assert len(take(pdf(encrypt=StandardEncryption("", ownerPassword="boss", canPrint=0)), "a.pdf")) == 1


def test_a_truncated_pdf_is_refused_or_shows_all_its_pages(take):
    whole = pdf(4)
    for part in (0.1, 0.4, 0.7, 0.9):
        try:
            pages = take(whole[: int(len(whole) * part)], "a.pdf")
        except RefusedFileError:
            continue
        assert len(pages) == 4


def test_a_pdf_of_too_many_pages(take):
    assert "201 页，一次最多 200 页" in refused(take, pdf(201))


def test_a_pdf_without_pages(take):
    empty = pypdfium2.PdfDocument.new()
    out = io.BytesIO()
    empty.save(out)
    empty.close()
    assert refused(take, out.getvalue()).endswith("扫描原件。")


def test_rubbish_with_the_right_beginning(take):
    assert "坏了" in refused(take, b"%PDF-1.7\n" + bytes(range(256)) * 10)


def test_attachments_and_scripts_stay_behind_and_are_told(take):
    document = pypdfium2.PdfDocument(pdf())
    document.new_attachment("virus.exe").set_data(b"MZ")
    out = io.BytesIO()
    document.save(out)
    document.close()
    assert len(take(out.getvalue(), "a.pdf")) == 1
    assert take.left == ["PDF 里夹带的 1 个附件没有收"]
    take.left.clear()
    scripted = pdf().replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
    assert len(take(scripted, "a.pdf")) == 1
    assert take.left == ["PDF 里的脚本没有收"]


def test_what_a_clerk_at_the_hospital_typed_into_a_form_is_on_the_page(take):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.acroForm.textfield(
        name="diagnosis", value="MMMMMMMMMM", x=100, y=600, width=300, height=60, fontSize=40, borderStyle="inset"
    )
    canvas.showPage()
    canvas.save()
    (page,) = take(out.getvalue(), "a.pdf")
    field = opened(page.data).convert("L").crop((300, 520, 1000, 640))
    assert sum(field.histogram()[:80]) > 2000


def test_a_scan_heavier_than_the_region_takes_comes_in_as_pages_that_fit(take):
    data = scanned(saved(noisy(900, 1272), quality=95), saved(noisy(901, 1272), quality=95))
    limit = 1_900_000
    assert len(data) > limit
    pages = take(data, "a.pdf", max_bytes=limit)
    assert len(pages) == 2
    assert all(p.shrunk and len(p.data) <= limit and p.height >= 2338 for p in pages)


def scan_of(width=1654, height=2339, **options):
    return saved(drawn(width, height), **options)


def test_a_small_clean_scan_keeps_its_picture_and_states_its_true_resolution(take):
    (page,) = take(scanned(scan_of(dpi=(72, 72))), "a.pdf")
    assert (page.width, page.height, page.dpi) == (1654, 2339, 200)
    assert opened(page.data).info["dpi"] == (200, 200)
    assert opened(page.data).tobytes() == opened(scan_of()).tobytes()


def test_a_heavy_scan_becomes_as_fine_as_pages_are_drawn(take):
    (page,) = take(scanned(saved(noisy(2480, 3508), quality=80)), "a.pdf")
    assert (page.height, page.dpi) == (2339, 200)


def test_the_way_a_phone_lay_says_nothing_inside_a_pdf(take):
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = take(scanned(scan_of(exif=exif)), "a.pdf")
    assert (page.width, page.height) == (1654, 2339)
    assert b"Exif" not in page.data


def changed(document, page, picture):
    return {
        "turned": lambda: page.set_rotation(90),
        "cropped": lambda: page.set_cropbox(0, 300, 595, 842),
        "not filling": lambda: picture.set_matrix(pypdfium2.PdfMatrix().scale(500, 700)),
        "mirrored": lambda: picture.set_matrix(pypdfium2.PdfMatrix().scale(-595.28, 841.89).translate(595.28, 0)),
        "written over": lambda: page.insert_obj(second(document)),
    }


def second(document):
    picture = pypdfium2.PdfImage.new(document)
    picture.load_jpeg(io.BytesIO(saved(Image.new("RGB", (60, 60), "#0000ff"))))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(200, 200).translate(300, 300))
    return picture


@pytest.mark.parametrize("how", ["turned", "cropped", "not filling", "mirrored", "written over"])
def test_a_scan_that_is_not_shown_plainly_is_drawn(take, how):
    document = pypdfium2.PdfDocument(scanned(scan_of()))
    page = document[0]
    (picture,) = page.get_objects()
    changed(document, page, picture)[how]()
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    shown = pypdfium2.PdfDocument(out.getvalue())[0].render(scale=50 / 72).to_pil().convert("L")
    (page,) = take(out.getvalue(), "a.pdf")
    ours = np.asarray(opened(page.data).convert("L").resize(shown.size)).astype(int)
    assert np.abs(ours - np.asarray(shown)).mean() < 3
    assert page.data != scan_of()


def test_ink_colours_masks_and_a_picture_that_is_not_what_is_said_of_it_are_drawn(take):
    (inks,) = take(scanned(saved(drawn(1654, 2339, "CMYK"))), "a.pdf")
    assert opened(inks.data).mode == "RGB"
    sound = scanned(scan_of())
    masked = sound.replace(b"/Filter/DCTDecode", b"/Filter/DCTDecode/Decode[1 0 1 0 1 0]")
    assert masked != sound
    (negative,) = take(masked, "a.pdf")
    assert opened(negative.data).convert("L").getpixel((1500, 1500)) < 60
    other = sound.replace(b"/Width 1654", b"/Width 1655")
    assert other != sound
    assert len(take(other, "a.pdf")) == 1


def test_a_refused_page_leaves_the_way_free_for_the_next_file(take):
    data = scanned(saved(noisy(800, 1131)))
    # Nobody collects rubbish meanwhile (conftest): what the refusal still holds must not stand in the way.
    with pytest.raises(RefusedFileError) as kept:
        take(data, "a.pdf", max_bytes=50_000)
    assert len(take(pdf(), "b.pdf")) == 1
    assert "200 dpi" in kept.value.sentence


def endless():
    """A page whose forms draw each other ten times over, nine deep: a thousand million squares."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    objects.append(
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
    )
    drawn = b"/F Do " * 10
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    for deep in range(9):
        body, named = (drawn, b"/Resources << /XObject << /F %d 0 R >> >>" % (deep + 6)) if deep < 8 else (b"0 0 9 9 re f", b"")
        head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] %s /Length %d >>" % (named, len(body))
        objects.append(b"%s\nstream\n%s\nendstream" % (head, body))
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, 2)
    for number, body in enumerate(objects, start=1):
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    out.write(b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF" % (len(objects) + 1))
    return out.getvalue()


def test_a_page_that_draws_for_ever_is_given_up_and_the_next_file_is_taken(take, monkeypatch):
    monkeypatch.setattr(pdfs, "START_SECONDS", 2.0)
    with pytest.raises(RefusedFileError, match="太复杂"):
        list(pdfs.pdf_pages(endless(), take.left.append, seconds=0.5))
    monkeypatch.undo()
    assert len(take(pdf(), "b.pdf")) == 1


def test_a_process_that_dies_between_files_is_started_anew(take):
    assert len(take(pdf(), "a.pdf")) == 1
    pdfs._drawer._process.kill()
    pdfs._drawer._process.wait()
    assert len(take(pdf(), "b.pdf")) == 1


def test_five_hundred_pages_are_refused_without_drawing_one(take):
    assert "500 页，一次最多 200 页" in refused(take, pdf(500))
