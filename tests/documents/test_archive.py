"""The file itself: ReportLab's canvas and our font class held to PDF/A-2b, and what we count on inside ReportLab."""

import ctypes
import re
import zlib
from xml.etree import ElementTree as ET

import papers
import pypdfium2
import pytest
from papers import RESOURCES
from pypdfium2 import raw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFCatalog

from app.adapters.documents import icc, type0
from app.adapters.documents.fonts import FILES, HEI, SONG, Fonts
from app.adapters.documents.ink import Ink
from app.adapters.documents.pdf import About, ArchiveCanvas
from app.adapters.documents.truetype import Face

MOMENT = "2026-12-14T16:48:00"
STREAM = re.compile(rb"<<\n((?:(?!stream\n).)*?/Length (\d+).*?)\n>>\nstream\n", re.DOTALL)


@pytest.fixture(scope="module")
def fonts():
    return Fonts(RESOURCES / "fonts")


def page(fonts, *acts, title="试页"):
    """A file of one page with what the acts draw."""
    canvas = ArchiveCanvas(About(title, MOMENT), type0.use(fonts.face(SONG)).fontName)
    ink = Ink(canvas, fonts)
    for act in acts:
        act(ink)
    ink.finish()
    return bytes(canvas.getpdfdata())


def streams(pdf):
    """Entries, declared length and place of every stream."""
    return [(found[1], int(found[2]), found.end()) for found in STREAM.finditer(pdf)]


@pytest.mark.parametrize(("kind", "edition"), papers.printery().offered(papers.region("gansu-jiuquan")))
def test_every_stream_ends_with_a_line_end_its_length_does_not_count(kind, edition):
    pdf = papers.drawn("gansu-jiuquan", "typical", kind, edition).pdf
    found = streams(pdf)
    assert len(found) == pdf.count(b"endstream") >= 7
    for entries, length, at in found:
        assert pdf[at + length : at + length + 11] == b"\nendstream\n"
        assert b"ASCII85" not in entries
        if b"FlateDecode" in entries:
            zlib.decompress(pdf[at : at + length])


def without_ink(pdf):
    """The characters that a reader finds but no eye: white where they stand. And how many were looked at."""
    scale, blank, count = 2, [], 0
    with pypdfium2.PdfDocument(pdf) as document:
        for one in document:
            seen, text, high = one.render(scale=scale, grayscale=True).to_pil(), one.get_textpage(), one.get_height()
            for at in range(text.count_chars()):
                char = text.get_text_range(at, 1)
                if char.isalnum():  # a mark has its ink in a corner
                    left, bottom, right, top = text.get_charbox(at, loose=True)
                    inside = (left * scale + 1, (high - top) * scale + 1, right * scale - 1, (high - bottom) * scale - 1)
                    blank += [char] if seen.crop(tuple(map(round, inside))).getextrema()[0] > 200 else []
                    count += 1
    return blank, count


@pytest.mark.parametrize("name", ["typical", "rare"])
def test_every_character_that_can_be_copied_can_be_seen(name):
    """What is beyond a layout's own words stands behind them in each font: text alone would not tell that it shows nothing."""
    blank, count = without_ink(papers.drawn("gansu-jiuquan", name).pdf)
    assert (blank, count > 900) == ([], True)


def test_the_catalog_names_the_profile_the_language_and_the_metadata(fonts):
    pdf = page(fonts)
    catalog = next(one for one in pdf.split(b"endobj") if b"/Type /Catalog" in one)
    assert b"/OutputIntents" in catalog
    assert b"/GTS_PDFA1" in catalog
    assert b"/Lang (zh-CN)" in catalog
    assert b"/PrintScaling /None" in pdf
    assert b"/DisplayDocTitle true" in pdf
    profile = re.search(rb"/DestOutputProfile (\d+) 0 R", catalog)[1]
    _, length, at = next(one for one in streams(pdf) if b"/N 3" in one[0])
    assert pdf.rindex(b"\n" + profile + b" 0 obj", 0, at) > pdf.rindex(b"endobj", 0, at)
    assert zlib.decompress(pdf[at : at + length]) == icc.srgb()
    assert "OutputIntents" not in PDFCatalog.__NoDefault__  # ours only: nobody else's canvas is touched


