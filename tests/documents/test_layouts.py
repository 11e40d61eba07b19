import copy
import tomllib
from dataclasses import replace

import papers
import pytest
from papers import REGIONS, RESOURCES, ROOT

from app.adapters.documents import check_layout, check_region_layouts
from app.adapters.documents.printery import SHEET_PATHS
from app.adapters.documents.shared import load_shared
from app.adapters.documents.trials import trial_extras
from app.core import office_sheets, paper_data
from app.core.paper_extras import extra_bindings
from app.core.region import Deferral

SHARED = load_shared(RESOURCES)
LATER = Deferral(("diagnosis",), "受理后10个工作日内补齐", "退回申请", "测试用")


def form():
    return tomllib.loads((ROOT / "forms/gansu-jiuquan/form.toml").read_text(encoding="utf-8"))


def check(layout):
    return check_layout(layout, SHARED, paper_data.known_paths())


@pytest.mark.parametrize("region", REGIONS)
def test_the_shipped_layouts_have_nothing_wrong(region):
    # Every document of theirs is drawn with every case in test_other_papers.py.
    assert check_region_layouts(papers.region(region), draw=False) == []


def test_the_recovery_sheets_layout_binds_nothing_of_a_case():
    assert check_layout(SHARED.layouts["recovery"], SHARED, SHEET_PATHS, "recovery.toml") == []


@pytest.mark.parametrize("kind", office_sheets.KINDS)
def test_papers_about_no_case_bind_nothing_of_one(kind):
    assert check_layout(SHARED.layouts[kind], SHARED, office_sheets.PATHS, f"{kind}.toml", office_sheets.LISTS) == []


def test_a_roll_of_many_names_goes_on_with_its_heads_on_the_next_page_and_says_every_name():
    lines = tuple(office_sheets.Line(f"样本{n}", "13800001234", "11月20日") for n in range(60))
    sheet = office_sheets.OfficeSheet("roll", "待补材料联系名单", lines, columns=("姓名", "电话", "期限"))
    drawn = papers.printery().office_sheet(
        sheet, "normal", papers.region(REGIONS[0]), papers.COUNTER, moment="2026-02-06T10:24:00"
    )
    said = papers.text(drawn.pdf)
    assert drawn.pages > 1
    assert drawn.problems == ()
    assert all(f"样本{n}" in said for n in range(60))


def wrong(cells, **row):
    layout = form()
    layout["section"] = [{"row": [{"h": 9, "cells": cells, **row}]}]
    return check(layout)


@pytest.mark.parametrize(
    ("cells", "row", "said"),
    [
        ([{"value": "{applicant.nmae}"}], {}, "{applicant.nmae}：没有这个名字，同组可用的有 applicant.address"),
        ([{"value": "{applicant.sex|gender}"}], {}, "|gender：没有这种写法或代码表"),
        ([{"label": "姓名", "widht": 21}], {}, "widht：没有这个键"),
        ([{"label": "姓名", "w": 21}], {}, "各格宽度合计比这一行少 148.0 毫米"),
        ([{"label": "姓名", "w": 100}, {"value": "{applicant.name}", "w": 100}], {}, "各格宽度合计比这一行多 31.0 毫米"),
        ([{"text": "签名：________"}], {"h": 6}, "有横线要手写，这一行至少 8 毫米，现在是 6"),
        ([{"value": "{name}"}], {"each": "desease"}, "each = “desease”：没有这个清单"),
        ([{"value": "{applicant.name}", "when": "agnt"}], {}, "when = “agnt”：没有这个名字"),
        ([{"value": "{applicant.name}", "role": "huge"}], {}, "role = “huge”：tokens.toml 里没有这种字"),
        ([{"value": "{applicant.name}", "fit": "squeeze"}], {}, "“squeeze”不认识，改成 shrink、wrap、annex 之一"),
        ([{"value": "{applicant.name}"}], {"h": "tall"}, 'h：写成 9（不变）、"9+"（可长高）'),
        ([{"tick": "case.kind"}], {}, 'tick：写成 "名字|代码表"'),
        ([], {}, "cells：这一行没有格"),
    ],
)
def test_a_mistake_in_a_row_is_named_with_place_key_and_remedy(cells, row, said):
    problems = wrong(cells, **row)
    assert any(one.startswith("form.toml：第 1 个 section") and said in one for one in problems), problems


def test_a_part_that_is_not_there_and_an_unknown_top_key_are_named():
    layout = form()
    layout["section"].append({"use": "stamp_duty"})
    layout["background"] = {"1": "blank.png"}
    problems = check(layout)
    assert any("stamp_duty" in one and "heading" in one for one in problems)
    assert any(one.startswith("form.toml：最外层：background") for one in problems)


def test_a_cell_that_cannot_hold_the_longest_case_is_found_by_drawing_it():
    place = papers.region("gansu-jiuquan")
    layout = copy.deepcopy(place.layouts["form"])
    layout["section"][0] = {"row": [{"h": 6, "cells": [{"label": "地址", "w": 149}, {"value": "{applicant.address}"}]}]}
    problems = check_region_layouts(replace(place, layouts={**place.layouts, "form": layout}), RESOURCES)
    assert any("最长的一件" in one and "“地址”写得太长" in one for one in problems)


def test_a_form_without_the_notice_on_personal_data_is_named():
    place = papers.region("gansu-jiuquan")
    layout = copy.deepcopy(place.layouts["form"])
    layout["section"] = [section for section in layout["section"] if section.get("use") != "told"]
    problems = check_region_layouts(replace(place, layouts={**place.layouts, "form": layout}), RESOURCES)
    assert problems == ['gansu-jiuquan/form.toml：没有个人信息处理告知，在最后加上 [[section]] use = "told"']


def test_bindings_give_exactly_the_names_a_layout_may_use():
    for name in REGIONS:
        case = papers.case(name, "longest")
        found = paper_data.bindings(case, papers.region(name), papers.COUNTER, "2026-12-14T16:48:00")
        assert set(found) == set(paper_data.FIELDS) | set(paper_data.LISTS)
        assert (found["outcome"], found["deferral"]) == ({}, {})  # nobody decided, nothing may come later
        found |= extra_bindings(
            trial_extras(papers.region(name), "outcome", "longest"), replace(papers.region(name), deferral=LATER)
        )
        # Only a paper that names something to mend bears a code to come back with.
        assert "code" not in found["supplement"]
        found["supplement"] = extra_bindings(trial_extras(papers.region(name), "notice", "longest"), papers.region(name), case)[
            "supplement"
        ]
        assert {group: set(found[group]) for group in paper_data.FIELDS} == {k: set(v) for k, v in paper_data.FIELDS.items()}
        for group, fields in paper_data.LISTS.items():
            assert all(set(item) == set(fields) for item in found[group])
        assert set(paper_data.code_maps(papers.region(name))) == set(paper_data.CODE_MAPS)


def test_an_application_without_an_agent_has_none_on_paper():
    case = replace(papers.case("gansu-jiuquan", "longest"), by_agent=False)
    found = paper_data.bindings(case, papers.region("gansu-jiuquan"), papers.COUNTER, "2026-12-14T16:48:00")
    assert found["agent"] == {}
    assert found["case"]["for"] == "self"
