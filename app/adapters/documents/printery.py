"""The printery: documents out of applications (:class:`app.services.ports.Printery`)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.adapters.documents import preview
from app.adapters.documents.boxes import Boxes
from app.adapters.documents.draw import Painter
from app.adapters.documents.fonts import SONG, Fonts
from app.adapters.documents.pages import Page, Paginator
from app.adapters.documents.reader import Reader
from app.adapters.documents.shared import Shared, load_shared
from app.adapters.documents.style import Style, read_style
from app.adapters.notices import load_notice
from app.core import paper_data
from app.core.errors import AppError
from app.services.ports import Counter, Rendered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.adapters.documents.layout import Layout
    from app.adapters.documents.tokens import Tokenised
    from app.core.application import Application
    from app.core.region import Region

_FORM_PAGES = 2
_KEPT = 16
_GROUPS = 8
_NO_MOMENT = "2000-01-01T00:00:00"
"""What a file says that has no date of its own (the day ReportLab gives such files)."""
SHEET_PATHS = frozenset({"sheet.counter", *(f"sheet.code.{at}" for at in range(1, _GROUPS + 1))})
"""What the layout of the recovery sheet may bind; it knows no case."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A layout ready to be filled: read, with its code words, and the tokens of its unchanging text."""

    raw: Mapping[str, Any]
    layout: Layout
    codes: Mapping[str, Mapping[str, str]]
    region: Region | None
    fixed: dict[tuple[str, str], Tokenised] = field(default_factory=dict)


