from __future__ import annotations

import dataclasses
import json
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.application import (
    Acceptance,
    Agent,
    Applicant,
    Application,
    Care,
    Disease,
    Insurance,
    Page,
    Paper,
    Reason,
    Remote,
    State,
)
from app.core.quality import Spot
from app.core.record import UNKNOWN_HERE, export_record, from_record, to_record
from app.core.region import Choice, FileRules, Region, Requirement, TimeLimit

text = st.text(max_size=8)


def anything(kind):
    """A strategy for a record type that fills every field."""
    fields = typing.get_type_hints(kind)
    return st.builds(kind, **{name: strategy(hint) for name, hint in fields.items()})


SIMPLE = {str: text, bool: st.booleans(), float: st.floats(0, 1), int: st.integers(0, 10**9), State: st.sampled_from(State)}


def strategy(hint):
    if hint in SIMPLE:
        return SIMPLE[hint]
    if typing.get_origin(hint) is tuple:
        return st.lists(strategy(typing.get_args(hint)[0]), max_size=3).map(tuple)
    if dataclasses.is_dataclass(hint):
        return anything(hint)
    return st.none() | strategy(typing.get_args(hint)[0])


@given(anything(Application))
def test_any_application_comes_back_from_its_json(application):
    assert from_record(json.loads(json.dumps(to_record(application)))) == application


def test_half_a_surrogate_pair_survives_json():
    application = dataclasses.replace(plain(), summary="\ud842")
    assert from_record(json.loads(json.dumps(to_record(application)))) == application


def test_unknown_keys_are_passed_over_and_missing_ones_take_their_default():
    record = to_record(plain())
    record["from_a_newer_minor"] = {"x": 1}
    record["applicant"]["nickname"] = "桂"
    del record["care"], record["papers"][0]["kept"]
    assert from_record(record) == dataclasses.replace(plain(), care=Care())


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 2},
        {"format": 0},
        {"format": "1"},
        {"format": None},
        {"revision": "3"},
        {"revision": True},
        {"by_agent": 1},
        {"applicant": "沈桂兰"},
        {"papers": {"id": 1}},
        {"papers": [3]},
        {"diseases": [{"name": 5}]},
        {"state": "gone"},
        {"summary": None},
    ],
)
def test_a_record_of_a_newer_format_or_of_wrong_types_is_refused(damage):
    with pytest.raises(ValueError, match=r"format|expected|gone"):
        from_record(to_record(plain()) | damage)


def test_a_record_without_its_id_is_refused():
    record = to_record(plain())
    del record["id"]
    with pytest.raises(ValueError, match="id"):
        from_record(record)


def test_the_handed_over_columns_are_those_of_the_registration_event():
    event = exported()["event"]
    assert {name: event[name] for name in event if name not in UNKNOWN_HERE} == {
        "psn_cert_type": "01",
        "certno": "510402190001019980",
        "psn_name": "沈桂兰",
        "gend": "2",
        "naty": "01",
        "brdy": "1900-01-01",
        "tel": "13800001234",
        "addr": "酒泉路一号",
        "insu_admdvs": "620902",
        "insutype": "390",
        "flx_emp_flag": None,
        "opsp_dise": [
            {"opsp_dise_code": "M03900", "opsp_dise_name": "高血压", "hosp_ide_date": "2026-01-19"},
            {"opsp_dise_code": None, "opsp_dise_name": "自填病种", "hosp_ide_date": None},
        ],
        "ide_fixmedins_name": "酒泉市人民医院",
        "diag_dr_name": None,
        "appy_date": "2026-03-05",
        "appy_rea": "头晕",
        "agnter_name": None,
        "agnter_cert_type": None,
        "agnter_certno": None,
        "agnter_tel": None,
        "agnter_addr": None,
        "agnter_rlts": None,
        "dcla_souc": "0",
    }


def test_what_only_the_decision_or_the_platform_knows_is_there_and_null():
    event = exported()["event"]
    assert {"begndate", "enddate", "psn_no", "memo", "rchk_flag"} <= set(UNKNOWN_HERE)
    assert {event[name] for name in UNKNOWN_HERE} == {None}


def test_the_insurance_is_said_to_be_unchecked():
    assert exported()["insurance"]["status"] == "unchecked"


