"""What a reviewer reads of a submission: the line in the list, the rows of the record, and which original belongs to which row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.codes import CERTS, GRADES, INSURANCES, NATIONS, RELATIONS, SEX
from app.core.contact import read_phone
from app.core.days import iso, parse_day, words
from app.core.identity import age_on, read_cert
from app.core.masks import group_cert, group_phone, mask_name
from app.core.record import FLEXIBLE, from_record
from app.core.region_words import RESIDENCES, VOUCHERS
from app.services.office_desk import UNSEEN
from app.services.printing import TITLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from app.core.application import Application
    from app.core.submission import Submission

WHOLE = "whole"
"""The row of the application as a whole: a reason there names no field."""

_ARREARS = {"no": "申请人说没有", "yes": "申请人说有", "unsure": "申请人说不清"}
_STATUS = {"normal": "凭证上是正常，窗口没有联网核验", "problem": "凭证上有问题，窗口没有联网核验"}
_UNCHECKED = "窗口离线，没有核验，要查库"
_SOON = 3
"""Days before the promised day from which a line is marked."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A submission in the list. ``name`` is covered; ``due`` an ISO day, '' where the region names no limit. ``again``: it mends one that was sent back.

    ``trouble``: why it was set aside and is not opened; '' for a sound one. ``twin``: another one stands against it. ``state`` is one of
    :mod:`app.services.office_desk`; ``holder``: who has it in hand, '' for nobody; ``said``: what was answered, for a decided one.
    """

    digest: str
    counter: str
    sequence: int
    again: bool
    order: int
    name: str = ""
    diseases: str = ""
    due: str = ""
    trouble: str = ""
    twin: bool = False
    state: str = UNSEEN
    holder: str = ""
    said: str = ""

    @property
    def number(self) -> str:
        """How people speak of it: counter and number, nothing about a person."""
        return f"{self.counter} 第 {self.sequence} 号"

    def urgent(self, today: dt.date) -> bool:
        """Whether the promised day is near or over."""
        day = parse_day(self.due)
        return day is not None and (day - today).days <= _SOON

    def due_words(self, today: dt.date) -> str:
        """Say the promised day."""
        day = parse_day(self.due)
        if day is None:
            return "没写期限"
        if day < today:
            return f"{day.month} 月 {day.day} 日已过"
        return "今天到期" if day == today else f"{day.month} 月 {day.day} 日"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the record. ``path``: what a reason there names (a field, ``papers.<id>``, :data:`WHOLE`), '' where none can stand.

    ``files``: numbers of the files that show it.
    """

    key: str
    label: str
    value: str
    path: str = ""
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page that can be looked at: the number of its file, the page in it (from 0), what it is called, where it is in that."""

    file: int
    page: int
    title: str
    at: int
    of: int
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A submission opened in memory. ``twin``: a sentence when another one stands against it; ``said``: what was answered before.

    ``holder``: a sentence when somebody else has it in hand: it can be looked at and not answered.
    """

    digest: str
    name: str
    about: str
    number: str
    rows: tuple[Row, ...]
    leaves: tuple[Leaf, ...]
    twin: str = ""
    said: tuple[str, ...] = ()
    holder: str = ""


def brief(submission: Submission, order: int, record: Mapping[str, Any], *, twin: bool) -> Brief:
    """Return the line of a submission. ValueError when the record is not one that this version reads."""
    application = _application(record)
    acceptance = application.acceptance
    return Brief(
        submission.digest,
        submission.counter,
        submission.sequence,
        bool(submission.supersedes),
        order,
        mask_name(application.applicant.name),
        "、".join(one.name for one in application.diseases),
        acceptance.due if acceptance else "",
        twin=twin,
    )


def by_due(briefs: Sequence[Brief]) -> list[Brief]:
    """Return the lines with the nearest promised day first, those without one last, each day in the order they came."""
    return sorted(briefs, key=lambda one: (not one.due, one.due, one.order))


def case(record: Mapping[str, Any], pages: Mapping[int, int], submission: Submission, today: dt.date) -> Case:
    """Return what is shown of a record; ``pages``: how many pages each PDF among the files has. ValueError as of :func:`brief`."""
    application = _application(record)
    person = application.applicant
    birth = parse_day(person.birth) or read_cert(person.cert_kind, person.cert_number).birth
    about = (SEX.get(person.sex, ""), f"{age_on(birth, today)} 岁" if birth else "", group_cert(person.cert_number))
    accepted = application.acceptance
    number = (
        *((accepted.number, f"{accepted.clerk} {_moment(accepted.accepted_at)}受理") if accepted else ()),
        f"{submission.counter} 第 {submission.sequence} 号",
        *(("补正过的",) if submission.supersedes else ()),
    )
    files = _files(record)
    made = [*_person(application), *_agent(application), *_insurance(application), *_disease(application)]
    rows = [Row(path, label, value, path) for path, label, value in made if value]
    rows += _papers(record, files)
    rows += [
        Row(
            f"deferred.{one.requirement}",
            one.name,
            f"容缺受理，{f'{one.due} 前' if one.due else ''}后补",
            f"papers.{one.requirement}",
        )
        for one in application.owed
    ]
    rows += [
        Row(f"file.{at}", _title(name), f"{pages.get(at, 1)} 页", files=(at,))
        for name, at in files.items()
        if name.endswith(".pdf")
    ]
    rows += [Row(f"reason.{at}", "窗口理由", one.text) for at, one in enumerate(application.reasons)]
    rows.append(Row(WHOLE, "整件", "不归哪一项的，写在这里", WHOLE))
    return Case(
        submission.digest,
        person.name,
        "·".join(one for one in about if one),
        "·".join(one for one in number if one),
        tuple(rows),
        tuple(_leaves(rows, pages)),
    )


