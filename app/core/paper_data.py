"""What a paper may say about an application: one nested record that layouts bind to by name.

Nothing is invented here: a fact the region's source is silent about is an empty text, and the layout then prints nothing or
says that the office will tell. Dates stay as stored or typed; the layout's format makes them readable.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from app.core.codes import CERTS, GRADES, NATIONS, SEX
from app.core.contact import read_phone
from app.core.days import iso, parse_day
from app.core.identity import read_cert
from app.core.notice import NO_NOTICE, Notice, told
from app.core.paper_extras import DECISIONS, NOTHING_MORE, PaperExtras, extra_bindings
from app.core.paper_extras import FIELDS as EXTRA_FIELDS
from app.core.paper_extras import LISTS as EXTRA_LISTS
from app.core.requirements import needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.core.application import Application, Paper
    from app.core.region import Region, Requirement

_SPACED: Final = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef]) +(?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) +(?=[\u3000-\u9fff\uff00-\uffef])"
)
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨"
_NOTED: Final = ("seal", "effect", "review", "change_rule")
_TOLD_BY_OFFICE: Final = "以经办机构告知为准"
_SAMPLE: Final = "样表：正式版式以经办机构下发为准"
_RETURNED: Final = {"yes": "已退还：", "no": "留存：", "": "其他："}
_FOR: Final = {"self": "为自己办理", "other": "为他人办理"}

LISTS: Final[Mapping[str, frozenset[str]]] = {
    "diseases": frozenset({"name", "code", "date"}),
    "materials": frozenset({"name", "copies", "pages", "original", "kept", "returned", "remark"}),
    "told": frozenset({"head", "text"}),
    **EXTRA_LISTS,
}
"""Lists a row may repeat over, with the fields of one item."""

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "case": frozenset(
        {"number", "kind", "for", "applied", "accepted", "due", "due_provisional", "due_year", "show_disease", "disease_names",
         "summary", "insured_unknown", "paper_count", "page_count", "copy_count", "returned", "returnable", "papers_told"}
    ),
    "applicant": frozenset(
        {"name", "sex", "nation", "cert", "id", "birth", "phone", "other_phone", "address", "insurance", "insured_at", "card"}
    ),
    "agent": frozenset({"name", "relation", "cert", "id", "phone", "address"}),
    "hospital": frozenset({"name", "grade", "doctor", "chosen"}),
    "remote": frozenset({"asked", "is", "place", "date"}),
    "region": frozenset(
        {"name", "office", "window", "address", "hours", "hotline", "matter", "limit_words", "ask", "has_doctor", "asks_designated",
         "asks_hospital", "fee", "notice", "effect", "review"}
    ),
    "clerk": frozenset({"name", "counter"}),
    "notice": frozenset({"title", "version", "text"}),
    "form": frozenset({"title", "sample", "notes", "version"}),
    **EXTRA_FIELDS,
}  # fmt: skip
"""Every name :func:`bindings` gives, by group. What the printery adds itself (``doc.hash``, ``page``, ``pages``) is not here."""


CODE_MAPS: Final = frozenset({"sex", "nation", "cert", "kind", "insurance", "relation", "for", "decision"})
"""The names of :func:`code_maps`."""


class CounterFacts(Protocol):
    """What a paper says of the counter; each may be empty. Fulfilled by :class:`app.services.ports.Counter`."""

    @property
    def name(self) -> str:
        """What the counter is called."""

    @property
    def address(self) -> str:
        """Where it is."""

    @property
    def hours(self) -> str:
        """When it is open."""

    @property
    def phone(self) -> str:
        """Its telephone."""


def bindings(
    application: Application,
    region: Region,
    counter: CounterFacts,
    moment: str,
    *,
    form_pages: int = 2,
    notice: Notice = NO_NOTICE,
    more: PaperExtras = NOTHING_MORE,
) -> dict[str, Any]:
    """Return what layouts bind to. ``moment`` is ISO time; ``form_pages``: how many pages the form itself has.

    ``notice``: the text on personal data that is told to the applicant. ``more``: what the paper says beyond the application.

    The shape is :data:`FIELDS` and :data:`LISTS`. What the office set at the counter wins over what the region's source says.
    Raises ValueError when ``moment`` is not ISO.
    """
    at = datetime.fromisoformat(moment)
    materials = _materials(application, region, at.date(), form_pages)
    privacy = [{"head": head, "text": tight(text)} for head, text in told(notice, region, counter)]
    return extra_bindings(more, region, application) | {
        "case": _case(application, at, materials),
        "applicant": _applicant(application),
        "agent": _agent(application) if application.by_agent else {},
        "hospital": {
            "name": application.care.hospital.strip(),
            "grade": GRADES.get(application.care.grade, application.care.grade),
            "doctor": application.care.doctor.strip(),
            "chosen": application.care.designated.strip(),
        },
        "remote": _remote(application, region),
        "diseases": [{"name": one.name.strip(), "code": one.code, "date": one.diagnosed_on} for one in application.diseases],
        "materials": materials,
        "region": _region(region, counter),
        "clerk": {
            "name": application.acceptance.clerk if application.acceptance else "",
            "counter": (application.acceptance.counter_name if application.acceptance else "") or counter.name,
        },
        "notice": {
            "title": notice.title,
            "version": notice.version,
            "text": "".join(f"【{one['head']}】{one['text']}" for one in privacy),
        },
        "told": privacy,
        "form": {
            "title": region.form_title,
            "sample": "" if region.form_confirmed else _SAMPLE,
            "notes": _notes(region, counter),
            "version": region.version,
        },
    }


def code_maps(region: Region) -> dict[str, dict[str, str]]:
    """Return code → words for what forms tick and print: the national dictionaries, and the choices this region offers."""
    return {
        "sex": dict(SEX),
        "nation": dict(NATIONS),
        "cert": dict(CERTS),
        "kind": {choice.code: choice.name for choice in region.kinds},
        "insurance": {choice.code: choice.name for choice in region.insurances},
        "relation": {choice.code: choice.name for choice in region.relations},
        "for": dict(_FOR),
        "decision": dict(DECISIONS),
    }


def known_paths() -> frozenset[str]:
    """Return every dotted path a layout may bind outside a repeated row."""
    return frozenset(LISTS) | {f"{group}.{name}" for group, names in FIELDS.items() for name in names} | frozenset(FIELDS)


def _case(application: Application, at: datetime, materials: list[dict[str, Any]]) -> dict[str, Any]:
    acceptance = application.acceptance
    due = parse_day(acceptance.due) if acceptance else None
    return {
        "number": acceptance.number if acceptance else "",
        "kind": application.kind,
        "for": "other" if application.by_agent else "self",
        "applied": iso(at.date()),
        "accepted": acceptance.accepted_at if acceptance else "",
        "due": iso(due) if due else "",
        "due_provisional": bool(acceptance and acceptance.due_provisional and due),
        "due_year": str(due.year) if due else "",
        "show_disease": application.show_disease,
        "disease_names": "、".join(one.name.strip() for one in application.diseases if one.name.strip()),
        "summary": "\n".join(line.rstrip() for line in application.summary.strip().splitlines() if line.strip()),
        "insured_unknown": application.insurance.status == "unchecked",
        "paper_count": str(len(materials)),
        "copy_count": str(sum(int(one["copies"]) for one in materials)),
        "page_count": str(sum(int(one["pages"]) for one in materials if one["pages"])),
        "returned": "、".join(one["name"] for one in materials if one["returned"] == "yes"),
        "papers_told": _told(materials),
        "returnable": any(one["returned"] == "yes" for one in materials),
    }


def _told(materials: list[dict[str, Any]]) -> str:
    """Return the papers in one sentence, by what became of their originals, each with its pages."""
    groups = []
    for returned, words in _RETURNED.items():
        names = [
            one["name"] + (f"{one['pages']}页" if one["pages"] else "") for one in materials if one["returned"] == returned
        ]
        groups += [words + "、".join(names)] if names else []
    return "；".join(groups) + ("。" if groups else "")


def _applicant(application: Application) -> dict[str, str]:
    person, insurance = application.applicant, application.insurance
    reading = read_cert(person.cert_kind, person.cert_number)
    return {
        "name": person.name.strip(),
        "sex": person.sex or reading.sex,
        "nation": person.nation,
        "cert": person.cert_kind,
        "id": reading.number or person.cert_number.strip(),
        "birth": person.birth.strip() or (iso(reading.birth) if reading.birth else ""),
        "phone": _phone(person.phone),
        "other_phone": _phone(person.other_phone),
        "address": person.address.strip(),
        "insurance": insurance.kind,
        "insured_at": insurance.place.strip(),
        "card": insurance.card_number.strip(),
    }


def _agent(application: Application) -> dict[str, str]:
    agent = application.agent
    return {
        "name": agent.name.strip(),
        "relation": agent.relation,
        "cert": agent.cert_kind,
        "id": read_cert(agent.cert_kind, agent.cert_number).number or agent.cert_number.strip(),
        "phone": _phone(agent.phone),
        "address": agent.address.strip(),
    }


def _phone(text: str) -> str:
    return read_phone(text).number or text.strip()


def _remote(application: Application, region: Region) -> dict[str, Any]:
    remote = application.remote
    away = remote.residence != "local"
    filed = remote.filed_on.strip() if remote.residence == "filed" else "尚未备案"
    return {
        "asked": region.asks_remote,
        "is": "yes" if away else "no",
        "place": remote.place.strip() if away else "",
        "date": filed if away else "",
    }


def _region(region: Region, counter: CounterFacts) -> dict[str, Any]:
    facts = {
        name: tight(region.fact(name).text) for name in ("office", "window", "matter", "fee", "notice", "effect", "review")
    }
    hotline = counter.phone.strip() or tight(region.fact("hotline").text)
    return facts | {
        "name": region.name,
        "address": counter.address.strip() or tight(region.fact("address").text),
        "hours": _ranges(counter.hours.strip() or tight(region.fact("hours").text)),
        "hotline": hotline,
        "limit_words": tight(region.limit.words),
        "ask": "到受理窗口" + (f"，或拨打{hotline}" if hotline else "") + "，报受理编号查询。",
        "has_doctor": region.has_doctor,
        "asks_designated": region.asks_designated,
        "asks_hospital": region.asks_hospital,
    }


def _notes(region: Region, counter: CounterFacts) -> str:
    """Return the form's notes: only what the region's source states, numbered."""
    limit = tight(region.limit.words)
    told = [tight(region.fact("limit").text) or (f"{limit}办结" if limit else f"办结时间{_TOLD_BY_OFFICE}")]
    told += [tight(region.fact(name).text) for name in _NOTED]
    hotline = counter.phone.strip() or tight(region.fact("hotline").text)
    told += [f"咨询：{hotline}"] if hotline else []
    sentences = [one.rstrip("。；") for one in told if one][: len(_CIRCLED)]
    return "".join(f"{mark}{one}。" for mark, one in zip(_CIRCLED, sentences, strict=False))


def _ranges(text: str) -> str:
    """Write a dash between two times as papers do."""
    return re.sub(r"(?<=\d)\s*[-–~]\s*(?=\d{1,2}[:：])", "—", text)


def tight(text: str) -> str:
    """Return the text without spaces between Han and figures: the setter puts a drawn gap there, and copied text stays clean."""
    return _SPACED.sub("", text.strip())


def _materials(application: Application, region: Region, day: date, form_pages: int) -> list[dict[str, Any]]:
    """Return the papers that came, in the region's order, the form itself among them, those of no present need last."""
    accepted = parse_day(application.acceptance.accepted_at.partition("T")[0]) if application.acceptance else None
    needed = [need.requirement for need in needs(application, region, accepted or day)]
    known = {one.id for one in needed}
    others = [one for one in region.requirements if one.id not in known]
    listed = [_material(one, application.paper(one.id), form_pages) for one in needed if _came(one, application)]
    listed += [
        _material(one, application.paper(one.id), form_pages) for one in others if _came(one, application) and not one.made_here
    ]
    return listed + [_unnamed(paper) for paper in _strays(application, region.requirements)]


