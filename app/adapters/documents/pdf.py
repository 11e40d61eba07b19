"""ReportLab's canvas held to PDF/A-2b (ISO 19005-2), with the same bytes for the same input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.adapters.documents import icc
from app.adapters.documents.press import Canvas, PDFArray, PDFObject
from app.adapters.documents.streams import Entries, Stream, string

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.adapters.documents.subset import Steady

A4: Final = (595.276, 841.89)
_SIZE: Final = f"{A4[0]:g} {A4[1]:g}".encode()
_VERSION: Final = (1, 7)
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreatorTool>{program}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{program}</pdf:Producer>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """What the file says about itself. ``moment`` is ISO local time to the second; nothing here may name a person."""

    title: str
    moment: str
    program: str = "窗口 Chuangkou"


class ArchiveCanvas(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """A canvas of A4 pages for long keeping.

    ``font`` is a name :func:`app.adapters.documents.type0.use` gave; ``steady`` holds what begins a font's subset, by such a name. An embedded font must be named from the start: a canvas otherwise begins every page with Helvetica, which is not embedded.
    """

    def __init__(self, about: About, font: str, steady: Mapping[str, Steady] | None = None) -> None:
        super().__init__(
            "", pagesize=A4, invariant=1, initialFontName=font, pageCompression=1, pdfVersion=_VERSION, lang="zh-CN"
        )
        self._laid: set[str] = set()
        self.steady = steady or {}
        self._doc.steady = self.steady
        self._say(about)
        self._mark(about)

    def _say(self, about: About) -> None:
        """Fill in Info, in the same words as XMP."""
        title, program = string(about.title), string(about.program)
        stamp = f"(D:{''.join(char for char in about.moment[:19] if char.isdigit())})"
        self._doc.updateSignature(about.moment)
        self._doc.updateSignature(about.title)
        self._doc.info = _Info(
            {
                "Title": title,
                "Creator": program,
                "Producer": program,
                "CreationDate": stamp,
                "ModDate": stamp,
            }
        )

    def _mark(self, about: About) -> None:
        """Write the catalog with what PDF/A asks of it: XMP and the meaning of colours. ReportLab's own does not know OutputIntents."""
        text = _XMP.format(title=_escaped(about.title), program=_escaped(about.program), date=about.moment[:19])
        intent = {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": string("sRGB"),
            "Info": string("sRGB"),
            "DestOutputProfile": Stream(icc.packed(), {"N": 3, "Filter": "/FlateDecode"}, packed=False),
        }
        self._doc.Catalog = Entries(
            {
                "Type": "/Catalog",
                "Pages": self._doc.Pages,
                "Lang": "(zh-CN)",
                # Not scaled: a form is measured in millimetres.
                "ViewerPreferences": "<< /DisplayDocTitle true /PrintScaling /None >>",
                "Metadata": Stream(text.encode(), {"Type": "/Metadata", "Subtype": "/XML"}, packed=False),
                "OutputIntents": PDFArray([Entries(intent)]),
            }
        )

    @property
    def document(self) -> Any:
        """The file being made, by which a font knows what of it is used."""
        return self._doc

    def draw(self, code: list[str]) -> None:
        """Write page content that leaves nothing set behind it."""
        self._code += code

    def lay(self, name: str, picture: Stream, width: float, height: float) -> None:
        """Draw a picture of this size in points with its top left corner on the page's. One of the same name is stored once."""
        if name not in self._laid:
            self._laid.add(name)
            self._doc.addForm(name, picture)
        self._code.append(f"q {width:.3f} 0 0 {height:.3f} 0 {A4[1] - height:.3f} cm /{self._doc.getXObjectName(name)} Do Q")
        self._formsinuse.append(name)
        self._currentPageHasImages = 1

    def showPage(self) -> None:  # noqa: N802 (ReportLab's name)
        """Close the page."""
        content = Stream("\n".join([self._preamble, *self._code, ""]))
        self._doc.addPage(_Page(content, self._doc.xobjDict(self._formsinuse) if self._formsinuse else None))
        self._startPage()


def _escaped(text: str) -> str:
    """Return text as XML. The modules that know how bring entities or urllib along, 6 ms at the first document."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Info(Entries):
    """What the file says about itself."""

    def digest(self, signature: Any) -> None:
        """Do nothing: the canvas told the file's identifier already."""


class _Page(PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """A page, written in one go. :mod:`app.adapters.documents.signing` finds it in the file by just this wording."""

    __RefOnly__ = 1

    def __init__(self, content: Stream, pictures: PDFObject | None) -> None:
        self._content, self._pictures = content, pictures

    def format(self, document: Any) -> bytes:
        """Return the page object's bytes."""
        content, above = (document.Reference(one).format(document) for one in (self._content, document.Pages))
        fonts = document.Reference(document.idToObject["BasicFonts"], "BasicFonts").format(document)
        pictures = b" /XObject " + self._pictures.format(document) if self._pictures else b""
        return b"<<\n/Contents %b /MediaBox [ 0 0 %b ] /Parent %b /Resources << /Font %b%b >> /Type /Page\n>>" % (
            content,
            _SIZE,
            above,
            fonts,
            pictures,
        )
