"""What an audit row noted beside its act, in words: the audit keeps short codes that no later wording can change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.services.printing import TITLES
from app.services.selftest import ITEMS

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAIL: Final = 8
_PAPERS: Final = frozenset({"document", "print", "save_pdf", "sign", "sign_scan"})
"""Acts that note stored names of papers."""
_DECIDED: Final = {"approved": "通过", "supplement": "需补正", "refused": "不通过"}
_COUNTS: Final = {
    "export": (r"written (\d+), there already (\d+), not (\d+)", "写了 {} 件，已有 {} 件，没写成 {} 件"),
    "make_room": (r"(\d+) pages, (\d+) by rule", "清掉 {} 页，按规定清理 {} 件"),
    "copy_checked": (r"audit (\d+)", "操作记录 {} 条，对得上"),
    "mend": (r"hit (\d+), other (\d+), copy (\d+)", "碰到 {} 件，别的记录 {} 条，用第二份备份 {} 次"),
}


def in_words(act: str, what: str) -> str:
    """Return what a row noted; as it stands where there is nothing to translate."""
    if act == "selftest":
        look = [
            ITEMS.get(name, name) for name, _, tone in (one.partition(":") for one in what.split()) if tone in {"warn", "bad"}
        ]
        return f"要看：{'、'.join(look)}" if look else "都好"
    if act == "notice":
        nth, *gaps = what.split(" ")
        return f"第 {nth} 次，要补 {len(gaps)} 样"
    if act == "view":
        return _beside(what)
    if act in _COUNTS:
        pattern, words = _COUNTS[act]
        found = re.fullmatch(pattern, what)
        return words.format(*found.groups()) if found else what
    return _each(what, _DECIDED if act == "heard" else TITLES if act in _PAPERS else {})


def _beside(what: str) -> str:
    for said, words in (("beside ", "和 {} 对照"), ("copied to ", "抄给 {}"), ("papers to ", "材料带给 {}")):
        if what.startswith(said):
            return words.format(what.removeprefix(said)[-_TAIL:])
    return what


def _each(what: str, words: Mapping[str, str]) -> str:
    return " ".join(words.get(word, word) for word in what.split(" "))
