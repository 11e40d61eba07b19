"""The wheel of this checkout, built and installed into a fresh environment."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
BUILD = """
import runpy, zipfile, zlib
zipfile._get_compressor = lambda *_: zlib.compressobj(0, zlib.DEFLATED, -15)
runpy.run_module("hatchling", run_name="__main__", alter_sys=True)
"""
"""Builds as ever, but squeezes nothing: what is packed is asked here, and squeezing takes longer than the rest."""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of this checkout, from a copy without what is not in a fresh clone."""
    source = tmp_path_factory.mktemp("source")
    for name in ("app", "forms", "resources"):
        shutil.copytree(TOP / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", ".gitignore"):
        shutil.copy(TOP / name, source)
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-c", BUILD, "build", "-t", "wheel", "-d", target], cwd=source, check=True, capture_output=True
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """The interpreter of a fresh environment with the wheel. Its dependencies are this environment's own: no network is needed."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin/python"
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    options = ["--no-index", "--no-deps", "--no-compile", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", *options, wheel], check=True, capture_output=True
    )
    # A plain path: the .pth files of an editable install in there are not followed, so the checkout is out of reach.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python
