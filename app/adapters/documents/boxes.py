"""Rows of cells: a layout's rows filled with one case, measured, and their text set into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.adapters.documents.setting import MM, Box, Paragraph, Role, Setter, SetText
from app.adapters.documents.tokens import Tokenised, tokenise
from app.adapters.documents.words import Codes, Scopes, Template, look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.adapters.documents.fonts import Fonts
    from app.adapters.documents.layout import CellSpec, Layout, RowSpec, SectionSpec
    from app.adapters.documents.style import Style

PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0
FOOT_LEAD: Final = 1.5
_CLEAR: Final = 1.7
"""Height a fixed row keeps free of text, mm."""
_CHAR_EDGE: Final = 0.6
_WIDTH_SLACK: Final = 0.05
_TICKED, _BLANK = "☑", "□"


@dataclass(slots=True)
class Cell:
    """A cell of one case. ``x`` from the left margin and ``width`` in mm; ``set`` is None until its text was set."""

    spec: CellSpec
    role: Role
    text: str
    paragraphs: tuple[Paragraph, ...]
    foot: tuple[Paragraph, ...]
    code: str
    x: float = 0
    width: float = 0
    set: SetText | None = None

    @property
    def boxed(self) -> bool:
        """Whether each character stands in a box of its own: only text that fits them does, anything else is a plain value."""
        return self.spec.kind == "boxes" and len(self.text) in (0, self.spec.boxes)


class Words(NamedTuple):
    """What a cell says: its text, as set, at its foot, in its code."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    foot: tuple[Paragraph, ...]
    code: str


@dataclass(slots=True)
class Row:
    """A row of one case; ``y`` and ``height`` in mm."""

    cells: list[Cell]
    height: float
    section: SectionSpec
    grow: bool = False
    stretch: bool = False
    head: bool = False
    repeated: bool = False
    y: float = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a layout's unchanging text is kept for the next document: its tokens, and how it was set. Nothing of a case."""

    tokens: dict[tuple[str, str], Tokenised] = field(default_factory=dict)
    sets: dict[tuple[str, Role, Box, tuple[str, ...]], SetText] = field(default_factory=dict)
    cells: dict[tuple[int, int], Words] = field(default_factory=dict)
    """Cells that say the same in every case, by their place in memory and the edition's."""


