"""Invented cases with which a layout is tried before anybody relies on it: the least, the usual, the longest and the rarest a counter meets.

Every person, number and address is invented; the document numbers are synthetic (born in 1900, orders 998 and 999 or with X).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from app.core.application import Acceptance, Agent, Applicant, Application, Care, Disease, Insurance, Page, Paper, Remote
from app.core.checks import check
from app.core.numbering import number
from app.core.paper_extras import Defect, Outcome, PaperExtras
from app.core.paper_notice import defects
from app.core.requirements import needs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.region import Region

MOMENT: Final = "2026-12-14T16:48:00"
RARE_NAME: Final = "㛃䶮𬭎𱁬"
RARE_WORDS: Final = "𡐓塬村𤧛街㐂巷𠅤𪚥堡９号"
"""An address with characters beyond U+FFFF and of Extension A, and a full-width figure."""
_LONG_NAME: Final = f"{RARE_NAME}·阿卜杜热西提·买买提吐尔逊·阿布都克里木"
_LONG_SUMMARY: Final = (
    "患者2014年因“双下肢水肿、夜尿增多”就诊，诊断慢性肾小球肾炎，此后规律随访，肌酐进行性升高。\n"
    "2017年5月诊断慢性肾功能衰竭（尿毒症期），同月起行维持性血液透析，每周3次，每次4小时，干体重52.5千克。\n"
    "2019年11月行同种异体肾移植术，术后服用他克莫司、吗替麦考酚酯、泼尼松抗排异。\n"
    "2022年8月出现移植肾功能减退，肾活检提示慢性移植物肾病，他克莫司浓度5.2纳克／毫升。\n"
    "2024年3月体检发现右肺上叶结节，穿刺病理：浸润性腺癌，EGFR 19外显子缺失；同年4月行胸腔镜右肺上叶切除术。\n"
    "2024年5月至今口服奥希替尼80毫克，每日1次；每3个月复查胸部增强CT、头颅磁共振及肿瘤标志物。\n"
    "2025年12月移植肾失功，恢复血液透析，左前臂动静脉内瘘通畅，目前每周3次。\n"
    "2026年11月复查：血红蛋白92克／升，血磷2.1毫摩尔／升，甲状旁腺素586皮克／毫升，未见肿瘤复发转移。\n"
    "既往乙型肝炎病毒携带20年，恩替卡韦抗病毒；青霉素过敏。需长期透析、抗排异减量方案、靶向治疗及门诊随访。"
)
_LONG_DISEASES: Final = (
    Disease("慢性肾功能衰竭透析（血液透析，含移植肾失功后恢复透析）", "M07801", "2017-05-16"),
    Disease("器官移植抗排异治疗（同种异体肾移植术后）", "M08300", "2019-11-28"),
    Disease("恶性肿瘤门诊治疗（右肺上叶浸润性腺癌术后靶向治疗）", "M00500", "2024-03-21"),
)

_REASONS: Final = (
    Defect(
        "参保地", "参保地不在本统筹区，这里查不到参保记录。", "到参保地的经办机构申请，带身份证和病历。", "以经办机构告知为准"
    ),
    Defect(
        "申请病种",
        "诊断证明上的“慢性肾小球肾炎（肾功能代偿期）”不在本地门诊慢特病病种目录里，主治医师没有写明是否已进入需要透析的阶段。",
        "请主治医师在诊断证明上写清分期和治疗方案；符合目录病种的，带新的诊断证明再来。",
        "开诊断证明的医院，肾脏内科门诊",
    ),
    Defect(
        "代办人", "代办人没有带身份证件，说不清和申请人的关系。", "代办人带本人身份证件原件，和申请人一起来也可以。", "本窗口"
    ),
)
_OUTCOMES: Final = {
    "short": Outcome("approved", "2026-12-18"),
    "typical": Outcome(
        "supplement", "2026-12-15", "糖尿病", reason="检查报告上没有写检查日期，看不出是不是近期的。",
        steps=("到做检查的医院，请医生在报告上补写日期并盖章。", "把补好的报告交到原来的窗口，其他材料不用再交。"),
    ),
    "longest": Outcome(
        "refused", "2027-01-05", "、".join(one.name for one in _LONG_DISEASES), "2027-01-06", "2029-12-31",
        "送审材料不能证明移植肾已经失去功能：2025年12月以后的血肌酐、尿量和透析记录缺三个月，肾活检报告没有病理科盖章；"
        "右肺上叶结节的病理报告与出院记录写的侧别不一致，需由出具报告的医院书面说明。",
        ("到做肾活检的医院病理科，请他们在报告上盖章。", "到透析的医院复印2026年9月至11月的透析记录，加盖病案专用章。",
         "请胸外科写明病变在右肺还是左肺，并盖章。", "把三样材料一起交到原来的窗口，重新申请，其他材料不用再交。"),
    ),
    "rare": Outcome("approved", "2026-12-18", f"{RARE_WORDS}病", "2026-12-19", "2028-12-18", "", ("看病时带身份证或社保卡。",)),
}  # fmt: skip
_WITHDRAWN: Final = {
    "short": "",
    "typical": "改到异地参保地申请。",
    "longest": "已经在外地随子女长期居住，参保关系转到居住地，准备在居住地的经办机构重新申请，这里不再办理，原来交的病历和检查报告需要取回。",
    "rare": f"迁居{RARE_WORDS}。",
}


def trial_cases(region: Region) -> Mapping[str, Application]:
    """Return an accepted application of this region for each of short, typical, longest and rare (characters few fonts have)."""
    short = _short(region)
    typical = _typical(region, short)
    rare = replace(
        typical,
        applicant=replace(typical.applicant, name=RARE_NAME, address=RARE_WORDS),
        by_agent=True,
        agent=Agent(
            "丁𠀀", region.relations[0].code if region.relations else "", "08", "E12345678", "+85261234567", RARE_WORDS
        ),
        diseases=(Disease(f"{RARE_WORDS}病"),),
    )
    return {"short": short, "typical": typical, "longest": _longest(region, short), "rare": rare}


def trial_extras(region: Region, kind: str, name: str) -> PaperExtras:
    """Return what a kind of document needs besides the trial case of this name."""
    case = trial_cases(region)[name]
    if kind == "outcome":
        return PaperExtras(outcome=_OUTCOMES[name])
    if kind == "withdrawal":
        return PaperExtras(reason=_WITHDRAWN[name])
    if kind == "reasons":
        return PaperExtras(defects=_REASONS if name == "longest" else _REASONS[:1])
    if kind in ("notice", "conditional"):
        # The whole way: what the checks find about a draft that has brought little or nothing, told as the applicant is told.
        keep = {"short": -1, "typical": 2, "rare": 2}.get(name, 0)
        draft = replace(case, acceptance=None, papers=case.papers[:keep])
        today = date.fromisoformat(MOMENT[:10])
        found = defects(check(draft, region, today), draft, region)
        some = (found[:3] if name != "longest" else found) or _REASONS[:1]
        if name == "rare" and kind == "notice":  # as the office sends one back: it names no place, and it did not see anybody
            return PaperExtras(tuple(replace(one, where="") for one in some), "", Outcome("supplement", "2026-12-15"))
        return PaperExtras(some, "2026-12-31" if name != "short" else "")
    return PaperExtras(reprint=12 if name == "longest" else 0)


def _short(region: Region) -> Application:
    first = Application(
        id="01JTRY0000000000000000000A",
        region=region.id,
        region_version=region.version,
        kind=region.kinds[0].code if region.kinds else "new",
        applicant=Applicant(name="丁一", cert_number="510402190001019980", sex="2", phone="13800001234"),
        insurance=Insurance(kind=region.insurances[-1].code if region.insurances else ""),
        diseases=(Disease(region.diseases[0].name if region.diseases else "高血压"),),
        notified="2026.1",
        acceptance=Acceptance(
            number=number(region.number_prefix, "03", date(2026, 11, 20), 7),
            accepted_at="2026-11-20T10:25:00",
            due="" if region.limit.workdays is None else "2026-12-18",
            clerk="李敏",
            counter_code="03",
            counter_name="3号窗口",
        ),
    )
    return replace(first, papers=tuple(Paper(one.id, seen=True) for one in region.requirements[:2]))


def _typical(region: Region, short: Application) -> Application:
    case = replace(
        short,
        applicant=Applicant(
            name="张建国",
            cert_number="620902190001019991",
            sex="1",
            birth="1900-01-01",
            nation="01",
            phone="13800001234",
            address="肃州区东大街88号3幢2单元501室",
        ),
        insurance=replace(
            short.insurance, card_number="B12345678", place=region.places[0].name if region.places else region.name
        ),
        diseases=(Disease("高血压", "M03900", "2019-06-12"), Disease("糖尿病", "M01600", "2021-03-05")),
        care=Care(hospital="市人民医院", grade="03", doctor="", designated="市人民医院"),
        summary="患者2019年确诊高血压3级（很高危），2021年确诊2型糖尿病。长期口服硝苯地平控释片、二甲双胍，血压波动于150/95毫米汞柱。"
        "2026年9月因头晕、视物模糊住院12天。需长期门诊用药、定期复查。",
    )
    papers = tuple(
        Paper(
            need.id, option=need.requirement.options[0] if need.requirement.options else "",
            pages=(Page("p1"), Page("p2")), seen=True, copied=True, returned=True,
        )
        for need in needs(case, region, date.fromisoformat(MOMENT[:10]))
        if not need.requirement.made_here and not need.optional
    )  # fmt: skip
    return replace(case, papers=papers)


def _longest(region: Region, short: Application) -> Application:
    accepted = short.acceptance
    papers = tuple(
        Paper(
            one.id, option=max(one.options, key=len, default=""), pages=(Page("p"),) * 36, seen=True, copied=True, returned=True
        )
        for one in region.requirements
        if not one.made_here
    )
    return replace(
        short,
        kind=max(region.kinds, key=lambda choice: len(choice.name)).code if region.kinds else "new",
        by_agent=True,
        applicant=Applicant(
            name=_LONG_NAME,
            cert_number="51040219000101029X",
            sex="2",
            birth="1900-02-28",
            nation="29",
            phone="13800001234",
            address="四川省攀枝花市仁和区啊喇彝族乡永富村金沙江大道西段1688号阳光花城二期12幢3单元2704室（攀枝花钢铁集团矿业有限公司退休管理站转）",
        ),
        agent=Agent(
            name="古丽娜扎尔·𱁬䶮·买买提吐尔逊",
            relation=max(region.relations, key=lambda choice: len(choice.name)).code if region.relations else "",
            cert_number="510402190001019980",
            phone="0812-3323000",
            address="四川省攀枝花市仁和区啊喇彝族乡永富村金沙江大道西段1688号阳光花城二期12幢3单元2704室",
        ),
        insurance=Insurance(
            kind=max(region.insurances, key=lambda choice: len(choice.name)).code if region.insurances else "",
            place="攀枝花市仁和区（含啊喇彝族乡）",
            card_number="510400D15600000512345678901234567",
        ),
        remote=Remote("filed", "新疆维吾尔自治区克孜勒苏柯尔克孜自治州", "2026-03-18"),
        diseases=_LONG_DISEASES[: region.max_diseases or None],
        care=Care(
            hospital="攀枝花市中心医院（攀枝花学院附属医院、四川省攀枝花市第一人民医院）肾脏内科血液净化中心",
            grade="02",
            designated="攀枝花市中心医院；四川大学华西医院攀枝花医院（委托透析中心：仁和区人民医院血液净化室）",
        ),
        summary=_LONG_SUMMARY,
        papers=papers,
        acceptance=replace(
            accepted, due="2027-01-05", due_provisional=True, clerk="欧阳晓燕", counter_name="攀枝花市政务中心12号窗口"
        )
        if accepted and accepted.due
        else accepted,
    )
