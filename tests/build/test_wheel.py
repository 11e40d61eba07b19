"""The wheel alone is enough: built, installed into a fresh environment, run from elsewhere."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
BUILD = """
import runpy, zipfile, zlib
zipfile._get_compressor = lambda *_: zlib.compressobj(0, zlib.DEFLATED, -15)
runpy.run_module("hatchling", run_name="__main__", alter_sys=True)
"""
"""Builds as ever, but squeezes nothing: what is packed is asked here, and squeezing takes longer than the rest."""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of this checkout, from a copy without what is not in a fresh clone."""
    pytest.importorskip("hatchling")
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


def run(python, code, tmp_path):
    ran = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    return ran.stdout


@pytest.mark.wheel
def test_fonts_and_forms_travel_in_the_wheel(installed, tmp_path):
    code = "from app.adapters import paths; print(paths.resources()); print(paths.forms())"
    resources, forms = map(Path, run(installed, code, tmp_path).split("\n")[:2])
    for found, name in ((resources, "resources"), (forms, "forms")):
        assert found.is_relative_to(installed.parent.parent)
        expected = {
            path.relative_to(TOP / name)
            for path in (TOP / name).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert {path.relative_to(found) for path in found.rglob("*") if path.is_file() and path.suffix != ".pyc"} == expected


@pytest.mark.wheel
def test_the_wheel_does_the_whole_job_away_from_the_checkout(installed, tmp_path):
    command = [installed.parent / "chuangkou", "demo", "--region", "gansu-jiuquan", "--out", tmp_path / "out"]
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "DISPLAY"}}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out/form.pdf").read_bytes().startswith(b"%PDF-")
    assert len(list((tmp_path / "out/screens").glob("*.png"))) >= 8
    assert list((tmp_path / "out/export").glob("*/manifest-sha256.txt"))


def test_the_lock_names_only_versions_and_hashes():
    lines = (TOP / ".ci/requirements.lock").read_text(encoding="utf-8").splitlines()
    assert all("://" not in line and "@" not in line for line in lines)
    assert all(line.startswith("    --hash=sha256:") or "==" in line for line in lines)


def test_the_lock_holds_what_the_project_asks_for():
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (TOP / ".ci/requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = {Requirement(line.rstrip(" \\")) for line in lines if not line.startswith(" ")}
    versions = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in locked}
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), text