def _came(requirement: Requirement, application: Application) -> bool:
    return requirement.made_here or _handed_in(application.paper(requirement.id))


def _handed_in(paper: Paper) -> bool:
    return bool(paper.pages or paper.seen or paper.copied or paper.kept or paper.returned)


def _strays(application: Application, requirements: Iterable[Requirement]) -> list[Paper]:
    """Papers under a requirement this version of the region does not know: they came, so they are listed."""
    known = {one.id for one in requirements}
    return [paper for paper in application.papers if paper.requirement not in known and _handed_in(paper)]


def _material(requirement: Requirement, paper: Paper, form_pages: int) -> dict[str, Any]:
    made = requirement.made_here
    item = _unnamed(paper)
    item["name"] = tight(paper.option or requirement.name)
    if made:
        item |= {"pages": str(form_pages), "original": "none", "kept": "original", "returned": "no"}
    return item


def _unnamed(paper: Paper) -> dict[str, Any]:
    issued = parse_day(paper.issued_on)
    return {
        "name": paper.option or paper.requirement,
        "copies": "1",
        "pages": str(len(paper.pages)) if paper.pages else "",
        "original": "checked" if paper.seen else "none",
        "kept": "original" if paper.kept else "copy" if paper.copied else "scan" if paper.pages else "",
        "returned": "yes" if paper.returned else "no" if paper.kept else "",
        "remark": f"{issued.year}年{issued.month}月{issued.day}日开具" if issued else "",
    }
