"""Scanners that announce themselves in the network (mDNS, ``_uscan._tcp`` and ``_uscans._tcp``). zeroconf is loaded when asked."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from app.adapters.devices.escl_address import Place, places
from app.adapters.devices.escl_xml import clean, plain_uuid
from app.core.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PLAIN, SECURE = "_uscan._tcp.local.", "_uscans._tcp.local."
_SECONDS = 2.0
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Announced:
    """A scanner's own announcement."""

    place: Place
    name: str
    uuid: str


def search(
    cancelled: Callable[[], bool],
    enough: Callable[[Announced], bool] = lambda _: False,
    *,
    seconds: float = _SECONDS,
    interfaces: Sequence[str] | None = None,
) -> list[Announced]:
    """Listen for ``seconds``, less when ``enough`` says so of an announcement. Nothing is found where there is no network."""
    from zeroconf import InterfaceChoice, IPVersion, ServiceBrowser, ServiceStateChange, Zeroconf  # noqa: PLC0415

    pending: list[tuple[str, str]] = []

    def changed(*, service_type: str, name: str, state_change: ServiceStateChange, **_: Any) -> None:
        if state_change is not ServiceStateChange.Removed:
            pending.append((service_type, name))

    heard: dict[tuple[str, str], Announced] = {}
    try:
        network = Zeroconf(interfaces=list(interfaces) if interfaces else InterfaceChoice.All)
    except OSError:
        return []
    try:
        browser = ServiceBrowser(network, [PLAIN, SECURE], handlers=[changed])
        until = time.monotonic() + seconds
        waiting: list[tuple[str, str]] = []
        while time.monotonic() < until and not cancelled():
            waiting += [pending.pop(0) for _ in range(len(pending))]
            for kind, name in list(waiting):
                if cancelled():
                    break
                info = network.get_service_info(kind, name, timeout=100)
                one = info and announced(kind, name, info.properties, info.parsed_scoped_addresses(IPVersion.All), info.port)
                if one:
                    waiting.remove((kind, name))
                    heard[kind, name] = one
                    if enough(one):
                        until = 0.0
            time.sleep(_POLL)
        browser.cancel()
    finally:
        network.close()
    return list(heard.values())


def announced(
    kind: str, name: str, properties: Mapping[bytes, bytes | None], addresses: Sequence[str], port: int | None
) -> Announced | None:
    """Read one announcement (the TXT keys of Bonjour scanning: ``rs`` root, ``ty`` model, ``UUID``); None when it leads nowhere."""
    said = {
        key.decode("ascii", "replace").lower(): (value or b"").decode("utf-8", "replace") for key, value in properties.items()
    }
    host = min(addresses, key=_order, default="")
    if not host or not port:
        return None
    scheme = "https" if kind == SECURE else "http"
    literal = f"[{host.replace('%', '%25')}]" if ":" in host else host
    root = said.get("rs", "eSCL").strip("/") or "eSCL"
    with suppress(DeviceError):
        place = places(f"{scheme}://{literal}:{port}/{root}")[0]
        return Announced(place, clean(said.get("ty") or name.partition(f".{kind}")[0]), plain_uuid(said.get("uuid", "")))
    return None


def _order(address: str) -> tuple[int, str]:
    """IPv4 first, then IPv6 that is the same on every interface, then link-local; 127.0.0.1 (``ipp-usb``) is as good as any."""
    try:
        found = ip_address(address)
    except ValueError:
        return 9, address
    return (0 if found.version == 4 else 2 if found.is_link_local else 1), address  # noqa: PLR2004
