"""Findings turned into what an applicant is told: what is wrong, how to mend it, where. Said to a person, not to a clerk.

One block for each paper, so that one walk to the hospital mends it. What a region does not say of a place is left to the office.
What only the clerk still has to do (choosing an option, telling the notice on personal data) is nobody else's defect and not told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.application import Gap
from app.core.paper_extras import Defect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.core.application import Application
    from app.core.findings import Finding
    from app.core.region import Region, Requirement

TOLD_BY_OFFICE: Final = "以经办机构告知为准"
AT_COUNTER: Final = "本窗口"
_OWN: Final = "申请人本人"
_SIDES: Final = 2
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLERKS_OWN: Final = ("option", "perhaps", "unneeded", "unscanned", "untouched")

_REMEDIES: Final[Mapping[str, str]] = {
    "kind": "说明办的是哪一种。",
    "applicant.name": "带身份证件原件，窗口照证件改。",
    "applicant.cert_number": "带身份证件原件，窗口照证件改。",
    "applicant.cert_until": "带有效期内的身份证件。",
    "applicant.phone": "留一个打得通的电话号码。",
    "applicant.other_phone": "核对电话号码。",
    "applicant.address": "说明现在的住址，到门牌或村组。",
    "applicant": "带身份证件原件，窗口照证件改。",
    "agent.relation": "说明和申请人是什么关系。",
    "agent.phone": "留一个打得通的代办人电话。",
    "agent.address": "说明代办人的住址。",
    "agent": "带代办人的身份证件原件。",
    "by_agent": "由监护人一起来，或由监护人代办。",
    "insurance.kind": "带社保卡，或说明参加的是哪一种医保。",
    "insurance.status": "先把参保问题办好。",
    "insurance.arrears": "先补缴，再来办理。",
    "insurance.card_number": "带社保卡原件。",
    "insurance": "带社保卡，或在手机上打开医保电子凭证。",
    "remote.residence": "先办异地就医备案。",
    "remote": "带异地就医备案的凭条，或在手机上打开备案记录。",
    "diseases": "带诊断证明，窗口照着填。",
    "care": "带诊断证明，窗口照着填。",
    "summary": "带诊断证明和病历，窗口照着写。",
}
"""What helps when an answer is missing or doubtful: the longest matching head of the field's path."""
_UNANSWERED: Final[Mapping[str, str]] = {
    "kind.missing": "还没有说明办哪一种。",
    "insurance.voucher.missing": "还没有看到社保卡或医保电子凭证。",
    "insurance.kind.missing": "还没有说明是哪一种医保。",
    "agent.relation.missing": "还没有说明和申请人的关系。",
}
"""What is missing, where a clerk's words (还没选) would say nothing to the applicant."""
_ELSEWHERE: Final = frozenset({"insurance.status", "insurance.arrears", "remote.residence"})
"""What is mended at another office, and the regions do not say which."""


def defects(findings: Iterable[Finding], application: Application, region: Region) -> tuple[Defect, ...]:
    """Return every defect of the findings that stop acceptance, in their order, those of one paper in one block."""
    return tuple(defect(gap) for gap in gaps(findings, application, region))


def gaps(findings: Iterable[Finding], application: Application, region: Region) -> tuple[Gap, ...]:
    """Return the same as what is kept of a notice: each block with its field and the findings it stands for."""
    papers = {requirement.id: requirement for requirement in region.requirements}
    blocks: dict[str, list[tuple[str, Defect]]] = {}
    for finding in findings:
        if not told(finding):
            continue
        parts = finding.field.split(".")
        requirement = papers.get(parts[1]) if parts[0] == "papers" and len(parts) > 1 else None
        one = _paper(finding, requirement, application) if requirement else _answer(finding)
        blocks.setdefault(key_of(finding), []).append((finding.id, one))
    return tuple(_gap(field, block) for field, block in blocks.items())


def told(finding: Finding) -> bool:
    """Whether this stops acceptance and is the applicant's to mend."""
    return finding.stops and finding.field != "notified" and finding.id.rpartition(".")[2] not in _CLERKS_OWN


def key_of(finding: Finding) -> str:
    """Return what a notice files a finding under: ``papers.<requirement>`` for anything about a paper, else its own field."""
    return ".".join(finding.field.split(".")[:2]) if finding.field.startswith("papers.") else finding.field


