"""The one written form of an answer: strict, versioned JSON. Nothing is guessed, passed over or put right.

Its schema is resources/schemas/answer-1.schema.json; an example of each kind is beside it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from typing import Any, Final

from app.core.answer import KINDS, Answer, Content, Fault, Supplement
from app.core.strict import DIGEST, ULID, loads, match, moment, number

FORMAT: Final = 1
NAMESPACE: Final = "chuangkou-answer"
"""SSHSIG namespace of the office's signature over an answer's bytes."""
MOST_BYTES: Final = 256 * 1024
MOST_FAULTS: Final = 100

_LINE, _TEXT, _MANY = 60, 2000, 20
_COUNTER = re.compile(r"[0-9A-Z]{2,12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+){0,4}")
_REQUIREMENT = re.compile(r"[A-Za-z0-9_-]{1,60}")
_COMMON = ("counter", "seq", "application", "revision", "digest", "at", "by")
_WORDS = {"problem", "remedy", "where", "note", "reason", "appeal"}
_DAYS = {"begins", "ends", "review_by", "until"}
_NEEDED = {"accepted": {"number"}, "refused": {"reason"}, "conflict": {"other"}}


def written(answer: Answer) -> bytes:
    """Return an answer's one file, always the same bytes. ValueError for one that :func:`parse` would not take."""
    head = {"format": FORMAT, "kind": answer.kind, **{name: getattr(answer, name) for name in _COMMON}}
    body = {one.name: _plain(getattr(answer.content, one.name)) for one in dataclasses.fields(answer.content)}
    data = json.dumps({**head, **body}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    if parse(data, heard=answer.heard) != answer:
        raise ValueError("not an answer")
    return data


def parse(data: bytes, *, heard: bool = False) -> Answer:
    """Return what an answer says. ValueError names what does not fit. ``heard``: one a clerk wrote down, without number and digest."""
    if len(data) > MOST_BYTES:
        raise ValueError("too long")
    told = loads(data)
    if not isinstance(told, dict):
        raise ValueError("not an object")  # noqa: TRY004 - whatever does not fit is a ValueError
    kind = told.get("kind")
    if type(told.get("format")) is not int or told["format"] != FORMAT or not isinstance(kind, str) or kind not in KINDS:
        raise ValueError("format")
    made = KINDS[kind]
    names = {one.name for one in dataclasses.fields(made)}
    if told.keys() != {"format", "kind", *_COMMON, *names}:
        raise ValueError("keys")
    return Answer(
        match(told, "counter", _COUNTER),
        0 if heard and told["seq"] == 0 and type(told["seq"]) is int else number(told, "seq"),
        match(told, "application", ULID),
        number(told, "revision"),
        "" if heard and told["digest"] == "" else match(told, "digest", DIGEST),
        moment(told),
        _line(told["by"], "by", needed=True),
        _content(made, {name: told[name] for name in names}, kind),
    )


def _content(made: type[Content], told: dict[str, Any], kind: str) -> Content:
    if made is Supplement:
        faults = told["faults"]
        if not isinstance(faults, list) or not 1 <= len(faults) <= MOST_FAULTS:
            raise ValueError("faults")
        return Supplement(tuple(_fault(one) for one in faults), _day(told["until"], "until"))
    needed = _NEEDED.get(kind, set())
    return made(**{name: _value(name, one, needed=name in needed) for name, one in told.items()})


def _value(name: str, told: Any, *, needed: bool) -> Any:
    if name == "steps":
        if not isinstance(told, list) or len(told) > _MANY:
            raise ValueError(name)
        return tuple(_words(one, name, needed=True) for one in told)
    if name in _DAYS:
        return _day(told, name)
    if name == "other":
        return match({name: told}, name, DIGEST)
    return _words(told, name, needed=needed) if name in _WORDS else _line(told, name, needed=needed)


def _fault(told: Any) -> Fault:
    names = {one.name for one in dataclasses.fields(Fault)}
    if not isinstance(told, dict) or told.keys() != names:
        raise ValueError("fault")
    field, requirement, page = told["field"], told["requirement"], told["page"]
    if field != "":
        match(told, "field", _PATH)
    if requirement != "":
        match(told, "requirement", _REQUIREMENT)
    if (field and requirement) or type(page) is not int or not 0 <= page <= (999 if requirement else 0):
        raise ValueError("fault")
    return Fault(
        _words(told["problem"], "problem", needed=True),
        _words(told["remedy"], "remedy"),
        _words(told["where"], "where"),
        field,
        requirement,
        page,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [dataclasses.asdict(one) if isinstance(one, Fault) else one for one in value]
    return value


def _line(value: Any, key: str, *, needed: bool = False) -> str:
    return _sound(value, key, _LINE, needed=needed)


def _words(value: Any, key: str, *, needed: bool = False) -> str:
    return _sound(value, key, _TEXT, needed=needed)


def _sound(value: Any, key: str, most: int, *, needed: bool) -> str:
    """Return a line of text: nothing around it, nothing in it that cannot be seen, no half of a surrogate pair."""
    if not isinstance(value, str) or len(value) > most or value != value.strip() or (needed and not value):
        raise ValueError(key)
    if not value.replace("\u3000", " ").isprintable():
        raise ValueError(key)
    return value


def _day(value: Any, key: str) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError(key)
    dt.date.fromisoformat(value)
    return value
