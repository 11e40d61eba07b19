"""The one way from a file's bytes to pages that can be stored and handed over."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.adapters.imaging.cleaning import NotCleanableError, clean_jpeg, clean_png
from app.adapters.imaging.kinds import accept, kind_of
from app.core.errors import RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.adapters.imaging.pictures import Wish
    from app.adapters.imaging.thresholds import Thresholds
    from app.core.quality import Outline
    from app.services.ports import Capture

#: What a file may weigh when it comes in, and a page when it leaves where the region names no limit.
MAX_FILE_BYTES = 100 * 2**20
OWN_PAGE_BYTES = 10 * 2**20

_PDF_QUALITY = 80
_TURNED_QUALITY = 90
_HIDDEN = (b"PK\x03\x04", b"%PDF-", b"MZ", b"Rar!", b"<html", b"<script")


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Fulfils :class:`app.services.ports.Imaging`. Any thread may use it; PDFs are taken one at a time.

    ``thresholds``: the figures pages are found and judged by; those that came with the program when None.

    What looks at pixels (:mod:`~app.adapters.imaging.pictures` and below) is imported with the first file: OpenCV takes 150 ms, Pillow 2 MB.
    """

    thresholds: Thresholds | None = None

    def pages(
        self,
        data: bytes,
        name: str,
        *,
        formats: Sequence[str],
        max_bytes: int | None,
        dropped: Callable[[str], None],
        find_page: bool = True,
    ) -> list[Capture]:
        """Decode a file into pages that fit and are judged; see the port."""
        from app.adapters.imaging.pictures import Wish, from_image  # noqa: PLC0415

        if len(data) > MAX_FILE_BYTES:
            raise RefusedFileError(f"这个文件有 {len(data) / 2**20:.0f} MB，一次最多 100 MB。拆成几份再加。")
        kind = accept(data, name, formats)
        limit = OWN_PAGE_BYTES if max_bytes is None else min(max_bytes, OWN_PAGE_BYTES)
        wish = Wish(limit, find_page, self._figures())
        if kind == "PDF":
            return _pdf(data, Wish(limit, False, wish.thresholds, _PDF_QUALITY), max_bytes, dropped)
        if kind == "TIFF":
            from app.adapters.imaging.frames import tiff_frames  # noqa: PLC0415

            with closing(tiff_frames(data)) as frames:
                return [from_image(frame, wish) for frame in frames]
        if kind == "HEIC":
            from app.adapters.imaging.frames import heic_picture  # noqa: PLC0415

            return [from_image(heic_picture(data), wish)]
        return [_picture(data, kind, wish, dropped)]

    def outline(self, width: int, height: int, bgra: bytes) -> Outline:
        """Return the corners of the page in a live camera picture; see the port."""
        from app.adapters.imaging.outline import in_frame  # noqa: PLC0415

        return in_frame(width, height, bgra, self._figures().page)

    def codes(self, capture: Capture) -> tuple[str, ...]:
        """Return what the page's QR codes and Code 128 say; see the port."""
        from app.adapters.imaging.codes import codes  # noqa: PLC0415

        return codes(capture)

    def large_codes(self, capture: Capture) -> tuple[str, ...]:
        """Return what the codes of a cover or a divider say; see the port."""
        from app.adapters.imaging.codes import large_codes  # noqa: PLC0415

        return large_codes(capture)

    def turned(self, capture: Capture, degrees: int) -> bytes:
        """Return the page turned clockwise: PNG without loss, JPEG at quality 90; the same bytes for 0."""
        if degrees % 360 == 0:
            return capture.data
        from PIL import Image, JpegImagePlugin  # noqa: PLC0415

        from app.adapters.imaging import raster  # noqa: PLC0415

        kind = kind_of(capture.data)
        image = raster.decode(capture.data, kind)
        clockwise = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
        with raster.told():
            turned = image.transpose(clockwise[degrees % 360])
            turned.info = image.info
            if kind == "PNG":
                return raster.encode_png(turned)
            # 4:2:2 halves colour across; turned, it would be halved down, which baseline readers do not expect.
            fine = JpegImagePlugin.get_sampling(image) in {0, 1}
            return raster.encode(turned, _TURNED_QUALITY, dpi=capture.dpi, fine_colour=fine)

    def preview(self, capture: Capture, max_side: int) -> bytes:
        """Return the page for the screen; its own bytes when it is small enough already."""
        if max(capture.width, capture.height) <= max_side:
            return capture.data
        from app.adapters.imaging import raster  # noqa: PLC0415

        image = raster.decode(capture.data, kind_of(capture.data), (max_side, max_side))
        with raster.told():
            return raster.encode(raster.scaled(raster.plain(image), (max_side, max_side)), 85)

    def _figures(self) -> Thresholds:
        from app.adapters.imaging.thresholds import shipped  # noqa: PLC0415

        return self.thresholds or shipped()


def _pdf(data: bytes, wish: Wish, max_bytes: int | None, dropped: Callable[[str], None]) -> list[Capture]:
    from app.adapters.imaging.pdfs import PdfScan, pdf_pages  # noqa: PLC0415
    from app.adapters.imaging.pictures import OddScanError, from_drawing, from_scan  # noqa: PLC0415

    too_big = max_bytes is not None and len(data) > max_bytes
    # Closed at once when a page is refused: the generator holds the one process that draws.
    left: list[str] = []
    for scans in (True, False):
        left.clear()
        try:
            with closing(pdf_pages(data, left.append, scans=scans)) as given:
                pages = [
                    from_scan(page.data, page.size, page.dpi, wish, shrunk=too_big)
                    if isinstance(page, PdfScan)
                    else from_drawing(page.pixels, page.dpi, wish, shrunk=too_big)
                    for page in given
                ]
        except OddScanError:
            continue
        break
    for words in left:
        dropped(words)
    return pages


def _picture(data: bytes, kind: str, wish: Wish, dropped: Callable[[str], None]) -> Capture:
    from app.adapters.imaging import raster  # noqa: PLC0415
    from app.adapters.imaging.pictures import from_file, from_image  # noqa: PLC0415

    try:
        cleaned = clean_jpeg(data) if kind == "JPG" else clean_png(data)
    except NotCleanableError as odd:
        # Pillow has the last word: some scanners write odd headers around a sound picture.
        return from_image(raster.decode(odd.rest, kind), wish)
    raster.check_size(cleaned.width, cleaned.height)
    if cleaned.frames > 1:
        raise RefusedFileError("这是会动的图（APNG），一页只能是一张静止的图。截下要的那一张再加。")
    if any(sign in cleaned.behind[:4096] for sign in _HIDDEN):
        dropped("图片后面夹带的别的文件没有收")
    return from_file(cleaned, kind, wish)
