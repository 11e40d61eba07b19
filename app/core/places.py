"""Where submissions go: what the office runs, as a supervisor set it up. Kept in the store with its secret, never in a settings file."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class PlaceKind(StrEnum):
    """What runs there."""

    FOLDER = "folder"
    BUCKET = "s3"
    DAV = "webdav"
    SFTP = "sftp"


@dataclass(frozen=True, slots=True)
class PlaceSettings:
    """One place. ``address``: a folder, or a URL; ``user`` and ``secret`` also stand for access key and secret key.

    ``host_key``: the SSH server's key as one OpenSSH line, pinned when the place was set up. ``authority``: the office's own root
    certificate (PEM text), empty where the system's will do. ``kilobytes``: the most to send each second, 0 without a limit.
    """

    kind: PlaceKind
    name: str
    address: str
    bucket: str = ""
    region: str = ""
    user: str = ""
    secret: str = ""
    host_key: str = ""
    authority: str = ""
    kilobytes: int = 0

    def __repr__(self) -> str:
        return f"PlaceSettings({self.kind.value!r}, {self.name!r}, {self.address!r})"


_ADDRESS = re.compile(
    r"(?P<scheme>[a-z]+)://(?:(?P<account>[^@/]*)@)?(?P<host>[^\s/:@\[\]]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[1-9]\d{0,4}))?(?P<path>/\S*)?",
    re.ASCII,
)
_SCHEMES = {
    PlaceKind.BUCKET: ("http", "https"),
    PlaceKind.DAV: ("http", "https"),
    PlaceKind.SFTP: ("sftp",),
}


def missing(place: PlaceSettings) -> str:
    """Return what a place still lacks before it can be tried, as one sentence; '' when it is all there."""
    return next(_lacks(place), "")


def _lacks(place: PlaceSettings) -> Iterator[str]:
    if not place.name.strip():
        yield "地点还没有名字"
    if place.kind is PlaceKind.FOLDER:
        if not place.address.strip():
            yield "文件夹还没选"
        return
    if not place.address.strip():
        yield "地址还没填"
    yield from _address_lacks(place)
    if place.kind is PlaceKind.BUCKET and not place.bucket.strip():
        yield "桶名还没填"
    if place.kind is PlaceKind.SFTP and not place.host_key.strip():
        yield "对方的密钥还没核对"


def _address_lacks(place: PlaceSettings) -> Iterator[str]:
    example = "sftp://名字/文件夹" if place.kind is PlaceKind.SFTP else "https://名字:端口/路径"
    parts = _ADDRESS.fullmatch(place.address)
    if parts is None:
        yield f"地址读不出来，写成 {example}"
        return
    if parts["scheme"] not in _SCHEMES[place.kind]:
        yield f"地址写成 {example}"
    if parts["account"] is not None:
        yield "账号和密码不写在地址里，填在下面"


def write_places(places: tuple[PlaceSettings, ...]) -> str:
    """Return places as the text that the store keeps."""
    return json.dumps([asdict(one) for one in places], ensure_ascii=False)


def read_places(text: str) -> tuple[PlaceSettings, ...]:
    """Return the places of a stored text, none for ''. Keys of a newer version are passed over; ValueError for anything else."""
    if not text:
        return ()
    known = {one.name for one in fields(PlaceSettings)}
    try:
        found = [PlaceSettings(**{key: value for key, value in one.items() if key in known}) for one in json.loads(text)]
        return tuple(replace(one, kind=PlaceKind(one.kind)) for one in found)
    except (TypeError, AttributeError) as error:
        raise ValueError("places") from error
