"""SANE scanners (Linux), through the program ``scanimage``; runs in a driver's process.

Asking all of SANE's 77 backends takes seconds, so a known device gets a configuration of its own that names one backend (5 to 20 ms).
A scan's exit status is SANE's status: 7 when a feeder ran empty, also after its last page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.devices import sane_batch, sane_options
from app.adapters.devices.driver import ABSENT, BUSY, COVER, DENIED, EMPTY, HUNG, JAM, LOST, STOPPED
from app.core.errors import DeviceError
from app.services.ports.devices import Abilities, Feed, Scanner, ScanWish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.adapters.devices.sane_options import Option

_DISCOVERY = 10.0
_QUESTION = 15.0
_STALL = 25.0
"""Seconds without one byte: a lamp that warms up and the longest pause between two sheets."""
_LIVE = 0.1
_MOST_SHEETS = 500
"""No feeder holds more; a backend that hands over one page again and again comes to an end."""
_NOT_SCANNERS = frozenset({"v4l", "gphoto2", "dc25", "dc210", "dc240", "qcam", "escl"})
"""Cameras; and eSCL, for which there is a driver of our own."""
_NOWHERE = "这台电脑没有装扫描程序。让管理员装上 sane-utils，或用文件收"
_MISUNDERSTOOD = "扫描仪做不到这样扫。换一个分辨率或进纸方式，再扫"
_NO_ROOM = "电脑的内存不够，这一页没扫成。关掉别的程序再扫"
_STATUS = {1: _MISUNDERSTOOD, 3: BUSY, 4: _MISUNDERSTOOD, 6: JAM, 7: EMPTY, 8: COVER, 9: LOST, 10: _NO_ROOM, 11: DENIED}
"""SANE's status, which is scanimage's exit status."""
_OPEN = {"Device busy": BUSY, "Access to resource has been denied": DENIED, "out of memory": _NO_ROOM}
_GOOD, _CANCELLED, _INVALID, _EMPTY = 0, 2, 4, 7
_MOVING = re.compile(r"(?<=libusb:)\d+:\d+|(?<=^airscan:[ew])\d+|(?<=:)\d+(?=:\d+$)")


def driver() -> SaneDriver:
    """Return the driver, reading the system's configuration (or that of ``SANE_CONFIG_DIR``)."""
    return SaneDriver()


