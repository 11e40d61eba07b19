"""ReportLab's canvas held to PDF/A-2b (ISO 19005-2), with the same bytes for the same input."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape  # xml.sax.saxutils would bring urllib and http along
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFString
from reportlab.pdfgen.canvas import Canvas

from app.adapters.documents import icc
from app.adapters.documents.streams import Stream

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
    """A canvas of A4 pages for long keeping. ``font`` is a name :func:`app.adapters.documents.type0.use` gave.

    An embedded font must be named from the start: a canvas otherwise begins every page with Helvetica, which is not embedded.
    """

    def __init__(self, about: About, font: str) -> None:
        super().__init__(
            "", pagesize=A4, invariant=1, initialFontName=font, pageCompression=1, pdfVersion=_VERSION, lang="zh-CN"
        )
        self._say(about)
        self._mark(about)

    def _say(self, about: About) -> None:
        """Fill in Info, in the same words as XMP."""
        stamp = "D:" + "".join(char for char in about.moment[:19] if char.isdigit())
        self.setDateFormatter(lambda *_: stamp)
        self._doc.updateSignature(about.moment)
        self.setTitle(about.title)
        self.setSubject(about.title)
        self.setAuthor(about.program)
        self.setCreator(about.program)
        self.setProducer(about.program)
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
            "OutputConditionIdentifier": PDFString("sRGB"),
            "Info": PDFString("sRGB"),
            "DestOutputProfile": Stream(icc.srgb(), {"N": 3}),
        }
        # ReportLab writes only the entries a catalog lists, and OutputIntents is not among them.
        catalog: Any = self._doc.Catalog
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
        self.setCatalogEntry("OutputIntents", [PDFDictionary(intent)])

    def showPage(self) -> None:  # noqa: N802 (ReportLab's name)
        """Close the page. Its content becomes a stream as PDF/A wants it, which the page would not make itself."""
        super().showPage()
        page = self._doc.Pages[-1]
        page.Contents = Stream("\n".join(page.stream) if isinstance(page.stream, list) else page.stream)
