"""The papers beside form and receipt: what they say, what they never say, and that others can read them."""

import re
import subprocess
from dataclasses import replace

import papers
import pypdfium2
import pytest
from papers import CASES, REGIONS
from PIL import Image, ImageFilter

from app.adapters.documents.trials import MOMENT, RARE_NAME, RARE_WORDS, trial_extras
from app.core.application import Agent, Paper
from app.core.checks import check
from app.core.days import parse_day
from app.core.paper_extras import Defect, Outcome, PaperExtras
from app.core.paper_notice import defects
from app.core.region import Deferral, Fact

JQ, PZH = "gansu-jiuquan", "sichuan-panzhihua"
OFFERED = {place: papers.printery().offered(papers.region(place)) for place in REGIONS}
LATER = Deferral(("diagnosis",), "受理后10个工作日内补齐", "退回申请", "测试")
ONE = Defect("诊断证明", "没有盖医院公章。", "请医院补盖公章。", "开证明的医院")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("region", REGIONS)
def test_every_document_in_every_edition_prints_every_case_without_a_problem(region, name):
    for kind, edition in OFFERED[region]:
        done = papers.drawn(region, name, kind, edition)
        assert (done.kind, done.problems) == (kind, ())
        assert done.pages == len(pypdfium2.PdfDocument(done.pdf))


def test_each_region_offers_the_same_papers_and_none_lets_papers_come_later():
    kinds = {place: {kind for kind, _ in offered} for place, offered in OFFERED.items()}
    expected = {"form", "receipt", "materials", "notice", "reasons", "outcome", "privacy", "cover", "withdrawal"}
    assert kinds == dict.fromkeys(REGIONS, expected)


@pytest.mark.parametrize(("kind", "edition"), [one for one in OFFERED[JQ] if one[0] != "form"])
def test_the_whole_id_number_is_on_the_form_alone_and_the_summary_too(kind, edition):
    for name in CASES:
        case = papers.case(JQ, name)
        found = papers.text(papers.drawn(JQ, name, kind, edition).pdf)
        assert case.applicant.cert_number not in found
        assert not case.summary or "".join(case.summary.split())[:20] not in found
        assert not [word for word in ("不予受理", "打电话", "不收费", "免费") if word in found]


@pytest.mark.parametrize(("kind", "edition"), [one for one in OFFERED[JQ] if one[0] not in ("cover", "privacy")])
def test_rare_names_and_words_are_copied_verbatim_by_two_readers(kind, edition):
    pdf = papers.drawn(JQ, "rare", kind, edition).pdf
    poppler = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    for found in (papers.text(pdf), "".join(poppler.split())):
        assert RARE_NAME in found
        if kind in ("form", "outcome", "withdrawal"):
            assert RARE_WORDS in found


def test_the_cover_lies_about_so_it_shows_neither_name_nor_disease():
    found = papers.text(papers.drawn(JQ, "typical", "cover", "normal").pdf)
    assert "张＊＊" in found
    assert "张建国" not in found
    assert "高血压" not in found


def seen(pdf, blur=0.0):
    width, height, pixels = papers.printery().picture(pdf, 0, 200)
    image = Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX").convert("L")
    return papers.codes(image.filter(ImageFilter.GaussianBlur(blur)) if blur else image)


@pytest.mark.parametrize("region", REGIONS)
def test_both_codes_of_the_cover_are_read_from_a_blurred_scan(region):
    found = seen(papers.drawn(region, "typical", "cover", "normal").pdf, blur=1.2)
    number = papers.case(region, "typical").acceptance.number
    assert {(code.format.name, code.text) for code in found} == {("QRCode", number), ("Code128", number)}


def test_the_bars_are_wide_enough_for_a_counter_scanner():
    from app.adapters.documents import codes

    across, bars = codes.code128("JQ03-261120-0007-7")
    assert codes.MODULE >= 0.38
    assert across * codes.MODULE < 160
    assert bars[0][0] == 0
    assert bars[-1][0] + bars[-1][2] == across


@pytest.mark.parametrize(("kind", "edition"), [one for one in OFFERED[JQ] if one[0] in ("receipt", "form")])
def test_the_number_is_read_from_a_blurred_scan(kind, edition):
    found = seen(papers.drawn(JQ, "typical", kind, edition).pdf, blur=1.0)
    assert [code.text for code in found] == [papers.case(JQ, "typical").acceptance.number]


