"""Memory of the program itself, in a process of its own: idle, in a case of thirty pages, and after two hundred cases in one window.

Goals: 150 MB idle, 400 MB with thirty pages, no growth. Printed with ``-s``, beside an empty window of PySide6 with the same fonts. ``rss``: all that is
resident, libraries and fonts read from files too; ``anonymous``: of it what no file backs; ``heap``: what C and C++ hold. The store keeps 64 MB of its pages at most; ``trimmed`` is
without them. Held: nothing of a case that is over is left, and a hundred and fifty more cases lie within a band of the first fifty.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import whole_kit
from PIL import Image
from test_bench_window import told

from app.adapters.paths import resources
from app.ui.theme import FONTS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGES, CASES = 30, 200
BAND_MB = 2
"""A hundred and fifty cases more moved what is held by 0.3 MB; kept, they would weigh some 7."""
KEPT_MB = 24
"""What the free top of one thread's heap may come to: it was there in some looks and gone in later ones, 19 MB."""

MOST_MB = {"idle": 150, "pages_shown": 400}


def worker(*arguments):
    """Run the program and answer what it said, by name."""
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests", HERE)))
    command = [sys.executable, HERE / "memory_worker.py", *map(str, arguments)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {said["at"]: said for said in map(json.loads, done.stdout.splitlines())}


def scans(folder):
    """Thirty different scans of A4 at 300 dpi."""
    whole = resources() / "specimens" / whole_kit.PZH
    for at in range(PAGES):
        picture = Image.open(whole / ("lab.jpg" if at % 2 else "discharge.jpg")).convert("RGB").resize((2480, 3508))
        picture.putpixel((at, at), (at, at, at))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=88, dpi=(300, 300))
        (folder / f"scan{at}.jpg").write_bytes(file.getvalue())


def figures_of(said):
    return {f"{at}_{name}_mb": look[name] for at, look in said.items() for name in ("rss", "uss", "pss", "anonymous", "heap")}


def test_idle_and_with_thirty_pages(tmp_path, benchmark, record_property):
    whole_kit.set_up(tmp_path)
    scans(tmp_path)
    floor = worker("floor", tmp_path, 0, *(resources() / "fonts" / name for name in FONTS))
    said = benchmark.pedantic(worker, args=("pages", tmp_path, PAGES), rounds=1)
    told(figures_of(floor | said), benchmark, record_property)
    assert {at: said[at]["rss"] for at, most in MOST_MB.items() if said[at]["rss"] > most} == {}


def test_two_hundred_cases_in_one_window(tmp_path, benchmark, record_property):
    whole_kit.set_up(tmp_path)
    said = benchmark.pedantic(worker, args=("cases", tmp_path, CASES), rounds=1)
    told(figures_of(said), benchmark, record_property)
    looks = [said[f"cases_{nth}_trimmed"] for nth in (50, 100, 150, 200)]
    assert {look["sessions"] for look in looks} == {1}
    for name in ("files", "threads", "windows", "widgets"):
        assert len({look[name] for look in looks}) == 1, name
    assert max(abs(look["heap"] - looks[0]["heap"]) for look in looks) < BAND_MB
    assert max(look["anonymous"] - looks[0]["anonymous"] for look in looks) < BAND_MB + KEPT_MB
    states = [
        {kind: look["kinds"].get(kind, 0) for kind in ("Application", "CaseState", "Finding", "QTimer")} for look in looks
    ]
    assert states[0] == states[-1]
