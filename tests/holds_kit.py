"""The watchdog of the tests: a hold over 50 ms fails the test that caused it."""

import json
import os
import statistics
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.watchdog import LIMIT_MS, Watchdog

RECORD = os.environ.get("CHUANGKOU_HOLDS")
"""A file that gets every hold as a line of JSON; then none fails, and the run ends with a table of who held how long."""

NEAR_MS = 33
"""From here on a hold is recorded, so that who comes near the limit is known before it fails."""

LOOPS = ("exec", "processEvents", "qWaitForWindowExposed", "qWaitForWindowActive")
HANDS = (
    "keyClick",
    "keyClicks",
    "keyPress",
    "keyRelease",
    "keySequence",
    "mouseClick",
    "mouseDClick",
    "mouseMove",
    "mousePress",
    "mouseRelease",
)


class Holds:
    """What was held since somebody last asked, in every loop and by every key of this process."""

    def __init__(self):
        self.caught = []
        self.tried_out = False
        dog = Watchdog(self.caught.append, NEAR_MS if RECORD else LIMIT_MS)
        for where in (QCoreApplication, QEventLoop, QTest, QtBot):
            for name in LOOPS + HANDS:
                if name in vars(where):
                    spun = dog.spinning(getattr(where, name))
                    setattr(where, name, spun if where is QEventLoop else staticmethod(spun))

    def judge(self, test):
        """Fail the test under way for what was held, and forget it."""
        if self.tried_out:
            return
        caught = self.caught[:]
        self.caught.clear()
        if caught and not RECORD:
            pytest.fail("\n".join(map(str, caught)), pytrace=False)
        for one in caught:
            row = {"test": test, "ms": one.ms, "scale": one.scale, "holder": one.holder, "told": str(one)}
            with Path(RECORD).open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


def table():
    """Yield a line for each holder in the record: how often it held, in how many tests, median and worst ms."""
    rows = [json.loads(line) for line in Path(RECORD).read_text("utf-8").splitlines()] if Path(RECORD).exists() else []
    of = {holder: [one for one in rows if one["holder"] == holder] for holder in {one["holder"] for one in rows}}
    yield "times tests median worst  holder"
    for holder, held in sorted(of.items(), key=lambda one: (-len(one[1]), one[0])):
        ms = [one["ms"] / one["scale"] for one in held]
        yield f"{len(held):5} {len({one['test'] for one in held}):5} {statistics.median(ms):6.0f} {max(ms):5.0f}  {holder}"
