"""A counter with its real parts: store, imaging, printery, regions, calendar. Only time stands still and the printer keeps what it gets."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.calendar import load_calendar
from app.adapters.characters import load_characters
from app.adapters.devices import Devices, Watched
from app.adapters.disk import StoreDisk
from app.adapters.documents import Printery
from app.adapters.imaging import PageMaker
from app.adapters.notices import load_notice
from app.adapters.paths import forms, resources
from app.adapters.region_shelf import RegionShelf
from app.adapters.regions import load_region
from app.adapters.sheets import Workbooks
from app.adapters.signing import OfficeSignatures
from app.adapters.store import Vault, keys
from app.adapters.transfer.places import AnyPlaces
from app.adapters.transfer.seal import BagSealer
from app.core import paper_data
from app.core.application import Disease
from app.core.errors import AppError
from app.core.paper_extras import NOTHING_MORE
from app.core.requirements import needs
from app.main import FolderExporter, Workplace, region_faults
from app.services import intake, originals, papers, printing
from app.services.ports import Desk, PrinterInfo
from app.services.setup import Answers, Opened, install

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.application import Application

ROOT = Path(__file__).parents[1]
JQ, PZH, SNJ = "gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"
CLERK, PASSPHRASE = "罗静", "柳荫路上的桂花 12 棵"
QUICK = {"alg": "argon2id", "t": 1, "m": 16, "p": 2}
"""Slots that cost nothing to derive; opening them takes the parameters from the slot."""


BALLAST = 1024 * 1024
"""Bytes of ballast in tests."""


class FixedClock:
    """A clock that stands still until it is set."""

    def __init__(self, day: str = "2026-02-06", time: str = "10:24:00") -> None:
        self.moment = dt.datetime.fromisoformat(f"{day}T{time}")

    def now(self) -> dt.datetime:
        return self.moment


class ClockUptime:
    """A computer that runs on while its clock is set ahead: time simply passed. Set back, it is another run."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock

    def running(self) -> tuple[str, float]:
        return "kit", self._clock.now().timestamp()


class KeepingPrinter:
    """The office's printer: keeps (bytes, title), or refuses with a sentence."""

    def __init__(self, refusal: str = "") -> None:
        self.printed: list[tuple[bytes, str]] = []
        self.sent: list[tuple[str, bool]] = []
        self.refusal = refusal
        self.stuck = ""

    def available(self) -> bool:
        return True

    def printers(self) -> tuple[PrinterInfo, ...]:
        return (PrinterInfo("Laser", default=True), PrinterInfo("Back-Room"))

    def print(self, pdf: bytes, title: str, copies: int = 1, *, printer: str = "", two_sided: bool = False) -> str:
        if self.refusal:
            raise AppError(self.refusal)
        self.printed += [(pdf, title)] * copies
        self.sent.append((printer, two_sided))
        return f"Laser-{len(self.sent)}"

    def follow(self, job: str, seconds: float) -> str:
        return self.stuck

    def rest(self) -> None:
        pass


class CachedPages:
    """Real imaging that decodes each specimen once for the whole run."""

    def __init__(self) -> None:
        self._maker = PageMaker()
        self.pages = _pages
        self.turned = self._maker.turned
        self.preview = self._maker.preview
        self.outline = self._maker.outline
        self.codes = self._maker.codes
        self.large_codes = self._maker.large_codes


def _pages(data, name, *, formats, max_bytes, dropped, find_page=True):
    pages, said = _decoded(data, name, tuple(formats), max_bytes, find_page)
    for sentence in said:
        dropped(sentence)
    return list(pages)


@cache
def _decoded(data, name, formats, max_bytes, find_page):
    said: list[str] = []
    rules = {"formats": formats, "max_bytes": max_bytes, "dropped": said.append, "find_page": find_page}
    return tuple(PageMaker().pages(data, name, **rules)), tuple(said)