@dataclass(slots=True)
class Problems:
    """What keeps a document from being printed, each named by its field, once."""

    found: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Note a problem."""
        if sentence not in self.found:
            self.found.append(sentence)


class Boxes:
    """Makes the rows of one document."""

    def __init__(
        self,
        layout: Layout,
        style: Style,
        data: Mapping[str, Any],
        codes: Codes,
        fonts: Fonts,
        kept: Kept,
    ) -> None:
        self._layout, self.style, self._codes, self._fonts = layout, style, codes, fonts
        self._base: Scopes = (data,)
        self._kept = kept
        self._setter = Setter(fonts)
        self._tokens: dict[tuple[str, str], Tokenised] = {}
        self.problems = Problems()
        top, right, bottom, left = layout.margin or style.margin
        self.top, self.bottom, self.left = top, bottom, left
        self.width = PAGE_WIDTH - left - right
        self.tight = 1.0
        """How much of their air rows that grow keep: less where that saves a page."""

    def rows(self) -> list[Row]:
        """Return every row of the document, in order."""
        out: list[Row] = []
        for section in self._layout.sections:
            if not section.when.holds(self._base):
                continue
            spans: list[tuple[float, int]] = []
            for spec in section.rows:
                for scopes in self._items(spec):
                    if not spec.when.holds(scopes):
                        continue
                    row = self.row(spec, scopes, section, sum(width for width, _ in spans))
                    out.append(row)
                    spans = [(width, left - 1) for width, left in spans if left > 1]
                    spans += [(cell.width, cell.spec.rows - 1) for cell in row.cells if cell.spec.rows > 1]
        return out

    def _items(self, spec: RowSpec) -> list[Scopes]:
        if not spec.each:
            return [self._base]
        found = look(spec.each, self._base)
        items: list[Mapping[str, Any]] = list(found) if isinstance(found, list | tuple) else []
        items += [{}] * (spec.least - len(items))
        return [({**item, "n": str(at)}, *self._base) for at, item in enumerate(items, 1)]

    def row(self, spec: RowSpec, scopes: Scopes | None, section: SectionSpec, taken: float = 0) -> Row:
        """Return one row; ``taken``: width in mm that a cell of a row above occupies. Without ``scopes`` a row of the annex, made for it."""
        kept, scopes = scopes is not None, scopes if scopes is not None else self._base
        cells = [self._cell(one, scopes, kept=kept) for one in spec.cells if one.when.holds(scopes)]
        left = self.style.side if section.side else 0
        self._widths(cells, left, self.width - left - taken)
        height = spec.height * self.air(section) if spec.grow and not spec.stretch else spec.height
        row = Row(cells, height, section, spec.grow, spec.stretch, spec.head, bool(spec.each))
        if spec.grow:
            for cell in cells:
                if cell.spec.rows == 1 and not cell.boxed:
                    row.height = max(row.height, self._needed(cell, height, section))
        return row

    def _widths(self, cells: Sequence[Cell], left: float, room: float) -> None:
        fixed = [self._fixed_width(cell) for cell in cells]
        free = room - sum(width for width in fixed if width is not None)
        stars = fixed.count(None)
        if free < -_WIDTH_SLACK or (not stars and abs(free) > _WIDTH_SLACK):
            names = "、".join(dict.fromkeys(cell.spec.name for cell in cells))
            self.problems.say(f'“{names}”这一行的宽度差 {free:+.1f} 毫米，把其中一格的 w 改成 "*" 或改准')
        x = left
        for cell, width in zip(cells, fixed, strict=True):
            cell.x, cell.width = x, width if width is not None else max(free, 0) / stars
            x += cell.width

    def _fixed_width(self, cell: Cell) -> float | None:
        if cell.spec.chars is None:
            return cell.spec.width
        return cell.spec.chars * self.style.roles["label"].size / MM + 2 * self.style.pad + _CHAR_EDGE

    def _cell(self, spec: CellSpec, scopes: Scopes, *, kept: bool) -> Cell:
        role, key = self.style.roles[spec.role], (id(spec), id(self.style))
        said = self._kept.cells.get(key)
        if said is None:
            problems = len(self.problems.found)
            said = self._words(spec, scopes, role)
            fixed = spec.text.fixed and spec.foot.fixed and spec.code.fixed and spec.kind != "tick"
            if fixed and kept and len(self.problems.found) == problems:
                self._kept.cells[key] = said
        return Cell(spec, role, *said)

    def _words(self, spec: CellSpec, scopes: Scopes, role: Role) -> Words:
        if spec.kind == "tick":
            text = self._ticks(spec, scopes)
        else:
            text = spec.text.fill(scopes, self._codes)
            if not spec.text.fixed:
                text = text.strip("　")  # a separator beside an empty binding
        if not text.strip():
            text = spec.empty or text
        fixed = spec.text.steady or spec.kind == "tick"
        foot = spec.foot.fill(scopes, self._codes)
        return Words(
            text,
            self.paragraphs(text, role, spec.name, fixed=fixed) if text else (),
            self.paragraphs(foot, self.style.roles["foot"], spec.name, fixed=spec.foot.steady) if foot else (),
            spec.code.fill(scopes, self._codes),
        )

    def _ticks(self, spec: CellSpec, scopes: Scopes) -> str:
        """Return every entry of a code map with a box before it, the chosen ones ticked; a chosen code of no entry is added."""
        binding = spec.text.bindings[0]
        value = look(binding.path, scopes)
        chosen = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}
        words = self._codes[binding.pipes[0]]
        return "　".join((_TICKED if code in chosen else _BLANK) + word for code, word in words.items())

    def paragraphs(self, text: str, role: Role, name: str, *, fixed: bool = False) -> tuple[Paragraph, ...]:
        """Return the tokens of each paragraph. The tokens of text that is the same in every case are kept for the next."""
        out = []
        for line in text.split("\n"):
            key = (role.font, line)
            found = self._kept.tokens.get(key) or self._tokens.get(key)
            if found is None:
                found = tokenise(line, role.font, self._fonts)
                # What belongs to the case goes with it: most of a list of papers and of the feet says the same again.
                (self._kept.tokens if fixed or len(line) == 1 else self._tokens)[key] = found
            for char in found.missing:
                self.problems.say(
                    f"“{name}”里的“{char}”（U+{ord(char):04X}）没有字形，印不出来。照证件核对这个字，或改写成证件上的另一种写法。"
                )
            out.append(found.tokens)
        return tuple(out)

    def _needed(self, cell: Cell, height: float, section: SectionSpec) -> float:
        """Return the height a growing row needs for this cell."""
        code = cell.spec.size + 2 if cell.spec.mark == "qr" else 0
        if "annex" in cell.spec.fit:
            return max(height, code)
        text = self.settle(cell, None)
        foot = len(cell.foot) * self.style.roles["foot"].size * FOOT_LEAD / MM
        return max(height, code, text.height + 2 * self.vpad(section) + foot + (1 if foot else 0))

    def vpad(self, section: SectionSpec) -> float:
        """Return the space above and below text in rows that grow, mm."""
        return (self.style.vpad if section.gap is None else section.gap) * self.air(section)

    def air(self, section: SectionSpec) -> float:
        """Return how much of its air a section keeps: all of it around a code or a seal."""
        if self.tight < 1 and not any(cell.mark for row in section.rows for cell in row.cells):
            return self.tight
        return 1

    def inner(self, cell: Cell) -> float:
        """Return the width for text, mm."""
        return cell.width - 2 * ((0 if cell.spec.flush else self.style.pad) + cell.spec.inset)

    def settle(self, cell: Cell, height: float | None) -> SetText:
        """Set a cell's text into this height, or as high as it needs."""
        if not cell.paragraphs or cell.boxed:
            cell.set = SetText((), cell.role.size, cell.role.lead)
            return cell.set
        foot = len(cell.foot) * self.style.roles["foot"].size * FOOT_LEAD / MM
        box = Box(self.inner(cell), None if height is None else height - _CLEAR - foot, cell.spec.indent, cell.spec.hang)
        fit = ("shrink", "wrap") if cell.spec.kind == "boxes" else cell.spec.fit
        if not cell.spec.text.steady or not cell.text:  # without text: the rest of another cell, on the annex
            cell.set = self._setter.fit(cell.paragraphs, cell.role, box, fit)
            return cell.set
        key = (cell.text, cell.role, box, fit)
        cell.set = self._kept.sets.get(key)
        if cell.set is None:
            cell.set = self._kept.sets[key] = self._setter.fit(cell.paragraphs, cell.role, box, fit)
        return cell.set

    def settle_page(self, page: Sequence[Row]) -> list[Cell]:
        """Set every cell of a page at its final height; return those that go on in the annex."""
        annexed = []
        for at, row in enumerate(page):
            for cell in row.cells:
                height = row.height if cell.spec.rows == 1 else sum(below.height for below in page[at : at + cell.spec.rows])
                free = row.grow and "annex" not in cell.spec.fit
                pad = 2 * self.vpad(row.section) - 1.2 if "annex" in cell.spec.fit else 0
                text = cell.set if free and cell.set is not None else self.settle(cell, None if free else height - pad)
                if not text.fits:
                    self.problems.say(f"“{cell.spec.name}”写得太长，这一格放不下。缩短后再打印。")
                elif text.rest:
                    annexed.append(cell)
        return annexed

    def even(self, rows: Iterable[Row]) -> None:
        """Give one column of a repeated table one size: the smallest any of its rows needed."""
        columns: dict[tuple[int, float], list[tuple[Cell, float]]] = {}
        for row in rows:
            if row.repeated and not row.grow:
                for cell in row.cells:
                    if cell.set is not None and cell.set.lines:
                        columns.setdefault((id(row.section), cell.x), []).append((cell, row.height))
        for cells in columns.values():
            smallest = min(cell.set.size for cell, _ in cells if cell.set is not None)
            for cell, height in cells:
                if cell.set is not None and cell.set.size > smallest:
                    cell.role = cell.role._replace(size=smallest)
                    self.settle(cell, height)

    def filled(self, template: Template, extra: Mapping[str, Any] | None = None) -> str:
        """Return the text of a template in this case."""
        return template.fill((extra or {}, *self._base), self._codes)

    @property
    def base(self) -> Scopes:
        """What every binding and condition outside a repeated row is looked up in."""
        return self._base
