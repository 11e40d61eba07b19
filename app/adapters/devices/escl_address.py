"""Where an eSCL scanner answers: typed addresses, and ids that find a scanner again.

An id is the scanner's URL with what it is known by in the fragment: ``https://192.168.1.20/eSCL#uuid=4509a320-…&sha256=9f2c…``. The UUID
finds it when its address changed, the certificate's fingerprint says that it is still the same one. :func:`same` compares ids.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from app.adapters.devices.escl_xml import plain_uuid
from app.core.errors import DeviceError

_PORTS = {"http": 80, "https": 443}
_ODD = "地址写得不对。写扫描仪面板上的地址，例如 192.168.1.20"


@dataclass(frozen=True, slots=True)
class Place:
    """A host (an IPv6 one without brackets, with its zone), a port and the path that eSCL stands under (``/eSCL``)."""

    host: str
    port: int
    secure: bool = False
    root: str = "/eSCL"

    @property
    def url(self) -> str:
        """The URL, without the port where it is the usual one."""
        scheme = "https" if self.secure else "http"
        port = "" if self.port == _PORTS[scheme] else f":{self.port}"
        return f"{scheme}://{self.authority}{port}{self.root}"

    @property
    def authority(self) -> str:
        """The host as it stands in a URL (RFC 6874 for the zone of an IPv6 address)."""
        return f"[{self.host.replace('%', '%25')}]" if ":" in self.host else self.host

    @property
    def shown(self) -> str:
        """What tells two scanners apart on the screen."""
        usual = self.port in _PORTS.values()
        return self.host if usual else f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Known:
    """A scanner as its id remembers it. ``uuid`` and ``pin`` are empty where it has none."""

    place: Place
    uuid: str = ""
    pin: str = ""

    @property
    def id(self) -> str:
        """The id (``Scanner.id``)."""
        facts = [f"uuid={self.uuid}"] * bool(self.uuid) + [f"sha256={self.pin}"] * bool(self.pin)
        return f"{self.place.url}#{'&'.join(facts)}" if facts else self.place.url


def known(id_: str) -> Known:
    """Read an id. DeviceError when it is none of ours."""
    address, _, facts = id_.partition("#")
    said = parse_qs(facts)
    pin = said.get("sha256", [""])[0]
    place = places(address)[0]
    if place.secure and not re.fullmatch(r"[0-9a-f]{64}", pin):
        raise DeviceError("这台扫描仪的记录不全。再找一次扫描仪，重新选它", "id without fingerprint")
    return Known(place, plain_uuid(said.get("uuid", [""])[0]), pin if place.secure else "")


def same(one: str, other: str) -> bool:
    """Whether two ids mean the same scanner: the UUID and the fingerprint where both have one, else the address."""
    if one == other:
        return True
    try:
        mine, theirs = known(one), known(other)
    except DeviceError:
        return False
    if mine.uuid and theirs.uuid:
        return mine.uuid == theirs.uuid and (mine.pin == theirs.pin or not (mine.pin and theirs.pin))
    return replace(mine, uuid="") == replace(theirs, uuid="")


def places(address: str) -> list[Place]:
    """Return where to look for the scanner at a typed address, best first: host, host:port, URL or IPv6, also in full-width signs.

    Without a scheme the encrypted port comes first. DeviceError when it is no address.
    """
    text = unicodedata.normalize("NFKC", address).replace("。", ".").strip()
    if not text or len(text) > 300 or re.search(r"[\s\x00-\x1f\x7f@\\]", text):  # noqa: PLR2004 - longer than any host and path
        raise DeviceError(_ODD)
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "", text
    scheme = scheme.lower()
    if scheme not in {"", *_PORTS}:
        raise DeviceError(_ODD)
    if rest.count(":") > 1 and not rest.startswith("["):
        rest = f"[{rest}]"
    try:
        parts = urlsplit(f"//{rest}")
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError as problem:
        raise DeviceError(_ODD) from problem
    root = "/" + parts.path.strip("/") if parts.path.strip("/") else "/eSCL"
    if not re.fullmatch(r"[A-Za-z0-9/._~-]*", root):
        raise DeviceError(_ODD)
    if scheme:
        return [Place(host, port or _PORTS[scheme], scheme == "https", root)]
    if port:
        return [Place(host, port, port == _PORTS["https"], root), Place(host, port, port != _PORTS["https"], root)]
    return [Place(host, 443, True, root), Place(host, 80, False, root), Place(host, 8080, False, root)]


def _host(text: str) -> str:
    text = text.replace("%25", "%")
    if ":" in text:
        return str(ipaddress.IPv6Address(text))
    if re.fullmatch(r"[0-9.]+", text):
        return str(ipaddress.IPv4Address(text))
    if not re.fullmatch(r"(?=.{1,253}\.?$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_-]{1,63})*\.?", text):
        raise ValueError(text)
    return text
