"""What a page is: by the words only such a page has, a paper by its title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.readings import Looks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.reading.prints import Print

_CARD_ROWS: Final = 16
"""More rows than this has no card."""
_TITLE: Final = 0.3
"""A paper's title stands in this upper share of it."""
_TITLE_SIGNS: Final = 20
"""More characters than this is a sentence, no title."""
_ENOUGH: Final = 2
_OWN: Final = re.compile("公民身份|身份号码|^住址")
"""What only an identity card has: name, sex and birth are on every paper."""

_FRONT: Final = tuple(
    map(re.compile, ("^姓?名", "性别|^[男女]民族", "民族", "^出生|年.{1,2}月.{1,2}日$", "^住址", "公民身份|身份号码"))
)
_BACK: Final = tuple(
    map(re.compile, ("居民身份证|居住证$", "签发机|发机关", "有效期限|期限", r"\d{4}.\d\d.\d\d-(?:\d{4}|长期)"))
)
_SOCIAL: Final = tuple(map(re.compile, ("社[会會]保障卡", "社[会會]保障号码|保障号", "卡号", "发卡日期|发卡")))
# Wide-set titles are sometimes read in the old forms of their characters.
_TITLES: Final = (
    (
        Looks.DIAGNOSIS,
        re.compile("(?:[诊診][断斷][证證]|[断斷][证證]明|病情[证證]明|[诊診][断斷][书書]|疾病[证證]明)明?[书書]?(?:存根)?"),
    ),
    (Looks.DISCHARGE, re.compile("院(?:小[结結]|[记記][录錄]|[总總][结結]|志)")),
    (Looks.PRESCRIPTION, re.compile("[处處]方[笺签单]?")),
    (Looks.REPORT, re.compile("[报報]告[单書书單]?|(?:[检檢][验驗查]|化[验驗])[单單]")),
)
_TALLER: Final = 1.05
"""A title is taller than the page's usual row by this factor, or says nothing behind its name."""


def look(rows: Sequence[Print]) -> Looks:
    """Return what these rows look like; UNKNOWN rather than a guess by one word."""
    close = [row.close().plain for row in rows]
    title = _title(rows)
    if title is not Looks.UNKNOWN:
        return title
    if len(rows) > _CARD_ROWS:
        return Looks.UNKNOWN
    marks = {
        Looks.ID_FRONT: sum(any(one.search(text) for text in close) for one in _FRONT) if any(map(_OWN.search, close)) else 0,
        Looks.ID_BACK: sum(any(one.search(text) for text in close) for one in _BACK),
        Looks.SOCIAL_CARD: sum(any(one.search(text) for text in close) for one in _SOCIAL),
    }
    best = max(marks, key=lambda one: marks[one])
    return best if marks[best] >= _ENOUGH and list(marks.values()).count(marks[best]) == 1 else Looks.UNKNOWN


def _title(rows: Sequence[Print]) -> Looks:
    """Return what the tallest title says: 检验报告单 of a hospital's letterhead is none."""
    heights = sorted(row.box[3] for row in rows)
    usual = heights[len(heights) // 2] if heights else 0.0
    found = [
        (row.box[3], looks)
        for row in rows
        if row.box[1] < _TITLE and len(row.close()) <= _TITLE_SIGNS
        for looks, words in _TITLES
        for hit in words.finditer(row.close().plain)
        if row.box[3] > usual * _TALLER or hit.end() == len(row.close())
    ]
    return max(found, key=lambda one: one[0])[1] if found else Looks.UNKNOWN
