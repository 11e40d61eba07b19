"""Between bytes and arrays: a page's light and colour at the size it is judged at, and JPEG from an array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from app.adapters.imaging import raster
from app.adapters.imaging.judging import WORK_SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from app.adapters.imaging.outline import Pixels

_RGB: Final = 3
#: Colour with a fourth channel that means nothing: quicker to warp.
SPARE: Final = 4
_TO_GREY: Final = {_RGB: cv2.COLOR_BGR2GRAY, SPARE: cv2.COLOR_BGRA2GRAY}
_REDUCED: Final = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
_JFIF: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\0"
_SEGMENT: Final = 65_519
_FIND_SIDE: Final = 800
_THUMBNAIL_QUALITY: Final = 78


@dataclass(frozen=True, slots=True)
class Look:
    """A page: its light at working size, how much smaller than the page that is, and its colour as small as pages are searched at.

    Colour is BGR, None for a grey picture.
    """

    light: Pixels
    colour: Pixels | None
    scale: float

    @property
    def small(self) -> Pixels:
        """The page in BGR as small as pages are searched at."""
        return cv_colour(shrunk(self.light, _FIND_SIDE)) if self.colour is None else self.colour

    def thumbnail(self) -> bytes:
        """Return the JPEG that stands for the page in a list."""
        picture = self.light if self.colour is None else self.colour
        small = shrunk(picture, max(raster.inside((picture.shape[1], picture.shape[0]), raster.THUMBNAIL)))
        return encoded(small, _THUMBNAIL_QUALITY, 0, None)


def look_at(pixels: Pixels, full_side: int, colour: Pixels | None = None) -> Look:
    """Return a look at a page of which this is a picture, perhaps reduced; ``full_side`` is the page's own long side.

    ``colour``: the same in BGR at any size, where ``pixels`` are only its light.
    """
    work = shrunk(pixels, WORK_SIDE)
    scale = max(work.shape[:2]) / full_side
    if work.ndim == _RGB:
        colour, work = work, np.asarray(cv2.cvtColor(work, _TO_GREY[work.shape[2]]), np.uint8)
    if colour is None:
        return Look(work, None, scale)
    small = shrunk(colour, _FIND_SIDE)
    return Look(work, small if small.shape[2] == _RGB else np.asarray(cv2.cvtColor(small, cv2.COLOR_BGRA2BGR), np.uint8), scale)


def look_into(data: bytes, full_side: int) -> Look:
    """Return a look at a JPEG or PNG that was encoded here."""
    flag = _REDUCED.get(factor_for(full_side), cv2.IMREAD_UNCHANGED)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flag)
    return look_at(np.asarray(pixels, np.uint8), full_side)


def factor_for(side: int) -> int:
    """Return by how much (1, 2, 4 or 8) a picture with this long side may be decoded smaller to be looked at."""
    return max((factor for factor in (1, *_REDUCED) if side // factor >= WORK_SIDE), default=1)


def decoded(data: bytes, factor: int = 1) -> Pixels | None:
    """Decode a JPEG to BGR, perhaps smaller by 2, 4 or 8, without looking at its orientation; None when the decoder gives up."""
    return _decoded(data, _REDUCED.get(factor, cv2.IMREAD_COLOR))


def light_of(data: bytes) -> Pixels | None:
    """Decode only the light of a JPEG; None when the decoder gives up."""
    return _decoded(data, cv2.IMREAD_GRAYSCALE)


def _decoded(data: bytes, flag: int) -> Pixels | None:
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return None
    return None if pixels is None else np.asarray(pixels, np.uint8)


def pixels_of(image: Image.Image) -> Pixels:
    """Return a grey or RGB picture as an array, grey or BGR."""
    array: NDArray[Any] = np.asarray(image)
    return np.asarray(cv2.cvtColor(array, cv2.COLOR_RGB2BGR) if array.ndim == _RGB else array, np.uint8)


def cv_colour(pixels: Pixels) -> Pixels:
    """Return BGR also for grey."""
    return pixels if pixels.ndim == _RGB else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)


def shrunk(pixels: Pixels, side: int) -> Pixels:
    """Return the picture with a long side of at most this; first by a whole factor, which is quick."""
    # Halving twice is quicker than a quarter at once.
    while (factor := max(pixels.shape[:2]) // side) > 1:
        step = factor if factor % 2 else 2
        size = (max(1, pixels.shape[1] // step), max(1, pixels.shape[0] // step))
        even = pixels[: size[1] * step, : size[0] * step]
        pixels = np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), np.uint8)
    width, height = raster.inside((pixels.shape[1], pixels.shape[0]), (side, side))
    if (height, width) == pixels.shape[:2]:
        return pixels
    # Less than half is left to go, which needs no averaging; AREA would be ten times slower here.
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def encoded(pixels: Pixels, quality: int, dpi: int, profile: bytes | None) -> bytes:
    """Return a JPEG (4:2:0) of grey or colour, with its resolution, and its colour profile where there is one."""
    return noted(bare_jpeg(pixels, quality), dpi, profile)


def bare_jpeg(pixels: Pixels, quality: int) -> bytes:
    """Return a JPEG (4:2:0) that begins as JFIF and says nothing but the picture."""
    done, out = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    data = out.tobytes()
    if not done or not data.startswith(_JFIF):
        raise ValueError("not encoded")
    return data


def noted(data: bytes, dpi: int, profile: bytes | None) -> bytes:
    """Return a bare JPEG with its resolution, and its colour profile where there is one."""
    unit = b"\x01" + dpi.to_bytes(2) * 2 if dpi else data[13:18]
    head = data[:13] + unit + data[18:20]
    if not profile:
        return head + data[20:]
    parts = [profile[at : at + _SEGMENT] for at in range(0, len(profile), _SEGMENT)]
    marked = (b"ICC_PROFILE\0" + bytes((at, len(parts))) + part for at, part in enumerate(parts, start=1))
    return head + b"".join(b"\xff\xe2" + (len(part) + 2).to_bytes(2) + part for part in marked) + data[20:]
