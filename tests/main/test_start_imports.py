"""What only pictures, cameras and tables need is not loaded by opening the window and the store: it would be felt each morning."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import whole_kit

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
HEAVY = (
    *("numpy", "cv2", "pandas", "onnxruntime", "rapidocr", "PySide6.QtMultimedia", "reportlab.graphics", "statistics"),
    *("asyncio", "ssl", "http.client", "email"),
)

CHILD = """
import json, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
app = QApplication([])
from window_kit import counter_at
with counter_at(Path(sys.argv[1]), unlocked=False) as counter:
    counter.unlock()
    counter.settle()
    assert counter.window.current == "workbench"
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The modules there are once the store is open and the workbench on screen."""
    folder = tmp_path_factory.mktemp("start") / "data"
    with pytest.MonkeyPatch.context() as patch:
        whole_kit.quick_slots(patch)
        whole_kit.set_up(folder)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(TESTS))), "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.parametrize("name", HEAVY)
def test_opening_window_and_store_loads_nothing_heavy(loaded, name):
    assert name not in loaded


def test_the_store_is_loaded_without_what_nobody_calls_and_that_can_still_come():
    code = """
import sys
from app.adapters.store import load
load()
unneeded = {"numpy", "click", "dateutil", "sqlite3", "importlib.metadata", "typing_extensions"}
assert "sqlite_utils" in sys.modules and "ulid" in sys.modules and not unneeded & set(sys.modules)
import click, dateutil.parser, importlib.metadata, numpy, sqlite3, sqlite_utils, typing_extensions
assert numpy.array([1]).sum() == 1 and sys.modules["numpy"] is numpy
assert importlib.metadata.version("click") and issubclass(click.Group, click.Command) and dateutil.parser.parse("2026-02-06").day == 6
assert sqlite3.connect(":memory:").execute("SELECT 1").fetchone() == (1,) and callable(typing_extensions.override)
assert not any(type(finder).__name__ == "_Without" for finder in sys.meta_path)
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr


def test_another_thread_may_import_numpy_meanwhile():
    code = """
import sys, threading
from app.adapters.store import lean
refused = lean._Without()
sys.meta_path.insert(0, refused)
try:
    import numpy
    raise SystemExit("numpy was let in")
except ModuleNotFoundError:
    pass
other = threading.Thread(target=__import__, args=("numpy",))
other.start()
other.join()
assert "numpy" in sys.modules
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr


def test_papers_are_loaded_without_pillow_and_pdfium_without_its_bindings_and_both_can_still_come():
    code = """
import builtins, sys
plain = builtins.__import__
from app.adapters.documents import Printery
from app.adapters.paths import resources
Printery(resources()).warm()
assert "reportlab.pdfgen.canvas" in sys.modules and not {"PIL", "pypdfium2", "pypdfium2_raw"} & set(sys.modules)
assert builtins.__import__ is plain
import PIL.Image, pypdfium2
from app.adapters.documents.preview import library
bare = pypdfium2.PdfDocument.new()
bare.new_page(100, 100)
assert PIL.Image.new("L", (1, 1)).size == (1, 1) and len(bare) == 1 and library().FPDF_GetPageCount(bare.raw) == 1
bare.close()
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr


def test_whoever_kept_the_import_without_pillow_meanwhile_finds_pillow_afterwards():
    code = """
import builtins
from app.adapters.documents import press
kept = press._WithoutPillow()
assert kept("PIL", None, None, ("Image",)).Image is None
kept.end()
assert kept("PIL.Image", None, None, ("new",)).new("L", (1, 1)).size == (1, 1)
assert builtins.__import__ is kept._plain
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr


def test_no_source_is_read_to_see_who_uses_pyside():
    code = (
        "import linecache, app.main; from PySide6 import QtCore; app.main.import_plainly();"
        "import app.ui.keys, app.core.days; print(*linecache.cache)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert str(ROOT / "app") not in ran.stdout
