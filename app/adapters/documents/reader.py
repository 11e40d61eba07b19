"""A layout out of TOML, named by place, key and remedy wherever it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from app.adapters.documents.layout import (
    ALIGNS,
    EDITIONS,
    FITS,
    KINDS,
    LINES,
    MARKS,
    CellSpec,
    Layout,
    MarkSpec,
    RowSpec,
    SectionSpec,
)
from app.adapters.documents.words import Condition, Template

if TYPE_CHECKING:
    from collections.abc import Sequence

_DOCUMENT_KEYS: Final = {
    "title",
    "editions",
    "margin",
    "mirror",
    "tight",
    "running",
    "footer",
    "background",
    "codes",
    "mark",
    "section",
}
_SECTION_KEYS: Final = {"use", "side", "when", "lines", "heavy", "space", "gap", "keep", "page", "hold", "carry", "row"}
_ROW_KEYS: Final = {"h", "cells", "each", "least", "head", "when"}
_CELL_KEYS: Final = {
    *KINDS, "w", "rows", "role", "align", "valign", "fit", "annex", "empty", "foot", "foot_align", "indent", "hang", "flush",
    "inset", "spread", "n", "mark", "size", "code", "when",
}  # fmt: skip
_TIGHTEST: Final = 0.5
_MARK_KEYS: Final = {"kind", "at", "size", "code", "page", "when"}


class Reader:
    """Reads one layout; ``problems`` names place, key and remedy of everything that is wrong."""

    def __init__(self, raw: Mapping[str, Any], parts: Mapping[str, Any], name: str = "form.toml") -> None:
        self._raw, self._parts, self._name = raw, parts, name
        self.problems: list[str] = []
        self.parts_used: set[str] = set()

    def layout(self) -> Layout:
        """Return the layout; what is wrong is left out and named."""
        raw = self._raw
        self._known(raw, _DOCUMENT_KEYS, "最外层")
        if not isinstance(raw.get("title"), str) or not raw.get("section"):
            self._say("最外层", "title、section", "每份版式都要有 title 和至少一个 [[section]]")
        margin = raw.get("margin")
        return Layout(
            title=Template.read(str(raw.get("title", ""))),
            sections=tuple(self._section(one, f"第 {at} 个 section") for at, one in enumerate(raw.get("section", ()), 1)),
            annex=self._rows(self._part("annex").get("row", ()), "parts.toml 的 annex"),
            annex_end=self._rows(self._part("annex_end").get("row", ()), "parts.toml 的 annex_end"),
            editions=tuple(self._among(one, EDITIONS, "最外层", "editions") for one in raw.get("editions", ("normal",))),
            margin=self._margin(margin) if margin is not None else None,
            running=self._edge("running"),
            footer=self._edge("footer"),
            marks=tuple(self._mark(one, f"第 {at} 个 mark") for at, one in enumerate(raw.get("mark", ()), 1)),
            codes=raw.get("codes"),
            backgrounds=self._backgrounds(raw.get("background", {})),
            mirror=bool(raw.get("mirror", False)),
            tight=self._tight(raw.get("tight", 1)),
        )

    def _say(self, where: str, key: str, remedy: str) -> None:
        self.problems.append(f"{self._name}：{where}：{key}：{remedy}")

    def _known(self, raw: Mapping[str, Any], keys: set[str], where: str) -> None:
        for key in raw:
            if key not in keys:
                self._say(where, key, "没有这个键，改名或删去；可用的有 " + " ".join(sorted(keys)))

    def _among(self, value: Any, allowed: Sequence[str], where: str, key: str) -> str:
        if value not in allowed:
            self._say(where, key, f"“{value}”不认识，改成 {'、'.join(allowed)} 之一")
            return allowed[0]
        return str(value)

    def _part(self, name: str) -> Mapping[str, Any]:
        part = self._parts.get(name)
        if not isinstance(part, Mapping):
            self._say("use", name, "parts.toml 里没有这一节，改成已有的名字：" + " ".join(sorted(self._parts)))
            return {}
        self.parts_used.add(name)
        return part

    def _margin(self, raw: Any) -> tuple[float, float, float, float] | None:
        if isinstance(raw, list) and len(raw) == 4:  # noqa: PLR2004 (four edges)
            top, right, bottom, left = (float(edge) for edge in raw)
            return top, right, bottom, left
        self._say("最外层", "margin", "写成 [上, 右, 下, 左] 四个毫米数")
        return None

    def _tight(self, raw: Any) -> float:
        if isinstance(raw, int | float) and _TIGHTEST <= raw <= 1:
            return float(raw)
        self._say("最外层", "tight", f"写成 {_TIGHTEST} 到 1 之间的数：为了少一页，行距最多收到原来的几成")
        return 1

    def _backgrounds(self, raw: Any) -> dict[int, bytes]:
        """Return the official blank of each page: whoever read the layout put the file's bytes where its name stood."""
        found: dict[int, bytes] = {}
        for page, blank in raw.items() if isinstance(raw, Mapping) else ((raw, None),):
            if not str(page).isdigit() or not isinstance(blank, bytes | str):
                self._say("最外层", "background", '写成 { 1 = "blank-1.pdf" }：页号 = 空白表的 PDF 文件名')
            elif isinstance(blank, str):
                self._say("最外层", "background", f"没有 {blank} 这个文件，放进统筹区文件夹，或改成已有的文件名")
            elif problem := _unusable(blank):
                self._say("最外层", "background", f"第 {page} 页的空白表{problem}")
            else:
                found[int(page)] = blank
        return found

    def _edge(self, key: str) -> tuple[Template, ...]:
        raw = self._raw.get(key, ())
        if raw and len(raw) != 3:  # noqa: PLR2004 (left, centre, right)
            self._say("最外层", key, "写成 [左, 中, 右] 三段文字，没有的写空文字")
            return ()
        return tuple(Template.read(str(text)) for text in raw)

    def _mark(self, raw: Mapping[str, Any], where: str) -> MarkSpec:
        self._known(raw, _MARK_KEYS, where)
        at = raw.get("at")
        if not isinstance(at, list) or len(at) != 2:  # noqa: PLR2004 (x and y)
            self._say(where, "at", "写成 [横, 竖] 两个毫米数，负数从右边、下边量")
            at = [0, 0]
        return MarkSpec(
            kind=self._among(raw.get("kind"), MARKS, where, "kind"),
            x=float(at[0]),
            y=float(at[1]),
            size=float(raw.get("size", 20)),
            code=Template.read(str(raw.get("code", ""))),
            page=0 if raw.get("page") == "all" else int(raw.get("page", 1)),
            when=Condition.read(str(raw.get("when", ""))),
        )

    def _section(self, raw: Mapping[str, Any], where: str) -> SectionSpec:
        merged: Mapping[str, Any] = raw
        name = str(raw.get("side", ""))
        if "use" in raw:
            part = self._part(str(raw["use"]))
            merged = {**part, **{key: value for key, value in raw.items() if key != "use"}}
            where += f"（{raw['use']}）"
        self._known(merged, _SECTION_KEYS, where)
        if not merged.get("row"):
            self._say(where, "row", "这一节没有行，写 row = [ … ] 或用 use 取现成的节")
        page = merged.get("page", 0)
        if page != "new" and not isinstance(page, int):
            self._say(where, "page", '写成 "new"（另起一页）或页号（不早于这一页）')
            page = 0
        gap = merged.get("gap")
        return SectionSpec(
            rows=self._rows(merged.get("row", ()), where, str(merged.get("side", ""))),
            name=name or str(merged.get("side", "")),
            side=str(merged.get("side", "")),
            lines=self._among(merged.get("lines", "grid"), LINES, where, "lines"),
            heavy=bool(merged.get("heavy", False)),
            space=float(merged.get("space", 0)),
            gap=None if gap is None else float(gap),
            keep=bool(merged.get("keep", True)),
            fresh=page == "new",
            page=page if isinstance(page, int) else 0,
            hold=bool(merged.get("hold", False)),
            carry=bool(merged.get("carry", False)),
            when=Condition.read(str(merged.get("when", ""))),
        )

    def _rows(self, raw: Sequence[Mapping[str, Any]], where: str, side: str = "") -> tuple[RowSpec, ...]:
        rows: list[RowSpec] = []
        for at, one in enumerate(raw, 1):
            above = rows[-1].cells if rows and "each" in one and len(rows[-1].cells) == len(one.get("cells", ())) else ()
            rows.append(self._row(one, f"{where}第 {at} 行", side, above))
        return tuple(rows)

    def _row(self, raw: Mapping[str, Any], where: str, side: str, above: Sequence[CellSpec]) -> RowSpec:
        self._known(raw, _ROW_KEYS, where)
        height = str(raw.get("h", "0+"))
        number = height.rstrip("+*")
        if not number.replace(".", "", 1).isdigit():
            self._say(where, "h", '写成 9（不变）、"9+"（可长高）或 "9*"（占满余下的高度）')
            number = "0"
        cells: list[CellSpec] = []
        name = side
        if not raw.get("cells"):
            self._say(where, "cells", "这一行没有格，写 cells = [ { … } ]")
        for at, one in enumerate(raw.get("cells", ())):
            if "label" in one:
                name = "".join(str(one["label"]).split())
            called = "".join(above[at].name.split()) if above else name
            cells.append(self._cell(one, f"{where}第 {at + 1} 格", called))
        return RowSpec(
            cells=tuple(cells),
            height=float(number),
            grow=height.endswith(("+", "*")),
            stretch=height.endswith("*"),
            each=str(raw.get("each", "")),
            least=int(raw.get("least", 0)),
            head=bool(raw.get("head", False)),
            when=Condition.read(str(raw.get("when", ""))),
        )

    def _cell(self, raw: Mapping[str, Any], where: str, name: str) -> CellSpec:
        self._known(raw, _CELL_KEYS, where)
        kinds = [kind for kind in KINDS if kind in raw]
        if len(kinds) > 1 or (not kinds and "mark" not in raw):
            self._say(where, "、".join(kinds) or "cells", f"一格只写 {'、'.join(KINDS)}、mark 之一")
        kind = kinds[0] if kinds else "text"
        width, chars = self._width(raw.get("w", "*"), where)
        fit = tuple(str(raw.get("fit", "shrink wrap" if kind in ("value", "label") else "wrap")).split())
        for word in fit:
            self._among(word, FITS, where, "fit")
        return CellSpec(
            kind=kind,
            name=name,
            text=Template.read("{" + str(raw["tick"]) + "}" if kind == "tick" else str(raw.get(kind, ""))),
            width=width,
            chars=chars,
            rows=int(raw.get("rows", 1)),
            role=str(raw.get("role", {"label": "label", "text": "body"}.get(kind, "value"))),
            align=self._among(raw["align"], ALIGNS, where, "align")
            if "align" in raw
            else _align(kind, fit, stated="fit" in raw),
            valign=self._among(raw["valign"], ("top", "middle"), where, "valign") if "valign" in raw else "",
            fit=fit,
            annex=str(raw.get("annex", "续")),
            empty=str(raw.get("empty", "")),
            foot=Template.read(str(raw.get("foot", ""))),
            foot_align=self._among(raw.get("foot_align", "right"), ("left", "right"), where, "foot_align"),
            indent=float(raw.get("indent", 0)),
            hang=float(raw.get("hang", 0)),
            flush=bool(raw.get("flush", False)),
            inset=float(raw.get("inset", 0)),
            spread=int(raw.get("spread", 4)) if kind == "label" else 0,
            boxes=int(raw.get("n", 18)),
            mark=self._among(raw["mark"], MARKS, where, "mark") if "mark" in raw else "",
            size=float(raw.get("size", 20)),
            code=Template.read(str(raw.get("code", ""))),
            when=Condition.read(str(raw.get("when", ""))),
        )

    def _width(self, raw: Any, where: str) -> tuple[float | None, float | None]:
        if raw == "*":
            return None, None
        if isinstance(raw, int | float):
            return float(raw), None
        if isinstance(raw, str) and raw.endswith("字") and raw[:-1].replace(".", "", 1).isdigit():
            return None, float(raw[:-1])
        self._say(where, "w", '写成毫米数、"4字"（四个字宽）或 "*"（余下的宽度）')
        return None, None


def _unusable(pdf: bytes) -> str:
    """Return what is wrong with an official blank, in words."""
    from app.adapters.documents.blanks import blank  # noqa: PLC0415 - numpy, and most regions have no blank

    try:
        blank(pdf)
    except ValueError as error:
        return str(error)
    return ""


def _align(kind: str, fit: tuple[str, ...], *, stated: bool) -> str:
    if kind == "label":
        return "center"
    return "justify" if kind == "text" or (stated and fit[:1] == ("wrap",)) else "left"
