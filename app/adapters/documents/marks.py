"""Marks on a page: QR, bar code, the place of a seal, a stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters.documents import codes
from app.adapters.documents.boxes import PAGE_HEIGHT, PAGE_WIDTH, Boxes, Cell
from app.adapters.documents.setting import MM, Role
from app.adapters.documents.tokens import width

if TYPE_CHECKING:
    from app.adapters.documents.ink import Ink
    from app.adapters.documents.layout import MarkSpec
    from app.adapters.documents.runs import Pen

HAIR: Final = 0.3
FRAME: Final = 0.6
OPTICAL: Final = 0.38
"""A line of Han centres so many em above its baseline."""
_SEAL: Final = Role(font="song", size=9, grey=0.55)
_SEAL_GREY: Final = 0.62
_SEAL_EDGE: Final = (5.0, 3.0)


class Marks:
    """Draws the marks of one page. ``bare``: an official blank lies below, so only codes are drawn."""

    def __init__(self, boxes: Boxes, ink: Ink, pen: Pen, *, bare: bool) -> None:
        self._boxes, self._ink, self._pen, self._bare = boxes, ink, pen, bare

    def in_cell(self, cell: Cell, x: float, y: float, height: float) -> None:
        """Draw a cell's mark: a seal at its lower right, a code in its middle or where the cell is aligned to."""
        spec, size = cell.spec, cell.spec.size
        if spec.mark == "seal":
            self._mark("seal", x + cell.width - size - _SEAL_EDGE[0], y + height - size - _SEAL_EDGE[1], size, cell.code)
            return
        across = codes.code128(cell.code)[0] * codes.MODULE if spec.mark == "code128" and cell.code else size
        edge = 0 if spec.flush else self._boxes.style.pad
        start = x + cell.width - across - edge if spec.align == "right" else x + (cell.width - across) / 2
        if across > cell.width:
            self._boxes.problems.say(f"“{spec.name}”里的条码要 {across:.0f} 毫米宽，这一格只有 {cell.width:.0f}，把格改宽。")
        self._mark(spec.mark, start, y + (height - size) / 2, size, cell.code)

    def free(self, mark: MarkSpec) -> None:
        """Draw a mark at its place on the page."""
        x = mark.x if mark.x >= 0 else PAGE_WIDTH + mark.x
        y = mark.y if mark.y >= 0 else PAGE_HEIGHT + mark.y
        self._mark(mark.kind, x, y, mark.size, self._boxes.filled(mark.code))

    def _mark(self, kind: str, x: float, y: float, size: float, code: str) -> None:
        """Draw a mark. Without a number there is no code."""
        if kind == "seal" and not self._bare:
            self._ink.circle(x + size / 2, y + size / 2, size / 2, HAIR, _SEAL_GREY)
        if not code:
            return
        if kind == "qr":
            side, runs = codes.qr(code)
            module = size / side
            self._ink.modules(x, y, module, module, runs)
        elif kind == "code128":
            self._ink.modules(x, y, codes.MODULE, size, codes.code128(code)[1])
        elif not self._bare:
            self._words(kind, x, y, size, code)

    def _words(self, kind: str, x: float, y: float, size: float, code: str) -> None:
        role = _SEAL if kind == "seal" else self._boxes.style.roles["stamp"]
        tokens = self._boxes.paragraphs(code, role, "印章")[0]
        em = role.size / MM
        across = width(tokens, role.track) * em
        if kind == "seal":
            self._pen.line(tokens, x + (size - across) / 2, y + size / 2 + OPTICAL * em, role.size, role)
        else:
            self._ink.rectangle(x, y, across + 4, 1.5 * em, FRAME)
            self._pen.line(tokens, x + 2, y + 0.75 * em + OPTICAL * em, role.size, role, role.track)
