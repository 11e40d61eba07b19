from dataclasses import replace

import pytest
from region_kit import DISEASES, REGION, REQUIREMENTS, TODAY, city, complete, without_papers

from app.adapters.regions import check_folder, load_region, load_regions, shipped
from app.core.application import Disease
from app.core.checks import check
from app.core.errors import RegionError
from app.core.region import Retention, SecondLook
from app.core.requirements import needs

BASE = REGION.format(id="sample-city", prefix="YB")


def test_a_fourth_city_is_a_folder_and_no_code(tmp_path):
    folder = city(tmp_path)
    assert check_folder(folder) == []
    region = load_region(folder)
    assert region.fact("parking").label == "停车"
    assert not [f for f in check(complete(region), region, TODAY) if f.stops]
    other = without_papers(region, diseases=(Disease("别的病"),))
    assert [n.id for n in needs(other, region, TODAY)] == ["form"]
    late = replace(complete(region), papers=(replace(complete(region).papers[0], issued_on="2025-11-05"),))
    stale = next(f for f in check(late, region, TODAY) if f.id == "papers.record.issued_on.stale")
    assert stale.title == "血压记录过期 1 天，需近 3 个月内（最早 2025-11-06）"
    assert stale.stops


def test_a_fourth_city_stands_beside_the_shipped_ones(tmp_path):
    for folder in shipped().iterdir():
        if folder.is_dir():
            (tmp_path / "forms").mkdir(exist_ok=True)
            (tmp_path / "forms" / folder.name).symlink_to(folder)
    city(tmp_path)
    regions, _ = load_regions(tmp_path / "forms")
    assert "sample-city" in regions


def test_a_place_states_how_long_originals_stay_and_one_that_does_not_is_silent(tmp_path):
    stated = BASE + '[retention]\ndays = 30\nwords = "签收后保留三十日"\nsource = "样本 3"\nconfirmed = true\n'
    assert load_region(city(tmp_path, region=stated)).retention == Retention(30, "签收后保留三十日", "样本 3", confirmed=True)
    assert load_region(city(tmp_path, "other-city")).retention == Retention()


def test_a_place_wants_some_looked_at_twice_and_one_that_does_not_holds_nothing(tmp_path):
    stated = BASE + '[second_look]\npercent = 10\nworkdays = 2\nwords = "抽查一成"\nsource = "样本 3"\n'
    assert load_region(city(tmp_path, region=stated)).second_look == SecondLook(10, "抽查一成", "样本 3", workdays=2)
    assert load_region(city(tmp_path, "other-city")).second_look is None


def problems_of(tmp_path, **texts):
    with pytest.raises(RegionError) as caught:
        load_region(city(tmp_path, **texts))
    assert caught.value.sentence.startswith("统筹区「forms/sample-city」用不了")
    return caught.value.problems


