"""One picture into one page: found, cut out or straightened, made to fit, and judged as it will be handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from app.adapters.imaging import looking, outline, planes, raster, straighten
from app.adapters.imaging.cleaning import NotCleanableError, clean_jpeg, stating_dpi
from app.adapters.imaging.judging import WORK_SIDE, judge
from app.adapters.imaging.pdf_worker import drawn_dpi
from app.adapters.imaging.planes import BESIDE, Bands, Planes
from app.core.errors import RefusedFileError
from app.services.ports import Capture

if TYPE_CHECKING:
    from PIL import Image

    from app.adapters.imaging.cleaning import Cleaned
    from app.adapters.imaging.looking import Look
    from app.adapters.imaging.outline import Found, Pixels
    from app.adapters.imaging.thresholds import Thresholds

#: A PNG above this is a photo in the wrong format and becomes a JPEG.
SMALL_PNG_BYTES: Final = 2 * 2**20
#: A scan inside a PDF above this is made as fine as pages are drawn; twelve pages of this are 5 MB.
SMALL_SCAN_BYTES: Final = 400 * 2**10
#: Of the rim of a sheet that fills the picture, so much is about as light as the sheet.
_SHEET_RIM: Final = 0.9
_MEDIA: Final = {"JPG": "image/jpeg", "PNG": "image/png"}
_TURN_OF: Final = {1: 0, 3: 180, 6: 90, 8: 270}
_PNG_DEPTH_AT: Final = 24
_BYTE: Final = 8
#: A stated resolution below this is a camera's or editor's default (72, 96), not a measure.
_TRUSTED_DPI: Final = range(100, 2401)


@dataclass(frozen=True, slots=True)
class Wish:
    """How pages are wanted: at most so many bytes each, cut out where they are found, judged by these figures."""

    limit: int
    find_page: bool
    thresholds: Thresholds
    first: int = raster.QUALITIES[0]


def from_file(cleaned: Cleaned, kind: str, wish: Wish) -> Capture:
    """Return the page of a cleaned JPEG or PNG. It keeps its own bytes when it fits, stands upright and nothing was found to change."""
    head = raster.header(cleaned.data, kind)
    dpi = stated_dpi(head)
    plain = kind == "JPG" and head.mode in {"L", "RGB"}
    if plain and head.mode == "RGB" and wish.find_page and cleaned.orientation in _TURN_OF:
        return _from_jpeg(cleaned, head, wish)
    if not _keepable(cleaned, kind, head, wish.limit):
        return from_image(raster.decode(cleaned.data, kind), wish, orientation=cleaned.orientation, given=cleaned, kind=kind)
    image = raster.decode(cleaned.data, kind, (WORK_SIDE, WORK_SIDE))
    with raster.told():
        look = looking.look_at(looking.pixels_of(raster.plain(image)), max(cleaned.width, cleaned.height))
        found, degrees = _to_change(look, wish, dpi)
        whole = Capture(cleaned.data, _MEDIA[kind], cleaned.width, cleaned.height, dpi, look.thumbnail())
        if found is None and not degrees:
            return _judged(whole, look, wish, dpi)
        pixels = looking.pixels_of(raster.plain(raster.decode(cleaned.data, kind)))
        page = _page(_changed(pixels, found, degrees), found, head.info.get("icc_profile"), dpi, wish)
        return replace(page, untouched=whole)


def from_image(
    image: Image.Image,
    wish: Wish,
    *,
    orientation: int = 1,
    given: Cleaned | None = None,
    kind: str = "JPG",
) -> Capture:
    """Return the page of a decoded picture, encoded anew. ``given``: the file it came from; a small PNG stays one."""
    dpi = stated_dpi(image)
    with raster.told():
        standing = raster.upright(raster.plain(image), orientation)
        profile = standing.info.get("icc_profile")
        pixels = looking.pixels_of(standing)
        look = looking.look_at(pixels, max(standing.size))
        found, degrees = _to_change(look, wish, dpi)
        too_big = given is not None and len(given.data) > wish.limit
        whole = _whole(standing, dpi, look, wish, given, kind, shrunk=too_big)
        if found is None and not degrees:
            return _judged(whole, look if whole.media == _MEDIA["PNG"] else _final_look(whole), wish, dpi)
        cut = _changed(pixels, found, degrees)
        return replace(_page(cut, found, profile, dpi, wish), untouched=whole)


def from_drawing(pixels: Pixels, dpi: int, wish: Wish, *, shrunk: bool) -> Capture:
    """Return the page that a PDF drew (BGR). A scan inside may be coarser than the drawing, so fineness is judged by its print."""
    page = _packed(pixels, None, dpi, wish, 0)
    return replace(page, shrunk=page.shrunk or shrunk)


class OddScanError(Exception):
    """A JPEG inside a PDF is not what the PDF says of it, so the page has to be drawn."""


def from_scan(data: bytes, size: tuple[int, int], dpi: int, wish: Wish, *, shrunk: bool) -> Capture:
    """Return a page of a PDF that is nothing but this JPEG: its own bytes when they are few, else as if it had been drawn.

    OddScanError when the JPEG is broken or not of this size, or not grey or RGB.
    """
    try:
        cleaned = clean_jpeg(data)
        head = raster.header(cleaned.data, "JPG")
    except (NotCleanableError, RefusedFileError) as error:
        raise OddScanError from error
    if head.size != size or head.mode not in {"L", "RGB"}:
        raise OddScanError
    if len(cleaned.data) <= min(SMALL_SCAN_BYTES, wish.limit):
        look = looking.look_at(_all_or_odd(cleaned.data, head, WORK_SIDE), max(size))
        kept = Capture(stating_dpi(cleaned.data, dpi), _MEDIA["JPG"], *size, dpi, look.thumbnail(), shrunk=shrunk)
        return _judged(kept, look, wish, dpi)
    pixels = _all_or_odd(cleaned.data, head, max(size))
    wanted = min(dpi, drawn_dpi(max(size) / dpi))
    page = _packed(looking.shrunk(pixels, round(max(size) * wanted / dpi)), None, wanted, wish, wanted)
    return replace(page, shrunk=page.shrunk or shrunk)


def _all_or_odd(data: bytes, head: Image.Image, side: int) -> Pixels:
    pixels = looking.decoded(data) if side == max(head.size) and head.mode == "RGB" else None
    if pixels is not None:
        return pixels
    try:
        return looking.pixels_of(raster.decode(data, "JPG", (side, side)))
    except RefusedFileError as error:
        raise OddScanError from error


def stated_dpi(image: Image.Image) -> int:
    """Return the resolution the file states, 0 when it states none that can be a measure."""
    stated = image.info.get("dpi", (0, 0))
    try:
        dpi = round(float(stated[0]))
    except (TypeError, ValueError, OverflowError, IndexError, ZeroDivisionError):
        return 0
    return dpi if dpi in _TRUSTED_DPI else 0


def _from_jpeg(cleaned: Cleaned, head: Image.Image, wish: Wish) -> Capture:
    """Take the page out of a coloured JPEG. It is looked at decoded small, and decoded whole only to be changed.

    The picture itself is kept with its own bytes where it fits, lying as the camera lay.
    """
    turn, dpi, profile = _TURN_OF[cleaned.orientation], stated_dpi(head), head.info.get("icc_profile")
    seen = planes.seen(cleaned.data, head.size, scan=dpi > 0)
    lying = _look_at(seen, max(head.size))
    # A desk shows around it, so a page will be found more often than not: its light is decoded while it is looked for.
    ahead = None if dpi or _fills_picture(lying) else planes.light_ahead(cleaned.data, head.size, seen)
    look = _turned_look(lying, turn)
    found, degrees = _to_change(look, wish, dpi)
    fits = len(cleaned.data) <= wish.limit
    whole = Capture(cleaned.data, _MEDIA["JPG"], *head.size, dpi, lying.thumbnail(), turn=turn)
    if found is None and not degrees and fits and not turn:
        return _judged(whole, look, wish, dpi)
    with raster.told():
        if fits and (found is not None or not turn):
            placed = None if found is None else replace(found, corners=_lying(found, turn))
            cut = _changed(planes.whole(cleaned.data, head.size, seen, ahead), placed, degrees)
            return replace(_page(cut, found, profile, dpi, wish), untouched=whole)
        upright = _turned(planes.whole(cleaned.data, head.size, seen, ahead), turn)
        made = _encoded(upright, profile, dpi, wish)
        whole = Capture(made.data, _MEDIA["JPG"], *made.size, made.dpi, look.thumbnail(), shrunk=made.smaller or not fits)
        if found is None and not degrees:
            return _judged(whole, _final_look(whole), wish, made.dpi)
        return replace(_page(_changed(upright, found, degrees), found, profile, dpi, wish), untouched=whole)


def _to_change(look: Look, wish: Wish, dpi: int) -> tuple[Found | None, float]:
    """Return the page to be cut out, or else by how many degrees its lines rise. A scan has a resolution, a photo has none."""
    if not wish.find_page:
        return None, 0.0
    rules = wish.thresholds.page
    if dpi:
        glass = BESIDE.submit(outline.on_glass, look.small, rules)
        degrees = straighten.skew(look.light, rules)
        found = glass.result()
        return found, 0.0 if found else degrees
    found = outline.in_photo(look.small, rules)
    if found is not None or not _fills_picture(look):
        return found, 0.0
    return None, straighten.skew(look.light, rules)


def _fills_picture(look: Look) -> bool:
    """Whether paper reaches to the rim on all sides, so that lines may be levelled without a page being found."""
    small = looking.shrunk(look.light, 200)
    rim = np.concatenate((small[:3].ravel(), small[-3:].ravel(), small[:, :3].ravel(), small[:, -3:].ravel()))
    return float((rim > 0.85 * float(np.percentile(small, 75))).mean()) >= _SHEET_RIM


def _changed(picture: Pixels | Planes, found: Found | None, degrees: float) -> Pixels | Planes:
    width, height = _size(picture)
    size = np.array((width, height), np.float32)
    way = straighten.level((width, height), degrees) if found is None else straighten.flat(found.corners * size)
    return picture.changed(way) if isinstance(picture, Planes) else way.of(picture)


def _page(page: Pixels | Planes, found: Found | None, profile: bytes | None, dpi: int, wish: Wish) -> Capture:
    """Encode a page that was cut out or levelled, and judge it."""
    if found is None:
        return _packed(page, profile, dpi, wish, dpi)
    return _packed(page, profile, dpi, wish, dpi or straighten.dots_per_inch(*_size(page)), found.cut)


def _packed(
    page: Pixels | Planes, profile: bytes | None, dpi: int, wish: Wish, fineness: int, cut: tuple[str, ...] | None = None
) -> Capture:
    """Encode a page to fit and judge it meanwhile; once more by the bytes when quality or size had to give way.

    ``dpi``: what the file states. ``fineness``: dots per inch to judge by, 0 where only its print tells.
    """
    bands = Bands(page, wish.first) if isinstance(page, Planes) else None
    packing = BESIDE.submit(_encoded, page, profile, dpi, wish, bands)
    side = max(_size(page))
    look = _look_at(page, side)
    capture = _judged(Capture(b"", _MEDIA["JPG"], 0, 0, 0, look.thumbnail()), look, wish, fineness, cut)
    if bands is not None:
        bands.work()
    made = packing.result()
    capture = replace(capture, data=made.data, width=made.size[0], height=made.size[1], dpi=made.dpi, shrunk=made.smaller)
    if made.quality == wish.first and not made.smaller:
        return capture
    return _judged(capture, _final_look(capture), wish, round(fineness * max(made.size) / side), cut)


def _look_at(picture: Pixels | Planes, full_side: int) -> Look:
    if isinstance(picture, Planes):
        return looking.look_at(picture.light, full_side, picture.colour)
    return looking.look_at(picture, full_side)


def _judged(capture: Capture, look: Look, wish: Wish, dpi: int, cut: tuple[str, ...] | None = None) -> Capture:
    verdict = judge(look.light, look.colour, wish.thresholds.gate, scale=look.scale, dpi=dpi, cut=cut)
    return replace(capture, spots=verdict.spots, likeness=verdict.likeness, turn=verdict.turn)


def _final_look(capture: Capture) -> Look:
    """Return a look at the bytes themselves."""
    return looking.look_into(capture.data, max(capture.width, capture.height))


def _whole(image: Image.Image, dpi: int, look: Look, wish: Wish, given: Cleaned | None, kind: str, *, shrunk: bool) -> Capture:
    """Encode the whole picture upright: its own bytes where they will do, a small PNG as PNG, everything else as JPEG."""
    if given is not None and _keepable(given, kind, raster.header(given.data, kind), wish.limit):
        return Capture(given.data, _MEDIA[kind], *image.size, dpi, look.thumbnail())
    small_png = min(SMALL_PNG_BYTES, wish.limit)
    if given is not None and kind == "PNG" and len(given.data) <= small_png:
        png = raster.encode_png(image)
        if len(png) <= small_png:
            return Capture(png, _MEDIA["PNG"], *image.size, dpi, look.thumbnail())
    made = raster.fit(raster.encoder_of(image), image.size, wish.limit, dpi=dpi, first=wish.first)
    return Capture(made.data, _MEDIA["JPG"], *made.size, made.dpi, look.thumbnail(), shrunk=shrunk or made.smaller)


def _encoded(page: Pixels | Planes, profile: bytes | None, dpi: int, wish: Wish, bands: Bands | None = None) -> raster.Fitted:
    """Encode a page to fit. ``bands``: the page at full size, on which somebody may be working too."""
    size = _size(page)

    def encoder(side: int, quality: int, dpi: int) -> bytes:
        if bands is not None and side == max(size) and quality == bands.quality:
            return looking.noted(bands.jpeg(), dpi, profile)
        if isinstance(page, Planes):
            return looking.noted(page.shrunk(side).jpeg(quality), dpi, profile)
        return looking.encoded(looking.shrunk(page, side), quality, dpi, profile)

    return raster.fit(encoder, size, wish.limit, dpi=dpi, first=wish.first)


def _keepable(cleaned: Cleaned, kind: str, head: Image.Image, limit: int) -> bool:
    """Whether a file may be handed over as it is: it fits, stands upright, and every viewer shows it alike."""
    if len(cleaned.data) > limit or cleaned.orientation != 1:
        return False
    usual = head.mode in {"1", "L", "RGB"} or (head.mode == "P" and head.getbands() == ("P",))
    if not usual or "transparency" in head.info:
        return False
    return kind == "JPG" or (len(cleaned.data) <= SMALL_PNG_BYTES and cleaned.data[_PNG_DEPTH_AT] <= _BYTE)


def _size(picture: Pixels | Planes) -> tuple[int, int]:
    height, width = (picture.light if isinstance(picture, Planes) else picture).shape[:2]
    return width, height


def _turned(picture: Pixels | Planes, turn: int) -> Pixels | Planes:
    if not turn:
        return picture
    return picture.turned(turn) if isinstance(picture, Planes) else np.ascontiguousarray(np.rot90(picture, -turn // 90))


def _turned_look(look: Look, turn: int) -> Look:
    if not turn:
        return look
    light = np.ascontiguousarray(np.rot90(look.light, -turn // 90))
    colour = None if look.colour is None else np.ascontiguousarray(np.rot90(look.colour, -turn // 90))
    return replace(look, light=light, colour=colour)


def _lying(found: Found, turn: int) -> outline.Points:
    """Return the upright page's corners where they are in the picture as it lies before it is turned clockwise."""
    x, y = found.corners[:, 0], found.corners[:, 1]
    placed = {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}[turn]
    return np.stack(placed, axis=1)
