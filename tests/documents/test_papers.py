import hashlib
import io
import math
import re
import statistics
import subprocess
import zlib
from dataclasses import replace

import papers
import pypdfium2
import pytest
import zxingcpp
from papers import CASES, REGIONS, RESOURCES

from app.adapters.documents.printery import Printery
from app.adapters.documents.trials import MOMENT, RARE_NAME
from app.core.application import Applicant, Disease
from app.core.numbering import parse_number
from app.core.region import Choice, Fact
from app.services.ports import Counter

EDITIONS = (("form", "normal"), ("receipt", "letter"), ("receipt", "large"))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("region", REGIONS)
def test_every_case_of_every_region_prints_without_a_problem(region, name):
    for kind, edition in EDITIONS:
        done = papers.drawn(region, name, kind, edition)
        assert done.problems == ()
        assert done.digest == hashlib.sha256(done.pdf).hexdigest()
        assert done.kind == kind
        assert done.pages == len(pypdfium2.PdfDocument(done.pdf))


@pytest.mark.parametrize("region", REGIONS)
def test_a_usual_case_fills_one_sheet_and_a_usual_receipt_one_page(region):
    assert papers.drawn(region, "typical").pages == 2
    assert papers.drawn(region, "typical", "receipt", "letter").pages == 1
    assert papers.drawn(region, "typical", "receipt", "large").pages == 1
    assert papers.drawn(region, "longest").pages == 3


def test_the_same_case_gives_the_same_bytes_from_another_printery():
    place = papers.region("gansu-jiuquan")
    case = papers.case(place.id, "rare")
    other = Printery(RESOURCES).render("form", "normal", case, place, papers.COUNTER, moment=MOMENT)
    assert other.pdf == papers.drawn("gansu-jiuquan", "rare").pdf


def by_poppler(pdf):
    """All text as poppler reads it, line by line as it was written, without white space."""
    said = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return "".join(said.split())


@pytest.mark.parametrize("reader", [papers.text, by_poppler], ids=["pdfium", "poppler"])
def test_every_answer_can_be_copied_from_the_form(reader):
    case = papers.case("sichuan-panzhihua", "longest")
    found = reader(papers.drawn("sichuan-panzhihua", "longest").pdf)
    person, agent = case.applicant, case.agent
    wanted = [
        person.name, person.address, agent.name, agent.address, agent.phone, case.insurance.card_number, case.insurance.place,
        case.remote.place, case.care.hospital, case.care.designated, case.acceptance.number, "1900年2月28日", "2026年3月18日",
        "51040219000101029X", "510402190001019980", "13800001234", "三级甲等", "柯尔克孜族", "居民身份证",
    ]  # fmt: skip
    wanted += [part for disease in case.diseases for part in (disease.name, disease.code)]
    wanted += [line for line in case.summary.splitlines() if "\n" not in line]
    plain = found.replace("（转附页）", "")
    missing = [one for one in wanted if "".join(one.split()) not in plain]
    assert missing == []


def test_a_name_of_rare_characters_is_copied_verbatim_by_two_readers():
    case = replace(
        papers.case("gansu-jiuquan", "typical"), applicant=Applicant(name=RARE_NAME, cert_number="620902190001019991")
    )
    pdf = papers.draw("form", "normal", case, papers.region("gansu-jiuquan")).pdf
    inside = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    poppler = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert RARE_NAME in inside
    assert RARE_NAME in poppler


def test_a_character_only_the_rare_face_has_is_embedded_too():
    case = replace(papers.case("gansu-jiuquan", "typical"), applicant=Applicant(name="丁𠀀", cert_number="620902190001019991"))
    done = papers.draw("form", "normal", case, papers.region("gansu-jiuquan"))
    assert done.problems == ()
    assert "丁𠀀" in papers.text(done.pdf)
    assert b"HanaMin" in done.pdf


def test_the_rare_face_stays_closed_until_a_rare_character_comes():
    printery = Printery(RESOURCES)
    place = papers.region("gansu-jiuquan")
    printery.render("form", "normal", papers.case(place.id, "typical"), place, papers.COUNTER, moment=MOMENT)
    assert set(printery._fonts.opened) == {"hei", "song"}


@pytest.mark.parametrize(("kind", "edition"), EDITIONS)
def test_every_font_is_an_embedded_subset_with_unicode(kind, edition):
    pdf = papers.drawn("gansu-jiuquan", "longest", kind, edition).pdf
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert len(listed) >= 2
    for line in listed:
        assert re.match(r"[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes", line)
    assert b"Helvetica" not in pdf


