"""The papers a region asks for, out of its ``requirements.toml``: conditions checked against the region's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.region import Condition, Freshness, Requirement
from app.core.region_reader import Table, choose, unique
from app.core.region_words import FORMATS, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
GROUPS: Final = ("all", "any")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What conditions may name in this region: question to the answers it can have; ``sources`` are the tags of its sources."""

    answers: Mapping[str, Collection[str]]
    sources: Collection[str]


def parse_requirements(top: Table, vocabulary: Vocabulary) -> tuple[Requirement, ...]:
    """Return the requirements in the file's order, which is the order on the screen and on paper."""
    tables = top.tables("requirement", needed=True)
    unique(tables, "id")
    found = tuple(_requirement(t, vocabulary) for t in tables)
    top.done()
    return found


def _requirement(table: Table, vocabulary: Vocabulary) -> Requirement:
    id_ = table.text("id", needed=True)
    if id_ and not ID.fullmatch(id_):
        table.wrong("id", f"「{id_}」不能用", "只用小写字母、数字和下划线，字母开头")
    fresh = table.table("fresh")
    dated = table.flag("dated")
    if fresh is not None and not dated:
        table.wrong("fresh", "要看期限，却没有问出具日期", "加上 dated = true")
    options, pages = _options(table)
    made_here = table.flag("made_here")
    if made_here and (fresh is not None or dated or table.data.get("seal") or options):
        table.wrong("made_here", "这里打印的材料不收原件", "去掉 dated、fresh、seal、options，或去掉 made_here")
    found = Requirement(
        id=id_,
        name=table.text("name", needed=True),
        because=table.text("because", needed=True),
        when=_when(table, vocabulary),
        options=options,
        min_pages=table.number("min_pages", 1, least=1),
        dated=dated,
        fresh=_freshness(fresh) if fresh is not None else None,
        fresh_doubt=table.flag("fresh_doubt", default=True),
        seal=table.flag("seal"),
        grade=table.flag("grade"),
        made_here=made_here,
        optional=table.flag("optional"),
        formats=table.texts("formats", FORMATS),
        note=table.text("note"),
        where=table.text("where"),
        source=source(table, vocabulary.sources),
        confirmed=table.flag("confirmed"),
        option_pages=pages,
    )
    table.done()
    return found


def source(table: Table, tags: Collection[str]) -> str:
    """Return where a statement comes from; it must begin with one of the tags that ``[sources]`` explains."""
    text = table.text("source", needed=True)
    if text and tags and not text.startswith(tuple(tags)):
        table.wrong("source", f"出处「{text}」没有在 [sources] 里说明", choose(text, tags, "在 [sources] 加上它，或"))
    return text


def _freshness(table: Table) -> Freshness:
    found = Freshness(table.number("months", 0, least=1), table.text("words"))
    if "months" not in table.data:
        table.wrong("months", "没有写", "补上几个月，例如 months = 6")
    table.done()
    return found


def _options(table: Table) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names that will do, and the fewest pages of each: ``["社保卡", { name = "身份证", min_pages = 2 }]``."""
    values = table.take("options", list, [])
    least = table.data.get("min_pages", 1)
    names: list[str] = []
    pages: list[int] = []
    for n, value in enumerate(values, 1):
        inner = Table(value if isinstance(value, dict) else {"name": value}, table.at(f"options[{n}]"), table.problems)
        names.append(inner.text("name", needed=True))
        pages.append(inner.number("min_pages", least if isinstance(least, int) else 1, least=1))
        inner.done()
    if len(values) == 1:
        table.wrong("options", "只有一种，没有可选的", "把它写进 name，去掉 options")
    if len(set(names)) != len(names):
        table.wrong("options", "有重复的名称", "留一个")
    return tuple(names), tuple(pages)


def _when(table: Table, vocabulary: Vocabulary) -> Condition | None:
    if "when" not in table.data:
        return None
    data = table.take("when", dict)
    return None if data is None else _condition(data, table.at("when"), table, vocabulary)


def _condition(data: Mapping[str, Any], place: str, table: Table, vocabulary: Vocabulary) -> Condition:
    """One condition; several keys in one table must all hold."""
    parts = [_part(key, value, f"{place}.{key}", table, vocabulary) for key, value in data.items()]
    if not parts:
        table.problems.append(f"{place}：条件是空的。写上条件，或删掉 when。")
    return parts[0] if len(parts) == 1 else Condition("all", parts=tuple(parts))


def _part(key: str, value: Any, place: str, table: Table, vocabulary: Vocabulary) -> Condition:
    if key == "not":
        return Condition("not", parts=(_inner(value, place, table, vocabulary),))
    if key in GROUPS:
        values = value if isinstance(value, list) else [value]
        if not values:
            table.problems.append(f"{place}：列表是空的。写上条件，或删掉它。")
        return Condition(key, parts=tuple(_inner(v, f"{place}[{n}]", table, vocabulary) for n, v in enumerate(values, 1)))
    if key not in QUESTIONS:
        table.problems.append(f"{place}：没有「{key}」这个问题。{choose(key, [*QUESTIONS, *GROUPS, 'not'])}。")
        return Condition("all")
    return Condition(key, values=_answers(key, value, place, table, vocabulary))


def _inner(value: Any, place: str, table: Table, vocabulary: Vocabulary) -> Condition:
    if isinstance(value, dict):
        return _condition(value, place, table, vocabulary)
    table.problems.append(f'{place}：条件要写成表，写的是「{value}」。改成 {{ 问题 = "答案" }}。')
    return Condition("all")


def _answers(key: str, value: Any, place: str, table: Table, vocabulary: Vocabulary) -> tuple[str, ...]:
    allowed = vocabulary.answers[key]
    if key in {"agent", "minor"}:
        if isinstance(value, bool):
            return ("yes" if value else "no",)
        table.problems.append(f"{place}：只能是 true 或 false，写的是「{value}」。改成 true 或 false。")
        return ()
    values = value if isinstance(value, list) else [value]
    if not values or any(not isinstance(v, str) for v in values):
        table.problems.append(f'{place}：答案要写成文字或文字的列表，写的是「{value}」。改成 "答案" 或 ["答案", "答案"]。')
        return ()
    for answer in values:
        if answer not in allowed:
            table.problems.append(f"{place}：{_unknown(key, answer)}。{_remedy(key, answer, allowed)}。")
    return tuple(values)


def _unknown(key: str, answer: str) -> str:
    return f"没有这个{QUESTIONS[key]}「{answer}」"


def _remedy(key: str, answer: str, allowed: Collection[str]) -> str:
    if key == "disease":
        return "改成 diseases.toml 里的名称或代码"
    if key == "tag":
        return "改成 diseases.toml 里某个病种的 tags，或先给病种加上这个标记"
    return choose(answer, allowed)
