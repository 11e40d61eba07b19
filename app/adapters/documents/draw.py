"""Pages into ink: frames and lines, text in its box, marks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from app.adapters.documents.boxes import FOOT_LEAD, PAGE_HEIGHT, PAGE_WIDTH, Boxes, Cell, Row
from app.adapters.documents.marks import FRAME, HAIR, OPTICAL, Marks
from app.adapters.documents.runs import Pen
from app.adapters.documents.setting import MM
from app.adapters.documents.tokens import BOX, GAP, HAN, tail, width

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.adapters.documents.ink import Drawn, Ink
    from app.adapters.documents.layout import Layout, SectionSpec
    from app.adapters.documents.setting import Paragraph
    from app.adapters.documents.words import Template

HEAVY: Final = 1.0
"""Line weights, mm: hair between cells; frame around and between sections; heavy under a letterhead and where the office begins to write."""
_LESS: Final = (HEAVY - FRAME) / 2
"""How much shorter a heavy line is at each end, mm: its square ends then close with the frame's edge."""
_TO_ANNEX: Final = "（转附页）"
_SPREAD: Final = (2, 3)
_MOST_JUSTIFY: Final = 0.14
_FOOT_AT: Final = 9.0
_TOUCH: Final = 0.01
_BOX_STEP: Final = 5.6
_MOST_DRAWN: Final = 2000
_EDGE_LEAST: Final = 7.0
_EDGE_GAP: Final = 3.0


