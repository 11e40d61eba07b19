"""Two monitors, in a program of its own whose display has two: the window stands on the chosen one, and the clerk keeps the keyboard.

``CHUANGKOU_DRILL=long pytest tests/applicant/test_two_screens.py -n 0`` walks an elder with an agent through a whole case, on an X server with two
screens where there is one; ``CHUANGKOU_SHOTS`` names the folder for pictures of both.
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

WALK = Path(__file__).with_name("two_screens.py")
LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
CLERKS, APPLICANTS = (1366, 768), (1920, 1080)

STANDS = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
from app.adapters.applicant_texts import load_texts
from app.adapters.paths import resources
from app.core.applicant_pages import trial
from app.services.applicant_screen import Wishes
from app.ui import theme
from app.ui.applicant import screens
from app.ui.case.applicant_sound import Sound
from app.ui.case.applicant_stand import ABSENT, Stand
theme.apply(app, resources())
class Silent(Sound.voice_of):
    def look(self): ...
Sound.voice_of = Silent
clerk = QWidget(); clerk.show()
texts = load_texts(resources())[0]
there = screens.beside(clerk)
name = screens.name_of(there)
assert screens.find(name) is there and screens.find("nowhere") is None and len(set(screens.names())) == 2
stand = Stand(clerk)
view = trial("样本市", "3 号窗口", name, texts)
assert stand.apart(Wishes(name)) and not stand.apart(Wishes(screens.name_of(clerk.screen())))
assert stand.open(Wishes(name, texts=texts), view, large=False) == ""
window = stand.window
assert window.isVisible() and window.screen() is there and not stand.alone
assert window.size() == there.size()
assert window.windowFlags() & window.windowFlags().__class__.WindowDoesNotAcceptFocus
assert stand.open(Wishes("nowhere", texts=texts), view, large=False) == ABSENT
assert stand.alone and window.screen() is clerk.screen()
assert stand.open(Wishes(texts=texts), view, large=True) == ""
assert window.screen() is there, "with none chosen, the one that the clerk is not on"
app.processEvents()
lost = []
stand.lost.connect(lambda: lost.append(window.view.page))
stand._gone(clerk.screen())
assert not lost and window.isVisible()
stand._gone(there)
assert lost == ["blank"] and not window.isVisible()
clerk.close()
app.processEvents()
print("stood")
"""


def offscreen(folder):
    """Qt's platform without a display, with two monitors side by side."""
    across, monitors = 0, []
    for name, (wide, high) in (("CLERK", CLERKS), ("APPLICANT", APPLICANTS)):
        at = {"name": name, "x": across, "y": 0, "width": wide, "height": high, "dpr": 1}
        monitors.append(at | {"logicalDpi": 96, "logicalBaseDpi": 96})
        across += wide
    (folder / "screens.json").write_text(json.dumps({"windowFrameMargins": False, "screens": monitors}))
    return {"QT_QPA_PLATFORM": f"offscreen:configfile={folder / 'screens.json'}"}


@contextmanager
def display(folder):
    """The variables of an X server with two screens, or of Qt's own platform with two where there is none."""
    if not shutil.which("Xvfb"):
        yield offscreen(folder)
        return
    sizes = [part for at, (w, h) in enumerate((CLERKS, APPLICANTS)) for part in ("-screen", str(at), f"{w}x{h}x24")]
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), *sizes, "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{told.readline().strip()}"}
    finally:
        server.terminate()
        server.wait(30)


def run(around, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **around},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_the_window_stands_on_the_chosen_monitor_else_beside_the_clerk_else_as_a_window(tmp_path):
    assert "stood" in run(offscreen(tmp_path), "-c", STANDS)


@pytest.mark.drill
@pytest.mark.skipif(not LONG, reason="CHUANGKOU_DRILL=long walks a whole case before two screens")
def test_an_elder_with_an_agent_before_two_screens(tmp_path):
    shots = Path(os.environ.get("CHUANGKOU_SHOTS") or tmp_path)
    with display(tmp_path) as around:
        run({**around, "CHUANGKOU_SHOTS": str(shots)}, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "-q", str(WALK))
    assert len(list(shots.glob("*.png"))) >= 20
