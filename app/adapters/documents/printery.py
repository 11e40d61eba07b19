"""The printery: documents out of applications (:class:`app.services.ports.Printery`)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.adapters.documents import preview, scans
from app.adapters.documents.boxes import Boxes, Kept
from app.adapters.documents.draw import Painter
from app.adapters.documents.fonts import HEI, SONG, Fonts
from app.adapters.documents.pages import Page, Paginator
from app.adapters.documents.reader import Reader
from app.adapters.documents.shared import Shared, kinds, load_shared, over
from app.adapters.documents.steady import changing, steady_characters, steady_words
from app.adapters.documents.style import Style, read_style
from app.adapters.notices import load_notice
from app.core import office_sheets, paper_data
from app.core.errors import AppError
from app.core.paper_extras import NOTHING_MORE, PaperExtras
from app.services.ports import Capture, Counter, Rendered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.adapters.documents.ink import Drawn
    from app.adapters.documents.layout import Layout
    from app.adapters.documents.subset import Steady
    from app.core.application import Application
    from app.core.office_sheets import OfficeSheet
    from app.core.region import Region
    from app.core.signature import Signature

_FORM_PAGES = 2
_LISTS_FORM = frozenset({"receipt", "materials", "cover"})
"""Papers that say how many pages the form has."""
_ACCEPTED = frozenset({"receipt", "materials", "cover", "conditional", "outcome"})
_DEFECTS = frozenset({"notice", "reasons", "conditional"})
_KEPT = 32
_NOT_CONTENT = ("print", "doc")
_GROUPS = 8
_NO_MOMENT = "2000-01-01T00:00:00"
"""What a file says that has no date of its own (the day ReportLab gives such files)."""
SHEET_PATHS = frozenset({"sheet.counter", *(f"sheet.code.{at}" for at in range(1, _GROUPS + 1))})
"""What the layout of the recovery sheet may bind; it knows no case."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """What every document of a layout, edition and region begins with: the first characters of each font, and text as it was drawn."""

    fonts: dict[str, Steady] = field(default_factory=dict)
    drawn: dict[tuple[object, ...], Drawn] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A layout ready to be filled: read, with its code words, and the tokens of its unchanging text."""

    raw: Mapping[str, Any]
    layout: Layout
    codes: Mapping[str, Mapping[str, str]]
    region: Region | None
    kept: Kept = field(default_factory=Kept)
    begun: dict[tuple[str, ...], _Begun] = field(default_factory=dict)


