import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_kit import TODAY, complete, without_papers

from app.adapters.regions import load_regions, shipped
from app.core.application import Agent, Application, Disease, Paper, Remote, get, put
from app.core.checks import LABELS, STEPS, check, label_of
from app.core.findings import Tone
from app.core.paper_notice import defects

REGIONS = load_regions(shipped())[0]
JQ, PZH, SNJ = (REGIONS[i] for i in ("gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"))
EACH = pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
AGENT = Agent("沈小样", "child", "08", "E12345678", "13800001234")


def found(application, region=PZH, today=TODAY):
    return {f.id: f for f in check(application, region, today)}


def changed(region=PZH, /, **paths):
    application = complete(region)
    for path, new in paths.items():
        application = put(application, path.replace("__", "."), new)
    return found(application, region)


@EACH
def test_a_complete_application_stops_nowhere_and_is_told_so(region):
    results = found(complete(region), region)
    assert [f.title for f in results.values() if f.stops] == []
    assert results["applicant.cert_number.good"].tone is Tone.GOOD
    assert results["papers.good"].title.startswith("材料齐了")


@EACH
def test_a_blank_application_says_everything_at_once_in_the_order_of_work(region):
    results = check(Application("x", region.id, region.version), region, TODAY)
    steps = [STEPS.index(f.step) for f in results]
    assert steps == sorted(steps)
    assert {"applicant.name.missing", "insurance.kind.missing", "diseases.missing", "papers.diagnosis.missing"} <= {
        f.id for f in results
    }


@EACH
def test_every_finding_has_a_label_a_way_out_and_wording_of_the_house(region):
    blank = Application("x", region.id, region.version, by_agent=True)
    for finding in (*check(blank, region, TODAY), *check(complete(region), region, TODAY)):
        assert finding.label
        assert finding.todo or finding.tone is Tone.GOOD
        words = finding.title + finding.todo
        assert not [
            w for w in ("请", "抱歉", "无效", "失败", "非法", "错误", "您", "！", "!") if w in words.replace("申请", "")
        ]


@EACH
def test_finding_ids_are_not_repeated(region):
    results = check(Application("x", region.id, "1", by_agent=True, diseases=(Disease("甲"), Disease("甲"))), region, TODAY)
    assert len({f.id for f in results}) == len(results)


CASES = [
    ("applicant.name", "", "applicant.name.missing", "bad", "姓名还没填"),
    ("applicant.name", "沈", "applicant.name.short", "warn", "姓名只有 1 个字"),
    ("applicant.cert_number", "81000019900101999", "applicant.cert_number.length", "bad", "居住证号 18 位，这里 17 位：少 1 位"),
    ("applicant.cert_number", "810000199001019997", "applicant.cert_number.check", "bad", "末位校验不符"),
    ("applicant.birth", "1991-01-01", "applicant.birth.mismatch", "warn", "出生日期 1991-01-01，证件号里是 1990-01-01"),
    ("applicant.birth", "1991-13-01", "applicant.birth.unreadable", "bad", "出生日期「1991-13-01」读不出是哪一天"),
    ("applicant.sex", "2", "applicant.sex.mismatch", "warn", "性别选的是女，证件号里是男"),
    ("applicant.cert_until", "2026-02-05", "applicant.cert_until.expired", "warn", "证件 2026-02-05 已到期"),
    ("applicant.phone", "1380000123", "applicant.phone.length", "bad", "手机号 11 位，这里 10 位：少 1 位"),
    ("applicant.other_phone", "1380000123", "applicant.other_phone.length", "warn", "手机号 11 位，这里 10 位：少 1 位"),
    ("applicant.address", " ", "applicant.address.missing", "bad", "住址还没填"),
    ("kind", "other", "kind.missing", "bad", "申请类型还没选"),
    ("insurance.kind", "999", "insurance.kind.missing", "bad", "险种还没选"),
    ("insurance.status", "problem", "insurance.status.problem", "warn", "参保状态有问题"),
    ("insurance.arrears", "yes", "insurance.arrears.yes", "warn", "申请人说有欠费"),
    ("insurance.arrears", "unsure", "insurance.arrears.unsure", "warn", "有没有欠费，申请人不清楚"),
    ("insurance.voucher", "", "insurance.voucher.missing", "bad", "带的是社保卡还是电子凭证还没选"),
    ("insurance.card_number", "A12", "insurance.card_number.length", "bad", "社保卡号至少 6 位，这里 3 位"),
    ("diseases", (), "diseases.missing", "bad", "申请哪种病还没填"),
    ("diseases", (Disease("高血压"), Disease("高血压")), "diseases.1.name.repeated", "warn", "「高血压」和第 1 个病种重复"),
    ("diseases", (Disease("高血压"), Disease("甲", "M03900")), "diseases.1.name.repeated", "warn", "「甲」和第 1 个病种重复"),
    ("diseases", (Disease("高血压"), Disease()), "diseases.1.name.missing", "bad", "第 2 个病种是空的"),
    ("diseases", (Disease("甲病"),), "diseases.0.name.free", "open", "「甲病」不在目录里"),
    ("diseases.0.diagnosed_on", "2026-02-07", "diseases.0.diagnosed_on.future", "bad", "确诊日期 2026-02-07 还没到"),
    ("diseases.0.diagnosed_on", "去年", "diseases.0.diagnosed_on.unreadable", "bad", "确诊日期「去年」读不出是哪一天"),
    ("diseases.0.diagnosed_on", "1980-01-01", "diseases.0.diagnosed_on.before_birth", "warn", "确诊日期 1980-01-01 早于"),
    ("care.hospital", "", "care.hospital.missing", "bad", "确诊医院还没填"),
    ("care.grade", "", "care.grade.unknown", "warn", "医院等级还没选"),
    ("care.grade", "08", "care.grade.low", "warn", "医院是一级甲等，疾病诊断证明书要二级及以上医院的"),
    ("papers.diagnosis.sealed", False, "papers.diagnosis.sealed", "bad", "疾病诊断证明书还没看章"),
    ("papers.reports.issued_on", "", "papers.reports.issued_on.missing", "bad", "检查报告/病历的出具日期还没填"),
    ("papers.reports.issued_on", "2025-07-25", "papers.reports.issued_on.stale", "warn", "检查报告/病历过期 12 天，需近 6 个月内"),
    ("papers.reports.issued_on", "2026-03-01", "papers.reports.issued_on.future", "warn", "检查报告/病历的出具日期"),
    ("papers.diagnosis.pages", (), "papers.diagnosis.missing", "bad", "疾病诊断证明书还没有"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "new", "id_", "tone", "title"), CASES, ids=[c[2] + f"-{n}" for n, c in enumerate(CASES)])
