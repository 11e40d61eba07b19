"""Paper that came back: what stands in the foot of a document of ours, and scanned pages bound to one file for long keeping."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from app.adapters.documents.fonts import SONG
from app.adapters.documents.preview import PDFIUM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.adapters.documents.fonts import Fonts
    from app.services.ports import Capture

_CODE: Final = re.compile(r"校验码[:：]\s*([0-9a-f]{8})")
_SPACES: Final = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}


def check_code(pdf: bytes) -> str:
    """Return the 校验码 in the foot of a document, '' when none stands there. Read from the file, so it is what the paper says."""
    import pypdfium2  # noqa: PLC0415 - 40 ms, and most cases never need it

    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for page in document:
                text = page.get_textpage()
                try:
                    found = _CODE.search(text.get_text_range())
                finally:
                    text.close()
                if found is not None:
                    return found.group(1)
        finally:
            document.close()
    return ""


def bound(pages: Sequence[Capture], title: str, moment: str, fonts: Fonts) -> bytes:
    """Return pages as PDF/A-2b, one on each A4 sheet from its top left corner, as large as it fits. A JPEG keeps its own bytes."""
    from app.adapters.documents import type0  # noqa: PLC0415 - ReportLab takes 60 ms to load
    from app.adapters.documents.pdf import A4, About, ArchiveCanvas  # noqa: PLC0415
    from app.adapters.documents.streams import Stream  # noqa: PLC0415

    canvas = ArchiveCanvas(About(title, moment), type0.use(fonts.face(SONG)).fontName)
    for capture in pages:
        data, entries = _image(capture)
        scale = min(A4[0] / entries["Width"], A4[1] / entries["Height"])
        name = "scan-" + hashlib.sha256(capture.data).hexdigest()[:16]
        canvas.lay(name, Stream(data, entries, packed=False), entries["Width"] * scale, entries["Height"] * scale)
        # Two files with other pictures and the same words must not bear one identifier.
        canvas._doc.updateSignature(name.encode())  # noqa: SLF001 - ReportLab offers no other way
        canvas.showPage()
    return bytes(canvas.getpdfdata())


def _image(capture: Capture) -> tuple[bytes, dict[str, Any]]:
    """Return a page's bytes as an image stream holds them, and its entries."""
    from PIL import Image  # noqa: PLC0415

    with Image.open(io.BytesIO(capture.data)) as picture:
        if picture.format == "JPEG" and picture.mode in _SPACES:
            data, mode, coding = capture.data, picture.mode, "/DCTDecode"
        else:
            mode = "L" if picture.mode in {"1", "L"} else "RGB"
            data, coding = zlib.compress(picture.convert(mode).tobytes(), 6), "/FlateDecode"
        width, height = picture.size
    entries = {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": width,
        "Height": height,
        "BitsPerComponent": 8,
        "ColorSpace": _SPACES[mode],
        "Filter": coding,
        "Interpolate": "false",
    }
    return data, entries
