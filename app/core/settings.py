"""What a setting is: its name and meaning, what fits, who may change it. A value is kept and typed as text; here that text gets its meaning.

The settings themselves are in :mod:`app.core.settings_all`, the file that carries them through a hall in :mod:`app.core.settings_file`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

Value = bool | int | str | None
"""A switch, a number, a text; None for a number that nobody wants to set (:attr:`Setting.none`)."""

LONGEST = 400
"""Characters of a text or a folder's path."""


class Kind(StrEnum):
    """How a value is chosen."""

    SWITCH = "switch"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    FOLDER = "folder"
    PICK = "pick"


class Who(StrEnum):
    """Who may change it. ``FIXED``: nobody, and its meaning says why."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``id`` is its name in the store, in the audit and in the file of a hall.

    ``hall``: means the same at every counter, so it may travel in a file. ``restart``: holds from the next start on. ``asks``: whoever
    changes it writes why. Numbers have a ``unit`` and both ends of their range; ``none`` is what an empty one is called, '' where one must
    be set. Switches and choices have ``words``: stored codes with what people read, for a switch first off, then on. What there is to pick from
    is known where it is picked only (monitors); ``words`` are those that are always there.
    """

    id: str
    section: str
    name: str
    meaning: str
    kind: Kind
    default: Value
    who: Who = Who.SUPERVISOR
    hall: bool = False
    restart: bool = False
    asks: bool = False
    unit: str = ""
    least: int = 0
    most: int = 0
    none: str = ""
    words: tuple[tuple[str, str], ...] = ()

    def problem(self, text: str) -> str:
        """Say why a text is no value of it, '' when it is one."""
        if self.who is Who.FIXED:
            return f"{self.name}是固定的，不能改"
        text = _tidy(text)
        match self.kind:
            case Kind.NUMBER:
                fits = (not text and bool(self.none)) or (_digits(text) and self.least <= int(text) <= self.most)
                return (
                    "" if fits else f"写 {self.least} 到 {self.most} 之间的整数" + (f"，空着就{self.none}" if self.none else "")
                )
            case Kind.SWITCH | Kind.CHOICE:
                fits = any(code == text for code, _ in self.words)
                return "" if fits else f"选一个：{'、'.join(word for _, word in self.words)}"
            case _:
                return "" if len(text) <= LONGEST and text.isprintable() else f"写成一行，{LONGEST} 个字以内"

    def read(self, text: str) -> Value:
        """Return what a text means; the default for one that does not fit, as an older program may have left it."""
        if self.problem(text):
            return self.default
        text = _tidy(text)
        match self.kind:
            case Kind.NUMBER:
                return int(text) if text else None
            case Kind.SWITCH:
                return text == self.words[1][0]
            case _:
                return text

    def write(self, value: Value) -> str:
        """Return the text that is kept for a value."""
        if self.kind is Kind.SWITCH:
            return self.words[bool(value)][0]
        return "" if value is None else str(value)

    def say(self, value: Value) -> str:
        """Return a value for people."""
        match self.kind:
            case Kind.NUMBER:
                return self.none if value is None else f"{value} {self.unit}"
            case Kind.SWITCH | Kind.CHOICE:
                return dict(self.words)[self.write(value)]
            case Kind.PICK:
                return dict(self.words).get(str(value)) or str(value) or "没有设"
            case _:
                return str(value) or "没有设"

    @property
    def range(self) -> str:
        """What fits, for people; '' where that is in sight anyway."""
        if self.kind is not Kind.NUMBER or self.who is Who.FIXED:
            return ""
        return f"{self.least}–{self.most} {self.unit}" + (f"，空着就{self.none}" if self.none else "")


def _tidy(text: str) -> str:
    """Return a text as it is compared and kept: full-width digits of an input method are digits."""
    return unicodedata.normalize("NFKC", text).strip()


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