def test_what_is_wrong_is_said_where_it_is_mended(path, new, id_, tone, title):
    application = put(complete(PZH), path, new)
    result = found(application)[id_]
    assert result.tone == tone
    assert result.title.startswith(title)
    get(application, result.field)


def test_both_sides_are_wanted_of_an_id_card():
    application = complete(JQ)
    card = replace(application.applicant, cert_kind="01", cert_number="620902190001019991", birth="", sex="")
    application = complete(JQ, applicant=card)
    one = put(application, "papers.identity.pages", application.paper("identity").pages[:1])
    assert found(one, JQ)["papers.identity.pages"].title == "身份证正反面都要：还差 1 页"


def test_the_age_of_a_hundred_and_ten_is_asked_about():
    card = replace(complete(JQ).applicant, cert_kind="01", cert_number="620902190001019991", birth="", sex="")
    assert found(complete(JQ, applicant=card), JQ)["applicant.birth.old"].title == "按出生日期算 126 周岁"


def test_which_of_two_papers_came_has_to_be_said():
    assert changed(JQ, papers__voucher__option="")["papers.voucher.option"].todo == "选一种：社保卡、医保电子凭证"


def test_looking_at_the_original_is_enough_where_nothing_is_scanned():
    application = complete(JQ).with_paper(Paper("voucher", "医保电子凭证", seen=True))
    assert not [f for f in check(application, JQ, TODAY) if f.stops]


def test_a_paper_no_longer_wanted_is_named():
    application = put(complete(PZH), "insurance.voucher", "e_voucher")
    assert found(application)["papers.card.unneeded"].title == "社保卡现在不需要，已有 1 页"


def test_a_doubt_goes_on_with_a_reason_and_a_missing_thing_does_not():
    application = put(put(complete(PZH), "care.grade", "08"), "applicant.phone", "")
    reasoned = application.with_reason("care.grade.low", "卫生院代开").with_reason("applicant.phone.missing", "没有电话")
    results = found(reasoned)
    assert results["care.grade.low"].reason == "卫生院代开"
    assert not results["care.grade.low"].stops
    assert results["applicant.phone.missing"].stops


def test_what_cannot_be_checked_offline_stops_nothing():
    result = found(complete(PZH))["insurance.status.unchecked"]
    assert (result.tone, result.title, result.stops) == (Tone.OPEN, "参保状态离线未核验", False)


def test_arrears_are_asked_only_where_the_source_speaks_of_them():
    assert "insurance.arrears.yes" in changed(PZH, insurance__arrears="yes")
    assert "insurance.arrears.yes" not in changed(SNJ, insurance__arrears="yes")


