"""What is applied for, where it was diagnosed, where it will be treated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.checks.findings import doubt, missing, open_
from app.core.codes import GRADES, grade_code, level_two_or_above
from app.core.days import iso, parse_day
from app.core.requirements import Need, birth_of, entry_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from app.core.application import Application, Care, Disease
    from app.core.findings import Finding
    from app.core.region import Region

CHANGE = "change"


def check_disease(application: Application, region: Region, wanted: Sequence[Need], today: dt.date) -> Iterator[Finding]:
    """Yield the findings of the disease step. ``wanted`` are the papers needed, which say whether the hospital's grade counts."""
    named = [d for d in application.diseases if d.name.strip()]
    if not named:
        yield missing("diseases.missing", "diseases", "申请哪种病还没填", "照诊断证明选；目录里没有的照写")
    if region.max_diseases and len(named) > region.max_diseases:
        fact = f"一次最多申请 {region.max_diseases} 种病，这里 {len(named)} 种"
        yield doubt("diseases.many", "diseases", fact, "问清先办哪几种；要收的写明理由")
    yield from _each(application, region, today)
    yield from _care(application, region, wanted)
    if region.asks_summary and not application.summary.strip():
        yield missing("summary.missing", "summary", "病情摘要还没写", "照诊断证明和病历写几句")
    if application.kind == CHANGE:
        yield from _change(application.care, region)


def _each(application: Application, region: Region, today: dt.date) -> Iterator[Finding]:
    first: dict[str, int] = {}
    birth = birth_of(application)
    some = any(d.name.strip() for d in application.diseases)
    for at, disease in enumerate(application.diseases):
        path = f"diseases.{at}.name"
        name = disease.name.strip()
        if not name:
            if some:
                yield missing(f"{path}.missing", path, f"第 {at + 1} 个病种是空的", "填上，或去掉这一行")
            continue
        entry = entry_of(disease, region)
        same = entry.name if entry else name
        if same in first:
            yield doubt(f"{path}.repeated", path, f"「{name}」和第 {first[same] + 1} 个病种重复", "去掉一个，或写明理由")
        first.setdefault(same, at)
        if entry is None and region.diseases:
            yield open_(f"{path}.free", path, f"「{name}」不在目录里", "照诊断证明写；能不能认定由经办机构定")
        yield from _day(disease, at, birth, today)


def _day(disease: Disease, at: int, birth: dt.date | None, today: dt.date) -> Iterator[Finding]:
    path = f"diseases.{at}.diagnosed_on"
    text = disease.diagnosed_on.strip()
    day = parse_day(text)
    if not text:
        return
    if day is None:
        yield missing(f"{path}.unreadable", path, f"确诊日期「{text}」读不出是哪一天", "写成 2026-01-19")
    elif day > today:
        yield missing(f"{path}.future", path, f"确诊日期 {iso(day)} 还没到", "看诊断证明再改")
    elif birth is not None and day < birth:
        yield doubt(f"{path}.before_birth", path, f"确诊日期 {iso(day)} 早于出生日期 {iso(birth)}", "看诊断证明再改")


def _care(application: Application, region: Region, wanted: Sequence[Need]) -> Iterator[Finding]:
    care = application.care
    graded = next((n.requirement for n in wanted if n.requirement.grade and not n.optional), None)
    if region.asks_hospital and not care.hospital.strip():
        yield missing("care.hospital.missing", "care.hospital", "确诊医院还没填", "照诊断证明填")
    if graded is None:
        return
    path, rule = "care.grade", f"{graded.name}要二级及以上医院的"
    text = care.grade.strip()
    if not text:
        yield doubt(f"{path}.unknown", path, "医院等级还没选", f"{rule}：看诊断证明或问清；问不到的写明理由")
    elif not level_two_or_above(text):
        code = grade_code(text)
        fact = f"医院是{GRADES[code]}，{rule}" if code else f"医院等级「{text}」看不出是几级，{rule}"
        yield doubt(f"{path}.low", path, fact, "换二级及以上医院的；要收的写明理由")


def _change(care: Care, region: Region) -> Iterator[Finding]:
    if region.asks_designated and not care.designated.strip():
        yield missing("care.designated.missing", "care.designated", "要变更到哪家定点医疗机构还没填", "问清，写全称")
    rule = region.fact("change_rule")
    if rule:
        way = f"{rule.note}。今年变更过没有，由经办机构核" if rule.note else "今年变更过没有，由经办机构核"
        yield open_("care.designated.rule", "care.designated", rule.text, way)
