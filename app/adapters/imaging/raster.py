"""Pixels: decoding within limits, and encoding to fit. Pillow's errors end here."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PIL import Image, ImageFile, UnidentifiedImageError

from app.core.errors import RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: More than any desk camera or phone gives in its usual mode; a bomb of 1 GB unpacked would take the window down.
MAX_PIXELS = 50_000_000
MIN_SIDE = 16
#: A4 at 200 dots per inch, the least a reviewer at the office can read (DA/T 31): long side in pixels.
LEGIBLE_LONG_SIDE = 2338
THUMBNAIL = (744, 248)

#: Tried from the first; the last is the least that fine print survives.
QUALITIES = (88, 80, 70)
_PILLOW_NAMES = {"JPG": "JPEG", "PNG": "PNG"}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Process-wide by Pillow's design; set here once so that no other use of Pillow can be bombed either.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
ImageFile.LOAD_TRUNCATED_IMAGES = False

BROKEN = "这张图不完整或坏了，读到一半就断。让对方重发，或直接扫描原件。"


@contextmanager
def told() -> Iterator[None]:
    """Turn what decoders raise on bad input into one sentence. MemoryError stays: the machine is at its end, not the file."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedFileError("这张图像素太多，超过 5000 万。拍照时调低像素，或按 300 dpi 重扫。", "bomb") from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        OverflowError,
        AssertionError,
        UserWarning,
        struct.error,
        zlib.error,
    ) as error:
        raise RefusedFileError(BROKEN, type(error).__name__) from error


def check_size(width: int, height: int) -> None:
    """RefusedFileError when the picture is too large to unpack or too small to show anything."""
    if width * height > MAX_PIXELS:
        raise RefusedFileError(
            f"这张图有 {width}×{height} 像素，超过 5000 万。拍照时调低像素，或按 300 dpi 重扫。", f"{width}x{height}"
        )
    if min(width, height) < MIN_SIDE:
        raise RefusedFileError(f"这张图只有 {width}×{height} 像素，看不出内容。换一张，或直接扫描原件。")


def decode(data: bytes, kind: str, box: tuple[int, int] | None = None) -> Image.Image:
    """Decode all of a picture. With ``box``, a JPEG is decoded just large enough to be shown in it, which is several times faster.

    The whole file is read either way, so a truncated one is found out. RefusedFileError when it cannot be read.
    """
    with told():
        image = header(data, kind)
        if box is not None:
            image.draft(None, inside(image.size, box))
        image.load()
        return image


def header(data: bytes, kind: str) -> Image.Image:
    """Return a picture whose size, mode and notes can be asked, its pixels not read yet. RefusedFileError when even that fails."""
    with told():
        image = Image.open(io.BytesIO(data), formats=(_PILLOW_NAMES[kind],))
        check_size(*image.size)
        return image


def plain(image: Image.Image) -> Image.Image:
    """Return the picture as grey or RGB of 8 bits: ink mixed to light, see-through parts on white paper.

    The colour profile stays only where it still describes the result.
    """
    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return image
    if image.mode == "1":
        result = image.convert("L")
    elif image.mode.startswith("I"):
        result = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    elif image.mode in {"LA", "PA", "RGBA", "RGBa", "La"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        result = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    else:
        result = image.convert("RGB")
    profile = image.info.get("icc_profile") if image.mode in {"P", "PA", "RGBA", "RGB"} else None
    result.info = {"icc_profile": profile} if profile else {}
    return result


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture as EXIF's orientation says it is to be seen."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def inside(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """Return the size shrunk to the box with its proportions; the same when it fits already."""
    ratio = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def scaled(image: Image.Image, box: tuple[int, int], how: Image.Resampling = Image.Resampling.HAMMING) -> Image.Image:
    """Return the picture no larger than the box; the very same when it already fits. HAMMING is the quick one, for the screen."""
    size = inside(image.size, box)
    return image if size == image.size else image.resize(size, how, reducing_gap=2.0)


def encode(image: Image.Image, quality: int, *, dpi: int = 0, fine_colour: bool = False) -> bytes:
    """Return a JPEG of a grey or RGB picture; ``fine_colour`` keeps colour at full resolution (4:4:4)."""
    out = io.BytesIO()
    extra: dict[str, object] = {"dpi": (dpi, dpi)} if dpi else {}
    if profile := image.info.get("icc_profile"):
        extra["icc_profile"] = profile
    image.save(out, "JPEG", quality=quality, subsampling=0 if fine_colour else 2, **extra)
    return out.getvalue()


def encode_png(image: Image.Image) -> bytes:
    """Return a PNG without anything beside the picture and its colour profile."""
    out = io.BytesIO()
    image.save(out, "PNG", icc_profile=image.info.get("icc_profile"))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Fitted:
    """A JPEG that fits, its size, dots per inch and quality, and whether pixels had to be taken away."""

    data: bytes
    size: tuple[int, int]
    dpi: int
    quality: int
    smaller: bool = False


class Encoder(Protocol):
    """Makes a JPEG of a picture, with a long side of at most so many pixels, at a quality, stating its dots per inch."""

    def __call__(self, side: int, quality: int, dpi: int) -> bytes:
        """Return the JPEG."""
        ...


def fit(encoder: Encoder, size: tuple[int, int], limit: int, *, dpi: int = 0, first: int = QUALITIES[0]) -> Fitted:
    """Return a JPEG of at most ``limit`` bytes: quality from ``first`` down to 70, then fewer pixels.

    RefusedFileError when it cannot be done with quality 70 and the long side of an A4 at 200 dpi.
    """
    full = max(size)
    data = b""
    for quality in (first, *(q for q in QUALITIES if q < first)):
        data = encoder(full, quality, dpi)
        if len(data) <= limit:
            return Fitted(data, size, dpi, quality)
    side, now_dpi = full, dpi
    while len(data) > limit:
        if side <= LEGIBLE_LONG_SIDE:
            raise RefusedFileError(
                f"压到 200 dpi 仍有 {len(data) / 2**20:.1f} MB，这里每个文件最多 {limit / 2**20:.1f} MB。分成几张重扫，或改扫灰度。"
            )
        # Bytes go with the area; a little more is taken so that one step is nearly always enough.
        side = max(LEGIBLE_LONG_SIDE, int(side * min(0.9, (limit / len(data)) ** 0.5 * 0.96)))
        now_dpi = round(dpi * side / full)
        data = encoder(side, QUALITIES[-1], now_dpi)
    return Fitted(data, inside(size, (side, side)), now_dpi, QUALITIES[-1], smaller=True)


def encoder_of(image: Image.Image) -> Encoder:
    """Return what makes JPEGs of this grey or RGB picture."""

    def encoder(side: int, quality: int, dpi: int) -> bytes:
        return encode(scaled(image, (side, side), Image.Resampling.LANCZOS), quality, dpi=dpi)

    return encoder
