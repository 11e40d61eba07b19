"""TIFF and HEIC files into pictures, one at a time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageSequence

from app.adapters.imaging import raster
from app.core.errors import RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Generator

#: As many pages as a PDF may have.
MAX_FRAMES: Final = 200


def tiff_frames(data: bytes) -> Generator[Image.Image, None, None]:
    """Decode the pages of a TIFF one by one, upright. RefusedFileError when one is broken, too large, or there are more than 200."""
    with raster.told():
        file = Image.open(io.BytesIO(data), formats=("TIFF",))
        count = getattr(file, "n_frames", 1)
    if count > MAX_FRAMES:
        raise RefusedFileError(f"这份 TIFF 有 {count} 页，一次最多 {MAX_FRAMES} 页。只留要交的页，再加。")
    frames = ImageSequence.Iterator(file)
    while True:
        with raster.told():
            try:
                frame = next(frames)
            except StopIteration:
                return
            raster.check_size(*frame.size)
            frame.load()
            picture = frame.copy()
        yield picture


def heic_picture(data: bytes) -> Image.Image:
    """Decode the main picture of a HEIC file, upright as its phone stored it. RefusedFileError when it cannot be read here."""
    try:
        import pi_heif  # noqa: PLC0415 - a library of its own, wanted for iPhones only
    except ImportError as error:
        raise RefusedFileError("这台电脑读不了 HEIC 照片。在手机上改存成 JPG 再传。", str(error)) from error
    with raster.told():
        try:
            file = pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
            found = file[file.primary_index]
            raster.check_size(*found.size)
            picture: Image.Image = found.to_pillow()
        except RuntimeError as error:
            raise RefusedFileError(raster.BROKEN, type(error).__name__) from error
        picture.info = {"icc_profile": picture.info["icc_profile"]} if picture.info.get("icc_profile") else {}
        return picture