class Painter:
    """Draws the pages of one document."""

    def __init__(self, boxes: Boxes, layout: Layout, drawn: dict[tuple[object, ...], Drawn]) -> None:
        """``drawn``: unchanging text as it was drawn, kept for the next document of the same layout and steady characters."""
        self._boxes, self._layout, self._drawn = boxes, layout, drawn
        self._pen: Pen

    def page(self, rows: Sequence[Row], number: int, total: int, ink: Ink) -> None:
        """Draw page ``number`` (from 1) of ``total``."""
        boxes, layout = self._boxes, self._layout
        self._bare = number in layout.backgrounds
        self._left = boxes.left if number % 2 or not layout.mirror else PAGE_WIDTH - boxes.left - boxes.width
        self._ink, self._pen = ink, Pen(ink, bare=self._bare)
        self._marks = Marks(boxes, ink, self._pen, bare=self._bare)
        if self._bare:
            ink.background(layout.backgrounds[number])
        said = {"page": str(number), "pages": str(total)}
        if number > 1 and layout.running:
            self._edges(layout.running, said, boxes.top + 3.2, "foot")
            if rows[0].section.lines != "grid":
                ink.line(self._left, boxes.top + 5, self._left + boxes.width, boxes.top + 5, HAIR)
        if layout.footer:
            self._edges(layout.footer, said, PAGE_HEIGHT - _FOOT_AT, "footer")
        for stack in _stacks(rows, lambda above, row: row.section is above.section):
            self._section(stack)
        self._frames(rows)
        for mark in layout.marks:
            if mark.page in (0, number) and mark.when.holds(boxes.base):
                self._marks.free(mark)

    def _edges(self, templates: Sequence[Template], said: Mapping[str, str], y: float, role_name: str) -> None:
        """Draw the head or the foot of a page: left, centre, right."""
        boxes, role = self._boxes, self._boxes.style.roles[role_name]
        lines = []
        for template in templates:
            text = boxes.filled(template, said).strip("　")
            fixed = all(said.get(bound.path) or template.steady for bound in template.bindings)
            lines.append(boxes.paragraphs(text, role, "页眉页脚", fixed=fixed)[0] if text else ())
        size = role.size
        while (tight := self._crowded([width(line) * size / MM for line in lines])) and size > _EDGE_LEAST:
            size -= 0.5
        if tight:
            boxes.problems.say("页眉或页脚写得太长，左中右三段叠在一起。在版式里缩短。")
        for at, line in enumerate(lines):
            if line:
                free = boxes.width - width(line) * size / MM
                self._pen.line(line, self._left + free * at / 2, y, size, role)

    def _crowded(self, widths: Sequence[float]) -> bool:
        """Whether left, centre and right of a head or foot would touch."""
        left, centre, right = widths
        if not centre:
            return left + right + _EDGE_GAP > self._boxes.width
        side = (self._boxes.width - centre) / 2 - _EDGE_GAP
        return max(left, right) > side

    # lines

    def _section(self, rows: Sequence[Row]) -> None:
        boxes, ink, section = self._boxes, self._ink, rows[0].section
        left, right = self._left, self._left + boxes.width
        top, end = rows[0].y, rows[-1].y + rows[-1].height
        if not self._bare and (section.side or section.lines == "grid"):
            places = [(row.y, row.height, *[(cell.x, cell.spec.rows) for cell in row.cells]) for row in rows]
            self._once((section.side, section.lines, left, *places), lambda: self._ruled(rows, top, end))
        for at, row in enumerate(rows):
            for cell in row.cells:
                height = row.height if cell.spec.rows == 1 else _height(cell, rows, at)
                self._cell(cell, left + cell.x, row.y, height, section)
            if section.lines == "rows" and not self._bare:
                ink.line(left, row.y + row.height, right, row.y + row.height, FRAME if row is rows[-1] else HAIR)
                if not at:
                    ink.line(left, row.y, right, row.y, FRAME)
        if self._bare:
            return
        if section.lines == "box":
            ink.rectangle(left, top, boxes.width, end - top, FRAME)
        elif section.lines == "under":
            ink.line(left + _LESS, end, right - _LESS, end, HEAVY)

    def _ruled(self, rows: Sequence[Row], top: float, end: float) -> None:
        """Draw a section's name and the lines between its cells."""
        ink, section, across = self._ink, rows[0].section, self._boxes.style.side
        if section.side:
            self._vertical(section.side, self._left, top, across, end - top)
            ink.line(self._left + across, top, self._left + across, end, HAIR)
        for at, row in enumerate(rows) if section.lines == "grid" else ():
            for place, cell in enumerate(row.cells):
                x = self._left + cell.x
                if place or (cell is row.cells[-1] and cell.spec.rows > 1):
                    ink.line(x, row.y, x, row.y + _height(cell, rows, at), HAIR)
                if at:
                    ink.line(x, row.y, x + cell.width, row.y, HAIR)

    def _frames(self, rows: Sequence[Row]) -> None:
        """Draw one frame around neighbouring grid sections, and the line between them."""
        if self._bare:
            return
        left, across = self._left, self._boxes.width
        grid = [row for row in rows if row.section.lines == "grid"]
        for stack in _stacks(grid, lambda above, row: abs(row.y - above.y - above.height) < _TOUCH):
            self._ink.rectangle(left, stack[0].y, across, stack[-1].y + stack[-1].height - stack[0].y, FRAME)
            for above, row in pairwise(stack):
                if row.section is not above.section:
                    less, weight = (_LESS, HEAVY) if row.section.heavy else (0, FRAME)
                    self._ink.line(left + less, row.y, left + across - less, row.y, weight)

    # text

    def _cell(self, cell: Cell, x: float, y: float, height: float, section: SectionSpec) -> None:
        spec = cell.spec
        if self._bare and not spec.mark and (spec.text.fixed or spec.kind == "label"):
            return  # the blank has its words
        valign = spec.valign or ("top" if cell.foot or "annex" in spec.fit else "middle")
        if cell.boxed:
            self._character_boxes(cell, x, y, height)
        elif cell.set is not None and cell.set.lines:
            if spec.text.steady and cell.text:
                # Its set text is kept as long as what was drawn of it, and so is the layout: their places in memory name them.
                key = (id(cell.set), id(spec), id(section), x, y, height, self._bare)
                self._once(key, lambda: self._paint(cell, x, y, height, valign, section))
            else:
                self._paint(cell, x, y, height, valign, section)
        if cell.foot and not self._bare:
            self._foot(cell, x, y + height, section)
        if spec.mark:
            self._marks.in_cell(cell, x, y, height)

    def _once(self, key: tuple[object, ...], draw: Callable[[], None]) -> None:
        """Draw something that looks the same in every case: from scratch the first time."""
        found = self._drawn.get(key)
        if found is not None:
            self._ink.again(found)
            return
        mark = self._ink.mark()
        draw()
        if len(self._drawn) >= _MOST_DRAWN:
            self._drawn.clear()
        self._drawn[key] = self._ink.since(mark)

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
            tokens = _strokes(line.tokens) if self._bare and spec.kind == "tick" else line.tokens
            self._pen.line(tokens, start, base, text.size, cell.role, extra)
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
        for at in range(0 if self._bare else count):
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


def _height(cell: Cell, rows: Sequence[Row], at: int) -> float:
    """Return how high a cell of this row is, which may reach over the rows below."""
    return sum(row.height for row in rows[at : at + cell.spec.rows])


def _strokes(tokens: Paragraph) -> Paragraph:
    """Return only the ticks of a line of choices: the blank has the boxes and the words."""
    return tuple(token if token.kind == BOX and token.text == "☑" else token._replace(kind=GAP) for token in tokens)


def _stacks(rows: Sequence[Row], joined: Callable[[Row, Row], bool]) -> list[list[Row]]:
    """Return the rows in stacks of neighbours that belong together."""
    stacks: list[list[Row]] = []
    for row in rows:
        if stacks and joined(stacks[-1][-1], row):
            stacks[-1].append(row)
        else:
            stacks.append([row])
    return stacks
