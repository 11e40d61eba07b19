"""Sheets that divide a stack of paper: a divider (隔页) names the requirement that the sheets behind it belong to, a cover names a case.

A divider says nothing of anybody and is used again and again; its code is ``CKP:`` and the requirement's id. A cover's code is the
acceptance number (``resources/layouts/cover.toml``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.numbering import parse_number
from app.core.office_sheets import Line, OfficeSheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.region import Region

KIND: Final = "dividers"
_MARK: Final = "CKP:"
NOT_ASKED: Final = "这张隔页的材料，这位不用交。停在这里，前面收的都在；拿掉这张隔页，把后面的再扫"


@dataclass(frozen=True, slots=True)
class Divided:
    """What a dividing sheet says: the ``requirement`` of the sheets behind it, or the acceptance ``number`` of the case that begins."""

    requirement: str = ""
    number: str = ""


def read(codes: Iterable[str]) -> Divided | None:
    """Return what the large codes of a page say, None for an ordinary page."""
    for code in codes:
        if code.startswith(_MARK):
            return Divided(requirement=code.removeprefix(_MARK))
        if number := parse_number(code):
            return Divided(number=str(number))
    return None


def another_case(number: str) -> str:
    """Return what is said at the cover of another case."""
    return f"扫到了另一件的封面（{number}）。停在这里，前面收的都在；从这张封面起，是那一件的纸"


def sheet(region: Region) -> OfficeSheet:
    """Return a divider for every paper that this region asks for, one to a page; the form, which is printed here, has none."""
    lines = tuple(Line(one.name, f"{_MARK}{one.id}") for one in region.requirements if not one.made_here)
    return OfficeSheet(KIND, "隔页", lines)
