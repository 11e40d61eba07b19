"""What a region's new version changes, in words: added, removed, changed, old and new beside each other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from app.core import region_told
from app.core.region_words import DOCUMENTS, FACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from app.core.region import Region
    from app.core.region_told import Words

T = TypeVar("T")
ORDER: Final = "先后"

_MOST = 160

PAPERS: Final = {
    "form": "申请表",
    "receipt": "受理回执",
    "materials": "材料清单",
    "notice": "一次性告知",
    "conditional": "容缺受理",
    "reasons": "理由说明",
    "outcome": "结果通知",
    "privacy": "个人信息告知",
    "cover": "档案封面",
    "withdrawal": "撤回申请",
    "parts": "共用的版块",
    "codes": "码表",
    "tokens": "尺寸和字号",
}


PIECES: Final = {
    "title": "标题",
    "running": "页眉",
    "footer": "页脚",
    "mirror": "双面",
    "background": "空白表样",
    "section": "版块",
    "use": "用哪块",
    "side": "侧栏",
    "when": "什么时候印",
    "row": "行",
    "cells": "格",
    "label": "栏名",
    "value": "内容",
    "text": "文字",
    "tick": "勾选",
    "boxes": "方格",
    "mark": "标记",
    "at": "位置",
    "size": "大小",
    "code": "号码",
    "h": "高",
    "w": "宽",
    "rows": "占几行",
    "n": "几格",
    "role": "字样",
    "align": "对齐",
    "spread": "字距",
}
"""Keys of a layout in words; any other one is shown as it is written in the file."""


class Act(StrEnum):
    """What happened to a statement."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that differs. ``part``: which part of the region's papers; ``what``: what people call it; ``old`` and ``new`` in words."""

    part: str
    what: str
    act: Act
    old: str = ""
    new: str = ""


def differences(old: Region, new: Region) -> tuple[Change, ...]:
    """Return everything that differs between two versions of a region, in the order in which it is read; nothing for the same."""
    return tuple(_changes(old, new))


def _changes(old: Region, new: Region) -> Iterator[Change]:
    yield from _compared("总的", {"": region_told.head(old)}, {"": region_told.head(new)})
    labels = {name: one.label or FACTS.get(name, name) for name, one in {**old.facts, **new.facts}.items()}
    yield from _compared("说法", region_told.facts(old), region_told.facts(new), labels)
    yield from _compared("说法", {"": region_told.rules(old)}, {"": region_told.rules(new)})
    yield from _listed(
        "材料", old.requirements, new.requirements, lambda one: one.id, region_told.requirement, lambda one: one.name
    )
    yield from _listed("病种", old.diseases, new.diseases, lambda one: one.name, region_told.disease, lambda one: one.name)
    for part, before, after in (
        ("医疗机构", old.institutions, new.institutions),
        ("申请类型", old.kinds, new.kinds),
        ("险种", old.insurances, new.insurances),
        ("代办关系", old.relations, new.relations),
        ("参保地", old.places, new.places),
    ):
        yield from _listed(part, before, after, lambda one: one.code or one.name, region_told.choice, lambda one: one.name)
    for document in DOCUMENTS:
        yield from _layout(PAPERS.get(document, document), old.layouts.get(document), new.layouts.get(document))
    yield from _compared("出处", {"": dict(old.sources)}, {"": dict(new.sources)})


# comparing
def _listed(
    part: str,
    old: Iterable[T],
    new: Iterable[T],
    key: Callable[[T], str],
    words: Callable[[T], Words],
    name: Callable[[T], str],
) -> Iterator[Change]:
    """Compare two lists item by item, and the order of those that are in both."""
    before, after = {key(one): one for one in old}, {key(one): one for one in new}
    names = {id_: name(one) for id_, one in (before | after).items()}
    yield from _compared(
        part, {id_: words(one) for id_, one in before.items()}, {id_: words(one) for id_, one in after.items()}, names
    )
    was, is_ = [one for one in before if one in after], [one for one in after if one in before]
    if was != is_:
        moved = next(at for at, (one, other) in enumerate(zip(was, is_, strict=True)) if one != other)
        yield Change(part, ORDER, Act.CHANGED, _row(names, was[moved:]), _row(names, is_[moved:]))


