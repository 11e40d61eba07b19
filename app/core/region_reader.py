"""Reading a region's tables key by key, noting every mistake with its file, its key and the way out.

Nothing is raised here: a reader hands back a harmless value and goes on, so that all mistakes are told at once.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

KINDS: Final[Mapping[type, str]] = {str: "文字（加引号）", int: "整数", bool: "true 或 false", list: "列表 [ ]", dict: "表"}


class Table:
    """One TOML table being read. ``place`` is how a person finds it: ``forms/x/region.toml: [limit]``."""

    def __init__(self, data: Mapping[str, Any], place: str, problems: list[str]) -> None:
        self.data = data
        self.place = place
        self.problems = problems
        self.known: set[str] = set()

    def wrong(self, key: str, fact: str, remedy: str) -> None:
        """Note a mistake at a key: what is so, and what to write instead."""
        self.problems.append(f"{self.at(key)}：{fact}。{remedy}。")

    def at(self, key: str) -> str:
        """Return where a key stands, for people."""
        return f"{self.place}: {key}" if self.top else f"{self.place}.{key}"

    @property
    def top(self) -> bool:
        """Whether this is the whole file and not a table inside it."""
        return self.place.endswith(".toml")

    def take(self, key: str, kind: type, default: Any = None, *, needed: bool = False) -> Any:
        """Return the value of a key when it is of the kind; the default when it is absent or of another kind."""
        self.known.add(key)
        if key not in self.data:
            if needed:
                self.wrong(key, "没有写", f"补上这个键，值是{KINDS[kind]}")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(key, f"值的类型不对，写的是「{value}」", f"改成{KINDS[kind]}")
            return default
        return value

    def text(self, key: str, default: str = "", *, needed: bool = False) -> str:
        """Return a text, trimmed; a needed one must not be blank."""
        value = str(self.take(key, str, default, needed=needed)).strip()
        if needed and not value and isinstance(self.data.get(key), str):
            self.wrong(key, "是空的", "写上内容")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a yes or no."""
        return bool(self.take(key, bool, default))

    def number(self, key: str, default: int, *, least: int) -> int:
        """Return a whole number not below the least."""
        value = int(self.take(key, int, default))
        if key in self.data and value < least:
            self.wrong(key, f"{value} 太小", f"改成不小于 {least} 的整数")
            return default
        return value

    def texts(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, without repeats, each one of those allowed."""
        values = self.take(key, list, [])
        if any(not isinstance(v, str) or not v.strip() for v in values):
            self.wrong(key, "列表里有的不是文字或是空的", '每一项都写成 "文字"')
            return ()
        for value in values:
            if allowed is not None and value not in allowed:
                self.wrong(key, f"不认识「{value}」", choose(value, allowed))
        if len(set(values)) != len(values):
            self.wrong(key, "有重复的项", "留一个")
        return tuple(dict.fromkeys(values))

    def one_of(self, key: str, allowed: Collection[str], *, needed: bool = False) -> str:
        """Return one of the allowed words, or nothing."""
        value = self.text(key, needed=needed)
        if value and value not in allowed:
            self.wrong(key, f"不认识「{value}」", choose(value, allowed))
        return value

    def table(self, key: str) -> Table | None:
        """Return an inner table, or None when there is none."""
        value = self.take(key, dict)
        return None if value is None else Table(value, self.at(f"[{key}]" if self.top else key), self.problems)

    def tables(self, key: str, *, needed: bool = False) -> list[Table]:
        """Return the tables of an array ``[[key]]``, counted from 1."""
        values = self.take(key, list, [], needed=needed)
        if any(not isinstance(v, dict) for v in values):
            self.wrong(key, "不是一段一段的表", f"每一项写成一段 [[{key}]]")
            return []
        return [Table(v, self.at(f"[{key} {n}]"), self.problems) for n, v in enumerate(values, 1)]

    def done(self) -> None:
        """Note every key nobody asked for."""
        for key in self.data:
            if key not in self.known:
                self.wrong(key, "没有这个键", choose(key, self.known, "删掉，或"))


def choose(wrong: str, allowed: Collection[str], before: str = "") -> str:
    """Return the remedy for a word that is not known: the nearest known one, or a few of them."""
    if not allowed:
        return before + "先把它写进这一地的文件"
    near = get_close_matches(wrong, list(allowed), 1)
    if near:
        return f"{before}改成「{near[0]}」"
    return f"{before}改成其中之一：{'、'.join(sorted(allowed)[:12])}"


def unique(tables: list[Table], key: str) -> None:
    """Note entries of an array that carry the same key value; an empty value may repeat."""
    first: dict[str, int] = {}
    for n, table in enumerate(tables, 1):
        value = table.data.get(key)
        if not isinstance(value, str) or not value:
            continue
        if value in first:
            table.wrong(key, f"「{value}」和第 {first[value]} 项重复", "改成别的，或删掉其中一段")
        first.setdefault(value, n)