def defect(gap: Gap) -> Defect:
    """Return a gap as the paper prints it."""
    requirement = gap.field.removeprefix("papers.") if gap.field.startswith("papers.") else ""
    return Defect(gap.name, gap.problem, gap.remedy, gap.where, requirement)


def _gap(field: str, block: list[tuple[str, Defect]]) -> Gap:
    one = _joined([defect for _, defect in block])
    return Gap(field, one.name, one.problem, one.remedy, one.where, tuple(id_ for id_, _ in block))


def _joined(block: list[Defect]) -> Defect:
    first = block[0]
    problems = "".join(dict.fromkeys(one.problem for one in block))
    remedies = "".join(dict.fromkeys(one.remedy for one in block))
    return Defect(first.name, problems, remedies, first.where, first.requirement)


def _answer(finding: Finding) -> Defect:
    path = finding.field
    while path and path not in _REMEDIES:
        path = path.rpartition(".")[0]
    where = TOLD_BY_OFFICE if path in _ELSEWHERE else AT_COUNTER
    problem = _UNANSWERED.get(finding.id) or ("还没有写。" if finding.id.endswith(".missing") else _sentence(finding.title))
    return Defect(finding.label or "填写内容", problem, _REMEDIES.get(path, "到窗口核对。"), where)


def _paper(finding: Finding, requirement: Requirement, application: Application) -> Defect:
    paper = application.paper(requirement.id)
    name = paper.option or requirement.name
    # The block has the name above it, and the clerk's words before the fact.
    fact = finding.title.removeprefix(requirement.name).removeprefix(name).lstrip("：")
    problem, remedy = _sentence(fact), f"重新开一份，{_marks(requirement, paper.option)}。"
    match finding.id.removeprefix(f"papers.{requirement.id}."):
        case "missing":
            problem, remedy = "还没有收到。", brought(requirement)
        case "pages":
            both = requirement.pages_for(paper.option) == _SIDES
            remedy = "把缺的一面带来。" if both else "把缺的页带来。"
        case "sealed":
            problem, remedy = "没有看到医院公章。", "请开具的医院补盖公章。"
        case "issued_on.missing":
            problem, remedy = "没有看到出具日期。", "请开具的单位写明日期。"
        case "issued_on.unreadable" | "issued_on.future":
            remedy = "请开具的单位改正日期。"
        case seen if seen.startswith("page."):
            remedy = "带清楚、完整的原件来，窗口重新扫描。"
        case _:
            pass
    return Defect(name, problem, remedy, where_of(requirement), requirement.id)


def where_of(requirement: Requirement) -> str:
    """Return where a paper comes from, as an applicant is told; left to the office where the region is silent."""
    where = requirement.where.strip().rstrip("。")
    if where.startswith(_OWN):
        rest = where.removeprefix(_OWN).lstrip("；，")
        return "自己带来" + (f"；{rest}" if rest else "")
    return where or TOLD_BY_OFFICE


def brought(requirement: Requirement) -> str:
    """Return what to bring for a requirement and what the paper must show, as one sentence."""
    said = _marks(requirement, "")
    if requirement.options:
        return f"带来{'或'.join(requirement.options)}，任选一种{'；' + said if said else ''}。"
    return f"带来{requirement.name}{'：' + said if said else ''}。"


def _marks(requirement: Requirement, option: str) -> str:
    """Return what the paper must show, only what the region's own rules say."""
    pages = requirement.pages_for(option)
    marks = [
        "二级及以上医院出具" if requirement.grade else "",
        "盖医院公章" if requirement.seal else "",
        (requirement.fresh.words or f"近{requirement.fresh.months}个月内") + "的" if requirement.fresh else "",
        "写明出具日期" if requirement.dated and not requirement.fresh else "",
        "正反面都要" if pages == _SIDES else f"共{pages}页" if pages > _SIDES else "",
    ]
    return "，".join(mark for mark in marks if mark)


def _sentence(text: str) -> str:
    """Return a finding's fact as a sentence on paper: dates in words, no spaces beside figures."""
    text = _ISO.sub(lambda found: _words(found[0]), text.strip().rstrip("。"))
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) +| +(?=[\u3000-\u9fff\uff00-\uffef])", "", text) + "。"


def _words(day: str) -> str:
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{number}日"