@pytest.mark.parametrize("region", papers.REGIONS)
def test_a_reprint_has_the_pages_of_its_first_print(region):
    # The panel says them before the reprint is drawn. The longest case is drawn as a reprint already.
    for kind, edition in (("form", "normal"), ("receipt", "large"), ("materials", "normal")):
        for name, count in (("typical", 12), ("longest", 0)):
            other = papers.draw(
                kind, edition, papers.case(region, name), papers.region(region), more=PaperExtras(reprint=count)
            )
            assert other.pages == papers.drawn(region, name, kind, edition).pages


def test_a_reprint_says_so_and_bears_the_code_of_the_first_print():
    case, place = papers.case(JQ, "typical"), papers.region(JQ)
    first, again = (
        papers.text(papers.draw("receipt", "letter", case, place, more=PaperExtras(reprint=count)).pdf) for count in (0, 2)
    )
    assert "补打" not in first
    assert "补打（第2次）" in again
    assert again.replace("补打（第2次）", "") == first


def test_the_foot_of_a_form_names_its_version_page_and_code():
    found = papers.text(papers.drawn(JQ, "typical").pdf)
    assert re.search("第1页共2页版本2026.1校验码：[0-9a-f]{8}", found)


def test_the_notice_tells_every_defect_with_problem_remedy_and_place():
    case, place = papers.case(JQ, "typical"), papers.region(JQ)
    draft = replace(case, acceptance=None, papers=(Paper("diagnosis", seen=True),), applicant=replace(case.applicant, phone=""))
    told = defects(check(draft, place, parse_day(MOMENT[:10])), draft, place)
    done = papers.draw("notice", "letter", draft, place, more=PaperExtras(told, "2026-12-31"))
    found = papers.text(done.pdf)
    assert done.problems == ()
    assert f"还要补齐下列{len(told)}项" in found
    for one in told:
        assert f"{one.name}□备齐问题：{one.problem}怎么补：{one.remedy}到哪里：{one.where}".replace("□", "") in found
    names = {one.name: one for one in told}
    assert names["诊断证明"].problem == "没有看到医院公章。"
    assert names["病历资料"].where == "看病的医院"
    assert names["联系电话"].problem == "还没有写。"
    assert "2026年12月31日（星期四）" in found
    assert "受理编号" not in found


@pytest.mark.parametrize("edition", ["letter", "large"])
def test_a_notice_of_what_the_office_sent_back_speaks_for_the_office_and_names_no_place_it_was_not_told(edition):
    case, place = papers.case(JQ, "typical"), papers.region(JQ)
    sent_back = PaperExtras(
        (Defect("检查报告", "没有写检查日期。", "请医生补写日期。"),), "", Outcome("supplement", "2026-12-15")
    )
    found = papers.text(papers.draw("notice", edition, case, place, more=sent_back).pdf)
    assert "到哪里" not in found
    assert "怎么补：请医生补写日期。" in found
    assert "您2026年11月20日" in found  # when it was handed in, not when this is printed
    assert ("经办机构审核后答复" if edition == "letter" else "经办机构答复") in found
    assert "来办理" not in found


def test_one_paper_with_two_flaws_is_one_block_and_silence_stays_silence():
    case, place = papers.case("hubei-shennongjia", "typical"), papers.region("hubei-shennongjia")
    draft = replace(case, acceptance=None, by_agent=True, agent=Agent("李四"), papers=(Paper("reports", seen=True),))
    told = defects(check(draft, place, parse_day(MOMENT[:10])), draft, place)
    assert len({one.requirement for one in told if one.requirement}) == sum(bool(one.requirement) for one in told)
    bare = replace(place, requirements=tuple(replace(one, where="") for one in place.requirements))
    silent = [one for one in defects(check(draft, bare, parse_day(MOMENT[:10])), draft, bare) if one.requirement]
    assert silent
    assert {one.where for one in silent} == {"以经办机构告知为准"}
    assert not [one for one in told if "「" in one.problem + one.remedy or "点" in one.remedy]


def test_what_only_the_clerk_has_to_do_is_not_told_to_the_applicant():
    case, place = papers.case(JQ, "typical"), papers.region(JQ)
    draft = replace(case, notified="", papers=(Paper("voucher", seen=True),), acceptance=None)
    told = {one.name for one in defects(check(draft, place, parse_day(MOMENT[:10])), draft, place)}
    assert "个人信息告知" not in told
    assert "社保卡或医保电子凭证" not in told


def test_papers_may_come_later_only_where_the_region_says_so():
    case, place = papers.case(JQ, "typical"), papers.region(JQ)
    more = PaperExtras((ONE,), "2026-12-31")
    with pytest.raises(ValueError, match="come later"):
        papers.draw("conditional", "letter", case, place, more=more)
    allowed = replace(place, deferral=LATER)
    for edition in ("letter", "large"):
        done = papers.draw("conditional", edition, case, allowed, more=more)
        assert done.problems == ()
        assert f"{LATER.words}。到期没有补齐的：{LATER.late}。" in papers.text(done.pdf)


