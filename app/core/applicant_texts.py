"""The words of the applicant's screen as a value: one language, every text under a name, with the places a text may leave open.

The words themselves are in ``resources/applicant``, one file for each language.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIRST: Final = "zh-CN"
"""The language that is always there."""

_NONE: Final[frozenset[str]] = frozenset()


def _plain(group: str, names: str) -> dict[str, frozenset[str]]:
    return {f"{group}.{name}": _NONE for name in names.split()}


def _open(**places: str) -> dict[str, frozenset[str]]:
    return {key.replace("__", "."): frozenset(names.split()) for key, names in places.items()}


KEYS: Final[Mapping[str, frozenset[str]]] = {
    **_plain("top", "done try"),
    **_plain("act", "right wrong again slower stop wipe written on heard next skip"),
    **_plain("sound", "speaking none silent"),
    **_plain("welcome", "title line_1 line_2 line_3"),
    **_plain("bring", "title or"),
    **_plain("check", "name name_below name_agent name_below_agent cert cert_below cert_agent cert_below_agent"),
    **_plain("check", "phone phone_below phone_agent phone_below_agent disease disease_below diseases"),
    **_plain("check", "hospital hospital_below designated designated_below address address_below agent agent_agent"),
    **_plain("change", "title below"),
    **_plain("wait", "title below"),
    **_plain("declare", "title title_own line_1 line_2 line_3"),
    **_plain("sign", "title title_again field field_agent paper"),
    **_plain("receipt", "title day day_open no_day maybe number code"),
    **_plain("rate", "title below hint level_1 level_2 level_3 level_4 level_5"),
    **_plain("thanks", "title below"),
    **_open(
        top__place="region counter",
        top__count="n m",
        top__leaf="n m",
        welcome__try="monitor",
        bring__came="paper",
        bring__here="paper",
        bring__maybe="paper",
        check__agent_below="relation",
        check__agent_below_agent="relation",
        check__cards="first second",
        check__spoken="title value below",
        receipt__call="phone",
        receipt__call_agent="phone",
        receipt__ask="phone",
        receipt__returned="papers",
        receipt__of="name disease",
        receipt__spoken_day="day",
        receipt__spoken_number="number",
    ),
}
"""Every text by name, with what has to stand in braces in it."""


class TextsError(ValueError):
    """The file of a language lacks something, or says something nobody asks for."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. ``language``: its tag and its file's name (zh-CN); ``name``: for the clerk; ``voice``: the voice that reads it (BCP 47).

    ``promise``: the form's own words that the three sentences of the declaration stand for.
    """

    language: str
    name: str
    voice: str
    promise: str
    words: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        if problems := tuple(_problems(self)):
            raise TextsError("; ".join(problems))

    def say(self, key: str, **values: object) -> str:
        """Return a text with its places filled in. KeyError for an unknown one."""
        text = self.words[key]
        return text.format_map(values) if values else text


def chosen(languages: Iterable[Texts], language: str) -> Texts | None:
    """Return the language that was chosen, else the one that is always there; None where there is none at all."""
    found = {one.language: one for one in languages}
    return found.get(language) or found.get(FIRST) or next(iter(found.values()), None)


def _problems(texts: Texts) -> Iterable[str]:
    yield from (f"{what}: empty" for what in ("language", "name", "voice", "promise") if not getattr(texts, what).strip())
    yield from (f"{key}: missing" for key in sorted(KEYS.keys() - texts.words.keys()))
    for key, text in texts.words.items():
        if key not in KEYS:
            yield f"{key}: unknown"
            continue
        if not text.strip():
            yield f"{key}: empty"
        try:
            named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError:
            yield f"{key}: a brace alone"
            continue
        if named != KEYS[key]:
            yield f"{key}: has {sorted(named)} in braces, not {sorted(KEYS[key])}"
