"""The words of a layout: text with bindings, formats, and conditions. Parsed once, filled for every case."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from app.core.days import parse_day

Scopes = Sequence[Mapping[str, Any]]
Codes = Mapping[str, Mapping[str, str]]

THIN: Final = "\u2009"
"""A drawn gap inside a number: nothing is printed for it and nothing is copied."""
_BOUND: Final = re.compile(r"\{([^{}]*)\}")
_STEADY: Final = frozenset({"region", "notice", "form"})
"""Groups of names that say nothing of a case (:data:`app.core.paper_data.FIELDS`)."""
_WEEK: Final = "一二三四五六日"
_MOBILE: Final = re.compile(r"1\d{10}")
_RESIDENT: Final = 18


def look(path: str, scopes: Scopes) -> Any:
    """Return what stands at a dotted path in the first scope that has it, or an empty string."""
    for scope in scopes:
        value: Any = scope
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
            if value is None:
                break
        if value is not None:
            return value
    return ""


def _date(text: str, *, weekday: bool = False) -> str:
    day = parse_day(text.partition("T")[0])
    if day is None:
        return text
    return f"{day.year}年{day.month}月{day.day}日" + (f"（星期{_WEEK[day.weekday()]}）" if weekday else "")


def _time(text: str) -> str:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return _date(text)
    return f"{at.year}年{at.month}月{at.day}日 {at.hour}时{at.minute:02d}分"


def _id(text: str) -> str:
    return f"{text[:6]}{THIN}{text[6:14]}{THIN}{text[14:]}" if len(text) == _RESIDENT else text


def _id_mask(text: str) -> str:
    if len(text) == _RESIDENT:
        return f"{text[:6]}{THIN}********{THIN}{text[-4:]}"
    shown = min(3, len(text) // 3)
    return "*" * (len(text) - shown) + text[len(text) - shown :]


def _phone(text: str) -> str:
    return f"{text[:3]}{THIN}{text[3:7]}{THIN}{text[7:]}" if _MOBILE.fullmatch(text) else text


def _phone_mask(text: str) -> str:
    return f"{text[:3]}{THIN}****{THIN}{text[7:]}" if _MOBILE.fullmatch(text) else "*" * max(0, len(text) - 4) + text[-4:]


def _name_mask(text: str) -> str:
    return text[:1] + "＊" * min(2, len(text) - 1)


FORMATS: Final[Mapping[str, Callable[[str], str]]] = {
    "date": _date,
    "weekday": lambda text: _date(text, weekday=True),
    "time": _time,
    "id": _id,
    "idmask": _id_mask,
    "namemask": _name_mask,
    "phone": _phone,
    "phonemask": _phone_mask,
    "two": lambda text: text.zfill(2),
}


class Binding(NamedTuple):
    """One ``{path|pipe|pipe}``; a pipe is a format or a code map."""

    path: str
    pipes: tuple[str, ...] = ()

    def fill(self, scopes: Scopes, codes: Codes) -> str:
        """Return the value as text, lists joined by 、."""
        value = look(self.path, scopes)
        values = value if isinstance(value, list | tuple) else [value]
        return "、".join(self._one(str(one), codes) for one in values)

    def _one(self, text: str, codes: Codes) -> str:
        for pipe in self.pipes:
            if not text:
                return ""
            text = codes[pipe].get(text, text) if pipe in codes else FORMATS[pipe](text)
        return text


class Template(NamedTuple):
    """Text with bindings: literal parts and bindings in order."""

    parts: tuple[str | Binding, ...] = ()
    fixed: bool = True
    """Whether the text is the same in every case."""
    steady: bool = True
    """Whether the text is the same in every case of a counter: nothing of a person is in it."""

    @classmethod
    def read(cls, text: str) -> Template:
        """Parse the text of a layout."""
        parts: list[str | Binding] = []
        for at, part in enumerate(_BOUND.split(text)):
            if at % 2:
                path, *pipes = part.split("|")
                parts.append(Binding(path.strip(), tuple(pipe.strip() for pipe in pipes)))
            elif part:
                parts.append(part)
        bound = [part.path.partition(".")[0] for part in parts if isinstance(part, Binding)]
        return cls(tuple(parts), not bound, all(group in _STEADY for group in bound))

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """The bindings in order."""
        return tuple(part for part in self.parts if isinstance(part, Binding))

    def fill(self, scopes: Scopes, codes: Codes) -> str:
        """Return the text of one case. Text whose every binding is empty is empty, so that its ``empty`` words are printed."""
        if self.fixed:
            return str(self.parts[0]) if self.parts else ""
        out, said = [], False
        for part in self.parts:
            text = part if isinstance(part, str) else part.fill(scopes, codes)
            said = said or (text != "" and not isinstance(part, str))
            out.append(text)
        if not said:
            return ""
        return "".join(out) if "" not in out else self._without_empty(out)

    def _without_empty(self, out: Sequence[str]) -> str:
        """Return the text without the lines that bind something and have nothing of it: a label says nothing alone."""
        lines, bound, said = [""], False, False
        for part, text in zip(self.parts, out, strict=True):
            if isinstance(part, Binding):
                lines[-1] += text
                bound, said = True, said or text != ""
                continue
            first, *more = text.split("\n")
            lines[-1] += first
            for line in more:
                if bound and not said:
                    lines.pop()
                lines.append(line)
                bound = said = False
        return "\n".join(lines[:-1] if bound and not said else lines)


class Term(NamedTuple):
    """``agent``, ``not agent``, ``case.kind is new``."""

    path: str
    negated: bool = False
    wanted: str = ""

    def holds(self, scopes: Scopes) -> bool:
        """Whether it is so in this case."""
        value = look(self.path, scopes)
        return (str(value) == self.wanted if self.wanted else bool(value)) != self.negated


class Condition(NamedTuple):
    """Terms joined by ``and``; no terms: always."""

    terms: tuple[Term, ...] = ()

    @classmethod
    def read(cls, text: str) -> Condition:
        """Parse ``agent and not large``."""
        terms = []
        for term in filter(None, (part.strip() for part in text.split(" and "))):
            negated = term.startswith("not ")
            path, _, wanted = (term[4:] if negated else term).partition(" is ")
            terms.append(Term(path.strip(), negated, wanted.strip()))
        return cls(tuple(terms))

    def holds(self, scopes: Scopes) -> bool:
        """Whether every term holds."""
        for term in self.terms:  # noqa: SIM110 - asked for each cell of each document, and most have no terms
            if not term.holds(scopes):
                return False
        return True
