"""SANE as these tests need it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TEST_CONF = """\
number_of_devices 2
mode Color
depth 8
resolution 100.0
test-picture "Grid"
geometry_min 0.0
geometry_max 300.0
br_x 210.0
br_y 297.0
"""


def need_sane(backend):
    """Say what is missing instead of skipping: a scanner that is never tried is a scanner that does not work."""
    if not shutil.which("scanimage"):
        pytest.fail("scanimage is missing: sudo apt-get install sane-utils (bash .ci/setup does it)", pytrace=False)
    if not list(Path("/usr/lib").glob(f"*/sane/libsane-{backend}.so.1")):
        package = "sane-airscan" if backend == "airscan" else "libsane1"
        pytest.fail(
            f"SANE's {backend} backend is missing: sudo apt-get install {package} (bash .ci/setup does it)",
            pytrace=False,
        )


def write_test_backend(folder: Path) -> Path:
    """Write the configuration of SANE's test backend; its glass holds A4, its feeder ten sheets."""
    need_sane("test")
    (folder / "dll.conf").write_text("test\n")
    (folder / "test.conf").write_text(TEST_CONF)
    return folder
