"""Layouts checked before anybody relies on them: names, widths, room for the pen, and the longest realistic case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters import paths
from app.adapters.documents.boxes import PAGE_WIDTH
from app.adapters.documents.layout import EDITIONS, CellSpec, Layout, RowSpec, SectionSpec
from app.adapters.documents.printery import Printery
from app.adapters.documents.reader import Reader
from app.adapters.documents.setting import MM
from app.adapters.documents.shared import Shared, kinds, load_shared
from app.adapters.documents.style import Style, read_style
from app.adapters.documents.trials import MOMENT, trial_cases, trial_extras
from app.adapters.documents.words import FORMATS, Condition, Template
from app.core import paper_data
from app.core.errors import AppError
from app.services.ports import Counter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path
    from typing import Any

    from app.core.region import Region

PEN: Final = 8.0
"""Least height in mm of a row somebody writes in."""
_PRINTED: Final = frozenset({"doc.hash", "page", "pages"})
_PEN_LINE: Final = "____"
_SLACK: Final = 0.05
_CASES: Final = {"short": "最短", "typical": "平常", "longest": "最长", "rare": "有生僻字"}


def check_layout(
    layout: Mapping[str, Any],
    common: Shared,
    known_paths: Collection[str],
    name: str = "form.toml",
    lists: Mapping[str, Collection[str]] = paper_data.LISTS,
) -> list[str]:
    """Return what is wrong with a parsed layout, each with file, place, key and remedy; empty when it can be used.

    ``known_paths``: every dotted path a binding or condition may name (:func:`app.core.paper_data.known_paths`). Fields of a
    repeated row are known from ``lists``.
    """
    reader = Reader(layout, common.parts, name)
    read = reader.layout()
    names = frozenset(known_paths) | _PRINTED | frozenset(EDITIONS)
    maps = {*common.codes, *paper_data.CODE_MAPS, *(read.codes or {})}
    checker = _Checker(
        name, names, maps, {edition: read_style(common.tokens, edition) for edition in read.editions}, read, lists
    )
    checker.run()
    return list(dict.fromkeys([*reader.problems, *checker.problems]))


def check_region_layouts(region: Region, resources: Path | None = None, *, draw: bool = True) -> list[str]:
    """Return what is wrong with a region's papers; empty when all can be printed.

    Its layouts as written come first, then every document it offers is drawn in every edition with the shortest, a usual, the longest
    realistic case, and one of rare characters; not with ``draw`` False.
    """
    folder = resources or paths.resources()
    common = load_shared(folder)
    known = paper_data.known_paths()
    problems: list[str] = []
    for kind in kinds(region, common):
        raw = region.layouts.get(kind) or common.layouts.get(kind)
        if raw is None:
            problems.append(f"{region.id}/{kind}.toml：没有这个文件，照别的统筹区的 {kind}.toml 写一份")
        else:
            problems += check_layout(raw, common, known, f"{region.id}/{kind}.toml")
            if kind == "form" and not _tells(raw):
                problems.append(f'{region.id}/form.toml：没有个人信息处理告知，在最后加上 [[section]] use = "told"')
    return problems or (_drawn(region, folder) if draw else [])


def _tells(form: Mapping[str, Any]) -> bool:
    """Whether a form prints the notice on personal data, by the shared section or one of its own."""
    return "{notice.text}" in str(form) or any(section.get("use") == "told" for section in form.get("section", ()))


def _drawn(region: Region, resources: Path) -> list[str]:
    printery = Printery(resources)
    counter = Counter(region.id, "03", "3号窗口")
    problems: list[str] = []
    for name, application in trial_cases(region).items():
        for kind, edition in printery.offered(region):
            more = trial_extras(region, kind, name)
            try:
                found = printery.render(kind, edition, application, region, counter, moment=MOMENT, more=more).problems
            except AppError as error:
                found = (error.sentence,)
            problems += [f"{region.id}/{kind}.toml（{edition}，{_CASES[name]}的一件）：{one}" for one in found]
    return problems


class _Checker:
    """Goes through a layout that could be read and names what could not be printed."""

    def __init__(
        self,
        name: str,
        paths: Collection[str],
        maps: Collection[str],
        styles: Mapping[str, Style],
        layout: Layout,
        lists: Mapping[str, Collection[str]],
    ) -> None:
        self._name, self._paths, self._maps, self._styles, self._layout = name, paths, maps, styles, layout
        self._lists = lists
        self.problems: list[str] = []

    def run(self) -> None:
        layout = self._layout
        for template in (layout.title, *layout.running, *layout.footer):
            self._template(template, "最外层", ())
        for at, mark in enumerate(layout.marks, 1):
            self._template(mark.code, f"第 {at} 个 mark", ())
            self._condition(mark.when, f"第 {at} 个 mark", ())
        for at, section in enumerate(layout.sections, 1):
            where = f"第 {at} 个 section" + (f"（{section.name}）" if section.name else "")
            self._condition(section.when, where, ())
            spans: list[tuple[float, int]] = []
            for line, row in enumerate(section.rows, 1):
                spans = self._row(row, section, f"{where}第 {line} 行", spans)

    def _say(self, where: str, key: str, remedy: str) -> None:
        self.problems.append(f"{self._name}：{where}：{key}：{remedy}")

    def _template(self, template: Template, where: str, item: Collection[str]) -> None:
        for binding in template.bindings:
            if binding.path not in self._paths and binding.path not in item:
                self._say(where, "{" + binding.path + "}", "没有这个名字，" + self._near(binding.path))
            for pipe in binding.pipes:
                if pipe not in self._maps and pipe not in FORMATS:
                    self._say(where, f"|{pipe}", "没有这种写法或代码表，可用的有 " + " ".join(sorted({*FORMATS, *self._maps})))

    def _near(self, path: str) -> str:
        group = path.partition(".")[0]
        same = sorted(one for one in self._paths if one.startswith(group + "."))
        return "同组可用的有 " + " ".join(same) if same else "可用的组有 " + " ".join(sorted(paper_data.FIELDS))

    def _condition(self, condition: Condition, where: str, item: Collection[str]) -> None:
        for term in condition.terms:
            if term.path not in self._paths and term.path not in item:
                self._say(where, f"when = “{term.path}”", "没有这个名字，" + self._near(term.path))

    def _row(self, row: RowSpec, section: SectionSpec, where: str, spans: list[tuple[float, int]]) -> list[tuple[float, int]]:
        item: frozenset[str] = frozenset()
        if row.each:
            lists = self._lists
            item = frozenset(lists.get(row.each, ())) | {"n"}
            if row.each not in lists:
                self._say(where, f"each = “{row.each}”", "没有这个清单，可用的有 " + " ".join(lists))
        self._condition(row.when, where, item)
        for at, cell in enumerate(row.cells, 1):
            self._cell(cell, row, f"{where}第 {at} 格", item)
        widths = self._widths(row, section, where, sum(width for width, _ in spans))
        left = [(width, rows - 1) for width, rows in spans if rows > 1]
        return left + [(width, cell.rows - 1) for width, cell in zip(widths, row.cells, strict=True) if cell.rows > 1]

    def _cell(self, cell: CellSpec, row: RowSpec, where: str, item: Collection[str]) -> None:
        self._template(cell.text, where, item)
        self._template(cell.foot, where, item)
        self._template(cell.code, where, item)
        self._condition(cell.when, where, item)
        if cell.kind == "tick" and (len(cell.text.bindings) != 1 or len(cell.text.bindings[0].pipes) != 1):
            self._say(where, "tick", '写成 "名字|代码表"，如 "case.kind|kind"')
        roles = next(iter(self._styles.values())).roles
        if cell.role not in roles:
            self._say(where, f"role = “{cell.role}”", "tokens.toml 里没有这种字，可用的有 " + " ".join(sorted(roles)))
        if cell.mark and not cell.code.parts and cell.mark != "seal":
            self._say(where, "code", "写明这个码印什么，如 code = “{case.number}”")
        written = (*cell.text.parts, *cell.foot.parts, cell.empty)
        if (
            row.height < PEN
            and not row.stretch
            and any(_PEN_LINE in part for part in written if isinstance(part, str))
            and not self._heading(row)
        ):
            self._say(where, "h", f"有横线要手写，这一行至少 {PEN:g} 毫米，现在是 {row.height:g}")

    def _heading(self, row: RowSpec) -> bool:
        """Whether the blank is the number that is not yet given: the program fills it, not a pen."""
        return any("case.number" in {binding.path for binding in cell.text.bindings} for cell in row.cells)

    def _widths(self, row: RowSpec, section: SectionSpec, where: str, taken: float) -> list[float]:
        """Check the widths in every edition; return those of the first."""
        found: list[float] = []
        for edition, style in self._styles.items():
            _, right, _, left = self._layout.margin or style.margin
            room = PAGE_WIDTH - left - right - (style.side if section.side else 0) - taken
            unit = style.roles["label"].size / MM if "label" in style.roles else 0
            widths = [cell.width if cell.chars is None else cell.chars * unit + 2 * style.pad for cell in row.cells]
            free = room - sum(width for width in widths if width is not None)
            stars = widths.count(None)
            if any(cell.when.terms for cell in row.cells):
                stars = stars or 1  # cells that take turns: only drawing them tells
                free = max(free, 0)
            if free < -_SLACK or (not stars and abs(free) > _SLACK):
                self._say(
                    where,
                    "w",
                    f'各格宽度合计比这一行{"少" if free > 0 else "多"} {abs(free):.1f} 毫米（{edition}），改准或把一格写成 "*"',
                )
            found = found or [width if width is not None else max(free, 0) / (stars or 1) for width in widths]
        return found