def test_the_subset_is_a_font_other_tools_accept():
    fonttools = pytest.importorskip("fontTools.ttLib")
    from app.adapters.documents.fonts import Fonts
    from app.adapters.documents.subset import Subset

    subset = Subset(Fonts(RESOURCES / "fonts").face("song"))
    subset.encode("门诊慢特病ÄéÅ0123")
    font = fonttools.TTFont(io.BytesIO(zlib.decompress(subset.program()[1])), checkChecksums=2, lazy=False)
    assert len(font["hmtx"].metrics) == font["maxp"].numGlyphs >= 13
    assert all(font["glyf"][name] is not None for name in font.getGlyphOrder())


def test_the_file_says_what_it_is_and_names_nobody():
    case = papers.case("gansu-jiuquan", "longest")
    pdf = papers.drawn("gansu-jiuquan", "longest").pdf
    about = pypdfium2.PdfDocument(pdf).get_metadata_dict()
    assert about["Title"] == "甘肃省基本医疗保险门诊慢特病申请表"
    assert about["CreationDate"] == "D:20261214164800"
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"GTS_PDFA1" in pdf
    assert case.applicant.name.encode() not in pdf
    assert b"/Lang (zh-CN)" in pdf


@pytest.mark.parametrize(("kind", "edition"), EDITIONS)
@pytest.mark.parametrize("region", REGIONS)
def test_the_code_holds_the_number_and_nothing_else(region, kind, edition):
    from PIL import Image

    width, height, pixels = papers.printery().picture(papers.drawn(region, "typical", kind, edition).pdf, 0, 200)
    image = Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX")
    codes = papers.codes(image)
    assert [code.text for code in codes] == [papers.case(region, "typical").acceptance.number]
    skewed = papers.codes(image.convert("L").rotate(3, fillcolor="white"))
    assert [code.text for code in skewed] == [code.text for code in codes]