def _compared(
    part: str, old: Mapping[str, Words], new: Mapping[str, Words], names: Mapping[str, str] | None = None
) -> Iterator[Change]:
    """Compare things by key: one line for each that came or went, one for each property that differs."""
    called = names or {}
    for key in (*old, *(one for one in new if one not in old)):
        what = called.get(key, key)
        before, after = old.get(key), new.get(key)
        if before is None and after is not None:
            yield Change(part, what, Act.ADDED, new=_whole(after))
        elif after is None and before is not None:
            yield Change(part, what, Act.REMOVED, old=_whole(before))
        elif before is not None and after is not None:
            for label in (*before, *(one for one in after if one not in before)):
                was, is_ = before.get(label, ""), after.get(label, "")
                if was != is_:
                    act = Act.CHANGED if was and is_ else Act.ADDED if is_ else Act.REMOVED
                    yield Change(part, "·".join(one for one in (what, label) if one), act, was, is_)


def _whole(words: Words) -> str:
    return "；".join(f"{label}：{text}" if label else text for label, text in words.items() if text)


def _row(names: Mapping[str, str], keys: list[str]) -> str:
    return "、".join(names[one] for one in keys[:6]) + ("等" if keys[6:] else "")


# papers
def _layout(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            act = Act.ADDED if old is None else Act.REMOVED
            own, shared = "本地自己的版式", "用大家共用的版式"
            yield Change("文书", name, act, *((shared, own) if old is None else (own, shared)))
        return
    yield from _laid(name, old, new)


def _laid(where: str, old: Any, new: Any) -> Iterator[Change]:
    """Compare two pieces of a layout; places are counted from 1 as people count: 申请表 版块 2 行 1."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(one for one in new if one not in old)):
            inner = f"{where} {PIECES.get(key, key)}"
            if key not in new:
                yield Change("文书", inner, Act.REMOVED, old=_told(old[key]))
            elif key not in old:
                yield Change("文书", inner, Act.ADDED, new=_told(new[key]))
            elif old[key] != new[key]:
                yield from _laid(inner, old[key], new[key])
    elif _many(old) and _many(new):
        yield from _rows(where, old, new)
    elif old != new:
        yield Change("文书", where, Act.CHANGED, _told(old), _told(new))


def _rows(where: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    """Compare two lists of pieces: one that was put in between moves the others and changes none of them."""
    same = SequenceMatcher(None, [repr(one) for one in old], [repr(one) for one in new], autojunk=False)
    for op, first, last, begin, end in same.get_opcodes():
        if op == "replace" and last - first == end - begin:
            for at, (was, is_) in enumerate(zip(old[first:last], new[begin:end], strict=True), start=begin + 1):
                yield from _laid(f"{where} {at}", was, is_)
        elif op != "equal":
            for at, one in enumerate(old[first:last], start=first + 1):
                yield Change("文书", f"{where} {at}", Act.REMOVED, old=_told(one))
            for at, one in enumerate(new[begin:end], start=begin + 1):
                yield Change("文书", f"{where} {at}", Act.ADDED, new=_told(one))


def _many(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict | list) for one in value)


def _told(value: Any) -> str:
    said = " ".join(_leaves(value))
    return said if len(said) <= _MOST else f"{said[:_MOST]}…"


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)
    elif isinstance(value, bytes):
        yield f"{len(value):,} 字节的空白表样（{hashlib.sha256(value).hexdigest()[-8:]}）"
    elif isinstance(value, bool):
        yield "是" if value else "否"
    else:
        yield str(value)
