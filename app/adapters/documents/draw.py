"""Pages into ink: frames and lines, text in its box, marks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from app.adapters.documents import codes
from app.adapters.documents.boxes import FOOT_LEAD, PAGE_HEIGHT, PAGE_WIDTH, Boxes, Cell, Row
from app.adapters.documents.runs import Pen
from app.adapters.documents.setting import MM, Role
from app.adapters.documents.tokens import HAN, tail, width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.adapters.documents.ink import Ink
    from app.adapters.documents.layout import Layout, MarkSpec, SectionSpec

HAIR: Final = 0.3
FRAME: Final = 0.6
HEAVY: Final = 1.0
"""Line weights, mm: between cells; frame and between sections; letterhead and "from here on the office writes"."""
OPTICAL: Final = 0.38
"""A line of Han centres so many em above its baseline."""
_SEAL: Final = Role(font="song", size=9, grey=0.55)
_SEAL_GREY: Final = 0.62
_TO_ANNEX: Final = "（转附页）"
_SPREAD: Final = (2, 3)
_MOST_JUSTIFY: Final = 0.14
_FOOT_AT: Final = 9.0
_TOUCH: Final = 0.01
_BOX_STEP: Final = 5.6


class Painter:
    """Draws the pages of one document."""

    def __init__(self, boxes: Boxes, layout: Layout) -> None:
        self._boxes, self._layout = boxes, layout
        self._pen: Pen

    def page(self, rows: Sequence[Row], number: int, total: int, ink: Ink) -> None:
        """Draw page ``number`` (from 1) of ``total``."""
        boxes, layout = self._boxes, self._layout
        self._ink, self._pen = ink, Pen(ink)
        said = {"page": str(number), "pages": str(total)}
        if number > 1 and layout.running:
            self._edges([boxes.filled(text, said) for text in layout.running], boxes.top + 3.2, "foot")
            if rows[0].section.lines != "grid":
                ink.line(boxes.left, boxes.top + 5, boxes.left + boxes.width, boxes.top + 5, HAIR)
        if layout.footer:
            self._edges([boxes.filled(text, said) for text in layout.footer], PAGE_HEIGHT - _FOOT_AT, "footer")
        for stack in _stacks(rows, lambda above, row: row.section is above.section):
            self._section(stack)
        self._frames(rows)
        for mark in layout.marks:
            if mark.page in (0, number) and mark.when.holds(boxes.base):
                self._free_mark(mark)

    def _edges(self, texts: Sequence[str], y: float, role_name: str) -> None:
        """Draw the head or the foot of a page: left, centre, right."""
        boxes, role = self._boxes, self._boxes.style.roles[role_name]
        for at, text in enumerate(texts):
            if text:
                tokens = boxes.paragraphs(text, role, "页眉页脚")[0]
                free = boxes.width - width(tokens) * role.size / MM
                self._pen.line(tokens, boxes.left + free * at / 2, y, role.size, role)

    # lines

    def _section(self, rows: Sequence[Row]) -> None:
        boxes, ink, section = self._boxes, self._ink, rows[0].section
        left, right = boxes.left, boxes.left + boxes.width
        top, end = rows[0].y, rows[-1].y + rows[-1].height
        if section.side:
            self._vertical(section.side, left, top, boxes.style.side, end - top)
            ink.line(left + boxes.style.side, top, left + boxes.style.side, end, HAIR)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row.cells):
                height = row.height if cell.spec.rows == 1 else sum(below.height for below in rows[at : at + cell.spec.rows])
                if section.lines == "grid":
                    self._grid(cell, row, height, first_row=not at, place=place, last=place == len(row.cells) - 1)
                self._cell(cell, left + cell.x, row.y, height, section)
            if section.lines == "rows":
                ink.line(left, row.y + row.height, right, row.y + row.height, FRAME if row is rows[-1] else HAIR)
                if not at:
                    ink.line(left, row.y, right, row.y, FRAME)
        if section.lines == "box":
            ink.rectangle(left, top, boxes.width, end - top, FRAME)
        elif section.lines == "under":
            ink.line(left, end, right, end, HEAVY)

    def _grid(self, cell: Cell, row: Row, height: float, *, first_row: bool, place: int, last: bool) -> None:
        x = self._boxes.left + cell.x
        if place or (last and cell.spec.rows > 1):
            self._ink.line(x, row.y, x, row.y + height, HAIR)
        if not first_row:
            self._ink.line(x, row.y, x + cell.width, row.y, HAIR)

    def _frames(self, rows: Sequence[Row]) -> None:
        """Draw one frame around neighbouring grid sections, and the line between them."""
        left, across = self._boxes.left, self._boxes.width
        grid = [row for row in rows if row.section.lines == "grid"]
        for stack in _stacks(grid, lambda above, row: abs(row.y - above.y - above.height) < _TOUCH):
            self._ink.rectangle(left, stack[0].y, across, stack[-1].y + stack[-1].height - stack[0].y, FRAME)
            for above, row in pairwise(stack):
                if row.section is not above.section:
                    self._ink.line(left, row.y, left + across, row.y, HEAVY if row.section.heavy else FRAME)

    # text

    def _cell(self, cell: Cell, x: float, y: float, height: float, section: SectionSpec) -> None:
        spec = cell.spec
        valign = spec.valign or ("top" if cell.foot or "annex" in spec.fit else "middle")
        if cell.boxed:
            self._character_boxes(cell, x, y, height)
        elif cell.set is not None and cell.set.lines:
            self._paint(cell, x, y, height, valign, section)
        if cell.foot:
            self._foot(cell, x, y + height, section)
        if spec.mark:
            self._cell_mark(cell, x, y, height)

    def _paint(self, cell: Cell, x: float, y: float, height: float, valign: str, section: SectionSpec) -> None:
        """Draw the set text of a cell in its box."""
        boxes, text, spec = self._boxes, cell.set, cell.spec
        if text is None:
            return
        em = text.size / MM
        left, inner = x + (0 if spec.flush else boxes.style.pad) + spec.inset, boxes.inner(cell)
        step = text.lead * em
        base = y + height / 2 - (len(text.lines) - 1) * step / 2 if valign == "middle" else y + boxes.vpad(section) + 0.5 * em
        base += OPTICAL * em
        for line in text.lines:
            room = inner - line.left * em
            start, extra = left + line.left * em, cell.role.track
            free = room - width(line.tokens, cell.role.track) * em
            if spec.align == "center":
                start += free / 2
            elif spec.align == "right":
                start += free
            elif spec.align == "justify" and line.inner and len(line.tokens) > 1 and boxes.style.justify:
                gap = (free / em + tail(line.tokens)) / (len(line.tokens) - 1)
                extra = gap if gap < _MOST_JUSTIFY else extra
            if (
                spec.spread
                and len(text.lines) == 1
                and len(line.tokens) in _SPREAD
                and all(token.kind == HAN for token in line.tokens)
            ):
                wanted = min(spec.spread, inner / em)
                extra = (wanted - len(line.tokens)) / (len(line.tokens) - 1)
                start = left + (inner - wanted * em) / 2
            self._pen.line(line.tokens, start, base, text.size, cell.role, extra)
            base += step
        if text.rest:
            role = boxes.style.roles["foot"]
            tokens = boxes.paragraphs(_TO_ANNEX, role, spec.name, fixed=True)[0]
            self._pen.line(tokens, left + inner - width(tokens) * role.size / MM, base, role.size, role)

    def _foot(self, cell: Cell, x: float, bottom: float, section: SectionSpec) -> None:
        """Draw the lines at the bottom of a cell: signature and date."""
        boxes, role = self._boxes, self._boxes.style.roles["foot"]
        step = role.size * FOOT_LEAD / MM
        edge = 0 if cell.spec.flush else boxes.style.pad
        base = bottom - boxes.vpad(section) - 0.3 - (len(cell.foot) - 1) * step - 0.12 * role.size / MM
        for tokens in cell.foot:
            start = x + edge if cell.spec.foot_align == "left" else x + cell.width - edge - width(tokens) * role.size / MM
            self._pen.line(tokens, start, base, role.size, role)
            base += step

    def _character_boxes(self, cell: Cell, x: float, y: float, height: float) -> None:
        """Draw one box per character; empty ones stay for the pen."""
        boxes, role, count = self._boxes, cell.role, cell.spec.boxes
        step = min((cell.width - 2 * boxes.style.pad) / count, _BOX_STEP)
        high = min(step, height - 2.4)
        start, top = x + boxes.style.pad, y + (height - high) / 2
        for at in range(count):
            self._ink.rectangle(start + at * step, top, step, high, HAIR)
        for at, char in enumerate(cell.text):
            tokens = boxes.paragraphs(char, role, cell.spec.name)[0]
            inset = (step - width(tokens) * role.size / MM) / 2
            self._pen.line(tokens, start + at * step + inset, y + height / 2 + 0.365 * role.size / MM, role.size, role)

    def _vertical(self, text: str, x: float, y: float, across: float, height: float) -> None:
        """Draw a section's name downwards, in the middle of its column."""
        boxes, role = self._boxes, self._boxes.style.roles["side"]
        size = min(role.size, (height - 2) * MM / len(text) / 1.08)
        step = min(1.5 * size / MM, (height - 3) / len(text))
        top = y + (height - step * len(text)) / 2
        for at, char in enumerate(text):
            tokens = boxes.paragraphs(char, role, text, fixed=True)[0]
            self._pen.line(
                tokens, x + (across - width(tokens) * size / MM) / 2, top + (at + 0.5) * step + OPTICAL * size / MM, size, role
            )

    # marks

    def _cell_mark(self, cell: Cell, x: float, y: float, height: float) -> None:
        spec, size = cell.spec, cell.spec.size
        if spec.mark == "seal":
            self._mark("seal", x + cell.width - size - 5, y + height - size - 3, size, cell.code)
        elif spec.align == "right":
            edge = 0 if spec.flush else self._boxes.style.pad
            self._mark(spec.mark, x + cell.width - size - edge, y + (height - size) / 2, size, cell.code)
        else:
            self._mark(spec.mark, x + (cell.width - size) / 2, y + (height - size) / 2, size, cell.code)

    def _free_mark(self, mark: MarkSpec) -> None:
        x = mark.x if mark.x >= 0 else PAGE_WIDTH + mark.x
        y = mark.y if mark.y >= 0 else PAGE_HEIGHT + mark.y
        self._mark(mark.kind, x, y, mark.size, self._boxes.filled(mark.code))

    def _mark(self, kind: str, x: float, y: float, size: float, code: str) -> None:
        """Draw a mark. Without a number there is no code."""
        if kind == "seal":
            self._ink.circle(x + size / 2, y + size / 2, size / 2, HAIR, _SEAL_GREY)
        if not code:
            return
        if kind == "qr":
            side, runs = codes.qr(code)
            module = size / side
            self._ink.fill((x + column * module, y + row * module, length * module, module) for column, row, length in runs)
            return
        role = _SEAL if kind == "seal" else self._boxes.style.roles["stamp"]
        tokens = self._boxes.paragraphs(code, role, "印章")[0]
        em = role.size / MM
        across = width(tokens, role.track) * em
        if kind == "seal":
            self._pen.line(tokens, x + (size - across) / 2, y + size / 2 + OPTICAL * em, role.size, role)
        else:
            self._ink.rectangle(x, y, across + 4, 1.5 * em, FRAME)
            self._pen.line(tokens, x + 2, y + 0.75 * em + OPTICAL * em, role.size, role, role.track)


def _stacks(rows: Sequence[Row], joined: Callable[[Row, Row], bool]) -> list[list[Row]]:
    """Return the rows in stacks of neighbours that belong together."""
    stacks: list[list[Row]] = []
    for row in rows:
        if stacks and joined(stacks[-1][-1], row):
            stacks[-1].append(row)
        else:
            stacks.append([row])
    return stacks
