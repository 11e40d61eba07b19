"""ReportLab's stream, as PDF/A wants it written."""

from __future__ import annotations

import codecs
import zlib
from typing import TYPE_CHECKING, Any, Final

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFStream, PDFStreamFilterZCompress, PDFString

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVEL: Final = 1  # of zlib: level 6 takes half as long again for seven per cent less
_END: Final = b"endstream\n"


class _Packed(PDFStreamFilterZCompress):  # type: ignore[misc]  # ReportLab has no types
    """FlateDecode at a level of our own, and never in ASCII85 around it, whatever the machine's ReportLab settings say."""

    def encode(self, text: str | bytes) -> bytes:
        return zlib.compress(text.encode("ascii") if isinstance(text, str) else text, _LEVEL)


class Stream(PDFStream):  # type: ignore[misc]  # ReportLab has no types
    """A stream with an end of line before ``endstream`` that Length does not count (ISO 19005-2, 6.1.7.1).

    ReportLab leaves it out; Preflight of PDFBox refuses such files.
    """

    def __init__(self, content: str | bytes, entries: Mapping[str, Any] | None = None, *, packed: bool = True) -> None:
        super().__init__(PDFDictionary(dict(entries or {})), content, [_Packed()] if packed else None)

    def format(self, document: Any) -> bytes:
        """Return the stream object's bytes."""
        written: bytes = super().format(document)
        return written.removesuffix(_END) + b"\n" + _END


def string(text: str) -> PDFString:
    """Return text as a file holds it. ReportLab's own way tries a slow codec of its own first and comes to the same bytes."""
    return PDFString(text.encode() if text.isascii() else codecs.BOM_UTF16_BE + text.encode("utf-16-be"), enc="raw")