def test_before_acceptance_the_form_has_a_line_for_the_number_and_no_code():
    case = replace(papers.case("gansu-jiuquan", "typical"), acceptance=None)
    done = papers.draw("form", "normal", case, papers.region("gansu-jiuquan"))
    assert done.problems == ()
    assert "受理编号：填报日期" in papers.text(done.pdf)
    width, height, pixels = papers.printery().picture(done.pdf, 0, 150)
    from PIL import Image

    assert zxingcpp.read_barcodes(Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX")) == []


def test_a_receipt_exists_only_after_acceptance():
    case = replace(papers.case("gansu-jiuquan", "typical"), acceptance=None)
    with pytest.raises(ValueError, match="acceptance"):
        papers.draw("receipt", "letter", case, papers.region("gansu-jiuquan"))


def test_the_receipt_never_shows_the_whole_id_number_nor_the_summary():
    case = papers.case("gansu-jiuquan", "typical")
    for edition in ("letter", "large"):
        found = papers.text(papers.drawn("gansu-jiuquan", "typical", "receipt", edition).pdf)
        assert "620902********9991" in found
        assert case.applicant.cert_number not in found
        assert "硝苯地平" not in found


def test_a_disease_stays_off_the_receipt_when_the_applicant_wants_so():
    case = replace(papers.case("gansu-jiuquan", "typical"), show_disease=False)
    assert "高血压" not in papers.text(papers.draw("receipt", "letter", case, papers.region("gansu-jiuquan")).pdf)
    assert "高血压" in papers.text(papers.drawn("gansu-jiuquan", "typical", "receipt", "letter").pdf)


@pytest.mark.parametrize("edition", ["letter", "large"])
@pytest.mark.parametrize("region", REGIONS)
def test_a_receipt_promises_no_call_and_no_charge_the_regions_source_is_silent_about(region, edition):
    for name in CASES:
        found = papers.text(papers.drawn(region, name, "receipt", edition).pdf)
        assert "收齐" in found
        assert not [word for word in ("打电话", "电话告知", "不收费", "免费", "领取") if word in found]


@pytest.mark.parametrize("region", REGIONS)
def test_the_trial_numbers_are_ones_a_scanner_would_take(region):
    assert parse_number(papers.case(region, "typical").acceptance.number)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("region", REGIONS)
def test_the_form_tells_how_personal_data_is_processed_here(region, name):
    from app.adapters.notices import load_notice
    from app.core.notice import told
    from app.core.paper_data import tight

    found = papers.text(papers.drawn(region, name).pdf)
    notice = load_notice(RESOURCES)
    assert f"{notice.title}（版本{notice.version}）：" in found
    for head, text in told(notice, papers.region(region), papers.COUNTER):
        assert f"【{head}】{tight(text)}".replace(" ", "") in found


def test_a_silent_time_limit_is_left_to_the_office():
    found = papers.text(papers.drawn("hubei-shennongjia", "typical", "receipt", "letter").pdf)
    assert "以经办机构告知为准" in found
    assert "工作日内" not in found


def test_a_provisional_date_says_so_in_words():
    found = papers.text(papers.drawn("gansu-jiuquan", "longest", "receipt", "letter").pdf)
    assert "2027年1月5日" in found
    assert "2027年放假安排尚未公布" in found


def test_free_of_charge_is_said_only_where_the_region_says_so():
    place = papers.region("gansu-jiuquan")
    case = papers.case(place.id, "typical")
    assert "不收费" not in papers.text(papers.drawn(place.id, "typical", "receipt", "letter").pdf)
    free = replace(place, facts={**place.facts, "fee": Fact("办理本事项不收费", "窗口公示", confirmed=True)})
    assert "办理本事项不收费。" in papers.text(papers.draw("receipt", "letter", case, free).pdf)


def test_no_office_is_named_where_the_region_names_none():
    place = papers.region("gansu-jiuquan")
    silent = replace(place, facts={key: fact for key, fact in place.facts.items() if key != "office"})
    done = papers.draw("receipt", "letter", papers.case(place.id, "typical"), silent)
    assert done.problems == ()
    assert "经办机构" not in papers.text(done.pdf)


def test_what_the_counter_filled_in_wins_over_the_region():
    counter = Counter("sichuan-panzhihua", "12", "12号窗口", "机场路2号", "周一至周五 8:30-17:30", "0812-1234567")
    case = papers.case("sichuan-panzhihua", "typical")
    found = papers.text(papers.draw("receipt", "letter", case, papers.region("sichuan-panzhihua"), counter).pdf)
    assert "机场路2号" in found
    assert "周一至周五8:30—17:30" in found
    assert "拨打0812-1234567" in found
    assert "3323000" not in found


def test_the_receipt_lists_each_paper_with_its_pages_and_its_original():
    found = papers.text(papers.drawn("gansu-jiuquan", "typical", "receipt", "letter").pdf)
    assert "收到材料（共5种）" in found
    assert "1.身份证2已退还" in found
    assert "5.申请表2留存" in found
    large = papers.text(papers.drawn("gansu-jiuquan", "typical", "receipt", "large").pdf)
    assert "共5种。已退还：身份证2页、社保卡2页、诊断证明2页、病历资料2页；留存：申请表2页。" in large


def test_an_unchecked_insurance_is_said_and_a_checked_one_is_not():
    case = papers.case("gansu-jiuquan", "typical")
    checked = replace(case, insurance=replace(case.insurance, status="normal"))
    assert "参保状态在联网后核对" in papers.text(papers.drawn("gansu-jiuquan", "typical", "receipt", "large").pdf)
    assert "联网" not in papers.text(papers.draw("receipt", "letter", checked, papers.region("gansu-jiuquan")).pdf)


@pytest.mark.parametrize(("edition", "least"), [("letter", 24), ("large", 30)])
def test_number_and_date_of_a_receipt_are_large(edition, least):
    pdf = papers.drawn("gansu-jiuquan", "typical", "receipt", edition).pdf
    assert papers.place(pdf, "JQ03-261120-0007-7").size >= least
    assert papers.place(pdf, "2026年12月18").size >= least


def test_large_print_is_large_everywhere_but_in_the_foot_and_the_seal():
    sizes = {}
    for one in papers.chars(papers.drawn("gansu-jiuquan", "typical", "receipt", "large").pdf):
        if one.char.strip():
            sizes.setdefault(round(one.size, 1), []).append(one.char)
    assert "".join(sizes.pop(9)) == "受理专用章"
    assert "校验码" in "".join(sizes.pop(12))
    assert min(sizes) >= 18


def test_the_form_stays_where_it_was_measured():
    pdf = papers.drawn("gansu-jiuquan", "typical").pdf
    expected = {
        "甘肃省": (47.16, 28.05), "受理编号": (25.0, 39.91), "张建国": (55.8, 48.72), "1900年1月1": (157.8, 58.72),
        "高血压": (46.8, 134.47), "患者": (34.8, 173.36), "本人承诺": (42.91, 244.17), "样表：": (25.0, 288.0),
    }  # fmt: skip
    found = {words: (papers.place(pdf, words).left, papers.place(pdf, words).base) for words in expected}
    assert found == {words: pytest.approx(at, abs=0.1) for words, at in expected.items()}


def test_the_sample_mark_goes_when_the_office_confirmed_the_form():
    place = papers.region("gansu-jiuquan")
    assert "样表" in papers.text(papers.drawn(place.id, "typical").pdf)
    confirmed = papers.draw("form", "normal", papers.case(place.id, "typical"), replace(place, form_confirmed=True))
    assert "样表" not in papers.text(confirmed.pdf)


def test_a_number_that_is_not_of_eighteen_characters_is_printed_plainly():
    case = papers.case("gansu-jiuquan", "typical")
    foreign = replace(case, applicant=replace(case.applicant, cert_kind="08", cert_number="E12345678"))
    done = papers.draw("form", "normal", foreign, papers.region("gansu-jiuquan"))
    assert done.problems == ()
    assert "护照" in papers.text(done.pdf)
    assert papers.place(done.pdf, "E12345678").size == 11


def test_the_form_ticks_what_the_region_offers():
    place = replace(
        papers.region("gansu-jiuquan"), id="elsewhere", kinds=(Choice("new", "首次认定"), Choice("move", "转入")),
        insurances=(Choice("310", "职工"), Choice("flexible", "灵活就业")),
    )  # fmt: skip
    case = replace(papers.case("gansu-jiuquan", "typical"), kind="move")
    found = papers.text(papers.draw("form", "normal", case, place).pdf)
    assert "首次认定转入" in found
    assert "职工灵活就业" in found


def test_more_than_three_diseases_make_more_rows():
    case = papers.case("gansu-jiuquan", "typical")
    many = replace(case, diseases=tuple(Disease(f"病种{at}号", "", "2020-01-02") for at in range(1, 7)))
    done = papers.draw("form", "normal", many, papers.region("gansu-jiuquan"))
    assert done.problems == ()
    assert "6病种6号2020年1月2日" in papers.text(done.pdf)


def test_a_very_long_summary_goes_on_over_several_annex_pages_and_none_is_lost():
    lines = [f"第{at}次住院，经治疗好转出院，门诊随访，病情平稳，继续口服药物治疗并定期复查各项指标。" for at in range(1, 121)]
    case = replace(papers.case("gansu-jiuquan", "typical"), summary="\n".join(lines))
    done = papers.draw("form", "normal", case, papers.region("gansu-jiuquan"))
    assert done.problems == ()
    assert done.pages >= 5
    found = papers.text(done.pdf)
    assert [line for line in lines if line not in found.replace("（转附页）", "")] == []
    assert found.count("（以下空白）") == 1


def test_what_cannot_fit_is_named_by_its_field_and_never_clipped():
    case = papers.case("gansu-jiuquan", "typical")
    long = replace(case, applicant=replace(case.applicant, address="很长的地址" * 60))
    done = papers.draw("form", "normal", long, papers.region("gansu-jiuquan"))
    assert done.problems == ("“工作单位或家庭住址”写得太长，这一格放不下。缩短后再打印。",)


def test_a_character_no_face_has_is_named_by_its_field():
    case = papers.case("gansu-jiuquan", "typical")
    strange = replace(case, applicant=replace(case.applicant, name="张\U000f0000"))
    done = papers.draw("form", "normal", strange, papers.region("gansu-jiuquan"))
    assert len(done.problems) == 1
    assert done.problems[0].startswith("“姓名”里的“\U000f0000”（U+F0000）没有字形")


def test_a_typed_date_that_is_none_is_printed_as_typed():
    case = papers.case("gansu-jiuquan", "typical")
    typed = replace(case, diseases=(Disease("高血压", "", "前年夏天"),))
    assert "高血压前年夏天" in papers.text(papers.draw("form", "normal", typed, papers.region("gansu-jiuquan")).pdf)


def test_the_check_code_changes_with_the_content_only():
    case = papers.case("gansu-jiuquan", "typical")
    place = papers.region("gansu-jiuquan")

    def code(application, edition="letter"):
        return re.search("校验码：([0-9a-f]{8})", papers.text(papers.draw("receipt", edition, application, place).pdf))[1]

    assert code(case) == code(case, "large")
    assert code(case) != code(replace(case, applicant=replace(case.applicant, phone="13800001235")))


def test_a_picture_is_opaque_white_paper_of_the_asked_size():
    width, height, pixels = papers.printery().picture(papers.drawn("gansu-jiuquan", "short").pdf, 0, 96)
    assert (width, height) == (794, 1123)
    assert len(pixels) == width * height * 4
    assert pixels[:4] == b"\xff\xff\xff\xff"
    assert set(pixels[3::4]) == {255}
    with pytest.raises(IndexError):
        papers.printery().picture(papers.drawn("gansu-jiuquan", "short").pdf, 9, 96)


@pytest.mark.parametrize("dpi", [24, 46.2, 72, 96])
def test_a_small_picture_has_no_more_ink_than_the_paper(dpi):
    def ink(dpi):
        width, height, pixels = papers.printery().picture(papers.drawn("hubei-shennongjia", "typical").pdf, 0, dpi)
        assert (width, height) == (math.ceil(595.276 * dpi / 72), math.ceil(841.89 * dpi / 72))
        return 255 - statistics.fmean(pixels[::4])

    assert ink(dpi) == pytest.approx(ink(300), rel=0.03)