BROKEN = [
    ("region", BASE.replace('name = "样本市"', 'nmae = "样本市"'), "region.toml: nmae：没有这个键。删掉，或改成「name」。"),
    ("region", BASE.replace('name = "样本市"\n', ""), "region.toml: name：没有写。补上这个键，值是文字（加引号）。"),
    ("region", BASE.replace('version = "1"', "version = 1"), "region.toml: version：值的类型不对，写的是「1」。改成文字（加引号）。"),
    ("region", BASE.replace('"990100"', '"99"'), "region.toml: admdvs：「99」不能用。改成6 位数字。"),
    ("region", BASE.replace("sample-city", "city"), "region.toml: id：「city」和文件夹的名字不一样。两处改成一样。"),
    ("region", BASE.replace('"fee"', '"hours"'), "region.toml: silent：「hours」说是来源未述，又写了内容。两处留一处。"),
    ("region", BASE.replace("hours]", "huors]"), "region.toml: [facts.huors].label：「huors」不是已知的事实名，又没有叫法。加上 label，或改成「hours」。"),
    ("region", BASE.replace('"样本 1"', '"报纸"'), "region.toml: [facts.hours].source：出处「报纸」没有在 [sources] 里说明。在 [sources] 加上它，或改成其中之一：样本。"),
    ("region", BASE + '[limit]\nworkdays = 0\nstarts = "later"\nwords = "x"\nsource = "样本"\n', "region.toml: [limit].starts：不认识「later」。改成其中之一：acceptance、submission。"),
    ("region", BASE + '[second_look]\npercent = 101\nwords = "x"\nsource = "样本"\n', "region.toml: [second_look].percent：101 太大。写 1 到 100。"),
    ("region", BASE + '[second_look]\nwords = "x"\nsource = "样本"\n', "region.toml: [second_look].percent：没有写。写上 100 件里抽几件；不抽的，删掉整段 [second_look]。"),
    ("region", BASE + '[retention]\ndays = 0\nwords = "x"\nsource = "样本"\n', "region.toml: [retention].days：0 太小。改成不小于 1 的整数。"),
    ("region", BASE + '[comeback]\nwords = "x"\nsource = "样本"\n', "region.toml: [comeback].workdays：没有写。补上几个工作日内补齐；来源没有说期限的，删掉整段 [comeback]。"),
    ("region", BASE + '[unscanned]\nwords = "x"\nsource = "样本"\n', "region.toml: [unscanned].papers：没有写。写上哪几种看过原件就行，用 requirements.toml 里的 id；都要留图的，删掉整段 [unscanned]。"),
    ("region", BASE + '[retention]\nwords = "x"\nsource = "样本"\n', "region.toml: [retention].days：没有写。补上送达后保留的天数；来源没有说的，删掉整段 [retention]。"),
    ("region", BASE.replace('"fee"', '"retention"') + '[retention]\ndays = 30\nwords = "x"\nsource = "样本"\n', "region.toml: silent：「retention」说是来源未述，又写了内容。两处留一处。"),
    ("region", BASE.replace('code = "310"', 'code = "310"\nfoo = 1'), "region.toml: [insurance 1].foo：没有这个键。"),
    ("region", BASE + "oops", "region.toml：TOML 写法不对"),
    ("diseases", DISEASES + DISEASES, "diseases.toml: [disease 2].name：「高血压」和第 1 项重复。改成别的，或删掉其中一段。"),
    ("diseases", "disease = 3", "diseases.toml: disease：值的类型不对，写的是「3」。改成列表 [ ]。"),
    ("requirements", REQUIREMENTS.replace('tag = "pressure"', 'disease = "糖尿病"'), "requirements.toml: [requirement 1].when.disease：没有这个病种「糖尿病」。改成 diseases.toml 里的名称或代码。"),
    ("requirements", REQUIREMENTS.replace('tag = "pressure"', 'tag = "sugar"'), "requirements.toml: [requirement 1].when.tag：没有这个病种标记「sugar」。改成 diseases.toml 里某个病种的 tags，或先给病种加上这个标记。"),
    ("requirements", REQUIREMENTS.replace('tag = "pressure"', 'desease = "高血压"'), "requirements.toml: [requirement 1].when.desease：没有「desease」这个问题。改成「disease」。"),
    ("requirements", REQUIREMENTS.replace('tag = "pressure"', 'not = { kind = "old" }'), "requirements.toml: [requirement 1].when.not.kind：没有这个申请类型「old」。改成其中之一：new。"),
    ("requirements", REQUIREMENTS.replace('tag = "pressure"', "any = [ 3 ]"), "requirements.toml: [requirement 1].when.any[1]：条件要写成表，写的是「3」。"),
    ("requirements", REQUIREMENTS.replace('tag = "pressure"', 'agent = "yes"'), "requirements.toml: [requirement 1].when.agent：只能是 true 或 false，写的是「yes」。改成 true 或 false。"),
    ("requirements", REQUIREMENTS.replace('{ tag = "pressure" }', "{ }"), "requirements.toml: [requirement 1].when：条件是空的。写上条件，或删掉 when。"),
    ("requirements", REQUIREMENTS.replace("dated = true\n", ""), "requirements.toml: [requirement 1].fresh：要看期限，却没有问出具日期。加上 dated = true。"),
    ("requirements", REQUIREMENTS.replace("months = 3, ", ""), "requirements.toml: [requirement 1].fresh.months：没有写。补上几个月，例如 months = 6。"),
    ("requirements", REQUIREMENTS.replace('id = "form"', 'id = "record"'), "requirements.toml: [requirement 2].id：「record」和第 1 项重复。"),
    ("requirements", REQUIREMENTS.replace("made_here = true", "made_here = true\nseal = true"), "requirements.toml: [requirement 2].made_here：这里打印的材料不收原件。"),
    ("requirements", REQUIREMENTS.replace("dated = true", 'dated = true\noptions = ["甲"]'), "requirements.toml: [requirement 1].options：只有一种，没有可选的。"),
    ("requirements", REQUIREMENTS.replace("dated = true", 'dated = true\nformats = ["TIFF"]'), "requirements.toml: [requirement 1].formats：不认识「TIFF」。"),
    ("requirements", "", "requirements.toml: requirement：没有写。补上这个键，值是列表 [ ]。"),
    ("reciept", "x = 1", "reciept.toml：没有叫这个名字的文件。删掉，或改成「receipt」。"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "says"), BROKEN, ids=[f"{n}-{i}" for i, (n, _, _) in enumerate(BROKEN)])
