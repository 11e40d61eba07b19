import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_kit import TODAY, without_papers

from app.adapters.regions import load_regions, shipped
from app.core.application import Applicant, Disease, Insurance, Page, Paper
from app.core.checks import check
from app.core.days import months_before
from app.core.region import Condition, Freshness, Requirement
from app.core.requirements import ADULT, entry_of, freshness, needs

REGIONS = load_regions(shipped())[0]
JQ, PZH, SNJ = (REGIONS[i] for i in ("gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"))
SIX = Requirement("r", "检查报告", "x", dated=True, fresh=Freshness(6, "近半年内"))


def ids(application, region):
    return [n.id for n in needs(application, region, TODAY)]


def resident(number, **more):
    return Applicant(cert_kind="01", cert_number=number, **more)


def test_jiuquan_wants_both_the_id_card_and_a_card_or_voucher():
    application = without_papers(JQ, applicant=resident("620902190001019991"))
    found = {n.id: n for n in needs(application, JQ, TODAY)}
    assert list(found) == ["identity", "voucher", "diagnosis", "records", "form"]
    assert found["identity"].requirement.min_pages == 2
    assert found["voucher"].requirement.options == ("社保卡", "医保电子凭证")


def test_panzhihua_wants_the_card_only_without_an_e_voucher():
    application = without_papers(PZH)
    needed = next(n for n in needs(application, PZH, TODAY) if n.id == "card")
    assert needed.because == "因为没有医保电子凭证"
    voucher = replace(application, insurance=replace(application.insurance, voucher="e_voucher"))
    assert "card" not in ids(voucher, PZH)


@pytest.mark.parametrize("name", ["血透", "移植类"])
def test_panzhihua_wants_a_photo_for_dialysis_and_transplants_and_says_so(name):
    application = without_papers(PZH, diseases=(Disease("高血压", "M03900"), Disease(name)))
    photo = next(n for n in needs(application, PZH, TODAY) if n.id == "photo")
    assert photo.because == f"因为申请病种「{name}」"
    assert "photo" not in ids(without_papers(PZH, diseases=(Disease("高血压"),)), PZH)


def test_a_disease_is_known_by_its_code_too():
    assert "photo" in ids(without_papers(PZH, diseases=(Disease("肾移植抗排异", "M08300"),)), PZH)


def test_free_text_matches_no_mark_and_is_asked_about_instead():
    application = without_papers(PZH, diseases=(Disease("肾移植术后"),))
    assert "photo" not in ids(application, PZH)
    asked = next(f for f in check(application, PZH, TODAY) if f.id == "papers.photo.perhaps")
    assert asked.title == "「肾移植术后」是自己填的，看要不要近期免冠照片"
    assert not asked.stops


def test_a_renewal_in_panzhihua_wants_the_latest_papers_instead():
    application = without_papers(PZH, kind="renewal")
    found = {n.id: n.because for n in needs(application, PZH, TODAY)}
    assert "reports" not in found
    assert found["condition"] == "因为申请类型是续期"


def test_shennongjia_takes_one_of_two_cards_with_both_sides():
    wanted = next(n for n in needs(without_papers(SNJ, applicant=resident("")), SNJ, TODAY) if n.id == "identity").requirement
    assert wanted.options == ("身份证", "社会保障卡（医保卡）")
    assert wanted.pages_for("身份证") == 2
    reports = next(r for r in SNJ.requirements if r.id == "reports")
    assert reports.dated
    assert reports.fresh is None


@pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
def test_an_agents_paper_is_a_reminder_and_not_a_condition(region):
    application = without_papers(region, by_agent=True)
    reminder = next(n for n in needs(application, region, TODAY) if n.id == "agent_id")
    assert reminder.optional
    assert reminder.because == "因为有人代办"
    assert reminder.requirement.source == "窗口惯例，来源文档未述"
    assert "agent_id" not in ids(without_papers(region), region)


def test_guardian_papers_are_recalled_for_a_minor_with_an_agent():
    child = Applicant(cert_kind="08", birth="2015-06-01")
    application = without_papers(JQ, by_agent=True, applicant=child)
    guardian = next(n for n in needs(application, JQ, TODAY) if n.id == "guardian")
    assert guardian.because == "因为有人代办，申请人 10 周岁"
    assert "guardian" not in ids(replace(application, by_agent=False), JQ)


def test_one_is_of_age_on_the_eighteenth_birthday():
    region = replace(JQ, requirements=(replace(SIX, when=Condition("minor", ("yes",))),))
    birthday = TODAY.replace(year=TODAY.year - ADULT)
    for birth, minor in ((birthday, False), (birthday + dt.timedelta(days=1), True)):
        application = without_papers(region, applicant=Applicant(cert_kind="08", birth=birth.isoformat()))
        assert bool(needs(application, region, TODAY)) is minor


