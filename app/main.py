"""Composition root of the window: the only place that knows both the screens and the machine behind them.

What the first paint does not need (SQLCipher, ReportLab, Pillow, the regions) is imported on the local lane after it.
"""

from __future__ import annotations

import builtins
import gc
import os
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.errors import AppError, WrongSecretError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.adapters.cards import Readers
    from app.adapters.devices import Devices
    from app.adapters.recognition import RecogniserClient
    from app.core.applicant_texts import Texts
    from app.core.application import Application
    from app.core.character_finder import Characters
    from app.core.notice import Notice
    from app.core.region import Region
    from app.core.second_look import Hold
    from app.core.workdays import Calendar
    from app.services.door import FirstDay
    from app.services.ports import Clock, Counter, Desk, Exported, Imaging, Printer, Printery, Store, Vault
    from app.services.ports.regions import Shelf
    from app.services.setup import Answers

SMALLEST, LARGEST = 100, 200
"""Percent of the scale that the window is made for."""


class Workplace:
    """The door of the program for one data directory. Every method runs on the local lane; see :class:`app.services.door.Door`.

    ``live``: a clerk works here, so sticks and card readers are watched and pages are read. The demonstration does none of it: it would
    find what lies at the desk of whoever runs it.
    """

    def __init__(self, data_dir: Path, clock: Clock, printer: Printer | None = None, *, live: bool = False) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._printer = printer
        self._live = live
        self._store: Store | None = None
        self._scanners: Devices | None = None
        self._recogniser: RecogniserClient | None = None
        self._readers: Readers | None = None
        self._regions: dict[str, Region] | None = None
        self._region_problems: list[str] = []
        self._tools: tuple[Imaging, Printery, Notice] | None = None
        self._texts: tuple[Texts, ...] = ()

    def warm(self) -> None:
        """Bring what opening waits for, while the clerk still types: modules, regions, layouts. The store is not touched."""
        from app.adapters import cards, disk, media, printing, recognition  # noqa: F401, PLC0415
        from app.adapters.calendar import builtin  # noqa: PLC0415
        from app.adapters.store import load  # noqa: PLC0415

        load()
        builtin()
        self.regions()
        self._made_tools()
        with suppress(AppError):  # said to whoever unlocks
            self._made_texts()

    def first_time(self) -> bool:
        """Whether nothing was set up here yet."""
        return not self._vault().exists()

    def clerks(self) -> list[str]:
        """Return who may open the store."""
        return self._vault().clerks()

    def regions(self) -> tuple[Mapping[str, Region], list[str]]:
        """Return the usable regions: those shipped, and those in ``regions`` of the data directory, which win."""
        if self._regions is None:
            from app.adapters.paths import forms  # noqa: PLC0415 - not needed for the first paint
            from app.adapters.regions import load_regions  # noqa: PLC0415

            found, problems = load_regions(forms())
            own = self._data_dir / "regions"
            if own.is_dir():
                more, more_problems = load_regions(own)
                found |= more
                problems += more_problems
            self._regions, self._region_problems = found, problems
        return self._regions, self._region_problems

    def calendar(self) -> Calendar:
        """Return the shipped calendar with the office's own year files over it; one that cannot be read is left out and logged."""
        from app.adapters.calendar import builtin, load_calendar  # noqa: PLC0415

        try:
            return load_calendar(self._data_dir / "calendar")
        except AppError as problem:
            import logging  # noqa: PLC0415 - not needed for the first paint

            logging.getLogger("app.main").warning("calendar.refused", exc_info=problem)
            return builtin()

    def set_up(self, answers: Answers) -> FirstDay:
        """Finish the first start."""
        from app.services.door import FirstDay  # noqa: PLC0415
        from app.services.setup import install  # noqa: PLC0415

        opened = install(answers, self._vault())
        self._store = opened.store
        return FirstDay(self._desk(opened.store, answers.clerk.strip()), opened.recovery_code)

    def unlock(self, clerk: str, passphrase: str) -> Desk:
        """Open with a clerk's passphrase."""
        return self._enter(
            clerk,
            "unlock",
            lambda vault: vault.open(clerk, passphrase),
            lambda vault: vault.check(clerk, passphrase),
        )

    def recover(self, clerk: str, code: str) -> Desk:
        """Open with the recovery code, working under this name."""
        return self._enter(
            clerk, "unlock_recovery", lambda vault: vault.open_with_recovery(code), lambda vault: vault.check_recovery(code)
        )

    def check_once(self, clerk: str, code: str) -> None:
        """Make sure that a one-time code is this clerk's, before a passphrase is asked for."""
        self._check(clerk, lambda: self._vault().check_once(clerk, code))

    def claim(self, clerk: str, code: str, passphrase: str) -> Desk:
        """Open with a one-time code and set the clerk's own passphrase."""
        return self._enter(
            clerk,
            "unlock_once",
            lambda vault: vault.open_with_once(clerk, code, passphrase),
            lambda vault: vault.use_once(clerk, code, passphrase),
        )

    def close(self) -> None:
        """Close the store if one is open."""
        if self._store is not None:
            self._store.close()
            self._store = None
        if self._scanners is not None:
            self._scanners.close()
            self._scanners = None
        if self._recogniser is not None:
            self._recogniser.close()
            self._recogniser = None
        if self._readers is not None:
            self._readers.close()
            self._readers = None

    def _enter(self, clerk: str, act: str, opening: Callable[[Vault], Store], proof: Callable[[Vault], object]) -> Desk:
        """Open the store, or over an open one prove the secret anew. Somebody who was stopped comes in by no way."""
        shut = self._store is None
        if self._store is None:
            self._store = opening(self._vault())
        else:
            self._check(clerk, lambda: proof(self._vault()))
        if any(one.name == clerk and one.disabled_at for one in self._store.clerks()):
            self._store.note(clerk, "unlock_refused")
            if shut:
                self.close()
            raise WrongSecretError("这位已停用，记录都在。要接着用，由主管恢复", "stopped")
        self._store.note(clerk, act)
        return self._desk(self._store, clerk)

    def _check(self, clerk: str, check: Callable[[], object]) -> None:
        """Unlock over an open store: the secret is proven anew, and a wrong one is in the audit."""
        try:
            check()
        except WrongSecretError:
            if self._store is not None:
                self._store.note(clerk, "unlock_refused")
            raise

    def _devices(self) -> Devices:
        """Return the scanners; their processes are started when first needed and serve every clerk."""
        from app.adapters.devices import Devices  # noqa: PLC0415

        if self._scanners is None:
            self._scanners = Devices()
        return self._scanners

    def _cards(self) -> Readers:
        """Return the card readers, which serve every clerk; none is looked for before somebody asks."""
        from app.adapters.cards import Readers  # noqa: PLC0415

        if self._readers is None:
            self._readers = Readers()
        return self._readers

    def _reading(self) -> RecogniserClient:
        """Return what reads print; its process is started when first needed and serves every clerk."""
        from app.adapters.recognition import RecogniserClient  # noqa: PLC0415

        if self._recogniser is None:
            self._recogniser = RecogniserClient()
        return self._recogniser

    def _vault(self) -> Vault:
        from app.adapters.store import Vault as KeyVault  # noqa: PLC0415

        return KeyVault(self._data_dir, self._clock)

    def _desk(self, store: Store, clerk: str) -> Desk:
        from app.adapters import media  # noqa: PLC0415
        from app.adapters.clock import SystemUptime  # noqa: PLC0415
        from app.adapters.devices import Watched  # noqa: PLC0415
        from app.adapters.disk import StoreDisk  # noqa: PLC0415
        from app.adapters.sheets import Workbooks  # noqa: PLC0415
        from app.adapters.signing import OfficeSignatures  # noqa: PLC0415
        from app.adapters.transfer.places import AnyPlaces  # noqa: PLC0415
        from app.adapters.transfer.seal import BagSealer  # noqa: PLC0415
        from app.core.errors import StoreError  # noqa: PLC0415
        from app.services.places import trust  # noqa: PLC0415
        from app.services.ports import Desk  # noqa: PLC0415
        from app.services.ports.cards import NO_CARD_READERS  # noqa: PLC0415
        from app.services.ports.media import no_media  # noqa: PLC0415
        from app.services.ports.recognition import NOTHING_RECOGNISED  # noqa: PLC0415
        from app.services.region_versions import filled, settled  # noqa: PLC0415

        regions, _ = self.regions()
        counter: Counter | None = store.counter()
        if counter is None or counter.region not in regions:
            raise StoreError("本机设置的统筹区资料不见了。把 regions 文件夹放回来再开，已存的申请都在")
        imaging, printery, notice = self._made_tools()
        desk = Desk(
            store=store,
            vault=self._vault(),
            imaging=imaging,
            printery=printery,
            printer=self._printer or _office_printer(),
            exporter=FolderExporter(imaging, regions),
            clock=self._clock,
            calendar=self.calendar(),
            regions=dict(regions),
            region=regions[counter.region],
            counter=filled(counter, regions[counter.region]),
            clerk=clerk,
            data_dir=self._data_dir,
            disk=StoreDisk(self._data_dir),
            uptime=SystemUptime(),
            notice=notice,
            signatures=OfficeSignatures(),
            sealer=BagSealer(),
            places=AnyPlaces(),
            scanners=self._devices(),
            recogniser=self._reading() if self._live else NOTHING_RECOGNISED,
            cards=self._cards() if self._live else NO_CARD_READERS,
            watching=Watched,
            shelf=self._shelf(),
            sheets=Workbooks(),
            languages=self._made_texts(),
            characters=_characters,
            media=media.watching if self._live else no_media,
        )
        with suppress(AppError):  # places of a newer version: said where they are shown
            trust(desk)
        desk = settled(desk)
        return replace(desk, exporter=FolderExporter(imaging, regions, desk.known_region))

    def _shelf(self) -> Shelf:
        """Return the kept versions of regions, and the folders that today's come from, those beside the data first."""
        from app.adapters.paths import forms  # noqa: PLC0415
        from app.adapters.region_shelf import RegionShelf  # noqa: PLC0415

        return RegionShelf(self._data_dir, (self._data_dir / "regions", forms()), region_faults)

    def _made_tools(self) -> tuple[Imaging, Printery, Notice]:
        """Return what knows neither store nor clerk, made once."""
        if self._tools is None:
            from app.adapters.documents import Printery as Press  # noqa: PLC0415
            from app.adapters.imaging import PageMaker  # noqa: PLC0415
            from app.adapters.notices import load_notice  # noqa: PLC0415
            from app.adapters.paths import resources  # noqa: PLC0415

            self._tools = (PageMaker(), Press(resources()), load_notice(resources()))
        return self._tools

    def _made_texts(self) -> tuple[Texts, ...]:
        """Return the words of the applicant's screen, read once."""
        if not self._texts:
            from app.adapters.applicant_texts import load_texts  # noqa: PLC0415
            from app.adapters.paths import resources  # noqa: PLC0415

            self._texts = load_texts(resources())
        return self._texts


