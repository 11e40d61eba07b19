"""Findings made short: a field's path gives its label and its step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.findings import Finding, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: Final[Mapping[str, str]] = {
    "kind": "申请类型",
    "notified": "个人信息告知",
    "by_agent": "谁来办理",
    "applicant.name": "姓名",
    "applicant.cert_kind": "证件类型",
    "applicant.cert_number": "证件号码",
    "applicant.cert_until": "证件有效期",
    "applicant.sex": "性别",
    "applicant.birth": "出生日期",
    "applicant.nation": "民族",
    "applicant.phone": "联系电话",
    "applicant.other_phone": "另一个电话",
    "applicant.address": "住址",
    "agent.name": "代办人姓名",
    "agent.relation": "与申请人的关系",
    "agent.cert_kind": "代办人证件类型",
    "agent.cert_number": "代办人证件号码",
    "agent.phone": "代办人电话",
    "agent.address": "代办人住址",
    "insurance.kind": "险种",
    "insurance.status": "参保状态",
    "insurance.place": "参保地",
    "insurance.voucher": "医保凭证",
    "insurance.card_number": "社保卡号",
    "insurance.arrears": "有没有欠费",
    "remote.residence": "异地居住",
    "remote.place": "备案地",
    "remote.filed_on": "备案日期",
    "diseases": "申请病种",
    "care.hospital": "确诊医院",
    "care.grade": "医院等级",
    "care.doctor": "诊断医师",
    "care.designated": "定点医疗机构",
    "summary": "病情摘要",
    "papers": "材料",
}
"""What people call each field; a disease's and a paper's own fields are named by :func:`label_of`."""

_STEPS: Final[Mapping[str, str]] = {
    "kind": "identity",
    "by_agent": "identity",
    "notified": "identity",
    "applicant": "identity",
    "agent": "identity",
    "insurance": "insurance",
    "remote": "insurance",
    "diseases": "disease",
    "care": "disease",
    "summary": "disease",
    "papers": "materials",
}


def label_of(path: str) -> str:
    """Return the label of the field at a path; empty for a path that has none."""
    if path in LABELS:
        return LABELS[path]
    parts = path.split(".")
    if parts[0] == "diseases" and len(parts) > 1 and parts[1].isdigit():
        name = "确诊日期" if parts[-1] == "diagnosed_on" else "病种"
        return f"{name} {int(parts[1]) + 1}"
    return LABELS["papers"] if parts[0] == "papers" else ""


def step_of(path: str) -> str:
    """Return the intake step that holds the field at a path."""
    return _STEPS[path.split(".", 1)[0]]


def finding(id_: str, tone: Tone, field: str, title: str, todo: str = "", label: str = "") -> Finding:
    """Return a finding about a field, labelled and placed by its path unless a label is given."""
    return Finding(id_, tone, field, step_of(field), title, todo, label or label_of(field))


def missing(id_: str, field: str, title: str, todo: str = "", label: str = "") -> Finding:
    """缺: acceptance waits for it."""
    return finding(id_, Tone.MISSING, field, title, todo, label)


def doubt(id_: str, field: str, title: str, todo: str = "", label: str = "") -> Finding:
    """疑: goes on with the clerk's reason."""
    return finding(id_, Tone.DOUBT, field, title, todo, label)


def open_(id_: str, field: str, title: str, todo: str = "", label: str = "") -> Finding:
    """未: cannot be known here, stops nothing."""
    return finding(id_, Tone.OPEN, field, title, todo, label)


def good(id_: str, field: str, title: str, label: str = "") -> Finding:
    """妥: said for reassurance."""
    return finding(id_, Tone.GOOD, field, title, "", label)


def halves(problem: str, otherwise: str) -> tuple[str, str]:
    """Return a reader's sentence as fact and way out; ``otherwise`` when the sentence holds no way out of its own.

    "身份证号 18 位，这里 17 位：少 1 位" is fact to its end; "末位校验不符，看一看有没有读错" tells the way out after its comma.
    """
    for mark in ("：", "，"):
        fact, found, way = problem.rpartition(mark)
        if found and not way.startswith(("少 ", "多 ", "这里")):
            return fact, way
        if found and mark == "：":
            return problem, otherwise
    return problem, otherwise