def test_a_mistake_is_told_with_file_key_and_remedy(tmp_path, name, text, says):
    problems = problems_of(tmp_path, **{name: text})
    assert [p for p in problems if p.startswith(f"forms/sample-city/{says}")], problems


def test_all_mistakes_are_told_at_once(tmp_path):
    region = BASE.replace('"990100"', '"99"').replace('version = "1"', "version = 1")
    requirements = REQUIREMENTS.replace('"pressure"', '"sugar"')
    assert len(problems_of(tmp_path, region=region, requirements=requirements)) == 3


def test_a_folder_without_its_files_says_which_to_make(tmp_path):
    folder = city(tmp_path)
    (folder / "diseases.toml").unlink()
    (folder / "requirements.toml").unlink()
    assert check_folder(folder) == [
        "forms/sample-city/diseases.toml：没有这个文件。照 forms/README.md 建一个。",
        "forms/sample-city/requirements.toml：没有这个文件。照 forms/README.md 建一个。",
    ]


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    folder = city(tmp_path)
    (folder / "diseases.toml").write_bytes("[[disease]]\nname = '高血压'".encode("gb18030"))
    assert "forms/sample-city/diseases.toml：不是 UTF-8 编码。用 UTF-8 另存一遍。" in check_folder(folder)


def test_two_regions_may_not_share_a_number_prefix(tmp_path):
    city(tmp_path, "a-city")
    city(tmp_path, "b-city")
    regions, problems = load_regions(tmp_path / "forms")
    assert list(regions) == ["a-city"]
    assert problems == ["forms/b-city/region.toml: number_prefix：「YB」已经是 a-city 的。改成别的大写字母。"]


def test_one_broken_region_leaves_the_others_usable(tmp_path):
    city(tmp_path, "a-city")
    city(tmp_path, "b-city", prefix="BB", diseases="disease = 1")
    regions, problems = load_regions(tmp_path / "forms")
    assert list(regions) == ["a-city"]
    assert len(problems) >= 1
    assert check_folder(tmp_path / "forms") == problems


def test_a_folder_that_is_not_there_is_said(tmp_path):
    assert check_folder(tmp_path / "nowhere") == ["nowhere：没有这个文件夹。看看路径写得对不对。"]
    assert check_folder(tmp_path)[0].endswith("里面没有统筹区文件夹。照 forms/README.md 建一个。")
