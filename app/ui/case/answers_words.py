"""The answers as they are read aloud: label and value of every section, from the case alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.application import State
from app.core.codes import CERTS, GRADES, NATIONS, SEX
from app.core.contact import read_phone
from app.core.days import parse_day, words
from app.core.findings import Tone
from app.core.identity import read_cert
from app.core.masks import group_cert, group_phone
from app.core.region_words import RESIDENCES, VOUCHERS
from app.services.originals import came

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.application import Application, Disease, Paper
    from app.core.region import Choice, Region
    from app.ui.case.state import CaseState

NOT_YET = "还没填"
_ARREARS = {"no": "申请人说没有", "yes": "申请人说有", "unsure": "申请人说不清"}
_STATUS = {
    "normal": ("凭证上是正常，没有联网核验", ("凭证上是正常", "good", "circle-check")),
    "problem": ("凭证上有问题", ("凭证上有问题", "warn", "triangle-alert")),
}
_UNCHECKED = ("未核验，受理后由经办机构核验", ("离线未核验", "open", "cloud-off"))
_SHORT_VALUE = 20
"""A value of more characters takes the whole width."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One line to read aloud. ``kind``: number for what is spelled digit by digit, missing, reason, or empty; ``wide``: whole width."""

    label: str
    value: str
    kind: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form. ``chips`` are (text, tone, icon)."""

    step: str
    title: str
    chips: tuple[tuple[str, str, str], ...]
    pairs: tuple[Pair, ...]


def sections(state: CaseState) -> tuple[Section, ...]:
    """Return the four sections in the order of the steps. A field that may stay empty and did is left out."""
    made = (
        ("identity", "身份", _identity),
        ("insurance", "参保", _insurance),
        ("disease", "病种与机构", _disease),
        ("materials", "材料", _materials),
    )
    found = []
    for step, title, tell in made:
        chips, pairs = tell(state)
        reasons = tuple(
            Pair("理由", f"{f.title}——{f.reason}", "reason", wide=True)
            for f in state.of(step)
            if f.tone is Tone.DOUBT and f.reason
        )
        found.append(Section(step, title, (*_stops(state, step), *chips), (*pairs, *reasons)))
    return tuple(found)


def _stops(state: CaseState, step: str) -> Iterable[tuple[str, str, str]]:
    # Once accepted, nothing is missing any more, whatever today's date would say of the papers' age.
    stops = [f for f in state.of(step) if f.stops] if being_filled(state.application) else []
    missing = sum(f.tone is Tone.MISSING for f in stops)
    if missing:
        yield f"缺 {missing}", "bad", "octagon-x"
    if len(stops) > missing:
        yield f"疑 {len(stops) - missing}", "warn", "triangle-alert"


Told = tuple[tuple[tuple[str, str, str], ...], tuple[Pair, ...]]


def _identity(state: CaseState) -> Told:
    application, person = state.application, state.application.applicant
    # What was typed is what prints; the number's own date stands in only where nothing was typed.
    birth = read_cert(person.cert_kind, person.cert_number).birth
    born = _day(person.birth) or (words(birth) if birth else "")
    about = "·".join(part for part in (SEX.get(person.sex, ""), NATIONS.get(person.nation, "")) if part)
    pairs = [
        _needed("姓名", person.name),
        _number(CERTS.get(person.cert_kind, "证件号码"), cert_words(person.cert_kind, person.cert_number)),
        *_known("性别民族", about),
        *_known("出生", born),
        _number("电话", phone_words(person.phone)),
        *_known("证件到期", _day(person.cert_until)),
        *_known("其他电话", phone_words(person.other_phone), "number"),
        *_known("住址", person.address),
    ]
    notified = (
        Pair("个人信息告知", f"已告知（版本 {application.notified}）")
        if application.notified
        else Pair("个人信息告知", "还没告知", "missing")
    )
    if not application.by_agent:
        return (), (*pairs, notified)
    agent = application.agent
    relation = _chosen(state.region.relations, agent.relation)
    pairs += [
        _needed("代办人", f"{agent.name.strip()}（{relation}）" if agent.name.strip() and relation else agent.name),
        _number(f"代办{'身份证' if agent.cert_kind == '01' else '证件'}", cert_words(agent.cert_kind, agent.cert_number)),
        _number("代办电话", phone_words(agent.phone)),
        *_known("代办住址", agent.address),
        notified,
    ]
    return (("代办", "neutral", "user-round"),), tuple(pairs)


def _insurance(state: CaseState) -> Told:
    insurance, remote = state.application.insurance, state.application.remote
    status, chip = _STATUS.get(insurance.status, _UNCHECKED)
    pairs = [
        _needed("险种", _chosen(state.region.insurances, insurance.kind)),
        *_known("参保地", insurance.place),
        Pair("参保状态", status),
        *_known("出示凭证", VOUCHERS.get(insurance.voucher, "")),
    ]
    if insurance.voucher == "card":
        pairs += _known("社保卡号", cert_words("90", insurance.card_number), "number")
    if state.region.asks_arrears:
        pairs.append(
            Pair("欠费", _ARREARS[insurance.arrears]) if insurance.arrears in _ARREARS else Pair("欠费", "还没问", "missing")
        )
    if state.region.asks_remote:
        where = [RESIDENCES.get(remote.residence, "")]
        if remote.residence == "filed":
            where += [remote.place.strip(), f"{_day(remote.filed_on)} 备案" if remote.filed_on.strip() else ""]
        pairs += _known("常住", "，".join(part for part in where if part))
    return (chip,), tuple(pairs)


def _disease(state: CaseState) -> Told:
    application, care = state.application, state.application.care
    several = len(application.diseases) > 1
    kind = _needed("申请类型", _chosen(state.region.kinds, application.kind))
    # Alone in its line where there are several: so each disease stands beside its own day.
    pairs = [replace(kind, wide=several or kind.wide)]
    for at, disease in enumerate(application.diseases, start=1):
        nth = f" {at}" if several else ""
        pairs.append(_needed(f"病种{nth}", _named(disease)))
        pairs += _known(f"确诊日期{nth}", _day(disease.diagnosed_on))
    if not application.diseases:
        pairs.append(Pair("病种", NOT_YET, "missing"))
    grade = GRADES.get(care.grade, care.grade)
    hospital = f"{care.hospital.strip()}（{grade}）" if care.hospital.strip() and grade else care.hospital
    pairs += [
        *((_needed("确诊机构", hospital),) if state.region.asks_hospital else _known("确诊机构", hospital)),
        *_known("医师", care.doctor),
        *_known("定点机构", care.designated),
        *_known("病情摘要", application.summary, wide=True),
        Pair("回执上", "写病种名" if application.show_disease else "不写病种名"),
    ]
    return (), tuple(pairs)


def _materials(state: CaseState) -> Told:
    application = state.application
    papers = [paper for paper in application.papers if came(paper)]
    if not papers:
        return (), (Pair("原件", "还没收", "missing"),)
    seen, copied = sum(p.seen for p in papers), sum(p.copied for p in papers)
    chips = () if any(_stops(state, "materials")) else (("全部妥", "good", "circle-check"),)
    pairs = (
        Pair("原件", f"{len(papers)} 份 {sum(len(p.pages) for p in papers)} 页"),
        Pair("看过 / 复印", f"{seen} / {copied}"),
        *_known("退还", _listed((p for p in papers if p.returned), state.region)),
        *_known("留存", _listed((p for p in papers if p.kept), state.region)),
        *_known("没记去向", _listed((p for p in papers if not p.kept and not p.returned), state.region)),
    )
    return chips, pairs


def paper_name(paper: Paper, region: Region) -> str:
    """Return what people call a paper: the one that was brought, else what the region asks for."""
    return paper.option or next((r.name for r in region.requirements if r.id == paper.requirement), paper.requirement)


def being_filled(application: Application) -> bool:
    """Whether the answers can still change."""
    return application.state in {State.DRAFT, State.WAITING}


def unsettled(application: Application) -> tuple[Paper, ...]:
    """Return the papers that were looked at and are, by the ledger, neither kept nor given back."""
    return tuple(paper for paper in application.papers if paper.seen and not paper.kept and not paper.returned)


def cert_words(kind: str, number: str) -> str:
    """Return a document number for reading aloud: normalised and grouped when it is whole, else as typed."""
    reading = read_cert(kind, number)
    return group_cert(reading.number) if reading.ok else number.strip()


def phone_words(number: str) -> str:
    """Return a telephone number for reading aloud: 138 0000 1234 when it is whole, else as typed."""
    reading = read_phone(number)
    return group_phone(reading.number) if reading.ok else number.strip()


def _named(disease: Disease) -> str:
    return f"{disease.name.strip()} {disease.code}".strip()


def _listed(papers: Iterable[Paper], region: Region) -> str:
    return "、".join(f"{paper_name(paper, region)} {len(paper.pages) or ''}".strip() for paper in papers)


def _day(text: str) -> str:
    day = parse_day(text)
    return words(day) if day else text.strip()


def _chosen(choices: Iterable[Choice], code: str) -> str:
    return next((choice.name for choice in choices if choice.code == code), code)


def _needed(label: str, value: str) -> Pair:
    text = value.strip()
    return Pair(label, text, wide=len(text) > _SHORT_VALUE) if text else Pair(label, NOT_YET, "missing")


def _number(label: str, value: str) -> Pair:
    return Pair(label, value, "number") if value else Pair(label, NOT_YET, "missing")


def _known(label: str, value: str, kind: str = "", *, wide: bool = False) -> tuple[Pair, ...]:
    text = value.strip()
    return (Pair(label, text, kind, wide or len(text) > _SHORT_VALUE),) if text else ()
