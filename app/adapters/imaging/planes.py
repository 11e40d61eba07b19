"""A colour picture as JPEG keeps it: light at full size, colour at half. To decode and turn it takes half the time of full colour."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.adapters.imaging import looking, raster, straighten
from app.adapters.imaging.judging import WORK_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

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

    def shrunk(self, side: int) -> Planes:
        """Return the picture with a long side of at most this."""
        light = looking.shrunk(self.light, side)
        size = _halved((light.shape[1], light.shape[0]))
        colour = (
            self.colour if size == self.colour.shape[1::-1] else cv2.resize(self.colour, size, interpolation=cv2.INTER_AREA)
        )
        return Planes(light, np.asarray(colour, np.uint8))

    def turned(self, degrees: int) -> Planes:
        """Return the picture turned clockwise by 0, 90, 180 or 270 degrees."""
        light, colour = (np.ascontiguousarray(np.rot90(plane, -degrees // 90)) for plane in (self.light, self.colour))
        return Planes(light, colour)

    def jpeg(self, quality: int) -> bytes:
        """Return a bare JPEG (4:2:0)."""
        return Bands(self, quality).jpeg()


class Bands:
    """A JPEG made band by band, so that neither the whole is ever in BGR nor its memory asked for. Whoever has time may :meth:`work` on it."""

    def __init__(self, planes: Planes, quality: int) -> None:
        self.quality = quality
        self._planes = planes
        self._tops = range(0, planes.light.shape[0], _ROWS)
        self._left = deque(self._tops)
        self._made: SimpleQueue[tuple[int, bytes | Exception]] = SimpleQueue()

    def work(self) -> None:
        """Make bands until none is left."""
        with suppress(IndexError):
            while True:
                top = self._left.popleft()
                try:
                    self._made.put((top, looking.bare_jpeg(self._band(top), self.quality)))
                except Exception as bug:  # noqa: BLE001  # raised again where the whole is put together
                    self._made.put((top, bug))

    def jpeg(self) -> bytes:
        """Return a bare JPEG (4:2:0), with what others made of it; once only."""
        self.work()
        made = dict(self._made.get() for _ in self._tops)
        head, scans = b"", []
        for top in self._tops:
            data = made[top]
            if isinstance(data, Exception):
                raise data
            begin = data.index(_SCAN)
            begin += 2 + int.from_bytes(data[begin + 2 : begin + 4])
            head = head or data[:begin]
            scans.append(data[begin:-2])
        height, width = self._planes.light.shape
        frame, scan = head.index(_FRAME), head.index(_SCAN)
        interval = (width + _MCU - 1) // _MCU * (_ROWS // _MCU)
        # Each band begins its predictions anew and ends on a whole byte: just what a restart interval is (ITU-T T.81, E.1.4).
        whole: bytes = (
            head[: frame + 5] + height.to_bytes(2) + head[frame + 7 : scan] + _RESTARTS + interval.to_bytes(2) + head[scan:]
        )
        marks = (bytes((0xFF, 0xD0 + at % 8)) for at in range(len(scans) - 1))
        body: bytes = b"".join(part for pair in zip(scans, (*marks, b"\xff\xd9"), strict=True) for part in pair)
        return whole + body

    def all(self) -> Iterator[Pixels]:
        """Yield the picture in BGR, from above, some rows at a time."""
        return (self._band(top) for top in self._tops)

    def _band(self, top: int) -> Pixels:
        """Return some rows in BGR. Each spot of colour covers four pixels, as it will again in a JPEG (4:2:0).

        By way of a video's range of light (16 to 235), since OpenCV joins planes only so: a colour may be off by 2 of 255.
        """
        tint = cv2.cvtColor(self._planes.colour[top // 2 : (top + _ROWS) // 2], cv2.COLOR_BGR2YCrCb)
        both = np.empty((*tint.shape[:2], 2), np.uint8)
        cv2.mixChannels([tint], [both], (2, 0, 1, 1))
        light = self._planes.light[top : top + _ROWS]
        rows, width = light.shape
        if rows % 2 or width % 2:
            light = np.asarray(cv2.copyMakeBorder(light, 0, rows % 2, 0, width % 2, cv2.BORDER_REPLICATE), np.uint8)
        bgr = cv2.cvtColorTwoPlane(
            cv2.convertScaleAbs(light, alpha=219 / 255, beta=16),
            cv2.convertScaleAbs(both, alpha=224 / 255, beta=128 * (1 - 224 / 255)),
            cv2.COLOR_YUV2BGR_NV12,
        )
        return np.asarray(bgr[:rows, :width], np.uint8)


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


def light_ahead(data: bytes, size: tuple[int, int], small: Pixels | Planes) -> Future[Pixels | None] | None:
    """Begin on the other core what :func:`whole` will want of a picture that was seen small. Nothing where it was seen whole."""
    if isinstance(small, Planes) or small.shape[1::-1] == size:
        return None
    return BESIDE.submit(looking.light_of, data)


def whole(
    data: bytes, size: tuple[int, int], small: Pixels | Planes, ahead: Future[Pixels | None] | None = None
) -> Pixels | Planes:
    """Decode what was seen small so that it can be changed. ValueError when that cannot be done. ``ahead``: from :func:`light_ahead`."""
    if isinstance(small, Planes) or small.shape[1::-1] == size:
        return small
    ahead = ahead or BESIDE.submit(looking.light_of, data)
    # A quarter was enough to look at a large picture. Light and half the colour take 1.75 bytes a pixel, the whole in BGR 3 and 4 more to warp it.
    half = small if small.shape[1::-1] == _halved(size) else looking.decoded(data, 2)
    light = ahead.result()
    if light is not None and half is not None and half.shape[1::-1] == _halved(size):
        return Planes(light, half)
    pixels = looking.decoded(data)
    if pixels is None:
        raise ValueError("not decoded")
    return pixels


def _halved(size: tuple[int, int]) -> tuple[int, int]:
    return (size[0] + 1) // 2, (size[1] + 1) // 2
