"""One picture into one page: found, cut out or straightened, made to fit, and judged on the bytes that will be handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from app.adapters.imaging import looking, outline, raster, straighten
from app.adapters.imaging.judging import WORK_SIDE, judge
from app.services.ports import Capture

if TYPE_CHECKING:
    from PIL import Image

    from app.adapters.imaging.cleaning import Cleaned
    from app.adapters.imaging.looking import Look
    from app.adapters.imaging.outline import Found, Pixels
    from app.adapters.imaging.thresholds import Thresholds

#: A PNG above this is a photo in the wrong format and becomes a JPEG.
SMALL_PNG_BYTES: Final = 2 * 2**20
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
    photo = plain and head.mode == "RGB" and wish.find_page and dpi == 0 and cleaned.orientation in _TURN_OF
    pixels = looking.decoded(cleaned.data) if photo else None
    if pixels is not None:
        return _from_photo(cleaned, pixels, head.info.get("icc_profile"), wish)
    if not _keepable(cleaned, kind, head, wish.limit):
        return from_image(raster.decode(cleaned.data, kind), wish, orientation=cleaned.orientation, given=cleaned, kind=kind)
    image = raster.decode(cleaned.data, kind, (WORK_SIDE, WORK_SIDE))
    with raster.told():
        look = looking.look_at(looking.pixels_of(raster.plain(image)), max(cleaned.width, cleaned.height))
        found, degrees = _to_change(look, wish, dpi)
        if found is None and not degrees:
            kept = Capture(cleaned.data, _MEDIA[kind], cleaned.width, cleaned.height, dpi, look.thumbnail())
            return _judged(kept, look, wish, dpi)
        pixels = looking.decoded(cleaned.data) if kind == "JPG" and head.mode == "RGB" else None
        if pixels is None:
            pixels = looking.pixels_of(raster.plain(raster.decode(cleaned.data, kind)))
        whole = Capture(cleaned.data, _MEDIA[kind], cleaned.width, cleaned.height, dpi, look.thumbnail())
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
            return _judged(whole, _final_look(whole, look), wish, dpi)
        cut = _changed(pixels, found, degrees)
        return replace(_page(cut, found, profile, dpi, wish), untouched=whole)


def from_drawing(pixels: Pixels, dpi: int, wish: Wish, *, shrunk: bool) -> Capture:
    """Return the page that a PDF drew (BGR). A scan inside may be coarser than the drawing, so fineness is judged by its print."""
    made = _encoded(pixels, None, dpi, wish)
    look = looking.look_into(made.data, max(made.width, made.height))
    return _judged(replace(made, thumbnail=look.thumbnail(), shrunk=made.shrunk or shrunk), look, wish, 0)


def stated_dpi(image: Image.Image) -> int:
    """Return the resolution the file states, 0 when it states none that can be a measure."""
    stated = image.info.get("dpi", (0, 0))
    try:
        dpi = round(float(stated[0]))
    except (TypeError, ValueError, OverflowError, IndexError, ZeroDivisionError):
        return 0
    return dpi if dpi in _TRUSTED_DPI else 0


def _from_photo(cleaned: Cleaned, pixels: Pixels, profile: bytes | None, wish: Wish) -> Capture:
    """Take the page out of a camera's JPEG. The photo itself is kept with its own bytes, lying as the camera lay."""
    turn = _TURN_OF[cleaned.orientation]
    lying = looking.look_at(pixels, max(pixels.shape[:2]))
    look = _turned_look(lying, turn)
    found, degrees = _to_change(look, wish, 0)
    fits = len(cleaned.data) <= wish.limit
    if found is not None and fits:
        page = _page(straighten.flat(pixels, _lying(found, turn) * _size(pixels)), found, profile, 0, wish)
        untouched = Capture(cleaned.data, _MEDIA["JPG"], pixels.shape[1], pixels.shape[0], 0, lying.thumbnail(), turn=turn)
        return replace(page, untouched=untouched)
    upright = np.ascontiguousarray(np.rot90(pixels, -turn // 90)) if turn else pixels
    if fits and not turn:
        whole = Capture(cleaned.data, _MEDIA["JPG"], pixels.shape[1], pixels.shape[0], 0, look.thumbnail())
    else:
        whole = replace(_encoded(upright, profile, 0, wish), thumbnail=look.thumbnail())
        whole = replace(whole, shrunk=whole.shrunk or not fits)
    if found is None and not degrees:
        return _judged(whole, look if fits and not turn else _final_look(whole, look), wish, 0)
    return replace(_page(_changed(upright, found, degrees), found, profile, 0, wish), untouched=whole)


def _to_change(look: Look, wish: Wish, dpi: int) -> tuple[Found | None, float]:
    """Return the page to be cut out, or else by how many degrees its lines rise. A scan has a resolution, a photo has none."""
    if not wish.find_page:
        return None, 0.0
    rules = wish.thresholds.page
    small = look.small
    found = outline.on_glass(small, rules) if dpi else outline.in_photo(small, rules)
    if found is not None or not (dpi or _fills_picture(look)):
        return found, 0.0
    return None, straighten.skew(look.light, rules)


def _fills_picture(look: Look) -> bool:
    """Whether paper reaches to the rim on all sides, so that lines may be levelled without a page being found."""
    small = looking.shrunk(look.light, 200)
    rim = np.concatenate((small[:3].ravel(), small[-3:].ravel(), small[:, :3].ravel(), small[:, -3:].ravel()))
    return float((rim > 0.85 * float(np.percentile(small, 75))).mean()) >= _SHEET_RIM


def _changed(pixels: Pixels, found: Found | None, degrees: float) -> Pixels:
    return straighten.level(pixels, degrees) if found is None else straighten.flat(pixels, found.corners * _size(pixels))


def _page(pixels: Pixels, found: Found | None, profile: bytes | None, dpi: int, wish: Wish) -> Capture:
    """Encode a page that was cut out or levelled, and judge it."""
    made = _encoded(pixels, profile, dpi, wish)
    look = looking.look_into(made.data, max(made.width, made.height))
    made = replace(made, thumbnail=look.thumbnail())
    guessed = dpi or (straighten.dots_per_inch(made.width, made.height) if found else 0)
    return _judged(made, look, wish, guessed, found.cut if found else None)


def _judged(capture: Capture, look: Look, wish: Wish, dpi: int, cut: tuple[str, ...] | None = None) -> Capture:
    verdict = judge(look.light, look.colour, wish.thresholds.gate, scale=look.scale, dpi=dpi, cut=cut)
    return replace(capture, spots=verdict.spots, likeness=verdict.likeness)


def _final_look(capture: Capture, before: Look) -> Look:
    """Return a look at the bytes themselves; a PNG loses nothing, so what it was made from will do."""
    return before if capture.media == _MEDIA["PNG"] else looking.look_into(capture.data, max(capture.width, capture.height))


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


def _encoded(pixels: Pixels, profile: bytes | None, dpi: int, wish: Wish) -> Capture:
    """Encode an array to fit; its thumbnail is still to be made."""

    def encoder(side: int, quality: int, dpi: int) -> bytes:
        return looking.encoded(looking.shrunk(pixels, side), quality, dpi, profile)

    made = raster.fit(encoder, (pixels.shape[1], pixels.shape[0]), wish.limit, dpi=dpi, first=wish.first)
    return Capture(made.data, _MEDIA["JPG"], *made.size, made.dpi, b"", shrunk=made.smaller)


def _keepable(cleaned: Cleaned, kind: str, head: Image.Image, limit: int) -> bool:
    """Whether a file may be handed over as it is: it fits, stands upright, and every viewer shows it alike."""
    if len(cleaned.data) > limit or cleaned.orientation != 1:
        return False
    usual = head.mode in {"1", "L", "RGB"} or (head.mode == "P" and head.getbands() == ("P",))
    if not usual or "transparency" in head.info:
        return False
    return kind == "JPG" or (len(cleaned.data) <= SMALL_PNG_BYTES and cleaned.data[_PNG_DEPTH_AT] <= _BYTE)


def _size(pixels: Pixels) -> outline.Points:
    return np.array((pixels.shape[1], pixels.shape[0]), np.float32)


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
