"""A card was put down: whose it is, what it fills, and what it says otherwise. Nothing that stands there is written over unasked.

The first person's card fills the applicant, a second person's the agent. A value that a card filled and somebody changed stays changed. An address that
was typed stays: people move, and the chip does not know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.core import sources
from app.core.application import State, get, put
from app.core.cards import Card, CardKind
from app.core.checks import label_of
from app.core.codes import NATIONS, SEX
from app.core.days import iso, parse_day
from app.core.identity import read_cert
from app.core.masks import mask_cert
from app.core.names import tidy_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from app.core.application import Application
    from app.services.ports import Desk

APPLICANT: Final = "applicant"
AGENT: Final = "agent"
CALLED: Final[Mapping[CardKind, str]] = MappingProxyType(
    {CardKind.RESIDENT: "身份证", CardKind.HMT: "居住证", CardKind.FOREIGN: "永居证", CardKind.SOCIAL: "社保卡"}
)
"""What a card is called where there is little room."""
_MOST: Final = 20
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Clash:
    """What a card says otherwise than what stands there. ``act``: the button that lets the card win; ``values`` by path, of person ``whose``."""

    whose: str
    sentence: str
    act: str
    values: Mapping[str, str]
    origin: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a card. ``filled``: paths that got a value or its source; ``said``: what a person should know, '' for nothing."""

    application: Application
    whose: str
    filled: tuple[str, ...] = ()
    said: str = ""
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """Who a card belongs to, as this computer knows them. ``draft``: the id of the only open draft, '' for none; ``others``: all applications."""

    draft: str
    others: int


@dataclass(slots=True)
class _Sorted:
    """The values of a card against what stands there."""

    fill: dict[str, str] = field(default_factory=dict)
    differ: dict[str, str] = field(default_factory=dict)


def whose(application: Application, card: Card) -> str:
    """Return whose card this is: applicant, agent, or '' for a third person's."""
    applicant, agent = application.applicant, application.agent
    if _same(_number(application, APPLICANT), card.number):
        return APPLICANT
    if _same(_number(application, AGENT), card.number):
        return AGENT
    name = tidy_name(card.name)
    if not _number(application, APPLICANT):
        theirs = bool(applicant.name) and tidy_name(applicant.name) != name and tidy_name(agent.name) == name
        return AGENT if theirs else APPLICANT
    sound = read_cert(applicant.cert_kind, applicant.cert_number).ok
    if not sound or (name and tidy_name(applicant.name) == name):
        return APPLICANT
    if not _number(application, AGENT) or (name and tidy_name(agent.name) == name):
        return AGENT
    return ""


def take(application: Application, card: Card, whose: str, now: dt.datetime) -> Taken:
    """Put what a card says where nothing stands; ``whose`` as of :func:`whose` (a social-security card is always the applicant's)."""
    if card.kind is CardKind.SOCIAL:
        return _take_social(application, card, now)
    reading = read_cert(card.kind, card.number, now.date())
    if not reading.ok:
        return Taken(application, "", said=f"卡上的号码不对：{reading.problem}。照证件填")
    origin = _origin(card, now)
    if not whose:
        sentence = f"这是第三个人的{CALLED[card.kind]}（{mask_cert(card.number)}），申请人和代办人都填好了，没有动"
        return Taken(application, "", clash=Clash(AGENT, sentence, "换成代办人", _values(card, AGENT), origin))
    values = _values(card, whose)
    sorted_ = _sort(application, values)
    if _other_person(application, whose, sorted_):
        return Taken(application, whose, clash=_clash(application, whose, sorted_.differ, origin, values))
    result = _fill(application, sorted_.fill, origin)
    said = _until_said(card, whose, now)
    if whose == AGENT and not application.by_agent:
        result = put(result, "by_agent", new=True)
        said = said or f"第二张{CALLED[card.kind]}按代办人填了。不是代办，把「谁来办理」改回本人"
    clash = _clash(result, whose, sorted_.differ, origin, sorted_.differ) if sorted_.differ else None
    return Taken(result, whose, tuple(sorted_.fill), said, clash)


def settle(application: Application, clash: Clash, *, card: bool) -> Application:
    """Let the card win, or keep what stands there: then the card's word is kept beside it and is not asked about again.

    Of another person's card nothing is kept.
    """
    if card:
        return _fill(application, clash.values, clash.origin, agent=clash.whose == AGENT)
    result = application
    number = f"{clash.whose}.cert_number"
    if clash.values.get(number, "") != get(application, number) and number in clash.values:
        return application
    for path, value in clash.values.items():
        stands = get(application, path)
        if stands:
            result = put(sources.arrive(result, sources.CARD, {path: value}, clash.origin), path, stands)
    return result


def meet(desk: Desk, card: Card) -> Met:
    """Ask the store who this is. On the local lane; reading here is not opening."""
    entries = [one for one in desk.store.same_person(card.number, _MOST) if one.state is not State.VOID]
    drafts = [one.id for one in entries if one.state in {State.DRAFT, State.WAITING} and not one.handed]
    return Met(drafts[0] if len(drafts) == 1 else "", len(entries))


def head(application: Application, whose: str, today: dt.date) -> str:
    """Say for the head of a section where its values came from, and which of them were changed: 读自身份证 10:21，可改；改过会注明. '' without a card."""
    found = [one for one in application.sources if one.kind == sources.CARD and one.path.startswith(f"{whose}.")]
    if not found:
        return ""
    called, _, at = found[-1].origin.partition(" ")
    day, _, clock = at.partition(" ")
    when = clock if day == iso(today) else day
    changed = [label_of(one.path).removeprefix("代办人") for one in found if not sources.look(application, one.path)]
    rest = f"；{'、'.join(changed)}改过" if changed else "，可改；改过会注明"
    return " ".join(part for part in (f"读自{called or '证件'}", when) if part) + rest


