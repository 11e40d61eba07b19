"""ReportLab's objects as PDF/A wants them written, and without its formatting of each name and number anew for each document."""

from __future__ import annotations

import codecs
import zlib
from typing import TYPE_CHECKING, Any, Final

from app.adapters.documents.press import PDFObject, PDFStream

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVEL: Final = 6  # of zlib: level 1 takes half the time and a tenth more room
_PACKED: Final = "/FlateDecode"


class Entries(PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """A dictionary. A text is written as it stands (``/Name``, ``[0 1]``); a stream and what else must stand alone becomes a reference."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self.entries = dict(entries)

    def format(self, document: Any) -> bytes:
        """Return the dictionary's bytes."""
        return b"<<\n%b\n>>" % b" ".join(
            [b"/%b %b" % (name.encode(), _said(one, document)) for name, one in self.entries.items()]
        )


class Stream(PDFStream):  # type: ignore[misc]  # ReportLab has no types
    """A stream with an end of line before ``endstream`` that Length does not count (ISO 19005-2, 6.1.7.1).

    ReportLab leaves it out; Preflight of PDFBox refuses such files. ``packed``: the content is still to be deflated, at a level of our own
    and never in ASCII85, whatever the machine's ReportLab settings say.
    """

    def __init__(self, content: str | bytes, entries: Mapping[str, Any] | None = None, *, packed: bool = True) -> None:
        super().__init__(Entries(entries or {}), content.encode("ascii") if isinstance(content, str) else content)
        self._packed = packed

    def format(self, document: Any) -> bytes:
        """Return the stream object's bytes."""
        content, own = self.content, self.dictionary.entries
        if self._packed:
            content, own = zlib.compress(content, _LEVEL), own | {"Filter": _PACKED}
        head = Entries(own | {"Length": len(content)}).format(document)
        return b"%b\nstream\n%b\nendstream\n" % (head, content)


def string(text: str) -> str:
    """Return text as a file holds it: in UTF-16 as hexadecimal digits, or plain letters as they are."""
    return f"({text})" if text.isascii() and text.isalnum() else f"<{(codecs.BOM_UTF16_BE + text.encode('utf-16-be')).hex()}>"


def _said(value: Any, document: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if hasattr(value, "__RefOnly__"):
        value = document.Reference(value)
    if isinstance(value, PDFObject):
        written: bytes = value.format(document)
        return written
    return str(value).encode("ascii")