def test_the_metadata_says_the_same_as_the_information_dictionary(fonts):
    pdf = page(fonts, title="甲 & 乙 <表>")
    about = pypdfium2.PdfDocument(pdf).get_metadata_dict()
    tree = ET.fromstring(pdf[pdf.index(b"<x:xmpmeta") : pdf.index(b"<?xpacket end")].decode())
    said = {element.tag.partition("}")[2]: "".join(element.itertext()).strip() for element in tree[0][0]}
    assert said["title"] == about["Title"] == "甲 & 乙 <表>"
    assert said["CreatorTool"] == said["Producer"] == about["Creator"] == about["Producer"] != ""
    assert said["CreateDate"] == said["ModifyDate"] == MOMENT
    assert about["CreationDate"] == about["ModDate"] == "D:" + re.sub(r"\D", "", MOMENT)
    assert (said["part"], said["conformance"]) == ("2", "B")


def test_files_with_other_words_have_other_identifiers_even_where_the_codes_are_alike(fonts):
    def identifier(text):
        return re.search(rb"/ID\s+\[(<\w+>)", page(fonts, lambda ink: ink.text(20, 20, text, HEI, 12)))[1]

    assert identifier("丁一") == identifier("丁一")
    assert identifier("丁一") != identifier("丙二")


def test_a_face_is_known_to_reportlab_once_and_by_its_file(fonts, tmp_path):
    other = tmp_path / FILES[HEI]
    other.symlink_to(RESOURCES / "fonts" / FILES[HEI])
    assert type0.use(fonts.face(HEI)) is type0.use(Fonts(RESOURCES / "fonts").face(HEI))
    assert type0.use(Face(other)) is not type0.use(fonts.face(HEI))


def test_reportlab_measures_our_font_as_we_do(fonts):
    font = type0.use(fonts.face(SONG))
    words = "门诊慢特病 2026"
    assert pdfmetrics.stringWidth(words, font.fontName, 10) == pytest.approx(10 * fonts.width(SONG, words), abs=1e-6)


def test_reportlabs_own_text_calls_draw_with_our_font(fonts):
    canvas = ArchiveCanvas(About("试页", MOMENT), type0.use(fonts.face(SONG)).fontName)
    canvas.setFont(type0.use(fonts.face(HEI)).fontName, 12)
    canvas.drawString(72, 700, "𱁬 (甲)\\乙")
    assert "𱁬 (甲)\\乙" in pypdfium2.PdfDocument(canvas.getpdfdata())[0].get_textpage().get_text_range()


