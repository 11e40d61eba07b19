"""A colour picture as JPEG keeps it: light at full size, colour at half. To decode and turn it takes half the time of full colour."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.adapters.imaging import looking, raster, straighten
from app.adapters.imaging.judging import WORK_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.adapters.imaging.outline import Pixels
    from app.adapters.imaging.straighten import Way

#: What may be done at the same time as something else is done here, on the other core. It waits for nothing itself.
BESIDE: Final = ThreadPoolExecutor(1, "pack")
#: From a place in the picture to the same place in its half; pixels are counted from the middle of the first.
_HALVING: Final = np.array(((0.5, 0, -0.25), (0, 0.5, -0.25), (0, 0, 1)))
#: Rows that are put together at once: few enough to stay in the processor's cache, whole blocks of a JPEG's 16 by 16.
_ROWS: Final = 128
_MCU: Final = 16
#: So much of the light takes as long to turn as the rest and all colour.
_HERE: Final = 0.75
_FRAME: Final = b"\xff\xc0\0\x11"
_SCAN: Final = b"\xff\xda\0\x0c"
_RESTARTS: Final = b"\xff\xdd\0\x04"


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture's light (grey) and its colour, BGR at half the size rounded up."""

    light: Pixels
    colour: Pixels

    def changed(self, way: Way) -> Planes:
        """Return what comes of the picture this way. The other core takes the colour and the rest of the light."""
        half = straighten.Way(_HALVING @ way.matrix @ np.linalg.inv(_HALVING), _halved(way.size), way.around)
        height = way.size[1]
        cut = round(height * _HERE)
        beside = BESIDE.submit(lambda: (half.of(self.colour), way.rows(cut, height).of(self.light)))
        above = way.rows(0, cut).of(self.light)
        colour, below = beside.result()
        return Planes(np.concatenate((above, below)), colour)

    def joined(self) -> Pixels:
        """Return the picture in BGR. Each spot of colour covers four pixels, as it will again in a JPEG (4:2:0)."""
        return np.concatenate(list(self._bands()))

    def jpeg(self, quality: int) -> bytes:
        """Return a bare JPEG (4:2:0), made band by band, so that neither the whole is ever in BGR nor its memory asked for."""
        head, scans = b"", []
        for band in self._bands():
            data = looking.bare_jpeg(band, quality)
            begin = data.index(_SCAN)
            begin += 2 + int.from_bytes(data[begin + 2 : begin + 4])
            head = head or data[:begin]
            scans.append(data[begin:-2])
        height, width = self.light.shape
        frame, scan = head.index(_FRAME), head.index(_SCAN)
        interval = (width + _MCU - 1) // _MCU * (_ROWS // _MCU)
        # Each band begins its predictions anew and ends on a whole byte: just what a restart interval is (ITU-T T.81, E.1.4).
        whole: bytes = (
            head[: frame + 5] + height.to_bytes(2) + head[frame + 7 : scan] + _RESTARTS + interval.to_bytes(2) + head[scan:]
        )
        marks = (bytes((0xFF, 0xD0 + at % 8)) for at in range(len(scans) - 1))
        body: bytes = b"".join(part for pair in zip(scans, (*marks, b"\xff\xd9"), strict=True) for part in pair)
        return whole + body

    def _bands(self) -> Iterator[Pixels]:
        """Yield the picture in BGR, from above, some rows at a time.

        By way of a video's range of light (16 to 235), since OpenCV joins planes only so: a colour may be off by 2 of 255.
        """
        height, width = self.light.shape
        for top in range(0, height, _ROWS):
            tint = cv2.cvtColor(self.colour[top // 2 : (top + _ROWS) // 2], cv2.COLOR_BGR2YCrCb)
            both = np.empty((*tint.shape[:2], 2), np.uint8)
            cv2.mixChannels([tint], [both], (2, 0, 1, 1))
            light = self.light[top : top + _ROWS]
            rows = len(light)
            if rows % 2 or width % 2:
                light = cv2.copyMakeBorder(light, 0, rows % 2, 0, width % 2, cv2.BORDER_REPLICATE)
            bgr = cv2.cvtColorTwoPlane(
                cv2.convertScaleAbs(light, alpha=219 / 255, beta=16),
                cv2.convertScaleAbs(both, alpha=224 / 255, beta=128 * (1 - 224 / 255)),
                cv2.COLOR_YUV2BGR_NV12,
            )
            yield bgr[:rows, :width]


def seen(data: bytes, size: tuple[int, int], *, scan: bool) -> Pixels | Planes:
    """Decode a cleaned colour JPEG to be looked at: a scan, of which any may have to be levelled, in planes, everything else small.

    RefusedFileError when it is broken.
    """
    pixels = None
    # Of 10,000 damaged files that could be cleaned, OpenCV passed over breaks that Pillow sees in those alone with more than one scan.
    if data.count(_SCAN[:2]) == 1:
        if scan and max(size) >= WORK_SIDE:
            small = BESIDE.submit(looking.decoded, data, 2)
            light, half = looking.light_of(data), small.result()
            if light is not None and half is not None and half.shape[1::-1] == _halved(size):
                return Planes(light, half)
        pixels = looking.decoded(data, looking.factor_for(max(size)))
    return looking.pixels_of(raster.decode(data, "JPG", (WORK_SIDE, WORK_SIDE))) if pixels is None else pixels


def whole(data: bytes, size: tuple[int, int], small: Pixels | Planes) -> Pixels | Planes:
    """Decode what was seen small so that it can be changed. ValueError when that cannot be done."""
    if isinstance(small, Planes) or small.shape[1::-1] == size:
        return small
    if small.shape[1::-1] == _halved(size) and (light := looking.light_of(data)) is not None:
        return Planes(light, small)
    pixels = looking.decoded(data)
    if pixels is None:
        raise ValueError("not decoded")
    return pixels


def _halved(size: tuple[int, int]) -> tuple[int, int]:
    return (size[0] + 1) // 2, (size[1] + 1) // 2
