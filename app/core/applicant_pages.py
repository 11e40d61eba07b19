"""The pages of the applicant's screen, made from one case and one language. Nothing is said that the case or its region does not say.

Only what the person came to confirm is shown whole; wherever a page is about something else, the name is masked, as people stand behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core import spoken
from app.core.applicant_view import Act, Page, View
from app.core.contact import read_phone
from app.core.days import parse_day
from app.core.identity import read_cert
from app.core.masks import group_cert, group_phone, mask_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.core.applicant_texts import Texts
    from app.core.application import Application
    from app.core.region import Region, Requirement
    from app.core.requirements import Need

BOTH: Final = (Act.AGAIN,)
LEVELS: Final = (5, 4, 3, 2, 1)
"""How content somebody is, from very to not at all, as the five faces stand from left to right."""
LEAF: Final = 4
"""So many papers on one screen."""
_STOPS: Final = re.compile(r"([。？！])。+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the pages are made of: the case in hand, its region, and what the counter says of itself. ``phone``: who to call, '' where nobody is named."""

    application: Application
    region: Region
    needs: tuple[Need, ...]
    counter: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be checked. ``key``: its texts; ``path``: the field it comes from; ``relation``: an agent's."""

    key: str
    path: str
    value: str
    numeric: bool = False
    relation: str = ""


# what there is to check
def items(facts: Facts) -> tuple[Item, ...]:
    """Return what is to be checked one by one: everything of these that was answered."""
    return tuple(_items(facts))


def _items(facts: Facts) -> Iterator[Item]:
    application, region = facts.application, facts.region
    person, care, agent = application.applicant, application.care, application.agent
    if name := person.name.strip():
        yield Item("name", "applicant.name", name)
    if number := person.cert_number.strip():
        whole = read_cert(person.cert_kind, number)
        number = group_cert(whole.number) if whole.ok else number
        yield Item("cert", "applicant.cert_number", number, numeric=True)
    if person.phone.strip():
        yield _phone("phone", "applicant.phone", person.phone)
    diseases = [one.name.strip() for one in application.diseases if one.name.strip()]
    if diseases:
        yield Item("disease" if len(diseases) == 1 else "diseases", "diseases", "、".join(diseases))
    if hospital := care.hospital.strip():
        yield Item("hospital", "care.hospital", hospital)
    if region.asks_designated and (designated := care.designated.strip()):
        yield Item("designated", "care.designated", designated)
    if address := person.address.strip():
        yield Item("address", "applicant.address", address)
    if application.by_agent and (name := agent.name.strip()):
        relation = next((one.name for one in region.relations if one.code == agent.relation), "")
        yield Item("agent", "agent.name", name, relation=relation)


def _phone(key: str, path: str, number: str) -> Item:
    whole = read_phone(number)
    shown = group_phone(whole.number) if whole.ok else number.strip()
    return Item(key, path, shown, numeric=True)


# the pages
def welcome(facts: Facts, texts: Texts) -> View:
    """Return the first page: who is at this window, and that there is time."""
    lines = tuple(texts.say(f"welcome.line_{n}") for n in (1, 2, 3))
    return _page(Page.WELCOME, facts, texts, title=texts.say("welcome.title"), lines=lines)


def trial(region: str, counter: str, monitor: str, texts: Texts) -> View:
    """Return what a monitor shows while it is tried: its own name."""
    place = texts.say("top.place", region=region, counter=counter)
    title, loud = texts.say("welcome.title"), texts.say("welcome.try", monitor=monitor)
    return View(Page.WELCOME, title, loud, place=place, corner=texts.say("top.try"), spoken=spoken.aloud(f"{title}。{loud}。"))


