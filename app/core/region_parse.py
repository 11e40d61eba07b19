"""A region out of the tables of its folder, with every mistake named at once: file, key, remedy.

Pure: the files are read by :mod:`app.adapters.regions`. The guide for people who write a folder is ``forms/README.md``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from app.core.codes import CERTS
from app.core.errors import RegionError
from app.core.region import (
    Choice,
    Comeback,
    Deferral,
    DiseaseEntry,
    Fact,
    FileRules,
    Region,
    Retention,
    SecondLook,
    TimeLimit,
    Unscanned,
)
from app.core.region_parse_requirements import Vocabulary, parse_requirements, source
from app.core.region_reader import Table, choose, unique
from app.core.region_words import DOCUMENTS, FACTS, FORMATS, RESIDENCES, STARTS, VOUCHERS, YES_NO

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NEEDED: Final = ("region", "diseases", "requirements")
PREFIX: Final = re.compile(r"[A-Z]{2,4}")
NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
ADMDVS: Final = re.compile(r"\d{6}")
TABLES: Final = {"limit": "limit", "files_rule": "files", "retention": "retention"}
"""Facts that a table of their own may state."""
ALL: Final = 100
"""Percent."""
PLAIN_FACTS: Final = ("text", "source", "confirmed", "note", "label")


def parse_region(files: Mapping[str, Mapping[str, Any]], folder: str) -> Region:
    """Return the region that these parsed TOML files (stem to table) describe.

    ``folder`` is how the folder is called in messages, such as ``forms/gansu-jiuquan``; its last part must be the region's id.
    Raises RegionError naming every mistake.
    """
    problems: list[str] = []
    region, absent = _region(files, folder, problems)
    if absent or problems:
        problems = [f"{folder}/{name}.toml：没有这个文件。照 forms/README.md 建一个。" for name in absent] + problems
        raise RegionError(f"统筹区「{folder}」用不了，有 {len(problems)} 处要改：{problems[0]}", tuple(problems))
    return region


def _region(files: Mapping[str, Mapping[str, Any]], folder: str, problems: list[str]) -> tuple[Region, list[str]]:
    absent = [name for name in NEEDED if name not in files]
    tops = {name: Table(files.get(name, {}), f"{folder}/{name}.toml", problems) for name in NEEDED}
    names = (*NEEDED, *DOCUMENTS)
    problems += [
        f"{folder}/{name}.toml：没有叫这个名字的文件。{choose(name, names, '删掉，或')}。"
        for name in files
        if name not in names
    ]
    top = tops["region"]
    if "region" in absent:
        # Nothing else can be judged without it, and a hundred complaints would hide the one that counts.
        tops = {name: Table(table.data, table.place, []) for name, table in tops.items()}
        top = tops["region"]
    tags = _sources(top)
    asks = top.table("asks") or Table({}, top.place, [])
    diseases = _diseases(tops["diseases"], tags)
    kinds = _choices(top, "kind", tags, needed=True)
    insurances = _choices(top, "insurance", tags, needed=True)
    vocabulary = Vocabulary(_answers(kinds, insurances, diseases), tags)
    facts = _facts(top, tags)
    limit = top.table("limit")
    file_rules = top.table("files")
    deferral = top.table("deferral")
    requirements = () if "requirements" in absent else parse_requirements(tops["requirements"], vocabulary)
    retention = top.table("retention")
    comeback = top.table("comeback")
    unscanned = top.table("unscanned")
    second_look = top.table("second_look")
    found = Region(
        id=_pattern(top, "id", NAME, "小写字母、数字和短横线"),
        name=top.text("name", needed=True),
        province=top.text("province", needed=True),
        admdvs=_pattern(top, "admdvs", ADMDVS, "6 位数字"),
        version=top.text("version", needed=True),
        number_prefix=_pattern(top, "number_prefix", PREFIX, "2 到 4 个大写字母"),
        form_title=top.text("form_title", needed=True),
        facts=facts,
        limit=_limit(limit, tags) if limit is not None else TimeLimit(None),
        kinds=kinds,
        insurances=insurances,
        relations=_choices(top, "relation", tags, needed=True),
        diseases=diseases,
        requirements=requirements,
        files=_file_rules(file_rules, tags) if file_rules is not None else FileRules(),
        places=_choices(top, "place", tags),
        institutions=_choices(top, "institution", tags),
        has_doctor=asks.flag("doctor", default=True),
        asks_designated=asks.flag("designated"),
        asks_remote=asks.flag("remote"),
        max_diseases=asks.number("max_diseases", 0, least=0),
        form_confirmed=top.flag("form_confirmed"),
        layouts={name: table for name, table in files.items() if name in DOCUMENTS},
        asks_summary=asks.flag("summary"),
        asks_hospital=asks.flag("hospital"),
        asks_card=asks.flag("card_number"),
        asks_arrears=asks.flag("arrears"),
        deferral=_deferral(deferral, tags, [one.id for one in requirements]) if deferral is not None else None,
        silent=_silent(top, facts),
        sources=tags,
        retention=_retention(retention, tags) if retention is not None else Retention(),
        comeback=_comeback(comeback, tags) if comeback is not None else Comeback(),
        unscanned=_unscanned(unscanned, tags, [one.id for one in requirements]) if unscanned is not None else Unscanned(),
        second_look=_second_look(second_look, tags) if second_look is not None else None,
    )
    if "asks" in top.data:
        asks.done()
    top.done()
    if found.id and found.id != folder.rsplit("/", 1)[-1]:
        top.wrong("id", f"「{found.id}」和文件夹的名字不一样", "两处改成一样")
    return found, absent


def _pattern(table: Table, key: str, pattern: re.Pattern[str], words: str) -> str:
    text = table.text(key, needed=True)
    if text and not pattern.fullmatch(text):
        table.wrong(key, f"「{text}」不能用", f"改成{words}")
    return text


def _sources(top: Table) -> dict[str, str]:
    table = top.table("sources")
    if table is None:
        top.wrong("sources", "没有写", "加一段 [sources]，说明每个出处的简称")
        return {}
    return {tag: table.text(tag, needed=True) for tag in table.data}


def _facts(top: Table, tags: Collection[str]) -> dict[str, Fact]:
    table = top.table("facts")
    if table is None:
        return {}
    found = {}
    for name in table.data:
        inner = table.table(name)
        if inner is None:
            continue
        inner.place = f"{top.place}: [facts.{name}]"
        text, origin = inner.text("text", needed=True), source(inner, tags)
        label = inner.text("label") or FACTS.get(name, "")
        if not label or not WORD.fullmatch(name):
            inner.wrong("label", f"「{name}」不是已知的事实名，又没有叫法", choose(name, FACTS, "加上 label，或"))
        found[name] = Fact(text, origin, inner.flag("confirmed"), inner.text("note"), label)
        inner.done()
    return found


def _silent(top: Table, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    names = top.texts("silent", FACTS)
    for name in names:
        stated = name in facts or TABLES.get(name, "") in top.data
        if stated:
            top.wrong("silent", f"「{name}」说是来源未述，又写了内容", "两处留一处")
    return names


def _limit(table: Table, tags: Collection[str]) -> TimeLimit:
    days = table.number("workdays", 0, least=1)
    starts = table.one_of("starts", STARTS, needed=True)
    found = TimeLimit(
        days or None, starts, table.text("words", needed=True), source(table, tags), confirmed=table.flag("confirmed")
    )
    if "workdays" not in table.data:
        table.wrong("workdays", "没有写", "补上工作日数；来源没有说时限的，删掉整段 [limit]")
    table.done()
    return found


def _retention(table: Table, tags: Collection[str]) -> Retention:
    days = table.number("days", 0, least=1)
    found = Retention(days or None, table.text("words", needed=True), source(table, tags), confirmed=table.flag("confirmed"))
    if "days" not in table.data:
        table.wrong("days", "没有写", "补上送达后保留的天数；来源没有说的，删掉整段 [retention]")
    table.done()
    return found


def _comeback(table: Table, tags: Collection[str]) -> Comeback:
    days = table.number("workdays", 0, least=1)
    found = Comeback(days or None, table.text("words", needed=True), source(table, tags), confirmed=table.flag("confirmed"))
    if "workdays" not in table.data:
        table.wrong("workdays", "没有写", "补上几个工作日内补齐；来源没有说期限的，删掉整段 [comeback]")
    table.done()
    return found


def _unscanned(table: Table, tags: Collection[str], requirements: Collection[str]) -> Unscanned:
    found = Unscanned(
        table.texts("papers", requirements),
        table.text("words", needed=True),
        source(table, tags),
        confirmed=table.flag("confirmed"),
    )
    if not found.papers:
        table.wrong(
            "papers", "没有写", "写上哪几种看过原件就行，用 requirements.toml 里的 id；都要留图的，删掉整段 [unscanned]"
        )
    table.done()
    return found


def _second_look(table: Table, tags: Collection[str]) -> SecondLook:
    percent = table.number("percent", 0, least=1)
    found = SecondLook(
        percent,
        table.text("words", needed=True),
        source(table, tags),
        confirmed=table.flag("confirmed"),
        workdays=table.number("workdays", 0, least=1) or None,
    )
    if "percent" not in table.data:
        table.wrong("percent", "没有写", "写上 100 件里抽几件；不抽的，删掉整段 [second_look]")
    elif percent > ALL:
        table.wrong("percent", f"{percent} 太大", "写 1 到 100")
    table.done()
    return found


def _file_rules(table: Table, tags: Collection[str]) -> FileRules:
    size = table.number("max_bytes", 0, least=1)
    found = FileRules(table.texts("formats", FORMATS), size or None, source(table, tags), confirmed=table.flag("confirmed"))
    table.done()
    return found


def _deferral(table: Table, tags: Collection[str], requirements: Collection[str]) -> Deferral:
    found = Deferral(
        table.texts("papers", requirements),
        table.text("words", needed=True),
        table.text("late", needed=True),
        source(table, tags),
        confirmed=table.flag("confirmed"),
        workdays=table.number("workdays", 0, least=1) or None,
    )
    if not found.papers:
        table.wrong("papers", "没有写", "写上哪几种材料可以后补，用 requirements.toml 里的 id；都不可以的，删掉整段 [deferral]")
    table.done()
    return found


def _choices(top: Table, key: str, tags: Collection[str], *, needed: bool = False) -> tuple[Choice, ...]:
    tables = top.tables(key, needed=needed)
    unique(tables, "code")
    unique(tables, "name")
    found = []
    for table in tables:
        code = table.text("code", needed=key != "institution")
        if code and not re.fullmatch(r"[A-Za-z0-9_]{1,30}", code):
            table.wrong("code", f"「{code}」不能用", "只用字母、数字和下划线")
        found.append(
            Choice(
                code,
                table.text("name", needed=True),
                table.text("note"),
                source(table, tags),
                confirmed=table.flag("confirmed"),
            )
        )
        table.done()
    return tuple(found)


def _diseases(top: Table, tags: Collection[str]) -> tuple[DiseaseEntry, ...]:
    tables = top.tables("disease")
    unique(tables, "name")
    found = []
    for table in tables:
        marks = table.texts("tags")
        for mark in marks:
            if not WORD.fullmatch(mark):
                table.wrong("tags", f"「{mark}」不能用", "标记只用小写字母、数字和下划线")
        found.append(
            DiseaseEntry(
                name=table.text("name", needed=True),
                code=table.text("code"),
                tags=marks,
                group=table.text("group"),
                review=table.text("review"),
                aliases=table.texts("aliases"),
                source=source(table, tags),
                confirmed=table.flag("confirmed"),
                note=table.text("note"),
            )
        )
        table.done()
    top.done()
    return tuple(found)


def _answers(
    kinds: Collection[Choice], insurances: Collection[Choice], diseases: Collection[DiseaseEntry]
) -> dict[str, Collection[str]]:
    """Return what each question of a condition can be answered with in this region."""
    return {
        "kind": [c.code for c in kinds],
        "insurance": [c.code for c in insurances],
        "voucher": list(VOUCHERS),
        "residence": list(RESIDENCES),
        "agent": list(YES_NO),
        "minor": list(YES_NO),
        "disease": [w for d in diseases for w in (d.name, d.code) if w],
        "tag": list({tag for d in diseases for tag in d.tags}),
        "cert": list(CERTS),
    }
