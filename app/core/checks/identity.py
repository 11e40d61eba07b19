"""Who applies, and who acts for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.checks.findings import doubt, good, halves, missing
from app.core.codes import SEX
from app.core.contact import read_phone
from app.core.days import iso, parse_day
from app.core.identity import CERT_KINDS, CertReading, age_on, read_cert
from app.core.names import read_name
from app.core.requirements import ADULT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from app.core.application import Application
    from app.core.findings import Finding
    from app.core.region import Region

OLDEST = 110
"""Full years above which an age is asked about again."""

VERIFIED_KINDS = frozenset({"01", "17"})
"""Kinds whose number rule is a published standard (GB 11643): a number that breaks it cannot be right. The others are doubts."""

LONG_TERM = "长期"


def check_identity(application: Application, region: Region, today: dt.date) -> Iterator[Finding]:
    """Yield the findings of the identity step."""
    applicant = application.applicant
    if application.kind not in {c.code for c in region.kinds}:
        yield missing("kind.missing", "kind", "申请类型还没选", "问清是哪一种，选一种")
    yield from _name("applicant.name", applicant.name, "姓名")
    reading = read_cert(applicant.cert_kind, applicant.cert_number, today)
    yield from _number("applicant.cert_number", reading)
    yield from _until(applicant.cert_until, today)
    yield from _birth(application, reading, today)
    yield from _sex(application, reading)
    yield from _phone("applicant.phone", applicant.phone, needed=True)
    yield from _phone("applicant.other_phone", applicant.other_phone, needed=False)
    if not applicant.address.strip():
        yield missing("applicant.address.missing", "applicant.address", "住址还没填", "写到门牌或村组")
    if _agrees(application, reading):
        yield good("applicant.cert_number.good", "applicant.cert_number", "证件号校验相符，和出生日期、性别一致")
    if application.by_agent:
        yield from _agent(application, region, reading, today)
    if not application.notified:
        yield missing("notified.missing", "notified", "还没告知个人信息处理", "按「看告知」，念给申请人或给申请人看，再勾上")


def _name(path: str, text: str, noun: str) -> Iterator[Finding]:
    reading = read_name(text)
    if not reading.name:
        yield missing(f"{path}.missing", path, f"{noun}还没填", "照证件填")
    elif not reading.ok:
        fact, way = halves(reading.problem, "照证件改")
        if not fact.startswith(("姓名", "第")):
            fact = f"{noun}：{fact}"
        make = missing if reading.problem_id in {"private", "length"} else doubt
        yield make(f"{path}.{reading.problem_id}", path, fact, way)


def _number(path: str, reading: CertReading) -> Iterator[Finding]:
    kind = CERT_KINDS.get(reading.kind)
    if not reading.number:
        yield missing(f"{path}.missing", path, f"{_whose(path)}{kind.noun if kind else '证件号码'}还没填", "照证件填")
    elif not reading.ok:
        fact, way = halves(reading.problem, "照证件补全" if reading.partial else "照证件改")
        make = missing if reading.kind in VERIFIED_KINDS else doubt
        yield make(f"{path}.{reading.problem_id}", path, fact, way)


def _whose(path: str) -> str:
    return "代办人" if path.startswith("agent.") else ""


def _until(text: str, today: dt.date) -> Iterator[Finding]:
    path = "applicant.cert_until"
    if not text.strip() or text.strip() == LONG_TERM:
        return
    day = parse_day(text)
    if day is None:
        yield missing(f"{path}.unreadable", path, f"证件有效期「{text.strip()}」读不出是哪一天", "写成 2030-01-19，或写长期")
    elif day < today:
        yield doubt(f"{path}.expired", path, f"证件 {iso(day)} 已到期", "看有没有新证；没有的写明理由")


def _birth(application: Application, reading: CertReading, today: dt.date) -> Iterator[Finding]:
    path = "applicant.birth"
    text = application.applicant.birth.strip()
    typed = parse_day(text)
    kind = CERT_KINDS.get(reading.kind)
    if text and typed is None:
        yield missing(f"{path}.unreadable", path, f"出生日期「{text}」读不出是哪一天", "写成 1952-03-06")
    elif not text and not (kind and kind.derives):
        yield missing(f"{path}.missing", path, "出生日期还没填", "照证件填：这种证件号里没有出生日期")
    elif typed and typed > today:
        yield missing(f"{path}.future", path, f"出生日期 {iso(typed)} 还没到", "照证件改")
    elif typed and reading.birth and typed != reading.birth:
        fact = f"出生日期 {iso(typed)}，证件号里是 {iso(reading.birth)}"
        yield doubt(f"{path}.mismatch", path, fact, "照证件改一处；证件就是这样的，写明理由")
    birth = reading.birth or typed
    if birth is None or birth > today:
        return
    age = age_on(birth, today)
    if age > OLDEST:
        yield doubt(f"{path}.old", path, f"按出生日期算 {age} 周岁", "看一看有没有读错；没错的写明理由")
    if age < ADULT and not application.by_agent:
        yield doubt("by_agent.minor", "by_agent", f"申请人 {age} 周岁，没有代办人", "由监护人代办；本人来的写明理由")


def _sex(application: Application, reading: CertReading) -> Iterator[Finding]:
    path = "applicant.sex"
    sex = application.applicant.sex
    kind = CERT_KINDS.get(reading.kind)
    if not sex and not (kind and kind.derives):
        yield missing(f"{path}.missing", path, "性别还没选", "照证件选")
    elif sex and reading.sex and sex != reading.sex:
        fact = f"性别选的是{SEX.get(sex, sex)}，证件号里是{SEX[reading.sex]}"
        yield doubt(f"{path}.mismatch", path, fact, "照证件改一处；证件就是这样的，写明理由")


def _agrees(application: Application, reading: CertReading) -> bool:
    """Whether a number that carries birth and sex is sound and nothing typed contradicts it."""
    applicant = application.applicant
    birth = applicant.birth.strip()
    same_birth = not birth or parse_day(birth) == reading.birth
    return reading.ok and reading.birth is not None and same_birth and applicant.sex in {"", reading.sex}


def _phone(path: str, text: str, *, needed: bool) -> Iterator[Finding]:
    reading = read_phone(text)
    if reading.ok:
        return
    if not reading.number:
        if needed:
            yield missing(f"{path}.missing", path, f"{_whose(path)}电话还没填", "问一个打得通的号码")
        return
    fact, way = halves(reading.problem, "问清再改")
    make = missing if needed and reading.problem_id != "prefix" else doubt
    yield make(f"{path}.{reading.problem_id}", path, fact, way)


def _agent(application: Application, region: Region, applicant: CertReading, today: dt.date) -> Iterator[Finding]:
    agent = application.agent
    yield from _name("agent.name", agent.name, "代办人姓名")
    if agent.relation not in {c.code for c in region.relations}:
        yield missing("agent.relation.missing", "agent.relation", "代办人和申请人是什么关系还没选", "问清，选一种")
    reading = read_cert(agent.cert_kind, agent.cert_number, today)
    yield from _number("agent.cert_number", reading)
    if reading.number and (reading.kind, reading.number) == (applicant.kind, applicant.number):
        fact, way = "代办人和申请人是同一个证件号", "改成代办人的号码；本人来的，改成本人办理"
        yield doubt("agent.cert_number.same", "agent.cert_number", fact, way)
    elif reading.birth and age_on(reading.birth, today) < ADULT:
        fact = f"代办人 {age_on(reading.birth, today)} 周岁"
        yield doubt("agent.cert_number.minor", "agent.cert_number", fact, "换成年人代办，或写明理由")
    yield from _phone("agent.phone", agent.phone, needed=True)
