"""Every card reader of this computer behind one port: serial, USB, and with contacts."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from app.adapters.cards import pcsc_link, serial_port, usb_port
from app.adapters.cards.module import SamLink
from app.adapters.cards.pcsc_link import PcscLink
from app.adapters.cards.serial_port import SerialPort
from app.adapters.cards.usb_port import UsbPort
from app.adapters.cards.watching import Told, Watching
from app.core.errors import DeviceError
from app.services.ports.cards import CardReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.adapters.cards.link import CardLink
    from app.core.cards import Card
    from app.services.ports.cards import CardWatch

_SERIAL: Final = "serial:"
_PCSC: Final = "pcsc:"
_PROBE_S: Final = 0.3
"""How long a serial port may take to say that a security module is there, at each of five speeds."""
_QUIET_S: Final = 60.0
"""So long a port that did not answer is left alone by :meth:`Readers.found` with ``patient``: it may belong to something else."""


class Readers:
    """The port :class:`app.services.ports.cards.CardReaders`. ``ports`` lists serial ports as name and what a reader there is called."""

    def __init__(self, ports: Callable[[], Sequence[tuple[str, str]]] = serial_port.names) -> None:
        self._ports = ports
        self._gate = threading.Lock()
        self._looking = threading.Lock()
        self._silent: dict[str, float] = {}
        self._watches: dict[Watching, str] = {}

    def found(self, *, patient: bool = False) -> Sequence[CardReader]:
        """Ask every serial port that is not in use, and list the rest. What is being watched is there without being asked."""
        with self._looking:
            return (*self._serial(patient=patient), *self._usb(), *self._contacts())

    def lacking(self) -> Sequence[str]:
        """Say what cannot be served."""
        lacking = [] if usb_port.usable() else [usb_port.NO_LIBRARY]
        if not pcsc_link.installed():
            lacking.append(pcsc_link.NO_LIBRARY)
        elif pcsc_link.names() is None:
            lacking.append(pcsc_link.NO_SERVICE)
        return tuple(lacking)

    def watch(
        self,
        reader: CardReader,
        *,
        card: Callable[[Card], None],
        trouble: Callable[[str], None],
        gone: Callable[[], None],
    ) -> CardWatch:
        """Watch a reader. ValueError for one of no known kind."""
        watching = Watching(_link(reader.id), Told(card, trouble, gone), self._ended)
        with self._gate:
            self._watches[watching] = reader.id
        watching.start()
        return watching

    def close(self) -> None:
        """Look at nothing any more; nothing is waited for."""
        with self._gate:
            watches = tuple(self._watches)
        for one in watches:
            one.stop()

    def _ended(self, watching: Watching) -> None:
        with self._gate:
            self._watches.pop(watching, None)

    def _serial(self, *, patient: bool) -> list[CardReader]:
        there = [CardReader(f"{_SERIAL}{name}", called) for name, called in self._ports()]
        with self._gate:
            watched = frozenset(self._watches.values())
        now = time.monotonic()
        self._silent = {one.id: self._silent[one.id] for one in there if one.id in self._silent}
        free = [one for one in there if one.id not in watched and not (patient and self._silent.get(one.id, 0.0) > now)]
        heard: dict[str, bool] = {}
        if free:
            with ThreadPoolExecutor(len(free), "card-probe") as pool:
                heard = dict(zip((one.id for one in free), pool.map(_answers, free), strict=True))
        self._silent |= {id_: now + _QUIET_S for id_, answered in heard.items() if not answered}
        return [one for one in there if one.id in watched or heard.get(one.id)]

    @staticmethod
    def _usb() -> list[CardReader]:
        return [CardReader(usb_port.ID, usb_port.NAME)] if usb_port.usable() and usb_port.there() else []

    @staticmethod
    def _contacts() -> list[CardReader]:
        names = (pcsc_link.names() or ()) if pcsc_link.installed() else ()
        return [CardReader(f"{_PCSC}{name}", f"社保卡读卡器（{name}）") for name in names]


def _link(id_: str) -> CardLink:
    if id_.startswith(_SERIAL):
        return SamLink(SerialPort(id_.removeprefix(_SERIAL)))
    if id_.startswith(_PCSC):
        return PcscLink(id_.removeprefix(_PCSC))
    if id_ == usb_port.ID:
        return SamLink(UsbPort())
    raise ValueError(id_)


def _answers(reader: CardReader) -> bool:
    link = SamLink(SerialPort(reader.id.removeprefix(_SERIAL)))
    try:
        link.open()
        return link.answers(_PROBE_S)
    except DeviceError:
        return False
    finally:
        link.close()
