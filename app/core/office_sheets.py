"""Papers about no single case: answers for people who ask, a list for a round of calls, the morning's test slip.

They bind to :data:`PATHS` and :data:`LISTS` alone, so that no layout of theirs can print an application.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.days import iso, parse_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.region import Region

KINDS: Final[Mapping[str, str]] = {"answers": "窗口问答", "roll": "名单", "dividers": "扫描隔页"}
"""Layout to what people call it.

``answers``: a head and text for each line; ``roll``: a table with room for the pen; ``dividers``: a page for each line, its text as a code.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, what is said, and beside it a short remark."""

    head: str
    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class OfficeSheet:
    """What such a paper says. ``kind`` of :data:`KINDS`; ``about``: one sentence under the title.

    ``columns`` are the heads of a roll's three columns; the fourth, ``pen``, stays empty for the pen.
    """

    kind: str
    title: str
    lines: tuple[Line, ...]
    about: str = ""
    columns: tuple[str, str, str] = ("", "", "")
    pen: str = "结果"


LISTS: Final[Mapping[str, frozenset[str]]] = {"lines": frozenset({"head", "text", "aside"})}
PATHS: Final = frozenset(
    {
        "region.office",
        "region.hotline",
        *(f"sheet.{name}" for name in ("title", "about", "made", "counter", "count", "head", "text", "aside", "pen")),
    }
)


def bindings(sheet: OfficeSheet, region: Region, counter: str, moment: str) -> dict[str, Any]:
    """Return what the layout binds to. ``counter``: the window's name; ``moment``: ISO, its day is printed."""
    day = parse_day(moment.partition("T")[0])
    head, text, aside = sheet.columns
    return {
        "sheet": {
            "title": sheet.title,
            "about": sheet.about,
            "made": iso(day) if day else "",
            "counter": counter,
            "count": str(len(sheet.lines)),
            "head": head,
            "text": text,
            "aside": aside,
            "pen": sheet.pen,
        },
        "region": {"office": region.fact("office").text.strip(), "hotline": region.fact("hotline").text.strip()},
        "lines": [{"head": one.head, "text": one.text, "aside": one.aside} for one in sheet.lines],
    }