class SaneDriver:
    """See :class:`app.adapters.devices.driver.Driver`. ``stall``: seconds without a byte before a scan counts as hung.

    ``extra``: arguments of scanimage put behind every scan's own, for a device that needs one always.
    """

    name = "sane"

    def __init__(self, *, stall: float = _STALL, extra: Sequence[str] = ()) -> None:
        self._stall = stall
        self._extra = tuple(extra)
        self._folder = Path(tempfile.mkdtemp(prefix="sane-"))
        self._runs = count(1)
        self._options: dict[tuple[str, str], dict[str, Option]] = {}
        self._pressed: dict[str, frozenset[str]] = {}
        self._names: dict[str, str] = {}
        self._words = ""

    def found(self, cancelled: Callable[[], bool]) -> Sequence[Scanner]:
        """Ask every backend at once; at most ten seconds."""
        return self._list(self._configuration(None), cancelled)

    def at(self, address: str) -> Scanner:
        """SANE has names, not addresses."""
        raise DeviceError(ABSENT, f"no address in SANE: {len(address)} characters")

    def abilities(self, id_: str) -> Abilities:
        """Ask the device what it can do."""
        self._forget(id_)
        return sane_options.abilities(self._ask(id_))

    def scan(self, id_: str, wish: ScanWish, emit: Callable[[bytes], None], cancelled: Callable[[], bool]) -> None:
        """Scan from where the paper lies. A feeder that turns out to be empty is followed by the glass, when the wish is AUTO."""
        options = self._ask(id_)
        feeds = sane_options.abilities(options).feeds
        auto = wish.feed is Feed.AUTO or wish.feed not in feeds
        wished = (Feed.FEEDER, Feed.GLASS) if auto else (wish.feed,)
        order = [feed for feed in wished if feed in feeds]
        if len(order) > 1 and sane_options.loaded(self._ask(id_, fresh=True)) is False:
            order = [Feed.GLASS]
        while order:
            pages = self._one_feed(id_, wish, order.pop(0), emit, cancelled)
            if pages or cancelled():
                return
        raise DeviceError(EMPTY, self._words)

    def pressed(self, id_: str) -> bool:
        """Whether a button's sensor says yes that said no before."""
        options = self._ask(id_, fresh=True)
        if not sane_options.abilities(options).button:
            return False
        now = sane_options.pressed(options)
        new = now - self._pressed.get(id_, now)
        self._pressed[id_] = now
        return bool(new)

    def _one_feed(
        self, id_: str, wish: ScanWish, feed: Feed, emit: Callable[[bytes], None], cancelled: Callable[[], bool]
    ) -> int:
        """Scan from the glass (one page) or the feeder, and return how many pages came."""
        options = self._ask(id_)
        source = sane_options.source(options, wish, feed)
        if source and options["source"].now != source:
            options = self._ask(id_, source)
        plan = sane_options.plan(options, wish, feed)
        name = self._names.get(id_, id_)
        most = 1 if feed is Feed.GLASS else _MOST_SHEETS
        pages = 0
        run = sane_batch.scan(
            ("-d", name, *plan.arguments, *self._extra, f"--batch-count={most}"),
            self._environment(self._configuration(_backend(name))),
            self._folder / f"run{next(self._runs)}",
            self._stall,
            cancelled,
        )
        try:
            while True:
                emit(sane_batch.file(next(run), plan.dpi))
                pages += 1
        except StopIteration as ended:
            status, self._words = ended.value
        finally:
            run.close()
        if cancelled() or status == _EMPTY or (status == _GOOD and pages == most):
            return pages
        self._forget(id_)
        if status in {_GOOD, _CANCELLED}:
            raise DeviceError(self._unexplained(id_, pages), f"scanimage ended with {status}: {self._words}")
        sentence = _unopened(self._words) if "open of device" in self._words else _STATUS.get(status, LOST)
        raise DeviceError(sentence, f"scanimage ended with {status}: {self._words}")

    def _unexplained(self, id_: str, pages: int) -> str:
        """Return why a scan stopped of which scanimage tells no reason, by what the device's sensors say; most have none."""
        try:
            options = self._ask(id_, fresh=True)
        except DeviceError as problem:
            return problem.sentence
        if sane_options.uncovered(options):
            return COVER
        return EMPTY if not pages and sane_options.loaded(options) is False else STOPPED

    def _ask(self, id_: str, source: str = "", *, fresh: bool = False) -> dict[str, Option]:
        """Return the options of a device, once a source is chosen. Found again by what does not change when its name did."""
        if fresh:
            self._forget(id_)
        if (id_, source) not in self._options:
            try:
                text = self._all_options(self._names.get(id_, id_), source)
            except _GoneError:
                self._names[id_] = self._again(id_)
                text = self._all_options(self._names[id_], source)
            self._options[id_, source] = sane_options.parse(text)
        return self._options[id_, source]

    def _forget(self, id_: str) -> None:
        self._options = {key: value for key, value in self._options.items() if key[0] != id_}

    def _all_options(self, name: str, source: str) -> str:
        chosen = ("--source", source) if source else ()
        ended = self._run(("-d", name, *chosen, "-A"), self._configuration(_backend(name)), _QUESTION)
        if ended.returncode == _GOOD and sane_options.parse(ended.stdout):
            return ended.stdout
        sentence = _unopened(ended.stderr)
        problem = _GoneError if sentence == ABSENT else DeviceError
        raise problem(sentence, f"scanimage -A ended with {ended.returncode}")

    def _again(self, id_: str) -> str:
        """Return the new name of a device that was plugged in again; its backend and what else of the name stays must be the only one."""
        fixed = _MOVING.sub("*", id_)
        names = [one.id for one in self._list(self._configuration(_backend(id_)), lambda: False)]
        same = [name for name in names if _MOVING.sub("*", name) == fixed]
        if len(same) != 1:
            raise DeviceError(ABSENT, f"{len(same)} devices of this kind")
        return same[0]

    def _list(self, configuration: Path, cancelled: Callable[[], bool]) -> list[Scanner]:
        ended = self._run(("-f", "%d\x1f%v\x1f%m\x1f%t%n"), configuration, _DISCOVERY, cancelled)
        rows = [line.split("\x1f") for line in ended.stdout.splitlines()]
        return [_scanner(*row) for row in rows if len(row) == 4]  # noqa: PLR2004 - as asked for in -f

    def _run(
        self, arguments: tuple[str, ...], configuration: Path, seconds: float, cancelled: Callable[[], bool] = lambda: False
    ) -> subprocess.CompletedProcess[str]:
        """Run scanimage to its end. HUNG when it takes too long; what it said until then is lost."""
        run = sane_batch.command(*arguments)
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell; a device name is one argument
                run,
                env=self._environment(configuration),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )
        except FileNotFoundError as missing:
            raise DeviceError(_NOWHERE) from missing
        until = time.monotonic() + seconds
        with process:
            while True:
                try:
                    output, errors = process.communicate(timeout=_LIVE)
                    return subprocess.CompletedProcess(run, process.returncode, output, errors)
                except subprocess.TimeoutExpired:
                    late = time.monotonic() > until
                    if late or cancelled():
                        process.kill()
                        process.communicate()
                    if late:
                        raise DeviceError(HUNG, f"scanimage took over {seconds:.0f} s") from None
                    if cancelled():
                        return subprocess.CompletedProcess(run, -1, "", "")

    def _configuration(self, backend: str | None) -> Path:
        """Return a configuration that names one backend; of None the system's backends without cameras."""
        folder = self._folder / (backend or "every")
        if not folder.is_dir():
            names = [backend] if backend else _backends()
            (folder / "dll.d").mkdir(parents=True)  # an empty one stops the search for the system's
            (folder / "dll.conf").write_text("".join(f"{name}\n" for name in names), "utf-8")
        return folder

    def _environment(self, configuration: Path) -> Mapping[str, str]:
        # What a backend needs besides (USB numbers, network addresses) is read from the system's own files behind ours.
        path = os.pathsep.join((str(configuration), *_system()))
        return {**os.environ, "SANE_CONFIG_DIR": path, "LC_ALL": "C.UTF-8"}

    def close(self) -> None:
        """Remove the private configurations."""
        shutil.rmtree(self._folder, ignore_errors=True)