@cache
def printery() -> Printery:
    return Printery(resources())


class PapersOnce:
    """The real printery, which draws what says the same once: the same input gives the same bytes (tests/documents)."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, ...], list] = {}
        self._notice = load_notice(resources())

    def __getattr__(self, name):
        return getattr(printery(), name)

    def render(self, kind, edition, application, region, counter, *, moment, more=NOTHING_MORE):
        facts = paper_data.bindings(application, region, counter, moment, notice=self._notice, more=more)
        same = self._drawn.setdefault((kind, edition, moment, json.dumps(facts, ensure_ascii=False, sort_keys=True)), [])
        for place, drawn in same:
            if place == region:
                return drawn
        same.append((region, printery().render(kind, edition, application, region, counter, moment=moment, more=more)))
        return same[-1][1]


@cache
def _papers_once() -> PapersOnce:
    return PapersOnce()


def _papers() -> Printery:
    """What the counters of a whole run draw with. Alone, where files are measured and walked, each paper is drawn."""
    return _papers_once() if "PYTEST_XDIST_WORKER" in os.environ else printery()  # type: ignore[return-value]


@cache
def region(name: str):
    """A shipped place in which every original need only be looked at: tests of other things need no pictures."""
    place = load_region(forms() / name)
    return replace(
        place, unscanned=replace(place.unscanned, papers=tuple(one.id for one in place.requirements if not one.made_here))
    )


def answers(place: str = PZH, **changes: str) -> Answers:
    given = {
        "region": place,
        "counter_code": "03",
        "counter_name": "3 号窗口",
        "clerk": CLERK,
        "passphrase": PASSPHRASE,
        "repeated": PASSPHRASE,
    }
    return Answers(**(given | changes))


_set_up: dict[tuple[str, dt.datetime], tuple[Path, str]] = {}
_copied: set[str] = set()


def _installed(vault: Vault, data_dir: Path, place: str, clock: FixedClock) -> Opened:
    """Set up a store, or copy one set up before in the same place at the same moment; no two of one test share a key."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    if not test or test in _copied or keys._ARGON2 is not QUICK or vault.exists():
        return install(answers(place), vault)
    _copied.add(test)
    made = place, clock.now()
    if made not in _set_up:
        folder = Path(tempfile.mkdtemp(dir=os.environ["XDG_DATA_HOME"]))  # goes with the session
        opened = install(answers(place), Vault(folder, clock))
        opened.store.close()
        _set_up[made] = folder, opened.recovery_code
    folder, code = _set_up[made]
    shutil.copytree(folder, data_dir, dirs_exist_ok=True)
    return Opened(vault.open_with_recovery(code), code)


def open_desk(data_dir: Path, place: str = PZH, clock: FixedClock | None = None, **changes: object) -> Desk:
    """Set up a store in this folder and open the desk of its counter. The caller closes ``desk.store``."""
    clock = clock or FixedClock()
    vault = Vault(data_dir, clock)
    store = _installed(vault, data_dir, place, clock).store
    counter = store.counter()
    assert counter is not None
    regions = {name: region(name) for name in (JQ, PZH, SNJ)}
    parts = {
        "store": store,
        "vault": vault,
        "imaging": CachedPages(),
        "printery": _papers(),
        "printer": KeepingPrinter(),
        "exporter": FolderExporter(PageMaker(), regions),
        "clock": clock,
        "calendar": load_calendar(),
        "regions": regions,
        "region": regions[place],
        "counter": counter,
        "clerk": CLERK,
        "data_dir": data_dir,
        "disk": StoreDisk(data_dir, BALLAST),
        "uptime": ClockUptime(clock),
        "notice": load_notice(resources()),
        "signatures": OfficeSignatures(),
        "sealer": BagSealer(),
        "places": AnyPlaces(),
        "scanners": Devices(()),
        "watching": Watched,
        "shelf": RegionShelf(data_dir, (forms(),), region_faults),
        "sheets": Workbooks(),
        "characters": lambda: load_characters(resources()),
    }
    return Desk(**(parts | changes))  # type: ignore[arg-type]