def test_a_promise_to_bring_papers_later_is_signed_on_the_page_that_has_it():
    place = replace(papers.region(PZH), deferral=LATER)
    more = trial_extras(papers.region(PZH), "conditional", "longest")
    assert papers.draw("conditional", "letter", papers.case(PZH, "longest"), place, more=more).pages == 1
    more = replace(more, defects=more.defects[:5] * 2)
    done = papers.draw("conditional", "letter", papers.case(PZH, "longest"), place, more=more)
    last = "".join(one.char for one in papers.chars(done.pdf, done.pages - 1))
    assert done.pages == 2
    assert all(said in last for said in ("到哪里：", "补齐期限：", "我保证这些材料真实", "申请人（代办人）签名："))


def test_a_letter_that_refuses_names_no_benefit():
    case = papers.case(JQ, "typical")
    for decision, said in (("approved", True), ("supplement", False), ("refused", False)):
        outcome = Outcome(decision, "2027-01-05", "糖尿病", "2027-01-06", "2029-12-31")
        found = papers.text(papers.draw("outcome", "large", case, papers.region(JQ), more=PaperExtras(outcome=outcome)).pdf)
        assert ("享受待遇" in found) == ("复审时间" in found) == said


def test_a_large_receipt_of_seven_papers_is_one_page():
    case, place = papers.case(PZH, "typical"), papers.region(PZH)
    wanted = [one for one in place.requirements if not one.made_here][:6]
    brought = tuple(
        Paper(one.id, max(one.options, key=len, default=""), pages=case.papers[0].pages, seen=True, copied=True, returned=True)
        for one in wanted
    )
    done = papers.draw("receipt", "large", replace(case, papers=brought), place)
    assert "共7种。" in papers.text(done.pdf)
    assert (done.pages, done.problems) == (1, ())


def test_the_appeal_is_the_regions_own_text_and_only_for_who_may_disagree():
    case = papers.case(JQ, "typical")
    place = papers.region(JQ)
    appeals = replace(place, facts={**place.facts, "appeal": Fact("可以在60日内申请复核。", "测试")})
    for region, decision, said in ((place, "refused", False), (appeals, "refused", True), (appeals, "approved", False)):
        done = papers.draw("outcome", "large", case, region, more=PaperExtras(outcome=Outcome(decision, "2026-12-18")))
        assert ("可以在60日内申请复核。" in papers.text(done.pdf)) == said
        assert ("不同意" in papers.text(done.pdf)) == said


@pytest.mark.parametrize("kind", ["receipt", "materials", "cover", "outcome"])
def test_some_papers_exist_only_after_acceptance(kind):
    case = replace(papers.case(JQ, "typical"), acceptance=None)
    edition = dict(OFFERED[JQ])[kind]
    with pytest.raises(ValueError, match="acceptance"):
        papers.draw(kind, edition, case, papers.region(JQ), more=trial_extras(papers.region(JQ), kind, "typical"))


@pytest.mark.parametrize(("kind", "said"), [("notice", "to mend"), ("reasons", "to mend"), ("outcome", "no outcome")])
def test_a_paper_without_its_matter_is_not_drawn(kind, said):
    with pytest.raises(ValueError, match=said):
        papers.draw(kind, "large", papers.case(JQ, "typical"), papers.region(JQ))


@pytest.mark.parametrize("kind", ["materials", "notice", "reasons", "outcome", "privacy", "withdrawal", "conditional"])
def test_large_print_is_large_everywhere_but_in_the_foot_and_the_seal(kind):
    sizes, place = {}, replace(papers.region(JQ), deferral=LATER)
    more = trial_extras(papers.region(JQ), kind, "typical")
    for one in papers.chars(papers.draw(kind, "large", papers.case(JQ, "typical"), place, more=more).pdf):
        if one.char.strip():
            sizes.setdefault(round(one.size, 1), []).append(one.char)
    assert not set(sizes) - {9, 12} or min(set(sizes) - {9, 12}) >= 18
    assert set("".join(sizes.get(9, ()))) <= set("盖章处")
    assert "校验码" in "".join(sizes[12])


