"""Which papers this application needs and why, and how fresh they are: the region's conditions met with what was answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.codes import CERTS
from app.core.days import iso, months_before, parse_day
from app.core.identity import CERT_KINDS, age_on, read_cert
from app.core.region_words import QUESTIONS, RESIDENCES, VOUCHERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.application import Application, Disease
    from app.core.region import Condition, DiseaseEntry, Region, Requirement

ADULT = 18
"""Full years from which one is of age (Civil Code art. 17)."""


@dataclass(frozen=True, slots=True)
class Need:
    """A paper this application needs.

    ``because`` names what in the application calls for it (因为申请病种「移植类」), or is the region's own reason for a paper that is
    always wanted. ``requirement.optional``: a reminder only.
    """

    requirement: Requirement
    because: str

    @property
    def id(self) -> str:
        """The requirement's id, under which the paper stands in the application."""
        return self.requirement.id

    @property
    def optional(self) -> bool:
        """Whether this is a reminder that stops nothing."""
        return self.requirement.optional


@dataclass(frozen=True, slots=True)
class FreshnessVerdict:
    """Whether a paper is fresh enough. ``days``: over the limit when stale, still left (0 = today is the last) when fresh.

    ``earliest`` is the oldest issue day that will do today, ``until`` the last day on which this paper will do; both None and
    ``words`` empty where the region names no period. A paper dated after today is not fresh.
    """

    fresh: bool
    days: int = 0
    earliest: dt.date | None = None
    until: dt.date | None = None
    words: str = ""


def needs(application: Application, region: Region, today: dt.date) -> tuple[Need, ...]:
    """Return the papers this application needs, in the region's order. ``today`` decides who is a minor."""
    answers = _Answers(application, region, today)
    found = []
    for requirement in region.requirements:
        if requirement.when is None:
            found.append(Need(requirement, requirement.because))
            continue
        reasons = answers.meet(requirement.when)
        if reasons is not None:
            found.append(Need(requirement, "因为" + "，".join(dict.fromkeys(reasons)) if reasons else requirement.because))
    return tuple(found)


def freshness(requirement: Requirement, issued: dt.date, today: dt.date) -> FreshnessVerdict:
    """Return whether a paper issued on this day is fresh enough today; months by Civil Code art. 202."""
    if issued > today:
        return FreshnessVerdict(fresh=False, words=f"出具日期 {iso(issued)} 还没到")
    if requirement.fresh is None:
        return FreshnessVerdict(fresh=True)
    months = requirement.fresh.months
    earliest = months_before(today, months)
    until = _last_day(issued, months)
    if issued < earliest:
        over = (today - until).days
        words = f"过期 {over} 天，需近 {months} 个月内（最早 {iso(earliest)}）"
        return FreshnessVerdict(fresh=False, days=over, earliest=earliest, until=until, words=words)
    left = (until - today).days
    words = f"没过期，还有 {left} 天（到 {iso(until)}）" if left else f"没过期，今天是最后一天（{iso(until)}）"
    return FreshnessVerdict(fresh=True, days=left, earliest=earliest, until=until, words=words)


def birth_of(application: Application) -> dt.date | None:
    """Return the applicant's birth date: what the document number says, else what was typed; None while unknown."""
    applicant = application.applicant
    return read_cert(applicant.cert_kind, applicant.cert_number).birth or parse_day(applicant.birth)


def entry_of(disease: Disease, region: Region) -> DiseaseEntry | None:
    """Return the catalogue's entry for a disease, found by code, name or alias; None for free text."""
    name = disease.name.strip()
    for entry in region.diseases:
        if (disease.code and disease.code == entry.code) or (name and (name == entry.name or name in entry.aliases)):
            return entry
    return None


def asks(condition: Condition | None, question: str) -> bool:
    """Whether a condition asks this question anywhere."""
    return condition is not None and (condition.op == question or any(asks(part, question) for part in condition.parts))


def _last_day(issued: dt.date, months: int) -> dt.date:
    """Return the last day whose day so many months before is not after the issue day."""
    day = months_before(issued, -months)
    one = dt.timedelta(days=1)
    while months_before(day + one, months) <= issued:
        day += one
    return day


class _Answers:
    """What the application says to each question a condition may ask."""

    def __init__(self, application: Application, region: Region, today: dt.date) -> None:
        self.application = application
        self.region = region
        birth = birth_of(application)
        self.age = None if birth is None else age_on(birth, today)
        minor = "" if self.age is None else "yes" if self.age < ADULT else "no"
        self.single = {
            "kind": application.kind,
            "insurance": application.insurance.kind,
            "voucher": application.insurance.voucher,
            "residence": application.remote.residence,
            "agent": "yes" if application.by_agent else "no",
            "minor": minor,
            "cert": application.applicant.cert_kind,
        }
        self.diseases = [(d, entry_of(d, region)) for d in application.diseases if d.name.strip() or d.code]

    def meet(self, condition: Condition) -> list[str] | None:
        """Return what makes the condition hold, in words; None when it does not hold."""
        if condition.op == "not":
            part = condition.parts[0]
            return None if self.meet(part) is not None else self._absent(part)
        if condition.op in {"all", "any"}:
            met = [self.meet(part) for part in condition.parts]
            holds = [reasons for reasons in met if reasons is not None]
            if not holds if condition.op == "any" else len(holds) < len(met):
                return None
            return [reason for reasons in holds for reason in reasons]
        if condition.op in {"disease", "tag"}:
            names = [d.name.strip() or d.code for d, entry in self.diseases if _named(condition, d, entry)]
            return [f"申请病种「{name}」" for name in names] or None
        answer = self.single[condition.op]
        return [self._present(condition.op, answer)] if answer in condition.values else None

    def _present(self, question: str, answer: str) -> str:
        """Say what was answered."""
        if question == "agent":
            return "有人代办" if answer == "yes" else "本人来办"
        if question == "minor":
            return f"申请人 {self.age} 周岁" if answer else "还不知道申请人的年龄"
        if not answer:
            return f"{QUESTIONS[question]}还没选"
        return f"{QUESTIONS[question]}是{self._name(question, answer)}"

    def _absent(self, condition: Condition) -> list[str]:
        """Say why something does not hold."""
        if condition.op in {"disease", "tag"}:
            return [] if condition.op == "tag" else [f"申请病种不是{'、'.join(f'「{v}」' for v in condition.values)}"]
        if condition.op == "voucher":
            return [f"没有{'、'.join(self._name('voucher', v) for v in condition.values)}"]
        if condition.op in self.single:
            return [self._present(condition.op, self.single[condition.op])]
        return []

    def _name(self, question: str, code: str) -> str:
        if question in {"kind", "insurance"}:
            choices = self.region.kinds if question == "kind" else self.region.insurances
            return next((c.name for c in choices if c.code == code), code)
        if question == "cert":
            return CERT_KINDS[code].name if code in CERT_KINDS else CERTS.get(code, code)
        return {**VOUCHERS, **RESIDENCES}.get(code, code)


def _named(condition: Condition, disease: Disease, entry: DiseaseEntry | None) -> bool:
    """Whether a disease is one the condition names, by its name, its code or its entry's tags."""
    words: Iterable[str]
    if condition.op == "tag":
        words = entry.tags if entry is not None else ()
    else:
        words = (disease.name.strip(), disease.code, *((entry.name, entry.code) if entry is not None else ()))
    return any(word in condition.values for word in words if word)