def set_up(data_dir: Path, place: str = PZH, clock: FixedClock | None = None) -> str:
    """Do the first start in this folder and answer the recovery code."""
    clock = clock or FixedClock()
    opened = _installed(Vault(data_dir, clock), data_dir, place, clock)
    opened.store.close()
    return opened.recovery_code


class QuietWorkplace(Workplace):
    """The real door, with imaging that decodes each specimen once."""

    def _desk(self, store, clerk):
        from dataclasses import replace

        desk = super()._desk(store, clerk)
        quick = {"imaging": CachedPages(), "printery": _papers(), "disk": StoreDisk(desk.data_dir, BALLAST)}
        return replace(desk, uptime=ClockUptime(desk.clock), **quick)


def case_of(place: str) -> dict:
    return tomllib.loads((resources() / "specimens" / place / "case.toml").read_text("utf-8"))


def files_of(place: str, *names: str) -> tuple[originals.Incoming, ...]:
    folder = resources() / "specimens" / place
    return tuple(originals.Incoming((folder / name).read_bytes(), name) for name in names)


def answered(desk: Desk, **changes: object) -> Application:
    """The specimen's answers given one by one as a clerk does; ``changes`` by path with __ for dots; nothing stored, no papers."""
    case = case_of(desk.region.id)
    application = intake.start(desk)
    given = {one["path"]: one["value"] for one in case["answers"]} | {k.replace("__", "."): v for k, v in changes.items()}
    # The specimens' day is in November; tests choose theirs.
    given["diseases"] = tuple(Disease(one["name"], one["code"], "2026-01-19") for one in given["diseases"])
    for path, value in given.items():
        application = intake.answer(application, path, value)
    for reason in case["reason"]:
        application = application.with_reason(reason["finding"], reason["text"])
    return application


def seen(desk: Desk, application: Application, issued: Callable[[], str] | None = None) -> Application:
    """Every paper that is needed was looked at and given back: nothing attached."""
    today = desk.clock.now().date()
    for need in needs(application, desk.region, today):
        wanted = need.requirement
        if wanted.made_here:
            continue
        said = {"seen": True}
        if wanted.options:
            said["option"] = wanted.options[0]
        if wanted.dated:
            said["issued_on"] = issued() if issued else today.isoformat()
        if wanted.seal:
            said["sealed"] = True
        for name, value in said.items():
            application = intake.answer(application, f"papers.{need.id}.{name}", value)
    return application


def complete(desk: Desk, **changes: object) -> Application:
    """An application that can be accepted, without pages."""
    return seen(desk, answered(desk, **changes))


def quick_slots(monkeypatch) -> None:
    monkeypatch.setattr(keys, "_ARGON2", QUICK)


def bundle(desk, application, moment, more=NOTHING_MORE, *, large=False):
    """The papers of a moment, each drawn or as it was stored, as a counter offers them."""
    stored = desk.store.documents(application.id)
    return tuple(papers.draw(desk, application, one) for one in papers.ready(desk, moment, stored, more, large=large))


def hand_over(desk, id_, sheets):
    """Keep and print papers as the window's two lanes do, in one go."""
    papers.keep(desk, id_, sheets)
    print_copies(desk, id_, [(sheet.document, sheet.copies) for sheet in sheets])


def print_documents(desk, id_, documents):
    """Print these documents as stored, once each."""
    print_copies(desk, id_, [(document, 1) for document in documents])


def print_copies(desk, id_, documents):
    """Print stored documents, each in so many copies; AppError for the first that was not taken."""
    sent = printing.send(desk.printer, printing.errands(desk, id_, documents))
    printing.record(desk, id_, sent.taken)
    if sent.problem:
        raise AppError(sent.problem)
