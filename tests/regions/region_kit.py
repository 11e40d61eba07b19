"""A fourth city and an application that is complete in any of the shipped ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.application import Applicant, Application, Care, Disease, Insurance, Page, Paper
from app.core.requirements import needs

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.region import Region

TODAY = dt.date(2026, 2, 6)

REGION = """
id = "{id}"
name = "样本市"
province = "样本省"
admdvs = "990100"
version = "1"
number_prefix = "{prefix}"
form_title = "门诊慢特病申请表"
silent = ["fee"]
[sources]
"样本" = "为试验编的"
[asks]
summary = true
[[kind]]
code = "new"
name = "新申请"
source = "样本"
[[insurance]]
code = "310"
name = "职工"
source = "样本"
[[relation]]
code = "child"
name = "子女"
source = "样本"
[facts.hours]
text = "工作日 9:00-17:00"
source = "样本 1"
[facts.parking]
label = "停车"
text = "楼下"
source = "样本 2"
"""
DISEASES = """
[[disease]]
name = "高血压"
code = "M03900"
tags = ["pressure"]
source = "样本"
"""
REQUIREMENTS = """
[[requirement]]
id = "record"
name = "血压记录"
because = "高血压要看记录"
when = { tag = "pressure" }
dated = true
fresh = { months = 3, words = "近 3 个月" }
fresh_doubt = false
source = "样本"
[[requirement]]
id = "form"
name = "申请表"
because = "每件都要"
made_here = true
source = "样本"
"""


def city(root: Path, name: str = "sample-city", prefix: str = "YB", **texts: str) -> Path:
    """Write a whole region folder; ``texts`` replace the text of a file (region, diseases, requirements)."""
    folder = root / "forms" / name
    folder.mkdir(parents=True)
    files = {"region": REGION.format(id=name, prefix=prefix), "diseases": DISEASES, "requirements": REQUIREMENTS}
    for stem, text in (files | texts).items():
        (folder / f"{stem}.toml").write_text(text, encoding="utf-8")
    return folder


def without_papers(region: Region, **changes: object) -> Application:
    """Everything answered, nothing on the counter yet."""
    disease = region.diseases[0].name if region.diseases else "照诊断证明写的病"
    base = Application(
        id="01JQ00000000000000000000AA",
        region=region.id,
        region_version=region.version,
        applicant=Applicant(
            name="沈桂兰",
            cert_kind="17",
            cert_number="810000199001019996",
            sex="1",
            birth="1990-01-01",
            phone="13800001234",
            address="样本街 1 号",
        ),
        insurance=Insurance(kind=region.insurances[0].code, voucher="card", card_number="A1234567", arrears="no"),
        diseases=(Disease(disease),),
        care=Care(hospital="样本医院", grade="02", designated="样本医院"),
        summary="样本摘要",
        notified="2026.1",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def complete(region: Region, today: dt.date = TODAY, **changes: object) -> Application:
    """Everything answered and every needed paper there, sealed and fresh."""
    application = without_papers(region, **changes)
    for need in needs(application, region, today):
        wanted = need.requirement
        option = wanted.options[0] if wanted.options else ""
        pages = tuple(Page(f"{need.id}{n}") for n in range(wanted.pages_for(option)))
        paper = Paper(need.id, option, issued_on="2026-01-19" if wanted.dated else "", pages=pages, sealed=wanted.seal)
        application = application.with_paper(paper)
    return application
