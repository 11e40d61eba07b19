"""What each slot says, without a widget."""

from dataclasses import replace

import materials_kit as kit
import pytest

from app.adapters.regions import load_region, shipped
from app.core.application import Care, Paper
from app.ui.case.materials_input import file_filter
from app.ui.case.materials_looking import Looking
from app.ui.case.materials_view import summary, unneeded, views


def view(application, requirement, region=kit.REGION, typing=""):
    return next(v for v in views(kit.state_of(application, region), typing) if v.id == requirement)


def report(**fields):
    application = kit.half_way()
    return application.with_paper(replace(application.paper("reports"), **fields))


def test_a_paper_that_is_whole_is_good_and_says_its_pages_in_one_line():
    shown = view(kit.half_way(), "identity")
    assert (shown.tone, shown.verdict, shown.mark, shown.done, shown.aside) == ("good", "妥", "good", True, "正反面 2 页")


def test_a_seal_that_was_not_seen_is_named():
    shown = view(kit.half_way(), "diagnosis")
    assert (shown.tone, shown.verdict, shown.told) == ("bad", "没看章", "还没看章。")


def test_a_stale_report_is_a_doubt_with_its_days_and_the_earliest_day():
    shown = view(kit.half_way(), "reports")
    assert (shown.tone, shown.verdict) == ("warn", "过期 26 天")
    assert shown.told == "过期 26 天，需近 6 个月内（最早 2025-08-06）。"
    assert shown.doubt.id == "papers.reports.issued_on.stale"


def test_a_doubt_with_a_reason_is_done_and_shows_the_reason():
    application = kit.half_way().with_reason("papers.reports.issued_on.stale", "住院病历已调取")
    shown = view(application, "reports")
    assert (shown.tone, shown.verdict, shown.done, shown.told) == ("warn", "疑·写了理由", True, "理由：住院病历已调取")


def test_a_fresh_report_says_how_long_it_will_do():
    assert view(report(issued_on="2026-01-11"), "reports").told == "没过期，还有 155 天（到 2026-07-11）"


def test_several_faults_are_counted_on_the_chip_and_all_said():
    shown = view(report(issued_on="", sealed=False), "reports")
    assert shown.verdict == "没看章等 2 处"
    assert "还没看章" in shown.told
    assert "出具日期还没填" in shown.told


def test_half_a_date_is_unreadable_only_once_nobody_types_in_it():
    half = report(issued_on="2026-0")
    assert view(half, "reports").verdict == "日期读不出"
    assert view(half, "reports", typing="papers.reports.issued_on").verdict == "没填日期"


def test_one_side_of_an_identity_card_lacks_a_page():
    application = kit.half_way()
    one = application.with_paper(replace(application.paper("identity"), pages=kit.pages("id", 1)))
    shown = view(one, "identity")
    assert (shown.tone, shown.verdict, shown.short, shown.mark) == ("wait", "还差 1 页", 1, "")


def test_a_paper_seen_without_pages_lacks_none():
    application = kit.blank().with_paper(Paper("card", seen=True))
    shown = view(application, "card")
    assert (shown.verdict, shown.short, shown.aside) == ("妥", 0, "看过原件")


def test_an_optional_paper_stops_nothing_and_says_whose_custom_it_is():
    shown = view(kit.blank(), "agent_id")
    assert (shown.verdict, shown.done) == ("可空", False)
    assert shown.rule.startswith("可空，按窗口惯例。因为有人代办")


def test_the_form_is_printed_here_and_asks_nothing():
    shown = view(kit.blank(), "form")
    assert (shown.verdict, shown.done, shown.aside) == ("", True, "这里打印，本人签名")


@pytest.mark.parametrize(
    ("grade", "words"), [("", "医院等级还没填"), ("02", "确诊医院填的是三级甲等"), ("08", "确诊医院填的是一级甲等，不到二级")]
)
def test_the_hospital_grade_is_said_where_it_counts(grade, words):
    application = replace(kit.blank(), care=Care(grade=grade))
    assert view(application, "diagnosis").rule.endswith(words)
    assert "等级" not in view(application, "card").rule


def test_a_paper_no_longer_needed_keeps_its_slot_while_it_has_pages():
    application = kit.half_way()
    other = replace(application, insurance=replace(application.insurance, voucher="e_voucher"))
    shown = view(other, "card")
    assert (shown.number, shown.tone, shown.verdict, shown.done) == (0, "open", "不需要", False)
    assert "card" in {r.id for r in unneeded(kit.state_of(other))}


def test_the_title_counts_what_must_come():
    assert summary(views(kit.state_of(kit.half_way()))) == "4 项，妥 2；可空 1"


@pytest.mark.parametrize("region", ["gansu-jiuquan", "hubei-shennongjia"])
def test_every_paper_of_the_other_places_has_words(region):
    place = load_region(shipped() / region)
    shown = views(kit.state_of(kit.blank(place), place))
    assert len(shown) >= 5
    assert all(v.rule and (v.verdict or v.requirement.made_here) for v in shown)


def test_the_dialog_offers_what_the_region_takes():
    assert file_filter(("PDF",)) == "PDF (*.pdf *.PDF)"
    assert file_filter(("JPG", "PDF")).startswith("JPG、PDF、TIFF、HEIC (*.jpg *.JPG *.jpeg *.JPEG *.pdf *.PDF *.tif ")
    assert "*.png" in file_filter(())


def test_the_page_looked_at_stays_the_same_page():
    looking = Looking()
    first = view(report(pages=kit.pages("rep", 3)), "reports")
    looking.follow(first, ())
    looking.choose(first, 2)
    turned_round = view(report(pages=tuple(reversed(first.pages))), "reports")
    looking.follow(turned_round, first.pages)
    assert looking.index(turned_round) == 0
    shorter = view(report(pages=turned_round.pages[1:]), "reports")
    looking.follow(shorter, turned_round.pages)
    assert looking.index(shorter) == 0
    longer = view(report(pages=(*shorter.pages, *kit.pages("new", 2))), "reports")
    looking.follow(longer, shorter.pages)
    assert looking.index(longer) == 2
