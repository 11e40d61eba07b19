"""A layout as typed values: sections of rows of cells.

Lengths are millimetres, text sizes points, places count from the top left corner of A4. Named tuples, as these classes are made at the
first document of a process: making them as dataclasses took 16 ms.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from app.adapters.documents.words import Condition, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("label", "value", "tick", "boxes", "text")
MARKS: Final = ("qr", "code128", "seal", "stamp")
LINES: Final = ("grid", "rows", "box", "under", "none")
FITS: Final = ("shrink", "wrap", "annex")
ALIGNS: Final = ("left", "center", "right", "justify")
EDITIONS: Final = ("normal", "letter", "large")
NO_TEXT: Final = Template()
ALWAYS: Final = Condition()


class CellSpec(NamedTuple):
    """One cell. ``width`` in mm, or in characters of the label's size, or None for the rest; ``name`` is what people call it."""

    kind: str
    name: str
    text: Template
    width: float | None = None
    chars: float | None = None
    rows: int = 1
    role: str = ""
    align: str = ""
    valign: str = ""
    fit: tuple[str, ...] = ()
    annex: str = ""
    empty: str = ""
    foot: Template = NO_TEXT
    foot_align: str = "right"
    indent: float = 0
    hang: float = 0
    flush: bool = False
    inset: float = 0
    spread: int = 4
    boxes: int = 18
    mark: str = ""
    size: float = 20
    code: Template = NO_TEXT
    when: Condition = ALWAYS


class RowSpec(NamedTuple):
    """One row. ``grow``: at least ``height``; ``stretch``: takes what is left on the page; ``each``: one row for every item."""

    cells: tuple[CellSpec, ...]
    height: float = 0
    grow: bool = True
    stretch: bool = False
    each: str = ""
    least: int = 0
    head: bool = False
    when: Condition = ALWAYS


class SectionSpec(NamedTuple):
    """One section. ``page``: the page it begins on at the earliest (0 none); ``fresh``: it begins a page.

    ``hold``: never alone on a page; ``carry``: goes with the end of the table before it.
    """

    rows: tuple[RowSpec, ...]
    name: str = ""
    side: str = ""
    lines: str = "grid"
    heavy: bool = False
    space: float = 0
    gap: float | None = None
    keep: bool = True
    fresh: bool = False
    page: int = 0
    hold: bool = False
    carry: bool = False
    when: Condition = ALWAYS


class MarkSpec(NamedTuple):
    """A free mark; a negative place counts from the right or bottom edge. ``page`` 0 means every page. ``size`` is a bar code's height."""

    kind: str
    x: float
    y: float
    size: float = 20
    code: Template = NO_TEXT
    page: int = 1
    when: Condition = ALWAYS


class Layout(NamedTuple):
    """A whole document.

    ``backgrounds``: an official blank (PDF of one page) under a page; there only values, tick strokes and codes are printed.
    ``tight``: to this share the air of rows that grow may be let out where that saves a page.
    ``mirror``: even pages have their binding edge at the right, for printing on both sides.
    """

    title: Template
    sections: tuple[SectionSpec, ...]
    annex: tuple[RowSpec, ...] = ()
    annex_end: tuple[RowSpec, ...] = ()
    editions: tuple[str, ...] = ("normal",)
    margin: tuple[float, float, float, float] | None = None
    running: tuple[Template, ...] = ()
    footer: tuple[Template, ...] = ()
    marks: tuple[MarkSpec, ...] = ()
    codes: Mapping[str, Mapping[str, str]] | None = None
    backgrounds: Mapping[int, bytes] = MappingProxyType({})
    mirror: bool = False
    tight: float = 1
