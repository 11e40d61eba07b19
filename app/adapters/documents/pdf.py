"""ReportLab's canvas held to PDF/A-2b (ISO 19005-2), with the same bytes for the same input."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape  # xml.sax.saxutils would bring urllib and http along
from typing import TYPE_CHECKING, Any, Final

from reportlab.pdfbase.pdfdoc import PDFDictionary
from reportlab.pdfgen.canvas import Canvas

from app.adapters.documents import icc
from app.adapters.documents.streams import Stream, string

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.adapters.documents.subset import Steady

A4: Final = (595.276, 841.89)
_VERSION: Final = (1, 7)
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{program}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{program}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{program}</pdf:Producer><pdf:Keywords></pdf:Keywords>
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
        stamp = "D:" + "".join(char for char in about.moment[:19] if char.isdigit())
        self.setDateFormatter(lambda *_: stamp)
        self._doc.updateSignature(about.moment)
        self.setTitle(string(about.title))
        self.setSubject(string(about.title))
        self.setAuthor(string(about.program))
        self.setCreator(string(about.program))
        self.setProducer(string(about.program))
        self.setViewerPreference("DisplayDocTitle", "true")
        self.setViewerPreference("PrintScaling", "None")  # a form is measured in millimetres

    def _mark(self, about: About) -> None:
        """Add what PDF/A asks of the catalog: XMP and the meaning of colours."""
        text = _XMP.format(
            title=escape(about.title, quote=False), program=escape(about.program, quote=False), date=about.moment[:19]
        )
        self.setCatalogEntry("Metadata", Stream(text.encode(), {"Type": "/Metadata", "Subtype": "/XML"}, packed=False))
        intent = {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": string("sRGB"),
            "Info": string("sRGB"),
            "DestOutputProfile": Stream(icc.packed(), {"N": 3, "Filter": "/FlateDecode"}, packed=False),
        }
        # ReportLab writes only the entries a catalog lists, and OutputIntents is not among them.
        catalog: Any = self._doc.Catalog
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
        self.setCatalogEntry("OutputIntents", [PDFDictionary(intent)])

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
        """Close the page. Its content becomes a stream as PDF/A wants it, which the page would not make itself."""
        super().showPage()
        page = self._doc.Pages[-1]
        page.Contents = Stream("\n".join(page.stream) if isinstance(page.stream, list) else page.stream)