class _GoneError(DeviceError):
    """The device cannot be opened under this name."""


def _unopened(words: str) -> str:
    """Return why a device could not be opened; scanimage's status does not tell."""
    return next((sentence for reason, sentence in _OPEN.items() if reason in words), ABSENT)


def _system() -> list[str]:
    """Return the folders of the system's SANE configuration; an empty part of SANE_CONFIG_DIR stands for the usual ones."""
    given = os.environ.get("SANE_CONFIG_DIR", "")
    parts = given.split(os.pathsep) if given else [""]
    return [folder for part in parts for folder in ([part] if part else ["/etc/sane.d", "/usr/local/etc/sane.d"])]


def _backends() -> list[str]:
    """Return the backends that the system's dll.conf and dll.d name, those that are scanners."""
    names: dict[str, None] = {}
    for folder in _system():
        files = [Path(folder) / "dll.conf"]
        extra = Path(folder) / "dll.d"
        if extra.is_dir():
            files += sorted(extra.iterdir())
        for file in files:
            if file.is_file():
                lines = file.read_text("utf-8", "replace").splitlines()
                names |= {word: None for line in lines if (word := line.split("#")[0].strip())}
    return [name for name in names if name not in _NOT_SCANNERS]


def _backend(name: str) -> str:
    """Return the backend of a device name; a device behind ``net`` belongs to net."""
    return name.partition(":")[0]


def _scanner(id_: str, vendor: str, model: str, kind: str) -> Scanner:
    """Make a scanner of what the list says. The vendor of a driverless one is its protocol and stands on no case."""
    maker = "" if vendor in {"eSCL", "WSD", "Noname"} or model.casefold().startswith(vendor.casefold()) else vendor
    where = next((found[0] for text in (kind, id_) if (found := re.search(r"\d{1,3}(?:\.\d{1,3}){3}", text))), "")
    if not where:
        where = "USB" if "usb" in id_ else id_.partition(":")[2]
    return replace(Scanner(id_, "sane", " ".join(f"{maker} {model}".replace("_", " ").split())), where=where)
