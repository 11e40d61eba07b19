"""A face as a font for ReportLab: one Type0 subset with Identity-H codes for each document.

ReportLab's own TTFont is not used: it writes characters beyond U+FFFF wrongly into ToUnicode, so that a rare name cannot be copied,
it reads the whole font for every document, and it splits a face into pieces of 256 glyphs. This class answers the calls that
ReportLab makes to a dynamic font (``splitString``, ``getSubsetInternalName``, ``addObjects``, ``stringWidth``) and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from app.adapters.documents.press import PDFArray, PDFName, pdfmetrics
from app.adapters.documents.streams import Entries, Stream
from app.adapters.documents.subset import EM, Subset

if TYPE_CHECKING:
    from app.adapters.documents.subset import Steady
    from app.adapters.documents.truetype import Face

_SYMBOLIC: Final = 4
_STEM: Final = 80


def use(face: Face) -> Type0Font:
    """Return the font of a face, made known to ReportLab when it is first asked for in this process."""
    name = str(face.path)
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(Type0Font(name, face))
    font: Type0Font = pdfmetrics.getFont(name)
    return font


@dataclass(frozen=True, slots=True)
class _TypeFace:
    """What ReportLab asks of the face behind a font. The file's path as its name: two places may hold two versions of a font."""

    name: str
    ascent: float
    descent: float


class Type0Font:
    """One face for ReportLab. What a document used of it is kept by document and goes when the document is written."""

    _dynamicFont = True  # noqa: N815 (ReportLab's name)
    _multiByte = True  # noqa: N815
    shapable = False

    def __init__(self, name: str, face: Face) -> None:
        self.fontName = name
        self.face = _TypeFace(name, face.ascent * face.per_mille, face.descent * face.per_mille)
        self._face = face
        self._subsets: WeakKeyDictionary[Any, tuple[str, Subset]] = WeakKeyDictionary()

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: ARG002, N802 (as ReportLab calls it)
        """Return the width of the text in points."""
        face = self._face
        units: int = sum([face.advance(face.glyph(char)) for char in text])
        return units * face.per_mille / 1000 * size

    def splitString(self, text: str, document: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: ARG002, N802
        """Return the text's codes. There is one subset only."""
        return [(0, self._used(document)[1].encode(text))]

    def getSubsetInternalName(self, subset: int, document: Any) -> str:  # noqa: ARG002, N802
        """Return the name that the document's pages use."""
        return "/" + self._used(document)[0]

    def subset(self, document: Any) -> Subset:
        """Return what a document uses of the face, to encode many short runs without asking anew for each."""
        return self._used(document)[1]

    def _used(self, document: Any) -> tuple[str, Subset]:
        found = self._subsets.get(document)
        if found is None:
            steady: dict[str, Steady] = getattr(document, "steady", {})
            found = self._subsets[document] = f"F{len(document.fontMapping) + 1}", Subset(self._face, steady.get(self.fontName))
            document.fontMapping[self.fontName] = "/" + found[0]
            document.delayedFonts.append(self)
        return found

    def addObjects(self, document: Any) -> None:  # noqa: N802
        """Add the font as the document used it. ReportLab calls this once, when all pages are drawn."""
        name, subset = self._subsets.pop(document)
        face, tagged = self._face, PDFName(subset.tagged_name)
        scale = face.per_mille
        length, program = subset.program()
        box = " ".join([str(round(edge * scale)) for edge in face.box])
        descriptor = Entries(
            {
                "Type": "/FontDescriptor",
                "FontName": tagged,
                "Flags": _SYMBOLIC,
                "FontBBox": f"[{box}]",
                "ItalicAngle": 0,
                "Ascent": round(face.ascent * scale),
                "Descent": round(face.descent * scale),
                "CapHeight": round(face.cap_height * scale),
                "StemV": _STEM,
                "FontFile2": Stream(program, {"Length1": length, "Filter": "/FlateDecode"}, packed=False),
            }
        )
        descendant = Entries(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": tagged,
                "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
                "FontDescriptor": document.Reference(descriptor),
                "DW": EM,
                "W": subset.widths(),
                "CIDToGIDMap": "/Identity",
            }
        )
        font = Entries(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": tagged,
                "Encoding": "/Identity-H",
                "DescendantFonts": PDFArray([document.Reference(descendant)]),
                "ToUnicode": Stream(subset.to_unicode(), {"Filter": "/FlateDecode"}, packed=False),
            }
        )
        document.idToObject["BasicFonts"].dict[name] = document.Reference(font)
        # The codes of two documents may be alike, their characters are not: the file's identifier must tell them apart.
        document.updateSignature(subset.characters.encode())