def leaves(facts: Facts) -> int:
    """Return how many screens the papers take; 0 where nothing is asked for."""
    return -(-len(facts.needs) // LEAF)


def bring(facts: Facts, texts: Texts, leaf: int) -> View:
    """Return one screen of what is needed and what came already. ``leaf`` counts from 0."""
    count = leaves(facts)
    lines = tuple(_told(one, facts.application, texts) for one in facts.needs[leaf * LEAF : (leaf + 1) * LEAF])
    acts = BOTH if leaf + 1 >= count else (*BOTH, Act.NEXT)
    corner = texts.say("top.leaf", n=leaf + 1, m=count) if count > 1 else ""
    return _page(Page.BRING, facts, texts, title=texts.say("bring.title"), lines=lines, acts=acts, corner=corner)


def check(facts: Facts, texts: Texts, item: Item, nth: int, count: int) -> View:
    """Return the page that asks whether one thing is right; ``nth`` counts from 1."""
    title = _for(facts, texts, item.key)
    below = _for(facts, texts, f"{'disease' if item.key == 'diseases' else item.key}_below", relation=item.relation)
    return _page(
        Page.CHECK, facts, texts, title=title, loud=item.value, below=below, numeric=item.numeric, path=item.path, step=nth, steps=count,
        corner=texts.say("top.count", n=nth, m=count), acts=(Act.WRONG, Act.AGAIN, Act.RIGHT),
        said=texts.say("check.spoken", title=title, value=item.value, below=below),
    )  # fmt: skip


def changing(facts: Facts, texts: Texts) -> View:
    """Return what stands there while the clerk changes something: nothing half-typed."""
    return _page(Page.WAIT, facts, texts, title=texts.say("change.title"), below=texts.say("change.below"), acts=())


def wait(facts: Facts, texts: Texts) -> View:
    """Return what stands there while nothing is asked of the applicant."""
    return _page(Page.WAIT, facts, texts, title=texts.say("wait.title"), below=texts.say("wait.below"), acts=())


def declare(facts: Facts, texts: Texts) -> View:
    """Return what will be signed, to be heard before."""
    own = own_promise(facts.region)
    return _page(
        Page.DECLARE, facts, texts, title=texts.say("declare.title_own" if own else "declare.title"),
        lines=declaration(facts, texts), counted=True, acts=(Act.AGAIN, Act.HEARD),
    )  # fmt: skip


def sign(facts: Facts, texts: Texts, document: str, *, again: bool) -> View:
    """Return the page with the pad; ``document``: the SHA-256 of the form that is signed, ``again``: it is another than was signed first."""
    agent = facts.application.by_agent
    return _page(
        Page.SIGN, facts, texts, title=texts.say("sign.title_again" if again else "sign.title"), lines=declaration(facts, texts),
        counted=True, below=texts.say("sign.field_agent" if agent else "sign.field"), notes=(texts.say("sign.paper"),),
        acts=(Act.AGAIN, Act.WIPE, Act.WRITTEN), who="agent" if agent else "applicant", document=document,
    )  # fmt: skip


def receipt(facts: Facts, texts: Texts) -> View:
    """Return number, day, and who calls whom, once it is accepted."""
    application = facts.application
    accepted = application.acceptance
    due = parse_day(accepted.due) if accepted is not None and accepted.due else None
    number = accepted.number if accepted is not None else ""
    day = texts.say("receipt.no_day") if due is None else f"{due.month} 月 {due.day} 日 {_weekday(due.weekday())}"
    over = texts.say("receipt.day_open" if due is None else "receipt.day")
    notes = tuple(_receipt_notes(facts, texts, provisional=bool(due and accepted and accepted.due_provisional)))
    said = [
        texts.say("receipt.title"),
        f"{over}，{day}" if due is None else texts.say("receipt.spoken_day", day=spoken.date(due)),
        texts.say("receipt.spoken_number", number=number),
        *notes,
    ]
    return _page(
        Page.RECEIPT, facts, texts, title=texts.say("receipt.title"), over=over, loud=day, second=number,
        second_over=texts.say("receipt.number"), notes=notes, corner=_masked(facts, texts), code=number, code_below=texts.say("receipt.code"),
        acts=(Act.AGAIN, Act.ON), said="。".join(said),
    )  # fmt: skip


def rate(facts: Facts, texts: Texts) -> View:
    """Return the five faces. Skipping is as good as any of them, and nothing of it is for the clerk."""
    choices = tuple((str(level), texts.say(f"rate.level_{level}")) for level in LEVELS)
    title, below = texts.say("rate.title"), texts.say("rate.below")
    said = "。".join((title, below, "、".join(word for _, word in choices)))
    return _page(
        Page.RATE, facts, texts, title=title, below=below, choices=choices, notes=(texts.say("rate.hint"),), corner=texts.say("top.done"),
        acts=(Act.AGAIN, Act.SKIP), said=said, private=True,
    )  # fmt: skip


def thanks(facts: Facts, texts: Texts) -> View:
    """Return the last page."""
    return _page(Page.THANKS, facts, texts, title=texts.say("thanks.title"), below=texts.say("thanks.below"))


# the declaration
def declaration(facts: Facts, texts: Texts) -> tuple[str, ...]:
    """Return what the form makes people promise, in plain words; a region's own promise in its own words."""
    own = own_promise(facts.region)
    return own or tuple(texts.say(f"declare.line_{n}") for n in (1, 2, 3))


def own_promise(region: Region) -> tuple[str, ...]:
    """Return the sentences of the promise that a region's own form prints in the place of the common one; () where it prints that."""
    found = next(_promises(region.layouts.get("form", {})), "")
    sentences = found.replace("；", "。").split("。")
    return tuple(f"{one.strip()}。" for one in sentences if one.strip())


def _promises(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("role") == "promise" and isinstance(part.get("text"), str):
            yield part["text"]
        part = list(part.values())
    if isinstance(part, (list, tuple)):
        for one in part:
            yield from _promises(one)


# inside
def _page(kind: Page, facts: Facts, texts: Texts, *, acts: Sequence[Act] = BOTH, said: str = "", **parts: Any) -> View:
    place = texts.say("top.place", region=facts.region.name, counter=facts.counter)
    said = said or "。".join(one for one in (parts.get("title"), *parts.get("lines", ()), parts.get("below")) if one)
    said = _STOPS.sub(r"\1", f"{said}。")
    words = tuple(texts.say(f"act.{act}") for act in acts)
    return View(kind, place=place, acts=tuple(acts), words=words, spoken=spoken.aloud(said), **parts)


def _for(facts: Facts, texts: Texts, key: str, **values: str) -> str:
    """Return a text of the checks, in the words for an agent where one is there and such words exist."""
    name = f"check.{key}_agent"
    return texts.say(name if facts.application.by_agent and name in texts.words else f"check.{key}", **values)


def _told(need: Need, application: Application, texts: Texts) -> str:
    requirement, paper = need.requirement, application.paper(need.id)
    if paper.pages or paper.seen:
        return texts.say("bring.came", paper=paper.option or _name(requirement, texts))
    key = "here" if requirement.made_here else "maybe" if requirement.optional else ""
    return texts.say(f"bring.{key}", paper=_name(requirement, texts)) if key else _name(requirement, texts)


def _name(requirement: Requirement, texts: Texts) -> str:
    return texts.say("bring.or").join(requirement.options) or requirement.name


def _receipt_notes(facts: Facts, texts: Texts, *, provisional: bool) -> Iterator[str]:
    application, region = facts.application, facts.region
    if provisional:
        yield texts.say("receipt.maybe")
    if application.applicant.phone.strip():
        key = "receipt.call_agent" if application.by_agent else "receipt.call"
        yield texts.say(key, phone=_phone("", "", application.applicant.phone).value)
    if facts.phone:
        yield texts.say("receipt.ask", phone=facts.phone)
    known = {one.id: one.name for one in region.requirements}
    papers = [one.option or known.get(one.requirement, "") for one in application.papers if one.returned]
    if papers := [name for name in papers if name]:
        yield texts.say("receipt.returned", papers="、".join(papers))


def _masked(facts: Facts, texts: Texts) -> str:
    name = mask_name(facts.application.applicant.name)
    diseases = [one.name.strip() for one in facts.application.diseases if one.name.strip()]
    shown = "、".join(diseases) if facts.application.show_disease else ""
    return texts.say("receipt.of", name=name, disease=shown) if name and shown else name


def _weekday(day: int) -> str:
    return f"星期{'一二三四五六日'[day]}"
