"""Every scanner of this computer and its network behind one face: the port ``Scanners``."""

from __future__ import annotations

import ipaddress
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.adapters.devices.driver import ABSENT
from app.adapters.devices.process import DriverClient
from app.core.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.ports import Abilities, Scanner, ScanWish

_RANK = ("escl", "wia", "sane")
"""The same device reached in two ways is shown once, the first of these: eSCL keeps the scanner's own JPEG and its name never changes."""
_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")


def drivers() -> tuple[str, ...]:
    """Return the drivers of this platform."""
    if sys.platform == "win32":
        return ("escl", "wia")
    return ("escl",) if sys.platform == "darwin" else ("escl", "sane")


class Devices:
    """The port ``Scanners``; :meth:`close` it before the program ends. Its processes end with the program all the same.

    Nothing is started before the first call. ``clients``: other drivers than the platform's.
    """

    def __init__(self, clients: Sequence[DriverClient] | None = None) -> None:
        given = [DriverClient(name) for name in drivers()] if clients is None else clients
        self._clients = {client.name: client for client in given}

    def found(self) -> Sequence[Scanner]:
        """Ask every driver at once, and return what those that answer know, each device once."""
        if not self._clients:
            return ()
        with ThreadPoolExecutor(len(self._clients), "scanners") as pool:
            lists = list(pool.map(_found, self._clients.values()))
        return distinct([scanner for some in lists for scanner in some])

    def at(self, address: str) -> Scanner:
        """Return the network scanner at a typed address. DeviceError where nothing answers."""
        client = self._clients.get("escl")
        if client is None:
            raise DeviceError(ABSENT, "no eSCL here")
        return client.at(address)

    def abilities(self, scanner: Scanner) -> Abilities:
        """Ask a scanner what it can do."""
        return self._client(scanner).abilities(scanner.id)

    def scan(self, scanner: Scanner, wish: ScanWish, page: Callable[[bytes], None], cancelled: Callable[[], bool]) -> None:
        """Scan every sheet; see the port. A DeviceError's sentence also says how many pages came."""
        self._client(scanner).scan(scanner.id, wish, page, cancelled)

    def pressed(self, scanner: Scanner) -> bool:
        """Whether the scanner's own button was pressed since last asked."""
        return self._client(scanner).pressed(scanner.id)

    def close(self) -> None:
        """End the drivers' processes. Waits for a scan under way: cancel it first."""
        for client in self._clients.values():
            client.close()

    def _client(self, scanner: Scanner) -> DriverClient:
        client = self._clients.get(scanner.driver)
        if client is None:
            raise DeviceError(ABSENT, f"no driver {scanner.driver} here")  # remembered on another platform
        return client


def _found(client: DriverClient) -> Sequence[Scanner]:
    try:
        return client.found()
    except DeviceError:
        return ()


def distinct(scanners: Sequence[Scanner]) -> tuple[Scanner, ...]:
    """Return each device once, best driver first, then by name.

    The same address is the same device. On this computer's own address several USB devices answer (ipp-usb), so there the name must be
    the same too; without an address nothing is known to be the same but the id.
    """
    rank = {name: at for at, name in enumerate(_RANK)}
    kept: dict[tuple[str, str], Scanner] = {}
    for scanner in sorted(scanners, key=lambda one: rank.get(one.driver, len(rank))):
        kept.setdefault(_same(scanner), scanner)
    return tuple(sorted(kept.values(), key=lambda one: (one.name.casefold(), one.where)))


def _same(scanner: Scanner) -> tuple[str, str]:
    """Return what two ways to one device have in common."""
    address = next((found[0] for text in (scanner.where, scanner.id) if (found := _ADDRESS.search(text))), None)
    if address is None:
        return scanner.driver, scanner.id
    try:
        local = ipaddress.ip_address(address).is_loopback
    except ValueError:
        return scanner.driver, scanner.id
    # Case, spaces and a note in brackets (USB) differ between the ways.
    return address, re.sub(r"\W", "", scanner.name.partition("(")[0]).casefold() if local else ""