class Printery:
    """Draws every paper. Layouts, sizes and the tokens of unchanging text are kept; nothing of a case is.

    Not for use by two threads at once; it lives on the local lane.
    """

    def __init__(self, resources: Path) -> None:
        self._shared: Shared = load_shared(resources)
        self._notice = load_notice(resources)
        self._fonts = Fonts(resources / "fonts")
        self._styles: dict[tuple[str, str], Style] = {}
        self._sheets: dict[tuple[str, str], _Sheet] = {}
        self._form_pages: dict[str, int] = {}

    def warm(self) -> None:
        """Bring what the first paper and its first picture would wait for: ReportLab, the two usual faces, pdfium."""
        from app.adapters.documents import codes, ink, pdf  # noqa: F401, PLC0415

        with preview.PDFIUM:
            preview.library()
        for name in (SONG, HEI):
            self._fonts.face(name).let_go()

    def render(
        self,
        kind: str,
        edition: str,
        application: Application,
        region: Region,
        counter: Counter,
        *,
        moment: str,
        more: PaperExtras = NOTHING_MORE,
    ) -> Rendered:
        """Draw a document: a kind of :data:`app.core.region_words.DOCUMENTS` in an edition its layout offers.

        ``moment`` is the ISO time printed on it; ``more`` what it says beyond the application. The same input gives the same bytes.
        Raises ValueError for a paper that does not exist yet or not here (a receipt before acceptance, a letter without an outcome,
        容缺 where the region does not allow it) and for an edition the layout does not offer; AppError when the layout cannot be used.
        """
        _exists(kind, application, region, more)
        sheet = self._sheet(kind, region)
        if edition not in sheet.layout.editions:
            raise ValueError(f"no edition {edition} of {kind}")

        def facts(form_pages: int) -> dict[str, Any]:
            return paper_data.bindings(
                application, region, counter, moment, form_pages=form_pages, notice=self._notice, more=more
            )

        data = facts(_FORM_PAGES)
        if kind in _LISTS_FORM:
            told = self._pages_of_form(region, data)
            data = data if told == _FORM_PAGES else facts(told)
        data["doc"] = {"hash": content_code(kind, data)}
        boxes, pages = self._pages(sheet, edition, data)
        if kind == "form":
            self._remember(region, data, len(pages))
            if len(pages) != _FORM_PAGES:
                # The form is one of the papers it lists, with the number of its own pages.
                data = facts(len(pages))
                data["doc"] = {"hash": content_code(kind, data)}
                boxes, pages = self._pages(sheet, edition, data)
        data_bytes = self._drawn(sheet.layout, boxes, pages, moment, self._begun(sheet, edition, data))
        return Rendered(kind, data_bytes, len(pages), hashlib.sha256(data_bytes).hexdigest(), tuple(boxes.problems.found))

    def offered(self, region: Region) -> tuple[tuple[str, str], ...]:
        """Return every document of a region with each edition it can be printed in."""
        return tuple(
            (kind, edition) for kind in kinds(region, self._shared) for edition in self._sheet(kind, region).layout.editions
        )

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
        return self._drawn(sheet.layout, boxes, pages, _NO_MOMENT, _Begun())

    def office_sheet(self, sheet: OfficeSheet, edition: str, region: Region, counter: Counter, *, moment: str) -> Rendered:
        """Draw a paper about no single case, in an edition its layout offers (ValueError otherwise). It is kept by whoever prints it, or not.

        The layouts are the program's own: a region folder cannot replace them.
        """
        read = self._read(sheet.kind, self._shared.layouts[sheet.kind], self._shared.parts, None)
        if edition not in read.layout.editions:
            raise ValueError(f"no edition {edition} of {sheet.kind}")
        boxes, pages = self._pages(read, edition, office_sheets.bindings(sheet, region, counter.name, moment))
        pdf = self._drawn(read.layout, boxes, pages, moment, _Begun())
        return Rendered(sheet.kind, pdf, len(pages), hashlib.sha256(pdf).hexdigest(), tuple(boxes.problems.found))

    def _begun(self, sheet: _Sheet, edition: str, data: Mapping[str, Any]) -> _Begun:
        """Return what every document of this layout here begins with."""
        from app.adapters.documents.subset import Steady  # noqa: PLC0415
        from app.adapters.documents.type0 import use  # noqa: PLC0415

        key = (edition, *(one.fill((data,), sheet.codes) for one in changing(sheet.layout)))
        found = sheet.begun.get(key)
        if found is None:
            words = steady_words(sheet.layout, self._style(edition, sheet.region), edition, sheet.codes, data)
            faces = {name: self._fonts.face(name) for name in (HEI, SONG)}
            characters = steady_characters(words, self._fonts)
            found = _Begun({use(face).fontName: Steady(face, characters.get(name, "")) for name, face in faces.items()})
            if len(sheet.begun) >= _GROUPS:
                sheet.begun.clear()
            sheet.begun[key] = found
            for face in faces.values():
                face.let_go()  # its outlines were copied; the file's pages would be 12 MB of every idle counter
        return found

    def _drawn(self, layout: Layout, boxes: Boxes, pages: Sequence[Page], moment: str, begun: _Begun) -> bytes:
        """Return the pages as a file."""
        # Late: ReportLab takes 60 ms to load, and unlocking need not wait for the first paper.
        from app.adapters.documents import type0  # noqa: PLC0415
        from app.adapters.documents.ink import Ink  # noqa: PLC0415
        from app.adapters.documents.pdf import About, ArchiveCanvas  # noqa: PLC0415

        canvas = ArchiveCanvas(
            About(boxes.filled(layout.title), moment), type0.use(self._fonts.face(SONG)).fontName, begun.fonts
        )
        painter = Painter(boxes, layout, begun.drawn)
        for number, page in enumerate(pages, 1):
            ink = Ink(canvas, self._fonts)
            painter.page(page, number, len(pages), ink)
            ink.finish()
        return bytes(canvas.getpdfdata())

    def signed(self, pdf: bytes, signature: Signature) -> bytes:
        """Return a document with a drawn signature in the applicant's box: the same bytes, with an addition behind them."""
        from app.adapters.documents import signing  # noqa: PLC0415 - nothing before the first signature needs it

        return signing.signed(pdf, signature)

    def check_code(self, pdf: bytes) -> str:
        """Return the 校验码 in the foot of a document, '' when none stands there."""
        return scans.check_code(pdf)

    def code(self, text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
        """Return a text's QR code for a screen: modules along a side, and the dark runs as (column, row, length). No quiet zone."""
        from app.adapters.documents.codes import qr  # noqa: PLC0415 - no start needs it

        return qr(text)

    def bound(self, pages: Sequence[Capture], title: str, moment: str) -> bytes:
        """Return page pictures as one document for long keeping."""
        return scans.bound(pages, title, moment, self._fonts)

    def picture(self, pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
        """Return page (from 0) as width, height and BGRA bytes on white, for preview."""
        return preview.picture(pdf, page, dpi)

    def _pages(self, sheet: _Sheet, edition: str, data: Mapping[str, Any]) -> tuple[Boxes, list[Page]]:
        style = self._style(edition, sheet.region)
        boxes = Boxes(sheet.layout, style, {**data, edition: True}, sheet.codes, self._fonts, sheet.kept)
        return boxes, Paginator(boxes, sheet.layout).pages()

    def _pages_of_form(self, region: Region, data: Mapping[str, Any]) -> int:
        """Return how many pages the form of these facts has: laid out when it was not drawn just now. Only a digest is remembered."""
        key = _form_key(region, data)
        if key not in self._form_pages:
            form = self._sheet("form", region)
            self._remember(region, data, len(self._pages(form, form.layout.editions[0], {**data, "doc": {"hash": ""}})[1]))
        return self._form_pages[key]

    def _remember(self, region: Region, data: Mapping[str, Any], pages: int) -> None:
        if len(self._form_pages) >= _KEPT:
            self._form_pages.pop(next(iter(self._form_pages)))
        self._form_pages[_form_key(region, data)] = pages

    def _style(self, edition: str, region: Region | None) -> Style:
        own = region.layouts.get("tokens") if region else None
        key = (region.id if region and own else "", edition)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = read_style(over(self._shared.tokens, own), edition)
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
        own = region.layouts.get("codes", {}) if region else {}
        codes = {**self._shared.codes, **(paper_data.code_maps(region) if region else {}), **own, **(layout.codes or {})}
        return _Sheet(raw, layout, codes, region)


def content_code(kind: str, data: Mapping[str, Any]) -> str:
    """Return the 校验码 in the foot: the first 8 hex digits of SHA-256 over the content record.

    The content record is the kind of document and everything it may print (:func:`app.core.paper_data.bindings`) as canonical JSON.
    It is not the hash of the file: a file cannot contain its own. Two papers with the same code say the same, a reprint too.
    """
    said = {name: facts for name, facts in data.items() if name not in _NOT_CONTENT}
    return _digest([kind, said])[:8]


def _form_key(region: Region, data: Mapping[str, Any]) -> str:
    """Return what tells one form's layout from another: its region's version and every fact but the print's."""
    said = {
        name: facts for name, facts in data.items() if name not in (*_NOT_CONTENT, "defects", "supplement", "outcome", "steps")
    }
    return _digest([region.id, region.version, id(region.layouts.get("form")), said])


def _digest(record: Any) -> str:
    return hashlib.sha256(json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _exists(kind: str, application: Application, region: Region, more: PaperExtras) -> None:
    """ValueError for a paper that cannot be: our bug, since no button offers it."""
    if kind in _ACCEPTED and application.acceptance is None:
        raise ValueError(f"{kind} exists only after acceptance")
    if kind in _DEFECTS and not more.defects:
        raise ValueError(f"{kind} without anything to mend")
    if kind == "conditional" and region.deferral is None:
        raise ValueError("this region allows nothing to come later")
    if kind == "outcome" and more.outcome is None:
        raise ValueError("no outcome to tell")
