"""Process start to first whole frame of the window, against an empty PySide6 window with the same fonts, in the same run.

Goal: 1.5 times. Both start in turn, ten times, with their bytecode compiled before. Printed with ``-s``.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
import whole_kit

from app.adapters.paths import resources
from app.ui.theme import FONTS

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("first_paint.py")
ROUNDS = 10


def cpu_ms():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


@pytest.mark.parametrize("what", ["lock", "first_run"])
def test_the_first_frame_comes_soon(tmp_path, benchmark, monkeypatch, record_property, what):
    whole_kit.quick_slots(monkeypatch)
    if what == "lock":
        whole_kit.set_up(tmp_path / "chuangkou")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}

    def started(*arguments):
        """Wall and CPU milliseconds until the frame was whole."""
        used, begun = cpu_ms(), time.monotonic()
        command = [sys.executable, str(CHILD), *arguments]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=True).stdout
        return (float(said) - begun) * 1000, cpu_ms() - used

    acts = {"floor": ("floor", *(str(resources() / "fonts" / name) for name in FONTS)), "start": ("ours",)}
    times = {name: [] for name in acts}
    for at in range(ROUNDS + 1):
        for name, arguments in acts.items():
            took = started(*arguments)
            if at:
                times[name].append(took)
    figures = {}
    for which, unit in enumerate(("ms", "cpu_ms")):
        for name, pairs in times.items():
            figures[f"{name}_p50_{unit}"] = statistics.median(pair[which] for pair in pairs)
            figures[f"{name}_min_{unit}"] = min(pair[which] for pair in pairs)
        for kind in ("p50", "min"):
            figures[f"ratio_{kind}_{unit}"] = figures[f"start_{kind}_{unit}"] / figures[f"floor_{kind}_{unit}"]
    for name, figure in figures.items():
        record_property(name, round(figure, 2))
        print(f"{what} {name} {figure:.2f}")  # noqa: T201 - the figure is the point
    benchmark.extra_info |= figures
    benchmark.pedantic(started, args=("ours",), rounds=3)
