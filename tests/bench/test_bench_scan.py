"""From the button to the page: the driver's process against bare ``scanimage`` of the same page, in the same run.

SANE's test backend delivers at once, so what is measured is ours: the process, the pipe, decoding, JPEG and handing over.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "devices"))
from sane_kit import write_test_backend

from app.adapters.devices.process import DriverClient
from app.services.ports import Feed, ScanWish

ROUNDS = 8
SHEETS = 10


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("SANE_CONFIG_DIR", str(write_test_backend(tmp_path)))
    client = DriverClient("sane")
    client.found()
    client.scan("test:0", ScanWish(Feed.GLASS, 75), lambda _: None)
    yield client
    client.close()


def median(times):
    return sorted(times)[len(times) // 2]


def timed(act):
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def test_scan_to_page_is_near_bare_scanimage(client, benchmark, record_property):
    floor, ours, found, asked, cancels = [], [], [], [], []
    bare = ["scanimage", "-d", "test:0", "--mode", "Color", "--resolution", "300", "-x", "210", "-y", "297", "--format=pnm"]
    environment = {**os.environ}
    for _ in range(ROUNDS):
        floor.append(timed(lambda: subprocess.run(bare, env=environment, capture_output=True, check=True)))
        ours.append(timed(lambda: client.scan("test:0", ScanWish(Feed.GLASS, 300), lambda _: None)))
        found.append(timed(client.found))
        asked.append(timed(lambda: client.abilities("test:0")))
        came = []
        begun = []

        def page(data, came=came, begun=begun):
            came.append(data)
            begun.append(time.perf_counter())

        client.scan("test:0", ScanWish(Feed.FEEDER, 300), page, lambda came=came: bool(came))
        cancels.append((time.perf_counter() - begun[0]) * 1000)
        assert len(came) < SHEETS
    figures = {
        "bare_scanimage_p50_ms": median(floor),
        "scan_to_page_p50_ms": median(ours),
        "ratio_p50": median(ours) / median(floor),
        "found_p50_ms": median(found),
        "abilities_p50_ms": median(asked),
        "cancel_p50_ms": median(cancels),
        "cancel_worst_ms": max(cancels),
    }
    for name, figure in figures.items():
        record_property(name, round(figure, 2))
        print(f"{name} {figure:.2f}")  # noqa: T201 - the figure is the point
    benchmark.extra_info |= figures
    benchmark.pedantic(client.abilities, args=("test:0",), rounds=5)