def _characters() -> Characters:
    """Return the table of characters, read anew each time: whoever asks keeps it."""
    from app.adapters.characters import load_characters  # noqa: PLC0415 - only when a character cannot be typed
    from app.adapters.paths import resources  # noqa: PLC0415

    return load_characters(resources())


def region_faults(region: Region) -> list[str]:
    """Return what is wrong with a region's own papers, without drawing them: the office drew them before it signed."""
    from app.adapters.documents import check_region_layouts  # noqa: PLC0415

    return check_region_layouts(region, draw=False)


def _office_printer() -> Printer:
    """Return what prints on this system."""
    if sys.platform == "win32":
        from app.adapters.documents.preview import pictures  # noqa: PLC0415
        from app.ui.windows_printer import WindowsPrinter  # noqa: PLC0415

        return WindowsPrinter(pictures)
    from app.adapters.printing import CupsPrinter  # noqa: PLC0415

    return CupsPrinter()


class FolderExporter:
    """The exporter port over :mod:`app.adapters.export`, which is a stranger to imaging and to the regions."""

    def __init__(
        self,
        imaging: Imaging,
        regions: Mapping[str, Region],
        region_of: Callable[[Application], Region | None] | None = None,
    ) -> None:
        self._imaging = imaging
        self._regions = regions
        self._region_of = region_of

    def export(self, store: Store, ids: Sequence[str], folder: Path, who: str) -> Exported:
        """Write these applications into the folder; those that wait for a second look stay."""
        from app.adapters.export import export_applications  # noqa: PLC0415
        from app.services import second_look  # noqa: PLC0415
        from app.services.ports import Exported  # noqa: PLC0415

        held = second_look.held(store, self._region_of or (lambda one: self._regions.get(one.region)), ids)
        free = [id_ for id_ in ids if id_ not in held]
        report = export_applications(store, self._imaging, self._regions, folder, free, who, region_of=self._region_of)
        failed = tuple(
            f"{failure.number}：{failure.sentence}" if failure.number else failure.sentence for failure in report.failed
        )
        return Exported(report.written, report.skipped, (*failed, *(self._kept(store, one) for one in held.values())))

    @staticmethod
    def _kept(store: Store, hold: Hold) -> str:
        application = store.application(hold.sighting.id)
        number = application.acceptance.number if application is not None and application.acceptance is not None else ""
        return f"{number}：{hold.fact}。{hold.way}"


