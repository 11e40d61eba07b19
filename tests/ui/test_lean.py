"""PySide6 loaded without its signatures still has them the moment somebody needs one, word for word."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKING = """
from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.support.signature import get_signature
class Ear(QObject):
    heard = Signal(int)
ear = Ear()
print(len(lean._sources))
for act in (lambda: QPoint("a", 1), lambda: QObject().setObjectName(3), lambda: ear.heard.emit("x", 2), lambda: QObject(nosuch=1)):
    try:
        act()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
print(QPoint.setX.__doc__, get_signature(QObject.findChildren))
from PySide6.support.signature.lib import pyi_generator
print(pyi_generator.generate_pyi.__name__)
"""


@pytest.fixture(scope="module")
def said():
    """What both ways of loading print."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    def run(loading):
        command = [sys.executable, "-c", f"from app.ui import lean\n{loading}\n{ASKING}"]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=True
        ).stdout.splitlines()

    return run("lean.load()"), run("pass")


def test_signatures_in_errors_and_help_are_those_of_pyside(said):
    lean, plain = said
    assert lean[1:] == plain[1:]
    assert any("__init__(xpos: int, ypos: int, /)" in line for line in plain)


def test_nothing_of_them_is_compiled_before_somebody_asks(said):
    lean, plain = said
    assert lean[0] != plain[0] == "0"