def test_a_document_that_breaks_off_leaves_nothing_in_the_font(fonts):
    font = type0.use(fonts.face(HEI))
    page(fonts, lambda ink: ink.text(20, 20, "甲", HEI, 12))
    assert len(font._subsets) == 0
    with pytest.raises(ZeroDivisionError):
        page(fonts, lambda ink: ink.text(20, 20, "甲", HEI, 12), lambda _: 1 // 0)
    assert len(font._subsets) == 0


def modes(pdf):
    """Render mode, grey (0 to 255) and size of each text object, by its words."""
    sheet = pypdfium2.PdfDocument(pdf)[0]
    inside, found = sheet.get_textpage(), {}
    for one in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        raw.FPDFPageObj_GetFillColor(one.raw, red, green, blue, alpha)
        size = ctypes.c_float()
        raw.FPDFTextObj_GetFontSize(one.raw, size)
        words = (ctypes.c_ushort * 50)()
        length = raw.FPDFTextObj_GetText(one.raw, inside.raw, words, ctypes.sizeof(words))
        name = bytes(words)[:length].decode("utf-16-le").rstrip("\0").strip()
        found[name] = (raw.FPDFTextObj_GetTextRenderMode(one.raw), red.value, round(size.value, 2))
    return found


def test_heavy_grey_and_spread_words_do_not_touch_the_next(fonts):
    pdf = page(
        fonts,
        lambda ink: ink.text(20, 20, "甲", HEI, 12),
        lambda ink: ink.text(20, 30, "乙", HEI, 12, weight=0.02),
        lambda ink: ink.text(20, 40, "丙", HEI, 12, grey=0.5),
        lambda ink: ink.text(20, 50, "丁丁", SONG, 9.5, spacing=20),
        lambda ink: ink.text(20, 60, "戊戊", HEI, 12),
    )
    assert modes(pdf) == {
        "甲": (raw.FPDF_TEXTRENDERMODE_FILL, 0, 12), "乙": (raw.FPDF_TEXTRENDERMODE_FILL_STROKE, 0, 12),
        "丙": (raw.FPDF_TEXTRENDERMODE_FILL, 128, 12), "丁丁": (raw.FPDF_TEXTRENDERMODE_FILL, 0, 9.5),
        "戊戊": (raw.FPDF_TEXTRENDERMODE_FILL, 0, 12),
    }  # fmt: skip
    left = {one.char: one.left for one in papers.chars(pdf)}  # the last of each
    assert left["丁"] - 20 == pytest.approx((9.5 + 20) / papers.MM, abs=0.02)
    assert left["戊"] - 20 == pytest.approx(12 / papers.MM, abs=0.02)


def test_lines_boxes_ticks_and_circles_stand_where_they_were_asked(fonts):
    pdf = page(
        fonts,
        lambda ink: ink.line(20, 30, 60, 30, 0.3),
        lambda ink: ink.rectangle(20, 40, 30, 10, 0.6),
        lambda ink: ink.path([(20, 60), (25, 65), (30, 60)], 0.4),
        lambda ink: ink.circle(100, 100, 20, 0.3, 0.6),
        lambda ink: ink.modules(150, 30, 5, 5, ((0, 0, 1), (2, 0, 1))),
    )
    width, height, pixels = papers.printery().picture(pdf, 0, 254)  # ten pixels in a millimetre

    def dark(x, y):
        at = (round(y * 10) * width + round(x * 10)) * 4
        return pixels[at] < 200

    assert (width, height) == (2101, 2971)
    assert all(dark(x, 30) for x in (20.1, 40, 59.9))
    assert all(dark(x, y) for x, y in ((20, 45), (50, 45), (35, 40), (35, 50)))
    assert all(dark(x, y) for x, y in ((22.5, 62.5), (27.5, 62.5), (25, 65)))
    assert any(dark(100 + step / 10, 80) for step in range(-10, 10))
    assert all(dark(x, 32) for x in (151, 154, 161, 164))
    assert not any(dark(x, y) for x, y in ((40, 35), (35, 45), (157.5, 32), (100, 100), (25, 60)))


CODE = "7K3M-9QRT-2VXB-H4WN-J6ZC-5DFG-8PSY-0A1E"


def test_the_recovery_sheet_holds_the_code_in_large_type_and_what_to_do_with_it():
    pdf = papers.printery().recovery_sheet(CODE, papers.COUNTER)
    found = papers.text(pdf)
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert found.startswith("恢复码3号窗口（编号03）")
    assert CODE.replace("-", "") in found
    assert "这张纸能打开本窗口的全部申请。" in found
    assert "装进信封封好，锁进柜子，不要拍照，不要和电脑放在一起。" in found
    assert "全部经办人员都忘了口令时才用。" in found
    groups = [papers.place(pdf, group) for group in CODE.split("-")]
    assert min(one.size for one in groups) >= 24
    assert len({round(one.base) for one in groups[:4]}) == len({round(one.base) for one in groups[4:]}) == 1
    assert groups[0].base < groups[4].base


def test_the_recovery_code_is_nowhere_but_on_its_page():
    printery = papers.printery()
    pdf = printery.recovery_sheet(CODE, papers.COUNTER)
    assert pypdfium2.PdfDocument(pdf).get_metadata_dict()["Title"] == "恢复码"
    assert b"7K3M" not in pdf
    assert "校验码" not in papers.text(pdf)
    assert printery.recovery_sheet(CODE.replace("-", " "), papers.COUNTER) == pdf
    assert "7K3M" not in repr(printery._sheets)


@pytest.mark.parametrize("code", ["", "7K3M", CODE + "-7K3M", CODE[:-1]])
def test_what_is_no_recovery_code_is_not_printed_as_one(code):
    with pytest.raises(ValueError, match="eight groups"):
        papers.printery().recovery_sheet(code, papers.COUNTER)