def scale_from(settings: Path) -> None:
    """Set Qt's scale factor before QApplication exists, from the small settings file beside the store (percent, nothing else)."""
    if "QT_SCALE_FACTOR" in os.environ or not settings.is_file():
        return
    text = settings.read_text("ascii", "replace").strip()
    if text.isdigit() and SMALLEST <= int(text) <= LARGEST:
        os.environ["QT_SCALE_FACTOR"] = str(int(text) / 100)


def speak_to_fcitx() -> None:
    """Let Chinese be typed where the desktop uses fcitx: Qt's wheel brings no plug-in for it, but fcitx answers to ibus as well."""
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"


def import_plainly() -> None:
    """Take PySide's hook off ``import``; call once QtCore is loaded, before the modules that need it.

    It reads the source of each module that is imported and keeps it (489 files, 8 MB), only to see who might ask for ``__feature__``; nobody here does.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def run(data_dir: Path) -> int:
    """Open the window and stay until it is closed. Returns the exit status."""
    # Thousands of enums and functions are made now and none is garbage: looking for some takes a twentieth of the start.
    gc.disable()
    from app.ui import lean  # noqa: PLC0415 - the scale must be known before Qt is loaded

    lean.load()
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    import_plainly()
    from app.adapters.clock import SystemClock  # noqa: PLC0415
    from app.adapters.paths import resources  # noqa: PLC0415
    from app.ui import theme  # noqa: PLC0415
    from app.ui.clipboard import ClipboardSweeper  # noqa: PLC0415
    from app.ui.main_window import MainWindow  # noqa: PLC0415

    data_dir.mkdir(parents=True, exist_ok=True)
    scale_from(data_dir / "scale")
    speak_to_fcitx()
    app = QApplication([*sys.argv[:1], *theme.ARGUMENTS])
    theme.apply(app, resources(), fusion=True)
    clock = SystemClock()
    sweeper = ClipboardSweeper(app, app)
    app.aboutToQuit.connect(sweeper.sweep)
    window = MainWindow(Workplace(data_dir, clock, live=True), clock)
    # What a slot or an event handler of ours raises ends here; without this it would go to a console nobody sees.
    sys.excepthook = lambda _kind, error, _trace: window.crashed(error)

    def settle() -> None:
        from app.adapters.logs import configure  # noqa: PLC0415
        from app.ui.rubbish import Rubbish  # noqa: PLC0415

        configure(data_dir)
        gc.freeze()
        Rubbish(app)

    window.painted.connect(settle)
    window.resize(window.screen().availableSize())
    window.showMaximized()
    if os.environ.get("CHUANGKOU_WATCHDOG") == "1":
        from app.ui.watchdog import watched  # noqa: PLC0415

        return watched(app.exec)
    return app.exec()
