"""What the papers take of ReportLab, imported without Pillow: ReportLab asks for it for pictures that no paper here has, 2.7 MB of the idle window."""

from __future__ import annotations

import builtins
from threading import get_ident
from types import SimpleNamespace
from typing import Any, Final

_NO_PILLOW: Final = SimpleNamespace(Image=None)


class _WithoutPillow:
    """Stands for ``import`` and says on this one thread that ``PIL`` has nothing: a page may be decoded on another meanwhile.

    PySide changes ``import`` too, and may keep this one as what it found: so it ends by itself, and only takes back what is still its own. Where
    PySide came between, Pillow is loaded after all.
    """

    def __init__(self) -> None:
        self._plain, self._thread = builtins.__import__, get_ident()
        self._over = False

    def __call__(self, name: str, *rest: Any, **named: Any) -> Any:
        """Import."""
        if name == "PIL" and not self._over and get_ident() == self._thread:
            return _NO_PILLOW
        return self._plain(name, *rest, **named)

    def end(self) -> None:
        """Import plainly from now on."""
        self._over = True
        if builtins.__import__ is self:
            builtins.__import__ = self._plain


_import = _WithoutPillow()
builtins.__import__ = _import
try:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFName, PDFObject, PDFStream
    from reportlab.pdfgen.canvas import Canvas
finally:
    _import.end()

__all__ = ["Canvas", "PDFArray", "PDFName", "PDFObject", "PDFStream", "pdfmetrics"]