class Printery:
    """Draws forms and receipts. Layouts, sizes and the tokens of unchanging text are kept; nothing of a case is.

    Not for use by two threads at once; it lives on the local lane.
    """

    def __init__(self, resources: Path) -> None:
        self._shared: Shared = load_shared(resources)
        self._notice = load_notice(resources)
        self._fonts = Fonts(resources / "fonts")
        self._styles: dict[str, Style] = {}
        self._sheets: dict[tuple[str, str], _Sheet] = {}

    def render(
        self, kind: str, edition: str, application: Application, region: Region, counter: Counter, *, moment: str
    ) -> Rendered:
        """Draw ``form`` (edition normal) or ``receipt`` (editions letter and large).

        ``moment`` is the ISO time printed on it. The same input gives the same bytes. Raises ValueError for a receipt before
        acceptance and for an edition the layout does not offer; AppError when the region's layout cannot be used.
        """
        if kind == "receipt" and application.acceptance is None:
            raise ValueError("a receipt exists only after acceptance")
        sheet = self._sheet(kind, region)
        if edition not in sheet.layout.editions:
            raise ValueError(f"no edition {edition} of {kind}")
        data = self._data(kind, application, region, counter, moment)
        boxes, pages = self._pages(sheet, edition, data)
        if kind == "form" and len(pages) != _FORM_PAGES:
            # The form is one of the papers it lists, with the number of its own pages.
            data = self._data(kind, application, region, counter, moment, form_pages=len(pages))
            boxes, pages = self._pages(sheet, edition, data)
        data_bytes = self._drawn(sheet.layout, boxes, pages, moment)
        return Rendered(kind, data_bytes, len(pages), hashlib.sha256(data_bytes).hexdigest(), tuple(boxes.problems.found))

    def recovery_sheet(self, code: str, counter: Counter) -> bytes:
        """Draw the recovery code on one A4 page, to be sealed and locked away. Nothing of it is kept here.

        ``code``: eight groups of four letters and figures, however they are separated; ValueError for anything else. The page has no
        date and no check code, and the same code gives the same bytes.
        """
        groups = re.findall(r"[0-9A-Za-z]{4}", code)
        if len(groups) != _GROUPS or len("".join(re.findall("[0-9A-Za-z]", code))) != 4 * _GROUPS:
            raise ValueError("not eight groups of four")
        sheet = self._read("recovery", self._shared.layouts["recovery"], self._shared.parts, None)
        said = {
            "code": {str(at): group for at, group in enumerate(groups, 1)},
            "counter": f"{counter.name}（编号 {counter.code}）" if counter.name else f"窗口编号 {counter.code}",
        }
        boxes, pages = self._pages(sheet, "normal", {"sheet": said})
        return self._drawn(sheet.layout, boxes, pages, _NO_MOMENT)

    def _drawn(self, layout: Layout, boxes: Boxes, pages: Sequence[Page], moment: str) -> bytes:
        """Return the pages as a file."""
        # Late: ReportLab takes 60 ms to load, and unlocking need not wait for the first paper.
        from app.adapters.documents import type0  # noqa: PLC0415
        from app.adapters.documents.ink import Ink  # noqa: PLC0415
        from app.adapters.documents.pdf import About, ArchiveCanvas  # noqa: PLC0415

        canvas = ArchiveCanvas(About(boxes.filled(layout.title), moment), type0.use(self._fonts.face(SONG)).fontName)
        painter = Painter(boxes, layout)
        for number, page in enumerate(pages, 1):
            ink = Ink(canvas, self._fonts)
            painter.page(page, number, len(pages), ink)
            ink.finish()
        return bytes(canvas.getpdfdata())

    def picture(self, pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
        """Return page (from 0) as width, height and BGRA bytes on white, for preview."""
        return preview.picture(pdf, page, dpi)

    def _pages(self, sheet: _Sheet, edition: str, data: Mapping[str, Any]) -> tuple[Boxes, list[Page]]:
        boxes = Boxes(sheet.layout, self._style(edition), {**data, edition: True}, sheet.codes, self._fonts, sheet.fixed)
        return boxes, Paginator(boxes, sheet.layout).pages()

    def _data(
        self, kind: str, application: Application, region: Region, counter: Counter, moment: str, form_pages: int = _FORM_PAGES
    ) -> dict[str, Any]:
        if kind == "receipt":
            form = self._sheet("form", region)
            plain = paper_data.bindings(application, region, counter, moment, notice=self._notice)
            form_pages = len(self._pages(form, form.layout.editions[0], plain | {"doc": {"hash": ""}})[1])
        data = paper_data.bindings(application, region, counter, moment, form_pages=form_pages, notice=self._notice)
        return data | {"doc": {"hash": content_code(kind, data)}}

    def _style(self, edition: str) -> Style:
        style = self._styles.get(edition)
        if style is None:
            style = self._styles[edition] = read_style(self._shared.tokens, edition)
        return style

    def _sheet(self, kind: str, region: Region) -> _Sheet:
        raw = region.layouts.get(kind) or self._shared.layouts.get(kind)
        if raw is None:
            raise AppError(
                f"“{region.name}”没有这份文书的版式（{kind}.toml）。在统筹区文件夹里补上，或用随程序来的文件夹。", kind
            )
        kept = self._sheets.get((region.id, kind))
        if kept is not None and kept.raw is raw and kept.region is region:
            return kept
        parts = {**self._shared.parts, **region.layouts.get("parts", {})}
        if len(self._sheets) >= _KEPT:
            self._sheets.pop(next(iter(self._sheets)))
        sheet = self._sheets[region.id, kind] = self._read(kind, raw, parts, region)
        return sheet

    def _read(self, kind: str, raw: Mapping[str, Any], parts: Mapping[str, Any], region: Region | None) -> _Sheet:
        reader = Reader(raw, parts, f"{region.id}/{kind}.toml" if region else f"{kind}.toml")
        layout = reader.layout()
        if reader.problems:
            raise AppError(f"版式用不了：{reader.problems[0]}", "; ".join(reader.problems))
        codes = {**self._shared.codes, **(paper_data.code_maps(region) if region else {}), **(layout.codes or {})}
        return _Sheet(raw, layout, codes, region)


def content_code(kind: str, data: Mapping[str, Any]) -> str:
    """Return the 校验码 in the foot: the first 8 hex digits of SHA-256 over the content record.

    The content record is the kind of document and everything it may print (:func:`app.core.paper_data.bindings`) as canonical JSON.
    It is not the hash of the file: a file cannot contain its own. Two papers with the same code say the same.
    """
    record = json.dumps([kind, data], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(record.encode()).hexdigest()[:8]