def test_the_agent_is_handed_over_only_when_there_is_one():
    event = exported(by_agent=True)["event"]
    assert (event["agnter_name"], event["agnter_certno"], event["agnter_rlts"]) == ("沈念", "51040219000101029X", "3")
    assert event["agnter_addr"] is None


@pytest.mark.parametrize(
    ("kind", "insutype", "flag"), [("310", "310", None), ("flexible", "310", "1"), ("", None, None), ("resident", None, None)]
)
def test_flexible_employment_is_310_with_its_flag(kind, insutype, flag):
    event = exported(insurance=Insurance(kind=kind))["event"]
    assert (event["insutype"], event["flx_emp_flag"]) == (insutype, flag)


@pytest.mark.parametrize(
    ("place", "code"), [("肃州区", "620902"), ("620902", "620902"), ("999999", "999999"), ("别处", None), ("", None)]
)
def test_the_insured_place_is_a_code_or_nothing(place, code):
    record = exported(insurance=Insurance(place=place))
    assert record["event"]["insu_admdvs"] == code
    assert record["insurance"]["place"] == (place or None)


def test_the_ledger_names_each_paper_and_its_files_and_the_typed_text_stays_whole():
    record = exported()
    assert record["papers"] == [
        {
            "requirement": "diagnosis",
            "name": "诊断证明",
            "option": None,
            "issued_on": None,
            "seen": True,
            "copied": False,
            "kept": False,
            "returned": False,
            "sealed": True,
            "attested_by": "陈慧",
            "files": ["originals/01-diagnosis-p1.jpg"],
        }
    ]
    assert from_record(record["as_typed"]) == plain()
    assert record["as_typed"]["papers"][0]["issued_on"] == "2026-2-3x"
    assert record["acceptance"]["number"] == "JQ03-260305-0001-0"
    assert record["region"] == {"id": "gansu-jiuquan", "name": "酒泉市", "version": "2026.1"}


def test_a_region_folder_that_is_gone_costs_the_names_only():
    record = export_record(plain(), None, {})
    assert (record["region"]["name"], record["papers"][0]["name"]) == (None, None)
    assert record["event"]["insu_admdvs"] is None


def test_a_place_on_a_page_in_whole_numbers_is_read_back():
    page = Page("01P", spots=(Spot("cut", 0, 0, 1, 0.03),))
    application = dataclasses.replace(plain(), papers=(Paper("diagnosis", pages=(page,)),))
    assert from_record(json.loads(json.dumps(to_record(application)))) == application


def test_what_was_never_accepted_is_not_handed_over():
    with pytest.raises(ValueError, match="not accepted"):
        export_record(dataclasses.replace(plain(), acceptance=None), None, {})


def plain() -> Application:
    return Application(
        "01JQ0000000000000000000001",
        "gansu-jiuquan",
        "2026.1",
        applicant=Applicant(
            "沈桂兰", "01", "510402190001019980", "长期", "2", "1900-1-1", "01", "13800001234", "", "酒泉路一号"
        ),
        agent=Agent("沈念", "3", "01", "51040219000101029X", "13900005678"),
        insurance=Insurance("390", place="肃州区"),
        remote=Remote(),
        diseases=(Disease("高血压", "M03900", "2026.1.19"), Disease("自填病种", "", "2026")),
        care=Care("酒泉市人民医院", "02"),
        summary="头晕",
        papers=(
            Paper("diagnosis", issued_on="2026-2-3x", pages=(Page("01P", 90),), seen=True, sealed=True, attested_by="陈慧"),
        ),
        reasons=(Reason("x", "y"),),
        state=State.READY,
        acceptance=Acceptance("JQ03-260305-0001-0", "2026-03-05T10:30:00"),
        revision=4,
    )


def exported(**changes) -> dict:
    region = Region(
        id="gansu-jiuquan",
        name="酒泉市",
        province="甘肃省",
        admdvs="620900",
        version="2026.1",
        number_prefix="JQ",
        form_title="",
        facts={},
        limit=TimeLimit(None),
        kinds=(),
        insurances=(),
        relations=(),
        diseases=(),
        requirements=(Requirement("diagnosis", "诊断证明", ""),),
        files=FileRules(),
        places=(Choice("620902", "肃州区"),),
    )
    return export_record(dataclasses.replace(plain(), **changes), region, {"diagnosis": ("originals/01-diagnosis-p1.jpg",)})
