"""A region (统筹区) as typed values: what one place's folder under ``forms/`` says, each fact with its source.

A fact the source is silent about stays empty and is shown as "ask the office"; it is never filled from a neighbour.
:mod:`app.core.region_parse` makes these values from the folder's TOML and names every mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated fact. ``text`` is empty where the source is silent; ``confirmed`` only when the office confirmed it in writing.

    ``label`` is what people call it (办公时间).
    """

    text: str = ""
    source: str = ""
    confirmed: bool = False
    note: str = ""
    label: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list of choices: kind of application, insurance, relation."""

    code: str
    name: str
    note: str = ""
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Working days until the decision. ``workdays`` is None where the source names none. ``starts``: submission or acceptance."""

    workdays: int | None
    starts: str = ""
    words: str = ""
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days originals stay at the counter after the office has them. ``days`` is None where the source names none."""

    days: int | None = None
    words: str = ""
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Comeback:
    """By when to come back with what a one-time notice names. ``workdays`` after the day it was given; None where the source names none."""

    workdays: int | None = None
    words: str = ""
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class DiseaseEntry:
    """A disease of the region's catalogue. ``code`` may be empty; ``tags`` are what conditions ask for (dialysis, transplant …)."""

    name: str
    code: str = ""
    tags: tuple[str, ...] = ()
    group: str = ""
    review: str = ""
    aliases: tuple[str, ...] = ()
    source: str = ""
    confirmed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a requirement applies.

    ``op``: all, any, not (over ``parts``) or one of the questions kind, insurance, voucher, residence, agent, minor,
    disease, tag, cert (over ``values``, any of which may match).
    """

    op: str
    values: tuple[str, ...] = ()
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """A paper must be issued within so many months before acceptance (Civil Code art. 202: same day of the month, else its last)."""

    months: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One paper the region asks for (材料要求).

    ``options``: any one of these names will do (身份证 or 社保卡); empty when the name itself is the paper. ``option_pages`` holds
    the fewest pages of each, see :meth:`pages_for`.
    ``when``: None means always. ``because``: the reason shown to people. ``min_pages``: e.g. 2 for two sides.
    ``seal``: the clerk attests a hospital seal. ``grade``: the issuing hospital must be of level two or above.
    ``made_here``: printed by this program (the application form), so nothing is attached for it.
    ``fresh_doubt``: staleness is a doubt the clerk may pass with a reason, because the source does not say from which day it counts.
    """

    id: str
    name: str
    because: str
    when: Condition | None = None
    options: tuple[str, ...] = ()
    min_pages: int = 1
    dated: bool = False
    fresh: Freshness | None = None
    fresh_doubt: bool = True
    seal: bool = False
    grade: bool = False
    made_here: bool = False
    optional: bool = False
    formats: tuple[str, ...] = ()
    note: str = ""
    where: str = ""
    source: str = ""
    confirmed: bool = False
    option_pages: tuple[int, ...] = ()

    def pages_for(self, option: str) -> int:
        """Return the fewest pages of the paper when this option was brought; :attr:`min_pages` when no option says otherwise."""
        return next((n for name, n in zip(self.options, self.option_pages, strict=False) if name == option), self.min_pages)


@dataclass(frozen=True, slots=True)
class FileRules:
    """What a file may be. ``max_bytes`` is None where the source names no limit; ``formats`` upper case (JPG, PNG, PDF)."""

    formats: tuple[str, ...] = ()
    max_bytes: int | None = None
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Deferral:
    """Acceptance although some papers come later (容缺受理), where the office allows it.

    ``papers``: ids of the requirements that may come later. ``words``: by when, ``late``: what happens when they do not come, both in
    the region's own words. ``workdays`` after acceptance, where those words are a number of working days; None: no day is worked out.
    """

    papers: tuple[str, ...]
    words: str
    late: str
    source: str = ""
    confirmed: bool = False
    workdays: int | None = None


@dataclass(frozen=True, slots=True)
class Unscanned:
    """Papers of which no picture is kept where the original was looked at (看过原件即可). ``papers``: ids of the requirements; none where the source names none."""

    papers: tuple[str, ...] = ()
    words: str = ""
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A second pair of eyes on some of what was accepted, before it leaves the counter (第二人复核), where the office wants it.

    ``percent`` of the applications, 1 to 100. ``workdays`` after acceptance it goes on all the same; None: it waits until somebody looked.
    """

    percent: int
    words: str = ""
    source: str = ""
    confirmed: bool = False
    workdays: int | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """Everything one place says.

    ``facts`` holds every plain statement by name: ``office``, ``window``, ``address``, ``hours``, ``hotline``, ``matter``, ``ask``,
    ``effect``, ``review``, ``notice``, ``fee``, ``deductible``, ``ratio`` …; one that is not there is silent.
    ``layouts`` maps a document name (form, receipt) to the parsed TOML of its layout; ``form_title`` is the official name.
    ``number_prefix``: letters that begin an acceptance number (JQ). ``has_doctor``: the form shows the doctor's box.
    ``asks_…``: what this place's application asks besides the common fields; its absence there is missing.
    ``deferral`` is None where nothing may come later, ``second_look`` where nobody has to look twice. ``silent`` names the facts the source is known to leave out; ``sources`` explains the tags a source begins with.
    """

    id: str
    name: str
    province: str
    admdvs: str
    version: str
    number_prefix: str
    form_title: str
    facts: Mapping[str, Fact]
    limit: TimeLimit
    kinds: tuple[Choice, ...]
    insurances: tuple[Choice, ...]
    relations: tuple[Choice, ...]
    diseases: tuple[DiseaseEntry, ...]
    requirements: tuple[Requirement, ...]
    files: FileRules
    places: tuple[Choice, ...] = ()
    institutions: tuple[Choice, ...] = ()
    has_doctor: bool = True
    asks_designated: bool = False
    asks_remote: bool = False
    max_diseases: int = 0
    form_confirmed: bool = False
    layouts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    asks_summary: bool = False
    asks_hospital: bool = False
    asks_card: bool = False
    asks_arrears: bool = False
    deferral: Deferral | None = None
    silent: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    retention: Retention = Retention()
    comeback: Comeback = Comeback()
    unscanned: Unscanned = Unscanned()
    second_look: SecondLook | None = None

    def seen_will_do(self, requirement: Requirement) -> bool:
        """Whether it is enough that the clerk saw the original of this paper."""
        return requirement.optional or requirement.id in self.unscanned.papers

    def fact(self, name: str) -> Fact:
        """Return what this place says about it; an empty fact where the source is silent."""
        return self.facts.get(name, Fact())

    def disease(self, code: str, name: str) -> DiseaseEntry | None:
        """Return the catalogue entry with this code and name; None for free text."""
        return next((d for d in self.diseases if d.name == name and d.code == code), None)
