"""Rows onto pages: what stays together, what repeats, what takes the height that is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.adapters.documents.boxes import PAGE_HEIGHT, Boxes, Cell, Row
from app.adapters.documents.layout import CellSpec, Layout, RowSpec, SectionSpec
from app.adapters.documents.setting import MM
from app.adapters.documents.words import Template

Page = list[Row]

_SLACK: Final = 0.05
_ANNEX: Final = SectionSpec(rows=(), name="附页", gap=3)
_ANNEX_LEAST: Final = 60.0
_LESS_AIR: Final = 0.1
_FEW_LINES: Final = 16.0
"""Height in mm below which the last row of a table is too little to begin a page."""
_END_OF_TEXT: Final = "（以下空白）"


class Paginator:
    """Lays out one document. Order: measure, paginate, stretch, fit, even columns, annex."""

    def __init__(self, boxes: Boxes, layout: Layout) -> None:
        self._boxes, self._layout = boxes, layout

    def pages(self) -> list[Page]:
        """Return the pages with every row in its place and every text set."""
        boxes = self._boxes
        pages = self._tightened(self._paginate(boxes.rows()))
        annexed = []
        for number, page in enumerate(pages):
            self._stretch(page, first=number == 0)
            annexed += boxes.settle_page(page)
        boxes.even(row for page in pages for row in page)
        if annexed:
            pages += self._annex(annexed)
        return pages

    def _tightened(self, pages: list[Page]) -> list[Page]:
        """Return the rows on fewer pages where the layout lets the air out for it, else as they were."""
        boxes, airy, tried = self._boxes, pages, 1.0
        while len(pages) >= len(airy) > 1 and tried > self._layout.tight:
            tried = boxes.tight = max(tried - _LESS_AIR, self._layout.tight)
            pages = self._paginate(boxes.rows())
        if len(pages) < len(airy):
            return pages
        boxes.tight = 1.0
        return airy

    def _limit(self, *, first: bool) -> float:
        boxes = self._boxes
        return PAGE_HEIGHT - boxes.bottom - boxes.top - (0 if first else boxes.style.running)

    def _paginate(self, rows: list[Row]) -> list[Page]:
        pages: list[Page] = [[]]
        used, at = 0.0, 0
        while at < len(rows):
            section = rows[at].section
            group = [rows[at]]
            while at + len(group) < len(rows) and rows[at + len(group)].section is section:
                group.append(rows[at + len(group)])
            at += len(group)
            limit = self._limit(first=len(pages) == 1)
            if pages[-1] and (section.fresh or len(pages) < section.page):
                pages.append([])
                used = 0
            elif pages[-1] and used + self._space(section) + self._together(group) > limit + _SLACK:
                held = _held(pages[-1]) if section.hold or section.carry else []
                pages.append(held)
                used = self._height(held)
            if pages[-1]:
                used += self._space(section)
            used = self._place(group, pages, used)
        return [page for page in pages if page]

    def _together(self, group: Page) -> float:
        """Return the height that must find room on this page: the whole, or for a table its heads and two rows."""
        if group[0].section.keep:
            return sum(row.height for row in group)
        heads = sum(row.head for row in group)
        return sum(row.height for row in group[: heads + 2])

    def _place(self, group: Page, pages: list[Page], used: float) -> float:
        heads = [row for row in group if row.head]
        for number, row in enumerate(group):
            need = row.height
            if number == len(group) - 2 and number and group[-1].height < _FEW_LINES:
                need += group[-1].height  # a last row of a line or two never goes alone
            if number and not row.section.keep and used + need > self._limit(first=len(pages) == 1) + _SLACK:
                pages.append([replace(head, stretch=False) for head in heads])
                used = sum(head.height for head in heads)
            pages[-1].append(row)
            used += row.height
        return used

    def _stretch(self, page: Page, *, first: bool) -> None:
        """Give what is left to the rows that take it, and every row its place."""
        boxes = self._boxes
        top = boxes.top + (0 if first else boxes.style.running)
        spaces = self._spaces(page)
        free = PAGE_HEIGHT - boxes.bottom - top - sum(row.height for row in page) - sum(spaces)
        stars = [row for row in page if row.stretch]
        if stars and free > 0:
            for row in stars:
                row.height += free / len(stars)
        y = top
        for row, space in zip(page, spaces, strict=True):
            row.y = y + space
            y = row.y + row.height
        if free < -_SLACK:
            names = "、".join(dict.fromkeys(row.section.name for row in page if row.section.name))
            boxes.problems.say(
                f"一页放不下，多出 {-free:.0f} 毫米（{names or '正文'}）。缩短这几栏的文字，或在版式里减小行高。"
            )

    def _space(self, section: SectionSpec) -> float:
        return section.space * self._boxes.tight

    def _spaces(self, page: Page) -> list[float]:
        """Return the space above each row: a section keeps off the one before."""
        return [
            self._space(row.section) if at and row.section is not page[at - 1].section else 0 for at, row in enumerate(page)
        ]

    def _height(self, page: Page) -> float:
        """Return the height of rows from the top of a page, with the spaces between their sections."""
        return sum(self._spaces(page)) + sum(row.height for row in page)

    def _annex(self, annexed: list[Cell]) -> list[Page]:
        """Return the pages on which overlong text goes on, signed at the end."""
        boxes = self._boxes
        rows = [boxes.row(spec, None, _ANNEX) for spec in self._layout.annex]
        ends = [boxes.row(spec, None, _ANNEX) for spec in self._layout.annex_end]
        room = self._limit(first=False) - sum(row.height for row in (*rows, *ends)) - _SLACK
        pages: list[Page] = []
        page, left = list(rows), room
        for cell in annexed:
            for row in self._continued(cell, room):
                if row.height > left and len(page) > len(rows):
                    pages.append([*page, *ends])
                    page, left = [replace(head) for head in rows], room
                    ends = [replace(end) for end in ends]
                page.append(row)
                left -= row.height
        pages.append([*page, *ends])
        for one in pages:
            self._stretch(one, first=False)
            for row in one:
                for cell in row.cells:
                    if cell.set is None:
                        boxes.settle(cell, row.height)
        return pages

    def _continued(self, cell: Cell, room: float) -> list[Row]:
        """Return the annex rows of one cell: as many as its rest needs, the last closed by （以下空白）."""
        boxes = self._boxes
        rest = (*(cell.set.rest if cell.set else ()), *boxes.paragraphs(_END_OF_TEXT, cell.role, cell.spec.name, fixed=True))
        label = CellSpec(
            "label",
            cell.spec.name,
            Template.read(cell.spec.annex),
            chars=5,
            role="label",
            fit=("shrink", "wrap"),
            align="center",
            spread=0,
        )
        body = cell.spec._replace(kind="text", text=Template(), fit=("wrap", "annex"), rows=1, valign="top", align="justify")
        rows: list[Row] = []
        while rest:
            row = boxes.row(RowSpec((label, body), height=_ANNEX_LEAST, grow=True, stretch=True), None, _ANNEX)
            target = row.cells[1]
            target.paragraphs = rest
            pad = 2 * boxes.vpad(_ANNEX) + 2
            text = boxes.settle(target, room - pad)
            row.height = max(_ANNEX_LEAST, min(room, text.height + pad + (0 if not text.rest else cell.role.size * 2 / MM)))
            rows.append(row)
            rest = text.rest
        return rows


def _held(page: Page) -> Page:
    """Take from a page what must not be left behind: the section before a signature, or the last two rows of a table with its heads.

    A closing text that travels with its table takes the table's end along. A page never gives all it has: then nothing is taken.
    """
    start = _begin(page, len(page) - 1)
    while start and page[start].section.carry:
        start = _begin(page, start - 1)
    if not start:
        return []
    section = page[start].section
    heads = [replace(row, stretch=False) for row in page[:start] if row.section is section and row.head]
    held = page[start:]
    del page[start:]
    return [*heads, *held]


def _begin(page: Page, last: int) -> int:
    """Return where what belongs together with this row begins: its whole section, or for a table the row before it."""
    section, start = page[last].section, last
    least = 0 if section.keep else last - 1
    while start > least and start and page[start - 1].section is section and not (page[start - 1].head and not section.keep):
        start -= 1
    return start
