"""What a WIA device is asked and told: which item scans, the order of its properties, what its files become."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

from app.adapters.devices import escl_jpeg
from app.adapters.devices.driver import ABSENT, SPOILT
from app.adapters.devices.wia_words import (
    COLOUR,
    DATATYPE,
    DEPTH,
    DUPLEX,
    EXTENTS,
    FEED_READY,
    FORMAT,
    FRONT_ONLY,
    GREY,
    HANDLING_CAPABILITIES,
    HANDLING_SELECT,
    HANDLING_STATUS,
    MAX_SIZES,
    PAGES,
    POSITIONS,
    RESOLUTIONS,
    SIZES_OF,
    TYMED,
    TYMED_FILE,
    USUAL_DPIS,
    Can,
    Format,
    Select,
)
from app.core.errors import DeviceError
from app.services.ports import Feed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.ports import Scanner, ScanWish

#: 1/1000 inch: A3.
_MOST = (11700, 16600)


class WiaError(Exception):
    """A call that WIA refused; ``code`` is the HRESULT as an unsigned number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code & 0xFFFFFFFF:#010x}")
        self.code = code & 0xFFFFFFFF


class Item(Protocol):
    """A WIA item: a device (root) or one of its sources. Property numbers are those of ``wiadef.h``."""

    @property
    def feed(self) -> Feed | None:
        """GLASS or FEEDER by the item's category; None for a root and for everything else."""
        ...

    def read(self, number: int) -> int | None:
        """Return a property, None where there is none."""
        ...

    def choices(self, number: int) -> Sequence[int]:
        """Return what a property may be set to (a list or a range), nothing where that is not said."""
        ...

    def write(self, number: int, value: int | Format) -> bool:
        """Set a property; False when the driver refuses."""
        ...

    def children(self) -> Sequence[Item]:
        """Return the items below."""
        ...

    def download(self, page: Callable[[bytes], None], stopped: Callable[[], bool]) -> None:
        """Scan: give each finished file to ``page``, stop when ``stopped``. Blocks; runs on a thread of its own. WiaError."""
        ...

    def stop(self) -> None:
        """Ask the download to end now, from another thread."""
        ...


class Service(Protocol):
    """The WIA service of this computer."""

    def devices(self) -> Sequence[Scanner]:
        """Return the scanners that are plugged in."""
        ...

    def open(self, id_: str) -> Item:
        """Return the root item of a scanner. WiaError when it is not there."""
        ...


def feeds_of(root: Item) -> tuple[Feed, ...]:
    """Return a device's sources: its items, and its capabilities where an older driver has one item for both."""
    can = root.read(HANDLING_CAPABILITIES) or 0
    items = {child.feed for child in root.children()}
    feeder = Feed.FEEDER in items or bool(can & Can.FEED)
    glass = Feed.GLASS in items or bool(can & Can.FLAT) or not feeder
    return tuple(feed for feed, there in ((Feed.FEEDER, feeder), (Feed.GLASS, glass)) if there)


def feeds_for(root: Item, wish: Feed) -> tuple[Feed, Feed | None]:
    """Return where to scan from, and where to go when no paper is there."""
    feeds = feeds_of(root)
    if len(feeds) == 1:
        return feeds[0], None
    if wish is not Feed.AUTO:
        return wish, None
    sees = (root.read(HANDLING_CAPABILITIES) or 0) & Can.DETECT_FEED
    if sees and not (root.read(HANDLING_STATUS) or 0) & FEED_READY:
        return Feed.GLASS, None
    return Feed.FEEDER, Feed.GLASS


def item_of(root: Item, feed: Feed) -> Item:
    """Return the item that scans from there; the only one where a driver does not tell them apart."""
    children = root.children()
    found = next((child for child in children if child.feed is feed), None) or next(iter(children), None)
    if found is None:
        raise DeviceError(ABSENT, "device without items")
    return found


def dpis_of(item: Item) -> tuple[int, ...]:
    """Return the resolutions an item lists, of a range the usual ones."""
    choices = item.choices(RESOLUTIONS[0])
    return tuple(dpi for dpi in USUAL_DPIS if dpi in choices) if isinstance(choices, range) else tuple(sorted(choices))


def prepare(root: Item, item: Item, feed: Feed, wish: ScanWish) -> int:
    """Tell an item how to scan, what others follow from first; return the resolution it really took."""
    _select(root, item, feed, duplex=wish.duplex)
    if feed is Feed.FEEDER:
        item.write(PAGES, 0)  # all
    item.write(DATATYPE, COLOUR if wish.colour else GREY)
    item.write(DEPTH, 24 if wish.colour else 8)
    item.write(TYMED, TYMED_FILE)
    if not item.write(FORMAT, Format.BMP):  # as scanned; a driver's JPEG is of unknown quality
        item.write(FORMAT, Format.JPEG)
    dpis = dpis_of(item)
    wanted = next((dpi for dpi in dpis if dpi >= wish.dpi), dpis[-1] if dpis else wish.dpi)
    for number in RESOLUTIONS:
        item.write(number, wanted)
    dpi = item.read(RESOLUTIONS[0]) or wanted
    for number in POSITIONS:
        item.write(number, 0)
    for at, number in enumerate(EXTENTS):
        size = item.read(MAX_SIZES[at]) or root.read(SIZES_OF[feed][at])
        most = max(item.choices(number), default=0)
        asked = min(size, _MOST[at]) * dpi // 1000 if size else most
        if asked:
            item.write(number, min(asked, most) if most else asked)
    return dpi


def as_page(data: bytes, dpi: int) -> bytes:
    """Return a transferred file as one that may be handed over: JPEG as it is, BMP as PNG. DeviceError when it is not whole."""
    from PIL import Image  # noqa: PLC0415

    if data.startswith(b"\xff\xd8"):
        if not escl_jpeg.whole(data):
            raise DeviceError(SPOILT, f"{len(data)} bytes of JPEG")
        return escl_jpeg.with_dpi(data, dpi)
    if len(data) > 4 * escl_jpeg.MAX_PIXELS:
        raise DeviceError(SPOILT, f"{len(data)} bytes of BMP")
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=("BMP", "DIB")) as picture:
            plain = picture.convert("L" if picture.mode in {"1", "L"} else "RGB")
        plain.save(out, "PNG", compress_level=1, dpi=(dpi, dpi))  # what a driver writes into a BMP is often that of a screen
    except Exception as problem:
        raise DeviceError(SPOILT, f"{len(data)} bytes of BMP") from problem
    return out.getvalue()


def _select(root: Item, item: Item, feed: Feed, *, duplex: bool) -> None:
    """Choose source and sides: on the feeder's item in WIA 2, on the device with older drivers."""
    both = duplex and bool((root.read(HANDLING_CAPABILITIES) or 0) & Can.DUPLEX)
    if item.feed is Feed.FEEDER:
        if not item.write(HANDLING_SELECT, DUPLEX if both else FRONT_ONLY):
            item.write(HANDLING_SELECT, Select.FEEDER | (DUPLEX if both else 0))
        return
    if feed is Feed.FEEDER:
        root.write(HANDLING_SELECT, Select.FEEDER | (DUPLEX if both else 0))
    elif item.feed is None:
        root.write(HANDLING_SELECT, Select.FLATBED)