def test_the_list_of_a_thick_file_closes_with_its_last_rows_and_its_signatures():
    case, place = papers.case(JQ, "typical"), papers.region(JQ)
    wanted = {}
    for count in (10, *range(19, 24), *range(42, 50)):
        many = replace(case, papers=tuple(Paper(f"第{at}种材料", seen=True) for at in range(1, count + 1)))
        done = papers.draw("materials", "normal", many, place)
        wanted.setdefault(done.pages, []).append(done)
        assert done.problems == ()
    assert set(wanted) >= {1, 2, 3}
    for done in (wanted[2][0], wanted[3][0]):
        with pypdfium2.PdfDocument(done.pdf) as document:
            last = "".join(document[done.pages - 1].get_textpage().get_text_range().split())
        assert "序号材料名称" in last
        assert "合计" in last
        assert "以上材料已当面点清" in last
        assert last.count("签名") == 2
        assert last.index("合计") - last.index("备注") > 8  # at least one paper stands above the total


def test_the_back_of_a_form_has_its_binding_edge_at_the_other_side():
    pdf = papers.drawn(JQ, "typical").pdf
    front, back = (min(one.left for one in papers.chars(pdf, page) if one.char.strip()) for page in (0, 1))
    assert front == pytest.approx(25, abs=0.1)
    assert back == pytest.approx(16, abs=0.1)


def test_under_an_official_blank_only_values_ticks_and_codes_are_printed():
    place = papers.region(JQ)
    blank = papers.draw("form", "normal", replace(papers.case(JQ, "short"), acceptance=None), place).pdf
    layout = {**place.layouts["form"], "background": {"1": blank}}
    layout = {key: value for key, value in layout.items() if key != "mirror"}
    on_blank = replace(place, layouts={**place.layouts, "form": layout})
    done = papers.draw("form", "normal", papers.case(JQ, "typical"), on_blank)
    assert done.problems == ()
    with pypdfium2.PdfDocument(done.pdf) as document:
        first = "".join(document[0].get_textpage().get_text_range().split())
        second = "".join(document[1].get_textpage().get_text_range().split())
    assert "张建国" in first
    assert not [word for word in ("姓名", "参保人信息", "新申请", "本人承诺") if word in first]
    assert "提交材料" in second.replace("\n", "") or "材料名称" in second
    assert [code.text for code in seen(done.pdf)] == [papers.case(JQ, "typical").acceptance.number]
    plain = papers.drawn(JQ, "typical").pdf
    assert papers.place(done.pdf, "张建国") == papers.place(plain, "张建国")
    # 1:1: the frame of the blank stands where the form's own frame stands.
    width, _, pixels = papers.printery().picture(done.pdf, 0, 254)
    assert pixels[(1000 * width + 250) * 4] < 128


def test_a_blank_that_cannot_be_used_is_named_with_its_remedy():
    from app.adapters.documents import check_region_layouts

    place = papers.region(JQ)
    for blank, said in ((b"no pdf", "不是能读的 PDF"), ("form-1.pdf", "没有 form-1.pdf 这个文件")):
        layout = {**place.layouts["form"], "background": {"1": blank}}
        problems = check_region_layouts(replace(place, layouts={**place.layouts, "form": layout}), papers.RESOURCES)
        assert any("background" in one and said in one for one in problems)


def test_a_region_folder_brings_its_blank_and_says_what_may_come_later(tmp_path):
    import shutil

    from app.adapters.regions import load_region

    folder = tmp_path / JQ
    shutil.copytree(papers.ROOT / "forms" / JQ, folder)
    (folder / "blank-1.pdf").write_bytes(papers.drawn(JQ, "short").pdf)
    form = (folder / "form.toml").read_text("utf-8")
    (folder / "form.toml").write_text('background = { 1 = "blank-1.pdf" }\n' + form, "utf-8")
    later = '\n[deferral]\npapers = ["diagnosis"]\nwords = "10个工作日内"\nlate = "退回"\nsource = "来源文档 JQ 2.7"\n'
    with (folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write(later)
    place = load_region(folder)
    assert place.deferral == Deferral(("diagnosis",), "10个工作日内", "退回", "来源文档 JQ 2.7")
    assert place.layouts["form"]["background"]["1"] == papers.drawn(JQ, "short").pdf
    assert {kind for kind, _ in papers.printery().offered(place)} >= {"conditional"}


@pytest.mark.parametrize("kind", ["papers", "words"])
def test_a_deferral_that_is_not_whole_is_named(tmp_path, kind):
    import shutil

    from app.adapters.regions import check_folder

    folder = tmp_path / JQ
    shutil.copytree(papers.ROOT / "forms" / JQ, folder)
    lines = {"papers": 'papers = ["diagnosis"]', "words": 'words = "10个工作日内"', "late": 'late = "退回"'}
    said = "\n".join(line for key, line in lines.items() if key != kind)
    with (folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[deferral]\n{said}\nsource = "来源文档 JQ 2.7"\n')
    assert any("deferral" in one and kind in one for one in check_folder(folder))