def _take_social(application: Application, card: Card, now: dt.datetime) -> Taken:
    """Take a social-security card: its own number, and who it belongs to where it says so."""
    origin, mine = _origin(card, now), _number(application, APPLICANT)
    if card.number and mine and not _same(mine, card.number):
        other = "代办人的" if _same(_number(application, AGENT), card.number) else "别人的"
        return Taken(application, "", said=f"这是{other}社保卡（{mask_cert(card.number)}），没有记。放申请人的")
    values = {"insurance.card_number": card.card_number} if card.card_number else {}
    if card.number and not mine:
        values |= _values(card, APPLICANT)
    sorted_ = _sort(application, values)
    if _other_person(application, APPLICANT, sorted_):
        return Taken(application, APPLICANT, clash=_clash(application, APPLICANT, sorted_.differ, origin, values))
    result = _fill(application, sorted_.fill, origin)
    if application.insurance.voucher in {"", "none"}:
        result = put(result, "insurance.voucher", "card")
    clash = _clash(result, APPLICANT, sorted_.differ, origin, sorted_.differ) if sorted_.differ else None
    return Taken(result, APPLICANT, tuple(sorted_.fill), card.locked or _until_said(card, APPLICANT, now), clash)


def _values(card: Card, whose: str) -> dict[str, str]:
    """Return what a card fills of a person, by path, without what it does not say."""
    kind = CardKind.RESIDENT if card.kind is CardKind.SOCIAL else card.kind
    said = {"cert_kind": kind.value, "cert_number": card.number, "name": card.name, "address": card.address}
    if whose == APPLICANT:
        until = "" if card.kind is CardKind.SOCIAL else card.valid_until
        said |= {"cert_until": until, "sex": card.sex, "birth": card.birth, "nation": card.nation}
    return {f"{whose}.{key}": value for key, value in said.items() if value}


def _sort(application: Application, values: Mapping[str, str]) -> _Sorted:
    """Sort values into those that may be filled in and those against which something else stands."""
    out = _Sorted()
    for path, value in values.items():
        stands = get(application, path)
        source = sources.of(application, path)
        waits = source is not None and source.kind in sources.DOUBTED and not source.confirmed
        typing = path.endswith(".cert_number") and _same(_means(path, stands), value)
        if not stands or waits or typing or path.endswith(".cert_kind") or _means(path, stands) == _means(path, value):
            out.fill[path] = value
        elif not path.endswith(".address") and not (source and source.kind == sources.CARD and source.value == value):
            out.differ[path] = value
    return out


def _other_person(application: Application, whose: str, sorted_: _Sorted) -> bool:
    """Whether filling in would mix two people: another number, or another name where no number stands yet."""
    number = f"{whose}.cert_number"
    name_alone = f"{whose}.name" in sorted_.differ and not get(application, number)
    return number in sorted_.differ or name_alone


def _clash(application: Application, whose: str, differ: Mapping[str, str], origin: str, values: Mapping[str, str]) -> Clash:
    pairs = [
        f"{label_of(path)}：卡上「{_shown(path, value)}」，这里「{_shown(path, get(application, path))}」"
        for path, value in differ.items()
    ]
    return Clash(whose, "；".join(pairs) + "。没有改", "照卡改", dict(values), origin)


def _fill(application: Application, values: Mapping[str, str], origin: str, *, agent: bool = False) -> Application:
    """Put values with their source. With another number, what was copied for the one before goes."""
    number = values.get("applicant.cert_number", "")
    if number and not _same(_number(application, APPLICANT), number):
        application = sources.let_go(application)
    application = sources.arrive(application, sources.CARD, values, origin)
    return put(application, "by_agent", new=True) if agent else application


def _until_said(card: Card, whose: str, now: dt.datetime) -> str:
    """Say that a card has run out where no finding does: the applicant's own certificate has one."""
    until = parse_day(card.valid_until)
    if until is None or until >= now.date() or (whose == APPLICANT and card.kind is not CardKind.SOCIAL):
        return ""
    person = "代办人的" if whose == AGENT else ""
    return f"{person}{CALLED[card.kind]} {iso(until)} 到期了，看有没有新的"


def _number(application: Application, whose: str) -> str:
    person = application.agent if whose == AGENT else application.applicant
    return read_cert(person.cert_kind, person.cert_number).number


def _same(stands: str, number: str) -> bool:
    """Whether a number stands there, or the beginning of it that somebody had typed so far."""
    return bool(stands) and bool(number) and number.startswith(stands)


def _means(path: str, value: str) -> str:
    key = path.rpartition(".")[2]
    if key == "name":
        return tidy_name(value)
    if key in {"birth", "cert_until"}:
        day = parse_day(value)
        return iso(day) if day else value.strip()
    if key in {"cert_number", "card_number"}:
        return "".join(value.split()).upper()
    return value.strip()


def _shown(path: str, value: str) -> str:
    return (SEX if path.endswith(".sex") else NATIONS if path.endswith(".nation") else _NONE).get(value, value)


def _origin(card: Card, now: dt.datetime) -> str:
    return f"{CALLED[card.kind]} {now:%Y-%m-%d %H:%M}"