def names(rows: Sequence[Row]) -> dict[str, str]:
    """Return what people call each path, for the words to the applicant."""
    return {row.path: row.label for row in rows if row.path and row.path != WHOLE}


def _application(record: Mapping[str, Any]) -> Application:
    typed = record.get("as_typed")
    if not isinstance(typed, dict):
        raise ValueError("as_typed")  # noqa: TRY004 - whatever does not fit is a ValueError
    return from_record(typed)


_Told = tuple[str, str, str]


def _person(application: Application) -> Iterator[_Told]:
    person = application.applicant
    yield "applicant.name", "姓名", person.name
    cert = group_cert(person.cert_number)
    yield "applicant.cert_number", CERTS.get(person.cert_kind, "证件"), cert
    yield "applicant.cert_until", "证件到期", _day(person.cert_until)
    yield "applicant.sex", "性别", SEX.get(person.sex, person.sex)
    yield "applicant.birth", "出生", _day(person.birth)
    yield "applicant.nation", "民族", NATIONS.get(person.nation, person.nation)
    yield "applicant.phone", "电话", _phone(person.phone)
    yield "applicant.other_phone", "其他电话", _phone(person.other_phone)
    yield "applicant.address", "住址", person.address


def _agent(application: Application) -> Iterator[_Told]:
    if not application.by_agent:
        return
    agent = application.agent
    yield "agent.name", "代办人", agent.name
    yield "agent.relation", "代办关系", RELATIONS.get(agent.relation, agent.relation)
    yield "agent.cert_number", "代办证件", group_cert(agent.cert_number)
    yield "agent.phone", "代办电话", _phone(agent.phone)
    yield "agent.address", "代办住址", agent.address


def _insurance(application: Application) -> Iterator[_Told]:
    insurance, remote = application.insurance, application.remote
    kind = "灵活就业" if insurance.kind == FLEXIBLE else INSURANCES.get(insurance.kind, insurance.kind)
    yield "insurance.kind", "险种", kind
    yield "insurance.place", "参保地", insurance.place
    yield "insurance.status", "参保状态", _STATUS.get(insurance.status, _UNCHECKED)
    yield "insurance.voucher", "出示凭证", VOUCHERS.get(insurance.voucher, "")
    yield "insurance.card_number", "社保卡号", insurance.card_number
    yield "insurance.arrears", "欠费", _ARREARS.get(insurance.arrears, "")
    if remote.residence == "filed":
        filed = f"{_day(remote.filed_on)} 备案" if remote.filed_on.strip() else ""
        yield "remote.place", "常住", "，".join(one for one in (RESIDENCES.get("filed", ""), remote.place, filed) if one)
    else:
        yield "remote.residence", "常住", RESIDENCES.get(remote.residence, "")


def _disease(application: Application) -> Iterator[_Told]:
    several = len(application.diseases) > 1
    for at, one in enumerate(application.diseases):
        nth = f" {at + 1}" if several else ""
        yield f"diseases.{at}.name", f"病种{nth}", f"{one.name} {one.code}".strip()
        yield f"diseases.{at}.diagnosed_on", f"确诊日期{nth}", _day(one.diagnosed_on)
    care = application.care
    grade = GRADES.get(care.grade, care.grade)
    yield "care.hospital", "确诊机构", f"{care.hospital}（{grade}）" if care.hospital and grade else care.hospital
    yield "care.doctor", "医师", care.doctor
    yield "care.designated", "定点机构", care.designated
    yield "summary", "病情摘要", " ".join(application.summary.split())


def _papers(record: Mapping[str, Any], files: Mapping[str, int]) -> Iterator[Row]:
    told = record.get("papers")
    for paper in told if isinstance(told, list) else ():
        if not isinstance(paper, dict) or not isinstance(paper.get("requirement"), str):
            continue
        pages = tuple(files[one] for one in paper.get("files") or () if one in files)
        marks = [
            word for key, word in (("seen", "看过"), ("copied", "复印"), ("kept", "留存"), ("sealed", "有章")) if paper.get(key)
        ]
        if paper.get("sealed") and isinstance(who := paper.get("attested_by"), str) and who.strip():
            marks[-1] += f"（{who.strip()}看过）"
        said = [str(paper.get("option") or ""), str(paper.get("issued_on") or ""), *marks]
        path = f"papers.{paper['requirement']}"
        label = str(paper.get("name") or paper["requirement"])
        yield Row(path, label, "·".join([one for one in said if one] or ["没有记"]), path, pages)


def _leaves(rows: Sequence[Row], pages: Mapping[int, int]) -> Iterator[Leaf]:
    for row in rows:
        spread = [(file, page) for file in row.files for page in range(pages.get(file, 1))]
        for at, (file, page) in enumerate(spread, start=1):
            yield Leaf(file, page, row.label, at, len(spread), file in pages)


def _files(record: Mapping[str, Any]) -> dict[str, int]:
    return {str(name): at for at, name in enumerate(record.get("files") or ())}


def _title(name: str) -> str:
    stem = name.rpartition("/")[2].removesuffix(".pdf")
    return TITLES.get(stem, f"文书 {stem}")


def _day(text: str) -> str:
    day = parse_day(text)
    return iso(day) if day else text.strip()


def _phone(text: str) -> str:
    reading = read_phone(text)
    return group_phone(reading.number) if reading.ok else text.strip()


def _moment(text: str) -> str:
    day = parse_day(text[:10])
    return f"{words(day)} " if day else ""