def test_an_unknown_age_is_neither_minor_nor_of_age():
    for answer in ("yes", "no"):
        region = replace(JQ, requirements=(replace(SIX, when=Condition("minor", (answer,))),))
        assert needs(without_papers(region, applicant=Applicant()), region, TODAY) == ()


def test_a_paper_over_the_limit_says_by_how_much_and_what_would_do():
    verdict = freshness(SIX, dt.date(2025, 7, 25), TODAY)
    assert (verdict.fresh, verdict.days, verdict.earliest) == (False, 12, dt.date(2025, 8, 6))
    assert verdict.words == "过期 12 天，需近 6 个月内（最早 2025-08-06）"


def test_a_fresh_paper_says_how_long_it_will_do():
    verdict = freshness(SIX, dt.date(2026, 1, 19), TODAY)
    assert verdict.fresh
    assert verdict.words == "没过期，还有 163 天（到 2026-07-19）"
    assert freshness(SIX, dt.date(2025, 8, 6), TODAY).words == "没过期，今天是最后一天（2026-02-06）"


def test_a_paper_of_tomorrow_is_not_fresh():
    assert freshness(SIX, TODAY + dt.timedelta(days=1), TODAY).words == "出具日期 2026-02-07 还没到"


DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))


@given(DAYS, st.integers(0, 800), st.integers(1, 24))
def test_fresh_until_is_the_very_last_day(issued, later, months):
    requirement = replace(SIX, fresh=Freshness(months))
    today = issued + dt.timedelta(days=later)
    verdict = freshness(requirement, issued, today)
    assert verdict.fresh == (issued >= months_before(today, months)) == (today <= verdict.until)
    assert verdict.days == abs((verdict.until - today).days)


WORDS = [d.name for d in (*PZH.diseases, *SNJ.diseases)] + ["别的病", ""]
APPLICATIONS = st.builds(
    lambda region, kind, voucher, agent, cert, birth, diseases: without_papers(
        REGIONS[region],
        kind=kind,
        by_agent=agent,
        applicant=Applicant(cert_kind=cert, birth=birth),
        insurance=Insurance(kind="310", voucher=voucher),
        diseases=tuple(Disease(d) for d in diseases),
    ),
    st.sampled_from(list(REGIONS)),
    st.sampled_from(["new", "renewal", "change", "?"]),
    st.sampled_from(["", "card", "e_voucher", "none"]),
    st.booleans(),
    st.sampled_from(["01", "08", "90"]),
    st.sampled_from(["", "2015-06-01", "1960-06-01", "19"]),
    st.lists(st.sampled_from(WORDS), max_size=4),
)


@given(APPLICATIONS)
def test_every_need_is_asked_once_in_the_regions_order_with_a_reason(application):
    region = REGIONS[application.region]
    found = needs(application, region, TODAY)
    order = [r.id for r in region.requirements]
    assert [n.id for n in found] == sorted({n.id for n in found}, key=order.index)
    assert all(n.because for n in found)


@given(APPLICATIONS, st.data())
def test_one_more_disease_never_takes_a_paper_away(application, data):
    region = REGIONS[application.region]
    more = replace(application, diseases=(*application.diseases, Disease(data.draw(st.sampled_from(WORDS)))))
    assert set(ids(application, region)) <= set(ids(more, region))


@given(APPLICATIONS, st.data())
def test_one_more_page_never_makes_a_paper_missing(application, data):
    region = REGIONS[application.region]
    wanted = data.draw(st.sampled_from([n.id for n in needs(application, region, TODAY)]))
    pages = data.draw(st.integers(0, 3))
    before = application.with_paper(Paper(wanted, pages=tuple(Page(str(n)) for n in range(pages))))
    after = application.with_paper(Paper(wanted, pages=tuple(Page(str(n)) for n in range(pages + 1))))

    def short(value):
        return {f.id for f in check(value, region, TODAY) if f.id.endswith((".pages", f"{wanted}.missing"))}

    assert short(after) <= short(before) | {f"papers.{wanted}.pages"}
    assert f"papers.{wanted}.missing" not in short(after)
    if pages:
        assert short(after) <= short(before)


def test_the_catalogue_is_searched_by_code_name_and_alias():
    assert entry_of(Disease("", "M03900"), PZH).name == "高血压"
    assert entry_of(Disease("随便", ""), PZH) is None
    aliased = replace(PZH, diseases=(replace(PZH.diseases[0], aliases=("原发性高血压",)),))
    assert entry_of(Disease("原发性高血压"), aliased).name == "高血压"
