"""Network scanners that speak eSCL (AirScan, Mopria), and USB ones behind ``ipp-usb``: no driver of any maker is needed.

A job is a POST, then NextDocument page by page until 404. The scanner's own JPEG bytes are handed on; nothing is encoded again.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.adapters.devices import mdns
from app.adapters.devices.driver import ABSENT, DENIED, HUNG, LOST
from app.adapters.devices.escl_address import Known, Place, known, places
from app.adapters.devices.escl_job import NOT_A_PAGE, Job, Limiting, asked_status, no_paper
from app.adapters.devices.escl_line import POLL, CancelledError, GarbledError, LostError, PinError, SilentError, WireError
from app.adapters.devices.escl_wire import Wire
from app.adapters.devices.escl_xml import Capabilities, XmlError, capabilities
from app.core.errors import DeviceError
from app.services.ports import Abilities, Feed, Scanner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.adapters.devices.escl_line import Limits
    from app.services.ports import ScanWish

SWAPPED = "这台扫描仪的证书和上次不一样，没有连它。问管理员是不是换过或升级过；是，就再找一次扫描仪，重新选它"
NO_SCANNER = "这个地址上没有能用的扫描仪。核对扫描仪面板上的地址，看它开没开网络扫描"
_REDIRECTS = frozenset((301, 302, 307, 308))
_PORT = 2.0
"""Seconds for each port that a typed address without one might mean."""
_WITHIN = 6.0
"""Seconds that found scanners get to say what they are, all at once."""


def driver() -> Escl:
    """Return the driver for a worker process."""
    return Escl()


@dataclass(frozen=True, slots=True)
class _Met:
    """A scanner that said what it can."""

    wire: Wire
    known: Known
    caps: Capabilities


class Escl:
    """eSCL scanners (driver.Driver). Remembers for its process's life where a scanner that moved is now."""

    name = "escl"

    def __init__(
        self,
        limiting: Limiting | None = None,
        search: Callable[[Callable[[], bool], Callable[[mdns.Announced], bool]], list[mdns.Announced]] = mdns.search,
    ) -> None:
        self._limiting = limiting or Limiting()
        self._search = search
        self._moved: dict[str, Place] = {}

    def found(self, cancelled: Callable[[], bool]) -> Sequence[Scanner]:
        """Listen for announcements, then ask each scanner its name and UUID; of two ways to one scanner the encrypted one is kept."""
        heard = sorted(self._search(cancelled, lambda _: False), key=lambda one: not one.place.secure)
        asked = self._ask_all(heard, cancelled)
        scanners: dict[str, Scanner] = {}
        for one, met in zip(heard, asked, strict=True):
            if met is None and one.place.secure:
                continue  # no certificate to remember
            what = met.known if met else Known(one.place, one.uuid)
            name = (met.caps.name if met else "") or one.name
            scanners.setdefault(what.uuid or what.place.url, _scanner(what, name))
        return sorted(scanners.values(), key=lambda scanner: (scanner.name, scanner.where))

    def at(self, address: str) -> Scanner:
        """Return the scanner at a typed address; a redirect to the encrypted port of the same host is followed."""
        problem: WireError | None = None
        looking = places(address)
        for place in looking:
            try:
                met = self._meet(Known(place), _never, replace(self._limiting.short, connect=_PORT))
            except _RedirectedError as moved:
                looking.append(moved.place)  # never from an encrypted place, so this ends
                continue
            except SilentError as silent:
                raise DeviceError(
                    NO_SCANNER, "silent"
                ) from silent  # whoever takes a call and says nothing does so on each port
            except WireError as other:
                problem = other
                continue
            return _scanner(met.known, met.caps.name)
        raise DeviceError(NO_SCANNER, type(problem).__name__)

    def abilities(self, id_: str) -> Abilities:
        """Ask what a scanner can do. Its button cannot be asked for: eSCL has none."""
        caps = self._reach(id_, _never).caps
        feeds = {Feed.FEEDER: caps.feeder or caps.both_sides, Feed.GLASS: caps.glass}
        sources = [source for source in (caps.glass, caps.feeder, caps.both_sides) if source]
        return Abilities(
            tuple(feed for feed, source in feeds.items() if source),
            tuple(sorted({dpi for source in sources for dpi in source.dpis})),
            duplex=caps.both_sides is not None,
            colour=any("RGB24" in source.modes for source in sources),
        )

    def scan(self, id_: str, wish: ScanWish, emit: Callable[[bytes], None], cancelled: Callable[[], bool]) -> None:
        """Scan; AUTO goes by the feeder's own sensor, and without one tries the feeder first."""
        try:
            met = self._reach(id_, cancelled)
            first, then = self._feeds(met, wish.feed)
            job = Job(met.wire, met.caps, self._limiting, cancelled)
            try:
                job.run(first, wish, emit)
            except DeviceError as problem:
                if then is None or job.pages or not no_paper(problem):
                    raise
                job.run(then, wish, emit)
        except CancelledError:
            return
        except GarbledError as problem:
            raise DeviceError(NOT_A_PAGE, str(problem)) from problem
        except WireError as problem:
            raise _told(problem) from problem

    def pressed(self, id_: str) -> bool:  # noqa: ARG002 - the protocol asks for it
        """Never: eSCL does not tell."""
        return False

    def _feeds(self, met: _Met, wish: Feed) -> tuple[Feed, Feed | None]:
        """Where to scan from, and where to go when there turns out to be no paper."""
        caps = met.caps
        if caps.glass is None:
            return Feed.FEEDER, None
        if wish is Feed.GLASS or not (caps.feeder or caps.both_sides):
            return Feed.GLASS, None
        if wish is Feed.FEEDER:
            return Feed.FEEDER, None
        if not caps.sees_paper:
            return Feed.FEEDER, Feed.GLASS
        state = asked_status(met.wire, self._limiting)
        if state is not None and state.adf == "ScannerAdfEmpty":
            return Feed.GLASS, None
        return Feed.FEEDER, Feed.GLASS

    def _reach(self, id_: str, cancelled: Callable[[], bool]) -> _Met:
        """Return the scanner of an id where it is now: at its address, or wherever its UUID is announced."""
        wanted = known(id_)
        place = self._moved.get(wanted.uuid, wanted.place)
        problem: WireError | None = None
        try:
            met = self._meet(Known(place, wanted.uuid, wanted.pin), cancelled)
            if not wanted.uuid or met.known.uuid == wanted.uuid:
                return met
        except CancelledError:
            raise
        except WireError as failed:
            problem = failed
        if wanted.uuid and (found := self._find(wanted, cancelled)) is not None:
            self._moved[wanted.uuid] = found.known.place
            return found
        if cancelled():
            raise CancelledError
        raise _told(problem, ABSENT) from problem

    def _find(self, wanted: Known, cancelled: Callable[[], bool]) -> _Met | None:
        """Look for a scanner by its UUID, in the same way of speaking and with the same certificate."""
        heard = [
            one for one in self._search(cancelled, lambda one: _is(one, wanted)) if one.place.secure == wanted.place.secure
        ]
        for one in sorted(heard, key=lambda one: not _is(one, wanted)):
            try:
                met = self._meet(Known(one.place, wanted.uuid, wanted.pin), cancelled)
            except CancelledError:
                raise
            except WireError:
                continue
            if wanted.uuid in {met.known.uuid, one.uuid}:
                return met
        return None

    def _meet(self, what: Known, cancelled: Callable[[], bool], limits: Limits | None = None) -> _Met:
        """Ask for the capabilities at a place. WireError when no scanner answers there."""
        wire = Wire(what.place, what.pin or None, cancelled)
        reply = wire.ask("GET", f"{what.place.root}/ScannerCapabilities", limits or self._limiting.short)
        if reply.status in _REDIRECTS:
            raise _RedirectedError(what.place, reply.headers.get("Location", ""))
        if reply.status in {401, 403}:
            raise DeviceError(DENIED, str(reply.status))
        if reply.status != 200 or not reply.whole:  # noqa: PLR2004 - HTTP
            raise GarbledError(f"status {reply.status}")
        try:
            caps = capabilities(reply.body)
        except XmlError as problem:
            raise GarbledError(str(problem)) from problem
        pin = what.pin or wire.seen
        return _Met(Wire(what.place, pin or None, cancelled), Known(what.place, caps.uuid, pin), caps)

    def _ask_all(self, heard: Sequence[mdns.Announced], cancelled: Callable[[], bool]) -> list[_Met | None]:
        """Meet every announced scanner at once; None for one that does not answer."""
        if not heard:
            return []
        until = time.monotonic() + _WITHIN
        stopped = False

        def stop() -> bool:
            return stopped or time.monotonic() > until

        with ThreadPoolExecutor(min(len(heard), 16)) as pool:
            asked = [pool.submit(self._meet, Known(one.place), stop) for one in heard]
            while wait(asked, POLL).not_done:
                stopped = stopped or cancelled()
        for future in asked:
            if (problem := future.exception()) is not None and not isinstance(problem, WireError | DeviceError):
                raise problem
        return [None if future.exception() else future.result() for future in asked]


class _RedirectedError(WireError):
    """The scanner wants to be asked elsewhere. GarbledError at once where that is another host or not encrypted."""

    def __init__(self, asked: Place, location: str) -> None:
        super().__init__(location[:100])
        try:
            place = places(location.partition("/ScannerCapabilities")[0])[0]
        except DeviceError as problem:
            raise GarbledError("redirect") from problem
        if place.host != asked.host or not place.secure or asked.secure:
            raise GarbledError("redirect")
        self.place = place


def _never() -> bool:
    return False


def _is(one: mdns.Announced, wanted: Known) -> bool:
    return one.uuid == wanted.uuid and one.place.secure == wanted.place.secure


def _scanner(what: Known, name: str) -> Scanner:
    return Scanner(what.id, Escl.name, name or "网络扫描仪", what.place.shown)


def _told(problem: WireError | None, lost: str = LOST) -> DeviceError:
    """Return the sentence for a request that brought nothing."""
    sentences = {PinError: SWAPPED, SilentError: HUNG, GarbledError: NO_SCANNER, LostError: lost}
    return DeviceError(sentences.get(type(problem), lost) if problem else lost, f"{type(problem).__name__}: {problem}")
