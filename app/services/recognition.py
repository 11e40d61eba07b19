"""What the machine reads from cards and papers: read, offered as values, held against what is known. Nothing here is true before a person says so.

The window shows each value beside the crop it came from (:attr:`app.core.readings.Reading.box`), puts what :func:`values` returns into the
application with :func:`app.core.sources.arrive` (kind ``camera``), and waits for a person's word. Typing never waits for any of this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.core.application import get
from app.core.checks.findings import doubt, label_of
from app.core.codes import NATIONS, SEX
from app.core.days import iso, parse_day
from app.core.identity import read_cert
from app.core.names import tidy_name
from app.core.reading import CARDS, read_lines
from app.core.reading.diseases import named_in
from app.core.reading.numbers import kind_of
from app.core.readings import NAMES, NOTHING_READ, Looks, PageReading
from app.core.settings_all import READING, SETTINGS
from app.core.sources import CAMERA, CARD, KINDS, of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.core.application import Application
    from app.core.findings import Finding
    from app.core.readings import Reading
    from app.core.region import DiseaseEntry, Region, Requirement
    from app.services.ports import Desk

OFF: Final = "识读关着，照旧键入。要用，让主管在「设置」里打开"

_CARD: Final = {
    "name": "name",
    "sex": "sex",
    "birth": "birth",
    "nation": "nation",
    "address": "address",
    "cert_number": "cert_number",
    "social_number": "cert_number",
    "cert_until": "cert_until",
}
"""Which field of a person each reading of a card fills."""
_OF_AGENT: Final = frozenset({"name", "address", "cert_number"})
"""What is asked of an agent."""
_PAPER: Final = {"hospital": "care.hospital", "doctor": "care.doctor"}
_CARD_NUMBER: Final = "insurance.card_number"
_ISSUED: Final = "issued_on"
_WORDS: Final = {
    Looks.ID_FRONT: ("身份证",),
    Looks.ID_BACK: ("身份证",),
    Looks.SOCIAL_CARD: ("社保卡", "社会保障卡"),
    Looks.DIAGNOSIS: ("诊断证明",),
    Looks.DISCHARGE: ("出院", "病历", "病情材料"),
    Looks.REPORT: ("报告", "检查", "化验", "病情材料"),
    Looks.PRESCRIPTION: ("处方", "病历"),
}
"""By what a requirement is known that such a page is brought for, in its name, its options or its note."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a page suggests. ``words``: 这页像是出院小结, '' where it looks like nothing known.

    ``requirements``: ids of the region's requirements such a page is brought for, likeliest first; optional ones last. ``diseases``: entries of the
    catalogue that its diagnosis names, in the order of the page.
    """

    words: str = ""
    requirements: tuple[str, ...] = ()
    diseases: tuple[DiseaseEntry, ...] = ()


def why_not(desk: Desk) -> str:
    """Return in words why nothing is read here: switched off in the settings, or not installed; '' when it can be. On the local lane."""
    if not SETTINGS[READING].read(desk.store.setting(READING)):
        return OFF
    return desk.recogniser.why_not()


def read(
    desk: Desk,
    picture: bytes,
    turn: int = 0,
    expecting: Looks = Looks.UNKNOWN,
    cancelled: Callable[[], bool] = lambda: False,
) -> PageReading:
    """Read a page. Takes 0.3 to 3 s: never on the window's thread nor on the local lane; the store is not touched.

    ``picture``: ``Capture.data`` or the stored original; ``turn``: the page's. ``expecting`` is a hint for pages that could be several things, never a force.
    NOTHING_READ when ``cancelled``. DeviceError when the process fails: typing goes on, the next call starts it anew.
    """
    lines = desk.recogniser.lines(picture, turn, cancelled, seal=expecting not in CARDS)
    if cancelled():
        return NOTHING_READ
    return read_lines(lines, expecting, desk.clock.now().date())


def values(region: Region, reading: PageReading, whose: str = "applicant", requirement: str = "") -> Mapping[str, str]:
    """Return what the page says as application paths and values, ready for ``sources.arrive(application, CAMERA, values, origin)``.

    ``whose``: ``applicant`` or ``agent`` for cards (a paper is always the applicant's). ``requirement``: the paper this page was taken for; without it
    the day of issue goes nowhere. Every path exists in an application that has this paper, and is shown in this region. Name, sex and number
    on a hospital's paper are left out: they are compared (:func:`contradictions`), not taken. Box and certainty of each: :func:`reading_of`.
    """
    found: dict[str, str] = {}
    for one in reading.readings:
        path = _path(reading.looks, one.name, whose, requirement)
        if path and one.value and path not in found and _shown(region, path):
            found[path] = one.value
    number = found.get(f"{whose}.cert_number", "")
    kind = kind_of(number) if reading.looks in CARDS else ""
    return {f"{whose}.cert_kind": kind} | found if kind else found


def reading_of(reading: PageReading, path: str) -> Reading | None:
    """Return the reading that fills a path (``applicant.cert_number``, ``papers.reports.issued_on``), None where none does."""
    name = path.rpartition(".")[2]
    names = ("cert_number", "social_number") if name == "cert_number" else (name,)
    return next((one for one in reading.readings if one.name in names), None)


def seconded(application: Application, reading: PageReading, whose: str = "applicant", requirement: str = "") -> PageReading:
    """Return the reading with every value certain that also stands in the application from elsewhere: typed, off a chip, or confirmed.

    This is the only way in which a name becomes certain. Unsure characters of such a value are unsure no more.
    """
    return replace(
        reading, readings=tuple(_seconded(application, reading.looks, one, whose, requirement) for one in reading.readings)
    )


def suggestions(region: Region, reading: PageReading) -> Suggestions:
    """Return what the page suggests in this region. About 40 ms where the page holds a diagnosis."""
    name = NAMES.get(reading.looks, "")
    diagnosis = reading.of("diagnosis")
    return Suggestions(
        f"这页像是{name}" if name else "",
        _wanted(region, reading.looks),
        named_in(diagnosis.value, region.diseases) if diagnosis else (),
    )


def contradictions(
    application: Application, reading: PageReading, whose: str = "applicant", requirement: str = ""
) -> tuple[Finding, ...]:
    """Return a doubt for each reading that says otherwise than a chip, the number's own digits, what stands there, or an earlier paper.

    ``id`` is ``read.<path>``, ``field`` the path where it is looked at. The application need not hold the values of this reading yet, and what came from
    this very reading contradicts nothing. Characters the machine itself is unsure of contradict nobody: rare ones it misreads each time.
    """
    found: dict[str, Finding] = {}
    for one in reading.readings:
        path = _compared(reading.looks, one.name, whose, requirement)
        if not path or one.repaired:
            continue
        there = str(get(application, path)).strip()
        if there and not _same(path, there, one.value) and not _unsure_alone(there, one):
            found.setdefault(path, _against(application, reading.looks, path, there, one))
    return (*found.values(), *_own_digits(reading, whose))


def _path(looks: Looks, name: str, whose: str, requirement: str) -> str:
    """Return which field a reading fills, '' for none."""
    if looks not in CARDS:
        if name == _ISSUED:
            return f"papers.{requirement}.{_ISSUED}" if requirement else ""
        # Who signs a laboratory's report did not make the diagnosis.
        return "" if looks is Looks.REPORT else _PAPER.get(name, "")
    if name == "card_number":
        return _CARD_NUMBER if whose == "applicant" else ""
    field = _CARD.get(name, "")
    return f"{whose}.{field}" if field and (whose == "applicant" or field in _OF_AGENT) else ""


def _compared(looks: Looks, name: str, whose: str, requirement: str) -> str:
    """Return which field a reading is held against: what it fills, and on a paper whose it is as well."""
    if looks not in CARDS and name in {"name", "cert_number"}:
        return f"applicant.{name}"
    path = _path(looks, name, whose, requirement)
    return "" if path.endswith((".address", _ISSUED)) else path  # an address is written in many ways


def _shown(region: Region, path: str) -> bool:
    if path == "care.doctor":
        return region.has_doctor
    parts = path.split(".")
    return parts[0] != "papers" or any(one.id == parts[1] and one.dated for one in region.requirements)


def _same(path: str, there: str, read_value: str) -> bool:
    if path.endswith(".name") or path == "care.doctor":
        return tidy_name(there) == tidy_name(read_value)
    days = parse_day(there), parse_day(read_value)
    if days[0] is not None and days[1] is not None:
        return days[0] == days[1]
    return "".join(there.split()).upper() == "".join(read_value.split()).upper()


def _unsure_alone(there: str, one: Reading) -> bool:
    """Whether a reading differs from what stands there in nothing but characters it is unsure of."""
    if len(there) != len(one.value):
        return False
    return all(at in one.unsure for at, pair in enumerate(zip(there, one.value, strict=True)) if pair[0] != pair[1])


def _seconded(application: Application, looks: Looks, one: Reading, whose: str, requirement: str) -> Reading:
    path = _path(looks, one.name, whose, requirement) or _compared(looks, one.name, whose, requirement)
    parts = path.split(".")
    if not path or (parts[0] == "papers" and not any(paper.requirement == parts[1] for paper in application.papers)):
        return one
    there, source = str(get(application, path)).strip(), of(application, path)
    itself = source is not None and source.kind == CAMERA and not source.confirmed
    return replace(one, certain=True, unsure=()) if there and not itself and _same(path, there, one.value) else one


def _against(application: Application, looks: Looks, path: str, there: str, one: Reading) -> Finding:
    source = of(application, path)
    came = (
        "证件芯片里"
        if source is not None and source.kind == CARD
        else KINDS[source.kind] + "的"
        if source is not None
        else "已填的"
    )
    page = NAMES.get(looks, "这一页")
    title = f"{page}上的{label_of(path)}像是「{_said(path, one.value)}」，{came}是「{_said(path, there)}」"
    return doubt(f"read.{path}", path, title, "对着原件看哪一个对；像别人的材料就退回")


def _own_digits(reading: PageReading, whose: str) -> list[Finding]:
    """Return where a card's printed birth or sex, or its number's check, speaks against its number."""
    number = reading.of("cert_number") if reading.looks is Looks.ID_FRONT else None
    number = number or reading.of("social_number")
    if number is None or number.repaired:
        return []
    kind = kind_of(number.value)
    path = f"{whose}.cert_number"
    if not kind:
        return [doubt(f"read.{path}.check", path, "照片上读到的证件号对不上校验", "对着证件逐位看，改正读错的一位")]
    cert = read_cert(kind, number.value)
    birth, sex = reading.of("birth"), reading.of("sex")
    found = []
    if birth and cert.birth and birth.value != iso(cert.birth):
        title = f"读到的出生日期 {birth.value} 和证件号里的 {iso(cert.birth)} 不一样"
        found.append(doubt(f"read.{whose}.birth.number", path, title, "对着证件看，两处总有一处读错"))
    if sex and sex.value != cert.sex:
        title = f"读到的性别{SEX[sex.value]}和证件号里的{SEX[cert.sex]}不一样"
        found.append(doubt(f"read.{whose}.sex.number", path, title, "对着证件看，两处总有一处读错"))
    return found


def _said(path: str, value: str) -> str:
    if path.endswith(".sex"):
        return SEX.get(value, value)
    return NATIONS.get(value, value) if path.endswith(".nation") else value


def _wanted(region: Region, looks: Looks) -> tuple[str, ...]:
    words = _WORDS.get(looks, ())

    def rank(one: Requirement) -> int:
        for at, text in enumerate((one.name, " ".join(one.options), one.note)):
            if any(word in text for word in words):
                return at + (10 if one.optional else 0)
        return -1

    ranked = [(rank(one), at, one.id) for at, one in enumerate(region.requirements) if not one.made_here]
    return tuple(id_ for order, _, id_ in sorted(ranked) if order >= 0)
