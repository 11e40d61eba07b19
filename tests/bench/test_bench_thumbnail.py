"""From F6 to the painted thumbnail, against bare ``scanimage`` of the same page in the same run.

The real window over a real store, imaging and drivers as shipped, SANE's test backend as the scanner: colour, 300 dpi, A4. It delivers at
once, so what is over the floor is ours: the driver's process, the JPEG, judging, storing, the strip. Printed with ``-s``.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
import whole_kit
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from test_bench_window import told
from window_kit import counter_at, on_lane

sys.path.insert(0, str(Path(__file__).parents[1] / "devices"))

from sane_kit import write_test_backend

from app.adapters.paths import resources
from app.main import Workplace
from app.services import devices
from app.services.ports import Feed, Scanner, ScanWish
from app.ui import theme

ROUNDS, LIMIT_S, SLOT = 8, 60, "reports"
BARE = ("scanimage", "-d", "test:0", "--mode", "Color", "--resolution", "300", "-x", "210", "-y", "297", "--format=pnm")
SCANNER, WISH = Scanner("test:0", "sane", "测试扫描仪", "test:0"), ScanWish(Feed.GLASS, 300)


@pytest.fixture
def counter(qapp, tmp_path, monkeypatch):
    """A window at its materials, with the test backend as the scanner of this paper."""
    (tmp_path / "sane").mkdir()
    monkeypatch.setenv("SANE_CONFIG_DIR", str(write_test_backend(tmp_path / "sane")))
    theme.apply(qapp, resources())
    whole_kit.quick_slots(monkeypatch)
    with counter_at(tmp_path / "data", door=Workplace) as at_work:
        at_work.new()
        at_work.page.open_step("materials")
        at_work.settle()
        desk = at_work.window.desk
        on_lane(at_work.window.lane, lambda: devices.remember(desk, SLOT, SCANNER, WISH))
        at_work.window._work.materials.scans._know(devices.Remembered(SCANNER, WISH))
        yield at_work


def until(condition):
    """Turn the event loop, waiting where there is nothing to do, so that other threads have the interpreter."""
    end = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < end
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 2)


def scanned(counter):
    """Milliseconds from the key until the page is in the strip, and until its picture is painted there."""
    page = counter.page.page("materials")
    strip = page.list.slot(SLOT).strip

    def pages():
        return counter.application.paper(SLOT).pages

    before = {one.original for one in pages()}
    page.focus_field(f"papers.{SLOT}")
    counter.settle()
    begun = time.perf_counter()
    counter.shortcut("F6")
    # The backend's picture is no paper, so it is asked for again and comes in its own place.
    until(lambda: any(one.original not in before for one in pages()))
    there = time.perf_counter()
    last = next(one for one in pages() if one.original not in before)
    until(lambda: page.store.picture(last.original, last.turn, strip.devicePixelRatioF()) is not None)
    strip.viewport().repaint()
    painted = time.perf_counter()
    until(lambda: not counter.window._work.materials.busy)
    counter.settle()
    return (there - begun) * 1000, (painted - begun) * 1000


def bare():
    begun = time.perf_counter()
    subprocess.run(BARE, capture_output=True, check=True)
    return (time.perf_counter() - begun) * 1000


def test_a_scan_is_seen_soon_after_bare_scanimage(counter, benchmark, record_property):
    first = scanned(counter)[1]  # the driver's process and the imaging are loaded here
    floor, placed, painted = [], [], []
    for _ in range(ROUNDS):
        floor.append(bare())
        one, seen = scanned(counter)
        placed.append(one)
        painted.append(seen)
    figures = {
        "bare_scanimage_p50_ms": statistics.median(floor),
        "page_in_its_slot_p50_ms": statistics.median(placed),
        "thumbnail_painted_p50_ms": statistics.median(painted),
        "thumbnail_painted_least_ms": min(painted),
        "ratio_p50": statistics.median(painted) / statistics.median(floor),
        "ratio_least": min(painted) / min(floor),
        "very_first_ms": first,
    }
    told(figures, benchmark, record_property)
    benchmark.pedantic(bare, rounds=2)
