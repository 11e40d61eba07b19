"""Papers of hospitals: what they are, from where, what was found, by whom and when; a day is certain only where a second one says the same."""

import datetime as dt
from dataclasses import replace

import pytest
from lines_kit import certain, changed, lines, recorded, said

from app.core.reading import read_lines
from app.core.reading.diseases import named_in
from app.core.readings import Looks
from app.core.region import DiseaseEntry

TODAY = dt.date(2026, 11, 20)
CKD = "慢性肾脏病5期，尿毒症，维持性血液透析；高血压3级（很高危）；肾性贫血"
RECORDED = {
    "gansu-jiuquan.diagnosis": (
        Looks.DIAGNOSIS,
        "样本市人民医院",
        "温其玉",
        "2026-10-28",
        "冠状动脉粥样硬化性心脏病；不稳定型心绞痛",
    ),
    "hubei-shennongjia.diagnosis": (
        Looks.DIAGNOSIS,
        "样本林区医院",
        "程一苇",
        "2026-10-30",
        "血友病 A（中型）；右膝关节血友病性关节病",
    ),
    "sichuan-panzhihua.diagnosis": (Looks.DIAGNOSIS, "样本市第一医院", "严初霁", "2026-11-06", CKD),
    "hubei-shennongjia.discharge": (
        Looks.DISCHARGE,
        "样本林区医院",
        "程一苇",
        "2026-10-30",
        "血友病 A（中型）；右膝关节血友病性关节病",
    ),
    "sichuan-panzhihua.discharge": (Looks.DISCHARGE, "样本市第一医院", "严初霁", "2026-11-05", CKD),
    "gansu-jiuquan.lab": (Looks.REPORT, "样本市人民医院", None, "2026-10-26", None),
    "hubei-shennongjia.lab": (Looks.REPORT, "样本林区医院", None, "2026-10-21", None),
    "sichuan-panzhihua.lab": (Looks.REPORT, "样本市第一医院", None, "2026-11-04", None),
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_paper_is_known_and_read(name):
    looks, hospital, doctor, day, diagnosis = RECORDED[name]
    reading = read_lines(recorded(name), today=TODAY)
    found = said(reading)
    assert reading.looks is looks
    assert (found["hospital"], found.get("doctor"), found["issued_on"]) == (hospital, doctor, day)
    assert found.get("diagnosis", "").startswith(diagnosis or "") is True
    assert "diagnosis" in found or diagnosis is None
    assert not {"name", "hospital", "doctor", "diagnosis"} & set(certain(reading))


def paper(title, *rows):
    """A title set larger than the rest."""
    first, second, *rest = lines("样本市人民医院", title, *rows)
    return (replace(first, box=(0.3, 0.05, 0.4, 0.06)), replace(second, box=(0.3, 0.12, 0.4, 0.06)), *rest)


def test_a_prescription_is_read():
    found = read_lines(
        paper(
            "处方笺",
            "姓名：柏守田 性别：男 科别：内科",
            "临床诊断：高血压、2型糖尿病",
            "Rp",
            "苯磺酸氨氯地平片 5mg",
            "医师：温其玉 日期：2026年10月28日",
        ),
        today=TODAY,
    )
    assert found.looks is Looks.PRESCRIPTION
    assert said(found) == {
        "name": "柏守田",
        "hospital": "样本市人民医院",
        "diagnosis": "高血压、2型糖尿病",
        "doctor": "温其玉",
        "issued_on": "2026-10-28",
    }
    assert certain(found) == {}


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        (("出生日期：1900-01-01", "入院日期：2026-10-01", "日期：2026-10-28"), "2026-10-28"),
        (("住院治疗：2026年10月1日至2026年10月20日", "医师：温其玉", "2026年10月28日"), "2026-10-28"),
        (("住院治疗：2026年10月1日至2026年10月20日", "医师：温其玉"), None),
        (("医师：温其玉", "二〇二六年十月二十八日"), "2026-10-28"),
        (("出具日期 2026.10.28", "打印时间：2026-11-01 08:00"), "2026-10-28"),
        (("日期：2027-10-28",), None),  # still to come
        (("出生日期：1900-01-01",), None),
    ],
)
def test_the_day_of_issue_is_the_papers_own_and_no_other(rows, day):
    fill = ("姓名：柏守田", "临床诊断", "1. 高血压", "建议休息", "定期复查")
    found = read_lines(paper("疾病诊断证明书", *fill, *rows), today=TODAY).of("issued_on")
    assert (found.value if found else None) == day


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        (("报告日期：2026-10-28", "采样时间：2026-10-26"), "2026-10-28"),
        (("检查日期：2026-10-28", "打印时间：2026-11-01"), "2026-10-28"),
        (("采样时间：2026-10-26",), None),
    ],
)
def test_a_report_is_of_the_day_it_was_reported(rows, day):
    found = read_lines(paper("CT检查报告单", "姓名：柏守田", "检查所见：未见异常", *rows), today=TODAY).of("issued_on")
    assert (found.value if found else None) == day


def test_a_day_read_otherwise_than_its_twin_is_not_certain():
    whole = recorded("gansu-jiuquan.diagnosis")
    assert certain(read_lines(whole, today=TODAY))["issued_on"] == "2026-10-28"
    odd = changed(whole, "日期：2026年10月28日", "日期：2026年10月26日")
    assert "issued_on" not in certain(read_lines(odd, today=TODAY))


CATALOGUE = tuple(
    map(
        DiseaseEntry,
        ("高血压", "糖尿病", "恶性肿瘤", "慢性肾功能衰竭", "血友病", "冠心病", "脑梗死（含后遗症）", "系统性红斑狼疮"),
    )
)


@pytest.mark.parametrize(
    ("diagnosis", "names"),
    [
        ("高血压3级（很高危）；2型糖尿病", ["高血压", "糖尿病"]),
        ("2型糖尿病伴并发症；高血压", ["糖尿病", "高血压"]),
        ("血友病 A（中型）", ["血友病"]),
        ("右肺下叶恶性肿瘤术后", ["恶性肿瘤"]),
        ("脑梗死后遗症", ["脑梗死（含后遗症）"]),
        ("慢性肾功能不全", ["慢性肾功能衰竭"]),
        ("上呼吸道感染", []),
        ("", []),
    ],
)
def test_a_diagnosis_suggests_entries_of_the_catalogue_in_its_own_order(diagnosis, names):
    assert [entry.name for entry in named_in(diagnosis, CATALOGUE)] == names


def test_an_alias_suggests_its_entry():
    entry = DiseaseEntry("冠心病", aliases=("冠状动脉粥样硬化性心脏病",))
    assert named_in("冠状动脉粥样硬化性心脏病", (*CATALOGUE[:5], entry)) == (entry,)