def test_the_summary_is_wanted_only_where_the_source_lists_it():
    assert "summary.missing" in changed(JQ, summary="")
    assert "summary.missing" not in changed(PZH, summary="")


def test_the_hospitals_level_counts_only_where_the_source_asks_for_it():
    assert "care.grade.low" in changed(JQ, care__grade="11")
    assert not [i for i in changed(SNJ, care__grade="11") if i.startswith("care.")]


def test_the_card_number_is_wanted_where_the_form_lists_it():
    assert "insurance.card_number.missing" in changed(SNJ, insurance__card_number="")
    assert "insurance.card_number.missing" not in changed(PZH, insurance__card_number="")


def test_residence_elsewhere_is_filed_first():
    unfiled = changed(JQ, remote=Remote("unfiled"))["remote.residence.unfiled"]
    assert unfiled.tone is Tone.DOUBT
    assert "先完成异地就医备案" in unfiled.todo
    assert {"remote.place.missing", "remote.filed_on.missing"} <= set(changed(JQ, remote=Remote("filed")))
    assert "remote.filed_on.future" in changed(JQ, remote=Remote("filed", "样本市", "2026-03-01"))
    assert not [i for i in changed(SNJ, remote=Remote("unfiled")) if i.startswith("remote")]


def test_a_change_wants_the_new_institution_and_recalls_the_rule():
    results = found(complete(PZH, kind="change", care=replace(complete(PZH).care, designated="")))
    assert results["care.designated.missing"].stops
    assert results["care.designated.rule"].title.startswith("定点医疗机构每年可申请变更 1 次")
    assert not results["care.designated.rule"].stops


def test_an_agent_gives_name_relation_number_and_phone():
    results = found(complete(PZH, by_agent=True))
    assert {f"agent.{f}.missing" for f in ("name", "relation", "cert_number", "phone")} <= set(results)
    assert results["agent.cert_number.missing"].title.startswith("代办人")
    assert not [f for f in check(complete(PZH, by_agent=True, agent=AGENT), PZH, TODAY) if f.stops]


def test_an_agent_who_is_the_applicant_is_asked_about():
    same = replace(AGENT, cert_kind="17", cert_number="810000199001019996")
    assert found(complete(PZH, by_agent=True, agent=same))["agent.cert_number.same"].tone is Tone.DOUBT


def test_a_child_alone_is_asked_about():
    child = replace(complete(PZH).applicant, cert_kind="08", cert_number="E12345678", birth="2015-06-01")
    assert found(complete(PZH, applicant=child))["by_agent.minor"].title == "申请人 10 周岁，没有代办人"
    assert "by_agent.minor" not in found(complete(PZH, applicant=child, by_agent=True, agent=AGENT))


def test_a_passport_says_nothing_of_birth_and_sex_so_they_are_asked():
    foreign = replace(complete(PZH).applicant, cert_kind="08", cert_number="E12345678", birth="", sex="")
    assert {"applicant.birth.missing", "applicant.sex.missing"} <= set(found(complete(PZH, applicant=foreign)))


def test_every_field_has_a_label():
    application = complete(PZH)
    for group in ("applicant", "agent", "insurance", "care", "remote"):
        for name in type(get(application, group)).__dataclass_fields__:
            assert label_of(f"{group}.{name}"), name
    assert label_of("diseases.1.diagnosed_on") == "确诊日期 2"
    assert all(LABELS.values())


PATHS = ["applicant.name", "applicant.cert_number", "applicant.birth", "applicant.phone", "insurance.card_number", "care.grade"]


@given(st.sampled_from(PATHS), st.text(max_size=24), st.sampled_from(list(REGIONS)))
def test_no_text_a_person_types_breaks_the_checks(path, text, region):
    for finding in check(put(complete(REGIONS[region]), path, text), REGIONS[region], TODAY):
        assert finding.title
        assert finding.step in STEPS


@EACH
def test_the_checks_do_not_depend_on_the_day_for_what_has_no_day(region):
    application = without_papers(region)
    early, late = (found(application, region, dt.date(year, 5, 1)) for year in (2026, 2030))
    assert early == late


@pytest.mark.parametrize(("named", "expected"), [((), ["papers.diagnosis.unscanned"]), (("diagnosis",), [])])
def test_seeing_the_original_is_enough_only_where_the_region_says_so(named, expected):
    place = replace(JQ, unscanned=replace(JQ.unscanned, papers=named))
    application = complete(JQ)
    seen = application.with_paper(replace(application.paper("diagnosis"), pages=(), seen=True))
    results = check(seen, place, TODAY)
    assert [one.id for one in results if one.stops] == expected
    # What the clerk saw, the applicant did bring: the notice does not ask him for it.
    assert defects(results, seen, place) == ()
