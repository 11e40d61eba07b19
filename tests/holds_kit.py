"""The watchdog of the tests: a hold over 50 ms fails the test that caused it, unless holds.toml knows its holder with a higher limit."""

import json
import os
import statistics
import tomllib
from pathlib import Path

import ahead_kit
import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.watchdog import LIMIT_MS, Watchdog

KNOWN = Path(__file__).parent / "holds.toml"
RECORD = os.environ.get("CHUANGKOU_HOLDS")
"""A file that gets every hold as a line of JSON; then none fails, and the run ends with a table of who held how long."""

LOOPS = ("exec", "processEvents", "qWait", "qWaitForWindowExposed", "qWaitForWindowActive")
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


def known(path=KNOWN):
    """Return the known holders: rows of holder, ms and why."""
    return tomllib.loads(path.read_text("utf-8"))["hold"]


SPREAD = 1.2
"""So many times its limit a hold fails a test: 95 of 100 measures of the same work are at most 1.08 to 1.17 times their median, at load 16 of 2."""


def fail_for(caught, limits):
    """Fail for every hold beyond its holder's limit and what the measure itself spreads by."""
    if offenders := [one for one in caught if one.fair_ms > SPREAD * limits.get(one.holder, LIMIT_MS)]:
        pytest.fail("\n".join(map(str, offenders)), pytrace=False)


class Holds:
    """What was held since somebody last asked, in every loop and by every key of this process."""

    def __init__(self):
        self.limits = {one["holder"]: one["ms"] for one in known()}
        self.caught = []
        self.tried_out = False
        dog = Watchdog(self.caught.append)
        self.away = dog.away
        ahead_kit.install(dog.away)
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
        if not RECORD:
            fail_for(caught, self.limits)
            return
        with Path(RECORD).open("a", encoding="utf-8") as file:
            for one in caught:
                row = {"test": test, "ms": one.ms, "scale": one.scale, "holder": one.holder, "told": str(one)}
                file.write(json.dumps(row) + "\n")


def table():
    """Yield a line for each holder in the record: how often it held, in how many tests, median and worst ms, the ms it is known with."""
    limits = {one["holder"]: one["ms"] for one in known()}
    rows = [json.loads(line) for line in Path(RECORD).read_text("utf-8").splitlines()] if Path(RECORD).exists() else []
    of = {holder: [one for one in rows if one["holder"] == holder] for holder in {*limits, *(one["holder"] for one in rows)}}
    yield "times tests median worst known  holder"
    for holder, held in sorted(of.items(), key=lambda one: (-len(one[1]), one[0])):
        ms = [one["ms"] / one["scale"] for one in held] or [0]
        tests = len({one["test"] for one in held})
        yield f"{len(held):5} {tests:5} {statistics.median(ms):6.0f} {max(ms):5.0f} {limits.get(holder, '-'):>5}  {holder}"
