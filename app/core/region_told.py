"""What a region's folder says, in words, property by property: what two versions are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.codes import CERTS
from app.core.region_words import FACTS, QUESTIONS, RESIDENCES, STARTS, VOUCHERS, YES_NO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.core.region import Choice, Condition, DiseaseEntry, Fact, Region, Requirement

Words = dict[str, str]
"""What people call a property, to what it says; '' where it says nothing."""

SILENT: Final = "来源未述"


def head(region: Region) -> Words:
    """Say what a region says of itself and of its form."""
    return {
        "名称": region.name,
        "省": region.province,
        "行政区划": region.admdvs,
        "编号字头": region.number_prefix,
        "申请表名称": region.form_title,
        "申请表样": "经办机构确认过" if region.form_confirmed else "没有确认",
        "最多几个病种": f"{region.max_diseases} 个" if region.max_diseases else "不限",
        "要填": "、".join(_asked(region)) or "没有另外要填的",
        "来源没有说的": "、".join(FACTS.get(one, one) for one in region.silent),
    }


def _asked(region: Region) -> Iterator[str]:
    for asked, name in (
        (region.has_doctor, "医师意见"),
        (region.asks_designated, "定点机构"),
        (region.asks_remote, "异地居住"),
        (region.asks_summary, "病情摘要"),
        (region.asks_hospital, "确诊机构"),
        (region.asks_card, "社保卡号"),
        (region.asks_arrears, "欠费"),
    ):
        if asked:
            yield name


def facts(region: Region) -> dict[str, Words]:
    """Say its plain statements, by name."""
    return {name: _fact(one) for name, one in region.facts.items()}


def _fact(fact: Fact) -> Words:
    return {"": fact.text, "备注": fact.note, **_proof(fact.source, confirmed=fact.confirmed)}


def rules(region: Region) -> Words:
    """Say its time limit, what files may be, how long originals stay, and what may come later."""
    limit, files, keep, back = region.limit, region.files, region.retention, region.comeback
    days = f"{limit.workdays} 个工作日，从{STARTS.get(limit.starts, limit.starts)}起" if limit.workdays else SILENT
    told = {
        "办结时限": f"{days}；{limit.words}" if limit.words else days,
        "文件格式": "、".join(files.formats) or SILENT,
        "文件大小": f"最大 {files.max_bytes:,} 字节" if files.max_bytes else SILENT,
        "原件保留": f"送达后 {keep.days} 天；{keep.words}" if keep.days else SILENT,
        "补齐期限": f"告知后 {back.workdays} 个工作日；{back.words}" if back.workdays else SILENT,
    }
    names = {one.id: one.name for one in region.requirements}
    seen = region.unscanned
    told["看过就行"] = f"{'、'.join(names.get(one, one) for one in seen.papers)}；{seen.words}" if seen.papers else SILENT
    twice = region.second_look
    after = f"；受理后 {twice.workdays} 个工作日没人看，照常送" if twice and twice.workdays else ""
    told["第二人复核"] = f"100 件抽 {twice.percent} 件；{twice.words}{after}" if twice else SILENT
    if region.deferral is None:
        return told | {"容缺受理": "没有"}
    papers = "、".join(names.get(one, one) for one in region.deferral.papers)
    days = f"受理后 {region.deferral.workdays} 个工作日" if region.deferral.workdays else ""
    said = (f"{papers}可以后补", region.deferral.words, days, region.deferral.late)
    return told | {"容缺受理": "；".join(one for one in said if one)}


def requirement(one: Requirement) -> Words:
    """Say everything of a requirement."""
    pages = dict(zip(one.options, one.option_pages, strict=False))
    return {
        "名称": one.name,
        "为什么": one.because,
        "什么时候要": _when(one.when) if one.when else "每件都要",
        "哪种都行": "、".join(f"{name}（{pages[name]} 页）" if pages.get(name, 1) > 1 else name for name in one.options),
        "最少页数": f"{one.min_pages} 页" if one.min_pages > 1 else "",
        "出具日期": "要记" if one.dated else "",
        "期限": f"近 {one.fresh.months} 个月{f'（{one.fresh.words}）' if one.fresh.words else ''}" if one.fresh else "",
        "过期": "" if one.fresh is None else "写理由可以继续" if one.fresh_doubt else "不能受理",
        "盖章": "要有" if one.seal else "",
        "医院等级": "二级及以上" if one.grade else "",
        "由本程序打印": "是" if one.made_here else "",
        "不交也行": "是" if one.optional else "",
        "格式": "、".join(one.formats),
        "备注": one.note,
        "到哪里办": one.where,
        **_proof(one.source, confirmed=one.confirmed),
    }


def disease(one: DiseaseEntry) -> Words:
    """Say everything of a disease."""
    return {
        "代码": one.code,
        "标记": "、".join(one.tags),
        "分组": one.group,
        "复审": one.review,
        "别名": "、".join(one.aliases),
        "备注": one.note,
        **_proof(one.source, confirmed=one.confirmed),
    }


def choice(one: Choice) -> Words:
    """Say everything of a choice."""
    return {"名称": one.name, "备注": one.note, **_proof(one.source, confirmed=one.confirmed)}


def _proof(source: str, *, confirmed: bool) -> Words:
    return {"出处": source, "确认": "经办机构确认过" if confirmed else "没有确认"}


_ANSWERS: Final[dict[str, Mapping[str, str]]] = {
    "voucher": VOUCHERS,
    "residence": RESIDENCES,
    "agent": YES_NO,
    "minor": YES_NO,
    "cert": CERTS,
}


def _when(condition: Condition) -> str:
    """Say a condition as people would."""
    match condition.op:
        case "all":
            return "，并且".join(_inner(one) for one in condition.parts)
        case "any":
            return "，或者".join(_inner(one) for one in condition.parts)
        case "not":
            return f"不是（{'；'.join(_when(one) for one in condition.parts)}）"
        case op:
            known = _ANSWERS.get(op, {})
            return f"{QUESTIONS.get(op, op)}是{'、'.join(known.get(one, one) for one in condition.values)}"


def _inner(condition: Condition) -> str:
    return f"（{_when(condition)}）" if condition.op in {"all", "any"} and len(condition.parts) > 1 else _when(condition)
