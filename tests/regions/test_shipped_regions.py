import tomllib

import pytest

from app.adapters.regions import check_folder, load_region, load_regions, shipped
from app.core.region import Requirement
from app.core.region_words import FACTS, QUESTIONS

REGIONS, PROBLEMS = load_regions(shipped())
JQ, PZH, SNJ = (REGIONS.get(i) for i in ("gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"))


def test_every_shipped_region_loads():
    assert PROBLEMS == []
    assert check_folder(shipped()) == []
    assert set(REGIONS) >= {"gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"}


def test_the_time_limits_are_those_of_the_sources():
    assert (JQ.limit.workdays, JQ.limit.starts, JQ.limit.words) == (20, "submission", "自提交申请起 20 个工作日内")
    assert (PZH.limit.workdays, PZH.limit.starts) == (15, "acceptance")
    assert (SNJ.limit.workdays, SNJ.limit.words) == (None, "")


def test_silence_stays_silent():
    assert not SNJ.fact("hotline")
    assert not SNJ.fact("limit")
    assert not JQ.fact("window")
    assert not JQ.fact("hours")
    assert not PZH.fact("effect")
    for region in REGIONS.values():
        assert not region.fact("fee")
        assert not any(region.fact(name) for name in region.silent)


def test_the_jiuquan_hotline_has_a_name_and_no_number():
    assert JQ.fact("hotline").text == "酒泉市医保服务热线"
    assert "号码" in JQ.fact("hotline").note


def test_the_size_limit_is_set_only_where_the_source_names_one():
    assert JQ.files.max_bytes == 5_000_000
    assert JQ.files.formats == ("JPG", "PNG", "PDF")
    assert PZH.files.max_bytes is None
    assert SNJ.files.max_bytes is None


@pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
def test_no_source_says_how_long_originals_stay_so_they_stay(region):
    assert region.retention.days is None
    assert region.second_look is None


@pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
def test_everything_stated_names_its_source_and_nothing_is_confirmed_yet(region):
    stated = [*region.facts.values(), *region.kinds, *region.insurances, *region.diseases, *region.requirements]
    assert all(thing.source.startswith(tuple(region.sources)) for thing in stated)
    assert not any(thing.confirmed for thing in stated)
    assert not region.form_confirmed


@pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))
def test_every_fact_has_a_name_for_people(region):
    assert all(fact.label and fact.text for fact in region.facts.values())


def test_catalogues_hold_only_diseases_the_sources_name():
    assert JQ.diseases == ()
    assert [d.name for d in PZH.diseases] == ["高血压", "糖尿病", "恶性肿瘤", "慢性肾功能衰竭", "血透", "移植类"]
    assert [d.code for d in PZH.diseases if d.name == "慢性肾功能衰竭"] == [""]
    assert len(SNJ.diseases) == 5
    assert {d.group for d in SNJ.diseases} == {"门诊特殊疾病"}


def test_kinds_and_insurances_are_the_places_own():
    assert [c.code for c in JQ.kinds] == ["new", "renewal"]
    assert [c.code for c in PZH.kinds] == ["new", "renewal", "change"]
    assert [c.code for c in SNJ.kinds] == ["new", "renewal"]
    assert [c.code for c in PZH.insurances] == ["310", "flexible", "390"]


def test_layouts_travel_with_the_region_as_they_were_written():
    for region in REGIONS.values():
        path = shipped() / region.id / "form.toml"
        assert region.layouts.get("form") == (tomllib.loads(path.read_text("utf-8")) if path.exists() else None)


def test_loading_a_region_twice_gives_equal_values():
    assert load_region(shipped() / "hubei-shennongjia") == SNJ


def test_the_guide_names_every_fact_question_and_key():
    guide = (shipped() / "README.md").read_text("utf-8")
    words = guide.replace("`", " ").replace(",", " ").split()
    assert set(FACTS) | set(QUESTIONS) <= set(words)
    assert set(Requirement.__dataclass_fields__) - {"option_pages"} <= set(words)
