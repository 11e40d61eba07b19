"""The clerk's day by keyboard alone: three walks in real windows, on an X server of their own where there is one.

The second, which begins a case, parks it and ends it, always runs; ``CHUANGKOU_WALK=1 pytest tests/main/test_walks.py -n 0 -s`` runs all three
and prints what each took. The walks themselves are in ``walks.py``.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from whole_kit import ROOT

WALKS = Path(__file__).with_name("walks.py")
LONG = bool(os.environ.get("CHUANGKOU_WALK"))
ALWAYS = "the_person_comes_back_the_next_day_with_the_missing_paper"
SIZE = "1366x768x24"
LONGER = pytest.mark.skipif(not LONG, reason="CHUANGKOU_WALK=1 walks this too")


@contextmanager
def display():
    """The variables of a platform with real windows, or of the offscreen one where there is no X server."""
    if not shutil.which("Xvfb"):
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{told.readline().strip()}"}
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The walks in a program of their own: name → what it took. What a walk asserts, it asserted there."""
    out = tmp_path_factory.mktemp("walks")
    with display() as around:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-n",
                "0",
                "-p",
                "no:cacheprovider",
                "-q",
                "-s",
                *([] if LONG else ["-k", ALWAYS]),
                str(WALKS),
            ],
            cwd=ROOT,
            env={**os.environ, **around, "CHUANGKOU_WALK_OUT": str(out)},
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
    if LONG:
        print(done.stdout)  # noqa: T201 - the report
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    told = [json.loads(line) for line in (out / "walks.jsonl").read_text("utf-8").splitlines()]
    return {walk["name"]: walk["legs"] for walk in told}


@pytest.mark.parametrize(
    ("walk", "typed", "pressed"),
    [
        (ALWAYS, 25, 100),
        pytest.param("a_case_with_an_agent_from_the_workbench_to_the_receipt", 25, 95, marks=LONGER),
        pytest.param("a_benefit_that_ends_soon_is_renewed", 5, 80, marks=LONGER),
    ],
)
def test_a_walk_needs_few_keys_and_no_mouse(walked, walk, typed, pressed):
    """``typed``: what no device fills in; ``pressed``: moves and marks. A mouse was not touched, or the walk had failed."""
    legs = walked[walk]
    assert sum(leg["clerk"] for leg in legs) <= typed
    assert sum(leg["moves"] + leg["marks"] for leg in legs) <= pressed
