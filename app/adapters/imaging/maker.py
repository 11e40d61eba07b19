"""The one way from a file's bytes to pages that can be stored and handed over."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, JpegImagePlugin

from app.adapters.imaging import raster
from app.adapters.imaging.cleaning import Cleaned, NotCleanableError, clean_jpeg, clean_png
from app.adapters.imaging.kinds import accept, kind_of
from app.adapters.imaging.pdfs import pdf_pages
from app.core.errors import RefusedFileError
from app.services.ports import Capture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: What a file may weigh when it comes in, and a page when it leaves where the region names no limit.
MAX_FILE_BYTES = 100 * 2**20
OWN_PAGE_BYTES = 10 * 2**20
#: A PNG above this is a photo in the wrong format and becomes a JPEG.
SMALL_PNG_BYTES = 2 * 2**20

_PDF_QUALITY = 80
_TURNED_QUALITY = 90
_CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
_MEDIA = {"JPG": "image/jpeg", "PNG": "image/png"}
#: A stated resolution below this is a camera's or editor's default (72, 96), not a measure.
_TRUSTED_DPI = range(100, 2401)
_PNG_DEPTH_AT = 24
_BYTE = 8
_HIDDEN = (b"PK\x03\x04", b"%PDF-", b"MZ", b"Rar!", b"<html", b"<script")


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Fulfils :class:`app.services.ports.Imaging`. Holds nothing, so any thread may use it; PDFs are taken one at a time."""

    def pages(
        self, data: bytes, name: str, *, formats: Sequence[str], max_bytes: int | None, dropped: Callable[[str], None]
    ) -> list[Capture]:
        """Decode a file into pages that fit; see the port. A JPEG or PNG that fits and stands upright keeps its very pixels."""
        if len(data) > MAX_FILE_BYTES:
            raise RefusedFileError(f"这个文件有 {len(data) / 2**20:.0f} MB，一次最多 100 MB。拆成几份再加。")
        kind = accept(data, name, formats)
        limit = OWN_PAGE_BYTES if max_bytes is None else min(max_bytes, OWN_PAGE_BYTES)
        if kind == "PDF":
            too_big = max_bytes is not None and len(data) > max_bytes
            # Closed at once when a page is refused: the generator holds pdfium's lock.
            with closing(pdf_pages(data, dropped)) as rendered:
                return [_captured(page.image, limit, page.dpi, quality=_PDF_QUALITY, shrunk=too_big) for page in rendered]
        return [_picture(data, kind, limit, dropped)]

    def turned(self, capture: Capture, degrees: int) -> bytes:
        """Return the page turned clockwise: PNG without loss, JPEG at quality 90; the same bytes for 0."""
        if degrees % 360 == 0:
            return capture.data
        kind = kind_of(capture.data)
        image = raster.decode(capture.data, kind)
        with raster.told():
            turned = image.transpose(_CLOCKWISE[degrees % 360])
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
        image = raster.decode(capture.data, kind_of(capture.data), (max_side, max_side))
        with raster.told():
            return raster.encode(raster.scaled(raster.plain(image), (max_side, max_side)), 85)


def _picture(data: bytes, kind: str, limit: int, dropped: Callable[[str], None]) -> Capture:
    try:
        cleaned = clean_jpeg(data) if kind == "JPG" else clean_png(data)
    except NotCleanableError as odd:
        # Pillow has the last word: some scanners write odd headers around a sound picture.
        image = raster.decode(odd.rest, kind)
        with raster.told():
            return _captured(raster.plain(image), limit, _dpi(image), shrunk=False)
    raster.check_size(cleaned.width, cleaned.height)
    if cleaned.frames > 1:
        raise RefusedFileError("这是会动的图（APNG），一页只能是一张静止的图。截下要的那一张再加。")
    if any(sign in cleaned.behind[:4096] for sign in _HIDDEN):
        dropped("图片后面夹带的别的文件没有收")
    if len(cleaned.data) <= limit and cleaned.orientation == 1:
        kept = _kept(cleaned, kind)
        if kept is not None:
            return kept
    image = raster.decode(cleaned.data, kind)
    with raster.told():
        standing = raster.upright(raster.plain(image), cleaned.orientation)
        too_big = len(cleaned.data) > limit
        if kind == "PNG" and len(cleaned.data) <= min(SMALL_PNG_BYTES, limit):
            png = raster.encode_png(standing)
            if len(png) <= min(SMALL_PNG_BYTES, limit):
                return Capture(png, _MEDIA["PNG"], *standing.size, _dpi(image), raster.thumbnail(standing))
        return _captured(standing, limit, _dpi(image), shrunk=too_big)


def _kept(cleaned: Cleaned, kind: str) -> Capture | None:
    """Return the page with its own bytes, decoded once to know that it is whole; None when it must be encoded anew."""
    if kind == "PNG" and len(cleaned.data) > SMALL_PNG_BYTES:
        return None
    image = raster.decode(cleaned.data, kind, raster.THUMBNAIL)
    with raster.told():
        usual = image.mode in {"1", "L", "RGB"} or (image.mode == "P" and image.getbands() == ("P",))
        if not usual or "transparency" in image.info or (kind == "PNG" and cleaned.data[_PNG_DEPTH_AT] > _BYTE):
            return None
        return Capture(cleaned.data, _MEDIA[kind], cleaned.width, cleaned.height, _dpi(image), raster.thumbnail(image))


def _captured(image: Image.Image, limit: int, dpi: int, *, shrunk: bool, quality: int = raster.QUALITIES[0]) -> Capture:
    made = raster.fit(image, limit, dpi=dpi, first=quality)
    smaller = shrunk or made.image is not image
    return Capture(made.data, _MEDIA["JPG"], *made.image.size, made.dpi, raster.thumbnail(made.image), shrunk=smaller)


def _dpi(image: Image.Image) -> int:
    stated = image.info.get("dpi", (0, 0))
    try:
        dpi = round(float(stated[0]))
    except (TypeError, ValueError, OverflowError, IndexError):
        return 0
    return dpi if dpi in _TRUSTED_DPI else 0
